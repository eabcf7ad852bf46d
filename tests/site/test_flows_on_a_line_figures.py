"""The figures on flows of the line in the built site: every control moves what the mathematics says it moves."""

import itertools
import math

import pytest
import torch

from helpers.models.flows import SigmoidMixture
from helpers.widgets import Cobweb, HorizontalLine, MixtureInverse

from .live_figures import Figure

PAGE = "book/invertible_maps/flows_on_a_line.html"
FIGURES = {"horizontal-line": HorizontalLine, "mixture-inverse": MixtureInverse, "cobweb": Cobweb}
STEPS = {  # of the sliders, where it is not 0.05
    "distance": 0.1,
    **dict.fromkeys(("scale_1", "scale_2", "shift_1", "shift_2", "target"), 0.1),
    "step": 1,
}


def first_state(widget):
    figure = FIGURES[widget]
    return {name: getattr(figure(), name) for name in figure.state_names()}


@pytest.fixture
def shown(page):
    """A figure by its name, as it was first."""

    def restored(widget):
        figure = Figure(page, widget)
        figure.set(**first_state(widget))
        return figure

    return restored


def test_the_chapter_shows_the_three_figures_as_python_made_them(page):
    for widget in FIGURES:
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        assert {name: figure.state[name] for name in first_state(widget)} == first_state(widget)


@pytest.mark.parametrize("widget", FIGURES)
def test_arrow_keys_move_every_slider_and_not_out_of_its_range(shown, widget):
    figure = shown(widget)
    of_map = {
        name: kind
        for kind, names in {
            "relu": ("outer", "inner", "offset"),
            "leaky": ("slope",),
            "mixture": ("weight", "distance"),
            "sine": ("strength",),
        }.items()
        for name in names
    }
    for name, trait in FIGURES[widget].class_traits(state=True).items():
        if hasattr(trait, "choices"):
            continue
        if widget == "horizontal-line" and name in of_map:
            figure.control("map").select_option(of_map[name])
        figure.by_keys(name, trait.low, trait.high, STEPS.get(name, 0.05))


@pytest.mark.parametrize(
    "widget, trait, step", [("horizontal-line", "level", 0.05), ("mixture-inverse", "target", 0.1)]
)
def test_the_handle_of_a_line_moves_by_keyboard_and_by_pointer(shown, widget, trait, step):
    figure = shown(widget)
    grip, before = figure.root.locator(".dtr-handle"), figure.state[trait]
    grip.focus()
    for key, change in [("ArrowUp", step), ("ArrowDown", 0), ("Shift+ArrowDown", -5 * step)]:
        figure.page.keyboard.press(key)
        assert figure.state[trait] == pytest.approx(before + change, abs=1e-9)
    assert grip.get_attribute("role") == "slider"
    assert float(grip.get_attribute("aria-valuenow")) == pytest.approx(figure.state[trait])
    grip.scroll_into_view_if_needed()
    box = grip.locator(".dtr-handle-ring").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    held = figure.state[trait]
    figure.page.mouse.move(*middle)
    figure.page.mouse.down()
    figure.page.mouse.move(middle[0] + 30, middle[1] - 40, steps=4)
    figure.page.mouse.up()
    assert held + 0.3 < figure.state[trait] < held + 6


def test_the_first_figure_counts_points_with_one_image(shown):
    figure = shown("horizontal-line")
    state = figure.state
    assert len(state["points"]) == 3 and not state["invertible"]
    assert "3 points with one image, y = 3.00" in figure.status
    for x in state["points"]:
        assert x + 2 * math.sin(x) == pytest.approx(3, abs=1e-9)
    assert figure.root.locator(".dtr-preimages circle").count() == 3
    state = figure.set(strength=1)
    assert len(state["points"]) == 1 and state["invertible"]
    assert "exactly once" in figure.status


@pytest.mark.parametrize(
    "changes, count, words",
    [
        ({"map": "relu", "level": 1.5}, 1, "the map is not invertible"),
        ({"map": "relu", "level": -1}, 0, "No point has the image y = −1.00"),
        ({"map": "relu", "level": 0}, None, "Every z from −∞ to −0.50 has the image y = 0.00"),
        ({"map": "relu", "inner": 0, "outer": 2, "offset": 1, "level": 2}, None, "from −∞ to ∞"),
        ({"map": "leaky", "level": -1}, 1, "the map is invertible"),
        ({"map": "leaky", "slope": 0, "level": -1}, 0, "not invertible"),
        ({"map": "mixture", "level": 0.5}, 1, "the map is invertible"),
        ({"map": "arctan", "level": 1.5}, 1, "only onto its range"),
        ({"map": "arctan", "level": 1.6}, 0, "only onto its range"),
        ({"map": "cube", "level": 0}, 1, "the map is invertible"),
    ],
)
def test_what_each_line_says(shown, changes, count, words):
    figure = shown("horizontal-line")
    state = figure.set(**changes)
    assert words in figure.status
    assert (state["flat"] is not None) == (count is None)
    if count is not None:
        assert len(state["points"]) == count


def test_only_the_sliders_of_the_chosen_map_are_there(shown):
    figure = shown("horizontal-line")
    for name, sliders in {"relu": ["outer", "inner", "offset"], "cube": [], "sine": ["strength"]}.items():
        figure.control("map").select_option(name)
        assert figure.state["map"] == name
        visible = [s for s in first_state("horizontal-line") if figure.control(s).is_visible()]
        assert sorted(visible) == sorted(["map", "level", *sliders])


def test_each_halving_keeps_the_solution_and_half_of_the_bracket(shown):
    figure = shown("mixture-inverse")
    first = figure.set(step=0)
    flow = SigmoidMixture(
        *(torch.tensor(v, dtype=torch.float64) for v in ([0.5, 0.5], [2.0, 1.0], [5.0, -3.0]))
    )
    solution = flow.inverse(torch.tensor(first["target"], dtype=torch.float64))[0].item()
    width = first["bracket"][1] - first["bracket"][0]
    for step in range(1, 6):
        figure.root.get_by_role("button", name="Step").click()
        state = figure.state
        low, high = state["bracket"]
        assert state["step"] == step
        assert low <= solution <= high
        assert high - low == pytest.approx(width / 2**step, rel=1e-9)
    assert "After 5 halvings" in figure.status
    assert figure.set(step=30)["middle"] == pytest.approx(solution, abs=1e-8)
    figure.root.get_by_role("button", name="Reset").click()
    assert figure.state["bracket"] == first["bracket"]


def test_the_slope_never_exceeds_the_largest_scale(shown):
    figure = shown("mixture-inverse")
    for changes in ({}, {"scale_1": 4}, {"shift_1": -8, "shift_2": 8}, {"weight": 0.05}):
        state = figure.set(**changes)
        assert (
            0
            < state["slope_at_zero"]
            <= state["highest_slope"]
            <= max(state["scale_1"], state["scale_2"]) + 1e-9
        )


def test_the_plateau_of_the_exercise(shown):
    figure = shown("mixture-inverse")
    state = figure.set(weight=0.5, scale_1=1, scale_2=1, shift_1=3.6, shift_2=-3.6, target=0)
    assert state["slope"] == pytest.approx(1 / math.cosh(1.8) ** 2, rel=1e-9)
    assert "The slope there is 0.10" in figure.status


def test_float32_saturates_on_the_right(shown):
    figure = shown("mixture-inverse")
    assert figure.root.locator(".dtr-lost").get_attribute("d") == ""
    figure.control("arithmetic").select_option("float32")
    state = figure.state
    assert 15 < state["saturates_at"] < 25
    assert "the naive value is infinite from z = " in figure.status
    assert figure.root.locator(".dtr-lost").get_attribute("d").startswith("M")
    later = figure.set(scale_1=1, scale_2=0.5, arithmetic="float32")["saturates_at"]
    assert later > 1.5 * state["saturates_at"]


def test_the_cobweb_keeps_its_bound_below_the_border_only(shown):
    figure = shown("cobweb")
    state = figure.state
    assert state["contracts"] and 0 < state["error"] <= state["bound"]
    assert state["solution"] + 0.8 * math.sin(state["solution"]) == pytest.approx(1, abs=1e-9)
    steps = [figure.set(step=step)["error"] for step in range(6)]
    assert all(after <= 0.8 * before for before, after in itertools.pairwise(steps))
    assert figure.set(step=60)["error"] < 1e-9
    beyond = figure.set(strength=1.5)
    assert beyond["bound"] is None and not beyond["contracts"]
    assert "No bound" in figure.status


def test_the_cobweb_says_so_where_it_has_no_error(shown):
    figure = shown("cobweb")
    note = figure.root.locator(".dtr-nothing").last
    assert note.text_content() == "" and figure.discs(".dtr-dots") > 0
    assert figure.set(target=0)["error"] == 0
    assert note.text_content() == "solved at the start: no error"
    assert figure.discs(".dtr-dots") == 0
    assert "error below rounding" in figure.status


def test_past_the_border_it_may_arrive_or_not(shown):
    figure = shown("cobweb")
    assert figure.set(strength=1.5, target=3, step=60)["error"] < 1e-9
    assert figure.set(strength=1.5, target=0.5, step=60)["residual"] > 0.1


def test_the_step_button_of_the_cobweb(shown):
    figure = shown("cobweb")
    figure.root.get_by_role("button", name="Step").click()
    assert figure.state["step"] == 9
    figure.root.get_by_role("button", name="Reset").click()
    assert figure.state["step"] == 0


def test_formulas_show_the_present_values(shown):
    figure = shown("horizontal-line")
    figure.set(map="sine", strength=-1.25)
    assert "−1.25" in figure.root.locator(".dtr-formulas").inner_text().replace("-", "−")
