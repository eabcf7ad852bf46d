"""A convolution of images in symbols, written from its definition: the twin of what the compiled kernels compute."""

from __future__ import annotations

from typing import Any

import sympy as sp

from helpers.arguments import checked, whole
from helpers.models.convolution.geometry import output_size

__all__ = ["correlate_images"]


@checked(stride=whole(1), padding=whole(0), dilation=whole(1))
def correlate_images(
    x: Any, weight: Any, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> sp.ImmutableDenseNDimArray:
    """What `conv2d` computes, entry by entry, for a SymPy array of images and one of kernels.

    `x` is `(B, C, H, W)` and `weight` `(C', C, k, k')`, as nested lists or SymPy arrays; the result is
    `(B, C', H', W')`. One stride, padding and dilation serves both directions. Raises ValueError for other shapes and
    for sizes that `output_size` refuses. Cost: one product for each tap, channel and output.

    >>> correlate_images([[[[1, 2, 3]]]], [[[[1, -1]]]])
    [[[[-1, -1]]]]
    """
    images, kernels = _array("x", x), _array("weight", weight)
    for name, array in (("x", images), ("weight", kernels)):
        if array.rank() != 4 or 0 in array.shape:
            raise ValueError(f"{name}: got shape {array.shape}, expected four axes, none of them empty")
    batch, channels, *sizes = images.shape
    made, taken, *taps = kernels.shape
    if taken != channels:
        raise ValueError(f"weight: got {taken} input channels, expected {channels}, those of x")
    rows, columns = (
        output_size(size, k, stride=stride, padding=padding, dilation=dilation)
        for size, k in zip(sizes, taps, strict=True)
    )

    def pixel(b: int, c: int, i: int, j: int) -> sp.Expr:
        inside = 0 <= i < sizes[0] and 0 <= j < sizes[1]
        return images[b, c, i, j] if inside else sp.S.Zero

    def entry(b: int, m: int, i: int, j: int) -> sp.Expr:
        return sp.Add(
            *(
                kernels[m, c, s, t]
                * pixel(b, c, stride * i + dilation * s - padding, stride * j + dilation * t - padding)
                for c in range(channels)
                for s in range(taps[0])
                for t in range(taps[1])
            )
        )

    return sp.ImmutableDenseNDimArray(
        [
            entry(b, m, i, j)
            for b in range(batch)
            for m in range(made)
            for i in range(rows)
            for j in range(columns)
        ],
        (batch, made, rows, columns),
    )


def _array(name: str, given: Any) -> sp.ImmutableDenseNDimArray:
    try:
        return sp.ImmutableDenseNDimArray(given)
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise ValueError(
            f"{name}: got {type(given).__name__}, expected nested sequences of expressions"
        ) from None
