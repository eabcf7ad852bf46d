// The Jacobian of a block with halves of length four: by the formula, and by numerical differentiation.

import { choice, slider } from "../shared/controls.js";
import { signAndLog } from "../shared/determinant.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal } from "../shared/numbers.js";
import { typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import * as block from "./block.js";

const TRAITS = ["mixing", "size_a", "size_b", "formula"];
const CORNERS = {
  right: "\\operatorname{diag}(e^{G} \\circ a)\\, J_G + J_F",
  exchanged: "J_G \\operatorname{diag}(e^{G} \\circ a) + J_F",
  entrywise: "\\operatorname{diag}(G' \\circ e^{G} \\circ a + F')",
};
const FALSE = 1e-6; // larger than what differences of this step can be wrong by
const LIMIT = 2;
const ROWS = [..."uuuuvvvv"].map((letter, i) => letter + "₁₂₃₄"[i % 4]);
const COLUMNS = [..."aaaabbbb"].map((letter, i) => letter + "₁₂₃₄"[i % 4]);

export const couplingJacobian = view("coupling-jacobian", TRAITS, ({ set, root, alt }) => {
  const sliders = [
    ["mixing", "Mixing", "m", 0, 1],
    ["size_a", "Size of a", "t_a", -2, 2],
    ["size_b", "Size of b", "t_b", -2, 2],
  ].map(([name, text, tex, min, max]) => [
    name,
    slider({ name, text, tex, min, max, step: 0.05, onInput: (value) => set({ [name]: value }) }),
  ]);
  const formulas = choice({ name: "formula", text: "Corner", options: Object.entries(block.FORMULAS), onInput: (value) => set({ formula: value }) });
  const byFormula = heatMap({ title: "By the formula" });
  const byDifferences = heatMap({ title: "By numerical differentiation" });
  const tex = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, formulas.element, ...sliders.map(([, control]) => control.element)),
    h("div", { class: "dtr-body dtr-halves" }, byFormula.element, byDifferences.element),
    tex,
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-stretched" }), "positive"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-squeezed" }), "negative"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-framed" }), "the formula is wrong here"),
    ),
  );
  let shown = null;

  return (state) => {
    const formula = block.wideJacobian(state);
    const numeric = block.differences(state);
    const { sizes, largest } = block.apart(formula, numeric);
    const wrong = sizes.flat().filter((size) => size > FALSE).length;
    const sum = block.wideLogDeterminant(state);
    const eliminated = signAndLog(numeric).log_abs_det;
    const corner = formula.slice(0, 4).flatMap((row) => row.slice(4));
    const dense = corner.filter((value) => value !== 0).length;
    const options = { limit: LIMIT, digits: 1, breaks: [4], rowNames: ROWS, columnNames: COLUMNS };
    byFormula.show(formula, {
      ...options,
      marked: (i, j) => sizes[i][j] > FALSE,
      label: `${alt} Now: ${dense} of the 16 entries of the upper right block are not zero.`,
    });
    byDifferences.show(numeric.map((row) => row.map((value) => (Math.abs(value) < 1e-9 ? 0 : value))), {
      ...options,
      label: `The same matrix by numerical differentiation; the largest difference is ${largest.toExponential(0)}.`,
    });
    for (const [name, control] of sliders) control.show(state[name]);
    formulas.show(state.formula);
    if (shown !== state.formula) {
      shown = state.formula;
      typeset(
        tex,
        `\\frac{\\partial(u, v)}{\\partial(a, b)} = \\begin{bmatrix} \\operatorname{diag}(e^{G}) & ${CORNERS[state.formula]} \\\\ 0 & \\operatorname{diag}(e^{s}) \\end{bmatrix}`,
        { displayMode: true },
      );
    }
    sentence.textContent =
      `Corner: ${dense} of 16 entries are not zero. Largest difference between the two matrices: ${
        largest < FALSE ? largest.toExponential(0).replace("-", "−") : decimal(largest, 3)
      }${wrong ? `, and ${wrong} entries are wrong` : ""}. Sum of G and s: ${decimal(sum, 6)}; log |det| by elimination: ${decimal(eliminated, 6)}.`;
    return {
      ...state,
      corner_entries: dense,
      largest_difference: largest,
      wrong_entries: wrong,
      log_determinant: sum,
      log_determinant_by_elimination: eliminated,
      jacobian: formula,
    };
  };
});
