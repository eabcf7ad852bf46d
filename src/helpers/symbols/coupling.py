"""The symbols of the chapter on coupling layers."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_h, _d = sp.symbols("h d", integer=True, positive=True)

ENTRIES = (
    written("x", "", "the input of a layer, a vector of length $d$"),
    written("y", "", "the output of a layer, of the same length"),
    Entry("d", "the length of the input; even, where it is cut into halves", symbol=_d),
    Entry("h", "the length of a half, $d/2$", symbol=_h),
    scalar("a", "the first half of the input; $a_i$ is its entry number $i$", real=True),
    scalar("b", "the second half of the input", real=True),
    scalar("u", "the first half of the output", real=True),
    scalar("v", "the second half of the output", real=True),
    written("F", "F", "the network whose value is added"),
    written("G", "G", "the network of the log-scales"),
    scalar("s", "the log-scales of the second half: free numbers, which depend on nothing", real=True),
    written("J_F", "", "the Jacobian of $F$; row $i$ holds the slopes of $F_i$"),
    written("J_G", "", "the Jacobian of $G$"),
    matrix("D", _h, _h, "the upper left block of a Jacobian"),
    matrix("B", _h, _h, "the upper right block of a Jacobian, its corner"),
    matrix("E", _h, _h, "the lower right block of a Jacobian"),
    scalar("S", "the sum of all log-scales, $\\sum_i (G_i(b) + s_i)$", real=True),
    written("\\Omega", "", "the set of the places of the entries that a layer leaves as they are"),
    matrix("P", _d, _d, "a permutation matrix, which moves the entries that stay to the front"),
    matrix("M", _d, _d, "a Jacobian in the new order of the entries"),
)
