// Pure functions of the figures on flows of the line: no drawing, no document. The maps come compiled from SymPy.
// Tested against the Python twin on random points.

import {
  affine,
  average,
  bound,
  logOfOdds,
  maps,
  mixtureBracket,
  mixtureSlope,
  mixtureValue,
  odds,
  sigmoid,
  towards,
} from "../generated/flows_on_a_line.js";

// Where every point with a given image is looked for; beyond it, up to FARTHEST, one on each side.
export const REACH = 100;
const FARTHEST = 1e9;
const PER_UNIT = 100;
const HALVINGS = 60;

const { fround } = Math;

/** The parameters of the state's map, in the order of the compiled functions. */
export const parametersOf = (state) => maps[state.map].parameters.map((name) => state[name]);

/** Value of the state's map at z. */
export const valueAt = (state, z) => maps[state.map].value(z, ...parametersOf(state));

/** Where an increasing or decreasing `g` crosses `level` between two points. */
function crossing(g, level, low, high) {
  const side = Math.sign(g(low) - level);
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (Math.sign(g(middle) - level) === side) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The points whose image is `level`: { points, flat }, where `flat` is null or the ends, within [-REACH, REACH], of the
 * piece on which the map has this value throughout. A line that touches the graph between points of the grid is missed.
 */
export function preimages(g, level) {
  const points = [];
  let flat = null;
  let [before, beforeSign, zeros] = [-REACH, NaN, 0];
  for (let i = -REACH * PER_UNIT; i <= REACH * PER_UNIT; i += 1) {
    const z = i / PER_UNIT;
    const sign = Math.sign(g(z) - level);
    if (sign === 0) {
      zeros += 1;
      if (zeros === 1) points.push(z);
      else if (zeros === 2) flat = [points.pop(), z];
      else flat[1] = z;
    } else {
      zeros = 0;
      if (sign * beforeSign < 0) points.push(crossing(g, level, before, z));
    }
    [before, beforeSign] = [z, sign];
  }
  for (const side of [-1, 1]) {
    for (let reach = REACH; reach < FARTHEST; reach *= 10) {
      const ends = [side * reach, 10 * side * reach].sort((a, b) => a - b);
      if ((g(ends[0]) - level) * (g(ends[1]) - level) < 0) points.push(crossing(g, level, ...ends));
    }
  }
  return { points: points.sort((a, b) => a - b), flat };
}

const mixtureParameters = (s) => [s.weight, s.scale_1, s.scale_2, s.shift_1, s.shift_2];

/** Value of the mixture at z. */
export const mixed = (s, z) => mixtureValue(z, ...mixtureParameters(s));

/** Slope of the mixture at z. */
export const mixedSlope = (s, z) => mixtureSlope(z, ...mixtureParameters(s));

/** The same value the naive way, each operation rounded to float32: infinite where the mixture rounds to 1. */
export function naive(s, z) {
  const [a_1, a_2, b_1, b_2, w] = [s.scale_1, s.scale_2, s.shift_1, s.shift_2, s.weight].map(fround);
  const [s_1, s_2] = affine(fround(z), w, a_1, a_2, b_1, b_2).map((u) => fround(sigmoid(fround(u))));
  return fround(logOfOdds(fround(odds(fround(average(s_1, s_2, w))))));
}

/** The first z of [from, to], on a grid of `count` steps, from which on the naive value is infinite; null if none is. */
export function saturation(s, from, to, count) {
  for (let i = 0; i <= count; i += 1) {
    const z = from + ((to - from) * i) / count;
    if (naive(s, z) === Infinity) return z;
  }
  return null;
}

/** Brackets [low, high] of the solution of g(z) = target after 0, ..., `steps` halvings. */
export function bisection(s, target, steps) {
  let [low, high] = mixtureBracket(target, ...mixtureParameters(s));
  const brackets = [[low, high]];
  for (let i = 0; i < steps; i += 1) {
    const middle = (low + high) / 2;
    if (mixed(s, middle) < target) low = middle;
    else high = middle;
    brackets.push([low, high]);
  }
  return brackets;
}

/** x_0 = target, x_1, ..., x_steps of x ← target − c sin x. */
export function iterates(c, target, steps) {
  const path = [target];
  for (let i = 0; i < steps; i += 1) path.push(towards(path.at(-1), target, c));
  return path;
}

/** The solutions of z + c sin z = target: one while |c| ≤ 1. */
export const fixedPoints = (c, target) => preimages((z) => maps.sine.value(z, c), target).points;

/** The one of `candidates` that is closest to x. */
export const nearest = (candidates, x) =>
  candidates.reduce((best, candidate) => (Math.abs(candidate - x) < Math.abs(best - x) ? candidate : best));

/** The bound on the error after n steps of a map with Lipschitz constant |c|, from an error `first`. */
export const errorBound = (n, c, first) => bound(n, c, first);
