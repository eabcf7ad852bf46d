// One dimension: two densities, what each place adds to the divergence, and the divergence over mean and scale.

import { scaleLinear } from "d3-scale";
import { density, integrand } from "../generated/gaussians.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { levelLine, onTheLine } from "./laws.js";

const TRAITS = ["mu", "sigma", "reading"];
export const RANGES = {
  mu: { min: -2.5, max: 2.5, step: 0.05 },
  sigma: { min: 0.2, max: 4, step: 0.05 },
};
const LEVELS = [0.1, 0.5, 1, 2, 4, 6];
const [WIDTH, HEIGHT] = [370, 340];
const COUNT = 400;

const snapped = (name, value) => {
  const { min, max, step } = RANGES[name];
  return Number(Math.min(max, Math.max(min, Math.round(value / step) * step)).toFixed(10));
};

export const divergenceLandscape = view("divergence-landscape", TRAITS, ({ set, root, alt }) => {
  const sliders = {
    mu: slider({ name: "mu", text: "Mean of q", tex: "\\mu", ...RANGES.mu, onInput: (mu) => set({ mu }) }),
    sigma: slider({ name: "sigma", text: "Scale of q", tex: "\\sigma", ...RANGES.sigma, onInput: (sigma) => set({ sigma }) }),
  };
  const reading = choice({
    name: "reading",
    text: "The number σ is read as",
    options: [
      ["deviation", "a standard deviation: q = N(μ, σ²)"],
      ["variance", "a variance (the classic mistake): N(μ, σ)"],
    ],
    onInput: (value) => set({ reading: value }),
  });

  const line = plot({
    width: WIDTH,
    height: HEIGHT,
    margin: { left: 40, right: 12, top: 24, bottom: 40 },
    label: alt,
    xLabel: "z",
    yLabel: "densities, and q log(q/p)",
  });
  const x = scaleLinear().range([line.inner.left, line.inner.right]);
  const y = scaleLinear().range([line.inner.bottom, line.inner.top]);
  const zero = line.marks.append("path").attr("class", "dtr-zero");
  const areas = ["above", "below"].map((side) => line.marks.append("path").attr("class", `dtr-area-${side}`));
  const curves = ["p", "q"].map((name) => line.marks.append("path").attr("class", `dtr-law-${name}`));

  const map = plot({
    width: WIDTH,
    height: HEIGHT,
    margin: { left: 34, right: 12, top: 24, bottom: 40 },
    label: "",
    xLabel: "μ",
    yLabel: "σ",
  });
  map.svg.attr("class", "dtr-plot dtr-gaussians");
  const across = scaleLinear().domain([RANGES.mu.min - 0.25, RANGES.mu.max + 0.25]).range([map.inner.left, map.inner.right]);
  const up = scaleLinear().domain([0, RANGES.sigma.max + 0.2]).range([map.inner.bottom, map.inner.top]);
  map.axes(across, up);
  const levels = map.marks.append("g").attr("class", "dtr-levels");
  const names = map.marks.append("g").attr("class", "dtr-level-names");
  map.marks.append("path").attr("class", "dtr-bottom").attr("d", `M${across(0) - 5},${up(1)}h10M${across(0)},${up(1) - 5}v10`);
  const grip = handle(map, {
    x: across,
    y: up,
    label: "Mean and scale of q: arrow keys move them",
    step: () => RANGES.mu.step,
    onMove: ([mu, sigma]) => set({ mu: snapped("mu", mu), sigma: snapped("sigma", sigma) }),
    describe: ([mu, sigma]) => `μ = ${decimal(mu)}, σ = ${decimal(sigma)}`,
  });
  let drawn = null;
  const drawLevels = (read) => {
    if (drawn === read) return;
    drawn = read;
    const lines = LEVELS.map((level) => ({ level, points: levelLine(level, read) }));
    levels
      .selectAll("path")
      .data([...lines].reverse())
      .join("path")
      .attr("d", ({ points }) => {
        const mirrored = points.map(([a, b]) => [-a, b]).reverse();
        return `${through([...points, ...mirrored], across, up)}Z`;
      });
    // Where a line crosses the axis of symmetry, above the bottom or, if that is outside, on its right at σ = 1.
    const places = lines.map(({ level, points }) => {
      const [, top] = points[points.length - 1];
      const side = points.reduce((widest, point) => (point[0] > widest[0] ? point : widest));
      const inside = top < RANGES.sigma.max;
      return { level, at: inside ? [0, top] : side, hidden: !inside && side[0] > RANGES.mu.max };
    });
    names
      .selectAll("text")
      .data(places.filter(({ hidden }) => !hidden))
      .join("text")
      .attr("x", ({ at }) => across(at[0]))
      .attr("y", ({ at }) => up(at[1]))
      .text(({ level }) => String(level));
  };

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 5 }, () => h("td"));
  const rows = [
    ["area above zero", cells[0]],
    ["area below zero", cells[1]],
    ["sum: the divergence", cells[2]],
    ["if σ is a standard deviation", cells[3]],
    ["if σ is a variance", cells[4]],
  ].map(([name, cell]) => h("tr", {}, h("th", { scope: "row" }, name), cell));
  root.append(
    h("div", { class: "dtr-controls" }, sliders.mu.element, sliders.sigma.element, reading.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, line.svg.node()),
      h("div", { class: "dtr-stage" }, map.svg.node()),
    ),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-side" }, formula, status),
      h("table", { class: "dtr-sums" }, h("tbody", {}, ...rows)),
    ),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-q" }), "density of q"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-p" }), "density of p, standard normal"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-above" }), "q log(q/p) above zero: here q is the larger"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-below" }), "q log(q/p) below zero: here p is the larger"),
    ),
  );

  return (s) => {
    const facts = onTheLine(s);
    const { scale } = facts;
    const reach = Math.max(3.6, Math.abs(s.mu) + 4.2 * scale);
    const places = Array.from({ length: COUNT + 1 }, (_, k) => -reach + (2 * reach * k) / COUNT);
    const own = Array.from({ length: COUNT + 1 }, (_, k) => s.mu + (8.4 * k / COUNT - 4.2) * scale);
    const added = own.map((place) => [place, integrand(place, s.mu, scale)]);
    const values = added.map(([, value]) => value);
    const high = Math.max(density(s.mu, s.mu, scale), density(0, 0, 1), ...values);
    x.domain([-reach, reach]);
    y.domain([Math.min(-0.06 * high, 1.1 * Math.min(...values)), 1.06 * high]);
    line.axes(x, y);
    zero.attr("d", `M${x(-reach)},${y(0)}H${x(reach)}`);
    areas.forEach((path, i) => {
      const part = added.map(([place, value]) => [place, i === 0 ? Math.max(0, value) : Math.min(0, value)]);
      path.attr("d", `M${x(own[0])},${y(0)}L${through(part, x, y).slice(1)}L${x(own[COUNT])},${y(0)}Z`);
    });
    curves[0].attr("d", through(places.map((place) => [place, density(place, 0, 1)]), x, y));
    curves[1].attr("d", through(own.map((place) => [place, density(place, s.mu, scale)]), x, y));
    drawLevels(s.reading);
    grip.show([s.mu, s.sigma], { low: RANGES.sigma.min, high: RANGES.sigma.max });
    sliders.mu.show(s.mu);
    sliders.sigma.show(s.sigma);
    reading.show(s.reading);

    [facts.above, facts.below, facts.divergence, facts.by_deviation, facts.by_variance].forEach(
      (value, i) => (cells[i].textContent = decimal(value, 4)),
    );
    rows[4].classList.toggle("dtr-wrong", s.reading === "variance");
    const shown = (value, digits = 2) => live(texDecimal(value, digits));
    const squared = s.reading === "variance" ? shown(s.sigma) : `${shown(s.sigma)}^2`;
    typeset(
      formula,
      `\\tfrac12\\bigl(${s.mu < 0 ? `(${shown(s.mu)})` : shown(s.mu)}^2 + ${squared} - 1 - \\log ${squared}\\bigr) = ${shown(facts.divergence, 4)}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, facts);
    line.svg.attr("aria-label", `${alt} Now: mean ${decimal(s.mu)}, scale ${decimal(s.sigma)}, divergence ${decimal(facts.divergence, 4)} nats.`);
    map.svg.attr("aria-label", `Level lines of the divergence over mean and scale of q, at ${LEVELS.join(", ")} nats.`);
    return { ...s, ...facts };
  };
});

function sentence(s, facts) {
  const nats = `${decimal(facts.divergence, 4)} nats`;
  if (s.reading === "variance" && s.sigma !== 1) {
    return `Read as a variance, ${decimal(s.sigma)} stands for another law, of standard deviation ${decimal(facts.scale)}. The formula says ${nats}; the law that is meant is ${decimal(facts.by_deviation, 4)} nats away.`;
  }
  if (s.mu === 0 && s.sigma === 1) return "q is p: the curve is zero everywhere, and the divergence 0.";
  return `q lies ${nats} from the standard normal law. Where q is the larger of the two the curve is above zero, elsewhere below; the part above always wins.`;
}
