// Steps and counts behind the figure on cost. No document here: Node tests it against the Python twin.

import {
  START_ERROR,
  TOLERANCE,
  amortizedCost,
  breakEven,
  contraction,
  costCrossing,
  errorAfter,
  instanceCost,
  numbersPerDatum,
  parameterCount,
  stepsToTolerance,
} from "../generated/amortization.js";

/** Steps from an error to the tolerance; null where gradient ascent never gets there. */
export function stepsFrom(error, learningRate) {
  if (error <= TOLERANCE) return 0;
  const factor = Math.abs(contraction(learningRate));
  if (factor === 0) return 1;
  return factor < 1 ? stepsToTolerance(error, factor) : null;
}

/** The first view: factor of a step, the encoder's error, and the steps with and without its answer. */
export function ascent({ learning_rate: rate, log_encoder_error: log }) {
  const encoder_error = 10 ** log;
  return {
    factor: contraction(rate),
    encoder_error,
    steps_from_zero: stepsFrom(START_ERROR, rate),
    steps_from_encoder: stepsFrom(encoder_error, rate),
  };
}

/** Errors of `count` steps, `[step, error]`. */
export const path = (rate, start, count) => Array.from({ length: count + 1 }, (_, k) => [k, errorAfter(k, rate, start)]);

/** The second view: multiplications for n data. */
export function costs({ hidden, latent, steps, log_training: log }, n) {
  return { instance: instanceCost(n, steps, hidden, latent), amortized: amortizedCost(n, 10 ** log, hidden, latent) };
}

/** The third view: numbers in memory for n data. */
export function memory({ hidden, latent }, n) {
  return { instance: n * numbersPerDatum(latent), amortized: parameterCount(hidden, latent) };
}

/** Where the two lines of the second and of the third view cross. */
export function crossings(state) {
  const { hidden, latent, steps, log_training: log } = state;
  return { cost: costCrossing(steps, 10 ** log, hidden, latent), memory: breakEven(hidden, latent) };
}
