"""Matrices and matrix expressions, as matrices of balls."""

__all__ = ["BY_CLASS", "HANDLERS"]

from itertools import chain
from typing import Any

import sympy as sp
from flint import acb_mat, fmpq

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    as_ball,
    as_whole,
    evaluate,
)


def _explicit(expression: Any, values: dict) -> acb_mat:
    rows, columns = expression.shape
    return acb_mat(
        [[as_ball(evaluate(expression[i, j], values)) for j in range(columns)] for i in range(rows)]
    )


def _sizes(expression: Any, values: dict) -> tuple[int, int]:
    rows, columns = (
        size if isinstance(size, int) else as_whole(evaluate(size, values)) for size in expression.shape
    )
    return rows, columns


def _identity(expression: Any, values: dict) -> acb_mat:
    rows, _ = _sizes(expression, values)
    return acb_mat([[int(i == j) for j in range(rows)] for i in range(rows)])


def _zero_matrix(expression: Any, values: dict) -> acb_mat:
    rows, columns = _sizes(expression, values)
    return acb_mat(rows, columns)


def _all_ones(expression: Any, values: dict) -> acb_mat:
    rows, columns = _sizes(expression, values)
    return acb_mat([[1] * columns for _ in range(rows)])


def _matrix_sum(expression: Any, values: dict) -> acb_mat:
    total, *rest = (evaluate(term, values) for term in expression.args)
    for term in rest:
        total = total + term
    return total


def _matrix_product(expression: Any, values: dict) -> Any:
    product: Any = fmpq(1)
    for factor in expression.args:
        value = evaluate(factor, values)
        if isinstance(product, acb_mat) and isinstance(value, acb_mat):
            product = product * value
        elif isinstance(product, acb_mat):
            product = product * as_ball(value)
        elif isinstance(value, acb_mat):
            product = value * as_ball(product)
        else:
            product = product * value
    return product


def _matrix_power(expression: Any, values: dict) -> acb_mat:
    base = evaluate(expression.args[0], values)
    exponent = as_whole(evaluate(expression.args[1], values)) if len(expression.args) > 1 else -1
    if exponent < 0:
        base, exponent = base.inv(), -exponent
    if base.nrows() == 0:
        return base
    return base**exponent


def _hadamard(expression: Any, values: dict) -> acb_mat:
    factors = [evaluate(factor, values) for factor in expression.args]
    rows, columns = factors[0].nrows(), factors[0].ncols()
    result = acb_mat([[1] * columns for _ in range(rows)])
    for factor in factors:
        result = acb_mat([[result[i, j] * factor[i, j] for j in range(columns)] for i in range(rows)])
    return result


def _kronecker(expression: Any, values: dict) -> acb_mat:
    result = acb_mat([[1]])
    for argument in expression.args:
        right = evaluate(argument, values)
        rows, columns = right.nrows(), right.ncols()
        result = acb_mat(
            [
                [
                    result[i // rows, j // columns] * right[i % rows, j % columns]
                    for j in range(result.ncols() * columns)
                ]
                for i in range(result.nrows() * rows)
            ]
        )
    return result


def _block(expression: Any, values: dict) -> acb_mat:
    rows: list[list] = []
    blocks = expression.blocks
    for i in range(blocks.shape[0]):
        parts = [evaluate(blocks[i, j], values).tolist() for j in range(blocks.shape[1])]
        rows.extend(list(chain(*line)) for line in zip(*parts, strict=True))
    return acb_mat(rows)


def _entry(expression: Any, values: dict) -> Any:
    parent, row, column = expression.args
    matrix = evaluate(parent, values)
    i, j = as_whole(evaluate(row, values)), as_whole(evaluate(column, values))
    if not (0 <= i < matrix.nrows() and 0 <= j < matrix.ncols()):
        raise Undefined(f"no entry {(i, j)} in a matrix of shape {(matrix.nrows(), matrix.ncols())}")
    return matrix[i, j]


def _diagonal(expression: Any, values: dict) -> acb_mat:
    vector = evaluate(expression.args[0], values).entries()
    return acb_mat([[vector[i] if i == j else 0 for j in range(len(vector))] for i in range(len(vector))])


HANDLERS: dict[Any, Handler] = {
    sp.Identity: _identity,
    sp.ZeroMatrix: _zero_matrix,
    sp.OneMatrix: _all_ones,
    sp.MatAdd: _matrix_sum,
    sp.MatMul: _matrix_product,
    sp.MatPow: _matrix_power,
    sp.Inverse: _matrix_power,
    sp.Transpose: lambda expression, values: evaluate(expression.args[0], values).transpose(),
    sp.Adjoint: lambda expression, values: evaluate(expression.args[0], values).transpose().conjugate(),
    sp.Determinant: lambda expression, values: evaluate(expression.args[0], values).det(),
    sp.Trace: lambda expression, values: evaluate(expression.args[0], values).trace(),
    sp.HadamardProduct: _hadamard,
    sp.KroneckerProduct: _kronecker,
    sp.BlockMatrix: _block,
    sp.BlockDiagMatrix: _block,
    sp.DiagMatrix: _diagonal,
    sp.matrices.expressions.matexpr.MatrixElement: _entry,
}
BY_CLASS: dict[Any, Handler] = {sp.MatrixBase: _explicit}
