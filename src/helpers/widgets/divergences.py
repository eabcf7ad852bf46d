"""The figures of the chapter on the divergence: two laws of four outcomes, and two correlated pairs."""

from __future__ import annotations

import math
import numbers
from typing import Any

import traitlets

from helpers.widgets.base import Choice, Figure, Real

__all__ = ["CorrelatedPair", "Probabilities", "TwoHistograms"]


class Probabilities(traitlets.TraitType[tuple, tuple]):
    """`size` probabilities: a list, a tuple or an array of numbers from 0 to 1 with the sum 1, to 1e-9.

    Anything else is a `ValueError` that names the trait.
    """

    def __init__(self, default: tuple[float, ...], **keywords: Any) -> None:
        self.size = len(default)
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> tuple[float, ...]:
        items = list(value) if isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) == 1 else []
        good = all(isinstance(item, numbers.Real) and not isinstance(item, bool) for item in items)
        law = tuple(float(item) for item in items) if good else ()
        if len(law) != self.size or not all(0 <= item <= 1 for item in law):
            raise ValueError(f"{self.name}: got {value!r}, expected {self.size} probabilities from 0 to 1")
        if abs(math.fsum(law) - 1) > 1e-9:
            raise ValueError(f"{self.name}: got {value!r} of sum {math.fsum(law):g}, expected the sum 1")
        return law

    def range(self, value: tuple[float, ...]) -> list:
        """What the page lets it be; the last number is the sum."""
        return ["list", ["real", 0, 1], self.size, self.size, 1]


class TwoHistograms(Figure):
    """Two laws of four outcomes as bars to drag, and −log of their ratio above its tangent.

    Traits: `q`, `p` (four probabilities each, of sum 1), `touch` (`one`: the tangent touches at 1; `mass`: at the
    mass that p has where q is positive).
    """

    topic = "divergences"
    widget = "two-histograms"
    alt = (
        "Left, a bar of q and a bar of p for each of four outcomes, their tops to be dragged. Right, the curve −log "
        "t above its tangent; at the ratio t = p/q of each outcome a line leads from the tangent up to the curve, "
        "the thicker the more probable the outcome is under q."
    )
    caption = (
        "The curve lies above its tangent, so no outcome lowers the divergence below what the tangent gives: never "
        "below zero. It is zero only where every ratio is 1, and infinite as soon as p gives 0 to an outcome of q."
    )
    printed = (
        ("two laws", {"q": (0.4, 0.3, 0.2, 0.1), "p": (0.1, 0.4, 0.3, 0.2)}),
        ("equal laws", {"q": (0.4, 0.3, 0.2, 0.1), "p": (0.4, 0.3, 0.2, 0.1)}),
        ("p gives 0 to an outcome", {"q": (0.4, 0.3, 0.2, 0.1), "p": (0.0, 0.5, 0.3, 0.2)}),
    )

    q = Probabilities((0.4, 0.3, 0.2, 0.1))
    p = Probabilities((0.1, 0.4, 0.3, 0.2))
    touch = Choice("one", ("one", "mass"))


class CorrelatedPair(Figure):
    """Two Gaussian pairs as ellipses with their marginals, and the divergence as bars: coordinates, dependence, sum.

    Traits: `rho_q`, `rho_p` (correlations, -0.95 to 0.95), `mean` (both means of q, 0 to 1.5; those of p are 0). All
    standard deviations are 1.
    """

    topic = "divergences"
    widget = "correlated-pair"
    alt = (
        "Left, two ellipses for each of the laws q and p in the plane, and at the edges the bell curves of the "
        "single coordinates. Right, horizontal bars in nats: the divergences of the two coordinates, what the "
        "dependence in q adds, what the dependence in p adds or takes away, and the divergence of the pairs."
    )
    caption = (
        "The bell curves at the edges know nothing of the correlations, and neither does the sum of their "
        "divergences. Only where both pairs are independent is it the divergence of the pairs for every mean."
    )
    printed = (
        ("both independent", {"rho_q": 0.0, "rho_p": 0.0}),
        ("dependent under q", {"rho_q": 0.8, "rho_p": 0.0}),
        ("equally dependent", {"rho_q": 0.8, "rho_p": 0.8}),
    )

    rho_q = Real(0.8, -0.95, 0.95)
    rho_p = Real(0.0, -0.95, 0.95)
    mean = Real(0.5, 0.0, 1.5)
