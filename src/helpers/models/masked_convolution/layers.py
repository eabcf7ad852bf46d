"""Layers of a convolutional stack as data: kernel size, mask, orientation; no weights, no PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.arguments import checked, instance

__all__ = [
    "MASKS",
    "ORIENTATIONS",
    "GatedLayer",
    "Layer",
    "gated_offsets",
    "layer_offsets",
    "output_shape",
    "taps",
]

MASKS = ("A", "B", None)
"""The masks of a layer: what comes before the pixel, that and the pixel itself, everything."""

ORIENTATIONS = ("raster", "below")
"""Where the past of a pixel lies: in the rows above it (raster order) or in the rows below it."""

Shape = tuple[int, int]
Offset = tuple[int, int]


@dataclass(frozen=True)
class Layer:
    r"""One convolution: `kernel_size` $k$, a mask `"A"`, `"B"` or `None`, and where the past lies.

    With `orientation` `"raster"`, mask A leaves the rows of the kernel above its centre and the taps to the left in
    the centre's row; with `"below"`, the rows below and the taps to the left. Mask B leaves the centre too, `None`
    leaves all taps. `flipped` turns the masked kernel by half a turn before it is used, as a convolution does and
    `torch.nn.functional.conv2d` does not. `padding` is $d\lfloor(k-1)/2\rfloor$ zeros on each side unless given, for
    a `dilation` $d$.

    Raises ValueError for sizes that are no positive whole numbers, an even `kernel_size` with a mask, and a mask,
    orientation or padding that is none.

    >>> taps(Layer(3, "A"))
    ((0, 0), (0, 1), (0, 2), (1, 0))
    """

    kernel_size: int
    mask: str | None
    orientation: str = "raster"
    dilation: int = 1
    stride: int = 1
    padding: int | None = None
    flipped: bool = False

    def __post_init__(self):
        _check(self)
        _positive("stride", self.stride)
        if self.padding is None:
            object.__setattr__(self, "padding", self.dilation * ((self.kernel_size - 1) // 2))
        elif not _is_whole(self.padding) or self.padding < 0:
            raise ValueError(f"padding: got {self.padding!r}, expected a whole number, 0 or greater")


@dataclass(frozen=True)
class GatedLayer:
    r"""A layer of two stacks: a vertical one of whole rows of the past, and a horizontal one in the pixel's own row.

    The vertical stack sees the rows $r - m \dots r - 1$ in a layer with mask `"A"`, $r - m \dots r$ with `"B"`, of
    the vertical features ($k = 2m + 1$); the horizontal stack sees its own features to the left, with mask B the
    pixel's too, and the vertical stack's new feature at the pixel. Neighbouring gated layers of a stack are one run:
    both stacks of a run begin with what comes before it, and it hands on the horizontal one.

    Raises ValueError as `Layer`, and for the mask `None`.
    """

    kernel_size: int
    mask: str
    orientation: str = "raster"
    dilation: int = 1

    def __post_init__(self):
        _check(self)
        if self.mask is None:
            raise ValueError("mask: got None, expected 'A' or 'B' in a gated layer")


@checked(layer=instance(Layer))
def taps(layer: Layer) -> tuple[tuple[int, int], ...]:
    """The taps (row, column) of the kernel that the mask leaves, from zero, in the order of reading.

    Output pixel $(r, c)$ sees input pixel $(sr + di - p, sc + dj - p)$ through the tap $(i, j)$, for stride s,
    dilation d and padding p.
    """
    k, m = layer.kernel_size, layer.kernel_size // 2
    everything = [(i, j) for i in range(k) for j in range(k)]
    if layer.mask is None:
        return tuple(everything)
    past = (lambda i: i < m) if layer.orientation == "raster" else (lambda i: i > m)
    last = m - 1 if layer.mask == "A" else m
    left = [(i, j) for i, j in everything if past(i) or (i == m and j <= last)]
    if layer.flipped:
        left = sorted((k - 1 - i, k - 1 - j) for i, j in left)
    return tuple(left)


@checked(layer=instance(Layer))
def layer_offsets(layer: Layer) -> tuple[Offset, ...]:
    """The offsets (rows down, columns to the right) of what an output pixel sees, from its place times the stride.

    >>> layer_offsets(Layer(3, "A", "below"))
    ((0, -1), (1, -1), (1, 0), (1, 1))
    """
    d, p = layer.dilation, layer.padding
    return tuple((d * i - p, d * j - p) for i, j in taps(layer))


@checked(layer=instance(GatedLayer))
def gated_offsets(layer: GatedLayer) -> tuple[tuple[Offset, ...], tuple[Offset, ...]]:
    """What the two stacks of a gated layer see: offsets of the vertical one, and of the horizontal one in itself.

    >>> gated_offsets(GatedLayer(3, "A"))
    (((-1, -1), (-1, 0), (-1, 1)), ((0, -1),))
    """
    m, step = layer.kernel_size // 2, layer.dilation
    toward = -step if layer.orientation == "raster" else step
    nearest = 1 if layer.mask == "A" else 0
    vertical = [(toward * i, step * j) for i in range(nearest, m + 1) for j in range(-m, m + 1)]
    return tuple(vertical), tuple((0, -step * j) for j in range(m, nearest - 1, -1))


def output_shape(layers: Sequence[Layer | GatedLayer], shape: Shape) -> Shape:
    """Rows and columns of what the stack makes of an image of `shape`.

    Raises ValueError for a shape that is no pair of positive whole numbers, things that are no layers, and a kernel
    that does not fit into its padded input.

    >>> output_shape([Layer(3, "A"), Layer(2, None, stride=2)], (28, 28))
    (14, 14)
    """
    return layer_shapes(layers, shape)[-1]


def layer_shapes(layers: Sequence[Layer | GatedLayer], shape: Shape) -> list[Shape]:
    """The shapes of the image and of each layer's output; raises ValueError as `output_shape`."""
    if not isinstance(layers, Sequence):
        raise ValueError(f"layers: got {layers!r}, expected a sequence of Layer and GatedLayer")
    if not (isinstance(shape, Sequence) and len(shape) == 2 and all(_is_whole(n) and n > 0 for n in shape)):
        raise ValueError(f"shape: got {shape!r}, expected (rows, columns), two positive whole numbers")
    shapes = [(shape[0], shape[1])]
    for index, layer in enumerate(layers):
        if not isinstance(layer, Layer | GatedLayer):
            raise ValueError(f"layers: got {layer!r} at index {index}, expected a Layer or a GatedLayer")
        shapes.append(_shape_after(layer, shapes[-1], index) if isinstance(layer, Layer) else shapes[-1])
    return shapes


def _shape_after(layer: Layer, shape: Shape, index: int) -> Shape:
    reach = layer.dilation * (layer.kernel_size - 1) + 1
    rows, columns = (side + 2 * layer.padding for side in shape)
    if min(rows, columns) < reach:
        raise ValueError(
            f"layers: the layer at index {index} reaches over {reach} pixels, expected no more than its "
            f"padded input has, {rows} × {columns}"
        )
    return (rows - reach) // layer.stride + 1, (columns - reach) // layer.stride + 1


def _check(layer: Layer | GatedLayer) -> None:
    _positive("kernel_size", layer.kernel_size)
    _positive("dilation", layer.dilation)
    if layer.mask is not None and (not isinstance(layer.mask, str) or layer.mask not in MASKS):
        raise ValueError(f"mask: got {layer.mask!r}, expected 'A', 'B' or None")
    if not isinstance(layer.orientation, str) or layer.orientation not in ORIENTATIONS:
        raise ValueError(f"orientation: got {layer.orientation!r}, expected one of {', '.join(ORIENTATIONS)}")
    if layer.mask is not None and layer.kernel_size % 2 == 0:
        raise ValueError(
            f"kernel_size: got {layer.kernel_size}, expected an odd one, for a mask has a centre"
        )


def _positive(name: str, value: Any) -> None:
    if not _is_whole(value) or value < 1:
        raise ValueError(f"{name}: got {value!r}, expected a positive whole number")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
