"""Trajectories and spectral radii of the bilinear game in numbers: NumPy and batched PyTorch."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from helpers.codegen import to_torch
from helpers.models.games.methods import METHODS, check_arguments, check_names, check_number, iteration_matrix

if TYPE_CHECKING:
    import torch

__all__ = ["simulate", "spectral_radius"]


def spectral_radius(method: str, learning_rate: float, **parameters: float) -> float:
    """Largest modulus of an eigenvalue of the method's iteration matrix.

    Below 1 every trajectory tends to (0, 0), above 1 almost every one leaves. Arguments and errors as in
    `iteration_matrix`, with numbers only. Where two eigenvalues meet, about half the digits are lost. Cost
    O(1): one eigenvalue problem of size 2 or 4.
    """
    eta, parameter = check_arguments(method, learning_rate, parameters)
    for name, value in [("learning_rate", eta), (METHODS[method].parameter, parameter)]:
        if value is not None and value.free_symbols:
            raise ValueError(f"{name}: got the expression {value}, expected a number")
    matrix = iteration_matrix(method, learning_rate, **parameters)
    return float(np.abs(np.linalg.eigvals(np.array(matrix.evalf(20), dtype=float))).max())


def simulate(method: str, start, learning_rate, steps: int, **parameters) -> torch.Tensor:
    """The first `steps` steps of the game from `start`, every state kept.

    `start` is a tensor of shape `(..., 2)`, on any device, or anything that `torch.as_tensor` takes (then
    float64); `learning_rate` and the method's parameter are numbers or tensors of a shape that broadcasts
    with `(...)`. Returns `(steps + 1, ..., 2)` with the dtype and device of `start`. Methods with memory
    begin at rest: the state before the start is the start. A trajectory that leaves the range of the dtype
    stays at infinity. Raises `ValueError` for the arguments of `iteration_matrix`, a `start` that is not
    finite, real and of last dimension 2, and a number of steps that is not a whole number, 0 or greater.
    Cost O(steps) in time and memory for each start. In memory the result has the players' numbers apart.
    """
    import torch

    from helpers.models.invertible import all_finite

    state = check_start(start)
    check_steps(steps)
    check_names(method, parameters)
    eta = _check_rates("learning_rate", learning_rate, state)
    values = [_check_rates(name, value, state) for name, value in parameters.items()]
    players = state.expand(*np.broadcast_shapes(state.shape[:-1], eta.shape, *(v.shape for v in values)), 2)
    rules = [
        [(None if entry == 1 else entry(eta, *values), source) for entry, source in row]
        for row in _rules(method)
    ]
    numbers = [state, eta, *values]
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in numbers):
        series = [[start] for start in players.unbind(-1)]
        for k in range(steps):
            new = [_combined(row, series, k) for row in rules]
            for own, number in zip(series, new, strict=True):
                own.append(number)
        path = torch.stack([torch.stack(own) for own in series])
    else:
        path = _empty(state, (2, steps + 1, *players.shape[:-1]))
        path[:, 0] = players.movedim(-1, 0)
        series = [own.unbind(0) for own in path]
        for k in range(steps):
            for row, own in zip(rules, series, strict=True):
                _combined(row, series, k, own[k + 1])
    if not all_finite(path[:, -1]):  # what has once left the range never comes back
        # inf - inf is NaN although the trajectory is only too large: say so by infinity.
        left = (~path.isfinite()).any(0).to(torch.uint8).cummax(0).values.bool()
        path = path.masked_fill(left, torch.inf)
    return path.movedim(0, -1)


def _combined(row: list, series: list, k: int, out: torch.Tensor | None = None) -> torch.Tensor:
    """A player's number after step `k`: the sum over its row of the iteration matrix, in `out` if it is given."""
    import torch

    total = None
    for coefficient, (ago, player) in row:
        number = series[player][max(k - ago, 0)]
        if total is None:
            total = number if coefficient is None else torch.mul(coefficient, number, out=out)
        else:
            total = torch.addcmul(total, coefficient, number, out=out)
    return total


def _empty(like: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    """A new tensor; on a processor from NumPy, which asks for large pages: PyTorch's first touch of each small one
    takes longer than the game."""
    import torch

    if like.device.type != "cpu" or like.dtype not in (torch.float32, torch.float64):
        return like.new_empty(shape)
    return torch.from_numpy(np.empty(shape, dtype=str(like.dtype).removeprefix("torch.")))


@cache
def _rules(method: str) -> list[list[tuple]]:
    """For each player the entries of its row of the iteration matrix that are not zero, ones first.

    An entry is 1 or a PyTorch function of the learning rate and the parameter, and comes with the number that it
    multiplies: (0, player) of this state or (1, player) of the state before.
    """
    eta, parameter = sp.symbols("eta p", real=True, nonnegative=True)
    name = METHODS[method].parameter
    symbols = [eta] if name is None else [eta, parameter]
    matrix = iteration_matrix(method, eta, **({} if name is None else {name: parameter}))
    rows = []
    for player in range(2):
        entries = [(matrix[player, j], divmod(j, 2)) for j in range(matrix.cols) if matrix[player, j] != 0]
        entries.sort(key=lambda item: item[0] != 1)
        rows.append([(1 if entry == 1 else to_torch(entry, symbols), source) for entry, source in entries])
    return rows


def check_steps(steps: int) -> None:
    """Raise `ValueError` unless `steps` is a whole number, 0 or greater."""
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, 0 or greater")


def check_start(start) -> torch.Tensor:
    """`start` as a finite floating tensor of shape (..., 2), float64 unless it is a tensor; or `ValueError`."""
    import torch

    from helpers.models.invertible import all_finite

    try:
        tensor = start if isinstance(start, torch.Tensor) else torch.as_tensor(start, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"start: got {start!r}, expected numbers of shape (..., 2)") from error
    if tensor.ndim == 0 or tensor.shape[-1] != 2:
        raise ValueError(f"start: got shape {tuple(tensor.shape)}, expected (..., 2)")
    if not tensor.is_floating_point() or tensor.is_sparse:
        raise ValueError(f"start: got dtype {tensor.dtype}, expected a real floating dtype")
    if not all_finite(tensor):
        raise ValueError("start: got a value that is not finite, expected finite numbers")
    return tensor


def _check_rates(name: str, value, state: torch.Tensor) -> torch.Tensor:
    """`value` as a tensor that broadcasts with the starts; or `ValueError`, as of `iteration_matrix`."""
    import torch

    from helpers.models.invertible import all_finite, holds

    if isinstance(value, (bool, str, bytes)):
        raise ValueError(f"{name}: got {value!r}, expected a finite number or a tensor of them")
    try:
        if isinstance(value, int | float):  # filled in there: a copy would wait for the device
            rates = torch.full((), float(value), dtype=state.dtype, device=state.device)
        else:
            rates = torch.as_tensor(value, dtype=state.dtype, device=state.device)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name}: got {value!r}, expected a finite number or a tensor of them") from error
    try:
        np.broadcast_shapes(rates.shape, state.shape[:-1])
    except ValueError as error:
        shapes = f"shape {tuple(rates.shape)}, expected one that broadcasts with {tuple(state.shape[:-1])}"
        raise ValueError(f"{name}: got {shapes}") from error
    finite = all_finite(rates)
    if not finite or (name != "momentum" and not holds((rates >= 0).all())):
        wrong = rates.flatten()[~rates.isfinite().flatten()][0] if not finite else rates.min()
        check_number(name, wrong.item(), negative=name == "momentum")
    return rates
