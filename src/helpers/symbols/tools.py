"""The symbols of the chapter on tools."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_K = sp.Symbol("K", integer=True, positive=True)
_n, _m = sp.symbols("n m", integer=True, positive=True)

ENTRIES = (
    Entry("K", "the dimension: number of rows and columns of a square matrix", symbol=_K),
    written("g", "", "a map from $\\mathbb R^K$ to itself"),
    written("J_g", "", "the Jacobian of $g$: entry $(i, j)$ is the slope of output $i$ along input $j$"),
    written("S", "S", "a square matrix"),
    written("\\pi", "", "a permutation of $1, \\dots, K$"),
    scalar("k", "number of a pivot in an elimination", integer=True, positive=True),
    scalar("j", "number of rows below the pivot", integer=True, nonnegative=True),
    Entry("n", "number of rows of the first block", symbol=_n),
    Entry("m", "number of rows of the second block", symbol=_m),
    matrix("D", _n, _n, "the first diagonal block"),
    matrix("B", _n, _m, "the block beside it"),
    matrix("E", _m, _m, "the second diagonal block"),
    matrix("u", _K, 1, "the column of the rank-one matrix $uv^\\top$"),
    matrix("v", _K, 1, "the row of the rank-one matrix $uv^\\top$"),
    scalar("a", "where the segment stands: its points have $x_1 = a$", real=True),
    scalar("x_1", "first coordinate of a point", real=True),
    scalar("y_1", "first coordinate of the point to be projected", real=True),
    scalar("y_2", "second coordinate of the point to be projected", real=True),
    scalar("t", "second coordinate of a point of the segment, from 0 to 1", real=True),
    scalar("c", "the clipped coordinate, $\\min\\{\\max\\{y_2, 0\\}, 1\\}$", real=True),
    scalar("p", "how far $y_2$ lies outside of $[0, 1]$", nonnegative=True),
    written("\\Pi", "project_onto_box", "the projection: the nearest point of a set"),
    scalar("eta", "the learning rate", positive=True),
    scalar("L", "the largest second derivative of the objective", positive=True),
)
