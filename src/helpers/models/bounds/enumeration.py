r"""Importance-weighted bounds of a latent variable with finitely many states: exact, in symbols, by enumeration.

The proposal gives state $i$ the probability $q_i$; its weight is $w_i = p(x, i)/q_i$. All sums over the outcomes of
$K$ independent draws are written out, so the cost is that of $n^K$ terms for $n$ states.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, function, nonnegative, optional, real, scalar, several, whole

__all__ = ["FiniteProblem"]


class FiniteProblem:
    r"""A proposal on finitely many states with the weights of a model, and the bounds from `samples` draws of it.

    States are numbered from 0. A density is a sequence of expressions, one a state; an outcome is a sequence of
    states, one a draw.

    Args:
        proposal: the probabilities $q_i$, n of them. Symbols are taken to have the sum one; numbers must.
        weights: the importance weights $w_i$, n of them, positive wherever a logarithm of them is asked for.
        samples: K, a whole number of at least 1.

    Raises ValueError for no state, different numbers of probabilities and weights, numbers that are negative,
    probabilities that are known not to sum to one, and for K < 1. Cost O(n^K) terms for each expectation.
    Source: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders" (2016); for `unnormalized` and
    `resampled` Cremer, Morris and Duvenaud, "Reinterpreting importance-weighted autoencoders" (2017).

    Example:
        >>> half = sp.Rational(1, 2)
        >>> problem = FiniteProblem([half, half], [sp.Rational(4, 5), sp.Rational(1, 5)], samples=2)
        >>> problem.evidence, problem.resampled()
        (1/2, [13/20, 7/20])
    """

    def __init__(self, proposal: Sequence[Any], weights: Sequence[Any], *, samples: int) -> None:
        self.proposal, self.weights = several(real)("proposal", proposal), several(real)("weights", weights)
        if len(self.weights) != len(self.proposal):
            raise ValueError(f"weights: got {len(self.weights)}, expected {len(self.proposal)}, one a state")
        for name, values in (("proposal", self.proposal), ("weights", self.weights)):
            if wrong := [value for value in values if value.is_extended_nonnegative is False]:
                raise ValueError(f"{name}: got {wrong[0]}, expected nonnegative numbers")
        total = sp.simplify(sp.Add(*self.proposal))
        if total.is_number and abs(total - 1) > 1e-12:
            raise ValueError(f"proposal: got probabilities with the sum {total}, expected the sum 1")
        if isinstance(samples, bool) or not isinstance(samples, int | sp.Integer) or samples < 1:
            raise ValueError(f"samples: got {samples!r}, expected a whole number K of at least 1")
        self.samples = int(samples)

    @property
    def states(self) -> range:
        return range(len(self.proposal))

    @property
    def joint(self) -> list[sp.Expr]:
        """$p(x, i) = q_i w_i$ for each state."""
        return [q * w for q, w in zip(self.proposal, self.weights, strict=True)]

    @property
    def evidence(self) -> sp.Expr:
        """$p(x)$, the sum of `joint`."""
        return sp.Add(*self.joint)

    @property
    def posterior(self) -> list[sp.Expr]:
        """$p(i \\mid x)$ for each state."""
        return [joint / self.evidence for joint in self.joint]

    @checked(draws=optional(whole(0)))
    def outcomes(self, draws: int | None = None) -> list[tuple[int, ...]]:
        """All outcomes of so many draws; of K if none are named."""
        return list(itertools.product(self.states, repeat=self.samples if draws is None else draws))

    def probability(self, outcome: Sequence[int]) -> sp.Expr:
        """The probability of an outcome of independent draws."""
        return sp.Mul(*(self.proposal[state] for state in self._states("outcome", outcome)))

    @checked(value=function, draws=optional(whole(0)))
    def expectation(self, value: Callable[[tuple[int, ...]], Any], draws: int | None = None) -> sp.Expr:
        """The mean of `value(outcome)` over outcomes of so many independent draws; of K if none are named."""
        return sp.Add(
            *(
                sp.Mul(*(self.proposal[state] for state in drawn)) * scalar("value", value(drawn))
                for drawn in self.outcomes(draws)
            )
        )

    def estimate(self, outcome: Sequence[int]) -> sp.Expr:
        """$\\hat p$, the average weight of an outcome."""
        return sp.Add(*(self.weights[state] for state in self._states("outcome", outcome))) / len(outcome)

    def bound(self) -> sp.Expr:
        """$\\mathcal L_K$, the mean of $\\log\\hat p$."""
        return self.expectation(lambda drawn: sp.log(self.estimate(drawn)))

    def elbo(self, density: Sequence[Any] | None = None) -> sp.Expr:
        r"""$\mathcal L_1[r] = \sum_i r_i \log(p(x, i)/r_i)$ of a density, normalised or not; of $q$ by default."""
        if density is None:
            return sp.Add(*(q * sp.log(w) for q, w in zip(self.proposal, self.weights, strict=True)))
        masses = self._one_a_state(density)
        return sp.Add(
            *(
                mass * (sp.log(joint) - sp.log(mass))
                for mass, joint in zip(masses, self.joint, strict=True)
                if mass != 0  # 0 log 0 is 0
            )
        )

    def unnormalized(self, others: Sequence[int]) -> list[sp.Expr]:
        r"""The unnormalised proposal $q_i w_i/\hat p$ of the first draw for each state i, given the other K - 1."""
        others = self._states("others", others, self.samples - 1)
        return [self.joint[state] / self.estimate((state, *others)) for state in self.states]

    def elbo_given(self, others: Sequence[int]) -> sp.Expr:
        r"""$\mathcal L_1$ of the unnormalised proposal r, as the sum of $r_i \log\hat p$; no bound by itself."""
        masses = self.unnormalized(others)
        return sp.Add(*(masses[i] * sp.log(self.estimate((i, *others))) for i in self.states))

    def inverse_estimate(self, state: int) -> sp.Expr:
        r"""$\mathbb E[\hat p^{-1}]$ over the other draws, the first one being in that state."""
        (state,) = self._states("state", [state], 1)
        return self.expectation(lambda others: 1 / self.estimate((state, *others)), self.samples - 1)

    def resampled(self) -> list[sp.Expr]:
        r"""$q_K$, the mean of `unnormalized` over the other draws: $p(x, i)\,\mathbb E[\hat p^{-1}]$ for each i."""
        return [joint * self.inverse_estimate(i) for i, joint in enumerate(self.joint)]

    def kept(self) -> list[sp.Expr]:
        """The law of what is kept: draw K states, keep one of them with a probability in proportion to its weight."""
        return [
            self.expectation(
                lambda drawn, kept=state: (
                    drawn.count(kept) * self.weights[kept] / sp.Add(*(self.weights[i] for i in drawn))
                )
            )
            for state in self.states
        ]

    def _states(self, name: str, given: Sequence[int], count: int | None = None) -> list[int]:
        """States, at least one of them or `count`."""
        state = whole(0, len(self.states) - 1)
        return several(state, 1 if count is None else count, count)(name, given)

    def _one_a_state(self, density: Sequence[Any]) -> list[sp.Expr]:
        return several(nonnegative, len(self.states), len(self.states))("density", density)
