"""The journey of points through a trained flow: between two stages, checked traits."""

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
