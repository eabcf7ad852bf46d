"""The evidence lower bound: q = N(m, v²) in the model p(z) = N(0, 1), p(x|z) = N(z, 1), or two hidden states."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import And, Derivative, Eq, Rational, log, pi

from .entry import Claim, FalseClaim, FalseStep, NoClaim, Number

x, m, θ = sp.symbols("x m theta", real=True)
v = sp.Symbol("v", positive=True)  # a standard deviation
at_zero = {x: 0, m: 0, v: 1}


def log_normal(z, mean, variance):
    """log N(z; mean, variance)."""
    return -((z - mean) ** 2) / (2 * variance) - log(2 * pi * variance) / 2


def expected_log_normal(mean, variance):
    """E_q log N(z; mean, variance)."""
    return -((m - mean) ** 2 + v**2) / (2 * variance) - log(2 * pi * variance) / 2


def kl_divergence(mean, variance):
    """From q to N(mean, variance)."""
    return ((v**2 + (m - mean) ** 2) / variance - 1 - log(v**2 / variance)) / 2


entropy = log(2 * pi * v**2) / 2 + Rational(1, 2)
likelihood, prior = expected_log_normal(x, 1), expected_log_normal(0, 1)  # N(x; z, 1) = N(z; x, 1)
elbo = likelihood + prior + entropy
evidence = log_normal(x, 0, 2)
to_posterior = kl_divergence(x / 2, Rational(1, 2))


# Two hidden states: q, prior and likelihood of each.
q = sp.symbols("q1:3", positive=True)
p = sp.symbols("p1:3", positive=True)
l = sp.symbols("l1:3", positive=True)  # noqa: E741
total = p[0] * l[0] + p[1] * l[1]
posterior = [p[i] * l[i] / total for i in (0, 1)]
normalized = {
    q[1]: 1 - q[0],
    p[1]: 1 - p[0],
}  # an identity may hold without it, a refutation may not use that
inside = {q[0]: (0, 1), p[0]: (0, 1)}


def mean(value):
    return sum(q[i] * value(i) for i in (0, 1))


kl_states = mean(lambda i: log(q[i]) - log(posterior[i]))
elbo_states = mean(lambda i: log(l[i]) + log(p[i]) - log(q[i]))
free_energy = mean(lambda i: log(q[i] / (p[i] * l[i])))

# The model p(x|z) = N(θ + z, 1): terms that depend on θ.
complete = -((x - θ - m) ** 2 + v**2) / 2
likelihood_of_θ = -((x - θ) ** 2) / 4
minus_kl = -(v**2 + (m - (x - θ) / 2) ** 2)

c, d = sp.symbols("c d", real=True)
scores = sp.symbols("f1:5", real=True)
curvature = sp.symbols("a1:3", positive=True)
φ = sp.Symbol("phi", real=True)
count, size, weights = sp.symbols("n d w", positive=True)
objective = -((m - x / 2) ** 2)
step = m + Derivative(objective, m) / 10
concave = -curvature[0] * (φ - c) ** 2 - curvature[1] * (φ - d) ** 2
best = (curvature[0] * c + curvature[1] * d) / (curvature[0] + curvature[1])

ERRATA = [
    NoClaim(
        "E000-9",
        "Derivations left out",
        "a hint and an empty answer",
        supplied=Claim(
            elbo_states.subs(q[1], 1 - q[0]),
            (log(total) - kl_states).subs(q[1], 1 - q[0]),
            domain={q[0]: (0, 1)},
        ),
    ),
    FalseClaim(
        "E001-11",
        "The bound called the variational free energy, which is minus the bound",
        printed=Claim(free_energy.subs(normalized), elbo_states.subs(normalized), domain=inside),
        corrected=Claim(free_energy, -elbo_states),
        number=Number("1.4189", "-1.4189", at=at_zero, of=(-elbo, elbo)),
    ),
    NoClaim("E001-12", "Letters used twice", "notation: F, s, Σ and D have two meanings each"),
    FalseStep(
        "E001-13",
        "The prior lost between two lines",
        steps=(
            (mean(lambda i: log(l[i])) - mean(lambda i: log(q[i] / p[i]))).subs(normalized),
            mean(lambda i: log(l[i] * p[i]) - log(q[i])).subs(normalized),
            mean(lambda i: log(l[i]) - log(q[i])).subs(normalized),
        ),
        index=2,
        corrected=(
            mean(lambda i: log(l[i])) - mean(lambda i: log(q[i] / p[i])),
            mean(lambda i: log(l[i] * p[i]) - log(q[i])),
            mean(lambda i: log(l[i]) + log(p[i]) - log(q[i])),
        ),
        domain=inside,
        number=Number("0.0", "-1.4189", at=at_zero, of=(likelihood + entropy, elbo)),
    ),
    FalseStep(
        "E001-14",
        "The divergence lost: its two densities scanned as one",
        steps=(
            elbo_states.subs(normalized),
            (log(total) + mean(lambda i: log(posterior[i]) - log(q[i]))).subs(normalized),
            (log(total) + mean(lambda i: log(posterior[i]) - log(posterior[i]))).subs(normalized),
        ),
        index=2,
        corrected=(
            elbo_states.subs(q[1], 1 - q[0]),
            (log(total) + mean(lambda i: log(posterior[i]) - log(q[i]))).subs(q[1], 1 - q[0]),
            (log(total) - kl_states).subs(q[1], 1 - q[0]),
        ),
        domain=inside,
        number=Number("0.0", "0.1534", at=at_zero, of=(kl_divergence(m, v**2), to_posterior)),
    ),
    FalseClaim(
        "E002-11",
        "A sufficient condition called necessary: maximisers that coincide without the posterior",
        printed=Claim(Eq(x - m, x), And(Eq(m, 0), Eq(v**2, Rational(1, 2))), "=>"),
        corrected=Claim(And(Eq(m, 0), Eq(v**2, Rational(1, 2))), Eq(x - m, x), "=>"),
        number=Number(
            "False", "True", at={x: 0, m: 0, v: sp.sqrt(2)}, of=(Eq(v**2, Rational(1, 2)), Eq(x - m, x))
        ),
    ),
    FalseClaim(
        "E002-12",
        "The parameter dropped from the evidence, and with it its gradient",
        printed=Claim(Derivative(complete, θ), Derivative(minus_kl, θ)),
        corrected=Claim(Derivative(complete, θ), Derivative(likelihood_of_θ + minus_kl, θ)),
        number=Number(
            "-2",
            "-1",
            at={x: 0, m: 1},
            of=tuple(sp.solve(value.diff(θ), θ)[0] for value in (minus_kl, complete)),
        ),
    ),
    FalseClaim(
        "E002-13",
        "Logarithm of a product written without brackets",
        printed=Claim(log(l[0]) * p[0], log(l[0]) + log(p[0])),
        corrected=Claim(log(l[0] * p[0]), log(l[0]) + log(p[0])),
        number=Number(
            "-0.3466",
            "-1.3863",
            at={l[0]: Rational(1, 2), p[0]: Rational(1, 2)},
            of=(log(l[0]) * p[0], log(l[0] * p[0])),
        ),
    ),
    FalseClaim(
        "E002-14",
        "An inequality between sums used term by term",
        printed=Claim(
            scores[0] + scores[1] >= scores[2] + scores[3],
            And(scores[0] >= scores[2], scores[1] >= scores[3]),
            "=>",
        ),
        corrected=Claim(sp.Max(*scores), scores[1], ">="),
        number=Number(
            "False",
            "True",
            at=dict(zip(scores, (3, 0, 1, 1), strict=True)),
            of=(
                And(scores[0] >= scores[2], scores[1] >= scores[3]),
                scores[0] + scores[1] >= scores[2] + scores[3],
            ),
        ),
    ),
    FalseClaim(
        "E002-15",
        "Maximisers compared where maxima are meant",
        printed=Claim(c + d, best, ">="),
        corrected=Claim(0, concave, ">="),  # each summand alone reaches 0
        number=Number(
            "0.0",
            "0.8182",
            at={c: 1, d: -1, curvature[0]: 10, curvature[1]: 1},
            of=(c + d, sp.solve(concave.diff(φ), φ)[0]),
        ),
    ),
    FalseClaim(
        "E002-16",
        "Divergence to the posterior where that to the prior belongs",
        printed=Claim(evidence - to_posterior, likelihood - to_posterior),
        corrected=Claim(evidence - to_posterior, likelihood - kl_divergence(0, 1)),
        number=Number("-1.5724", "-1.4189", at=at_zero),
    ),
    NoClaim("E002-17", "Maximisers assumed to exist", "a hypothesis that is no formula: maxima are attained"),
    FalseClaim(
        "E002-20",
        "Sign of the bias",
        printed=Claim(elbo - evidence, to_posterior),
        corrected=Claim(elbo - evidence, -to_posterior),
        number=Number("0.1534", "-0.1534", at=at_zero),
    ),
    FalseClaim(
        "E002-18",
        "One gradient step taken for one evaluation of the encoder",
        printed=Claim(step, x / 2),
        corrected=Claim(step - x / 2, Rational(4, 5) * (m - x / 2)),
        number=Number(
            "1",
            "64",
            of=(None, sp.ceiling(log(Rational(2, 3) / 10**6) / log(Rational(4, 5)))),
        ),
    ),
    FalseClaim(
        "E002-19",
        "Memory for one posterior a data point said to be always larger",
        printed=Claim(count * size, weights, ">="),
        corrected=Claim(count * size < weights, count < weights / size, "<=>"),
        number=Number(
            "True",
            "False",
            at={count: 100, size: 40, weights: 330040},
            of=(None, count * size >= weights),
        ),
    ),
]
