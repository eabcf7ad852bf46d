// The factors P, L, U + diag s and their product A as heat maps; the log-determinant; two bars of operations.

import { latex } from "../generated/invertible_convolution.js";
import { choice, slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal, texDecimal, whole } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { factorization, operations } from "./layers.js";

const TRAITS = ["permutation", "s_1", "s_2", "s_3", "l_21", "u_12", "channels"];
const ORDERS = ["123", "132", "213", "231", "312", "321"];
const ENTRY = { min: -2, max: 2, step: 0.05 };
const LIMIT = 2; // the size of an entry that has the full colour, so that colours do not jump

export const pluFactorization = view("plu-factorization", TRAITS, ({ set, root }) => {
  const order = choice({
    name: "permutation",
    text: "P takes the rows in the order",
    options: ORDERS.map((name) => [name, [...name].join(", ")]),
    onInput: (permutation) => set({ permutation }),
  });
  const entry = (name, text, tex) => slider({ name, text, tex, ...ENTRY, onInput: (value) => set({ [name]: value }) });
  const sliders = {
    s_1: entry("s_1", "First scale", "s_1"),
    s_2: entry("s_2", "Second scale", "s_2"),
    s_3: entry("s_3", "Third scale", "s_3"),
    l_21: entry("l_21", "An entry of L", "l_{21}"),
    u_12: entry("u_12", "An entry of U", "u_{12}"),
  };
  const maps = {
    permutation: heatMap({ title: "P" }),
    lower: heatMap({ title: "L" }),
    triangle: heatMap({ title: "U + diag s" }),
    product: heatMap({ title: "A, their product" }),
  };
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  typeset(symbols, `\\log\\left|\\det A\\right| = ${latex.logAbsDet}`, { displayMode: true });
  const status = h("p", { class: "dtr-status" });

  const count = slider({
    name: "channels",
    text: "Channels",
    tex: "C",
    min: 1,
    max: 512,
    step: 1,
    digits: 0,
    unit: "channels",
    onInput: (channels) => set({ channels }),
  });
  const bar = (name) => {
    const fill = h("i", { class: `dtr-bar-fill dtr-bar-${name}` });
    const text = h("span");
    return { element: h("div", { class: "dtr-bar" }, text, h("div", { class: "dtr-bar-room" }, fill)), fill, text };
  };
  const [fromScale, byElimination] = [bar("scale"), bar("elimination")];
  const cost = h("p", { class: "dtr-cost dtr-told" });

  root.append(
    h("div", { class: "dtr-controls" }, order.element, ...Object.values(sliders).map(({ element }) => element)),
    h("div", { class: "dtr-factors" }, ...Object.values(maps).map(({ element }) => element)),
    h("div", { class: "dtr-formulas" }, symbols, numbers),
    status,
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-controls" }, count.element),
      h("div", { class: "dtr-bars" }, fromScale.element, byElimination.element, cost),
    ),
  );

  return (s) => {
    const now = factorization(s);
    const onDiagonal = (i, j) => i === j;
    const labels = {
      permutation: `The permutation matrix P, order ${[...s.permutation].join(", ")}`,
      lower: `The lower factor L, with ${decimal(s.l_21)} in row 2, column 1`,
      triangle: `The upper factor, with s = ${decimal(s.s_1)}, ${decimal(s.s_2)}, ${decimal(s.s_3)} on its diagonal and ${decimal(s.u_12)} in row 1, column 2`,
      product: "The matrix A, the product of the three",
    };
    for (const [name, map] of Object.entries(maps)) {
      map.show(now[name], {
        label: labels[name],
        limit: LIMIT,
        digits: name === "permutation" ? 0 : 2,
        marked: name === "triangle" ? onDiagonal : undefined,
      });
    }
    order.show(s.permutation);
    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    count.show(s.channels);
    const terms = [s.s_1, s.s_2, s.s_3].map((value) => `\\log\\left|${live(texDecimal(value))}\\right|`);
    const lines = [terms.join(" + "), live(texDecimal(now.log_abs_det, 4))].map((line) => `\\phantom{\\log\\left|\\det A\\right|} &= ${line}`);
    typeset(numbers, `\\begin{aligned}${lines.join("\\\\")}\\end{aligned}`, { displayMode: true });
    status.textContent =
      now.sign === 0
        ? "A number of s is 0: A is singular, the layer has no inverse, and the logarithm is −∞."
        : `log|det A| = ${decimal(now.log_abs_det, 4)}, and det A is ${now.sign > 0 ? "positive" : "negative"}. Only the scales move the logarithm.`;

    const counted = operations(s.channels);
    const longest = Math.log10(operations(512).by_elimination);
    for (const [part, value, name] of [
      [fromScale, counted.from_scale, "from s"],
      [byElimination, counted.by_elimination, "by elimination"],
    ]) {
      part.text.textContent = `${name}: ${whole(value)}`;
      part.fill.style.width = `${((100 * Math.log10(Math.max(1.05, value))) / longest).toFixed(1)}%`;
    }
    const ratio = counted.by_elimination / counted.from_scale;
    cost.textContent = `Operations for one log-determinant of ${s.channels} ${s.channels === 1 ? "channel" : "channels"}: elimination takes ${ratio < 10 ? decimal(ratio, 1) : whole(ratio)} times as many. (The bars are logarithmic.)`;
    return { ...s, ...now, ...counted, ratio };
  };
});
