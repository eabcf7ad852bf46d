r"""The gaps of a proposal with independent coordinates for a Gaussian posterior, and ascent on the bound.

Posteriors are given by their mean $m$ and the Cholesky factor $L$ of their covariance,
$\Lambda^{-1} = LL^\top$; nothing is inverted: $L^{-1}$ is applied by forward substitution.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from helpers.arguments import checked, finite, whole
from helpers.models.gaussians import diagonal_projection
from helpers.models.gaussians.factor import solve_lower
from helpers.models.invertible import check_points, holds

__all__ = ["DatumGaps", "datum_gaps", "gradient_ascent"]


class DatumGaps(NamedTuple):
    """The two parts of the divergence to the posterior, `(...)` each, in nats; `total` is their sum."""

    approximation: torch.Tensor
    amortization: torch.Tensor

    @property
    def total(self) -> torch.Tensor:
        """The divergence itself, and minus the bias of the bound."""
        return self.approximation + self.amortization


def datum_gaps(
    mean_q: torch.Tensor, scale_q: torch.Tensor, mean: torch.Tensor, scale_tril: torch.Tensor
) -> DatumGaps:
    r"""The gaps of proposals with independent coordinates for posteriors $\mathcal N(m, LL^\top)$.

    `mean_q` and `scale_q` (standard deviations) are `(..., d)`, `mean` `(..., d)`, `scale_tril` `(..., d, d)`;
    batches broadcast. The approximation gap is that of the best mean-field proposal,
    $\tfrac12\log(\prod_i\Lambda_{ii}/\det\Lambda)$; the amortization gap is what this one loses beyond it. Both
    are sums of terms that are not negative, up to rounding. Raises ValueError for shapes and kinds that do not fit
    and scales that are not positive. Cost O(d³) an entry of the batch.

    >>> one = torch.ones(1)
    >>> datum_gaps(one, one, 0 * one, torch.eye(1)).amortization.item()
    0.5
    """
    _check_posterior(mean, scale_tril)
    for name, value in (("mean_q", mean_q), ("scale_q", scale_q)):
        check_points(name, value, (mean.shape[-1],))
        _check_kind(name, value, mean)
    if not holds((scale_q > 0).all()):
        raise ValueError(f"scale_q: got {scale_q.min().item():.6g}, expected positive standard deviations")
    try:
        shape = torch.broadcast_shapes(mean_q.shape, scale_q.shape, mean.shape, scale_tril.shape[:-1])
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(value.shape)) for value in (mean_q, scale_q, mean, scale_tril))
        raise ValueError(
            f"mean_q, scale_q, mean, scale_tril: got shapes {shapes}, expected batches that broadcast"
        ) from error
    best = diagonal_projection(scale_tril, "reverse")  # its inverse square is the diagonal of the precision
    own = scale_tril.diagonal(dim1=-2, dim2=-1)  # the product of its inverse squares is det Λ
    # Quotients first: squares of very large and of very small scales would leave the range.
    approximation = (own / best).log().sum(-1).clamp(min=0)
    whitened = solve_lower(scale_tril, mean_q - mean)
    ratio = scale_q / best
    amortization = (whitened.square() + (ratio.square() - 1 - 2 * ratio.log())).sum(-1) / 2
    return DatumGaps(approximation.expand(shape[:-1]), amortization.expand(shape[:-1]))


@checked(learning_rate=finite(above=0), steps=whole(0))
def gradient_ascent(
    start: torch.Tensor, mean: torch.Tensor, precision: torch.Tensor, learning_rate: float, steps: int
) -> torch.Tensor:
    r"""The means $\mu_0, \mu_1, \dots$ of gradient ascent on the bound: $\mu \leftarrow \mu + \eta\Lambda(m - \mu)$.

    `start` and the posterior's `mean` are `(..., d)`, `precision` `(..., d, d)`; the result is
    `(steps + 1, ..., d)`. Raises ValueError for shapes and kinds that do not fit, a learning rate that is not
    positive and finite, and a number of steps that is negative. Cost O(d²) a step and datum.

    >>> path = gradient_ascent(torch.zeros(1), torch.ones(1), 2 * torch.eye(1), learning_rate=0.1, steps=2)
    >>> [round(value, 4) for value in (1 - path).flatten().tolist()]
    [1.0, 0.8, 0.64]
    """
    check_points("start", start, (None,))
    size = start.shape[-1]
    for name, value, shape in (("mean", mean, (size,)), ("precision", precision, (size, size))):
        check_points(name, value, shape)
        _check_kind(name, value, start)
    try:
        shape = torch.broadcast_shapes(start.shape, mean.shape, precision.shape[:-1])
    except RuntimeError:
        shapes = ", ".join(str(tuple(value.shape)) for value in (start, mean, precision))
        raise ValueError(
            f"start, mean, precision: got shapes {shapes}, expected batches that broadcast"
        ) from None
    path = [start.expand(shape)]
    for _ in range(steps):
        pull = precision @ (mean - path[-1]).unsqueeze(-1)
        path.append(path[-1] + learning_rate * pull.squeeze(-1))
    return torch.stack(path)


def _check_posterior(mean: torch.Tensor, scale_tril: torch.Tensor) -> None:
    check_points("mean", mean, (None,))
    size = mean.shape[-1]
    check_points("scale_tril", scale_tril, (size, size))
    _check_kind("scale_tril", scale_tril, mean)
    diagonal = scale_tril.diagonal(dim1=-2, dim2=-1)
    if not holds((diagonal > 0).all()):
        raise ValueError(
            f"scale_tril: got {diagonal.min().item():.6g} on the diagonal, expected positive numbers"
        )
    if not holds((scale_tril.triu(1) == 0).all()):
        raise ValueError("scale_tril: got entries above the diagonal, expected a lower triangular matrix")


def _check_kind(name: str, value: torch.Tensor, like: torch.Tensor) -> None:
    if (value.dtype, value.device) != (like.dtype, like.device):
        raise ValueError(
            f"{name}: got {value.dtype} on {value.device}, expected {like.dtype} on {like.device}"
        )
