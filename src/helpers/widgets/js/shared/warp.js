// A grid carried by a map of the plane: each cell where the map takes it, coloured by what it does to areas.

import { patches } from "./patches.js";
import { h } from "./view.js";

const BENDS = 4; // pieces of each side of a cell, so that curved images look curved

/**
 * Cells in `layer` (a group of a plot's marks). `show(options)` draws them anew:
 *   map      (a, b) → [u, v]
 *   logDet   (a, b) → log |det| of its Jacobian there, which colours the cell around (a, b)
 *   turned   (a, b) → whether the map reverses orientation there; such cells have another outline
 *   low, high, cells   the square [low, high]² and the number of cells along each side
 *   limit    the |log-determinant| that has the full colour
 *   x, y     the plot's scales
 */
export function warp(layer) {
  const draw = patches(layer.append("g").attr("class", "dtr-warp").node());
  return {
    show({ map, logDet, turned = () => false, low, high, cells, limit, x, y }) {
      const side = (high - low) / cells;
      // The lines between the cells, in pieces; a cell's outline is four stretches of them. Each point is carried once.
      const pieces = cells * BENDS;
      const at = (k) => low + (k * side) / BENDS;
      const carried = (a, b) => {
        const [u, v] = map(a, b);
        const [px, py] = [x(u), y(v)];
        return Math.abs(px) < 1e5 && Math.abs(py) < 1e5 ? `${px.toFixed(1)},${py.toFixed(1)}` : null;
      };
      const lines = (point) => Array.from({ length: cells + 1 }, (_, n) => Array.from({ length: pieces + 1 }, (_, k) => point(at(k), at(n * BENDS))));
      const across = lines((a, b) => carried(a, b));
      const up = lines((b, a) => carried(a, b));
      const outline = (column, row) => {
        const [left, bottom] = [column * BENDS, row * BENDS];
        const points = [];
        for (let k = 0; k < BENDS; k += 1) points.push(across[row][left + k]);
        for (let k = 0; k < BENDS; k += 1) points.push(up[column + 1][bottom + k]);
        for (let k = BENDS; k > 0; k -= 1) points.push(across[row + 1][left + k]);
        for (let k = BENDS; k > 0; k -= 1) points.push(up[column][bottom + k]);
        return points.includes(null) ? "" : `M${points.join("L")}Z`;
      };
      const data = Array.from({ length: cells * cells }, (_, k) => {
        const [column, row] = [k % cells, Math.floor(k / cells)];
        const centre = [low + (column + 0.5) * side, low + (row + 0.5) * side];
        return { d: outline(column, row), value: logDet(...centre), isTurned: turned(...centre) };
      });
      // A fold lies on top of what it covers.
      data.sort((one, other) => one.isTurned - other.isTurned);
      draw(
        data.map(({ d, value, isTurned }) => ({
          d,
          "data-sign": value > 0 ? "positive" : value < 0 ? "negative" : "zero",
          class: isTurned ? "dtr-turned" : null,
          style: `--level: ${Number.isFinite(value) ? Math.round(80 * Math.min(1, Math.abs(value) / limit)) : 80}%`,
        })),
      );
    },
  };
}

/** What the colours mean, as entries of a legend. */
export function warpLegend({ turned = false } = {}) {
  const entry = (kind, text) => h("li", {}, h("i", { class: `dtr-key dtr-key-${kind}` }), text);
  return [
    entry("stretched", "area grows: log |det| > 0"),
    entry("squeezed", "area shrinks: log |det| < 0"),
    ...(turned ? [entry("turned", "orientation reversed: det < 0")] : []),
  ];
}
