"""The figures on amortised inference: compiled JavaScript against its Python twin, and their traits."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import amortization, gaussians
from helpers.models.linear_gaussian import LinearGaussian
from helpers.widgets import EncoderGaps, InferenceCost, MeanField

READING = st.integers(-97, 97).map(lambda n: n / 100)
NOISE = st.floats(0.3, 2)


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        generated="generated/amortization.js",
        fits="amortization/fits.js",
        counts="amortization/counts.js",
        more="""{
            fitted: (places, values, degree, at) => at.map(fits.fit(places, values, degree)),
            constants: () => [generated.START_ERROR, generated.TOLERANCE],
        }""",
    )


def signal(x):
    return x / np.sqrt(1 - np.asarray(x) ** 2)


# The first figure.


@given(st.lists(READING, min_size=2, max_size=8), st.integers(0, 6), st.data())
@settings(max_examples=40)
def test_the_fit_is_least_squares(javascript, places, degree, data):
    values = data.draw(st.lists(st.floats(-3, 3), min_size=len(places), max_size=len(places)))
    found = javascript("fitted", places, values, degree, places)
    order = min(degree, len(set(places)) - 1)
    matrix = np.polynomial.chebyshev.chebvander(np.array(places), order)
    expected = matrix @ np.linalg.lstsq(matrix, np.array(values), rcond=None)[0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_the_fit_between_the_data_is_the_polynomial(javascript):
    places = [-0.9, -0.5, 0.1, 0.4, 0.95]
    at = np.linspace(-0.97, 0.97, 11)
    for degree in range(5):
        coefficients = np.polynomial.polynomial.polyfit(places, signal(np.array(places)), degree)
        expected = np.polynomial.polynomial.polyval(at, coefficients)
        found = javascript("fitted", places, signal(np.array(places)).tolist(), degree, at.tolist())
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)
    # No further degree is used once the data are met.
    assert javascript("fitted", places, places, 6, at.tolist()) == pytest.approx(at.tolist(), abs=1e-9)


def gaps_by_torch(data, fresh, degree, sees, family, noise):
    """The same with the linear Gaussian model and the divergences of `helpers.models`."""
    x = np.array([*data, fresh])
    seen = np.abs(x) if sees == "size" else x
    order = min(degree, len(set(seen[:-1])) - 1)
    read = np.polynomial.polynomial.polyval(
        seen, np.polynomial.polynomial.polyfit(seen[:-1], signal(x[:-1]), order)
    )
    model = LinearGaussian(
        torch.ones(1, 2, dtype=torch.float64),
        torch.zeros(1, dtype=torch.float64),
        torch.full((1,), noise, dtype=torch.float64),
    )
    column = lambda values: torch.tensor(values, dtype=torch.float64).unsqueeze(-1)  # noqa: E731
    mean, factor = model.posterior(column(signal(x)))
    guess = model.posterior(column(read))[0]
    if family == "full":
        return mean, guess, torch.zeros(len(x)), gaussians.kl_divergence(guess, factor, mean, factor)
    scale = gaussians.diagonal_projection(factor, "reverse")
    gaps = amortization.datum_gaps(guess, scale, mean, factor)
    return mean, guess, gaps.approximation, gaps.amortization


@given(
    st.lists(READING, min_size=3, max_size=7, unique_by=lambda x: round(abs(x), 1)),
    READING,
    st.integers(0, 4),
    st.sampled_from(["x", "size"]),
    st.sampled_from(["mean_field", "full"]),
    NOISE,
)
@settings(max_examples=30)
def test_the_gaps(javascript, data, fresh, degree, sees, family, noise):
    state = {"data": data, "fresh": fresh, "degree": degree, "sees": sees, "family": family, "noise": noise}
    found = javascript("gaps", state)
    mean, guess, approximation, amortized = gaps_by_torch(data, fresh, degree, sees, family, noise)
    each = [*found["each"], found["fresh_datum"]]
    close = dict(rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose([datum["mean"] for datum in each], mean[:, 0], **close)
    np.testing.assert_allclose([datum["guess"] for datum in each], guess[:, 0], **close)
    np.testing.assert_allclose([datum["approximation"] for datum in each], approximation, **close)
    np.testing.assert_allclose([datum["amortization"] for datum in each], amortized, **close)
    assert found["approximation_sum"] == pytest.approx(sum(d["approximation"] for d in each[:-1]))
    assert found["amortization_sum"] == pytest.approx(sum(d["amortization"] for d in each[:-1]))


def test_what_the_chapter_says_of_the_figure(javascript):
    """Odd degrees help at symmetric data, even ones do not; the blind encoder memorises and does not generalise."""
    state = {name: getattr(EncoderGaps(), name) for name in EncoderGaps.state_names()}
    sums = [javascript("gaps", {**state, "degree": degree})["amortization_sum"] for degree in range(7)]
    assert sums[1] < 0.5 * sums[0] and sums[3] < 0.5 * sums[1] and sums[5] < 1e-9
    for even in (2, 4, 6):
        assert sums[even] == pytest.approx(sums[even - 1], abs=1e-12)
    blind = [javascript("gaps", {**state, "degree": degree, "sees": "size"}) for degree in range(7)]
    assert [facts["amortization_sum"] for facts in blind] == pytest.approx([sums[0]] * 7)
    sizes = {**state, "data": [-0.95, -0.7, -0.3, 0.2, 0.6, 0.9], "sees": "size", "degree": 5}
    memorised = javascript("gaps", sizes)
    assert memorised["amortization_sum"] < 1e-9
    assert memorised["fresh_datum"]["amortization"] > 0.1


# The mean field.


@given(st.floats(-0.98, 0.98), st.floats(0.05, 1.5))
@settings(max_examples=30)
def test_the_mean_field(javascript, rho, sigma):
    covariance = torch.tensor([[1, rho], [rho, 1]], dtype=torch.float64)
    factor = gaussians.cholesky_factor(covariance)
    zero = torch.zeros(2, dtype=torch.float64)
    scale = torch.full((2,), sigma, dtype=torch.float64)
    divergence = gaussians.kl_divergence(zero, scale.diag(), zero, factor).item()
    gaps = amortization.datum_gaps(zero, scale, zero, factor)
    close = lambda value: pytest.approx(value, rel=1e-8, abs=1e-10)  # noqa: E731
    assert javascript("meanFieldDivergence", sigma, rho) == close(divergence)
    assert javascript("meanFieldGap", rho) == close(gaps.approximation.item())
    assert javascript("meanFieldScale", rho) == close(
        gaussians.diagonal_projection(factor, "reverse")[0].item()
    )
    assert javascript("correlatedPoint", 0.3, -1.2, rho) == close(
        (factor @ torch.tensor([0.3, -1.2], dtype=torch.float64)).tolist()
    )


# Steps and counts.


@given(st.floats(0.01, 1.1), st.floats(-5, 0))
@settings(max_examples=30)
def test_the_steps(javascript, rate, log):
    found = javascript("ascent", {"learning_rate": rate, "log_encoder_error": log})
    start, tolerance = javascript("constants")
    assert (start, tolerance) == (1.5, 1e-6)
    factor = abs(1 - 2 * rate)
    assert abs(found["factor"]) == pytest.approx(factor, abs=1e-12)
    for error, steps in ((1.5, found["steps_from_zero"]), (10**log, found["steps_from_encoder"])):
        if factor >= 1:
            assert steps is None
        else:
            assert error * factor**steps <= tolerance * (1 + 1e-9)
            assert steps == 0 or error * factor ** (steps - 1) >= tolerance * (1 - 1e-9)
    path = javascript("path", rate, 1.5, 20)
    np.testing.assert_allclose(np.array(path)[:, 1], 1.5 * factor ** np.arange(21), rtol=1e-9, atol=1e-300)


def test_the_steps_of_the_chapter_and_the_step_that_arrives_at_once(javascript):
    found = javascript("ascent", {"learning_rate": 0.1, "log_encoder_error": -1.5})
    assert found["steps_from_zero"] == 64
    found = javascript("ascent", {"learning_rate": 0.5, "log_encoder_error": -1.5})
    assert (found["factor"], found["steps_from_zero"], found["steps_from_encoder"]) == (0, 1, 1)
    assert javascript("stepsFrom", 1e-6, 0.5) == 0
    assert javascript("stepsFrom", 1.5, 1.0) is None


@given(
    st.integers(10, 1000), st.integers(1, 100), st.integers(1, 500), st.floats(3, 9), st.integers(1, 10**6)
)
@settings(max_examples=30)
def test_the_counts(javascript, hidden, latent, steps, log, n):
    state = {"hidden": hidden, "latent": latent, "steps": steps, "log_training": log}
    encoder, decoder = (784, hidden, 2 * latent), (latent, hidden, 784)
    forward = lambda widths: sum(a * b for a, b in pairwise(widths))  # noqa: E731
    each = steps * 2 * forward(decoder)
    training = 10**log * (2 * forward(decoder) + 3 * forward(encoder) - 784 * hidden)
    costs = javascript("costs", state, n)
    assert costs["instance"] == pytest.approx(n * each, rel=1e-12)
    assert costs["amortized"] == pytest.approx(training + n * forward(encoder), rel=1e-12)
    memory = javascript("memory", state, n)
    parameters = 785 * hidden + (hidden + 1) * 2 * latent
    assert (memory["instance"], memory["amortized"]) == (n * 2 * latent, parameters)
    crossings = javascript("crossings", state)
    assert crossings["cost"] == pytest.approx(training / (each - forward(encoder)), rel=1e-12)
    assert crossings["memory"] == pytest.approx(parameters / (2 * latent), rel=1e-12)


def test_the_break_even_of_the_chapter(javascript):
    state = {"hidden": 400, "latent": 20, "steps": 64, "log_training": 6}
    assert javascript("crossings", state)["memory"] == 8251
    assert math.ceil(javascript("crossings", state)["cost"]) == 32286


# Traits.


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (EncoderGaps, "degree", 7, "degree: got 7, expected a whole number from 0 to 6"),
        (EncoderGaps, "sees", "y", "sees: got 'y', expected one of x, size"),
        (EncoderGaps, "family", 1, "family: got 1, expected one of mean_field, full"),
        (EncoderGaps, "noise", 0.1, "noise: got 0.1, expected a number from 0.3 to 2"),
        (EncoderGaps, "data", [0.1], "data: got .*, expected two to ten numbers from -0.97 to 0.97"),
        (EncoderGaps, "data", [0.1, 1.0], "data: got .*, expected two to ten numbers"),
        (EncoderGaps, "data", [0.1, "0"], "data: got .*, expected two to ten numbers"),
        (EncoderGaps, "data", [0.1, math.nan], "data: got .*, expected two to ten numbers"),
        (EncoderGaps, "data", [0.1, True], "data: got .*, expected two to ten numbers"),
        (EncoderGaps, "data", 0.1, "data: got 0.1, expected two to ten numbers"),
        (EncoderGaps, "fresh", 1.0, "fresh: got 1.0, expected a number from -0.97 to 0.97"),
        (MeanField, "rho", 1.0, "rho: got 1.0, expected a number from -0.98 to 0.98"),
        (MeanField, "sigma", 0, "sigma: got 0, expected a number from 0.05 to 1.5"),
        (InferenceCost, "view", "time", "view: got 'time', expected one of error, cost, memory"),
        (InferenceCost, "learning_rate", 2, "learning_rate: got 2, expected a number from 0.01 to 1.1"),
        (InferenceCost, "hidden", 5, "hidden: got 5, expected a whole number from 10 to 1000"),
        (InferenceCost, "latent", 1.5, "latent: got 1.5, expected a whole number from 1 to 100"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})


def test_data_may_be_an_array():
    assert EncoderGaps(data=np.array([0.5, -0.5])).data == [0.5, -0.5]
