"""The figures of the chapter on radial flows: the map, the density it makes, and a series for a log-determinant."""

from __future__ import annotations

from helpers.widgets.base import Figure, Integer, Pair, Real

__all__ = ["RadialDensity", "RadialWarp", "SeriesError"]


class RadialWarp(Figure):
    """A grid carried by a radial flow, coloured by its log-determinant, beside the curve of distances.

    Traits: `alpha` (0.2 to 2), `beta` (-3 to 3), `radius` (0 to 3: the circle that is followed).
    """

    topic = "radial_flows"
    widget = "radial-warp"
    alt = (
        "Left, a square grid carried by a radial flow, each cell coloured by what the map does to its area. Right, "
        "the signed distance of the image from the centre against the distance before, with its slope."
    )
    caption = (
        "While β ≥ −α the curve rises and the grid keeps its order. Below −α the curve dips under zero: a disc is "
        "turned through the centre and lies over its surroundings, and the circle where the curve crosses zero has "
        "collapsed onto the centre."
    )
    printed = (
        (r"$\beta = 2$", {"alpha": 1.0, "beta": 2.0}),
        (r"$\beta = -0.8$", {"alpha": 1.0, "beta": -0.8}),
        (r"$\beta = -2.5$, below $-\alpha$", {"alpha": 1.0, "beta": -2.5}),
    )

    alpha = Real(1.0, 0.2, 2.0)
    beta = Real(1.0, -3.0, 3.0)
    radius = Real(1.0, 0.0, 3.0)


class RadialDensity(Figure):
    """What a radial flow makes of a Gaussian density, and the log-determinant that does it.

    Traits: `alpha` (0.2 to 2), `beta` (-3 to 3), `dimension` (1 to 8), `center` (both entries from -2 to 2).
    """

    topic = "radial_flows"
    widget = "radial-density"
    alt = (
        "Two square maps. Left, the density of the images of standard normal points, dark where it is high; the "
        "centre of the flow can be dragged. Right, the log-determinant at each image, blue where the flow spreads "
        "points and orange where it crowds them."
    )
    caption = (
        "Where the flow spreads points, the density falls. The factor counts every direction across the ray, so the "
        "same α and β do more in more dimensions."
    )
    printed = (
        (r"$\beta = 2$", {"beta": 2.0, "dimension": 2}),
        (r"$\beta = -0.8$", {"beta": -0.8, "dimension": 2}),
        (r"$\beta = 2$ in 8 dimensions", {"beta": 2.0, "dimension": 8}),
    )

    alpha = Real(1.0, 0.2, 2.0)
    beta = Real(1.0, -3.0, 3.0)
    dimension = Integer(2, 1, 8)
    center = Pair((0.6, 0.4))


class SeriesError(Figure):
    """The error of the first n terms of the series for log det(I + J), and the proven bound, on a log axis.

    $J$ is L times a rotation of the plane by an angle. Traits: `lipschitz` L (0.1 to 0.95), `angle` in degrees
    (0 to 180), `terms` n (1 to 40).
    """

    topic = "radial_flows"
    widget = "series-error"
    alt = (
        "The error of the series for a log-determinant against the number of terms, on a logarithmic axis: dots "
        "below a falling line, the proven bound."
    )
    caption = (
        "The bound falls like a power of L, so a steeper block needs more terms. It cannot be improved: at 180 "
        "degrees every dot lies on it."
    )
    printed = (
        ("$L = 0.5$", {"lipschitz": 0.5, "angle": 60.0}),
        ("$L = 0.9$", {"lipschitz": 0.9, "angle": 60.0}),
        ("$L = 0.9$, 180 degrees", {"lipschitz": 0.9, "angle": 180.0}),
    )

    lipschitz = Real(0.7, 0.1, 0.95)
    angle = Real(60.0, 0.0, 180.0)
    terms = Integer(5, 1, 40)
