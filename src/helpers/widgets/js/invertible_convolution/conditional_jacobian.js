// The Jacobian of a conditional layer: its lower left block fades with the conditioning network.

import { latex } from "../generated/invertible_convolution.js";
import { slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { conditional } from "./layers.js";

const TRAITS = ["kappa", "beta", "delta", "s_1", "s_2"];
const LETTERS = { κ: "kappa" };

export const conditionalJacobianFigure = view("conditional-jacobian", TRAITS, ({ set, root, alt }) => {
  const control = (name, text, tex, min, max) =>
    slider({ name, text, tex, min, max, step: 0.05, onInput: (value) => set({ [name]: value }) });
  const controls = {
    kappa: control("kappa", "Strength of the network", "\\kappa", 0, 2),
    beta: control("beta", "Size of the second half", "\\beta", 0, 2),
    s_1: control("s_1", "First scale", "s_1", -2, 2),
    s_2: control("s_2", "Second scale", "s_2", -2, 2),
    delta: control("delta", "Move the first half by", "\\delta", -1, 1),
  };
  const map = heatMap();
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  const network = h("div", { class: "dtr-formula" });
  typeset(network, `s_i(a) = ${latex.scale}`, { displayMode: true, letters: LETTERS });
  typeset(symbols, `\\log\\left|\\det J\\right| = N ${latex.sum.replace("s_{i}", "s_{i}(a)")}`, { displayMode: true });
  const read = (label) => {
    const value = h("output");
    return { element: h("div", { class: "dtr-reading" }, h("span", {}, label), value), value };
  };
  const [byFormula, byPicture, block] = [
    read("log|det J| by the formula"),
    read("by elimination on the picture"),
    read("size of the lower left block"),
  ];
  const status = h("p", { class: "dtr-status" });

  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, map.element),
      h(
        "div",
        { class: "dtr-side" },
        h("div", { class: "dtr-formulas" }, network, symbols, numbers),
        h("div", { class: "dtr-readings" }, byFormula.element, byPicture.element, block.element),
        status,
      ),
    ),
  );

  return (s) => {
    const now = conditional(s);
    for (const [name, part] of Object.entries(controls)) part.show(s[name]);
    const isEmpty = now.lower_left === 0;
    const shape = isEmpty
      ? "The lower left block is empty."
      : `The lower left block has the size ${decimal(now.lower_left)}.`;
    map.show(now.matrix, { label: `${alt} Now: ${shape}`, limit: 2, digits: 1, breaks: [now.half] });
    const singular = now.scales.includes(0) || now.scales.includes(-0);
    byFormula.value.textContent = decimal(now.formula, 4);
    byPicture.value.textContent = decimal(singular ? -Infinity : now.log_abs_det, 4);
    block.value.textContent = decimal(now.lower_left);
    const terms = now.scales.map((value) => `\\log\\left|${live(texDecimal(value))}\\right|`).join(" + ");
    typeset(numbers, `\\phantom{\\log\\left|\\det J\\right|} = 2\\,(${terms})`, { displayMode: true });
    const told =
      s.delta === 0
        ? "At this point the strength changes the slopes of the factors, not their values."
        : s.kappa === 0
          ? "The network is switched off: moving the first half changes nothing."
          : "The first half has moved, and with it the values of s: now the log-determinant follows them.";
    status.textContent = singular ? "A scale is 0: the layer has no inverse." : `${shape} log|det J| = ${decimal(now.formula, 4)}. ${told}`;
    return { ...s, ...now };
  };
});
