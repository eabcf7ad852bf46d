"""Matrices in Maxima's syntax: explicit ones, so that Maxima itself does the matrix algebra."""

__all__ = ["MATRICES", "MatrixTranslation", "Untranslatable", "possible_sizes"]

import itertools
from typing import Any

import sympy as sp
from sympy.matrices.expressions.hadamard import HadamardProduct

MATRICES = (sp.MatrixBase, sp.MatrixExpr)
LARGEST_MATRIX = 64  # entries


class Untranslatable(Exception):
    """The expression, or a part of it, has no counterpart; the message says which."""


class MatrixTranslation:
    """The part of `Translation` that prints matrices and their entries."""

    def _matrix(self, node: Any) -> str:
        if isinstance(node, sp.Derivative):
            return self._matrix_derivative(node)
        if not all(getattr(size, "is_Integer", isinstance(size, int)) for size in node.shape):
            raise Untranslatable("a matrix of unknown size")
        rows, columns = map(int, node.shape)
        if rows * columns > LARGEST_MATRIX or rows * columns == 0:
            raise Untranslatable(f"a matrix of size {rows} × {columns}")
        if isinstance(node, sp.MatrixBase):
            return _matrix_of([[self._scalar(node[i, j]) for j in range(columns)] for i in range(rows)])
        if isinstance(node, sp.MatrixSymbol):
            return _matrix_of([[self._entry_name(node, i, j) for j in range(columns)] for i in range(rows)])
        if isinstance(node, sp.Identity):
            return f"ident({rows})"
        if isinstance(node, sp.ZeroMatrix):
            return f"zeromatrix({rows}, {columns})"
        if isinstance(node, sp.OneMatrix):
            return _matrix_of([["1"] * columns] * rows)
        if isinstance(node, sp.MatAdd):
            return "(" + " + ".join(map(self._matrix, node.args)) + ")"
        if isinstance(node, sp.MatMul | sp.Mul):
            scalars = [self._scalar(f) for f in node.args if not isinstance(f, MATRICES)]
            matrices = [self._matrix(f) for f in node.args if isinstance(f, MATRICES)]
            return "(" + "*".join([*scalars, "(" + " . ".join(matrices) + ")"]) + ")"
        if isinstance(node, HadamardProduct):
            return "(" + "*".join(map(self._matrix, node.args)) + ")"
        if isinstance(node, sp.Inverse):
            return f"invert({self._matrix(node.arg)})"
        if isinstance(node, sp.MatPow) and node.exp.is_Integer:
            base = self._matrix(node.base)
            return f"({base if node.exp > 0 else f'invert({base})'}^^{abs(int(node.exp))})"
        if isinstance(node, sp.Transpose):
            return f"transpose({self._matrix(node.arg)})"
        if isinstance(node, sp.Adjoint):
            rational = all(power.exp.is_Integer for power in node.atoms(sp.Pow))
            if self._is_exact and (not rational or node.has(sp.Function, sp.Integral, sp.Sum, sp.Product)):
                raise Untranslatable("the adjoint of what is not rational in its symbols")
            conjugated = "w_conjugated" if self._is_exact else "w_inertly_conjugated"
            return f"{conjugated}(transpose({self._matrix(node.arg)}))"
        if isinstance(node, sp.BlockMatrix):
            blocks = node.blocks
            lines = [
                f"addcol({', '.join(self._matrix(blocks[i, j]) for j in range(blocks.shape[1]))})"
                for i in range(blocks.shape[0])
            ]
            return f"addrow({', '.join(lines)})"
        raise Untranslatable(f"a matrix made by {type(node).__name__}")

    def _matrix_derivative(self, node: Any) -> str:
        variable = node.variables[0]
        if len(node.variables) != 1 or not isinstance(variable, sp.MatrixSymbol) or self._complex_matrices:
            raise Untranslatable("a derivative of a matrix, or a repeated one by a matrix")
        scalar = node.expr
        if isinstance(scalar, MATRICES):
            if scalar.shape != (1, 1):
                raise Untranslatable("a derivative of a matrix by a matrix")
            text = f"(({self._matrix(scalar)}) . 1)"  # Maxima makes a scalar of a 1 × 1 product
        else:
            text = self._scalar(scalar)
        rows, columns = map(int, variable.shape)
        return _matrix_of(
            [
                [f"w_differentiate({text}, {self._entry_name(variable, i, j)}, 1)" for j in range(columns)]
                for i in range(rows)
            ]
        )

    def _entry(self, node: Any) -> str:
        if not (node.i.is_Integer and node.j.is_Integer):
            raise Untranslatable("an entry at a symbolic place")
        if isinstance(node.parent, sp.MatrixSymbol):
            return self._entry_name(node.parent, int(node.i), int(node.j))
        return f"({self._matrix(node.parent)}[{int(node.i) + 1}, {int(node.j) + 1}])"

    def _entry_name(self, matrix: Any, i: int, j: int) -> str:
        facts = {} if self._complex_matrices else {"real": True}
        # One symbol for each entry, the same in every reading.
        symbol = sp.Symbol(f"{matrix.name}[{i},{j}] of {matrix.shape}", **facts)
        return self._name(symbol)


def _matrix_of(rows: list[list[str]]) -> str:
    return "matrix(" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + ")"


def possible_sizes(left: Any, right: Any) -> list[dict[Any, int]]:
    """Sizes to put for the symbolic ones: 2 and 3, each way round, so that even and odd ones come; or nothing."""
    shaped = {
        matrix
        for side in (left, right)
        for matrix in side.atoms(sp.MatrixSymbol, sp.Identity, sp.ZeroMatrix, sp.OneMatrix)
    }
    symbols = {
        symbol for matrix in shaped for size in matrix.shape for symbol in sp.sympify(size).free_symbols
    }
    ordered = sorted(symbols, key=sp.default_sort_key)
    return [dict(zip(ordered, itertools.cycle(sizes))) for sizes in ((2, 3), (3, 2))] if ordered else [{}]
