// Four planes of (mean, scale): from one point in common the steps that single draws would take, an estimator a plane.

import { scaleLinear } from "d3-scale";
import { noiseTables } from "../generated/estimators.js";
import { button, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { discs, plot } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { clouds, levelLine, NAMES, smallest } from "./spread.js";

const TRAITS = ["mu", "sigma", "step", "table"];
export const RANGES = {
  mu: { min: -2.5, max: 2.5, step: 0.05 },
  sigma: { min: 0.2, max: 2.5, step: 0.05 },
  step: { min: 0.02, max: 0.5, step: 0.01 },
};
export const TITLES = {
  score: "score function",
  baseline: "score function, best baseline",
  total: "total derivative",
  path: "path derivative",
};
const LEVELS = [0.05, 0.2, 0.5, 1, 1.7, 2.6, 3.8];
const [WIDTH, HEIGHT] = [330, 246];
const MARGIN = { left: 34, right: 8, top: 24, bottom: 38 };
// One unit is as long on both axes, so that arrows keep their direction.
const [LEFT, RIGHT] = [-3, 3];
const TOP = ((RIGHT - LEFT) * (HEIGHT - MARGIN.top - MARGIN.bottom)) / (WIDTH - MARGIN.left - MARGIN.right);

const snapped = (value, { min, max, step }) => Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10));

function arrow([x0, y0], [x1, y1], head) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const line = `M${x0.toFixed(2)},${y0.toFixed(2)}L${x1.toFixed(2)},${y1.toFixed(2)}`;
  if (length < 1e-9 || head === 0) return line;
  const size = Math.min(head, 0.6 * length);
  const [u, v] = [((x1 - x0) / length) * size, ((y1 - y0) / length) * size];
  const corner = (side) => `${(x1 - u - side * 0.5 * v).toFixed(2)},${(y1 - v + side * 0.5 * u).toFixed(2)}`;
  return `${line}M${corner(1)}L${x1.toFixed(2)},${y1.toFixed(2)}L${corner(-1)}`;
}

function plane(name, set) {
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: "", xLabel: "mean μ", yLabel: "scale σ" });
  frame.svg.attr("class", "dtr-plot dtr-estimators");
  const x = scaleLinear().domain([LEFT, RIGHT]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([0, TOP]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);
  const path = (points) => `M${points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join("L")}Z`;
  frame.marks
    .append("g")
    .attr("class", "dtr-kl-levels")
    .selectAll("path")
    .data(LEVELS)
    .join("path")
    .attr("d", (level) => path(levelLine(level, 0.01, TOP + 1)));
  frame.marks.append("circle").attr("class", "dtr-kl-minimum").attr("r", 3.5).attr("cx", x(0)).attr("cy", y(1));
  const steps = frame.marks.append("path").attr("class", `dtr-cloud dtr-cloud-${name}`);
  const tips = frame.marks.append("path").attr("class", `dtr-tips dtr-tips-${name}`);
  const exact = ["dtr-exact-halo", "dtr-exact-step"].map((kind) => frame.marks.append("path").attr("class", kind));
  const grip = handle(frame, {
    x,
    y,
    label: `Mean and scale, in the plane of the ${TITLES[name]}: arrow keys move them`,
    step: () => RANGES.mu.step,
    onMove: ([mu, sigma]) => set({ mu: snapped(mu, RANGES.mu), sigma: snapped(sigma, RANGES.sigma) }),
    describe: ([mu, sigma]) => `mean ${decimal(mu)}, scale ${decimal(sigma)}`,
  });
  return {
    element: h("figure", { class: "dtr-cloud-plane" }, h("div", { class: "dtr-heat-title" }, TITLES[name]), frame.svg.node()),
    show({ mu, sigma, step }, facts) {
      const from = [x(mu), y(sigma)];
      const after = ([a, b]) => [mu - step * a, sigma - step * b];
      const to = (point) => [x(point[0]), y(point[1])];
      const reached = facts.estimates[name].map(after);
      steps.attr("d", reached.map((point) => arrow(from, to(point), 0)).join(""));
      tips.attr("d", discs(reached, x, y, 2));
      for (const path of exact) path.attr("d", arrow(from, to(after(facts.exact)), 10));
      grip.show([mu, sigma], { low: RANGES.mu.min, high: RANGES.mu.max });
      frame.svg.attr(
        "aria-label",
        `Steps of length ${decimal(step)} by the ${TITLES[name]} from mean ${decimal(mu)}, scale ${decimal(sigma)}. Variances: ${facts.variances[name].map((value) => decimal(value, 3)).join(" and ")}.`,
      );
    },
  };
}

export const gradientCloud = view("gradient-cloud", TRAITS, ({ state, set, root }) => {
  const sliders = [
    slider({ name: "mu", text: "Mean", tex: "\\mu", ...RANGES.mu, onInput: (mu) => set({ mu }) }),
    slider({ name: "sigma", text: "Scale", tex: "\\sigma", ...RANGES.sigma, onInput: (sigma) => set({ sigma }) }),
    slider({ name: "step", text: "Length of a step", tex: "\\eta", ...RANGES.step, onInput: (step) => set({ step }) }),
  ];
  const again = button({
    text: "New noise",
    title: "Draw the clouds with the next table of noise",
    onClick: () => set({ table: (state().table % noiseTables.length) + 1 }),
  });
  const planes = NAMES.map((name) => plane(name, set));
  const formulas = [h("div", { class: "dtr-formula" }), h("div", { class: "dtr-formula" })];
  const status = h("p", { class: "dtr-status" });
  const cells = Object.fromEntries(NAMES.map((name) => [name, Array.from({ length: 4 }, () => h("td"))]));
  const column = (text) => h("th", { scope: "col" }, text);
  root.append(
    h("div", { class: "dtr-controls" }, ...sliders.map(({ element }) => element), h("div", { class: "dtr-row" }, again.element)),
    h("div", { class: "dtr-clouds" }, ...planes.map(({ element }) => element)),
    h("div", { class: "dtr-cloud-formulas" }, ...formulas),
    h(
      "div",
      { class: "dtr-table-scroll" },
      h(
        "table",
        { class: "dtr-readout" },
        h("thead", {}, h("tr", {}, h("th", {}, "variance"), column("along μ"), column("in the cloud"), column("along σ"), column("in the cloud"))),
        h("tbody", {}, ...NAMES.map((name) => h("tr", {}, h("th", { scope: "row" }, h("i", { class: `dtr-key dtr-key-${name}` }), TITLES[name]), ...cells[name]))),
      ),
    ),
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-exact" }), "the exact step, −η times the gradient"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-levels" }), "equal divergence; the dot is its minimum, μ = 0 and σ = 1"),
    ),
  );

  return (s) => {
    const facts = clouds(s);
    planes.forEach((one) => one.show(s, facts));
    [s.mu, s.sigma, s.step].forEach((value, i) => sliders[i].show(value));
    const best = [0, 1].map((i) => smallest(Object.fromEntries(NAMES.map((name) => [name, facts.variances[name][i]]))));
    for (const name of NAMES) {
      const shown = [0, 1].flatMap((i) => [facts.variances[name][i], facts.spreads[name][i]]);
      cells[name].forEach((cell, k) => {
        cell.textContent = decimal(shown[k], 2);
        cell.classList.toggle("dtr-best", k % 2 === 0 && best[k / 2].includes(name));
      });
    }
    const letters = { μ: "mu", σ: "sigma" };
    typeset(
      formulas[0],
      `\\nabla D_{\\mathrm{KL}} = \\bigl(\\mu,\\ \\sigma - \\tfrac1\\sigma\\bigr) = \\bigl(${facts.exact.map((value) => live(texDecimal(value))).join(",\\ ")}\\bigr)`,
      { displayMode: true, letters },
    );
    typeset(
      formulas[1],
      `D_{\\mathrm{KL}} = \\tfrac12(\\mu^2 + \\sigma^2 - 1) - \\ln\\sigma = ${live(texDecimal(facts.value, 3))}`,
      { displayMode: true, letters },
    );
    const words = (names) => names.map((name) => `the ${TITLES[name]}`).join(" and ");
    status.textContent = `Smallest variance at mean ${decimal(s.mu)}, scale ${decimal(s.sigma)}: along μ ${words(best[0])}, along σ ${words(best[1])}. Noise: table ${s.table} of ${noiseTables.length}.`;
    const { estimates, ...told } = facts;
    return { ...s, ...told, best, draws: estimates.total.length };
  };
});
