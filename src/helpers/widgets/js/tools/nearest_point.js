// The nearest point of a segment or a box, and projected gradient descent from it.

import { scaleLinear } from "d3-scale";
import { distance, largestLearningRate, MINIMUM, objective, radii, SEGMENT_AT } from "../generated/tools.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { nearest, path } from "./descent.js";

const SIZE = 340;
const MARGIN = { left: 40, right: 14, top: 24, bottom: 42 };
const [LOW, HIGH] = [-1, 2];
const LEVELS = [0.05, 0.3, 0.8, 1.6, 3];
const TRAITS = ["target", "point", "learning_rate", "step"];
const TARGETS = [
  ["segment", "the segment"],
  ["box", "the box"],
  ["plane", "the whole plane: no constraint"],
];

const pair = ([a, b], digits = 2) => `(${decimal(a, digits)}, ${decimal(b, digits)})`;
const texPair = ([a, b]) => `(${live(texDecimal(a))},\\ ${live(texDecimal(b))})`;
const key = (name) => h("i", { class: `dtr-key dtr-key-${name}` });

export const nearestPoint = view("nearest-point", TRAITS, ({ state, set, root, alt }) => {
  const target = choice({ name: "target", text: "Stay in", options: TARGETS, onInput: (name) => set({ target: name }) });
  const rate = slider({
    name: "learning_rate",
    text: "Learning rate",
    tex: "\\eta",
    min: 0,
    max: 0.8,
    step: 0.01,
    onInput: (learning_rate) => set({ learning_rate }),
  });
  const steps = slider({ name: "step", text: "Step", tex: "k", min: 0, max: 40, step: 1, digits: 0, unit: "steps", onInput: (step) => set({ step }) });
  const formulas = ["", "", ""].map(() => h("div", { class: "dtr-formula" }));
  const sentence = h("p", { class: "dtr-status" });

  const panel = () => {
    const frame = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "x₁", yLabel: "x₂" });
    const x = scaleLinear().domain([LOW, HIGH]).range([frame.inner.left, frame.inner.right]);
    const y = scaleLinear().domain([LOW, HIGH]).range([frame.inner.bottom, frame.inner.top]);
    frame.axes(x, y);
    return { frame, x, y, set: frame.marks.append("path").attr("class", "dtr-set") };
  };
  const [left, right] = [panel(), panel()];
  const outline = {
    segment: ({ x, y }) => `M${x(SEGMENT_AT)},${y(0)}V${y(1)}`,
    box: ({ x, y }) => `M${x(0)},${y(0)}H${x(1)}V${y(1)}H${x(0)}Z`,
    plane: () => "",
  };

  const circle = left.frame.marks.append("circle").attr("class", "dtr-reach");
  const spoke = left.frame.marks.append("path").attr("class", "dtr-spoke");
  const foot = left.frame.marks.append("circle").attr("class", "dtr-now").attr("r", 6);
  const limited = (value) => Math.round(100 * Math.min(HIGH, Math.max(LOW, value))) / 100;
  const dragged = handle(left.frame, {
    x: left.x,
    y: left.y,
    label: "The point y: arrow keys move it",
    text: "y",
    step: () => 0.05,
    onMove: ([a, b]) => set({ point: [limited(a), limited(b)] }),
    describe: ([a, b]) => `y₁ = ${decimal(a)}, y₂ = ${decimal(b)}`,
  });

  const levels = right.frame.marks.append("g").attr("class", "dtr-levels");
  for (const [rx, ry] of LEVELS.map((level) => radii(level))) {
    levels
      .append("ellipse")
      .attr("cx", right.x(MINIMUM[0]))
      .attr("cy", right.y(MINIMUM[1]))
      .attr("rx", right.x(rx) - right.x(0))
      .attr("ry", right.y(0) - right.y(ry));
  }
  right.frame.marks
    .append("path")
    .attr("class", "dtr-origin")
    .attr("d", `M${right.x(MINIMUM[0]) - 5},${right.y(MINIMUM[1])}h10m-5,-5v10`);
  const pulls = right.frame.marks.append("path").attr("class", "dtr-pulls");
  const line = right.frame.marks.append("path").attr("class", "dtr-path");
  const dots = right.frame.marks.append("path").attr("class", "dtr-dots");
  const last = right.frame.marks.append("circle").attr("class", "dtr-now").attr("r", 6);

  root.append(
    h("div", { class: "dtr-controls" }, target.element, rate.element, steps.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.frame.svg.node()),
      h("div", { class: "dtr-stage" }, right.frame.svg.node()),
    ),
    h("div", { class: "dtr-formulas dtr-tools-formulas" }, ...formulas),
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, key("set"), "the set to stay in"),
      h("li", {}, key("reach"), "everything as near to y as its nearest point"),
      h("li", {}, key("now"), "first picture: the nearest point Π(y), where the path begins; second: where it is now"),
      h("li", {}, key("dots"), "steps of projected descent"),
      h("li", {}, key("pulls"), "what a gradient step reaches, before it is projected"),
      h("li", {}, key("levels"), "level lines of the objective; its lowest point is the cross"),
    ),
  );

  return (s) => {
    const point = nearest(s.target, s.point);
    const far = distance(...point, ...s.point);
    const reach = left.x(far) - left.x(0);
    for (const side of [left, right]) side.set.attr("d", outline[s.target](side));
    circle.attr("cx", left.x(s.point[0])).attr("cy", left.y(s.point[1])).attr("r", reach);
    spoke.attr("d", `M${left.x(s.point[0])},${left.y(s.point[1])}L${left.x(point[0])},${left.y(point[1])}`);
    foot.attr("cx", left.x(point[0])).attr("cy", left.y(point[1]));
    dragged.show(s.point, { low: LOW, high: HIGH });
    left.frame.svg.attr("aria-label", `${alt} Now y is ${pair(s.point)}, its nearest point ${pair(point)}, at the distance ${decimal(far, 3)}.`);

    const { points, before } = path(s, s.step);
    const end = points.at(-1);
    const isFar = ([a, b]) => Math.abs(a) > 50 || Math.abs(b) > 50;
    const seen = points.slice(0, points.findIndex(isFar) < 0 ? undefined : points.findIndex(isFar) + 1);
    pulls.attr(
      "d",
      s.target === "plane"
        ? ""
        : before.map((made, k) => `M${right.x(made[0]).toFixed(2)},${right.y(made[1]).toFixed(2)}L${right.x(points[k + 1][0]).toFixed(2)},${right.y(points[k + 1][1]).toFixed(2)}`).join(""),
    );
    line.attr("d", through(seen, right.x, right.y));
    dots.attr("d", discs(seen, right.x, right.y, 3.6));
    last.attr("display", isFar(end) ? "none" : null).attr("cx", right.x(end[0])).attr("cy", right.y(end[1]));
    right.frame.svg.attr("aria-label", `Projected gradient descent: at step ${s.step} the point is ${pair(end, 3)}.`);

    target.show(s.target);
    rate.show(s.learning_rate);
    steps.show(s.step);
    const border = largestLearningRate();
    const sign = s.learning_rate < border ? "<" : s.learning_rate > border ? ">" : "=";
    typeset(formulas[0], `\\Pi${texPair(s.point)} = ${texPair(point)}`, { displayMode: true });
    typeset(formulas[1], `x_{${live(s.step)}} = ${texPair(end)}`, { displayMode: true });
    typeset(formulas[2], `\\eta = ${live(texDecimal(s.learning_rate))} ${sign} \\frac{2}{L} = ${texDecimal(border)}`, {
      displayMode: true,
      letters: { η: "learning_rate" },
    });
    sentence.textContent =
      `The nearest point is ${decimal(far, 3)} away. After ${s.step} ${s.step === 1 ? "step" : "steps"} the objective is ${decimal(objective(...end), 3)}. ` +
      (s.learning_rate < border
        ? "The path settles."
        : s.learning_rate === border
          ? "Exactly on the border, it need not settle."
          : s.target === "plane"
            ? "Each step overshoots by more than it gained: the path runs away."
            : "Each step overshoots by more than it gained, until the set stops it.");
    return { ...s, nearest: point, distance: far, path: points, objective: objective(...end), largest_learning_rate: border };
  };
});
