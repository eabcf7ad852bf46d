// Projections, and gradient descent with them. No document here: Node tests it.

import { gradientStep, onto_box, onto_plane, onto_segment } from "../generated/tools.js";

const ONTO = { segment: onto_segment, box: onto_box, plane: onto_plane };

/** The nearest point of the set. */
export const nearest = (target, point) => ONTO[target](...point);

/**
 * Projected gradient descent from the projection of `point`: `{ points, before }`, where `before[k]` is what the
 * gradient step makes of `points[k]`, before it is projected to `points[k + 1]`. It ends early at infinity.
 */
export function path({ target, point, learning_rate: rate }, steps) {
  const points = [nearest(target, point)];
  const before = [];
  while (points.length <= steps) {
    const next = gradientStep(rate, ...points.at(-1));
    if (!next.every(Number.isFinite)) break;
    before.push(next);
    points.push(nearest(target, next));
  }
  return { points, before };
}
