"""The symbols of the chapter on 1×1 convolutions."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, written

_C, _N, _d = sp.symbols("C N d", integer=True, positive=True)

ENTRIES = (
    Entry("C", "number of channels", symbol=_C),
    Entry("N", "number of pixels, height times width", symbol=_N),
    matrix("A", _C, _C, "the matrix that a $1\\times1$ convolution applies at every pixel"),
    matrix("P", _C, _C, "a permutation matrix"),
    matrix("L", _C, _C, "a lower triangular matrix with ones on its diagonal"),
    written("U", "factors.upper", "an upper triangular matrix with zeros on its diagonal"),
    written("s", "factors.scale", "the diagonal beside $U$: numbers $s_1, \\dots, s_C$, none of them zero"),
    matrix("T", _C, _C, "the upper triangular matrix $U + \\operatorname{diag}s$"),
    matrix("M", 2, 2, "any invertible matrix, or $P^\\top A$"),
    written("X", "image", "an image, as a matrix of channels × pixels"),
    written("Y", "", "what the layer makes of $X$"),
    Entry("d", "number of numbers in an array", symbol=_d),
    matrix("J", _d, _d, "the Jacobian of a layer, flattened"),
    matrix("P_1", _d, _d, "the permutation between two orders of the outputs"),
    matrix("P_2", _d, _d, "the permutation between two orders of the inputs"),
    written("a", "inputs", "the half of the channels that sets the factors, flattened"),
    written("b", "outputs", "the half of the channels that is mapped, flattened"),
    matrix("B", _N * _C, _N * _C, "what the first half does to the second, the lower left block"),
)
