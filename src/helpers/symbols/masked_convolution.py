"""The symbols of the chapter on masked convolutions."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_N = sp.Symbol("N", integer=True, positive=True)

ENTRIES = (
    written("k", "", "rows and columns of a kernel, $k = 2m + 1$"),
    scalar("m", "how far a kernel reaches from its centre", integer=True, positive=True),
    scalar("L", "number of layers", integer=True, positive=True),
    scalar("n_A", "how many of the layers are of type A", integer=True, nonnegative=True),
    scalar("rho", "marks one row down in a polynomial of paths", positive=True),
    scalar("kappa", "marks one column to the right in a polynomial of paths", positive=True),
    scalar("alpha", "the polynomial of a $3 \\times 3$ layer of type A", positive=True),
    Entry("N", "number of pixels", symbol=_N),
    matrix("T", _N, _N, "which pixel sees which through one layer of type A, zeros and ones"),
    written("I", "I", "the identity matrix"),
    scalar("i", "rows towards the past", integer=True, nonnegative=True),
    written("R_i", "reach", "how many columns to the right a pixel sees, $i$ rows towards the past"),
)
