// The matrix of the figure of the gradient. No document here: Node tests it.

import { BASE, determinant, gradientOfLogDeterminant, logAbsDeterminant } from "../generated/tools.js";

export const SIZE = BASE.length;

const KEEPS = {
  full: () => true,
  triangular: (i, j) => j <= i,
  diagonal: (i, j) => i === j,
};

/** Whether an entry (counted from 0) may differ from zero. */
export const isFree = (structure, i, j) => KEEPS[structure](i, j);

/** What stands at a place, counted from 1, before it is changed. */
export const baseValue = (row, column) => BASE[row - 1][column - 1];

/** The matrix of a state, its log-determinant and the gradient of that. */
export function analyse({ structure, row, column, value }) {
  const matrix = BASE.map((entries, i) =>
    entries.map((entry, j) => (!isFree(structure, i, j) ? 0 : i === row - 1 && j === column - 1 ? value : entry)),
  );
  const flat = matrix.flat();
  return {
    matrix,
    determinant: determinant(...flat),
    logAbsDeterminant: logAbsDeterminant(...flat),
    // Along entries that the structure keeps at zero there is no derivative to take.
    gradient: gradientOfLogDeterminant(...flat).map((entries, i) =>
      entries.map((entry, j) => (isFree(structure, i, j) ? entry : 0)),
    ),
  };
}
