r"""A latent with finitely many values: evidence, posterior, bound and divergence as sums. Needs SymPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.arguments import real, several

__all__ = ["FiniteModel"]


@dataclass(frozen=True)
class FiniteModel:
    r"""A latent with n values: `prior` are their probabilities $p_i$, `likelihood` the numbers $l_i = p(x \mid i)$.

    They may be expressions. That the probabilities sum to one is the caller's to know, here as in a proposal: what
    does not need it holds for any positive numbers. Raises ValueError for lists that are empty or of different
    lengths, and for an entry that is known to be negative. Every property and method costs O(n).

    >>> model = FiniteModel([sp.Rational(1, 2), sp.Rational(1, 2)], [sp.Rational(1, 2), sp.Rational(1, 4)])
    >>> model.evidence, model.posterior
    (3/8, (2/3, 1/3))
    """

    prior: Sequence[Any]
    likelihood: Sequence[Any]

    def __post_init__(self) -> None:
        for name in ("prior", "likelihood"):
            object.__setattr__(self, name, _entries(name, getattr(self, name)))
        if len(self.likelihood) != len(self.prior):
            raise ValueError(
                f"likelihood: got {len(self.likelihood)} numbers, expected {len(self.prior)}, as many as in prior"
            )

    @property
    def joint(self) -> tuple[sp.Expr, ...]:
        r"""$p_i l_i = p(x, i)$ for each value."""
        return tuple(p * likelihood for p, likelihood in zip(self.prior, self.likelihood, strict=True))

    @property
    def evidence(self) -> sp.Expr:
        r"""$p(x) = \sum_i p_i l_i$."""
        return sp.Add(*self.joint)

    @property
    def posterior(self) -> tuple[sp.Expr, ...]:
        r"""$p(i \mid x) = p_i l_i / p(x)$ for each value."""
        return tuple(joint / self.evidence for joint in self.joint)

    def log_weights(self, proposal: Sequence[Any]) -> tuple[sp.Expr, ...]:
        r"""$\log w_i = \log(p_i l_i / q_i)$ for each value; ValueError where a $q_i$ is 0, which is never drawn."""
        entries = self._checked(proposal)
        if any(q.is_zero for q in entries):
            raise ValueError(f"proposal: got {entries}, expected no zero: such a value has no weight")
        return tuple(_log_ratio(joint, q) for joint, q in zip(self.joint, entries, strict=True))

    def bound(self, proposal: Sequence[Any]) -> sp.Expr:
        r"""$\mathcal L(q) = \sum_i q_i \log(p_i l_i / q_i)$; a value with $q_i = 0$ adds nothing.

        >>> FiniteModel([sp.Rational(1, 2)] * 2, [1, 1]).bound([1, 0])
        -log(2)
        """
        return _mean_log(self.joint, self._checked(proposal))

    def divergence(self, proposal: Sequence[Any]) -> sp.Expr:
        r"""$D_{\mathrm{KL}}(q \,\|\, p(\cdot \mid x)) = \sum_i q_i \log(q_i / p(i \mid x))$."""
        return -_mean_log(self.posterior, self._checked(proposal))

    def _checked(self, proposal: Sequence[Any]) -> tuple[sp.Expr, ...]:
        entries = _entries("proposal", proposal)
        if len(entries) != len(self.prior):
            raise ValueError(f"proposal: got {len(entries)} numbers, expected {len(self.prior)}")
        return entries


def _mean_log(numerators: Sequence[sp.Expr], proposal: Sequence[sp.Expr]) -> sp.Expr:
    """Σ qᵢ log(numeratorᵢ / qᵢ), where 0 log 0 is 0."""
    pairs = zip(numerators, proposal, strict=True)
    return sp.Add(*(q * _log_ratio(numerator, q) for numerator, q in pairs if not q.is_zero))


def _log_ratio(numerator: sp.Expr, q: sp.Expr) -> sp.Expr:
    """log(numerator / q), which is −∞ for a numerator of 0: SymPy's log(0) has no sign."""
    return -sp.oo if numerator.is_zero else sp.log(numerator / q)


def _entries(name: str, values: Any) -> tuple[sp.Expr, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence | sp.Tuple) or not len(values):
        raise ValueError(f"{name}: got {values!r}, expected a sequence of at least one number")
    entries = tuple(several(real)(name, values))
    for entry in entries:
        if entry.is_extended_negative or entry.is_extended_real is False:
            raise ValueError(f"{name}: got {entry}, expected no negative number")
    return entries
