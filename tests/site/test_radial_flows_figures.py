"""The figures of the chapter on radial flows in the built site: every control moves what the mathematics says."""

import math

import pytest

from helpers.models import flows
from helpers.widgets import RadialDensity, RadialWarp, SeriesError

from .live_figures import Figure

PAGE = "book/invertible_maps/radial_flows.html"
FIGURES = {figure.widget: figure for figure in (RadialWarp, RadialDensity, SeriesError)}
SLIDERS = {  # widget: trait: lowest, highest, step
    "radial-warp": {"alpha": (0.2, 2, 0.05), "beta": (-3, 3, 0.05), "radius": (0, 3, 0.05)},
    "radial-density": {"alpha": (0.2, 2, 0.05), "beta": (-3, 3, 0.05), "dimension": (1, 8, 1)},
    "series-error": {"lipschitz": (0.1, 0.95, 0.05), "angle": (0, 180, 5), "terms": (1, 40, 1)},
}


def restored(page) -> dict[str, Figure]:
    """The figures by name, as they were first, but for the center, which no slider moves."""
    found = {widget: Figure(page, widget) for widget in FIGURES}
    for widget, figure in found.items():
        first = FIGURES[widget]()
        figure.set(**{name: getattr(first, name) for name in first.state_names() if name != "center"})
    return found


@pytest.fixture
def chapter(page):
    return restored(page)


@pytest.fixture
def phone(phone_page):
    return restored(phone_page)


def assert_true(widget: str, state: dict) -> None:
    """What a figure says of its state, computed again in Python."""
    if widget == "series-error":
        size, angle = state["lipschitz"], math.radians(state["angle"])
        exact = math.log(1 + 2 * size * math.cos(angle) + size**2)
        terms = range(1, state["terms"] + 1)
        partial = sum((-1) ** (k + 1) / k * 2 * size**k * math.cos(k * angle) for k in terms)
        bound = 2 * (-math.log1p(-size) - sum(size**k / k for k in terms))
        assert state["exact"] == pytest.approx(exact, abs=1e-12)
        assert state["partial"] == pytest.approx(partial, abs=1e-12)
        assert state["error"] == pytest.approx(abs(exact - partial), abs=1e-12)
        assert state["bound"] == pytest.approx(bound, abs=1e-12)
        assert state["error"] <= state["bound"] * (1 + 1e-12)
        return
    alpha, beta = state["alpha"], state["beta"]
    margin = alpha + beta
    expected = "inside" if margin > 1e-9 else "edge" if margin >= -1e-9 else "folded"
    assert state["kind"] == expected
    if widget == "radial-warp":
        r = state["radius"]
        assert state["distance"] == pytest.approx(flows.radial_distance(r, alpha, beta), abs=1e-12)
        assert state["slope"] == pytest.approx(flows.radial_slope(r, alpha, beta), abs=1e-12)
        if expected == "folded":
            assert state["collapse"] == pytest.approx(-margin)
            assert state["turning"] == pytest.approx(math.sqrt(-alpha * beta) - alpha)
        else:
            assert state["collapse"] is None and state["turning"] is None
    else:
        at_centre = (1 + beta / alpha) ** state["dimension"]
        assert state["determinant_at_centre"] == pytest.approx(at_centre, abs=1e-12)
        assert (state["largest_log_density"] is None) == (expected == "folded")


def test_the_chapter_shows_the_figures_as_python_made_them(chapter):
    for widget, figure in chapter.items():
        assert figure.root.count() == 1
        state, expected = figure.state, FIGURES[widget]().page_state()
        for name, value in expected.items():
            assert state[name] == (list(value) if isinstance(value, tuple) else value), name
        assert_true(widget, state)


@pytest.mark.parametrize("widget", FIGURES)
def test_arrow_keys_move_every_slider_and_not_out_of_its_range(chapter, widget):
    figure = chapter[widget]
    for trait, (low, high, step) in SLIDERS[widget].items():
        for state in figure.by_keys(trait, low, high, step):
            assert_true(widget, state)


@pytest.mark.parametrize("widget", FIGURES)
def test_the_pointer_moves_every_slider(chapter, widget):
    figure = chapter[widget]
    for trait, (low, high, step) in SLIDERS[widget].items():
        slider = figure.control(trait)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        figure.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
        state = figure.state
        assert state[trait] == pytest.approx(low + 0.75 * (high - low), abs=0.05 * (high - low) + step)
        assert_true(widget, state)


def test_below_the_limit_the_picture_folds(chapter):
    figure = chapter["radial-warp"]
    turned = figure.root.locator(".dtr-warp path.dtr-turned")
    red = figure.root.locator(".dtr-radial-crossing:not(.dtr-radial-away)")
    figure.set(beta=-1)
    assert figure.state["kind"] == "edge" and turned.count() == 0 and red.count() == 0
    assert "singular" in figure.status
    state = figure.set(beta=-2)
    assert state["collapse"] == pytest.approx(1.0) and turned.count() > 0
    assert red.count() == 2, "one on the curve, one on the centre"
    assert "r = 1.00 lands on the centre" in figure.status
    # The circle r = 1 is the one that lands there.
    assert state["distance"] == pytest.approx(0, abs=1e-12)
    ring = figure.root.locator(".dtr-radial-followed")
    assert float(ring.get_attribute("r")) == pytest.approx(0, abs=1e-9)
    figure.set(beta=-0.95)
    assert figure.state["kind"] == "inside" and turned.count() == 0


def test_the_curve_dips_under_zero_where_it_should(chapter):
    """The drawn path itself, read back in data units by the axis's ticks."""
    figure = chapter["radial-warp"]
    lowest = """(root) => {
        const path = root.querySelector(".dtr-radial-distance-curve");
        const zero = root.querySelectorAll(".dtr-plot")[1].querySelector(".dtr-zero").getBBox().y;
        const points = path.getAttribute("d").slice(1).split("L").map((p) => p.split(",").map(Number));
        return Math.max(...points.map(([, y]) => y)) - zero;
    }"""
    figure.set(beta=-1)
    assert figure.root.evaluate(lowest) <= 0.01
    figure.set(beta=-3)
    below = figure.root.evaluate(lowest)
    depth = -flows.radial_distance(math.sqrt(3) - 1, 1.0, -3.0)
    pixels_per_unit = (340 - 24 - 40) / 5.5
    assert below == pytest.approx(depth * pixels_per_unit, rel=0.02)


def test_the_followed_circle_is_moved_by_keys_and_by_dragging(chapter):
    figure = chapter["radial-warp"]
    knob = figure.root.locator(".dtr-handle")
    knob.focus()
    figure.page.keyboard.press("ArrowRight")
    assert figure.state["radius"] == pytest.approx(1.05)
    figure.page.keyboard.press("Shift+ArrowLeft")
    assert figure.state["radius"] == pytest.approx(0.8)
    ring = figure.root.locator(".dtr-handle-ring")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = figure.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 60, y + 5, steps=4)
    mouse.up()
    state = figure.state
    assert 1.2 < state["radius"] < 1.8
    assert_true("radial-warp", state)
    assert knob.get_attribute("aria-valuetext") == f"radius {state['radius']:.2f}"


def test_the_centre_of_the_density_is_moved_and_stays_in_range(chapter):
    figure = chapter["radial-density"]
    knob = figure.root.locator(".dtr-handle")
    before = figure.state["center"]
    knob.focus()
    figure.page.keyboard.press("ArrowUp")
    figure.page.keyboard.press("ArrowLeft")
    assert figure.state["center"] == pytest.approx([before[0] - 0.1, before[1] + 0.1])
    for _ in range(12):
        figure.page.keyboard.press("Shift+ArrowRight")
    assert figure.state["center"][0] == 2
    for _ in range(4):
        figure.page.keyboard.press("Shift+ArrowLeft")
    figure.set(beta=1)


def test_the_density_is_a_density(chapter):
    """The sum over the picture's cells, which hold nearly all of the mass, is one."""
    figure = chapter["radial-density"]
    for alpha, beta in ((1, 1), (0.5, -0.3), (2, 0.5)):
        state = figure.set(alpha=alpha, beta=beta, dimension=2)
        assert state["mass"] == pytest.approx(1, abs=0.02)
    assert figure.set(dimension=3)["mass"] is None


def test_the_picture_of_a_density_is_that_of_its_state(chapter):
    """No path of a colour that it had before is left, and those of the same state stand in the same order."""
    figure = chapter["radial-density"]
    cells = "g:is(.dtr-radial-density, .dtr-radial-log-det) > path"

    def drawn(**values) -> list[str]:
        figure.set(**values)
        return figure.root.locator(cells).evaluate_all("(paths) => paths.map((path) => path.outerHTML)")

    first = drawn(alpha=1, beta=1, dimension=2)
    between = drawn(alpha=0.5, beta=-0.3)
    assert between != first and not any('d=""' in path for path in between)
    assert drawn(alpha=1, beta=1) == first


def test_more_dimensions_do_more(chapter):
    figure = chapter["radial-density"]
    found = [figure.set(beta=1, dimension=d)["determinant_at_centre"] for d in (1, 2, 5, 8)]
    assert found == pytest.approx([2, 4, 32, 256])
    assert "256" in figure.status
    state = figure.set(beta=-2)
    assert state["kind"] == "folded" and "folds" in figure.status


def test_at_half_a_turn_every_error_lies_on_the_bound(chapter):
    figure = chapter["series-error"]
    state = figure.set(angle=180, lipschitz=0.8, terms=7)
    assert state["error"] == pytest.approx(state["bound"], rel=1e-9)
    state = figure.set(angle=90)
    assert state["error"] < state["bound"] / 2
    dots = figure.root.locator(".dtr-radial-errors circle")
    assert dots.count() == 41 and figure.root.locator(".dtr-radial-chosen").count() == 1


def test_the_exercise_on_terms_can_be_read_off_the_figure(chapter):
    figure = chapter["series-error"]
    enough = [figure.set(lipschitz=0.8, terms=n)["bound"] <= 0.01 for n in (16, 17)]
    assert enough == [False, True]


@pytest.mark.parametrize("widget", FIGURES)
def test_a_finger_moves_every_slider(phone, widget):
    figure = phone[widget]
    for trait in SLIDERS[widget]:
        slider = figure.control(trait)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        figure.page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        assert_true(widget, figure.state)
