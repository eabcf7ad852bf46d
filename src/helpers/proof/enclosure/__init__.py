"""Rigorous values: a SymPy expression at an exact point, enclosed by exact rationals or complex balls."""

from collections.abc import Mapping
from typing import Any

from flint import acb, ctx

from helpers.proof.enclosure import arithmetic, cases, expectations, matrices, ranges, special
from helpers.proof.enclosure.core import BY_CLASS, HANDLERS, Undefined, Unresolved, Unsupported, evaluate

__all__ = ["Undefined", "Unresolved", "Unsupported", "enclose"]

for _module in (arithmetic, cases, special, ranges, expectations, matrices):
    HANDLERS.update(_module.HANDLERS)
for _module in (arithmetic, cases, matrices):
    BY_CLASS.update(_module.BY_CLASS)


def enclose(expression: Any, point: Mapping[Any, Any], bits: int = 200) -> Any:
    """The value of `expression` at `point`, by interval arithmetic that loses nothing.

    Args:
        expression: a SymPy scalar, Boolean or matrix expression.
        point: symbol → exact SymPy number; matrix symbol → explicit matrix of exact numbers.
        bits: working precision.

    Returns:
        `fmpq` where exact arithmetic reached the value, else an `acb` ball that contains it; `bool` for a
        Boolean; `acb_mat` for a matrix.

    Raises:
        Undefined, Unresolved, Unsupported: see there.

    Cost: O(nodes) ball operations, plus the matrix operations and quadratures that the expression names.
    """
    with ctx.workprec(bits):
        values = {symbol: evaluate(number, {}) for symbol, number in point.items()}
        try:
            return _finite(evaluate(expression, values))
        except ZeroDivisionError as error:
            raise Undefined(str(error)) from error


def _finite(value: Any) -> Any:
    if isinstance(value, acb) and not value.is_finite():
        raise Undefined(f"no finite value: {value}")
    return value
