// One dimension: samples of the bell curve, where x = μ + σz takes them, and a small interval carried along.

import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { baseDensity, baseSamples, moved, movedDensity } from "../generated/densities.js";
import { slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { LENGTH, onTheLine } from "./moves.js";

const TRAITS = ["mu", "sigma", "point"];
export const RANGES = {
  mu: { min: -2, max: 2, step: 0.05 },
  sigma: { min: -2.5, max: 2.5, step: 0.05 },
  point: { min: -2.5, max: 2.5, step: 0.05 },
};
const [WIDTH, HEIGHT] = [410, 430];
const FARTHEST = 6;
const [BASE, DOTS, IMAGES] = [158, 194, 252]; // heights of the upper axis and of the two rows of samples
const TALLEST = 2; // of a density that still fits into the picture
const COUNT = 240;

const line = Array.from({ length: COUNT + 1 }, (_, i) => -FARTHEST + (2 * FARTHEST * i) / COUNT);

export const scaledDensity = view("scaled-density", TRAITS, ({ set, root, alt }) => {
  const sliders = [
    slider({ name: "mu", text: "Shift", tex: "\\mu", ...RANGES.mu, onInput: (mu) => set({ mu }) }),
    slider({ name: "sigma", text: "Scale", tex: "\\sigma", ...RANGES.sigma, onInput: (sigma) => set({ sigma }) }),
    slider({ name: "point", text: "The interval lies around", tex: "z", ...RANGES.point, onInput: (point) => set({ point }) }),
  ];
  const frame = plot({
    width: WIDTH,
    height: HEIGHT,
    margin: { left: 14, right: 14, top: 22, bottom: 42 },
    label: alt,
    xLabel: "x = μ + σz",
    yLabel: "density of z",
  });
  frame.svg.attr("class", "dtr-plot dtr-densities");
  const { inner, marks } = frame;
  const x = scaleLinear().domain([-FARTHEST, FARTHEST]).range([inner.left, inner.right]);
  const above = scaleLinear().range([BASE, inner.top + 4]);
  const below = scaleLinear().range([inner.bottom, IMAGES + 34]);
  frame.axes(x, below, { yValues: [] });
  // The two densities share one height, and only their areas are compared.
  frame.svg.selectAll(":scope > .dtr-axis").filter((_, i) => i === 1).attr("display", "none");
  frame.background // behind the handle, which lies on it
    .append("g")
    .attr("class", "dtr-axis")
    .attr("transform", `translate(0,${BASE})`)
    .call(axisBottom(x).ticks(5).tickSizeOuter(0));
  frame.svg.append("text").attr("class", "dtr-axis-label").attr("x", 4).attr("y", IMAGES + 28).text("density of x");

  const links = marks.append("path").attr("class", "dtr-sample-links");
  const carried = marks.append("path").attr("class", "dtr-carried");
  const baseArea = marks.append("path").attr("class", "dtr-mass-base");
  const movedArea = marks.append("path").attr("class", "dtr-mass-moved");
  const baseCurve = marks.append("path").attr("class", "dtr-density-base");
  const movedCurve = marks.append("path").attr("class", "dtr-density-moved");
  const dots = marks.append("path").attr("class", "dtr-samples-base");
  const images = marks.append("path").attr("class", "dtr-samples-moved");
  const snap = (value) => {
    const { min, max, step } = RANGES.point;
    return Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10));
  };
  const grip = handle(frame, {
    x,
    y: above,
    axis: "x",
    label: "Place of the interval: arrow keys move it",
    step: () => RANGES.point.step,
    onMove: ([point]) => set({ point: snap(point) }),
    describe: ([point]) => `z = ${decimal(point)}`,
  });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 6 }, () => h("td"));
  const row = (name, [a, b]) => h("tr", {}, h("th", { scope: "row" }, name), a, b);
  root.append(
    h("div", { class: "dtr-controls" }, ...sliders.map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        formula,
        h(
          "table",
          { class: "dtr-readout" },
          h("thead", {}, h("tr", {}, h("th", {}, "the interval"), h("th", { scope: "col" }, "at z"), h("th", { scope: "col" }, "at x"))),
          h("tbody", {}, row("length", cells.slice(0, 2)), row("density", cells.slice(2, 4)), row("density × length", cells.slice(4))),
        ),
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-base" }), `z: density, and ${baseSamples.length} samples`),
          h("li", {}, h("i", { class: "dtr-key dtr-key-moved" }), "x = μ + σz: density, and the same samples, moved"),
        ),
      ),
    ),
  );

  const area = (density, [a, b], y) => {
    const steps = Array.from({ length: 25 }, (_, i) => a + ((b - a) * i) / 24);
    const top = steps.map((place) => `${x(place).toFixed(2)},${y(Math.min(4 * TALLEST, density(place))).toFixed(2)}`);
    return `M${x(a)},${y(0)}L${top.join("L")}L${x(b)},${y(0)}Z`;
  };

  return (s) => {
    const facts = onTheLine(s);
    const { interval, moved_interval: landed } = facts;
    const hasDensity = facts.density !== null;
    const peak = hasDensity ? movedDensity(s.mu, s.mu, s.sigma) : 0;
    const top = Math.min(TALLEST, Math.max(0.45, 1.05 * peak));
    above.domain([0, top]);
    below.domain([0, top]);
    const height = (place) => Math.min(4 * TALLEST, movedDensity(place, s.mu, s.sigma));
    // The curve is drawn where it lives, so that a narrow one has points enough.
    const fine = line.map((place) => s.mu + (place / FARTHEST) * 5 * Math.abs(s.sigma));
    baseCurve.attr("d", through(line.map((place) => [place, baseDensity(place)]), x, above));
    movedCurve.attr("d", hasDensity ? through(fine.map((place) => [place, height(place)]), x, below) : "");
    baseArea.attr("d", area(baseDensity, interval, above));
    movedArea.attr("d", hasDensity ? area(height, landed, below) : "");
    const corners = [
      [interval[0], DOTS],
      [interval[1], DOTS],
      [landed[1], IMAGES],
      [landed[0], IMAGES],
    ];
    carried.attr("d", `M${corners.map(([a, b]) => `${x(a).toFixed(2)},${b}`).join("L")}Z`);
    const targets = baseSamples.map((a) => moved(a, s.mu, s.sigma));
    links.attr("d", baseSamples.map((a, i) => `M${x(a).toFixed(2)},${DOTS}L${x(targets[i]).toFixed(2)},${IMAGES}`).join(""));
    const inARow = (places, height) => discs(places.map((a) => [a, height]), x, (y) => y, 2.4);
    dots.attr("d", inARow(baseSamples, DOTS));
    images.attr("d", inARow(targets, IMAGES));
    grip.show([s.point, 0], { low: RANGES.point.min, high: RANGES.point.max });
    for (const [i, name] of TRAITS.entries()) sliders[i].show(s[name]);

    const shown = [LENGTH, facts.length, facts.base_density, facts.density, facts.base_mass, facts.mass];
    cells.forEach((cell, i) => (cell.textContent = shown[i] === null ? "none" : decimal(shown[i], 4)));
    typeset(
      formula,
      hasDensity
        ? `p_X(x) = \\frac{p_Z(z)}{|\\sigma|} = \\frac{${live(texDecimal(facts.base_density, 4))}}{${live(texDecimal(Math.abs(s.sigma)))}} = ${live(texDecimal(facts.density, 4))}`
        : "\\sigma = 0",
      { displayMode: true, letters: { σ: "sigma", z: "point" } },
    );
    status.textContent = sentence(s, facts);
    frame.svg.attr("aria-label", `${alt} Now: shift ${decimal(s.mu)}, scale ${decimal(s.sigma)}.`);
    return { ...s, ...facts, has_density: hasDensity };
  };
});

function sentence({ sigma }, { mass }) {
  if (mass === null) return "Scale 0: every sample lands on one point. No density can describe that.";
  const size = Math.abs(sigma);
  const effect = size === 1 ? "Lengths and densities stay." : size > 1 ? `Lengths grow by the factor ${decimal(size)}, densities fall by it.` : `Lengths shrink by the factor ${decimal(size)}, densities rise by its inverse, ${decimal(1 / size)}.`;
  return `${effect}${sigma < 0 ? " The negative sign mirrors the line, and no density sees it." : ""} Density × length stays.`;
}
