r"""A $1\times1$ convolution of half of the channels, with factors that the other half sets; imports PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from helpers.models.invertible import check_form
from helpers.models.invertible_convolution.convolution import _Factored
from helpers.models.invertible_convolution.packed import apply_factors, solve_factors, split

__all__ = ["ConditionalPLUConvolution"]


class ConditionalPLUConvolution(_Factored):
    r"""The first half of the channels passes, and sets the matrix $A$ that maps the second half at each pixel.

    Points are images `(..., 2 * channels, height, width)` of any height and width. The `conditioner` takes the
    first halves, `(N, channels, height, width)`, and returns the `entries` of $A$'s factors, `(N, channels ** 2)`,
    row by row: below the diagonal $L$, above it $U$, on it $\log\lvert s_i\rvert$. With `per_pixel` it returns
    `(N, channels ** 2, height, width)`, a matrix for each pixel. `permutation` and `sign` are fixed, as in
    `PLUConvolution`.

    The log-determinant is $\sum_p\sum_i\log\lvert s_i^{(p)}\rvert$ over the pixels $p$ and the channels $i$; with one
    matrix an image, $\text{height}\cdot\text{width}\cdot\sum_i\log\lvert s_i\rvert$.

    Raises ValueError for bad points, another dtype than the buffers', a conditioner that is no callable or returns
    another shape, and an $s_i$ that is zero or not finite. Cost: the conditioner's, and O(C² · height · width) in
    both directions.

    >>> import torch
    >>> layer = ConditionalPLUConvolution(1, lambda first: first.mean(dim=(-2, -1)))  # log s is the mean
    >>> y, log_abs_det = layer(torch.tensor([0.5, 3.0]).reshape(2, 1, 1))
    >>> y.flatten(), log_abs_det
    (tensor([0.5000, 4.9462]), tensor(0.5000))
    """

    def __init__(
        self,
        channels: int,
        conditioner: Callable[[torch.Tensor], torch.Tensor],
        *,
        permutation: Sequence[int] | None = None,
        sign: Sequence[float] | torch.Tensor | None = None,
        per_pixel: bool = False,
    ) -> None:
        super().__init__(channels, permutation, sign)
        if not callable(conditioner):
            raise ValueError(
                f"conditioner: got {type(conditioner).__name__}, expected a module or a function"
            )
        self.event_shape = (2 * channels, None, None)
        self.conditioner = conditioner
        self.per_pixel = per_pixel

    def entries(self, first: torch.Tensor) -> torch.Tensor:
        """What the conditioner says of the first halves `(..., channels, height, width)`.

        `(..., channels, channels)`, or `(..., height, width, channels, channels)` with `per_pixel`. Raises ValueError
        where the conditioner returns another shape.
        """
        check_form("first", first, (self.channels, None, None), like=self.sign)
        batch, pixels = first.shape[:-3], first.shape[-2:]
        count = batch.numel()
        found = self.conditioner(first.reshape(count, *first.shape[-3:]))
        expected = (count, self.channels**2, *(pixels if self.per_pixel else ()))
        if not isinstance(found, torch.Tensor) or found.shape != expected:
            shape = tuple(found.shape) if isinstance(found, torch.Tensor) else type(found).__name__
            raise ValueError(f"conditioner: got {shape} from it, expected shape {expected}")
        if self.per_pixel:
            found = found.movedim(1, -1)
        return found.reshape(*batch, *(pixels if self.per_pixel else ()), self.channels, self.channels)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("x", x)
        return self._map(x, self.order, apply_factors, 1)

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._check("y", y)
        return self._map(y, self.order_back, solve_factors, -1)

    def _map(self, image, order, step, direction):
        first, second = image.split(self.channels, dim=-3)
        lower, upper, log_scale = split(self.entries(first), self.sign)
        if self.per_pixel:
            mapped = step(lower, upper, order, second.movedim(-3, -1).unsqueeze(-1))
            mapped = mapped.squeeze(-1).movedim(-1, -3)
            log_abs_det = log_scale.sum(dim=(-3, -2, -1))
        else:
            mapped = step(lower, upper, order, second.flatten(-2)).unflatten(-1, image.shape[-2:])
            log_abs_det = image.shape[-2] * image.shape[-1] * log_scale.sum(dim=-1)
        return torch.cat([first, mapped], dim=-3), direction * log_abs_det
