"""The figures of the chapter on importance-weighted bounds in the built site: every control moves what it should."""

import itertools
import math

import pytest
import torch

from helpers.models import bounds

from .live_figures import Figure

PAGE = "book/inference/importance_weighting.html"
LADDER = {"proposal": 0.5, "joint_a": 0.4, "joint_b": 0.1, "samples": 2}
LINE = {"samples": 4, "mu": -0.8, "sigma": 1.0, "observed": 1.5, "tau": 0.6, "noise": 1}
NAMES = ("elbo", "bound", "elbo_resampled", "log_evidence")


@pytest.fixture
def ladder(page):
    figure = Figure(page, "importance-ladder")
    figure.set(**LADDER)
    return figure


@pytest.fixture
def line(page):
    figure = Figure(page, "resampled-proposal")
    figure.set(**{name: value for name, value in LINE.items() if name != "noise"})
    return figure


def assert_true(state: dict) -> None:
    """The levels that the figure shows, computed again in Python."""
    joint = torch.tensor([state["joint_a"], state["joint_b"]], dtype=torch.float64).log()
    proposal = torch.tensor([state["proposal"], 1 - state["proposal"]], dtype=torch.float64).log()
    expected = bounds.ladder(joint, proposal, int(state["samples"]))
    for name in NAMES:
        assert state[name] == pytest.approx(getattr(expected, name).item(), abs=1e-9), name
    assert state["kept"] == pytest.approx(expected.resampled[0].item(), abs=1e-9)
    assert state["mean_mass"] == pytest.approx(1, abs=1e-9)
    assert state["mean_level"] == pytest.approx(state["bound"], abs=1e-9)


def test_the_figures_begin_as_python_made_them(page):
    for widget, first in (("importance-ladder", LADDER), ("resampled-proposal", LINE)):
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        assert figure.initial == first
    assert_true(Figure(page, "importance-ladder").state)


def test_the_example_of_the_chapter(ladder):
    state = ladder.state
    assert [round(state[name], 4) for name in NAMES] == [-0.9163, -0.8047, -0.754, -0.6931]
    cells = ladder.root.locator(".dtr-outcomes tbody tr").all_inner_texts()
    assert len(cells) == 2 and "0.7000" in cells[1] and "−0.2502 ↑" in cells[1]
    assert "1 of 2 outcomes lie above" in ladder.status


def test_the_sliders_of_the_ladder(ladder):
    ranges = {"proposal": (0.02, 0.98, 0.01), "joint_a": (0.05, 0.6, 0.01), "samples": (1, 32, 1)}
    for trait, (low, high, step) in ranges.items():
        for state in ladder.by_keys(trait, low, high, step):
            assert_true(state)


def test_the_proposal_is_dragged_and_moved_with_the_arrow_keys(ladder):
    state = ladder.drag((60, 0))
    assert state["proposal"] > 0.6
    assert float(ladder.control("proposal").input_value()) == pytest.approx(state["proposal"])
    assert_true(state)
    ladder.set(proposal=0.5)
    ladder.handle().press("ArrowRight")
    assert ladder.state["proposal"] == pytest.approx(0.51)
    ladder.handle().press("Shift+ArrowLeft")
    assert ladder.state["proposal"] == pytest.approx(0.46)


def test_the_levels_meet_at_the_posterior(ladder):
    for samples in (1, 2, 20):
        state = ladder.set(joint_a=0.3, joint_b=0.45, proposal=0.4, samples=samples)
        assert [state[name] for name in NAMES] == [pytest.approx(math.log(0.75), abs=1e-12)] * 4
        assert "all four levels are one" in ladder.status
    assert "all four levels are one" not in (ladder.set(proposal=0.5), ladder.status)[1]


def test_more_samples_climb(ladder):
    levels = [ladder.set(samples=samples) for samples in (1, 2, 5, 12, 32)]
    for lower, higher in itertools.pairwise(levels):
        assert lower["bound"] < higher["bound"] and lower["elbo_resampled"] < higher["elbo_resampled"]
    assert levels[0]["bound"] == pytest.approx(levels[0]["elbo"])
    assert ladder.root.locator(".dtr-outcomes tbody tr").count() == 1  # too many outcomes to list


def test_the_line(line):
    state = line.set(samples=1)
    assert state["far_after"] == state["far_before"] and "its law is q" in line.status
    far = [line.set(samples=samples)["far_after"] for samples in (1, 3, 9, 32)]
    assert far == sorted(far, reverse=True) and far[-1] < 0.5 * far[0]
    # at the posterior nothing is left to gain
    state = line.set(tau=1.0, observed=1.0, mu=0.5, sigma=0.7)
    assert state["far_before"] < 0.02 and state["far_after"] < 0.02


def test_the_sliders_of_the_line(line):
    for trait, low, high, step in (
        ("mu", -2, 2, 0.05),
        ("sigma", 0.3, 2, 0.05),
        ("observed", -2, 3, 0.05),
        ("tau", 0.3, 1.5, 0.05),
        ("samples", 1, 32, 1),
    ):
        for state in line.by_keys(trait, low, high, step):
            assert math.isfinite(state["far_after"]) and state["far_after"] <= state["far_before"] + 1e-6


def test_new_noise_draws_the_histogram_again(line):
    before = line.state
    line.root.get_by_role("button", name="New noise").click()
    after = line.state
    assert after["noise"] == before["noise"] + 1 and after["average"] != before["average"]
    assert after["far_after"] == before["far_after"]
    assert abs(after["average"] - before["average"]) < 0.2
