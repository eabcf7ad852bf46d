"""Bounds on the evidence: from log-weights in PyTorch, in closed form, for finite latents, and along EM."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp
import torch
from torch.distributions import MultivariateNormal, Normal
from torch.distributions import kl_divergence as torch_divergence

from helpers import devices
from helpers.checks import monte_carlo
from helpers.codegen import to_numpy
from helpers.models import bounds
from helpers.models.bounds import elbo, importance_weighted_bound, normalized_weights
from helpers.proof import Expectation, Gaussian, decide

SEEDS = pytest.mark.parametrize("seed", range(6))
ESTIMATES = pytest.mark.parametrize("estimate", [elbo, importance_weighted_bound])
ALL = pytest.mark.parametrize("function", [elbo, importance_weighted_bound, normalized_weights])
CONFIDENCE = 1 - 1e-9  # of each interval; the file has some 30 of them

x, z, mu, theta = sp.symbols("x z mu theta", real=True)
sigma, tau = sp.symbols("sigma tau", positive=True)


def draws(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def close(actual, expected, tolerance=1e-12):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


# Estimates from log-weights.


@pytest.mark.parametrize("shape, dim", [((5,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), -2), ((1,), -1)])
def test_against_plain_arithmetic_on_the_weights(shape, dim):
    log_weights = draws(*shape)
    weights = np.exp(log_weights.numpy())
    expected = {
        elbo: np.log(weights).sum(dim) / shape[dim],
        importance_weighted_bound: np.log(weights.sum(dim) / shape[dim]),
        normalized_weights: weights / weights.sum(dim, keepdims=True),
    }
    for function, value in expected.items():
        close(function(log_weights, dim), torch.as_tensor(value))
    close(normalized_weights(log_weights, dim).sum(dim), torch.ones(elbo(log_weights, dim).shape).double())


def test_one_weight_is_its_own_bound_and_more_weights_are_never_worse_than_their_mean():
    log_weights = 3 * draws(200, 6)
    one = log_weights[:, :1]
    close(elbo(one, 1), one[:, 0])
    close(importance_weighted_bound(one, 1), one[:, 0])
    gap = importance_weighted_bound(log_weights, 1) - elbo(log_weights, 1)
    assert (gap > 0).all()
    equal = torch.full((4,), -3.5).double()
    close(importance_weighted_bound(equal, 0), elbo(equal, 0))
    close(importance_weighted_bound(log_weights + 2, 1) - 2, importance_weighted_bound(log_weights, 1))


@pytest.mark.parametrize("level", [-200.0, -1e5, 90.0])
def test_far_beyond_the_range_of_float32(level):
    """e^-200 is 0 and e^90 is infinite in float32; the bounds are ordinary numbers all the same."""
    log_weights = torch.tensor([0.0, 1.0, -2.0, 0.5]) + level
    assert log_weights.dtype == torch.float32
    exact = (log_weights.double() - level).exp()
    assert elbo(log_weights, 0).item() == pytest.approx(log_weights.double().mean().item(), rel=1e-6)
    assert importance_weighted_bound(log_weights, 0).item() == pytest.approx(
        level + math.log(exact.mean()), rel=1e-6
    )
    close(normalized_weights(log_weights, 0).double(), exact / exact.sum(), 1e-6)


def test_a_weight_of_zero():
    """Beside others it does no harm but to the mean of the logarithms; alone it leaves nothing."""
    log_weights = torch.tensor([math.log(3.0), -math.inf, 0.0], dtype=torch.float64)
    assert elbo(log_weights, 0) == -math.inf
    assert importance_weighted_bound(log_weights, 0).item() == pytest.approx(math.log(4 / 3))
    close(normalized_weights(log_weights, 0), torch.tensor([0.75, 0, 0.25]).double())
    log_weights.requires_grad_()
    importance_weighted_bound(log_weights, 0).backward()
    close(log_weights.grad, torch.tensor([0.75, 0, 0.25]).double())


@ALL
@pytest.mark.parametrize(
    "log_weights, dim, message",
    [
        ([0.0], 0, "log_weights: got list, expected a floating-point tensor"),
        (
            torch.ones(3, dtype=torch.int64),
            0,
            "log_weights: got torch.int64, expected a floating-point tensor",
        ),
        (torch.tensor(1.0), 0, r"dim: got 0, expected a dimension of shape \(\)"),
        (torch.ones(2, 3), 2, r"dim: got 2, expected a dimension of shape \(2, 3\)"),
        (torch.ones(2, 3), -3, r"dim: got -3, expected a dimension of shape \(2, 3\)"),
        (torch.ones(2, 3), True, r"dim: got True, expected a dimension"),
        (torch.ones(2, 3), 1.0, r"dim: got 1.0, expected a dimension"),
        (torch.ones(2, 0), 1, "log_weights: got K = 0 weights along dimension 1, expected at least one"),
        (torch.tensor([0.0, math.nan]), 0, "log_weights: got NaN or [+]inf, expected finite numbers"),
        (torch.tensor([0.0, math.inf]), 0, "log_weights: got NaN or [+]inf, expected finite numbers"),
        (torch.tensor([[0.0, -math.inf]] * 2), 0, "log_weights: got only -inf along dimension 0"),
        (torch.tensor([-math.inf]), 0, "log_weights: got only -inf along dimension 0"),
    ],
)
def test_bad_log_weights(function, log_weights, dim, message):
    with pytest.raises(ValueError, match=message):
        function(log_weights, dim)


@ALL
def test_an_empty_batch_has_an_empty_answer(function):
    found = function(torch.zeros(0, 4), 1)
    assert found.shape == ((0, 4) if function is normalized_weights else (0,))


@ALL
def test_inside_vmap_as_one_by_one(function):
    log_weights = draws(7, 5)
    close(torch.func.vmap(lambda row: function(row, 0))(log_weights), function(log_weights, 1))
    per_row = torch.func.vmap(torch.func.jacrev(lambda row: function(row, 0)))(log_weights)
    close(per_row[2], torch.func.jacrev(lambda row: function(row, 0))(log_weights[2]))


def test_the_gradients():
    """Of the mean of logarithms 1/K each; of the logarithm of the mean the normalised weights."""
    log_weights = draws(3, 6)
    found = torch.func.vmap(torch.func.grad(lambda row: elbo(row, 0)))(log_weights)
    close(found, torch.full((3, 6), 1 / 6, dtype=torch.float64))
    found = torch.func.vmap(torch.func.grad(lambda row: importance_weighted_bound(row, 0)))(log_weights)
    close(found, normalized_weights(log_weights, 1))
    for function in (elbo, importance_weighted_bound, normalized_weights):
        assert torch.autograd.gradcheck(
            lambda given, function=function: function(given, 1), log_weights.clone().requires_grad_()
        )


@ALL
@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(function, device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    log_weights = draws(3, 4).to(device=device, dtype=dtype)
    found = function(log_weights, -1)
    assert (found.dtype, found.device) == (log_weights.dtype, log_weights.device)
    tolerance = 8 * torch.finfo(dtype).eps
    close(found.cpu().double(), function(log_weights.cpu().double(), -1), tolerance)


def conjugate(seed, size=3):
    """A linear Gaussian model, an observation, and a proposal: all as PyTorch's distributions."""
    generator = torch.Generator().manual_seed(100 + seed)
    randn = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    loading, noise, seen = randn(size, size), 0.5 + randn(size).abs(), randn(size)
    eye, zero = torch.eye(size, dtype=torch.float64), torch.zeros(size, dtype=torch.float64)
    precision = eye + loading.T @ torch.diag(noise**-2) @ loading
    mean = torch.linalg.solve(precision, loading.T @ (seen / noise**2))
    posterior = MultivariateNormal(mean, precision_matrix=precision)
    prior = MultivariateNormal(zero, eye)
    evidence = MultivariateNormal(zero, loading @ loading.T + torch.diag(noise**2)).log_prob(seen)
    factor = torch.linalg.cholesky(torch.linalg.inv(precision)) @ (eye + 0.2 * randn(size, size).tril())
    proposal = MultivariateNormal(mean + 0.3 * randn(size), factor @ factor.T)

    def log_weights(law, latents):
        likelihood = Normal(latents @ loading.T, noise).log_prob(seen).sum(-1)
        return likelihood + prior.log_prob(latents) - law.log_prob(latents)

    return evidence, posterior, proposal, log_weights


def sample(law, count, generator):
    noise = torch.randn(count, *law.mean.shape, generator=generator, dtype=torch.float64)
    return law.mean + noise @ law.scale_tril.T


@SEEDS
def test_the_estimates_on_a_conjugate_model(seed):
    """The mean of logarithms is on average the evidence minus PyTorch's own divergence; that of five weights together
    lies between it and the evidence. Each of the three intervals misses with a probability below 1e-9."""
    evidence, posterior, proposal, log_weights = conjugate(seed)
    generator = torch.Generator().manual_seed(seed)

    def single(count, generator):
        return elbo(log_weights(proposal, sample(proposal, count, generator)).unsqueeze(-1), -1)

    def five(count, generator):
        latents = sample(proposal, 5 * count, generator)
        return importance_weighted_bound(log_weights(proposal, latents).reshape(count, 5), 1)

    bound = evidence - torch_divergence(proposal, posterior)
    assert bound < evidence - 0.01
    found = monte_carlo(single, 50_000, confidence=CONFIDENCE, generator=generator)
    assert found.contains(bound)
    assert not found.contains(evidence)  # a false bound would be seen
    tighter = monte_carlo(five, 40_000, confidence=CONFIDENCE, generator=generator)
    assert bound < tighter.low and tighter.low < evidence


@SEEDS
def test_at_the_posterior_every_weight_is_the_evidence(seed):
    evidence, posterior, _, log_weights = conjugate(seed)
    latents = sample(posterior, 64, torch.Generator().manual_seed(seed))
    found = log_weights(posterior, latents)
    close(found, evidence.expand(64), 1e-10)
    close(normalized_weights(found, 0), torch.full((64,), 1 / 64).double(), 1e-10)


# The Gaussian model in closed form.


def numbers(count=8, seed=4):
    """Rows of mu, sigma, x, tau, theta."""
    generator = np.random.default_rng(seed)
    return [
        (generator.normal(), generator.uniform(0.2, 2), generator.normal(), generator.uniform(0.3, 2), shift)
        for shift in generator.normal(size=count)
    ]


MODEL = bounds.GaussianModel(x, tau, theta)
NAMES = [mu, sigma, x, tau, theta]


def test_the_closed_forms_against_pytorchs_distributions():
    closed = {
        name: to_numpy(expression, NAMES)
        for name, expression in {
            "evidence": MODEL.log_evidence,
            "bound": MODEL.bound(mu, sigma),
            "divergence": MODEL.divergence(mu, sigma),
            "to_prior": MODEL.divergence_to_prior(mu, sigma),
            "entropy": bounds.entropy(sigma) + 0 * mu,
            "mean": MODEL.posterior_mean,
            "scale": MODEL.posterior_scale,
        }.items()
    }
    as_tensor = lambda value: torch.tensor(value, dtype=torch.float64)  # noqa: E731
    for row in numbers():
        mean_q, scale_q, seen, noise, shift = map(as_tensor, row)
        found = {name: float(function(*row)) for name, function in closed.items()}
        proposal, prior = Normal(mean_q, scale_q), Normal(0 * seen, 1 + 0 * seen)
        posterior = Normal(as_tensor(found["mean"]), as_tensor(found["scale"]))
        evidence = Normal(shift, (1 + noise**2).sqrt()).log_prob(seen)
        for latent in map(as_tensor, (-1.0, 0.4)):
            joint = Normal(shift + latent, noise).log_prob(seen) + prior.log_prob(latent)
            assert float(joint - evidence) == pytest.approx(float(posterior.log_prob(latent)), abs=1e-11)
        gap = torch_divergence(proposal, posterior)
        assert found["evidence"] == pytest.approx(float(evidence), abs=1e-12)
        assert found["divergence"] == pytest.approx(float(gap), abs=1e-11)
        assert found["bound"] == pytest.approx(float(evidence - gap), abs=1e-11)
        assert found["to_prior"] == pytest.approx(float(torch_divergence(proposal, prior)), abs=1e-12)
        assert found["entropy"] == pytest.approx(float(proposal.entropy()), abs=1e-12)


def test_the_three_splittings_are_one_number():
    bound = MODEL.bound(mu, sigma)
    for other in (
        MODEL.log_evidence - MODEL.divergence(mu, sigma),
        MODEL.energy(mu, sigma) + bounds.entropy(sigma),
        Expectation(MODEL.log_weight(z, mu, sigma), Gaussian(z, mu, sigma)),
    ):
        assert decide(bound, other).status == "proved"
    assert decide(bound, MODEL.log_evidence, "<=").status == "proved"


@pytest.mark.parametrize("splitting", bounds.SPLITTINGS)
def test_every_estimator_has_the_mean_and_the_variance_that_it_should(splitting):
    law = Gaussian(z, mu, sigma)
    draw, bound = MODEL.estimator(z, mu, sigma, splitting), MODEL.bound(mu, sigma)
    assert decide(Expectation(draw, law), bound).status == "proved"
    variance = MODEL.estimator_variance(mu, sigma, splitting)
    assert decide(Expectation((draw - bound) ** 2, law), variance).status == "proved"
    at_posterior = {mu: MODEL.posterior_mean, sigma: MODEL.posterior_scale}
    vanishes = decide(variance.subs(at_posterior), 0).status == "proved"
    assert vanishes == (splitting == "evidence")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: bounds.GaussianModel(x, 0), "scale: got 0, expected a positive standard deviation"),
        (lambda: bounds.GaussianModel(x, -2), "scale: got -2, expected a positive"),
        (lambda: bounds.GaussianModel(x, sp.I), "scale: got I, expected a positive"),
        (lambda: MODEL.bound(0, -1), "sigma: got -1, expected a positive"),
        (lambda: MODEL.log_weight(z, 0, 0), "sigma: got 0, expected a positive"),
        (
            lambda: MODEL.estimator(z, 0, 1, "free"),
            "splitting: got 'free', expected one of evidence, prior, entropy",
        ),
        (lambda: MODEL.estimator_variance(0, 1, "free"), "splitting: got 'free'"),
        (lambda: bounds.em_iterates(0, 1, -1), "steps: got -1, expected a whole number"),
        (lambda: bounds.em_iterates(0, 1, 2.0), "steps: got 2.0, expected a whole number"),
        (lambda: bounds.e_step(0, 1, 0), "tau: got 0, expected a positive"),
        (lambda: bounds.FiniteModel([], []), r"prior: got \[\], expected a sequence of at least one"),
        (lambda: bounds.FiniteModel("ab", [1, 1]), "prior: got 'ab', expected a sequence"),
        (lambda: bounds.FiniteModel([1], [1, 2]), "likelihood: got 2 numbers, expected 1"),
        (lambda: bounds.FiniteModel([1, 2], [1]), "likelihood: got 1 numbers, expected 2"),
        (lambda: bounds.FiniteModel([1], [-1]), "likelihood: got -1, expected no negative number"),
        (lambda: bounds.FiniteModel([1], [1]).bound([1, 0]), "proposal: got 2 numbers, expected 1"),
        (lambda: bounds.FiniteModel([1, 1], [1, 1]).log_weights([1, 0]), "proposal: got .* expected no zero"),
        (lambda: bounds.FiniteModel([1], [1]).divergence([-1]), "proposal: got -1, expected no negative"),
    ],
)
def test_what_the_formulas_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Finite latents.


def test_a_finite_model_against_arrays():
    generator = np.random.default_rng(3)
    for size in (1, 2, 5):
        prior, proposal = (generator.dirichlet(np.ones(size)) for _ in range(2))
        likelihood = generator.uniform(0.1, 2, size)
        model = bounds.FiniteModel(prior.tolist(), likelihood.tolist())
        evidence = prior @ likelihood
        posterior = prior * likelihood / evidence
        assert float(model.evidence) == pytest.approx(evidence)
        assert [float(p) for p in model.posterior] == pytest.approx(posterior)
        bound = float((proposal * np.log(prior * likelihood / proposal)).sum())
        divergence = float((proposal * np.log(proposal / posterior)).sum())
        assert float(model.bound(proposal.tolist())) == pytest.approx(bound)
        assert float(model.divergence(proposal.tolist())) == pytest.approx(divergence)
        assert bound == pytest.approx(math.log(evidence) - divergence)
        assert float(model.bound(model.posterior)) == pytest.approx(math.log(evidence))
        assert [float(w) for w in model.log_weights(proposal.tolist())] == pytest.approx(
            np.log(prior * likelihood / proposal)
        )


def test_a_proposal_that_leaves_a_value_out():
    """0 log 0 is 0; and where the posterior is 0 the proposal loses all."""
    third = sp.Rational(1, 3)
    model = bounds.FiniteModel([third] * 3, [sp.Rational(1, 2), sp.Rational(1, 4), sp.Rational(1, 4)])
    short = sp.simplify(sp.log(model.evidence) - model.bound([2 * third, third, 0]))
    assert float(short) == pytest.approx(math.log(4 / 3))
    assert bounds.FiniteModel([third, 2 * third], [1, 0]).bound([third, 2 * third]) == -sp.oo
    assert bounds.FiniteModel([third, 2 * third], [1, 0]).divergence([third, 2 * third]) == sp.oo


# EM.


@pytest.mark.parametrize("noise", [sp.Rational(1, 2), sp.Integer(1), sp.Integer(2)])
def test_em_climbs_and_shrinks_the_distance_by_its_rate(noise):
    seen, start = sp.Rational(3, 2), sp.Integer(-4)
    thetas = bounds.em_iterates(start, seen, 6, noise)
    assert len(thetas) == 7 and thetas[0] == start
    evidences = [float(bounds.GaussianModel(seen, noise, value).log_evidence) for value in thetas]
    for (a, b), (low, high) in zip(itertools.pairwise(thetas), itertools.pairwise(evidences), strict=True):
        assert sp.simplify((b - seen) - bounds.em_rate(noise) * (a - seen)) == 0
        assert low < high
    assert bounds.em_iterates(start, seen, 0) == [start]


def test_both_steps_are_maxima_of_one_bound():
    mean, scale = bounds.e_step(theta, x, tau)
    best = MODEL.bound(mu, sigma).subs(theta, bounds.m_step(mu, x))
    assert decide(MODEL.bound(mu, sigma), best, "<=").status == "proved"
    assert decide(MODEL.bound(mean, scale), MODEL.log_evidence).status == "proved"


@SEEDS
def test_em_against_a_general_optimiser(seed):
    """Newton steps by automatic differentiation on the bound: exact, since it is quadratic in either mean."""
    generator = np.random.default_rng(seed)
    seen, noise, start = generator.normal(), generator.uniform(0.4, 2), 3 * generator.normal()
    value = torch.tensor(start, dtype=torch.float64)

    def bound(parameter, latent_mean):
        square = (seen - parameter - latent_mean) ** 2 / noise**2 + latent_mean**2
        return -square / 2

    def climbed(function, point):
        slope, curvature = torch.func.grad(function), torch.func.grad(torch.func.grad(function))
        return point - slope(point) / curvature(point)

    expected = [float(step) for step in bounds.em_iterates(start, seen, 5, noise)]
    for step in expected[1:]:
        mean = climbed(lambda m, value=value: bound(value, m), torch.zeros_like(value))
        value = climbed(lambda t, mean=mean: bound(t, mean), value)
        assert value.item() == pytest.approx(step, abs=1e-10)
