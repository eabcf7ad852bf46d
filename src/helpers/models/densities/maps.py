r"""Affine maps as PyTorch modules, and the normal law that they make of a standard one."""

from __future__ import annotations

import math
from typing import Any

import torch

from helpers.models.invertible import InvertibleMap, all_finite, check_points, holds

__all__ = ["Affine", "DiagonalAffine", "normal_log_density", "triangular_scale"]


class DiagonalAffine(InvertibleMap):
    r"""$y = \mu + \sigma \odot x$: each entry shifted and scaled on its own.

    Args:
        shift: $\mu$, `(d,)`.
        scale: $\sigma$, `(d,)`, no entry zero. Negative entries reflect, and are allowed; for x standard normal
            the standard deviations of y are their absolute values.

    Both are learned: they become parameters. Raises ValueError for other shapes and types, numbers that are not
    finite, and a scale with a zero, also where training has led to one. Value and log-determinant cost O(d) a point,
    in both directions.

    >>> stretch = DiagonalAffine(torch.tensor([1.0, 0.0]), torch.tensor([2.0, -0.5]))
    >>> y, log_abs_det = stretch(torch.tensor([1.0, 1.0]))
    >>> y.tolist(), log_abs_det.item()
    ([3.0, -0.5], 0.0)
    """

    def __init__(self, shift: torch.Tensor, scale: torch.Tensor) -> None:
        super().__init__()
        shift, scale = _tensor("shift", shift), _tensor("scale", scale)
        size = shift.shape[0] if shift.ndim else 0
        _check_shape("shift", shift, size, 1)
        _check_shape("scale", scale, size, 1)
        _same_kind(shift, scale=scale)
        self.event_shape = tuple(shift.shape)
        self.shift = torch.nn.Parameter(shift.detach().clone())
        self.scale = torch.nn.Parameter(scale.detach().clone())
        self._log_abs_det()

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$g(x)$ and $\\sum_k \\log\\lvert\\sigma_k\\rvert$."""
        check_points("x", x, self.event_shape)
        return self.shift + self.scale * x, self._log_abs_det().expand(x.shape[:-1])

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$g^{-1}(y)$ and $-\\sum_k \\log\\lvert\\sigma_k\\rvert$."""
        check_points("y", y, self.event_shape)
        return (y - self.shift) / self.scale, -self._log_abs_det().expand(y.shape[:-1])

    def _log_abs_det(self) -> torch.Tensor:
        if not holds((self.scale != 0).all()):
            raise ValueError(f"scale: got {self.scale.tolist()}, expected no zero")
        return self.scale.abs().log().sum()


class Affine(InvertibleMap):
    r"""$y = \mu + Sx$ with an invertible matrix $S$.

    Args:
        shift: $\mu$, `(d,)`.
        matrix: $S$, `(d, d)`, invertible; its determinant may have either sign.
        lower_triangular: whether S is lower triangular and stays so, also when it is learned.

    Both are learned: they become parameters. Raises ValueError for other shapes and types, numbers that are not
    finite, a singular matrix (also where training has led to one), and a matrix that is announced as lower
    triangular and is not. The determinant is that of a factorisation, `slogdet`, and no inverse is ever formed:
    O(d³) once a call and O(d²) a point. For a triangular matrix the determinant costs O(d), and the inverse is a
    substitution, O(d²) a point.

    >>> swap = Affine(torch.zeros(2), torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    >>> y, log_abs_det = swap(torch.tensor([1.0, 2.0]))
    >>> y.tolist(), log_abs_det.item()
    ([2.0, 1.0], 0.0)
    """

    def __init__(self, shift: torch.Tensor, matrix: torch.Tensor, *, lower_triangular: bool = False) -> None:
        super().__init__()
        shift, matrix = _tensor("shift", shift), _tensor("matrix", matrix)
        size = shift.shape[0] if shift.ndim else 0
        _check_shape("shift", shift, size, 1)
        _check_shape("matrix", matrix, size, 2)
        _same_kind(shift, matrix=matrix)
        if lower_triangular and not holds((matrix == matrix.tril()).all()):
            raise ValueError("matrix: got numbers above the diagonal, expected a lower triangular matrix")
        self.event_shape = tuple(shift.shape)
        self.lower_triangular = bool(lower_triangular)
        self.shift = torch.nn.Parameter(shift.detach().clone())
        self.matrix = torch.nn.Parameter(matrix.detach().clone())
        self._log_abs_det()

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$g(x)$ and $\\log\\lvert\\det S\\rvert$."""
        check_points("x", x, self.event_shape, like=self.matrix)
        return self.shift + x @ self._scale().mT, self._log_abs_det().expand(x.shape[:-1])

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$S^{-1}(y - \\mu)$ and $-\\log\\lvert\\det S\\rvert$."""
        check_points("y", y, self.event_shape, like=self.matrix)
        log_abs_det = self._log_abs_det()
        deviation = (y - self.shift).reshape(-1, *self.event_shape).mT
        if self.lower_triangular:
            x = torch.linalg.solve_triangular(self._scale(), deviation, upper=False)
        else:
            x = torch.linalg.solve(self.matrix, deviation)
        return x.mT.reshape(y.shape), -log_abs_det.expand(y.shape[:-1])

    def _scale(self) -> torch.Tensor:
        return self.matrix.tril() if self.lower_triangular else self.matrix

    def _log_abs_det(self) -> torch.Tensor:
        return _log_abs_det(self._scale(), triangular=self.lower_triangular)


def normal_log_density(x: torch.Tensor, shift: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    r"""$\log \mathcal N(x; \mu, SS^\top)$ by the map: $\log p_Z(S^{-1}(x - \mu)) - \log\lvert\det S\rvert$.

    `x` and `shift` are `(..., d)`, `matrix` is `(..., d, d)` and invertible, of either sign of the determinant;
    batches broadcast. The covariance is never formed, so that its condition number, the square of the matrix's, does
    no harm. Raises ValueError for other shapes and types, numbers that are not finite and a singular matrix. Cost
    O(d³) a matrix, O(d²) a point.

    >>> one = torch.ones(1)
    >>> round(normal_log_density(one, one, -2 * torch.eye(1)).exp().item(), 4)
    0.1995
    """
    check_points("x", x, (None,))
    shift, matrix = _tensor("shift", shift), _tensor("matrix", matrix)
    size = x.shape[-1]
    _check_shape("shift", shift, size, 1, batched=True)
    _check_shape("matrix", matrix, size, 2, batched=True)
    _same_kind(x, shift=shift, matrix=matrix)
    try:
        batch = torch.broadcast_shapes(x.shape[:-1], shift.shape[:-1], matrix.shape[:-2])
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in (x, shift, matrix))
        raise ValueError(f"x, shift, matrix: got shapes {shapes}, expected batches that broadcast") from error
    log_abs_det = _log_abs_det(matrix)
    deviation = (x - shift).expand(*batch, size)
    if matrix.ndim == 2:  # one factorisation for all points
        z = torch.linalg.solve(matrix, deviation.reshape(-1, size).mT).mT.reshape(*batch, size)
    else:
        z = torch.linalg.solve(matrix, deviation.unsqueeze(-1)).squeeze(-1)
    return -0.5 * z.square().sum(-1) - size * math.log(2 * math.pi) / 2 - log_abs_det


def triangular_scale(matrix: torch.Tensor) -> torch.Tensor:
    r"""The lower triangular $L$ with positive diagonal and $LL^\top = SS^\top$: the covariance's Cholesky factor.

    `matrix` S is `(..., d, d)` and invertible. By a QR factorisation of $S^\top$, which forms no covariance and so
    loses half as many digits as `torch.linalg.cholesky` of one. Raises ValueError as `normal_log_density`. Cost
    O(d³).

    >>> triangular_scale(torch.tensor([[0.0, 2.0], [1.0, 0.0]])).tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    matrix = _tensor("matrix", matrix)
    _check_shape("matrix", matrix, matrix.shape[-1] if matrix.ndim else 0, 2, batched=True)
    _log_abs_det(matrix)
    lower = torch.linalg.qr(matrix.mT).R.mT
    if not all_finite(lower):
        raise ValueError(
            f"matrix: got numbers whose squares leave the range of {matrix.dtype}, expected smaller ones"
        )
    signs = torch.where(lower.diagonal(dim1=-2, dim2=-1) < 0, -1, 1).to(lower.dtype)
    return (lower * signs.unsqueeze(-2)).tril() + 0.0


def _log_abs_det(matrix: torch.Tensor, *, triangular: bool = False) -> torch.Tensor:
    if triangular:
        log_abs_det = matrix.diagonal(dim1=-2, dim2=-1).abs().log().sum(-1)
    else:
        log_abs_det = torch.linalg.slogdet(matrix).logabsdet
    if not holds(torch.isfinite(log_abs_det).all()):
        raise ValueError("matrix: got a singular matrix, expected an invertible one")
    return log_abs_det


def _tensor(name: str, value: Any) -> torch.Tensor:
    check_points(name, value, ())
    if value.dtype not in (torch.float32, torch.float64):  # those that PyTorch factorises
        raise ValueError(f"{name}: got {value.dtype}, expected torch.float32 or torch.float64")
    return value


def _check_shape(
    name: str, value: torch.Tensor, size: int, dimensions: int, *, batched: bool = False
) -> None:
    """Each of the last dimensions must be of this size; others are allowed where there may be a batch."""
    fits = value.ndim >= dimensions if batched else value.ndim == dimensions
    if not fits or size == 0 or any(length != size for length in value.shape[-dimensions:]):
        expected = ", ".join((["..."] if batched else []) + [str(size) if size else "d"] * dimensions)
        expected += "," if expected.count(",") == 0 else ""
        raise ValueError(f"{name}: got shape {tuple(value.shape)}, expected ({expected})")


def _same_kind(reference: torch.Tensor, **others: torch.Tensor) -> None:
    for name, other in others.items():
        if (other.dtype, other.device) != (reference.dtype, reference.device):
            raise ValueError(
                f"{name}: got {other.dtype} on {other.device}, expected {reference.dtype} on {reference.device}"
            )
