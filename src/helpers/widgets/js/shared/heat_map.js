// A matrix as coloured cells: blue above zero, orange below, the stronger the larger; an exact zero stays empty.

import { change, h, identifier, svgElement } from "./view.js";
import { legible } from "./legible.js";
import { decimal } from "./numbers.js";
import { select } from "d3-selection";

const SIDE = 320;
const ROOM = 22; // for the numbers of rows and columns
const WRITTEN = 34; // a cell of this many user units has room for its value

/**
 * A square picture of a matrix. `show(rows, options)` draws it anew; `options` are
 *   label      what a screen reader says: the picture's meaning and present state
 *   limit      the size that has the full colour; by default the largest entry's
 *   digits     decimals of the values, which stand in the cells while there is room for them
 *   breaks     where a line separates blocks: [2] draws one after the second row and the second column
 *   rowBreaks  the same for rows alone
 *   cell       side of a cell in user units; by default the matrix fills a square
 *   written    the smallest cell that has room for its value
 *   rowNames, columnNames   short texts beside the rows and above the columns; by default none
 *   marked     (row, column) → whether the cell is set apart by a frame
 *   absent     (row, column) → whether there is nothing to show: the cell has a dash and no colour
 * `cellAt(x, y)` is the [row, column] under a point of the picture in its own units, or null.
 */
export function heatMap({ title = "" } = {}) {
  const id = identifier("heat-map");
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .attr("viewBox", `0 0 ${SIDE} ${SIDE}`)
    .attr("class", "dtr-plot dtr-heat-map")
    .attr("role", "img")
    .attr("id", id);
  const fit = legible(svg.node());
  const cells = svg.append("g").node();
  const lines = svg.append("path").attr("class", "dtr-heat-breaks").node();
  const frames = svg.append("g").attr("class", "dtr-heat-frames");
  const names = svg.append("g").attr("class", "dtr-heat-names");
  const heading = h("p", { class: "dtr-heat-title" });
  heading.textContent = title;
  const element = h("div", { class: "dtr-heat" }, ...(title ? [heading] : []), svg.node());

  let place = null;
  let laidOut = null;
  const drawn = []; // of each cell: its elements, and what they show
  return {
    element,
    svg,
    cellAt(x, y) {
      const [i, j] = [Math.floor((y - place.top) / place.side), Math.floor((x - place.left) / place.side)];
      return i >= 0 && j >= 0 && i < place.height && j < place.width ? [i, j] : null;
    },
    show(rows, { label = title, limit, digits = 2, breaks = [], rowBreaks = [], cell: wanted, written = WRITTEN, rowNames = [], columnNames = [], marked = () => false, absent = () => false } = {}) {
      const [height, width] = [rows.length, rows[0].length];
      const flat = rows.flatMap((row, i) => row.map((value, j) => ({ value, i, j })));
      const sizes = flat.filter(({ i, j }) => !absent(i, j)).map(({ value }) => Math.abs(value)).filter(Number.isFinite);
      const full = limit ?? Math.max(...sizes, 1e-300);
      const left = rowNames.length ? ROOM : 1;
      const top = columnNames.length ? ROOM : 1;
      const side = wanted ?? Math.min((SIDE - left - 1) / width, (SIDE - top - 1) / height);
      svg.attr("aria-label", label);
      const isWritten = side >= written;
      const geometry = [left, top, side, height, width, isWritten].join();
      if (geometry !== laidOut) {
        laidOut = geometry;
        svg.attr("viewBox", `0 0 ${left + side * width + 1} ${top + side * height + 1}`);
        fit();
        while (drawn.length > flat.length) drawn.pop().group.remove();
        while (drawn.length < flat.length) {
          const group = svgElement("g", { class: "dtr-heat-cell" });
          drawn.push({ group, rect: group.appendChild(svgElement("rect")), text: null });
          cells.append(group);
        }
        // Each part has its place itself: a transform for each cell would cost the browser more than all of the rest.
        flat.forEach(({ i, j }, k) => {
          const now = drawn[k];
          const [x, y] = [left + j * side, top + i * side];
          change(now.rect, { x, y, width: side, height: side });
          if (isWritten) {
            now.text ??= now.group.appendChild(svgElement("text"));
            change(now.text, { x: x + side / 2, y: y + side / 2 });
          } else if (now.text) {
            now.text.remove();
            now.text = now.words = null;
          }
        });
      }
      // A cell is touched only where it has changed.
      flat.forEach(({ value, i, j }, k) => {
        const now = drawn[k];
        const sign = absent(i, j) || Number.isNaN(value) ? "none" : value > 0 ? "positive" : value < 0 ? "negative" : "zero";
        if (now.sign !== sign) now.group.dataset.sign = now.sign = sign;
        const isMarked = Boolean(marked(i, j));
        if (now.isMarked !== isMarked) now.group.classList.toggle("dtr-heat-marked", (now.isMarked = isMarked));
        // Even a small entry is told from an exact zero.
        const level = `${(value === 0 ? 0 : 12 + 73 * Math.min(1, Math.abs(value) / full)).toFixed(1)}%`;
        if (now.level !== level) now.rect.style.setProperty("--level", (now.level = level));
        if (!isWritten) return;
        const words = absent(i, j) ? "–" : value === 0 ? "0" : decimal(value, digits);
        if (now.words !== words) now.text.textContent = now.words = words;
      });
      place = { left, top, side, height, width };
      const down = breaks.map((k) => `M${left + k * side},${top}v${side * height}`);
      const across = [...breaks, ...rowBreaks].map((k) => `M${left},${top + k * side}h${side * width}`);
      change(lines, { d: [...down, ...across].join("") });
      frames
        .selectAll("rect")
        .data(flat.filter(({ i, j }) => marked(i, j)))
        .join("rect")
        .each(function ({ i, j }) {
          change(this, { x: left + j * side, y: top + i * side, width: side, height: side });
        });
      const named = [
        ...rowNames.map((text, i) => ({ text, x: left - 5, y: top + (i + 0.5) * side, anchor: "end" })),
        ...columnNames.map((text, j) => ({ text, x: left + (j + 0.5) * side, y: top - 8, anchor: "middle" })),
      ];
      names
        .selectAll("text")
        .data(named)
        .join("text")
        .each(function ({ text, x, y, anchor }) {
          change(this, { x, y, "text-anchor": anchor });
          if (this.textContent !== text) this.textContent = text;
        });
    },
  };
}
