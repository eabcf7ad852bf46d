"""Finite sums and products, and integrals over bounded intervals."""

__all__ = ["HANDLERS"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

from helpers.proof.enclosure.core import (
    Handler,
    Unsupported,
    as_ball,
    as_whole,
    decline_if_analytic,
    evaluate,
)

LARGEST_SUM = 20_000


def _finite_range(kind: str) -> Callable[[Any, dict], Any]:
    def handler(expression: Any, values: dict) -> Any:
        def run(limits: list, inner: dict) -> Any:
            if not limits:
                return evaluate(expression.function, inner)
            index, low, high = limits[-1]
            if low.is_infinite or high.is_infinite:
                raise Unsupported(f"an infinite {kind}")
            start, stop = as_whole(evaluate(low, inner)), as_whole(evaluate(high, inner))
            if stop - start > LARGEST_SUM:
                raise Unsupported(f"a {kind} of more than {LARGEST_SUM} terms")
            if stop < start - 1:
                raise Unsupported(f"a {kind} that runs backwards")
            total: Any = fmpq(0) if kind == "sum" else fmpq(1)
            for whole in range(start, stop + 1):
                term = run(limits[:-1], {**inner, index: fmpq(whole)})
                total = total + term if kind == "sum" else total * term
            return total

        return run([tuple(limit) for limit in expression.limits], values)

    return handler


def _integral(expression: sp.Integral, values: dict) -> acb:
    if len(expression.limits) != 1 or len(expression.limits[0]) != 3:
        raise Unsupported("an integral that is indefinite or of several variables")
    variable, low, high = expression.limits[0]
    if low.is_infinite or high.is_infinite:
        raise Unsupported("an integral over an unbounded interval")
    decline_if_analytic(values)

    def integrand(position: acb, analytic: bool) -> acb:
        try:
            return as_ball(
                evaluate(expression.function, {**values, variable: position, "analytic": analytic})
            )
        except ArithmeticError:
            return acb("nan", "nan")

    tolerance = arb(2) ** (20 - ctx.prec)
    result = acb.integral(
        integrand,
        as_ball(evaluate(low, values)),
        as_ball(evaluate(high, values)),
        rel_tol=tolerance,
        abs_tol=tolerance,
        eval_limit=2000,
    )
    if not result.is_finite():
        raise Unsupported("an integral that ball quadrature could not enclose")
    return result


HANDLERS: dict[Any, Handler] = {
    sp.Sum: _finite_range("sum"),
    sp.Product: _finite_range("product"),
    sp.Integral: _integral,
}
