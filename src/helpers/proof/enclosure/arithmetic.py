"""Numbers, symbols, sums, products, powers, exponentials and logarithms."""

__all__ = ["BY_CLASS", "HANDLERS"]

from typing import Any

import sympy as sp
from flint import acb, arb, fmpq, fmpz

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    Unsupported,
    as_ball,
    evaluate,
    sign_of,
)

LARGEST_EXPONENT = 4096


def _symbol(expression: Any, values: dict) -> Any:
    try:
        return values[expression]
    except KeyError:
        raise Unsupported(f"no value for {expression}") from None


def _number(expression: Any, values: dict) -> fmpq:
    return fmpq(int(expression.p), int(expression.q))


def _float(expression: sp.Float, values: dict) -> acb:
    # A Float stands for every number that rounds to it.
    sign, mantissa, exponent, _ = expression._mpf_
    exact = arb(int(-mantissa if sign else mantissa)) * arb(2) ** int(exponent)
    half_unit = abs(exact) * arb(2) ** (-(int(expression._prec) - 1))
    return acb(arb(exact.mid(), half_unit.upper()))


def _add(expression: Any, values: dict) -> Any:
    total: Any = fmpq(0)
    for term in expression.args:
        total = total + evaluate(term, values)
    return total


def _mul(expression: Any, values: dict) -> Any:
    product: Any = fmpq(1)
    for factor in expression.args:
        product = product * evaluate(factor, values)
    return product


def _pow(expression: Any, values: dict) -> Any:
    base, exponent = (evaluate(argument, values) for argument in expression.args)
    return _power(base, exponent, values)


def _power(base: Any, exponent: Any, values: dict) -> Any:
    if isinstance(base, fmpq) and base == 0:
        if isinstance(exponent, fmpq):
            if exponent > 0:
                return fmpq(0)
            if exponent == 0:
                return fmpq(1)
        elif sign_of(exponent) > 0:
            return fmpq(0)
        raise Undefined("a negative power of zero")
    if isinstance(exponent, fmpq) and exponent.q <= 2 and abs(exponent.p) <= LARGEST_EXPONENT:
        return (base if exponent.q == 1 else _sqrt(base, values)) ** int(exponent.p)
    return as_ball(base).pow(as_ball(exponent), analytic=values.get("analytic", False))


def _sqrt(value: Any, values: dict) -> Any:
    if isinstance(value, fmpq) and value >= 0:
        top, bottom = fmpz(value.p).isqrt(), fmpz(value.q).isqrt()
        if top * top == value.p and bottom * bottom == value.q:
            return fmpq(top, bottom)
    return as_ball(value).sqrt(analytic=values.get("analytic", False))


def _exp(expression: Any, values: dict) -> Any:
    argument = evaluate(expression.args[0], values)
    return fmpq(1) if isinstance(argument, fmpq) and argument == 0 else as_ball(argument).exp()


def _log(expression: Any, values: dict) -> Any:
    if len(expression.args) > 1:
        raise Unsupported("a logarithm to a base")
    argument = evaluate(expression.args[0], values)
    if isinstance(argument, fmpq):
        if argument == 1:
            return fmpq(0)
        if argument == 0:
            raise Undefined("log 0")
    return as_ball(argument).log(analytic=values.get("analytic", False))


def _infinite(expression: Any, values: dict) -> Any:
    raise Undefined(f"{expression} is not a number")


HANDLERS: dict[Any, Handler] = {
    sp.Symbol: _symbol,
    sp.Dummy: _symbol,
    sp.MatrixSymbol: _symbol,
    sp.Float: _float,
    sp.Add: _add,
    sp.Mul: _mul,
    sp.Pow: _pow,
    sp.exp: _exp,
    sp.log: _log,
    type(sp.pi): lambda expression, values: acb.pi(),
    type(sp.E): lambda expression, values: acb(1).exp(),
    type(sp.I): lambda expression, values: acb(0, 1),
    type(sp.EulerGamma): lambda expression, values: acb(arb.const_euler()),
    type(sp.Catalan): lambda expression, values: acb(arb.const_catalan()),
    type(sp.GoldenRatio): lambda expression, values: acb((1 + arb(5).sqrt()) / 2),
    type(sp.oo): _infinite,
    type(-sp.oo): _infinite,
    type(sp.zoo): _infinite,
    type(sp.nan): _infinite,
}
BY_CLASS: dict[Any, Handler] = {sp.Rational: _number}
