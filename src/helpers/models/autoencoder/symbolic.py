r"""The formulas of an autoencoder with Gaussian noise, for numbers that a network computes elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, real, several, symbol
from helpers.models.bounds import log_normal_density

__all__ = ["log_joint", "log_normal", "proposal_score"]


@checked(value=real, mean=real, log_scale=real)
def log_normal(value: Any, mean: Any, log_scale: Any) -> sp.Expr:
    r"""The logarithm of $\mathcal N(v;\, m, e^{2s})$, s the logarithm of the standard deviation, a real number.

    >>> log_normal(0, 0, 0)
    -log(2*pi)/2
    """
    return log_normal_density(value, mean, sp.exp(log_scale))


@checked(x=several(real), decoded=several(real), z=real, log_noise=real)
def log_joint(x: Sequence[Any], decoded: Sequence[Any], z: Any, log_noise: Any) -> sp.Expr:
    r"""$\log p(x, z)$ for one latent number z that is decoded to the point `decoded`, noise on each coordinate.

    Raises ValueError where `x` and `decoded` have not equally many entries.
    """
    if len(x) != len(decoded):
        raise ValueError(f"decoded: got {len(decoded)} entries, expected {len(x)}, as many as x has")
    likelihood = sum(log_normal(one, other, log_noise) for one, other in zip(x, decoded, strict=True))
    return likelihood + log_normal(z, 0, 0)


@checked(z=real, mean=symbol, log_scale=symbol)
def proposal_score(z: sp.Symbol, mean: sp.Symbol, log_scale: sp.Symbol) -> list[sp.Expr]:
    """The derivatives of $\\log q(z)$ in the mean and in the logarithm of the scale."""
    density = log_normal(z, mean, log_scale)
    return [sp.diff(density, mean), sp.diff(density, log_scale)]
