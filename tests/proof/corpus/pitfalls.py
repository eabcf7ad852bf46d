"""Where computer algebra has been silently wrong, or is right only under an assumption that nobody made."""

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Determinant,
    Integral,
    MatrixSymbol,
    Piecewise,
    Rational,
    Sum,
    ZeroMatrix,
    binomial,
    exp,
    log,
    oo,
    pi,
    sqrt,
)

from .claim import Claim

z, w = sp.symbols("z w")
x, y, t = sp.symbols("x y t", real=True)
a, b = sp.symbols("a b", positive=True)
n, k = sp.symbols("n k", integer=True)
S = MatrixSymbol("S", 2, 2)
v = MatrixSymbol("v", 2, 1)
FORM = (v.T * S * v)[0, 0]


def true() -> list[Claim]:
    return [
        Claim(
            "gradient of a log of a quadratic form",
            Derivative(log(FORM), v),
            (S + S.T) * v / FORM,
            source="pitfall: matrix derivatives",
        ),
        Claim(
            "forced expansion, all positive",
            sp.expand_log(log(a**2 * b), force=True),
            log(a**2 * b),
            source="pitfall: expand_log",
        ),
        Claim("sign by its three values", sp.sign(x) * Abs(x), x, source="pitfall: is_positive"),
        Claim(
            "step as a sign",
            sp.Heaviside(x, Rational(1, 2)),
            (1 + sp.sign(x)) / 2,
            source="pitfall: is_positive",
        ),
        Claim(
            "positive part by pieces",
            Piecewise((x, x > 0), (0, True)),
            (x + Abs(x)) / 2,
            source="pitfall: is_positive",
        ),
        Claim(
            "floating-point half",
            sp.Float(0.5) * x,
            x / 2,
            source="pitfall: floating-point numbers",
            sampled=True,
        ),
        Claim(
            "floating-point tenth",
            sp.Float(0.1) * x + sp.Float(0.2) * x,
            sp.Rational(3, 10) * x,
            source="pitfall: floating-point numbers",
            sampled=True,
        ),
        Claim(
            "removable singularity", (x**3 - 1) / (x - 1), x**2 + x + 1, source="pitfall: cancelled factors"
        ),
        Claim(
            "square completed under the root",
            sqrt(x**2 + 2 * x + 1),
            Abs(x + 1),
            source="pitfall: branch cuts",
        ),
        Claim("exponential of a product of logarithms", exp(a * log(b)), b**a, source="pitfall: branch cuts"),
        Claim("odd integrand", Integral(t**3 * exp(-(t**2)), (t, -oo, oo)), 0, source="pitfall: integrals"),
    ]


def false() -> list[Claim]:
    mean = Integral(x * exp(-((x - t) ** 2) / 2) / sqrt(2 * pi), (x, -oo, oo))
    return [
        Claim(
            "gradient of a log-determinant vanishes",
            Derivative(log(Determinant(S)), S),
            ZeroMatrix(2, 2),
            source="pitfall: matrix derivatives",
        ),
        Claim(
            "gradient of a log of a quadratic form vanishes",
            Derivative(log(FORM), v),
            ZeroMatrix(2, 1),
            source="pitfall: matrix derivatives",
        ),
        Claim(
            "SymPy's gradient of a log of a quadratic form",
            sp.diff(log(FORM), v),
            (S + S.T) * v / FORM,
            source="pitfall: matrix derivatives",
        ),
        Claim(
            "forced expansion",
            sp.expand_log(log(x**2 * y), force=True),
            log(x**2 * y),
            source="pitfall: expand_log",
        ),
        Claim(
            "forced power",
            sp.powsimp(sqrt(z) * sqrt(w), force=True),
            sqrt(z) * sqrt(w),
            source="pitfall: powsimp",
        ),
        Claim(
            "forced denesting",
            sp.powdenest((z**2) ** Rational(1, 2), force=True),
            (z**2) ** Rational(1, 2),
            source="pitfall: powdenest",
        ),
        Claim(
            "logarithms combined by force",
            sp.logcombine(log(z) + log(w), force=True),
            log(z) + log(w),
            source="pitfall: logcombine",
        ),
        Claim("unknown sign taken for positive", Abs(x), x, source="pitfall: is_positive"),
        Claim(
            "step without its middle value",
            sp.Heaviside(x, Rational(1, 2)),
            Piecewise((1, x >= 0), (0, True)),
            source="pitfall: is_positive",
        ),
        Claim(
            "third as a decimal", sp.Float("0.3333333") * x, x / 3, source="pitfall: floating-point numbers"
        ),
        Claim("π as a decimal", sp.Float("3.14159") * x, pi * x, source="pitfall: floating-point numbers"),
        Claim(
            "half of whole numbers, rounded down",
            sp.floor(n / 2) * 2,
            n,
            source="pitfall: floating-point numbers",
        ),
        Claim(
            "rounding is linear", sp.floor(2 * x), 2 * sp.floor(x), source="pitfall: floating-point numbers"
        ),
        Claim(
            "different at one point",
            Piecewise((x**2, sp.Ne(x, 3)), (0, True)),
            x**2,
            source="pitfall: cancelled factors",
        ),
        Claim(
            "equal at every sampled whole number", sp.cos(2 * pi * x), sp.S.One, source="pitfall: sampling"
        ),
        Claim("mean of a shifted Gaussian is zero", mean, 0, source="pitfall: integrals"),
        Claim(
            "whole integrand, half of the line",
            Integral(exp(-Abs(x)), (x, -oo, oo)),
            1,
            source="pitfall: integrals",
        ),
        Claim(
            "symmetric binomial below zero", binomial(n, k), binomial(n, n - k), source="pitfall: conventions"
        ),
        Claim(
            "sum over a range of the wrong parity",
            Sum((1 + (-1) ** k) / 2, (k, 0, 2 * Abs(n))),
            Abs(n),
            source="pitfall: conventions",
        ),
        Claim("entry at transposed indices", S[0, 1], S[1, 0], source="pitfall: conventions"),
    ]
