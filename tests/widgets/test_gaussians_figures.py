"""The figures on Gaussian divergences: their compiled JavaScript against Python, and their traits."""

import math

import numpy as np
import pytest
import torch

from helpers.models.gaussians import cholesky_factor, diagonal_projection, kl_divergence
from helpers.widgets import DivergenceLandscape, EllipseDivergence

FIGURES = [DivergenceLandscape, EllipseDivergence]


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(laws="gaussians/laws.js", compiled="generated/gaussians.js")


def standard(mu, scale):
    return (mu**2 + scale**2 - 1) / 2 - math.log(scale)


def covariance(first, second, degrees):
    angle = math.radians(degrees)
    turned = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return turned @ np.diag([first**2, second**2]) @ turned.T


def packed(matrix):
    return [matrix[0, 0], matrix[0, 1], matrix[1, 1]]


def divergence(mean_q, covariance_q, mean_p, covariance_p):
    """By the model's PyTorch, which the figures do not use."""
    tensors = [torch.tensor(np.asarray(part), dtype=torch.float64) for part in (mean_q, mean_p)]
    factors = [
        cholesky_factor(torch.tensor((c + c.T) / 2, dtype=torch.float64))
        for c in (covariance_q, covariance_p)
    ]
    return kl_divergence(tensors[0], factors[0], tensors[1], factors[1]).item()


def random_states(count):
    rng = np.random.default_rng(7)
    for _ in range(count):
        yield {
            "mean_q": rng.uniform(-3, 3, 2).tolist(),
            "mean_p": rng.uniform(-3, 3, 2).tolist(),
            **{
                f"{law}_{part}": float(rng.uniform(low, high))
                for law in "qp"
                for part, low, high in (("first", 0.3, 2), ("second", 0.3, 2), ("angle", -180, 180))
            },
            "direction": str(rng.choice(["q_p", "p_q"])),
            "nearest": "shown",
        }


@pytest.mark.parametrize("reading", ["deviation", "variance"])
def test_the_signed_area_is_the_divergence(javascript, reading):
    rng = np.random.default_rng(3)
    for mu, sigma in zip(rng.uniform(-2.5, 2.5, 40), rng.uniform(0.2, 4, 40), strict=True):
        found = javascript("onTheLine", {"mu": mu, "sigma": sigma, "reading": reading})
        scale = sigma if reading == "deviation" else math.sqrt(sigma)
        assert found["scale"] == pytest.approx(scale, rel=1e-14)
        assert found["divergence"] == pytest.approx(standard(mu, scale), rel=1e-12, abs=1e-14)
        assert found["above"] >= 0 >= found["below"]
        assert found["above"] + found["below"] == pytest.approx(found["divergence"], rel=1e-9, abs=1e-9)
        assert found["by_deviation"] == pytest.approx(standard(mu, sigma), rel=1e-12, abs=1e-14)
        assert found["by_variance"] == pytest.approx(standard(mu, math.sqrt(sigma)), rel=1e-12, abs=1e-14)


def test_the_integrand_is_density_times_log_ratio(javascript):
    rng = np.random.default_rng(5)
    for x, mu, sigma in rng.uniform([-4, -2, 0.2], [4, 2, 3], (40, 3)):
        log_q = -(((x - mu) / sigma) ** 2) / 2 - math.log(sigma * math.sqrt(2 * math.pi))
        log_p = -(x**2) / 2 - math.log(math.sqrt(2 * math.pi))
        assert javascript("density", x, mu, sigma) == pytest.approx(math.exp(log_q), rel=1e-12)
        expected = math.exp(log_q) * (log_q - log_p)
        assert javascript("integrand", x, mu, sigma) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("reading", ["deviation", "variance"])
@pytest.mark.parametrize("level", [0.1, 0.5, 2, 6])
def test_level_lines_have_their_level_and_end_on_the_axis(javascript, reading, level):
    points = np.array(javascript("levelLine", level, reading))
    scales = points[:, 1] if reading == "deviation" else np.sqrt(points[:, 1])
    values = [standard(mu, scale) for mu, scale in zip(points[:, 0], scales, strict=True)]
    np.testing.assert_allclose(values, level, rtol=1e-7)
    assert points[0, 0] == points[-1, 0] == 0
    assert (points[1:-1, 0] > 0).all() and (np.diff(points[:, 1]) > 0).all()
    assert points[0, 1] < 1 < points[-1, 1]


def test_the_four_terms_and_both_directions(javascript):
    for state in random_states(40):
        found = javascript("inThePlane", state)
        q = covariance(state["q_first"], state["q_second"], state["q_angle"])
        p = covariance(state["p_first"], state["p_second"], state["p_angle"])
        np.testing.assert_allclose(found["covariance_q"], packed(q), atol=1e-12)
        np.testing.assert_allclose(found["covariance_p"], packed(p), atol=1e-12)
        laws = [(np.array(state["mean_q"]), q), (np.array(state["mean_p"]), p)]
        one, other = laws if state["direction"] == "q_p" else laws[::-1]
        deviation = one[0] - other[0]
        inverse = np.linalg.inv(other[1])
        expected = [
            np.trace(inverse @ one[1]) / 2,
            deviation @ inverse @ deviation / 2,
            -1,
            math.log(np.linalg.det(other[1]) / np.linalg.det(one[1])) / 2,
        ]
        np.testing.assert_allclose(found["terms"], expected, rtol=1e-9, atol=1e-12)
        assert found["divergence"] == pytest.approx(divergence(*one, *other), rel=1e-9, abs=1e-12)
        assert found["exchanged"] == pytest.approx(divergence(*other, *one), rel=1e-9, abs=1e-12)


def test_the_nearest_diagonal_laws(javascript):
    for state in random_states(20):
        found = javascript("inThePlane", state)
        p = covariance(state["p_first"], state["p_second"], state["p_angle"])
        factor = cholesky_factor(torch.tensor((p + p.T) / 2))
        mean = np.array(state["mean_p"])
        for direction in ("forward", "reverse"):
            best = diagonal_projection(factor, direction).numpy()
            np.testing.assert_allclose(found[direction], best, rtol=1e-10)
            pair = (mean, p, mean, np.diag(best**2))
            if direction == "reverse":
                pair = (*pair[2:], *pair[:2])
            value = found[f"{direction}_divergence"]
            assert value == pytest.approx(divergence(*pair), rel=1e-8, abs=1e-12)
        assert found["forward_divergence"] == pytest.approx(found["reverse_divergence"], abs=1e-10)


def test_ellipses_have_their_radius(javascript):
    centre, first, second, degrees = [1.0, -0.5], 1.7, 0.4, 30.0
    inverse = np.linalg.inv(covariance(first, second, degrees))
    for radius in (1, 2):
        points = np.array(javascript("ellipse", centre, first, second, degrees, radius, 24)) - centre
        assert len(points) == 24
        np.testing.assert_allclose(np.einsum("ki,ij,kj->k", points, inverse, points), radius**2, rtol=1e-9)
    end = np.array(javascript("axisEnd", centre, first, second, degrees, 2, 0)) - centre
    np.testing.assert_allclose(end, 2 * first * np.array([math.cos(math.pi / 6), 0.5]), atol=1e-12)
    end = np.array(javascript("axisEnd", centre, first, second, degrees, 2, 1)) - centre
    np.testing.assert_allclose(end, 2 * second * np.array([-0.5, math.cos(math.pi / 6)]), atol=1e-12)


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (DivergenceLandscape, "sigma", 0, "sigma: got 0, expected a number from 0.2 to 4"),
        (DivergenceLandscape, "mu", math.nan, "mu: got nan, expected a number from -2.5 to 2.5"),
        (DivergenceLandscape, "reading", "sd", "reading: got 'sd', expected one of deviation, variance"),
        (EllipseDivergence, "q_first", 0.2, "q_first: got 0.2, expected a number from 0.3 to 2"),
        (EllipseDivergence, "p_angle", 200, "p_angle: got 200, expected a number from -180 to 180"),
        (EllipseDivergence, "mean_q", (1.0,), "mean_q: got \\(1.0,\\), expected two finite numbers"),
        (EllipseDivergence, "direction", "both", "direction: got 'both', expected one of q_p, p_q"),
        (EllipseDivergence, "nearest", None, "nearest: got None, expected one of hidden, shown"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})
