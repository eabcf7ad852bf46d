"""The symbols of the chapter on radial, planar and residual flows."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, scalar, written

_D = sp.Symbol("D", integer=True, positive=True)


def _column(name: str, meaning: str) -> Entry:
    return Entry(name, meaning, symbol=sp.MatrixSymbol(name, _D, 1))


ENTRIES = (
    Entry("D", "number of dimensions", symbol=_D),
    _column("x", "a point, before a map"),
    written("y", "", "its image"),
    written("c", "", "the centre of a radial flow"),
    _column("v", "the offset from the centre, $x - c$"),
    scalar("r", "the distance from the centre, $\\lVert v\\rVert$", nonnegative=True),
    scalar("s", "a second, larger distance", nonnegative=True),
    scalar("alpha", "the scale of a radial flow: it acts where $r$ is not much larger", positive=True),
    scalar("beta", "the strength of a radial flow", real=True),
    scalar("q", "the factor on the offset, $1 + \\beta/(\\alpha + r)$", real=True),
    scalar("rho", "the signed distance of the image from the centre, $q\\,r$", real=True),
    written("J", "", "a Jacobian"),
    written("I", "I", "the identity matrix"),
    scalar("kappa", "the coefficient of $v v^\\top$ in the Jacobian", real=True),
    _column("p", "a direction across the ray, perpendicular to $v$"),
    _column("w", "the direction that a planar flow looks along"),
    _column("u", "the direction that a planar flow moves points along"),
    written("b", "", "the shift of a planar flow"),
    written("h", "sp.tanh", "the function of a planar flow, here $\\tanh$"),
    scalar("h_slope", "the slope of $h$ at a point", name="h'", real=True),
    scalar("t", "where a point lies along $w$: $w^\\top x + b$", real=True),
    scalar("a", "the inner product $w^\\top u$", real=True),
    written("\\hat u", "flows.repaired_direction", "$u$, changed along $w$ until the flow is a bijection"),
    written("m", "flows.inner_product_repaired", "takes an inner product to one above $-1$"),
    written("f", "block.residual", "the residual: a map that a contractive block adds to its input"),
    scalar("L", "a Lipschitz constant of $f$, below $1$", positive=True),
    scalar("n", "number of terms, or of steps", integer=True, positive=True),
    scalar("j", "index of a sum from zero", integer=True, nonnegative=True),
    written("k", "", "index of a term, from one"),
    scalar("lam", "an eigenvalue of $J_f$", name="lambda"),
    scalar("tau", "a number from $0$ to $1$, to integrate over", nonnegative=True),
    written("\\epsilon", "", "a random vector of signs"),
    scalar("gamma", "the probability that another term follows", positive=True),
    scalar("theta", "the angle of a rotation of the plane", real=True),
)
