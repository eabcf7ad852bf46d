// Spectral radius over (learning rate, parameter), or over the learning rate alone, with the present point.

import { contours } from "d3-contour";
import { drag } from "d3-drag";
import { scaleLinear } from "d3-scale";
import { pointer } from "d3-selection";
import { methods } from "../generated/games.js";
import { decimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { h, view } from "../shared/view.js";
import { facts, gameControls, kept, radiusSentence, RANGES, TRAITS } from "./controls.js";
import { iterationMatrix, parameterOf, spectralRadius } from "./dynamics.js";

const [WIDTH, HEIGHT] = [460, 380];
const [COLUMNS, ROWS] = [126, 97];
const [FINE_COLUMNS, FINE_ROWS] = [751, 601];
const BELOW = [0.95, 0.9, 0.8, 0.7, 0.6, 0.5]; // each lies within the one before it
const ABOVE = [1.05, 1.2, 1.5, 2, 3, 5];
const NAMES = { strength: "strength γ", momentum: "momentum β" };

const grid = ({ min, max }, count) => Array.from({ length: count }, (_, i) => min + ((max - min) * i) / (count - 1));
const snap = (value, { min, max, step }) => {
  const clamped = Math.min(max, Math.max(min, value));
  return Number((min + Math.round((clamped - min) / step) * step).toFixed(10));
};

/** Spectral radii of a method on the grid of the map: rows from the smallest parameter up. */
export function radii(method) {
  const { parameter } = methods[method];
  const rates = grid(RANGES.learning_rate, parameter ? COLUMNS : 251);
  const values = parameter ? grid(RANGES[parameter], ROWS) : [0];
  return values.flatMap((p) =>
    rates.map((rate) => spectralRadius(iterationMatrix({ method, learning_rate: rate, [parameter]: p }))),
  );
}

export const spectralRadiusMap = view("spectral-radius-map", TRAITS, ({ state, set, root, alt }) => {
  const controls = gameControls(set);
  const sentence = h("p", { class: "dtr-status" });
  const frame = plot({
    width: WIDTH,
    height: HEIGHT,
    margin: { left: 54, right: 14, top: 24, bottom: 42 },
    label: alt,
    xLabel: "learning rate η",
    yLabel: "",
  });
  frame.svg.attr("class", "dtr-plot dtr-map");
  const { inner, svg } = frame;
  const yName = svg.select(".dtr-axis-label:last-of-type");
  const x = scaleLinear().domain([RANGES.learning_rate.min, RANGES.learning_rate.max]).range([inner.left, inner.right]);
  const y = scaleLinear().range([inner.bottom, inner.top]);
  const bands = frame.marks.append("g");
  const curve = frame.marks.append("path").attr("class", "dtr-radius-curve");
  const border = frame.marks.append("path").attr("class", "dtr-border");
  const hairs = frame.marks.append("path").attr("class", "dtr-hairs");
  const grip = frame.front.append("g").attr("class", "dtr-grip");
  grip.append("circle").attr("class", "dtr-handle-reach").attr("r", 34); // 44 px across on a phone
  grip.append("circle").attr("class", "dtr-now").attr("r", 7);

  // Pointing at the map moves the sliders; the sliders themselves are the way for the keyboard.
  const pointAt = (px, py) => {
    const { parameter } = methods[state().method];
    const change = { learning_rate: snap(x.invert(px), RANGES.learning_rate) };
    if (parameter) change[parameter] = snap(y.invert(py), RANGES[parameter]);
    set(change);
  };
  svg.on("click", (event) => pointAt(...pointer(event, svg.node())));
  grip.call(
    drag()
      .container(svg.node())
      .on("drag", (event) => pointAt(event.x, event.y)),
  );

  root.append(
    controls.element,
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        sentence,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-converges" }), "spectral radius below 1: converges"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-diverges" }), "above 1: runs away"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-border" }), "the border, spectral radius 1"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-now" }), "where the sliders stand; drag it"),
        ),
      ),
    ),
  );

  const radiiOf = kept(radii);
  const areasOf = kept((method) => areas(radiiOf(method), regionOf(method), inner));

  let drawn = null;
  const drawMethod = (method) => {
    const { parameter } = methods[method];
    bands.selectAll("*").remove();
    border.attr("d", "");
    curve.attr("d", "");
    if (!parameter) {
      const values = radiiOf(method);
      const top = Math.min(3, 1.08 * Math.max(1.3, ...values));
      y.domain([0, top]);
      bands.append("rect").attr("class", "dtr-level-converges").attr("x", inner.left).attr("width", inner.right - inner.left).attr("y", y(1)).attr("height", y(0) - y(1));
      bands.append("rect").attr("class", "dtr-level-diverges").attr("x", inner.left).attr("width", inner.right - inner.left).attr("y", y(top)).attr("height", y(1) - y(top));
      border.attr("d", `M${inner.left},${y(1)}H${inner.right}`);
      curve.attr("d", through(values.map((radius, i) => [(RANGES.learning_rate.max * i) / 250, radius]), x, y));
      yName.text("spectral radius");
    } else {
      const { min, max } = RANGES[parameter];
      y.domain([min, max]);
      const found = areasOf(method);
      for (const { side, radius, outline } of found) {
        bands.append("path").attr("class", "dtr-level").attr("data-side", side).attr("style", `--level:${level(radius)}`).attr("d", outline);
      }
      border.attr("d", found.find(({ side, radius }) => side === "converges" && radius === 1).outline);
      yName.text(NAMES[parameter]);
    }
    frame.axes(x, y);
    drawn = method;
  };

  return (s) => {
    if (s.method !== drawn) drawMethod(s.method);
    const { parameter } = methods[s.method];
    const radius = spectralRadius(iterationMatrix(s));
    const height = parameter ? s[parameter] : radius;
    const [px, py] = [x(s.learning_rate), Math.max(inner.top, y(height))];
    grip.attr("transform", `translate(${px},${py})`);
    hairs.attr("d", `M${px},${inner.bottom}V${py}H${inner.left}`);
    svg.attr("aria-label", `${alt} Now: spectral radius ${decimal(radius, 4)} at learning rate ${decimal(s.learning_rate)}${parameter ? `, ${parameter} ${decimal(parameterOf(s))}` : ""}.`);
    controls.show(s);
    sentence.textContent = radiusSentence(s);
    return facts(s);
  };
});

/** 1 where the method's condition for convergence holds, else 0, on the fine grid. */
function regionOf(method) {
  const { parameter, converges } = methods[method];
  const rates = grid(RANGES.learning_rate, FINE_COLUMNS);
  const values = grid(RANGES[parameter], FINE_ROWS);
  const region = new Uint8Array(FINE_ROWS * FINE_COLUMNS);
  let place = 0;
  for (const value of values) for (const rate of rates) region[place++] = converges(rate, value) ? 1 : 0;
  return region;
}

/** What is filled on the map, each area above those before it: its side of the border, the radius at its edge, its path. */
function areas(values, region, inner) {
  const { left, right, top, bottom } = inner;
  const coarse = (side, thresholds, heights) =>
    contours()
      .size([COLUMNS, ROWS])
      .thresholds(thresholds)(heights)
      .map((contour) => ({ side, radius: Math.abs(contour.value), outline: outline(contour, COLUMNS, ROWS, inner) }));
  // The border is the proved condition itself, not a contour of computed radii.
  const [border] = contours().size([FINE_COLUMNS, FINE_ROWS]).thresholds([0.5])(region);
  return [
    { side: "diverges", radius: 1, outline: `M${left},${top}H${right}V${bottom}H${left}Z` },
    ...coarse("diverges", ABOVE, values),
    { side: "converges", radius: 1, outline: outline(border, FINE_COLUMNS, FINE_ROWS, inner) },
    ...coarse(
      "converges",
      BELOW.map((radius) => -radius),
      values.map((radius) => -radius),
    ),
  ];
}

/** SVG path of a contour on the map's frame; grid points stand at the centres of d3-contour's cells. */
function outline({ coordinates }, columns, rows, { left, right, top, bottom }) {
  const place = ([i, j]) => {
    const x = left + ((right - left) * (i - 0.5)) / (columns - 1);
    const y = bottom - ((bottom - top) * (j - 0.5)) / (rows - 1);
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  };
  return coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(place).join("L")}Z`)).join("");
}

/** How strongly a band is coloured: faint at the border, full far from it. */
function level(radius) {
  const depth = radius < 1 ? (1 - radius) / 0.5 : Math.log(radius) / Math.log(3);
  return `${Math.round(14 + 46 * Math.min(1, depth))}%`;
}
