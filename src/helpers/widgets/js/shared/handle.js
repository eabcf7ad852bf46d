// A point of a plot that is dragged with the pointer or a finger, or moved with the arrow keys.

import { drag } from "d3-drag";

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * A handle in front of `frame`, a plot from plane.js.
 *   x, y      the plot's scales; their domains may change
 *   label     what a screen reader calls it; it should say that the arrow keys move it
 *   text      a word above it
 *   step      () → length of one press of an arrow key in data units; five times as long with Shift
 *   onMove    ([a, b]) → sets the state; the handle follows when `show` is called
 *   onStart   called when a drag begins
 *   axis      "x" or "y" for a handle that moves along one axis only
 *   describe  ([a, b]) → what a screen reader says of its place
 * Returns { element, show(point, { low, high }) }, the two being the range of the coordinate that is announced.
 */
export function handle(frame, { x, y, label, text = "", step, onMove, onStart = () => {}, axis = null, describe }) {
  let here = [0, 0];
  let wanted = null; // asked for since the last drawing: two keys may fall into one frame
  frame.svg.attr("role", "group"); // no longer one picture: it holds something to move
  const group = frame.front
    .append("g")
    .attr("class", `dtr-handle${axis ? ` dtr-handle-${axis}` : ""}`)
    .attr("tabindex", 0)
    .attr("role", "slider")
    .attr("aria-label", label);
  if (axis) group.attr("aria-orientation", axis === "x" ? "horizontal" : "vertical");
  // 44 px across on a phone, where a plot of any width is 302 px wide
  const reach = Math.max(31, 0.075 * frame.svg.node().viewBox.baseVal.width);
  group.append("circle").attr("class", "dtr-handle-reach").attr("r", reach);
  group.append("circle").attr("class", "dtr-handle-ring").attr("r", 9);
  group.append("text").attr("y", -14).attr("text-anchor", "middle").text(text);
  const move = ([a, b]) => {
    wanted = [axis === "y" ? here[0] : a, axis === "x" ? here[1] : b];
    onMove(wanted);
    requestAnimationFrame(() => (wanted = null));
  };
  group.call(
    drag()
      .container(frame.svg.node())
      .on("start", onStart)
      .on("drag", (event) => move([x.invert(event.x), y.invert(event.y)])),
  );
  group.on("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const size = step() * (event.shiftKey ? 5 : 1);
    const [a, b] = wanted ?? here;
    move([a + size * direction[0], b + size * direction[1]]);
  });
  return {
    element: group.node(),
    show(point, { low, high }) {
      here = point;
      group
        .attr("transform", `translate(${x(point[0])},${y(point[1])})`)
        .attr("aria-valuemin", low)
        .attr("aria-valuemax", high)
        .attr("aria-valuenow", axis === "y" ? point[1] : point[0])
        .attr("aria-valuetext", describe(point));
    },
  };
}
