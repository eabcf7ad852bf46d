"""Importance-weighted bounds with two samples of two (or three) hidden states."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Rational, log

from .entry import Claim, FalseClaim, FalseStep, NoClaim, Number

w = sp.symbols("w1:4", positive=True)
p = sp.Symbol("p", positive=True)
weight, other = sp.symbols("w v", positive=True)
q1, q2 = sp.symbols("q1 q2", positive=True)
f = sp.Function("f")


class Proposal:
    """Everything about K = 2 samples of hidden states with these probabilities and importance weights."""

    def __init__(self, q):
        self.q, self.states = q, range(len(q))
        self.joint = [q[i] * w[i] for i in self.states]  # p(x, z)
        self.evidence = sum(self.joint)

    def average(self, i, j):
        return (w[i] + w[j]) / 2

    def pairs(self, value):
        return sum(self.q[i] * self.q[j] * value(i, j) for i in self.states for j in self.states)

    def unnormalized(self, i, j):
        """q̃(i | z₂ = j)."""
        return self.joint[i] / self.average(i, j)

    def resampled(self, i):
        """q_K(i)."""
        return sum(self.q[j] * self.unnormalized(i, j) for j in self.states)

    def inverse(self, i):
        """E[p̂⁻¹] given the first sample."""
        return sum(self.q[j] / self.average(i, j) for j in self.states)

    def elbo(self, density):
        """L₁ of a density that need not have mass one."""
        return sum(density(i) * (log(self.joint[i]) - log(density(i))) for i in self.states)

    def elbo_given(self, j):
        return sum(self.unnormalized(i, j) * log(self.average(i, j)) for i in self.states)

    def log_average(self):
        """L_K."""
        return self.pairs(lambda i, j: log(self.average(i, j)))

    def to_posterior(self, density):
        return sum(density(i) * (log(density(i)) - log(self.joint[i] / self.evidence)) for i in self.states)


two = Proposal([q1, 1 - q1])
free = Proposal([q1, q2])  # where nothing depends on their sum
three = Proposal([q1, q2, 1 - q1 - q2])
inside = {q1: (0, 1)}
simplex = [q1 > 0, q2 > 0, q1 + q2 < 1]
at = {q1: Rational(1, 2), w[0]: Rational(4, 5), w[1]: Rational(1, 5)}
plain = sum(two.q[i] * log(w[i]) for i in two.states)  # L₁[q]
under_proposal = sum(two.q[i] * (log(two.joint[i]) - log(two.resampled(i))) for i in (0, 1))
# E[p̂⁻¹ log p̂⁻¹] given the first sample, as eq. 46 has it
after_jensen = -sum(
    two.joint[i] * two.q[j] * -log(two.average(i, j)) / two.average(i, j) for i in (0, 1) for j in (0, 1)
)


def symmetric(a, b):
    return f(a, b) + f(b, a)


a, b = sp.symbols("a b", positive=True)

ERRATA = [
    FalseClaim(
        "E002-21",
        "A ratio replaced by its denominator inside the logarithm",
        printed=Claim(log(p / (p / ((weight + other) / 2))), log(p / ((weight + other) / 2))),
        corrected=Claim(log(p / (p / ((weight + other) / 2))), log((weight + other) / 2)),
        number=Number(
            "-0.6931",
            "-0.9163",
            at=at,
            of=(sum(two.q[i] * log(two.joint[i] / w[i]) for i in (0, 1)), plain),
        ),
    ),
    FalseClaim(
        "E002-48",
        "The bound of an unnormalised density taken for a lower bound",
        printed=Claim(two.elbo_given(0), log(two.evidence), "<=", domain=inside),
        corrected=Claim(
            two.q[0] * two.elbo_given(0) + two.q[1] * two.elbo_given(1),
            log(two.evidence),
            "<=",
            domain=inside,
        ),
        number=Number("-0.2502", "-0.6931", at=at, of=(two.elbo_given(0), log(two.evidence))),
        evidence="sampled",
    ),
    FalseClaim(
        "E002-22",
        "Exchangeability, which holds in expectation, used sample by sample",
        printed=Claim(2 * w[0], w[0] + w[1]),
        corrected=Claim(
            two.pairs(lambda i, j: 2 * w[i] * symmetric(w[i], w[j])),
            two.pairs(lambda i, j: (w[i] + w[j]) * symmetric(w[i], w[j])),
        ),
        number=Number("2", "4", at={w[0]: 1, w[1]: 3}, of=(2 * w[0], w[0] + w[1])),
    ),
    NoClaim("E002-23", "Slips of the pen", "a missing sign of equality and exchanged letters"),
    NoClaim("E002-24", "The differential inside the expectation", "notation: where dz stands"),
    FalseClaim(
        "E002-25",
        "One unnormalised proposal taken for a density",
        printed=Claim(two.unnormalized(0, 0) + two.unnormalized(1, 0), 1, domain=inside),
        corrected=Claim(two.resampled(0) + two.resampled(1), 1, domain=inside),
        number=Number(
            "1.0",
            "0.7",
            at=at,
            of=(two.resampled(0) + two.resampled(1), two.unnormalized(0, 0) + two.unnormalized(1, 0)),
        ),
    ),
    FalseClaim(
        "E002-49",
        "Closer to the posterior, without saying in which sense: not at every state",
        printed=Claim(
            sp.Abs(three.resampled(0) - three.joint[0] / three.evidence),
            sp.Abs(three.q[0] - three.joint[0] / three.evidence),
            "<=",
            domain=simplex,
        ),
        corrected=Claim(
            two.to_posterior(two.resampled), two.to_posterior(lambda i: two.q[i]), "<=", domain=inside
        ),
        evidence="sampled",
    ),
    FalseClaim(
        "E002-26",
        "The bound of the proposal taken for that of the resampled density",
        printed=Claim(two.log_average(), two.elbo(two.resampled), domain=inside),
        corrected=Claim(two.log_average(), two.elbo(two.resampled), "<=", domain=inside),
        number=Number("-0.8047", "-0.7540", at=at, of=(two.log_average(), two.elbo(two.resampled))),
        evidence="sampled",
    ),
    FalseClaim(
        "E002-27",
        "The bound of K samples set equal to that of one",
        printed=Claim(two.log_average(), plain, domain=inside),
        corrected=Claim(
            two.log_average(),
            two.q[0] * two.elbo_given(0) + two.q[1] * two.elbo_given(1),
            domain=inside,
        ),
        number=Number("-0.9163", "-0.8047", at=at),
    ),
    FalseClaim(
        "E002-28",
        "Expectation under the wrong density",
        printed=Claim(two.elbo(two.resampled), under_proposal, domain=inside),
        corrected=Claim(
            free.elbo(free.resampled),
            -sum(free.joint[i] * free.inverse(i) * log(free.inverse(i)) for i in (0, 1)),
        ),
        number=Number("-0.8691", "-0.7540", at=at, of=(under_proposal, two.elbo(two.resampled))),
    ),
    FalseClaim(
        "E002-29",
        "Logarithm outside the bracket: the mean of a product taken for a product of means",
        printed=Claim((a * log(a) + b * log(b)) / 2, (a + b) / 2 * (log(a) + log(b)) / 2),
        corrected=Claim((a * log(a) + b * log(b)) / 2, (a + b) / 2 * log((a + b) / 2), ">="),
        number=Number(
            "1.7329",
            "2.7726",
            at={a: 1, b: 4},
            of=((a + b) / 2 * (log(a) + log(b)) / 2, (a * log(a) + b * log(b)) / 2),
        ),
    ),
    NoClaim("E002-30", "Equalities written as inequalities", "true, as = implies ≥; and dz is missing"),
    FalseClaim(
        "E002-31",
        "One index for two nested sums",
        printed=Claim(w[0] / w[0] + w[1] / w[1], 1),
        corrected=Claim(w[0] / (w[0] + w[1]) + w[1] / (w[0] + w[1]), 1),
        number=Number(
            "1.0",
            "2.0",
            at={w[0]: 1, w[1]: 3},
            of=(w[0] / (w[0] + w[1]) + w[1] / (w[0] + w[1]), w[0] / w[0] + w[1] / w[1]),
        ),
    ),
    FalseStep(
        "E002-32",
        "A chain that ends in the wrong bound",
        steps=(after_jensen, two.pairs(lambda i, j: log(two.average(i, j))), plain),
        index=2,
        corrected=(
            two.elbo(two.resampled),
            (">=", after_jensen),
            two.pairs(lambda i, j: log(two.average(i, j))),
            two.log_average(),
        ),
        domain=inside,
        number=Number("-0.9163", "-0.8047", at=at, of=(plain, two.log_average())),
    ),
    FalseClaim(
        "E002-33",
        "An estimate that looks like a conditional probability of the data",
        printed=Claim(w[0], two.evidence, domain=inside),
        corrected=Claim(two.pairs(two.average), two.evidence, domain=inside),
        number=Number("0.8", "0.5", at=at, of=(w[0], two.evidence)),
    ),
]
