"""Compare two enclosures: the relation certainly holds, certainly fails, or more digits are needed."""

__all__ = ["DIGITS", "FEW_DIGITS", "compare"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, acb_mat, arb, ctx, fmpq

from helpers.proof.enclosure import Undefined, Unresolved, Unsupported, enclose
from helpers.proof.expectation import Expectation

PRECISIONS = (200, 700, 3000)
DIGITS = 50
FEW_DIGITS = 12
_QUADRATURES = (sp.Integral, Expectation)
FLOAT_BLUR = acb(arb(1, 1e-13))  # some hundred roundings of a double


def compare(
    left: Any, right: Any, relation: str, point: dict[Any, Any]
) -> tuple[bool, float, tuple[Any, Any]]:
    """Whether the relation holds at the point, the residual, and the two enclosures.

    For an equality, True means overlapping enclosures of at least 50 digits, False disjoint ones. Sides that
    hold Floats may differ by a little more than their enclosures: the Floats may be sums, rounded before.
    """
    floats = left.has(sp.Float) or right.has(sp.Float)
    # A quadrature converges in its own time: more bits would cost seconds and narrow little.
    precisions = PRECISIONS[:1] if left.has(*_QUADRATURES) or right.has(*_QUADRATURES) else PRECISIONS
    for bits in precisions:
        last = bits == precisions[-1]
        try:
            a, b = enclose(left, point, bits), enclose(right, point, bits)
        except Unresolved:
            if last:
                raise
            continue
        if isinstance(a, bool) or isinstance(b, bool):
            return _compare_booleans(a, b, relation)
        if floats:
            a, b = (value * FLOAT_BLUR if isinstance(value, acb) else value for value in (a, b))
        if isinstance(a, acb_mat) or isinstance(b, acb_mat):
            verdict = _compare_matrices(a, b, bits, last)
        else:
            verdict = _RELATIONS[relation](a, b, bits, last)
        if verdict is not None:
            return verdict[0], verdict[1], (a, b)
    raise Unresolved("the enclosures stay too wide to compare")


def _compare_booleans(a: Any, b: Any, relation: str) -> tuple[bool, float, tuple[Any, Any]]:
    if not (isinstance(a, bool) and isinstance(b, bool)):
        raise Unsupported("a Boolean compared with a number")
    return (not a or b) if relation == "=>" else a == b, 0.0, (a, b)


def _difference(a: Any, b: Any, bits: int) -> Any:
    with ctx.workprec(bits):
        return a - b


def _as_ball(value: Any) -> acb:
    return value if isinstance(value, acb) else acb(arb(value))


def _compare_equal(a: Any, b: Any, bits: int, last: bool) -> tuple[bool, float] | None:
    difference = _difference(a, b, bits)
    if isinstance(difference, fmpq):
        return (difference == 0), 0.0
    if not difference.contains(0):
        return False, float(difference.abs_lower())
    bound = difference.abs_upper() / arb(1).max(_as_ball(a).abs_upper())
    if bound < arb(10) ** (-DIGITS):
        return True, float(bound)
    if last and bound < arb(10) ** (-FEW_DIGITS):
        return True, float(bound)  # a Float or a quadrature, which more bits do not narrow
    return None


def _compare_matrices(a: Any, b: Any, bits: int, last: bool) -> tuple[bool, float] | None:
    if not (isinstance(a, acb_mat) and isinstance(b, acb_mat)):
        raise Unsupported("a matrix compared with a number")
    if (a.nrows(), a.ncols()) != (b.nrows(), b.ncols()):
        raise Unsupported("matrices of different shapes")
    worst = 0.0
    unresolved = False
    for x, y in zip(a.entries(), b.entries(), strict=True):
        if not (x.is_finite() and y.is_finite()):
            raise Undefined("a matrix entry without a finite value")
        answer = _compare_equal(x, y, bits, last)
        if answer is None:
            unresolved = True
        elif not answer[0]:
            return answer
        else:
            worst = max(worst, answer[1])
    return None if unresolved else (True, worst)


def _order(strict: bool, flip: bool) -> Callable[[Any, Any, int, bool], tuple[bool, float] | None]:
    def ordered(a: Any, b: Any, bits: int, last: bool) -> tuple[bool, float] | None:
        gap = _difference(a, b, bits) if flip else _difference(b, a, bits)
        if isinstance(gap, fmpq):
            return (gap > 0 if strict else gap >= 0), 0.0
        for side in (a, b):
            if isinstance(side, acb) and not side.imag.contains(0):
                raise Undefined("an order needs real numbers")
        real = gap.real
        if real > 0:
            return True, 0.0
        if real < 0:
            return False, 0.0
        if not strict and real.rad() < arb(10) ** (-DIGITS) * (1 + abs(real)):
            return True, 0.0  # equality to 50 digits: consistent with ≤, though not a proof of it
        return None

    return ordered


_RELATIONS: dict[str, Callable[[Any, Any, int, bool], tuple[bool, float] | None]] = {
    "==": _compare_equal,
    "<=": _order(strict=False, flip=False),
    "<": _order(strict=True, flip=False),
    ">=": _order(strict=False, flip=True),
    ">": _order(strict=True, flip=True),
}
