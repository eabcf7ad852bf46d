"""Importance-weighted bounds on two states and two samples, and the convexity behind them."""

import sympy as sp
from sympy import Derivative, Rational, exp, log

from .claim import Claim

q = sp.Symbol("q", positive=True)
w1, w2, w3, t, u, K, a, b = sp.symbols("w1 w2 w3 t u K a b", positive=True)
x, y = sp.symbols("x y", real=True)
UNIT = {q: (0, 1)}
STATES = ((q, w1), (1 - q, w2))


def average(value) -> sp.Expr:
    """Mean over two independent draws of `value(own weight, other weight)`."""
    return sum(p1 * p2 * value(v1, v2) for p1, v1 in STATES for p2, v2 in STATES)


def estimate(first: sp.Expr, second: sp.Expr) -> sp.Expr:
    return (first + second) / 2


def mixture(probability: sp.Expr, weight: sp.Expr) -> sp.Expr:
    """q₂, the law of the sample that is kept out of two."""
    return probability * weight * sum(p * 1 / estimate(weight, v) for p, v in STATES)


def numbers() -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]:
    """L₁[q], L₂[q], L₁[q₂] and log p for q = (1/2, 1/2), p(x, ·) = (2/5, 1/10)."""
    weights = {q: Rational(1, 2), w1: Rational(4, 5), w2: Rational(1, 5)}
    joint = [(p * w).subs(weights) for p, w in STATES]
    kept = [mixture(p, w).subs(weights) for p, w in STATES]
    first = sum((p * log(w)).subs(weights) for p, w in STATES)
    second = average(lambda v1, v2: log(estimate(v1, v2))).subs(weights)
    best = sum(k * log(j / k) for k, j in zip(kept, joint, strict=True))
    return first, second, best, log(sum(joint))


def true() -> list[Claim]:
    first, second, best, evidence = numbers()
    return [
        Claim(
            "average bound of the unnormalised proposals",
            average(lambda v1, v2: v1 / estimate(v1, v2) * log(estimate(v1, v2))),
            average(lambda v1, v2: log(estimate(v1, v2))),
            domain=UNIT,
            source="iwae.1",
        ),
        Claim(
            "exchangeable shares, two samples",
            average(lambda v1, v2: v1 / estimate(v1, v2)),
            1,
            domain=UNIT,
            source="iwae.2",
        ),
        Claim("kept sample has a law", mixture(q, w1) + mixture(1 - q, w2), 1, domain=UNIT, source="iwae.2"),
        Claim("kept sample has positive probability", mixture(q, w1), 0, ">", domain=UNIT, source="iwae.2"),
        Claim(
            "shares sum to one",
            w1 / (w1 + w2 + w3) + w2 / (w1 + w2 + w3) + w3 / (w1 + w2 + w3),
            1,
            source="iwae.2",
        ),
        Claim("estimate is unbiased", average(estimate), q * w1 + (1 - q) * w2, domain=UNIT, source="iwae.1"),
        Claim("first rung of the ladder", first, second, "<", source="iwae.3"),
        Claim("second rung of the ladder", second, best, "<", source="iwae.3"),
        Claim("third rung of the ladder", best, evidence, "<", source="iwae.3"),
        Claim(
            "two samples are at least as good as one",
            average(lambda v1, v2: log(v1)),
            q * log(w1) + (1 - q) * log(w2),
            domain=UNIT,
            source="iwae.3",
        ),
        Claim("Jensen for the logarithm", (log(a) + log(b)) / 2, log((a + b) / 2), "<=", source="iwae.3"),
        Claim("inverse of a mean", 1 / estimate(a, b), (1 / a + 1 / b) / 2, "<=", source="iwae.3"),
        Claim("concave", Derivative(-t * log(t), (t, 2)), -1 / t, source="iwae.3"),
        Claim(
            "curvature behind the reverse divergence",
            Derivative(u * log(K * u / (u + K - 1)), (u, 2)),
            (K - 1) ** 2 / (u * (u + K - 1) ** 2),
            domain={K: (1, sp.oo)},
            source="iwae.3",
        ),
        Claim("log of a sum of exponentials", log(exp(x) + exp(y)), x + log(1 + exp(y - x)), source="iwae.3"),
        Claim("log of a sum is at least its largest term", log(exp(x) + exp(y)), x, ">", source="iwae.3"),
        Claim(
            "variance of the estimate halves",
            average(lambda v1, v2: estimate(v1, v2) ** 2) - average(estimate) ** 2,
            q * (1 - q) * (w1 - w2) ** 2 / 2,
            domain=UNIT,
            source="iwae.3",
        ),
    ]


def false() -> list[Claim]:
    first, second, best, evidence = numbers()
    return [
        Claim(
            "proposal replaced by its denominator",
            log(w1 / estimate(w1, w2)),
            log(estimate(w1, w2)),
            source="E002-21",
        ),
        Claim("exchangeability used pointwise", 2 * w1, w1 + w2, source="E002-22"),
        Claim(
            "one proposal taken for normalised",
            (q * w1) / estimate(w1, w1) + (1 - q) * w2 / estimate(w2, w1),
            1,
            domain=UNIT,
            source="E002-25",
        ),
        Claim("goal reversed", second, best, ">=", source="E002-26"),
        Claim("one sample for two", first, second, source="E002-27"),
        Claim(
            "expectation under q instead of the kept law",
            average(lambda v1, v2: log(v1 / estimate(v1, v2))),
            average(lambda v1, v2: v1 / estimate(v1, v2) * log(v1)),
            domain=UNIT,
            source="E002-28",
        ),
        Claim(
            "logarithm outside the expectation",
            estimate(a, b) * estimate(log(a), log(b)),
            estimate(a * log(a), b * log(b)),
            source="E002-29",
        ),
        Claim(
            "index used for two sums", w1 / (w1 + w2) + w2 / (w1 + w2), w1 / w1 + w2 / w2, source="E002-31"
        ),
        Claim(
            "bound of the unnormalised proposal",
            w1 / estimate(w1, w2) * log(estimate(w1, w2)),
            log(w1 + w2),
            "<=",
            source="E002-48",
        ),
        Claim(
            "one draw of the estimate for its mean",
            estimate(w1, w2),
            q * w1 + (1 - q) * w2,
            domain=UNIT,
            source="E002-33",
        ),
        Claim("Jensen upside down", log((a + b) / 2), (log(a) + log(b)) / 2, "<=", source="iwae.3"),
        Claim(
            "strict where the weights agree", (log(a) + log(b)) / 2, log((a + b) / 2), "<", source="iwae.3"
        ),
        Claim(
            "mean of inverses for the inverse of the mean",
            (1 / a + 1 / b) / 2,
            1 / estimate(a, b),
            source="iwae.3",
        ),
        Claim("bound meets the evidence", best, evidence, ">=", source="iwae.3"),
        Claim(
            "curvature without its square",
            Derivative(u * log(K * u / (u + K - 1)), (u, 2)),
            (K - 1) / (u * (u + K - 1)),
            domain={K: (1, sp.oo)},
            source="iwae.3",
        ),
        Claim(
            "log of a sum of exponentials, shift left out",
            log(exp(x) + exp(y)),
            log(1 + exp(y - x)),
            source="iwae.3",
        ),
        Claim(
            "variance of the estimate not halved",
            average(lambda v1, v2: estimate(v1, v2) ** 2) - average(estimate) ** 2,
            q * (1 - q) * (w1 - w2) ** 2,
            domain=UNIT,
            source="iwae.3",
        ),
    ]
