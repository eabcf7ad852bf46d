r"""The invertible $1\times1$ convolution of Glow with its factors for parameters; this module imports PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from helpers.models.invertible import InvertibleMap, check_points, holds
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
        order = list(range(channels)) if permutation is None else [int(index) for index in permutation]
        if sorted(order) != list(range(channels)):
            raise ValueError(f"permutation: got {order}, expected each of 0, ..., {channels - 1} once")
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
        check_points(name, points, self.event_shape)
        if points.dtype != self.sign.dtype:
            raise ValueError(f"{name}: got {points.dtype}, expected {self.sign.dtype}, as the parameters")


class PLUConvolution(_Factored):
    r"""A $1\times1$ convolution, $y_{:,p} = A\,x_{:,p}$ at each pixel, with $A = PL(U + \operatorname{diag}s)$.

    Points are images `(..., channels, height, width)` of any height and width of at least 1. The log-determinant is
    $\text{height}\cdot\text{width}\cdot\sum_i\log\lvert s_i\rvert$.

    `permutation` is the order with $(Pv)_i = v_{\mathrm{order}[i]}$, and `sign` are the signs of the $s_i$; both
    stay fixed, and without them the layer begins as the identity. The parameter `entries`, `(channels, channels)`,
    holds $L$ below its diagonal, $U$ above it and $\log\lvert s_i\rvert$ on it, so no value of it makes an $s_i$
    zero, short of underflow.

    Raises ValueError for bad points, for another dtype than the parameters', and for an $s_i$ that is zero or not
    finite. Cost: O(C² · height · width) in both directions (the inverse by two triangular solves), O(C) for the
    log-determinant; no matrix is inverted and no determinant computed.

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
        return (lower @ upper)[self.order]

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("x", x)
        lower, upper, log_scale = split(self.entries, self.sign)
        y = apply_factors(lower, upper, self.order, x.flatten(-2)).unflatten(-1, x.shape[-2:])
        return y, self._log_abs_det(log_scale, x)

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("y", y)
        lower, upper, log_scale = split(self.entries, self.sign)
        x = solve_factors(lower, upper, self.order_back, y.flatten(-2)).unflatten(-1, y.shape[-2:])
        return x, -self._log_abs_det(log_scale, y)

    @staticmethod
    def _log_abs_det(log_scale: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
        height, width = image.shape[-2:]
        return (height * width * log_scale.sum()).expand(image.shape[:-3])
