"""The evidence lower bound on finite and Gaussian latents, EM, and the price of amortisation."""

import sympy as sp
from sympy import And, Derivative, Rational, log, pi, sqrt

from .claim import Claim

q, p = sp.symbols("q p", positive=True)
q1, q2, p1, p2, l1, l2 = sp.symbols("q1 q2 p1 p2 l1 l2", positive=True)
a, b, c, d = sp.symbols("a b c d", real=True)
x, m, θ, ρ = sp.symbols("x m theta rho", real=True)
s, τ, v = sp.symbols("s tau v", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
f1, f2 = sp.Function("f1", positive=True), sp.Function("f2", positive=True)
UNIT = {q: (0, 1), p: (0, 1)}
POSTERIOR_MEAN, POSTERIOR_VARIANCE = x / (1 + τ**2), τ**2 / (1 + τ**2)
RECONSTRUCTION = -log(2 * pi * τ**2) / 2 - ((x - m) ** 2 + s**2) / (2 * τ**2)
PRIOR_KL = (m**2 + s**2 - 1) / 2 - log(s)
EVIDENCE = -log(2 * pi * (1 + τ**2)) / 2 - x**2 / (2 * (1 + τ**2))
POSTERIOR_KL = (
    log(sqrt(POSTERIOR_VARIANCE) / s)
    + (s**2 + (m - POSTERIOR_MEAN) ** 2) / (2 * POSTERIOR_VARIANCE)
    - Rational(1, 2)
)


def bernoulli_kl(first: sp.Expr, second: sp.Expr) -> sp.Expr:
    return first * log(first / second) + (1 - first) * log((1 - first) / (1 - second))


def expected_log(first: sp.Expr, second: sp.Expr) -> sp.Expr:
    return q * log(first) + (1 - q) * log(second)


def true() -> list[Claim]:
    marginal = l1 * p + l2 * (1 - p)
    complete = q1 * log(f1(θ) * p1) + q2 * log(f2(θ) * p2)
    bound = complete - q1 * log(q1) - q2 * log(q2)
    loss = -((x - θ - m) ** 2 + v) / 2
    precision = sp.Matrix([[1, ρ], [ρ, 1]]).inv()
    return [
        Claim(
            "free energy, two states",
            expected_log(l1, l2) - bernoulli_kl(q, p),
            log(marginal) - bernoulli_kl(q, l1 * p / marginal),
            domain=UNIT,
            source="elbo.1",
        ),
        Claim("free energy, Gaussian", RECONSTRUCTION - PRIOR_KL, EVIDENCE - POSTERIOR_KL, source="elbo.1"),
        Claim(
            "lower bound, Gaussian",
            (RECONSTRUCTION - PRIOR_KL).subs(τ, 1),
            EVIDENCE.subs(τ, 1),
            "<=",
            source="elbo.1",
        ),
        Claim("entropy is free of the parameter", Derivative(bound - complete, θ), 0, source="elbo.2"),
        Claim(
            "gradients of bound and complete likelihood agree",
            Derivative(bound, θ),
            q1 * f1(θ).diff(θ) / f1(θ) + q2 * f2(θ).diff(θ) / f2(θ),
            source="elbo.2",
        ),
        Claim("best parameter for a fixed proposal", Derivative(loss, θ).subs(θ, x - m), 0, source="elbo.2"),
        Claim("EM halves the distance", sp.Abs((x + θ) / 2 - x), sp.Abs(x - θ) / 2, source="elbo.2"),
        Claim(
            "gap of the mean field",
            log(precision[0, 0] * precision[1, 1] / precision.det()) / 2,
            -log(1 - ρ**2) / 2,
            domain={ρ: (-1, 1)},
            source="elbo.4",
        ),
        Claim("gap is not negative", -log(1 - ρ**2) / 2, 0, ">=", domain={ρ: (-1, 1)}, source="elbo.4"),
        Claim("break-even of the encoder", 40 * n < 330040, n <= 8250, "<=>", source="elbo.6"),
        Claim("averages below, sum below", And(a <= c, b <= d), a + b <= c + d, "=>", source="elbo.3"),
    ]


def false() -> list[Claim]:
    marginal = l1 * p + l2 * (1 - p)
    complete = q1 * log(f1(θ) * p1) + q2 * log(f2(θ) * p2)
    loss = -((x - θ - m) ** 2 + v) / 2
    return [
        Claim(
            "prior lost",
            expected_log(l1 / q, l2 / (1 - q)),
            expected_log(l1, l2) - bernoulli_kl(q, p),
            domain=UNIT,
            source="E001-13",
        ),
        Claim("divergence scanned away", bernoulli_kl(q, p), 0, domain=UNIT, source="E001-14"),
        Claim(
            "divergence to the posterior subtracted from the reconstruction",
            RECONSTRUCTION - POSTERIOR_KL,
            RECONSTRUCTION - PRIOR_KL,
            source="E002-16",
        ),
        Claim(
            "bias with its sign lost", RECONSTRUCTION - PRIOR_KL - EVIDENCE, POSTERIOR_KL, source="E002-20"
        ),
        Claim(
            "free energy with the sign of the bound",
            PRIOR_KL - RECONSTRUCTION,
            EVIDENCE,
            "<=",
            source="E001-11",
        ),
        Claim("brackets left out", log(l1) * p1, log(l1 * p1), source="E002-13"),
        Claim(
            "posterior of another prior",
            expected_log(l1, l2) - bernoulli_kl(q, p),
            log(marginal) - bernoulli_kl(q, l1 / (l1 + l2)),
            domain=UNIT,
            source="elbo.1",
        ),
        Claim(
            "weights that do not sum to one",
            q1 * log(l1 * p1 / q1) + q2 * log(l2 * p2 / q2),
            log(l1 * p1 + l2 * p2)
            - q1 * log(q1 * (l1 * p1 + l2 * p2) / (l1 * p1))
            - q2 * log(q2 * (l1 * p1 + l2 * p2) / (l2 * p2)),
            source="elbo.1",
        ),
        Claim(
            "Jensen upside down",
            log(q * l1 + (1 - q) * l2),
            expected_log(l1, l2),
            "<=",
            domain={q: (0, 1)},
            source="elbo.1",
        ),
        Claim("equality without the posterior", RECONSTRUCTION - PRIOR_KL, EVIDENCE, source="E002-11"),
        Claim("best parameter ignores the proposal", Derivative(loss, θ).subs(θ, x), 0, source="E002-12"),
        Claim(
            "gradient forgets the weights",
            Derivative(complete, θ),
            f1(θ).diff(θ) / f1(θ) + f2(θ).diff(θ) / f2(θ),
            source="elbo.2",
        ),
        Claim("sums compared, each concluded", a + b <= c + d, a <= c, "=>", source="E002-14"),
        Claim(
            "sum of arguments for the argument of the sum",
            Rational(9, 11),
            (x - 1) ** 2,
            "<=",
            source="E002-15",
        ),
        Claim(
            "gap without its half", -log(1 - ρ**2) / 2, -log(1 - ρ**2), domain={ρ: (-1, 1)}, source="elbo.4"
        ),
        Claim("gap strictly positive", -log(1 - ρ**2) / 2, 0, ">", domain={ρ: (-1, 1)}, source="elbo.4"),
        Claim("break-even one too late", 40 * n < 330040, n <= 8251, "<=>", source="E002-19"),
        Claim(
            "bound without the entropy",
            RECONSTRUCTION - (m**2 + s**2) / 2 - log(2 * pi) / 2,
            EVIDENCE - POSTERIOR_KL,
            source="elbo.1",
        ),
    ]
