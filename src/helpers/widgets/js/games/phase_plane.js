// The plane of both players: field, start, steps, the smooth curve through them, and the circle of the ODE.

import { scaleLinear } from "d3-scale";
import { field, flow } from "../generated/games.js";
import { button, numberField } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { player } from "../shared/player.js";
import { h, view } from "../shared/view.js";
import { facts, gameControls, radiusSentence, RANGES, stepSlider, TRAITS, updateFormula } from "./controls.js";
import { modes, trajectory } from "./dynamics.js";

const SIZE = 420;
const NEAR = 2.2; // half-width of the picture, unless the start lies outside it
const FIRST_START = [1, 0];
const LAST_STEP = RANGES.step.max;
const STEPS_PER_SECOND = 14;

const halfWidth = (start) => Math.max(NEAR, 1.1 * Math.abs(start[0]), 1.1 * Math.abs(start[1]));

/** First step at which the point lies outside the picture, null if it never does within the steps known. */
export function leavesAt(points, half) {
  const k = points.findIndex(([d, g]) => Math.abs(d) > half || Math.abs(g) > half);
  if (k >= 0) return k;
  return points.length <= LAST_STEP ? points.length : null;
}

export const phasePlane = view("phase-plane", TRAITS, ({ state, set, root, alt, redraw }) => {
  const frame = plot({
    width: SIZE,
    height: SIZE,
    margin: { left: 36, right: 10, top: 24, bottom: 42 },
    label: alt,
    xLabel: "discriminator d",
    yLabel: "generator g",
  });
  const { inner } = frame;
  const x = scaleLinear().range([inner.left, inner.right]);
  const y = scaleLinear().range([inner.bottom, inner.top]);

  const arrows = frame.background.append("g").attr("class", "dtr-field");
  const circle = frame.marks.append("path").attr("class", "dtr-ode");
  const circleArrows = frame.marks.append("g").attr("class", "dtr-ode-arrows");
  const curve = frame.marks.append("path").attr("class", "dtr-curve");
  const path = frame.marks.append("path").attr("class", "dtr-path");
  const dots = frame.marks.append("path").attr("class", "dtr-dots");
  const origin = frame.marks.append("path").attr("class", "dtr-origin").attr("d", "M-5,0H5M0,-5V5");
  const now = frame.front.append("circle").attr("class", "dtr-now").attr("r", 6);
  const controls = gameControls(set);
  const steps = stepSlider(set);
  const formula = updateFormula();
  const startLimit = () => halfWidth(state().start) / 1.1;
  const startD = numberField({
    name: "start_d",
    text: "Start",
    tex: "d_0",
    spoken: "Start of the discriminator d",
    step: 0.1,
    limit: startLimit,
    onInput: (d) => set({ start: [d, state().start[1]] }),
  });
  const startG = numberField({
    name: "start_g",
    text: "",
    tex: "g_0",
    spoken: "Start of the generator g",
    step: 0.1,
    limit: startLimit,
    onInput: (g) => set({ start: [state().start[0], g] }),
  });

  /** Whether there is no step left that could be seen. */
  const isOver = () => {
    const { step, start } = state();
    const left = leavesAt(trajectory(state(), LAST_STEP), halfWidth(start));
    return step >= LAST_STEP || (left !== null && step >= left);
  };
  const play = player({
    text: "Play",
    title: "Let the game run, step by step",
    perSecond: STEPS_PER_SECOND,
    begin: () => isOver() && set({ step: 0 }),
    advance() {
      if (isOver()) return false;
      set({ step: state().step + 1 });
      return true;
    },
    redraw,
  });
  const single = button({
    text: "Step",
    title: "One step of the method",
    onClick: () => {
      play.stop();
      set({ step: Math.min(LAST_STEP, state().step + 1) });
    },
  });
  const reset = button({
    text: "Reset",
    title: "Back to step 0 and to the first start",
    onClick: () => {
      play.stop();
      set({ step: 0, start: [...FIRST_START] });
    },
  });
  const curveName = h("span");
  const status = h("p", { class: "dtr-status" });

  const moveStart = (d, g) => {
    const limit = startLimit();
    const clamp = (value) => Math.round(Math.min(limit, Math.max(-limit, value)) * 100) / 100;
    set({ start: [clamp(d), clamp(g)] });
  };
  const startHandle = handle(frame, {
    x,
    y,
    label: "Start of the game: arrow keys move it",
    text: "start",
    step: () => 0.05 * (halfWidth(state().start) / NEAR),
    onMove: ([d, g]) => moveStart(d, g),
    onStart: play.stop,
    describe: ([d, g]) => `d = ${decimal(d)}, g = ${decimal(g)}`,
  });

  root.append(
    controls.element,
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        formula.element,
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-dots" }), "steps of the method, vₖ"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-curve" }), curveName),
          h("li", {}, h("i", { class: "dtr-key dtr-key-ode" }), "the plain game in continuous time"),
        ),
        h("div", { class: "dtr-row" }, startD.element, startG.element),
      ),
    ),
    h(
      "div",
      { class: "dtr-controls" },
      steps.element,
      h("div", { class: "dtr-row" }, play.element, single.element, reset.element),
    ),
  );

  const drawField = (half) => {
    const grid = [-0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8].map((s) => s * half);
    const length = 0.055; // of the arrow at distance `half`, for each unit of the field's size
    const lines = grid
      .flatMap((d) => grid.map((g) => ({ d, g, f: field(d, g) })))
      .filter(({ f }) => Math.hypot(...f) > 0)
      .map(({ d, g, f }) => {
        const size = Math.hypot(...f);
        const scale = (half * (0.08 + length * (size / half))) / size;
        return [
          [d, g],
          [d + scale * f[0], g + scale * f[1]],
        ];
      });
    arrows
      .selectAll("path")
      .data(lines)
      .join("path")
      .attr("d", ([tail, head]) => arrow([x(tail[0]), y(tail[1])], [x(head[0]), y(head[1])], 3.5));
  };

  let drawnHalf = null;
  const draw = (s) => {
    const half = halfWidth(s.start);
    if (half !== drawnHalf) {
      x.domain([-half, half]);
      y.domain([-half, half]);
      frame.axes(x, y);
      drawField(half);
      origin.attr("transform", `translate(${x(0)},${y(0)})`);
      drawnHalf = half;
    }
    const points = trajectory(s, LAST_STEP);
    const left = leavesAt(points, half);
    const seen = points.slice(0, s.step + 1);
    const here = seen.at(-1);

    const turn = Array.from({ length: 73 }, (_, i) => flow((2 * Math.PI * i) / 72, ...s.start));
    circle.attr("d", through(turn, x, y));
    circleArrows
      .selectAll("path")
      .data([0.8, 2.4, 4, 5.5])
      .join("path")
      .attr("d", (t) => {
        const [p, q] = [flow(t - 0.01, ...s.start), flow(t, ...s.start)];
        const screen = [x(q[0]) - x(p[0]), y(q[1]) - y(p[1])];
        const size = Math.hypot(...screen) || 1;
        const head = [x(q[0]), y(q[1])];
        return size > 1e-3 ? arrow([head[0] - (9 * screen[0]) / size, head[1] - (9 * screen[1]) / size], head, 5) : "";
      });

    const smooth = modes(s)?.at;
    const shown = left === null ? s.step : Math.min(s.step, left + 1);
    const samples = Math.min(1200, 16 * shown);
    curve.attr(
      "d",
      smooth && s.learning_rate > 0 && shown > 0
        ? through(Array.from({ length: samples + 1 }, (_, i) => smooth((shown * i) / samples)), x, y)
        : "",
    );
    curveName.textContent = smooth ? "the exact curve through them" : "no smooth curve: an eigenvalue is not positive, or two meet";
    path.attr("d", through(seen, x, y));
    dots.attr("d", discs(seen, x, y, 2.6));
    const inside = Math.abs(here[0]) <= half && Math.abs(here[1]) <= half && seen.length === s.step + 1;
    now.attr("display", inside ? null : "none").attr("cx", inside ? x(here[0]) : 0).attr("cy", inside ? y(here[1]) : 0);
    startHandle.show(s.start, { low: -half / 1.1, high: half / 1.1 });

    controls.show(s);
    steps.show(s.step);
    startD.show(s.start[0]);
    startG.show(s.start[1]);
    formula.show(s);
    const norm = Math.hypot(...here);
    const overflow = seen.length < s.step + 1 ? points.length : null;
    status.textContent = sentence(s, here, norm, left, overflow);
    return facts(s, {
      point: here,
      norm,
      left_picture_at: left !== null && left <= s.step ? left : null,
      left_range_at: overflow,
      playing: play.isPlaying(),
    });
  };
  return { draw, destroy: play.destroy };
});

function sentence(s, here, norm, left, overflow) {
  const parts = [radiusSentence(s)];
  if (overflow !== null) {
    parts.push(`Left the range of numbers at step ${overflow}, the picture at step ${left}.`);
  } else {
    parts.push(`After ${s.step} ${s.step === 1 ? "step" : "steps"}: v = (${decimal(here[0])}, ${decimal(here[1])}), ‖v‖ = ${decimal(norm, 3)}.`);
    if (left !== null && left <= s.step) parts.push(`Left the picture at step ${left}.`);
  }
  return parts.join(" ");
}

/** A line with a head of `size` pixels. */
function arrow([x0, y0], [x1, y1], size) {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const wing = (side) => `${(x1 - size * (ux + side * 0.6 * uy)).toFixed(2)},${(y1 - size * (uy - side * 0.6 * ux)).toFixed(2)}`;
  return `M${x0.toFixed(2)},${y0.toFixed(2)}L${x1.toFixed(2)},${y1.toFixed(2)}M${wing(1)}L${x1.toFixed(2)},${y1.toFixed(2)}L${wing(-1)}`;
}
