r"""What three common schemes draw: independent uniform weights and biases, each with a bound that the fans set.

A layer with the weight matrix $A$ has the fan-in $n$ (numbers that one unit reads) and the fan-out $m$ (units
that read one number). Every scheme draws weights from $U(-a, a)$ with the variance $a^2/3$.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, real, scalar, several, whole

__all__ = ["SCHEMES", "bias_bound", "check_scheme", "check_slope", "check_width", "fans", "weight_bound"]

SCHEMES = ("torch", "kaiming", "xavier")
"""`torch`: what `torch.nn.Linear` and `torch.nn.Conv1d` do by themselves, biases included; `kaiming`:
`nn.init.kaiming_uniform_` for a leaky rectifier; `xavier`: `nn.init.xavier_uniform_`; both with zero biases."""


@checked(shape=several(whole(1), least=0))
def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Fan-in and fan-out of a weight tensor, `(out, in)` of a linear layer or `(out, in, *kernel)` of a convolution.

    Raises ValueError for fewer than two axes and for lengths that are not positive.

    >>> fans((16, 3, 5))  # nn.Conv1d(3, 16, 5)
    (15, 80)
    """
    lengths = list(shape)
    if len(lengths) < 2:
        raise ValueError(f"shape: got {tuple(lengths)}, expected (out, in, *kernel)")
    for length in lengths:
        check_width("shape", length)
    outputs, inputs, *kernel = lengths
    return inputs * math.prod(kernel), outputs * math.prod(kernel)


def weight_variance(scheme: str, fan_in: Any, fan_out: Any, *, slope: Any = 0) -> sp.Expr:
    r"""Variance of one weight: $\frac1{3n}$ (torch), $\frac{2}{(1 + a^2)n}$ (kaiming), $\frac2{n + m}$ (xavier).

    `fan_in` $n$ and `fan_out` $m$ are positive whole numbers or SymPy expressions, `slope` is the $a$ that a
    leaky rectifier has below zero. Raises ValueError for an unknown scheme, and for fans that cannot be such.
    Sources: Glorot and Bengio (2010), He et al. (2015), PyTorch's `torch/nn/modules/linear.py`.

    >>> weight_variance("kaiming", 8, 4)
    1/4
    """
    check_scheme(scheme)
    n, m = (check_width(name, value) for name, value in (("fan_in", fan_in), ("fan_out", fan_out)))
    slope = check_slope(slope)
    if scheme == "torch":
        return 1 / (3 * n)
    return 2 / ((1 + slope**2) * n) if scheme == "kaiming" else 2 / (n + m)


def weight_bound(scheme: str, fan_in: Any, fan_out: Any, *, slope: Any = 0) -> sp.Expr:
    r"""The $a$ of $U(-a, a)$ from which weights are drawn: $\sqrt3$ times their standard deviation.

    >>> weight_bound("torch", 9, 4)
    1/3
    """
    return sp.sqrt(3 * weight_variance(scheme, fan_in, fan_out, slope=slope))


def bias_bound(scheme: str, fan_in: Any) -> sp.Expr:
    r"""The same for biases: $1/\sqrt n$ (torch), or 0.

    >>> bias_bound("torch", 9), bias_bound("xavier", 9)
    (1/3, 0)
    """
    check_scheme(scheme)
    return 1 / sp.sqrt(check_width("fan_in", fan_in)) if scheme == "torch" else sp.S.Zero


def check_scheme(scheme: object) -> None:
    """Refuse what is no scheme."""
    if not isinstance(scheme, str) or scheme not in SCHEMES:
        raise ValueError(f"scheme: got {scheme!r}, expected one of {', '.join(SCHEMES)}")


def check_width(name: str, value: Any, where: str = "") -> sp.Expr:
    """The number of units or inputs as a SymPy expression; refuse what cannot be one."""
    width = scalar(name, value)
    if width.is_positive is False or width.is_integer is False or width.is_real is False:
        raise ValueError(f"{name}: got {value!r}{where}, expected a positive whole number")
    return width


def check_slope(slope: Any) -> sp.Expr:
    """The slope of a leaky rectifier as a SymPy expression; refuse what is no real number."""
    return real("slope", slope)
