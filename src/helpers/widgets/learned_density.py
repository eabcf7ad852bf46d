"""The figure of the part's last chapter: a trained flow at work, layer by layer."""

from __future__ import annotations

import numbers
from typing import Any

import traitlets

from helpers.arguments import whole
from helpers.widgets.base import Figure, Real

__all__ = ["FlowJourney"]

PER_UNIT = 200  # A plot of a few units has some forty pixels for one.
LIMIT = 1e12  # The view sums whole numbers, exactly.


class Stages(traitlets.TraitType[list, list]):
    """Points of the plane at each stage of a journey, `(stages, points, 2)`; at least `least` stages.

    Nested sequences or an array of finite numbers, at most 1e12 in size; kept as lists, rounded to multiples of
    0.005, which is finer than a picture shows. Anything else is a `ValueError` that names the trait.
    """

    def __init__(self, default: list, *, least: int, **keywords: Any) -> None:
        self.least = least
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True, to_json=lambda stages, _: packed(stages))

    def validate(self, obj: object, value: Any) -> list:
        stages = value.tolist() if hasattr(value, "tolist") else value
        if (
            not isinstance(stages, (list, tuple))
            or len(stages) < self.least
            or not all(map(_is_stage, stages))
        ):
            raise ValueError(
                f"{self.name}: got {str(value)[:40]!r}, expected at least {self.least} stages of points, "
                f"each a list of pairs of finite numbers, at most {LIMIT:g} in size"
            )
        sizes = [len(stage) for stage in stages]
        if len(set(sizes)) > 1:
            raise ValueError(f"{self.name}: got stages of {sizes} points, expected the same points in each")
        return [
            [[round(float(x) * PER_UNIT) / PER_UNIT for x in point] for point in stage] for stage in stages
        ]


def packed(stages: list) -> dict[str, Any]:
    """Stages as the view reads them (`unpacked` in `journey.js`), a quarter of their length as lists.

    Each stage is two texts of whole numbers, one for a coordinate; null is the stage before's, for a layer that moves
    the other one. Points that follow each other on a line are written as differences, or as differences of these.
    """
    columns = [[[round(point[c] * PER_UNIT) for point in stage] for c in (0, 1)] for stage in stages]

    def texts(differences: int) -> list:
        before = [[None, None], *columns]
        return [
            [None if new == old else " ".join(map(str, _differences(new, differences))) for old, new in pair]
            for pair in (zip(*two, strict=True) for two in zip(before, columns, strict=False))
        ]

    shortest = min(range(3), key=lambda differences: len(str(texts(differences))))
    return {"per_unit": PER_UNIT, "differences": shortest, "stages": texts(shortest)}


def _differences(numbers: list[int], times: int) -> list[int]:
    for _ in range(times):
        numbers = [new - old for old, new in zip([0, *numbers], numbers, strict=False)]
    return numbers


def _is_stage(stage: Any) -> bool:
    return isinstance(stage, (list, tuple)) and all(
        isinstance(point, (list, tuple))
        and len(point) == 2
        and all(isinstance(x, numbers.Real) and not isinstance(x, bool) and abs(x) <= LIMIT for x in point)
        for point in stage
    )


class FlowJourney(Figure):
    """A trained flow at work: points of the base density on their way through the layers, with the data behind.

    Traits: `layer` (0 to 100: how many layers have been applied; between two whole numbers the points are on their
    straight way from one to the next, and beyond the last layer they stay), `points` (layers + 1 stages of the same
    points), `lines` (the same for grid lines: consecutive runs of `line_length` points), `line_length`, `data` (one
    stage: points of the data). Points are kept to multiples of 0.005.
    """

    topic = "learned_density"
    widget = "flow-journey"
    alt = (
        "Points of a round Gaussian cloud and a square grid on their way through the layers of a trained flow. Each "
        "layer moves them along one axis only, and at the end they lie on two crescents, where the data are."
    )
    caption = (
        "Every layer is a shear with a stretch, along one axis. Together they bend a round cloud into crescents; "
        "the grid shows that it stays one sheet, without a cut or a fold."
    )
    printed = (
        ("no layer", {"layer": 0.0}),
        ("3 layers", {"layer": 3.0}),
        ("all layers", {"layer": 100.0}),
    )

    layer = Real(0.0, 0.0, 100.0)
    points = Stages([[], []], least=2)
    lines = Stages([[], []], least=2)
    data = Stages([[]], least=1)
    line_length = traitlets.Int(2, min=2).tag(sync=True, state=True)

    def __init__(self, **state: Any) -> None:
        if "line_length" in state:
            state["line_length"] = whole(2)("line_length", state["line_length"])
        super().__init__(**state)
        if len(self.lines) != len(self.points):
            raise ValueError(
                f"lines: got {len(self.lines)} stages, expected {len(self.points)}, as many as of points"
            )
        if len(self.lines[0]) % self.line_length:
            raise ValueError(
                f"lines: got {len(self.lines[0])} points, expected runs of line_length = {self.line_length}"
            )
