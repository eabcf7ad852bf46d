"""The figures of the chapter on amortised inference: the two gaps, the mean field, and what inference costs."""

from __future__ import annotations

import numbers
from typing import Any

import traitlets

from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["EncoderGaps", "InferenceCost", "MeanField"]


class Readings(traitlets.TraitType[list, list]):
    """Two to ten numbers from -0.97 to 0.97, as lists; anything else is a `ValueError` that names the trait."""

    LIMIT = 0.97

    def __init__(self, default: list[float], **keywords: Any) -> None:
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list[float]:
        items = value.tolist() if hasattr(value, "tolist") else value
        if (
            not isinstance(items, list | tuple)
            or not 2 <= len(items) <= 10
            or not all(
                isinstance(x, numbers.Real) and not isinstance(x, bool) and abs(x) <= self.LIMIT
                for x in items
            )
        ):
            raise ValueError(
                f"{self.name}: got {str(value)[:60]}, expected two to ten numbers from {-self.LIMIT} to {self.LIMIT}"
            )
        return [float(x) for x in items]

    def range(self, value: list[float]) -> list:
        """What the page lets it be: the reader moves the readings, and adds none."""
        return ["list", ["real", -self.LIMIT, self.LIMIT], len(value), len(value)]


class EncoderGaps(Figure):
    """Data, the exact posterior mean of each, and the curve of an encoder fitted to them; both gaps as bars.

    Two latent variables act on a signal u = z₁ + z₂ + τε, and a saturating sensor reads x = u/√(1 + u²).
    Traits: `degree` (0 to 6: of the encoder's polynomial), `sees` (`x`, or `size` for an encoder that sees |x|),
    `family` (`mean_field` or `full` covariance), `noise` (τ, 0.3 to 2), `data` (two to ten readings, -0.97 to 0.97),
    `fresh` (a reading that the encoder was not fitted to).
    """

    topic = "amortization"
    widget = "encoder-gaps"
    alt = (
        "Left, the posterior mean against the datum: a dashed curve, the encoder's polynomial, and points "
        "that can be dragged, each joined to the polynomial. Right, a bar for each datum: the approximation gap "
        "below, the amortisation gap on top of it."
    )
    caption = (
        "A more capable encoder lowers the upper parts of the bars and never the lower ones: those belong to the "
        "family. And what it does at its own data says little about a fresh one."
    )
    printed = (
        ("degree 1", {"degree": 1}),
        ("degree 5", {"degree": 5}),
        ("degree 5, full covariance", {"degree": 5, "family": "full"}),
    )

    degree = Integer(1, 0, 6)
    sees = Choice("x", ("x", "size"))
    family = Choice("mean_field", ("mean_field", "full"))
    noise = Real(0.8, 0.3, 2.0)
    data = Readings([-0.95, -0.7, -0.3, 0.3, 0.7, 0.95])
    fresh = Real(0.86, -Readings.LIMIT, Readings.LIMIT)


class MeanField(Figure):
    """A posterior with two correlated coordinates, and a proposal whose coordinates are independent.

    Traits: `rho` (-0.98 to 0.98, the correlation), `sigma` (0.05 to 1.5, both standard deviations of the proposal).
    """

    topic = "amortization"
    widget = "mean-field"
    alt = (
        "Left, contours of a correlated bell curve in the plane, ellipses along a diagonal, and the circles of the "
        "best proposal with independent coordinates, which meet them on the axes. Right, the gap against the "
        "correlation: a valley at zero, rising without bound at both ends, with your proposal above it."
    )
    caption = (
        "With independent coordinates the best proposal is as wide as a slice of the posterior, not as its shadow. "
        "What is lost, −½ log(1 − ρ²), depends on the correlation alone."
    )
    printed = (
        (r"$\rho = 0$, $\sigma = 1$", {"rho": 0.0, "sigma": 1.0}),
        (r"$\rho = 0.8$, $\sigma = 0.6$", {"rho": 0.8, "sigma": 0.6}),
        (r"$\rho = 0.96$, $\sigma = 0.28$", {"rho": 0.96, "sigma": 0.28}),
    )

    rho = Real(0.8, -0.98, 0.98)
    sigma = Real(1.0, 0.05, 1.5)


class InferenceCost(Figure):
    """Steps, multiplications and memory: one posterior at a time against an encoder.

    Traits: `view` (`error`, `cost` or `memory`), `learning_rate` (0.01 to 1.1, of gradient ascent towards the
    posterior N(x/2, 1/2) of x = 3), `log_encoder_error` (-5 to 0: the decimal logarithm of the encoder's error),
    `hidden` (10 to 1000, the width of its hidden layer), `latent` (1 to 100 dimensions), `steps` (1 to 500 for each
    datum), `log_training` (3 to 9: the decimal logarithm of the number of data seen in training).
    """

    topic = "amortization"
    widget = "inference-cost"
    alt = (
        "One of three plots on logarithmic axes. Error against gradient steps: falling lines, one a step size, "
        "and the level line of the encoder. Multiplications, or numbers in memory, against the number of data: a "
        "rising line without an encoder and a flat one with it, and the point where they cross."
    )
    caption = (
        "An encoder costs much before the first datum and little for each. Below the crossing a table of "
        "posteriors is cheaper, above it the encoder; and steps from its answer arrive before steps from nowhere."
    )
    printed = (
        ("error", {"view": "error"}),
        ("multiplications", {"view": "cost"}),
        ("memory", {"view": "memory"}),
    )

    view = Choice("error", ("error", "cost", "memory"))
    learning_rate = Real(0.1, 0.01, 1.1)
    log_encoder_error = Real(-1.5, -5.0, 0.0)
    hidden = Integer(400, 10, 1000)
    latent = Integer(20, 1, 100)
    steps = Integer(64, 1, 500)
    log_training = Real(6.0, 3.0, 9.0)
