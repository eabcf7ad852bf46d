// The field of a deep stack in its rectangle, from the compiled formulas. No document here: Node tests it.

import { blindCount, blindFraction, blindLimit, causalCount, fieldCount, reach } from "../generated/masked_convolution.js";

/** Rows of the past: how far to the right each is seen; how many pixels are seen and missed; the blind part's limit. */
export function coneOf({ half_width: m, depth, number_of_a: wanted, stacks }) {
  const far = m * depth;
  const a = Math.min(wanted, depth);
  const causal = causalCount(m, depth);
  const rows = Array.from({ length: far + 1 }, (_, i) => i);
  if (stacks === "two") {
    return { far, causal, a, seen: causal, blind: 0, fraction: 0, limit: 0, reach: rows.map((i) => (i === 0 ? -1 : far)) };
  }
  const blind = blindCount(m, depth, a);
  return {
    far,
    causal,
    a,
    seen: fieldCount(m, depth, a),
    blind,
    fraction: blind / causal,
    limit: blindLimit(m),
    reach: rows.map((i) => reach(i, m, depth, a)),
  };
}

/** The blind part for one layer of type A, at each depth: [[1, 0], [2, ...], ...]. */
export const curveOf = (m, last) => Array.from({ length: last }, (_, i) => [i + 1, blindFraction(m, i + 1)]);
