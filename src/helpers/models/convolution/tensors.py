"""The matrices of `helpers.models.convolution.matrices` as tensors; this module imports PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F

from helpers.models.convolution.geometry import output_size
from helpers.models.invertible import check_form, check_points

__all__ = ["correlate", "hankel", "slope", "toeplitz", "transposed_convolution"]


def toeplitz(w: torch.Tensor, n: int, stride: int, padding: int, dilation: int) -> torch.Tensor:
    """Of taps `(..., f)`: `(..., rows, n)`."""
    check_points("w", w, (None,))
    f = w.shape[-1]
    rows = output_size(n, f, stride=stride, padding=padding, dilation=dilation)
    place = torch.arange(n, device=w.device) + padding
    offset = place - stride * torch.arange(rows, device=w.device).unsqueeze(-1)
    tap = offset.div(dilation, rounding_mode="floor")
    is_tap = (offset == tap * dilation) & (tap >= 0) & (tap < f)
    return torch.where(is_tap, w[..., tap.clamp(0, f - 1)], w.new_zeros(()))


def hankel(y: torch.Tensor, f: int, stride: int, padding: int, dilation: int) -> torch.Tensor:
    """Of a signal `(..., n)`: `(..., rows, f)`."""
    check_points("y", y, (None,))
    rows = output_size(y.shape[-1], f, stride=stride, padding=padding, dilation=dilation)
    first = stride * torch.arange(rows, device=y.device).unsqueeze(-1)
    place = first + dilation * torch.arange(f, device=y.device)
    return F.pad(y, (padding, padding))[..., place]


def correlate(y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """$H_f(y)\\,w$ for a signal `(..., n)` and taps `(..., f)`: `(..., n - f + 1)`."""
    return (hankel(y, w.shape[-1], 1, 0, 1) @ w.unsqueeze(-1)).squeeze(-1)


def transposed_convolution(v: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """$A_w^\\top v$ for `(..., n)` and taps `(..., f)`, by `conv_transpose1d`: `(..., n + f - 1)`."""
    check_points("v", v, (None,))
    check_points("w", w, (None,), like=v, of="v")
    (n,), (f,) = v.shape[-1:], w.shape[-1:]
    if w.ndim == 1:
        signals = v.reshape(math.prod(v.shape[:-1]), 1, n)
        return F.conv_transpose1d(signals, w.reshape(1, 1, f)).reshape(*v.shape[:-1], n + f - 1)
    try:
        batch = torch.broadcast_shapes(v.shape[:-1], w.shape[:-1])
    except RuntimeError:
        shapes = f"{tuple(v.shape)} and {tuple(w.shape)}"
        raise ValueError(f"v, w: got shapes {shapes}, expected batches that broadcast") from None
    count = math.prod(batch)
    if count == 0:
        return v.new_zeros(*batch, n + f - 1)
    # A kernel for each signal: as many groups of one channel each.
    signals = v.expand(*batch, n).reshape(1, count, n)
    kernels = w.expand(*batch, f).reshape(count, 1, f)
    return F.conv_transpose1d(signals, kernels, groups=count).reshape(*batch, n + f - 1)


def slope(activation: Callable[[torch.Tensor], torch.Tensor], u: torch.Tensor) -> torch.Tensor:
    """$\\sigma'(u)$ entry by entry, by one forward pass of automatic differentiation."""

    def checked(values: torch.Tensor) -> torch.Tensor:
        found = activation(values)
        check_form("activation", found, u.shape, like=u, of="its argument")
        return found

    return torch.func.jvp(checked, (u,), (torch.ones_like(u),))[1]
