r"""Masked convolutions in SymPy: masks as polynomials of shifts, layers as matrices, the field in closed form.

A mask with $k = 2m + 1$ is the polynomial $\sum \rho^i\kappa^j$ over the offsets that an output pixel sees, i rows
down and j columns to the right. The product over the layers of a stack has the reachable offsets as exponents and the
numbers of paths as coefficients; it knows no border, the matrices do. No PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, instance, matrix, optional, scalar, several, size, symbol, whole
from helpers.models.masked_convolution.layers import (
    ORIENTATIONS,
    GatedLayer,
    Layer,
    Offset,
    Shape,
    gated_offsets,
    layer_offsets,
    output_shape,
    taps,
)

__all__ = [
    "blind_count",
    "blind_fraction",
    "causal_count",
    "field_count",
    "field_offsets",
    "gated_field_offsets",
    "layer_matrix",
    "mask_polynomial",
    "offset_counts",
    "path_polynomial",
    "reach",
    "stack_matrix",
]

Stack = Sequence[Layer | GatedLayer]


@checked(layer=instance(Layer), rho=symbol, kappa=symbol)
def mask_polynomial(layer: Layer, rho: sp.Symbol, kappa: sp.Symbol) -> sp.Expr:
    r"""The mask as $\sum\rho^i\kappa^j$ over its offsets; symbols that are not zero, for exponents may be negative.

    Raises ValueError for a layer whose stride is not 1: there an offset depends on the pixel.

    >>> rho, kappa = sp.symbols("rho kappa", nonzero=True)
    >>> mask_polynomial(Layer(1, "B"), rho, kappa), mask_polynomial(Layer(3, "A"), rho, kappa).subs(rho, 1)
    (1, kappa + 1 + 2/kappa)
    """
    if layer.stride != 1:
        raise ValueError(f"layer: got the stride {layer.stride}, expected 1")
    return _polynomial(layer_offsets(layer), rho, kappa)


@checked(layers=several(instance(Layer, GatedLayer), least=0), rho=symbol, kappa=symbol)
def path_polynomial(layers: Stack, rho: sp.Symbol, kappa: sp.Symbol) -> sp.Expr:
    r"""The expanded polynomial of a stack: the coefficient of $\rho^i\kappa^j$ counts the paths to the offset (i, j).

    No border is in it. Gated layers are runs, as in `GatedLayer`. Raises ValueError as `mask_polynomial`.
    Cost: O(taps · offsets) a layer.

    >>> rho, kappa = sp.symbols("rho kappa", nonzero=True)
    >>> path_polynomial([Layer(3, "A")] * 2, rho, kappa).coeff(rho, 0)
    kappa**(-2)
    """
    field, vertical = sp.Integer(1), None
    for layer in layers:
        if isinstance(layer, GatedLayer):
            rows, row = (_polynomial(offsets, rho, kappa) for offsets in gated_offsets(layer))
            vertical = sp.expand(rows * (field if vertical is None else vertical))
            field = sp.expand(row * field + vertical)
        else:
            field, vertical = sp.expand(mask_polynomial(layer, rho, kappa) * field), None
    return field


@checked(polynomial=scalar, rho=symbol, kappa=symbol)
def offset_counts(polynomial: sp.Expr, rho: sp.Symbol, kappa: sp.Symbol) -> dict[Offset, int]:
    """The coefficients of a polynomial of shifts, by their offsets.

    >>> rho, kappa = sp.symbols("rho kappa", nonzero=True)
    >>> offset_counts(2 * rho / kappa + 1, rho, kappa)
    {(0, 0): 1, (1, -1): 2}
    """
    counts = {}
    for term in sp.Add.make_args(sp.expand(polynomial)):
        coefficient, powers = term.as_coeff_Mul()
        exponents = powers.as_powers_dict()
        counts[int(exponents.get(rho, 0)), int(exponents.get(kappa, 0))] = int(coefficient)
    return dict(sorted(counts.items()))


@checked(layer=instance(Layer), weights=optional(matrix))
def layer_matrix(layer: Layer, shape: Shape, weights: Any = None) -> sp.Matrix:
    r"""The layer on an image of `shape` as a matrix, `(H W, H W)`; pixels in the order of reading.

    Off the grid are zeros. The entries are 0 and 1, or, with a $k \times k$ matrix of weights, `weights[i, j]` of the
    tap $(i, j)$. Raises ValueError for a layer that changes the image's shape, and as `layer_offsets`.
    Cost: O((H · W)²), for the matrix holds its zeros, too.

    >>> layer_matrix(Layer(3, "A"), (2, 2))
    Matrix([
    [0, 0, 0, 0],
    [1, 0, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 1, 0]])
    """
    offsets = layer_offsets(layer)
    if weights is not None and weights.shape != (layer.kernel_size, layer.kernel_size):
        raise ValueError(
            f"weights: got shape {weights.shape}, expected ({layer.kernel_size}, {layer.kernel_size})"
        )
    if (made := output_shape([layer], shape)) != tuple(shape):
        raise ValueError(
            f"layer: got one that makes {made} of {tuple(shape)}, expected one that keeps the shape"
        )
    height, width = shape
    entries: dict[Offset, Any] = {}
    for (i, j), (down, right) in zip(taps(layer), offsets, strict=True):
        for r in range(max(0, -down), min(height, height - down)):
            for c in range(max(0, -right), min(width, width - right)):
                seen = (r + down) * width + c + right
                entries[r * width + c, seen] = 1 if weights is None else weights[i, j]
    return sp.Matrix(height * width, height * width, lambda a, b: entries.get((a, b), 0))


@checked(layers=several(instance(Layer), least=0), shape=several(whole(1), least=2, most=2))
def stack_matrix(layers: Sequence[Layer], shape: Shape) -> sp.Matrix:
    """The path counts of a stack between all pixels, `(H W, H W)`: the product of its layers' 0/1 matrices.

    The first layer is the rightmost factor. Raises ValueError as `layer_matrix`.
    """
    product = sp.eye(shape[0] * shape[1])
    for layer in layers:
        product = layer_matrix(layer, shape) * product
    return product


@checked(i=size(0), m=size(1), L=size(1), n_A=size(0))
def reach(i: Any, m: Any, L: Any, n_A: Any) -> sp.Expr:
    r"""How many columns to the right a stack sees, $i$ rows into the past.

    That is $R_i = mv - \max(0, n_A - v)$ with $v = \min(i, L)$, for $L$ layers with kernels of $2m + 1$, $n_A$ of
    them of type A in any place, and $0 \le i \le mL$. The columns seen are those from $-mL$ to $R_i$.

    >>> [reach(i, 1, 2, 2) for i in range(3)]
    [-2, 0, 2]
    """
    v = sp.Min(i, L)
    return m * v - sp.Max(0, n_A - v)


@checked(n_A=whole(0))
def field_offsets(m: int, L: int, n_A: int, orientation: str = "raster") -> frozenset[Offset]:
    """The field of such a stack by the formula of `reach`, away from the border.

    Raises ValueError for m or L below 1, an `n_A` that is not from 0 to L, and an unknown orientation.
    """
    _check_sizes(m, L, orientation)
    if not 0 <= n_A <= L:
        raise ValueError(f"n_A: got {n_A!r}, expected a whole number from 0 to {L}")
    toward = -1 if orientation == "raster" else 1
    return frozenset(
        (toward * i, j) for i in range(m * L + 1) for j in range(-m * L, int(reach(i, m, L, n_A)) + 1)
    )


def gated_field_offsets(m: int, L: int, orientation: str = "raster") -> frozenset[Offset]:
    """The field of $L$ gated layers, A and then B: every offset of the past in the rectangle that the stack spans.

    Raises ValueError for m or L below 1, and an unknown orientation.

    >>> len(gated_field_offsets(1, 2)) == causal_count(1, 2)
    True
    """
    _check_sizes(m, L, orientation)
    toward, far = -1 if orientation == "raster" else 1, m * L
    rows = {(toward * i, j) for i in range(1, far + 1) for j in range(-far, far + 1)}
    return frozenset(rows | {(0, j) for j in range(-far, 0)})


@checked(m=size(1), L=size(1))
def causal_count(m: Any, L: Any) -> sp.Expr:
    """How many offsets of the past the rectangle of a stack holds: $2mL(mL + 1)$."""
    return 2 * m * L * (m * L + 1)


@checked(m=size(1), L=size(1), n_A=size(0))
def blind_count(m: Any, L: Any, n_A: Any = 1) -> sp.Expr:
    r"""How many of them the stack misses: $\frac{mL(L-1)}{2} + \frac{(n_A-1)(n_A+2)}{2}$ for $0 \le n_A \le L$.

    For $n_A = 0$ the second part is $-1$: one more than the past is seen, the pixel itself.

    >>> blind_count(1, 2, 2), blind_count(1, 5)
    (3, 10)
    """
    return m * L * (L - 1) / 2 + (n_A - 1) * (n_A + 2) / 2


def field_count(m: Any, L: Any, n_A: Any = 1) -> sp.Expr:
    """How many offsets the stack sees: those of the past, less the blind ones."""
    return causal_count(m, L) - blind_count(m, L, n_A)


@checked(m=size(1), L=size(1))
def blind_fraction(m: Any, L: Any) -> sp.Expr:
    r"""The blind part of the past with one A layer: $\frac{L - 1}{4(mL + 1)}$, which tends to $\frac1{4m}$.

    >>> blind_fraction(1, 5)
    1/6
    """
    return (L - 1) / (m * L + 1) / 4


def _polynomial(offsets: Sequence[Offset], rho: sp.Symbol, kappa: sp.Symbol) -> sp.Expr:
    return sp.Add(*(rho**i * kappa**j for i, j in offsets))


def _check_sizes(m: int, L: int, orientation: str) -> None:
    sizes: Mapping[str, Any] = {"m": m, "L": L}
    for name, value in sizes.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{name}: got {value!r}, expected a positive whole number")
    if not isinstance(orientation, str) or orientation not in ORIENTATIONS:
        raise ValueError(f"orientation: got {orientation!r}, expected one of {', '.join(ORIENTATIONS)}")
