// A correlated posterior with a proposal of independent coordinates inside it, and the gap against the correlation.

import { scaleLinear } from "d3-scale";
import { correlatedPoint, meanFieldDivergence, meanFieldGap, meanFieldScale } from "../generated/amortization.js";
import { button, slider } from "../shared/controls.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";

const TRAITS = ["rho", "sigma"];
export const RANGES = { rho: { min: -0.98, max: 0.98, step: 0.01 }, sigma: { min: 0.05, max: 1.5, step: 0.01 } };
const SIZE = { width: 380, height: 380, margin: { left: 40, right: 12, top: 24, bottom: 42 } };
const HALF = 3;
const MOST = 2.5; // nats in the picture
const angles = Array.from({ length: 97 }, (_, i) => (2 * Math.PI * (i % 96)) / 96);
const round = (radius) => angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]);
const correlations = Array.from({ length: 401 }, (_, i) => -0.999 + (1.998 * i) / 400);
const key = (name) => h("i", { class: `dtr-key dtr-key-gaps-${name}` });

export const meanField = view("mean-field", TRAITS, ({ state, set, root, alt }) => {
  const rho = slider({ name: "rho", text: "Correlation", tex: "\\rho", ...RANGES.rho, onInput: (value) => set({ rho: value }) });
  const sigma = slider({
    name: "sigma",
    text: "Scale of your proposal",
    tex: "\\sigma",
    ...RANGES.sigma,
    onInput: (value) => set({ sigma: value }),
  });
  const best = button({
    text: "Best scale",
    title: "Set the scale of your proposal to the best one",
    onClick: () => set({ sigma: Number(meanFieldScale(state().rho).toFixed(2)) }),
  });

  const left = plot({ ...SIZE, label: "", xLabel: "z₁", yLabel: "z₂" });
  const x = scaleLinear().domain([-HALF, HALF]).range([left.inner.left, left.inner.right]);
  const y = scaleLinear().domain([-HALF, HALF]).range([left.inner.bottom, left.inner.top]);
  left.axes(x, y);
  left.marks.append("path").attr("class", "dtr-zero").attr("d", `M${x(-HALF)},${y(0)}H${x(HALF)}M${x(0)},${y(-HALF)}V${y(HALF)}`);
  const contours = [1, 2].map((radius) => ({ radius, path: left.marks.append("path").attr("class", "dtr-gaps-exact").attr("data-radius", radius) }));
  const within = [1, 2].map((radius) => ({ radius, path: left.marks.append("path").attr("class", "dtr-gaps-best").attr("data-radius", radius) }));
  const yours = [1, 2].map((radius) => ({ radius, path: left.marks.append("path").attr("class", "dtr-gaps-yours").attr("data-radius", radius) }));

  const right = plot({ ...SIZE, label: "", xLabel: "correlation ρ", yLabel: "divergence (nats)" });
  const rx = scaleLinear().domain([-1, 1]).range([right.inner.left, right.inner.right]);
  const ry = scaleLinear().domain([0, MOST]).range([right.inner.bottom, right.inner.top]);
  right.axes(rx, ry);
  right.marks.append("path").attr("class", "dtr-gaps-best").attr("d", through(correlations.map((value) => [value, meanFieldGap(value)]), rx, ry));
  const lift = right.marks.append("path").attr("class", "dtr-hairs");
  const lowest = right.marks.append("circle").attr("class", "dtr-gaps-best-dot").attr("r", 6);
  const own = right.marks.append("circle").attr("class", "dtr-gaps-yours-dot").attr("r", 6);

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, rho.element, sigma.element, h("div", { class: "dtr-row" }, best.element)),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    formula,
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, key("exact"), "the posterior: one and two standard deviations"),
      h("li", {}, key("best"), "the best proposal with independent coordinates, and its gap"),
      h("li", {}, key("yours"), "your proposal, and its divergence"),
    ),
  );

  return (s) => {
    const scale = meanFieldScale(s.rho);
    const gap = meanFieldGap(s.rho);
    const divergence = meanFieldDivergence(s.sigma, s.rho);
    const closed = (points) => `${through(points, x, y)}Z`;
    for (const { radius, path } of contours) path.attr("d", closed(round(radius).map(([a, b]) => correlatedPoint(a, b, s.rho))));
    for (const { radius, path } of within) path.attr("d", closed(round(radius * scale)));
    for (const { radius, path } of yours) path.attr("d", closed(round(radius * s.sigma)));
    const high = ry(Math.min(divergence, 2 * MOST));
    lowest.attr("cx", rx(s.rho)).attr("cy", ry(gap));
    own.attr("cx", rx(s.rho)).attr("cy", high);
    lift.attr("d", `M${rx(s.rho)},${ry(gap)}V${high}`);
    rho.show(s.rho);
    sigma.show(s.sigma);
    typeset(
      formula,
      `\\sigma_i^2 = \\frac{1}{\\Lambda_{ii}} = 1 - \\rho^2 = ${live(texDecimal(scale ** 2, 4))}, \\qquad -\\tfrac12 \\log(1 - \\rho^2) = ${live(texDecimal(gap, 4))}`,
      { displayMode: true, letters: { ρ: "rho" } },
    );
    const excess = divergence - gap;
    status.textContent =
      `Best scale ${decimal(scale, 3)}, where the posterior's own coordinates have the scale 1. Gap: ${decimal(gap, 3)} nats. ` +
      (excess < 5e-4
        ? "Your proposal reaches it."
        : `Your proposal is at ${decimal(divergence, 3)} nats${divergence > MOST ? ", above the picture" : ""}: ${decimal(excess, 3)} more, for being too ${s.sigma > scale ? "wide" : "narrow"}.`);
    left.svg.attr("aria-label", `${alt} Now: correlation ${decimal(s.rho)}, best scale ${decimal(scale, 3)}, your scale ${decimal(s.sigma)}.`);
    right.svg.attr("aria-label", `The gap against the correlation: ${decimal(gap, 3)} at ${decimal(s.rho)}. Your proposal: ${decimal(divergence, 3)}.`);
    return { ...s, best_scale: scale, gap, divergence };
  };
});
