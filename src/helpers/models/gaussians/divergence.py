r"""Kullback–Leibler divergences between Gaussian laws, batched, from Cholesky factors of their covariances.

The law $\mathcal N(\mu, LL^\top)$ is given by its mean $\mu$ and a lower triangular $L$ with a positive diagonal; no
covariance is formed and no matrix inverted.
"""

from __future__ import annotations

import torch

from helpers.models.invertible import check_points, holds

__all__ = ["cholesky_factor", "kl_divergence", "kl_to_standard_normal"]


def kl_divergence(
    mean_q: torch.Tensor, scale_tril_q: torch.Tensor, mean_p: torch.Tensor, scale_tril_p: torch.Tensor
) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu_q, L_qL_q^\top) \,\|\, \mathcal N(\mu_p, L_pL_p^\top))$, in nats.

    Means are `(..., d)`, Cholesky factors `(..., d, d)`; batches broadcast, and the result has the batch's shape.
    With $M = L_p^{-1}L_q$, triangular, and $y = L_p^{-1}(\mu_q - \mu_p)$ the divergence is
    $\tfrac12\bigl(\lVert y\rVert^2 + \sum_{i>j} M_{ij}^2 + \sum_i (M_{ii}^2 - 1 - \log M_{ii}^2)\bigr)$:
    no term is negative, so that none cancels another, and determinants beyond the floating-point range do no harm.

    Raises ValueError for tensors of another kind, dtypes or devices that differ, shapes that do not fit, numbers that
    are not finite, and a factor that is not lower triangular with a positive diagonal. Cost O(d³) an entry of the
    batch. Source: the chapter on divergences between Gaussians.

    >>> import torch
    >>> zero, one = torch.zeros(1), torch.eye(1)
    >>> round(kl_divergence(zero + 1, 2 * one, zero, one).item(), 4)  # (1 + 4 - 1) / 2 - log 2
    1.3069
    """
    check_points("mean_q", mean_q, (None,))
    size = mean_q.shape[-1]
    check_points("mean_p", mean_p, (size,))
    for name, factor in (("scale_tril_q", scale_tril_q), ("scale_tril_p", scale_tril_p)):
        check_points(name, factor, (size, size))
        _check_factor(name, factor)
    given = {"mean_q": mean_q, "scale_tril_q": scale_tril_q, "mean_p": mean_p, "scale_tril_p": scale_tril_p}
    _check_alike(given)
    batch = _batch(given, {"mean_q": 1, "scale_tril_q": 2, "mean_p": 1, "scale_tril_p": 2})

    # One solve for both: the columns of L_q, and the difference of the means.
    columns = torch.cat(
        [
            scale_tril_q.tril().expand(*batch, size, size),
            (mean_q - mean_p).expand(*batch, size).unsqueeze(-1),
        ],
        dim=-1,
    )
    factor_p = scale_tril_p.expand(*batch, size, size)
    solved = torch.linalg.solve_triangular(factor_p, columns, upper=False)
    ratio, deviation = solved[..., :-1], solved[..., -1]
    diagonal = scale_tril_q.diagonal(dim1=-2, dim2=-1) / scale_tril_p.diagonal(dim1=-2, dim2=-1)
    spread = (diagonal.square() - 1 - 2 * diagonal.log()).sum(-1)
    return (deviation.square().sum(-1) + ratio.tril(-1).square().sum((-2, -1)) + spread) / 2


def kl_to_standard_normal(mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu, \operatorname{diag}\sigma^2) \,\|\, \mathcal N(0, I))$, in nats.

    `mean` and `scale` are `(..., d)` and broadcast; `scale` is a standard deviation, not a variance. The result is
    `(...)`, the sum $\sum_i \tfrac12(\mu_i^2 + \sigma_i^2 - 1) - \log\sigma_i$ over the last dimension; two tensors
    without dimensions are one coordinate. Raises ValueError for tensors of another kind, dtypes or devices that
    differ, shapes that do not broadcast, numbers that are not finite, and a scale that is not positive. Cost O(d).
    Source: Kingma and Welling, "Auto-encoding variational Bayes" (2014), appendix B.

    >>> import torch
    >>> round(kl_to_standard_normal(torch.tensor([1.0]), torch.tensor([2.0])).item(), 4)
    1.3069
    """
    for name, value in (("mean", mean), ("scale", scale)):
        check_points(name, value, ())
    if not holds((scale > 0).all()):
        raise ValueError(f"scale: got {scale.min().item():.6g}, expected positive standard deviations")
    given = {"mean": mean, "scale": scale}
    _check_alike(given)
    shape = _batch(given, {"mean": 0, "scale": 0})
    terms = (mean.square() + (scale.square() - 1 - 2 * scale.log())) / 2
    return terms.sum(-1) if shape else terms


def cholesky_factor(covariance: torch.Tensor) -> torch.Tensor:
    r"""The lower triangular $L$ with positive diagonal and $LL^\top = \Sigma$.

    `covariance` is `(..., d, d)`, symmetric to rounding and positive definite. Raises ValueError for another shape or
    kind, a matrix that is not symmetric, and one that is not positive definite: it names the smallest eigenvalue, and
    the matrix of the batch that has it. Cost O(d³) a matrix.

    >>> import torch
    >>> cholesky_factor(torch.tensor([[4.0, 2.0], [2.0, 5.0]])).tolist()
    [[2.0, 0.0], [1.0, 2.0]]
    """
    check_points("covariance", covariance, (None, None))
    if covariance.shape[-1] != covariance.shape[-2]:
        raise ValueError(f"covariance: got shape {tuple(covariance.shape)}, expected (..., d, d)")
    difference = (covariance - covariance.mT).abs()
    allowed = 8 * torch.finfo(covariance.dtype).eps * covariance.abs().amax((-2, -1), keepdim=True)
    if not holds((difference <= allowed).all()):
        raise ValueError(
            "covariance: expected a symmetric matrix, got one whose entries across the diagonal differ by "
            f"{difference.max().item():.6g}"
        )
    factor, failed = torch.linalg.cholesky_ex(covariance)
    if not holds((failed == 0).all()):
        smallest = torch.linalg.eigvalsh(covariance)[..., 0]
        place = int(smallest.argmin())
        where = "" if smallest.ndim == 0 else f" in matrix {_index(place, smallest.shape)} of the batch"
        raise ValueError(
            f"covariance: got the eigenvalue {smallest.flatten()[place].item():.6g}{where}, "
            "expected a positive definite matrix"
        )
    return factor


def _index(place: int, shape: torch.Size) -> tuple[int, ...]:
    return tuple(int(index) for index in torch.unravel_index(torch.tensor(place), shape))


def _check_factor(name: str, factor: torch.Tensor) -> None:
    diagonal = factor.diagonal(dim1=-2, dim2=-1)
    if not holds((diagonal > 0).all()):
        raise ValueError(
            f"{name}: got {diagonal.min().item():.6g} on the diagonal, expected positive numbers"
        )
    if not holds((factor.triu(1) == 0).all()):
        raise ValueError(
            f"{name}: expected a lower triangular matrix, got one with entries above the diagonal"
        )


def _check_alike(given: dict[str, torch.Tensor]) -> None:
    """One dtype and one device."""
    for what in ("dtype", "device"):
        kinds = [str(getattr(value, what)) for value in given.values()]
        if len(set(kinds)) > 1:
            raise ValueError(f"{', '.join(given)}: got {', '.join(kinds)}, expected one {what}")


def _batch(given: dict[str, torch.Tensor], dimensions: dict[str, int]) -> torch.Size:
    """The common shape of the batches; `dimensions` of each argument, from the right, are no batch."""
    batches = [value.shape[: value.ndim - dimensions[name]] for name, value in given.items()]
    try:
        return torch.broadcast_shapes(*batches)
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(value.shape)) for value in given.values())
        raise ValueError(
            f"{', '.join(given)}: got shapes {shapes}, expected batches that broadcast"
        ) from error
