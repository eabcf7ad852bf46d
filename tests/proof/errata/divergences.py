"""Kullback-Leibler divergences and gradients of expectations."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Derivative, Integral, Matrix, Rational, log, oo, pi

from .entry import Claim, FalseClaim, NoClaim, Number, gaussian

x, y, z, μ, ε, t = sp.symbols("x y z mu epsilon t", real=True)
σ = sp.Symbol("sigma", positive=True)
b, φ, λ, rate = sp.symbols("b phi lambda c", positive=True)
ρ, A = sp.symbols("rho A", real=True)
first, second = sp.symbols("q1:3", positive=True), sp.symbols("r1:3", positive=True)
f = sp.symbols("f1:3", real=True)

# log q(z) − log p(z) for q = N(μ, σ²), p = N(0, 1)
log_ratio = (z**2 - ((z - μ) / σ) ** 2) / 2 - log(σ)
divergence = Integral(gaussian(z, μ, σ) * log_ratio, (z, -oo, oo))
kl = (μ**2 + σ**2 - 1) / 2 - log(σ)
sample = μ + σ * ε
on_path = log_ratio.subs(z, sample)  # SymPy may rearrange, not differentiate
estimate = Matrix([Derivative(on_path, μ), Derivative(on_path, σ)])
log_q = -(((z - μ) / σ) ** 2) / 2 - log(2 * pi * σ**2) / 2
standard = gaussian(ε, 0, 1)
S = Matrix([[1, ρ], [ρ, 1]])


def uniform_bound(density, function):
    """The integral of density · function over the support (0, φ) of a uniform density."""
    return Integral(density * function, (z, 0, φ))


def exponential_mean(function):
    return Integral(λ * sp.exp(-λ * z) * function, (z, 0, oo))


log_h_over_q = -rate * z - log(λ) + λ * z  # h(z) = exp(−c z), q exponential of rate λ

ERRATA = [
    FalseClaim(
        "E001-15",
        "A variable integrated out without the reason: the other factor has mass one",
        printed=Claim(
            sum(first[i] * second[j] * f[i] for i in (0, 1) for j in (0, 1)),
            sum(first[i] * f[i] for i in (0, 1)),
        ),
        corrected=Claim(
            sum(first[i] * (second[0], 1 - second[0])[j] * f[i] for i in (0, 1) for j in (0, 1)),
            sum(first[i] * f[i] for i in (0, 1)),
        ),
    ),
    FalseClaim(
        "E000-6",
        "Minus signs lost: a difference read as a product",
        printed=Claim(divergence, (μ**2 + σ**2) * log(σ) / 2),
        corrected=Claim(divergence, kl),
        number=Number("0.0", "0.5", at={μ: 1, σ: 1}),
    ),
    FalseClaim(
        "E001-10",
        "Standard deviation read as a variance",
        printed=Claim(divergence, (μ**2 + σ - 1 - log(σ)) / 2),
        corrected=Claim(divergence, (μ**2 + σ**2 - 1 - log(σ**2)) / 2),
        number=Number("0.8069", "6.1137", at={μ: 0, σ: 4}),
    ),
    FalseClaim(
        "E001-16",
        "Second moment with the signs of its exponents changed",
        printed=Claim(Integral(z**2 * gaussian(z, μ, σ), (z, -oo, oo)), 1 / σ + μ**-2),
        corrected=Claim(Integral(z**2 * gaussian(z, μ, σ), (z, -oo, oo)), σ**2 + μ**2),
        number=Number("1.5", "5", at={μ: 1, σ: 2}),
    ),
    FalseClaim(
        "E003-15",
        "Mass of a density outside the other's support forgotten",
        printed=Claim(-log(Integral(1 / b, (t, 0, 1))), -log(1), domain=[b >= 1]),
        corrected=Claim(-log(Integral(1 / b, (t, 0, 1))), -log(1), ">=", domain=[b >= 1]),
        number=Number("0.0", "0.6931", at={b: 2}, of=(-log(1), -log(Integral(1 / b, (t, 0, 1))))),
    ),
    NoClaim(
        "E003-16",
        "One letter for a random variable and for a variable of integration",
        "notation, and a case of equality not discussed",
    ),
    FalseClaim(
        "E003-17",
        "The two densities of a ratio taken at different points",
        printed=Claim(log(gaussian(x, μ, σ) / gaussian(y, 0, 1)), log_ratio.subs(z, x)),
        corrected=Claim(log(gaussian(x, μ, σ) / gaussian(x, 0, 1)), log_ratio.subs(z, x)),
        number=Number(
            "0.5",
            "0.0",
            at={x: 0, y: 1, μ: 0, σ: 1},
            of=(log(gaussian(x, μ, σ) / gaussian(y, 0, 1)), log(gaussian(x, μ, σ) / gaussian(x, 0, 1))),
        ),
    ),
    FalseClaim(
        "E003-18",
        "Divergences added without independence",
        printed=Claim((S.trace() - 2 - log(S.det())) / 2, 0, domain={ρ: (-1, 1)}),
        corrected=Claim(
            (S.trace() - 2 - log(S.det())) / 2,
            Integral(gaussian(x, 0, 1) * (ρ**2 * x**2 - ρ**2 - log(1 - ρ**2)) / 2, (x, -oo, oo)),
            domain={ρ: (-1, 1)},
        ),
        number=Number("0.0", "0.5108", at={ρ: Rational(4, 5)}, of=(None, (S.trace() - 2 - log(S.det())) / 2)),
    ),
    FalseClaim(
        "E003-19",
        "Trace of the matrix times the vector, not times the covariance",
        printed=Claim(
            Integral(A * z**2 * gaussian(z, μ, σ), (z, -oo, oo)),
            Integral(A * z * gaussian(z, μ, σ), (z, -oo, oo)) + A * μ**2,
        ),
        corrected=Claim(Integral(A * z**2 * gaussian(z, μ, σ), (z, -oo, oo)), A * σ**2 + A * μ**2),
        number=Number("0.0", "4.0", at={A: 1, μ: 0, σ: 2}),
    ),
    FalseClaim(
        "E000-7",
        "A minus sign lost from the gradient: a difference read as a product",
        printed=Claim(Derivative(kl, σ), σ * (1 / σ)),
        corrected=Claim(Derivative(kl, σ), σ - 1 / σ),
        number=Number("1", "0", at={σ: 1}),
    ),
    FalseClaim(
        "E000-8",
        "The exact gradient given where a one-sample estimate is asked for",
        printed=Claim(estimate, Matrix([μ, σ - 1 / σ])),
        corrected=Claim(estimate, Matrix([sample, sample * ε - 1 / σ])),
        number=Number("[[0.0], [0.0]]", "[[1.0], [0.0]]", at={μ: 0, σ: 1, ε: 1}),
    ),
    FalseClaim(
        "E001-17",
        "The derivative of a logarithm scanned as a square",
        printed=Claim(Derivative(log_q.subs(z, sample), σ), -(σ**2)),
        corrected=Claim(Derivative(log_q.subs(z, sample), σ), -1 / σ),
        number=Number("-4", "-0.5", at={σ: 2}),
    ),
    FalseClaim(
        "E001-19",
        "The law of the noise unsaid: an estimate that is unbiased for unit variance only",
        printed=Claim(Integral((sample * ε - 1 / σ) / 2, (ε, -1, 1)), σ - 1 / σ),
        corrected=Claim(Integral(standard * (sample * ε - 1 / σ), (ε, -oo, oo)), σ - 1 / σ),
        number=Number(
            "-0.6667",
            "0.0",
            at={σ: 1, μ: 0},
            of=(Integral((sample * ε - 1 / σ) / 2, (ε, -1, 1)), σ - 1 / σ),
        ),
    ),
    FalseClaim(
        "E001-18",
        "Gradient and expectation exchanged without a condition",
        printed=Claim(Derivative(uniform_bound(1 / φ, z), φ), Integral(Derivative(z / φ, φ), (z, 0, φ))),
        corrected=Claim(
            Derivative(Integral(standard * sample**2 / 2, (ε, -oo, oo)), σ),
            Integral(standard * Derivative(sample**2 / 2, σ), (ε, -oo, oo)),
        ),
    ),
    FalseClaim(
        "E004-1",
        "The score's mean taken for zero where the support moves",
        printed=Claim(
            Derivative(uniform_bound(1 / φ, -log(1 / φ)), φ),
            uniform_bound(1 / φ, Derivative(log(1 / φ), φ) * -log(1 / φ)),
        ),
        corrected=Claim(
            Derivative(exponential_mean(log_h_over_q), λ), exponential_mean((1 / λ - z) * log_h_over_q)
        ),
        number=Number(
            "0.0",
            "1.0",
            at={φ: 1},
            of=(
                uniform_bound(1 / φ, Derivative(log(1 / φ), φ) * -log(1 / φ)),
                Derivative(uniform_bound(1 / φ, -log(1 / φ)), φ),
            ),
        ),
    ),
]
