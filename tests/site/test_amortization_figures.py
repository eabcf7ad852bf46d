"""The figures of the chapter on amortised inference in the built site: every control moves what it should."""

import math

import numpy as np
import pytest

from helpers.models import amortization
from helpers.widgets import EncoderGaps, InferenceCost, MeanField

from .live_figures import Figure

PAGE = "book/inference/amortised_inference.html"
FIGURES = (EncoderGaps, MeanField, InferenceCost)
SLIDERS = {
    "encoder-gaps": {"degree": (0, 6, 1), "noise": (0.3, 2, 0.05)},
    "mean-field": {"rho": (-0.98, 0.98, 0.01), "sigma": (0.05, 1.5, 0.01)},
    "inference-cost": {"learning_rate": (0.01, 1.1, 0.01), "log_encoder_error": (-5, 0, 0.1)},
}
COUNTS = {"hidden": (10, 1000, 10), "latent": (1, 100, 1), "steps": (1, 500, 1), "log_training": (3, 9, 0.1)}


def begun(page, widget):
    """The figure, as it was built."""
    figure = Figure(page, widget)
    figure.set(**{name: value for name, value in figure.initial.items() if name not in ("data", "fresh")})
    return figure


@pytest.fixture
def gaps(page):
    return begun(page, "encoder-gaps")


@pytest.fixture
def field(page):
    return begun(page, "mean-field")


@pytest.fixture
def cost(page):
    return begun(page, "inference-cost")


def assert_gaps(state):
    """The numbers that the figure exposes are those of the mathematics."""
    tau = state["noise"]
    signal = lambda x: x / math.sqrt(1 - x * x)  # noqa: E731
    gap = 0 if state["family"] == "full" else math.log((1 + 1 / tau**2) ** 2 / (1 + 2 / tau**2)) / 2
    x = np.array(state["data"])
    seen = np.abs(x) if state["sees"] == "size" else x
    order = min(state["degree"], len(set(seen)) - 1)
    coefficients = np.polynomial.polynomial.polyfit(seen, [signal(v) for v in x], order)
    for datum in [*state["each"], state["fresh_datum"]]:
        place = abs(datum["x"]) if state["sees"] == "size" else datum["x"]
        read = np.polynomial.polynomial.polyval(place, coefficients)
        u = signal(datum["x"])
        assert datum["mean"] == pytest.approx(u / (2 + tau**2), rel=1e-9)
        assert datum["guess"] == pytest.approx(read / (2 + tau**2), abs=1e-7)
        assert datum["approximation"] == pytest.approx(gap, abs=1e-12)
        assert datum["amortization"] == pytest.approx((read - u) ** 2 / (tau**2 * (2 + tau**2)), abs=1e-6)


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for made in FIGURES:
        figure = Figure(page, made.widget)
        assert figure.root.count() == 1
        expected = {name: getattr(made(), name) for name in made.state_names()}
        assert {name: figure.state[name] for name in expected} == expected
        assert figure.initial == expected
    assert_gaps(Figure(page, "encoder-gaps").state)
    page.close()


@pytest.mark.parametrize("widget", SLIDERS)
def test_every_slider_by_keyboard(page, widget):
    figure = begun(page, widget)
    for trait, (low, high, step) in SLIDERS[widget].items():
        figure.by_keys(trait, low, high, step)


def test_the_sliders_of_the_counts(cost):
    cost.set(view="cost")
    for trait, (low, high, step) in COUNTS.items():
        cost.by_keys(trait, low, high, step)


def test_the_encoder_and_its_gaps(gaps):
    sums = []
    for degree in range(7):
        state = gaps.set(degree=degree)
        assert_gaps(state)
        sums.append(state["amortization_sum"])
    assert sums == sorted(sums, reverse=True) and sums[5] < 1e-9
    assert "meets all its data" in gaps.status
    before = gaps.set(degree=1)
    full = gaps.set(family="full")
    assert_gaps(full)
    assert full["approximation_sum"] == 0 and full["amortization_sum"] == before["amortization_sum"]
    assert "no approximation gap" in gaps.status
    blind = gaps.set(sees="size", degree=6)
    assert_gaps(blind)
    assert "cannot tell x from −x" in gaps.status
    loud = gaps.set(family="mean_field", sees="x", degree=1, noise=0.3)
    assert_gaps(loud)
    assert loud["approximation_sum"] > before["approximation_sum"]
    assert loud["amortization_sum"] > before["amortization_sum"]


def test_the_data_are_dragged_and_moved_with_the_arrow_keys(pages, address):
    page = pages.open(address)
    gaps = Figure(page, "encoder-gaps")
    assert gaps.handle().count() == 7
    before = gaps.state["data"]
    gaps.handle("Datum 3").press("ArrowRight")
    state = gaps.state
    assert state["data"][2] == pytest.approx(before[2] + 0.01)
    gaps.handle("Datum 3").press("Shift+ArrowLeft")
    assert gaps.state["data"][2] == pytest.approx(before[2] - 0.04)
    state = gaps.drag((40, 15), "Datum 4")
    assert state["data"][3] > before[3] + 0.1
    assert state["data"][0] == before[0]
    assert_gaps(state)
    state = gaps.drag((-60, 0), "The fresh datum")
    assert state["fresh"] < 0.7
    assert_gaps(state)
    gaps.handle("Datum 6").press("Shift+ArrowRight")
    assert gaps.state["data"][5] == 0.97
    # An even degree helps once the data are no longer symmetric.
    assert gaps.set(degree=2)["amortization_sum"] < gaps.set(degree=1)["amortization_sum"] - 1e-3
    page.close()


def test_the_bars_and_the_table(gaps):
    state = gaps.set(degree=1)
    bars = gaps.root.locator("rect[class^='dtr-gaps-bar']")
    assert bars.count() == 14
    heights = [float(bar.get_attribute("height")) for bar in bars.all()[:4]]
    one, two = state["each"][:2]
    assert heights[1] / heights[3] == pytest.approx(one["amortization"] / two["amortization"], rel=1e-3)
    assert heights[0] / heights[1] == pytest.approx(one["approximation"] / one["amortization"], rel=1e-3)
    cells = [float(text) for text in gaps.root.locator(".dtr-gaps-amounts td").all_inner_texts()]
    assert cells[0] == pytest.approx(state["approximation_sum"], abs=1e-4)
    assert cells[4] == pytest.approx(cells[0] + cells[2], abs=2e-4)
    assert cells[5] == pytest.approx(cells[1] + cells[3], abs=2e-4)


def test_the_mean_field(field):
    for rho in (-0.9, 0, 0.5, 0.98):
        for sigma in (0.1, 0.6, 1.5):
            state = field.set(rho=rho, sigma=sigma)
            rest = 1 - rho**2
            assert state["best_scale"] == pytest.approx(math.sqrt(rest), rel=1e-9)
            assert state["gap"] == pytest.approx(-math.log(rest) / 2, abs=1e-12)
            divergence = sigma**2 / rest - 1 - math.log(sigma**2) + math.log(rest) / 2
            assert state["divergence"] == pytest.approx(divergence, rel=1e-9)
            assert ("too wide" in field.status) == (sigma > math.sqrt(rest) + 1e-9)
    field.set(rho=0.8)
    field.root.get_by_role("button", name="Best scale").click()
    state = field.state
    assert state["sigma"] == 0.6 and "reaches it" in field.status
    assert state["divergence"] == pytest.approx(state["gap"], abs=1e-9)


def test_the_steps(cost):
    state = cost.state
    assert (state["steps_from_zero"], state["steps_from_encoder"]) == (64, 47)
    assert "64 steps" in cost.status
    assert "64 steps" in cost.root.locator(".dtr-gaps-crossing").text_content()
    state = cost.set(learning_rate=0.5)
    assert (state["steps_from_zero"], state["factor"]) == (1, 0)
    state = cost.set(learning_rate=1)
    assert state["steps_from_zero"] is None and "never arrives" in cost.status
    assert not cost.root.locator(".dtr-gaps-crossing").is_visible()
    state = cost.set(learning_rate=0.1, log_encoder_error=-5)
    assert state["steps_from_encoder"] == math.ceil(math.log(0.1) / math.log(0.8))


def test_the_views_show_their_own_sliders(cost):
    for name, seen in (
        ("error", {"learning_rate", "log_encoder_error"}),
        ("cost", set(COUNTS)),
        ("memory", {"hidden", "latent"}),
    ):
        cost.set(view=name)
        for trait in {"learning_rate", "log_encoder_error", *COUNTS}:
            assert cost.control(trait).is_visible() == (trait in seen), (name, trait)


def test_cost_and_memory_cross_where_they_should(cost):
    state = cost.set(view="memory")
    assert (state["parameters"], state["numbers_per_datum"], state["crossing"]) == (330040, 40, 8251)
    assert "8\u2009251" in cost.status
    assert cost.root.locator(".dtr-gaps-crossing").text_content() == "n = 8\u2009251"
    state = cost.set(hidden=100, latent=3)
    assert state["crossing"] == pytest.approx(float(amortization.parameter_count([784, 100, 6])) / 6)
    state = cost.set(view="cost", hidden=400, latent=20, steps=64, log_training=6)
    assert math.ceil(state["crossing"]) == amortization.cost_crossing(
        64, 10**6, [784, 400, 40], [20, 400, 784]
    )
    later = cost.set(log_training=7)["crossing"]
    assert later == pytest.approx(10 * state["crossing"])
    assert cost.set(steps=500)["crossing"] < later
