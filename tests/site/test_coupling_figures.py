"""The figures of the chapter on coupling layers in the built site: every control moves what it should."""

import pytest
import torch

from helpers.models.coupling import AffineCoupling
from helpers.widgets import CouplingBlock, CouplingJacobian

from .live_figures import Figure

PAGE = "book/invertible_maps/coupling.html"
WIDGETS = {"coupling-block": CouplingBlock, "coupling-jacobian": CouplingJacobian}
SLIDERS = {
    "coupling-block": {
        "level": (-1, 1),
        "log_scale_bump": (-1, 1),
        "shift_bump": (-1, 1),
        "s": (-1, 1),
    },
    "coupling-jacobian": {"mixing": (0, 1), "size_a": (-2, 2), "size_b": (-2, 2)},
}


@pytest.fixture
def figures(page):
    """Both figures, as they were first."""
    found = {widget: Figure(page, widget) for widget in WIDGETS}
    for widget, kind in WIDGETS.items():
        first = kind()
        traits = [*SLIDERS[widget], "undo" if widget == "coupling-block" else "formula"]
        found[widget].set(**{trait: getattr(first, trait) for trait in traits})
    return found


def test_the_page_shows_them_as_python_made_them(pages, address):
    page = pages.open(address)
    for widget, kind in WIDGETS.items():
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        made = kind()
        assert {name: figure.state[name] for name in kind.state_names()} == {
            name: getattr(made, name) for name in kind.state_names()
        }


@pytest.mark.parametrize("widget", WIDGETS)
def test_arrow_keys_move_every_slider(figures, widget):
    figure = figures[widget]
    for trait, (low, high) in SLIDERS[widget].items():
        figure.by_keys(trait, low, high, 0.05)


def twin(state):
    def bump(b):
        return torch.exp(-2 * b**2)

    return AffineCoupling(
        lambda b: state["shift_bump"] * bump(b),
        lambda b: state["level"] + state["log_scale_bump"] * bump(b),
        torch.tensor([state["s"]], dtype=torch.float64),
    )


def assert_true_to_the_mathematics(state):
    point = torch.tensor([state["point_a"], state["point_b"]], dtype=torch.float64)
    with torch.no_grad():
        y, log_det = twin(state)(point)
    assert state["output"] == pytest.approx(y.tolist(), abs=1e-12)
    assert state["log_determinant"] == pytest.approx(log_det.item(), abs=1e-12)
    assert state["area_of_image"] == pytest.approx(state["integral_of_determinant"], rel=1e-6)


@pytest.mark.parametrize(
    "trait, value", [("level", 0.35), ("log_scale_bump", -0.6), ("shift_bump", -0.4), ("s", 0.7)]
)
def test_each_slider_moves_what_the_formula_says(figures, trait, value):
    block = figures["coupling-block"]
    before = block.state
    after = block.set(**{trait: value})
    assert_true_to_the_mathematics(after)
    same_area = after["area_of_image"] == pytest.approx(before["area_of_image"], rel=1e-6)
    assert same_area is (trait == "shift_bump")
    changed = [x != y for x, y in zip(before["output"], after["output"], strict=True)]
    assert changed == ([False, True] if trait == "s" else [True, False])


def test_the_flag_turns_on_exactly_where_the_log_scales_cancel(figures):
    block = figures["coupling-block"]
    flag = block.root.locator(".dtr-flag")
    for changes, preserving in [
        ({"level": 0.3, "log_scale_bump": 0, "s": -0.3}, True),
        ({"shift_bump": -1}, True),
        ({"log_scale_bump": 0.05}, False),
        ({"log_scale_bump": 0, "s": -0.25}, False),
        ({"level": 0.25}, True),
    ]:
        assert block.set(**changes)["volume_preserving"] is preserving
        assert flag.inner_text().startswith(f"Volume preserving? {'Yes' if preserving else 'No'}")


def test_the_inverse_brings_the_square_back_and_the_early_bracket_does_not(figures):
    block = figures["coupling-block"]
    first_cell = block.root.locator(".dtr-warp path").first
    drawn = first_cell.get_attribute("d")
    state = block.set(undo="inverse")
    assert state["round_trip_error"] < 1e-14
    assert state["returned"] == pytest.approx([state["point_a"], state["point_b"]], abs=1e-14)
    assert first_cell.get_attribute("d") == drawn
    assert "by at most rounding" in block.root.locator(".dtr-status").inner_text()
    state = block.set(undo="closed_early")
    assert state["round_trip_error"] > 0.3
    assert first_cell.get_attribute("d") != drawn
    assert block.set(level=0, log_scale_bump=0)["round_trip_error"] < 1e-14


def test_the_point_is_dragged_and_moved_by_keys_and_stays_in_the_square(figures):
    block = figures["coupling-block"]
    handle = block.root.locator(".dtr-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    before = block.state
    handle.press("ArrowRight")
    handle.press("ArrowDown")
    state = block.state
    assert state["point_a"] == pytest.approx(before["point_a"] + 0.05)
    assert state["point_b"] == pytest.approx(before["point_b"] - 0.05)
    assert_true_to_the_mathematics(state)
    box = handle.locator(".dtr-handle-ring").bounding_box()
    mouse = block.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] - 60, box["y"] + 40, steps=4)
    mouse.up()
    dragged = block.state
    assert dragged["point_a"] < state["point_a"] - 0.2
    assert dragged["point_b"] < state["point_b"] - 0.1
    assert_true_to_the_mathematics(dragged)
    for _ in range(15):
        handle.press("Shift+ArrowLeft")
    assert block.state["point_a"] == -1


def test_mixing_fills_the_corner_and_moves_nothing_else(figures):
    figure = figures["coupling-jacobian"]
    before = figure.set(mixing=0, size_a=1, size_b=0.5)
    assert before["corner_entries"] == 4
    after = figure.set(mixing=0.8)
    assert after["corner_entries"] == 16
    for state in (before, after):
        assert state["largest_difference"] < 1e-8 and state["wrong_entries"] == 0
        assert state["log_determinant"] == pytest.approx(state["log_determinant_by_elimination"], abs=1e-8)
    for rows, columns in ((slice(4, 8), slice(0, 4)), (slice(4, 8), slice(4, 8))):
        blocks = [[row[columns] for row in state["jacobian"][rows]] for state in (before, after)]
        assert blocks[0] == blocks[1]
    # a moves the corner, and not the determinant
    moved = figure.set(size_a=-1.5)
    assert moved["jacobian"] != after["jacobian"]
    assert moved["log_determinant"] == after["log_determinant"]


def test_mistaken_corners_are_framed(figures):
    figure = figures["coupling-jacobian"]
    framed = figure.root.locator(".dtr-heat-frames rect")
    for formula in ("exchanged", "entrywise"):
        assert figure.set(mixing=0, formula=formula)["wrong_entries"] == 0
        assert framed.count() == 0
        assert figure.set(mixing=0.6)["wrong_entries"] == framed.count() == 12
        assert "12 entries are wrong" in figure.root.locator(".dtr-status").inner_text()
    assert figure.set(formula="exchanged", size_a=0)["wrong_entries"] == 0


def test_from_disk_without_a_network(pages, site):
    page = pages.open((site / PAGE).as_uri(), offline=True)
    assert_true_to_the_mathematics(Figure(page, "coupling-block").set(undo="inverse", level=0.5))
