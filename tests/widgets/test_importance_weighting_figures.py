"""The figures on importance-weighted bounds: compiled JavaScript against its Python twin, and their traits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import bounds
from helpers.widgets import ImportanceLadder, ResampledProposal


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        generated="generated/importance_weighting.js",
        weighting="importance_weighting/weighting.js",
        more="{ line: (s) => weighting.onTheLine(s, weighting.meanDecay(s)), LINE: () => weighting.LINE,"
        " kept: (s, seed) => weighting.resample(s, weighting.noiseTable(seed)),"
        " noise: (seed) => weighting.noiseTable(seed).flatMap(({ normal }) => normal),"
        " decisions: (seed) => weighting.noiseTable(seed).map(({ decision }) => decision) }",
    )


@given(
    st.integers(2, 98).map(lambda n: n / 100),
    st.integers(5, 60).map(lambda n: n / 100),
    st.integers(5, 60).map(lambda n: n / 100),
    st.integers(1, 32),
)
@settings(max_examples=80)
def test_the_ladder_is_that_of_the_tensors(javascript, q, a, b, samples):
    found = javascript("twoStates", {"proposal": q, "joint_a": a, "joint_b": b, "samples": samples})
    joint = torch.tensor([a, b], dtype=torch.float64).log()
    proposal = torch.tensor([q, 1 - q], dtype=torch.float64).log()
    expected = bounds.ladder(joint, proposal, samples)
    for name in ("elbo", "bound", "elbo_resampled", "log_evidence"):
        assert found[name] == pytest.approx(getattr(expected, name).item(), abs=1e-9), name
    assert found["kept"] == pytest.approx(expected.resampled[0].item(), abs=1e-10)
    assert found["posterior"] == pytest.approx(a / (a + b), rel=1e-14)
    chances = [row["chance"] for row in found["outcomes"]]
    assert len(chances) == samples and sum(chances) == pytest.approx(1, abs=1e-10)
    mean = {name: sum(row["chance"] * row[name] for row in found["outcomes"]) for name in ("mass", "level")}
    assert mean["mass"] == pytest.approx(1, abs=1e-9)
    assert mean["level"] == pytest.approx(found["bound"], abs=1e-9)


def test_the_example_of_the_chapter(javascript):
    found = javascript("twoStates", {"proposal": 0.5, "joint_a": 0.4, "joint_b": 0.1, "samples": 2})
    assert [row["mass"] for row in found["outcomes"]] == [pytest.approx(1.3), pytest.approx(0.7)]
    assert found["outcomes"][1]["level"] == pytest.approx(-0.2502, abs=5e-5)
    assert found["kept"] == pytest.approx(0.65)


STATES = [
    {"mu": -0.8, "sigma": 1.0, "observed": 1.5, "tau": 0.6},
    {"mu": 0.5, "sigma": 0.5, "observed": -1.0, "tau": 1.2},
    {"mu": 1.0, "sigma": 2.0, "observed": 0.3, "tau": 0.3},
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("samples", [1, 2, 7, 32])
def test_the_density_on_the_line_is_that_of_the_tensors(javascript, state, samples):
    mu, sigma, observed, tau = (state[name] for name in ("mu", "sigma", "observed", "tau"))

    def log_weight(z):
        normal = torch.distributions.Normal
        seen = torch.tensor(observed, dtype=torch.float64)
        joint = normal(0.0, 1.0).log_prob(z) + normal(z, tau).log_prob(seen)
        return joint - normal(mu, sigma).log_prob(z)

    found = javascript("line", {**state, "samples": samples, "noise": 1})
    z = torch.tensor(javascript("LINE"), dtype=torch.float64)
    expected = bounds.resampled_density_on_a_line(z, log_weight, mu, sigma, samples).numpy()
    np.testing.assert_allclose(found["after"], expected, rtol=0, atol=1e-5)
    variance = tau**2 / (1 + tau**2)
    target = np.exp(-((z.numpy() - observed / (1 + tau**2)) ** 2) / (2 * variance))
    np.testing.assert_allclose(found["target"], target / math.sqrt(2 * math.pi * variance), atol=1e-12)
    assert found["far_after"] <= found["far_before"] + 1e-9
    if samples == 1:
        assert found["after"] == found["before"]


def test_the_noise_is_standard_normal_and_repeats(javascript):
    """Fixed numbers, so the bounds are met or not for ever; they are five standard errors wide."""
    for seed in (0, 1, 9999):
        noise = np.array(javascript("noise", seed))
        assert len(noise) == 1500 * 32
        error = 1 / math.sqrt(len(noise))
        assert abs(noise.mean()) < 5 * error and abs((noise**2).mean() - 1) < 5 * math.sqrt(2) * error
        assert abs((noise**4).mean() - 3) < 5 * math.sqrt(96) * error
        assert abs((noise[1:] * noise[:-1]).mean()) < 5 * error
        decisions = np.array(javascript("decisions", seed))
        assert decisions.min() > 0 and decisions.max() < 1
        assert abs(decisions.mean() - 0.5) < 5 * math.sqrt(1 / 12 / 1500)
    assert javascript("noise", 3) == javascript("noise", 3) != javascript("noise", 4)


@pytest.mark.parametrize("samples", [1, 4, 32])
def test_what_is_kept_has_the_density(javascript, samples):
    state = {**STATES[0], "samples": samples, "noise": 1}
    z, density = np.array(javascript("LINE")), np.array(javascript("line", state)["after"])
    step = z[1] - z[0]
    mean = (z * density).sum() * step
    spread = math.sqrt(((z - mean) ** 2 * density).sum() * step)
    kept = np.array(javascript("kept", state, 1))
    assert abs(kept.mean() - mean) < 5 * spread / math.sqrt(len(kept))
    assert kept.std() == pytest.approx(spread, rel=0.15)
    heights = np.array(javascript("histogram", kept.tolist()))
    inside = ((kept >= -4) & (kept < 4)).mean()
    assert heights.sum() * 0.2 == pytest.approx(inside, abs=1e-12)


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (ImportanceLadder, "samples", 0, "samples: got 0, expected a whole number from 1 to 32"),
        (ImportanceLadder, "samples", 2.5, "samples: got 2.5, expected a whole number"),
        (ImportanceLadder, "proposal", 1.0, "proposal: got 1.0, expected a number from 0.02 to 0.98"),
        (ImportanceLadder, "joint_a", math.nan, "joint_a: got nan, expected a number from 0.05 to 0.6"),
        (ResampledProposal, "sigma", 0.0, "sigma: got 0.0, expected a number from 0.3 to 2"),
        (ResampledProposal, "noise", -1, "noise: got -1, expected a whole number from 0 to 9999"),
        (ResampledProposal, "observed", "1", "observed: got '1', expected a number from -2 to 3"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})
