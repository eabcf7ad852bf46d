"""Amortised inference: gaps, contraction and counts against PyTorch, against each other, and against bad input."""

import math

import numpy as np
import pytest
import sympy as sp
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence
from torch.utils.flop_counter import FlopCounterMode

from helpers import devices
from helpers.checks import monte_carlo
from helpers.codegen import to_torch
from helpers.models import amortization, bounds, gaussians
from helpers.models.amortization import (
    DatumGaps,
    PolynomialEncoder,
    amortization_gap,
    amortized_cost,
    break_even,
    contraction,
    cost_crossing,
    count_parameters,
    datum_gaps,
    gradient_ascent,
    instance_cost,
    mean_field_divergence,
    mean_field_gap,
    multiplication_count,
    parameter_count,
    perceptron,
    step_multiplications,
    steps_to_tolerance,
    training_multiplications,
)
from helpers.models.gaussians import diagonal_projection
from helpers.models.linear_gaussian import LinearGaussian
from helpers.proof import decide

SIZES = pytest.mark.parametrize("size", [1, 2, 3, 6])
SEEDS = pytest.mark.parametrize("seed", range(6))


def close(actual, expected, tolerance=1e-10):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def draw(size, seed=0, batch=()):
    """A posterior (mean and Cholesky factor) and a proposal (mean and scale)."""
    generator = torch.Generator().manual_seed(100 * size + seed)
    randn = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    factor = torch.linalg.cholesky(_covariance(randn(*batch, size, size)))
    return randn(*batch, size), factor, randn(*batch, size), randn(*batch, size).exp()


def _covariance(root):
    return root @ root.mT + 0.1 * torch.eye(root.shape[-1], dtype=root.dtype)


def linear_model(size=2, seen=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    loading = torch.randn(seen, size, generator=generator, dtype=torch.float64)
    shift, noise = torch.zeros(seen, dtype=torch.float64), torch.full((seen,), 0.8, dtype=torch.float64)
    return LinearGaussian(loading, shift, noise), generator


# The gaps.


@SIZES
def test_the_gaps_add_up_to_pytorchs_divergence(size):
    mean, factor, mean_q, scale_q = draw(size)
    gaps = datum_gaps(mean_q, scale_q, mean, factor)
    law = MultivariateNormal(mean, scale_tril=factor)
    close(gaps.total, kl_divergence(MultivariateNormal(mean_q, scale_tril=scale_q.diag()), law))
    close(gaps.total, gaussians.kl_divergence(mean_q, scale_q.diag(), mean, factor))
    precision = torch.linalg.inv(factor @ factor.T)  # the twin may invert
    product = precision.diagonal().prod() / torch.linalg.det(precision)
    close(gaps.approximation, product.log() / 2, 1e-8)


@SIZES
def test_the_projection_is_what_an_optimiser_finds(size):
    mean, factor, mean_q, scale_q = draw(size, seed=1)
    free = [mean_q.clone().requires_grad_(), scale_q.log().requires_grad_()]
    law = MultivariateNormal(mean, scale_tril=factor)
    search = torch.optim.LBFGS(
        free, max_iter=1000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def loss():
        search.zero_grad()
        value = kl_divergence(MultivariateNormal(free[0], scale_tril=free[1].exp().diag()), law)
        value.backward()
        return value

    search.step(loss)
    best_scale = diagonal_projection(factor, "reverse")
    close(free[0].detach(), mean, 1e-5)
    close(free[1].detach().exp(), best_scale, 1e-5)
    gaps = datum_gaps(mean, best_scale, mean, factor)
    assert abs(gaps.amortization.item()) < 1e-12
    close(loss().detach(), gaps.approximation, 1e-8)


@SIZES
def test_the_projection_is_narrower_than_the_posterior(size):
    factor = draw(size, seed=2, batch=(5,))[1]
    scale = diagonal_projection(factor, "reverse")
    marginal = (factor @ factor.mT).diagonal(dim1=-2, dim2=-1).sqrt()
    assert (scale <= marginal * (1 + 1e-12)).all()
    if size > 1:
        assert (scale < marginal).any()
    else:
        close(scale, marginal)


def test_no_proposal_diverges_less_and_independent_coordinates_cost_nothing():
    mean, factor, mean_q, scale_q = draw(3, batch=(200,))
    gaps = datum_gaps(mean_q, scale_q, mean, factor)
    assert (gaps.approximation > 0).all() and (gaps.amortization > 0).all()
    diagonal = torch.diag_embed(scale_q)
    assert (datum_gaps(mean_q, scale_q, mean, diagonal).approximation < 1e-14).all()
    close(datum_gaps(mean, scale_q, mean, diagonal).amortization, torch.zeros(200, dtype=torch.float64))


def test_a_posterior_that_is_almost_singular_is_no_trouble():
    """The determinant of the covariance underflows, and forming it would square the condition number."""
    factor = 1e-90 * torch.tensor([[1.0, 0.0], [1.0, 1e-7]], dtype=torch.float64)
    mean = torch.zeros(2, dtype=torch.float64)
    assert torch.linalg.det(factor @ factor.T) == 0
    found = datum_gaps(mean, mean + 1e-97, mean, factor).approximation
    rho_squared_complement = 1e-14 / (1 + 1e-14)
    assert found.item() == pytest.approx(-math.log(rho_squared_complement) / 2, rel=1e-9)


def test_batches_broadcast_empty_ones_work_and_so_does_vmap():
    mean, factor, mean_q, scale_q = draw(3, batch=(4,))
    together = datum_gaps(mean_q, scale_q, mean, factor)
    for i in range(4):
        one = datum_gaps(mean_q[i], scale_q[i], mean[i], factor[i])
        close(together.approximation[i], one.approximation)
        close(together.amortization[i], one.amortization)
    shared = datum_gaps(mean_q, scale_q[0], mean[:1], factor[0])
    assert shared.approximation.shape == shared.amortization.shape == (4,)
    assert datum_gaps(mean_q[:0], scale_q[:0], mean[:0], factor[:0]).total.shape == (0,)
    mapped = torch.func.vmap(datum_gaps)(mean_q, scale_q, mean, factor)
    close(mapped.total, together.total)


def test_gaps_are_differentiable():
    mean, factor, mean_q, scale_q = draw(3)
    inputs = [value.requires_grad_() for value in (mean_q, scale_q, mean)]
    torch.autograd.gradcheck(lambda *given: datum_gaps(*given, factor).total, inputs)
    torch.autograd.gradcheck(
        lambda tril: datum_gaps(mean_q, scale_q, mean, tril.tril()).total, factor.requires_grad_()
    )


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    mean, factor, mean_q, scale_q = (value.to(device=device, dtype=dtype) for value in draw(3, batch=(2,)))
    found = [
        *datum_gaps(mean_q, scale_q, mean, factor),
        gradient_ascent(mean_q, mean, factor @ factor.mT, learning_rate=0.1, steps=3),
        PolynomialEncoder.fit(mean[:, 0], mean_q, degree=1)(mean[:, 0]),
    ]
    tolerance = 1e-3 if dtype == torch.float32 else 1e-10
    for value in found:
        assert (value.dtype, value.device.type) == (dtype, device.type)
        assert torch.isfinite(value).all()
    expected = datum_gaps(*(draw(3, batch=(2,))[i] for i in (2, 3, 0, 1))).total
    close(DatumGaps(*found[:2]).total.cpu().double(), expected, tolerance)


# The formulas.


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_formulas_agree_with_pytorch(size):
    mean, factor, mean_q, scale_q = draw(size, seed=3)
    precision = torch.linalg.inv(factor @ factor.T)
    entries = sp.symbols(f"s1:{size * size + 1}", real=True)
    matrix = sp.Matrix(size, size, lambda i, j: entries[min(i, j) * size + max(i, j)])
    symbols = [sp.symbols(f"{letter}1:{size + 1}", real=True) for letter in "abc"]
    flat = [s for group in symbols for s in group]
    used = sorted(matrix.free_symbols, key=str)
    values = [*mean_q, *scale_q, *mean, *(precision.flatten()[entries.index(s)] for s in used)]
    gaps = datum_gaps(mean_q, scale_q, mean, factor)
    for formula, expected in (
        (mean_field_divergence(*symbols, matrix), gaps.total),
        (amortization_gap(*symbols, matrix), gaps.amortization),
        (mean_field_gap(matrix), gaps.approximation),
    ):
        close(to_torch(formula, [*flat, *used])(*values), expected, 1e-7)


def test_the_parts_are_those_of_the_divergence():
    mu, m, rho = sp.symbols("mu m rho", real=True)
    sigma = sp.Symbol("sigma", positive=True)
    precision = sp.Matrix([[1, rho], [rho, 1]]).inv()
    arguments = ([mu, 0], [sigma, 1], [0, m], precision)
    whole = mean_field_divergence(*arguments)
    parts = mean_field_gap(precision) + amortization_gap(*arguments)
    assert decide(whole, parts, domain={rho: (-1, 1)}).status == "proved"
    gap = -sp.log(1 - rho**2) / 2
    assert decide(mean_field_gap(precision), gap, domain={rho: (-1, 1)}).status == "proved"
    assert decide(mean_field_gap(precision), 2 * gap, domain={rho: (-1, 1)}).status == "refuted"


# Steps.


def test_sixty_four_steps_and_not_one_less():
    start, mean, precision = torch.zeros(1).double(), torch.tensor([1.5]).double(), 2 * torch.eye(1).double()
    error = (gradient_ascent(start, mean, precision, learning_rate=0.1, steps=64) - mean).abs().flatten()
    assert (error[:64] > 1e-6).all() and error[64] <= 1e-6
    factor = contraction(sp.Rational(1, 10), 2)
    assert factor == sp.Rational(4, 5)
    assert steps_to_tolerance(sp.Rational(3, 2), factor, sp.Rational(1, 10**6)) == 64
    np.testing.assert_allclose(error.numpy(), 1.5 * 0.8 ** np.arange(65), rtol=1e-9)


@pytest.mark.parametrize("numerator", [1, 3, 7, 9])
@pytest.mark.parametrize("error", [sp.Rational(3, 2), 10, sp.Rational(1, 10**7)])
def test_the_number_of_steps_by_counting(numerator, error):
    factor, tolerance = sp.Rational(numerator, 10), sp.Rational(1, 10**6)
    counted, left = 0, error
    while left > tolerance:
        counted, left = counted + 1, left * factor
    assert steps_to_tolerance(error, factor, tolerance) == counted


@SIZES
def test_gradient_ascent_is_autograds(size):
    mean, factor, start, _ = draw(size, seed=4)
    precision = torch.linalg.inv(factor @ factor.T)
    path = gradient_ascent(start, mean, precision, learning_rate=0.01, steps=5)
    assert path.shape == (6, size)
    at = start
    scale = diagonal_projection(factor, "reverse")
    for step in path:
        close(step, at, 1e-9)
        at = at.detach().requires_grad_()
        bound = -kl_divergence(
            MultivariateNormal(at, scale_tril=scale.diag()), MultivariateNormal(mean, scale_tril=factor)
        )
        at = (at + 0.01 * torch.autograd.grad(bound, at)[0]).detach()
    matrix = torch.eye(size, dtype=torch.float64) - 0.01 * precision
    close(path[5] - mean, torch.linalg.matrix_power(matrix, 5) @ (start - mean), 1e-9)
    exact = (precision + precision.T) / 2
    symbolic = contraction(sp.Rational(1, 100), sp.Matrix(exact.tolist()).applyfunc(sp.Rational))
    np.testing.assert_allclose(np.array(symbolic.tolist(), dtype=float), matrix, rtol=1e-9, atol=1e-12)


def test_steps_lower_the_amortization_gap_from_the_encoders_answer():
    mean, factor, start, _ = draw(3, seed=5, batch=(4,))
    precision = torch.linalg.inv(factor @ factor.mT)
    rate = 1.9 / torch.linalg.eigvalsh(precision).max().item()
    path = gradient_ascent(start, mean, precision, learning_rate=rate, steps=10)
    scale = diagonal_projection(factor, "reverse")
    gaps = datum_gaps(path, scale, mean, factor)
    assert gaps.amortization.shape == (11, 4)
    assert (gaps.amortization.diff(dim=0) < 0).all()
    assert (gaps.approximation == gaps.approximation[0]).all()


# Counts.

ENCODER, DECODER = [784, 400, 40], [20, 400, 784]


def test_the_example_of_the_chapter():
    assert parameter_count(ENCODER) == count_parameters(perceptron(ENCODER)) == 330040
    assert break_even(330040, 40) == 8251
    assert 40 * 8250 < 330040 == 40 * 8251


@pytest.mark.parametrize("widths", [[3, 2], [5, 7, 4], [2, 3, 4, 5]])
def test_counts_are_those_of_pytorch(widths):
    network = perceptron(widths)
    assert parameter_count(widths) == sum(p.numel() for p in network.parameters())
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, widths[0]))
    assert multiplication_count(widths) == counter.get_total_flops() // 2
    assert sum(isinstance(layer, torch.nn.ReLU) for layer in network) == len(widths) - 2


@pytest.mark.parametrize("pixels, hidden, latent", [(784, 400, 20), (10, 7, 3), (5, 8, 1)])
def test_multiplications_of_a_step_are_those_that_pytorch_counts(pixels, hidden, latent):
    encoder, decoder = [pixels, hidden, 2 * latent], [latent, hidden, pixels]
    networks = perceptron(encoder), perceptron(decoder).requires_grad_(False)
    z = torch.zeros(1, latent, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        networks[1](z).sum().backward()
    assert step_multiplications(decoder) == counter.get_total_flops() // 2
    with FlopCounterMode(display=False) as counter:
        networks[1](networks[0](torch.zeros(1, pixels))[:, :latent]).sum().backward()
    assert training_multiplications(encoder, decoder) == counter.get_total_flops() // 2


def test_the_crossing_is_where_the_costs_change_places():
    crossing = int(cost_crossing(64, 10**6, ENCODER, DECODER))
    before, after = crossing - 1, crossing
    costs = [
        (instance_cost(n, 64, DECODER), amortized_cost(n, 10**6, ENCODER, DECODER)) for n in (before, after)
    ]
    assert costs[0][0] < costs[0][1] and costs[1][0] >= costs[1][1]
    steps, training = sp.symbols("T B", positive=True)
    formula = cost_crossing(steps, training, ENCODER, DECODER)
    assert sp.ceiling(formula.subs({steps: 64, training: 10**6})) == crossing


# The bias.


@SEEDS
def test_the_bias_of_the_bound_is_minus_both_gaps(seed):
    """Fails on right code with a probability of at most 1e-9 a seed, by the normal approximation."""
    model, generator = linear_model(2, 1, seed)
    u = torch.tensor([[-2.0], [0.5], [3.0]], dtype=torch.float64)
    mean, scale_tril = model.posterior(u)
    scale = diagonal_projection(scale_tril, "reverse")
    mean_q = mean + torch.tensor([0.3, -0.2], dtype=torch.float64)
    gaps = datum_gaps(mean_q, 1.2 * scale, mean, scale_tril)

    def one_sample_bounds(count, generator):
        noise = torch.randn(count, 3, 2, generator=generator, dtype=torch.float64)
        z = mean_q + 1.2 * scale * noise
        log_q = Independent(Normal(mean_q, 1.2 * scale), 1).log_prob(z)
        return bounds.elbo((model.log_joint(u, z) - log_q).unsqueeze(-1), dim=-1)

    estimate = monte_carlo(one_sample_bounds, 200_000, confidence=1 - 1e-9, generator=generator)
    assert estimate.contains(model.log_evidence(u) - gaps.total)
    assert not estimate.contains(model.log_evidence(u) + gaps.total)  # the sign
    assert not estimate.contains(model.log_evidence(u) - gaps.approximation)  # one gap alone


# Encoders.


def test_the_polynomial_is_numpys():
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(9, generator=generator, dtype=torch.float64) * 2 - 1
    targets = torch.randn(9, 2, generator=generator, dtype=torch.float64)
    for degree in range(6):
        for blind in (False, True):
            encoder = PolynomialEncoder.fit(x, targets, degree, blind=blind)
            seen = (x.abs() if blind else x).numpy()
            expected = np.polynomial.polynomial.polyfit(seen, targets.numpy(), degree)
            np.testing.assert_allclose(encoder.coefficients.detach(), expected, rtol=1e-6, atol=1e-7)
            places = torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3)
            values = np.polynomial.polynomial.polyval((places.abs() if blind else places).numpy(), expected)
            np.testing.assert_allclose(
                encoder(places).detach(), np.moveaxis(values, 0, -1), rtol=1e-6, atol=1e-7
            )


def test_the_least_squares_encoder_maximises_the_bound():
    model, generator = linear_model(2, 1, 3)
    u = torch.randn(8, 1, generator=generator, dtype=torch.float64)
    x = u[:, 0] / (1 + u[:, 0] ** 2).sqrt()
    mean, scale_tril = model.posterior(u)
    scale = diagonal_projection(scale_tril, "reverse")
    encoder = PolynomialEncoder.fit(x, mean, 2)
    total = datum_gaps(encoder(x), scale, mean, scale_tril).total.sum()
    (gradient,) = torch.autograd.grad(total, encoder.coefficients)
    assert gradient.abs().max() < 1e-10
    before = math.inf
    for degree in range(6):
        with torch.no_grad():
            now = datum_gaps(PolynomialEncoder.fit(x, mean, degree)(x), scale, mean, scale_tril).total.sum()
        assert now <= before + 1e-12
        before = now


def test_the_blind_encoder_pays_a_quarter_of_a_nat():
    model = LinearGaussian(torch.ones(1, 1).double(), torch.zeros(1).double(), torch.ones(1).double())
    x = torch.tensor([1.0, -1.0], dtype=torch.float64)
    mean, scale_tril = model.posterior(x.unsqueeze(-1))
    scale = diagonal_projection(scale_tril, "reverse")
    for blind, paid in ((True, 0.25), (False, 0.0)):
        for degree in (0,) if blind else (1,):
            with torch.no_grad():
                answer = PolynomialEncoder.fit(x, mean, degree, blind=blind)(x)
            close(datum_gaps(answer, scale, mean, scale_tril).amortization, torch.full((2,), paid).double())


# Bad input.

ONE, TWO = torch.ones(1), torch.ones(2)
EYE = torch.eye(2)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: mean_field_gap([[1, 2], [2, 1]]), r"precision: .* leading minor of size 2 is -3, expected"),
        (lambda: mean_field_gap([[1, 2], [0, 1]]), r"precision: .* expected a symmetric matrix"),
        (lambda: mean_field_gap([[1, 2]]), r"precision: got shape \(1, 2\), expected \(d, d\)"),
        (lambda: mean_field_gap(-1), r"precision: .* expected a positive definite"),
        (lambda: mean_field_divergence([0], [1, 1], [0, 0], sp.eye(2)), r"mean: got 1 entries, expected 2"),
        (lambda: mean_field_divergence(0, -1, 0, 1), r"scale: got -1, expected positive standard deviations"),
        (lambda: amortization_gap([0, 0], [1, 1], [0], sp.eye(2)), r"posterior_mean: got 1 entries, expected 2"),
        (lambda: contraction(0, 2), r"learning_rate: got 0, expected a positive number"),
        (lambda: steps_to_tolerance(0, sp.Rational(1, 2), 1), r"error: got 0, expected a positive number"),
        (lambda: steps_to_tolerance(1, sp.Rational(1, 2), -1), r"tolerance: got -1, expected a positive"),
        (lambda: steps_to_tolerance(1, 1, sp.Rational(1, 9)), r"factor: got 1, expected a number between 0 and 1"),
        (lambda: parameter_count([3]), r"widths: got \[3\], expected at least two widths"),
        (lambda: parameter_count("ab"), r"widths: got 'ab', expected at least two widths"),
        (lambda: parameter_count([3, 0]), r"widths: got 0, expected positive whole numbers"),
        (lambda: multiplication_count([3, 2.5]), r"widths: got 2.5, expected positive whole numbers"),
        (lambda: parameter_count([3, True]), r"widths: got True, expected positive whole numbers"),
        (lambda: step_multiplications([2]), r"decoder: got \[2\], expected at least two widths"),
        (lambda: training_multiplications([2], [2, 2]), r"encoder: got \[2\], expected at least two widths"),
        (lambda: break_even(0, 3), r"parameters: got 0, expected a positive number"),
        (lambda: break_even(3, -1), r"numbers_per_datum: got -1, expected a positive number"),
        (lambda: cost_crossing(1, 10, [50, 50, 50], [1, 1]), r"steps: got 1, expected so many that they cost more"),
        (lambda: perceptron([3]), r"widths: got \[3\]"),
        (lambda: count_parameters(3), r"module: got int, expected a torch.nn.Module"),
        (lambda: datum_gaps(TWO, 0 * TWO, TWO, EYE), r"scale_q: got 0, expected positive standard deviations"),
        (lambda: datum_gaps(ONE, TWO, TWO, EYE), r"mean_q: got shape \(1,\), expected \(\.\.\., 2\)"),
        (lambda: datum_gaps(TWO.double(), TWO, TWO, EYE), r"mean_q: got torch.float64"),
        (
            lambda: datum_gaps(torch.ones(3, 2), TWO, torch.ones(4, 2), EYE),
            r"mean_q, scale_q, mean, scale_tril: got shapes .* expected batches that broadcast",
        ),
        (lambda: gradient_ascent(TWO, TWO, EYE, 0, 3), r"learning_rate: got 0, expected a finite number above 0"),
        (lambda: gradient_ascent(TWO, TWO, EYE, True, 3), r"learning_rate: got True, expected a finite number"),
        (lambda: gradient_ascent(TWO, TWO, EYE, 0.1, -1), r"steps: got -1, expected a whole number"),
        (lambda: gradient_ascent(TWO, ONE, EYE, 0.1, 1), r"mean: got shape \(1,\), expected \(\.\.\., 2\)"),
        (lambda: gradient_ascent(TWO, TWO, ONE, 0.1, 1), r"precision: got shape"),
        (lambda: PolynomialEncoder(TWO), r"coefficients: got shape \(2,\)"),
        (lambda: PolynomialEncoder.fit(TWO, torch.ones(3, 1), 0), r"x, targets: got shapes \(2,\) and \(3, 1\)"),
        (lambda: PolynomialEncoder.fit(TWO, torch.ones(2, 1), 1), r"degree: got 1, expected less than 1, the"),
        (
            lambda: PolynomialEncoder.fit(torch.tensor([-1.0, 1.0]), torch.ones(2, 1), 1, blind=True),
            r"degree: got 1, expected less than 1",
        ),
        (lambda: PolynomialEncoder.fit(TWO[:0], torch.ones(0, 1), 0), r"degree: got 0, expected less than 0"),
        (lambda: PolynomialEncoder.fit(TWO, torch.ones(2, 1), -1), r"degree: got -1, expected a whole number"),
        (lambda: PolynomialEncoder.fit(TWO, torch.ones(2, 1), True), r"degree: got True, expected a whole number"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_package_has_no_other_names():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        amortization.nothing  # noqa: B018
    assert all(getattr(amortization, name) for name in amortization.__all__)
