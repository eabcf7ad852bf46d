"""Densities of affine images of a Gaussian, and what their determinants cost."""

import sympy as sp
from sympy import (
    Abs,
    Determinant,
    Integral,
    Inverse,
    Matrix,
    MatrixSymbol,
    Rational,
    Sum,
    exp,
    log,
    oo,
    pi,
    sqrt,
)

from .claim import Claim

x, y, μ = sp.symbols("x y mu", real=True)
σ, s1, s2 = sp.symbols("sigma s1 s2", positive=True)
a, b, c, d = sp.symbols("a b c d", real=True)
e = sp.Symbol("e", real=True, nonzero=True)
θ = sp.Symbol("theta", real=True)
K = sp.Symbol("K", integer=True, positive=True)
m = sp.Symbol("m", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
A, Q = MatrixSymbol("A", n, n), MatrixSymbol("Q", n, n)
S = Matrix([[a, b], [c, d]])
POINT = Matrix([x, y])
ROTATION = Matrix([[sp.cos(θ), -sp.sin(θ)], [sp.sin(θ), sp.cos(θ)]])
TRIANGLE = Matrix([[s1, 0, 0], [a, s2, 0], [b, c, σ]])
ELIMINATION = Rational(2, 3) * K**3 - K**2 / 2 + Rational(5, 6) * K - 1


def bell(position: sp.Expr, variance: sp.Expr) -> sp.Expr:
    return exp(-(position**2) / (2 * variance))


def true() -> list[Claim]:
    line = (x, -oo, oo)
    quadratic = (S.inv() * POINT).T * (S.inv() * POINT)
    return [
        Claim("unit mass", Integral(bell(x - μ, σ**2) / (σ * sqrt(2 * pi)), line), 1, source="chvar.1"),
        Claim(
            "unit mass, scale of either sign",
            Integral(bell(x, e**2) / (Abs(e) * sqrt(2 * pi)), line),
            1,
            source="chvar.1",
            sampled=True,
        ),
        Claim(
            "cost of elimination", Sum(m * (2 * m + 1), (m, 1, K - 1)) + K - 1, ELIMINATION, source="chvar.2"
        ),
        Claim("quadratic form", quadratic, POINT.T * (S * S.T).inv() * POINT, source="chvar.3"),
        Claim("precision of the image", Inverse(A * A.T), A.T.I * A.I, source="chvar.5"),
        Claim("determinant of the covariance", Determinant(A * A.T), Determinant(A) ** 2, source="chvar.5"),
        Claim("determinant of the covariance, 2 × 2", (S * S.T).det(), S.det() ** 2, source="chvar.3"),
        Claim("root of the determinant", sqrt((S * S.T).det()), Abs(S.det()), source="chvar.3"),
        Claim("triangular determinant", Determinant(TRIANGLE), s1 * s2 * σ, source="chvar.4"),
        Claim("sum of logarithms", log(TRIANGLE.det()), log(s1) + log(s2) + log(σ), source="chvar.4"),
        Claim(
            "rotated factor, same covariance", (S * ROTATION) * (S * ROTATION).T, S * S.T, source="chvar.3"
        ),
        Claim(
            "mass under the printed normaliser",
            Integral(bell(x, σ**2) / sqrt(2 * pi * σ), line),
            sqrt(σ),
            source="E002-8",
        ),
    ]


def false() -> list[Claim]:
    line = (x, -oo, oo)
    quadratic = (S.inv() * POINT).T * (S.inv() * POINT)
    return [
        Claim("determinant for its absolute value", 1 / S.det(), 1 / Abs(S.det()), source="E002-7"),
        Claim("determinant under the root", sqrt((2 * pi) ** 2 * s1 * s2), 2 * pi * s1 * s2, source="E002-8"),
        Claim(
            "dimension not halved",
            Integral(bell(x - μ, σ**2) / (2 * pi * σ), line),
            1,
            source="E003-12",
        ),
        Claim("root of the determinant without bars", sqrt((S * S.T).det()), S.det(), source="E003-13"),
        Claim("factors of the precision in the wrong order", Inverse(A * A.T), A.I * A.T.I, source="chvar.5"),
        Claim("precision of the transposed factor", A.T.I * A.I, Inverse(A.T * A), source="chvar.5"),
        Claim(
            "quadratic form of the transpose", quadratic, POINT.T * (S.T * S).inv() * POINT, source="chvar.3"
        ),
        Claim(
            "determinant of the covariance, not squared",
            Determinant(A * A.T),
            Determinant(A),
            source="chvar.5",
        ),
        Claim("rotation on the wrong side", (ROTATION * S) * (ROTATION * S).T, S * S.T, source="chvar.3"),
        Claim("multiplied by the Jacobian", bell(x / σ, 1) * σ, bell(x, σ**2) / σ, source="chvar.1"),
        Claim("variance for a scale", Integral(bell(x, σ) / (σ * sqrt(2 * pi)), line), 1, source="chvar.1"),
        Claim(
            "scale of either sign without bars",
            Integral(bell(x, e**2) / (e * sqrt(2 * pi)), line),
            1,
            source="chvar.1",
        ),
        Claim(
            "cost of elimination, last sum left out",
            Sum(m * (2 * m + 1), (m, 1, K - 1)),
            ELIMINATION,
            source="chvar.2",
        ),
        Claim(
            "cost of elimination, one pivot too many",
            Sum(m * (2 * m + 1), (m, 1, K)) + K - 1,
            ELIMINATION,
            source="chvar.2",
        ),
        Claim("logarithms of real factors", log(a * b), log(a) + log(b), source="chvar.4"),
        Claim("orthogonal by name only", (A * Q) * (A * Q).T, A * A.T, source="chvar.3"),
    ]
