"""Receptive fields and path counts, exactly: support propagated through the layers, no weights; imports PyTorch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch

from helpers.models.masked_convolution.layers import GatedLayer, Layer, Shape, output_shape, taps

__all__ = ["mask", "path_counts", "receptive_field", "receptive_fields"]

Stack = Sequence[Layer | GatedLayer]


def mask(layer: Layer) -> torch.Tensor:
    """The layer's mask, `(kernel_size, kernel_size)` bool, True where a weight stays.

    >>> mask(Layer(3, "B", "below")).int()
    tensor([[0, 0, 0],
            [1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    left = torch.zeros(layer.kernel_size, layer.kernel_size, dtype=torch.bool)
    for i, j in taps(layer):
        left[i, j] = True
    return left


def receptive_field(
    layers: Stack, shape: Shape, pixel: tuple[int, int], *, device: torch.device | str | None = None
) -> torch.Tensor:
    """The input pixels that the output `pixel` (row, column, from zero) sees, `(H, W)` bool.

    A pixel is seen when one path of taps that the masks leave leads to it through the image; zeros of the padding
    lead nowhere. Raises ValueError as `output_shape`, and for a pixel outside the output.
    Cost: O(taps · H · W) a layer.

    >>> receptive_field([Layer(3, "A"), Layer(3, "B")], (5, 5), (2, 3)).int()[2]
    tensor([0, 1, 1, 0, 0], dtype=torch.int32)
    """
    return _back(layers, shape, pixel, torch.bool, torch.logical_or, device)


def path_counts(
    layers: Stack, shape: Shape, pixel: tuple[int, int], *, device: torch.device | str | None = None
) -> torch.Tensor:
    """On how many paths the output `pixel` sees each input pixel, `(H, W)` int64, exact.

    Raises ValueError as `receptive_field`, and where a count could leave 64 bits. Cost: O(taps · H · W) a layer.
    """
    output_shape(layers, shape)
    most = math.prod(sum(map(len, _offsets(layer))) for layer in layers)
    if most >= 2**63:
        raise ValueError(f"layers: got up to {most} paths, expected less than 2 ** 63")
    return _back(layers, shape, pixel, torch.int64, torch.add, device)


def receptive_fields(
    layers: Stack, shape: Shape, *, device: torch.device | str | None = None
) -> torch.Tensor:
    """The fields of all output pixels in one call, `(H_out, W_out, H, W)` bool.

    Raises ValueError as `output_shape`. Cost: O(taps · (H · W)²) a layer, and a few such tensors of memory.

    >>> receptive_fields([Layer(3, "A")] * 2, (3, 3))[2, 2].int()
    tensor([[1, 1, 1],
            [1, 1, 1],
            [1, 0, 0]], dtype=torch.int32)
    """
    shapes = _shapes(layers, shape)
    pixels = math.prod(shapes[0])
    field = torch.eye(pixels, dtype=torch.bool, device=device).reshape(*shapes[0], pixels)
    vertical = None  # the vertical stack's feature, while a run of gated layers lasts
    for layer, sides in zip(layers, shapes[1:], strict=True):
        if isinstance(layer, GatedLayer):
            rows, row, _ = _offsets(layer)
            vertical = _forth(field if vertical is None else vertical, rows, 1, sides)
            field = _forth(field, row, 1, sides) | vertical
        else:
            vertical = None
            field = _forth(field, *_offsets(layer), layer.stride, sides)
    return field.reshape(*shapes[-1], *shapes[0])


def _shapes(layers: Stack, shape: Shape) -> list[Shape]:
    """The shape of the input and of each layer's output."""
    return [output_shape(layers[:depth], shape) for depth in range(len(layers) + 1)]


def _offsets(layer: Layer | GatedLayer) -> tuple[list[tuple[int, int]], ...]:
    """Offsets that an output pixel sees: of the one stack, or of the vertical, the horizontal, from one to other."""
    if isinstance(layer, Layer):
        return (
            [
                (layer.dilation * i - layer.padding, layer.dilation * j - layer.padding)
                for i, j in taps(layer)
            ],
        )
    reach = range(-(layer.kernel_size // 2), layer.kernel_size // 2 + 1)
    toward = -1 if layer.orientation == "raster" else 1
    own = [0] if layer.mask == "B" else []
    past = [toward * step for step in reach if step > 0]
    rows = [(layer.dilation * i, layer.dilation * j) for i in own + past for j in reach]
    row = [(0, layer.dilation * j) for j in [step for step in reach if step < 0] + own]
    return rows, row, [(0, 0)]


def _windows(
    offset: tuple[int, int], stride: int, inner: Shape, outer: Shape
) -> Iterator[tuple[slice, slice]]:
    """Along rows and columns, the output pixels whose tap falls on the image, and where it falls."""
    for step, before, after in zip(offset, inner, outer, strict=True):
        first = max(0, -(step // stride))
        last = min(after - 1, (before - 1 - step) // stride)
        count = max(0, last - first + 1)
        start = stride * first + step
        yield slice(first, first + count), slice(start, start + stride * count, stride)


def _forth(field: torch.Tensor, offsets: list[tuple[int, int]], stride: int, sides: Shape) -> torch.Tensor:
    """What each output pixel sees, from what the pixels of the layer below see, `(h, w, ...)`."""
    seen = torch.zeros(*sides, *field.shape[2:], dtype=field.dtype, device=field.device)
    for offset in offsets:
        (out_rows, in_rows), (out_columns, in_columns) = _windows(
            offset, stride, tuple(field.shape[:2]), sides
        )
        seen[out_rows, out_columns] |= field[in_rows, in_columns]
    return seen


def _back(layers, shape, pixel, dtype, add, device) -> torch.Tensor:
    """The transposed layers on the indicator of one output pixel, with `add` as addition."""
    shapes = _shapes(layers, shape)
    if not (isinstance(pixel, Sequence) and len(pixel) == 2 and all(isinstance(i, int) for i in pixel)):
        raise ValueError(f"pixel: got {pixel!r}, expected (row, column), two whole numbers")
    if not all(0 <= index < side for index, side in zip(pixel, shapes[-1], strict=True)):
        rows, columns = shapes[-1]
        raise ValueError(f"pixel: got {pixel!r}, expected row 0 to {rows - 1} and column 0 to {columns - 1}")

    def carry(counts, offsets, stride, sides):
        below = torch.zeros(sides, dtype=dtype, device=device)
        for offset in offsets:
            (out_rows, in_rows), (out_columns, in_columns) = _windows(
                offset, stride, sides, tuple(counts.shape)
            )
            below[in_rows, in_columns] = add(below[in_rows, in_columns], counts[out_rows, out_columns])
        return below

    counts = torch.zeros(shapes[-1], dtype=dtype, device=device)
    counts[tuple(pixel)] = 1
    vertical = torch.zeros_like(counts)
    for index in range(len(layers) - 1, -1, -1):
        layer, sides = layers[index], shapes[index]
        if isinstance(layer, GatedLayer):
            rows, row, _ = _offsets(layer)
            vertical = carry(add(vertical, counts), rows, 1, sides)
            counts = carry(counts, row, 1, sides)
            if index == 0 or not isinstance(layers[index - 1], GatedLayer):  # where the run begins
                counts = add(counts, vertical)
        else:
            counts = carry(counts, *_offsets(layer), layer.stride, sides)
        if not isinstance(layer, GatedLayer) or index == 0 or not isinstance(layers[index - 1], GatedLayer):
            vertical = torch.zeros_like(counts)
    return counts
