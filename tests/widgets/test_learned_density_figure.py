"""The journey of points through a trained flow: between two stages, checked traits."""

import json
import math

import pytest

from helpers.widgets import FlowJourney

STAGES = [[[0.0, 1.0], [2.0, -4.0]], [[1.0, 1.0], [2.5, -4.0]], [[1.0, 3.0], [2.5, 0.0]]]


@pytest.fixture(scope="module")
def journey(functions_of):
    return functions_of(journey="learned_density/journey.js")


@pytest.mark.parametrize(
    "layer, expected",
    [
        (0, STAGES[0]),
        (0.5, [[0.5, 1.0], [2.25, -4.0]]),
        (1, STAGES[1]),
        (1.25, [[1.0, 1.5], [2.5, -3.0]]),
        (2, STAGES[2]),
        (7, STAGES[2]),
    ],
)
def test_points_are_on_the_straight_way_between_two_stages(journey, layer, expected):
    assert journey("between", STAGES, layer) == expected


def test_the_axis_of_a_layer(journey):
    assert [journey("axisOf", STAGES, k) for k in (1, 2)] == [0, 1]
    assert journey("axisOf", [STAGES[0], STAGES[2]], 1) is None


def test_a_few_far_points_do_not_shrink_the_picture(journey):
    near = [[math.sin(k), math.cos(k)] for k in range(400)]
    assert journey("reach", [[*near, [100, 0]]]) <= 1
    assert journey("reach", [[[3, -4]]]) == 4


def test_the_view_unpacks_what_python_has_packed(journey):
    """A layer moves one coordinate, and leaves the other as it is; points in a row, and anywhere."""
    line = [[k / 8 - 2, 0.5] for k in range(33)]
    bent = [[a, 0.3 * math.sin(a)] for a, _ in line]
    lines = [line, bent, [[a + b * b, b] for a, b in bent], bent]
    points = [[[math.cos(9 * k * k) * 3, math.sin(7 * k * k)] for k in range(20)]] * 2
    figure = FlowJourney(points=[*points, *points], lines=lines, data=[[]], line_length=33)
    state = figure.page_state()
    assert (state["lines"]["differences"], state["points"]["differences"]) == (2, 0)
    assert [[text is None for text in stage] for stage in state["lines"]["stages"]] == [
        [False, False],
        [True, False],
        [False, True],
        [False, True],
    ]
    for name, given in (("lines", lines), ("points", [*points, *points]), ("data", [[]])):
        kept = getattr(figure, name)
        assert journey("unpacked", state[name]) == kept
        assert figure.get_state(name)[name] == state[name]  # in Jupyter, too
        assert numbers(kept) == pytest.approx(numbers(given), abs=0.0025 + 1e-12)
    assert len(json.dumps(state["lines"])) < len(json.dumps(lines)) / 4


def numbers(stages):
    return [x for stage in stages for point in stage for x in point]


def test_what_lies_far_out_is_unpacked_exactly(journey):
    far = [[[1e12, -1e12], [-1e12, 1e12], [0.005, 3]], [[1e12, 1], [-1e12, 2], [1, 3]]]
    figure = FlowJourney(**given(points=far, lines=far, line_length=3))
    assert journey("unpacked", figure.page_state()["points"]) == far


def given(**changes):
    return {"points": STAGES, "lines": STAGES, "data": [STAGES[2]], "line_length": 2, **changes}


def test_arrays_are_taken_and_rounded():
    numpy = pytest.importorskip("numpy")
    figure = FlowJourney(**given(points=numpy.array(STAGES) + 1e-5))
    assert figure.points == STAGES
    assert figure.page_state()["line_length"] == 2


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"points": STAGES[:1]}, r"points: got .*, expected at least 2 stages"),
        ({"points": [STAGES[0], STAGES[1][:1]]}, r"points: got stages of \[2, 1\] points, expected the same"),
        ({"points": [[[0.0, math.nan]], [[0.0, 0.0]]]}, r"points: got .*finite numbers"),
        ({"points": [[[0.0]], [[0.0]]]}, r"points: got .*pairs"),
        ({"points": [[[0.0, 2e12]], [[0.0, 0.0]]]}, r"points: got .*at most 1e\+12 in size"),
        ({"points": "ab"}, r"points: got 'ab'"),
        ({"data": 3}, r"data: got '3', expected at least 1 stages"),
        ({"lines": STAGES[:2]}, r"lines: got 2 stages, expected 3"),
        ({"line_length": 3}, r"lines: got 2 points, expected runs of line_length = 3"),
        ({"layer": -1.0}, r"layer: got -1\.0, expected a number from 0 to 100"),
    ],
)
def test_what_is_no_journey_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        FlowJourney(**given(**changes))
