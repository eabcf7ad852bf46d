"""The figures of the chapter on divergences between Gaussians: a law beside the standard one, and two ellipses."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Pair, Real

__all__ = ["DivergenceLandscape", "EllipseDivergence"]


class DivergenceLandscape(Figure):
    """The line: q = N(μ, σ²) beside p = N(0, 1), what each place adds to the divergence, and its map over (μ, σ).

    Traits: `mu` (-2.5 to 2.5), `sigma` (0.2 to 4), `reading` (`deviation`: σ is a standard deviation, as in the book;
    `variance`: the same number taken for a variance).
    """

    topic = "gaussians"
    widget = "divergence-landscape"
    alt = (
        "Left, the densities of q and p, and with them the curve q log(q/p), its area shaded in one colour above "
        "zero and in another below. Right, level lines of the divergence over the mean and the scale of q, around "
        "the point (0, 1), with the present point, which can be dragged."
    )
    caption = (
        "The divergence is the signed area: what lies above zero less what lies below. Over mean and "
        "scale it has one valley, whose bottom, at mean 0 and scale 1, is the only place where it vanishes."
    )
    printed = (
        ("too narrow", {"mu": 1.0, "sigma": 0.5}),
        ("the minimum", {"mu": 0.0, "sigma": 1.0}),
        ("too wide", {"mu": 1.0, "sigma": 2.5}),
    )

    mu = Real(1.0, -2.5, 2.5)
    sigma = Real(0.5, 0.2, 4.0)
    reading = Choice("deviation", ("deviation", "variance"))


class EllipseDivergence(Figure):
    """The plane: two Gaussian laws as ellipses, the four terms of the divergence, and p's nearest diagonal laws.

    Traits: `mean_q`, `mean_p`; `q_first`, `q_second`, `p_first`, `p_second` (standard deviations along the two axes,
    0.3 to 2); `q_angle`, `p_angle` (of the first axis, -180 to 180 degrees); `direction` (`q_p` for D(q‖p), `p_q` for
    D(p‖q)); `nearest` (`hidden` or `shown`: the diagonal laws nearest to p).
    """

    topic = "gaussians"
    widget = "ellipse-divergence"
    alt = (
        "Left, two laws of the plane, each as the ellipses of one and two standard deviations, with handles at the "
        "centre and at the ends of the axes. Right, four bars, each beginning where the one before ends, and a fifth "
        "for their sum, the divergence."
    )
    caption = (
        "Trace, distance of the means, dimension and volumes: four terms, and the divergence is their sum. Exchange "
        "the laws and each of them changes, but for the dimension."
    )
    printed = (
        (r"$D(q\|p)$", {"direction": "q_p"}),
        (r"$D(p\|q)$", {"direction": "p_q"}),
        ("the nearest diagonal laws", {"nearest": "shown"}),
    )

    mean_q = Pair((-1.0, -0.5))
    mean_p = Pair((0.5, 0.5))
    q_first = Real(1.0, 0.3, 2.0)
    q_second = Real(0.6, 0.3, 2.0)
    q_angle = Real(110.0, -180.0, 180.0)
    p_first = Real(2.0, 0.3, 2.0)
    p_second = Real(0.7, 0.3, 2.0)
    p_angle = Real(35.0, -180.0, 180.0)
    direction = Choice("q_p", ("q_p", "p_q"))
    nearest = Choice("hidden", ("hidden", "shown"))
