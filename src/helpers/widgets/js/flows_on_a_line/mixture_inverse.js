// The mixture of sigmoids: its value with a bracket that bisection halves, its slope, and the density it makes.

import { scaleLinear } from "d3-scale";
import { density, leftAsymptote, mixtureTex, rightAsymptote } from "../generated/flows_on_a_line.js";
import { button, choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, snapped } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { h, view } from "../shared/view.js";
import { formula, graph } from "./formula.js";
import { bisection, mixed, mixedSlope, naive, saturation } from "./maps.js";

const TRAITS = ["weight", "scale_1", "scale_2", "shift_1", "shift_2", "target", "step", "arithmetic"];
const SLIDERS = {
  weight: { text: "Weight of the first", tex: "w", min: 0.05, max: 0.95, step: 0.05 },
  scale_1: { text: "First scale", tex: "a_1", min: 0.2, max: 4, step: 0.1 },
  scale_2: { text: "Second scale", tex: "a_2", min: 0.2, max: 4, step: 0.1 },
  shift_1: { text: "First shift", tex: "b_1", min: -8, max: 8, step: 0.1 },
  shift_2: { text: "Second shift", tex: "b_2", min: -8, max: 8, step: 0.1 },
};
const TARGET = { min: -6, max: 6, step: 0.1 };
const STEPS = { min: 0, max: 30, step: 1 };
const SIZE = { width: 400, height: 360, margin: { left: 44, right: 12, top: 24, bottom: 42 } };
const [NEAR, FAR] = [10, 45]; // half the width of the picture: of the map, and where float32 gives out
const ARITHMETIC = { log_space: "in log-space", float32: "naive, in float32" };

export const mixtureInverse = view("mixture-inverse", TRAITS, ({ state, set, root, alt }) => {
  const setTarget = (value) => set({ target: snapped(value, TARGET) });
  const sliders = Object.fromEntries(
    Object.entries(SLIDERS).map(([name, options]) => [
      name,
      slider({ name, ...options, onInput: (value) => set({ [name]: value }) }),
    ]),
  );
  const arithmetic = choice({
    name: "arithmetic",
    text: "Computed",
    options: Object.entries(ARITHMETIC),
    onInput: (value) => set({ arithmetic: value }),
  });
  const target = slider({ name: "target", text: "Value to invert", tex: "y", ...TARGET, digits: 1, onInput: setTarget });
  const step = slider({ name: "step", text: "Halvings", ...STEPS, digits: 0, unit: "halvings", onInput: (value) => set({ step: value }) });
  const next = button({
    text: "Step",
    title: "Halve the bracket once more",
    onClick: () => set({ step: Math.min(STEPS.max, state().step + 1) }),
  });
  const reset = button({ text: "Reset", title: "Back to the first bracket", onClick: () => set({ step: 0 }) });
  const shown = formula({ w: "weight" });
  const status = h("p", { class: "dtr-status" });

  const left = plot({ ...SIZE, label: alt, xLabel: "z", yLabel: "g(z)" });
  const right = plot({ ...SIZE, label: "", xLabel: "z", yLabel: "slope, density" });
  const x = scaleLinear().range([left.inner.left, left.inner.right]);
  const y = scaleLinear().range([left.inner.bottom, left.inner.top]);
  const steepness = scaleLinear().range([right.inner.bottom, right.inner.top]);

  const band = left.marks.append("rect").attr("class", "dtr-bracket");
  const asymptotes = left.marks.append("path").attr("class", "dtr-ode");
  const line = left.marks.append("path").attr("class", "dtr-level-line");
  const curve = left.marks.append("path").attr("class", "dtr-map-curve");
  const rounded = left.marks.append("path").attr("class", "dtr-naive");
  const lost = left.marks.append("path").attr("class", "dtr-lost");
  const hairs = left.marks.append("path").attr("class", "dtr-hairs");
  const middle = left.marks.append("circle").attr("class", "dtr-now").attr("r", 5.5);
  const grip = handle(left, {
    x,
    y,
    axis: "y",
    label: "Value to invert: up and down arrow keys move it",
    text: "y",
    step: () => TARGET.step,
    onMove: ([, value]) => setTarget(value),
    describe: ([, value]) => `y = ${decimal(value, 1)}`,
  });
  const bounds = right.marks.append("path").attr("class", "dtr-ode");
  const slopes = right.marks.append("path").attr("class", "dtr-curve dtr-thick");
  const densities = right.marks.append("path").attr("class", "dtr-density");

  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(sliders).map(({ element }) => element), arithmetic.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    shown.element,
    h(
      "div",
      { class: "dtr-controls" },
      target.element,
      step.element,
      h("div", { class: "dtr-row" }, next.element, reset.element),
    ),
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-map" }), "the map g"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-ode" }), "first its asymptotes, then the smallest and the largest scale"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-bracket" }), "the bracket of the solution; the dot is its middle"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-curve" }), "the slope g′"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-density" }), "the density of z, if g(z) is standard normal"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-naive" }), "the naive value in float32; shaded, where it is infinite"),
    ),
  );

  return (s) => {
    const isNaive = s.arithmetic === "float32";
    const half = isNaive ? FAR : NEAR;
    const parameters = [s.weight, s.scale_1, s.scale_2, s.shift_1, s.shift_2];
    x.domain([-half, half]);
    y.domain([-half, half]);
    const slopePieces = graph((z) => mixedSlope(s, z), -half, half);
    const densityPieces = graph((z) => density(mixed(s, z), mixedSlope(s, z)), -half, half);
    const highest = Math.max(s.scale_1, s.scale_2);
    steepness.domain([0, 1.12 * highest]);
    left.axes(x, y);
    right.axes(x, steepness);

    curve.attr("d", graph((z) => mixed(s, z), -half, half).map((piece) => through(piece, x, y)).join(""));
    asymptotes.attr(
      "d",
      [
        [leftAsymptote, -half, 0],
        [rightAsymptote, 0, half],
      ]
        .map(([asymptote, from, to]) => through([from, to].map((z) => [z, asymptote(z, ...parameters)]), x, y))
        .join(""),
    );
    const from = isNaive ? saturation(s, -half, half, 9000) : null;
    rounded.attr("d", isNaive ? graph((z) => naive(s, z), -half, half, 900).map((piece) => through(piece, x, y)).join("") : "");
    lost.attr("d", from === null ? "" : `M${x(from)},${y.range()[0]}V${y.range()[1]}H${x(half)}V${y.range()[0]}Z`);

    const brackets = bisection(s, s.target, STEPS.max);
    const [low, high] = brackets[s.step];
    const center = (low + high) / 2;
    line.attr("d", `M${x(-half)},${y(s.target)}H${x(half)}`);
    band
      .attr("x", x(low) - 1)
      .attr("width", x(high) - x(low) + 2)
      .attr("y", y.range()[1])
      .attr("height", y.range()[0] - y.range()[1]);
    hairs.attr("d", `M${x(center)},${y.range()[0]}V${y(mixed(s, center))}`);
    middle.attr("cx", x(center)).attr("cy", y(mixed(s, center)));
    grip.show([-0.86 * half, s.target], { low: TARGET.min, high: TARGET.max });

    const smallest = Math.min(s.scale_1, s.scale_2);
    bounds.attr("d", [smallest, highest].map((a) => `M${x(-half)},${steepness(a)}H${x(half)}`).join(""));
    slopes.attr("d", slopePieces.map((piece) => through(piece, x, steepness)).join(""));
    densities.attr("d", densityPieces.map((piece) => through(piece, x, steepness)).join(""));
    right.svg.attr("aria-label", `Slope and density against z. The slope tends to ${decimal(smallest)} at both ends.`);

    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    arithmetic.show(s.arithmetic);
    target.show(s.target);
    step.show(s.step);
    shown.show(mixtureTex, "g(z)", s);
    const error = (high - low) / 2;
    const halved = s.step === 1 ? "1 halving" : `${s.step} halvings`;
    const solved =
      `After ${halved} the solution of g(z) = ${decimal(s.target, 1)} is ${decimal(center, 4)}, by at most ${decimal(error, 4)} wrong. ` +
      `The slope there is ${decimal(mixedSlope(s, center), 4)}.`;
    const gone = from === null ? "the naive value is finite in this picture." : `the naive value is infinite from z = ${decimal(from, 1)} on.`;
    status.textContent = isNaive ? `${solved} In float32, ${gone}` : solved;
    return {
      ...s,
      bracket: [low, high],
      middle: center,
      value: mixed(s, center),
      slope: mixedSlope(s, center),
      slope_at_zero: mixedSlope(s, 0),
      saturates_at: from,
      highest_slope: Math.max(...slopePieces.flat().map(([, slope]) => slope)),
    };
  };
});
