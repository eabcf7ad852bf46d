r"""The two matrices of a convolution in one dimension: Toeplitz, which has the kernel in it, and Hankel, the input.

A layer computes $u_i = \sum_t w_t\, y_{si + dt - p}$ (a cross-correlation, as in PyTorch), with stride s, padding p
and dilation d; outside of the input stand zeros. It is linear in the input, with the matrix `toeplitz`, and linear in
the kernel, with the matrix `hankel`.
"""

from __future__ import annotations

import sys
from typing import Any

import sympy as sp

from helpers.models.convolution.geometry import output_size, whole_number

__all__ = ["column", "hankel", "is_tensor", "toeplitz"]


def toeplitz(w: Any, n: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Any:
    """The matrix $A_w$ of a convolution of `n` inputs: $u = A_w y$, constant along its diagonals for stride 1.

    `w` has f taps: SymPy expressions (a sequence or a column), or a floating tensor `(..., f)`. The result has
    `output_size(n, f, ...)` rows and n columns; a tensor keeps batch shape, dtype and device.

    Raises ValueError for a `w` of another kind and for sizes that `output_size` refuses: a kernel longer than the
    input, a stride that is not positive. Cost O(n · rows).

    >>> toeplitz(sp.symbols("w_1:4"), 4)
    Matrix([
    [w_1, w_2, w_3,   0],
    [  0, w_1, w_2, w_3]])
    """
    n = whole_number("n", n)
    if is_tensor(w):
        from helpers.models.convolution import tensors

        return tensors.toeplitz(w, n, stride, padding, dilation)
    taps = column("w", w)
    rows = output_size(n, taps.rows, stride=stride, padding=padding, dilation=dilation)

    def entry(i: int, j: int) -> sp.Expr:
        tap, rest = divmod(j + padding - stride * i, dilation)
        return taps[tap] if rest == 0 and 0 <= tap < taps.rows else sp.S.Zero

    return sp.ImmutableMatrix(rows, n, entry)


def hankel(y: Any, f: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Any:
    """The matrix $H_f(y)$ of a convolution with `f` taps: $u = H_f(y)\\,w$, for stride 1 constant on antidiagonals.

    `y` has n entries: SymPy expressions (a sequence or a column), or a floating tensor `(..., n)`. The result has
    `output_size(n, f, ...)` rows and f columns; a tensor keeps batch shape, dtype and device.

    Errors as for `toeplitz`. Cost O(f · rows).

    >>> hankel([1, 2, 3, 4, 5], 3)
    Matrix([
    [1, 2, 3],
    [2, 3, 4],
    [3, 4, 5]])
    """
    f = whole_number("f", f)
    if is_tensor(y):
        from helpers.models.convolution import tensors

        return tensors.hankel(y, f, stride, padding, dilation)
    signal = column("y", y)
    rows = output_size(signal.rows, f, stride=stride, padding=padding, dilation=dilation)

    def entry(i: int, t: int) -> sp.Expr:
        place = stride * i + dilation * t - padding
        return signal[place] if 0 <= place < signal.rows else sp.S.Zero

    return sp.ImmutableMatrix(rows, f, entry)


def is_tensor(value: Any) -> bool:
    """Whether `value` is a PyTorch tensor; PyTorch need not be there."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def column(name: str, values: Any) -> sp.ImmutableMatrix:
    """SymPy expressions as a column; ValueError for what is neither a sequence of them nor a matrix of one column."""
    wanted = "expected a sequence of SymPy expressions, a column, or a tensor"
    if isinstance(values, sp.MatrixBase):
        if values.cols != 1 or values.rows < 1:
            raise ValueError(f"{name}: got shape {values.shape}, {wanted}")
        return sp.ImmutableMatrix(values)
    try:
        entries = None if isinstance(values, str) else [sp.sympify(value, strict=True) for value in values]
    except (TypeError, ValueError, sp.SympifyError):
        entries = None
    if not entries or not all(isinstance(entry, sp.Expr) for entry in entries):
        raise ValueError(f"{name}: got {values!r}, {wanted}")
    return sp.ImmutableMatrix(entries)
