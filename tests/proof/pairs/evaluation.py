"""A second opinion: SymPy expressions evaluated by mpmath at random points, with nothing of the engine's."""

__all__ = ["Unevaluable", "agree", "clearly_differ", "random_point", "value"]

import math
import operator
import random
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import sympy as sp
from mpmath import mp
from sympy.core.function import AppliedUndef
from sympy.functions.special.tensor_functions import KroneckerDelta

DIGITS = 50
MORE_DIGITS = 65
CLEAR = 1e-6  # relative difference above which two values are called different
CLOSE = 1e-12  # below which they are called equal
QUADRATURE_DIGITS = 20
FAR = 400  # where an integrand over an unbounded interval must have died out
POINTS = 6


class Unevaluable(Exception):
    """No value: a pole, an order of complex numbers, or a node that is not known here."""


def _sign(argument: Any) -> Any:
    return argument / abs(argument) if argument else mp.zero


def _heaviside(argument: Any, at_zero: Any = 0.5) -> Any:
    return at_zero if argument == 0 else mp.mpf(argument > 0)


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.exp: mp.exp, sp.log: mp.log, sp.sin: mp.sin, sp.cos: mp.cos, sp.tan: mp.tan, sp.cot: mp.cot,
    sp.sec: mp.sec, sp.csc: mp.csc, sp.sinh: mp.sinh, sp.cosh: mp.cosh, sp.tanh: mp.tanh,
    sp.coth: mp.coth, sp.sech: mp.sech, sp.asin: mp.asin, sp.acos: mp.acos, sp.atan: mp.atan,
    sp.asinh: mp.asinh, sp.acosh: mp.acosh, sp.atanh: mp.atanh, sp.gamma: mp.gamma,
    sp.loggamma: mp.loggamma, sp.factorial: mp.factorial, sp.binomial: mp.binomial, sp.erf: mp.erf,
    sp.erfc: mp.erfc, sp.digamma: mp.digamma, sp.beta: mp.beta, sp.zeta: mp.zeta,
    sp.Abs: abs, sp.re: mp.re, sp.im: mp.im, sp.conjugate: mp.conj, sp.arg: mp.arg, sp.sign: _sign,
    sp.Heaviside: _heaviside, sp.floor: mp.floor, sp.ceiling: mp.ceil,
    KroneckerDelta: lambda i, j: mp.mpf(i == j),
}  # fmt: skip
_ORDERED = {
    sp.StrictLessThan: operator.lt,
    sp.LessThan: operator.le,
    sp.StrictGreaterThan: operator.gt,
    sp.GreaterThan: operator.ge,
}


def value(node: Any, point: Mapping[Any, Any]) -> Any:
    """The value of a node at mpmath's present precision: a number, an `mp.matrix` or a `bool`.

    Args:
        node: a SymPy scalar, Boolean or matrix expression; derivatives and integrals are done numerically.
        point: symbol → number, matrix symbol → `mp.matrix`, undefined function → Python function.
    """

    def inner(child: Any) -> Any:
        return value(child, point)

    kind = type(node)
    if node in point:
        return point[node]
    if node.is_Rational if hasattr(node, "is_Rational") else False:
        return mp.mpf(int(node.p)) / int(node.q)
    if isinstance(node, sp.Float):
        return mp.mpf(node._mpf_)
    if node in _CONSTANTS:
        return +_CONSTANTS[node]
    if node in (sp.true, sp.false):
        return node == sp.true
    if isinstance(node, sp.Add | sp.MatAdd):
        return reduce(operator.add, map(inner, node.args))
    if isinstance(node, sp.Mul | sp.MatMul):
        return reduce(operator.mul, map(inner, node.args))
    if isinstance(node, sp.Pow | sp.MatPow):
        base, exponent = map(inner, node.args)
        return base ** (int(exponent) if isinstance(base, mp.matrix) else exponent)
    if kind in _FUNCTIONS:
        return _FUNCTIONS[kind](*map(inner, node.args))
    if isinstance(node, sp.Max | sp.Min):
        return (max if kind is sp.Max else min)(_real(inner(argument)) for argument in node.args)
    if isinstance(node, AppliedUndef):
        return point[node.func](*map(inner, node.args))
    if isinstance(node, sp.Piecewise):
        return next(inner(piece) for piece, condition in node.args if inner(condition))
    if kind in _ORDERED:
        return _ORDERED[kind](*(_real(inner(argument)) for argument in node.args))
    if isinstance(node, sp.Eq | sp.Ne):
        left, right = map(inner, node.args)
        return (abs(left - right) < CLOSE) == isinstance(node, sp.Eq)
    if isinstance(node, sp.And | sp.Or | sp.Not):
        parts = list(map(inner, node.args))
        return all(parts) if kind is sp.And else any(parts) if kind is sp.Or else not parts[0]
    if isinstance(node, sp.Sum | sp.Product):
        return _ranged(node, point)
    if isinstance(node, sp.Integral):
        return _integral(node, point)
    if isinstance(node, sp.Derivative):
        return _derivative(node, point)
    if isinstance(node, sp.Subs):
        places = dict(zip(node.variables, map(inner, node.point), strict=True))
        return value(node.expr, {**point, **places})
    if isinstance(node, sp.Limit):
        expression, variable, place, _ = node.args
        return mp.limit(lambda t: value(expression, {**point, variable: t}), inner(place))
    return _matrix(node, point)


_CONSTANTS = {
    sp.pi: mp.pi,
    sp.E: mp.e,
    sp.I: mp.mpc(0, 1),
    sp.oo: mp.inf,
    -sp.oo: -mp.inf,
    sp.EulerGamma: mp.euler,
}


def _real(number: Any) -> Any:
    if mp.im(number) != 0:
        raise Unevaluable("an order of complex numbers")
    return mp.re(number)


def _ranged(node: Any, point: Mapping[Any, Any]) -> Any:
    (index, low, high), *more = reversed(node.limits)
    body = kind(node.function, *reversed(more)) if (kind := type(node)) and more else node.function
    low, high = value(low, point), value(high, point)
    if mp.isinf(high):
        if isinstance(node, sp.Product):
            raise Unevaluable("an infinite product")
        return mp.nsum(lambda k: value(body, {**point, index: k}), [low, high])
    if not (mp.isint(low) and mp.isint(high)):
        raise Unevaluable("a sum between bounds that are not whole numbers")
    # By the convention that SymPy states: a sum from a to b < a − 1 is minus that of the terms between.
    low, high = int(mp.re(low)), int(mp.re(high))
    terms = [value(body, {**point, index: mp.mpf(k)}) for k in range(min(low, high + 1), max(high + 1, low))]
    combine = operator.add if isinstance(node, sp.Sum) else operator.mul
    total = reduce(combine, terms, mp.mpf(0 if isinstance(node, sp.Sum) else 1))
    if high >= low - 1:
        return total
    return -total if isinstance(node, sp.Sum) else 1 / total


def _integral(node: sp.Integral, point: Mapping[Any, Any]) -> Any:
    *inner, (variable, low, high) = node.limits
    body = sp.Integral(node.function, *inner) if inner else node.function
    ends = [value(low, point), value(high, point)]

    def integrand(position: Any) -> Any:
        return value(body, {**point, variable: position})

    with mp.workdps(QUADRATURE_DIGITS):
        # A quadrature gives some number for a divergent integral too.
        far = [mp.sign(end) * FAR for end in ends if mp.isinf(end)]
        if any(abs(integrand(position)) > CLOSE for position in far):
            raise Unevaluable("an integrand that does not die out")
        result, error = mp.quad(integrand, ends, error=True)
    if not error < CLOSE * (1 + abs(result)):
        raise Unevaluable("a quadrature that does not converge")
    return result


def _derivative(node: sp.Derivative, point: Mapping[Any, Any]) -> Any:
    (variable, count), *rest = reversed(node.variable_count)
    if not variable.is_Symbol or variable not in point:
        raise Unevaluable("a derivative with respect to an expression")
    body = sp.Derivative(node.expr, *reversed(rest)) if rest else node.expr
    return mp.diff(lambda t: value(body, {**point, variable: t}), point[variable], int(count))


def _matrix(node: Any, point: Mapping[Any, Any]) -> Any:
    if isinstance(node, sp.MatrixBase):
        rows = [[value(node[i, j], point) for j in range(node.cols)] for i in range(node.rows)]
        return mp.matrix(rows)
    if isinstance(node, sp.Identity | sp.ZeroMatrix):
        rows, columns = (int(value(sp.sympify(size), point)) for size in node.shape)
        return mp.eye(rows) if isinstance(node, sp.Identity) else mp.zeros(rows, columns)
    if isinstance(node, sp.BlockMatrix):
        blocks = [
            [value(node.blocks[i, j], point) for j in range(node.blockshape[1])]
            for i in range(node.blockshape[0])
        ]
        rows = [
            [entry for block in row for entry in block[i, :]] for row in blocks for i in range(row[0].rows)
        ]
        return mp.matrix(rows)
    if isinstance(node, sp.Transpose | sp.Adjoint | sp.Inverse | sp.Trace | sp.Determinant):
        argument = value(node.args[0], point)
        if isinstance(node, sp.Transpose):
            return argument.T
        if isinstance(node, sp.Adjoint):
            return argument.H
        if isinstance(node, sp.Trace):
            return mp.fsum(argument[i, i] for i in range(argument.rows))
        if isinstance(node, sp.Determinant):
            return mp.det(argument)
        return mp.inverse(argument)
    raise Unevaluable(f"{type(node).__name__} is not known here")


def random_point(sides: tuple[Any, ...], domain: Mapping[Any, tuple] | None, rng: random.Random) -> dict:
    """A value for everything free in the sides, inside the assumptions and the intervals of the domain."""
    point: dict[Any, Any] = {}
    atoms = set().union(*(side.free_symbols for side in sides))
    matrices = set().union(*(side.atoms(sp.MatrixSymbol) for side in sides))
    sizes = {symbol for matrix in matrices for size in matrix.shape for symbol in size.free_symbols}
    for symbol in sorted(atoms | sizes, key=str):
        if isinstance(symbol, sp.MatrixSymbol):
            continue
        if symbol in sizes:
            point[symbol] = mp.mpf(rng.randint(1, 3))
        elif domain and symbol in domain:
            point[symbol] = _random_inside(symbol, domain[symbol], rng)
        else:
            point[symbol] = _random_number(symbol, rng)
    for matrix in sorted(matrices, key=str):
        rows, columns = (int(value(size, point)) for size in matrix.shape)
        point[matrix] = mp.matrix([[mp.mpf(rng.uniform(-2, 2)) for _ in range(columns)] for _ in range(rows)])
    applied = {node.func: node for side in sides for node in side.atoms(AppliedUndef)}
    for function in sorted(applied, key=str):
        point[function] = _random_function(applied[function], rng)
    return point


def _random_inside(symbol: Any, interval: tuple, rng: random.Random) -> Any:
    low, high = (float(end) for end in interval)
    low = max(low, 0.0) if symbol.is_nonnegative else low
    high = min(high, 0.0) if symbol.is_nonpositive else high
    low, high = max(low, min(high, 6) - 6), min(high, max(low, -6) + 6)
    if symbol.is_integer:
        return mp.mpf(rng.randint(math.ceil(low), math.floor(high)))
    return mp.mpf(rng.uniform(low, high))


def _random_number(symbol: Any, rng: random.Random) -> Any:
    if symbol.is_integer:
        low = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -5
        return mp.mpf(rng.randint(low, 6))
    if symbol.is_positive or symbol.is_nonnegative:
        return mp.mpf(rng.uniform(0.1, 3))
    if symbol.is_negative or symbol.is_nonpositive:
        return mp.mpf(rng.uniform(-3, -0.1))
    real = mp.mpf(rng.uniform(-3, 3))
    return real if symbol.is_extended_real else mp.mpc(real, rng.uniform(-3, 3))


def _random_function(applied: Any, rng: random.Random) -> Callable[..., Any]:
    constant, *slopes = (mp.mpf(rng.uniform(-2, 2)) for _ in range(2 * len(applied.args) + 1))
    linear, bent = slopes[::2], slopes[1::2]

    def function(*arguments: Any) -> Any:
        first = sum((a * argument for a, argument in zip(linear, arguments, strict=True)), constant)
        second = sum((b * argument for b, argument in zip(bent, arguments, strict=True)), mp.mpf(1))
        result = first + mp.sin(second) + first * second / 3
        return 1 + result**2 if applied.is_positive else result

    return function


def _at(sides: tuple[Any, ...], point: Mapping[Any, Any], digits: int) -> tuple[list, ...]:
    """Each side as a list of numbers."""
    results = []
    for side in sides:
        try:
            with mp.workdps(digits):
                number = value(side, point)
        except (ArithmeticError, ValueError, TypeError, KeyError, StopIteration) as error:
            raise Unevaluable(str(error)) from error
        numbers = list(number) if isinstance(number, mp.matrix) else [number]
        if not all(isinstance(x, bool) or mp.isfinite(x) for x in numbers):
            raise Unevaluable("no finite value")
        results.append(numbers)
    return tuple(results)


def _excess(left: list, right: list, relation: str) -> float:
    """By how much, in relation to their size, the two values break the relation; at most 0 where they do not."""
    worst = -1.0
    for a, b in zip(left, right, strict=True):
        if isinstance(a, bool) or isinstance(b, bool):
            gap = float(a != b) if relation != "=>" else float(a and not b)
        else:
            size = 1 + abs(a) + abs(b)
            if relation == "==":
                gap = float(abs(a - b) / size)
            else:
                above = _real(a) - _real(b)
                gap = float((above if relation in ("<=", "<") else -above) / size)
        worst = max(worst, gap)
    return worst


def clearly_differ(
    lhs: Any, rhs: Any, relation: str, domain: Any, seed: int, conditions: Iterable[Any] = ()
) -> bool:
    """Whether the claim is false beyond doubt at one of a few random points: clearly, at two precisions.

    Args:
        lhs, rhs, relation: the claim.
        domain: symbol → open interval (low, high), or None.
        seed: of the random points.
        conditions: Booleans that the points satisfy.
    """
    rng = random.Random(seed)
    for _ in range(POINTS):
        point = random_point((lhs, rhs, *conditions), domain, rng)
        try:
            if not all(all(_at((condition,), point, DIGITS)[0]) for condition in conditions):
                continue
            excess = [_excess(*_at((lhs, rhs), point, digits), relation) for digits in (DIGITS, MORE_DIGITS)]
        except Unevaluable:
            continue
        if min(excess) > CLEAR and abs(excess[0] - excess[1]) < CLEAR * excess[0]:
            return True
    return False


def agree(lhs: Any, rhs: Any, relation: str, domain: Any, seed: int) -> bool | None:
    """Whether the claim holds at two random points; None if none of a few could be evaluated."""
    rng = random.Random(seed)
    held = 0
    for _ in range(POINTS):
        point = random_point((lhs, rhs), domain, rng)
        try:
            sides = _at((lhs, rhs), point, DIGITS)
            if _excess(*sides, relation) > CLOSE:
                return False
            held += 1
        except Unevaluable:
            continue
        if held == 2:
            return True
    return True if held else None
