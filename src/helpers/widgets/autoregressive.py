"""The figure of the chapter on autoregressive models: an image drawn pixel by pixel."""

from __future__ import annotations

import numbers
from typing import Any

import traitlets

from helpers.widgets.base import Choice, Figure, Integer

__all__ = ["PixelSampler"]

PIXELS = 9


class Conditionals(traitlets.TraitType[list, list]):
    """The 511 probabilities of ink of a 3 × 3 image, as the tree of `law_of_conditionals`, strictly between 0 and 1.

    Kept as lists, rounded to six decimals; anything else is a `ValueError` that names the trait.
    """

    def __init__(self, **keywords: Any) -> None:
        super().__init__(default_value=[0.5] * (2**PIXELS - 1), **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list[float]:
        items = value.tolist() if hasattr(value, "tolist") else value
        expected = f"expected {2**PIXELS - 1} probabilities from 1e-6 to 1 - 1e-6"
        if not isinstance(items, list | tuple) or len(items) != 2**PIXELS - 1:
            size = f"{len(items)} items" if isinstance(items, list | tuple) else repr(value)[:40]
            raise ValueError(f"{self.name}: got {size}, {expected}")
        for item in items:
            if not isinstance(item, numbers.Real) or isinstance(item, bool) or not 1e-6 <= item <= 1 - 1e-6:
                raise ValueError(f"{self.name}: got {item!r} among them, {expected}")
        return [round(float(item), 6) for item in items]


class Fields(traitlets.TraitType[list, list]):
    """For each of the nine pixels the places, 0 to 8 in raster order, of the pixels that it sees."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(default_value=[list(range(i)) for i in range(PIXELS)], **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list[list[int]]:
        if (
            not isinstance(value, list | tuple)
            or len(value) != PIXELS
            or not all(
                isinstance(field, list | tuple)
                and all(type(place) is int and 0 <= place < PIXELS for place in field)
                for field in value
            )
        ):
            raise ValueError(
                f"{self.name}: got {str(value)[:60]}, expected nine lists of places from 0 to {PIXELS - 1}"
            )
        return [sorted(set(field)) for field in value]


class Pixels(traitlets.TraitType[list, list]):
    """The pixels drawn so far: up to nine zeros and ones, in the order of drawing."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(default_value=[], **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list[int]:
        if (
            not isinstance(value, list | tuple)
            or len(value) > PIXELS
            or not all(type(pixel) is int and pixel in (0, 1) for pixel in value)
        ):
            raise ValueError(f"{self.name}: got {str(value)[:60]}, expected up to nine zeros and ones")
        return list(value)

    def range(self, value: list[int]) -> list:
        """What the page lets it be."""
        return ["list", ["whole", 0, 1], 0, PIXELS]


class PixelSampler(Figure):
    """A 3 × 3 image drawn pixel by pixel from a trained model, with each pixel's probability and field.

    Traits: `seed` (1 to 50, of the random numbers), `order` (`mask`: the order that the masks encode, row by row
    from the upper left; `backwards`: from the lower right), `pixels` (those drawn so far, in the order of
    drawing), `drawn` (0 to 5000: images finished before this one), `conditionals` and `backwards` (the trees of
    probabilities for the two orders, as `canvas_conditionals` gives them), `fields` (what each pixel sees).
    """

    topic = "autoregressive"
    widget = "pixel-sampler"
    alt = (
        "Left, a grid of three by three pixels, filled one after the other: pixels with ink are dark, the present "
        "one is framed and says how likely ink is, and those that it sees are marked. Right, bars with the exact "
        "probability of each number of pixels with ink, and a dot in each for the share among the images drawn."
    )
    caption = (
        "Each pixel is a coin whose bias a network reads off the pixels before it. In the order of the masks the "
        "dots settle on the bars; against it the same network draws from another law."
    )
    printed = (
        ("the first image", {"drawn": 0}),
        ("5000 images in the order of the masks", {"drawn": 5000, "order": "mask", "pixels": []}),
        ("5000 images backwards", {"drawn": 5000, "order": "backwards", "pixels": []}),
    )

    seed = Integer(1, 1, 50)
    order = Choice("mask", ("mask", "backwards"))
    drawn = Integer(0, 0, 5000)
    pixels = Pixels()
    conditionals = Conditionals()
    backwards = Conditionals()
    fields = Fields()
