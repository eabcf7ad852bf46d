"""The figures of the chapter on the evidence bound in the built site: every control moves what it should."""

import math

import pytest

from helpers.widgets import EvidenceBar, ExpectationMaximization

from .live_figures import Figure

PAGE = "book/inference/evidence_bound.html"
SLIDERS = {
    "evidence-bar": {"mu": (-3, 3), "sigma": (0.1, 2.5), "x": (-3, 3), "tau": (0.4, 2)},
    "expectation-maximization": {
        "theta": (-4, 4),
        "mean": (-3, 3),
        "scale": (0.2, 2),
        "x": (-2, 2),
        "tau": (0.5, 2),
    },
}


@pytest.fixture
def bar(page):
    figure = Figure(page, "evidence-bar")
    figure.set(mu=-0.5, sigma=0.9, x=1.5, tau=1, splitting="evidence")
    return figure


@pytest.fixture
def em(page):
    figure = Figure(page, "expectation-maximization")
    figure.set(theta=-2.5, mean=0, scale=1, x=1.5, tau=1)
    return figure


def press(figure, *names):
    for name in names:
        figure.root.get_by_role("button", name=name, exact=True).click()
    return figure.state


def log_normal(value, mean, scale):
    return -(((value - mean) / scale) ** 2) / 2 - math.log(scale) - math.log(2 * math.pi) / 2


def assert_true(state, shift=0.0, mean="mu", scale="sigma"):
    """Evidence and bound once more, in Python."""
    mu, sigma, x, tau = state[mean], state[scale], state["x"], state["tau"]
    evidence = log_normal(x, shift, math.hypot(1, tau))
    likelihood = -((x - shift - mu) ** 2 + sigma**2) / (2 * tau**2) - math.log(2 * math.pi * tau**2) / 2
    bound = likelihood - ((mu**2 + sigma**2 - 1) / 2 - math.log(sigma))
    assert state["log_evidence"] == pytest.approx(evidence, abs=1e-10)
    assert state["bound"] == pytest.approx(bound, abs=1e-10)
    assert state.get("divergence", state.get("gap")) == pytest.approx(evidence - bound, abs=1e-10)


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for widget, made in (
        ("evidence-bar", EvidenceBar()),
        ("expectation-maximization", ExpectationMaximization()),
    ):
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        first = made.page_state()
        assert figure.initial == first
        assert {name: figure.state[name] for name in first} == first
    page.close()


@pytest.mark.parametrize("widget, trait", [(w, t) for w, traits in SLIDERS.items() for t in traits])
def test_each_slider_by_keyboard(page, widget, trait):
    figure, (low, high) = Figure(page, widget), SLIDERS[widget][trait]
    for state in figure.by_keys(trait, low, high, 0.05):
        if widget == "evidence-bar":
            assert_true(state)
        else:
            assert_true(state, state["theta"], "mean", "scale")


def test_the_point_of_the_map_is_dragged_and_moved_with_the_arrow_keys(bar):
    before = bar.state
    state = bar.drag((40, -30), "The guess")
    assert state["mu"] > before["mu"] + 0.3 and state["sigma"] > before["sigma"] + 0.2
    assert_true(state)
    bar.set(mu=0, sigma=1)
    bar.handle("The guess").press("ArrowLeft")
    bar.handle("The guess").press("Shift+ArrowUp")
    state = bar.state
    assert (state["mu"], state["sigma"]) == (pytest.approx(-0.05), pytest.approx(1.25))
    for _ in range(40):
        bar.handle("The guess").press("Shift+ArrowDown")
    assert bar.state["sigma"] == pytest.approx(0.1)  # it stays a standard deviation


def test_the_bars_end_at_the_bound(bar):
    """Of every pair the second bar has one end at the bound, and the gap joins the two lines."""
    bar.set(mu=0.7, sigma=0.5, x=-1, tau=0.8)
    ends = bar.root.evaluate(
        """root => {
            const number = (element, name) => Number(element.getAttribute(name));
            const edge = (rect) => [number(rect, "x"), number(rect, "x") + number(rect, "width")];
            const at = (name) => Number(root.querySelector(name).getAttribute("d").match(/M([\\d.]+)/)[1]);
            return {
                seconds: [...root.querySelectorAll(".dtr-bar-second")].map(edge),
                gap: edge(root.querySelector("rect.dtr-gap")),
                bound: at(".dtr-at-bound"),
                evidence: at(".dtr-at-evidence"),
            };
        }"""
    )
    assert len(ends["seconds"]) == 3
    for left, right in ends["seconds"]:
        assert min(abs(left - ends["bound"]), abs(right - ends["bound"])) < 0.01
    assert ends["gap"] == pytest.approx([ends["bound"], ends["evidence"]], abs=0.01)
    assert ends["bound"] < ends["evidence"]


def test_at_the_posterior_the_histogram_is_a_spike_for_one_splitting(bar):
    before = bar.state
    assert before["tallest"] < 200 and before["divergence"] > 0.5
    state = press(bar, "q = posterior")
    assert (state["mu"], state["sigma"]) == (pytest.approx(0.75), pytest.approx(math.sqrt(0.5)))
    assert state["divergence"] < 1e-12 and state["deviation"] < 1e-6 and state["tallest"] == 400
    assert "Every draw is the same number" in bar.status and "is the posterior" in bar.status
    for splitting in ("prior", "entropy"):
        state = bar.set(splitting=splitting)
        assert state["tallest"] < 300 and state["deviation"] > 0.3
        assert "Every draw" not in bar.status


def test_the_formula_follows_the_splitting(bar):
    for splitting, sign, index in (("evidence", -1, 1), ("prior", -1, 1), ("entropy", 1, 1)):
        state = bar.set(splitting=splitting)
        assert sum(state["terms"][splitting]) == pytest.approx(state["bound"], abs=1e-12)
        shown = f"{sign * state['terms'][splitting][index]:.3f}"
        assert shown in bar.root.locator(".dtr-formula annotation").first.text_content()


def test_em_by_the_buttons(em):
    thetas, evidences = [em.state["theta"]], [em.state["log_evidence"]]
    for _ in range(4):
        state = press(em, "E step")
        assert state["gap"] < 1e-12 and state["theta"] == thetas[-1]
        assert "touches" in em.status
        state = press(em, "M step")
        assert state["theta"] == pytest.approx((1.5 + thetas[-1]) / 2, abs=1e-12)
        assert "rose by" in em.status
        thetas.append(state["theta"])
        evidences.append(state["log_evidence"])
    assert evidences == sorted(evidences)
    assert (state["pairs"], state["steps"]) == (4, 8)
    again = press(em, "M step")
    assert (again["theta"], again["pairs"]) == (state["theta"], 4)
    # It was no step: the next one's pairs do not count it, nor does the way back.
    assert press(em, "E step")["pairs"] == 4
    for _ in range(9):
        state = press(em, "Back")
    assert (state["theta"], state["mean"], state["scale"], state["steps"]) == (-2.5, 0, 1, 0)
    assert em.root.get_by_role("button", name="Back").is_disabled()


def test_two_clicks_in_one_frame_are_two_steps(em):
    em.root.evaluate(
        """root => {
            const [expectation, maximization] = root.querySelectorAll("button");
            expectation.click();
            maximization.click();
        }"""
    )
    state = em.state
    assert state["theta"] == pytest.approx(-0.5) and state["steps"] == 2


def test_a_slider_begins_a_new_path(em):
    press(em, "E step", "M step")
    state = em.set(theta=-1)
    assert (state["steps"], state["pairs"], state["thetas"]) == (0, 0, [-1])


def test_the_rate_is_that_of_the_noise(em):
    em.set(tau=0.5)
    state = press(em, "E step", "M step")
    assert state["rate"] == pytest.approx(0.8)
    assert state["theta"] - 1.5 == pytest.approx(0.8 * -4)


def test_a_lucky_guess_finds_the_maximum_and_leaves_a_gap(em):
    em.set(mean=0, scale=2)
    state = press(em, "M step")
    assert state["theta"] == pytest.approx(1.5) and state["gap"] > 0.5


def test_the_handles_of_em(em):
    em.set(theta=-1)
    em.handle("The parameter").press("ArrowRight")
    assert em.state["theta"] == pytest.approx(-0.95)
    state = em.drag((30, 0), "The parameter")
    assert state["theta"] > -0.7 and state["mean"] == 0
    em.set(theta=0, mean=1)
    em.handle("Parameter and mean").press("ArrowUp")
    em.handle("Parameter and mean").press("ArrowLeft")
    state = em.state
    assert (state["theta"], state["mean"]) == (pytest.approx(-0.05), pytest.approx(1.05))
    state = em.drag((25, 40), "Parameter and mean")
    assert state["theta"] > 0.2 and state["mean"] < 0.6
