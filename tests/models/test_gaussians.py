"""Gaussian laws: divergences against PyTorch's, against integrals and against formulas; projections; bad input."""

import math

import numpy as np
import pytest
import sympy as sp
import torch
from torch.distributions import Independent, MultivariateNormal, Normal
from torch.distributions import kl_divergence as kl_of_pytorch

from helpers import devices
from helpers.checks import monte_carlo
from helpers.codegen import to_torch
from helpers.models.gaussians import (
    cholesky_factor,
    diagonal_projection,
    diagonal_variances,
    divergence,
    divergence_terms,
    divergence_to_standard_normal,
    fisher_metric,
    kl_divergence,
    kl_to_standard_normal,
    mean_of_quadratic,
    scalar_divergence,
)
from helpers.proof import decide

SIZES = pytest.mark.parametrize("size", [1, 2, 3, 6])
SEEDS = pytest.mark.parametrize("seed", range(6))
DIRECTIONS = pytest.mark.parametrize("direction", ["forward", "reverse"])
DOUBLE = torch.float64


def close(actual, expected, tolerance=1e-12):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=1e-14)


def draw(size, batch=(), seed=0):
    """Mean and factor of q, mean and factor of p: nothing alike, standard deviations between about 1/3 and 3."""
    generator = torch.Generator().manual_seed(1000 * size + seed)
    randn = lambda *shape: torch.randn(*batch, *shape, generator=generator, dtype=DOUBLE)  # noqa: E731
    laws = []
    for _ in range(2):
        lower = randn(size, size).tril(-1) / math.sqrt(size)
        laws += [randn(size), lower + torch.diag_embed(randn(size).div(2).exp())]
    return laws


def pytorchs(mean_q, scale_q, mean_p, scale_p):
    return kl_of_pytorch(
        MultivariateNormal(mean_q, scale_tril=scale_q), MultivariateNormal(mean_p, scale_tril=scale_p)
    )


# The divergence in numbers.


def test_a_thousand_random_pairs_agree_with_pytorch():
    pairs = 0
    for size in range(1, 65):
        laws = draw(size, batch=(16,))
        close(kl_divergence(*laws), pytorchs(*laws))
        pairs += 16
    assert pairs >= 1000


@pytest.mark.parametrize("seed", range(5))
def test_the_divergence_is_the_integral_on_the_line(seed):
    mean_q, scale_q, mean_p, scale_p = draw(1, seed=seed)
    q, p = Normal(mean_q, scale_q[0]), Normal(mean_p, scale_p[0])
    points = mean_q + scale_q[0] * torch.linspace(-12, 12, 2001, dtype=DOUBLE)
    integrand = q.log_prob(points).exp() * (q.log_prob(points) - p.log_prob(points))
    close(kl_divergence(mean_q, scale_q, mean_p, scale_p), torch.trapezoid(integrand, points), 1e-11)


@pytest.mark.parametrize("seed", range(3))
def test_the_divergence_is_the_integral_in_the_plane(seed):
    mean_q, scale_q, mean_p, scale_p = draw(2, seed=seed)
    q, p = (
        MultivariateNormal(mean, covariance_matrix=scale @ scale.T)
        for mean, scale in ((mean_q, scale_q), (mean_p, scale_p))
    )
    axes = [
        mean + 11 * width * torch.linspace(-1, 1, 401, dtype=DOUBLE)
        for mean, width in zip(mean_q, torch.linalg.vector_norm(scale_q, dim=-1), strict=True)
    ]
    points = torch.cartesian_prod(*axes)
    log_q = q.log_prob(points)
    integrand = (log_q.exp() * (log_q - p.log_prob(points))).reshape(401, 401)
    integral = torch.trapezoid(torch.trapezoid(integrand, axes[1]), axes[0])
    close(kl_divergence(mean_q, scale_q, mean_p, scale_p), integral, 1e-9)


@SEEDS
def test_the_divergence_is_the_mean_log_ratio_of_samples(seed):
    """Fails on right code with a probability of at most 1e-9 a seed, by the normal approximation of a mean."""
    laws = draw(3, seed=seed)
    q, p = (MultivariateNormal(mean, scale_tril=scale) for mean, scale in (laws[:2], laws[2:]))

    def log_ratio(count, generator):
        noise = torch.randn(count, 3, generator=generator, dtype=DOUBLE)
        points = laws[0] + noise @ laws[1].T
        return q.log_prob(points) - p.log_prob(points)

    generator = torch.Generator().manual_seed(seed)
    estimate = monte_carlo(log_ratio, 100_000, confidence=1 - 1e-9, generator=generator)
    assert estimate.contains(kl_divergence(*laws))
    assert not estimate.contains(kl_divergence(*laws[2:], *laws[:2]))  # the other direction is another number


@SIZES
def test_to_the_standard_normal_law_it_is_the_general_one(size):
    mean, _, _, scale_tril = draw(size, batch=(4,))
    scale = scale_tril.diagonal(dim1=-2, dim2=-1)
    zero, one = torch.zeros(size, dtype=DOUBLE), torch.eye(size, dtype=DOUBLE)
    ours = kl_to_standard_normal(mean, scale)
    close(ours, kl_divergence(mean, torch.diag_embed(scale), zero, one))
    standard = Independent(Normal(torch.zeros_like(mean), 1.0), 1)
    close(ours, kl_of_pytorch(Independent(Normal(mean, scale), 1), standard))


@SIZES
def test_an_affine_map_of_both_laws_changes_nothing(size):
    mean_q, scale_q, mean_p, scale_p = draw(size)
    generator = torch.Generator().manual_seed(size)
    matrix = torch.randn(size, size, generator=generator, dtype=DOUBLE) + 2 * torch.eye(size, dtype=DOUBLE)
    moved = [
        part
        for mean, scale in ((mean_q, scale_q), (mean_p, scale_p))
        for part in (matrix @ mean + 3, cholesky_factor(matrix @ scale @ scale.T @ matrix.T))
    ]
    close(kl_divergence(*moved), kl_divergence(mean_q, scale_q, mean_p, scale_p), 1e-9)


def test_a_law_has_no_divergence_from_itself_and_some_from_any_other():
    mean_q, scale_q, mean_p, scale_p = draw(5)
    assert kl_divergence(mean_q, scale_q, mean_q, scale_q) == 0
    assert kl_divergence(mean_q, scale_q, mean_p, scale_q) > 0
    assert kl_divergence(mean_q, scale_q, mean_q, scale_p) > 0


# Gradients.


@SIZES
def test_the_gradients_are_those_of_pytorchs_divergence(size):
    laws = draw(size)
    ours = torch.func.grad(kl_divergence, argnums=(0, 1, 2, 3))(*laws)
    leaves = [part.clone().requires_grad_() for part in laws]
    theirs = torch.autograd.grad(pytorchs(*leaves), leaves)
    for one, other in zip(ours, theirs, strict=True):
        close(one, other.tril() if other.ndim == 2 else other, 1e-10)


def test_first_and_second_derivatives_are_those_of_differences():
    laws = [part.requires_grad_() for part in draw(3)]

    def lower_parts_only(mean_q, scale_q, mean_p, scale_p):
        return kl_divergence(mean_q, scale_q.tril(), mean_p, scale_p.tril())

    assert torch.autograd.gradcheck(lower_parts_only, laws)
    assert torch.autograd.gradgradcheck(lower_parts_only, laws)
    mean, scale = torch.tensor([0.3, -2.0, 0.0]).double(), torch.tensor([1.0, 0.9, 3.0]).double()
    leaves = (mean.requires_grad_(), scale.requires_grad_())
    assert torch.autograd.gradcheck(kl_to_standard_normal, leaves)
    assert torch.autograd.gradgradcheck(kl_to_standard_normal, leaves)


@SIZES
def test_the_gradient_in_the_covariance_is_half_the_difference_of_the_precisions(size):
    mean_q, scale_q, mean_p, scale_p = draw(size)
    covariance = scale_q @ scale_q.T
    ours = torch.func.grad(lambda c: kl_divergence(mean_q, cholesky_factor(c), mean_p, scale_p))(covariance)
    # Factored from the lower triangle alone: an entry beside the diagonal stands for both of its places.
    gradient = (torch.linalg.inv(scale_p @ scale_p.T) - torch.linalg.inv(covariance)) / 2
    close((ours + ours.T) / 2, gradient, 1e-9)


def test_gradients_are_finite_where_the_laws_agree_and_far_apart():
    for scale in (1.0, 1.0 + 1e-12, 0.75, 1.25, 1e-200, 1e150):
        gradient = torch.func.grad(kl_to_standard_normal, argnums=1)(
            torch.zeros(1, dtype=DOUBLE), torch.tensor([scale], dtype=DOUBLE)
        )
        expected = torch.tensor([scale - 1 / scale], dtype=DOUBLE)
        torch.testing.assert_close(gradient, expected, rtol=1e-12, atol=1e-15)
    laws = draw(4)[:2] * 2
    for gradient in torch.func.grad(kl_divergence, argnums=(0, 1, 2, 3))(*laws):
        assert gradient.abs().max() < 1e-12


# Batches, kinds, devices.


def test_batches_broadcast_and_agree_with_one_by_one():
    mean_q, scale_q, _, _ = draw(3, batch=(4, 1))
    _, _, mean_p, scale_p = draw(3, batch=(5,))
    together = kl_divergence(mean_q, scale_q, mean_p, scale_p)
    assert together.shape == (4, 5)
    for i in range(4):
        for j in range(5):
            close(together[i, j], kl_divergence(mean_q[i, 0], scale_q[i, 0], mean_p[j], scale_p[j]))
    assert kl_to_standard_normal(torch.zeros(4, 1, dtype=DOUBLE), torch.ones(5, dtype=DOUBLE)).shape == (4,)
    assert kl_to_standard_normal(torch.tensor(1.0), torch.tensor(2.0)).shape == ()


@pytest.mark.parametrize("batch", [(0,), (3, 0), (0, 2)])
def test_empty_batches(batch):
    laws = draw(3, batch=batch)
    assert kl_divergence(*laws).shape == batch
    assert kl_to_standard_normal(laws[0], laws[0].exp()).shape == batch
    assert cholesky_factor(laws[1] @ laws[1].mT).shape == (*batch, 3, 3)
    for direction in ("forward", "reverse"):
        assert diagonal_projection(laws[1], direction).shape == (*batch, 3)


def test_inside_vmap():
    laws = draw(3, batch=(4,))
    close(torch.func.vmap(kl_divergence)(*laws), kl_divergence(*laws))
    one_mean = torch.func.vmap(kl_divergence, in_dims=(0, 0, None, None))
    close(one_mean(*laws[:2], laws[2][0], laws[3][0]), kl_divergence(*laws[:2], laws[2][0], laws[3][0]))
    scale = laws[0].exp()
    close(torch.func.vmap(kl_to_standard_normal)(laws[0], scale), kl_to_standard_normal(laws[0], scale))
    covariance = laws[1] @ laws[1].mT
    close(torch.func.vmap(cholesky_factor)(covariance), laws[1], 1e-9)
    for direction in ("forward", "reverse"):
        one_by_one = torch.func.vmap(lambda factor, way=direction: diagonal_projection(factor, way))
        close(one_by_one(laws[1]), diagonal_projection(laws[1], direction))
    per_sample = torch.func.vmap(torch.func.grad(kl_to_standard_normal, argnums=1))(laws[0], scale)
    close(per_sample, scale - 1 / scale)


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    laws = draw(4, batch=(3,))
    moved = [part.to(device=device, dtype=dtype) for part in laws]
    for function, arguments in (
        (kl_divergence, slice(0, 4)),
        (lambda mean, scale: kl_to_standard_normal(mean, scale.diagonal(dim1=-2, dim2=-1)), slice(0, 2)),
        (lambda scale: cholesky_factor(scale @ scale.mT), slice(1, 2)),
        (lambda scale: diagonal_projection(scale, "forward"), slice(1, 2)),
        (lambda scale: diagonal_projection(scale, "reverse"), slice(1, 2)),
    ):
        found, expected = function(*moved[arguments]), function(*laws[arguments])
        assert (found.dtype, found.device.type) == (dtype, device.type)
        close(found.cpu().double(), expected, 1e-4 if dtype == torch.float32 else 1e-10)


# Extreme and nearly equal laws.


@pytest.mark.parametrize("exponent", [-150, -80, 80, 150])
def test_units_do_not_matter(exponent):
    mean_q, scale_q, mean_p, scale_p = draw(4)
    unit = 10.0**exponent
    close(
        kl_divergence(unit * mean_q, unit * scale_q, unit * mean_p, unit * scale_p),
        kl_divergence(mean_q, scale_q, mean_p, scale_p),
    )
    mixed = 10.0 ** torch.tensor([exponent, 0, -exponent, 1], dtype=DOUBLE)
    close(
        kl_divergence(mixed * mean_q, mixed[:, None] * scale_q, mixed * mean_p, mixed[:, None] * scale_p),
        kl_divergence(mean_q, scale_q, mean_p, scale_p),
        1e-11,
    )


@pytest.mark.parametrize("dtype, small", [(torch.float64, 1e-150), (torch.float32, 1e-30)])
def test_a_point_beside_a_plain_is_far_away_and_finite(dtype, small):
    """The ratio of the scales, or its square, is below the range; its logarithm is not."""
    zero = torch.zeros(1, dtype=dtype)
    narrow, wide = (torch.tensor([[scale]], dtype=dtype) for scale in (small, 1 / small))
    expected = -0.5 - 2 * math.log(small)
    assert kl_divergence(zero, narrow, zero, wide).item() == pytest.approx(expected, rel=1e-6)
    assert kl_divergence(zero, wide, zero, narrow).item() == math.inf  # its logarithm is beyond the range
    assert kl_to_standard_normal(zero, narrow[0]).item() == pytest.approx(-0.5 - math.log(small), rel=1e-6)


def test_a_thousand_dimensions():
    size = 1000
    generator = torch.Generator().manual_seed(4)
    scale_q = torch.rand(size, generator=generator, dtype=DOUBLE) / 100 + 1e-3
    scale_p = torch.rand(size, generator=generator, dtype=DOUBLE) / 100 + 1e-3
    assert scale_q.prod() == 0 and scale_p.prod() == 0  # determinants are below the range
    zero = torch.zeros(size, dtype=DOUBLE)
    expected = kl_of_pytorch(Independent(Normal(zero, scale_q), 1), Independent(Normal(zero, scale_p), 1))
    # Two laws made alike by a triangular map that mixes all coordinates.
    mix = torch.randn(size, size, generator=generator, dtype=DOUBLE).tril(-1) / size + torch.eye(
        size, dtype=DOUBLE
    )
    close(kl_divergence(zero, mix * scale_q, zero, mix * scale_p), expected, 1e-10)


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_laws_that_nearly_agree_are_never_at_a_negative_distance(size):
    generator = torch.Generator().manual_seed(size)
    for exponent in range(-16, -2):
        mean, scale, _, _ = draw(size, batch=(40,), seed=exponent + 20)
        noise = torch.randn(40, size, generator=generator, dtype=DOUBLE)
        near = scale * (1 + 10.0**exponent * noise[..., None])
        found = kl_divergence(mean, scale, mean, near)
        assert (found >= 0).all()
        spreads = 1 + 10.0**exponent * noise
        assert (kl_to_standard_normal(torch.zeros_like(noise), spreads) >= 0).all()


@pytest.mark.parametrize("excess", [1e-15, -1e-12, 1e-9, -1e-5, 1e-2, -0.2, 0.2499, 0.2501, -0.26, 3.0])
def test_digits_are_kept_where_the_laws_nearly_agree(excess):
    """Written as it stands, the formula has no correct digit below an excess of 1e-8."""
    scale = 1 + excess
    exact = sp.Rational(scale)  # the number that the machine has, not the one that was typed
    expected = float(((exact**2 - 1) / 2 - sp.log(exact)).evalf(60, maxn=400))
    mean, factor = torch.zeros(1, dtype=DOUBLE), torch.tensor([[scale]], dtype=DOUBLE)
    assert kl_to_standard_normal(mean, factor[0]).item() == pytest.approx(expected, rel=1e-14)
    unit = torch.ones(1, 1, dtype=DOUBLE)
    assert kl_divergence(mean, factor, mean, unit).item() == pytest.approx(expected, rel=1e-14)


# Projections on independent laws.


@SIZES
def test_projections_are_marginal_variances_and_reciprocal_precisions(size):
    _, scale, _, _ = draw(size, batch=(3,))
    covariance = scale @ scale.mT
    forward, reverse = (diagonal_projection(scale, direction) for direction in ("forward", "reverse"))
    close(forward.square(), covariance.diagonal(dim1=-2, dim2=-1))
    close(1 / reverse.square(), torch.linalg.inv(covariance).diagonal(dim1=-2, dim2=-1), 1e-10)
    assert (reverse <= forward * (1 + 1e-12)).all()
    if size > 1:
        assert (reverse < 0.999 * forward).any()


@DIRECTIONS
@pytest.mark.parametrize("size", [2, 3, 6])
def test_projections_minimise_the_divergence(size, direction):
    mean, scale, other, _ = draw(size)
    best = diagonal_projection(scale, direction)

    def distance(mean_q, scale_q):
        q, p = (mean_q, torch.diag_embed(scale_q)), (mean, scale)
        return kl_divergence(*p, *q) if direction == "forward" else kl_divergence(*q, *p)

    for gradient in torch.func.grad(distance, argnums=(0, 1))(mean, best):
        assert gradient.abs().max() < 1e-10
    least = distance(mean, best)
    for factor in (0.5, 0.9, 1.1, 2.0):
        for i in range(size):
            changed = torch.where(torch.arange(size) == i, best * factor, best)
            assert distance(mean, changed) > least
    assert distance(other, best) > least
    wrong = diagonal_projection(scale, "reverse" if direction == "forward" else "forward")
    assert distance(mean, wrong) > least


def test_in_the_plane_both_projections_are_equally_far_and_in_space_they_are_not():
    for size, alike in ((2, True), (3, False)):
        mean, scale, _, _ = draw(size)
        forward, reverse = (diagonal_projection(scale, d).diag() for d in ("forward", "reverse"))
        one, other = kl_divergence(mean, scale, mean, forward), kl_divergence(mean, reverse, mean, scale)
        assert (abs(one - other) < 1e-12) == alike


# The formulas.

x, y, mu, nu = sp.symbols("x y mu nu", real=True)
sigma, tau = sp.symbols("sigma tau", positive=True)


def exact(tensor):
    return sp.Matrix(tensor.tolist()).applyfunc(sp.Rational)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_formula_agrees_with_the_tensors(size):
    laws = draw(size)
    mean_q, scale_q, mean_p, scale_p = map(exact, laws)
    terms = divergence_terms(mean_q, scale_q * scale_q.T, mean_p, scale_p * scale_p.T)
    assert float(sp.Add(*terms)) == pytest.approx(kl_divergence(*laws).item(), rel=1e-12)
    precision = torch.linalg.inv(laws[3] @ laws[3].T)
    deviation = laws[0] - laws[2]
    assert float(terms[0]) == pytest.approx((precision @ laws[1] @ laws[1].T).trace().item() / 2, rel=1e-10)
    assert float(terms[1]) == pytest.approx((deviation @ precision @ deviation).item() / 2, rel=1e-10)
    assert terms[2] == -sp.Rational(size, 2)
    ratio = torch.logdet(laws[3]) - torch.logdet(laws[1])
    assert float(terms[3]) == pytest.approx(ratio.item(), rel=1e-10)


def test_formulas_on_the_line():
    assert divergence([mu], [[sigma**2]], [nu], [[tau**2]]).equals(scalar_divergence(mu, sigma, nu, tau))
    standard = divergence_to_standard_normal(mu, sigma)
    assert decide(scalar_divergence(mu, sigma, 0, 1), standard).status == "proved"
    function = to_torch(standard, [mu, sigma])
    means, scales = torch.tensor([0.5, -2.0]).double(), torch.tensor([0.3, 4.0]).double()
    close(function(means, scales), kl_of_pytorch(Normal(means, scales), Normal(0.0, 1.0)))
    assert float(standard.subs({mu: 0, sigma: 4})) == pytest.approx(6.1137, abs=5e-5)


def test_the_fisher_metric_is_the_curvature_of_the_divergence_in_either_place():
    for other in (scalar_divergence(mu, sigma, nu, tau), scalar_divergence(nu, tau, mu, sigma)):
        hessian = sp.hessian(other, (nu, tau)).subs({nu: mu, tau: sigma}).applyfunc(sp.simplify)
        assert hessian == fisher_metric(sigma)
    score = [sp.diff(-((x - mu) ** 2) / (2 * sigma**2) - sp.log(sigma), v) for v in (mu, sigma)]
    for i in range(2):
        for j in range(2):
            body = sp.expand(score[i] * score[j]).subs(x, mu + sigma * y)
            moments = {y: 0, y**2: 1, y**3: 0, y**4: 3}
            value = sum(c * moments.get(y**k, 1) for (k,), c in sp.Poly(sp.expand(body), y).terms())
            assert sp.simplify(value - fisher_metric(sigma)[i, j]) == 0


def test_the_mean_of_a_quadratic_needs_no_normal_law():
    matrix, linear = [[2, 1], [1, 3]], [5, -1]
    points = np.array([[0, 0], [1, 0], [0, 3], [2, -1]])
    weights = np.array([0.1, 0.4, 0.3, 0.2])
    mean = weights @ points
    covariance = (points - mean).T @ np.diag(weights) @ (points - mean)
    form = sp.Matrix([x, y]).T * sp.Matrix(matrix) * sp.Matrix([x, y])
    polynomial = form[0] + linear[0] * x + linear[1] * y + 7
    found = mean_of_quadratic(polynomial, [x, y], list(mean), covariance.tolist())
    values = [float(polynomial.subs({x: int(a), y: int(b)})) for a, b in points]
    assert float(found) == pytest.approx(weights @ values, rel=1e-12)
    assert mean_of_quadratic(x * y, [x, y], [mu, nu], [[1, tau], [tau, 1]]) == mu * nu + tau
    assert mean_of_quadratic(nu, [x], [mu], [[1]]) == nu


def test_diagonal_variances_are_those_of_the_tensors():
    for size in (1, 2, 3, 4):
        _, scale, _, _ = draw(size)
        covariance = exact(scale) * exact(scale).T
        for direction in ("forward", "reverse"):
            variances = diagonal_variances(covariance, direction)
            found = torch.tensor([float(variance) for variance in variances], dtype=DOUBLE)
            close(found, diagonal_projection(scale, direction).square(), 1e-10)


# Bad input.

ONE, EYE = torch.ones(2), torch.eye(2)
UPPER = torch.tensor([[1.0, 0.5], [0.0, 1.0]])
NEGATIVE = torch.tensor([[1.0, 2.0], [2.0, 1.0]])


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: kl_to_standard_normal(ONE, -ONE), r"scale: got -1, expected positive standard deviations"),
        (lambda: kl_to_standard_normal(ONE, 0 * ONE), r"scale: got 0, expected positive"),
        (lambda: kl_to_standard_normal(ONE, math.nan * ONE), r"scale: got NaN or infinity, expected finite"),
        (lambda: kl_to_standard_normal(math.inf * ONE, ONE), r"mean: got NaN or infinity, expected finite"),
        (
            lambda: kl_to_standard_normal(ONE, torch.ones(3)),
            r"mean, scale: got shapes \(2,\), \(3,\), expected batches",
        ),
        (
            lambda: kl_to_standard_normal(ONE, ONE.double()),
            r"got torch.float32, torch.float64, expected one dtype",
        ),
        (lambda: kl_to_standard_normal([1.0], ONE), r"mean: got list, expected a floating-point tensor"),
        (lambda: kl_to_standard_normal(ONE, ONE.long()), r"scale: got torch.int64, expected a floating"),
        (
            lambda: kl_divergence(torch.tensor(1.0), EYE, ONE, EYE),
            r"mean_q: got shape \(\), expected \(\.\.\., d\)",
        ),
        (
            lambda: kl_divergence(torch.ones(0), EYE, ONE, EYE),
            r"mean_q: got shape \(0,\), expected \(\.\.\., d\)",
        ),
        (
            lambda: kl_divergence(ONE, EYE, torch.ones(3), EYE),
            r"mean_p: got shape \(3,\), expected \(\.\.\., 2\)",
        ),
        (lambda: kl_divergence(ONE, torch.ones(2, 3), ONE, EYE), r"scale_tril_q: got shape \(2, 3\), expected"),
        (
            lambda: kl_divergence(ONE, EYE, ONE, torch.eye(3)),
            r"scale_tril_p: got shape \(3, 3\), expected \(\.\.\., 2, 2",
        ),
        (
            lambda: kl_divergence(ONE, UPPER, ONE, EYE),
            r"scale_tril_q: got a number of size 0.5 above the diagonal, exp",
        ),
        (
            lambda: kl_divergence(ONE, EYE, ONE, -EYE),
            r"scale_tril_p: got -1 on the diagonal, expected positive",
        ),
        (
            lambda: kl_divergence(ONE, EYE, ONE, torch.stack([EYE, EYE, 0 * EYE])),
            r"scale_tril_p: got 0 .* in matrix 2 of the",
        ),
        (lambda: kl_divergence(ONE, EYE * math.nan, ONE, EYE), r"scale_tril_q: got NaN or infinity"),
        (lambda: kl_divergence(ONE, EYE, ONE.double(), EYE), r"expected one dtype"),
        (
            lambda: kl_divergence(ONE.half(), EYE.half(), ONE.half(), EYE.half()),
            r"scale_tril_q: got torch.float16, expected torch.float32 or",
        ),
        (
            lambda: kl_divergence(torch.ones(3, 2), EYE, torch.ones(4, 2), EYE),
            r"mean_q, scale_tril_q, mean_p, scale_tril_p: got shapes .*expected batches that broadcast",
        ),
        (
            lambda: cholesky_factor(NEGATIVE),
            r"covariance: got the eigenvalue -1, expected a positive definite matrix",
        ),
        (
            lambda: cholesky_factor(torch.stack([4 * EYE, 1e-9 * EYE, NEGATIVE])),
            r"the eigenvalue -1 in matrix 2 of the batch",
        ),
        (
            lambda: cholesky_factor(torch.stack([EYE, EYE, EYE, NEGATIVE]).reshape(2, 2, 2, 2)),
            r"in matrix \(1, 1\) of the batch",
        ),
        (lambda: cholesky_factor(0 * EYE), r"covariance: got the eigenvalue 0, expected a positive definite"),
        (
            lambda: cholesky_factor(UPPER),
            r"covariance: got entries that differ by 0.5 across the diagonal, expected a symm",
        ),
        (
            lambda: cholesky_factor(torch.stack([100 * EYE, UPPER])),
            r"across the diagonal in matrix 1 of the batch",
        ),
        (
            lambda: cholesky_factor(torch.stack([UPPER, 100 * UPPER, EYE])),
            r"differ by 50 across the diagonal in matrix 1 of the batch",
        ),
        (
            lambda: cholesky_factor(torch.stack([UPPER, UPPER + 1000 * EYE + 0.5 * UPPER.triu(1)])),
            r"differ by 0.75 across the diagonal in matrix 1 of the batch",
        ),
        (lambda: cholesky_factor(EYE * math.nan), r"covariance: got NaN or infinity"),
        (
            lambda: cholesky_factor(torch.ones(2, 3)),
            r"covariance: got shape \(2, 3\), expected \(\.\.\., d, d\)",
        ),
        (lambda: cholesky_factor(torch.ones(2)), r"covariance: got shape \(2,\), expected \(\.\.\., d, d\)"),
        (lambda: cholesky_factor(EYE.bfloat16()), r"covariance: got torch.bfloat16, expected torch.float32 or"),
        (lambda: cholesky_factor([[1.0]]), r"covariance: got list, expected a floating-point tensor"),
        (lambda: diagonal_projection(EYE, "both"), r"direction: got 'both', expected one of forward, reverse"),
        (
            lambda: diagonal_projection(UPPER, "forward"),
            r"scale_tril: got a number of size 0.5 above the diagonal",
        ),
        (
            lambda: diagonal_projection(ONE, "forward"),
            r"scale_tril: got shape \(2,\), expected \(\.\.\., d, d\)",
        ),
        (
            lambda: divergence_to_standard_normal(0, -1),
            r"scale: got -1, expected a positive standard deviation",
        ),
        (lambda: scalar_divergence(0, 1, 0, 0), r"scale_p: got 0, expected a positive standard deviation"),
        (lambda: fisher_metric(-tau), r"scale: got -tau, expected a positive"),
        (lambda: divergence([0], [[1]], [0, 0], [[1]]), r"mean_p: got \[0, 0\], expected 1 entries"),
        (
            lambda: divergence([0, 0], [[1, 2], [0, 1]], [0, 0], [[1, 0], [0, 1]]),
            r"covariance_q: .*expected a symmetric",
        ),
        (
            lambda: divergence([0], [[1]], [0], [[1, 0], [0, 1]]),
            r"covariance_p: got shape \(2, 2\), expected \(1, 1\)",
        ),
        (
            lambda: divergence([0, 0], [[1, 2], [2, 1]], [0, 0], [[1, 0], [0, 1]]),
            r"covariance_q: got .*, expected a positive definite matrix",
        ),
        (lambda: diagonal_variances([[1, 0]], "forward"), r"covariance: got shape \(1, 2\), expected \(d, d\)"),
        (lambda: diagonal_variances([[1]], "up"), r"direction: got 'up', expected one of"),
        (
            lambda: mean_of_quadratic(x**3, [x], [0], [[1]]),
            r"polynomial: got a term of degree 3, expected 2 at most",
        ),
        (
            lambda: mean_of_quadratic(sp.exp(x), [x], [0], [[1]]),
            r"polynomial: got exp\(x\), expected a polynomial",
        ),
        (lambda: mean_of_quadratic(x, [x, y], [0], [[1]]), r"variables: got 2, expected 1"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
