// What the figures on coupling layers compute, without a document: the formulas come compiled from SymPy.

import * as compiled from "../generated/coupling.js";

export const UNDO = { nothing: "nothing", inverse: "the inverse", closed_early: "a bracket too early" };

export const FORMULAS = { right: "as derived", exchanged: "its factors exchanged", entrywise: "entry by entry" };

const parameters = ({ level, log_scale_bump, shift_bump, s }) => [level, log_scale_bump, shift_bump, s];

/** The output of the plane's block at (a, b). */
export const forward = (state, a, b) => compiled.forward(a, b, ...parameters(state));

/** What the chosen way back makes of the block's output at (a, b). */
export function roundTrip(state, a, b) {
  if (state.undo === "nothing") return [a, b];
  const back = state.undo === "inverse" ? compiled.inverse : compiled.closedTooEarly;
  return back(...forward(state, a, b), ...parameters(state));
}

/** [F(b), G(b)]. */
export const networks = (state, b) => compiled.networks(b, ...parameters(state));

export const logDeterminant = (state, b) => compiled.logDeterminant(b, ...parameters(state));

/** Whether the log-determinant vanishes identically: the coefficients of two functions that are independent do. */
export const isVolumePreserving = (state) => compiled.coefficients(...parameters(state)).every((c) => Math.abs(c) < 1e-12);

/** The square [-1, 1]², `count` + 1 numbers from -1 to 1. */
const ticks = (count) => Array.from({ length: count + 1 }, (_, k) => -1 + (2 * k) / count);

/** The largest distance, over a lattice of the square, between a point and what comes back of it. */
export function roundTripError(state, count = 20) {
  const distances = ticks(count).flatMap((a) =>
    ticks(count).map((b) => {
      const [back_a, back_b] = roundTrip(state, a, b);
      return Math.hypot(back_a - a, back_b - b);
    }),
  );
  return Math.max(...distances);
}

/** The area inside the image of the square's outline, by the shoelace formula: it knows nothing of a determinant. */
export function areaOfImage(state, count = 4000) {
  const steps = ticks(count).slice(0, -1);
  const outline = [
    ...steps.map((t) => forward(state, t, -1)),
    ...steps.map((t) => forward(state, 1, t)),
    ...steps.map((t) => forward(state, -t, 1)),
    ...steps.map((t) => forward(state, -1, -t)),
  ];
  let twice = 0;
  outline.forEach(([u, v], k) => {
    const [next_u, next_v] = outline[(k + 1) % outline.length];
    twice += u * next_v - next_u * v;
  });
  return twice / 2;
}

/** The determinant's integral over the square, by Simpson's rule along b; it does not depend on a. */
export function integralOfDeterminant(state, count = 400) {
  const values = ticks(count).map((b) => Math.exp(logDeterminant(state, b)));
  const weighted = values.map((value, k) => value * (k === 0 || k === count ? 1 : k % 2 ? 4 : 2));
  return 2 * (weighted.reduce((sum, value) => sum + value, 0) * (2 / count)) / 3;
}

/** The smallest and the largest determinant on the square. */
export function rangeOfDeterminant(state) {
  const values = ticks(200).map((b) => Math.exp(logDeterminant(state, b)));
  return [Math.min(...values), Math.max(...values)];
}

// The block with eight coordinates.

const widePoint = ({ size_a, size_b }) => compiled.widePoint(size_a, size_b);

/** The Jacobian by the chosen formula. */
export function wideJacobian(state) {
  const all = compiled.wideJacobians(...widePoint(state), state.mixing);
  return all[compiled.jacobianNames.indexOf(state.formula)];
}

export const wideLogDeterminant = (state) => compiled.wideLogDeterminant(...widePoint(state), state.mixing);

/** The Jacobian by central differences: it knows nothing of a formula. */
export function differences(state, step = 1e-5) {
  const point = widePoint(state);
  const columns = point.map((_, j) => {
    const [up, down] = [step, -step].map((shift) => {
      const moved = point.map((value, i) => (i === j ? value + shift : value));
      return compiled.wideForward(...moved, state.mixing);
    });
    return up.map((value, i) => (value - down[i]) / (2 * step));
  });
  return point.map((_, i) => columns.map((column) => column[i]));
}

/** Entry by entry, the size of the difference of two matrices, and the largest of all. */
export function apart(left, right) {
  const sizes = left.map((row, i) => row.map((value, j) => Math.abs(value - right[i][j])));
  return { sizes, largest: Math.max(...sizes.flat()) };
}
