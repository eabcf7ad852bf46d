// An SVG plot with D3 scales and axes, coloured by classes so that the page's theme reaches every mark.

import { axisBottom, axisLeft } from "d3-axis";
import { select } from "d3-selection";
import { legible } from "./legible.js";
import { identifier } from "./view.js";

/**
 * A plot of `width` x `height` user units that scales with its box. Layers are drawn in the order asked for;
 * everything in `marks` is clipped to the frame.
 *
 * A wide plot names its `least` width and `onWidth`: in a narrower box it has fewer units in place of smaller ones.
 * `inner` has changed when `onWidth` is called, which sets the ranges of the scales and asks for a drawing.
 *
 * `nothing(text)` says in the middle why there is no mark (zeros on a logarithmic axis); without a text there is one.
 */
export function plot({ width, height, margin, label, xLabel, yLabel, least = width, onWidth = () => {} }) {
  const clip = identifier("clip");
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .attr("class", "dtr-plot")
    .attr("role", "img")
    .attr("aria-label", label);
  const inner = { left: margin.left, top: margin.top, bottom: height - margin.bottom };
  const frame = svg
    .append("clipPath")
    .attr("id", clip)
    .append("rect")
    .attr("x", inner.left)
    .attr("y", inner.top)
    .attr("height", inner.bottom - inner.top);
  const background = svg.append("g");
  const xAxis = svg.append("g").attr("class", "dtr-axis").attr("transform", `translate(0,${inner.bottom})`);
  const yAxis = svg.append("g").attr("class", "dtr-axis").attr("transform", `translate(${inner.left},0)`);
  const marks = svg.append("g").attr("clip-path", `url(#${clip})`);
  const front = svg.append("g");
  const nothing = front.append("text").attr("class", "dtr-nothing").attr("y", (inner.top + inner.bottom) / 2);
  const xName = svg
    .append("text")
    .attr("class", "dtr-axis-label")
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .text(xLabel);
  svg
    .append("text")
    .attr("class", "dtr-axis-label")
    .attr("x", 4)
    .attr("y", 13)
    .text(yLabel);
  const layOut = (units) => {
    inner.right = units - margin.right;
    svg.attr("viewBox", `0 0 ${units} ${height}`);
    frame.attr("width", inner.right - inner.left);
    xName.attr("x", inner.right);
    nothing.attr("x", (inner.left + inner.right) / 2);
  };
  layOut(width);
  legible(svg.node(), (pixels) => {
    if (least === width) return;
    layOut(Math.round(Math.min(width, Math.max(least, pixels))));
    onWidth();
  });
  // An axis is drawn when it has changed: its words are what costs most in a frame.
  const shown = {};
  const axis = (group, along, scale, values, format) => {
    const key = [scale.domain(), scale.range(), values ?? scale.ticks?.(5), scale.base?.()].join(";");
    if (shown[along]?.key === key && shown[along].format === format) return;
    shown[along] = { key, format };
    group.call((along === "x" ? axisBottom : axisLeft)(scale).ticks(5).tickValues(values).tickFormat(format).tickSizeOuter(0));
  };
  return {
    svg,
    inner,
    background,
    marks,
    front,
    nothing: (text = "") => nothing.text(text),
    axes(x, y, { xValues = null, xFormat = null, yValues = null, yFormat = null } = {}) {
      axis(xAxis, "x", x, xValues, xFormat);
      axis(yAxis, "y", y, yValues, yFormat);
    },
  };
}

const canBeDrawn = (px, py) => Math.abs(px) <= 1e6 && Math.abs(py) <= 1e6;

/** An SVG path through points in data space; points that are not finite end the path. */
export function through(points, x, y) {
  let path = "";
  for (const [a, b] of points) {
    const [px, py] = [x(a), y(b)];
    if (!canBeDrawn(px, py)) break;
    path += `${path ? "L" : "M"}${px.toFixed(2)},${py.toFixed(2)}`;
  }
  return path;
}

/**
 * An SVG path of discs round points in data space, without those that are not finite: one element, which costs the browser
 * less than one for each disc.
 */
export function discs(points, x, y, radius) {
  const halves = `a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0z`;
  const places = points.map(([a, b]) => [x(a) - radius, y(b)]).filter((place) => canBeDrawn(...place));
  return places.map(([px, py]) => `M${px.toFixed(2)},${py.toFixed(2)}${halves}`).join("");
}
