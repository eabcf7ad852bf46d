"""From an expression with unknown functions and matrices to one that has a value at a point."""

__all__ = ["Instance", "explicit_matrix", "instances", "take_matrix_derivatives"]

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from helpers.proof.enclosure import Unsupported
from helpers.proof.expectation import Expectation
from helpers.proof.turning import derivative_away_from_turns

SIZES = (1, 2, 3)


@dataclass(frozen=True)
class Instance:
    """Both sides with every undefined function drawn, every size a number and every derivative taken."""

    sides: tuple[Any, ...]
    drawn: dict[Any, Any]
    symbols: tuple[Any, ...]
    matrices: tuple[Any, ...]
    real_only: bool

    def draw_matrices(self, rng: random.Random) -> dict[Any, Any]:
        """A small random matrix for every matrix symbol: rational, and complex where a side conjugates."""

        def rational() -> sp.Rational:
            return sp.Rational(rng.randint(-6, 6), rng.choice((1, 1, 2, 3)))

        conjugates = any(side.has(sp.Adjoint, sp.conjugate) for side in self.sides)
        return {
            matrix: sp.ImmutableMatrix(
                *(int(size) for size in matrix.shape),
                lambda i, j: rational() + sp.I * rational() if conjugates else rational(),
            )
            for matrix in self.matrices
        }


def instances(sides: tuple[Any, ...], extra_symbols: set, seed: int = 0) -> Iterator[Instance]:
    """Yield concrete instances of the sides: one if nothing is left open, else one a draw.

    Undefined functions become polynomials of degree two plus a sine (times a positive constant or squared
    away from zero where they are declared positive); symbolic matrix sizes take the values 1, 2, 3.
    """
    # f(x) and f(x, y) are two functions that share a name.
    functions = sorted(
        {(node.func, len(node.args)) for side in sides for node in side.atoms(AppliedUndef)},
        key=lambda pair: (pair[0].__name__, pair[1]),
    )
    matrices = {matrix for side in sides for matrix in side.atoms(sp.MatrixSymbol)}
    sizes = sorted(
        {symbol for matrix in matrices for size in matrix.shape for symbol in size.free_symbols}
        | {s for side in sides for s in _shape_symbols(side)},
        key=str,
    )
    for draw in range(3 if functions or sizes else 1):
        rng = random.Random(1000 * seed + draw)
        drawn: dict[Any, Any] = {size: sp.Integer(SIZES[(draw + i) % 3]) for i, size in enumerate(sizes)}
        concrete = [side.subs(drawn) for side in sides] if sizes else list(sides)
        concrete = [_name_derivative_variables(side) for side in concrete] if functions else concrete
        real_only = False
        for function, arity in functions:

            def is_application(node: Any, function: Any = function, arity: int = arity) -> bool:
                return isinstance(node, AppliedUndef) and node.func == function and len(node.args) == arity

            applied = next(
                node for side in sides for node in side.atoms(AppliedUndef) if is_application(node)
            )
            real_only = real_only or bool(applied.is_extended_real)
            formula, arguments = _draw_function(applied, rng, simple=draw == 0)
            definition = sp.Lambda(arguments, formula)
            drawn[function(*arguments)] = formula
            concrete = [
                side.replace(is_application, lambda node, formula=definition: formula(*node.args))
                for side in concrete
            ]
        concrete = [_differentiate(side) for side in concrete]
        free = set().union(*(side.free_symbols for side in concrete), extra_symbols - set(drawn))
        yield Instance(
            sides=tuple(concrete),
            drawn=drawn,
            symbols=tuple(sorted((s for s in free if s.is_Symbol), key=sp.default_sort_key)),
            matrices=tuple(
                sorted({m for side in concrete for m in side.atoms(sp.MatrixSymbol)}, key=sp.default_sort_key)
            ),
            real_only=real_only,
        )


def _shape_symbols(side: Any) -> set:
    shaped = side.atoms(sp.Identity, sp.ZeroMatrix, sp.OneMatrix)
    return {symbol for matrix in shaped for size in matrix.shape for symbol in size.free_symbols}


def _draw_function(applied: Any, rng: random.Random, simple: bool) -> tuple[Any, tuple]:
    arguments = sp.symbols(f"x1:{len(applied.args) + 1}") if len(applied.args) > 1 else (sp.Symbol("x"),)

    def coefficient() -> sp.Rational:
        if simple:
            return sp.Integer(rng.choice((1, 2, 3)))
        return sp.Rational(rng.choice((-1, 1)) * rng.randint(1, 7), rng.randint(1, 5))

    unit = sp.Integer(1)
    if applied.is_extended_real is None and not simple:
        unit += sp.I * coefficient()
    linear = sum((coefficient() * argument for argument in arguments), coefficient())
    if applied.is_integer:
        return linear if simple else sp.floor(linear), arguments
    quadratic = sum(
        (coefficient() * arguments[i] * arguments[j] for i in range(len(arguments)) for j in range(i + 1)),
        linear,
    )
    formula = unit * quadratic if simple else unit * (quadratic + coefficient() * sp.sin(linear))
    if applied.is_extended_positive:
        return 1 + linear**2, arguments
    if applied.is_extended_nonnegative:
        return linear**2, arguments
    if applied.is_extended_negative:
        return -1 - linear**2, arguments
    if applied.is_extended_nonpositive:
        return -(linear**2), arguments
    return formula, arguments


def _name_derivative_variables(side: Any) -> Any:
    """Write d f(g(x)) / d g(x) as d f(u) / d u at u = g(x), which survives putting formulas for f and g."""

    def rename(node: sp.Derivative) -> Any:
        for variable, count in node.variable_count:
            if isinstance(variable, AppliedUndef):
                u = sp.Dummy("u", **{k: v for k, v in variable.assumptions0.items() if v is not None})
                inner = sp.Derivative(node.expr.xreplace({variable: u}), (u, count))
                rest = [pair for pair in node.variable_count if pair[0] != variable]
                return sp.Subs(sp.Derivative(inner, *rest) if rest else inner, u, variable)
        return node

    return side.replace(lambda node: isinstance(node, sp.Derivative), rename)


def _differentiate(side: Any) -> Any:
    """Take every derivative and substitution, but no integral, no sum and no limit: a limit depends on the point."""
    side = take_matrix_derivatives(side)
    if not side.has(sp.Derivative, sp.Subs):
        return side
    if any(node.has(sp.Limit) for node in side.atoms(sp.Derivative)):
        raise Unsupported("a derivative of a limit")
    integrated = {
        variable for node in side.atoms(sp.Integral, Expectation) for variable in node.bound_symbols
    }

    def taken(node: Any) -> Any:
        if isinstance(node, sp.Derivative):
            return derivative_away_from_turns(node, integrated)
        return node.doit(integrals=False)

    return side.replace(lambda node: isinstance(node, sp.Derivative | sp.Subs), taken)


def explicit_matrix(node: Any) -> sp.ImmutableMatrix:
    """The entries of a matrix expression of known size.

    From the inside out: SymPy's own `as_explicit` works out each entry of a product as a sum over indices, which
    takes seconds where multiplying the explicit factors takes milliseconds.
    """
    if isinstance(node, sp.BlockMatrix):
        rows = [
            [explicit_matrix(node.blocks[i, j]) for j in range(node.blocks.cols)]
            for i in range(node.blocks.rows)
        ]
        return sp.ImmutableMatrix(sp.Matrix.vstack(*(sp.Matrix.hstack(*row) for row in rows)))
    if isinstance(node, sp.MatMul | sp.MatAdd | sp.Transpose | sp.Inverse | sp.MatPow | sp.Adjoint):
        inner = [explicit_matrix(part) if getattr(part, "is_Matrix", False) else part for part in node.args]
        return sp.ImmutableMatrix(node.func(*inner).doit())
    return sp.ImmutableMatrix(node.as_explicit())


def take_matrix_derivatives(side: Any) -> Any:
    """Replace ∂f/∂S, for a scalar f and a matrix symbol S of known size, by its explicit entries.

    Raises:
        Unsupported: the size is not known, or f is not a scalar.
    """
    derivatives = [node for node in side.atoms(sp.Derivative) if _matrix_variable(node) is not None]
    return side.xreplace({node: _matrix_derivative(node) for node in derivatives}) if derivatives else side


def _matrix_variable(node: sp.Derivative) -> Any:
    return next((v for v in node.variables if isinstance(v, sp.MatrixSymbol)), None)


def _matrix_derivative(node: sp.Derivative) -> sp.ImmutableMatrix:
    """∂f/∂S entry by entry: SymPy's own rules for matrix derivatives have been wrong in silence."""
    matrix = _matrix_variable(node)
    if len(node.variables) != 1 or not all(size.is_Integer for size in matrix.shape):
        raise Unsupported("a repeated derivative with respect to a matrix, or one of unknown size")
    entries = sp.ImmutableMatrix(*matrix.shape, lambda i, j: sp.Dummy(f"{matrix}_{i}{j}"))
    others = {
        other: other.as_explicit()
        for other in node.expr.atoms(sp.MatrixSymbol) - {matrix}
        if all(size.is_Integer for size in other.shape)
    }
    scalar = node.expr.subs(others).subs(matrix, entries).doit()
    if getattr(scalar, "is_Matrix", False) and scalar.shape != (1, 1):
        raise Unsupported("a derivative of a matrix with respect to a matrix")
    scalar = scalar[0, 0] if getattr(scalar, "is_Matrix", False) else scalar
    back = {entries[i, j]: matrix[i, j] for i in range(entries.rows) for j in range(entries.cols)}
    return entries.applyfunc(lambda entry: sp.diff(scalar, entry).xreplace(back))
