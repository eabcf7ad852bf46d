"""Counts: what an encoder and a table of posteriors hold in memory, and how many multiplications they take.

Widths are the sizes of the layers of a fully connected network with biases, from its input to its output. Counted are
the multiplications of its matrix products; biases and activations cost less by a factor of the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sympy as sp

from helpers.arguments import checked, number, positive, scalar

__all__ = [
    "amortized_cost",
    "break_even",
    "cost_crossing",
    "instance_cost",
    "multiplication_count",
    "parameter_count",
    "step_multiplications",
    "training_multiplications",
]


def parameter_count(widths: Sequence[Any]) -> Any:
    r"""$\lvert\phi\rvert$, weights and biases: $\sum_l (w_l + 1)\,w_{l+1}$.

    `widths` are at least two whole numbers or symbols; ValueError for others.

    >>> parameter_count([784, 400, 40])
    330040
    """
    return sum((before + 1) * after for before, after in pairwise(_widths("widths", widths)))


def multiplication_count(widths: Sequence[Any]) -> Any:
    r"""Multiplications of one forward pass: $\sum_l w_l w_{l+1}$. `widths` as for `parameter_count`.

    >>> multiplication_count([784, 400, 40])
    329600
    """
    return sum(before * after for before, after in pairwise(_widths("widths", widths)))


@checked(parameters=positive, numbers_per_datum=positive)
def break_even(parameters: Any, numbers_per_datum: Any) -> Any:
    r"""The number of data at which a table of posteriors is as large as the encoder: the quotient.

    Both are positive numbers or symbols; ValueError for one that is known not to be.

    >>> break_even(330040, 40)
    8251
    """
    return parameters / numbers_per_datum


def step_multiplications(decoder: Sequence[Any]) -> Any:
    """Multiplications of one gradient step for one datum: through the decoder, and back to its input.

    `decoder` are its widths, as for `parameter_count`. The parameters of the decoder stay.
    """
    return 2 * multiplication_count(_widths("decoder", decoder))


def training_multiplications(encoder: Sequence[Any], decoder: Sequence[Any]) -> Any:
    """Multiplications of one training step of the encoder for one datum.

    Through both networks and back; the gradient in the encoder's weights takes as many again, that in the datum none.
    `encoder`, `decoder` are widths, as for `parameter_count`.
    """
    first, second = _widths("encoder", encoder)[:2]
    return step_multiplications(decoder) + 3 * multiplication_count(encoder) - first * second


@checked(data=number, steps=number)
def instance_cost(data: Any, steps: Any, decoder: Sequence[Any]) -> Any:
    """Multiplications of `steps` gradient steps for each of `data` data, without an encoder."""
    return data * steps * step_multiplications(decoder)


@checked(data=number, training_steps=number)
def amortized_cost(data: Any, training_steps: Any, encoder: Sequence[Any], decoder: Sequence[Any]) -> Any:
    """Multiplications of a training of `training_steps` (data seen, with repetitions) and of one forward pass for
    each of `data` data."""
    return training_steps * training_multiplications(encoder, decoder) + data * multiplication_count(encoder)


@checked(steps=number, training_steps=number)
def cost_crossing(steps: Any, training_steps: Any, encoder: Sequence[Any], decoder: Sequence[Any]) -> Any:
    """The number of data at which `instance_cost` and `amortized_cost` agree.

    Raises ValueError where one forward pass is known to cost as much as all the gradient steps for a datum: then
    training never pays.

    >>> cost_crossing(64, 1_000_000, [784, 400, 40], [20, 400, 784])
    32286
    """
    _widths("encoder", encoder)
    saved = steps * step_multiplications(decoder) - multiplication_count(encoder)
    if sp.sympify(saved).is_positive is False:
        raise ValueError(f"steps: got {steps}, expected so many that they cost more than one forward pass")
    found = training_steps * training_multiplications(encoder, decoder) / sp.sympify(saved)
    return sp.ceiling(found) if found.is_number else found


def _widths(name: str, given: Any) -> list:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) < 2:
        raise ValueError(f"{name}: got {given!r}, expected at least two widths")
    return [_whole(name, width) for width in given]


def _whole(name: str, width: Any) -> Any:
    symbol = None if isinstance(width, bool) else scalar(name, width)
    if symbol is None or symbol.is_integer is False or symbol.is_positive is False or not symbol.is_real:
        raise ValueError(f"{name}: got {width!r}, expected positive whole numbers")
    return symbol
