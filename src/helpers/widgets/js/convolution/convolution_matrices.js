// One layer: input, kernel and output as strips, and its derivatives by the input, the kernel and the bias.

import { choice, slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { INPUTS, OUTPUTS, TAPS, layer } from "./matrices.js";
import { strips } from "./strips.js";

const TRAITS = ["w_1", "w_2", "w_3", "position", "lit", "matrix"];
const CELL = 40;
const LIMIT = 2; // the size of an entry that has the full colour
const TITLES = { hankel: "by the kernel: Hankel", padded: "by the kernel: padded" };
const MATRICES = [
  ["hankel", "Hankel: the input, moved on by one"],
  ["padded", "padded: the input, cut off by zeros"],
];
const names = (letter, count) => Array.from({ length: count }, (_, i) => letter + "₁₂₃₄₅₆₇"[i]);
const ROWS = [...names("u", OUTPUTS), "∇"];

export const convolutionMatrices = view("convolution-matrices", TRAITS, ({ set, root, alt }) => {
  const tap = (index) => {
    const name = `w_${index}`;
    return slider({ name, text: `Tap ${index}`, tex: name, min: -2, max: 2, step: 0.1, digits: 1, onInput: (value) => set({ [name]: value }) });
  };
  const controls = {
    position: slider({
      name: "position",
      text: "Chosen output",
      tex: "i",
      min: 1,
      max: OUTPUTS,
      step: 1,
      digits: 0,
      onInput: (position) => set({ position }),
    }),
    lit: choice({
      name: "lit",
      text: "Differentiate",
      options: [
        ["one", "the chosen output"],
        ["all", "the sum of all outputs"],
      ],
      onInput: (lit) => set({ lit }),
    }),
    w_1: tap(1),
    w_2: tap(2),
    w_3: tap(3),
    matrix: choice({ name: "matrix", text: "By the kernel", options: MATRICES, onInput: (matrix) => set({ matrix }) }),
  };
  const picture = strips({ onChoose: (position) => set({ position }) });
  const maps = {
    toeplitz: heatMap({ title: "by the input: Toeplitz" }),
    kernel: heatMap({ title: TITLES.hankel }),
    bias: heatMap({ title: "by b" }),
  };
  for (const map of Object.values(maps)) {
    map.svg.on("click", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.svg.node().getScreenCTM().inverse());
      const cell = map.cellAt(point.x, point.y);
      if (cell && cell[0] < OUTPUTS) set({ position: cell[0] + 1 });
    });
  }
  const formulas = [h("div", { class: "dtr-formula" }), h("div", { class: "dtr-formula" })];
  const gradients = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, picture.element),
      h("div", { class: "dtr-side" }, h("div", { class: "dtr-formulas" }, ...formulas, gradients), sentence),
    ),
    h("div", { class: "dtr-jacobians" }, ...Object.values(maps).map(({ element }) => element)),
  );

  return (s) => {
    const now = layer(s);
    const all = s.lit === "all";
    for (const [name, control] of Object.entries(controls)) control.show(s[name]);
    const i = s.position;
    const value = now.outputs[i - 1];
    const byKernel = now.by_kernel_times_kernel[i - 1];
    const right = now.outputs.every((output, row) => Math.abs(output - now.by_kernel_times_kernel[row]) < 1e-9);
    const shown = all ? "all outputs together" : `output ${i}`;
    picture.show({
      inputs: INPUTS,
      kernel: now.kernel,
      outputs: now.outputs,
      position: i,
      all,
      label: `${alt} Now: ${shown}.`,
    });
    const common = {
      cell: CELL,
      limit: LIMIT,
      digits: 1,
      rowBreaks: [OUTPUTS],
      marked: (row) => row === OUTPUTS || all || row === i - 1,
    };
    maps.toeplitz.show([...now.toeplitz, now.input_gradient], {
      ...common,
      rowNames: ROWS,
      columnNames: names("y", INPUTS.length),
      label: `The derivatives of the outputs by the inputs, a Toeplitz matrix. Gradient of ${shown}: ${now.input_gradient.map((x) => decimal(x, 1)).join(", ")}.`,
    });
    maps.kernel.element.querySelector(".dtr-heat-title").textContent = TITLES[s.matrix];
    maps.kernel.show([...now.by_kernel, now.kernel_gradient], {
      ...common,
      rowNames: ROWS,
      columnNames: names("w", TAPS),
      label: `The ${s.matrix} matrix for the derivatives by the kernel. Gradient of ${shown}: ${now.kernel_gradient.map((x) => decimal(x, 1)).join(", ")}.`,
    });
    maps.bias.show([...now.cotangent.map(() => [1]), [now.bias_gradient]], {
      ...common,
      digits: 0,
      columnNames: ["b"],
      label: `The derivatives by the bias, a column of ones. Gradient of ${shown}: ${now.bias_gradient}.`,
    });
    const bracketed = (x, text) => (x < 0 ? `(${text})` : text);
    const terms = now.kernel
      .map((w, j) => [live(texDecimal(w, 1)), INPUTS[i - 1 + j], w])
      .map(([tap, x, w], j) => `${j ? bracketed(w, tap) : tap}\\cdot ${bracketed(x, texDecimal(x, 1))}`)
      .join(" + ");
    const letters = now.kernel.map((_, j) => `w_${j + 1} y_{${i + j}}`).join(" + ");
    typeset(formulas[0], `\\begin{aligned}u_{${i}} &= ${letters} \\\\ &= ${terms} \\\\ &= ${live(texDecimal(value, 2))}\\end{aligned}`, {
      displayMode: true,
    });
    typeset(
      formulas[1],
      `(A_w\\, y)_{${i}} = ${texDecimal(value, 2)}, \\qquad (${s.matrix === "hankel" ? "H(y)" : "\\text{padded}"}\\; w)_{${i}} = ${live(texDecimal(byKernel, 2))}`,
      { displayMode: true },
    );
    const target = all ? "\\textstyle\\sum_i u_i" : `u_{${i}}`;
    typeset(
      gradients,
      `\\frac{\\partial\\, ${target}}{\\partial w} = \\bigl(${now.kernel_gradient.map((x) => live(texDecimal(x, 1))).join(",\\ ")}\\bigr), \\qquad \\frac{\\partial\\, ${target}}{\\partial b} = ${live(String(now.bias_gradient))}`,
      { displayMode: true },
    );
    const wrong = now.outputs.filter((output, row) => Math.abs(output - now.by_kernel_times_kernel[row]) >= 1e-9).length;
    sentence.textContent =
      (all
        ? "All outputs together: every column of the matrices is summed, and the shared bias counts every position. "
        : `Output ${i} reads the inputs ${i} to ${i + TAPS - 1}: they are its row in the matrix by the kernel, and the taps are its row in the Toeplitz matrix. `) +
      (right
        ? "Both products give the outputs."
        : `The padded matrix does not give the outputs: ${wrong} of ${OUTPUTS} rows are wrong.`);
    return { ...s, ...now, is_right: right };
  };
});
