"""The address of a figure's state: what the page takes from it is what the Python traits allow."""

import math

import pytest

from helpers import widgets
from helpers.widgets import PhasePlane, TwoHistograms

NO_FIGURES = {"STATIC", "Exercise", "FindTheFlaw", "Figure", "Progress"}
FIGURES = [
    getattr(widgets, name)
    for name in widgets.__all__
    if name not in NO_FIGURES and isinstance(getattr(widgets, name), type)
]


@pytest.fixture(scope="module")
def call(functions_of):
    more = "{ stateIn: (hash, ranges) => { const { id, texts } = fragment.parse(hash); "
    more += "return [id, fragment.stateOf(texts, ranges)]; } }"
    return functions_of(fragment="shared/fragment.js", more=more)


def accepts(trait, value) -> bool:
    try:
        trait.validate(None, value)
    except ValueError:
        return False
    return True


def around(range_) -> list:
    """Values on both sides of what is allowed."""
    kind, *limits = range_
    if kind == "choice":
        return [*limits, limits[0] + "x", "", "__proto__"]
    if kind == "list":
        each, least, most, *_ = limits
        inside = [value for value in around(each) if isinstance(value, int | float)]
        return [[value] * size for value in inside for size in {max(0, least - 1), least, most, most + 1}]
    low, high = limits
    return [low, high, (low + high) / 2, math.floor((low + high) / 2), 2 * low - 1, 2 * high + 1]


def as_text(value) -> str:
    return ",".join(map(as_text, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_page_takes_what_the_traits_take(call, figure):
    made = figure()
    for name, range_ in made.page_ranges().items():
        trait = made.traits()[name]
        for value in around(range_):
            integral = range_[0] == "whole" and value == int(value)
            expected = accepts(trait, int(value) if integral else value)
            if isinstance(value, list):  # the reader moves the data, and adds none
                expected = expected and range_[2] <= len(value) <= range_[3]
            # An empty list, of pixels say, and no text at all are one address.
            taken = call("stateIn", f"#f?{name}={as_text(value)}", {name: range_})[1]
            assert (name in taken) == expected, (name, range_, value)
            if expected:
                assert taken[name] == pytest.approx(value) if not isinstance(value, str) else value


def test_a_reader_can_set_something_of_every_figure():
    assert len(FIGURES) >= 38
    assert all(figure().page_ranges() for figure in FIGURES)
    assert PhasePlane().page_ranges()["learning_rate"] == ["real", 0, 2.5]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"learning_rate": 0.3},
        {"method": "alternating", "start": [-1.5, 1e-7], "step": 0},
        {"learning_rate": 2.5, "momentum": -0.123456789012345},
    ],
)
def test_what_is_written_is_read(call, changes):
    figure = PhasePlane()
    initial, ranges = figure.page_state(), figure.page_ranges()
    fragment = call("fragmentOf", figure.identifier, {**initial, **changes}, initial, ranges)
    assert call("stateIn", f"#{fragment}", ranges) == [figure.identifier, changes]
    assert fragment.count("=") == len(changes)


def test_what_is_written_can_be_read_by_people(call):
    figure = PhasePlane()
    state = {**figure.page_state(), "learning_rate": 0.3, "start": [1, 0.5]}
    written = call("fragmentOf", "figure-phase-plane-1", state, figure.page_state(), figure.page_ranges())
    assert written == "figure-phase-plane-1?learning_rate=0.3&start=1,0.5"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "Infinity",
        "1e999",
        "0x1",
        "1;alert(1)",
        "<b>1</b>",
        "%3Cb%3E",
        "%E0%A4%A",
        "1,2",
        "--1",
        "1 ",
        "٣",
    ],
)
def test_what_is_no_number_in_the_range_is_left(call, text):
    ranges = {"learning_rate": ["real", 0, 2.5], "step": ["whole", 0, 200]}
    assert call("stateIn", f"#f?learning_rate={text}&step=7", ranges) == ["f", {"step": 7}]


@pytest.mark.parametrize(
    "hash_", ["", "#", "#?", "#f?", "#f?&&=", "#f??", "#f?constructor=1&__proto__=2&own=3", "#%"]
)
def test_what_is_no_address_of_a_state_changes_nothing(call, hash_):
    assert call("stateIn", hash_, {"learning_rate": ["real", 0, 2.5]})[1] == {}


def test_probabilities_sum_to_one(call):
    ranges = TwoHistograms().page_ranges()
    assert call("stateIn", "#f?q=0.25,0.25,0.25,0.25", ranges)[1] == {"q": [0.25] * 4}
    for wrong in ("0.25,0.25,0.25,0.2", "0.5,0.5", "1.5,-0.5,0,0", "a,b,c,d"):
        assert call("stateIn", f"#f?q={wrong}", ranges)[1] == {}
