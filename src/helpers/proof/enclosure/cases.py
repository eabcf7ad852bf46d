"""Where a value depends on a decision: absolute values, parts, jumps, pieces, relations, connectives."""

__all__ = ["BY_CLASS", "HANDLERS"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import acb, acb_mat, arb, fmpq

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    Unresolved,
    Unsupported,
    as_ball,
    as_real,
    decline_if_analytic,
    evaluate,
    sign_of,
)
from helpers.proof.turning import AwayFrom


def _rational(value: int | fmpq) -> fmpq:
    return value if isinstance(value, fmpq) else fmpq(value)


def _side(difference: Any, values: dict) -> int:
    """The sign of a node that is real on the path of a quadrature, where its continuation keeps to one side."""
    if not difference.is_extended_real:
        decline_if_analytic(values)
    value = as_ball(evaluate(difference, values)).real
    if value > 0 or value < 0:
        return 1 if value > 0 else -1
    raise Undefined("not analytic")


def _abs(expression: Any, values: dict) -> Any:
    if values.get("analytic", False):
        return _side(expression.args[0], values) * evaluate(expression.args[0], values)
    argument = evaluate(expression.args[0], values)
    if isinstance(argument, fmpq):
        return abs(argument)
    if argument.imag == 0:
        return acb(abs(argument.real))
    return acb((argument.real**2 + argument.imag**2).sqrt())


def _sign_function(expression: Any, values: dict) -> Any:
    if values.get("analytic", False):
        return fmpq(_side(expression.args[0], values))
    argument = evaluate(expression.args[0], values)
    if isinstance(argument, acb) and not argument.imag.contains(0):
        return argument / acb((argument.real**2 + argument.imag**2).sqrt())
    return fmpq(sign_of(argument))


def _heaviside(expression: Any, values: dict) -> Any:
    if values.get("analytic", False):
        return fmpq(int(_side(expression.args[0], values) > 0))
    try:
        side = sign_of(evaluate(expression.args[0], values))
    except Unresolved:
        if "analytic" in values:  # a piece of a quadrature's path, with the jump on it
            return acb(arb(0.5, 0.5))
        raise
    return fmpq(int(side > 0)) if side else evaluate(expression.args[1], values)


def _part(name: str) -> Callable[[Any, dict], Any]:
    def handler(expression: Any, values: dict) -> Any:
        decline_if_analytic(values)
        argument = evaluate(expression.args[0], values)
        if isinstance(argument, acb_mat):
            if name != "conjugate":
                raise Unsupported(f"the {name} of a matrix")
            return argument.conjugate()
        if isinstance(argument, fmpq):
            return fmpq(0) if name == "im" else argument
        if name == "conjugate":
            return argument.conjugate()
        return acb(argument.real if name == "re" else argument.imag)

    return handler


def _argument_of(expression: Any, values: dict) -> Any:
    decline_if_analytic(values)
    value = as_ball(evaluate(expression.args[0], values))
    if value == 0:
        raise Undefined("arg 0")
    return acb(value.log().imag)


def _rounding(name: str) -> Callable[[Any, dict], Any]:
    def handler(expression: Any, values: dict) -> Any:
        decline_if_analytic(values)
        real = as_real(evaluate(expression.args[0], values))
        if isinstance(real, arb):
            whole = getattr(real, name)()
            if not whole.is_exact():
                raise Unresolved(f"cannot tell the {name} of a value")
            return _rational(fmpq(whole.unique_fmpz()))
        return fmpq(getattr(real, name)())

    return handler


def _extreme(largest: bool) -> Callable[[Any, dict], Any]:
    def handler(expression: Any, values: dict) -> Any:
        if values.get("analytic", False):
            chosen = expression.args[0]
            for other in expression.args[1:]:
                chosen = other if (_side(other - chosen, values) > 0) == largest else chosen
            return evaluate(chosen, values)
        reals = [as_real(evaluate(argument, values)) for argument in expression.args]
        if all(isinstance(real, fmpq) for real in reals):
            return max(reals) if largest else min(reals)
        result = arb(reals[0])
        for real in reals[1:]:
            result = result.max(arb(real)) if largest else result.min(arb(real))
        return acb(result)

    return handler


def _piecewise(expression: Any, values: dict) -> Any:
    decline_if_analytic(values)
    for value, condition in expression.args:
        if evaluate(condition, values):
            return evaluate(value, values)
    raise Undefined("no piece applies")


def _relational(expression: Any, values: dict) -> bool:
    left, right = (evaluate(argument, values) for argument in expression.args)
    difference = left - right
    kind = type(expression)
    if kind in (sp.Eq, sp.Ne):
        if isinstance(difference, acb_mat):
            raise Unsupported("a comparison of matrices")
        equal = difference == 0
        if not equal and isinstance(difference, acb) and difference.contains(0):
            raise Unresolved("cannot tell whether two values are equal")
        return equal == (kind is sp.Eq)
    side = sign_of(difference)
    return {
        sp.StrictLessThan: side < 0,
        sp.LessThan: side <= 0,
        sp.StrictGreaterThan: side > 0,
        sp.GreaterThan: side >= 0,
    }[kind]


def _connective(combine: Callable[[list[bool]], bool]) -> Callable[[Any, dict], bool]:
    return lambda expression, values: combine([evaluate(argument, values) for argument in expression.args])


def _contains(expression: sp.Contains, values: dict) -> bool:
    member, family = expression.args
    return evaluate(family.as_relational(member), values)


def _away_from(expression: Any, values: dict) -> Any:
    for turn in expression.args[1:]:
        if as_ball(evaluate(turn, values)).contains(0):
            raise Undefined(f"a derivative where {turn} vanishes")
    return evaluate(expression.args[0], values)


HANDLERS: dict[Any, Handler] = {
    sp.Abs: _abs,
    sp.sign: _sign_function,
    sp.Heaviside: _heaviside,
    sp.re: _part("re"),
    sp.im: _part("im"),
    sp.conjugate: _part("conjugate"),
    sp.arg: _argument_of,
    sp.floor: _rounding("floor"),
    sp.ceiling: _rounding("ceil"),
    sp.Max: _extreme(True),
    sp.Min: _extreme(False),
    sp.Piecewise: _piecewise,
    sp.And: _connective(all),
    sp.Or: _connective(any),
    sp.Not: _connective(lambda parts: not parts[0]),
    sp.Xor: _connective(lambda parts: sum(parts) % 2 == 1),
    sp.Implies: _connective(lambda parts: not parts[0] or parts[1]),
    sp.Equivalent: _connective(lambda parts: len(set(parts)) == 1),
    type(sp.true): lambda expression, values: True,
    type(sp.false): lambda expression, values: False,
    sp.Contains: _contains,
    AwayFrom: _away_from,
}
BY_CLASS: dict[Any, Handler] = {sp.core.relational.Relational: _relational}
