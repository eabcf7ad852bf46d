"""The figures of the chapter on change of variables: a density that is moved, on the line and in the plane."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Pair, Real

__all__ = ["AffineDensity", "ScaledDensity"]


class ScaledDensity(Figure):
    """The line: samples of the standard normal law, where x = μ + σz takes them, and a small interval carried along.

    Traits: `mu` (-2 to 2), `sigma` (-2.5 to 2.5; at 0 there is no density), `point` (-2.5 to 2.5, the middle of the
    interval).
    """

    topic = "densities"
    widget = "scaled-density"
    alt = (
        "Above, the bell curve of z with forty samples and a small shaded interval. Lines lead each sample to its "
        "image, x = μ + σz, and the interval to its image. Below, the density of x, shaded over the image."
    )
    caption = (
        "The map stretches the interval and lowers the density by the same factor |σ|: density times length, the "
        "probability, is carried along unchanged."
    )
    printed = (
        (r"$\sigma = 0.5$", {"sigma": 0.5}),
        (r"$\sigma = 1.8$", {"sigma": 1.8}),
        (r"$\sigma = -1.2$", {"sigma": -1.2}),
    )

    mu = Real(0.5, -2.0, 2.0)
    sigma = Real(1.8, -2.5, 2.5)
    point = Real(0.7, -2.5, 2.5)


class AffineDensity(Figure):
    """The plane: a cloud of standard normal samples, the unit circle and a small square, and their images under S.

    Traits: `s11`, `s12`, `s21`, `s22` (the entries of S, -2 to 2), `point` (z or x), `direction` (`forwards`: the
    point is z and its square is followed to x; `backwards`: the point is x), `normaliser` (`right`, or `printed` for
    the one with the determinant of S under the root).
    """

    topic = "densities"
    widget = "affine-density"
    alt = (
        "Two planes side by side. Left, a round cloud of samples with two circles and a small square. Right, their "
        "images under the matrix S: the cloud and the circles become ellipses, the square a parallelogram. The "
        "columns of S are arrows that can be dragged."
    )
    caption = (
        "Areas change by the factor |det S| and densities by its inverse, whichever way the square is followed. At "
        "det S = 0 the plane collapses, and no density is left."
    )
    printed = (
        ("areas grow", {"s11": 1.5, "s12": 0.5, "s21": 0.5, "s22": 1.0}),
        ("areas shrink", {"s11": 0.8, "s12": 0.5, "s21": 0.2, "s22": 0.5}),
        ("a mirror image", {"s11": -1.0, "s12": 0.3, "s21": 0.5, "s22": 1.0}),
    )

    s11 = Real(1.5, -2.0, 2.0)
    s12 = Real(0.5, -2.0, 2.0)
    s21 = Real(0.5, -2.0, 2.0)
    s22 = Real(1.0, -2.0, 2.0)
    point = Pair((-1.0, 1.2))
    direction = Choice("forwards", ("forwards", "backwards"))
    normaliser = Choice("right", ("right", "printed"))
