r"""Very wide layers: lengths and angles as the layers map them, with Gaussian pre-activations.

Weights have the variance $\sigma_w^2/n$, biases $\sigma_b^2$. Then the mean square of a layer's pre-activations
goes from $q$ to $\sigma_w^2\,\mathbb E\,\phi(\sqrt q\,\xi)^2 + \sigma_b^2$ with a standard normal $\xi$, and
the correlation of two inputs' pre-activations has a map of its own. Source: Poole et al., "Exponential
expressivity in deep neural networks through transient chaos" (2016); Schoenholz et al., "Deep information
propagation" (2017). Here $\phi$ is `tanh` or `relu`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import sympy as sp

from helpers.arguments import checked, function, real

__all__ = [
    "correlation_map",
    "depth_scale",
    "fixed_point",
    "gaussian_mean",
    "gaussian_nodes",
    "length_map",
    "relu_correlation",
    "susceptibility",
]

_SPACING, _REACH = 0.125, 8.0

# Its square, and that times a square, are finite.
_MOST = 1e100


@cache
def gaussian_nodes() -> tuple[tuple[float, float], ...]:
    r"""Places and weights of a fixed sum for $\mathbb E f(\xi)$, $\xi$ standard normal: the trapezoidal rule.

    There are 129 nodes.

    For a function that is analytic around the line its error falls exponentially with the spacing: below 1e-9
    for $\tanh(\sqrt q\,\xi)^2$ up to $\sqrt q = 4$. The weights sum to 1.
    """
    places = [_SPACING * k for k in range(round(-_REACH / _SPACING), round(_REACH / _SPACING) + 1)]
    heights = [math.exp(-(x**2) / 2) for x in places]
    total = math.fsum(heights)
    return tuple((x, height / total) for x, height in zip(places, heights, strict=True))


@checked(function=function)
def gaussian_mean(function: Callable[[sp.Expr], sp.Expr], variance: float) -> float:
    r"""$\mathbb E f(\sqrt q\,\xi)$ by `gaussian_nodes`, for a function given as a SymPy expression of its argument.

    Raises ValueError for a variance that is negative or no finite number.

    >>> round(gaussian_mean(lambda u: u**2, 3.0), 12)
    3.0
    """
    scale = math.sqrt(_number("variance", variance))
    return math.fsum(
        weight * value(scale * x) for value in [_compiled(function)] for x, weight in gaussian_nodes()
    )


@lru_cache(maxsize=32)
def _compiled(function: Callable[[sp.Expr], sp.Expr]) -> Callable[[float], float]:
    u = sp.Symbol("u", real=True)
    return sp.lambdify(u, real("function", function(u)), "math")


def tanh_square(u: sp.Expr) -> sp.Expr:
    """The square of tanh."""
    return sp.tanh(u) ** 2


def tanh_slope_square(u: sp.Expr) -> sp.Expr:
    """The square of its derivative."""
    return (1 - sp.tanh(u) ** 2) ** 2


def length_map(q: float, activation: str, weight_scale: float, bias_scale: float) -> float:
    r"""$q \mapsto \sigma_w^2\,\mathbb E\,\phi(\sqrt q\,\xi)^2 + \sigma_b^2$; both scales are standard deviations.

    >>> length_map(2.0, "relu", 1.0, 0.5)
    1.25
    """
    w, b = _scales(activation, weight_scale, bias_scale)
    q = _number("q", q)
    return w**2 * (q / 2 if activation == "relu" else gaussian_mean(tanh_square, q)) + b**2


def fixed_point(activation: str, weight_scale: float, bias_scale: float) -> float:
    r"""The $q^*$ that the length map repeats, and to which its iteration leads.

    For `relu` $\sigma_b^2 / (1 - \frac12\sigma_w^2)$; infinity where $\sigma_w^2 > 2$, or $= 2$ with biases;
    without biases 0 below 2 (at 2 every $q$ is repeated: 0 is returned as well). For `tanh` by bisection, which
    always ends: the map rises, is concave in $q$, and bounded by $\sigma_w^2 + \sigma_b^2$. Raises ValueError
    for bad arguments.

    >>> round(fixed_point("tanh", 1.5, 0.5), 4)
    1.2182
    """
    w, b = _scales(activation, weight_scale, bias_scale)
    if activation == "relu":
        if b == 0:
            return 0.0 if w**2 <= 2 * (1 + 1e-15) else math.inf
        return b**2 / (1 - w**2 / 2) if w**2 < 2 else math.inf
    if b == 0 and w <= 1:
        return 0.0
    # The gap map(q) - q is positive below the fixed point and negative above.
    low, high = 0.0, w**2 + b**2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if length_map(middle, activation, w, b) > middle else (low, middle)
    return (low + high) / 2


def susceptibility(activation: str, weight_scale: float, bias_scale: float) -> float:
    r"""$\chi = \sigma_w^2\,\mathbb E\,\phi'(\sqrt{q^*}\,\xi)^2$: the slope of the correlation map at 1.

    It is also the factor of the gradients' mean square a layer.

    For `relu` $\frac12\sigma_w^2$ whatever $q$ is. Order below 1, chaos above.

    >>> round(susceptibility("tanh", 1.5, 0.5), 4)
    0.9671
    """
    w, b = _scales(activation, weight_scale, bias_scale)
    return (
        w**2 / 2
        if activation == "relu"
        else w**2 * gaussian_mean(tanh_slope_square, fixed_point(activation, w, b))
    )


def depth_scale(factor: Any) -> Any:
    r"""Layers in which $\chi^\ell$ falls by the factor $e$: $-1/\ln\chi$; a number or an expression below 1.

    Raises ValueError for a factor outside (0, 1).

    >>> depth_scale(sp.Rational(1, 6))
    1/log(6)
    """
    value = real("factor", factor)
    if value.is_number and not (value > 0 and value < 1):
        raise ValueError(f"factor: got {factor}, expected a number strictly between 0 and 1")
    return -1 / sp.log(value) if isinstance(factor, sp.Basic) else -1 / math.log(factor)


@checked(c=real)
def relu_correlation(c: Any) -> sp.Expr:
    r"""$\frac1\pi(\sqrt{1 - c^2} + c\,(\pi - \arccos c))$: twice the mean of two rectified numbers' product.

    They are standard normal with the correlation $c$.

    Source: Cho and Saul, "Kernel methods for deep learning" (2009), arc-cosine kernel of degree 1.

    >>> relu_correlation(1)
    1
    """
    return (sp.sqrt(1 - c**2) + c * (sp.pi - sp.acos(c))) / sp.pi


def correlation_map(c: float, activation: str, weight_scale: float, bias_scale: float) -> float:
    r"""Correlation of two inputs' pre-activations one layer on, both with the variance $q^*$.

    $c \mapsto (\sigma_w^2\,\mathbb E\,\phi(u_1)\phi(u_2) + \sigma_b^2)/q^*$ for Gaussian $u_1, u_2$ of variance
    $q^*$ and correlation $c$; where $q^*$ is 0 or infinite, the limit. Raises ValueError for a `c` outside [-1,
    1].

    >>> round(correlation_map(1.0, "tanh", 1.5, 0.5), 12)
    1.0
    """
    w, b = _scales(activation, weight_scale, bias_scale)
    if isinstance(c, bool) or not isinstance(c, (int, float, sp.Number)) or not -1 <= float(c) <= 1:
        raise ValueError(f"c: got {c!r}, expected a correlation from -1 to 1")
    q = fixed_point(activation, w, b)
    if activation == "relu":
        kernel = float(relu_correlation(c))
        return kernel if q in (0, math.inf) else (w**2 * q * kernel / 2 + b**2) / q
    if q < 1e-12:  # tanh is the identity there
        return float(c)
    scale, other = math.sqrt(q), math.sqrt(1 - c**2)
    nodes = [(scale * x, weight) for x, weight in gaussian_nodes()]
    product = math.fsum(
        wa * math.tanh(a) * math.fsum(wb * math.tanh(c * a + other * z) for z, wb in nodes) for a, wa in nodes
    )
    return (w**2 * product + b**2) / q


def _number(name: str, value: Any, most: float = _MOST) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, sp.Number))
        or not 0 <= float(value) <= most
    ):
        raise ValueError(f"{name}: got {value!r}, expected a finite number of at least 0, at most {most:g}")
    return float(value)


def _scales(activation: object, weight_scale: Any, bias_scale: Any) -> tuple[float, float]:
    if not isinstance(activation, str) or activation not in ("relu", "tanh"):
        raise ValueError(f"activation: got {activation!r}, expected one of relu, tanh")
    # The sum of their squares is a mean square, which `_number` has to allow.
    most = math.sqrt(_MOST) / 2
    return _number("weight_scale", weight_scale, most), _number("bias_scale", bias_scale, most)
