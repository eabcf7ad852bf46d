// Nested bands of a function's values on a plot, the highest on top.

import { contours } from "d3-contour";

/** `count` numbers from `low` to `high`. */
export const spaced = (low, high, count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/**
 * Bands of `values` in the frame: rows from the bottom up, a band above each of `thresholds`, darker the higher.
 * The bands are paths of the class `dtr-band`, drawn into `layer`.
 */
export function bands(layer, values, [columns, rows], thresholds, { left, right, top, bottom }) {
  const place = ([i, j]) => {
    const x = left + ((right - left) * (i - 0.5)) / (columns - 1);
    const y = bottom - ((bottom - top) * (j - 0.5)) / (rows - 1);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const path = ({ coordinates }) => coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(place).join("L")}Z`)).join("");
  const found = contours().size([columns, rows]).thresholds([...thresholds].sort((a, b) => a - b))(values);
  layer.selectAll("path").data(found).join("path").attr("class", "dtr-band").attr("d", path);
}
