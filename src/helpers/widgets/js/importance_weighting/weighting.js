// Pure functions of the figures on importance-weighted bounds: no drawing, no document. All mathematics comes compiled
// from SymPy; here it is only put together. Tested against the Python twins.

import {
  decay,
  draw,
  estimate,
  evidence,
  integrand,
  lineEvidence,
  logarithm,
  logWeight,
  none,
  oddsOfOneMore,
  posterior,
  posteriorDensity,
  proposalDensity,
  share,
  surprise,
  unnormalized,
} from "../generated/importance_weighting.js";

export const MOST = 32; // samples
export const DRAWS = 1500; // resampled draws in the histogram
export const BINS = { low: -4, high: 4, count: 40 };

/** The chances of 0, 1, ..., n draws of the first state among n. */
export function chances(n, q) {
  const found = [none(n, q)];
  for (let m = 0; m < n; m += 1) found.push(found[m] * oddsOfOneMore(m, n, q));
  return found;
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The four levels of two states, the law of what is kept, and what L_K averages: an outcome of the other draws a row. */
export function twoStates({ proposal: q, joint_a: a, joint_b: b, samples: K }) {
  const model = [q, a, b];
  const chance = chances(K, q);
  const averages = chance.map((_, m) => estimate(m, K, ...model));
  const kept = sum(chance.map((c, m) => c * share(m, K, averages[m], ...model)));
  const level = ([first, second]) => surprise(first, a) + surprise(second, b);
  const outcomes = chances(K - 1, q).map((c, m) => {
    // The first draw joins m of the first state among the others.
    const masses = [unnormalized(averages[m + 1], a, b)[0], unnormalized(averages[m], a, b)[1]];
    return { others: m, chance: c, masses, mass: sum(masses), level: level(masses) };
  });
  return {
    elbo: level([q, 1 - q]),
    bound: sum(chance.map((c, m) => c * logarithm(averages[m]))),
    elbo_resampled: level([kept, 1 - kept]),
    log_evidence: logarithm(evidence(a, b)),
    kept,
    posterior: posterior(a, b),
    outcomes,
  };
}

const even = (low, high, count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
const STANDARD = even(-6, 6, 601); // places of a standard normal draw, for means
const MASSES = STANDARD.map((place) => proposalDensity(place, 0, 1) * (STANDARD[1] - STANDARD[0]));
const WHOLE = sum(MASSES);
const STEP = 0.3; // of log t: the integrands are so smooth in it that the sum errs by less than 1e-10
export const LINE = even(BINS.low, BINS.high, 161);

/** z → its weight in units of the evidence. */
const weightOf = ({ observed, tau, mu, sigma }) => {
  const whole = lineEvidence(observed, tau);
  return (z) => Math.exp(logWeight(z, observed, tau, mu, sigma)) / whole;
};

/** E exp(-t w) under the proposal, on a grid of log t; weights are in units of the evidence. */
export function meanDecay(state) {
  const weightAt = weightOf(state);
  const weights = STANDARD.map((place) => weightAt(draw(place, state.mu, state.sigma)));
  // From where every weight's exponential is 1 to where it is 0; farther than e^500 no number reaches safely.
  const logs = weights.map(logarithm).filter(Number.isFinite);
  const [low, high] = [-Math.max(...logs) - 25, Math.min(-Math.min(...logs) + 5, 500)];
  const log_t = Array.from({ length: Math.ceil((high - low) / STEP) }, (_, i) => low + STEP * i);
  return log_t.map((s) => {
    const t = Math.exp(s);
    // A plain loop: this runs a hundred thousand times a frame.
    let total = 0;
    for (let i = 0; i < weights.length; i += 1) total += MASSES[i] * decay(t, weights[i]);
    return { t, mean: total / WHOLE };
  });
}

/** The density of what is kept out of K draws at z, from the table of `meanDecay`. */
export function keptDensity(state, means, z) {
  const q = proposalDensity(z, state.mu, state.sigma);
  if (state.samples === 1) return q;
  const w = weightOf(state)(z);
  let total = 0;
  for (const { t, mean } of means) total += integrand(t, w, mean, state.samples);
  return q * STEP * total;
}

/** A generator of numbers in (0, 1), the same for the same seed (mulberry32). */
export function uniform(seed) {
  let a = (seed * 2654435761) >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** Standard normal numbers, `MOST` a row, and one number in (0, 1) a row that decides what is kept. */
export function noiseTable(seed) {
  const next = uniform(seed);
  return Array.from({ length: DRAWS }, () => {
    const normal = [];
    for (let i = 0; i < MOST / 2; i += 1) {
      // Box and Muller: two at a time
      const [radius, angle] = [Math.sqrt(-2 * Math.log(next())), 2 * Math.PI * next()];
      normal.push(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    return { normal, decision: next() };
  });
}

/** What is kept in each row of the table. */
export function resample(state, table) {
  const weightAt = weightOf(state);
  const weights = new Float64Array(state.samples);
  const placeOf = (noise) => draw(noise, state.mu, state.sigma);
  return table.map(({ normal, decision }) => {
    let left = 0;
    for (let i = 0; i < weights.length; i += 1) left += weights[i] = weightAt(placeOf(normal[i]));
    left *= decision;
    for (let i = 0; i < weights.length; i += 1) {
      left -= weights[i];
      if (left <= 0) return placeOf(normal[i]);
    }
    return placeOf(normal[weights.length - 1]);
  });
}

/** Heights of a histogram whose bars have together the share of the places that lies inside. */
export function histogram(places) {
  const width = (BINS.high - BINS.low) / BINS.count;
  const counts = new Array(BINS.count).fill(0);
  for (const place of places) {
    const bin = Math.floor((place - BINS.low) / width);
    if (bin >= 0 && bin < BINS.count) counts[bin] += 1;
  }
  return counts.map((count) => count / (places.length * width));
}

/** Half of the summed distance of two densities on the line: 0 if they agree, at most 1. */
export function distance(first, second) {
  return (sum(first.map((value, i) => Math.abs(value - second[i]))) * (LINE[1] - LINE[0])) / 2;
}

/** The densities on the line, and how far q and what is kept are from the posterior. */
export function onTheLine(state, means) {
  const target = LINE.map((z) => posteriorDensity(z, state.observed, state.tau));
  const before = LINE.map((z) => proposalDensity(z, state.mu, state.sigma));
  const after = LINE.map((z) => keptDensity(state, means, z));
  return { target, before, after, far_before: distance(before, target), far_after: distance(after, target) };
}
