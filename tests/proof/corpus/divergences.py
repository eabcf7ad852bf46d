"""Kullback–Leibler divergences: finite laws, Gaussians in one and several dimensions, exponentials."""

import sympy as sp
from sympy import (
    Derivative,
    Determinant,
    Integral,
    Inverse,
    Matrix,
    MatrixSymbol,
    Rational,
    Trace,
    exp,
    log,
    oo,
    pi,
    sqrt,
)

from helpers.proof.expectation import Expectation, Gaussian

from .claim import Claim

x, y, μ, μ0, μ1, ρ = sp.symbols("x y mu mu0 mu1 rho", real=True)
σ, σ0, σ1, a, b, t, f, g, h = sp.symbols("sigma sigma0 sigma1 a b t f g h", positive=True)
q, p, r, s = sp.symbols("q p r s", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
A, S, S0, S1, T = (MatrixSymbol(name, n, n) for name in ("A", "S", "S0", "S1", "T"))
m = MatrixSymbol("m", n, 1)
C = MatrixSymbol("C", 2, 2)
P = Matrix(2, 2, sp.symbols("p1:5", real=True))  # the other precision
UNIT = {symbol: (0, 1) for symbol in (q, p, r, s)}
PAIR = {symbol: (0, 1) for symbol in (q, p)}
STANDARD = (μ**2 + σ**2 - 1) / 2 - log(σ)
CORRELATION = Matrix([[1, ρ], [ρ, 1]])


def normal(position: sp.Expr, mean: sp.Expr, scale: sp.Expr) -> sp.Expr:
    return exp(-((position - mean) ** 2) / (2 * scale**2)) / (scale * sqrt(2 * pi))


def gaussian_kl(mean_q: sp.Expr, scale_q: sp.Expr, mean_p: sp.Expr, scale_p: sp.Expr) -> sp.Expr:
    return log(scale_p / scale_q) + (scale_q**2 + (mean_q - mean_p) ** 2) / (2 * scale_p**2) - Rational(1, 2)


def bernoulli_kl(first: sp.Expr, second: sp.Expr) -> sp.Expr:
    return first * log(first / second) + (1 - first) * log((1 - first) / (1 - second))


def product_kl() -> sp.Expr:
    """Divergence between two products of two Bernoulli laws, summed over the four outcomes."""
    return sum(
        u * v * log(u * v / (w * z)) for u, w in ((q, p), (1 - q, 1 - p)) for v, z in ((r, s), (1 - r, 1 - s))
    )


def true() -> list[Claim]:
    log_ratio = -((x - μ) ** 2) / (2 * σ**2) - log(σ) + x**2 / 2
    return [
        Claim(
            "additive for products",
            product_kl(),
            bernoulli_kl(q, p) + bernoulli_kl(r, s),
            domain=UNIT,
            source="kl.1",
        ),
        Claim("to the standard normal", Expectation(log_ratio, Gaussian(x, μ, σ)), STANDARD, source="kl.2"),
        Claim("with a squared scale", STANDARD, (μ**2 + σ**2 - log(σ**2) - 1) / 2, source="kl.2"),
        Claim("from the general formula", gaussian_kl(μ, σ, sp.S.Zero, sp.S.One), STANDARD, source="kl.5"),
        Claim("second moment", Expectation(x**2, Gaussian(x, μ, σ)), μ**2 + σ**2, source="kl.2"),
        Claim("not negative", STANDARD, 0, ">=", source="kl.3"),
        Claim("logarithm below its tangent", log(t), t - 1, "<=", source="kl.3"),
        Claim("not negative, two states", bernoulli_kl(q, p), 0, ">=", domain=PAIR, source="kl.3"),
        Claim("not negative, pointwise", f * log(f / g), f - g, ">=", source="kl.3"),
        Claim("curvature in the scale", Derivative(STANDARD, (σ, 2)), 1 + 1 / σ**2, source="kl.2"),
        Claim(
            "exponential laws",
            Integral(a * exp(-a * x) * (log(a / b) - (a - b) * x), (x, 0, oo)),
            log(a / b) + b / a - 1,
            source="kl.4",
        ),
        Claim(
            "of a correlated pair to an independent one",
            (Trace(CORRELATION) - 2 - log(Determinant(CORRELATION))) / 2,
            -log(1 - ρ**2) / 2,
            domain={ρ: (-1, 1)},
            source="kl.4",
        ),
        Claim(
            "mean of a quadratic form",
            Trace(A * (S + m * m.T)),
            Trace(A * S) + Trace(m.T * A * m),
            source="kl.5",
        ),
        Claim(
            "affine invariance", Trace(Inverse(T * S1 * T.T) * T * S0 * T.T), Trace(S1.I * S0), source="kl.5"
        ),
        Claim(
            "gradient in the covariance",
            Derivative((Trace(P * C) - log(Determinant(C))) / 2, C),
            (P.T - C.I.T) / 2,
            source="kl.5",
        ),
        Claim(
            "Fisher information of the scale",
            Derivative(gaussian_kl(sp.S.Zero, σ, sp.S.Zero, σ + h), (h, 2)).subs(h, 0),
            2 / σ**2,
            source="kl.2",
        ),
        Claim(
            "chain rule, Gaussian",
            log(σ1 / σ0)
            + σ0**2 / (2 * σ1**2)
            - Rational(1, 2)
            + log(b / a)
            + a**2 / (2 * b**2)
            - Rational(1, 2),
            log(σ1 * b / (σ0 * a)) + (σ0**2 / σ1**2 + a**2 / b**2) / 2 - 1,
            source="kl.4",
        ),
        Claim(
            "invariant under scaling",
            gaussian_kl(a * μ0, a * σ0, a * μ1, a * σ1),
            gaussian_kl(μ0, σ0, μ1, σ1),
            source="kl.5",
        ),
    ]


def false() -> list[Claim]:
    log_ratio = -((x - μ) ** 2) / (2 * σ**2) - log(σ) + x**2 / 2
    return [
        Claim("minus signs lost", (μ**2 + σ**2) * log(σ) / 2, STANDARD, source="E000-6"),
        Claim("variance for a scale", (μ**2 + σ - 1) / 2 - log(σ) / 2, STANDARD, source="E001-10"),
        Claim(
            "exponents scanned as inverses",
            Expectation(x**2, Gaussian(x, μ, σ)),
            1 / μ**2 + 1 / σ,
            domain=[sp.Ne(μ, 0)],
            source="E001-16",
        ),
        Claim("logarithm of the scale halved", STANDARD, (μ**2 + σ**2 - 1 - log(σ)) / 2, source="kl.2"),
        Claim(
            "minus one half left out",
            Expectation(log_ratio, Gaussian(x, μ, σ)),
            (μ**2 + σ**2) / 2 - log(σ),
            source="kl.2",
        ),
        Claim("positive everywhere", STANDARD, 0, ">", source="kl.3"),
        Claim("tangent from the wrong side", log(t), t - 1, ">=", source="kl.3"),
        Claim("symmetric, two states", bernoulli_kl(q, p), bernoulli_kl(p, q), domain=PAIR, source="kl.3"),
        Claim("symmetric, Gaussian", gaussian_kl(μ0, σ0, μ1, σ1), gaussian_kl(μ1, σ1, μ0, σ0), source="kl.5"),
        Claim("whole mass on the support", -log(Integral(Rational(1, 2), (x, 0, 1))), 0, source="E003-15"),
        Claim(
            "densities at two different points", log(normal(x, 0, 1) / normal(y, 0, 1)), 0, source="E003-17"
        ),
        Claim(
            "correlated, yet additive",
            (CORRELATION.trace() - 2 - log(CORRELATION.det())) / 2,
            0,
            domain={ρ: (-1, 1)},
            source="E003-18",
        ),
        Claim(
            "trace of the mean for the trace of the covariance",
            Trace(A * (S + m * m.T)),
            Trace(A) + Trace(m.T * A * m),
            source="E003-19",
        ),
        Claim("covariances exchanged in the trace", Trace(S1.I * S0), Trace(S0.I * S1), source="kl.5"),
        Claim(
            "affine map not transposed",
            Trace(Inverse(T * S1 * T) * T * S0 * T.T),
            Trace(S1.I * S0),
            source="kl.5",
        ),
        Claim(
            "log-determinant halved twice",
            gaussian_kl(μ0, σ0, μ1, σ1),
            log(σ1 / σ0) / 2 + (σ0**2 + (μ0 - μ1) ** 2) / (2 * σ1**2) - Rational(1, 2),
            source="kl.5",
        ),
        Claim(
            "gradient in the covariance, sign",
            Derivative((log(Determinant(C)) - Trace(P * C)) / 2, C),
            (P.T - C.I.T) / 2,
            source="kl.5",
        ),
        Claim(
            "cross terms of the product dropped",
            product_kl(),
            bernoulli_kl(q, p) * bernoulli_kl(r, s),
            domain=UNIT,
            source="kl.1",
        ),
        Claim(
            "exponential laws, rates exchanged",
            Integral(a * exp(-a * x) * (log(a / b) - (a - b) * x), (x, 0, oo)),
            log(b / a) + a / b - 1,
            source="kl.4",
        ),
        Claim(
            "Fisher information of the variance",
            Derivative(gaussian_kl(sp.S.Zero, σ, sp.S.Zero, σ + h), (h, 2)).subs(h, 0),
            1 / σ**2,
            source="kl.2",
        ),
    ]
