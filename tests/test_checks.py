"""Jacobians against matrices known in advance, Monte Carlo against means known in advance.

Every Monte Carlo test that could fail by chance says how likely that is; the generator is seeded.
"""

import math

import pytest
import torch

from helpers import checks
from helpers.checks import jacobian, monte_carlo
from helpers.devices import available, supports_float64

MODES = ["reverse", "forward"]


@pytest.fixture(params=available(), ids=str)
def device(request):
    return request.param


def best_dtype(device):
    return torch.float64 if supports_float64(device) else torch.float32


# ---------------------------------------------------------------- jacobian


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("batch", [(), (4,), (2, 3), (1, 1, 2)])
def test_a_linear_map_has_its_matrix(device, mode, batch):
    matrix = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]], dtype=best_dtype(device), device=device)
    x = torch.randn(*batch, 3, generator=torch.Generator().manual_seed(0)).to(matrix)
    found = jacobian(lambda v: v @ matrix.T, x, mode=mode)
    assert found.shape == (*batch, 2, 3)
    assert found.dtype == x.dtype and found.device == x.device
    torch.testing.assert_close(found, matrix.expand_as(found), rtol=0, atol=0)


@pytest.mark.parametrize("mode", MODES)
def test_each_point_has_its_own_jacobian(device, mode):
    def swirl(v):
        r, t = v[..., 0], v[..., 1]
        return torch.stack([r * torch.cos(t), r * torch.sin(t), r**2], dim=-1)

    x = torch.tensor([[[1.5, 0.3], [0.2, -2.0]]], dtype=best_dtype(device), device=device)
    r, t = x[..., 0], x[..., 1]
    rows = [[t.cos(), -r * t.sin()], [t.sin(), r * t.cos()], [2 * r, 0 * r]]
    expected = torch.stack([torch.stack(row, -1) for row in rows], -2)
    torch.testing.assert_close(jacobian(swirl, x, mode=mode), expected)


def test_float32_stays_float32():
    assert jacobian(torch.sin, torch.ones(2)).dtype == torch.float32


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (torch.ones(2, dtype=torch.int64), "floating-point tensor, got torch.int64"),
        ([1.0, 2.0], "floating-point tensor, got list"),
        (torch.tensor(1.0), r"shape \(..., n\)"),
        (torch.ones(0, 3), r"at least one point, got \(0, 3\)"),
        (torch.tensor([1.0, math.nan]), "NaN"),
        (torch.tensor([1.0, math.inf]), "infinity"),
    ],
)
def test_wrong_points(x, message):
    with pytest.raises(ValueError, match=f"x: .*{message}"):
        jacobian(torch.sin, x)


def test_wrong_functions_and_modes():
    with pytest.raises(ValueError, match=r"function: .*shape \(\)"):
        jacobian(torch.sum, torch.ones(2, 3))
    with pytest.raises(ValueError, match=r"function: .*tuple"):
        jacobian(lambda v: (v, v.sum()), torch.ones(2, 3))
    with pytest.raises(ValueError, match=r"mode: .*'backward'"):
        jacobian(torch.sin, torch.ones(2), mode="backward")


# ---------------------------------------------------------------- monte_carlo


def normal_draws(device=None, mean=0.0, std=1.0):
    return lambda n, generator: mean + std * torch.randn(n, generator=generator, device=device)


def generator(seed=0, device="cpu"):
    return torch.Generator(device=device).manual_seed(seed)


def test_the_interval_has_the_truth_and_not_a_shifted_value(device):
    # E[z²] = 1 and Var[z²] = 2, so the interval reaches 5.3 sqrt(2 / 400 000) = 0.012 either way.
    # Fails on right code with probability 1e-9.
    estimate = monte_carlo(
        lambda n, generator: torch.randn(n, generator=generator, device=device).square(),
        400_000,
        generator=generator(1, device),
    )
    assert estimate.contains(1.0)
    assert not estimate.contains(1.03) and not estimate.contains(0.97)
    assert estimate.n == 400_000
    # the variance of z² is known to a relative standard error of sqrt(14 / n) = 0.6 %: 5 % is 8 of them
    assert estimate.standard_error.item() == pytest.approx(math.sqrt(2 / 400_000), rel=0.05)


def test_chunks_are_the_same_draws_at_once(monkeypatch):
    whole = torch.randn(10_000, 3, generator=generator(2), dtype=torch.float64) * 5 + 1e6

    def in_turn():
        left = iter(whole)
        return lambda n, generator: torch.stack([next(left) for _ in range(n)])

    monkeypatch.setattr(checks, "_CHUNK", 1_234)
    estimate = monte_carlo(in_turn(), 10_000, generator=generator())
    torch.testing.assert_close(estimate.mean, whole.mean(0), rtol=1e-14, atol=0)
    # a variance taken as E[x²] - E[x]² has lost 11 digits here
    torch.testing.assert_close(estimate.standard_error, whole.std(0) / 100, rtol=1e-10, atol=0)


def test_the_width_falls_with_the_root_of_the_draws():
    # the standard deviations are known to a relative 1/sqrt(2n) = 0.7 % and 0.07 %: 5 % is 7 of them
    few, many = (monte_carlo(normal_draws(), n, generator=generator(3)) for n in (10_000, 1_000_000))
    assert ((few.high - few.low) / (many.high - many.low)).item() == pytest.approx(10, rel=0.05)


def test_the_quantile_is_the_normal_one():
    estimate = monte_carlo(normal_draws(), 1_000, confidence=0.95, generator=generator(4))
    width = (estimate.high - estimate.low) / estimate.standard_error
    assert width.item() == pytest.approx(2 * 1.959964, rel=1e-5)


def test_coverage_is_the_confidence():
    # 1000 intervals of 90 %: the number that cover is binomial, standard deviation 9.5; outside 900 ± 60 with
    # probability below 1e-9
    covered = sum(
        monte_carlo(normal_draws(mean=2.0), 200, confidence=0.9, generator=generator(seed)).contains(2.0)
        for seed in range(1000)
    )
    assert 840 <= covered <= 960


def test_the_confidence_is_of_all_entries_together():
    def pair(n, generator):
        return torch.randn(n, 100, generator=generator, dtype=torch.float64)

    # each entry alone at 1 - 0.01 / 100: the quantile of 0.5e-4 is 3.8906
    estimate = monte_carlo(pair, 1_000, confidence=0.99, generator=generator(5))
    width = (estimate.high - estimate.low) / estimate.standard_error
    torch.testing.assert_close(
        width, torch.full((100,), 2 * 3.8905919, dtype=torch.float64), rtol=1e-6, atol=0
    )
    assert estimate.contains(torch.zeros(100))  # fails with probability 0.01 over seeds; the seed is fixed
    shifted = torch.zeros(100)
    shifted[7] = 0.2
    assert not estimate.contains(shifted)  # one entry out of a hundred, 6 standard errors off


@pytest.mark.parametrize("value", [0.1, -1e-6 / 3, 1e6 / 3])
def test_draws_without_variance_do_not_fail_by_rounding(value):
    estimate = monte_carlo(lambda n, generator: torch.full((n,), value), 300_000, generator=generator())
    assert estimate.contains(value)
    assert not estimate.contains(value * (1 + 1e-5))


def test_indicator_draws_give_a_probability():
    # P(z > 0) = 1/2; fails with probability 1e-9
    estimate = monte_carlo(
        lambda n, generator: torch.randn(n, generator=generator) > 0, 100_000, generator=generator(6)
    )
    assert estimate.mean.dtype == torch.float64
    assert estimate.contains(0.5) and not estimate.contains(0.52)


@pytest.mark.parametrize("n", [1, 0, -3, 2.5, True, "10"])
def test_wrong_n(n):
    with pytest.raises(ValueError, match="n: expected an integer of at least 2"):
        monte_carlo(normal_draws(), n, generator=generator())


def test_what_is_sampled_is_a_function():
    with pytest.raises(ValueError, match="sample: got 3, expected a function"):
        monte_carlo(3, 10, generator=generator())


@pytest.mark.parametrize("confidence", [0, 1, -0.1, 1.5, math.nan, "high", None])
def test_wrong_confidence(confidence):
    with pytest.raises(ValueError, match="confidence"):
        monte_carlo(normal_draws(), 10, confidence=confidence, generator=generator())


def test_a_generator_is_required():
    with pytest.raises(TypeError, match="generator"):
        monte_carlo(normal_draws(), 10)
    with pytest.raises(TypeError, match=r"generator: expected a torch\.Generator, got NoneType"):
        monte_carlo(normal_draws(), 10, generator=None)


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        (lambda n, generator: torch.ones(n + 1), r"expected shape \(10, ...\)"),
        (lambda n, generator: torch.tensor(1.0), r"expected shape \(10, ...\)"),
        (lambda n, generator: [1.0] * n, "real tensor, got list"),
        (lambda n, generator: torch.ones(n, dtype=torch.complex64), "real tensor, got torch.complex64"),
        (lambda n, generator: torch.full((n,), math.nan), "NaN"),
        (lambda n, generator: 1 / torch.arange(n), "infinity"),
    ],
)
def test_wrong_draws(sample, message):
    with pytest.raises(ValueError, match=f"sample: .*{message}"):
        monte_carlo(sample, 10, generator=generator())


def test_contains_wants_the_shape_of_the_mean():
    estimate = monte_carlo(lambda n, generator: torch.ones(n, 3), 10, generator=generator())
    assert estimate.contains(1.0) and estimate.contains([1.0, 1.0, 1.0])
    assert not estimate.contains(math.nan)
    with pytest.raises(ValueError, match=r"shape \(3,\), got \(2,\)"):
        estimate.contains([1.0, 1.0])
