"""Receptive fields and path counts, exactly: support propagated through the layers, no weights; imports PyTorch."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch

from helpers.arguments import checked
from helpers.devices import device
from helpers.models.masked_convolution.layers import (
    GatedLayer,
    Layer,
    Offset,
    Shape,
    gated_offsets,
    layer_offsets,
    layer_shapes,
    taps,
)

__all__ = ["mask", "path_counts", "receptive_field", "receptive_fields"]

Stack = Sequence[Layer | GatedLayer]


@checked(device=device)
def mask(layer: Layer, *, device: torch.device | str | None = None) -> torch.Tensor:
    """The layer's mask, `(kernel_size, kernel_size)` bool, True where a weight stays.

    Raises ValueError for what is no `Layer`.

    >>> mask(Layer(3, "B", "below")).int()
    tensor([[0, 0, 0],
            [1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    if not isinstance(layer, Layer):
        raise ValueError(f"layer: got {layer!r}, expected a Layer")
    left = torch.zeros(layer.kernel_size, layer.kernel_size, dtype=torch.bool)
    for i, j in taps(layer):
        left[i, j] = True
    return left.to(device)


@checked(device=device)
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
    return _paths(layers, shape, pixel, torch.bool, device)


@checked(device=device)
def path_counts(
    layers: Stack, shape: Shape, pixel: tuple[int, int], *, device: torch.device | str | None = None
) -> torch.Tensor:
    """On how many paths the output `pixel` sees each input pixel, `(H, W)` int64, exact.

    Raises ValueError as `receptive_field`, and where a count could leave 64 bits. Cost: O(taps · H · W) a layer.

    >>> path_counts([Layer(3, "A")] * 2, (5, 5), (2, 3))[0]
    tensor([0, 1, 2, 3, 2])
    """
    most = [1]
    for feature in _features(layers, shape)[1:]:
        most.append(sum(most[-link.back] * len(link.offsets) for link in feature.links))
    if most[-1] >= 2**63:
        raise ValueError(f"layers: got up to {most[-1]} paths, expected less than 2 ** 63")
    return _paths(layers, shape, pixel, torch.int64, device)


@checked(device=device)
def receptive_fields(
    layers: Stack, shape: Shape, *, device: torch.device | str | None = None
) -> torch.Tensor:
    """The fields of all output pixels in one call, `(H_out, W_out, H, W)` bool.

    Raises ValueError as `output_shape`. A field is kept as one bit a pixel until the last layer, so that the cost is
    O(taps · (H · W)² / 8) bytes moved a layer.

    >>> receptive_fields([Layer(3, "A")] * 2, (3, 3))[2, 2].int()
    tensor([[1, 1, 1],
            [1, 1, 1],
            [1, 0, 0]], dtype=torch.int32)
    """
    features = _features(layers, shape)
    pixels = math.prod(features[0].shape)
    index = torch.arange(pixels, device=device)
    image = torch.zeros(pixels, (pixels + 7) // 8, dtype=torch.uint8, device=device)
    image[index, index // 8] = (2 ** (index % 8)).to(torch.uint8)
    fields = deque([image.reshape(*features[0].shape, -1)], maxlen=_REACH)
    for feature in features[1:]:
        seen = torch.zeros(*feature.shape, image.shape[-1], dtype=torch.uint8, device=device)
        for link in feature.links:
            below = fields[-link.back]
            for here, there in link.windows(tuple(below.shape[:2]), feature.shape):
                seen[here] |= below[there]
        fields.append(seen)
    # A byte's eight bits as eight bytes, from a table: one look-up a byte.
    bits = torch.arange(256, device=device).unsqueeze(-1) >> torch.arange(8, device=device) & 1
    table = bits.to(torch.uint8).view(torch.int64).flatten()
    unpacked = table[fields[-1].int()].view(torch.bool)
    return unpacked[..., :pixels].reshape(*features[-1].shape, *features[0].shape)


# A stack as feature maps: each says from which maps before it is made, and through which taps.

_REACH = 2  # no map is made from one more than two before it


class _Link(NamedTuple):
    """Taps into the feature map `back` before this one."""

    back: int
    offsets: tuple[Offset, ...]
    stride: int = 1

    def windows(self, below: Shape, here: Shape) -> Iterator[tuple[tuple[slice, slice], ...]]:
        """For each tap the output pixels for which it falls on the map below, and where it falls."""
        for offset in self.offsets:
            sides = [self._side(*side) for side in zip(offset, below, here, strict=True)]
            yield tuple(zip(*sides, strict=True))

    def _side(self, step: int, below: int, here: int) -> tuple[slice, slice]:
        first = max(0, -(step // self.stride))
        count = max(0, min(here - 1, (below - 1 - step) // self.stride) - first + 1)
        start = self.stride * first + step
        return slice(first, first + count), slice(start, start + self.stride * count, self.stride)


class _Feature(NamedTuple):
    shape: Shape
    links: tuple[_Link, ...] = ()


def _features(layers: Stack, shape: Shape) -> list[_Feature]:
    """The image, then one map a layer, two a gated one: its vertical stack's, then its horizontal stack's."""
    shapes = layer_shapes(layers, shape)
    features, in_run = [_Feature(shapes[0])], False
    for layer, sides in zip(layers, shapes[1:], strict=True):
        if isinstance(layer, Layer):
            features.append(_Feature(sides, (_Link(1, layer_offsets(layer), layer.stride),)))
        else:
            rows, row = gated_offsets(layer)
            features.append(_Feature(sides, (_Link(2 if in_run else 1, rows),)))
            features.append(_Feature(sides, (_Link(2, row), _Link(1, ((0, 0),)))))
        in_run = isinstance(layer, GatedLayer)
    return features


def _paths(layers, shape, pixel, dtype, device) -> torch.Tensor:
    """The transposed layers on the indicator of one output pixel: sums of paths, or whether there is one."""
    features = _features(layers, shape)
    rows, columns = features[-1].shape
    whole = isinstance(pixel, Sequence) and all(type(index) is int for index in pixel) and len(pixel) == 2
    if not (whole and 0 <= pixel[0] < rows and 0 <= pixel[1] < columns):
        raise ValueError(
            f"pixel: got {pixel!r}, expected (row, column), row 0 to {rows - 1} and column 0 to {columns - 1}"
        )
    counts = [torch.zeros(feature.shape, dtype=dtype, device=device) for feature in features]
    counts[-1][tuple(pixel)] = 1
    for index in range(len(features) - 1, 0, -1):
        for link in features[index].links:
            below = counts[index - link.back]
            for here, there in link.windows(features[index - link.back].shape, features[index].shape):
                below[there] += counts[index][here]  # "or" for bool
    return counts[0]
