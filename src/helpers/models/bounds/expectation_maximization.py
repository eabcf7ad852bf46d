r"""Expectation–maximisation (EM) for the shift θ of the Gaussian model, as formulas. Needs SymPy alone.

The model is $z \sim \mathcal N(0, 1)$, $x \mid z \sim \mathcal N(\theta + z, \tau^2)$, the proposal
$q = \mathcal N(\mu, \sigma^2)$. Both steps climb one bound $\mathcal L(\theta, q)$: the E step in q, the M step in θ.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from helpers.arguments import checked, positive, real
from helpers.models.bounds.gaussian_model import GaussianModel

__all__ = ["e_step", "em_iterates", "em_rate", "m_step"]


@checked(theta=real, x=real, tau=positive)
def e_step(theta: Any, x: Any, tau: Any = 1) -> tuple[sp.Expr, sp.Expr]:
    r"""The q with the largest bound at this θ: mean and standard deviation of the posterior $p_\theta(z \mid x)$.

    Raises ValueError for a `tau` known not to be positive. Cost O(1).

    >>> e_step(0, 2)
    (1, sqrt(2)/2)
    """
    model = GaussianModel(x, tau, theta)
    return model.posterior_mean, model.posterior_scale


@checked(mu=real, x=real)
def m_step(mu: Any, x: Any) -> sp.Expr:
    r"""The θ with the largest bound for this q: $x - \mu$, whatever σ and τ are. Cost O(1).

    >>> m_step(1, 2)
    1
    """
    return x - mu


@checked(tau=positive)
def em_rate(tau: Any = 1) -> sp.Expr:
    r"""The factor $1/(1 + \tau^2)$ by which each pair of steps shrinks the distance from θ to its maximum.

    >>> em_rate(1)
    1/2
    """
    return 1 / (1 + GaussianModel(0, tau).scale ** 2)


@checked(start=real, x=real, tau=positive)
def em_iterates(start: Any, x: Any, steps: int, tau: Any = 1) -> list[sp.Expr]:
    r"""$\theta_0, \dots, \theta_{\text{steps}}$: each by an E step and an M step from the one before.

    Raises ValueError for a number of steps that is negative or not whole. Cost O(steps).

    >>> em_iterates(0, 2, 3)
    [0, 1, 3/2, 7/4]
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, 0 or greater")
    thetas = [start]
    for _ in range(steps):
        mean, _scale = e_step(thetas[-1], x, tau)
        thetas.append(sp.expand(m_step(mean, x)))
    return thetas
