// A matrix with one entry to change, and the gradient of the logarithm of its determinant.

import { pointer } from "d3-selection";
import { choice, slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { analyse, baseValue, isFree, SIZE } from "./matrices.js";

const TRAITS = ["structure", "row", "column", "value"];
const STRUCTURES = [
  ["full", "full: every entry is free"],
  ["triangular", "lower triangular"],
  ["diagonal", "diagonal"],
];
const NAMES = Array.from({ length: SIZE }, (_, i) => String(i + 1));

export const determinantGradient = view("determinant-gradient", TRAITS, ({ state, set, root, alt }) => {
  const structure = choice({ name: "structure", text: "Matrix", options: STRUCTURES, onInput: (name) => set({ structure: name }) });
  // Another entry begins with the value that stands there.
  const choose = (row, column) => set({ row, column, value: baseValue(row, column) });
  const place = (name, text, onInput) => slider({ name, text, min: 1, max: SIZE, step: 1, digits: 0, onInput });
  const row = place("row", "Row of the entry", (value) => choose(value, state().column));
  const column = place("column", "Column of the entry", (value) => choose(state().row, value));
  const value = slider({
    name: "value",
    text: "Its value",
    min: -3,
    max: 3,
    step: 0.05,
    onInput: (entry) => set({ value: entry }),
  });
  const formulas = ["", "", ""].map(() => h("div", { class: "dtr-formula" }));
  const sentence = h("p", { class: "dtr-status" });
  const left = heatMap({ title: "the matrix S" });
  const right = heatMap({ title: "slope of log |det S| along each entry" });
  for (const map of [left, right]) {
    map.svg.classed("dtr-pick", true).on("click", (event) => {
      const cell = map.cellAt(...pointer(event, map.svg.node()));
      if (cell) choose(cell[0] + 1, cell[1] + 1);
    });
  }

  root.append(
    h("div", { class: "dtr-controls" }, structure.element, row.element, column.element, value.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.element),
      h("div", { class: "dtr-stage" }, right.element),
    ),
    h("div", { class: "dtr-formulas dtr-tools-formulas" }, ...formulas),
    sentence,
  );

  return (s) => {
    const { matrix, determinant, logAbsDeterminant, gradient } = analyse(s);
    const [i, j] = [s.row - 1, s.column - 1];
    const free = isFree(s.structure, i, j);
    const absent = (a, b) => !isFree(s.structure, a, b);
    const options = { rowNames: NAMES, columnNames: NAMES, marked: (a, b) => a === i && b === j };
    left.show(matrix, { ...options, limit: 3, label: `${alt} The chosen entry, in row ${s.row} and column ${s.column}, is ${decimal(matrix[i][j])}.` });
    right.show(gradient, {
      ...options,
      absent,
      label: `The gradient. Along the chosen entry: ${free ? decimal(gradient[i][j], 3) : "none, it stays zero"}. Cells that are not zero: ${count(gradient, absent)}.`,
    });
    structure.show(s.structure);
    row.show(s.row);
    column.show(s.column);
    value.show(s.value);
    const slope = free
      ? `\\frac{\\partial \\log\\lvert\\det S\\rvert}{\\partial S_{${s.row}${s.column}}} = ${live(texDecimal(gradient[i][j], 3))}`
      : `S_{${s.row}${s.column}} = 0 \\text{ by its structure}`;
    typeset(formulas[0], `\\det S = ${live(texDecimal(determinant, 3))}`, { displayMode: true });
    typeset(formulas[1], `\\log\\lvert\\det S\\rvert = ${live(texDecimal(logAbsDeterminant, 3))}`, { displayMode: true });
    typeset(formulas[2], slope, { displayMode: true });
    sentence.textContent = `The determinant depends on ${count(gradient, absent)} of the ${SIZE * SIZE} entries here.${free ? "" : " The chosen entry is not free: the slider does nothing."}`;
    return { ...s, matrix, gradient, determinant, log_abs_determinant: Number.isFinite(logAbsDeterminant) ? logAbsDeterminant : null, free };
  };
});

const count = (gradient, absent) =>
  gradient.flatMap((entries, a) => entries.filter((entry, b) => !absent(a, b) && entry !== 0)).length;
