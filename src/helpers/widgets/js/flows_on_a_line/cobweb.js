// The inverse of z + c sin z as a fixed point: the path of x ← y − c sin x, and its error on a logarithmic axis.

import { scaleLinear, scaleLog } from "d3-scale";
import { towards, towardsTex } from "../generated/flows_on_a_line.js";
import { button, slider } from "../shared/controls.js";
import { decimal, logLabel, logTicks } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { h, view } from "../shared/view.js";
import { formula, graph } from "./formula.js";
import { errorBound, fixedPoints, iterates, nearest } from "./maps.js";

const TRAITS = ["strength", "target", "step"];
const STRENGTH = { min: -2, max: 2, step: 0.05 };
const TARGET = { min: -4, max: 4, step: 0.1 };
const STEPS = { min: 0, max: 60, step: 1 };
const SIZE = { width: 400, height: 360, margin: { left: 54, right: 12, top: 24, bottom: 42 } };
const SMALLEST = 1e-16; // errors below it are rounding

export const cobweb = view("cobweb", TRAITS, ({ state, set, root, alt }) => {
  const strength = slider({
    name: "strength",
    text: "Strength",
    tex: "c",
    ...STRENGTH,
    onInput: (value) => set({ strength: value }),
  });
  const target = slider({
    name: "target",
    text: "Value to invert",
    tex: "y",
    ...TARGET,
    digits: 1,
    onInput: (value) => set({ target: value }),
  });
  const step = slider({
    name: "step",
    text: "Steps",
    tex: "n",
    ...STEPS,
    digits: 0,
    unit: "steps",
    onInput: (value) => set({ step: value }),
  });
  const next = button({
    text: "Step",
    title: "One more step of the iteration",
    onClick: () => set({ step: Math.min(STEPS.max, state().step + 1) }),
  });
  const reset = button({ text: "Reset", title: "Back to the start", onClick: () => set({ step: 0 }) });
  const shown = formula({ c: "strength", y: "target" });
  const status = h("p", { class: "dtr-status" });

  const left = plot({ ...SIZE, label: alt, xLabel: "x", yLabel: "y − c sin x" });
  const right = plot({ ...SIZE, label: "", xLabel: "step n", yLabel: "error" });
  const x = scaleLinear().range([left.inner.left, left.inner.right]);
  const y = scaleLinear().range([left.inner.bottom, left.inner.top]);
  const nx = scaleLinear().range([right.inner.left, right.inner.right]);
  const ny = scaleLog().range([right.inner.bottom, right.inner.top]);
  const diagonal = left.marks.append("path").attr("class", "dtr-zero");
  const curve = left.marks.append("path").attr("class", "dtr-map-curve");
  const web = left.marks.append("path").attr("class", "dtr-web");
  const start = left.marks.append("circle").attr("class", "dtr-origin").attr("r", 5);
  const here = left.marks.append("circle").attr("class", "dtr-now").attr("r", 5.5);
  const limit = right.marks.append("path").attr("class", "dtr-ode");
  const path = right.marks.append("path").attr("class", "dtr-path");
  const dots = right.marks.append("path").attr("class", "dtr-dots");

  root.append(
    h("div", { class: "dtr-controls" }, strength.element, target.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    shown.element,
    h("div", { class: "dtr-controls" }, step.element, h("div", { class: "dtr-row" }, next.element, reset.element)),
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-map" }), "one step of the iteration; where it meets the diagonal, x is solved for"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-web" }), "the path: up to the curve, across to the diagonal"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-dots" }), "distance from the solution"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-ode" }), "the bound |c|ⁿ times the first distance"),
    ),
  );

  return (s) => {
    const all = iterates(s.strength, s.target, STEPS.max);
    // Past the border there may be several solutions: the one where the path ends up, if it does.
    const solution = nearest(fixedPoints(s.strength, s.target), all.at(-1));
    const seen = all.slice(0, s.step + 1);
    const errors = seen.map((value) => Math.abs(value - solution));
    const contracts = Math.abs(s.strength) < 1;

    const half = Math.max(1.2, 1.4 * Math.abs(s.strength));
    x.domain([s.target - half, s.target + half]);
    y.domain([s.target - half, s.target + half]);
    left.axes(x, y);
    const [from, to] = x.domain();
    diagonal.attr("d", through([[from, from], [to, to]], x, y));
    curve.attr("d", graph((u) => towards(u, s.target, s.strength), from, to).map((piece) => through(piece, x, y)).join(""));
    // From the diagonal to the curve, and from there to the diagonal again.
    const corners = seen.slice(1).flatMap((value, i) => [[seen[i], value], [value, value]]);
    web.attr("d", through([[s.target, s.target], ...corners], x, y));
    start.attr("cx", x(s.target)).attr("cy", y(s.target));
    here.attr("cx", x(seen.at(-1))).attr("cy", y(seen.at(-1)));

    const positive = errors.map((error, n) => [n, error]).filter(([, error]) => error >= SMALLEST);
    const bounds = Array.from({ length: STEPS.max + 1 }, (_, n) => [n, errorBound(n, s.strength, errors[0])]).filter(
      ([, error]) => error >= SMALLEST && error < 1e3,
    );
    nx.domain([0, Math.max(20, s.step)]);
    const low = Math.max(SMALLEST, Math.min(1e-3, ...positive.map(([, error]) => error)) / 2);
    ny.domain([low, 10]);
    right.axes(nx, ny, { yValues: logTicks(low, 10), yFormat: logLabel });
    limit.attr("d", through(bounds, nx, ny));
    path.attr("d", through(positive, nx, ny));
    dots.attr("d", discs(positive, nx, ny, 2.8));
    right.nothing(positive.length ? "" : "solved at the start: no error");
    const error = errors.at(-1);
    const told = error < SMALLEST ? "below rounding" : decimal(error, 4);
    right.svg.attr("aria-label", `Error against step on a logarithmic axis. At step ${s.step}: ${told}.`);

    strength.show(s.strength);
    target.show(s.target);
    step.show(s.step);
    shown.show(towardsTex, "x \\leftarrow y - f(x)", s);
    const steps = s.step === 1 ? "1 step" : `${s.step} steps`;
    const reached = `After ${steps}: x = ${decimal(seen.at(-1), 4)}, error ${told}.`;
    const promise = contracts
      ? `The bound allows ${decimal(errorBound(s.step, s.strength, errors[0]), 4)}.`
      : "No bound: |c| is not below 1, and nothing says that the steps come closer.";
    status.textContent = `${reached} ${promise}`;
    return {
      ...s,
      x: seen.at(-1),
      solution,
      error,
      bound: contracts ? errorBound(s.step, s.strength, errors[0]) : null,
      contracts,
      residual: Math.abs(all.at(-1) - towards(all.at(-1), s.target, s.strength)),
    };
  };
});
