// EM by hand: the bound under log p(x) as curves over θ, and the same steps as a path over θ and the mean of q.

import { scaleLinear } from "d3-scale";
import { boundAt, logEvidenceAt } from "../generated/evidence_bound.js";
import { button, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { afterExpectation, afterMaximization, boundsOf, standing } from "./bounds.js";
import { bands, spaced } from "./levels.js";

const TRAITS = ["theta", "mean", "scale", "x", "tau"];
export const RANGES = {
  theta: { min: -4, max: 4, step: 0.05 },
  mean: { min: -3, max: 3, step: 0.05 },
  scale: { min: 0.2, max: 2, step: 0.05 },
  x: { min: -2, max: 2, step: 0.05 },
  tau: { min: 0.5, max: 2, step: 0.05 },
};
const [WIDTH, HEIGHT] = [350, 330];
const MARGIN = { left: 34, right: 14, top: 24, bottom: 40 };
const FARTHEST = 5; // on both axes
const LOWEST = -9; // of the curves, in nats
const [COLUMNS, ROWS] = [61, 61];
const BELOW = [0.05, 0.25, 0.75, 1.5, 3, 5, 8]; // nats below the top of the map

const line = spaced(-FARTHEST, FARTHEST, 161);
const bounded = (value, { min, max, step }) => Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10));
const point = ({ theta, mean, scale, x, tau }) => ({ theta, mean, scale, x, tau });
const same = (a, b) => a !== undefined && TRAITS.every((name) => a[name] === b[name]);

export const expectationMaximization = view("expectation-maximization", TRAITS, ({ state, set, root, alt }) => {
  // The states that the buttons have led through, the present one last, and what led to each.
  let path = [];
  const here = () => {
    const now = point(state());
    if (!same(path.at(-1)?.state, now)) path = [{ state: now, step: "start" }];
    return now;
  };
  const go = (step, next) => {
    // A second one of the same step changes nothing, and is none.
    if (same(path.at(-1).state, next)) return;
    path.push({ state: next, step });
    set(next);
  };
  const control = (name, text, tex) => slider({ name, text, tex, ...RANGES[name], onInput: (value) => set({ [name]: value }) });
  const controls = {
    theta: control("theta", "Shift", "\\theta"),
    mean: control("mean", "Mean", "\\mu"),
    scale: control("scale", "Deviation", "\\sigma"),
    x: control("x", "Observed", "x"),
    tau: control("tau", "Noise", "\\tau"),
  };
  const buttons = [
    button({ text: "E step", title: "Let q be the posterior at the present θ", onClick: () => go("E", afterExpectation(here())) }),
    button({ text: "M step", title: "Move θ to the top of the bound", onClick: () => go("M", afterMaximization(here())) }),
    button({
      text: "Back",
      title: "Undo the last step",
      onClick: () => {
        here();
        if (path.length < 2) return;
        path.pop();
        set(path.at(-1).state);
      },
    }),
  ];

  const curves = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: alt, xLabel: "parameter θ", yLabel: "nats" });
  const across = scaleLinear().domain([-FARTHEST, FARTHEST]).range([curves.inner.left, curves.inner.right]);
  const up = scaleLinear().domain([LOWEST, 0]).range([curves.inner.bottom, curves.inner.top]);
  curves.axes(across, up);
  const highest = curves.marks.append("path").attr("class", "dtr-zero");
  const evidence = curves.marks.append("path").attr("class", "dtr-curve-evidence");
  const bound = curves.marks.append("path").attr("class", "dtr-curve-bound");
  const trail = curves.marks.append("g").attr("class", "dtr-visited");
  const gap = curves.marks.append("path").attr("class", "dtr-gap-line");
  const top = curves.marks.append("path").attr("class", "dtr-top");
  const parameter = handle(curves, {
    x: across,
    y: up,
    axis: "x",
    label: "The parameter θ: arrow keys move it",
    step: () => RANGES.theta.step,
    onMove: ([theta]) => set({ theta: bounded(theta, RANGES.theta) }),
    describe: ([theta]) => `θ = ${decimal(theta)}`,
  });

  const map = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: "", xLabel: "parameter θ", yLabel: "mean μ of q" });
  const along = scaleLinear().domain([-FARTHEST, FARTHEST]).range([map.inner.left, map.inner.right]);
  const high = scaleLinear().domain([-FARTHEST, FARTHEST]).range([map.inner.bottom, map.inner.top]);
  map.axes(along, high);
  const layer = map.marks.append("g").attr("class", "dtr-bands");
  const [expected, maximal] = ["expectation", "maximization"].map((name) => map.marks.append("path").attr("class", `dtr-best-${name}`));
  const steps = map.marks.append("path").attr("class", "dtr-steps");
  const corners = map.marks.append("g").attr("class", "dtr-visited");
  const both = handle(map, {
    x: along,
    y: high,
    label: "Parameter and mean of the guess: arrow keys move them",
    step: () => RANGES.theta.step,
    onMove: ([theta, mean]) => set({ theta: bounded(theta, RANGES.theta), mean: bounded(mean, RANGES.mean) }),
    describe: ([theta, mean]) => `θ = ${decimal(theta)}, mean of q ${decimal(mean)}`,
  });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 6 }, () => h("td"));
  const row = (name, cell) => h("tr", {}, h("th", { scope: "row" }, name), cell);
  const table = (names, some) => h("table", { class: "dtr-readout" }, h("tbody", {}, ...names.map((name, i) => row(name, some[i]))));
  const key = (name, text) => h("li", {}, h("i", { class: `dtr-key dtr-key-${name}` }), text);
  root.append(
    h(
      "div",
      { class: "dtr-controls dtr-narrow" },
      ...Object.values(controls).map(({ element }) => element),
      h("div", { class: "dtr-row dtr-action" }, ...buttons.map(({ element }) => element)),
    ),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, curves.svg.node()),
      h("div", { class: "dtr-stage" }, map.svg.node()),
    ),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      table(["pairs of steps", "parameter θ", "distance to the maximum"], cells.slice(0, 3)),
      table(["log p(x)", "bound", "gap = divergence"], cells.slice(3)),
    ),
    formula,
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      key("curve-evidence", "log p(x) as θ changes"),
      key("curve-bound", "the bound for the present q, and its top"),
      key("gap", "the gap at the present θ"),
      key("steps", "the path of the steps"),
      key("best-expectation", "E steps end here: best mean for each θ"),
      key("best-maximization", "M steps end here: best θ for each mean"),
    ),
  );

  let mapped = "";
  return (s) => {
    const now = here();
    const found = standing(s);
    const { log_evidence: level, bound: reached, gap: missing, top: summit, rate } = found;
    for (const [name, { show }] of Object.entries(controls)) show(s[name]);
    buttons[2].element.disabled = path.length < 2;

    highest.attr("d", `M${across(s.x)},${curves.inner.top}V${curves.inner.bottom}`);
    evidence.attr("d", through(line.map((theta) => [theta, logEvidenceAt(theta, s.x, s.tau)]), across, up));
    bound.attr("d", through(line.map((theta) => [theta, boundAt(theta, s.mean, s.scale, s.x, s.tau)]), across, up));
    gap.attr("d", `M${across(s.theta)},${up(level)}V${up(Math.max(reached, 2 * LOWEST))}`);
    top.attr("d", triangle(across(summit), up(boundAt(summit, s.mean, s.scale, s.x, s.tau))));
    const visited = path.slice(0, -1).map(({ state: before }) => before);
    dots(trail, visited, (before) => [across(before.theta), up(logEvidenceAt(before.theta, s.x, s.tau))]);
    parameter.show([s.theta, Math.max(level, LOWEST + 0.3)], { low: RANGES.theta.min, high: RANGES.theta.max });

    if (mapped !== `${s.x} ${s.tau}`) {
      mapped = `${s.x} ${s.tau}`;
      const grid = spaced(-FARTHEST, FARTHEST, COLUMNS);
      const values = boundsOf(s, grid, spaced(-FARTHEST, FARTHEST, ROWS));
      const best = boundAt(s.x, 0, s.scale, s.x, s.tau);
      bands(layer, values.map((value) => value - best), [COLUMNS, ROWS], BELOW.map((below) => -below), map.inner);
      expected.attr("d", through(grid.map((theta) => [theta, afterExpectation({ ...now, theta }).mean]), along, high));
      maximal.attr("d", through(grid.map((mean) => [afterMaximization({ ...now, mean }).theta, mean]), along, high));
    }
    steps.attr("d", through(path.map(({ state: before }) => [before.theta, before.mean]), along, high));
    dots(corners, visited, (before) => [along(before.theta), high(before.mean)]);
    both.show([s.theta, s.mean], { low: RANGES.theta.min, high: RANGES.theta.max });
    map.svg.attr("aria-label", `Map of the bound over θ and the mean of q, and a path of ${path.length - 1} steps.`);
    curves.svg.attr("aria-label", `${alt} Now: θ ${decimal(s.theta)}, gap ${decimal(missing, 4)} nats.`);

    const pairs = path.filter(({ step }) => step === "M").length;
    const distance = Math.abs(s.theta - s.x);
    const shown = [String(pairs), decimal(s.theta, 4), decimal(distance, 4), decimal(level, 4), decimal(reached, 4), decimal(missing, 4)];
    cells.forEach((cell, i) => (cell.textContent = shown[i]));
    const sum = (before, value) => `${before} ${value < 0 ? "-" : "+"} ${live(texDecimal(Math.abs(value)))}`;
    typeset(
      formula,
      `\\text{top of the bound: } x - \\mu = ${live(texDecimal(s.x))} ${sum("", -s.mean).trim()} = ${live(texDecimal(summit))} \\qquad \\text{rate: } \\frac{1}{1 + \\tau^2} = ${live(texDecimal(rate, 3))}`,
      { displayMode: true, letters: { x: "x", μ: "mean", τ: "tau" } },
    );
    status.textContent = sentence(path.at(-1).step, s, found, path);
    return { ...s, ...found, pairs, steps: path.length - 1, thetas: path.map(({ state: before }) => before.theta) };
  };
});

const triangle = (x, y) => `M${x.toFixed(2)},${(y - 2).toFixed(2)}l-5,-9h10Z`;

function dots(group, states, place) {
  group
    .selectAll("circle")
    .data(states.map(place))
    .join("circle")
    .attr("r", 3)
    .attr("cx", ([a]) => a)
    .attr("cy", ([, b]) => b);
}

function sentence(step, { theta, x }, { gap, log_evidence: level }, path) {
  const before = path.at(-2)?.state;
  if (step === "E") return `E step: q is the posterior at θ = ${decimal(theta, 3)}. The bound touches log p(x) there, and lies below it elsewhere.`;
  if (step === "M") {
    const risen = level - standing(before).log_evidence;
    const change = `log p(x) ${risen < 0 ? "fell" : "rose"} by ${decimal(Math.abs(risen), 4)}`;
    return `M step: θ moved from ${decimal(before.theta, 3)} to ${decimal(theta, 3)}, the top of the bound; ${change}. The gap is ${decimal(gap, 4)}.`;
  }
  if (Math.abs(theta - x) < 1e-9) return "θ maximises log p(x).";
  return `At θ = ${decimal(theta, 3)} the bound lies ${decimal(gap, 4)} nats below log p(x). The E step closes the gap, the M step climbs.`;
}
