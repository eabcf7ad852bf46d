// A square grid of pixels with path counts, marks for what must not be seen and what is missed, and a frame to move.

import { drag } from "d3-drag";
import { pointer, select } from "d3-selection";
import { legible } from "../shared/legible.js";
import { patches } from "../shared/patches.js";
import { change, identifier } from "../shared/view.js";

const SIDE = 440;
const ROOM = 26; // for the numbers of rows and columns
const DIRECTIONS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const WAVE = 55; // milliseconds by which a field grows later for each pixel of distance

/** A pattern of slanted lines in an SVG picture; returns the `fill` that uses it. */
export function hatching(svg) {
  const id = identifier("hatch");
  svg
    .append("defs")
    .append("pattern")
    .attr("id", id)
    .attr("width", 7)
    .attr("height", 7)
    .attr("patternUnits", "userSpaceOnUse")
    .attr("patternTransform", "rotate(45)")
    .append("line")
    .attr("class", "dtr-hatch")
    .attr("y2", 7);
  return `url(#${id})`;
}

/** A count that fits into a cell: 12 345 becomes 12k. */
function short(count) {
  if (count < 1e4) return String(count);
  const [unit, text] = count < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return `${Math.round(count / unit)}${text}`;
}

/**
 * The grid. `onMove([row, column])` is called, with numbers from 1, when the frame is moved by the arrow keys, dragged,
 * or a cell is clicked. `show({ counts, pixel, leaks, blind, label, growing })` draws it; `leaks` and `blind` are lists of
 * pixels, `growing` says that the field is one layer further than before.
 */
export function pixelGrid({ onMove }) {
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .attr("viewBox", `0 0 ${SIDE} ${SIDE}`)
    .attr("class", "dtr-plot dtr-pixels")
    .attr("role", "group");
  legible(svg.node());
  const hatch = hatching(svg);
  const cells = svg.append("g");
  const names = svg.append("g").attr("class", "dtr-heat-names");
  const frame = svg
    .append("g")
    .attr("class", "dtr-handle")
    .attr("tabindex", 0)
    .attr("role", "slider")
    .attr("aria-label", "The output pixel: arrow keys move it");
  frame.append("circle").attr("class", "dtr-handle-reach").attr("r", 34); // 44 px across on a phone
  frame.append("rect").attr("class", "dtr-handle-ring");

  let here = [1, 1];
  let count = 5;
  let wanted = null; // asked for since the last drawing: two keys may fall into one frame
  const cell = () => (SIDE - ROOM - 2) / count;
  const inside = (index) => Math.min(count, Math.max(1, index));
  const move = ([row, column]) => {
    wanted = [inside(row), inside(column)];
    onMove(wanted);
    requestAnimationFrame(() => (wanted = null));
  };
  const at = ([x, y]) => [Math.floor((y - ROOM) / cell()) + 1, Math.floor((x - ROOM) / cell()) + 1];
  svg.on("click", (event) => {
    const place = at(pointer(event, svg.node()));
    if (place.every((index) => index >= 1 && index <= count)) move(place);
  });
  frame.call(
    drag()
      .container(svg.node())
      .on("drag", (event) => move(at([event.x, event.y]))),
  );
  frame.on("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const [row, column] = wanted ?? here;
    const size = event.shiftKey ? 5 : 1;
    move([row + size * direction[0], column + size * direction[1]]);
  });

  return {
    element: svg.node(),
    show({ counts, pixel, leaks, blind, label, growing }) {
      count = counts.length;
      here = pixel;
      const side = cell();
      const most = Math.max(1, ...counts.flat());
      const has = (pixels, r, c) => pixels.some(([a, b]) => a === r + 1 && b === c + 1);
      const kind = (number, r, c) => (number > 0 ? (has(leaks, r, c) ? "leak" : "seen") : has(blind, r, c) ? "blind" : "none");
      const flat = counts.flatMap((row, r) => row.map((number, c) => ({ number, r, c, kind: kind(number, r, c) })));
      svg.attr("aria-label", label).classed("dtr-growing", growing);
      // What is touched has changed, and has its place itself: a transform for each pixel would cost the browser more.
      cells
        .selectAll("g")
        .data(flat, ({ r, c }) => `${r},${c}`)
        .join((enter) => {
          const made = enter.append("g");
          made.append("rect");
          made.append("path").attr("class", "dtr-leak-corner");
          made.append("text");
          return made;
        })
        .each(function ({ number, r, c, kind: name }) {
          const [x, y] = [ROOM + c * side, ROOM + r * side];
          const level = (18 + (52 * Math.log(1 + number)) / Math.log(1 + most)).toFixed(1);
          const delay = WAVE * Math.max(Math.abs(r + 1 - pixel[0]), Math.abs(c + 1 - pixel[1]));
          change(this, { class: `dtr-pixel dtr-pixel-${name}`, style: `--level: ${level}%; --delay: ${delay}ms` });
          const [rect, corner, text] = this.children;
          change(rect, { x, y, width: side, height: side, fill: name === "blind" ? hatch : null });
          change(corner, { d: name === "leak" ? `M${x + 0.7 * side},${y}h${0.3 * side}v${0.3 * side}Z` : null });
          change(text, { x: x + side / 2, y: y + side / 2, style: `font-size: max(${Math.min(21, 0.36 * side)}px, var(--dtr-least))` });
          const words = number === 0 ? "" : short(number);
          if (text.textContent !== words) text.textContent = words;
        });
      names
        .selectAll("text")
        .data(Array.from({ length: 2 * count }, (_, k) => ({ index: (k % count) + 1, isRow: k < count })))
        .join("text")
        .each(function ({ index, isRow }) {
          const along = ROOM + (index - 0.5) * side;
          change(this, { x: isRow ? ROOM - 7 : along, y: isRow ? along : ROOM - 12, "text-anchor": isRow ? "end" : "middle" });
          if (this.textContent !== String(index)) this.textContent = index;
        });
      const middle = (index) => ROOM + (index - 0.5) * side;
      frame
        .attr("transform", `translate(${middle(pixel[1])},${middle(pixel[0])})`)
        .attr("aria-valuemin", 1)
        .attr("aria-valuemax", count * count)
        .attr("aria-valuenow", (pixel[0] - 1) * count + pixel[1])
        .attr("aria-valuetext", `row ${pixel[0]}, column ${pixel[1]}`);
      frame
        .select(".dtr-handle-ring")
        .attr("x", 2 - side / 2)
        .attr("y", 2 - side / 2)
        .attr("width", side - 4)
        .attr("height", side - 4);
    },
  };
}

/** A small picture of a grid of truths, for the eye alone; `center` is framed. */
export function miniature(name) {
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .attr("class", `dtr-mini ${name}`)
    .attr("aria-hidden", "true");
  const draw = patches(svg.node());
  return {
    element: svg.node(),
    show(rows, center, kindOf = () => "seen") {
      const side = rows.length;
      change(svg.node(), { viewBox: `-0.5 -0.5 ${10 * side + 1} ${10 * side + 1}` });
      const pixel = (kind, r, c) => ({ class: `dtr-mini-${kind}`, d: `M${10 * c},${10 * r}h10v10h-10z` });
      draw([...rows.flatMap((row, r) => row.map((is, c) => pixel(is ? kindOf(r, c) : "none", r, c))), pixel("center", ...center)]);
    },
  };
}
