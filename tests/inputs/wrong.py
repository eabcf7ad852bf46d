"""From a right argument the wrong ones, by its kind: strategies that every public function shares."""

from __future__ import annotations

import math
from typing import Any

import hypothesis.strategies as st
import numpy as np
import sympy as sp
import torch

__all__ = ["arguments_like", "sequences_like"]

_real, _negative = sp.Symbol("t", real=True), sp.Symbol("minus", negative=True)
_complex = sp.Symbol("w")

NUMBERS = [
    0,
    -1,
    1,
    2,
    2.5,
    -0.5,
    1e-300,
    1e300,
    math.nan,
    math.inf,
    -math.inf,
    True,
    1j,
    np.float64(0.5),
    np.int64(2),
]
EXPRESSIONS = [
    sp.nan,
    sp.zoo,
    sp.oo,
    -sp.oo,
    sp.I,
    sp.Rational(1, 3),
    sp.pi,
    _real,
    _negative,
    _complex,
    sp.Gt(_real, 0),
    sp.true,
    sp.Matrix([[1, 2]]),
    sp.Matrix(0, 0, []),
    sp.zeros(2, 2),
    sp.eye(3),
    sp.MatrixSymbol("M", 2, 2),
]
OBJECTS = [
    None,
    "",
    "three",
    "1 +",
    [],
    [None],
    ["x"],
    {},
    (),
    (1, 2),
    object(),
    torch.ones(2),
    np.ones(2),
    b"3",
]
DTYPES = [*[None] * 9, torch.float32, torch.float16, torch.int64, torch.bool, torch.complex64]
"""None for the own one."""
TENSORS = [[1.0, 2.0], np.ones(3), None, "text", 1.0, 3, torch.nn.Linear(2, 2), torch.zeros(2).to_sparse()]
"""In place of a tensor."""

_ANYTHING = st.sampled_from(NUMBERS + EXPRESSIONS + OBJECTS)


def arguments_like(value: Any, *, devices: bool = False) -> st.SearchStrategy:
    """What may come in place of `value`; with `devices`, tensors on another device, too."""
    if isinstance(value, torch.Tensor):
        return st.one_of(_tensors(value, devices), _tensors(value, devices), st.sampled_from(TENSORS))
    if isinstance(value, (list, tuple)) and value and not hasattr(value, "_fields"):
        return st.one_of(sequences_like(value, devices), _ANYTHING)
    if isinstance(value, sp.MatrixBase):
        return st.one_of(_matrices(value), _ANYTHING)
    if isinstance(value, bool):  # Python's own idea of truth
        return st.sampled_from([True, False, None, 0, 1, "three", [], math.nan])
    if value is None or isinstance(value, str):
        return _ANYTHING
    if isinstance(value, int):
        return st.one_of(st.integers(-2, 4), _ANYTHING)
    if isinstance(value, float):
        return st.one_of(st.floats(), _ANYTHING)
    if callable(value) and not isinstance(value, type):
        return st.one_of(_functions(value), _ANYTHING)
    return _ANYTHING


@st.composite
def _tensors(draw, value: torch.Tensor, devices: bool) -> torch.Tensor:
    """Of another shape, dtype, device, or with other numbers; several at once."""
    found = value.detach().clone()
    match draw(st.integers(0, 9)):
        case 0:
            found = found.new_ones(0, *found.shape)
        case 1 if found.ndim:
            found = found[0]
        case 2:
            found = found.unsqueeze(-1)
        case 3 if found.ndim:
            found = torch.cat([found, found[..., :1]], -1)
        case 4 if found.ndim:
            found = found[..., :0]
        case 5:
            found = found.new_ones(())
        case 6:
            found = torch.stack([found, found])
    if found.is_floating_point() and found.numel():
        flat = found.reshape(-1).clone()
        big = torch.finfo(found.dtype).max
        match draw(st.integers(0, 13)):
            case 0:
                flat[draw(st.integers(0, len(flat) - 1))] = math.nan
            case 1:
                flat[draw(st.integers(0, len(flat) - 1))] = math.inf
            case 2:
                flat[draw(st.integers(0, len(flat) - 1))] = -math.inf
            case 3:
                flat.fill_(math.nan)
            case 4:
                flat[draw(st.integers(0, len(flat) - 1))] = big
            case 5:
                flat.mul_(draw(st.sampled_from([1e3, 1e10, 1e100, 1e200, 1e300])))
            case 6:
                flat.mul_(draw(st.sampled_from([1e-10, 1e-100, 1e-300])))
            case 7:
                flat.zero_()
            case 8:
                flat.neg_()
            case 9:
                flat.fill_(1.0)
        found = flat.reshape(found.shape)
    dtype = draw(st.sampled_from(DTYPES))
    if dtype is not None:
        found = found.to(dtype)
    if devices and draw(st.integers(0, 9)) == 0:
        found = found.to("meta")
    return found


@st.composite
def sequences_like(draw, value: Any, devices: bool = False) -> Any:
    """Longer, shorter, empty, or with one entry replaced."""
    entries = list(value)
    if not entries:
        return type(value)([None])
    match draw(st.integers(0, 5)):
        case 0:
            entries = entries[:-1]
        case 1:
            entries = [*entries, entries[-1]]
        case 2:
            entries = []
        case _:
            place = draw(st.integers(0, len(entries) - 1))
            entries[place] = draw(arguments_like(entries[place], devices=devices))
    return type(value)(entries)


@st.composite
def _matrices(draw, value: sp.MatrixBase) -> sp.Matrix:
    """Of another shape, or with one entry replaced."""
    rows = value.tolist()
    match draw(st.integers(0, 4)):
        case 0:
            return sp.Matrix(rows[:-1])
        case 1:
            return sp.Matrix([*rows, rows[-1]])
        case 2:
            return sp.zeros(*value.shape)
        case _:
            i, j = draw(st.integers(0, value.rows - 1)), draw(st.integers(0, value.cols - 1))
            rows[i][j] = draw(
                st.sampled_from([e for e in EXPRESSIONS if isinstance(e, sp.Expr) and not e.is_Matrix])
            )
            return sp.Matrix(rows)


def _functions(value: Any) -> st.SearchStrategy:
    """That give something of another kind."""
    made = [None, "text", 1.0, torch.ones(3, 2, 4, dtype=torch.int64), torch.tensor(math.nan)]
    return st.sampled_from(made).map(lambda result: lambda *_, **__: result)
