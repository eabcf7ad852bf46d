// A grid carried by a map of the plane: each cell where the map takes it, coloured by what it does to areas.

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
  const group = layer.append("g").attr("class", "dtr-warp");
  return {
    show({ map, logDet, turned = () => false, low, high, cells, limit, x, y }) {
      const side = (high - low) / cells;
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
      const outline = Array.from({ length: 4 * BENDS }, (_, k) => {
        const [from, to] = [corners[Math.floor(k / BENDS)], corners[(Math.floor(k / BENDS) + 1) % 4]];
        const part = (k % BENDS) / BENDS;
        return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
      });
      const data = Array.from({ length: cells * cells }, (_, k) => {
        const [a, b] = [low + (k % cells) * side, low + Math.floor(k / cells) * side];
        const centre = [a + side / 2, b + side / 2];
        const points = outline.map(([p, q]) => map(a + p * side, b + q * side)).map(([u, v]) => [x(u), y(v)]);
        return { points, value: logDet(...centre), turned: turned(...centre) };
      });
      // A fold lies on top of what it covers.
      data.sort((one, other) => one.turned - other.turned);
      // A path is touched only where it has changed.
      group
        .selectAll("path")
        .data(data)
        .join("path")
        .each(function ({ points, value, turned: isTurned }) {
          const isDrawn = points.every(([u, v]) => Number.isFinite(u) && Number.isFinite(v) && Math.abs(u) < 1e5 && Math.abs(v) < 1e5);
          const now = {
            d: isDrawn ? `M${points.map(([u, v]) => `${u.toFixed(1)},${v.toFixed(1)}`).join("L")}Z` : "",
            "data-sign": value > 0 ? "positive" : value < 0 ? "negative" : "zero",
            class: isTurned ? "dtr-turned" : "",
            style: `--level: ${(Number.isFinite(value) ? 80 * Math.min(1, Math.abs(value) / limit) : 80).toFixed(1)}%`,
          };
          for (const [name, text] of Object.entries(now)) if (this.getAttribute(name) !== text) this.setAttribute(name, text);
        });
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
