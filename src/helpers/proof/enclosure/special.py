"""Elementary and special functions that ball arithmetic knows."""

__all__ = ["HANDLERS"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq
from sympy.functions.special.tensor_functions import KroneckerDelta

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    Unresolved,
    Unsupported,
    as_ball,
    as_real,
    decline_if_analytic,
    evaluate,
)

# Functions of balls

_BALL_FUNCTIONS: dict[Any, Callable[..., acb]] = {
    sp.sin: acb.sin,
    sp.cos: acb.cos,
    sp.tan: acb.tan,
    sp.cot: acb.cot,
    sp.sec: acb.sec,
    sp.csc: acb.csc,
    sp.asin: acb.asin,
    sp.acos: acb.acos,
    sp.atan: acb.atan,
    sp.sinh: acb.sinh,
    sp.cosh: acb.cosh,
    sp.tanh: acb.tanh,
    sp.coth: acb.coth,
    sp.sech: acb.sech,
    sp.csch: acb.csch,
    sp.asinh: acb.asinh,
    sp.acosh: acb.acosh,
    sp.atanh: acb.atanh,
    sp.sinc: acb.sinc,
    sp.erf: acb.erf,
    sp.erfc: acb.erfc,
    sp.erfi: acb.erfi,
    sp.gamma: acb.gamma,
    sp.loggamma: acb.lgamma,
    sp.digamma: acb.digamma,
    sp.polygamma: lambda order, argument: argument.polygamma(order),
    sp.zeta: acb.zeta,
    sp.factorial: lambda argument: (argument + 1).gamma(),
    sp.beta: lambda a, b: a.gamma() * b.gamma() * (a + b).rgamma(),
    sp.LambertW: acb.lambertw,
    sp.besselj: lambda order, argument: argument.bessel_j(order),
    sp.besseli: lambda order, argument: argument.bessel_i(order),
    sp.besselk: lambda order, argument: argument.bessel_k(order),
    sp.uppergamma: lambda order, argument: argument.gamma_upper(order),
    sp.lowergamma: lambda order, argument: argument.gamma_lower(order),
}

# On their branch cuts these would need the sign of a zero: a quadrature must not cross them unseen.
_CUT = {
    sp.asin, sp.acos, sp.atan, sp.asinh, sp.acosh, sp.atanh, sp.loggamma, sp.LambertW,
    sp.besselj, sp.besseli, sp.besselk, sp.uppergamma, sp.lowergamma,
}  # fmt: skip
_VANISH_AT_ZERO = {sp.sin, sp.tan, sp.sinh, sp.tanh, sp.asin, sp.atan, sp.asinh, sp.atanh, sp.erf, sp.erfi}
_ARITY = {sp.zeta: 1, sp.LambertW: 1}


def _ball_function(expression: Any, values: dict) -> Any:
    kind = type(expression)
    arguments = [evaluate(argument, values) for argument in expression.args]
    if len(arguments) > _ARITY.get(kind, len(arguments)):
        raise Unsupported(f"{kind.__name__} of {len(arguments)} arguments")
    first = arguments[0]
    if isinstance(first, fmpq) and first == 0:
        if kind in _VANISH_AT_ZERO:
            return fmpq(0)
        if kind in (sp.cos, sp.cosh):
            return fmpq(1)
    if kind in _CUT:
        decline_if_analytic(values)
    return _BALL_FUNCTIONS[kind](*(as_ball(argument) for argument in arguments))


def _atan2(expression: Any, values: dict) -> acb:
    decline_if_analytic(values)
    y, x = (as_real(evaluate(argument, values)) for argument in expression.args)
    if x == 0 and y == 0:
        raise Undefined("atan2(0, 0)")
    return acb(arb.atan2(arb(y), arb(x)))


LARGEST_BINOMIAL = 4096


def _binomial(expression: Any, values: dict) -> Any:
    n, k = (evaluate(argument, values) for argument in expression.args)
    if isinstance(k, fmpq) and k.q == 1 and k < 0:
        return fmpq(
            0
        )  # SymPy's convention, also where n is a negative integer and the limit depends on the way
    if isinstance(n, fmpq) and isinstance(k, fmpq) and k.q == 1 and 0 <= k <= LARGEST_BINOMIAL:
        result = fmpq(1)
        for i in range(int(k.p)):
            result = result * (n - i) / (i + 1)
        return result
    n, k = as_ball(n), as_ball(k)
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _kronecker_delta(expression: Any, values: dict) -> fmpq:
    i, j = (evaluate(argument, values) for argument in expression.args[:2])
    if isinstance(i, fmpq) and isinstance(j, fmpq):
        return fmpq(int(i == j))
    raise Unresolved("a Kronecker delta of inexact indices")


HANDLERS: dict[Any, Handler] = {
    **dict.fromkeys(_BALL_FUNCTIONS, _ball_function),
    sp.atan2: _atan2,
    sp.binomial: _binomial,
    KroneckerDelta: _kronecker_delta,
}
