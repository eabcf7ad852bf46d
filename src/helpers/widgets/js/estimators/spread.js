// Pure functions of the figures on gradients of expectations: no drawing, no document. All mathematics comes compiled
// from SymPy; here it is only put together. Tested against the Python twin on random points.

import {
  baselineEstimate,
  baselineVariance,
  baselineWaveVariance,
  crossing,
  divergence,
  divergenceGradient,
  levelSquare,
  noiseTables,
  pathEstimate,
  pathVariance,
  scoreEstimate,
  scoreVariance,
  scoreWaveVariance,
  totalEstimate,
  totalVariance,
  totalWaveVariance,
  waveGradient,
  waveLimits,
} from "../generated/estimators.js";

export const NAMES = ["score", "baseline", "total", "path"];
const ESTIMATES = { score: scoreEstimate, baseline: baselineEstimate, total: totalEstimate, path: pathEstimate };
const VARIANCES = { score: scoreVariance, baseline: baselineVariance, total: totalVariance, path: pathVariance };
const WAVES = { score: scoreWaveVariance, baseline: baselineWaveVariance, total: totalWaveVariance };

// Rounding may leave a variance of zero a little below it.
const clean = (pair) => pair.map((value) => Math.max(0, value));

/** The four clouds at a point: each estimate, the exact gradient, variances by formula and of the cloud. */
export function clouds({ mu, sigma, table }) {
  const exact = divergenceGradient(mu, sigma);
  const noise = noiseTables[table - 1];
  const found = { value: divergence(mu, sigma), exact, estimates: {}, variances: {}, spreads: {} };
  for (const name of NAMES) {
    const estimates = noise.map((epsilon) => ESTIMATES[name](epsilon, mu, sigma));
    found.estimates[name] = estimates;
    found.variances[name] = clean(VARIANCES[name](mu, sigma));
    // The mean is known, so that the mean square of the distance from it is the variance without correction.
    found.spreads[name] = [0, 1].map((i) => estimates.reduce((sum, one) => sum + (one[i] - exact[i]) ** 2, 0) / noise.length);
  }
  return found;
}

/** Names of the smallest of some values, more than one where they are equal to rounding. */
export function smallest(values) {
  const least = Math.min(...Object.values(values));
  return Object.keys(values).filter((name) => values[name] <= least + 1e-12 + 1e-9 * Math.abs(least));
}

/** Points (μ, σ) of a closed line on which the divergence has this value; none where that is beyond `low` and `high`. */
export function levelLine(level, low, high, count = 120) {
  const right = [];
  for (let i = 0; i <= count; i += 1) {
    const sigma = low + ((high - low) * i) / count;
    const square = levelSquare(level, sigma);
    if (square >= 0) right.push([Math.sqrt(square), sigma]);
  }
  return [...right, ...right.map(([a, b]) => [-a, b]).reverse()];
}

/** Which estimators race, for this objective. */
export const racers = (objective) => (objective === "wave" ? NAMES.slice(0, 3) : NAMES);

/** Variance of an estimator along one coordinate. */
export function varianceOf(name, { objective, coordinate, mu, sigma, omega }) {
  const pair = objective === "wave" ? WAVES[name](mu, sigma, omega) : VARIANCES[name](mu, sigma);
  return clean(pair)[coordinate === "mu" ? 0 : 1];
}

/** The trait along which the curves run. */
export const runsAlong = (objective) => (objective === "wave" ? "omega" : "sigma");

/** Places of the axis where the first two curves of `pair` change the lead, by bisection between the points of `grid`. */
export function leadChanges(state, pair, grid) {
  const trait = runsAlong(state.objective);
  const gap = (place) => {
    const [a, b] = pair.map((name) => varianceOf(name, { ...state, [trait]: place }));
    return a - b;
  };
  const changes = [];
  for (let i = 0; i + 1 < grid.length; i += 1) {
    let [low, high] = [grid[i], grid[i + 1]];
    const sign = Math.sign(gap(low));
    if (sign === 0 || sign === Math.sign(gap(high))) continue;
    for (let k = 0; k < 60; k += 1) {
      const middle = (low + high) / 2;
      if (Math.sign(gap(middle)) === sign) low = middle;
      else high = middle;
    }
    changes.push((low + high) / 2);
  }
  return changes;
}

/** All that the race shows at its marker. */
export function race(state) {
  const names = racers(state.objective);
  const variances = Object.fromEntries(names.map((name) => [name, varianceOf(name, state)]));
  const i = state.coordinate === "mu" ? 0 : 1;
  const isWave = state.objective === "wave";
  return {
    variances,
    best: smallest(variances),
    exact: (isWave ? waveGradient(state.mu, state.sigma, state.omega) : divergenceGradient(state.mu, state.sigma))[i],
    limits: isWave ? waveLimits(state.sigma, state.omega).map((pair) => pair[i]) : null,
    crossing: isWave ? null : crossing,
  };
}
