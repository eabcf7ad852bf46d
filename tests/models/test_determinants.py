"""Determinants three ways: values against SymPy, operations against the proved counts."""

import math
import random
from fractions import Fraction

import pytest
import sympy as sp

from helpers.models.determinants import (
    METHODS,
    by_diagonal,
    by_elimination,
    by_leibniz,
    by_rank_one,
    count_operations,
    determinant_cost,
)


def random_matrix(size, seed=0, zeros=0.0):
    draw = random.Random(seed)
    return [
        [0 if draw.random() < zeros else draw.choice([-1, 1]) * draw.randint(1, 99) for _ in range(size)]
        for _ in range(size)
    ]


@pytest.mark.parametrize("size", range(1, 11))
def test_elimination_takes_exactly_so_many_operations(size):
    matrix = random_matrix(size, size)
    value, operations = count_operations(by_elimination, matrix)
    assert value == sp.Matrix(matrix).det()
    assert operations == determinant_cost("elimination", size)


@pytest.mark.parametrize("size", range(1, 7))
def test_leibniz_takes_exactly_so_many_operations(size):
    matrix = random_matrix(size, size)
    value, operations = count_operations(by_leibniz, matrix)
    assert value == sp.Matrix(matrix).det()
    assert operations == determinant_cost("leibniz", size)


@pytest.mark.parametrize("size", [1, 2, 5, 30])
def test_diagonal_and_rank_one(size):
    matrix = random_matrix(size, size)
    triangle = [[entry if j <= i else 0 for j, entry in enumerate(row)] for i, row in enumerate(matrix)]
    assert count_operations(by_diagonal, triangle) == (
        by_elimination([[Fraction(entry) for entry in row] for row in triangle]),
        size - 1,
    )
    u, v = matrix[0], matrix[-1]
    full = sp.eye(size) + sp.Matrix(u) * sp.Matrix(v).T
    if size <= 5:
        assert full.det() == by_rank_one(u, v)
    assert count_operations(by_rank_one, u, v) == (
        1 + sum(a * b for a, b in zip(u, v, strict=True)),
        2 * size,
    )


def test_pivots_are_exchanged_and_the_sign_follows():
    assert by_elimination([[0, 1], [1, 0]]) == by_leibniz([[0, 1], [1, 0]]) == -1
    assert by_elimination([[0, 0, 2], [0, 3, 0], [5, 0, 0]]) == -30
    singular = 0
    for seed in range(60):
        matrix = [[Fraction(entry) for entry in row] for row in random_matrix(4, seed, zeros=0.5)]
        assert by_elimination(matrix) == by_leibniz(matrix) == sp.Matrix(matrix).det()
        singular += by_leibniz(matrix) == 0
    assert 5 < singular < 55


def test_symbols_are_numbers_too():
    S = sp.Matrix(3, 3, sp.symbols("s1:10"))
    assert sp.expand(by_leibniz(S) - S.det()) == 0
    assert sp.simplify(by_elimination(S) - S.det()) == 0
    assert determinant_cost("rank_one", sp.Symbol("K")) == 2 * sp.Symbol("K")


def test_no_argument_is_changed():
    matrix = [[2, 1], [4, 7]]
    by_elimination(matrix)
    assert matrix == [[2, 1], [4, 7]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [0, -1, 2.5, sp.Rational(1, 2)])
def test_a_number_that_is_no_size_is_refused(method, size):
    with pytest.raises(ValueError, match=r"size: got .*, expected a whole number"):
        determinant_cost(method, size)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: determinant_cost("cramer", 3), r"method: got 'cramer', expected one of diagonal, rank_one"),
        (lambda: by_leibniz([[1, 2]]), r"matrix: got 1 rows of lengths \[2\]"),
        (lambda: by_elimination([[1, 2], [3]]), r"matrix: got 2 rows of lengths \[1, 2\]"),
        (lambda: by_diagonal([]), r"matrix: got 0 rows"),
        (lambda: by_rank_one([1], [1, 2]), r"v: got length 2, expected that of u, 1"),
        (lambda: by_rank_one([], []), r"u: got \[\]"),
        (lambda: count_operations(by_leibniz, [["one"]]), r"arguments: got 'one', expected numbers"),
        (lambda: count_operations(by_leibniz, [[math.nan]]), r"arguments: got nan, expected numbers"),
        (lambda: count_operations(by_leibniz, [[math.inf]]), r"arguments: got inf, expected numbers"),
        (lambda: count_operations(by_leibniz, [[None]]), r"arguments: got None, expected numbers"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
