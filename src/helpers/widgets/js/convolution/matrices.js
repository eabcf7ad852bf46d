// Pure functions of these figures: no drawing, no document. The formulas come compiled from SymPy; here they are only
// asked for the present state, and stamps are counted one by one, to compare with the formula for them.

import * as compiled from "../generated/convolution.js";

export const INPUTS = compiled.inputs();
export const TAPS = 3;
export const OUTPUTS = INPUTS.length - TAPS + 1;
export const STAMPS = 5;

const BY_KERNEL = {
  hankel: [compiled.hankel, compiled.hankelTimesKernel, compiled.hankelGradient],
  padded: [compiled.padded, compiled.paddedTimesKernel, compiled.paddedGradient],
};
const clean = (values) => values.map((value) => value + 0); // no -0

/** Outputs, the three matrices, and the gradients of the chosen output or of the sum of all. */
export function layer({ w_1, w_2, w_3, position, lit, matrix }) {
  const kernel = [w_1, w_2, w_3];
  const cotangent = Array.from({ length: OUTPUTS }, (_, i) => (lit === "all" || i === position - 1 ? 1 : 0));
  const [rows, timesKernel, gradient] = BY_KERNEL[matrix];
  return {
    kernel,
    cotangent,
    outputs: clean(compiled.outputs(...kernel)),
    toeplitz: compiled.toeplitz(...kernel).map(clean),
    by_kernel: rows(),
    by_kernel_times_kernel: clean(timesKernel(...kernel)),
    input_gradient: clean(compiled.inputGradient(...cotangent, ...kernel)),
    kernel_gradient: clean(gradient(...cotangent)),
    bias_gradient: compiled.biasGradient(...cotangent),
  };
}

/** The stamps as rows of ones, the sum of each column, and what the formula says of places far from the ends. */
export function overlaps({ kernel_size, stride }) {
  const length = stride * (STAMPS - 1) + kernel_size;
  const stamps = Array.from({ length: STAMPS }, (_, i) =>
    Array.from({ length }, (_, q) => (q >= stride * i && q < stride * i + kernel_size ? 1 : 0)),
  );
  const counts = stamps[0].map((_, q) => stamps.reduce((sum, row) => sum + row[q], 0));
  const interior = Array.from({ length: stride }, (_, r) => compiled.interiorCount(kernel_size, stride, r));
  return {
    stamps,
    counts,
    plane: counts.map((a) => counts.map((b) => a * b)),
    interior,
    is_even: interior.every((count) => count === interior[0]),
  };
}
