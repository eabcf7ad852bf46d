// Pure functions of the figures on Gaussian divergences: no drawing, no document. All mathematics comes compiled from
// SymPy; here it is only put together. Tested against the Python twin on random points.

import {
  covariance,
  divergence,
  forwardVariances,
  integrand,
  onEllipse,
  reverseVariances,
  scaleOfVariance,
  squaredMeanOfLevel,
  terms,
} from "../generated/gaussians.js";

const PIECES = 2000; // of the interval over which areas are summed
const WIDTHS = 10; // and its half length, in standard deviations: the rest is below 1e-20

/** The standard deviation of the law that is meant where `sigma` is read this way. */
export const scaleRead = (sigma, reading) => (reading === "variance" ? scaleOfVariance(sigma) : sigma);

/** The divergence from the standard law, the areas that q log(q/p) has above and below zero, and both readings. */
export function onTheLine({ mu, sigma, reading }) {
  const scale = scaleRead(sigma, reading);
  const step = (2 * WIDTHS * scale) / PIECES;
  let [above, below] = [0, 0];
  for (let k = 0; k <= PIECES; k += 1) {
    const value = integrand(mu + (k - PIECES / 2) * step, mu, scale) * step;
    if (value > 0) above += value;
    else below += value;
  }
  return {
    scale,
    above,
    below,
    divergence: divergence(mu, scale),
    by_deviation: divergence(mu, sigma),
    by_variance: divergence(mu, scaleOfVariance(sigma)),
  };
}

/**
 * The line on which the divergence has the value `level`, as points [μ, σ] from its lower end on μ = 0 up to the upper
 * one on the side μ ≥ 0; the other side is its mirror image.
 */
export function levelLine(level, reading, count = 80) {
  const squared = (sigma) => squaredMeanOfLevel(scaleRead(sigma, reading), level);
  // It is below zero towards either end of the axis and largest at σ = 1, so that each end is found by halving.
  const end = (outside) => {
    let [inside, out] = [1, outside];
    for (let k = 0; k < 80; k += 1) {
      const middle = (inside + out) / 2;
      if (squared(middle) >= 0) inside = middle;
      else out = middle;
    }
    return inside;
  };
  const [low, high] = [end(1e-12), end(1e4)];
  // Closer together near the ends, where the line is flat.
  return Array.from({ length: count + 1 }, (_, k) => {
    const sigma = low + ((high - low) * (1 - Math.cos((Math.PI * k) / count))) / 2;
    return [k === 0 || k === count ? 0 : Math.sqrt(Math.max(0, squared(sigma))), sigma];
  });
}

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Points of the ellipse of so many standard deviations. */
export const ellipse = ([a, b], first, second, degrees, radius, count = 72) =>
  Array.from({ length: count }, (_, k) => onEllipse(a, b, first, second, radians(degrees), radius, (2 * Math.PI * k) / count));

/** The end of an axis at so many standard deviations: `which` 0 for the first, 1 for the second. */
export const axisEnd = ([a, b], first, second, degrees, radius, which) =>
  onEllipse(a, b, first, second, radians(degrees), radius, (which * Math.PI) / 2);

/** Covariances, the four terms and their sum in the chosen direction, the sum in the other, and p's nearest diagonal laws. */
export function inThePlane(state) {
  const { mean_q, mean_p, direction } = state;
  const q = covariance(state.q_first, state.q_second, radians(state.q_angle));
  const p = covariance(state.p_first, state.p_second, radians(state.p_angle));
  const between = (one, other) => terms(...one[0], ...other[0], ...one[1], ...other[1]);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const laws = [[mean_q, q], [mean_p, p]];
  const [one, other] = direction === "q_p" ? laws : [laws[1], laws[0]];
  const parts = between(one, other);
  const diagonal = ([u, v]) => [mean_p, [u, 0, v]];
  const [forward, reverse] = [forwardVariances(...p), reverseVariances(...p)];
  return {
    covariance_q: q,
    covariance_p: p,
    terms: parts,
    divergence: sum(parts),
    exchanged: sum(between(other, one)),
    forward: forward.map(Math.sqrt),
    reverse: reverse.map(Math.sqrt),
    forward_divergence: sum(between(laws[1], diagonal(forward))),
    reverse_divergence: sum(between(diagonal(reverse), laws[1])),
  };
}
