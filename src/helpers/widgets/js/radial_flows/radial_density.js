// What the flow makes of a Gaussian, and the log-determinant that does it, over the plane of images.

import { scaleLinear } from "d3-scale";
import { determinantAtCentre, TEX } from "../generated/radial_flows.js";
import { slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal } from "../shared/numbers.js";
import { plot } from "../shared/plane.js";
import { typeset } from "../shared/tex.js";
import { change, h, view } from "../shared/view.js";
import { kind, pushForward } from "./flow.js";
import { withValues } from "./with_values.js";
import { RANGES } from "./radial_warp.js";

const SIZE = 340;
const MARGIN = { left: 40, right: 14, top: 24, bottom: 40 };
const FAR = 4;
const CELLS = 48;
const FARTHEST_CENTER = 2;
const [FAINTEST, STRONGEST] = [0.5, 3]; // |log det| of the full colour: at least, and at most for each dimension
const LETTERS = { α: "alpha", β: "beta", D: "dimension" };

function cellsOf(frame, name) {
  const x = scaleLinear().domain([-FAR, FAR]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([-FAR, FAR]).range([frame.inner.bottom, frame.inner.top]);
  const side = (2 * FAR) / CELLS;
  const centres = Array.from({ length: CELLS * CELLS }, (_, k) => [
    -FAR + ((k % CELLS) + 0.5) * side,
    -FAR + (Math.floor(k / CELLS) + 0.5) * side,
  ]);
  const width = x(side) - x(0);
  const cell = `h${(width + 0.3).toFixed(2)}v${(width + 0.3).toFixed(2)}h${(-width - 0.3).toFixed(2)}Z`;
  const outlines = centres.map(([a, b]) => `M${(x(a) - width / 2).toFixed(2)},${(y(b) - width / 2).toFixed(2)}${cell}`);
  const group = frame.marks.append("g").attr("class", name);
  /** Colour the cells; `signs` and `levels`, percents of the full colour, are functions of a cell's number. */
  const show = (signs, levels) => {
    // Cells of one colour are one path: a browser styles a hundred paths in a frame, not thousands of squares.
    const parts = new Map();
    outlines.forEach((outline, i) => {
      const colour = `${signs(i)} ${Math.round(levels(i))}`;
      if (parts.has(colour)) parts.get(colour).push(outline);
      else parts.set(colour, [outline]);
    });
    group
      .selectAll("path")
      .data(parts)
      .join("path")
      .each(function ([colour, cells]) {
        const [sign, level] = colour.split(" ");
        change(this, { d: cells.join(""), "data-sign": sign, style: `--level: ${level}%;` });
      });
  };
  frame.axes(x, y);
  return { x, y, centres, show, area: side * side };
}

export const radialDensity = view("radial-density", ["alpha", "beta", "dimension", "center"], ({ set, root, alt }) => {
  const sliders = {
    alpha: slider({ name: "alpha", text: "Scale", tex: "\\alpha", ...RANGES.alpha, onInput: (alpha) => set({ alpha }) }),
    beta: slider({ name: "beta", text: "Strength", tex: "\\beta", ...RANGES.beta, onInput: (beta) => set({ beta }) }),
    dimension: slider({
      name: "dimension",
      text: "Dimensions",
      tex: "D",
      min: 1,
      max: 8,
      step: 1,
      digits: 0,
      unit: "dimensions",
      onInput: (dimension) => set({ dimension }),
    }),
  };
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });

  const left = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: alt, xLabel: "y₁", yLabel: "density: y₂" });
  const right = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "y₁", yLabel: "log |det J|: y₂" });
  const density = cellsOf(left, "dtr-radial-density");
  const determinant = cellsOf(right, "dtr-radial-log-det");
  const clamp = (value) => Math.min(FARTHEST_CENTER, Math.max(-FARTHEST_CENTER, Math.round(value * 100) / 100));
  const knob = handle(left, {
    x: density.x,
    y: density.y,
    label: "Centre of the flow; the arrow keys move it",
    text: "c",
    step: () => 0.1,
    onMove: (point) => set({ center: point.map(clamp) }),
    describe: ([a, b]) => `centre ${decimal(a)}, ${decimal(b)}`,
  });
  const cross = right.marks.append("circle").attr("class", "dtr-radial-centre").attr("r", 4);

  root.append(
    h("div", { class: "dtr-controls" }, sliders.alpha.element, sliders.beta.element, sliders.dimension.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    h("div", { class: "dtr-formulas" }, symbols, numbers),
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-dense" }), "density, against its largest value"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-stretched" }), "the flow spreads points: log |det J| > 0"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-squeezed" }), "the flow crowds points: log |det J| < 0"),
    ),
  );
  typeset(symbols, TEX.determinant, { displayMode: true, letters: LETTERS });

  return (s) => {
    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    const state = kind(s);
    const isMap = state !== "folded";
    // In one dimension the picture's two coordinates are not independent: every row is the same line.
    const center = s.dimension === 1 ? [s.center[0], 0] : s.center;
    const values = isMap
      ? density.centres.map(([a, b]) => pushForward(s.dimension === 1 ? [a, 0] : [a, b], { ...s, center }))
      : density.centres.map(() => ({ logDensity: -Infinity, logDet: 0 }));
    const largest = values.reduce((most, { logDensity }) => Math.max(most, logDensity), -Infinity);
    density.show(
      () => "positive",
      (i) => (isMap ? 95 * Math.exp(values[i].logDensity - largest) : 0),
    );
    const logDets = values.map(({ logDet }) => Math.abs(logDet));
    const full = Math.min(STRONGEST * s.dimension, Math.max(FAINTEST, ...logDets));
    determinant.show(
      (i) => (values[i].logDet > 0 ? "positive" : values[i].logDet < 0 ? "negative" : "zero"),
      (i) => 90 * Math.min(1, Math.abs(values[i].logDet) / full),
    );
    knob.show(s.center, { low: -FARTHEST_CENTER, high: FARTHEST_CENTER });
    cross.attr("cx", determinant.x(center[0])).attr("cy", determinant.y(center[1]));

    const atCentre = determinantAtCentre(s.alpha, s.beta, s.dimension);
    typeset(numbers, withValues(TEX.centre, { ...s, dimension: String(s.dimension), determinant: atCentre }), { displayMode: true });
    sentence.textContent = !isMap
      ? "β is below −α: the flow folds, one image comes from several points, and no single determinant gives the density. Raise β."
      : atCentre < 1e-12
        ? "β is −α: the determinant is 0 at the centre, and there the density is infinite."
        : `At the centre the density is divided by ${decimal(atCentre, atCentre < 1 ? 5 : 2)}. The colours on the right are full at |log det J| = ${decimal(full)}.${s.dimension > 2 ? ` The picture is a slice: the other ${s.dimension - 2} coordinates are those of the centre, 0.` : ""}`;
    right.svg.attr("aria-label", "The log-determinant at each image.");
    return {
      ...s,
      kind: state,
      full_log_det: full,
      determinant_at_centre: atCentre,
      largest_log_density: isMap ? largest : null,
      mass: isMap && s.dimension === 2 ? values.reduce((sum, { logDensity }) => sum + Math.exp(logDensity), 0) * density.area : null,
    };
  };
});
