// Products of equal factors in two precisions, and what a determinant costs. No document here: Node tests it.

import * as generated from "../generated/tools.js";

/** Operations for a determinant of K rows, by method; Leibniz' sum is infinite beyond the range of numbers. */
export function costs(K) {
  return {
    diagonal: generated.cost_diagonal(K),
    rank_one: generated.cost_rank_one(K),
    elimination: generated.cost_elimination(K),
    leibniz: generated.LEIBNIZ[K - 1] ?? Infinity,
  };
}

const ROUND = { float32: Math.fround, float64: (value) => value };

/** The products of 0, 1, ..., `count` factors, each rounded to the precision. */
export function products(factor, count, precision) {
  const round = ROUND[precision];
  const rounded = round(factor);
  const found = [1];
  for (let k = 1; k <= count; k += 1) found.push(round(found[k - 1] * rounded));
  return found;
}

/** The first number of factors whose product is zero or infinite, or null. */
export function leavesRangeAt(values) {
  const at = values.findIndex((value) => value === 0 || !Number.isFinite(value));
  return at < 0 ? null : at;
}
