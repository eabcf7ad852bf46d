"""The factors of a 1×1 convolution with letters for entries, and its Jacobian in either order of flattening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sympy as sp

from helpers.arguments import checked, matrix, optional, several, size, whole
from helpers.models.determinants import determinant_cost

__all__ = [
    "ORDERS",
    "PLUFactors",
    "additions_and_logarithms",
    "conditional_layer",
    "elimination_operations",
    "flatten",
    "layer_jacobian",
    "permutation_matrix",
    "plu_factors",
    "plu_matrix",
]

ORDERS = ("channel_fastest", "row_major")
"""The two usual orders of an image's numbers: all channels of a pixel together, or all pixels of a channel."""


class PLUFactors(NamedTuple):
    """The factors of $A = PL(U + \\operatorname{diag} s)$ as SymPy matrices.

    `permutation`, `lower` (unit diagonal), `upper` (zero diagonal) are square; `scale` is the column $s$.
    """

    permutation: sp.ImmutableMatrix
    lower: sp.ImmutableMatrix
    upper: sp.ImmutableMatrix
    scale: sp.ImmutableMatrix

    @property
    def triangle(self) -> sp.ImmutableMatrix:
        """$U + \\operatorname{diag} s$."""
        return self.upper + sp.diag(*self.scale)

    @property
    def product(self) -> sp.ImmutableMatrix:
        """$A$, multiplied out."""
        return sp.ImmutableMatrix((self.permutation * self.lower * self.triangle).applyfunc(sp.expand))


@checked(order=several(whole()))
def permutation_matrix(order: Sequence[int]) -> sp.ImmutableMatrix:
    """The matrix $P$ with $(Pv)_i = v_{\\mathrm{order}[i]}$, counted from 0.

    Raises ValueError where `order` is no permutation of 0, ..., C - 1.

    >>> permutation_matrix([1, 2, 0]) * sp.Matrix(sp.symbols("a b c"))
    Matrix([
    [b],
    [c],
    [a]])
    """
    indices = [int(index) for index in order]
    if not indices or sorted(indices) != list(range(len(indices))):
        raise ValueError(
            f"order: got {list(order)}, expected each of 0, ..., {max(len(indices) - 1, 0)} once"
        )
    return sp.ImmutableMatrix(len(indices), len(indices), lambda i, j: int(j == indices[i]))


@checked(permutation=optional(several(whole())))
def plu_factors(size: int, permutation: Sequence[int] | None = None) -> PLUFactors:
    """The factors with real letters: `l_21` in $L$, `u_12` in $U$, `s_1` (not zero) in $s$.

    `permutation` is an order as for `permutation_matrix`, by default the identity. Raises ValueError for a size below
    1 and for a permutation of another size. Cost O(C²) letters.

    Source: Kingma and Dhariwal, "Glow: Generative Flow with Invertible 1×1 Convolutions", NeurIPS 2018.

    >>> plu_factors(2, [1, 0]).product
    Matrix([
    [l_21*s_1, l_21*u_12 + s_2],
    [     s_1,            u_12]])
    """
    _require_positive("size", size)
    order = list(range(size)) if permutation is None else list(permutation)
    if len(order) != size:
        raise ValueError(f"permutation: got {len(order)} entries, expected {size}")
    if sorted(order) != list(range(size)):
        raise ValueError(f"permutation: got {order}, expected each of 0, ..., {size - 1} once as its order")

    def entry(letter: str, i: int, j: int) -> sp.Symbol:
        return sp.Symbol(f"{letter}_{i + 1}{j + 1}", real=True)

    lower = sp.ImmutableMatrix(
        size, size, lambda i, j: entry("l", i, j) if i > j else sp.Integer(int(i == j))
    )
    upper = sp.ImmutableMatrix(size, size, lambda i, j: entry("u", i, j) if i < j else sp.S.Zero)
    scale = sp.ImmutableMatrix([sp.Symbol(f"s_{i + 1}", real=True, nonzero=True) for i in range(size)])
    return PLUFactors(permutation_matrix(order), lower, upper, scale)


def plu_matrix(size: int, permutation: Sequence[int] | None = None) -> sp.ImmutableMatrix:
    """$A = PL(U + \\operatorname{diag} s)$ with letters, multiplied out; arguments as for `plu_factors`."""
    return plu_factors(size, permutation).product


@checked(image=matrix)
def flatten(image: sp.MatrixBase, order: str) -> sp.ImmutableMatrix:
    """The numbers of an image, a matrix of channels × pixels, as one column in one of `ORDERS`.

    Raises ValueError for another order.

    >>> image = sp.Matrix(2, 2, sp.symbols("x_1:3(1:3)"))
    >>> list(flatten(image, "row_major")), list(flatten(image, "channel_fastest"))
    ([x_11, x_12, x_21, x_22], [x_11, x_21, x_12, x_22])
    """
    _require_order("order", order)
    return sp.ImmutableMatrix(image.vec() if order == "channel_fastest" else image.T.vec())


@checked(matrix=matrix)
def layer_jacobian(
    matrix: sp.MatrixBase,
    pixels: int,
    input_order: str = "row_major",
    output_order: str | None = None,
) -> sp.ImmutableMatrix:
    """The Jacobian of $X \\mapsto AX$ for an image $X$ of C × pixels, differentiated entry by entry.

    Rows follow the flattened output, in `output_order` (by default `input_order`), columns the flattened input.
    Raises ValueError for a matrix that is not square, for fewer than one pixel, and for an order that is none of
    `ORDERS`. Cost O(C² pixels²) derivatives.

    >>> a, b, c, d = sp.symbols("a b c d")
    >>> layer_jacobian(sp.Matrix([[a, b], [c, d]]), 2, "row_major")
    Matrix([
    [a, 0, b, 0],
    [0, a, 0, b],
    [c, 0, d, 0],
    [0, c, 0, d]])
    """
    if not isinstance(matrix, sp.MatrixBase) or not matrix.is_square:
        raise ValueError(f"matrix: got shape {getattr(matrix, 'shape', None)}, expected a square matrix")
    _require_positive("pixels", pixels)
    _require_order("input_order", input_order)
    output_order = input_order if output_order is None else output_order
    _require_order("output_order", output_order)
    image = sp.Matrix(matrix.rows, pixels, lambda i, p: sp.Dummy(f"x_{i}{p}", real=True))
    output, given = flatten(matrix * image, output_order), flatten(image, input_order)
    return sp.ImmutableMatrix(output.jacobian(given))


def conditional_layer(
    channels: int, pixels: int = 1, *, per_pixel: bool = False
) -> tuple[sp.Matrix, sp.Matrix, sp.Matrix | list[sp.Matrix]]:
    """A conditional layer whose factors are undefined functions of the first half: inputs, outputs, and $A$.

    Inputs and outputs are columns: first the half that sets the factors (`a_1`, ...), then the half that is mapped
    (`b_1`, ...), each with the channels fastest. $P$ is the identity. With `per_pixel` each pixel has functions of
    its own (`s_1^1`, ...), and the matrices come in a list. Raises ValueError for channels or pixels below 1.

    >>> inputs, outputs, matrix = conditional_layer(1)
    >>> outputs.T
    Matrix([[a_1, b_1*s_1(a_1)]])
    """
    _require_positive("channels", channels)
    _require_positive("pixels", pixels)
    count = channels * pixels
    a = [sp.Symbol(f"a_{k + 1}", real=True) for k in range(count)]
    b = [sp.Symbol(f"b_{k + 1}", real=True) for k in range(count)]
    factors = plu_factors(channels)

    def matrix(suffix: str) -> sp.Matrix:
        functions = {
            letter: sp.Function(f"{letter.name}{suffix}", **letter._assumptions_orig)(*a)
            for letter in sorted(factors.product.free_symbols, key=str)
        }
        return sp.Matrix((factors.lower * factors.triangle).subs(functions))

    matrices = [matrix(f"^{p + 1}") for p in range(pixels)] if per_pixel else [matrix("")] * pixels
    halves = [sp.Matrix(b[p * channels : (p + 1) * channels]) for p in range(pixels)]
    mapped = [entry for A, half in zip(matrices, halves, strict=True) for entry in A * half]
    return sp.Matrix([*a, *b]), sp.Matrix([*a, *mapped]), matrices if per_pixel else matrices[0]


def elimination_operations(size: Any) -> sp.Expr:
    """Divisions, multiplications and subtractions of Gaussian elimination on a full matrix: $\\frac23C^3 - \\dots$

    What `helpers.models.determinants` counts for a determinant, without the product of the pivots at the end.

    >>> elimination_operations(sp.Symbol("C"))
    2*C**3/3 - C**2/2 - C/6
    """
    return sp.expand(determinant_cost("elimination", size) - determinant_cost("diagonal", size))


@checked(size=size(1))
def additions_and_logarithms(size: Any) -> sp.Expr:
    """Logarithms of $\\lvert s_i\\rvert$ and additions of them: $2C - 1$."""
    return 2 * size - 1


def _require_positive(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: got {value!r}, expected a whole number of at least 1")


def _require_order(name: str, order: Any) -> None:
    if not isinstance(order, str) or order not in ORDERS:
        raise ValueError(f"{name}: got {order!r}, expected one of {', '.join(ORDERS)}")
