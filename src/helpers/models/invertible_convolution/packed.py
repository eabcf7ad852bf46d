"""The numbers of the factors L, U, s in one square matrix, as LAPACK keeps them; this module imports PyTorch."""

from __future__ import annotations

import torch

from helpers.models.invertible import all_finite, holds

__all__ = ["apply_factors", "factor", "solve_factors", "split"]


def split(entries: torch.Tensor, sign: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """$L - I$, $U + \\operatorname{diag} s$ and $\\log\\lvert s\\rvert$ of `entries`, `(..., C, C)`.

    Below the diagonal stands $L$ without its unit diagonal, above it $U$, on it $\\log\\lvert s_i\\rvert$; the signs
    of the $s_i$ are `sign`, `(C,)`. Raises ValueError where an $s_i$ is zero or not finite in this dtype.
    """
    log_scale = entries.diagonal(dim1=-2, dim2=-1)
    scale = sign * log_scale.exp()
    # A number and its reciprocal are both finite but for zero, infinity and NaN, and numbers near the range's end.
    if not (
        all_finite(scale.detach() + 1 / scale.detach()) or holds(((scale != 0) & torch.isfinite(scale)).all())
    ):
        raise ValueError(
            f"s: got zero, infinity or NaN from log|s| between {log_scale.min().item():.3g} and "
            f"{log_scale.max().item():.3g}, expected numbers other than zero in {scale.dtype}"
        )
    return entries.tril(-1), entries.triu(1) + torch.diag_embed(scale), log_scale


def apply_factors(
    lower: torch.Tensor, upper: torch.Tensor, order: torch.Tensor, x: torch.Tensor
) -> torch.Tensor:
    """$PL(U + \\operatorname{diag} s)\\,x$ for columns `x`, `(..., C, n)`, without forming $A$; O(C² n).

    `lower` and `upper` as `split` gives them.
    """
    z = upper @ x
    return (z + lower @ z).index_select(-2, order)


def solve_factors(
    lower: torch.Tensor, upper: torch.Tensor, order_back: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """The `x` that `apply_factors` takes to `y`: two triangular solves and no inverse matrix; O(C² n)."""
    z = torch.linalg.solve_triangular(lower, y.index_select(-2, order_back), upper=False, unitriangular=True)
    return torch.linalg.solve_triangular(upper, z, upper=True)


def factor(matrix: object) -> tuple[list[int], torch.Tensor, torch.Tensor]:
    """Order of the rows, `entries` and `sign` of an invertible matrix, by `torch.linalg.lu`; O(C³).

    Raises ValueError for what is no square matrix of finite floating-point numbers, and for a singular one: one with
    a pivot no larger than the bound of its rounding error, $C\\varepsilon$ times the entry of
    $|L||U + \\operatorname{diag}s|$ in its place.
    """
    if not isinstance(matrix, torch.Tensor) or not matrix.is_floating_point():
        kind = matrix.dtype if isinstance(matrix, torch.Tensor) else type(matrix).__name__
        raise ValueError(f"matrix: got {kind}, expected a floating-point tensor")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] == 0:
        raise ValueError(f"matrix: got shape {tuple(matrix.shape)}, expected a square matrix (C, C)")
    if not holds(torch.isfinite(matrix).all()):
        raise ValueError("matrix: got NaN or infinity, expected finite numbers")
    permutation, lower, upper = torch.linalg.lu(matrix)
    pivots = upper.diagonal()
    error = len(matrix) * torch.finfo(matrix.dtype).eps * (lower.abs() @ upper.abs()).diagonal()
    if (weak := (pivots.abs() <= error).nonzero().flatten()).numel():
        index = int(weak[0])
        raise ValueError(
            f"matrix: got a singular one (pivot {index} is {pivots[index].item():.3g}, of the size of its rounding "
            "error), expected an invertible matrix"
        )
    entries = lower.tril(-1) + upper.triu(1) + torch.diag(pivots.abs().log())
    return permutation.argmax(dim=1).tolist(), entries, pivots.sign()
