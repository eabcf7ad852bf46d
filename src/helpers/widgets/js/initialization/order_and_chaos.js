// Very wide layers: the plane of the two scales with its critical line, and the correlation map with a cobweb.

import { scaleLinear } from "d3-scale";
import { criticalLine, schemeScales } from "../generated/initialization.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, snapped, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { LAYERS, orderAndChaos as facts } from "./signals.js";

const TRAITS = ["weight_scale", "bias_scale", "activation", "start"];
const RANGES = {
  weight_scale: { min: 0.1, max: 3, step: 0.05 },
  bias_scale: { min: 0, max: 1.5, step: 0.05 },
  start: { min: -1, max: 1, step: 0.05 },
};
const SIZE = { width: 400, height: 360, margin: { left: 46, right: 16, top: 24, bottom: 42 } };
const NAMES = { torch: "PyTorch", xavier: "Xavier", kaiming: "Kaiming" };
const COUNT = 40;
const SIDES = {
  tanh: {
    order: "Order: neighbours come closer, gradients shrink.",
    chaos: "Chaos: neighbours part, gradients grow.",
    border: "On the line: neighbours neither close in nor part, to first order.",
  },
  relu: {
    order: "Order: neighbours come closer, gradients shrink.",
    chaos: "Growth: signals and gradients grow without bound; the directions of two inputs still come closer.",
    border: "On the line: gradients keep their size.",
  },
};
const LIFTED = { xavier: 15 }; // its name, above its neighbours'


export const orderAndChaos = view("order-and-chaos", TRAITS, ({ set, root, alt }) => {
  const controls = {
    weight_scale: slider({
      name: "weight_scale",
      text: "Weight scale",
      tex: "\\sigma_w",
      ...RANGES.weight_scale,
      onInput: (value) => set({ weight_scale: value }),
    }),
    bias_scale: slider({
      name: "bias_scale",
      text: "Bias scale",
      tex: "\\sigma_b",
      ...RANGES.bias_scale,
      onInput: (value) => set({ bias_scale: value }),
    }),
    start: slider({ name: "start", text: "Correlation of two inputs", tex: "c", ...RANGES.start, onInput: (start) => set({ start }) }),
    activation: choice({
      name: "activation",
      text: "Activation",
      options: [
        ["tanh", "tanh"],
        ["relu", "ReLU"],
      ],
      onInput: (activation) => set({ activation }),
    }),
  };
  const left = plot({ ...SIZE, label: alt, xLabel: "weight scale", yLabel: "bias scale" });
  const right = plot({ ...SIZE, label: "", xLabel: "correlation before a layer", yLabel: "correlation after it" });
  left.svg.attr("role", "group").attr("class", "dtr-plot dtr-signals");
  right.svg.attr("class", "dtr-plot dtr-signals");
  const wx = scaleLinear().domain([0, RANGES.weight_scale.max]).range([left.inner.left, left.inner.right]);
  const wy = scaleLinear().domain([-0.08, RANGES.bias_scale.max]).range([left.inner.bottom, left.inner.top]);
  const cx = scaleLinear().domain([-1, 1]).range([right.inner.left, right.inner.right]);
  const cy = scaleLinear().domain([-1, 1]).range([right.inner.bottom, right.inner.top]);
  left.axes(wx, wy);
  right.axes(cx, cy);
  const region = left.marks.append("path").attr("class", "dtr-chaos");
  const border = left.marks.append("path").attr("class", "dtr-border");
  const word = (text, w, b) => left.marks.append("text").attr("class", "dtr-side-word").attr("x", wx(w)).attr("y", wy(b)).text(text);
  word("order", 0.25, 1.2);
  const beyond = word("chaos", 2.3, 0.3);
  const schemes = left.marks.append("g").attr("class", "dtr-schemes");
  for (const [name, text] of Object.entries(NAMES)) {
    schemes.append("circle").attr("r", 4.5).attr("cx", wx(schemeScales[name])).attr("cy", wy(0));
    schemes.append("text").attr("x", wx(schemeScales[name])).attr("y", wy(0) - 11 - (LIFTED[name] ?? 0)).attr("text-anchor", "middle").text(text);
  }
  right.marks.append("path").attr("class", "dtr-zero").attr("d", through([[-1, -1], [1, 1]], cx, cy));
  const curve = right.marks.append("path").attr("class", "dtr-theory");
  const web = right.marks.append("path").attr("class", "dtr-angle-web");
  const origin = right.marks.append("circle").attr("class", "dtr-origin").attr("r", 5);
  const end = right.marks.append("circle").attr("class", "dtr-now").attr("r", 5.5);
  const grip = handle(left, {
    x: wx,
    y: wy,
    label: "Scales of weights and biases: arrow keys move them",
    step: () => RANGES.weight_scale.step,
    onMove: ([w, b]) => set({ weight_scale: snapped(w, RANGES.weight_scale), bias_scale: snapped(b, RANGES.bias_scale) }),
    describe: ([w, b]) => `weight scale ${decimal(w)}, bias scale ${decimal(b)}`,
  });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 4 }, () => h("td"));
  const line = (text, cell) => h("tr", {}, h("th", { scope: "row" }, text), cell);
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h("div", { class: "dtr-body dtr-halves" }, h("div", { class: "dtr-stage" }, left.svg.node()), h("div", { class: "dtr-stage" }, right.svg.node())),
    formula,
    h(
      "table",
      { class: "dtr-readout" },
      h(
        "tbody",
        {},
        line("second moment that the layers repeat", cells[0]),
        line("factor of squared gradients a layer", cells[1]),
        line("layers until they have fallen by e", cells[2]),
        line(`correlation after ${LAYERS} layers`, cells[3]),
      ),
    ),
    status,
  );

  return (s) => {
    const { map, ...found } = facts(s);
    const isTanh = s.activation === "tanh";
    const [top, far] = [RANGES.bias_scale.max + 0.2, RANGES.weight_scale.max + 0.2];
    beyond.text(isTanh ? "chaos" : "growth");
    const critical = isTanh ? criticalLine : [[schemeScales.kaiming, -0.08], [schemeScales.kaiming, top]];
    border.attr("d", through(isTanh ? [[1, -0.08], ...critical] : critical, wx, wy));
    region.attr("d", `${through([[isTanh ? 1 : critical[0][0], -0.08], ...critical, [far, top], [far, -0.08]], wx, wy)}Z`);
    const points = Array.from({ length: COUNT + 1 }, (_, i) => -1 + (2 * i) / COUNT).map((c) => [c, map(c)]);
    curve.attr("d", through(points, cx, cy));
    const corners = found.path.slice(1).flatMap((value, i) => [[found.path[i], value], [value, value]]);
    web.attr("d", through([[s.start, s.start], ...corners], cx, cy));
    origin.attr("cx", cx(s.start)).attr("cy", cy(s.start));
    end.attr("cx", cx(found.path.at(-1))).attr("cy", cy(found.path.at(-1)));
    grip.show([s.weight_scale, s.bias_scale], { low: RANGES.weight_scale.min, high: RANGES.weight_scale.max });
    for (const name of Object.keys(controls)) controls[name].show(s[name]);

    const [w, b] = [live(texDecimal(s.weight_scale)), live(texDecimal(s.bias_scale))];
    const q = Number.isFinite(found.q) ? live(texDecimal(found.q, 3)) : "\\infty";
    typeset(
      formula,
      isTanh
        ? `q^* = ${w}^2\\;\\mathbb E\\tanh^2(\\sqrt{q^*}\\,\\xi) + ${b}^2 = ${q},\\qquad \\chi = ${w}^2\\;\\mathbb E\\tanh'(\\sqrt{q^*}\\,\\xi)^2 = ${live(texDecimal(found.chi, 4))}`
        : `q^* = \\tfrac12\\cdot${w}^2\\,q^* + ${b}^2 = ${q},\\qquad \\chi = \\tfrac12\\cdot${w}^2 = ${live(texDecimal(found.chi, 4))}`,
      { displayMode: true },
    );
    cells[0].textContent = decimal(found.q, 3);
    cells[1].textContent = decimal(found.chi, 4);
    cells[2].textContent = found.depth_scale === null ? "they do not fall" : decimal(found.depth_scale, 2);
    cells[3].textContent = decimal(found.path.at(-1), 3);
    const vanishes = found.q === 0 && (isTanh || found.side === "order");
    const lengths = vanishes ? " Without biases every signal shrinks to 0." : "";
    status.textContent = `${SIDES[s.activation][found.side]}${lengths} Two inputs of correlation ${decimal(s.start)} have ${decimal(found.path.at(-1), 3)} after ${LAYERS} layers.`;
    left.svg.attr("aria-label", `${alt} Now: weight scale ${decimal(s.weight_scale)}, bias scale ${decimal(s.bias_scale)}.`);
    right.svg.attr("aria-label", `Correlation map. The factor a layer is ${decimal(found.chi, 3)}.`);
    return { ...s, ...found, q: Number.isFinite(found.q) ? found.q : "infinite" };
  };
});
