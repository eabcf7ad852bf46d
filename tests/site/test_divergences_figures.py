"""The figures of the chapter on the divergence in the built site: every control moves what it should."""

import math

import pytest

from .live_figures import Figure

PAGE = "book/inference/divergence.html"
Q, P = [0.4, 0.3, 0.2, 0.1], [0.1, 0.4, 0.3, 0.2]
PAIR = {"rho_q": 0.8, "rho_p": 0.0, "mean": 0.5}


@pytest.fixture
def fresh(pages, address):
    """A page of its own: bars have no control that sets them back."""
    page = pages.open(address)
    yield Figure(page, "two-histograms")
    page.close()


@pytest.fixture
def pair(page):
    figure = Figure(page, "correlated-pair")
    figure.set(**PAIR)
    return figure


def divergence(q, p) -> float:
    if any(a > 0 == b for a, b in zip(q, p, strict=True)):
        return math.inf
    return sum(a * math.log(a / b) for a, b in zip(q, p, strict=True) if a > 0)


def number(value) -> float:
    return math.inf if value == "∞" else value


def assert_true(state: dict) -> None:
    """What the figure says of its two laws, computed again."""
    q, p = state["q"], state["p"]
    assert sum(q) == pytest.approx(1, abs=1e-9) and sum(p) == pytest.approx(1, abs=1e-9)
    assert number(state["divergence"]) == pytest.approx(divergence(q, p), abs=1e-9)
    assert number(state["reverse"]) == pytest.approx(divergence(p, q), abs=1e-9)
    mass = sum(b for a, b in zip(q, p, strict=True) if a > 0)
    assert state["mass"] == pytest.approx(mass, abs=1e-9)
    assert state["at"] == pytest.approx(mass if state["touch"] == "mass" else 1, abs=1e-9)
    total = sum(map(number, state["weighted"])) + number(state["offset"])
    assert total == pytest.approx(number(state["divergence"]), abs=1e-9)


def test_the_figures_begin_as_python_made_them(fresh):
    state = fresh.state
    assert (state["q"], state["p"], state["touch"]) == (Q, P, "one")
    assert_true(state)
    other = Figure(fresh.page, "correlated-pair").state
    assert {name: other[name] for name in PAIR} == PAIR


def test_a_bar_by_the_keyboard(fresh):
    bar = fresh.handle("Probability of A under p")
    bar.press("ArrowUp")
    state = fresh.state
    assert state["p"][0] == pytest.approx(0.11)
    assert state["p"][1] / state["p"][3] == pytest.approx(2)
    assert_true(state)
    bar.press("Shift+ArrowUp")
    assert fresh.state["p"][0] == pytest.approx(0.16)
    assert bar.get_attribute("aria-valuetext") == "p(A) = 0.160"
    before = fresh.state["divergence"]
    for _ in range(16):
        bar.press("ArrowDown")
    state = fresh.state
    assert state["p"][0] == 0 and state["divergence"] == "∞" and before < 1
    assert_true(state)
    assert "probability 0 to A" in fresh.status and "infinite" in fresh.status
    bar.press("ArrowUp")
    assert fresh.state["p"][0] == pytest.approx(0.01) and fresh.state["divergence"] != "∞"


def test_a_bar_by_the_pointer(fresh):
    state = fresh.drag((0, -60), "Probability of B under q")
    assert state["q"][1] > 0.4 and state["q"][0] < 0.4
    assert_true(state)
    state = fresh.drag((0, 400), "Probability of C under p")
    assert state["p"][2] == 0 and state["divergence"] == "∞"
    assert_true(state)


def test_wasted_mass_and_the_two_tangents(fresh):
    bar = fresh.handle("Probability of B under q")
    for _ in range(6):
        bar.press("Shift+ArrowDown")
    state = fresh.state
    assert state["q"][1] == 0 and state["mass"] == pytest.approx(0.6)
    assert state["reverse"] == "∞" and state["ratios"][1] == "∞"
    assert state["offset"] == pytest.approx(0.4)
    assert_true(state)
    assert "wastes 0.400" in fresh.status
    sharper = fresh.set(touch="mass")
    assert sharper["offset"] == pytest.approx(-math.log(0.6))
    assert sharper["divergence"] == pytest.approx(state["divergence"])
    assert sum(sharper["weighted"]) < sum(state["weighted"])
    assert_true(sharper)


def test_the_buttons(fresh):
    before = fresh.state
    fresh.root.get_by_role("button", name="Exchange q and p").click()
    state = fresh.state
    assert (state["q"], state["p"]) == (P, Q)
    assert state["divergence"] == pytest.approx(before["reverse"])
    fresh.root.get_by_role("button", name="Make p equal to q").click()
    state = fresh.state
    assert state["p"] == state["q"] == P
    assert state["divergence"] == pytest.approx(0, abs=1e-12)
    assert "equal" in fresh.status
    shown = fresh.root.locator(".dtr-outcomes tbody tr").nth(2).locator("td").all_inner_texts()
    assert shown == ["1.000"] * 4


def of_the_pair(mean: float, rho_q: float, rho_p: float) -> float:
    trace = (2 - 2 * rho_q * rho_p) / (1 - rho_p**2)
    quadratic = 2 * mean**2 / (1 + rho_p)
    return (trace + quadratic - 2 + math.log((1 - rho_p**2) / (1 - rho_q**2))) / 2


def test_the_sliders_of_the_pair(pair):
    for trait, low, high, step in (
        ("rho_q", -0.95, 0.95, 0.01),
        ("rho_p", -0.95, 0.95, 0.01),
        ("mean", 0, 1.5, 0.05),
    ):
        for state in pair.by_keys(trait, low, high, step):
            exact = of_the_pair(state["mean"], state["rho_q"], state["rho_p"])
            assert state["joint"] == pytest.approx(exact, rel=1e-9)
            assert state["coordinates"] == pytest.approx(state["mean"] ** 2)
            parts = state["coordinates"] + state["dependence"] - state["cross"]
            assert parts == pytest.approx(exact, rel=1e-9)
        pair.set(**PAIR)


def test_the_numbers_of_the_chapter(pair):
    state = pair.set(mean=0)
    assert state["joint"] == pytest.approx(0.5108, abs=5e-5) and state["coordinates"] == 0
    assert "farther apart" in pair.status
    state = pair.set(rho_q=0, rho_p=0.8)
    assert state["joint"] == pytest.approx(1.2670, abs=5e-5)
    state = pair.set(rho_q=0, rho_p=0, mean=1)
    assert state["joint"] == pytest.approx(1) and "add up" in pair.status
    state = pair.set(rho_q=0.8, rho_p=0.8)
    assert state["joint"] < state["coordinates"] and "closer together" in pair.status
