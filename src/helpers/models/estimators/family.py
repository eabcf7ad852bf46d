"""Families of laws whose parameters are to be learned: their log-densities, and how noise becomes a draw."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch

from helpers.models.invertible import holds

__all__ = ["Family", "categorical", "gaussian"]


@dataclass(frozen=True)
class Family:
    r"""Laws $q_\phi$, by functions of one draw z and one value of each parameter; batches are the estimators' work.

    Args:
        log_density: `(z, *parameters)` → $\log q_\phi(z)$, a tensor `()`. The support must not depend on the
            parameters, or the score does not have mean zero.
        sample: `(noise, *parameters)` → z, differentiable in the parameters, with noise of a fixed law; None where
            there is no such map.
        parameter_dims: how many dimensions one value of each parameter has.
        draw_dim: how many dimensions one draw (and its noise) has.
        check: `(draws or noise, *parameters)`, with batches; raises ValueError for what makes no law.

    Example, an exponential law by its rate:
        >>> import torch
        >>> exponential = Family(
        ...     log_density=lambda z, rate: rate.log() - rate * z,
        ...     sample=lambda noise, rate: -torch.log1p(-noise) / rate,  # noise uniform on (0, 1)
        ...     parameter_dims=(0,),
        ... )
        >>> exponential.log_density(torch.tensor(2.0), torch.tensor(1.0))
        tensor(-2.)
    """

    log_density: Callable[..., torch.Tensor]
    sample: Callable[..., torch.Tensor] | None = None
    parameter_dims: tuple[int, ...] = (0, 0)
    draw_dim: int = 0
    check: Callable[..., None] | None = None

    def __post_init__(self) -> None:
        for name in ("log_density", "sample", "check"):
            value = getattr(self, name)
            if not callable(value) and (value is not None or name == "log_density"):
                raise ValueError(f"{name}: got {value!r}, expected a function")
        dims = self.parameter_dims
        if not isinstance(dims, tuple) or not dims or not all(map(_is_count, dims)):
            raise ValueError(
                f"parameter_dims: got {dims!r}, expected a tuple of whole numbers, one a parameter"
            )
        if not _is_count(self.draw_dim):
            raise ValueError(f"draw_dim: got {self.draw_dim!r}, expected a whole number")


def gaussian(dim: int = 0) -> Family:
    r"""Gaussian laws of independent coordinates, $z = \mu + \sigma\epsilon$: parameters `(mean, scale)`.

    With `dim=0` a draw is a number, and mean, scale and noise are `(...)`; with `dim=1` it is a vector, and they are
    `(..., d)`. `scale` is a standard deviation, never a variance. Raises ValueError for another `dim`; the estimators
    raise it for a scale that is not positive and lengths that differ.

    >>> import torch
    >>> law = gaussian()
    >>> law.sample(torch.tensor(2.0), torch.tensor(1.0), torch.tensor(0.5))
    tensor(2.)
    """

    if isinstance(dim, bool) or not isinstance(dim, int) or dim not in (0, 1):
        raise ValueError(f"dim: got {dim!r}, expected 0 for a number or 1 for a vector")

    def log_density(z: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        standard = (z - mean) / scale
        logarithms = -standard.square() / 2 - (scale.log() + math.log(2 * math.pi) / 2)
        return logarithms.sum() if dim else logarithms

    def sample(noise: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        return mean + scale * noise

    def check(draws: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) -> None:
        if not holds((scale > 0).all()):
            raise ValueError(f"scale: got {scale.min().item():.6g}, expected positive standard deviations")
        if dim and len({value.shape[-1] for value in (mean, scale, draws)}) > 1:
            shapes = ", ".join(str(tuple(value.shape)) for value in (mean, scale, draws))
            raise ValueError(
                f"mean, scale, draws: got shapes {shapes}, expected one length d in parameters, draws and noise"
            )

    return Family(log_density, sample, (dim, dim), dim, check)


def categorical() -> Family:
    r"""Laws on the states 0, ..., n - 1 with the probabilities $\operatorname{softmax}(\text{logits})$.

    One parameter, `(..., n)`; draws are whole numbers `(...)`. No noise becomes a draw differentiably, so that only
    the score function applies.

    >>> import torch
    >>> round(categorical().log_density(torch.tensor(1), torch.tensor([0.0, 0.0])).exp().item(), 6)
    0.5
    """

    def log_density(z: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        return logits.log_softmax(-1).gather(-1, z.unsqueeze(-1)).squeeze(-1)

    return Family(log_density, None, (1,), 0)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
