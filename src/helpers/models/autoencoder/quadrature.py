r"""Evidence, bound and best Gaussian for one latent number, by sums over evenly spaced points.

The rule is the trapezoidal one: for smooth integrands that vanish at both ends its error falls faster than any power
of the spacing. `log_joint` is a function from latents `(..., n)` to $\log p(x, z)$, `(..., n)`: one datum to
each entry of the batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from helpers.arguments import checked, finite, function
from helpers.models.invertible import check_form, check_points, unchecked

__all__ = ["bound_by_quadrature", "log_evidence_by_quadrature", "refine"]

LogJoint = Callable[[torch.Tensor], torch.Tensor]

REACH = 6.0  # of the points around the mean of q, in its standard deviations
NODES = 41
HALVINGS = 12  # of a step that does not rise


@checked(log_joint=function, reach=finite(above=0))
def log_evidence_by_quadrature(
    log_joint: LogJoint, *, reach: float = 7.0, points: int = 1401, like: torch.Tensor
) -> torch.Tensor:
    r"""$\log\int p(x, z)\,dz$ over $[-r, r]$, of the shape of the batch.

    `like` gives dtype and device. The spacing must be below the posterior's width, a third of it for ten
    digits. Raises ValueError for a `reach` that is not positive or fewer than two points. Cost O(points).

    >>> import torch
    >>> law = torch.distributions.Normal(0.0, 1.0)
    >>> abs(log_evidence_by_quadrature(law.log_prob, like=torch.ones(())).item()) < 1e-5
    True
    """
    check_form("like", like, ())
    if isinstance(points, bool) or not isinstance(points, int) or points < 2:
        raise ValueError(f"points: got {points!r}, expected a whole number of at least 2")
    z = torch.linspace(-reach, reach, points, dtype=like.dtype, device=like.device)
    values = log_joint(z)
    check_form("log_joint", values, (points,), like=like, of="like")
    return values.logsumexp(-1) + math.log(2 * reach / (points - 1))


@checked(log_joint=function)
def bound_by_quadrature(log_joint: LogJoint, mean: torch.Tensor, log_scale: torch.Tensor) -> torch.Tensor:
    r"""$\mathbb E_q[\log p(x, z) - \log q(z)]$ for $q = \mathcal N(\mu, \sigma^2)$, without random numbers.

    `mean` and `log_scale` are `(...)`, the batch. Raises ValueError for tensors of another kind or numbers that are
    not finite. Cost O(41). The points are 0.3 standard deviations apart, up to 6.
    """
    _check(mean, log_scale)
    return _bound(log_joint, mean, log_scale)[0]


@checked(log_joint=function)
def refine(
    log_joint: LogJoint, mean: torch.Tensor, log_scale: torch.Tensor, *, steps: int = 60
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    r"""Raise the bound of each datum in its own μ and σ; returns mean, log-scale and bound, each `(...)`.

    Natural-gradient ascent: the gradient of the bound is the mean under q of $\log w$ times the derivative of
    $\log q$, and is divided by the Fisher information, $1/\sigma^2$ and 2. A step that does not raise the
    bound is halved, so that the result is never worse than the start. The maximum is a local one: start from
    several places. Raises ValueError as `bound_by_quadrature`, and for fewer than 0 steps. Cost O(41 ·
    steps).
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number of at least 0")
    _check(mean, log_scale)
    best, slope_mean, slope_scale = _bound(log_joint, mean, log_scale)
    rate = torch.full_like(best, 0.5)
    for _ in range(steps):
        tried_mean = mean + rate * (2 * log_scale).exp() * slope_mean
        tried_scale = log_scale + (rate * slope_scale / 2).clamp(-1, 1)
        with unchecked():  # what is no number does not rise, and is not kept
            tried = _bound(log_joint, tried_mean, tried_scale)
        rises = tried[0] >= best
        mean, log_scale = torch.where(rises, tried_mean, mean), torch.where(rises, tried_scale, log_scale)
        best, slope_mean, slope_scale = (
            torch.where(rises, new, old)
            for new, old in zip(tried, (best, slope_mean, slope_scale), strict=True)
        )
        rate = torch.where(rises, (1.3 * rate).clamp(max=1.0), rate / 2).clamp(min=0.5**HALVINGS)
    return mean, log_scale, best


def _check(mean: torch.Tensor, log_scale: torch.Tensor) -> None:
    for name, value in (("mean", mean), ("log_scale", log_scale)):
        check_points(name, value, (), like=mean, of="mean")
    if mean.shape != log_scale.shape:
        raise ValueError(
            f"log_scale: got shape {tuple(log_scale.shape)}, expected {tuple(mean.shape)}, as mean"
        )


def _bound(log_joint: LogJoint, mean: torch.Tensor, log_scale: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The bound and its derivatives in the mean and in the log-scale."""
    standard = torch.linspace(-REACH, REACH, NODES, dtype=mean.dtype, device=mean.device)
    probability = (-standard.square() / 2).exp()
    probability = probability / probability.sum()
    scale = log_scale.exp().unsqueeze(-1)
    log_q = -standard.square() / 2 - log_scale.unsqueeze(-1) - math.log(2 * math.pi) / 2
    values = log_joint(mean.unsqueeze(-1) + scale * standard)
    check_form("log_joint", values, log_q.shape, like=mean, of="mean")
    log_weight = values - log_q
    weighted = probability * log_weight
    slope_mean = (weighted * standard / scale).sum(-1)
    return weighted.sum(-1), slope_mean, (weighted * (standard.square() - 1)).sum(-1)
