// The variances of the estimators as curves on a logarithmic scale: of the divergence against σ, of a wave against ω.

import { scaleLinear, scaleLog } from "d3-scale";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, logLabel, logTicks, texDecimal } from "../shared/numbers.js";
import { plot } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { leadChanges, NAMES, race, racers, runsAlong, varianceOf } from "./spread.js";

const TRAITS = ["objective", "coordinate", "mu", "sigma", "omega"];
export const RANGES = {
  mu: { min: -2.5, max: 2.5, step: 0.05 },
  sigma: { min: 0.2, max: 2.5, step: 0.01 },
  omega: { min: 0.2, max: 12, step: 0.01 },
};
const [WIDTH, HEIGHT] = [400, 330];
const MARGIN = { left: 48, right: 14, top: 24, bottom: 42 };
const [LOWEST, HIGHEST] = [1e-3, 3e3];
const COUNT = 400;
const TITLES = {
  divergence: { score: "score function", baseline: "score function, best baseline", total: "total derivative", path: "path derivative" },
  wave: { score: "score function", baseline: "score function, best baseline", total: "reparameterised" },
};
// Which two change the lead: their places are marked.
const PAIRS = { divergence: ["total", "path"], wave: ["total", "score"] };
const TEX = {
  mu: {
    score: "\\frac{a_0^2 + 3a_1^2 + 15a_2^2 + 6a_0a_2}{\\sigma^2} - \\mu^2",
    baseline: "2\\mu^2 + \\tfrac32\\bigl(\\sigma - \\tfrac1\\sigma\\bigr)^2",
    total: "\\sigma^2",
    path: "\\bigl(\\sigma - \\tfrac1\\sigma\\bigr)^2",
  },
  sigma: {
    score: "\\frac{2a_0^2 + 10a_1^2 + 78a_2^2 + 20a_0a_2}{\\sigma^2} - \\bigl(\\sigma - \\tfrac1\\sigma\\bigr)^2",
    baseline: "10\\mu^2 + 6\\bigl(\\sigma - \\tfrac1\\sigma\\bigr)^2",
    total: "\\mu^2 + 2\\sigma^2",
    path: "\\mu^2 + 2\\bigl(\\sigma - \\tfrac1\\sigma\\bigr)^2",
  },
};
const LIMITS = { mu: ["\\tfrac12\\omega^2", "\\tfrac1{2\\sigma^2}"], sigma: ["\\tfrac12\\omega^2", "\\tfrac1{\\sigma^2}"] };

const snapped = (value, { min, max, step }) => Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10));
const gridOf = ({ min, max }, isLog) =>
  Array.from({ length: COUNT + 1 }, (_, i) => (isLog ? min * (max / min) ** (i / COUNT) : min + ((max - min) * i) / COUNT));
const GRIDS = { sigma: gridOf(RANGES.sigma, false), omega: gridOf(RANGES.omega, true) };

export const varianceRace = view("variance-race", TRAITS, ({ state, set, root, alt }) => {
  const objective = choice({
    name: "objective",
    text: "Gradient of",
    options: [
      ["divergence", "the divergence from q to N(0, 1)"],
      ["wave", "the mean of sin(ωz)"],
    ],
    onInput: (value) => set({ objective: value }),
  });
  const coordinate = choice({
    name: "coordinate",
    text: "Along",
    options: [
      ["mu", "the mean μ"],
      ["sigma", "the scale σ"],
    ],
    onInput: (value) => set({ coordinate: value }),
  });
  const sliders = {
    mu: slider({ name: "mu", text: "Mean", tex: "\\mu", ...RANGES.mu, onInput: (mu) => set({ mu }) }),
    sigma: slider({ name: "sigma", text: "Scale", tex: "\\sigma", ...RANGES.sigma, onInput: (sigma) => set({ sigma }) }),
    omega: slider({ name: "omega", text: "Frequency", tex: "\\omega", ...RANGES.omega, onInput: (omega) => set({ omega }) }),
  };
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: alt, xLabel: "", yLabel: "variance of one draw" });
  frame.svg.attr("class", "dtr-plot dtr-estimators");
  const xLabel = frame.svg.select(".dtr-axis-label");
  const { inner, marks } = frame;
  const scales = {
    sigma: scaleLinear().domain([RANGES.sigma.min, RANGES.sigma.max]).range([inner.left, inner.right]),
    omega: scaleLog().domain([RANGES.omega.min, RANGES.omega.max]).range([inner.left, inner.right]),
  };
  const y = scaleLog().domain([LOWEST, HIGHEST]).range([inner.bottom, inner.top]).clamp(false);
  const ticks = logTicks(LOWEST, HIGHEST);
  const hair = marks.append("path").attr("class", "dtr-hairs");
  const curves = Object.fromEntries(NAMES.map((name) => [name, marks.append("path").attr("class", `dtr-variance dtr-variance-${name}`)]));
  const changes = marks.append("g").attr("class", "dtr-lead-changes");
  const nowDots = marks.append("g").attr("class", "dtr-lead-now");
  // The scale of the marker depends on the objective: it moves a place between 0 and 1.
  const place = scaleLinear().domain([0, 1]).range([inner.left, inner.right]);
  const height = scaleLinear().domain([0, 1]).range([inner.bottom, inner.top]);
  const axis = () => runsAlong(state().objective);
  const grip = handle(frame, {
    x: place,
    y: height,
    axis: "x",
    label: "Place of the marker: arrow keys move it",
    step: () => 0.02,
    onMove: ([at]) => set({ [axis()]: snapped(scales[axis()].invert(place(at)), RANGES[axis()]) }),
    describe: () => `${axis()} = ${decimal(state()[axis()])}`,
  });

  const side = h("div", { class: "dtr-race-formulas" });
  const rows = Object.fromEntries(
    NAMES.map((name) => {
      const [title, formula] = [h("span"), h("div", { class: "dtr-formula" })];
      const element = h("div", { class: "dtr-race-row" }, h("div", {}, h("i", { class: `dtr-key dtr-key-${name}` }), " ", title), formula);
      side.append(element);
      return [name, { element, title, formula }];
    }),
  );
  const note = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, objective.element, coordinate.element, ...Object.values(sliders).map(({ element }) => element)),
    h("div", { class: "dtr-body" }, h("div", { class: "dtr-stage" }, frame.svg.node()), h("div", { class: "dtr-side" }, side, note, status)),
  );

  return (s) => {
    const facts = race(s);
    const isWave = s.objective === "wave";
    const along = runsAlong(s.objective);
    const [x, grid] = [scales[along], GRIDS[along]];
    const names = racers(s.objective);
    const format = isWave ? { xValues: [0.2, 0.5, 1, 2, 5, 10], xFormat: logLabel } : {};
    frame.axes(x, y, { ...format, yValues: ticks, yFormat: logLabel });
    xLabel.text(isWave ? "frequency ω" : "scale σ");
    const at = (name, value) => varianceOf(name, { ...s, [along]: value });
    for (const name of NAMES) {
      const points = names.includes(name) ? grid.map((value) => [x(value), y(Math.max(LOWEST / 100, at(name, value)))]) : [];
      curves[name].attr("d", points.length ? `M${points.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join("L")}` : "");
    }
    const [first] = PAIRS[s.objective];
    const found = leadChanges(s, PAIRS[s.objective], grid);
    changes
      .selectAll("circle")
      .data(found)
      .join("circle")
      .attr("r", 5)
      .attr("cx", (value) => x(value))
      .attr("cy", (value) => y(Math.max(LOWEST / 100, at(first, value))));
    hair.attr("d", `M${x(s[along])},${inner.top}V${inner.bottom}`);
    nowDots
      .selectAll("circle")
      .data(names)
      .join("circle")
      .attr("class", (name) => `dtr-dot-${name}`)
      .attr("r", 4)
      .attr("cx", x(s[along]))
      .attr("cy", (name) => y(Math.max(LOWEST / 100, facts.variances[name])));
    grip.show([place.invert(x(s[along])), 0.04], { low: 0, high: 1 });
    objective.show(s.objective);
    coordinate.show(s.coordinate);
    for (const name of ["mu", "sigma", "omega"]) sliders[name].show(s[name]);
    sliders.omega.element.hidden = !isWave;

    const titles = TITLES[s.objective];
    const letters = { μ: "mu", σ: "sigma", ω: "omega" };
    for (const name of NAMES) {
      const { element, title, formula } = rows[name];
      element.hidden = !names.includes(name);
      element.classList.toggle("dtr-best", facts.best.includes(name));
      if (element.hidden) continue;
      title.textContent = titles[name];
      const value = live(texDecimal(facts.variances[name], 3));
      typeset(formula, isWave ? `\\operatorname{Var} = ${value}` : `${TEX[s.coordinate][name]} = ${value}`, { displayMode: true, letters });
    }
    typeset(
      note,
      isWave
        ? `\\text{for large } \\omega\\sigma: \\quad ${LIMITS[s.coordinate].map((tex, i) => `${tex} = ${live(texDecimal(facts.limits[i], 2))}`).join(", \\quad ")}`
        : "a_2 = \\tfrac12(\\sigma^2 - 1), \\quad a_1 = \\mu\\sigma, \\quad a_0 = \\tfrac12\\mu^2 - \\ln\\sigma",
      { displayMode: true, letters },
    );
    const best = facts.best.map((name) => titles[name]).join(" and ");
    const letter = isWave ? "ω" : "σ";
    const pair = isWave ? "Score function and reparameterised gradient" : "Total and path derivative";
    const where = found.length ? `${pair} change the lead at ${letter} = ${found.map((value) => decimal(value, 3)).join(", ")}.` : `${pair} do not change the lead here.`;
    status.textContent = `Smallest variance at ${letter} = ${decimal(s[along])}: the ${best}, ${decimal(facts.variances[facts.best[0]], 3)}. ${where}`;
    const shown = [`μ = ${decimal(s.mu)}`, `σ = ${decimal(s.sigma)}`, ...(isWave ? [`ω = ${decimal(s.omega)}`] : [])];
    frame.svg.attr("aria-label", `${alt} Now: ${shown.join(", ")}.`);
    return { ...s, ...facts, changes: found };
  };
});
