"""The symbols of the chapter on radial, planar and residual flows."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, scalar, written

_D = sp.Symbol("D", integer=True, positive=True)


def _column(name: str, meaning: str) -> Entry:
    return Entry(name, meaning, symbol=sp.MatrixSymbol(name, _D, 1))


def _square(name: str, meaning: str) -> Entry:
    return Entry(name, meaning, symbol=sp.MatrixSymbol(name, _D, _D))


ENTRIES = (
    Entry("D", "number of dimensions", symbol=_D),
    written("x", "", "a point, before a map"),
    written("y", "", "its image"),
    written("c", "", "the centre of a radial flow"),
    _column("v", "the offset from the centre, $x - c$; in the last section a random vector of signs"),
    scalar("r", "the distance from the centre, $\\lVert v\\rVert$", nonnegative=True),
    scalar("s", "a second, larger radius", nonnegative=True),
    scalar("alpha", "a radial flow's scale of distances", positive=True),
    scalar("beta", "a radial flow's strength", real=True),
    scalar("q", "the factor on the offset, $1 + \\beta/(\\alpha + r)$: the stretch across a ray", real=True),
    scalar("rho", "the signed distance of the image from the centre, $q\\,r$", nonnegative=True),
)
