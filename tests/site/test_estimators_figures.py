"""The figures of the chapter on gradients of expectations in the built site: every control moves what it should."""

import math

import pytest

from helpers.models import estimators

from .live_figures import Figure

PAGE = "book/inference/gradients.html"
NAMES = ("score", "baseline", "total", "path")
CLOUD = {"mu": -1.2, "sigma": 1.4, "step": 0.3}
RACE = {"objective": "divergence", "coordinate": "mu", "mu": 0.5, "sigma": 0.5, "omega": 3}


@pytest.fixture
def cloud(page):
    figure = Figure(page, "gradient-cloud")
    figure.set(**CLOUD)
    return figure


@pytest.fixture
def race(page):
    figure = Figure(page, "variance-race")
    figure.set(**RACE)
    return figure


def assert_cloud_true(state):
    for name in NAMES:
        formula = [float(v) for v in estimators.variance(name, state["mu"], state["sigma"])]
        assert state["variances"][name] == pytest.approx(formula, rel=1e-9, abs=1e-9)
    assert state["exact"] == pytest.approx([state["mu"], state["sigma"] - 1 / state["sigma"]], abs=1e-12)
    for place, best in enumerate(state["best"]):
        least = min(state["variances"][name][place] for name in NAMES)
        assert all(state["variances"][name][place] == pytest.approx(least, abs=1e-8) for name in best)


def assert_race_true(state):
    place = ["mu", "sigma"].index(state["coordinate"])
    at = [state["mu"], state["sigma"]]
    for name, value in state["variances"].items():
        if state["objective"] == "wave":
            formula = estimators.wave_variance(name, *at, state["omega"])[place]
        else:
            formula = estimators.variance(name, *at)[place]
        assert value == pytest.approx(float(formula), rel=1e-7, abs=1e-9)


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for widget, first in (("gradient-cloud", {**CLOUD, "table": 1}), ("variance-race", RACE)):
        figure = Figure(page, widget)
        assert figure.initial == first
        assert {name: figure.state[name] for name in first} == first
    assert_cloud_true(Figure(page, "gradient-cloud").state)
    assert_race_true(Figure(page, "variance-race").state)
    page.close()


@pytest.mark.parametrize(
    "widget, trait, low, high, step",
    [
        ("gradient-cloud", "mu", -2.5, 2.5, 0.05),
        ("gradient-cloud", "sigma", 0.2, 2.5, 0.05),
        ("gradient-cloud", "step", 0.02, 0.5, 0.01),
        ("variance-race", "mu", -2.5, 2.5, 0.05),
        ("variance-race", "sigma", 0.2, 2.5, 0.01),
        ("variance-race", "omega", 0.2, 12, 0.01),
    ],
)
def test_sliders_by_the_keyboard(page, widget, trait, low, high, step):
    figure = Figure(page, widget)
    if trait == "omega":
        figure.set(objective="wave")
    for state in figure.by_keys(trait, low, high, step):
        (assert_cloud_true if widget == "gradient-cloud" else assert_race_true)(state)


@pytest.mark.parametrize(
    "title", ["score function", "score function, best baseline", "total derivative", "path derivative"]
)
def test_the_point_is_dragged_in_every_plane(cloud, title):
    name = f"Mean and scale, in the plane of the {title}:"
    state = cloud.drag((40, -20), name)
    assert state["mu"] > CLOUD["mu"] + 0.5 and state["sigma"] > CLOUD["sigma"] + 0.2
    assert_cloud_true(state)
    assert float(cloud.control("mu").input_value()) == pytest.approx(state["mu"])
    cloud.set(**CLOUD)
    cloud.handle(name).press("ArrowRight")
    assert cloud.state["mu"] == pytest.approx(-1.15)
    cloud.handle(name).press("Shift+ArrowDown")
    assert cloud.state["sigma"] == pytest.approx(1.15)


def test_new_noise_changes_the_clouds_and_nothing_exact(cloud):
    before = cloud.state
    button = cloud.root.get_by_role("button", name="New noise")
    seen = [before["table"]]
    for _ in range(12):
        button.click()
        seen.append(cloud.state["table"])
    assert sorted(seen[:-1]) == list(range(1, 13)) and seen[-1] == before["table"]
    button.click()
    after = cloud.state
    assert (after["exact"], after["variances"]) == (before["exact"], before["variances"])
    assert after["spreads"] != before["spreads"]


def test_at_the_minimum_only_the_total_derivative_spreads(cloud):
    state = cloud.set(mu=0, sigma=1)
    for name in ("score", "baseline", "path"):
        assert state["variances"][name] == [0, 0] and max(state["spreads"][name]) < 1e-20
    assert state["variances"]["total"] == [1, 2] and state["spreads"]["total"][0] > 0.3
    assert state["value"] == pytest.approx(0, abs=1e-12)
    assert cloud.root.locator(".dtr-readout .dtr-best").count() == 6


def test_a_longer_step_draws_longer_arrows(cloud):
    def length():
        return cloud.root.locator(".dtr-exact-step").first.evaluate("(path) => path.getTotalLength()")

    cloud.set(step=0.1)
    short = length()
    cloud.set(step=0.4)
    assert length() > 2 * short
    tips = cloud.root.locator(".dtr-tips").evaluate_all("(all) => all.map((path) => path.getAttribute('d'))")
    assert [path.count("M") for path in tips] == 4 * [60]


def test_the_race_for_the_divergence(race):
    state = race.state
    assert state["changes"] == pytest.approx([math.sqrt(0.5)])
    assert state["best"] == ["total"] and "total derivative" in race.status
    state = race.set(sigma=0.9)
    assert state["best"] == ["path"] and "path derivative, 0.045" in race.status
    state = race.set(coordinate="sigma")
    assert state["changes"] == pytest.approx([math.sqrt(0.5)])
    assert_race_true(state)


def test_the_race_for_a_wave(race):
    state = race.set(objective="wave", mu=0, sigma=1, omega=10)
    assert set(state["variances"]) == {"score", "baseline", "total"}
    assert (round(state["variances"]["total"], 2), round(state["variances"]["score"], 2)) == (50, 0.5)
    assert state["changes"] == pytest.approx([1.10898621713724])
    assert "1.109" in race.status
    assert state["limits"] == [50, 0.5]
    state = race.set(omega=0.5)
    assert state["best"] == ["total"]
    assert race.control("omega").is_visible()
    race.set(objective="divergence")
    assert not race.control("omega").is_visible()


def test_the_marker_is_dragged_and_moved_with_the_arrow_keys(race):
    state = race.drag((60, 0), "Place of the marker")
    assert state["sigma"] > 0.8
    assert_race_true(state)
    race.handle("Place of the marker").press("ArrowLeft")
    assert race.state["sigma"] < state["sigma"]
    wave = race.set(objective="wave", omega=3)
    moved = race.drag((-60, 0), "Place of the marker")
    assert moved["omega"] < 2.2 and moved["sigma"] == wave["sigma"]
    assert_race_true(moved)
