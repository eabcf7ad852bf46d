// Pure functions of the figures: no drawing, no document. The formulas come compiled from SymPy.

import {
  boundTerm,
  collapseRadius,
  distance,
  logAbsDet,
  normalLogDensity,
  preimage,
  slope,
  stretch,
  term,
  turningRadius,
} from "../generated/radial_flows.js";

// Sliders step by hundredths; what is nearer than this to β = −α is meant to be there.
const EDGE = 1e-9;

/** "inside" while β > −α, "edge" at β = −α, "folded" below. */
export function kind({ alpha, beta }) {
  const margin = alpha + beta;
  return margin > EDGE ? "inside" : margin >= -EDGE ? "edge" : "folded";
}

/** Image of a point of the plane under the flow about a centre. */
export function image([a, b], { alpha, beta }, [p, q] = [0, 0]) {
  const factor = stretch(Math.hypot(a - p, b - q), alpha, beta);
  return [p + factor * (a - p), q + factor * (b - q)];
}

/** The point with this image, for β ≥ −α. */
export function source([u, v], { alpha, beta }, [p, q] = [0, 0]) {
  const far = Math.hypot(u - p, v - q);
  if (far === 0) return [p, q];
  const factor = preimage(far, alpha, beta) / far;
  return [p + factor * (u - p), q + factor * (v - q)];
}

/** Whether the flow reverses the orientation of the plane at this radius. */
export const isTurned = (r, { alpha, beta }) => stretch(r, alpha, beta) * slope(r, alpha, beta) < 0;

/** log |det J| in any number of dimensions; in one dimension the stretch across a ray, even of 0, does not matter. */
export function logDetAt(r, { alpha, beta }, dimension) {
  return dimension === 1 ? Math.log(Math.abs(slope(r, alpha, beta))) : logAbsDet(r, alpha, beta, dimension);
}

/** The radii that a folded flow is known by: of the circle on the centre, and where the curve turns. */
export function fold({ alpha, beta }) {
  if (kind({ alpha, beta }) !== "folded") return null;
  return { collapse: collapseRadius(alpha, beta), turning: turningRadius(alpha, beta) };
}

/** What the figure says of one radius. */
export function follow(r, { alpha, beta }) {
  return { distance: distance(r, alpha, beta), slope: slope(r, alpha, beta) };
}

/** Log-density of the image of standard normal points of `dimension` entries, and log |det J|, at a point of the plane. */
export function pushForward(point, { alpha, beta, center, dimension }) {
  const x = source(point, { alpha, beta }, center);
  const logDet = logDetAt(Math.hypot(x[0] - center[0], x[1] - center[1]), { alpha, beta }, dimension);
  // In one dimension the picture is a line, and only its own coordinate counts.
  const squared = dimension === 1 ? x[0] ** 2 : x[0] ** 2 + x[1] ** 2;
  return { logDensity: normalLogDensity(squared, dimension) - logDet, logDet };
}

const SMALLEST = 1e-300;

/** Remainders after 0, 1, ..., `last` terms: [{ error, bound }], each the sum of what follows, so that no digit is lost. */
export function remainders({ lipschitz, theta }, last) {
  let count = last;
  while (boundTerm(count + 1, lipschitz) > 1e-18 * boundTerm(last + 1, lipschitz)) count += 1;
  const rows = [];
  let [error, bound] = [0, 0];
  for (let k = count; k >= 1; k -= 1) {
    error += term(k, lipschitz, theta);
    bound += boundTerm(k, lipschitz);
    if (k <= last + 1) rows[k - 1] = { error: Math.max(Math.abs(error), SMALLEST), bound };
  }
  return rows;
}

/** The sum of the first n terms. */
export function partialSum({ lipschitz, theta }, n) {
  let total = 0;
  for (let k = 1; k <= n; k += 1) total += term(k, lipschitz, theta);
  return total;
}
