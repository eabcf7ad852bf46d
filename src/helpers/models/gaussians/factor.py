r"""Covariances and their Cholesky factors: what is refused before anything is computed with them."""

from __future__ import annotations

import torch

from helpers.models.invertible import check_points, holds

__all__ = ["check_alike", "check_factor", "cholesky_factor", "common_batch", "solve_lower"]


def cholesky_factor(covariance: torch.Tensor) -> torch.Tensor:
    r"""The lower triangular $L$ with positive diagonal and $LL^\top = \Sigma$.

    `covariance` is `(..., d, d)`, symmetric to rounding and positive definite. Raises ValueError for another shape or
    kind, a matrix that is not symmetric, and one that is not positive definite: it names the smallest eigenvalue, and
    the matrix of the batch that has it. Inside `torch.func.vmap`, which has no values to look at, nothing is refused
    by its values. Cost O(d³) a matrix.

    >>> import torch
    >>> cholesky_factor(torch.tensor([[4.0, 2.0], [2.0, 5.0]])).tolist()
    [[2.0, 0.0], [1.0, 2.0]]
    """
    check_points("covariance", covariance, (None, None))
    if covariance.shape[-1] != covariance.shape[-2]:
        raise ValueError(f"covariance: got shape {tuple(covariance.shape)}, expected (..., d, d)")
    _check_precision({"covariance": covariance})
    difference = (covariance - covariance.mT).abs().amax((-2, -1))
    allowed = 8 * torch.finfo(covariance.dtype).eps * covariance.abs().amax((-2, -1))
    if not holds((difference <= allowed).all()):
        worst = (difference - allowed).argmax()
        raise ValueError(
            f"covariance: got entries that differ by {difference.flatten()[worst].item():.6g} across the diagonal"
            f"{_in_the_batch(worst, difference.shape)}, expected a symmetric matrix"
        )
    factor, failed = torch.linalg.cholesky_ex(covariance)
    if not holds((failed == 0).all()):
        smallest = torch.linalg.eigvalsh(covariance)[..., 0]
        # Of the matrices that have no factor; a small eigenvalue of another one is no fault.
        worst = smallest.masked_fill(failed == 0, torch.inf).argmin()
        raise ValueError(
            f"covariance: got the eigenvalue {smallest.flatten()[worst].item():.6g}"
            f"{_in_the_batch(worst, smallest.shape)}, expected a positive definite matrix"
        )
    return factor


def solve_lower(factor: torch.Tensor, vectors: torch.Tensor, *, transposed: bool = False) -> torch.Tensor:
    r"""$L^{-1}v$, or $L^{-\top}v$, for lower triangular `(..., d, d)` and vectors `(..., d)`; batches broadcast.

    One matrix for all vectors is used once, with the vectors for columns: nothing of d² numbers is made for each.
    Nothing is checked. Cost O(d²) a vector.
    """
    matrix, upper = (factor.mT, True) if transposed else (factor, False)
    if factor.ndim == 2 and vectors.ndim > 1:
        columns = vectors.reshape(-1, vectors.shape[-1]).mT
        return torch.linalg.solve_triangular(matrix, columns, upper=upper).mT.reshape(vectors.shape)
    return torch.linalg.solve_triangular(matrix, vectors.unsqueeze(-1), upper=upper).squeeze(-1)


def check_factor(name: str, factor: torch.Tensor, size: int) -> None:
    """Refuse what is no batch of lower triangular matrices of that size with a positive diagonal."""
    check_points(name, factor, (size, size))
    diagonal = factor.diagonal(dim1=-2, dim2=-1)
    if not holds((diagonal > 0).all()):
        lowest = diagonal.amin(-1)
        worst = lowest.argmin()
        raise ValueError(
            f"{name}: got {lowest.flatten()[worst].item():.6g} on the diagonal"
            f"{_in_the_batch(worst, lowest.shape)}, expected positive numbers"
        )
    if not holds((factor == factor.tril()).all()):
        above = factor.triu(1).abs().amax((-2, -1))
        worst = above.argmax()
        raise ValueError(
            f"{name}: got a number of size {above.flatten()[worst].item():.6g} above the diagonal"
            f"{_in_the_batch(worst, above.shape)}, expected a lower triangular matrix"
        )
    _check_precision({name: factor})


def check_alike(given: dict[str, torch.Tensor]) -> None:
    """One dtype and one device."""
    for what in ("dtype", "device"):
        kinds = [str(getattr(value, what)) for value in given.values()]
        if len(set(kinds)) > 1:
            raise ValueError(f"{', '.join(given)}: got {', '.join(kinds)}, expected one {what}")


def common_batch(given: dict[str, torch.Tensor], dimensions: dict[str, int]) -> torch.Size:
    """The common shape of the batches; `dimensions` of each argument, from the right, are no batch."""
    batches = [value.shape[: value.ndim - dimensions[name]] for name, value in given.items()]
    try:
        return torch.broadcast_shapes(*batches)
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(value.shape)) for value in given.values())
        raise ValueError(
            f"{', '.join(given)}: got shapes {shapes}, expected batches that broadcast"
        ) from error


def _check_precision(given: dict[str, torch.Tensor]) -> None:
    """Factorisations and solves are for single and double precision only."""
    for name, value in given.items():
        if value.dtype not in (torch.float32, torch.float64):
            raise ValueError(f"{name}: got {value.dtype}, expected torch.float32 or torch.float64")


def _in_the_batch(place: torch.Tensor, shape: torch.Size) -> str:
    """Which matrix it is, in words; nothing where there is one only."""
    if not shape:
        return ""
    index = tuple(int(number) for number in torch.unravel_index(place, shape))
    return f" in matrix {index[0] if len(index) == 1 else index} of the batch"
