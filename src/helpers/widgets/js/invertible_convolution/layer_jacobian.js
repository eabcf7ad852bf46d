// The Jacobian of a whole 1×1 convolution as a heat map, in any order of inputs and outputs.

import { latex } from "../generated/invertible_convolution.js";
import { choice, slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { CHANNELS, layerJacobian } from "./layers.js";

const TRAITS = ["pixels", "input_order", "output_order", "exchange", "s_1"];
const ORDERS = [
  ["channel_fastest", "channels fastest"],
  ["row_major", "row-major (pixels fastest)"],
];
const NAMES = ["r", "g", "b"]; // of the three channels

export const layerJacobianFigure = view("layer-jacobian", TRAITS, ({ set, root, alt }) => {
  const controls = {
    input_order: choice({
      name: "input_order",
      text: "Order of the inputs (columns)",
      options: ORDERS,
      onInput: (input_order) => set({ input_order }),
    }),
    output_order: choice({
      name: "output_order",
      text: "Order of the outputs (rows)",
      options: ORDERS,
      onInput: (output_order) => set({ output_order }),
    }),
    exchange: choice({
      name: "exchange",
      text: "First two outputs",
      options: [
        ["none", "as they are"],
        ["first_two", "exchanged"],
      ],
      onInput: (exchange) => set({ exchange }),
    }),
    pixels: slider({
      name: "pixels",
      text: "Pixels",
      tex: "N",
      min: 1,
      max: 4,
      step: 1,
      digits: 0,
      unit: "pixels",
      onInput: (pixels) => set({ pixels }),
    }),
    s_1: slider({ name: "s_1", text: "First scale", tex: "s_1", min: -2, max: 2, step: 0.05, onInput: (s_1) => set({ s_1 }) }),
  };
  const map = heatMap();
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  typeset(symbols, `\\log\\left|\\det J\\right| = N ${latex.sum}`, { displayMode: true, letters: { N: "pixels" } });
  const status = h("p", { class: "dtr-status" });
  const read = (label) => {
    const value = h("output");
    return { element: h("div", { class: "dtr-reading" }, h("span", {}, label), value), value };
  };
  const [byFormula, byPicture, sign] = [read("by the formula"), read("by elimination on the picture"), read("sign of det J")];

  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, map.element),
      h(
        "div",
        { class: "dtr-side" },
        h("div", { class: "dtr-formulas" }, symbols, numbers),
        h("div", { class: "dtr-readings" }, byFormula.element, byPicture.element, sign.element),
        status,
        h("p", { class: "dtr-cost" }, "r, g and b are the three channels: g2 is the green of pixel 2."),
      ),
    ),
  );

  return (s) => {
    const now = layerJacobian(s);
    for (const [name, control] of Object.entries(controls)) control.show(s[name]);
    const isBlocks = s.input_order === "channel_fastest" && s.output_order === "channel_fastest";
    const isStripes = s.input_order === "row_major" && s.output_order === "row_major";
    const side = isBlocks ? CHANNELS : s.pixels;
    const breaks = isBlocks || isStripes ? Array.from({ length: Math.ceil(now.matrix.length / side) - 1 }, (_, k) => (k + 1) * side) : [];
    const name = ([channel, pixel]) => `${NAMES[channel]}${pixel + 1}`;
    const shape = isBlocks
      ? "One full block for each pixel, on the diagonal."
      : isStripes
        ? "Stripes: each entry of A stands once for each pixel, on the diagonal of a block."
        : "Inputs and outputs have different orders: neither blocks nor stripes.";
    map.show(now.matrix, {
      label: `${alt} Now: ${shape}`,
      limit: 2,
      breaks,
      digits: 1,
      rowNames: now.rows.map(name),
      columnNames: now.columns.map(name),
    });
    const singular = now.sign === 0;
    byFormula.value.textContent = decimal(now.formula, 4);
    byPicture.value.textContent = decimal(singular ? -Infinity : now.log_abs_det, 4);
    sign.value.textContent = singular ? "0" : now.sign > 0 ? "+" : "−";
    typeset(numbers, `\\phantom{\\log\\left|\\det J\\right|} = ${live(texDecimal(s.pixels, 0))}\\cdot ${live(`(${texDecimal(now.formula / s.pixels, 4)})`)}`, {
      displayMode: true,
    });
    status.textContent = `${shape} log|det J| = ${decimal(now.formula, 4)}; det J is ${singular ? "0" : now.sign > 0 ? "positive" : "negative"}.`;
    return { ...s, ...now };
  };
});
