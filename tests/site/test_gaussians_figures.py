"""The figures on Gaussian divergences in the built site: every control moves what the mathematics says."""

import math

import numpy as np
import pytest

from helpers.widgets import DivergenceLandscape, EllipseDivergence

from .live_figures import Figure

PAGE = "book/inference/gaussian_divergence.html"


@pytest.fixture
def landscape(page):
    figure = Figure(page, "divergence-landscape")
    figure.set(**figure.initial)
    return figure


@pytest.fixture
def ellipses(page):
    figure = Figure(page, "ellipse-divergence")
    figure.set(**{name: value for name, value in figure.initial.items() if not name.startswith("mean")})
    return figure


def assert_line(state):
    scale = state["sigma"] if state["reading"] == "deviation" else math.sqrt(state["sigma"])
    expected = (state["mu"] ** 2 + scale**2 - 1) / 2 - math.log(scale)
    assert state["divergence"] == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert state["above"] + state["below"] == pytest.approx(expected, rel=1e-8, abs=1e-8)


def covariance(state, law):
    angle = math.radians(state[f"{law}_angle"])
    turned = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return turned @ np.diag([state[f"{law}_first"] ** 2, state[f"{law}_second"] ** 2]) @ turned.T


def assert_plane(state):
    one, other = state["direction"].split("_")
    inverse = np.linalg.inv(covariance(state, other))
    deviation = np.array(state[f"mean_{one}"]) - state[f"mean_{other}"]
    ratio = np.linalg.det(covariance(state, other)) / np.linalg.det(covariance(state, one))
    terms = [
        np.trace(inverse @ covariance(state, one)) / 2,
        deviation @ inverse @ deviation / 2,
        -1,
        math.log(ratio) / 2,
    ]
    np.testing.assert_allclose(state["terms"], terms, rtol=1e-9, atol=1e-10)
    assert state["divergence"] == pytest.approx(sum(terms), rel=1e-9, abs=1e-10)
    assert state["divergence"] >= -1e-12


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for made in (DivergenceLandscape(), EllipseDivergence()):
        figure = Figure(page, made.widget)
        assert figure.root.count() == 1
        first = {n: list(v) if isinstance(v, tuple) else v for n, v in made.page_state().items()}
        assert {name: figure.state[name] for name in first} == first
    assert_plane(figure.state)
    page.close()


@pytest.mark.parametrize("trait, low, high", [("mu", -2.5, 2.5), ("sigma", 0.2, 4)])
def test_the_sliders_of_the_line(landscape, trait, low, high):
    for state in landscape.by_keys(trait, low, high, 0.05):
        assert_line(state)


def test_at_the_standard_law_the_divergence_is_zero(landscape):
    state = landscape.set(mu=0, sigma=1)
    assert state["divergence"] == 0
    assert "q is p" in landscape.status


def test_the_point_of_the_landscape_is_dragged_and_moved_with_the_arrow_keys(landscape):
    before = landscape.state
    state = landscape.drag((-60, -50), "Mean and scale of q")
    assert state["mu"] < before["mu"] - 0.4 and state["sigma"] > before["sigma"] + 0.3
    assert_line(state)
    landscape.set(mu=1, sigma=0.5)
    handle = landscape.handle("Mean and scale of q")
    for key, trait, value in (
        ("ArrowLeft", "mu", 0.95),
        ("ArrowUp", "sigma", 0.55),
        ("Shift+ArrowRight", "mu", 1.2),
    ):
        handle.press(key)
        assert landscape.state[trait] == pytest.approx(value)
    assert float(landscape.control("mu").input_value()) == 1.2


def test_the_classic_mistake(landscape):
    landscape.set(mu=0, sigma=4)
    right = landscape.state
    lines = landscape.root.locator(".dtr-levels path").first.get_attribute("d")
    wrong = landscape.set(reading="variance")
    assert_line(wrong)
    assert right["divergence"] == pytest.approx(6.1137, abs=5e-5)
    assert wrong["divergence"] == pytest.approx(0.8069, abs=5e-5)
    assert "stands for another law" in landscape.status
    assert landscape.root.locator(".dtr-wrong").count() == 1
    assert landscape.root.locator(".dtr-levels path").first.get_attribute("d") != lines
    landscape.set(reading="deviation")
    assert landscape.root.locator(".dtr-wrong").count() == 0


def test_the_readout_of_the_line(landscape):
    cells = landscape.root.locator(".dtr-sums td").all_inner_texts()
    above, below, total, deviation, _ = (float(text.replace("−", "-")) for text in cells)
    assert above + below == pytest.approx(total, abs=2e-4)
    assert total == deviation


def test_the_sliders_of_the_plane(ellipses):
    for law in "qp":
        for part, low, high, step in (
            ("first", 0.3, 2, 0.05),
            ("second", 0.3, 2, 0.05),
            ("angle", -180, 180, 1),
        ):
            for state in ellipses.by_keys(f"{law}_{part}", low, high, step):
                assert_plane(state)


def test_the_swap_button_exchanges_the_laws(ellipses):
    before = ellipses.state
    ellipses.button("Swap q and p").click()
    after = ellipses.state
    assert (before["direction"], after["direction"]) == ("q_p", "p_q")
    assert after["divergence"] == before["exchanged"] != before["divergence"]
    assert_plane(after)
    ellipses.button("Swap q and p").click()
    assert ellipses.state["divergence"] == before["divergence"]


def test_means_and_axes_are_dragged_and_moved_with_the_arrow_keys(ellipses):
    for law in "qp":
        before = ellipses.state
        state = ellipses.drag((25, -20), f"Mean of {law}")
        assert state[f"mean_{law}"][0] > before[f"mean_{law}"][0] + 0.3
        assert state[f"mean_{law}"][1] > before[f"mean_{law}"][1] + 0.2
        assert_plane(state)
        ellipses.handle(f"Mean of {law}").press("ArrowLeft")
        moved = ellipses.state
        assert moved[f"mean_{law}"][0] == pytest.approx(state[f"mean_{law}"][0] - 0.1)
    ellipses.set(p_first=1, p_second=0.5, p_angle=0)
    ellipses.handle("Axis 1 of p").press("Shift+ArrowRight")
    assert ellipses.state["p_first"] == pytest.approx(1.25)
    ellipses.handle("Axis 1 of p").press("Shift+ArrowUp")
    assert ellipses.state["p_angle"] == pytest.approx(math.degrees(math.atan2(0.5, 2.5)), abs=0.51)
    ellipses.set(p_angle=0)
    ellipses.handle("Axis 2 of p").press("Shift+ArrowUp")
    state = ellipses.state
    assert (state["p_second"], state["p_angle"]) == (pytest.approx(0.75), 0)
    assert_plane(state)


def test_the_bars_begin_where_the_one_before_ends(ellipses):
    rects = ellipses.root.locator(".dtr-term rect")
    spans = [(float(r.get_attribute("x")), float(r.get_attribute("width"))) for r in rects.all()]
    signs = [row.get_attribute("data-sign") for row in ellipses.root.locator(".dtr-term").all()]
    terms = ellipses.state["terms"]
    assert signs == [*("positive" if term >= 0 else "negative" for term in terms), "sum"]
    ends = [x + width if sign == "positive" else x for (x, width), sign in zip(spans, signs, strict=True)]
    starts = [x if sign != "negative" else x + width for (x, width), sign in zip(spans, signs, strict=True)]
    np.testing.assert_allclose(starts[1:4], ends[:3], atol=0.01)
    assert spans[4][0] == pytest.approx(starts[0], abs=0.01)
    assert spans[4][0] + spans[4][1] == pytest.approx(ends[3], abs=0.01)


def test_the_nearest_diagonal_laws_are_shown(ellipses):
    shapes = [ellipses.root.locator(f".dtr-nearest-{kind}") for kind in ("forward", "reverse")]
    assert [shape.get_attribute("d") for shape in shapes] == ["", ""]
    state = ellipses.set(nearest="shown", p_first=2, p_second=0.75, p_angle=45)
    assert all(len(shape.get_attribute("d")) > 100 for shape in shapes)
    p = covariance(state, "p")
    np.testing.assert_allclose(state["forward"], np.sqrt(np.diag(p)), rtol=1e-9)
    np.testing.assert_allclose(state["reverse"], 1 / np.sqrt(np.diag(np.linalg.inv(p))), rtol=1e-9)
    assert state["reverse"][0] == pytest.approx(1, abs=0.01)
    assert state["forward_divergence"] == pytest.approx(state["reverse_divergence"])
    assert "nearest to p" in ellipses.status
    state = ellipses.set(p_angle=0)
    assert state["forward"] == pytest.approx(state["reverse"])


def test_a_finger_on_the_landscape(phone_page):
    figure = Figure(phone_page, "divergence-landscape")
    figure.root.scroll_into_view_if_needed()
    phone_page.touchscreen.tap(180, 300)
    assert_line(figure.state)


def test_in_the_dark_theme_the_figures_draw_the_same(pages, address):
    page = pages.open(address, color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    figure = Figure(page, "ellipse-divergence")
    assert_plane(figure.state)
    colour = "(element) => getComputedStyle(element).fill"
    assert figure.root.locator(".dtr-term text").first.evaluate(colour) == "rgb(230, 232, 235)"
    page.close()
