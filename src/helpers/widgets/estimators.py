"""The figures of the chapter on gradients of expectations: clouds of gradients, and a race of their variances."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["GradientCloud", "VarianceRace"]


class GradientCloud(Figure):
    """Four estimators of the gradient of the divergence from N(mu, sigma²) to N(0, 1), each a cloud of steps.

    Traits: `mu` (-2.5 to 2.5) and `sigma` (0.2 to 2.5, a standard deviation): the point; `step` (0.02 to 0.5, the
    factor from a gradient to an arrow); `table` (1 to 12, the noise).
    """

    topic = "estimators"
    widget = "gradient-cloud"
    alt = (
        "Four planes of mean and scale with the level lines of the divergence and one point in common. From it "
        "leave sixty thin lines with dots at their ends, a step for each draw, and a bold arrow, the exact step. A "
        "plane for each estimator: score function, score function with a baseline, total derivative, path derivative."
    )
    caption = (
        "All four clouds have the bold arrow for their mean. They differ in their spread, and the total derivative "
        "alone keeps its spread where there is nothing left to descend."
    )
    printed = (
        ("far from the minimum", {"mu": -1.2, "sigma": 1.4}),
        ("at the minimum", {"mu": 0.0, "sigma": 1.0}),
    )

    mu = Real(-1.2, -2.5, 2.5)
    sigma = Real(1.4, 0.2, 2.5)
    step = Real(0.3, 0.02, 0.5)
    table = Integer(1, 1, 12)


class VarianceRace(Figure):
    """The variances of the estimators: of the divergence's gradient against sigma, or of a wave's against omega.

    Traits: `objective` (`divergence`, or `wave` for the mean of sin(omega z)), `coordinate` (`mu` or `sigma`), `mu`
    (-2.5 to 2.5), `sigma` (0.2 to 2.5, a standard deviation), `omega` (0.2 to 12).
    """

    topic = "estimators"
    widget = "variance-race"
    alt = (
        "Curves of the variance of each estimator on a logarithmic scale, against sigma or against omega, with a "
        "marker that can be dragged and circles where two of them change the lead."
    )
    caption = (
        "No estimator wins everywhere. For the divergence the path derivative beats the total one above σ = 1/√2 "
        "and loses below; for a wave the reparameterised gradient wins while the wave is smooth on the scale σ, and "
        "the score function after."
    )
    printed = (
        ("divergence, by the mean", {"objective": "divergence", "coordinate": "mu"}),
        ("divergence, by the scale", {"objective": "divergence", "coordinate": "sigma"}),
        ("wave, by the mean", {"objective": "wave", "coordinate": "mu"}),
    )

    objective = Choice("divergence", ("divergence", "wave"))
    coordinate = Choice("mu", ("mu", "sigma"))
    mu = Real(0.5, -2.5, 2.5)
    sigma = Real(0.5, 0.2, 2.5)
    omega = Real(3.0, 0.2, 12.0)
