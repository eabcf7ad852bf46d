"""Exact laws of small binary images, and the product of conditional probabilities; no PyTorch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, function, nonnegative, number, positive, several, whole

__all__ = [
    "chain_rule",
    "log_probability_of_pixel",
    "neighbour_law",
    "pixels_of_image",
    "probability_of_pixel",
    "reading_law",
]

MOST_PIXELS = 16  # images are enumerated: 65 536 of them


def pixels_of_image(rows: int, columns: int) -> list[tuple[int, ...]]:
    """All images of that shape in the order of their numbers, each as its pixels in raster order.

    Raises ValueError for sides that are not positive, and for more than 16 pixels. Cost: O(rows · columns ·
    2^(rows · columns)).

    >>> pixels_of_image(1, 2)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    return list(itertools.product((0, 1), repeat=number_of_pixels(rows, columns)))


def number_of_pixels(rows: int, columns: int) -> int:
    """Of images that can be enumerated; ValueError as of `pixels_of_image`."""
    for name, value in (("rows", rows), ("columns", columns)):
        if type(value) is not int or value < 1:
            raise ValueError(f"{name}: got {value!r}, expected a positive whole number")
    if rows * columns > MOST_PIXELS:
        raise ValueError(
            f"rows, columns: got {rows} × {columns} pixels, expected at most {MOST_PIXELS}, for all "
            "images of the shape are enumerated"
        )
    return rows * columns


@checked(rows=whole(1), columns=whole(1), factor=positive)
def neighbour_law(rows: int, columns: int, factor: Any) -> list[sp.Rational]:
    r"""The law in which each pair of equal neighbours makes an image `factor` times as likely, exactly.

    Neighbours share a side; this is the Ising model of physics without a field, with
    $e^{2\beta} = $ `factor`. Returns the probabilities of all images in the order of their numbers.
    Raises ValueError for a factor that is no positive rational, and as `pixels_of_image`.

    >>> neighbour_law(1, 2, 3)
    [3/8, 1/8, 1/8, 3/8]
    """
    if not (factor.is_Rational and factor > 0):
        raise ValueError(f"factor: got {factor}, expected a positive rational number")
    pairs = [(r * columns + c, r * columns + c + 1) for r in range(rows) for c in range(columns - 1)]
    pairs += [(r * columns + c, (r + 1) * columns + c) for r in range(rows - 1) for c in range(columns)]
    weights = [
        factor ** sum(image[a] == image[b] for a, b in pairs) for image in pixels_of_image(rows, columns)
    ]
    total = sp.Add(*weights)
    return [weight / total for weight in weights]


@checked(rows=whole(1), columns=whole(1), agreement=nonnegative)
def reading_law(rows: int, columns: int, agreement: Any = 1) -> list[sp.Rational]:
    """Fair coins, but a row begins as the row above it ends, with probability `agreement`; exactly.

    A text does the same: the first word of a line goes on from the last word of the line above. Returns the
    probabilities of all images in the order of their numbers. Raises ValueError for an agreement outside [0, 1], and
    as `pixels_of_image`.

    >>> reading_law(2, 1)
    [1/2, 0, 0, 1/2]
    """
    if not (agreement.is_Rational and 0 <= agreement <= 1):
        raise ValueError(f"agreement: got {agreement}, expected a rational number from 0 to 1")
    half = sp.Rational(1, 2)
    law = []
    for image in pixels_of_image(rows, columns):
        agrees = [image[r * columns] == image[r * columns - 1] for r in range(1, rows)]
        law.append(
            half ** (rows * columns - rows + 1)
            * sp.prod([agreement if same else 1 - agreement for same in agrees])
        )
    return law


@checked(x=number, q=number)
def probability_of_pixel(x: Any, q: Any) -> Any:
    """The probability of the pixel x, 0 or 1, where that of ink (1) is q: q for ink, 1 - q for none."""
    return x * q + (1 - x) * (1 - q)


@checked(x=number, q=number)
def log_probability_of_pixel(x: Any, q: Any) -> Any:
    """The logarithm of `probability_of_pixel` for x = 0 or 1, in nats; what the figure adds up."""
    chosen = probability_of_pixel(x, q)
    if x in (0, 1):  # not 0 log 0, which has no value, where the other pixel is impossible
        return sp.log(chosen) if chosen != 0 else -sp.oo
    return x * sp.log(q) + (1 - x) * sp.log(1 - q)


@checked(image=several(whole(0, 1)), conditional=function)
def chain_rule(image: Sequence[int], conditional: Callable[[tuple[int, ...]], Any]) -> Any:
    """The probability of an image as a product: one factor a pixel, given the pixels before it.

    `conditional(before)` is the probability of ink after the pixels `before`.

    >>> chain_rule((1, 0), lambda before: sp.Rational(1, 3))
    2/9
    """
    return sp.prod(
        [
            probability_of_pixel(x, number("conditional", conditional(tuple(image[:k]))))
            for k, x in enumerate(image)
        ]
    )
