"""The symbols of the chapter on change of variables."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_K = sp.Symbol("K", integer=True, positive=True)

ENTRIES = (
    scalar("z", "a point before the map", real=True),
    scalar("x", "a point after the map, $x = g(z)$", real=True),
    scalar("mu", "the shift of a map, and the mean of a law", real=True),
    scalar("sigma", "the scale of a map, and a standard deviation", positive=True),
    Entry("K", "number of dimensions", symbol=_K),
    written("g", "", "an invertible map"),
    written("\\varphi", "", "the inverse of the map $g$"),
    written("p_Z", "", "the density before the map"),
    written("p_X", "", "the density after the map"),
    matrix("J_g", _K, _K, "the Jacobian of $g$: its derivatives, an output a row"),
    matrix("D", _K, _K, "the edges of a small box, a column each"),
    matrix("S", _K, _K, "the matrix of an affine map $x = \\mu + Sz$"),
    matrix("Sigma", _K, _K, "the covariance $SS^\\top$ of a normal law"),
    matrix("d", _K, 1, "the deviation $x - \\mu$ from the mean"),
    matrix("Q", _K, _K, "an orthogonal matrix"),
    written("L", "lower", "the lower triangular matrix with positive diagonal and $LL^\\top = SS^\\top$"),
    written("I", "I", "the identity matrix"),
    written("C", "", "a fat Cantor set: closed, without an interval, of positive length"),
)
