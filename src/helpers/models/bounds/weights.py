r"""Estimates of the bounds from log-weights $\log w_k = \log p(x, z_k) - \log q(z_k)$, the $z_k$ drawn from $q$.

All stay in the logarithm: a weight $e^{-200}$ is 0 in float32, its logarithm is an ordinary number.
"""

from __future__ import annotations

import math

import torch

from helpers.models.invertible import check_form, holds

__all__ = ["elbo", "importance_weighted_bound", "normalized_weights"]


def elbo(log_weights: torch.Tensor, dim: int) -> torch.Tensor:
    r"""An unbiased estimate of the evidence lower bound: the mean $\frac1K\sum_k \log w_k$ along `dim`.

    `log_weights` is of any shape, at least one long along `dim`; the result has that dimension removed. It is −∞
    where a weight is 0. Raises ValueError for a tensor of another kind, a dimension that it has not or that is
    empty, NaN or +∞, and weights that are all 0. Cost O(n). Source: the chapter on the evidence bound.

    >>> import torch
    >>> elbo(torch.tensor([-1.0, -3.0]), dim=0)
    tensor(-2.)
    """
    check_dimension(log_weights, dim)
    bound = log_weights.mean(dim)
    # The result is smaller, and finite only if all weights are: else each is looked at.
    if not holds(torch.isfinite(bound).all()):
        check_log_weights(log_weights, dim)
    return bound


def importance_weighted_bound(log_weights: torch.Tensor, dim: int) -> torch.Tensor:
    r"""An unbiased estimate of the importance-weighted bound $\mathcal L_K$: $\log\frac1K\sum_k w_k$ along `dim`.

    K is the length of `dim`: with K = 1 this is `elbo`. Shapes and errors as there; a weight that is 0 does no harm
    beside one that is not. Cost O(n). Source: Burda, Grosse and Salakhutdinov, "Importance weighted
    autoencoders" (2016).

    >>> import torch
    >>> importance_weighted_bound(torch.tensor([-200.0, -200.0]), dim=0)
    tensor(-200.)
    """
    check_dimension(log_weights, dim)
    bound = log_weights.logsumexp(dim) - math.log(log_weights.shape[dim])
    # The result is NaN for NaN, +inf for +inf, and -inf for -inf alone.
    if not holds(torch.isfinite(bound).all()):
        check_log_weights(log_weights, dim)
    return bound


def normalized_weights(log_weights: torch.Tensor, dim: int) -> torch.Tensor:
    r"""The probabilities $w_k / \sum_j w_j$ along `dim`, of the shape of `log_weights`.

    Errors as in `elbo`. Cost O(n).

    >>> import torch
    >>> normalized_weights(torch.tensor([-1000.0, -1000.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    check_log_weights(log_weights, dim)
    return log_weights.softmax(dim)


def check_dimension(log_weights: object, dim: int) -> None:
    """Of the errors of `elbo` those that need no look at the values."""
    check_form("log_weights", log_weights, ())
    if isinstance(dim, bool) or not isinstance(dim, int) or not -log_weights.ndim <= dim < log_weights.ndim:
        raise ValueError(f"dim: got {dim!r}, expected a dimension of shape {tuple(log_weights.shape)}")
    if log_weights.shape[dim] == 0:
        raise ValueError(f"log_weights: got K = 0 weights along dimension {dim}, expected at least one")


def check_log_weights(log_weights: object, dim: int) -> None:
    """Refuse what are no log-weights along `dim`: the errors of `elbo`."""
    check_dimension(log_weights, dim)
    if not holds((log_weights < math.inf).all()):  # false for NaN, too
        raise ValueError(
            "log_weights: got NaN or +inf, expected finite numbers, or -inf for a weight that is 0"
        )
    if not holds((log_weights > -math.inf).any(dim).all()):
        raise ValueError(f"log_weights: got only -inf along dimension {dim}, expected a weight that is not 0")
