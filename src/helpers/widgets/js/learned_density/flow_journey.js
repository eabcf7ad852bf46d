// A cloud of points and a grid on their way through the layers of a flow, with the data behind them.

import { scaleLinear } from "d3-scale";
import { button, slider } from "../shared/controls.js";
import { discs, plot, through } from "../shared/plane.js";
import { player } from "../shared/player.js";
import { h, view } from "../shared/view.js";
import { axisOf, between, reach, unpacked } from "./journey.js";

const SIZE = 420;
const LAYERS_PER_SECOND = 1.2;
const FRAMES_PER_SECOND = 30;
const TRAITS = ["layer", "points", "lines", "data", "line_length"];
const AXES = ["x₁", "x₂"];

export const flowJourney = view("flow-journey", TRAITS, ({ state, set, root, alt, redraw }) => {
  const { points, lines, data: target, line_length: length } = state();
  const [stages, grid, [data]] = [points, lines, target].map(unpacked);
  const last = stages.length - 1;
  const frame = plot({
    width: SIZE,
    height: SIZE,
    margin: { left: 36, right: 10, top: 24, bottom: 42 },
    label: alt,
    xLabel: "x₁",
    yLabel: "x₂",
  });
  const half = 1.06 * reach([...stages, data]);
  const x = scaleLinear().domain([-half, half]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([-half, half]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);

  frame.marks.append("path").attr("class", "dtr-targets").attr("d", discs(data, x, y, 2));
  const sheet = frame.marks.append("g").attr("class", "dtr-sheet");
  // A point keeps the colour of the quadrant that it starts in.
  const quadrants = stages[0].map(([a, b]) => (a >= 0 ? (b >= 0 ? 1 : 4) : b >= 0 ? 2 : 3));
  const clouds = [1, 2, 3, 4].map((quadrant) => {
    const path = frame.marks.append("path").attr("class", "dtr-cloud").attr("data-quadrant", quadrant);
    return { path, isIn: (_, i) => quadrants[i] === quadrant };
  });

  const play = player({
    text: "Play",
    title: "Apply the layers one after the other",
    perSecond: FRAMES_PER_SECOND,
    begin: () => state().layer >= last && set({ layer: 0 }),
    advance() {
      const { layer } = state();
      if (layer >= last) return false;
      set({ layer: Math.min(last, Math.round((layer + LAYERS_PER_SECOND / FRAMES_PER_SECOND) * 1000) / 1000) });
      return true;
    },
    redraw,
  });
  const jump = (change, text, title) =>
    button({
      text,
      title,
      onClick: () => {
        play.stop();
        const { layer } = state();
        set({ layer: Math.min(last, Math.max(0, change > 0 ? Math.floor(layer) + 1 : Math.ceil(layer) - 1)) });
      },
    });
  const layers = slider({
    name: "layer",
    text: "Layers applied",
    min: 0,
    max: last,
    step: 0.1,
    digits: 1,
    unit: "layers",
    onInput: (layer) => {
      play.stop();
      set({ layer });
    },
  });
  const status = h("p", { class: "dtr-status" });

  root.append(
    h("div", { class: "dtr-controls" }, layers.element, h("div", { class: "dtr-row" }, play.element, jump(-1, "Back", "One layer back").element, jump(1, "Next", "One layer on").element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-cloud" }), "points from the round Gaussian, each in the colour of the quadrant where it starts"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-sheet" }), "a square grid, carried along"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-targets" }), "data that the flow was trained on"),
        ),
      ),
    ),
  );

  const draw = (s) => {
    const here = between(stages, s.layer);
    for (const { path, isIn } of clouds) path.attr("d", discs(here.filter(isIn), x, y, 2.8));
    const carried = between(grid, s.layer);
    const runs = Array.from({ length: carried.length / length }, (_, k) => carried.slice(k * length, (k + 1) * length));
    sheet
      .selectAll("path")
      .data(runs)
      .join("path")
      .attr("d", (run) => through(run, x, y));
    layers.show(Math.min(s.layer, last));
    status.textContent = sentence(s.layer);
    return { layer: s.layer, layers: last, first_point: here[0] ?? null, axis: moving(s.layer), playing: play.isPlaying() };
  };
  const moving = (layer) => (layer > 0 && layer <= last ? axisOf(stages, Math.ceil(layer)) : null);
  const sentence = (layer) => {
    if (layer <= 0) return `No layer yet: a round Gaussian cloud. ${last} layers will carry it to the data.`;
    const axis = moving(layer);
    const along = axis === null ? "" : ` along ${AXES[axis]} only`;
    if (layer >= last) return `All ${last} layers: the cloud lies where the data are. The last one moved every point${along}.`;
    const whole = Number.isInteger(layer);
    const number = Math.ceil(layer);
    return whole ? `${number} of ${last} layers. Layer ${number} has moved every point${along}.` : `Layer ${number} of ${last} is moving every point${along}.`;
  };
  return { draw, destroy: play.destroy };
});
