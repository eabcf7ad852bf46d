"""The figures of the chapter on tools: what a determinant costs, what it reads, and the nearest point of a set."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Integer, Pair, Real

__all__ = ["DeterminantCost", "DeterminantGradient", "NearestPoint"]


class DeterminantCost(Figure):
    """Operations for a determinant against the dimension, and a long product against the sum of its logarithms.

    Traits: `dimension` (2 to 1000), `factor` (0.05 to 3: every factor of the product).
    """

    topic = "tools"
    widget = "determinant-cost"
    alt = (
        "Left, on logarithmic axes, the number of operations for a determinant against the dimension: a line of "
        "slope one for a triangular matrix, another for a rank-one change of the identity, a curve of slope three "
        "for elimination, and Leibniz' sum, which leaves the picture at once. Right, a product of equal factors in "
        "two precisions against their number, with the straight line of the sum of logarithms."
    )
    caption = (
        "The slope on logarithmic axes is the power of the dimension: three for elimination, one for a triangular "
        "matrix. A product leaves the range of numbers where the sum of logarithms is not even large."
    )
    printed = (
        ("4 dimensions, factors 0.5", {"dimension": 4, "factor": 0.5}),
        ("64 dimensions, factors 0.1", {"dimension": 64, "factor": 0.1}),
        ("1000 dimensions, factors 2", {"dimension": 1000, "factor": 2.0}),
    )

    dimension = Integer(64, 2, 1000)
    factor = Real(0.1, 0.05, 3.0)


class DeterminantGradient(Figure):
    """A matrix with one entry to change, and the gradient of the logarithm of its determinant beside it.

    Traits: `structure` (`full`, `triangular` or `diagonal`), `row` and `column` (1 to 4: the chosen entry), `value`
    (-3 to 3: what stands there; without effect where the structure has a zero).
    """

    topic = "tools"
    widget = "determinant-gradient"
    alt = (
        "Left, a matrix of four rows as coloured cells, one of them chosen. Right, the derivative of the logarithm "
        "of its determinant along each entry: for a full matrix every cell has a colour, for a triangular one only "
        "the diagonal has."
    )
    caption = (
        "The determinant of a full matrix depends on every entry, so that every entry must be read. That of a "
        "triangular matrix depends on its diagonal alone."
    )
    printed = (
        ("full", {"structure": "full"}),
        ("triangular", {"structure": "triangular"}),
        ("diagonal", {"structure": "diagonal", "row": 2, "column": 2}),
    )

    structure = Choice("full", ("full", "triangular", "diagonal"))
    row = Integer(2, 1, 4)
    column = Integer(1, 1, 4)
    value = Real(0.6, -3.0, 3.0)


class NearestPoint(Figure):
    """A point to drag and the nearest point of a set; beside it gradient descent that is projected onto the set.

    Traits: `target` (`segment`, `box` or `plane`), `point` (two numbers), `learning_rate` (0 to 0.8), `step`
    (0 to 40).
    """

    topic = "tools"
    widget = "nearest-point"
    alt = (
        "Left, a point that can be dragged, the segment or the box, its nearest point, and the circle around the "
        "dragged point that touches the set there. Right, the level lines of a quadratic whose lowest point lies "
        "outside of the box, and the path of projected gradient descent from the nearest point."
    )
    caption = (
        "No point of the set lies inside the circle. Steps beyond 2/L overshoot by more and more; the set keeps them "
        "from running away, but not from jumping to and fro."
    )
    printed = (
        ("segment, learning rate 0.2", {"target": "segment", "learning_rate": 0.2}),
        ("box, learning rate 0.2", {"target": "box", "learning_rate": 0.2}),
        ("box, learning rate 0.7", {"target": "box", "learning_rate": 0.7}),
    )

    target = Choice("segment", ("segment", "box", "plane"))
    point = Pair((1.6, 1.5))
    learning_rate = Real(0.2, 0.0, 0.8)
    step = Integer(12, 0, 40)
