r"""Maps of the line, symbolically: which of them are invertible, their slopes, and what a flow does to a density.

The chapter "Flows on a line" proves what stands here; its figures are compiled from the same expressions.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

__all__ = [
    "leaky_relu",
    "logistic_density",
    "logit",
    "mixture",
    "relu",
    "residual_sine",
    "sigmoid",
    "sigmoid_mixture",
    "standard_normal_density",
]


def relu(x: sp.Expr) -> sp.Expr:
    r"""$\max(0, x)$."""
    return sp.Max(0, x)


def leaky_relu(x: sp.Expr, slope: sp.Expr) -> sp.Expr:
    r"""$x$ where $x \ge 0$, and `slope` times $x$ elsewhere."""
    return sp.Piecewise((x, sp.Ge(x, 0)), (slope * x, True))


def sigmoid(x: sp.Expr) -> sp.Expr:
    r"""The logistic sigmoid $\sigma(x) = 1/(1 + e^{-x})$, an increasing bijection from the line to $(0, 1)$."""
    return 1 / (1 + sp.exp(-x))


def logit(p: sp.Expr) -> sp.Expr:
    r"""The inverse of the sigmoid, $\log\frac{p}{1-p}$ for $0 < p < 1$.

    >>> x = sp.Symbol("x", real=True)
    >>> sp.simplify(sp.exp(logit(sigmoid(x))))
    exp(x)
    """
    return sp.log(p / (1 - p))


def mixture(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""$f(z) = \sum_i w_i\,\sigma(a_i z + b_i)$.

    Raises ValueError where the three have not one length of at least 1.
    """
    weights, scales, shifts = tuple(weights), tuple(scales), tuple(shifts)
    if not len(weights) == len(scales) == len(shifts) >= 1:
        raise ValueError(
            f"weights, scales, shifts: got {len(weights)}, {len(scales)} and {len(shifts)} of them, "
            "expected one length, at least 1"
        )
    return sp.Add(*(w * sigmoid(a * z + b) for w, a, b in zip(weights, scales, shifts, strict=True)))


def sigmoid_mixture(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""$g(z) = \sigma^{-1}\bigl(\sum_i w_i\,\sigma(a_i z + b_i)\bigr)$ for weights that sum to one.

    Written as the logarithm of a quotient of sums, $1 - f = \sum_i w_i\,\sigma(-a_i z - b_i)$, so that it keeps its
    digits where $f$ is next to 1. Raises ValueError as `mixture` does.
    """
    below = mixture(z, weights, [-a for a in scales], [-b for b in shifts])
    return sp.log(mixture(z, weights, scales, shifts)) - sp.log(below)


def residual_sine(z: sp.Expr, strength: sp.Expr) -> sp.Expr:
    r"""$g(z) = z + c \sin z$, increasing exactly if $\lvert c\rvert \le 1$."""
    return z + strength * sp.sin(z)


def standard_normal_density(y: sp.Expr) -> sp.Expr:
    r"""$e^{-y^2/2}/\sqrt{2\pi}$."""
    return sp.exp(-(y**2) / 2) / sp.sqrt(2 * sp.pi)


def logistic_density(y: sp.Expr) -> sp.Expr:
    r"""$\sigma(y)\,\sigma(-y)$, the derivative of the sigmoid."""
    return sigmoid(y) * sigmoid(-y)
