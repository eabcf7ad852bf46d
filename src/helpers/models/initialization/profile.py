r"""The second moment of each layer at initialisation: one recursion, its unrolled sum, its closed form.

A network of widths $n_0, \dots, n_L$ computes $u_\ell = A_\ell y_{\ell-1} + b_\ell$ and $y_\ell =
\sigma(u_\ell)$, with $y_0 = x$ and no activation after the last layer. Parameters are independent of each other
and of $x$, with laws symmetric about 0. What is followed is $v_\ell$, the mean of $u_{\ell,i}^2$ over networks,
inputs and units, with the mean square of the input's entries for $v_0$.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sympy as sp

from helpers.arguments import checked, nonnegative, size
from helpers.models.initialization.mean_field import gaussian_mean, tanh_square
from helpers.models.initialization.schemes import (
    bias_bound,
    check_scheme,
    check_slope,
    check_width,
    weight_variance,
)

__all__ = [
    "ACTIVATIONS",
    "activation_factor",
    "check_activation",
    "check_widths",
    "equal_width_moment",
    "gradient_factor",
    "next_second_moment",
    "unrolled_moment",
    "variance_profile",
]

ACTIVATIONS = ("identity", "relu", "leaky_relu", "tanh")
"""The activations; `leaky_relu` has a `slope` below zero. For `tanh` no recursion of second moments is exact."""


def check_activation(activation: object, slope: Any = 0) -> sp.Expr:
    """The slope; refuse an unknown activation, and a slope for one that has none."""
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ValueError(f"activation: got {activation!r}, expected one of {', '.join(ACTIVATIONS)}")
    slope = check_slope(slope)
    if activation != "leaky_relu" and slope.is_zero is not True:
        raise ValueError(f"slope: got {slope}, expected 0 for the activation {activation}")
    return slope


def check_widths(widths: Any) -> list[sp.Expr]:
    """The widths as SymPy expressions; refuse fewer than two, and what is no number of units."""
    found = list(widths) if isinstance(widths, Sequence) or hasattr(widths, "__iter__") else []
    if len(found) < 2 or isinstance(widths, str):
        raise ValueError(f"widths: got {widths!r}, expected at least two: of the input and of one layer")
    return [check_width("widths", width, f" at index {i}") for i, width in enumerate(found)]


def activation_factor(activation: str, *, slope: Any = 0) -> sp.Expr:
    r"""The $c$ in $\mathbb E\,\sigma(u)^2 = c\;\mathbb E\,u^2$ for every $u$ whose law is symmetric about 0.

    1 for the identity, $\frac12$ for a rectifier, $\frac12(1 + a^2)$ for a leaky one. Raises ValueError for
    `tanh`, which has no such factor.

    >>> activation_factor("relu")
    1/2
    """
    slope = check_activation(activation, slope)
    if activation == "tanh":
        raise ValueError(
            "activation: got 'tanh', expected one whose mean square is a multiple of its argument's"
        )
    return sp.S.One if activation == "identity" else (1 + slope**2) / 2


@checked(moment=nonnegative)
def next_second_moment(moment: Any, fan_in: Any, fan_out: Any, scheme: str, *, slope: Any = 0) -> sp.Expr:
    r"""$n\operatorname{Var}(A)\,\bar m + \operatorname{Var}(b)$: a unit's second moment, from that of what it reads.

    It reads `fan_in` $n$ numbers, and the average of their second moments is `moment` $\bar m$.

    Exact for any inputs that are independent of the layer's parameters, however dependent they are among
    themselves. `slope` is the scheme's, as for `weight_variance`.

    >>> next_second_moment(1, 5, 8, "torch")
    2/5
    """
    n = check_width("fan_in", fan_in)
    variance = weight_variance(scheme, fan_in, fan_out, slope=slope)
    return n * variance * moment + bias_bound(scheme, fan_in) ** 2 / 3


def gradient_factor(fan_in: Any, fan_out: Any, activation: str, scheme: str, *, slope: Any = 0) -> sp.Expr:
    r"""By how much the mean square of $\partial y_L/\partial u$ shrinks or grows on its way down through one layer.

    The layer reads $n$ units and has $m$; the factor from the gradient at its $u$ to that at the $u$ of the
    layer below is $m\operatorname{Var}(A)\,\mathbb E\,\sigma'(u)^2$, where the last is `activation_factor`:
    exact for rectifiers, too, because they are as often on as off, provided that $u$ is never exactly 0.

    >>> gradient_factor(64, 64, "relu", "torch")
    1/6
    """
    factor = activation_factor(activation, slope=slope)
    m = check_width("fan_out", fan_out)
    return sp.cancel(m * weight_variance(scheme, fan_in, fan_out, slope=slope) * factor)


def variance_profile(
    widths: Sequence[Any],
    activation: str,
    scheme: str,
    *,
    input_second_moment: Any = 1,
    slope: Any = 0,
) -> list[Any]:
    r"""Second moment of each layer: of the input's entries at index 0, of $u_\ell$ at index $\ell$.

    The last entry is the variance of the output, since its mean is 0.

    Args:
        widths: $n_0, \dots, n_L$, positive whole numbers or SymPy expressions for such.
        activation: one of `ACTIVATIONS`, after every layer but the last.
        scheme: one of `SCHEMES`.
        input_second_moment: mean of $\mathbb E x_i^2$ over the entries; the second moment, not the variance.
        slope: of `leaky_relu` below zero; the scheme `kaiming` allows for it.

    Returns L + 1 floats, or SymPy expressions where an argument is one. Exact for every width, except for
    `tanh`, where each $u_\ell$ is taken for Gaussian, as it is in the limit of wide layers; this needs numbers.
    Raises ValueError for bad arguments. Cost O(L).

    >>> [round(v, 4) for v in variance_profile([5, 8, 6, 1], "relu", "torch")]
    [1.0, 0.4, 0.1083, 0.0736]
    """
    sizes = check_widths(widths)
    slope_given, slope = slope, check_activation(activation, slope)
    check_scheme(scheme)
    moment = nonnegative("input_second_moment", input_second_moment)
    symbolic = any(isinstance(value, sp.Basic) for value in (*widths, input_second_moment, slope_given))
    if activation == "tanh" and (moment.free_symbols or any(size.free_symbols for size in sizes)):
        raise ValueError("activation: got 'tanh' with symbols, expected numbers: it has no closed recursion")
    profile = [moment]
    for index, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        if index == 0:
            read = profile[-1]
        elif activation == "tanh":
            read = gaussian_mean(tanh_square, float(profile[-1]))
        else:
            read = activation_factor(activation, slope=slope) * profile[-1]
        profile.append(next_second_moment(read, fan_in, fan_out, scheme, slope=slope))
    return profile if symbolic else [float(value) for value in profile]


@checked(input_second_moment=nonnegative)
def unrolled_moment(
    widths: Sequence[Any], *, input_second_moment: Any = 1, activation: str = "identity"
) -> sp.Expr:
    r"""The last of it for PyTorch's default, as one sum.

    It is $\frac{m_0\,c^{L-1}}{3^L} + \sum_{k<L} \frac{c^{L-1-k}}{3^{L-k}\,n_k}$.

    $c$ is the `activation_factor`, $m_0$ the mean square of the input's entries: the first term is what the
    input contributes, the others are the biases', layer by layer.

    >>> n_0, n_1 = sp.symbols("n_0 n_1", positive=True)
    >>> unrolled_moment([n_0, n_1, 1])
    1/9 + 1/(3*n_1) + 1/(9*n_0)
    """
    sizes, c = check_widths(widths), activation_factor(activation)
    depth = len(sizes) - 1
    total = input_second_moment * c ** (depth - 1) / sp.Integer(3) ** depth
    return total + sum(
        c ** (depth - 1 - k) / (sp.Integer(3) ** (depth - k) * n) for k, n in enumerate(sizes[:-1])
    )


@checked(depth=size(0), input_second_moment=nonnegative)
def equal_width_moment(width: Any, depth: Any, *, input_second_moment: Any = 1) -> sp.Expr:
    r"""The closed form for PyTorch's default without activation: $\frac1{2n} + (m_0 - \frac1{2n})\,3^{-L}$.

    `depth` $L$ may be a symbol. All $n_0 = \dots = n_{L-1} = n$; the last layer's width plays no part.

    >>> equal_width_moment(4, 2)
    2/9
    """
    n = check_width("width", width)
    return 1 / (2 * n) + (input_second_moment - 1 / (2 * n)) * sp.Integer(3) ** (-depth)
