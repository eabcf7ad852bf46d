// A determinant by elimination, to compare a formula with.

import { LuDecomposition, Matrix } from "ml-matrix";

/** Sign and logarithm of the size of a determinant, by elimination with the largest pivots. */
export function signAndLog(rows) {
  const { LU, pivotSign } = new LuDecomposition(new Matrix(rows));
  const pivots = LU.diagonal();
  return {
    sign: pivots.reduce((sign, pivot) => sign * Math.sign(pivot), pivotSign) + 0, // no -0
    log_abs_det: pivots.reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0),
  };
}
