// A grid carried by the radial flow, and the curve that tells all of it.

import { scaleLinear } from "d3-scale";
import { TEX } from "../generated/radial_flows.js";
import { slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { warp, warpLegend } from "../shared/warp.js";
import { fold, follow, image, isTurned, kind, logDetAt } from "./flow.js";
import { withValues } from "./with_values.js";

const SIZE = 340;
const MARGIN = { left: 40, right: 14, top: 24, bottom: 40 };
const FAR = 3; // largest radius on the axis
const GRID = 2;
const CORNER = GRID * Math.SQRT2;
const CELLS = 20;
const LETTERS = { α: "alpha", β: "beta", r: "radius" };
export const RANGES = {
  alpha: { min: 0.2, max: 2, step: 0.05 },
  beta: { min: -3, max: 3, step: 0.05 },
  radius: { min: 0, max: FAR, step: 0.05 },
};

export const radialWarp = view("radial-warp", ["alpha", "beta", "radius"], ({ set, root, alt }) => {
  const sliders = {
    alpha: slider({ name: "alpha", text: "Scale", tex: "\\alpha", ...RANGES.alpha, onInput: (alpha) => set({ alpha }) }),
    beta: slider({ name: "beta", text: "Strength", tex: "\\beta", ...RANGES.beta, onInput: (beta) => set({ beta }) }),
    radius: slider({ name: "radius", text: "Circle", tex: "r", ...RANGES.radius, onInput: (radius) => set({ radius }) }),
  };
  const symbols = h("div", { class: "dtr-formula" });
  const distanceNow = h("div", { class: "dtr-formula" });
  const slopeNow = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });

  const plane = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: alt, xLabel: "y₁", yLabel: "y₂" });
  const px = scaleLinear().range([plane.inner.left, plane.inner.right]);
  const py = scaleLinear().range([plane.inner.bottom, plane.inner.top]);
  const grid = warp(plane.marks);
  const followed = plane.marks.append("circle").attr("class", "dtr-radial-followed");
  const centre = plane.marks.append("circle").attr("class", "dtr-radial-centre").attr("r", 5);

  const curves = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "distance r before", yLabel: "signed distance after" });
  const cx = scaleLinear().domain([0, FAR]).range([curves.inner.left, curves.inner.right]);
  const cy = scaleLinear().domain([-1.5, 4]).range([curves.inner.bottom, curves.inner.top]);
  curves.axes(cx, cy);
  curves.marks.append("path").attr("class", "dtr-zero").attr("d", `M${cx(0)},${cy(0)}H${cx(FAR)}`);
  curves.marks.append("path").attr("class", "dtr-radial-unmoved").attr("d", `M${cx(0)},${cy(0)}L${cx(FAR)},${cy(FAR)}`);
  const slopeCurve = curves.marks.append("path").attr("class", "dtr-radial-slope-curve");
  const distanceCurve = curves.marks.append("path").attr("class", "dtr-radial-distance-curve");
  const crossing = curves.marks.append("circle").attr("class", "dtr-radial-crossing").attr("r", 5);
  const knob = handle(curves, {
    x: cx,
    y: cy,
    label: "Radius of the followed circle; the arrow keys move it",
    text: "r",
    axis: "x",
    step: () => RANGES.radius.step,
    onMove: ([r]) => set({ radius: Math.min(FAR, Math.max(0, Math.round(r * 100) / 100)) }),
    describe: ([r]) => `radius ${decimal(r)}`,
  });

  root.append(
    h("div", { class: "dtr-controls" }, sliders.alpha.element, sliders.beta.element, sliders.radius.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, plane.svg.node()),
      h("div", { class: "dtr-stage" }, curves.svg.node()),
    ),
    h("div", { class: "dtr-formulas" }, symbols, distanceNow, slopeNow),
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      ...warpLegend({ turned: true }),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-distance" }), "signed distance of the image from the centre"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-slope" }), "its slope"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-unmoved" }), "where nothing would move"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-followed" }), "image of the circle r"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-collapsing" }), "the circle that lands on the centre, before and after"),
    ),
  );
  typeset(symbols, TEX.map, { displayMode: true, letters: LETTERS });

  return (s) => {
    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    const now = follow(s.radius, s);
    const state = kind(s);
    const folded = fold(s);

    // The picture shows all of the grid, and a fold, which is small, as large as it can.
    const reach = Array.from({ length: 121 }, (_, i) => Math.abs(follow((CORNER * i) / 120, s).distance));
    const half = Math.min(5, Math.max(0.2, 1.08 * Math.max(...reach)));
    px.domain([-half, half]);
    py.domain([-half, half]);
    plane.axes(px, py);
    grid.show({
      map: (a, b) => image([a, b], s),
      logDet: (a, b) => logDetAt(Math.hypot(a, b), s, 2),
      turned: (a, b) => isTurned(Math.hypot(a, b), s),
      low: -GRID,
      high: GRID,
      cells: CELLS,
      limit: 2,
      x: px,
      y: py,
    });
    const length = (r) => Math.abs(px(r) - px(0));
    followed.attr("cx", px(0)).attr("cy", py(0)).attr("r", Math.min(1e4, length(now.distance)));
    centre.attr("cx", px(0)).attr("cy", py(0)).classed("dtr-radial-crossing", folded !== null);

    const radii = Array.from({ length: 301 }, (_, i) => (FAR * i) / 300);
    const visible = ([, y]) => y > -20 && y < 20;
    distanceCurve.attr("d", through(radii.map((r) => [r, follow(r, s).distance]), cx, cy));
    slopeCurve.attr("d", through(radii.map((r) => [r, follow(r, s).slope]).filter(visible), cx, cy));
    crossing.attr("cx", cx(folded?.collapse ?? 0)).attr("cy", cy(0)).classed("dtr-radial-away", !folded);
    knob.show([s.radius, Math.max(-1.5, Math.min(4, now.distance))], { low: 0, high: FAR });

    typeset(distanceNow, withValues(TEX.distance, { ...s, ...now }), { displayMode: true });
    typeset(slopeNow, withValues(TEX.slope, { ...s, ...now }), { displayMode: true });
    sentence.textContent = VERDICTS[state](folded);
    curves.svg.attr("aria-label", `The curve of distances. At r = ${decimal(s.radius)} it is ${decimal(now.distance)}, its slope ${decimal(now.slope)}.`);
    return {
      ...s,
      ...now,
      kind: state,
      collapse: folded?.collapse ?? null,
      turning: folded?.turning ?? null,
      log_det: logDetAt(s.radius, s, 2),
      half_side: half,
    };
  };
});

const VERDICTS = {
  inside: () => "β is above −α: the curve rises from 0 without end, so every image has one radius to come from. A bijection, differentiable with its inverse.",
  edge: () => "β is −α: still a bijection, because the slope is 0 at r = 0 only. But there the Jacobian is singular, and the inverse is not differentiable.",
  folded: ({ collapse, turning }) =>
    `β is below −α: the circle r = ${decimal(collapse)} lands on the centre, the disc inside it is turned through the centre, and up to r = ${decimal(turning)} the curve falls. Not invertible.`,
};
