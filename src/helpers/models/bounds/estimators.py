r"""Three ways to estimate the gradient of the importance-weighted bound: one random gradient per set of draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch

from helpers.arguments import checked, function, one_of
from helpers.models.bounds.weights import check_log_weights, importance_weighted_bound
from helpers.models.invertible import check_points, holds

__all__ = ["ESTIMATORS", "GradientSamples", "doubly_reparameterized_bound", "importance_weighted_gradients"]

ESTIMATORS = ("reparameterized", "doubly_reparameterized", "score_function")


class GradientSamples(NamedTuple):
    """A gradient for each set of draws: in the model's parameter `(..., m)`, in mean and scale `(..., d)`."""

    parameter: torch.Tensor
    mean: torch.Tensor
    scale: torch.Tensor


def doubly_reparameterized_bound(log_weights: torch.Tensor, dim: int) -> torch.Tensor:
    r"""The value of `importance_weighted_bound`, with the gradient $\sum_k v_k^2 \nabla \log w_k$.

    $v_k = w_k/\sum_j w_j$ are the normalised weights, taken for constants. If the draws are reparameterised,
    and if the log-weights depend on the proposal's parameters *through the draws only* (detach the parameters inside
    $\log q$), then this is an unbiased gradient of the bound in those parameters. It is not one in the model's.
    Shapes and errors as in `elbo`. Cost O(n). Source: Tucker, Lawson, Gu and Maddison, "Doubly reparameterized
    gradient estimators for Monte Carlo objectives" (2019).

    >>> import torch
    >>> log_weights = torch.zeros(4, requires_grad=True)
    >>> doubly_reparameterized_bound(log_weights, dim=0).backward()
    >>> log_weights.grad
    tensor([0.0625, 0.0625, 0.0625, 0.0625])
    """
    check_log_weights(log_weights, dim)
    constant = log_weights.detach()
    shares = constant.softmax(dim)
    # A weight that is 0 has the share 0 and no gradient: -inf - -inf is no number.
    moving = torch.where(shares > 0, log_weights - torch.where(shares > 0, constant, 0.0), 0.0)
    return importance_weighted_bound(constant, dim) + (shares.square() * moving).sum(dim)


@checked(log_joint=function, estimator=one_of(ESTIMATORS))
def importance_weighted_gradients(
    log_joint: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    parameter: torch.Tensor,
    mean: torch.Tensor,
    scale: torch.Tensor,
    noise: torch.Tensor,
    *,
    estimator: str = "reparameterized",
) -> GradientSamples:
    r"""Random gradients of $\mathcal L_K$ whose means are its gradient, one for each set of K draws.

    The proposal is normal with independent coordinates, the draws are $z_k = \mu + \sigma\varepsilon_k$.

    Args:
        log_joint: $\log p_\theta(x, z)$, a differentiable function of z `(..., K, d)` and θ `(..., 1, m)` with values
            `(..., K)`.
        parameter: θ, `(m,)`.
        mean, scale: μ and σ > 0, a standard deviation, `(d,)`.
        noise: standard normal draws ε, `(..., K, d)`: the batch shape is that of the sets of draws.
        estimator: `reparameterized` differentiates $\log\hat p$ through the draws and through the density of the
            proposal; `doubly_reparameterized` is `doubly_reparameterized_bound` for the proposal; `score_function`
            keeps the draws fixed and multiplies the bound by the score. For θ all three are one.

    Raises ValueError for other shapes and types, numbers that are not finite, a scale that is not positive, an
    unknown estimator, and log-weights that `elbo` refuses. Cost: O(1) evaluations of `log_joint` and its gradient.
    Source: Tucker, Lawson, Gu and Maddison (2019).
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"estimator: got {estimator!r}, expected one of {', '.join(ESTIMATORS)}")
    check_points("noise", noise, (None, None))
    check_points("parameter", parameter, (None,))
    for name, value in (("mean", mean), ("scale", scale)):
        check_points(name, value, (noise.shape[-1],))
    for name, value in (("parameter", parameter), ("mean", mean), ("scale", scale)):
        if value.ndim != 1:
            raise ValueError(f"{name}: got shape {tuple(value.shape)}, expected one vector")
        if value.dtype != noise.dtype or value.device != noise.device:
            raise ValueError(
                f"{name}: got {value.dtype} on {value.device}, expected {noise.dtype} on {noise.device}"
            )
    if not holds((scale > 0).all()):
        raise ValueError("scale: got a number that is not positive, expected standard deviations")
    batch = noise.shape[:-2]

    def objective(parameter, mean, scale):
        draws = mean.unsqueeze(-2) + scale.unsqueeze(-2) * noise

        def log_weights(z, parameter, mean, scale):
            values = log_joint(z, parameter.unsqueeze(-2))
            if not isinstance(values, torch.Tensor) or values.shape != noise.shape[:-1]:
                kind = tuple(values.shape) if isinstance(values, torch.Tensor) else type(values).__name__
                raise ValueError(f"log_joint: got {kind}, expected values of shape {tuple(noise.shape[:-1])}")
            return values - _log_normal(z, mean, scale)

        fixed = [value.detach() for value in (draws, parameter, mean, scale)]
        if estimator == "doubly_reparameterized":
            of_model = importance_weighted_bound(log_weights(fixed[0], parameter, *fixed[2:]), -1)
            of_proposal = doubly_reparameterized_bound(log_weights(draws, *fixed[1:]), -1)
            return (of_model + of_proposal).sum()
        if estimator == "score_function":
            bound = importance_weighted_bound(log_weights(fixed[0], parameter, mean, scale), -1)
            score = _log_normal(fixed[0], mean, scale).sum(-1)
            return (bound + bound.detach() * score).sum()
        return importance_weighted_bound(log_weights(draws, parameter, mean, scale), -1).sum()

    copies = [value.detach().expand(*batch, -1) for value in (parameter, mean, scale)]
    return GradientSamples(*torch.func.grad(objective, argnums=(0, 1, 2))(*copies))


def _log_normal(z: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    mean, scale = mean.unsqueeze(-2), scale.unsqueeze(-2)
    return -(((z - mean) / scale).square() / 2 + scale.log() + math.log(2 * math.pi) / 2).sum(-1)
