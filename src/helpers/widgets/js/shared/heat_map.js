// A matrix as coloured cells: blue above zero, orange below, the stronger the larger; an exact zero stays empty.

import { legible } from "./legible.js";
import { decimal } from "./numbers.js";
import { keep, patches } from "./patches.js";
import { change, h, identifier } from "./view.js";
import { select } from "d3-selection";

const SIDE = 320;
const ROOM = 22; // for the numbers of rows and columns
const WRITTEN = 34; // a cell of this many user units has room for its value

const short = (length) => Number(length.toFixed(3));

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
  const drawCells = patches(svg.append("g").attr("class", "dtr-heat-cells").node());
  const lines = svg.append("path").attr("class", "dtr-heat-breaks").node();
  const frames = svg.append("g").attr("class", "dtr-heat-frames");
  const numbers = svg.append("g").attr("class", "dtr-heat-numbers").node();
  const names = svg.append("g").attr("class", "dtr-heat-names");
  const heading = h("p", { class: "dtr-heat-title" });
  heading.textContent = title;
  const element = h("div", { class: "dtr-heat" }, ...(title ? [heading] : []), svg.node());

  let place = null;
  let laidOut = null;
  const written = [];
  return {
    element,
    svg,
    cellAt(x, y) {
      const [i, j] = [Math.floor((y - place.top) / place.side), Math.floor((x - place.left) / place.side)];
      return i >= 0 && j >= 0 && i < place.height && j < place.width ? [i, j] : null;
    },
    show(rows, { label = title, limit, digits = 2, breaks = [], rowBreaks = [], cell: wanted, written: room = WRITTEN, rowNames = [], columnNames = [], marked = () => false, absent = () => false } = {}) {
      const [height, width] = [rows.length, rows[0].length];
      const flat = rows.flatMap((row, i) => row.map((value, j) => ({ value, i, j })));
      const sizes = flat.filter(({ i, j }) => !absent(i, j)).map(({ value }) => Math.abs(value)).filter(Number.isFinite);
      const full = limit ?? Math.max(...sizes, 1e-300);
      const left = rowNames.length ? ROOM : 1;
      const top = columnNames.length ? ROOM : 1;
      const side = wanted ?? Math.min((SIDE - left - 1) / width, (SIDE - top - 1) / height);
      const square = `h${short(side)}v${short(side)}h${short(-side)}z`;
      svg.attr("aria-label", label);
      const geometry = [left, top, side, height, width].join();
      if (geometry !== laidOut) {
        laidOut = geometry;
        svg.attr("viewBox", `0 0 ${left + side * width + 1} ${top + side * height + 1}`);
        fit();
      }
      for (const cell of flat) {
        const { value, i, j } = cell;
        cell.isAbsent = absent(i, j);
        cell.sign = cell.isAbsent || Number.isNaN(value) ? "none" : value > 0 ? "positive" : value < 0 ? "negative" : "zero";
        cell.kind = marked(i, j) ? "dtr-heat-marked" : null;
      }
      drawCells(
        flat.map(({ value, i, j, sign, kind }) => {
          // Even a small entry is told from an exact zero.
          const level = value === 0 ? 0 : 12 + 73 * Math.min(1, Math.abs(value) / full);
          const d = `M${short(left + j * side)},${short(top + i * side)}${square}`;
          return { d, class: kind, "data-sign": sign, style: `--level: ${level.toFixed(1)}%` };
        }),
      );
      keep(written, numbers, "text", side >= room ? flat.length : 0);
      written.forEach((text, k) => {
        const { value, i, j, isAbsent, sign, kind } = flat[k];
        change(text, { class: kind, "data-sign": sign, x: left + (j + 0.5) * side, y: top + (i + 0.5) * side });
        const words = isAbsent ? "–" : value === 0 ? "0" : decimal(value, digits);
        if (text.textContent !== words) text.textContent = words;
      });
      place = { left, top, side, height, width };
      const down = breaks.map((k) => `M${left + k * side},${top}v${side * height}`);
      const across = [...breaks, ...rowBreaks].map((k) => `M${left},${top + k * side}h${side * width}`);
      change(lines, { d: [...down, ...across].join("") });
      frames
        .selectAll("rect")
        .data(flat.filter(({ kind }) => kind))
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
