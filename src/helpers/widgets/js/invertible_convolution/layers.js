// Pure functions of these figures: no drawing, no document. Every formula comes compiled from SymPy; here are only the
// orders in which an image is flattened, and determinants of what is shown, by elimination, to compare with.

import {
  additionsAndLogarithms,
  conditionalJacobian,
  eliminationOperations,
  logAbsDet,
  logAbsDetOfConditional,
  logAbsDetOfLayer,
  lower,
  permutations,
  scalesOfConditional,
  triangle,
} from "../generated/invertible_convolution.js";
import { signAndLog } from "../shared/determinant.js";

export const CHANNELS = 3;

// What the second figure does not move.
const SETTINGS = { permutation: "231", l_21: 0.7, u_12: 1.2, s_2: -0.8, s_3: 0.6 };

const letters = (state) => [state.l_21, state.u_12, state.s_1, state.s_2, state.s_3];
const scales = (state) => [state.s_1, state.s_2, state.s_3];

/** P, L, U + diag s and A, the sign of det A and log|det A|, all from the compiled formulas. */
export function factorization(state) {
  const { permutation, product, sign } = permutations[state.permutation];
  const values = letters(state);
  return {
    permutation: permutation(),
    lower: lower(...values),
    triangle: triangle(...values),
    product: product(...values),
    sign: sign(...scales(state)) + 0, // no -0
    log_abs_det: logAbsDet(...scales(state)),
  };
}

/** Operations for the log-determinant of so many channels: from s, and by elimination, which ends with the same sum. */
export function operations(channels) {
  const fromScale = additionsAndLogarithms(channels);
  return { from_scale: fromScale, by_elimination: eliminationOperations(channels) + fromScale };
}

/** [channel, pixel] of each number of a flattened image, counted from 0. */
export function flattened(order, channels, pixels) {
  const all = [];
  if (order === "channel_fastest") {
    for (let p = 0; p < pixels; p += 1) for (let c = 0; c < channels; c += 1) all.push([c, p]);
  } else {
    for (let c = 0; c < channels; c += 1) for (let p = 0; p < pixels; p += 1) all.push([c, p]);
  }
  return all;
}

/** The Jacobian of the layer: rows and columns with their [channel, pixel], and what the formula and the picture say. */
export function layerJacobian(state) {
  const settings = { ...SETTINGS, s_1: state.s_1 };
  const { product } = factorization(settings);
  const columns = flattened(state.input_order, CHANNELS, state.pixels);
  const rows = flattened(state.output_order, CHANNELS, state.pixels);
  if (state.exchange === "first_two") [rows[0], rows[1]] = [rows[1], rows[0]];
  const matrix = rows.map(([c, p]) => columns.map(([d, q]) => (p === q ? product[c][d] : 0)));
  return {
    matrix,
    rows,
    columns,
    formula: logAbsDetOfLayer(state.pixels, ...scales(settings)),
    ...signAndLog(matrix),
  };
}

/** The conditional layer's Jacobian and its lower left block, the values of s, and both log-determinants. */
export function conditional(state) {
  const values = [state.kappa, state.delta, state.beta, state.s_1, state.s_2];
  // A slope is zero, not "minus zero" or the rounding of a zero, where the network is switched off.
  const matrix = conditionalJacobian(...values).map((row) => row.map((x) => (Math.abs(x) < 1e-12 ? 0 : x)));
  const half = matrix.length / 2;
  const lowerLeft = matrix.slice(half).map((row) => row.slice(0, half));
  return {
    matrix,
    half,
    lower_left: Math.hypot(...lowerLeft.flat()),
    scales: scalesOfConditional(...values),
    formula: logAbsDetOfConditional(...values),
    ...signAndLog(matrix),
  };
}
