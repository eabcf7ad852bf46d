r"""Three ways to a determinant, and what each costs: Leibniz' sum, elimination, the product of a diagonal.

The functions compute with whatever numbers they are given, through `+`, `-`, `*` and `/` alone: fractions, SymPy
expressions, or numbers that count what is done to them (`count_operations`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from helpers.arguments import checked, function, number, one_of, several, size

__all__ = [
    "METHODS",
    "by_diagonal",
    "by_elimination",
    "by_leibniz",
    "by_rank_one",
    "count_operations",
    "determinant_cost",
]

METHODS = ("diagonal", "rank_one", "elimination", "leibniz")
"""The ways to a determinant that `determinant_cost` knows, from the cheapest to the dearest."""


@checked(method=one_of(METHODS), size=size(1))
def determinant_cost(method: str, size: Any) -> sp.Expr:
    r"""How many additions, subtractions, multiplications and divisions a $K \times K$ determinant takes.

    `method` is one of `METHODS`: `"diagonal"` is the product of the diagonal of a diagonal or triangular matrix,
    `"rank_one"` the determinant lemma for $I + uv^\top$. `size` is $K$, a whole number, 1 or greater, or an
    expression.

    Raises ValueError for another method, and a number that is no size.

    >>> [determinant_cost("elimination", size) for size in (1, 2, 3, 10)]
    [0, 4, 15, 624]
    """
    K = size
    if method == "diagonal":
        return K - 1
    if method == "rank_one":
        return 2 * K
    if method == "elimination":
        return sp.Rational(2, 3) * K**3 - K**2 / 2 + sp.Rational(5, 6) * K - 1
    return K * sp.factorial(K) - 1


def by_diagonal(matrix: Sequence[Sequence[Any]]) -> Any:
    r"""The product $\prod_k S_{kk}$: the determinant of a triangular matrix. $K - 1$ operations."""
    rows = _square(matrix)
    product = rows[0][0]
    for index in range(1, len(rows)):
        product = product * rows[index][index]
    return product


@checked(u=several(number), v=several(number))
def by_rank_one(u: Sequence[Any], v: Sequence[Any]) -> Any:
    r"""$\det(I + uv^\top) = 1 + v^\top u$ for two vectors of one length. $2K$ operations.

    Raises ValueError for two lengths, and for none.
    """
    u, v = list(u), list(v)
    if not u or len(u) != len(v):
        raise ValueError(f"v: got length {len(v)}, expected that of u, {len(u)}, and at least 1")
    total = 1 + v[0] * u[0]
    for left, right in zip(v[1:], u[1:], strict=True):
        total = total + left * right
    return total


def by_elimination(matrix: Sequence[Sequence[Any]]) -> Any:
    r"""Subtract multiples of rows until the matrix is triangular, then multiply its diagonal.

    A zero pivot is exchanged for one below it. $\frac23K^3 - \frac12K^2 + \frac56K - 1$ operations where no exchange
    is needed. Meant for exact numbers: it looks for a pivot that is not zero, not for a large one.
    """
    rows = _square(matrix)
    size, is_turned = len(rows), False
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k] != 0), None)
        if pivot is None:
            return rows[k][k]  # a zero of the kind that was given
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            is_turned = not is_turned
        for i in range(k + 1, size):
            multiple = rows[i][k] / rows[k][k]
            for j in range(k + 1, size):
                rows[i][j] = rows[i][j] - multiple * rows[k][j]
    product = by_diagonal(rows)
    return -product if is_turned else product


def by_leibniz(matrix: Sequence[Sequence[Any]]) -> Any:
    r"""Leibniz' sum of $K!$ signed products, one for each permutation. $K \cdot K! - 1$ operations."""
    rows = _square(matrix)
    total = by_diagonal(rows)  # the first permutation moves nothing, and its sign is plus
    for order in itertools.islice(itertools.permutations(range(len(rows))), 1, None):
        product = by_diagonal([[row[column] for column in order] for row in rows])
        total = total + product if _is_even(order) else total - product
    return total


@checked(function=function)
def count_operations(function: Callable[..., Any], *arguments: Any) -> tuple[Fraction, int]:
    """The value of `function` on nested lists of numbers, and how many operations it has done with them.

    Every number becomes an exact fraction that counts the additions, subtractions, multiplications and divisions it
    takes part in; a change of sign and a comparison are free.

    >>> count_operations(by_elimination, [[2, 1], [4, 7]])
    (Fraction(10, 1), 4)
    """
    tally = [0]

    def counted(value: Any) -> Any:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [counted(item) for item in value]
        try:
            return _Counted(Fraction(value), tally)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"arguments: got {value!r}, expected numbers, or nested lists of them") from None

    result = function(*map(counted, arguments))
    if not isinstance(result, _Counted):
        raise ValueError(
            f"function: returned {type(result).__name__}, expected what it computes with its numbers"
        )
    return result.value, tally[0]


class _Counted:
    """An exact number that counts in `tally[0]` what is done to it."""

    __slots__ = ("tally", "value")

    def __init__(self, value: Fraction, tally: list[int]) -> None:
        self.value, self.tally = value, tally

    def _after(self, value: Fraction) -> _Counted:
        self.tally[0] += 1
        return _Counted(value, self.tally)

    def __add__(self, other: _Counted) -> _Counted:
        return self._after(self.value + other.value)

    def __radd__(self, other: int) -> _Counted:
        return self._after(other + self.value)

    def __sub__(self, other: _Counted) -> _Counted:
        return self._after(self.value - other.value)

    def __mul__(self, other: _Counted) -> _Counted:
        return self._after(self.value * other.value)

    def __truediv__(self, other: _Counted) -> _Counted:
        return self._after(self.value / other.value)

    def __neg__(self) -> _Counted:
        return _Counted(-self.value, self.tally)

    def _sympy_(self) -> sp.Rational:
        return sp.Rational(self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == other

    __hash__ = None  # type: ignore[assignment]


def _square(matrix: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows of a square matrix as new lists; ValueError for anything else."""
    if not isinstance(matrix, sp.MatrixBase) and (
        not isinstance(matrix, Sequence) or not all(isinstance(row, Sequence) for row in matrix)
    ):
        raise ValueError(f"matrix: got {type(matrix).__name__}, expected rows of numbers")
    rows = matrix.tolist() if isinstance(matrix, sp.MatrixBase) else [list(row) for row in matrix]
    for entry in (entry for row in rows for entry in row):
        is_other = isinstance(entry, (Sequence, sp.MatrixBase, sp.Basic)) and not isinstance(entry, sp.Expr)
        if is_other or getattr(entry, "ndim", 0):
            raise ValueError(f"matrix: got the entry {entry!r}, expected numbers")
    if not rows or any(len(row) != len(rows) for row in rows):
        lengths = sorted({len(row) for row in rows})
        raise ValueError(
            f"matrix: got {len(rows)} rows of lengths {lengths}, expected a square of at least one row"
        )
    return rows


def _is_even(order: Sequence[int]) -> bool:
    swaps = math.comb(len(order), 2) - sum(a < b for a, b in itertools.combinations(order, 2))
    return swaps % 2 == 0
