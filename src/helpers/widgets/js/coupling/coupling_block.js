// The block with halves of length one: a square and its image, the way back, and what happens to areas.

import { scaleLinear } from "d3-scale";
import { bumpTex } from "../generated/coupling.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { warp, warpLegend } from "../shared/warp.js";
import * as block from "./block.js";

const TRAITS = ["level", "log_scale_bump", "shift_bump", "s", "undo", "point_a", "point_b"];
const SIZE = 340;
const MARGIN = { left: 40, right: 12, top: 24, bottom: 40 };
const CELLS = 10;
const LIMIT = 1.2; // |log det| of the full colour
const KEY_STEP = 0.05;
const OUTLINE = [...edge((t) => [t, -1]), ...edge((t) => [1, t]), ...edge((t) => [-t, 1]), ...edge((t) => [-1, -t])];

function edge(at, count = 40) {
  return Array.from({ length: count + 1 }, (_, k) => at(-1 + (2 * k) / count));
}

const inSquare = (value) => Math.min(1, Math.max(-1, value));
const pair = ([p, q], digits = 3) => `(${decimal(p, digits)}, ${decimal(q, digits)})`;

export const couplingBlock = view("coupling-block", TRAITS, ({ set, root, alt }) => {
  const range = { min: -1, max: 1, step: 0.05 };
  const sliders = [
    ["level", "Level of G", "g_0"],
    ["log_scale_bump", "Bump of G", "g_1"],
    ["shift_bump", "Bump of F", "f"],
    ["s", "Log-scale of b", "s"],
  ].map(([name, text, tex]) => [name, slider({ name, text, tex, ...range, onInput: (value) => set({ [name]: value }) })]);
  const undo = choice({ name: "undo", text: "Undo with", options: Object.entries(block.UNDO), onInput: (value) => set({ undo: value }) });

  const panel = (label, xLabel, yLabel) => {
    const frame = plot({ width: SIZE, height: SIZE, margin: MARGIN, label, xLabel, yLabel });
    return {
      frame,
      cells: warp(frame.marks),
      outline: frame.marks.append("path").attr("class", "dtr-square"),
      x: scaleLinear().range([frame.inner.left, frame.inner.right]),
      y: scaleLinear().range([frame.inner.bottom, frame.inner.top]),
    };
  };
  const before = panel(alt, "a", "b");
  const after = panel("The image of the square under the block.", "u", "v");
  // A group lets the handle in it be reached; what is drawn has a name all the same.
  const start = handle(before.frame, {
    x: before.x,
    y: before.y,
    label: "Point (a, b); the arrow keys move it",
    step: () => KEY_STEP,
    onMove: ([a, b]) => set({ point_a: inSquare(a), point_b: inSquare(b) }),
    describe: ([a, b]) => `a ${decimal(a)}, b ${decimal(b)}`,
  });
  const image = after.frame.front.append("circle").attr("class", "dtr-now").attr("r", 7);
  const returned = before.frame.front.append("circle").attr("class", "dtr-returned").attr("r", 6);

  const titles = [h("p", { class: "dtr-heat-title" }), h("p", { class: "dtr-heat-title" }, "The output (u, v)")];
  const formula = h("div", { class: "dtr-formula" });
  const wayBack = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });
  const flag = h("p", { class: "dtr-flag" });
  root.append(
    h("div", { class: "dtr-controls dtr-controls-narrow" }, undo.element, ...sliders.map(([, control]) => control.element)),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, titles[0], before.frame.svg.node()),
      h("div", { class: "dtr-stage" }, titles[1], after.frame.svg.node()),
    ),
    h("div", { class: "dtr-formulas" }, formula, wayBack),
    sentence,
    flag,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      ...warpLegend(),
      h("li", {}, h("i", { class: "dtr-key dtr-key-square" }), "the square, where it was"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-now" }), "the point, in the output and come back"),
    ),
  );

  const show = ({ frame, cells, outline, x, y }, map, state, square) => {
    const reached = Math.max(...OUTLINE.flatMap(([a, b]) => map(a, b)).map(Math.abs));
    const half = Math.max(1.25, 1.08 * reached);
    x.domain([-half, half]);
    y.domain([-half, half]);
    frame.axes(x, y);
    cells.show({ map, logDet: (a, b) => block.logDeterminant(state, b), low: -1, high: 1, cells: CELLS, limit: LIMIT, x, y });
    outline.attr("d", square ? `${through(OUTLINE, x, y)}Z` : "");
  };

  return (state) => {
    const point = [state.point_a, state.point_b];
    const [u, v] = block.forward(state, ...point);
    const back = block.roundTrip(state, ...point);
    const [F, G] = block.networks(state, point[1]);
    show(before, (a, b) => block.roundTrip(state, a, b), state, true);
    show(after, (a, b) => block.forward(state, a, b), state, false);
    start.show(point, { low: -1, high: 1 });
    image.attr("cx", after.x(u)).attr("cy", after.y(v));
    returned
      .attr("cx", before.x(back[0]))
      .attr("cy", before.y(back[1]))
      .attr("visibility", state.undo === "nothing" ? "hidden" : "visible");

    const area = block.areaOfImage(state);
    const integral = block.integralOfDeterminant(state);
    const preserving = block.isVolumePreserving(state);
    const [low, high] = block.rangeOfDeterminant(state);
    const error = block.roundTripError(state);
    for (const [name, control] of sliders) control.show(state[name]);
    undo.show(state.undo);
    titles[0].textContent = state.undo === "nothing" ? "The input (a, b)" : "What comes back";

    const n = (value) => live(texDecimal(value));
    const letters = { s: "s" };
    typeset(
      formula,
      `\\begin{aligned} & G(b) = ${n(state.level)} + ${brackets(state.log_scale_bump)}\\,${bumpTex},\\qquad F(b) = ${n(state.shift_bump)}\\,${bumpTex} \\\\` +
        `& v = e^{s} b = e^{${n(state.s)}} \\cdot ${brackets(point[1])} = ${n(v)} \\\\` +
        `& u = e^{G(b)} a + F(b) = e^{${n(G)}} \\cdot ${brackets(point[0])} + ${brackets(F)} = ${n(u)} \\end{aligned}`,
      { displayMode: true, letters },
    );
    wayBack.hidden = state.undo === "nothing";
    if (state.undo !== "nothing") {
      const symbols = state.undo === "inverse" ? "(u - F(b))\\, e^{-G(b)}" : "u - F(b)\\, e^{-G(b)}";
      typeset(wayBack, `b = e^{-s} v = ${n(back[1])},\\qquad a = ${symbols} = ${n(back[0])}`, { displayMode: true, letters });
    }
    const trip =
      state.undo === "nothing" ? "" : ` What comes back misses by at most ${error === 0 ? "0" : error < 1e-12 ? "rounding" : decimal(error, 3)}${
          error > 0 && error < 1e-12 ? ` (${error.toExponential(0).replace("-", "−")})` : ""
        }.`;
    sentence.textContent =
      `The square has the area 4. Inside the outline of its image: ${decimal(area, 4)}. The integral of the determinant: ` +
      `${decimal(integral, 4)}. The determinant runs from ${decimal(low)} to ${decimal(high)}.${trip}`;
    flag.textContent = `Volume preserving? ${preserving ? "Yes: G + s is zero everywhere." : "No: G + s is not zero everywhere."}`;
    flag.classList.toggle("dtr-yes", preserving);
    after.frame.svg.attr(
      "aria-label",
      `The image of the square under the block. The point ${pair(point)} goes to ${pair([u, v])}; the area is ${decimal(area, 3)}.`,
    );
    return {
      ...state,
      output: [u, v],
      returned: back,
      area_of_image: area,
      integral_of_determinant: integral,
      log_determinant: block.logDeterminant(state, point[1]),
      volume_preserving: preserving,
      round_trip_error: error,
    };
  };
});

/** A number as a factor or a summand: a negative one in brackets. */
function brackets(value) {
  const text = texDecimal(value);
  return live(text.startsWith("-") ? `(${text})` : text);
}
