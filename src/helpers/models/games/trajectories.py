"""Trajectories and spectral radii of the bilinear game in numbers: NumPy and batched PyTorch."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from helpers.codegen import to_torch
from helpers.models.games.methods import METHODS, check_arguments, iteration_matrix

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
    Cost O(steps) in time and memory for each start.
    """
    import torch

    state = check_start(start)
    check_steps(steps)
    eta = _check_rates("learning_rate", learning_rate, state)
    values = {name: _check_rates(name, value, state) for name, value in parameters.items()}
    check_arguments(method, _worst(eta), {name: _worst(value) for name, value in values.items()})

    matrix = _torch_matrix(method)(eta, *values.values())
    batch = torch.broadcast_shapes(state.shape[:-1], matrix.shape[:-2])
    state = state.expand(*batch, 2)
    lifted = torch.cat([state, state], dim=-1) if METHODS[method].memory else state
    path = [state]
    for _ in range(steps):
        lifted = (matrix @ lifted.unsqueeze(-1)).squeeze(-1)
        # inf - inf is NaN although the trajectory is only too large: say so by infinity.
        lifted = torch.where(lifted.isfinite().all(-1, keepdim=True), lifted, torch.inf)
        path.append(lifted[..., :2])
    return torch.stack(path)


@cache
def _torch_matrix(method: str):
    eta, parameter = sp.symbols("eta p", real=True, nonnegative=True)
    name = METHODS[method].parameter
    symbols = [eta] if name is None else [eta, parameter]
    return to_torch(iteration_matrix(method, eta, **({} if name is None else {name: parameter})), symbols)


def check_steps(steps: int) -> None:
    """Raise `ValueError` unless `steps` is a whole number, 0 or greater."""
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, 0 or greater")


def check_start(start) -> torch.Tensor:
    """`start` as a finite floating tensor of shape (..., 2), float64 unless it is a tensor; or `ValueError`."""
    import torch

    from helpers.models.invertible import holds

    try:
        tensor = start if isinstance(start, torch.Tensor) else torch.as_tensor(start, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"start: got {start!r}, expected numbers of shape (..., 2)") from error
    if tensor.ndim == 0 or tensor.shape[-1] != 2:
        raise ValueError(f"start: got shape {tuple(tensor.shape)}, expected (..., 2)")
    if not tensor.is_floating_point():
        raise ValueError(f"start: got dtype {tensor.dtype}, expected a real floating dtype")
    if not holds(tensor.isfinite().all()):
        raise ValueError("start: got a value that is not finite, expected finite numbers")
    return tensor


def _check_rates(name: str, value, state: torch.Tensor) -> torch.Tensor:
    import torch

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
        torch.broadcast_shapes(rates.shape, state.shape[:-1])
    except RuntimeError as error:
        shapes = f"shape {tuple(rates.shape)}, expected one that broadcasts with {tuple(state.shape[:-1])}"
        raise ValueError(f"{name}: got {shapes}") from error
    return rates


def _worst(rates: torch.Tensor) -> float:
    """The value that a check for "finite" and "not negative" must see: NaN first, then the smallest."""
    from helpers.models.invertible import looks

    if rates.numel() == 0 or not looks():
        return 0.0
    if not rates.isfinite().all():
        return float(rates[~rates.isfinite()].reshape(-1)[0])
    return float(rates.min())
