"""The figures on gradients of expectations: compiled JavaScript against its Python twin, and their traits."""

import math

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import estimators
from helpers.models.gaussians import kl_to_standard_normal
from helpers.widgets import GradientCloud, VarianceRace
from helpers.widgets.formulas.estimators import DRAWS, TABLES, noise_tables

NAMES = ["score", "baseline", "total", "path"]
MEANS, SCALES, FREQUENCIES = st.floats(-2.5, 2.5), st.floats(0.2, 2.5), st.floats(0.2, 12)


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        generated="generated/estimators.js",
        spread="estimators/spread.js",
        more="{ tables: () => generated.noiseTables }",
    )


def close(expected, tolerance=1e-10):
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def tensor(value):
    return torch.tensor(value, dtype=torch.float64)


def by_autograd(name, mean, scale, noise):
    """The votes without a formula: PyTorch's, with the baseline by quadrature."""
    ratio = estimators.log_ratio_integrand(lambda z: -(z**2) / 2 - math.log(2 * math.pi) / 2)
    parameters = tensor(mean), tensor(scale)
    if name in ("total", "path"):
        function = estimators.reparameterized_gradient if name == "total" else estimators.path_gradient
        return torch.stack(function(ratio, parameters, noise=noise), -1).numpy()
    constants = (0.0, 0.0)
    if name == "baseline":
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        value = (mean + scale * nodes) ** 2 / 2 - nodes**2 / 2 - math.log(scale)
        squares = nodes**2, (nodes**2 - 1) ** 2
        constants = tuple(float(weights @ (s * value) / (weights @ s)) for s in squares)
    draws = parameters[0] + parameters[1] * noise
    found = estimators.score_function_gradient(
        ratio, parameters, draws=draws, baseline=constants, explicit=False
    )
    return torch.stack(found, -1).numpy()


def test_the_noise_is_that_of_python_and_standard_normal(javascript):
    tables = javascript("tables")
    assert tables == noise_tables()
    tables = np.array(tables)
    assert tables.shape == (TABLES, DRAWS) == (12, 60)
    # 720 draws: these bounds are more than five standard errors wide.
    assert abs(tables.mean()) < 0.19 and abs(tables.std() - 1) < 0.14
    assert len({tuple(table) for table in tables}) == TABLES


@given(MEANS, SCALES, st.integers(1, TABLES))
@settings(max_examples=25, deadline=None)
def test_the_clouds(javascript, mu, sigma, table):
    found = javascript("clouds", {"mu": mu, "sigma": sigma, "table": table})
    noise = tensor(noise_tables()[table - 1])
    assert found["value"] == close(kl_to_standard_normal(tensor(mu), tensor(sigma)).item())
    exact = [mu, sigma - 1 / sigma]
    assert found["exact"] == close(exact)
    for name in NAMES:
        votes = by_autograd(name, mu, sigma, noise)
        np.testing.assert_allclose(found["estimates"][name], votes, rtol=1e-7, atol=1e-7)
        spread = ((votes - exact) ** 2).mean(0)
        np.testing.assert_allclose(found["spreads"][name], spread, rtol=1e-6, atol=1e-9)


@given(MEANS, SCALES)
@settings(max_examples=25, deadline=None)
def test_the_variances_by_quadrature(javascript, mu, sigma):
    """Means and mean squares of the compiled votes over Gauss-Hermite nodes."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(12)
    weights = weights / weights.sum()
    for name in NAMES:
        votes = np.array([javascript(f"{name}Estimate", node, mu, sigma) for node in nodes])
        mean = weights @ votes
        np.testing.assert_allclose(mean, [mu, sigma - 1 / sigma], rtol=1e-8, atol=1e-8)
        variance = weights @ (votes - mean) ** 2
        np.testing.assert_allclose(variance, javascript(f"{name}Variance", mu, sigma), rtol=1e-6, atol=1e-8)


@given(MEANS, SCALES, FREQUENCIES, st.sampled_from(["mu", "sigma"]))
@settings(max_examples=40, deadline=None)
def test_the_race(javascript, mu, sigma, omega, coordinate):
    state = {"coordinate": coordinate, "mu": mu, "sigma": sigma, "omega": omega}
    place = ["mu", "sigma"].index(coordinate)
    found = javascript("race", {**state, "objective": "divergence"})
    assert set(found["variances"]) == set(NAMES)
    for name in NAMES:
        formula = estimators.variance(name, mu, sigma)[place]
        assert found["variances"][name] == close(max(0, float(formula)), 1e-9)
    assert (found["limits"], found["crossing"]) == (None, close(math.sqrt(0.5)))
    wave = javascript("race", {**state, "objective": "wave"})
    assert set(wave["variances"]) == set(NAMES[:3])
    for name in NAMES[:3]:
        formula = estimators.wave_variance(name, mu, sigma, omega)[place]
        assert wave["variances"][name] == pytest.approx(max(0, float(formula)), rel=1e-6, abs=1e-9)
    assert wave["exact"] == close(float(estimators.wave_gradient(mu, sigma, omega)[place]))
    assert wave["limits"] == close([omega**2 / 2, [0.5, 1][place] / sigma**2])
    for one in (found, wave):
        least = min(one["variances"].values())
        assert one["best"] and all(one["variances"][name] == close(least, 1e-8) for name in one["best"])


def test_the_leads_change_where_the_chapter_says(javascript):
    grid = np.linspace(0.2, 2.5, 100).tolist()
    state = {"objective": "divergence", "mu": 0.7, "sigma": 1, "omega": 1}
    for coordinate in ("mu", "sigma"):
        found = javascript("leadChanges", {**state, "coordinate": coordinate}, ["total", "path"], grid)
        assert found == close([math.sqrt(0.5)])
    wave = {**state, "objective": "wave", "mu": 0, "coordinate": "mu"}
    grid = np.geomspace(0.2, 12, 200).tolist()
    omega = sp.Symbol("omega")
    root = float(sp.nsolve(omega**2 - 1 + (1 - 3 * omega**2) * sp.exp(-2 * omega**2), omega, 1.1))
    assert javascript("leadChanges", wave, ["total", "score"], grid) == close([root])
    assert javascript("leadChanges", {**wave, "sigma": 0.5}, ["total", "score"], grid) == close([2 * root])


def test_where_estimators_tie(javascript):
    assert javascript("smallest", {"a": 2, "b": 1, "c": 1 + 1e-13}) == ["b", "c"]
    at_the_minimum = javascript("clouds", {"mu": 0, "sigma": 1, "table": 3})
    for name in ("score", "baseline", "path"):
        assert at_the_minimum["variances"][name] == [0, 0]
        np.testing.assert_allclose(at_the_minimum["estimates"][name], 0, atol=1e-12)
    assert at_the_minimum["variances"]["total"] == [1, 2]


@pytest.mark.parametrize("level", [0.05, 0.5, 2.6])
def test_level_lines_are_level(javascript, level):
    points = np.array(javascript("levelLine", level, 0.01, 4))
    assert len(points) > 10
    values = kl_to_standard_normal(tensor(points[:, :1].tolist()), tensor(points[:, 1:].tolist()))
    np.testing.assert_allclose(values, level, rtol=1e-9)
    assert points[:, 0].min() < 0 < points[:, 0].max()


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (GradientCloud, "sigma", 0.1, "sigma: got 0.1, expected a number from 0.2 to 2.5"),
        (GradientCloud, "mu", math.nan, "mu: got nan, expected a number from -2.5 to 2.5"),
        (GradientCloud, "step", 0, "step: got 0, expected a number from 0.02 to 0.5"),
        (GradientCloud, "table", 13, "table: got 13, expected a whole number from 1 to 12"),
        (VarianceRace, "objective", "kl", "objective: got 'kl', expected one of divergence, wave"),
        (VarianceRace, "coordinate", None, "coordinate: got None, expected one of mu, sigma"),
        (VarianceRace, "omega", 0, "omega: got 0, expected a number from 0.2 to 12"),
        (VarianceRace, "sigma", -1, "sigma: got -1, expected a number from 0.2 to 2.5"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})
