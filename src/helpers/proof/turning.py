"""Derivatives of what has kinks, jumps and pieces: taken away from the points where it turns."""

__all__ = ["AwayFrom", "derivative_away_from_turns", "turns"]

import itertools
from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from helpers.proof.expectation import Expectation

_LIMITED = (sp.Integral, sp.Sum, sp.Product)


class AwayFrom(sp.Function):
    """`AwayFrom(value, *turns)` is the value, and nothing at all where one of the turns is zero."""

    @classmethod
    def eval(cls, value: Any, *turns: Any) -> Any:
        if value is sp.nan or any(turn.is_zero for turn in turns):
            return sp.nan
        open_turns = [turn for turn in turns if turn.is_zero is not False]
        if not open_turns:
            return value
        return None if len(open_turns) == len(turns) else cls(value, *open_turns)

    def _eval_derivative(self, symbol: Any) -> Any:
        return AwayFrom(self.args[0].diff(symbol), *self.args[1:])

    def doit(self, **hints: Any) -> Any:
        return AwayFrom(self.args[0].doit(**hints), *self.args[1:])

    def _eval_is_extended_real(self) -> bool | None:
        return self.args[0].is_extended_real


def turns(expression: Any, variables: set) -> list[Any]:
    """Expressions whose zeros hold every point where the expression turns, as one moves along the variables.

    It turns at the zero of an absolute value, at a jump, where the pieces of a `Piecewise` meet, and where the end
    of an integral passes such a point of the integrand.
    """
    return list(dict.fromkeys(_turns(expression, frozenset(variables), frozenset())))


def _turns(node: Any, variables: frozenset, bound: frozenset) -> Iterator[Any]:
    if not isinstance(node, sp.Basic) or not node.free_symbols & (variables | bound):
        return
    for turn in _own_turns(node):
        if turn.free_symbols & variables and not turn.free_symbols & bound:
            yield turn
    inside = bound
    if isinstance(node, (*_LIMITED, Expectation)):
        inside = bound.union(node.bound_symbols)
    if isinstance(node, sp.Integral):
        for limit in node.limits:
            for end in limit[1:]:
                if end.free_symbols & variables:
                    at_end = (turn.subs(limit[0], end) for turn in turns(node.function, {limit[0]}))
                    yield from (turn for turn in at_end if turn.free_symbols & variables)
    for argument in node.args:
        yield from _turns(argument, variables, inside)


def _own_turns(node: Any) -> Iterator[Any]:
    if isinstance(node, sp.Abs | sp.sign | sp.Heaviside | sp.DiracDelta):
        yield node.args[0]
    elif isinstance(node, sp.Max | sp.Min):
        yield from (one - other for one, other in itertools.combinations(node.args, 2))
    elif isinstance(node, sp.Piecewise):
        for _, condition in node.args:
            sides = ((relation.lhs, relation.rhs) for relation in condition.atoms(Relational))
            yield from (lhs - rhs for lhs, rhs in sides if isinstance(lhs, sp.Expr))
    elif isinstance(node, sp.floor | sp.ceiling | sp.frac):
        yield sp.sin(sp.pi * node.args[0])
    elif isinstance(node, sp.Mod):
        yield sp.sin(sp.pi * node.args[0] / node.args[1])
    elif isinstance(node, sp.KroneckerDelta):
        yield node.args[0] - node.args[1]


def derivative_away_from_turns(node: sp.Derivative, integrated: set) -> Any:
    """The derivative by SymPy, which differentiates piece by piece, without a value where the pieces meet: there
    the derivative may not exist, or be another number than either piece's.

    Turns that hold a variable of integration are points of measure zero, and do no harm.
    """
    value = node.doit(integrals=False)
    if isinstance(value, sp.Derivative):
        return value
    variables = set(node.variables)
    found = [*turns(node.expr, variables), *turns(value, variables)]
    found = [turn for turn in dict.fromkeys(found) if not turn.free_symbols & integrated]
    return AwayFrom(value, *found) if found else value
