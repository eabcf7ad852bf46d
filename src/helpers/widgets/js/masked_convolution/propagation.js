// Which pixels a stack of masked convolutions sees, and on how many paths: an algorithm. No document here: Node tests it.

import { activation, GATED_OFFSETS, IMAGE, MOST_LAYERS, OFFSETS, WEIGHTS } from "../generated/masked_convolution.js";

/** The layers of a figure's state, the one next to the image first; `weights` is the number of a layer's weights. */
export function layersOf({ depth, orientation, stacks, flipped, weights, ...rest }) {
  return Array.from({ length: depth }, (_, l) => {
    const mask = rest[`mask_${l + 1}`];
    return {
      size: Number(rest[`kernel_size_${l + 1}`]),
      mask,
      orientation,
      gated: stacks === "two" && mask !== "plain",
      flipped: stacks === "one" && flipped === "yes",
      weights: weights === "reversed" ? depth - 1 - l : l,
    };
  });
}

/** The offsets that an output pixel sees through a layer: [rows down, columns to the right]. */
export function offsetsOf({ size, mask, orientation, flipped }) {
  const offsets = OFFSETS[`${size} ${mask} ${orientation}`];
  return flipped ? offsets.map(([r, c]) => [0 - r, 0 - c]) : offsets;
}

/** Those of the two stacks of a gated layer: the vertical one's, and the horizontal one's in itself. */
export const gatedOffsetsOf = ({ size, mask, orientation }) => GATED_OFFSETS[`${size} ${mask} ${orientation}`];

const zeros = (side) => Array.from({ length: side }, () => new Array(side).fill(0));
const sum = (a, b) => a.map((row, r) => row.map((count, c) => count + b[r][c]));

/** One layer backwards: each pixel hands its count on to those that it sees. What falls off the image is lost. */
function back(counts, offsets) {
  const side = counts.length;
  const below = zeros(side);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      if (counts[r][c] === 0) continue;
      for (const [down, right] of offsets) {
        const row = below[r + down];
        if (row && c + right >= 0 && c + right < side) row[c + right] += counts[r][c];
      }
    }
  }
  return below;
}

/**
 * Path counts from the output pixel back to each level: the output, the output of the last layer but one, ..., the
 * image. In a run of gated layers a pixel's count adds up those to its features in the two stacks.
 */
export function levelsOf(layers, side, [row, column]) {
  let counts = zeros(side);
  let vertical = zeros(side); // of the gated run that we are in
  counts[row - 1][column - 1] = 1;
  const levels = [counts];
  for (let l = layers.length - 1; l >= 0; l -= 1) {
    const layer = layers[l];
    if (layer.gated) {
      const [rows, own] = gatedOffsetsOf(layer);
      vertical = back(sum(vertical, counts), rows);
      counts = back(counts, own);
      levels.push(sum(counts, vertical));
      if (!layers[l - 1]?.gated) {
        // The run began here: both stacks saw what came before it.
        counts = sum(counts, vertical);
        vertical = zeros(side);
      }
    } else {
      counts = back(counts, offsetsOf(layer));
      levels.push(counts);
    }
  }
  return levels;
}

/** The network's value at a pixel: the fixed image through convolutions with fixed weights, an activation between them. */
export function valueOf(layers, side, [row, column]) {
  let image = IMAGE.slice(0, side).map((values) => values.slice(0, side));
  for (const [l, layer] of layers.entries()) {
    const m = (layer.size - 1) / 2;
    const table = WEIGHTS[layer.weights];
    const seen = offsetsOf(layer).map(([down, right]) => {
      const [i, j] = layer.flipped ? [m - down, m - right] : [m + down, m + right];
      return [down, right, table[i][j]];
    });
    const last = l === layers.length - 1;
    image = image.map((values, r) =>
      values.map((_, c) => {
        const total = seen.reduce((so, [down, right, weight]) => so + weight * (image[r + down]?.[c + right] ?? 0), 0);
        return last ? total : activation(total);
      }),
    );
  }
  return image[row - 1][column - 1];
}

/** Whether an offset is drawn before the pixel: in the rows above it or below it, and to its left in its own row. */
export const isPast = (order, down, right) => (order === "raster" ? down < 0 : down > 0) || (down === 0 && right < 0);

/** The same layers in the opposite order, each with its own weights. */
export function reversed(state) {
  const changes = { weights: state.weights === "reversed" ? "in order" : "reversed" };
  for (let l = 1; l <= state.depth; l += 1) {
    for (const name of ["mask", "kernel_size"]) changes[`${name}_${l}`] = state[`${name}_${state.depth + 1 - l}`];
  }
  return changes;
}

/** All that the figure says of its state; rows and columns count from 1. */
export function analyse(state) {
  const side = state.size;
  const pixel = [Math.min(state.row, side), Math.min(state.column, side)];
  const layers = layersOf(state);
  const levels = levelsOf(layers, side, pixel);
  const input = levels[layers.length];
  const far = layers.reduce((so, { size }) => so + (size - 1) / 2, 0);
  const [seen, future, blind] = [[], [], []];
  let paths = 0;
  input.forEach((counts, r) =>
    counts.forEach((count, c) => {
      const [down, right] = [r + 1 - pixel[0], c + 1 - pixel[1]];
      const past = isPast(state.order, down, right);
      paths += count;
      if (count > 0) seen.push([r + 1, c + 1]);
      if (count > 0 && !past) future.push([r + 1, c + 1]);
      if (count === 0 && past && Math.max(Math.abs(down), Math.abs(right)) <= far) blind.push([r + 1, c + 1]);
    }),
  );
  const other = layersOf({ ...state, ...reversed(state) });
  const otherInput = levelsOf(other, side, pixel)[layers.length];
  const isValued = state.stacks === "one";
  return {
    pixel,
    layers,
    levels,
    step: Math.min(state.step, layers.length),
    seen,
    future,
    blind,
    paths,
    sees_itself: input[pixel[0] - 1][pixel[1] - 1] > 0,
    value: isValued ? valueOf(layers, side, pixel) : null,
    other_value: isValued ? valueOf(other, side, pixel) : null,
    other_count: otherInput.flat().filter((count) => count > 0).length,
    same_field: otherInput.every((counts, r) => counts.every((count, c) => count > 0 === input[r][c] > 0)),
  };
}

const masks = (names, size = "3") =>
  Object.fromEntries(
    Array.from({ length: MOST_LAYERS }, (_, l) => [
      [`mask_${l + 1}`, names[l] ?? "B"],
      [`kernel_size_${l + 1}`, size],
    ]).flat(),
  );
const two = { size: 5, row: 3, column: 4, depth: 2, stacks: "one", flipped: "no", weights: "in order", step: 2 };
const five = { size: 11, row: 8, column: 5, depth: 5, orientation: "raster", order: "raster", flipped: "no", step: 5 };

/** States to begin with; the first four keep the orientation that was chosen. */
export const PRESETS = {
  "A, A": { ...two, ...masks("AA") },
  "A, B": { ...two, ...masks("AB") },
  "B, A": { ...two, ...masks("BA") },
  "B, B": { ...two, ...masks("BB") },
  "Blind spot": { ...five, ...masks("ABBBB"), stacks: "one", weights: "in order" },
  "Two stacks": { ...five, ...masks("ABBBB"), stacks: "two", weights: "in order" },
};

/** A set of pixels in words: "32; 42 43 44", or "row 9: 3; row 10: 2–4" where an index may have two digits. */
export function listOf(pixels, side) {
  const rows = new Map();
  for (const [r, c] of pixels) rows.set(r, [...(rows.get(r) ?? []), c]);
  const inWords = ([r, columns]) => {
    if (side <= 9) return columns.map((c) => `${r}${c}`).join(" ");
    const runs = [];
    for (const c of columns) {
      const run = runs.at(-1);
      if (run && c === run[1] + 1) run[1] = c;
      else runs.push([c, c]);
    }
    return `row ${r}: ${runs.map(([a, b]) => (a === b ? a : `${a}–${b}`)).join(", ")}`;
  };
  return [...rows].map(inWords).join("; ");
}
