"""The linear-Gaussian model: against PyTorch's distributions, autograd, Monte Carlo and its own formulas."""

import math

import pytest
import sympy as sp
import torch
from torch.distributions import LowRankMultivariateNormal, MultivariateNormal

from helpers import devices
from helpers.checks import monte_carlo
from helpers.models import gaussians, linear_gaussian
from helpers.models.linear_gaussian import LinearGaussian, probabilistic_pca
from helpers.proof import Expectation, Gaussian, decide

SIZES = pytest.mark.parametrize("size, latent", [(1, 1), (2, 1), (3, 2), (6, 2), (2, 4), (40, 3)])
SEEDS = pytest.mark.parametrize("seed", range(6))


def close(actual, expected, tolerance=1e-10):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def draw(size, latent, seed=0, batch=(), **kind):
    generator = torch.Generator().manual_seed(100 * size + 10 * latent + seed)
    randn = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    given = (randn(*batch, size, latent), randn(*batch, size), (randn(*batch, size) / 2).exp())
    points = randn(7, size)
    return LinearGaussian(*(tensor.to(**kind) for tensor in given)), points.to(**kind)


def covariance_of(model):
    return model.weight @ model.weight.mT + torch.diag_embed(model.noise.square())


@SIZES
def test_the_evidence_is_pytorchs(size, latent):
    model, points = draw(size, latent)
    theirs = LowRankMultivariateNormal(model.shift, model.weight, model.noise.square())
    close(model.log_evidence(points), theirs.log_prob(points))
    dense = MultivariateNormal(model.shift, covariance_of(model))
    close(model.log_evidence(points), dense.log_prob(points), 1e-8)


@SIZES
def test_the_posterior_is_the_conditional_law_of_the_joint_one(size, latent):
    """Conditioning the joint Gaussian of (z, x), which needs the large covariance, is another way to it."""
    model, points = draw(size, latent)
    mean, factor = model.posterior(points)
    gain = torch.linalg.solve(covariance_of(model), model.weight).mT
    close(mean, (points - model.shift) @ gain.mT, 1e-8)
    expected = torch.eye(latent, dtype=torch.float64) - gain @ model.weight
    close(factor @ factor.mT, expected, 1e-8)
    assert torch.equal(factor, factor.tril()) and (factor.diagonal() > 0).all()


@SIZES
def test_joint_is_evidence_times_posterior(size, latent):
    model, points = draw(size, latent)
    mean, factor = model.posterior(points)
    z = torch.linspace(-2, 2, 7 * latent, dtype=torch.float64).reshape(7, latent)
    posterior = MultivariateNormal(mean, scale_tril=factor).log_prob(z)
    close(model.log_joint(points, z), model.log_evidence(points) + posterior, 1e-9)


def test_bound_plus_divergence_is_the_evidence():
    model, points = draw(5, 2)
    mean, factor = points[:, :2], torch.tensor([[0.7, 0.0], [-0.4, 1.3]], dtype=torch.float64)
    scaled = model.weight / model.noise[:, None]
    lost = ((scaled @ factor).square().sum() + factor.square().sum()) / 2
    entropy = math.log(2 * math.pi * math.e) + factor.diagonal().log().sum()
    bound = model.log_joint(points, mean) - lost + entropy
    close(bound + gaussians.kl_divergence(mean, factor, *model.posterior(points)), model.log_evidence(points))


def test_the_gradient_is_pytorchs():
    model, points = draw(4, 2)
    ours, theirs = (
        [t.clone().requires_grad_() for t in (model.weight, model.shift, model.noise)] for _ in "ab"
    )
    LinearGaussian(*ours).log_evidence(points).sum().backward()
    weight, shift, noise = theirs
    LowRankMultivariateNormal(shift, weight, noise.square()).log_prob(points).sum().backward()
    for one, other in zip(ours, theirs, strict=True):
        close(one.grad, other.grad, 1e-8)


def test_little_noise_in_many_dimensions_does_no_harm():
    weight = torch.ones(400, 1, dtype=torch.float64)
    model = LinearGaussian(weight, 0 * weight[:, 0], 1e-3 * weight[:, 0])
    assert torch.linalg.det(covariance_of(model)) == 0  # it underflows
    value = model.log_evidence(weight[:, 0])
    expected = -(math.log(400e6 + 1) - 800 * math.log(1e3) + 400e6 / (400e6 + 1)) / 2 - 200 * math.log(
        2 * math.pi
    )
    assert value.item() == pytest.approx(expected, rel=1e-9)


def test_batches_broadcast_and_vmap_agrees():
    model, points = draw(3, 2, batch=(4, 1))
    together = model.log_evidence(points)
    mean, factor = model.posterior(points)
    assert together.shape == (4, 7) and mean.shape == (4, 7, 2) and factor.shape == (4, 1, 2, 2)
    for row in range(4):
        one = LinearGaussian(model.weight[row, 0], model.shift[row, 0], model.noise[row, 0])
        close(together[row], one.log_evidence(points))
        close(mean[row], one.posterior(points)[0])
        close(factor[row, 0], one.posterior(points)[1])
    mapped = torch.func.vmap(lambda w, b, t: LinearGaussian(w, b, t).log_evidence(points))(
        model.weight[:, 0], model.shift[:, 0], model.noise[:, 0]
    )
    close(mapped, together)
    assert one.log_evidence(points[:0]).shape == (0,)
    assert one.posterior(points[:0])[0].shape == (0, 2)


@pytest.mark.parametrize("batched", ["weight", "shift", "noise"])
def test_models_of_a_batch_draw_each_for_itself(batched):
    model, _ = draw(3, 2)
    given = {"weight": model.weight, "shift": model.shift, "noise": model.noise}
    given[batched] = given[batched].expand(4, *given[batched].shape)
    x, z = LinearGaussian(**given).sample(5, torch.Generator().manual_seed(0))
    assert x.shape == (5, 4, 3) and z.shape == (5, 4, 2)
    assert len(x.reshape(20, 3).unique(dim=0)) == len(z.reshape(20, 2).unique(dim=0)) == 20


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    model, points = draw(4, 2, device=device, dtype=dtype)
    exact, reference = draw(4, 2)
    found = [model.log_evidence(points), *model.posterior(points)]
    expected = [exact.log_evidence(reference), *exact.posterior(reference)]
    for one, other in zip(found, expected, strict=True):
        assert (one.dtype, one.device.type) == (dtype, device.type)
        close(one.cpu().double(), other, 1e-4 if dtype == torch.float32 else 1e-10)


@SEEDS
def test_samples_have_the_moments_of_the_model(seed):
    """Fails on right code with a probability of at most 1e-9 a seed, by the normal approximation."""
    model, _ = draw(3, 2)

    def products(n, generator):
        x, z = model.sample(n, generator)
        moved = torch.cat([x - model.shift, z], dim=-1)
        return moved.unsqueeze(-1) * moved.unsqueeze(-2)

    generator = torch.Generator().manual_seed(seed)
    estimate = monte_carlo(products, 100_000, confidence=1 - 1e-9, generator=generator)
    weight, identity = model.weight, torch.eye(2, dtype=torch.float64)
    upper = torch.cat([covariance_of(model), weight], dim=1)
    expected = torch.cat([upper, torch.cat([weight.mT, identity], dim=1)])
    assert estimate.contains(expected)
    assert not estimate.contains(expected + 0.1 * torch.eye(5, dtype=torch.float64))
    assert model.sample(0, generator)[0].shape == (0, 3)


# Principal components.


@pytest.mark.parametrize("latent", [1, 2, 3])
def test_principal_components_maximise_the_likelihood(latent):
    generator = torch.Generator().manual_seed(latent)
    mixing = torch.randn(5, 5, generator=generator, dtype=torch.float64)
    covariance = mixing @ mixing.T
    points = math.sqrt(5) * torch.linalg.cholesky(covariance).mT  # their mean product is the covariance
    close(points.mT @ points / 5, covariance)
    weight, noise = probabilistic_pca(covariance, latent)

    def likelihood(weight, log_noise):
        return (
            LinearGaussian(weight, torch.zeros(5).double(), log_noise.exp().expand(5))
            .log_evidence(points)
            .mean()
        )

    parameters = (weight.requires_grad_(), noise.log().requires_grad_())
    best = likelihood(*parameters)
    best.backward()
    assert all(parameter.grad.abs().max() < 1e-9 for parameter in parameters)
    for _ in range(20):
        shift = 0.1 * torch.randn(5, latent, generator=generator, dtype=torch.float64)
        assert likelihood(weight + shift, parameters[1]) < best + 1e-12
        assert likelihood(weight, parameters[1] + shift[0, 0]) <= best


def test_principal_components_of_a_batch_and_below_the_noise():
    covariances = torch.stack(
        [torch.diag(torch.tensor(v).double()) for v in ([1.0, 5.0, 2.0], [3.0, 3.0, 3.0])]
    )
    weight, noise = probabilistic_pca(covariances, 1)
    close(noise.square(), torch.tensor([1.5, 3.0]).double())
    close(weight.square().sum((-2, -1)), torch.tensor([3.5, 0.0]).double())
    assert weight[0, 1].abs().item() == pytest.approx(math.sqrt(3.5))


# The formulas.

x, z, mu = sp.symbols("x z mu", real=True)
sigma, tau = sp.symbols("sigma tau", positive=True)
w = sp.Matrix(3, 2, sp.symbols("w1:7", real=True))


def test_the_formulas_agree_with_pytorch():
    model, points = draw(3, 2)
    model = LinearGaussian(model.weight, 0 * model.shift, torch.full_like(model.shift, 0.5))
    weight = sp.Matrix(model.weight.tolist()).applyfunc(sp.Rational)
    for point, latent in zip(points.tolist(), torch.ones(7, 2).double(), strict=True):
        exact = [sp.Rational(value) for value in point]
        evidence = linear_gaussian.log_evidence(exact, weight, sp.Rational(1, 2))
        tensor = torch.tensor(point, dtype=torch.float64)
        assert float(evidence) == pytest.approx(model.log_evidence(tensor).item(), abs=1e-10)
        joint = linear_gaussian.log_joint(exact, [1, 1], weight, sp.Rational(1, 2))
        assert float(joint) == pytest.approx(model.log_joint(tensor, latent).item(), abs=1e-10)
        mean, covariance = linear_gaussian.posterior(exact, weight, sp.Rational(1, 2))
        ours = model.posterior(tensor)
        close(torch.tensor(mean.tolist(), dtype=torch.float64).flatten(), ours[0])
        close(torch.tensor(covariance.tolist(), dtype=torch.float64), ours[1] @ ours[1].mT)


def test_the_scalar_bound_is_the_expectation():
    c = sp.Symbol("c", real=True)
    log_q = -((z - mu) ** 2) / (2 * sigma**2) - sp.log(2 * sp.pi * sigma**2) / 2
    mean = Expectation(linear_gaussian.log_joint(x, z, c, tau) - log_q, Gaussian(z, mu, sigma))
    assert decide(mean, linear_gaussian.scalar_bound(x, c, tau, mu, sigma)).status == "proved"


# Bad input.

ONE, TWO, THREE = torch.ones(1), torch.ones(2), torch.ones(3)
GOOD = LinearGaussian(torch.ones(3, 2), THREE, THREE)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: LinearGaussian(torch.ones(3), THREE, THREE), r"weight: got shape \(3,\), expected \(\.\.\., d, d\)"),
        (lambda: LinearGaussian([[1.0]], ONE, ONE), r"weight: got list, expected a floating-point tensor"),
        (lambda: LinearGaussian(torch.ones(3, 1), TWO, THREE), r"shift: got shape \(2,\), expected \(\.\.\., 3\)"),
        (lambda: LinearGaussian(torch.ones(3, 1), THREE, TWO), r"noise: got shape \(2,\), expected \(\.\.\., 3\)"),
        (lambda: LinearGaussian(torch.ones(2, 1), TWO, TWO * 0), r"noise: got 0, expected positive standard dev"),
        (lambda: LinearGaussian(torch.ones(2, 1), TWO, -TWO), r"noise: got -1, expected positive"),
        (lambda: LinearGaussian(torch.ones(2, 1), TWO * math.nan, TWO), r"shift: got NaN or infinity"),
        (lambda: LinearGaussian(torch.ones(2, 1), TWO.double(), TWO), r"weight, shift, noise: .*expected one dtype"),
        (lambda: GOOD.log_evidence(TWO), r"x: got shape \(2,\), expected \(\.\.\., 3\)"),
        (lambda: GOOD.posterior(THREE.long()), r"x: got torch.int64"),
        (lambda: GOOD.log_joint(THREE, THREE), r"z: got shape \(3,\), expected \(\.\.\., 2\)"),
        (lambda: GOOD.sample(-1, torch.Generator()), r"n: got -1, expected a whole number of at least 0"),
        (lambda: GOOD.sample(True, torch.Generator()), r"n: got True"),
        (lambda: probabilistic_pca(torch.ones(2, 3), 1), r"covariance: got shape \(2, 3\), expected"),
        (lambda: probabilistic_pca(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 1), r"covariance: expected a symmetric"),
        (lambda: probabilistic_pca(torch.eye(3), 3), r"latent_size: got 3, expected from 1 to 2"),
        (lambda: probabilistic_pca(torch.eye(3), 0), r"latent_size: got 0"),
        (lambda: probabilistic_pca(torch.diag(torch.tensor([1.0, 0.0])), 1), r"covariance: got 0 for the mean"),
        (lambda: linear_gaussian.log_evidence([x], w, tau), r"x: got 1 entries, expected 3"),
        (lambda: linear_gaussian.log_joint([x, x, x], [z], w, tau), r"z: got 1 entries, expected 2"),
        (lambda: linear_gaussian.posterior([x], w, tau), r"x: got 1 entries, expected 3"),
        (lambda: linear_gaussian.evidence_covariance(sp.zeros(0, 1), tau), r"weight: got Matrix\(0, 1"),
        (lambda: linear_gaussian.evidence_covariance([[1, 2], [3]], tau), r"weight: got .*expected a matrix"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
