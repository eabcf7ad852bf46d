"""The figures of the chapter on training methods in the built site: every control moves what the mathematics says it
moves."""

import math
import re
import shutil

import numpy as np
import pytest

from helpers.models import games
from helpers.widgets import STATIC, PhasePlane, SpectralRadiusMap, Spectrum

from .live_figures import Figure

PAGE = "book/games/training_methods.html"
WIDGETS = ["phase-plane", "spectrum", "spectral-radius-map"]

SLIDERS = {  # trait: a method that has it, lowest, highest, step
    "learning_rate": ("simultaneous", 0, 2.5, 0.01),
    "strength": ("penalty", 0, 3, 0.05),
    "momentum": ("heavy_ball_alternating", -1.2, 1.2, 0.05),
    "step": ("simultaneous", 0, 200, 1),
}

# Half the side of the phase plane while the start lies inside it, and the farthest start that its controls set.
HALF_WIDTH, FARTHEST_START = 2.2, 2.0


@pytest.fixture
def open_page(pages):
    """Open a page for this test alone."""
    opened = []

    def open_page(address: str, **options):
        opened.append(pages.open(address, **options))
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()
    pages.assert_nothing_wrong()


# The chapter takes seconds to lay out, so tests share a page, and each finds its figures as they were first.

FIRST_STATE = {
    "learning_rate": 0.2,
    "method": "simultaneous",
    "momentum": -0.5,
    "start": [1, 0],
    "step": 30,
    "strength": 0.5,
}


def restored(page) -> dict[str, Figure]:
    """The figures as they were first; the plane's controls move the others with it."""
    found = {widget: Figure(page, widget) for widget in WIDGETS}
    start_d, start_g = FIRST_STATE["start"]
    first = {name: value for name, value in FIRST_STATE.items() if name != "start"}
    found["phase-plane"].put(**first, start_d=start_d, start_g=start_g)
    return found


@pytest.fixture
def chapter(page, pages):
    """The three linked figures of the chapter by name."""
    figures = restored(page)
    for figure in figures.values():
        figure.until(**FIRST_STATE)
    yield figures
    pages.assert_nothing_wrong()


@pytest.fixture
def phone(phone_page, pages):
    """The same on a phone."""
    yield restored(phone_page)
    pages.assert_nothing_wrong()


@pytest.fixture(scope="module")
def stopped_page(pages, address):
    return pages.open(address, stopped_clock=True)


@pytest.fixture
def stopped(stopped_page, pages):
    """The same where time passes only with `page.clock.run_for`."""
    figures = restored(stopped_page)
    stopped_page.clock.run_for(1000)
    yield figures
    pages.assert_nothing_wrong()


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
    np.testing.assert_allclose(np.array(state["point"], dtype=float), point, rtol=1e-10, atol=1e-12)
    assert state["norm"] == pytest.approx(math.hypot(*point), rel=1e-10)
    left = first_outside(path[: state["step"] + 1], max(HALF_WIDTH, 1.1 * max(map(abs, state["start"]))))
    assert state["left_picture_at"] == left
    converges = games.converges(state["method"], state["learning_rate"], **given_parameters(state))
    assert (state["verdict"] == "converges") == bool(converges)


def test_the_chapter_shows_the_three_figures_as_python_made_them(open_page, address):
    page = open_page(address)
    for widget in WIDGETS:
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        state = figure.now
        opened = FIRST_STATE | {"method": "alternating", "learning_rate": 0.5, "step": 60}
        assert {name: state[name] for name in PhasePlane.state_names()} == opened
        assert state["spectral_radius"] == pytest.approx(1, abs=1e-12)
    assert_true_to_the_mathematics(Figure(page, "phase-plane").now)


# Keyboard.

FOCUS = """() => {
    const { activeElement: element } = document;
    const name = element.dataset.trait ?? (element.matches(".dtr-handle") ? "start" : element.textContent.trim());
    return [element.closest("[data-widget]")?.dataset.widget ?? null, element.matches("div") ? null : name];
}"""

LINKS = ["Copy link to this state", "Undo all changes"]
TAB_ORDER = {
    "phase-plane": [
        *("method", "learning_rate", "strength", "start", "start_d", "start_g", "step"),
        *("▶ Play", "Step", "Reset", *LINKS),
    ],
    "spectrum": ["method", "learning_rate", "strength", "step", *LINKS],
    "spectral-radius-map": ["method", "learning_rate", "strength", *LINKS],
}


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_control_is_reached_with_the_tab_key(chapter, widget):
    figure = chapter[widget]
    keyboard = figure.page.keyboard
    figure.control("method").focus()
    keyboard.press("p")
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
        for state in figure.by_keys(trait, low, high, step):
            assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
            if widget == "phase-plane":
                assert_true_to_the_mathematics(state)


def test_the_method_is_chosen_with_the_keyboard(chapter):
    figure = chapter["phase-plane"]
    figure.control("method").press("ArrowDown")
    assert_true_to_the_mathematics(figure.until(method="alternating"))
    for _ in games.METHODS:
        figure.page.keyboard.press("ArrowDown")
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
        state = figure.state
        assert state[trait] == pytest.approx(low + 0.3 * (high - low), abs=0.02 * (high - low)), trait
        assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
        mouse.move(*pixel_on(slider, 0.3))
        mouse.down()
        mouse.move(*pixel_on(slider, 0.7), steps=4)
        state = figure.state
        assert state[trait] == pytest.approx(low + 0.7 * (high - low), abs=0.02 * (high - low)), trait
        assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
        mouse.move(*pixel_on(slider, 1.6), steps=4)
        mouse.up()
        assert figure.state[trait] == high


def test_spectral_radii_equal_pythons_in_every_figure(chapter):
    plane = chapter["phase-plane"]
    for method in games.METHODS:
        plane.control("method").select_option(method)
        for learning_rate in (0.2, 0.6):
            plane.control("learning_rate").fill(str(learning_rate))
            for widget, figure in chapter.items():
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
        shown = {
            trait: figure.control(trait).input_value() for trait in ("method", "learning_rate", "strength")
        }
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
        expected = np.linalg.eigvals(matrix)
        found = np.array([complex(*value) for value in state["eigenvalues"]])
        distances = np.abs(found[:, None] - expected)
        assert max(distances.min(axis=0).max(), distances.min(axis=1).max()) <= 1e-12, method
        norms = np.linalg.norm(expected_path(state, 30), axis=1)
        np.testing.assert_allclose(state["norms"], norms, rtol=1e-12)
        assert state["envelope"] >= norms[-1] * (1 - 1e-12)
        outside = figure.root.locator(".dtr-eigenvalues .dtr-outside").count()
        assert outside == (np.abs(expected) > 1 + 1e-9).sum()


# The start.


TICKS = """(figure) => [...figure.querySelectorAll(".dtr-axis .tick")].map((tick) => {
    const { x, y, width, height } = tick.querySelector("line").getBoundingClientRect();
    const value = Number(tick.textContent.replace("−", "-"));
    return width < height ? ["x", value, x + width / 2] : ["y", value, y + height / 2];
})"""


def pixels_of(figure: Figure):
    """Where a point of the figure's first plot stands in the window, read off the ticks of its axes."""
    figure.root.locator("svg.dtr-plot").first.scroll_into_view_if_needed()
    ticks = figure.root.evaluate(TICKS)

    def place(axis: str, value: float) -> float:
        (a, start), *_, (b, end) = sorted((v, pixel) for name, v, pixel in ticks if name == axis)
        return start + (value - a) * (end - start) / (b - a)

    return lambda x, y: (place("x", x), place("y", y))


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def test_the_start_is_dragged(chapter):
    figure = chapter["phase-plane"]
    pixels = pixels_of(figure)
    assert figure.on_screen(".dtr-handle-ring") == pytest.approx(pixels(1, 0), abs=1)
    drag(figure.page, pixels(1, 0), pixels(-0.5, 1.5))
    state = figure.state
    # One pixel of the window is about 0.015 of the plane.
    assert state["start"] == pytest.approx([-0.5, 1.5], abs=0.03)
    assert figure.on_screen(".dtr-handle-ring") == pytest.approx(pixels(*state["start"]), abs=1)
    fields = [float(figure.control(trait).input_value()) for trait in ("start_d", "start_g")]
    assert fields == state["start"]
    assert_true_to_the_mathematics(state)
    assert chapter["spectrum"].now["start"] == state["start"]
    assert chapter["spectrum"].now["norms"][0] == pytest.approx(math.hypot(*state["start"]))


def test_a_game_at_rest_has_no_norm_to_mark(chapter):
    spectrum = chapter["spectrum"]
    note = spectrum.root.locator(".dtr-nothing").last
    assert note.text_content() == "" and spectrum.discs(".dtr-dots") > 0
    for trait in ("start_d", "start_g"):
        chapter["phase-plane"].control(trait).fill("0")
        chapter["phase-plane"].control(trait).press("Enter")
    assert set(spectrum.until(start=[0, 0])["norms"]) == {0}
    assert note.text_content() == "at rest: the norm is 0"
    assert spectrum.discs(".dtr-dots") == 0


def test_the_start_is_not_dragged_out_of_the_picture(chapter):
    figure = chapter["phase-plane"]
    drag(figure.page, pixels_of(figure)(1, 0), pixels_of(figure)(4, -3))
    assert figure.state["start"] == [FARTHEST_START, -FARTHEST_START]


def test_the_start_is_moved_with_the_arrow_keys(chapter):
    figure = chapter["phase-plane"]
    handle = figure.root.get_by_role("slider", name="Start of the game")
    for key, start in [
        ("ArrowRight", [1.05, 0]),
        ("ArrowUp", [1.05, 0.05]),
        ("ArrowLeft", [1, 0.05]),
        ("ArrowDown", [1, 0]),
        ("Shift+ArrowDown", [1, -0.25]),
    ]:
        handle.press(key)
        assert_true_to_the_mathematics(figure.until(start=start))
    for _ in range(9):
        handle.press("Shift+ArrowDown")
    assert figure.until(start=[1, -FARTHEST_START])
    assert handle.get_attribute("aria-valuetext") == "d = 1.00, g = −2.00"


def test_the_start_is_dragged_with_a_finger(phone):
    figure = phone["phase-plane"]
    pixels, touch = pixels_of(figure), figure.page.context.new_cdp_session(figure.page)
    for kind, points in [
        ("touchStart", [(1, 0)]),
        ("touchMove", [(0.5, 0.5)]),
        ("touchMove", [(-1, 1)]),
        ("touchEnd", []),
    ]:
        places = [dict(zip("xy", pixels(*point), strict=True)) for point in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    assert figure.state["start"] == pytest.approx([-1, 1], abs=0.05)


@pytest.mark.parametrize("trait", ["start_d", "start_g"])
def test_number_fields_put_nonsense_back(chapter, trait):
    figure = chapter["phase-plane"]
    keyboard, field = figure.page.keyboard, figure.control(trait)
    before, old = figure.now, field.input_value()
    for typed in ["2.01", "-7", "1e400", "", "abc", "-", "1e"]:
        field.focus()
        keyboard.press("Control+A")
        keyboard.press("Delete")
        keyboard.type(typed)
        keyboard.press("Tab")
        assert figure.state == before, typed
        assert field.input_value() == old, typed


@pytest.mark.parametrize("trait, start", [("start_d", [-1.25, 0]), ("start_g", [1, -1.25])])
def test_number_fields_set_the_start(chapter, trait, start):
    figure = chapter["phase-plane"]
    figure.control(trait).fill("-1.25")
    figure.control(trait).press("Enter")
    assert_true_to_the_mathematics(figure.until(start=start))


# Step, play, reset.


def test_step_and_reset(chapter):
    figure = chapter["phase-plane"]
    figure.control("start_g").fill("0.5")
    figure.control("start_g").press("Enter")
    figure.button("Step").click()
    assert_true_to_the_mathematics(figure.until(step=31, start=[1, 0.5]))
    figure.button("Reset").press("Enter")
    assert_true_to_the_mathematics(figure.until(step=0, start=[1, 0]))
    figure.button("Step").press(" ")
    assert_true_to_the_mathematics(figure.until(step=1))
    figure.control("step").fill("200")
    figure.until(step=200)
    figure.button("Step").click()
    assert figure.state["step"] == 200


def test_play_and_pause(stopped):
    figure, clock = stopped["phase-plane"], stopped["phase-plane"].page.clock
    figure.button("Reset").click()
    figure.button("Play").click()
    clock.run_for(1040)
    state = figure.now
    assert (state["step"], state["playing"]) == (14, True)
    assert_true_to_the_mathematics(state)
    figure.button("Pause").click()
    clock.run_for(5000)
    assert (figure.now["step"], figure.now["playing"]) == (14, False)
    figure.button("Play").press("Enter")
    clock.run_for(540)
    assert (figure.now["step"], figure.now["playing"]) == (21, True)
    figure.button("Step").click()
    clock.run_for(5000)
    assert (figure.now["step"], figure.now["playing"]) == (22, False)


def test_play_ends_where_the_game_leaves_the_picture_and_starts_again(stopped):
    figure, clock = stopped["phase-plane"], stopped["phase-plane"].page.clock
    figure.button("Play").click()
    clock.run_for(30_000)
    state = figure.now
    left = first_outside(expected_path(state, 200), HALF_WIDTH)
    assert (state["step"], state["left_picture_at"], state["playing"]) == (left, left, False)
    assert f"Left the picture at step {left}." in figure.root.locator(".dtr-status").inner_text()
    figure.button("Play").click()
    clock.run_for(540)
    assert (figure.now["step"], figure.now["playing"]) == (7, True)
    figure.button("Pause").click()


def test_nothing_moves_by_itself(stopped):
    page = stopped["phase-plane"].page
    pictures = "() => [...document.querySelectorAll('[data-widget]')].map((figure) => figure.outerHTML)"
    before = page.evaluate(pictures)
    page.clock.run_for(60_000)
    assert page.evaluate(pictures) == before
    moving = """() => document.getAnimations()
        .filter(({ effect }) => effect.target.closest("[data-widget]")).length"""
    assert page.evaluate(moving) == 0


# The map.


@pytest.mark.parametrize(
    "method, trait, value",
    [("heavy_ball_alternating", "momentum", -0.5), ("penalty", "strength", 1.5), ("alternating", None, 1.0)],
)
def test_pointing_at_the_map_moves_the_sliders(chapter, method, trait, value):
    figure = chapter["spectral-radius-map"]
    figure.control("method").select_option(method)
    figure.until(method=method)
    pixels = pixels_of(figure)
    figure.page.mouse.click(*pixels(1.5, value))
    expected = {"learning_rate": 1.5, **({trait: value} if trait else {})}
    state = figure.state
    # A slider's step is about two pixels wide.
    assert {name: state[name] for name in expected} == pytest.approx(expected, abs=0.051)
    assert {name: float(figure.control(name).input_value()) for name in expected} == {
        name: state[name] for name in expected
    }
    assert state["spectral_radius"] == pytest.approx(expected_radius(state), abs=1e-12)
    height = state[trait] if trait else state["spectral_radius"]
    assert figure.on_screen(".dtr-now") == pytest.approx(pixels(state["learning_rate"], height), abs=1)
    drag(figure.page, figure.on_screen(".dtr-now"), pixels(9, value))
    assert figure.state["learning_rate"] == 2.5
    assert_true_to_the_mathematics(chapter["phase-plane"].until(learning_rate=2.5))


# What diverges.

BROKEN_NUMBERS = """(figure) => [...figure.querySelectorAll("svg *")].flatMap((element) =>
    [...element.attributes].map(({ value }) => value).filter((value) => /NaN|Infinity|undefined|null/.test(value)))"""


def test_a_diverging_game_is_drawn_and_says_when_it_left_the_picture(chapter):
    figure = chapter["phase-plane"]
    figure.control("learning_rate").press("End")
    figure.control("step").press("End")
    state = figure.until(learning_rate=2.5, step=200)
    left = first_outside(expected_path(state, 200), HALF_WIDTH)
    assert state["left_picture_at"] == left
    assert state["norm"] == pytest.approx((1 + 2.5**2) ** 100, rel=1e-9)
    status = figure.root.locator(".dtr-status").inner_text()
    assert f"Left the picture at step {left}." in status and "10⁸⁶" in status
    assert figure.discs(".dtr-dots") >= left
    assert figure.root.locator(".dtr-path").get_attribute("d").startswith("M")
    norms = np.array(chapter["spectrum"].until(learning_rate=2.5, step=200)["norms"], dtype=float)
    np.testing.assert_allclose(norms, (1 + 2.5**2) ** (np.arange(201) / 2), rtol=1e-9)
    for linked in chapter.values():
        assert linked.root.evaluate(BROKEN_NUMBERS) == []
    # It is not frozen: the next setting is drawn.
    figure.control("method").select_option("implicit")
    assert_true_to_the_mathematics(figure.until(method="implicit"))


def page_of(folder, *figures) -> str:
    """Address of a page of its own with these figures, beside their scripts."""
    shutil.copytree(STATIC, folder / "figures", ignore=shutil.ignore_patterns("*.mjs"))
    body = "".join(figure.to_html() for figure in figures)
    head = """<meta charset="utf-8"><link rel="icon" href="data:,">
        <link rel="stylesheet" href="figures/katex/katex.min.css"><link rel="stylesheet" href="figures/figures.css">
        <script defer src="figures/page.js"></script>"""
    page = folder / "index.html"
    page.write_text(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return page.as_uri()


def test_a_game_beyond_the_range_of_numbers_says_when_it_left_it(open_page, tmp_path):
    plane = PhasePlane(start=(1e300, 0), learning_rate=2.5, step=200)
    linked = [plane, Spectrum(linked_to=plane), SpectralRadiusMap(linked_to=plane)]
    page = open_page(page_of(tmp_path, *linked))
    figure = Figure(page, "phase-plane")
    state = figure.now
    path = expected_path(state, 200)
    beyond = int((~np.isfinite(path).all(axis=1)).argmax())
    left = first_outside(path, 1.1e300)
    assert 0 < left < beyond
    assert (state["left_range_at"], state["left_picture_at"]) == (beyond, left)
    status = figure.root.locator(".dtr-status").inner_text()
    assert f"Left the range of numbers at step {beyond}, the picture at step {left}." in status
    for widget in WIDGETS:
        assert Figure(page, widget).root.evaluate(BROKEN_NUMBERS) == []
        assert Figure(page, widget).root.locator("svg path[d^=M]").count() > 2
    figure.control("step").fill("3")
    assert figure.until(step=3, left_range_at=None)["norm"] == pytest.approx(1e300 * 7.25**1.5, rel=1e-9)


# Words and formulas.


def live_values(figure: Figure) -> list[str]:
    figure.drawn()
    # KaTeX writes each formula twice, once for the eye and once as MathML; for the eye a matrix column by column.
    return figure.root.locator(".katex-html .dtr-live").all_inner_texts()


def test_formulas_show_the_present_values(chapter):
    plane, spectrum = chapter["phase-plane"], chapter["spectrum"]
    assert live_values(plane) == ["1.00", "−0.20", "0.20", "1.00"]
    assert re.sub(r"\s", "", "".join(live_values(spectrum))) == "1.00±0.20i"
    plane.control("learning_rate").fill("0.85")
    plane.until(learning_rate=0.85)
    assert live_values(plane) == ["1.00", "−0.85", "0.85", "1.00"]
    assert re.sub(r"\s", "", "".join(live_values(spectrum))) == "1.00±0.85i"
    plane.control("method").select_option("optimistic")
    plane.until(method="optimistic")
    assert live_values(plane) == ["1.00", "−1.70", "1.70", "1.00", "0.00", "0.85", "−0.85", "0.00"]
    assert "η" in plane.root.locator(".dtr-formula .katex-html").first.inner_text()


@pytest.mark.parametrize(
    ("method", "letter", "trait"),
    [
        ("simultaneous", "η", "learning_rate"),
        ("penalty", "γ", "strength"),
        ("heavy_ball_alternating", "β", "momentum"),
    ],
)
def test_a_symbol_and_its_control_point_at_each_other(chapter, method, letter, trait):
    figure = chapter["phase-plane"]
    figure.control("method").select_option(method)
    figure.until(method=method)
    root, page = figure.root, figure.page
    symbol = root.locator(f'.katex-html [data-symbol-of="{trait}"]').first
    control = root.locator(f'.dtr-control:has([data-trait="{trait}"])')
    others = root.locator(f'.dtr-control.dtr-linked:not(:has([data-trait="{trait}"]))')
    is_marked = "(element) => element.classList.contains('dtr-linked')"
    assert symbol.text_content() == letter
    page.mouse.move(1, 1)
    assert not control.evaluate(is_marked)

    symbol.hover()
    assert control.evaluate(is_marked)
    assert others.count() == 0
    page.mouse.move(1, 1)
    assert not control.evaluate(is_marked)

    control.locator("label").hover()
    assert symbol.evaluate(is_marked)
    page.mouse.move(1, 1)
    figure.control(trait).focus()
    assert symbol.evaluate(is_marked)
    page.evaluate("document.activeElement.blur()")
    assert not symbol.evaluate(is_marked)

    symbol.click()
    assert figure.control(trait).evaluate("(input) => input === document.activeElement")
    assert root.locator('.katex-html [data-symbol-of="step"]').count() >= 2  # v_k and v_{k+1}


@pytest.mark.parametrize(
    "method, radius, words",
    [
        ("simultaneous", "1.0198", "almost every start runs away."),
        ("alternating", "1.0000", "none runs away"),
        ("implicit", "0.9806", "every start tends to the equilibrium."),
    ],
)
def test_a_sentence_says_what_happens(chapter, method, radius, words):
    chapter["phase-plane"].control("method").select_option(method)
    for figure in chapter.values():
        figure.until(method=method)
        said = " ".join(figure.root.locator(".dtr-status").all_inner_texts())
        assert f"Spectral radius {radius}: " in said
        assert words in said


def test_the_pictures_names_say_the_present_state(chapter):
    chapter["spectrum"].control("learning_rate").fill("0.5")
    chapter["spectrum"].until(learning_rate=0.5, step=30)
    complex_plane, norms = (
        picture.get_attribute("aria-label")
        for picture in chapter["spectrum"].root.locator("svg.dtr-plot").all()
    )
    assert "1.00 + 0.50i, 1.00 − 0.50i" in complex_plane
    assert f"At step 30: {1.25**15:.3f}" in norms
    chapter["spectral-radius-map"].drawn()
    name = chapter["spectral-radius-map"].root.locator("svg.dtr-plot").get_attribute("aria-label")
    assert f"spectral radius {math.sqrt(1.25):.4f} at learning rate 0.50" in name


# Wherever the page is read.


def test_the_figures_live_from_disk_without_a_network(open_page, site):
    page = open_page((site / "book" / "games" / "index.html").as_uri(), offline=True)
    plane, spectrum = Figure(page, "phase-plane"), Figure(page, "spectrum")
    plane.control("method").select_option("penalty")
    plane.control("learning_rate").press("ArrowRight")
    state = plane.until(method="penalty", learning_rate=0.21)
    assert_true_to_the_mathematics(state)
    drag(page, pixels_of(plane)(1, 0), pixels_of(plane)(0, 1))
    start = plane.state["start"]
    assert start == pytest.approx([0, 1], abs=0.03)
    assert spectrum.until(start=start)["spectral_radius"] == state["spectral_radius"]
    assert plane.root.locator(".katex-html").count() > 0


def test_the_first_page_shows_a_live_figure_in_its_first_screen(open_page, site_url):
    figure = Figure(open_page(f"{site_url}book/index.html"), "phase-plane")
    assert figure.root.count() == 1
    box = figure.root.locator("svg.dtr-plot").bounding_box()
    assert box["y"] + box["height"] < 900
    state = figure.now
    assert (state["method"], state["verdict"]) == ("optimistic", "converges")
    assert_true_to_the_mathematics(state)
    figure.control("learning_rate").fill("0.6")
    state = figure.until(learning_rate=0.6)
    assert state["verdict"] == "diverges"
    assert_true_to_the_mathematics(state)
