"""The figures of the chapters on games: three views of one bilinear game, linked to the same controls."""

from __future__ import annotations

from helpers.models.games.methods import METHODS
from helpers.widgets.base import Choice, Figure, Integer, Pair, Real

__all__ = ["PhasePlane", "SpectralRadiusMap", "Spectrum"]


class _GameFigure(Figure):
    """What the three views share: the rule, its rates, where the game starts and how many steps are shown."""

    topic = "games"

    method = Choice("simultaneous", tuple(METHODS))
    learning_rate = Real(0.2, 0.0, 2.5)
    strength = Real(0.5, 0.0, 3.0)
    momentum = Real(-0.5, -1.2, 1.2)
    start = Pair((1.0, 0.0))
    step = Integer(30, 0, 200)


class PhasePlane(_GameFigure):
    """The plane of both players: field, draggable start, trajectory, its exact curve, and the circle of the ODE.

    Traits: `method` (a name in `METHODS`), `learning_rate` (0 to 2.5), `strength` (0 to 3), `momentum`
    (-1.2 to 1.2), `start` (d, g), `step` (0 to 200: how many steps are drawn).
    """

    widget = "phase-plane"
    alt = (
        "The plane with the discriminator d to the right and the generator g upwards. Arrows show where both "
        "players want to move, a dashed circle the continuous game, dots the steps of the chosen method from a "
        "start that can be dragged."
    )
    caption = (
        "In continuous time the players circle the equilibrium. Whether their steps leave it, circle it or reach "
        "it depends on the rule."
    )
    printed = (
        ("simultaneous", {"method": "simultaneous", "step": 40}),
        ("alternating", {"method": "alternating", "step": 40}),
        ("optimistic", {"method": "optimistic", "step": 40}),
    )


class Spectrum(_GameFigure):
    """Eigenvalues of the iteration matrix against the unit circle, and the norm against the step on a log axis.

    Same traits as `PhasePlane`.
    """

    widget = "spectrum"
    alt = (
        "Left, the eigenvalues of the iteration matrix in the complex plane against the unit circle. Right, the "
        "distance from the equilibrium at each step on a logarithmic axis, below its envelope."
    )
    caption = (
        "While every eigenvalue lies inside the unit disc the distance falls to zero; the largest modulus sets the "
        "slope of the envelope."
    )
    printed = (
        ("simultaneous", {"method": "simultaneous", "step": 40}),
        ("alternating", {"method": "alternating", "step": 40}),
        ("extragradient", {"method": "extragradient", "step": 40}),
    )


class SpectralRadiusMap(_GameFigure):
    """Spectral radius over the learning rate and the method's parameter, with the present point on it.

    Same traits as `PhasePlane`. For a method without a parameter it is a curve over the learning rate.
    """

    widget = "spectral-radius-map"
    alt = (
        "The spectral radius over the learning rate and the method's parameter: one colour where the method "
        "converges, another where it does not, the exact border between them, and the present point. For a "
        "method without a parameter, a curve over the learning rate."
    )
    caption = (
        "Each rule with a parameter has its own region of convergence, with an exact border; the rules without one "
        "converge up to a learning rate, for every learning rate, or for none."
    )
    printed = (
        ("consensus", {"method": "consensus"}),
        ("a penalty on the discriminator", {"method": "penalty"}),
        ("heavy ball, alternating", {"method": "heavy_ball_alternating"}),
    )
