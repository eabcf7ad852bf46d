"""The figures on the evidence bound: compiled JavaScript against its Python twin, and their traits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.widgets import EvidenceBar, ExpectationMaximization
from helpers.widgets.formulas.evidence_bound import base_draws

SPLITTINGS = ("evidence", "prior", "entropy")
CLOSE = dict(rel=1e-10, abs=1e-11)


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        generated="generated/evidence_bound.js",
        bounds="evidence_bound/bounds.js",
        more="{ normals: () => generated.baseDraws }",
    )


def log_normal(value, mean, scale):
    return -(((value - mean) / scale) ** 2) / 2 - math.log(scale) - math.log(2 * math.pi) / 2


def averaged(function, mean, scale, nodes=41):
    """E f(z) for a normal z, by Gauss-Hermite quadrature: exact for what is polynomial."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return float(np.sum(weights * [function(mean + scale * point) for point in points]) / weights.sum())


STATE = {
    "mu": st.floats(-3, 3),
    "sigma": st.floats(0.1, 2.5),
    "x": st.floats(-3, 3),
    "tau": st.floats(0.4, 2),
}


@given(st.fixed_dictionaries({**STATE, "splitting": st.sampled_from(SPLITTINGS)}))
@settings(max_examples=80)
def test_the_bars_are_averages_over_the_guess(javascript, state):
    found = javascript("facts", state)
    mu, sigma, x, tau = (state[name] for name in ("mu", "sigma", "x", "tau"))
    close = lambda value: pytest.approx(value, **CLOSE)  # noqa: E731
    mean_of = lambda function: averaged(function, mu, sigma)  # noqa: E731

    def log_joint(z):
        return log_normal(x, z, tau) + log_normal(z, 0, 1)

    reconstruction = mean_of(lambda z: log_normal(x, z, tau))
    to_prior = mean_of(lambda z: log_normal(z, mu, sigma) - log_normal(z, 0, 1))
    entropy = -mean_of(lambda z: log_normal(z, mu, sigma))
    evidence = log_normal(x, 0, math.hypot(1, tau))
    bound = mean_of(lambda z: log_joint(z) - log_normal(z, mu, sigma))
    assert found["log_evidence"] == close(evidence)
    assert found["bound"] == close(bound) and found["bound"] <= evidence + 1e-12
    assert found["divergence"] == close(evidence - bound)
    assert found["terms"]["evidence"] == close([evidence, bound - evidence])
    assert found["terms"]["prior"] == close([reconstruction, -to_prior])
    assert found["terms"]["entropy"] == close([mean_of(log_joint), entropy])
    mean, scale = found["posterior_mean"], found["posterior_scale"]
    for z in (-1.0, 0.3, 2.0):  # Bayes' rule at a few points
        assert log_joint(z) - evidence == close(log_normal(z, mean, scale))
    draw = {
        "evidence": lambda z: log_joint(z) - log_normal(z, mu, sigma),
        "prior": lambda z: log_normal(x, z, tau) - to_prior,
        "entropy": lambda z: log_joint(z) + entropy,
    }[state["splitting"]]
    variance = mean_of(lambda z: (draw(z) - bound) ** 2)
    assert found["deviation"] ** 2 == pytest.approx(variance, rel=1e-8, abs=1e-10)
    draws = javascript("draws", state)
    assert draws == pytest.approx([draw(mu + sigma * noise) for noise in base_draws()], **CLOSE)


@pytest.mark.parametrize("x, tau", [(1.5, 1.0), (-2.0, 0.4), (0.0, 2.0)])
def test_at_the_posterior_every_draw_is_the_evidence_and_only_of_the_first_splitting(javascript, x, tau):
    start = javascript("facts", {"mu": 0, "sigma": 1, "x": x, "tau": tau, "splitting": "evidence"})
    state = {"mu": start["posterior_mean"], "sigma": start["posterior_scale"], "x": x, "tau": tau}
    draws = javascript("draws", {**state, "splitting": "evidence"})
    assert draws == pytest.approx([start["log_evidence"]] * len(draws), abs=1e-12)
    least = {"prior": math.sqrt(0.5) / (1 + tau**2), "entropy": math.sqrt(0.5)}
    for splitting, deviation in least.items():
        assert javascript("facts", {**state, "splitting": splitting})["deviation"] > 0.999 * deviation
        assert np.ptp(javascript("draws", {**state, "splitting": splitting})) > deviation
    assert javascript("facts", {**state, "splitting": "evidence"})["divergence"] < 1e-12


@given(st.fixed_dictionaries({**STATE, "splitting": st.sampled_from(SPLITTINGS)}))
@settings(max_examples=40)
def test_the_picture_holds_every_bar(javascript, state):
    found = javascript("facts", state)
    low, high = javascript("range", found)
    ends = [found["bound"], 0, *(found["terms"][name][0] for name in SPLITTINGS)]
    assert low < min(ends) and max(ends) < high


def test_the_histogram_counts_every_value_once(javascript):
    found = javascript("histogram", [-2, -1, -0.5, 0, 0.999, 1, 7], [-1, 1], 4)
    assert found == {"counts": [1, 1, 1, 1], "left": 1, "right": 2}
    values = np.random.default_rng(0).normal(size=500)
    found = javascript("histogram", values.tolist(), [-2, 3], 25)
    expected, _ = np.histogram(values[values < 3], np.linspace(-2, 3, 26))
    assert found["counts"] == expected.tolist()
    assert found["left"] + found["right"] + sum(found["counts"]) == 500


def test_the_maps_are_rows_of_the_second_coordinate(javascript):
    grid = javascript("divergences", {"x": 1, "tau": 1}, [0, 0.5], [1, 2, 0.5])
    single = [
        javascript("divergence", mu, sigma, 1, 1)
        for sigma, mu in [(1, 0), (1, 0.5), (2, 0), (2, 0.5), (0.5, 0), (0.5, 0.5)]
    ]
    assert grid == single
    grid = javascript("boundsOf", {"scale": 1, "x": 1, "tau": 1}, [0, 1, 2], [-1, 3])
    single = [javascript("boundAt", theta, mean, 1, 1, 1) for mean in (-1, 3) for theta in (0, 1, 2)]
    assert grid == single


EM = st.fixed_dictionaries(
    {
        "theta": st.floats(-4, 4),
        "mean": st.floats(-3, 3),
        "scale": st.floats(0.2, 2),
        "x": st.floats(-2, 2),
        "tau": st.floats(0.5, 2),
    }
)


@given(EM)
@settings(max_examples=60)
def test_the_steps_of_em(javascript, state):
    theta, mean, scale, x, tau = (state[name] for name in ("theta", "mean", "scale", "x", "tau"))
    before = javascript("standing", state)
    evidence = log_normal(x, theta, math.hypot(1, tau))
    joint = lambda z: log_normal(x, theta + z, tau) + log_normal(z, 0, 1)  # noqa: E731
    bound = averaged(lambda z: joint(z) - log_normal(z, mean, scale), mean, scale)
    assert before["log_evidence"] == pytest.approx(evidence, **CLOSE)
    assert before["bound"] == pytest.approx(bound, **CLOSE)
    assert before["gap"] == pytest.approx(evidence - bound, **CLOSE)
    expected = javascript("afterExpectation", state)
    assert javascript("standing", expected)["gap"] == pytest.approx(0, abs=1e-12)
    assert {**expected, "mean": 0, "scale": 0} == {**state, "mean": 0, "scale": 0}
    moved = javascript("afterMaximization", expected)
    after = javascript("standing", moved)
    assert after["log_evidence"] >= evidence - 1e-12
    assert before["top"] == pytest.approx(x - mean) and moved["theta"] == pytest.approx(x - expected["mean"])
    assert before["rate"] == pytest.approx(1 / (1 + tau**2))
    assert moved["theta"] - x == pytest.approx(before["rate"] * (theta - x), abs=1e-12)
    # The top is a top: the bound is lower on either side of it.
    summit = javascript("standing", moved)["bound"]
    for shift in (-0.1, 0.1):
        assert javascript("standing", {**moved, "theta": moved["theta"] + shift})["bound"] < summit


def test_the_draws_are_those_of_python_and_standard_normal(javascript):
    assert javascript("normals") == base_draws()
    draws = np.array(base_draws())
    assert abs(draws.mean()) < 1e-9 and draws.std() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (EvidenceBar, "sigma", 0.0, "sigma: got 0.0, expected a number from 0.1 to 2.5"),
        (EvidenceBar, "mu", math.nan, "mu: got nan, expected a number from -3 to 3"),
        (EvidenceBar, "x", "1", "x: got '1', expected a number from -3 to 3"),
        (EvidenceBar, "tau", -1, "tau: got -1, expected a number from 0.4 to 2"),
        (EvidenceBar, "splitting", "free", "splitting: got 'free', expected one of evidence, prior, entropy"),
        (ExpectationMaximization, "scale", 0, "scale: got 0, expected a number from 0.2 to 3"),
        (ExpectationMaximization, "theta", math.inf, "theta: got inf, expected a number from -20 to 20"),
        (ExpectationMaximization, "tau", 3, "tau: got 3, expected a number from 0.5 to 2"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})
