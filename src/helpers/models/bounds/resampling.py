r"""Sampling-importance-resampling: keep one of K draws, with a probability in proportion to its weight."""

from __future__ import annotations

import torch

from helpers.models.bounds.weights import check_log_weights

__all__ = ["resample"]


def resample(log_weights: torch.Tensor, dim: int, *, generator: torch.Generator) -> torch.Tensor:
    r"""Which draw is kept: an index along `dim` with probability $w_k / \sum_j w_j$.

    `log_weights` is of any shape, at least one long along `dim`; the result has that dimension removed and is
    int64, on the same device, which must be the generator's. The draw that is kept has the law $q_K$ if the draws
    come from $q$. It is the largest of $\log w_k + G_k$ with independent Gumbel noise $G_k$, so no weight ever
    leaves the logarithm. Errors as in `elbo`; TypeError for a generator that is none. Not differentiable. Cost O(n).
    Source: the chapter on importance-weighted bounds.

    >>> import torch
    >>> generator = torch.Generator().manual_seed(1)
    >>> resample(torch.tensor([[0.0, -torch.inf], [-torch.inf, -900.0]]), dim=1, generator=generator)
    tensor([0, 1])
    """
    if not isinstance(generator, torch.Generator):
        raise TypeError(f"generator: expected a torch.Generator, got {type(generator).__name__}")
    check_log_weights(log_weights, dim)
    exponential = torch.empty_like(log_weights, requires_grad=False).exponential_(generator=generator)
    smallest = torch.finfo(log_weights.dtype).tiny
    return (log_weights.detach() - exponential.clamp(min=smallest).log()).argmax(dim)
