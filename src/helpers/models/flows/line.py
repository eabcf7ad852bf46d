r"""Maps of the line, symbolically: which of them are invertible, their slopes, and what a flow does to a density.

The chapter "Flows on a line" proves what stands here; its figures are compiled from the same expressions.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from helpers.arguments import checked, positive, real, several

__all__ = [
    "bracket",
    "leaky_relu",
    "left_asymptote",
    "logistic_density",
    "logit",
    "mixture",
    "relu",
    "residual_sine",
    "right_asymptote",
    "sigmoid",
    "sigmoid_mixture",
    "sigmoid_mixture_slope",
]


@checked(x=real)
def relu(x: sp.Expr) -> sp.Expr:
    r"""$\max(0, x)$."""
    return sp.Max(0, x)


@checked(x=real, slope=real)
def leaky_relu(x: sp.Expr, slope: sp.Expr) -> sp.Expr:
    r"""$\max(0, x) - \lambda\max(0, -x)$: $x$ where $x \ge 0$, and $\lambda$ times $x$ elsewhere."""
    return relu(x) - slope * relu(-x)


@checked(x=real)
def sigmoid(x: sp.Expr) -> sp.Expr:
    r"""The logistic sigmoid $\sigma(x) = 1/(1 + e^{-x})$, an increasing bijection from the line to $(0, 1)$."""
    return 1 / (1 + sp.exp(-x))


@checked(p=real)
def logit(p: sp.Expr) -> sp.Expr:
    r"""The inverse of the sigmoid, $\log\frac{p}{1-p}$ for $0 < p < 1$.

    >>> x = sp.Symbol("x", real=True)
    >>> sp.simplify(sp.exp(logit(sigmoid(x))))
    exp(x)
    """
    return sp.log(p / (1 - p))


@checked(z=real, weights=several(real), scales=several(real), shifts=several(real))
def mixture(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""$F(z) = \sum_i w_i\,\sigma(a_i z + b_i)$.

    Raises ValueError where the three have not one length of at least 1.
    """
    weights, scales, shifts = tuple(weights), tuple(scales), tuple(shifts)
    if not len(weights) == len(scales) == len(shifts) >= 1:
        raise ValueError(
            f"weights, scales, shifts: got {len(weights)}, {len(scales)} and {len(shifts)} of them, "
            "expected one length, at least 1"
        )
    return sp.Add(*(w * sigmoid(a * z + b) for w, a, b in zip(weights, scales, shifts, strict=True)))


@checked(z=real, weights=several(real), scales=several(real), shifts=several(real))
def sigmoid_mixture(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""$g(z) = \sigma^{-1}\bigl(\sum_i w_i\,\sigma(a_i z + b_i)\bigr)$ for weights that sum to one.

    Written as the logarithm of a quotient of sums, $1 - F = \sum_i w_i\,\sigma(-a_i z - b_i)$, so that it keeps its
    digits where $F$ is next to 1. Raises ValueError as `mixture` does.
    """
    below = mixture(z, weights, [-a for a in scales], [-b for b in shifts])
    return sp.log(mixture(z, weights, scales, shifts)) - sp.log(below)


@checked(z=real, strength=real)
def residual_sine(z: sp.Expr, strength: sp.Expr) -> sp.Expr:
    r"""$g(z) = z + c \sin z$, increasing exactly if $\lvert c\rvert \le 1$."""
    return z + strength * sp.sin(z)


@checked(y=real)
def logistic_density(y: sp.Expr) -> sp.Expr:
    r"""$\sigma(y)\,\sigma(-y)$, the derivative of the sigmoid."""
    return sigmoid(y) * sigmoid(-y)


@checked(z=real, weights=several(real), scales=several(real), shifts=several(real))
def sigmoid_mixture_slope(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""$g'(z) = \frac{\sum_i w_i a_i\,\sigma(a_i z + b_i)\,\sigma(-a_i z - b_i)}{F\,(1 - F)}$, in $(0, \max_i a_i]$.

    Raises ValueError as `mixture` does.
    """
    above = mixture(z, weights, scales, shifts)
    below = mixture(z, weights, [-a for a in scales], [-b for b in shifts])
    rising = sp.Add(
        *(w * a * logistic_density(a * z + b) for w, a, b in zip(weights, scales, shifts, strict=True))
    )
    return rising / (above * below)


@checked(z=real, weights=several(real), scales=several(real), shifts=several(real))
def right_asymptote(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""The line that $g$ comes close to as $z \to \infty$: its slope is the smallest scale.

    With one smallest scale $a_j$ it is $a_j z + b_j - \log w_j$; where two components tie, their
    $w_j e^{-b_j}$ add. For two components; raises ValueError for another number of them.
    """
    if not len(weights) == len(scales) == len(shifts) == 2:
        raise ValueError(f"scales: got {len(scales)} components, expected 2")
    (w_1, w_2), (a_1, a_2), (b_1, b_2) = weights, scales, shifts
    return sp.Piecewise(
        (a_1 * z + b_1 - sp.log(w_1), a_1 < a_2),
        (a_2 * z + b_2 - sp.log(w_2), a_2 < a_1),
        (a_1 * z - sp.log(w_1 * sp.exp(-b_1) + w_2 * sp.exp(-b_2)), True),
    )


@checked(z=real, weights=several(real), scales=several(real), shifts=several(real))
def left_asymptote(z: sp.Expr, weights: Sequence, scales: Sequence, shifts: Sequence) -> sp.Expr:
    r"""The line that $g$ comes close to as $z \to -\infty$: minus the right one of $z \mapsto -g(-z)$.

    That map is a mixture with the same weights and scales, and the shifts $-b_i$. Raises as `right_asymptote`.
    """
    return -right_asymptote(-z, weights, scales, [-b for b in shifts])


@checked(y=real, scales=several(positive), shifts=several(real))
def bracket(y: sp.Expr, scales: Sequence, shifts: Sequence) -> tuple[sp.Expr, sp.Expr]:
    r"""The ends of $\min_i (y - b_i)/a_i \le g^{-1}(y) \le \max_i (y - b_i)/a_i$.

    At the lower end every $a_i z + b_i \le y$, so that $g \le y$; at the upper end the other way round.

    >>> bracket(sp.Integer(0), (1, 2), (4, -4))
    (-4, 2)
    """
    if len(scales) != len(shifts):
        raise ValueError(f"shifts: got {len(shifts)} of them, expected {len(scales)}, as many as scales")
    crossings = [(y - b) / a for a, b in zip(scales, shifts, strict=True)]
    return sp.Min(*crossings), sp.Max(*crossings)
