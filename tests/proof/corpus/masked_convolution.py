"""Masked convolutions: path counts as polynomials and as powers of one layer's matrix."""

import sympy as sp
from sympy import Identity, Limit, MatMul, Matrix, MatrixSymbol, Sum, ZeroMatrix, oo

from .claim import Claim

u, v = sp.symbols("u v", positive=True)  # one row down, one column to the right
a, b, c, d, p, q, r = sp.symbols("a b c d p q r", real=True)
n = sp.Symbol("n", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
L = sp.Symbol("L", integer=True, positive=True)
S, T = MatrixSymbol("S", n, n), MatrixSymbol("T", n, n)
TYPE_A = 1 / v + u * (1 / v + 1 + v)
TYPE_B = TYPE_A + 1
STRICT = Matrix([[0, 0, 0], [a, 0, 0], [b, c, 0]])
LOWER = Matrix([[p, 0, 0], [q, d, 0], [a, b, r]])


def true() -> list[Claim]:
    row = 1 / v**2 + 1 / v + 1
    square = 1 / v**2 + 2 / v + 3 + 2 * v + v**2
    seen = L * (3 * L + 5) / 2
    return [
        Claim("path counts of A, A", TYPE_A**2, 1 / v**2 + 2 * u * row + u**2 * square, source="masked.1"),
        Claim("path counts of A, B", TYPE_A * TYPE_B, TYPE_A**2 + TYPE_A, source="masked.2"),
        Claim("path counts of B, B", TYPE_B**2, TYPE_A**2 + 2 * TYPE_A + 1, source="masked.4"),
        Claim("A and B commute", T * (T + Identity(n)), (T + Identity(n)) * T, source="masked.3"),
        Claim(
            "A among three layers may stand anywhere",
            T * (T + Identity(n)) ** 2,
            (T + Identity(n)) * T * (T + Identity(n)),
            source="masked.3",
        ),
        Claim(
            "a strictly triangular layer dies out",
            MatMul(STRICT, STRICT, STRICT),
            sp.zeros(3, 3),
            source="masked.4",
        ),
        Claim(
            "B after A sees nothing of the pixel",
            MatMul(LOWER, STRICT),
            Matrix([[0, 0, 0], [d * a, 0, 0], [b * (a + r), r * c, 0]]),
            source="masked.4",
        ),
        Claim("size of the cone", L + Sum(L + i + 1, (i, 1, L)), seen, source="masked.4"),
        Claim(
            "blind quarter", Limit(1 - seen / (2 * L**2 + 2 * L), L, oo), sp.Rational(1, 4), source="masked.4"
        ),
        Claim("causal cells", Sum(2 * L + 1, (i, 1, L)) + L, 2 * L**2 + 2 * L, source="masked.4"),
        Claim(
            "no path is longer than the grid",
            (Identity(n) - T) * (Identity(n) + T + T**2),
            Identity(n) - T**3,
            source="masked.4",
        ),
    ]


def false() -> list[Claim]:
    row = 1 / v**2 + 1 / v + 1
    square = 1 / v**2 + 2 / v + 3 + 2 * v + v**2
    seen = L * (3 * L + 5) / 2
    return [
        Claim("paths of A, A counted once", TYPE_A**2, 1 / v**2 + u * row + u**2 * square, source="masked.1"),
        Claim("B, B with the pixel itself left out", TYPE_B**2, TYPE_A**2 + 2 * TYPE_A, source="masked.4"),
        Claim("layers with weights commute", S * (T + Identity(n)), (T + Identity(n)) * S, source="masked.3"),
        Claim(
            "A, B as B, B",
            T * (T + Identity(n)),
            (T + Identity(n)) ** 2,
            source="masked.2",
        ),
        Claim("dead one layer too early", MatMul(STRICT, STRICT), sp.zeros(3, 3), source="masked.4"),
        Claim("A after B keeps the pixel", MatMul(STRICT, LOWER), MatMul(LOWER, STRICT), source="masked.4"),
        Claim("cone without its own row", Sum(L + i + 1, (i, 1, L)), seen, source="masked.4"),
        Claim("cone one offset short", L + Sum(L + i, (i, 1, L)), seen, source="masked.4"),
        Claim("two layers are no more", T**2, ZeroMatrix(n, n), source="masked.4"),
        Claim(
            "rows above mirrored without the columns", TYPE_A, 1 / v + (1 / v + 1 + v) / u, source="E002-3"
        ),
        Claim("flipped kernel", TYPE_A, v + (1 / v + 1 + v) / u, source="E002-3"),
    ]
