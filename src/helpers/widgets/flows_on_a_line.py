"""The figures of the chapter on flows of the line: the test by a horizontal line, and two ways to invert."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["Cobweb", "HorizontalLine", "MixtureInverse"]


class HorizontalLine(Figure):
    """A map of the line, a horizontal line to be moved, and all points whose image is its height.

    Traits: `map` (`"relu"`, `"leaky"`, `"mixture"`, `"sine"`, `"arctan"` or `"cube"`), `level` (-4 to 4), and
    the maps' parameters: `outer`, `inner` (-2 to 2) and `offset` (-3 to 3) of the relu, `slope` (0 to 2) of the
    leaky one, `weight` (0.05 to 0.95) and `distance` (0 to 6) of the mixture, `strength` (-4 to 4) of the sine.
    """

    topic = "flows_on_a_line"
    widget = "horizontal-line"
    alt = (
        "The graph of a map of the line, with a horizontal line that can be moved. Dots mark where they meet: the "
        "points whose image is the height of the line."
    )
    caption = (
        "A map is invertible exactly if every horizontal line meets its graph once. More than once: it forgets. "
        "Never: it misses a value."
    )
    printed = (
        ("once: mixture", {"map": "mixture", "level": 1.0}),
        ("more than once: sine", {"map": "sine", "strength": 2.0, "level": 3.0}),
        ("never: arctan", {"map": "arctan", "level": 3.0}),
    )

    map = Choice("sine", ("relu", "leaky", "mixture", "sine", "arctan", "cube"))
    outer = Real(1.0, -2.0, 2.0)
    inner = Real(1.0, -2.0, 2.0)
    offset = Real(0.5, -3.0, 3.0)
    slope = Real(0.3, 0.0, 2.0)
    weight = Real(0.5, 0.05, 0.95)
    distance = Real(3.0, 0.0, 6.0)
    strength = Real(2.0, -4.0, 4.0)
    level = Real(3.0, -4.0, 4.0)


class MixtureInverse(Figure):
    """The logit of a mixture of two sigmoids with its slope and density, inverted by bisection, halving by halving.

    Traits: `weight` of the first (0.05 to 0.95), `scale_1`, `scale_2` (0.2 to 4), `shift_1`, `shift_2` (-8 to 8),
    `target` (-6 to 6: the value to invert), `step` (0 to 30 halvings), `arithmetic` (`"log_space"` or `"float32"`,
    which shows the naive value as well).
    """

    topic = "flows_on_a_line"
    widget = "mixture-inverse"
    alt = (
        "Left, the logit of a mixture of two sigmoids against z: two steep pieces with a flat one between them, two "
        "dashed asymptotes, and a shaded bracket around the point with a given value. Right, its slope between two "
        "dashed bounds, and a density with two humps."
    )
    caption = (
        "The slope is positive everywhere and never above the largest scale, and both ends look like lines: so every "
        "value is taken once, and halving a bracket finds where."
    )
    printed = (
        ("the bracket", {"step": 0}),
        ("halved 2 times", {"step": 2}),
        ("halved 8 times", {"step": 8}),
    )

    weight = Real(0.5, 0.05, 0.95)
    scale_1 = Real(2.0, 0.2, 4.0)
    scale_2 = Real(1.0, 0.2, 4.0)
    shift_1 = Real(5.0, -8.0, 8.0)
    shift_2 = Real(-3.0, -8.0, 8.0)
    target = Real(1.5, -6.0, 6.0)
    step = Integer(0, 0, 30)
    arithmetic = Choice("log_space", ("log_space", "float32"))


class Cobweb(Figure):
    """The inverse of $z + c \\sin z$ as a fixed point: the path of the iteration, and its error against the bound.

    Traits: `strength` c (-2 to 2), `target` (-4 to 4: the value to invert, and the start), `step` (0 to 60).
    """

    topic = "flows_on_a_line"
    widget = "cobweb"
    alt = (
        "Left, the curve of one step of the iteration against the diagonal, with a path that goes from one to the "
        "other and closes in on where they meet. Right, the distance from the solution at each step on a "
        "logarithmic axis, below a straight dashed line."
    )
    caption = (
        "While the strength is below 1 in size, each step shrinks the error at least by that factor, a straight "
        "line on this axis. Above 1 nothing is promised."
    )
    printed = (
        ("$c = 0.5$", {"strength": 0.5, "step": 30}),
        ("$c = 0.95$", {"strength": 0.95, "step": 30}),
        ("$c = 1.8$", {"strength": 1.8, "step": 30}),
    )

    strength = Real(0.8, -2.0, 2.0)
    target = Real(1.0, -4.0, 4.0)
    step = Integer(8, 0, 60)
