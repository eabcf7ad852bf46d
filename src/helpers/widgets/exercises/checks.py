"""The points at which a page without a kernel compares an answer with the right one, and the values there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sympy as sp

from helpers.proof.domain import Domain
from helpers.proof.points import exact_points

__all__ = ["EXACT", "EXACT_NUMBER", "SIMPLE", "Point", "agree", "entries_of", "sample_points", "values_at"]

POINTS = 16
SIMPLE = 6  # of them, the first, are readable; the others are generic, where nothing agrees by accident
EXACT = 1e-9  # room for rounding in the page: relative, and absolute below one
EXACT_NUMBER = 1e-13  # the same for an answer without symbols: a rounded decimal is not exact

Point = Mapping[sp.Symbol, sp.Rational]
Values = tuple[float, ...] | None


def entries_of(expression: Any) -> list[sp.Expr]:
    """A scalar alone, or the entries of a matrix row by row."""
    return list(expression) if isinstance(expression, sp.MatrixBase) else [expression]


def values_at(expression: Any, point: Point) -> Values:
    """The entries' values as the nearest floats, or None where one of them has no finite real value."""
    values = [_real(entry.subs(point)) for entry in entries_of(expression)]
    return None if any(value is None for value in values) else tuple(values)


def _real(value: sp.Expr) -> float | None:
    number = value.evalf(30)
    if number.is_finite is False or not number.is_number or number.has(sp.nan, sp.zoo, sp.oo):
        return None
    real, imaginary = number.as_real_imag()
    # Half the digits are left for what should have cancelled.
    if abs(imaginary) > 1e-15 * (1 + abs(real)):
        return None
    nearest = float(real)
    return nearest if math.isfinite(nearest) else None


def sample_points(answer: Any, symbols: Sequence[sp.Symbol], domain: Domain) -> list[Point]:
    """Rational points of the domain, simplest first, at which the answer has a finite real value.

    Raises ValueError where there is none. Cost: O(points) evaluations.
    """
    if not symbols:
        chosen = _usable(answer, iter([{}]), 1)
    else:
        simple = _usable(answer, exact_points(symbols, domain, 40, 40, real_only=True), 40)
        # Where a symbol is zero much agrees that differs elsewhere; one such point finds what divides by it.
        zero = [point for point in simple if 0 in point.values()][:1]
        chosen = [point for point in simple if 0 not in point.values()][: SIMPLE - len(zero)] + zero
        generic = exact_points(symbols, domain, 4 * POINTS, 0, real_only=True)
        chosen += _usable(answer, (point for point in generic if point not in chosen), POINTS - len(chosen))
    if not chosen:
        raise ValueError(
            "answer: it has a finite real value at no rational point of the domain that was tried, expected some"
        )
    return chosen


def _usable(answer: Any, points: Iterator[Point], count: int) -> list[Point]:
    rational = (point for point in points if all(value.is_Rational for value in point.values()))
    return list(islice((point for point in rational if values_at(answer, point) is not None), count))


def agree(a: Values, b: Values, tolerance: float | None, exact: float = EXACT) -> bool:
    """Whether the values are equal up to rounding, or within the tolerance; two missing ones are equal."""
    if a is None or b is None:
        return a is b
    bounds = [exact * (1 + abs(y)) if tolerance is None else tolerance * (1 + exact) for y in b]
    return all(abs(x - y) <= bound for x, y, bound in zip(a, b, bounds, strict=True))
