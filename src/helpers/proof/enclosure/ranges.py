"""Finite sums and products, and integrals."""

__all__ = ["HANDLERS"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    Unsupported,
    as_ball,
    as_whole,
    decline_if_analytic,
    evaluate,
)
from helpers.proof.enclosure.exponential_integrals import integrate_to_infinity

LARGEST_SUM = 20_000
FEW_BITS = 55  # more than the twelve digits that two sides must agree to


def _finite_range(kind: str) -> Callable[[Any, dict], Any]:
    def handler(expression: Any, values: dict) -> Any:
        def run(limits: list, inner: dict) -> Any:
            if not limits:
                return evaluate(expression.function, inner)
            index, low, high = limits[-1]
            if low.is_infinite or high.is_infinite:
                raise Unsupported(f"an infinite {kind}")
            ends = [evaluate(end, inner) for end in (low, high)]
            if any(isinstance(end, fmpq) and end.q != 1 for end in ends):
                raise Undefined(f"a {kind} between bounds that are not whole numbers")
            start, stop = map(as_whole, ends)
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
    decline_if_analytic(values)
    if low.is_infinite or high.is_infinite:
        return integrate_to_infinity(expression.function, variable, low, high, values)

    def integrand(position: acb, analytic: bool) -> acb:
        try:
            return as_ball(
                evaluate(expression.function, {**values, variable: position, "analytic": analytic})
            )
        except ArithmeticError:
            return acb("nan", "nan")

    ends = [as_ball(evaluate(end, values)) for end in (low, high)]
    # At a kink the quadrature halves its steps again and again: then fewer digits are asked for.
    for bits in (ctx.prec - 20, FEW_BITS):
        tolerance = arb(2) ** -bits
        result = acb.integral(integrand, *ends, rel_tol=tolerance, abs_tol=tolerance, eval_limit=2000)
        if result.is_finite() and result.rad() < arb(2) ** (10 - bits) * (1 + result.abs_upper()):
            break
    if not result.is_finite():
        raise Unsupported("an integral that ball quadrature could not enclose")
    return result


HANDLERS: dict[Any, Handler] = {
    sp.Sum: _finite_range("sum"),
    sp.Product: _finite_range("product"),
    sp.Integral: _integral,
}
