// Pure functions of the games' figures: no drawing, no document. The matrices come compiled from SymPy;
// eigenvalues come from ml-matrix. Tested against the Python twin on random points.

import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from "ml-matrix";
import { methods } from "../generated/games.js";

// Above this condition number of the eigenvectors two eigenvalues have met and the modes mean nothing.
const DEFECTIVE = 1e7;

/** The value of the method's own parameter in a figure's state, 0 where it has none. */
export function parameterOf(state) {
  const name = methods[state.method].parameter;
  return name === null ? 0 : state[name];
}

/** Iteration matrix as an array of rows, on (d, g) or on (d_k, g_k, d_{k-1}, g_{k-1}). */
export function iterationMatrix(state) {
  return methods[state.method].matrix(state.learning_rate, parameterOf(state));
}

function lift(state) {
  // Methods with memory begin at rest: the point before the start is the start.
  return methods[state.method].memory ? [...state.start, ...state.start] : [...state.start];
}

/** Points v_0 ... v_steps; shorter where a value leaves the range of double precision. */
export function trajectory(state, steps) {
  const matrix = iterationMatrix(state);
  const points = [];
  let v = lift(state);
  for (let k = 0; k <= steps && v.every(Number.isFinite); k += 1) {
    points.push([v[0], v[1]]);
    v = matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * v[j], 0));
  }
  return points;
}

function decompose(matrix) {
  // ml-matrix iterates without a limit, and where both players do the same up to a turn it may never end, as for the
  // optimistic method at learning rate 0.4967778373975307. Unequal units for the coordinates break that symmetry;
  // powers of two cost no digit.
  const scaled = matrix.map((row, i) => row.map((entry, j) => entry * 2 ** (i - j)));
  const { realEigenvalues: re, imaginaryEigenvalues: im, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(scaled));
  return { re, im, vectors: eigenvectorMatrix.to2DArray().map((row, i) => row.map((entry) => entry * 2 ** -i)) };
}

/** Eigenvalues as {re, im, modulus}, largest modulus first. */
export function eigenvalues(matrix) {
  const { re, im } = decompose(matrix);
  return re
    .map((x, j) => ({ re: x, im: im[j], modulus: Math.hypot(x, im[j]) }))
    .sort((a, b) => b.modulus - a.modulus || b.im - a.im);
}

/** Largest modulus of an eigenvalue; of a 2 x 2 matrix from trace and determinant, exact also where two meet. */
export function spectralRadius(matrix) {
  if (matrix.length > 2) return eigenvalues(matrix)[0].modulus;
  const [[a, b], [c, d]] = matrix;
  const [half, determinant] = [(a + d) / 2, a * d - b * c];
  const discriminant = half * half - determinant;
  return discriminant < 0 ? Math.sqrt(determinant) : Math.abs(half) + Math.sqrt(discriminant);
}

/**
 * What the linear map does in the long run: "converges", "diverges", or "neither" (bounded, or growing no faster
 * than a power of k, as where two eigenvalues meet on the unit circle).
 */
export function verdict(state) {
  if (methods[state.method].converges(state.learning_rate, parameterOf(state))) return "converges";
  if (state.learning_rate === 0) return "neither";
  const matrix = iterationMatrix(state);
  // Where two of four eigenvalues meet, half of their digits are lost.
  return spectralRadius(matrix) > 1 + (matrix.length > 2 ? 1e-7 : 1e-14) ? "diverges" : "neither";
}

/**
 * The trajectory as a sum of modes: a real eigenvalue's line or a conjugate pair's spiral.
 *
 * Returns null where two eigenvalues meet. Otherwise `at(t)` is the smooth curve that passes through v_k at
 * every whole t (null if a real eigenvalue is not positive: no smooth curve stays real), and `envelope(k)` is
 * an upper bound of the norm: each mode's largest distance, added. With one pair alone it is the reach of the
 * ellipse, shrunk or grown, on which v_k lies; for the simultaneous method it is the norm itself.
 */
export function modes(state) {
  const { re, im, vectors: found } = decompose(iterationMatrix(state));
  // A conjugate pair's two columns are the real and imaginary parts of one vector.
  const length = (j) => Math.hypot(...found.flatMap((row) => (im[j] === 0 ? row[j] : im[j] > 0 ? [row[j], row[j + 1]] : [row[j - 1], row[j]])));
  const lengths = re.map((_, j) => length(j));
  const vectors = new Matrix(found.map((row) => row.map((entry, j) => entry / lengths[j])));
  const singular = new SingularValueDecomposition(vectors).diagonal;
  if (!(Math.max(...singular) < DEFECTIVE * Math.min(...singular))) return null;
  const weights = solve(vectors, Matrix.columnVector(lift(state))).to1DArray();
  const visible = (j) => [vectors.get(0, j), vectors.get(1, j)];

  const parts = [];
  for (let j = 0; j < re.length; j += 1) {
    const modulus = Math.hypot(re[j], im[j]);
    if (im[j] === 0) {
      const line = visible(j).map((x) => x * weights[j]);
      // An eigenvalue with several eigenvectors, as 1 at learning rate 0, is one mode.
      const same = parts.findIndex((part) => part.real === re[j]);
      const [before] = same >= 0 ? parts.splice(same, 1) : [{ cosine: [0, 0] }];
      const cosine = line.map((x, i) => x + before.cosine[i]);
      parts.push({ modulus, angle: 0, real: re[j], cosine, sine: [0, 0], reach: Math.hypot(...cosine) });
    } else {
      // Columns j and j + 1 span the plane in which the pair turns.
      const [a, b] = [visible(j), visible(j + 1)];
      const [x, y] = [weights[j], weights[j + 1]];
      const cosine = [a[0] * x + b[0] * y, a[1] * x + b[1] * y];
      const sine = [a[0] * y - b[0] * x, a[1] * y - b[1] * x];
      parts.push({ modulus, angle: Math.atan2(im[j], re[j]), cosine, sine, reach: semiMajorAxis(cosine, sine) });
      j += 1;
    }
  }
  const total = parts.reduce((sum, part) => sum + part.reach, 0);
  const seen = parts.filter((part) => part.reach > 1e-12 * total);
  const smooth = seen.every((part) => part.real === undefined || part.real > 0);
  return {
    at: smooth ? (t) => sumOfModes(seen, t) : null,
    envelope: (k) => parts.reduce((sum, part) => sum + part.reach * part.modulus ** k, 0),
  };
}

function sumOfModes(parts, t) {
  const point = [0, 0];
  for (const { modulus, angle, cosine, sine } of parts) {
    const scale = modulus ** t;
    const [c, s] = [scale * Math.cos(angle * t), scale * Math.sin(angle * t)];
    point[0] += c * cosine[0] + s * sine[0];
    point[1] += c * cosine[1] + s * sine[1];
  }
  return point;
}

/** Longest radius of the ellipse cos(φ) a + sin(φ) b. */
function semiMajorAxis(a, b) {
  // In units of the largest number, so that no square leaves the range of numbers.
  const unit = Math.max(...[...a, ...b].map(Math.abs)) || 1;
  const [p, q] = [a.map((x) => x / unit), b.map((x) => x / unit)];
  const [pp, qq, pq] = [p[0] ** 2 + p[1] ** 2, q[0] ** 2 + q[1] ** 2, p[0] * q[0] + p[1] * q[1]];
  return unit * Math.sqrt((pp + qq + Math.hypot(pp - qq, 2 * pq)) / 2);
}
