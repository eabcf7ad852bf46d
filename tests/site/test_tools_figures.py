"""The figures of the chapter on tools in the built site: every control moves what the mathematics says it moves."""

import math

import numpy as np
import pytest

from helpers.models.determinants import determinant_cost
from helpers.widgets import DeterminantCost, DeterminantGradient, NearestPoint
from helpers.widgets.formulas.tools import BASE, CURVATURES, MINIMUM, SEGMENT_AT

from .live_figures import Figure

FIGURES = {figure.widget: figure for figure in (DeterminantCost, DeterminantGradient, NearestPoint)}
PAGE = "book/invertible_maps/tools.html"
COST, GRADIENT, NEAREST = FIGURES
SLIDERS = {  # figure → trait: lowest, highest, step
    COST: {"dimension": (2, 1000, 1), "factor": (0.05, 3, 0.05)},
    GRADIENT: {"row": (1, 4, 1), "column": (1, 4, 1), "value": (-3, 3, 0.05)},
    NEAREST: {"learning_rate": (0, 0.8, 0.01), "step": (0, 40, 1)},
}


@pytest.fixture
def figures(page):
    return {widget: Figure(page, widget) for widget in FIGURES}


def check_costs(state: dict) -> None:
    K, factor = state["dimension"], state["factor"]
    for method in ("diagonal", "rank_one", "elimination"):
        assert state["costs"][method] == pytest.approx(float(determinant_cost(method, K)), rel=1e-13)
    assert state["log_product"] == pytest.approx(K * math.log10(factor), abs=1e-9)
    for name, dtype in (("float32", np.float32), ("float64", np.float64)):
        with np.errstate(all="ignore"):
            expected = float(np.multiply.accumulate(np.array([factor] * K, dtype=dtype))[-1])
        assert state["product"][name] == ("infinite" if math.isinf(expected) else expected)


def check_gradient(state: dict) -> None:
    keep = {"full": np.ones((4, 4)), "triangular": np.tril(np.ones((4, 4))), "diagonal": np.eye(4)}
    matrix = np.array(BASE.tolist(), dtype=float)
    matrix[state["row"] - 1, state["column"] - 1] = state["value"]
    matrix *= keep[state["structure"]]
    np.testing.assert_array_equal(state["matrix"], matrix)
    if abs(np.linalg.det(matrix)) > 0.02:
        assert state["log_abs_determinant"] == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-9)
        expected = np.linalg.inv(matrix).T * keep[state["structure"]]
        np.testing.assert_allclose(state["gradient"], expected, rtol=1e-8, atol=1e-8)


def check_nearest(state: dict) -> None:
    def onto(point):
        clipped = np.clip(point, 0, 1)
        return {"segment": np.array([float(SEGMENT_AT), clipped[1]]), "box": clipped, "plane": point}[
            state["target"]
        ]

    point = onto(np.array(state["point"], dtype=float))
    np.testing.assert_allclose(state["nearest"], point, atol=1e-12)
    assert state["distance"] == pytest.approx(np.linalg.norm(point - state["point"]), abs=1e-12)
    path = [point]
    for _ in range(state["step"]):
        slope = np.array(CURVATURES, dtype=float) * (path[-1] - np.array(MINIMUM, dtype=float))
        path.append(onto(path[-1] - state["learning_rate"] * slope))
    np.testing.assert_allclose(state["path"], path, rtol=1e-9, atol=1e-12)


CHECKS = {COST: check_costs, GRADIENT: check_gradient, NEAREST: check_nearest}


def test_the_figures_stand_there_as_python_made_them(figures):
    for widget, figure in figures.items():
        made = FIGURES[widget]()
        state = figure.state
        for name, value in made.page_state().items():
            assert state[name] == (list(value) if isinstance(value, tuple) else value)
        CHECKS[widget](state)


@pytest.mark.parametrize("widget", FIGURES)
def test_arrow_keys_move_every_slider_and_not_out_of_its_range(figures, widget):
    figure = figures[widget]
    for trait, (low, high, step) in SLIDERS[widget].items():
        for state in figure.by_keys(trait, low, high, step):
            CHECKS[widget](state)


def test_a_click_on_a_slider_moves_it(figures):
    slider = figures[COST].control("dimension")
    slider.click()
    assert figures[COST].state["dimension"] == pytest.approx(501, abs=12)


def test_a_product_leaves_the_range(figures):
    figure = figures[COST]
    state = figure.set(dimension=100, factor=0.1)
    check_costs(state)
    assert state["leaves_range_at"] == {"float32": 46, "float64": None}
    assert "exactly 0, since factor 46" in figure.root.locator(".dtr-status").inner_text()
    state = figure.set(dimension=1000, factor=3)
    check_costs(state)
    assert state["product"] == {"float32": "infinite", "float64": "infinite"}
    state = figure.set(factor=1)
    assert state["leaves_range_at"] == {"float32": None, "float64": None}
    assert state["log_product"] == 0


def test_a_click_chooses_an_entry_and_the_structure_decides(figures):
    figure = figures[GRADIENT]
    figure.set(structure="full")
    figure.root.scroll_into_view_if_needed()
    cell = figure.cells()[4 * 2 + 3]
    figure.page.mouse.click(cell["x"], cell["y"])
    state = figure.state
    assert (state["row"], state["column"], state["value"]) == (3, 4, float(BASE[2, 3]))
    check_gradient(state)
    before = state["log_abs_determinant"]
    assert figure.set(value=2.5)["log_abs_determinant"] != before
    state = figure.set(structure="triangular")
    check_gradient(state)
    assert not state["free"]
    assert figure.set(value=-1)["matrix"] == state["matrix"]
    # below the diagonal the entry moves and the determinant stays
    state = figure.set(row=3, column=1, value=2.0)
    assert state["free"] and state["matrix"][2][0] == 2.0
    assert figure.set(value=-2.0)["log_abs_determinant"] == state["log_abs_determinant"]
    signs = [cell["sign"] for cell in figure.cells(-1)]
    assert [signs.count(sign) for sign in ("positive", "zero", "none")] == [4, 6, 6]
    check_gradient(figure.set(structure="diagonal"))


@pytest.mark.parametrize("target", ["segment", "box", "plane"])
def test_the_point_is_dragged_and_moved_by_keys(figures, target):
    figure = figures[NEAREST]
    figure.set(target=target, learning_rate=0.2, step=5)
    handle = figure.root.locator(".dtr-handle")
    handle.scroll_into_view_if_needed()
    box = handle.locator(".dtr-handle-ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = figure.state["point"]
    figure.page.mouse.move(x, y)
    figure.page.mouse.down()
    figure.page.mouse.move(x - 40, y + 60, steps=4)
    figure.page.mouse.up()
    state = figure.state
    assert state["point"][0] < before[0] and state["point"][1] < before[1]
    check_nearest(state)
    handle.focus()
    for key, axis, sign in (
        ("ArrowUp", 1, 1),
        ("ArrowLeft", 0, -1),
        ("ArrowDown", 1, -1),
        ("ArrowRight", 0, 1),
    ):
        before = figure.state["point"]
        handle.press(key)
        state = figure.state
        assert state["point"][axis] == pytest.approx(before[axis] + 0.05 * sign, abs=1e-9)
        check_nearest(state)


def test_steps_beyond_the_border_run_away_or_jump(figures):
    figure = figures[NEAREST]
    free = figure.set(target="plane", learning_rate=0.6, step=40)
    check_nearest(free)
    assert abs(free["path"][-1][1]) > 1e3
    assert "runs away" in figure.root.locator(".dtr-status").inner_text()
    fenced = figure.set(target="box")
    check_nearest(fenced)
    assert max(abs(a - b) for a, b in zip(fenced["path"][-1], fenced["path"][-2], strict=True)) > 0.9
    calm = figure.set(learning_rate=0.4)
    check_nearest(calm)
    assert calm["path"][-1] == pytest.approx([1, float(MINIMUM[1])], abs=1e-6)


def test_a_finger_chooses_an_entry(phone_page):
    figure = Figure(phone_page, GRADIENT)
    figure.root.locator(".dtr-heat-map").first.scroll_into_view_if_needed()
    cell = figure.cells()[0]
    figure.page.touchscreen.tap(cell["x"], cell["y"])
    state = figure.state
    assert (state["row"], state["column"]) == (1, 1)
    check_gradient(state)
