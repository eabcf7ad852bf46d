// Pure functions of the figures on change of variables: no drawing, no document. All mathematics comes compiled from
// SymPy; here it is only put together. Tested against the Python twin on random points.

import {
  baseDensity,
  basePlaneDensity,
  densityAtImage,
  densityAtPoint,
  determinant,
  moved,
  movedDensity,
  movedPoint,
  preimage,
  printedDensityAtImage,
  printedMass,
  stretch,
} from "../generated/densities.js";

export const LENGTH = 0.4; // of the interval that is carried along
export const SIDE = 0.8; // of the square that is carried along

// Entries of the sliders are multiples of 0.05, so that a determinant is zero or at least 0.0025, up to rounding.
const SINGULAR = 1e-9;

/** What the map x = μ + σz does to the interval around the point z; no density where σ = 0. */
export function onTheLine({ mu, sigma, point }) {
  const collapsed = Math.abs(sigma) < SINGULAR;
  const image = moved(point, mu, sigma);
  const length = LENGTH * stretch(sigma);
  const density = collapsed ? null : movedDensity(image, mu, sigma);
  return {
    image,
    interval: [point - LENGTH / 2, point + LENGTH / 2],
    moved_interval: [moved(point - LENGTH / 2, mu, sigma), moved(point + LENGTH / 2, mu, sigma)],
    base_density: baseDensity(point),
    base_mass: baseDensity(point) * LENGTH,
    length,
    density,
    mass: collapsed ? null : density * length,
  };
}

const entries = ({ s11, s12, s21, s22 }) => [s11, s12, s21, s22];

export const isSingular = (state) => Math.abs(determinant(...entries(state))) < SINGULAR;

/** The image of a point under S. */
export const image = (state, [a, b]) => movedPoint(a, b, ...entries(state));

/** The point that S takes there, null where S is singular. */
export const origin = (state, [a, b]) => (isSingular(state) ? null : preimage(a, b, ...entries(state)));

/** Corners of a square around its centre. */
export const square = ([a, b], side = SIDE) =>
  [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([p, q]) => [a + (p * side) / 2, b + (q * side) / 2]);

/** Points of a circle around the centre, the last one the first again. */
export const circle = (radius, count = 96) =>
  Array.from({ length: count + 1 }, (_, i) => {
    const angle = (2 * Math.PI * (i % count)) / count;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

/** Area of a polygon, by the shoelace formula. */
export function area(corners) {
  const twice = corners.reduce((sum, [a, b], i) => {
    const [c, d] = corners[(i + 1) % corners.length];
    return sum + a * d - b * c;
  }, 0);
  return Math.abs(twice) / 2;
}

/**
 * What x = Sz does to a small square, seen from either side. Forwards the point is z and the square lies around it;
 * backwards the point is x, and the square around x came from a parallelogram. The number of either formula is null
 * where S is singular.
 */
export function inThePlane(state) {
  const matrix = entries(state);
  const det = determinant(...matrix);
  const singular = isSingular(state);
  const forwards = state.direction === "forwards";
  const z = forwards ? state.point : origin(state, state.point);
  const x = forwards ? image(state, state.point) : state.point;
  const left = z && (forwards ? square(z) : square(x).map((corner) => origin(state, corner)));
  const right = forwards ? left.map((corner) => image(state, corner)) : square(x);
  const base = z && basePlaneDensity(...z);
  const by_map = singular ? null : densityAtImage(...z, ...matrix);
  const by_inverse = singular ? null : densityAtPoint(...x, ...matrix);
  const isPrinted = state.normaliser === "printed";
  const density = singular ? null : isPrinted ? printedDensityAtImage(...z, ...matrix) : by_map;
  const areas = [left && area(left), area(right)];
  return {
    det,
    singular,
    z,
    x,
    corners: [left, right],
    areas,
    base_density: base,
    by_map,
    by_inverse,
    density,
    masses: [left && base * areas[0], singular ? null : density * areas[1]],
    centre_density: singular ? null : (isPrinted ? printedDensityAtImage : densityAtImage)(0, 0, ...matrix),
    total_mass: singular ? null : isPrinted ? printedMass(...matrix) : 1,
  };
}
