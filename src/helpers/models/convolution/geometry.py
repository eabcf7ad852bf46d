"""Sizes: how many positions a kernel has, what a stride leaves over, and how often stamped kernels overlap."""

from __future__ import annotations

import operator
from typing import Any

__all__ = ["interior_counts", "output_padding", "output_size", "overlap_counts", "whole_number"]


def output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many positions a kernel has on `size` inputs with `padding` zeros at either end.

    Raises ValueError where a size, stride or dilation is below 1, the padding is negative, or the kernel's span,
    `dilation * (kernel_size - 1) + 1`, is longer than the padded input.

    >>> output_size(5, 3), output_size(6, 3, stride=2), output_size(6, 3, stride=2, padding=1)
    (3, 2, 3)
    """
    room = _room(size, kernel_size, stride, padding, dilation)
    return room // stride + 1


def output_padding(
    size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """How many inputs at the end the last position does not reach: what a transposed convolution has to add.

    From 0 to `stride - 1`. Arguments and errors as for `output_size`.

    >>> output_padding(6, 3, stride=2), output_padding(5, 3, stride=2)
    (1, 0)
    """
    return _room(size, kernel_size, stride, padding, dilation) % stride


def interior_counts(kernel_size: int, stride: int) -> tuple[int, ...]:
    """How many stamps of a kernel cover each of `stride` neighbouring places, far from the ends.

    Place r of them, counted from 0, is reached by the taps r, r + stride, ...: there are
    $\\lceil (k - r)/s \\rceil$, or none. Their sum is `kernel_size`; all are equal if and only if the stride divides
    the kernel's size. Raises ValueError for an argument below 1. Cost O(stride).

    Source: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts", Distill 2016.

    >>> interior_counts(3, 2), interior_counts(4, 2), interior_counts(2, 3)
    ((2, 1), (2, 2), (1, 1, 0))
    """
    kernel_size, stride = whole_number("kernel_size", kernel_size), whole_number("stride", stride)
    return tuple(max(0, -((r - kernel_size) // stride)) for r in range(stride))


def overlap_counts(kernel_size: int, stride: int, positions: int) -> tuple[int, ...]:
    """How many stamps cover each output of a transposed convolution of `positions` inputs, without padding.

    It is $A^\\top\\mathbf 1$ for the matrix A of the convolution with a kernel of ones. In two dimensions the counts
    of rows and columns are multiplied. Raises ValueError for an argument below 1. Cost O(positions · kernel_size).

    >>> overlap_counts(3, 2, 4), overlap_counts(4, 2, 3)
    ((1, 1, 2, 1, 2, 1, 2, 1, 1), (1, 1, 2, 2, 2, 2, 1, 1))
    """
    kernel_size, stride = whole_number("kernel_size", kernel_size), whole_number("stride", stride)
    positions = whole_number("positions", positions)
    counts = [0] * (stride * (positions - 1) + kernel_size)
    for position in range(positions):
        for tap in range(kernel_size):
            counts[stride * position + tap] += 1
    return tuple(counts)


def _room(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
    """How far the kernel can be moved."""
    size, kernel_size = whole_number("size", size), whole_number("kernel_size", kernel_size)
    stride, dilation = whole_number("stride", stride), whole_number("dilation", dilation)
    padding = whole_number("padding", padding, least=0)
    span = dilation * (kernel_size - 1) + 1
    if span > size + 2 * padding:
        raise ValueError(
            f"kernel_size: got {kernel_size}, which spans {span} inputs, expected at most {size + 2 * padding}: "
            "the input with its padding"
        )
    return size + 2 * padding - span


def whole_number(name: str, value: Any, *, least: int = 1) -> int:
    """`value` as an int; ValueError for anything but a whole number of at least `least`."""
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least:
        raise ValueError(f"{name}: got {value!r}, expected a whole number of at least {least}")
    return number
