"""The figures of the chapter on masked convolutions: what an output pixel sees, and the blind spot beside it."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Integer

__all__ = ["BlindCone", "ReceptiveField"]

_MASKS = ("A", "B", "plain")
_KERNEL_SIZES = ("3", "5", "7")


class ReceptiveField(Figure):
    """The explorer of receptive fields: a pixel of the output, traced back through a stack of masked convolutions.

    Traits: `size` (rows and columns of the image, 5 to 11), `row`, `column` (the output pixel, from 1), `depth` (1 to
    5 layers), `mask_1` ... `mask_5` (`A`, `B` or `plain`, the first next to the image), `kernel_size_1` ...
    `kernel_size_5` (`3`, `5`, `7`), `orientation` (where the masks look: `raster` above, `below` below), `order` (in
    which the pixels are drawn: `raster` from the top row, `below` from the bottom row), `stacks` (`one`, or `two` for
    a vertical and a horizontal one), `flipped` (`no`, `yes`), `weights` (`in order`, `reversed`: which layer has
    which weights), `step` (how many layers back the large picture shows).
    """

    topic = "masked_convolution"
    widget = "receptive-field"
    alt = (
        "A grid of pixels with one of them framed. The cells that it sees are shaded, and hold the number of paths "
        "that lead to them. Small grids beside it show every layer, the masks below it which taps each layer keeps."
    )
    caption = (
        "What a pixel sees is decided by the masks alone, not by the weights. In one stack, layers A and B with "
        "kernels of one size may stand in any order, and one layer of type A keeps the pixel from seeing itself."
    )
    printed = (
        (
            "masks A, B",
            {
                "size": 7,
                "row": 5,
                "column": 4,
                "depth": 2,
                "step": 2,
                "stacks": "one",
                "mask_1": "A",
                "mask_2": "B",
            },
        ),
        (
            "masks A, B, B",
            {
                "size": 7,
                "row": 5,
                "column": 4,
                "depth": 3,
                "step": 3,
                "stacks": "one",
                "mask_1": "A",
                "mask_2": "B",
                "mask_3": "B",
            },
        ),
        (
            "two stacks",
            {
                "size": 7,
                "row": 5,
                "column": 4,
                "depth": 3,
                "step": 3,
                "stacks": "two",
                "mask_1": "A",
                "mask_2": "B",
                "mask_3": "B",
            },
        ),
    )

    size = Integer(5, 5, 11)
    row = Integer(3, 1, 11)
    column = Integer(4, 1, 11)
    depth = Integer(2, 1, 5)
    mask_1 = Choice("A", _MASKS)
    mask_2 = Choice("B", _MASKS)
    mask_3 = Choice("B", _MASKS)
    mask_4 = Choice("B", _MASKS)
    mask_5 = Choice("B", _MASKS)
    kernel_size_1 = Choice("3", _KERNEL_SIZES)
    kernel_size_2 = Choice("3", _KERNEL_SIZES)
    kernel_size_3 = Choice("3", _KERNEL_SIZES)
    kernel_size_4 = Choice("3", _KERNEL_SIZES)
    kernel_size_5 = Choice("3", _KERNEL_SIZES)
    orientation = Choice("raster", ("raster", "below"))
    order = Choice("raster", ("raster", "below"))
    stacks = Choice("one", ("one", "two"))
    flipped = Choice("no", ("no", "yes"))
    weights = Choice("in order", ("in order", "reversed"))
    step = Integer(2, 0, 5)


class BlindCone(Figure):
    """The field of a deep stack in its rectangle: seen, blind, and the blind part against its limit.

    Traits: `half_width` (m of the kernels of 2m + 1, 1 to 3), `depth` (1 to 12 layers), `number_of_a` (how many of
    them are of type A, 1 to 12; not more than there are layers count), `stacks` (`one`, or `two`).
    """

    topic = "masked_convolution"
    widget = "blind-cone"
    alt = (
        "Left, the rectangle of the past that a stack spans, its pixel at the lower edge: the part that the pixel "
        "sees, and a hatched triangle on its right that it does not see. Right, the hatched part over the depth: a "
        "curve that rises to a dashed line."
    )
    caption = (
        "More layers do not close the blind spot: its part of the rectangle grows with the depth, towards 1/(4m). "
        "Wider kernels make it smaller. A second stack removes it."
    )
    printed = (
        ("2 layers", {"depth": 2, "number_of_a": 1, "stacks": "one"}),
        ("10 layers", {"depth": 10, "number_of_a": 1, "stacks": "one"}),
        ("10 layers, two stacks", {"depth": 10, "number_of_a": 1, "stacks": "two"}),
    )

    half_width = Integer(1, 1, 3)
    depth = Integer(5, 1, 12)
    number_of_a = Integer(1, 1, 12)
    stacks = Choice("one", ("one", "two"))
