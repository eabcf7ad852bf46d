r"""The invertible $1\times1$ convolution of Glow with its factors for parameters; this module imports PyTorch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch

from helpers.arguments import checked, finite, instance, several, whole
from helpers.models.invertible import InvertibleMap, check_points, holds, looks
from helpers.models.invertible_convolution.packed import apply_factors, factor, solve_factors, split

__all__ = ["PLUConvolution"]


class _Factored(InvertibleMap):
    """What both layers share: the fixed permutation and the fixed signs of the $s_i$, as buffers."""

    order: torch.Tensor
    order_back: torch.Tensor
    sign: torch.Tensor

    def __init__(
        self, channels: int, permutation: Sequence[int] | None, sign: Sequence[float] | torch.Tensor | None
    ) -> None:
        super().__init__()
        if isinstance(channels, bool) or not isinstance(channels, int) or channels < 1:
            raise ValueError(f"channels: got {channels!r}, expected a whole number of at least 1")
        order = list(range(channels)) if permutation is None else several(whole())("permutation", permutation)
        if sorted(order) != list(range(channels)):
            raise ValueError(f"permutation: got {order}, expected each of 0, ..., {channels - 1} once")
        if sign is not None and not isinstance(sign, torch.Tensor):
            sign = several(finite())("sign", sign)
        signs = (
            torch.ones(channels) if sign is None else torch.as_tensor(sign, dtype=torch.get_default_dtype())
        )
        if signs.shape != (channels,) or not holds((signs.abs() == 1).all()):
            raise ValueError(f"sign: got {signs.tolist()}, expected {channels} numbers, each 1 or -1")
        self.channels = channels
        self.register_buffer("order", torch.tensor(order, device=signs.device))
        self.register_buffer("order_back", torch.argsort(self.order))
        self.register_buffer("sign", signs.clone())

    def _check(self, name: str, points: torch.Tensor) -> None:
        check_points(name, points, self.event_shape, like=self.sign)


class _Kept(NamedTuple):
    """One direction's matrix and log-determinant a pixel, and the weights that they were made of."""

    entries: torch.Tensor
    fixed: tuple
    matrix: torch.Tensor
    log_abs_det: float


class PLUConvolution(_Factored):
    r"""A $1\times1$ convolution, $y_{:,p} = A\,x_{:,p}$ at each pixel, with $A = PL(U + \operatorname{diag}s)$.

    Points are images `(..., channels, height, width)` of any height and width of at least 1. The log-determinant is
    $\text{height}\cdot\text{width}\cdot\sum_i\log\lvert s_i\rvert$.

    `permutation` is the order with $(Pv)_i = v_{\mathrm{order}[i]}$, and `sign` are the signs of the $s_i$; both
    stay fixed, and without them the layer begins as the identity. The parameter `entries`, `(channels, channels)`,
    holds $L$ below its diagonal, $U$ above it and $\log\lvert s_i\rvert$ on it, so no value of it makes an $s_i$
    zero, short of underflow.

    Raises ValueError for bad points, for another dtype than the parameters', and for an $s_i$ that is zero or not
    finite. Cost: O(C² · height · width) an image in both directions, O(C) for the log-determinant; no determinant is
    computed. Where a batch has at least C pixels, $A$ is formed once for all, or $A^{-1}$ by two triangular solves:
    O(C³). Without gradients either is kept for the next calls, and made anew when a weight has changed.

    Source: Kingma and Dhariwal, "Glow: Generative Flow with Invertible 1×1 Convolutions", NeurIPS 2018.

    >>> import torch
    >>> layer = PLUConvolution.from_matrix(torch.tensor([[0.0, 2.0], [3.0, 1.0]]))
    >>> y, log_abs_det = layer(torch.ones(2, 1, 1))
    >>> y.flatten(), log_abs_det.exp()  # |det| = 6
    (tensor([2., 4.], grad_fn=<ViewBackward0>), tensor(6., grad_fn=<ExpBackward0>))
    """

    def __init__(
        self,
        channels: int,
        *,
        permutation: Sequence[int] | None = None,
        sign: Sequence[float] | torch.Tensor | None = None,
    ) -> None:
        super().__init__(channels, permutation, sign)
        self.event_shape = (channels, None, None)
        self._kept: dict[str, _Kept] = {}
        self.entries = torch.nn.Parameter(self.sign.new_zeros(channels, channels))

    @classmethod
    def from_matrix(cls, matrix: torch.Tensor) -> PLUConvolution:
        """The layer of a given `(C, C)` matrix, factored once by `torch.linalg.lu`; O(C³).

        Raises ValueError for a matrix that is not square, not finite or singular to working precision.
        """
        order, entries, sign = factor(matrix)
        layer = cls(len(matrix), permutation=order, sign=sign.tolist())
        layer = layer.to(dtype=matrix.dtype, device=matrix.device)
        with torch.no_grad():
            layer.entries.copy_(entries)
        return layer

    @classmethod
    @checked(channels=whole(1), generator=instance(torch.Generator))
    def random_rotation(cls, channels: int, generator: torch.Generator) -> PLUConvolution:
        """The layer of a random orthogonal matrix, from which Glow begins; its log-determinant is 0."""
        normal = torch.randn(
            channels, channels, generator=generator, dtype=torch.float64, device=generator.device
        )
        orthogonal, _ = torch.linalg.qr(normal)
        return cls.from_matrix(orthogonal).to(torch.get_default_dtype())

    @property
    def scale(self) -> torch.Tensor:
        """$s$, `(channels,)`."""
        return self.sign * self.entries.diagonal().exp()

    def matrix(self) -> torch.Tensor:
        """$A$, `(channels, channels)`; O(C³)."""
        lower, upper, _ = split(self.entries, self.sign)
        return torch.addmm(upper, lower, upper)[self.order]

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("x", x)
        return self._map(x, "forward")

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("y", y)
        return self._map(y, "inverse")

    def _map(self, image: torch.Tensor, direction: str) -> tuple[torch.Tensor, torch.Tensor]:
        *batch, channels, height, width = image.shape
        count, pixels = math.prod(batch), height * width
        learns = torch.is_grad_enabled() and self.entries.requires_grad
        if not learns and looks() and isinstance(self.entries, torch.nn.Parameter):
            kept = self._held(direction)
            mapped = torch.bmm(
                kept.matrix.expand(count, channels, channels), image.reshape(count, channels, pixels)
            )
            return mapped.view(image.shape), image.new_full(batch, pixels * kept.log_abs_det)
        lower, upper, log_scale = split(self.entries, self.sign)
        if count * pixels >= 2 * channels:  # a matrix for all pixels costs less than its factors at each
            matrix = self._matrix(lower, upper, direction)
            if channels <= pixels:  # its gradient at each image, summed later, is no larger than the image
                matrix = matrix.expand(count, channels, channels)
                mapped = torch.bmm(matrix, image.reshape(count, channels, pixels)).view(image.shape)
            else:
                mapped = (matrix @ image.flatten(-2)).view(image.shape)
        else:
            columns = image.movedim(-3, 0).reshape(channels, -1)
            if direction == "forward":
                columns = apply_factors(lower, upper, self.order, columns)
            else:
                columns = solve_factors(lower, upper, self.order_back, columns)
            mapped = columns.reshape(channels, *batch, height, width).movedim(0, -3)
        log_abs_det = pixels * (log_scale if direction == "forward" else -log_scale).sum()
        return mapped, log_abs_det.expand(batch)

    def _matrix(self, lower: torch.Tensor, upper: torch.Tensor, direction: str) -> torch.Tensor:
        """$A$ or its inverse, O(C³)."""
        if direction == "forward":
            return torch.addmm(upper, lower, upper).index_select(0, self.order)
        unit = torch.eye(self.channels, dtype=lower.dtype, device=lower.device)
        return solve_factors(lower, upper, self.order_back, unit).contiguous()

    def _held(self, direction: str) -> _Kept:
        """The matrix of the present weights. They are compared with those it was made of, number by number.

        A count of changes would be quicker to look at, but an assignment to `.data` leaves no trace in it.
        """
        kept, entries = self._kept.get(direction), self.entries
        fixed = tuple((id(buffer), buffer._version) for buffer in self._buffers.values())
        is_same = kept is not None and kept.fixed == fixed and torch.equal(kept.entries, entries)
        if not is_same:
            with torch.no_grad():
                lower, upper, log_scale = split(entries, self.sign)
                total = log_scale.sum().item() * (1 if direction == "forward" else -1)
                matrix = self._matrix(lower, upper, direction)
            kept = self._kept[direction] = _Kept(entries.detach().clone(), fixed, matrix, total)
        return kept

    def _apply(self, fn, recurse=True):
        self._kept = {}  # what is kept has the old dtype and device
        return super()._apply(fn, recurse)

    def __getstate__(self) -> dict:
        return {**super().__getstate__(), "_kept": {}}
