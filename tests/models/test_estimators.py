"""Estimators of gradients of expectations: against their formulas, PyTorch's distributions, all states of a law."""

import math
import random

import numpy as np
import pytest
import sympy as sp
import torch
from torch.distributions import Categorical, Normal

from helpers import devices
from helpers.checks import monte_carlo
from helpers.codegen import to_numpy, to_torch
from helpers.models import estimators
from helpers.models.estimators import (
    ESTIMATORS,
    Family,
    categorical,
    gaussian,
    leave_one_out_baseline,
    log_ratio_integrand,
    path_gradient,
    reparameterized_gradient,
    score_function_gradient,
)
from helpers.models.gaussians import divergence_to_standard_normal

e, mu = sp.symbols("epsilon mu", real=True)
sigma, omega = sp.symbols("sigma omega", positive=True)
POINTS = pytest.mark.parametrize("mean, scale", [(2.0, 0.5), (0.0, 1.0), (-1.3, 2.2), (0.4, 0.05)])
SEEDS = pytest.mark.parametrize("seed", range(6))
# Every check by chance holds but for one in 10⁹; there are fewer than 60, so that all of them fail by it with
# a probability below 10⁻⁷.
CONFIDENCE = 1 - 1e-9


def close(actual, expected, tolerance=1e-11):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def randn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def number(value):
    return torch.tensor(value, dtype=torch.float64)


def log_standard(z):
    """The standard normal log-density, of a number or a vector."""
    return (-(z**2) / 2 - math.log(2 * math.pi) / 2).sum()


def votes(name, mean, scale, noise):
    """The votes of one of `ESTIMATORS` for the divergence to the standard normal law, by autograd."""
    ratio = log_ratio_integrand(log_standard)
    if name == "total":
        return reparameterized_gradient(ratio, (mean, scale), noise=noise)
    if name == "path":
        return path_gradient(ratio, (mean, scale), noise=noise)
    at = {mu: mean.item(), sigma: scale.item()}
    best = tuple(float(value.subs(at)) for value in estimators.optimal_baseline(mu, sigma))
    baseline = best if name == "baseline" else 0.0
    draws = mean + scale * noise
    return score_function_gradient(ratio, (mean, scale), draws=draws, baseline=baseline, explicit=False)


# The formulas.


def moment_mean(expression):
    """E of a polynomial in the noise: its even powers have the means 1, 1, 3, 15, ..."""
    terms = sp.Poly(sp.expand(expression), e).terms()
    return sum(c * (sp.factorial2(k - 1) if k % 2 == 0 else 0) for (k,), c in terms)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_means_and_variances_by_moments(name):
    vote, formula = estimators.estimator(name, e, mu, sigma), estimators.variance(name, mu, sigma)
    slope = [sp.diff(divergence_to_standard_normal(mu, sigma), v) for v in (mu, sigma)]
    assert list(estimators.divergence_gradient(mu, sigma)) == slope
    for i in range(2):
        assert sp.simplify(moment_mean(vote[i]) - slope[i]) == 0
        assert sp.simplify(moment_mean(vote[i] ** 2) - slope[i] ** 2 - formula[i]) == 0


def test_the_numbers_of_the_curriculum():
    at = {mu: 2, sigma: sp.Rational(1, 2)}
    found = [float(estimators.variance(name, mu, sigma)[0].subs(at)) for name in ESTIMATORS]
    assert [round(value, 2) for value in found] == [21.21, 11.38, 0.25, 2.25]
    at = {mu: 0, sigma: 1, omega: 10}
    waves = [estimators.wave_variance(name, mu, sigma, omega)[0].subs(at) for name in ("total", "score")]
    assert [round(float(value), 2) for value in waves] == [50.0, 0.5]


def test_no_other_constant_is_a_better_baseline():
    value, slopes = estimators.log_ratio(e, mu, sigma), estimators.score(e, sigma)
    b = sp.Symbol("b")
    for i, best in enumerate(estimators.optimal_baseline(mu, sigma)):
        mean_square = moment_mean((slopes[i] * (value - b)) ** 2)
        assert sp.simplify(sp.diff(mean_square, b).subs(b, best)) == 0
        assert sp.simplify(sp.diff(mean_square, b, 2)).is_positive


def test_waves_by_quadrature():
    """Means and variances against 160 Gauss-Hermite nodes, at random parameters."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(160)
    weights = weights / weights.sum()
    generator = random.Random(3)
    for name in ESTIMATORS[:3]:
        vote = to_numpy(list(estimators.wave_estimator(name, e, mu, sigma, omega)), [e, mu, sigma, omega])
        formula = to_numpy(list(estimators.wave_variance(name, mu, sigma, omega)), [mu, sigma, omega])
        slope = to_numpy(list(estimators.wave_gradient(mu, sigma, omega)), [mu, sigma, omega])
        for _ in range(20):
            at = generator.uniform(-2, 2), generator.uniform(0.2, 2), generator.uniform(0.2, 4)
            sampled = np.array([np.broadcast_to(part, nodes.shape) for part in vote(nodes, *at)])
            mean = sampled @ weights
            np.testing.assert_allclose(mean, slope(*at), atol=1e-9)
            np.testing.assert_allclose(sampled**2 @ weights - mean**2, formula(*at), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: estimators.estimator("sticky", 0, 0, 1),
            "name: got 'sticky', expected one of score, baseline",
        ),
        (lambda: estimators.variance("", 0, 1), "name: got ''"),
        (
            lambda: estimators.wave_variance("path", 0, 1, 1),
            "name: got 'path', expected one of score, baseline, total",
        ),
        (lambda: estimators.variance("path", 0, 0), "sigma: got 0, expected a positive standard deviation"),
        (lambda: estimators.score(e, -1), "sigma: got -1"),
        (lambda: estimators.wave_estimator("total", 0, 0, sp.I, 1), "sigma: got I"),
    ],
)
def test_bad_formulas_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


FORMULAS = {
    "score": (estimators.score, (e, sigma)),
    "log_ratio": (estimators.log_ratio, (e, mu, sigma)),
    "divergence_gradient": (estimators.divergence_gradient, (mu, sigma)),
    "optimal_baseline": (estimators.optimal_baseline, (mu, sigma)),
    "estimator": (lambda *at: estimators.estimator("baseline", *at), (e, mu, sigma)),
    "variance": (lambda *at: estimators.variance("score", *at), (mu, sigma)),
    "wave_gradient": (estimators.wave_gradient, (mu, sigma, omega)),
    "wave_optimal_baseline": (estimators.wave_optimal_baseline, (mu, sigma, omega)),
    "wave_estimator": (lambda *at: estimators.wave_estimator("baseline", *at), (e, mu, sigma, omega)),
    "wave_variance": (lambda *at: estimators.wave_variance("baseline", *at), (mu, sigma, omega)),
}


def test_every_formula_is_tried_with_numbers():
    builders = set(estimators.symbolic.__all__) - {"ESTIMATORS"}
    assert builders == set(FORMULAS)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_of_python_numbers_is_the_formula_at_these_numbers(name):
    build, symbols = FORMULAS[name]
    numbers = {e: -2, mu: 3, sigma: 2, omega: 1}
    at_once = build(*(numbers[symbol] for symbol in symbols))
    assert sp.simplify(at_once - build(*symbols).subs(numbers)) == 0 * at_once
    for place, symbol in enumerate(symbols):
        with pytest.raises(ValueError, match=f"{symbol}: got 'one'"):
            build(*("one" if i == place else numbers[other] for i, other in enumerate(symbols)))


# One gradient a draw.


@POINTS
@pytest.mark.parametrize("name", ESTIMATORS)
def test_each_vote_is_that_of_its_formula(name, mean, scale):
    noise = randn(200, seed=1)
    parameters = number(mean), number(scale)
    found = votes(name, *parameters, noise)
    formula = to_torch(list(estimators.estimator(name, e, mu, sigma)), [e, mu, sigma])(noise, *parameters)
    for one, expected in zip(found, formula, strict=True):
        assert one.shape == (200,)
        torch.testing.assert_close(one, expected.expand(200), rtol=1e-8, atol=1e-8 / scale)


@POINTS
def test_each_vote_is_that_of_pytorchs_distributions(mean, scale):
    leaves = [torch.full((50,), value, dtype=torch.float64, requires_grad=True) for value in (mean, scale)]
    law, frozen = Normal(*leaves), Normal(*(leaf.detach() for leaf in leaves))
    target = Normal(number(0.0), 1.0)
    with torch.random.fork_rng():
        torch.manual_seed(11)
        drawn = law.rsample()
    noise = ((drawn - leaves[0]) / leaves[1]).detach()
    surrogates = {
        "total": law.log_prob(drawn) - target.log_prob(drawn),
        "path": frozen.log_prob(drawn) - target.log_prob(drawn),
        "score": law.log_prob(drawn.detach()) * (law.log_prob(drawn) - target.log_prob(drawn)).detach(),
    }
    parameters = number(mean), number(scale)
    for name, surrogate in surrogates.items():
        theirs = torch.autograd.grad(surrogate.sum(), leaves, retain_graph=True)
        for one, other in zip(votes(name, *parameters, noise), theirs, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-7, atol=1e-7 / scale)


def test_vectors_and_batches_that_broadcast():
    """Parameters `(3, 1, 2)` and noise `(5, 2)`: every entry against its own small problem."""
    mean, scale, noise = randn(3, 1, 2, seed=1), randn(3, 1, 2, seed=2).exp(), randn(5, 2, seed=3)
    draws = mean + scale * noise
    family = gaussian(1)

    def integrand(z, mean, scale):
        return torch.sin(z[0] * z[1]) + mean[0] * z[1] + scale.prod()

    found = {
        reparameterized_gradient: reparameterized_gradient(
            integrand, (mean, scale), noise=noise, family=family
        ),
        path_gradient: path_gradient(integrand, (mean, scale), noise=noise, family=family),
        score_function_gradient: score_function_gradient(
            integrand, (mean, scale), draws=draws, family=family, baseline=0.7
        ),
    }
    for i in range(3):
        for k in range(5):
            own = [mean[i, 0].clone().requires_grad_(), scale[i, 0].clone().requires_grad_()]
            constant = [value.detach() for value in own]
            moving = own[0] + own[1] * noise[k]
            still = draws[i, k]
            weight = integrand(still, *constant) - 0.7
            values = {
                reparameterized_gradient: integrand(moving, *own),
                path_gradient: integrand(moving, *constant),
                score_function_gradient: weight * Normal(*own).log_prob(still).sum() + integrand(still, *own),
            }
            for function, value in values.items():
                expected = torch.autograd.grad(value, own, retain_graph=True)
                for one, other in zip(found[function], expected, strict=True):
                    assert one.shape == (3, 5, 2)
                    close(one[i, k], other)


def test_the_explicit_slope_can_be_left_out():
    draws, parameters = randn(7), (number(0.3), number(1.2))
    both = [
        score_function_gradient(
            lambda z, mean, scale: z * mean + scale, parameters, draws=draws, explicit=explicit
        )
        for explicit in (True, False)
    ]
    close(both[0][0] - both[1][0], draws)
    close(both[0][1] - both[1][1], torch.ones_like(draws))


def test_baselines_of_every_shape():
    """Each subtracts b times the score, which is the vote for f = 1."""
    parameters, draws = (number(0.3), number(1.2)), randn(4, 6)

    def found(value, **options):
        return score_function_gradient(lambda z, *_: z * 0 + value, parameters, draws=draws, **options)

    scores, plain = found(1.0), found(5.0)
    formula = to_torch(list(estimators.score(e, sigma)), [e, sigma])
    for one, other in zip(scores, formula((draws - 0.3) / 1.2, parameters[1]), strict=True):
        close(one, other)
    row = randn(6, seed=2)
    for baseline, parts in (
        (2.0, (2.0, 2.0)),
        (3, (3, 3)),
        (row, (row, row)),
        ((1.5, row), (1.5, row)),
        (number(0.25), (0.25, 0.25)),
    ):
        for one, other, score, part in zip(found(5.0, baseline=baseline), plain, scores, parts, strict=True):
            close(one, other - part * score)


def test_a_baseline_beside_a_vector():
    """One number for each draw, or one for each coordinate of a parameter."""
    parameters, draws = (randn(3, seed=1), randn(3, seed=2).exp()), randn(5, 3, seed=3)
    values = randn(5, seed=4)
    find = lambda b: score_function_gradient(  # noqa: E731
        lambda z, *_: z.sum(), parameters, draws=draws, family=gaussian(1), baseline=b
    )
    plain, score = find(0.0), (draws - parameters[0]) / parameters[1] ** 2
    close(find(values)[0], plain[0] - values[:, None] * score)
    own = randn(3, seed=5)
    close(find((own, 0.0))[0], plain[0] - own * score)
    close(find((own, 0.0))[1], plain[1])


def test_leave_one_out_is_the_mean_of_the_others():
    values = randn(4, 5)
    found = leave_one_out_baseline(values, 1)
    for k in range(5):
        others = [j for j in range(5) if j != k]
        close(found[:, k], values[:, others].mean(1))


def test_leave_one_out_keeps_the_mean_and_the_mean_of_all_does_not():
    """All pairs of draws of three states, with their probabilities: exact, no chance."""
    logits, heights = number([0.2, -0.5, 1.0]), number([1.0, 4.0, -2.0])
    p = logits.softmax(-1)
    pairs = torch.cartesian_prod(torch.arange(3), torch.arange(3))
    weights = p[pairs].prod(-1)

    def mean_vote(baseline):
        found = score_function_gradient(
            lambda z, _: heights.gather(-1, z.unsqueeze(-1)).squeeze(-1),
            logits,
            draws=pairs,
            family=categorical(),
            baseline=baseline,
        )
        return torch.einsum("n,nkd->d", weights, found[0]) / 2

    exact = p * (heights - p @ heights)
    close(mean_vote(0.0), exact)
    close(mean_vote(leave_one_out_baseline(heights[pairs], 1)), exact)
    biased = mean_vote(heights[pairs].mean(1, keepdim=True).expand(-1, 2))
    close(biased, exact / 2)


def test_three_states_by_enumeration():
    """The score function's mean over all states is the gradient, with and without the explicit slope."""
    logits, log_h = randn(3), randn(3, seed=1)
    family = categorical()
    ratio = log_ratio_integrand(lambda z: log_h.gather(-1, z.unsqueeze(-1)).squeeze(-1), family)
    leaf = logits.clone().requires_grad_()
    law = Categorical(logits=leaf)
    (exact,) = torch.autograd.grad((law.probs * (law.logits - log_h)).sum(), leaf)
    states, p = torch.arange(3), logits.softmax(-1)
    for explicit in (True, False):
        for baseline in (0.0, 2.5):
            (found,) = score_function_gradient(
                ratio, logits, draws=states, family=family, baseline=baseline, explicit=explicit
            )
            close(p @ found, exact)
    close(family.log_density(states[1], logits), law.log_prob(states[1]).detach())


def test_a_family_of_ones_own_and_a_support_that_moves():
    """Exponential: both estimators have one mean. Uniform up to φ: the score function misses the slope."""
    noise = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000  # quantiles: a mean is an integral
    exponential = Family(
        log_density=lambda z, rate: rate.log() - rate * z,
        sample=lambda u, rate: -torch.log1p(-u) / rate,
        parameter_dims=(0,),
    )
    rate = number(1.7)
    by_path = reparameterized_gradient(lambda z, _: z**2, rate, noise=noise, family=exponential)[0]
    draws = exponential.sample(noise, rate)
    by_score = score_function_gradient(lambda z, _: z**2, rate, draws=draws, family=exponential)[0]
    assert by_path.mean().item() == pytest.approx(-4 / 1.7**3, rel=1e-3)
    assert by_score.mean().item() == pytest.approx(-4 / 1.7**3, rel=1e-3)
    uniform = Family(
        log_density=lambda z, end: -end.log() + 0 * z, sample=lambda u, end: u * end, parameter_dims=(0,)
    )
    one = number(1.0)
    log_ratio = lambda z, end: end.log()  # noqa: E731  (h = 1)
    assert reparameterized_gradient(log_ratio, one, noise=noise, family=uniform)[0].mean() == 1
    wrong = score_function_gradient(log_ratio, one, draws=noise, family=uniform, explicit=False)[0]
    assert wrong.mean() == 0


def test_a_family_stays_as_it_was_checked():
    with pytest.raises(AttributeError):
        gaussian().sample = None


def test_the_path_derivative_of_another_integrand_is_biased():
    """What it leaves out must have mean zero: for f = mean · z it has not."""
    parameters, noise = (number(2.0), number(1.0)), torch.zeros(1).double()
    integrand = lambda z, mean, scale: mean * z  # noqa: E731
    assert reparameterized_gradient(integrand, parameters, noise=noise)[0] == 4
    assert path_gradient(integrand, parameters, noise=noise)[0] == 2


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_device_and_empty_batches(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip("no float64 there")
    mean, scale = (torch.tensor(value, dtype=dtype, device=device) for value in (0.5, 1.5))
    for count in (0, 3):
        noise = torch.ones(2, count, dtype=dtype, device=device)
        for name in ESTIMATORS:
            for found in votes(name, mean, scale, noise):
                assert (found.shape, found.dtype, found.device.type) == ((2, count), dtype, device.type)
    vector = torch.zeros(0, 4, dtype=dtype, device=device)
    (found, _) = reparameterized_gradient(
        lambda z, *_: z.sum(), (vector[0:0].sum(0), vector.sum(0) + 1), noise=vector, family=gaussian(1)
    )
    assert found.shape == (0, 4)


def test_inside_vmap():
    mean, scale, noise = randn(4, seed=1), randn(4, seed=2).exp(), randn(4, 6, seed=3)
    ratio = log_ratio_integrand(log_standard)
    for call in (
        lambda m, s, n: reparameterized_gradient(ratio, (m, s), noise=n),
        lambda m, s, n: path_gradient(ratio, (m, s), noise=n),
        lambda m, s, n: score_function_gradient(ratio, (m, s), draws=m + s * n, baseline=0.5),
        lambda m, s, n: (leave_one_out_baseline(n, 0),),
    ):
        together = torch.func.vmap(call)(mean, scale, noise)
        for place in range(4):
            for one, other in zip(together, call(mean[place], scale[place], noise[place]), strict=True):
                close(one[place], other)


@pytest.mark.parametrize("name", ["total", "path", "score"])
def test_votes_are_differentiable_in_the_parameters(name):
    """Against differences of the formula: nothing is detached that should not be."""
    noise = randn(5)
    formula = estimators.estimator(name, e, mu, sigma)
    ratio = log_ratio_integrand(log_standard)
    point = [number(0.7).requires_grad_(), number(1.4).requires_grad_()]
    calls = {
        "total": lambda: reparameterized_gradient(ratio, tuple(point), noise=noise),
        "path": lambda: path_gradient(ratio, tuple(point), noise=noise),
        "score": lambda: score_function_gradient(
            ratio, tuple(point), draws=point[0] + point[1] * noise, explicit=False
        ),
    }
    for i, found in enumerate(calls[name]()):
        slopes = torch.autograd.grad(found.sum(), point, retain_graph=True, allow_unused=True)
        for v, slope in zip((mu, sigma), slopes, strict=True):
            expected = to_torch(sp.diff(formula[i], v), [e, mu, sigma])(
                noise, *(value.detach() for value in point)
            )
            slope = torch.zeros(()).double() if slope is None else slope
            close(slope, torch.as_tensor(expected).double().expand(5).sum())


@SEEDS
def test_means_and_variances_by_chance(seed):
    """All estimators, both coordinates: the mean, and the mean square of the distance from the slope."""
    generator = torch.Generator().manual_seed(100 + seed)
    parameters = number(0.8), number(1.3)
    at = {mu: sp.Rational(4, 5), sigma: sp.Rational(13, 10)}
    slope = number([float(v.subs(at)) for v in estimators.divergence_gradient(mu, sigma)])
    variances = number(
        [[float(v.subs(at)) for v in estimators.variance(name, mu, sigma)] for name in ESTIMATORS]
    )

    def sample(count, generator):
        noise = torch.randn(count, generator=generator, dtype=torch.float64)
        found = torch.stack([torch.stack(votes(name, *parameters, noise), -1) for name in ESTIMATORS], 1)
        return torch.stack([found, (found - slope) ** 2], 1)

    estimate = monte_carlo(sample, 120_000, confidence=CONFIDENCE, generator=generator)
    truth = torch.stack([slope.expand(4, 2), variances])
    assert estimate.contains(truth)
    # Not because the intervals are wide: half or twice the variance lies outside.
    low, high = estimate.low[1], estimate.high[1]
    assert (variances / 2 < low).all() and (high < 2 * variances).all()


@SEEDS
@pytest.mark.parametrize("frequency", [0.5, 10.0])
def test_smooth_and_wiggly_by_chance(seed, frequency):
    generator = torch.Generator().manual_seed(200 + seed)
    parameters = number(0.3), number(1.0)
    at = 0.3, 1.0, frequency
    wave = lambda z, *_: torch.sin(frequency * z)  # noqa: E731
    slope = torch.tensor(to_numpy(list(estimators.wave_gradient(mu, sigma, omega)), [mu, sigma, omega])(*at))
    variances = number(
        [
            to_numpy(list(estimators.wave_variance(name, mu, sigma, omega)), [mu, sigma, omega])(*at)
            for name in ("total", "score")
        ]
    )

    def sample(count, generator):
        noise = torch.randn(count, generator=generator, dtype=torch.float64)
        found = [
            reparameterized_gradient(wave, parameters, noise=noise),
            score_function_gradient(wave, parameters, draws=0.3 + noise),
        ]
        found = torch.stack([torch.stack(one, -1) for one in found], 1)
        return torch.stack([found, (found - slope) ** 2], 1)

    estimate = monte_carlo(sample, 100_000, confidence=CONFIDENCE, generator=generator)
    assert estimate.contains(torch.stack([slope.expand(2, 2), variances]))
    assert (variances[0, 0] < variances[1, 0]) == (frequency < 1)


@SEEDS
def test_the_test_bed_by_chance(seed):
    """f(z) = z sin z, whose mean has a closed form."""
    generator = torch.Generator().manual_seed(300 + seed)
    mean, scale = parameters = number(2.0), number(0.5)
    closed = sp.exp(-(sigma**2) / 2) * (mu * sp.sin(mu) + sigma**2 * sp.cos(mu))
    slope = number([float(sp.diff(closed, v).subs({mu: 2, sigma: 0.5})) for v in (mu, sigma)])
    bumpy = lambda z, *_: z * torch.sin(z)  # noqa: E731

    def sample(count, generator):
        noise = torch.randn(count, generator=generator, dtype=torch.float64)
        by_path = reparameterized_gradient(bumpy, parameters, noise=noise)
        by_score = score_function_gradient(bumpy, parameters, draws=mean + scale * noise)
        return torch.stack([torch.stack(by_path, -1), torch.stack(by_score, -1)], 1)

    estimate = monte_carlo(sample, 60_000, confidence=CONFIDENCE, generator=generator)
    assert estimate.contains(slope.expand(2, 2))


ZERO, ONE, SOME = torch.tensor(0.0), torch.tensor(1.0), torch.tensor([0.1, 0.2])
SQUARE = lambda z, *_: (z**2).sum()  # noqa: E731


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO, ZERO), noise=SOME),
            "scale: got 0, expected positive",
        ),
        (lambda: path_gradient(SQUARE, (ZERO, -ONE), noise=SOME), "scale: got -1, expected positive"),
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO, ONE / 0), noise=SOME),
            "parameters\\[1\\]: got NaN or inf",
        ),
        (lambda: reparameterized_gradient(SQUARE, (ZERO, ONE), noise=SOME / 0), "noise: got NaN or infinity"),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME * math.nan),
            "draws: got NaN or infinity",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO,), noise=SOME),
            "parameters: got 1 of them, expected 2",
        ),
        (lambda: reparameterized_gradient(SQUARE, ZERO, noise=SOME), "parameters: got 1 of them, expected 2"),
        (lambda: reparameterized_gradient(SQUARE, (ZERO, 1.0), noise=SOME), "parameters\\[1\\]: got float"),
        (lambda: reparameterized_gradient(SQUARE, (ZERO, ONE), noise=[0.1]), "noise: got list"),
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO, ONE), noise=torch.tensor([1])),
            "noise: got torch.int64",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO, ONE), noise=SOME.double()),
            "parameters, noise: got torch.float32 on cpu, .*, expected one dtype and one device",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, (torch.zeros(3), ONE), noise=SOME),
            "parameters, noise: got shapes \\(3,\\), \\(\\), \\(2,\\), expected batches that broadcast",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, (SOME, torch.ones(3)), noise=SOME, family=gaussian(1)),
            "mean, scale, draws: got shapes \\(2,\\), \\(3,\\), \\(2,\\), expected one length d",
        ),
        (
            lambda: reparameterized_gradient(
                SQUARE, (SOME, SOME), noise=torch.ones(4, 3), family=gaussian(1)
            ),
            "mean, scale, draws: got shapes \\(2,\\), \\(2,\\), \\(4, 3\\), expected one length d",
        ),
        (
            lambda: score_function_gradient(SQUARE, (SOME, SOME), draws=torch.ones(1), family=gaussian(1)),
            "mean, scale, draws: got shapes \\(2,\\), \\(2,\\), \\(1,\\), expected one length d",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, (ZERO, ONE), noise=SOME, family=gaussian(1)),
            "parameters\\[0\\]: got shape \\(\\), expected",
        ),
        (
            lambda: reparameterized_gradient(SQUARE, SOME, noise=SOME, family=categorical()),
            "family: it has no sample, expected one that makes draws of noise differentiably",
        ),
        (
            lambda: path_gradient(SQUARE, (ZERO, ONE), noise=SOME, family="normal"),
            "family: got str, expected",
        ),
        (
            lambda: reparameterized_gradient(lambda z, *_: z.expand(2), (ZERO, ONE), noise=SOME),
            "integrand: got torch.float32 of shape \\(2,\\), expected a floating-point tensor \\(\\) for one draw",
        ),
        (lambda: score_function_gradient(lambda z, *_: 1.0, (ZERO, ONE), draws=SOME), "integrand: got float"),
        (
            lambda: score_function_gradient(SQUARE, SOME, draws=torch.tensor([True]), family=categorical()),
            "draws: got torch.bool",
        ),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME, baseline="mean"),
            "baseline: got str, expected a number or a tensor",
        ),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME, baseline=(1.0,)),
            "baseline: got 1 of them, expected 2, one a parameter",
        ),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME, baseline=torch.ones(3)),
            "baseline: got shape \\(3,\\), expected one that broadcasts to \\(2,\\)",
        ),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME, baseline=SOME.double()),
            "baseline: got torch.float64 on cpu, expected torch.float32 on cpu",
        ),
        (
            lambda: score_function_gradient(SQUARE, (ZERO, ONE), draws=SOME, baseline=(0.0, math.inf)),
            "baseline\\[1\\]: got NaN or infinity",
        ),
        (lambda: gaussian(2), "dim: got 2, expected 0 for a number or 1 for a vector"),
        (lambda: gaussian(True), "dim: got True"),
        (lambda: Family(None), "log_density: got None, expected a function"),
        (lambda: Family(SQUARE, sample=1), "sample: got 1, expected a function"),
        (lambda: Family(SQUARE, parameter_dims=(-1,)), "parameter_dims: got \\(-1,\\)"),
        (lambda: Family(SQUARE, parameter_dims=()), "parameter_dims: got \\(\\)"),
        (lambda: Family(SQUARE, draw_dim=1.0), "draw_dim: got 1.0, expected a whole number"),
        (
            lambda: leave_one_out_baseline(ONE[None], 0),
            "values: got 1 draws along dimension 0, expected at least two",
        ),
        (lambda: leave_one_out_baseline(SOME, 1), "dim: got 1, expected a dimension of shape"),
        (lambda: leave_one_out_baseline(SOME * math.nan, 0), "values: got NaN or infinity"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
