"""Finite sums and products, and integrals."""

__all__ = ["HANDLERS"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

from helpers.proof.deadline import OutOfTime, within
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
LIMIT_SECONDS = 2.0
_JUMPS = (sp.Piecewise, sp.floor, sp.ceiling, sp.frac, sp.Mod, sp.sign, sp.Heaviside, sp.KroneckerDelta)
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


def _limit(expression: sp.Limit, values: dict) -> Any:
    """The limit at the very point: one taken for a general parameter may be another at special ones."""
    body, variable = expression.args[:2]
    if any(variable in jump.free_symbols for jump in body.atoms(*_JUMPS)):
        raise Unsupported("a limit of a function with jumps")
    point = {}
    for symbol in expression.free_symbols:
        value = evaluate(symbol, values)
        if not isinstance(value, fmpq):
            raise Unsupported("a limit at a point that is not rational")
        point[symbol] = sp.Rational(int(value.p), int(value.q))
    try:
        found = within(LIMIT_SECONDS, expression.subs(point).doit)
    except OutOfTime:
        raise Unsupported("a limit that takes long") from None
    except Exception as error:  # SymPy cannot take it
        raise Unsupported(f"a limit: {error}") from error
    if not found.is_finite or found.has(sp.Limit, sp.AccumBounds):
        raise Undefined(f"no limit: {found}")
    return evaluate(found, {})


HANDLERS: dict[Any, Handler] = {
    sp.Sum: _finite_range("sum"),
    sp.Product: _finite_range("product"),
    sp.Integral: _integral,
    sp.Limit: _limit,
}
