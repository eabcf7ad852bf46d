"""The figures of the chapter on games in the built site: every control moves what the mathematics says it moves."""

import json
import math
import re
import shutil

import numpy as np
import pytest

from helpers.models import games
from helpers.widgets import STATIC, PhasePlane, SpectralRadiusMap, Spectrum

WIDGETS = ["phase-plane", "spectrum", "spectral-radius-map"]

SLIDERS = {  # trait: a method that has it, lowest, highest, step
    "learning_rate": ("simultaneous", 0, 2.5, 0.01),
    "strength": ("penalty", 0, 3, 0.05),
    "momentum": ("heavy_ball_alternating", -1.2, 1.2, 0.05),
    "step": ("simultaneous", 0, 200, 1),
}

# Half the side of the phase plane while the start lies inside it, and the farthest start that its controls set.
HALF_WIDTH, FARTHEST_START = 2.2, 2.0

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Figure:
    """One figure of an open page: what it exposes, and its controls."""

    def __init__(self, page, widget: str) -> None:
        self.page, self.widget = page, widget
        self.root = page.locator(f'[data-widget="{widget}"]')

    @property
    def state(self) -> dict:
        return json.loads(self.root.get_attribute("data-state"))

    def control(self, trait: str):
        return self.root.locator(f'[data-trait="{trait}"]')

    def button(self, name: str):
        return self.root.get_by_role("button", name=name)

    def until(self, **expected) -> dict:
        """Wait until the exposed state has these values, and return it."""
        try:
            self.page.wait_for_function(
                """([widget, expected]) => {
                    const { state } = document.querySelector(`[data-widget="${widget}"]`).dataset;
                    const now = JSON.parse(state ?? "{}");
                    return Object.entries(expected).every(([k, v]) => JSON.stringify(now[k]) === JSON.stringify(v));
                }""",
                arg=[self.widget, expected],
                timeout=5000,
            )
        except Exception as error:
            now = {name: self.state.get(name) for name in expected}
            raise AssertionError(f"{self.widget}: got {now}, expected {expected}") from error
        return self.state

    def settled(self) -> dict:
        """The state after all that was asked for has been drawn: figures draw once a frame."""
        self.page.evaluate(TWO_FRAMES)
        return self.state

    def on_screen(self, selector: str) -> tuple[float, float]:
        """Centre of an element, in pixels of the window."""
        box = self.root.locator(selector).first.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def open_page(chromium, site_url):
    """Open an address; at the end of the test no error stands in the console and no other host was asked."""
    contexts, wrong = [], []

    def open_page(address: str, *, width: int = 1280, before=None, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        own = (site_url, "file://", "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(own) else wrong.append(request.url))
        if before:
            before(page)
        page.goto(address)
        page.wait_for_function(
            """() => {
                const figures = [...document.querySelectorAll("[data-widget]")];
                return figures.length > 0 && figures.every((figure) => figure.dataset.state);
            }"""
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def chapter_url(site_url) -> str:
    return f"{site_url}book/games/index.html"


@pytest.fixture
def chapter(open_page, chapter_url):
    """The three linked figures of the chapter by name."""
    page = open_page(chapter_url)
    return {widget: Figure(page, widget) for widget in WIDGETS}


def given_parameters(state: dict) -> dict:
    name = games.METHODS[state["method"]].parameter
    return {name: state[name]} if name else {}


def expected_radius(state: dict) -> float:
    return games.spectral_radius(state["method"], state["learning_rate"], **given_parameters(state))


def expected_path(state: dict, steps: int) -> np.ndarray:
    given = given_parameters(state)
    return games.simulate(state["method"], state["start"], state["learning_rate"], steps, **given).numpy()


def first_outside(path: np.ndarray, half: float) -> int | None:
    outside = (np.abs(path) > half).any(axis=1)
    return int(outside.argmax()) if outside.any() else None


def assert_true_to_the_mathematics(state: dict) -> None:
    """All that the phase plane says of its state, computed again in Python."""
    path = expected_path(state, 200)
    point = path[state["step"]]
    assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
    np.testing.assert_allclose(state["point"], point, rtol=1e-10, atol=1e-12)
    assert state["norm"] == pytest.approx(math.hypot(*point), rel=1e-10)
    left = first_outside(path[: state["step"] + 1], max(HALF_WIDTH, 1.1 * max(map(abs, state["start"]))))
    assert state["left_picture_at"] == left
    converges = games.converges(state["method"], state["learning_rate"], **given_parameters(state))
    assert (state["verdict"] == "converges") == bool(converges)


def test_the_chapter_shows_the_three_figures_as_python_made_them(chapter):
    for widget in WIDGETS:
        assert chapter[widget].root.count() == 1
    state = chapter["phase-plane"].state
    assert {name: state[name] for name in PhasePlane.state_names()} == {
        "learning_rate": 0.2,
        "method": "simultaneous",
        "momentum": -0.5,
        "start": [1, 0],
        "step": 30,
        "strength": 0.5,
    }
    assert state["spectral_radius"] == pytest.approx(math.sqrt(1 + 0.2**2), abs=1e-12)
    assert_true_to_the_mathematics(state)


# Keyboard.

FOCUS = """() => {
    const { activeElement: element } = document;
    const name = element.dataset.trait ?? (element.matches(".dtr-handle") ? "start" : element.textContent.trim());
    return [element.closest("[data-widget]")?.dataset.widget ?? null, element.matches("div") ? null : name];
}"""

TAB_ORDER = {
    "phase-plane": [
        *("method", "learning_rate", "strength", "start", "start_d", "start_g", "step"),
        *("▶ Play", "Step", "Reset"),
    ],
    "spectrum": ["method", "learning_rate", "strength", "step"],
    "spectral-radius-map": ["method", "learning_rate", "strength"],
}


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_control_is_reached_with_the_tab_key(chapter, widget):
    figure = chapter[widget]
    keyboard = figure.page.keyboard
    figure.control("method").focus()
    keyboard.type("Penalty")
    figure.until(method="penalty")
    keyboard.press("Shift+Tab")
    assert figure.page.evaluate(FOCUS)[0] is None, "the first control of the figure is not the first reached"
    seen = []
    for _ in range(20):
        keyboard.press("Tab")
        inside, name = figure.page.evaluate(FOCUS)
        if inside != widget:
            break
        # A formula that is wider than its box may be scrolled by keyboard, and is no control.
        seen += [name] if name else []
    assert seen == TAB_ORDER[widget]


@pytest.mark.parametrize("widget", WIDGETS)
def test_arrow_keys_move_every_slider_and_not_out_of_its_range(chapter, widget):
    figure = chapter[widget]
    for trait, (method, low, high, step) in SLIDERS.items():
        if figure.control(trait).count() == 0:
            assert (widget, trait) == ("spectral-radius-map", "step")
            continue
        figure.control("method").select_option(method)
        figure.until(method=method)
        slider = figure.control(trait)
        for key, value in [
            ("Home", low),
            ("ArrowLeft", low),
            ("ArrowRight", low + step),
            ("ArrowUp", low + 2 * step),
            ("End", high),
            ("ArrowRight", high),
            ("ArrowDown", high - step),
        ]:
            slider.press(key)
            state = figure.settled()
            assert state[trait] == pytest.approx(value, abs=1e-12), (trait, key)
            assert float(slider.input_value()) == state[trait]
            assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
            if widget == "phase-plane":
                assert_true_to_the_mathematics(state)


def test_the_method_is_chosen_with_the_keyboard(chapter):
    figure = chapter["phase-plane"]
    figure.control("method").press("ArrowDown")
    assert_true_to_the_mathematics(figure.until(method="alternating"))
    figure.page.keyboard.type("Heavy ball, alt")
    state = figure.until(method="heavy_ball_alternating")
    assert state["parameter"] == -0.5
    assert_true_to_the_mathematics(state)


# Pointer.


def pixel_on(slider, fraction: float) -> tuple[float, float]:
    """Where the thumb's centre stands at a fraction of the range; the thumb is 16 px wide."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    return box["x"] + 8 + fraction * (box["width"] - 16), box["y"] + box["height"] / 2


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_pointer_moves_every_slider_and_not_out_of_its_range(chapter, widget):
    figure = chapter[widget]
    mouse = figure.page.mouse
    for trait, (method, low, high, _) in SLIDERS.items():
        slider = figure.control(trait)
        if slider.count() == 0:
            continue
        figure.control("method").select_option(method)
        figure.until(method=method)
        mouse.click(*pixel_on(slider, 0.3))
        state = figure.settled()
        assert state[trait] == pytest.approx(low + 0.3 * (high - low), abs=0.02 * (high - low)), trait
        assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
        mouse.move(*pixel_on(slider, 0.3))
        mouse.down()
        mouse.move(*pixel_on(slider, 0.7), steps=4)
        state = figure.settled()
        assert state[trait] == pytest.approx(low + 0.7 * (high - low), abs=0.02 * (high - low)), trait
        assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
        mouse.move(*pixel_on(slider, 1.6), steps=4)
        mouse.up()
        assert figure.settled()[trait] == high


def test_spectral_radii_equal_pythons(chapter):
    for widget, figure in chapter.items():
        for method in games.METHODS:
            figure.control("method").select_option(method)
            for learning_rate in (0.2, 0.6):
                figure.control("learning_rate").fill(str(learning_rate))
                state = figure.until(method=method, learning_rate=learning_rate)
                difference = abs(state["spectral_radius"] - expected_radius(state))
                assert difference <= 1e-12, (widget, method, learning_rate)


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_control_moves_all_linked_figures(chapter, widget):
    moved = chapter[widget]
    moved.control("method").select_option("consensus")
    moved.control("learning_rate").fill("0.37")
    moved.control("strength").fill("0.8")
    for figure in chapter.values():
        state = figure.until(method="consensus", learning_rate=0.37, strength=0.8)
        assert state["spectral_radius"] == pytest.approx(math.hypot(1 - 0.37 * 0.8, 0.37), abs=1e-12)
        shown = {trait: figure.control(trait).input_value() for trait in ("method", "learning_rate", "strength")}
        assert shown == {"method": "consensus", "learning_rate": "0.37", "strength": "0.8"}
        assert figure.root.locator(".dtr-slider:visible output").nth(0).inner_text() == "0.37"
        assert not figure.control("momentum").is_visible()
    chapter["spectrum"].control("step").fill("5")
    assert_true_to_the_mathematics(chapter["phase-plane"].until(step=5))


def test_the_spectrum_exposes_eigenvalues_norms_and_their_envelope(chapter):
    figure = chapter["spectrum"]
    for method in games.METHODS:
        figure.control("method").select_option(method)
        state = figure.until(method=method)
        matrix = np.array(games.iteration_matrix(method, 0.2, **given_parameters(state)), dtype=float)
        found = sorted(complex(*value) for value in state["eigenvalues"]) if False else state["eigenvalues"]
        expected = np.linalg.eigvals(matrix)
        distances = np.abs(np.array([complex(*value) for value in found])[:, None] - expected)
        assert max(distances.min(axis=0).max(), distances.min(axis=1).max()) <= 1e-12, method
        norms = np.linalg.norm(expected_path(state, 30), axis=1)
        np.testing.assert_allclose(state["norms"], norms, rtol=1e-12)
        assert state["envelope"] >= norms[-1] * (1 - 1e-12)
        outside = figure.root.locator(".dtr-eigenvalues .dtr-outside").count()
        assert outside == (np.abs(expected) > 1 + 1e-9).sum()


# The start.


def plane_to_screen(figure: Figure):
    """Map from the plane to the window's pixels, read off the origin's cross and the axis ticks."""
    ticks = figure.root.locator(".dtr-axis .tick")
    places = {"x": {}, "y": {}}
    for tick in ticks.all():
        box = tick.locator("line").bounding_box()
        axis = "x" if box["height"] > box["width"] else "y"
        value = float(tick.inner_text().replace("−", "-")) if False else float(tick.text_content().replace("−", "-"))
        places[axis][value] = box["x"] + box["width"] / 2 if axis == "x" else box["y"] + box["height"] / 2

    def scale(known: dict):
        (a, pa), *_, (b, pb) = sorted(known.items())
        return lambda value: pa + (value - a) * (pb - pa) / (b - a)

    x, y = scale(places["x"]), scale(places["y"])
    return lambda a, b: (x(a), y(b))
