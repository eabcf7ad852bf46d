"""The figures on the divergence: compiled JavaScript against its Python twin, and their traits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import divergences, gaussians
from helpers.widgets import CorrelatedPair, TwoHistograms


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(generated="generated/divergences.js", laws="divergences/laws.js")


WEIGHTS = st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any)
LAWS = WEIGHTS.map(lambda weights: [weight / sum(weights) for weight in weights])
POSITIVE = st.floats(0.01, 8)
CORRELATION = st.floats(-0.95, 0.95)


def number(value) -> float:
    return float(value.replace("Infinity", "inf")) if isinstance(value, str) else value


def close(value: float, absolute: float = 1e-12):
    return pytest.approx(value, rel=1e-9, abs=absolute)


@given(LAWS, LAWS, st.sampled_from(["one", "mass"]))
@settings(max_examples=120)
def test_two_laws(javascript, q, p, touch):
    found = javascript("compared", {"q": q, "p": p, "touch": touch})
    first, second = torch.tensor([q, p], dtype=torch.float64)
    assert number(found["divergence"]) == close(divergences.kl_divergence(first, second).item())
    assert number(found["reverse"]) == close(divergences.kl_divergence(second, first).item())
    mass = divergences.mass_on_support(first, second).item()
    assert found["mass"] == close(mass)
    assert found["reverse_mass"] == close(divergences.mass_on_support(second, first).item())
    assert number(found["bound"]) == close(-math.log(mass) if mass > 0 else math.inf)
    at = mass if touch == "mass" and mass > 0 else 1
    assert found["at"] == close(at)
    for i in range(4):
        ratio, gap = found["ratios"][i], number(found["gaps"][i])
        if q[i] == 0:
            assert ratio == ("Infinity" if p[i] > 0 else None) and gap == 0
            continue
        t = p[i] / q[i]
        assert ratio == close(t)
        line = -math.log(at) - (t - at) / at
        assert gap == close(-math.log(t) - line, 1e-9) if t > 0 else gap == math.inf
        assert gap >= -1e-12
        assert number(found["weighted"][i]) == close(q[i] * gap, 1e-9)
    total = sum(map(number, found["weighted"])) + found["offset"]
    assert total == close(number(found["divergence"]), 1e-9)
    assert found["offset"] >= -1e-12


@given(POSITIVE, POSITIVE)
def test_the_curve_and_its_tangent(javascript, t, m):
    line = -math.log(m) - (t - m) / m
    assert javascript("minusLog", t) == close(-math.log(t))
    assert javascript("tangent", t, m) == close(line)
    assert javascript("tangentGap", t, m) == close(-math.log(t) - line)


@given(LAWS, st.integers(0, 3), st.floats(-0.5, 1.5))
@settings(max_examples=120)
def test_a_bar_is_moved(javascript, law, index, value):
    after = javascript("changed", law, index, value)
    wanted = min(1, max(0, value))
    wanted = 0 if wanted < 0.005 else 1 if wanted > 0.995 else wanted
    assert after[index] == pytest.approx(wanted, abs=1e-9)
    assert sum(after) == pytest.approx(1, abs=1e-11) and min(after) >= 0
    others = [i for i in range(4) if i != index]
    rest = sum(law[i] for i in others)
    for i in others:
        share = law[i] / rest if rest > 0 else 1 / 3
        assert after[i] == pytest.approx((1 - wanted) * share, abs=1e-9)
    TwoHistograms(q=after)  # the kernel takes what the page has made


def test_sums_stay_one_however_often_a_bar_is_moved(javascript):
    law, generator = [0.4, 0.3, 0.2, 0.1], np.random.default_rng(0)
    for _ in range(300):
        law = javascript("changed", law, int(generator.integers(4)), float(generator.uniform()))
    assert math.fsum(law) == pytest.approx(1, abs=1e-11)


@given(st.floats(0, 1.5), CORRELATION, CORRELATION)
@settings(max_examples=100)
def test_the_pair(javascript, mean, rho_q, rho_p):
    found = javascript("parts", {"mean": mean, "rho_q": rho_q, "rho_p": rho_p})
    covariances = [torch.tensor([[1, rho], [rho, 1]], dtype=torch.float64) for rho in (rho_q, rho_p)]
    zero = torch.zeros(2, dtype=torch.float64)
    factors = [gaussians.cholesky_factor(covariance) for covariance in covariances]
    exact = gaussians.kl_divergence(zero + mean, factors[0], zero, factors[1]).item()
    assert found["joint"] == close(exact, 1e-11)
    assert found["coordinates"] == close(mean**2)
    identity = torch.eye(2, dtype=torch.float64)
    assert found["dependence"] == close(
        gaussians.kl_divergence(zero, factors[0], zero, identity).item(), 1e-11
    )
    assert found["coordinates"] + found["dependence"] - found["cross"] == close(exact, 1e-10)
    bars = javascript("bars", found)
    assert bars[0][0] == 0 and bars[3] == [0, found["joint"]]
    assert bars[0][1] == bars[1][0] and bars[1][1] == bars[2][0]
    assert bars[2][1] == close(exact, 1e-10)


@given(st.floats(0, 6.3), st.floats(0.5, 2), st.floats(0, 1.5), CORRELATION)
def test_the_ellipse_is_a_level_line(javascript, angle, radius, mean, rho):
    x, y = javascript("ellipse", angle, radius, mean, rho)
    deviation = np.array([x - mean, y - mean])
    distance = deviation @ np.linalg.solve(np.array([[1, rho], [rho, 1]]), deviation)
    assert distance == pytest.approx(radius**2, rel=1e-8)


@given(st.floats(-4, 4), st.floats(0, 1.5))
def test_the_marginal(javascript, x, mean):
    density = math.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)
    assert javascript("marginal", x, mean) == close(density)


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (TwoHistograms, "q", (0.5, 0.5), "q: got .*, expected 4 probabilities from 0 to 1"),
        (TwoHistograms, "q", (0.5, 0.5, 0.5, -0.5), "q: got .*, expected 4 probabilities from 0 to 1"),
        (TwoHistograms, "p", (0.5, 0.5, 0.5, 0.5), "p: got .* of sum 2, expected the sum 1"),
        (TwoHistograms, "p", (0.5, 0.5, math.nan, 0), "p: got .*, expected 4 probabilities"),
        (TwoHistograms, "p", "abcd", "p: got 'abcd', expected 4 probabilities"),
        (TwoHistograms, "q", (True, 0, 0, 0), "q: got .*, expected 4 probabilities"),
        (TwoHistograms, "touch", "two", "touch: got 'two', expected one of one, mass"),
        (CorrelatedPair, "rho_q", 1.0, "rho_q: got 1.0, expected a number from -0.95 to 0.95"),
        (CorrelatedPair, "rho_p", -0.96, "rho_p: got -0.96, expected a number from -0.95 to 0.95"),
        (CorrelatedPair, "mean", -0.1, "mean: got -0.1, expected a number from 0 to 1.5"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})


def test_probabilities_may_come_as_an_array():
    figure = TwoHistograms(q=np.array([0.25, 0.25, 0.5, 0.0]))
    assert figure.q == (0.25, 0.25, 0.5, 0.0)
    figure.p = [0, 0, 0, 1]
    assert figure.page_state()["p"] == (0, 0, 0, 1)
