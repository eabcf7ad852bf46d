// A map of the line, a horizontal line that moves, and the points that have its height for their image.

import { scaleLinear } from "d3-scale";
import { maps } from "../generated/flows_on_a_line.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, snapped } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { h, view } from "../shared/view.js";
import { formula, graph } from "./formula.js";
import { parametersOf, preimages, REACH, valueAt } from "./maps.js";

const TRAITS = ["map", "outer", "inner", "offset", "slope", "weight", "distance", "strength", "level"];

// Each parameter's slider; the ranges are those of the traits.
const PARAMETERS = {
  outer: { text: "Outer factor", tex: "k", min: -2, max: 2, step: 0.05 },
  inner: { text: "Inner factor", tex: "m", min: -2, max: 2, step: 0.05 },
  offset: { text: "Offset", tex: "t", min: -3, max: 3, step: 0.05 },
  slope: { text: "Slope on the left", tex: "\\lambda", min: 0, max: 2, step: 0.05 },
  weight: { text: "Weight", tex: "w", min: 0.05, max: 0.95, step: 0.05 },
  distance: { text: "Half the distance", tex: "d", min: 0, max: 6, step: 0.1 },
  strength: { text: "Strength", tex: "c", min: -4, max: 4, step: 0.05 },
};
const LETTERS = { k: "outer", m: "inner", t: "offset", λ: "slope", w: "weight", d: "distance", c: "strength" };
const LEVEL = { min: -4, max: 4, step: 0.05 };
const HALF_WIDTH = 8;
const HANDLE_AT = 7.2;

export const horizontalLine = view("horizontal-line", TRAITS, ({ state, set, root, alt }) => {
  const setLevel = (value) => set({ level: snapped(value, LEVEL) });
  const kind = choice({
    name: "map",
    text: "Map",
    options: Object.entries(maps).map(([name, { title }]) => [name, title]),
    onInput: (map) => set({ map }),
  });
  const sliders = Object.fromEntries(
    Object.entries(PARAMETERS).map(([name, options]) => [
      name,
      slider({ name, ...options, onInput: (value) => set({ [name]: value }) }),
    ]),
  );
  const level = slider({ name: "level", text: "Height of the line", tex: "y", ...LEVEL, onInput: setLevel });
  const shown = formula(LETTERS);
  const status = h("p", { class: "dtr-status" });

  const frame = plot({
    width: 460,
    height: 380,
    margin: { left: 40, right: 14, top: 24, bottom: 42 },
    label: alt,
    xLabel: "z",
    yLabel: "g(z)",
  });
  const x = scaleLinear().domain([-HALF_WIDTH, HALF_WIDTH]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([LEVEL.min - 0.5, LEVEL.max + 0.5]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);
  frame.marks
    .append("path")
    .attr("class", "dtr-zero")
    .attr("d", `M${x(-HALF_WIDTH)},${y(0)}H${x(HALF_WIDTH)}M${x(0)},${y.range()[0]}V${y.range()[1]}`);
  const line = frame.marks.append("path").attr("class", "dtr-level-line");
  const curve = frame.marks.append("path").attr("class", "dtr-map-curve");
  const flatPiece = frame.marks.append("path").attr("class", "dtr-flat");
  const drops = frame.marks.append("path").attr("class", "dtr-hairs");
  const dots = frame.marks.append("g").attr("class", "dtr-preimages");
  const grip = handle(frame, {
    x,
    y,
    axis: "y",
    label: "Height of the line: up and down arrow keys move it",
    text: "line",
    step: () => LEVEL.step,
    onMove: ([, height]) => setLevel(height),
    describe: ([, height]) => `y = ${decimal(height)}`,
  });

  root.append(
    h("div", { class: "dtr-controls" }, kind.element, level.element, ...Object.values(sliders).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        shown.element,
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-curve" }), "the map g"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-level" }), "the horizontal line at height y"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-eigenvalue" }), "points with the image y"),
        ),
      ),
    ),
  );

  return (s) => {
    const g = (z) => valueAt(s, z);
    const { points, flat } = preimages(g, s.level);
    const given = parametersOf(s);
    const [injective, onto] = [maps[s.map].injective(...given), maps[s.map].onto(...given)];

    curve.attr("d", graph(g, -HALF_WIDTH, HALF_WIDTH).map((piece) => through(piece, x, y)).join(""));
    line.attr("d", `M${x(-HALF_WIDTH)},${y(s.level)}H${x(HALF_WIDTH)}`);
    const seen = points.filter((z) => Math.abs(z) <= HALF_WIDTH);
    drops.attr("d", seen.map((z) => `M${x(z)},${y(s.level)}V${y.range()[0]}`).join(""));
    const inside = flat?.map((z) => Math.min(HALF_WIDTH, Math.max(-HALF_WIDTH, z)));
    flatPiece.attr("d", inside && inside[1] > inside[0] ? `M${x(inside[0])},${y(s.level)}H${x(inside[1])}` : "");
    dots
      .attr("data-single", points.length === 1 && !flat)
      .selectAll("circle")
      .data(seen)
      .join("circle")
      .attr("r", 6)
      .attr("cx", x)
      .attr("cy", y(s.level));
    grip.show([HANDLE_AT, s.level], { low: LEVEL.min, high: LEVEL.max });

    kind.show(s.map);
    level.show(s.level);
    for (const [name, control] of Object.entries(sliders)) {
      control.show(s[name]);
      control.element.hidden = !maps[s.map].parameters.includes(name);
    }
    shown.show(maps[s.map].tex, "g(z)", s);
    status.textContent = `${whatTheLineSays(s.level, points, flat)} ${whatTheMapIs(injective, onto)}`;
    return { ...s, points, flat, injective, onto, invertible: injective && onto };
  };
});

/** A sentence: which points have the image y. */
function whatTheLineSays(height, points, flat) {
  const image = `y = ${decimal(height)}`;
  const list = points.map((z) => decimal(z)).join(", ");
  if (flat) {
    const ends = [flat[0] <= -REACH ? "−∞" : decimal(flat[0]), flat[1] >= REACH ? "∞" : decimal(flat[1])];
    const also = points.length ? ` So has z = ${list}.` : "";
    return `Every z from ${ends[0]} to ${ends[1]} has the image ${image}: nobody can tell which it was.${also}`;
  }
  if (points.length === 0) return `No point has the image ${image}.`;
  if (points.length === 1) return `One point has the image ${image}: z = ${list}.`;
  const count = points.length === 2 ? "Two" : points.length;
  return `${count} points with one image, ${image}: z = ${list}. Nobody can tell which it was.`;
}

/** A sentence: what all lines together say. */
function whatTheMapIs(injective, onto) {
  if (injective && onto) return "Every line meets this graph exactly once: the map is invertible.";
  if (injective) return "Every line meets this graph at most once, some never: invertible only onto its range.";
  const others = onto ? "" : ", and some lines never meet it";
  return `Some line meets this graph more than once${others}: the map is not invertible.`;
}
