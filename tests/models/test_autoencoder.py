"""The small autoencoder and its quadrature: where the truth is known, against Monte Carlo, and against bad input."""

import itertools
import math

import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.checks import jacobian, monte_carlo
from helpers.codegen import to_torch
from helpers.models import autoencoder, bounds, gaussians
from helpers.models.autoencoder import (
    GaussianAutoencoder,
    bound_by_quadrature,
    log_evidence_by_quadrature,
    quadrature,
    refine,
)
from helpers.models.linear_gaussian import LinearGaussian

SEEDS = pytest.mark.parametrize("seed", range(6))


def close(actual, expected, tolerance=1e-10):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def linear(points):
    """A linear model with one latent, its joint density as a function of z alone, and points."""
    model = LinearGaussian(
        torch.tensor([[0.8], [-1.1]]).double(), torch.zeros(2).double(), torch.tensor([0.5, 0.7]).double()
    )
    x = torch.randn(points, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return model, lambda z: model.log_joint(x.unsqueeze(-2), z.unsqueeze(-1)), x


def small(seed=0, **sizes):
    torch.manual_seed(seed)
    given = {"data_size": 2, "latent_size": 1, "hidden": 6, "noise": 0.4, **sizes}
    return GaussianAutoencoder(**given).double().requires_grad_(False)


# Where the truth is known.


def test_the_evidence_of_a_linear_model():
    model, joint, x = linear(20)
    close(log_evidence_by_quadrature(joint, like=x), model.log_evidence(x))
    assert (log_evidence_by_quadrature(joint, points=12, like=x) - model.log_evidence(x)).abs().max() > 1e-3


def test_bound_plus_divergence_is_the_evidence_of_a_linear_model():
    model, joint, x = linear(20)
    mean, log_scale = x[:, 0], x[:, 1] / 2
    bound = bound_by_quadrature(joint, mean, log_scale)
    posterior_mean, factor = model.posterior(x)
    divergence = gaussians.kl_divergence(
        mean[:, None], log_scale.exp()[:, None, None], posterior_mean, factor
    )
    close(bound + divergence, model.log_evidence(x), 1e-7)  # six standard deviations, not all


def test_refining_finds_the_posterior_of_a_linear_model():
    model, joint, x = linear(20)
    mean, log_scale, reached = refine(joint, 3 * x[:, 0], x[:, 1])
    posterior_mean, factor = model.posterior(x)
    close(mean, posterior_mean[:, 0], 1e-5)
    close(log_scale, factor.squeeze().log().expand(20), 1e-5)
    close(reached, model.log_evidence(x), 1e-7)


def test_refining_never_makes_it_worse_and_stops_where_the_slope_is_zero():
    model = small()
    x = torch.randn(30, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    joint = lambda z: model.log_joint(x.unsqueeze(-2), z.unsqueeze(-1))  # noqa: E731
    start = [part.squeeze(-1) for part in model.encode(x)]
    before = bound_by_quadrature(joint, *start)
    *_, none = refine(joint, *start, steps=0)
    assert torch.equal(none, before)
    earlier = before
    for steps in (1, 5, 60):
        mean, log_scale, after = refine(joint, *start, steps=steps)
        assert (after >= earlier).all()
        earlier = after
    mean, log_scale = mean.requires_grad_(), log_scale.requires_grad_()
    bound_by_quadrature(joint, mean, log_scale).sum().backward()
    assert mean.grad.abs().max() < 1e-4 and log_scale.grad.abs().max() < 1e-4
    assert (log_evidence_by_quadrature(joint, like=x) >= after - 1e-9).all()


def test_the_slopes_of_the_ascent_are_those_of_autograd():
    _, joint, x = linear(20)
    mean, log_scale = (3 * x[:, 0]).requires_grad_(), x[:, 1].clone().requires_grad_()
    bound, slope_mean, slope_scale = quadrature._bound(joint, mean, log_scale)
    by_mean, by_scale = torch.autograd.grad(bound.sum(), [mean, log_scale])
    close(slope_mean, by_mean, 1e-5)
    close(slope_scale, by_scale, 1e-5)


def test_a_step_that_is_too_long_is_refused():
    """From a wide bell curve the first step goes far beyond the maximum."""
    _, joint, _ = linear(20)
    start = torch.full((20,), 4.0).double(), torch.full((20,), 1.5).double()
    before = bound_by_quadrature(joint, *start)
    *_, after = refine(joint, *start, steps=1)
    assert (after >= before).all() and (after == before).any()


# The autoencoder.


def test_the_bound_agrees_with_quadrature_and_distributions():
    """The mean of `bound` over its noise is the bound; fails with a probability of at most 1e-9."""
    model = small()
    x = torch.tensor([0.7, -0.4], dtype=torch.float64)

    def draws(n, generator):
        epsilon = torch.randn(n, 1, generator=generator, dtype=torch.float64)
        return model.bound(x, epsilon)

    generator = torch.Generator().manual_seed(0)
    estimate = monte_carlo(draws, 200_000, confidence=1 - 1e-9, generator=generator)
    mean, log_scale = (part.squeeze() for part in model.encode(x))
    joint = lambda z: model.log_joint(x, z.unsqueeze(-1))  # noqa: E731
    truth = bound_by_quadrature(joint, mean, log_scale)
    assert estimate.contains(truth)
    assert not estimate.contains(truth + 0.05)
    z = torch.tensor([0.3], dtype=torch.float64)
    likelihood = torch.distributions.Normal(model.decode(z), model.log_noise.exp()).log_prob(x).sum()
    close(model.log_joint(x, z), likelihood + torch.distributions.Normal(0, 1).log_prob(z).sum())


@SEEDS
def test_weights_have_the_evidence_for_their_mean(seed):
    """Fails on right code with a probability of at most 1e-9 a seed, by the normal approximation."""
    model = small()
    x = torch.tensor([0.7, -0.4], dtype=torch.float64)
    joint = lambda z: model.log_joint(x, z.unsqueeze(-1))  # noqa: E731
    evidence = log_evidence_by_quadrature(joint, like=x)

    def draws(n, generator):
        return (model.log_weights(x, n, generator) - evidence).exp()

    generator = torch.Generator().manual_seed(seed)
    estimate = monte_carlo(draws, 100_000, confidence=1 - 1e-9, generator=generator)
    assert estimate.contains(1.0)
    assert estimate.standard_error < 0.01


def test_more_samples_raise_the_bound_block_by_block():
    model = small()
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    log_weights = model.log_weights(x, 256, torch.Generator().manual_seed(2))
    assert log_weights.shape == (50, 256)
    values = [
        bounds.importance_weighted_bound(log_weights.unflatten(-1, (-1, samples)), dim=-1).mean(-1)
        for samples in (1, 4, 16, 64, 256)
    ]
    close(values[0], bounds.elbo(log_weights, dim=-1))
    assert all((later >= earlier).all() for earlier, later in itertools.pairwise(values))


def test_sizes_batches_and_vmap():
    model = small(data_size=3, latent_size=2)
    x = torch.randn(4, 5, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    mean, log_scale = model.encode(x)
    assert mean.shape == log_scale.shape == (4, 5, 2) and model.decode(mean).shape == x.shape
    assert model.log_weights(x, 6, torch.Generator()).shape == (4, 5, 6)
    together = model.bound(x, mean)
    close(torch.func.vmap(model.bound)(x, mean), together)
    close(model.bound(x[2, 3], mean[2, 3]), together[2, 3])
    assert model.bound(x[:0], mean[:0]).shape == (0, 5)
    divergence = gaussians.kl_to_standard_normal(mean, log_scale.exp())
    z = mean + log_scale.exp() * mean
    likelihood = torch.distributions.Normal(model.decode(z), model.log_noise.exp()).log_prob(x).sum(-1)
    close(together, likelihood - divergence)


def test_all_parameters_learn():
    model = GaussianAutoencoder(2, 1, hidden=5)
    model.bound(torch.ones(3, 2), torch.ones(3, 1)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    model = small().to(device=device, dtype=dtype)
    x = torch.ones(3, 2, device=device, dtype=dtype)
    joint = lambda z: model.log_joint(x.unsqueeze(-2), z.unsqueeze(-1))  # noqa: E731
    mean, log_scale = (part.squeeze(-1) for part in model.encode(x))
    found = [*refine(joint, mean, log_scale, steps=3), log_evidence_by_quadrature(joint, like=x)]
    for value in found:
        assert (value.dtype, value.device.type) == (dtype, device.type)
    generator = torch.Generator(device=device).manual_seed(0)
    assert model.log_weights(x, 4, generator).dtype == dtype


# The formulas.

V, M, S = sp.symbols("v m s", real=True)


def test_the_formulas_agree_with_pytorch():
    law = torch.distributions.Normal(torch.tensor(0.3).double(), torch.tensor(-0.4).double().exp())
    at = torch.linspace(-2, 2, 9, dtype=torch.float64)
    close(
        to_torch(autoencoder.log_normal(V, M, S), [V, M, S])(at, law.mean, law.stddev.log()), law.log_prob(at)
    )
    model = small()
    z, x = torch.tensor([0.4]).double(), torch.tensor([0.5, 1.5]).double()
    f = model.decode(z)
    names = sp.symbols("x1 x2 f1 f2 z t", real=True)
    formula = to_torch(autoencoder.log_joint(names[:2], names[2:4], *names[4:]), names)
    close(formula(*x, *f, *z, model.log_noise), model.log_joint(x, z))


def test_the_score_is_autograds():
    score = to_torch(autoencoder.proposal_score(V, M, S), [V, M, S])
    at = torch.tensor([0.4, -0.2], dtype=torch.float64)

    def log_q(parameters):
        mean, log_scale = parameters
        return torch.distributions.Normal(mean, log_scale.exp()).log_prob(torch.tensor(1.1).double())[None]

    found = torch.stack([torch.as_tensor(part) for part in score(torch.tensor(1.1).double(), *at)])
    close(found.flatten(), jacobian(log_q, at).flatten())


# Bad input.

GOOD = small()
X = torch.ones(2, dtype=torch.float64)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: GaussianAutoencoder(0, 1, 4), r"data_size: got 0, expected a whole number of at least 1"),
        (lambda: GaussianAutoencoder(2, True, 4), r"latent_size: got True"),
        (lambda: GaussianAutoencoder(2, 1, 2.0), r"hidden: got 2\.0"),
        (lambda: GaussianAutoencoder(2, 1, 4, noise=0.0), r"noise: got 0\.0, expected a positive"),
        (lambda: GaussianAutoencoder(2, 1, 4, noise=math.nan), r"noise: got nan"),
        (lambda: GOOD.encode(torch.ones(3).double()), r"x: got shape \(3,\), expected \(\.\.\., 2\)"),
        (lambda: GOOD.decode(X), r"z: got shape \(2,\), expected \(\.\.\., 1\)"),
        (lambda: GOOD.bound(X, X), r"epsilon: got shape \(2,\), expected \(\.\.\., 1\)"),
        (lambda: GOOD.bound(X * math.inf, X[:1]), r"x: got NaN or infinity"),
        (lambda: GOOD.log_joint([1.0, 2.0], X[:1]), r"x: got list"),
        (lambda: GOOD.log_weights(X, 0, torch.Generator()), r"samples: got 0, expected a whole number of at least 1"),
        (lambda: log_evidence_by_quadrature(torch.cos, reach=0.0, like=X), r"reach: got 0\.0, expected"),
        (lambda: log_evidence_by_quadrature(torch.cos, points=1, like=X), r"points: got 1"),
        (lambda: bound_by_quadrature(torch.cos, X, X * math.nan), r"log_scale: got NaN or infinity"),
        (lambda: refine(torch.cos, X.long(), X), r"mean: got torch.int64"),
        (lambda: refine(torch.cos, X, X, steps=-1), r"steps: got -1, expected a whole number of at least 0"),
        (lambda: autoencoder.log_joint([V], [V, V], M, S), r"decoded: got 2 entries, expected 1"),
        (lambda: autoencoder.proposal_score(V, 1, S), r"mean: got 1, expected a SymPy symbol"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
