"""Masked convolutions: kernels as polynomials, u for one row down, v for one column to the right."""

__all__ = ["ERRATA"]

import sympy as sp

from .entry import Claim, FalseClaim, NoClaim, Number

u, v = sp.symbols("u v", nonzero=True)
below = 1 / v + u * (1 / v + 1 + v)  # type A: the pixel to the left and the row below
above = 1 / v + (1 / v + 1 + v) / u

T = sp.Symbol("T", integer=True, positive=True)
X = sp.Matrix(2, 2, sp.symbols("x1:5", real=True))
W = sp.Matrix(2, 2, sp.symbols("w1:5", real=True))
causal = sp.Matrix([[1, 0], [1, 1]])


def field_size(kernel, row=3, column=4, size=5):
    """How many pixels of a size × size grid the output at (row, column) sees."""
    offsets = [
        sp.Poly(term * (u * v) ** size, u, v).monoms()[0] for term in sp.Add.make_args(sp.expand(kernel))
    ]
    return sum(1 <= row + i - size <= size and 1 <= column + j - size <= size for i, j in offsets)


def reaches(kernel, offset):
    return sp.sympify(sp.expand(kernel).coeff(u, offset[0]).coeff(v, offset[1]) != 0)


ERRATA = [
    NoClaim("E002-1", "Reference to a figure that does not exist", "the number of a figure, no formula"),
    FalseClaim(
        "E002-2",
        "The receptive field of one layer read as that of the stack",
        printed=Claim(below**2, below),
        corrected=Claim(
            below**2,
            v**-2 + 2 * u * (v**-2 + v**-1 + 1) + u**2 * (v**-2 + 2 / v + 3 + 2 * v + v**2),
        ),
        number=Number("4", "8", of=(field_size(below), field_size(below**2))),
    ),
    FalseClaim(
        "E002-3",
        "A mask that looks below taken for the raster-order mask",
        printed=Claim(below, above),
        corrected=Claim(below.subs(u, 1 / u), above),
        number=Number("True", "False", of=(reaches(below**2, (1, 0)), reaches(above**2, (1, 0)))),
    ),
    FalseClaim(
        "E002-4",
        "Masked parameters confused with masked attention weights",
        printed=Claim(X * W.multiply_elementwise(causal) * X.T, (X * W * X.T).multiply_elementwise(causal)),
        corrected=Claim((X * W * X.T).multiply_elementwise(causal)[0, 1], 0),
        number=Number("25", "49", of=((T**2).subs(T, 5), (T**2).subs(T, 7))),
    ),
    FalseClaim(
        "E002-5",
        "The number of layers left open: a third layer enlarges the field",
        printed=Claim(below**2 * (1 + below), below**2),
        corrected=Claim(below**2 * (1 + below), below**2 + below**3),
        number=Number("11", "8", of=(field_size(below**2 * (1 + below)), field_size(below**2))),
    ),
]
