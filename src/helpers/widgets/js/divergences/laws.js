// Pure functions of the figures on the divergence: no drawing, no document. All mathematics comes compiled from SymPy;
// here it is only put together, with the conventions for probabilities that are 0.

import {
  crossTerm,
  minusLog,
  pairDivergence,
  sumOfCoordinates,
  tangent,
  tangentGap,
  term,
  totalCorrelation,
} from "../generated/divergences.js";

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** q log(q/p): 0 where q is 0, ∞ where p alone is 0. */
export const termOf = (q, p) => (q === 0 ? 0 : p === 0 ? Infinity : term(q, p));

/** The divergence of two lists of probabilities, in nats. */
export const divergence = (q, p) => sum(q.map((value, i) => termOf(value, p[i])));

/** The mass that p has where q is positive. */
export const massOnSupport = (q, p) => sum(p.filter((_, i) => q[i] > 0));

/** The smallest number a bar can be dragged to without being 0. */
export const LEAST = 0.005;

/**
 * The law with one probability changed to `value`: the others share the rest in the proportions that they have, or
 * evenly where all of them are 0. What is nearly 0 becomes 0.
 */
export function changed(law, index, value) {
  const wanted = Math.min(1, Math.max(0, value));
  const height = wanted < LEAST ? 0 : wanted > 1 - LEAST ? 1 : wanted;
  const others = sum(law.filter((_, i) => i !== index));
  const share = (probability) => (others > 0 ? probability / others : 1 / (law.length - 1));
  const raw = law.map((probability, i) => (i === index ? height : (1 - height) * share(probability)));
  // Rounded to ten digits, so that sums stay 1 however often a bar is moved; the largest takes the difference.
  const rounded = raw.map((probability) => Number(probability.toFixed(10)));
  const largest = rounded.indexOf(Math.max(...rounded));
  rounded[largest] = Number((rounded[largest] + 1 - sum(rounded)).toFixed(12));
  return rounded;
}

/**
 * Everything that the figure says of two laws. Ratios t = p/q are ∞ where q is 0 (null where both are); the tangent
 * touches −log at `at`. The divergence is the sum of the q-weighted gaps and of `offset`, the tangent at the mean
 * ratio, which is the mass of p where q is positive. Without common outcomes there is no mass and no such tangent.
 */
export function compared({ q, p, touch }) {
  const mass = massOnSupport(q, p);
  const at = touch === "mass" && mass > 0 ? mass : 1;
  const ratios = q.map((value, i) => (value > 0 ? p[i] / value : p[i] > 0 ? Infinity : null));
  const gaps = q.map((value, i) => (value > 0 ? (p[i] > 0 ? tangentGap(ratios[i], at) : Infinity) : 0));
  const weighted = q.map((value, i) => (value > 0 ? value * gaps[i] : 0));
  return {
    divergence: divergence(q, p),
    reverse: divergence(p, q),
    mass,
    reverse_mass: massOnSupport(p, q),
    bound: mass > 0 ? minusLog(mass) : Infinity,
    at,
    ratios,
    gaps,
    weighted,
    offset: tangent(mass, at),
  };
}

/** The parts of a pair's divergence: coordinates + dependence of q − cross term = joint. */
export function parts({ mean, rho_q, rho_p }) {
  return {
    coordinates: sumOfCoordinates(mean),
    dependence: totalCorrelation(rho_q),
    cross: crossTerm(mean, rho_q, rho_p),
    joint: pairDivergence(mean, rho_q, rho_p),
  };
}

/** The bars, each [low, high]: the parts one after the other, each begun where the last one ended, and the whole. */
export function bars({ coordinates, dependence, cross, joint }) {
  const second = coordinates + dependence;
  return [
    [0, coordinates],
    [coordinates, second],
    [second, second - cross],
    [0, joint],
  ];
}
