// Pure functions of the figures on the evidence bound: no drawing, no document. All mathematics comes compiled from
// SymPy; here it is only put together. Tested against the Python twin on random points.

import * as formulas from "../generated/evidence_bound.js";

const { baseDraws } = formulas;

export const SPLITTINGS = ["evidence", "prior", "entropy"];

const title = (name) => name[0].toUpperCase() + name.slice(1);
const entries = ({ mu, sigma, x, tau }) => [mu, sigma, x, tau];

/** Evidence, bound, divergence, the terms of all splittings, and the spread of one draw. */
export function facts(state) {
  const given = entries(state);
  const [mean, scale] = formulas.posterior(state.x, state.tau);
  const terms = Object.fromEntries(SPLITTINGS.map((name) => [name, formulas[`terms${title(name)}`](...given)]));
  return {
    log_evidence: formulas.logEvidence(state.x, state.tau),
    bound: formulas.bound(...given),
    divergence: Math.max(0, formulas.divergence(...given)), // rounding may take it below 0
    posterior_mean: mean,
    posterior_scale: scale,
    terms,
    deviation: Math.sqrt(formulas[`variance${title(state.splitting)}`](...given)),
  };
}

/** What each of the fixed draws says of the bound, by the splitting chosen. */
export function draws(state) {
  const draw = formulas[`draw${title(state.splitting)}`];
  return baseDraws.map((epsilon) => draw(epsilon, ...entries(state)));
}

const LEFTMOST = [-3, -4, -6, -8, -12, -16, -24, -32, -48, -64, -96, -128, -192];

/** The part of the axis of nats that holds all ends of the bars: from one of a few numbers to a little above 0. */
export function range({ terms, bound }) {
  const lowest = Math.min(bound, ...SPLITTINGS.map((name) => terms[name][0]));
  const low = LEFTMOST.find((end) => end <= lowest * 1.08) ?? lowest * 1.08;
  return [low, -low / 12];
}

/** Counts of the values in `bins` equal parts of [low, high), and how many lie on either side of it. */
export function histogram(values, [low, high], bins) {
  const counts = Array.from({ length: bins }, () => 0);
  let [left, right] = [0, 0];
  for (const value of values) {
    const place = Math.floor(((value - low) / (high - low)) * bins);
    if (place < 0) left += 1;
    else if (place >= bins) right += 1;
    else counts[place] += 1;
  }
  return { counts, left, right };
}

/** The divergence to the posterior on a grid, rows from the smallest σ up; `columns` and `rows` are their numbers. */
export function divergences({ x, tau }, means, scales) {
  return scales.flatMap((sigma) => means.map((mu) => formulas.divergence(mu, sigma, x, tau)));
}

/** Where EM stands: evidence and bound at θ, the gap between them, and the top of the bound. */
export function standing({ theta, mean, scale, x, tau }) {
  return {
    log_evidence: formulas.logEvidenceAt(theta, x, tau),
    bound: formulas.boundAt(theta, mean, scale, x, tau),
    gap: Math.max(0, formulas.divergenceAt(theta, mean, scale, x, tau)),
    top: formulas.maximizationStep(mean, x),
    rate: formulas.rate(tau),
  };
}

/** The state after an E step: q is the posterior at the present θ. */
export function afterExpectation(state) {
  const [mean, scale] = formulas.expectationStep(state.theta, state.x, state.tau);
  return { ...state, mean, scale };
}

/** The state after an M step: θ is the top of the bound for the present q. */
export function afterMaximization(state) {
  return { ...state, theta: formulas.maximizationStep(state.mean, state.x) };
}

/** The bound on a grid of θ and the mean of q, rows from the smallest mean up. */
export function boundsOf({ scale, x, tau }, thetas, means) {
  return means.flatMap((mean) => thetas.map((theta) => formulas.boundAt(theta, mean, scale, x, tau)));
}
