"""One small change to an expression: the mistakes that are made by hand."""

__all__ = ["drop_assumption", "mutate"]

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

# A function that is given n and returns one of 0, ..., n - 1.
Choose = Callable[[int], int]

_DROPPABLE = (
    sp.Abs, sp.conjugate, sp.re, sp.sign, sp.log, sp.exp, sp.Transpose, sp.Adjoint, sp.Inverse,
)  # fmt: skip
_EXCHANGED = {
    sp.sin: sp.cos, sp.cos: sp.sin, sp.sinh: sp.cosh, sp.cosh: sp.sinh, sp.Max: sp.Min, sp.Min: sp.Max,
    sp.StrictLessThan: sp.StrictGreaterThan, sp.StrictGreaterThan: sp.StrictLessThan,
    sp.LessThan: sp.GreaterThan, sp.GreaterThan: sp.LessThan, sp.And: sp.Or, sp.Or: sp.And,
}  # fmt: skip
_RANGED = (sp.Sum, sp.Product, sp.Integral)
_FIRST_ONLY = (*_RANGED, sp.Derivative, sp.Limit, sp.Inverse)  # the other arguments are no expressions


def mutate(expression: Any, choose: Choose) -> tuple[str, Any]:
    """The name of the mistake and the changed expression, for a place and a mistake picked by `choose`.

    The result may be equal to the expression, or undefined: the caller looks.

    Raises:
        ValueError, TypeError, ...: what SymPy raises where the changed expression makes no sense.
    """
    places = list(_places(expression, ()))
    path = places[choose(len(places))]
    node = expression
    for i in path:
        node = _children(node)[i]
    mistakes = list(_mistakes(node, expression, bound=_bound_along(expression, path)))
    if not path:
        mistakes.append(("sign of a side", lambda: -node))
    name, change = mistakes[choose(len(mistakes))]
    return name, _put(expression, path, change())


def drop_assumption(lhs: Any, rhs: Any, choose: Choose) -> tuple[Any, Any] | None:
    """Both sides for a symbol of which less is assumed: real for positive, complex for real."""
    symbols = sorted(lhs.free_symbols | rhs.free_symbols, key=str)
    strong = [s for s in symbols if s.is_Symbol and s.is_extended_real]
    if not strong:
        return None
    symbol = strong[choose(len(strong))]
    weaker = [sp.Symbol(symbol.name)]
    if symbol.is_extended_nonnegative or symbol.is_integer:
        weaker.append(sp.Symbol(symbol.name, real=True))
    weak = weaker[choose(len(weaker))]
    return lhs.xreplace({symbol: weak}), rhs.xreplace({symbol: weak})


def _places(node: Any, path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Paths to the nodes at which a mistake can be made."""
    if next(_mistakes(node, node, frozenset()), None) is not None or not path:
        yield path
    for i, child in enumerate(_children(node)):
        yield from _places(child, (*path, i))


def _children(node: Any) -> list[Any]:
    if isinstance(node, sp.MatrixBase):
        return list(node.flat())
    if isinstance(node, sp.BlockMatrix):
        return list(node.blocks.flat())
    if isinstance(node, _FIRST_ONLY):
        return [node.args[0]]
    if isinstance(node, sp.Piecewise):
        return [piece for piece, _ in node.args]
    if isinstance(node, sp.MatrixSymbol | sp.Identity | sp.ZeroMatrix | sp.Subs):
        return []
    return list(node.args)


def _rebuild(node: Any, children: list[Any]) -> Any:
    if isinstance(node, sp.MatrixBase):
        return sp.ImmutableMatrix(node.rows, node.cols, children)
    if isinstance(node, sp.BlockMatrix):
        rows, columns = node.blockshape
        return sp.BlockMatrix([children[i * columns : (i + 1) * columns] for i in range(rows)])
    if isinstance(node, _FIRST_ONLY):
        return node.func(children[0], *node.args[1:])
    if isinstance(node, sp.Piecewise):
        conditions = [condition for _, condition in node.args]
        return sp.Piecewise(*zip(children, conditions, strict=True))
    return node.func(*children)


def _put(node: Any, path: tuple[int, ...], replacement: Any) -> Any:
    if not path:
        return replacement
    children = _children(node)
    children[path[0]] = _put(children[path[0]], path[1:], replacement)
    return _rebuild(node, children)


def _bound_along(node: Any, path: tuple[int, ...]) -> frozenset:
    bound: set = set()
    for i in path:
        if isinstance(node, _RANGED):
            bound.update(node.bound_symbols)
        if isinstance(node, sp.Derivative):
            bound.update(node.variables)
        node = _children(node)[i]
    return frozenset(bound)


def _mistakes(node: Any, whole: Any, bound: frozenset) -> Iterator[tuple[str, Callable[[], Any]]]:
    args = node.args
    if isinstance(node, sp.Rational):
        yield "number off by one", lambda: node + 1
        yield "number off by one", lambda: node - 1
        yield "sign of a number", lambda: -node
        if node.q > 1:
            yield "fraction upside down", lambda: 1 / node
    elif isinstance(node, sp.Symbol):
        yield "symbol's sign", lambda: -node
        yield "symbol's square", lambda: node**2
        for other in sorted(whole.free_symbols - bound - {node}, key=str):
            if other.is_Symbol and other.is_integer == node.is_integer:
                yield "symbol for symbol", lambda other=other: other
    elif isinstance(node, sp.MatrixSymbol):
        yield "transposed matrix", lambda: node.T
        for other in sorted(whole.atoms(sp.MatrixSymbol) - {node}, key=str):
            if other.shape == node.shape:
                yield "matrix for matrix", lambda other=other: other
    elif isinstance(node, sp.Add | sp.MatAdd):
        for i in range(len(args)):
            yield "sign of a term", lambda i=i: node.func(*args[:i], -args[i], *args[i + 1 :])
            yield "term forgotten", lambda i=i: node.func(*args[:i], *args[i + 1 :])
    elif isinstance(node, sp.Mul | sp.MatMul):
        for i in range(len(args)):
            yield "factor forgotten", lambda i=i: node.func(*args[:i], *args[i + 1 :])
        if isinstance(node, sp.MatMul):
            for i in range(len(args) - 1):
                yield (
                    "factors exchanged",
                    lambda i=i: node.func(*args[:i], args[i + 1], args[i], *args[i + 2 :]),
                )
    elif isinstance(node, sp.Pow):
        yield "exponent off by one", lambda: node.base ** (node.exp + 1)
        yield "exponent forgotten", lambda: node.base
        yield "base and exponent exchanged", lambda: node.exp**node.base
    elif isinstance(node, _RANGED) and len(node.limits[0]) == 3:
        variable, low, high = node.limits[0]
        rest = node.limits[1:]
        for name, ends in (
            ("lower", (low + 1, high)),
            ("upper", (low, high - 1)),
            ("upper", (low, high + 1)),
        ):
            yield f"{name} bound off by one", lambda ends=ends: node.func(args[0], (variable, *ends), *rest)
    elif isinstance(node, sp.Derivative):
        yield "derivative forgotten", lambda: node.expr
    elif isinstance(node, sp.Piecewise) and len(args) > 1:
        values = [piece for piece, _ in args]
        yield "pieces exchanged", lambda: _rebuild(node, [values[1], values[0], *values[2:]])
    elif isinstance(node, sp.MatrixBase):
        yield "transposed matrix", lambda: node.T
    elif isinstance(node, sp.binomial | sp.atan2 | sp.beta):
        yield "arguments exchanged", lambda: node.func(args[1], args[0], *args[2:])
    if isinstance(node, _DROPPABLE):
        yield f"{node.func.__name__} forgotten", lambda: args[0]
    if node.func in _EXCHANGED:
        other = _EXCHANGED[node.func]
        yield f"{other.__name__} for {node.func.__name__}", lambda: other(*args)
