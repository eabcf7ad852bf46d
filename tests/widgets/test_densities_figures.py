"""The figures on change of variables: compiled JavaScript against its Python twin, and their traits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.widgets import AffineDensity, ScaledDensity
from helpers.widgets.formulas.densities import base_plane, base_samples


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        generated="generated/densities.js",
        moves="densities/moves.js",
        more="{ samples: () => generated.baseSamples, plane: () => generated.basePlane }",
    )


def normal(deviation: float, scale: float = 1.0) -> float:
    return math.exp(-((deviation / scale) ** 2) / 2) / (math.sqrt(2 * math.pi) * abs(scale))


def away_from_zero(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).filter(lambda value: abs(value) > 1e-3)


@given(st.floats(-2, 2), away_from_zero(-2.5, 2.5), st.floats(-2.5, 2.5))
@settings(max_examples=60)
def test_the_line(javascript, mu, sigma, point):
    found = javascript("onTheLine", {"mu": mu, "sigma": sigma, "point": point})
    close = lambda value: pytest.approx(value, rel=1e-12, abs=1e-14)  # noqa: E731
    assert found["image"] == close(mu + sigma * point)
    assert found["length"] == close(0.4 * abs(sigma))
    assert found["density"] == close(normal(found["image"] - mu, sigma))
    assert found["base_density"] == close(normal(point))
    ends = [mu + sigma * (point - 0.2), mu + sigma * (point + 0.2)]
    assert found["moved_interval"] == close(ends)
    assert found["mass"] == pytest.approx(found["base_mass"], rel=1e-10)
    assert found["mass"] == pytest.approx(0.4 * normal(point), rel=1e-10)


def test_the_line_without_a_density(javascript):
    found = javascript("onTheLine", {"mu": 0.5, "sigma": 0, "point": 1})
    assert (found["density"], found["mass"], found["length"], found["image"]) == (None, None, 0, 0.5)


ENTRIES = st.lists(st.integers(-40, 40).map(lambda n: n / 20), min_size=4, max_size=4)


def plane_state(entries, point, direction="forwards", normaliser="right"):
    names = dict(zip(("s11", "s12", "s21", "s22"), entries, strict=True))
    return {**names, "point": list(point), "direction": direction, "normaliser": normaliser}


@given(
    ENTRIES,
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.sampled_from(["forwards", "backwards"]),
    st.sampled_from(["right", "printed"]),
)
@settings(max_examples=150)
def test_the_plane(javascript, entries, point, direction, normaliser):
    matrix = np.array(entries).reshape(2, 2)
    det = np.linalg.det(matrix)
    found = javascript("inThePlane", plane_state(entries, point, direction, normaliser))
    assert found["det"] == pytest.approx(det, abs=1e-12)
    assert found["singular"] == (abs(det) < 1e-9)
    if found["singular"]:
        nothing = ("by_map", "by_inverse", "density", "centre_density", "total_mass")
        assert all(found[name] is None for name in nothing)
        return
    tolerance = dict(rel=1e-9, abs=1e-12)
    z = np.array(point) if direction == "forwards" else np.linalg.solve(matrix, point)
    np.testing.assert_allclose(found["z"], z, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["x"], matrix @ z, rtol=1e-9, atol=1e-12)
    base = math.exp(-(z @ z) / 2) / (2 * math.pi)
    covariance = matrix @ matrix.T
    law = math.exp(-(np.array(found["x"]) @ np.linalg.solve(covariance, found["x"])) / 2)
    law /= 2 * math.pi * math.sqrt(np.linalg.det(covariance))
    # Where the covariance is almost singular, its determinant and inverse have lost digits.
    assert found["by_map"] == pytest.approx(law, rel=1e-4, abs=1e-12)
    assert found["by_map"] == pytest.approx(base / abs(det), **tolerance)
    assert found["by_inverse"] == pytest.approx(found["by_map"], rel=1e-7, abs=1e-12)
    root = math.sqrt(abs(det))
    assert found["total_mass"] == pytest.approx(root if normaliser == "printed" else 1, **tolerance)
    factor = root if normaliser == "printed" else abs(det)
    assert found["density"] == pytest.approx(base / factor, **tolerance)
    assert found["centre_density"] == pytest.approx(1 / (2 * math.pi * factor), **tolerance)
    left, right = found["areas"]
    assert right == pytest.approx(left * abs(det), rel=1e-9)
    assert (left if direction == "forwards" else right) == pytest.approx(0.64, rel=1e-9)
    before, after = found["masses"]
    assert after == pytest.approx(before * found["total_mass"], rel=1e-9, abs=1e-15)
    np.testing.assert_allclose(np.array(found["corners"][0]) @ matrix.T, found["corners"][1], atol=1e-9)


def test_a_singular_matrix_seen_backwards(javascript):
    found = javascript("inThePlane", plane_state([1, 2, 0.5, 1], (1, 1), "backwards"))
    assert (found["z"], found["corners"][0], found["masses"]) == (None, None, [None, None])
    assert found["areas"][0] is None and found["areas"][1] == pytest.approx(0.64)


def test_shapes(javascript):
    circle = np.array(javascript("circle", 2, 12))
    np.testing.assert_allclose(np.hypot(*circle.T), 2, rtol=1e-12)
    assert len(circle) == 13 and (circle[0] == circle[-1]).all()
    assert javascript("area", [[0, 0], [0, 2], [3, 2], [3, 0]]) == 6
    assert javascript("area", [[0, 0], [4, 0], [0, 2]]) == 4


def test_the_samples_are_those_of_python_and_standard_normal(javascript):
    assert javascript("samples") == base_samples()
    assert javascript("plane") == base_plane()
    line, plane = np.array(base_samples()), np.array(base_plane())
    assert abs(line.mean()) < 1e-9 and line.std() == pytest.approx(1, abs=0.05)
    assert np.abs(plane.mean(0)).max() < 0.05
    np.testing.assert_allclose(np.cov(plane.T), np.eye(2), atol=0.1)


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (ScaledDensity, "sigma", 2.6, "sigma: got 2.6, expected a number from -2.5 to 2.5"),
        (ScaledDensity, "mu", math.nan, "mu: got nan, expected a number from -2 to 2"),
        (ScaledDensity, "point", "0", "point: got '0', expected a number from -2.5 to 2.5"),
        (AffineDensity, "s12", -2.1, "s12: got -2.1, expected a number from -2 to 2"),
        (AffineDensity, "point", (1.0,), "point: got \\(1.0,\\), expected two finite numbers"),
        (AffineDensity, "direction", "up", "direction: got 'up', expected one of forwards, backwards"),
        (AffineDensity, "normaliser", None, "normaliser: got None, expected one of right, printed"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})
