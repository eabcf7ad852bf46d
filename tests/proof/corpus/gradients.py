"""Gradients of expectations: reparameterised, path and score-function estimators."""

import sympy as sp
from sympy import Derivative, Integral, Rational, Subs, cos, exp, log, pi, sin, sqrt

from helpers.proof.expectation import Expectation, Gaussian

from .claim import Claim

ε, μ, z, x, φ1, φ2 = sp.symbols("epsilon mu z x phi1 phi2", real=True)
σ, φ, h1, h2 = sp.symbols("sigma phi h1 h2", positive=True)
Z = μ + σ * ε
# log q(z) − log p(z) along the path, constants left out
DIFFERENCE = -((Z - μ) ** 2) / (2 * σ**2) - log(σ) + Z**2 / 2
NORMAL = exp(-((z - μ) ** 2) / (2 * σ**2)) / (σ * sqrt(2 * pi))
KL = (μ**2 + σ**2 - 1) / 2 - log(σ)
PATH = ε * (Z - ε / σ)
WEIGHT = exp(φ1) / (exp(φ1) + exp(φ2))


def mean(expression: sp.Expr) -> Expectation:
    return Expectation(expression, Gaussian(ε, 0, 1))


def objective() -> sp.Expr:
    return WEIGHT * log(h1 / WEIGHT) + (1 - WEIGHT) * log(h2 / (1 - WEIGHT))


def true() -> list[Claim]:
    score = WEIGHT * (1 - WEIGHT)
    return [
        Claim("estimator of the mean's gradient", Derivative(DIFFERENCE, μ), Z, source="grad.1"),
        Claim("estimator of the scale's gradient", Derivative(DIFFERENCE, σ), Z * ε - 1 / σ, source="grad.1"),
        Claim("gradient of the closed form", Derivative(KL, σ), σ - 1 / σ, source="grad.1"),
        Claim("unbiased for the scale", mean(Z * ε - 1 / σ), σ - 1 / σ, source="grad.1"),
        Claim(
            "variance for the scale",
            mean((Z * ε - 1 / σ) ** 2) - (σ - 1 / σ) ** 2,
            μ**2 + 2 * σ**2,
            source="grad.1",
        ),
        Claim("path estimator is unbiased", mean(PATH), σ - 1 / σ, source="grad.1"),
        Claim(
            "variance of the path estimator",
            mean(PATH**2) - (σ - 1 / σ) ** 2,
            μ**2 + 2 * (σ - 1 / σ) ** 2,
            source="grad.1",
        ),
        Claim(
            "where the path estimator is better",
            (σ - 1 / σ) ** 2 < σ**2,
            σ > 1 / sqrt(2),
            "<=>",
            source="grad.1",
        ),
        Claim("score has mean zero", Expectation((z - μ) / σ**2, Gaussian(z, μ, σ)), 0, source="grad.2"),
        Claim("score of the scale has mean zero", mean((ε**2 - 1) / σ), 0, source="grad.2"),
        Claim("score of a Gaussian", Derivative(log(NORMAL), μ), (z - μ) / σ**2, source="grad.2"),
        Claim(
            "score-function gradient, two states",
            Derivative(objective(), φ1),
            score * (log(h1 / WEIGHT) - log(h2 / (1 - WEIGHT))),
            source="grad.2",
        ),
        Claim("derivative of a softmax", Derivative(WEIGHT, φ1), score, source="grad.2"),
        Claim("Stein's identity for a cube", mean(σ * ε * Z**3), mean(3 * σ**2 * Z**2), source="grad.2"),
        Claim("sine of a Gaussian", mean(ε * sin(σ * ε)), σ * exp(-(σ**2) / 2), source="grad.2"),
        Claim("moving support", Derivative(Integral(log(φ) / φ, (z, 0, φ)), φ), 1 / φ, source="E004-1"),
        Claim("fourth moment", mean(ε**4), 3, source="grad.1"),
    ]


def false() -> list[Claim]:
    score = WEIGHT * (1 - WEIGHT)
    return [
        Claim("minus sign lost", Derivative(KL, σ), σ * (1 / σ), source="E000-7"),
        Claim("exact gradient for its estimate", Derivative(DIFFERENCE, μ), μ, source="E000-8"),
        Claim(
            "exact gradient for its estimate, scale", Derivative(DIFFERENCE, σ), σ - 1 / σ, source="E000-8"
        ),
        Claim("square for an inverse", Derivative(KL, σ), σ - σ**2, source="E001-17"),
        Claim("uniform noise", Integral((Z * ε - 1 / σ) / 2, (ε, -1, 1)), σ - 1 / σ, source="E001-19"),
        Claim("direct term dropped", Derivative(DIFFERENCE, σ), PATH, source="grad.1"),
        Claim("log-scale term squared", Derivative(DIFFERENCE, σ), Z * ε - 1 / σ**2, source="grad.1"),
        Claim(
            "path estimator always better", mean(PATH**2), mean((Z * ε - 1 / σ) ** 2), "<=", source="grad.1"
        ),
        Claim(
            "variance one σ² short",
            mean((Z * ε - 1 / σ) ** 2) - (σ - 1 / σ) ** 2,
            μ**2 + σ**2,
            source="grad.1",
        ),
        Claim("second moment for a variance", mean((Z * ε - 1 / σ) ** 2), μ**2 + 2 * σ**2, source="grad.1"),
        Claim(
            "threshold without its root", (σ - 1 / σ) ** 2 < σ**2, σ > Rational(1, 2), "<=>", source="grad.1"
        ),
        Claim("score with the scale not squared", Derivative(log(NORMAL), μ), (z - μ) / σ, source="grad.2"),
        Claim(
            "score function without the second state",
            Derivative(objective(), φ1),
            score * log(h1 / WEIGHT),
            source="grad.2",
        ),
        Claim(
            "softmax as a sigmoid of one logit",
            Derivative(WEIGHT, φ1),
            exp(φ1) / (1 + exp(φ1)) ** 2,
            source="grad.2",
        ),
        Claim("off-diagonal sign of a softmax", Derivative(WEIGHT, φ2), score, source="grad.2"),
        Claim(
            "moving support ignored",
            Derivative(Integral(log(φ) / φ, (z, 0, φ)), φ),
            Integral(Derivative(log(φ) / φ, φ), (z, 0, φ)),
            source="E004-1",
        ),
        Claim("Stein's identity without σ²", mean(σ * ε * Z**3), mean(3 * Z**2), source="grad.2"),
        Claim("third moment for a fourth", mean(ε**4), mean(ε**2) ** 2, source="grad.1"),
        Claim(
            "cosine at the sine's place",
            Subs(Derivative(sin(x) * exp(x), x), x, μ),
            cos(μ) * exp(μ),
            source="grad.2",
        ),
    ]
