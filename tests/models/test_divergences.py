"""Divergences of finite laws, tables and Gaussian pairs: against torch.distributions, exact sums and other ways."""

import math
from fractions import Fraction

import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.checks import monte_carlo
from helpers.models import divergences, gaussians

HALF = sp.Rational(1, 2)


def laws(*shape, seed=0, sharpness=1.0):
    generator = torch.Generator().manual_seed(seed)
    weights = torch.rand(*shape, generator=generator, dtype=torch.float64) ** sharpness
    return weights / weights.sum(-1, keepdim=True)


def categorical(q, p):
    law = torch.distributions.Categorical
    return torch.distributions.kl_divergence(law(probs=q), law(probs=p))


def in_fractions(q, p) -> float:
    """The divergence of two lists, exact up to the last rounding of each logarithm."""
    first, second = ([Fraction(value) for value in law] for law in (q, p))
    first, second = ([value / sum(law) for value in law] for law in (first, second))
    terms = [sp.Rational(a) * sp.log(sp.Rational(a / b)) for a, b in zip(first, second, strict=True) if a]
    return float(sp.N(sp.Add(*terms), 40))


def test_agrees_with_torch_where_ratios_are_moderate():
    q, p = laws(300, 7, seed=1), laws(300, 7, seed=2)
    torch.testing.assert_close(divergences.kl_divergence(q, p), categorical(q, p), rtol=1e-13, atol=1e-15)


def test_agrees_with_exact_arithmetic_where_ratios_are_not():
    q, p = laws(40, 5, seed=3, sharpness=12), laws(40, 5, seed=4, sharpness=12)
    assert (q / p).max() > 1e6 and (p / q).max() > 1e6
    found = divergences.kl_divergence(q, p)
    for i in range(40):
        assert found[i].item() == pytest.approx(in_fractions(q[i].tolist(), p[i].tolist()), rel=1e-13)


def test_keeps_its_digits_for_almost_equal_laws():
    q = laws(6, seed=5)
    direction = torch.tensor([1.0, -1, 1, -1, 0.5, -0.5], dtype=torch.float64)
    for size in (1e-4, 1e-6, 1e-8):
        p = q + size * direction
        exact = in_fractions(q.tolist(), p.tolist())
        assert divergences.kl_divergence(q, p).item() == pytest.approx(exact, rel=1e-6)
        # what the sum of logarithms makes of it
        naive = (q * (q / p).log()).sum().item()
        assert size > 1e-7 or abs(naive - exact) > 1e-6 * exact


def test_probabilities_of_zero():
    q = torch.tensor([0.5, 0.5, 0.0], dtype=torch.float64)
    p = torch.tensor([0.25, 0.25, 0.5], dtype=torch.float64)
    assert divergences.kl_divergence(q, p).item() == pytest.approx(math.log(2), rel=1e-15)
    assert divergences.kl_divergence(p, q).item() == math.inf
    assert divergences.mass_on_support(q, p).item() == 0.5
    assert divergences.mass_on_support(p, q).item() == 1.0
    both = torch.tensor([0.5, 0.5, 0.0], dtype=torch.float64)
    assert divergences.kl_divergence(q, both).item() == 0
    tiny = torch.tensor([1e-310, 1 - 1e-310], dtype=torch.float64)
    even = torch.tensor([0.5, 0.5], dtype=torch.float64)
    assert divergences.kl_divergence(tiny, even).item() == pytest.approx(math.log(2), rel=1e-14)
    assert divergences.kl_divergence(even, tiny).item() == pytest.approx(
        in_fractions([0.5, 0.5], tiny.tolist())
    )


def test_never_below_the_two_bounds():
    q, p = laws(3000, 4, seed=6, sharpness=4), laws(3000, 4, seed=7, sharpness=4)
    q[:1500, 0] = 0
    q = q / q.sum(-1, keepdim=True)
    divergence, mass = divergences.kl_divergence(q, p), divergences.mass_on_support(q, p)
    assert (mass[:1500] < 1).all() and (mass > 0).all()
    assert (divergence >= -mass.log() - 1e-12).all()
    assert (-mass.log() >= 1 - mass - 1e-15).all()


@pytest.mark.parametrize("name", divergences.GENERATORS)
def test_f_divergences_by_their_definition(name):
    q, p = laws(50, 1, 5, seed=8), laws(4, 5, seed=9)
    found = divergences.f_divergence(q, p, name)
    u = sp.Symbol("u", positive=True)
    function = sp.lambdify(u, divergences.generator(name, u), "math")
    for i in range(0, 50, 7):
        for j in range(4):
            expected = sum(b * function(a / b) for a, b in zip(q[i, 0].tolist(), p[j].tolist(), strict=True))
            assert found[i, j].item() == pytest.approx(expected, rel=1e-12)
    assert (found >= 0).all()
    assert divergences.f_divergence(q, q, name).abs().max() < 1e-15


def test_f_divergences_that_are_known_otherwise():
    q, p = laws(30, 6, seed=10), laws(30, 6, seed=11)
    of = divergences.f_divergence
    torch.testing.assert_close(of(q, p, "kl"), categorical(q, p))
    torch.testing.assert_close(of(q, p, "reverse_kl"), categorical(p, q))
    torch.testing.assert_close(of(q, p, "total_variation"), (q - p).abs().sum(-1) / 2)
    torch.testing.assert_close(of(q, p, "chi_squared"), ((q - p) ** 2 / p).sum(-1))
    torch.testing.assert_close(of(q, p, "squared_hellinger"), 2 - 2 * (q * p).sqrt().sum(-1))


@pytest.mark.parametrize(
    "name, q_outside, p_outside",
    [
        ("kl", math.inf, math.log(2)),
        ("reverse_kl", math.log(2), math.inf),
        ("chi_squared", math.inf, 1.0),
        ("total_variation", 0.5, 0.5),
        ("squared_hellinger", 2 - math.sqrt(2), 2 - math.sqrt(2)),
    ],
)
def test_f_divergences_without_common_support(name, q_outside, p_outside):
    all_of_it, half = torch.tensor([[1.0, 0.0], [0.5, 0.5]], dtype=torch.float64)
    assert divergences.f_divergence(half, all_of_it, name).item() == pytest.approx(q_outside)
    assert divergences.f_divergence(all_of_it, half, name).item() == pytest.approx(p_outside)


def tables(*shape, seed=0):
    flat = laws(*shape[:-2], shape[-2] * shape[-1], seed=seed)
    return flat.unflatten(-1, shape[-2:])


def test_the_chain_rule_and_its_parts():
    q, p = tables(60, 3, 4, seed=12), tables(60, 3, 4, seed=13)
    rows, conditionals = divergences.chain_rule(q, p)
    torch.testing.assert_close(rows + conditionals, categorical(q.flatten(-2), p.flatten(-2)))
    torch.testing.assert_close(rows, categorical(q.sum(-1), p.sum(-1)))
    by_rows = categorical(q / q.sum(-1, keepdim=True), p / p.sum(-1, keepdim=True))
    torch.testing.assert_close(conditionals, (q.sum(-1) * by_rows).sum(-1))
    # Along the other coordinate the parts are others, and the sum is the same.
    other = divergences.chain_rule(q.mT, p.mT)
    torch.testing.assert_close(sum(other), rows + conditionals)
    assert (other[0] - rows).abs().min() > 1e-6


def test_the_chain_rule_with_rows_that_are_empty():
    q = torch.tensor([[0.5, 0.5], [0.0, 0.0]], dtype=torch.float64)
    p = torch.full((2, 2), 0.25, dtype=torch.float64)
    assert [part.item() for part in divergences.chain_rule(q, p)] == [pytest.approx(math.log(2)), 0]
    assert [part.item() for part in divergences.chain_rule(p, q)] == [math.inf, 0]


def test_total_correlation_by_entropies():
    table = laws(20, 24, seed=14).unflatten(-1, (2, 3, 4))
    entropy = lambda law: torch.distributions.Categorical(probs=law).entropy()  # noqa: E731
    single = [entropy(table.sum(axes)) for axes in ((-2, -1), (-3, -1), (-3, -2))]
    expected = sum(single) - entropy(table.flatten(-3))
    torch.testing.assert_close(divergences.total_correlation(table, 3), expected)
    pair = table.sum(-1)
    expected = single[0] + single[1] - entropy(pair.flatten(-2))
    torch.testing.assert_close(divergences.total_correlation(pair), expected)
    product = pair.sum(-1, keepdim=True) * pair.sum(-2, keepdim=True)
    assert divergences.total_correlation(product).abs().max() < 1e-15


def test_independent_coordinates_add_and_dependent_ones_do_not():
    q, p = tables(40, 3, 4, seed=15), tables(40, 3, 4, seed=16)
    apart = [t.sum(-1, keepdim=True) * t.sum(-2, keepdim=True) for t in (q, p)]
    flat = [t.flatten(-2) for t in (q, p, *apart)]
    sums = divergences.kl_divergence(q.sum(-1), p.sum(-1)) + divergences.kl_divergence(q.sum(-2), p.sum(-2))
    torch.testing.assert_close(divergences.kl_divergence(flat[2], flat[3]), sums)
    gap = divergences.kl_divergence(flat[0], flat[3]) - sums
    torch.testing.assert_close(gap, divergences.total_correlation(q))
    assert gap.min() > 1e-3
    assert (divergences.kl_divergence(flat[2], flat[1]) - sums).abs().min() > 1e-4


def covariance(rho: float) -> torch.Tensor:
    return torch.tensor([[1, rho], [rho, 1]], dtype=torch.float64)


@pytest.mark.parametrize("mean, rho_q, rho_p", [(0, 0.8, 0), (0, 0, 0.8), (0.7, 0.3, -0.6), (1.5, -0.9, 0.9)])
def test_the_pair_against_matrices(mean, rho_q, rho_p):
    means = torch.full((2,), float(mean), dtype=torch.float64)
    zero = torch.zeros(2, dtype=torch.float64)
    factors = [gaussians.cholesky_factor(covariance(rho)) for rho in (rho_q, rho_p)]
    exact = gaussians.kl_divergence(means, factors[0], zero, factors[1]).item()
    arguments = [sp.Rational(str(value)) for value in (mean, rho_q, rho_p)]
    found = divergences.pair_divergence(*arguments)
    assert float(found) == pytest.approx(exact, rel=1e-12)
    parts = arguments[0] ** 2 + divergences.total_correlation_of_pair(arguments[1])
    assert float(parts - divergences.cross_term(*arguments)) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_cross_term_by_monte_carlo(seed):
    """Each seed fails on right code with a probability below 1e-9."""
    mean, rho_q, rho_p = 0.5, 0.6, -0.3
    law = torch.distributions.MultivariateNormal
    factor = gaussians.cholesky_factor(covariance(rho_q))
    zero = torch.zeros(2, dtype=torch.float64)
    p, apart = law(zero, covariance(rho_p)), law(zero, covariance(0.0))

    def terms(count, generator):
        draws = torch.randn(count, 2, generator=generator, dtype=torch.float64) @ factor.mT + mean
        return p.log_prob(draws) - apart.log_prob(draws)

    generator = torch.Generator().manual_seed(seed)
    estimate = monte_carlo(terms, 60_000, confidence=1 - 1e-9, generator=generator)
    expected = float(divergences.cross_term(mean, rho_q, rho_p))
    assert estimate.contains(expected)
    assert not estimate.contains(-expected) and not estimate.contains(2 * expected)


@pytest.mark.parametrize("seed", range(6))
def test_the_divergence_by_monte_carlo(seed):
    """Each seed fails on right code with a probability below 1e-9."""
    q, p = torch.tensor([[0.7, 0.2, 0.09, 0.01], [0.25] * 4], dtype=torch.float64)
    ratios = (q / p).log()

    def terms(count, generator):
        return ratios[torch.multinomial(q, count, replacement=True, generator=generator)]

    generator = torch.Generator().manual_seed(seed)
    estimate = monte_carlo(terms, 100_000, confidence=1 - 1e-9, generator=generator)
    assert estimate.contains(divergences.kl_divergence(q, p))
    assert not estimate.contains(divergences.kl_divergence(p, q))


def test_the_formulas():
    t, m = sp.symbols("t m", positive=True)
    assert sp.simplify(divergences.tangent_gap(t) - (t - 1 - sp.log(t))) == 0
    assert divergences.tangent_gap(m, m) == 0
    assert sp.simplify(sp.diff(divergences.tangent(t, m), t) + 1 / m) == 0
    assert divergences.finite_divergence([HALF, 0], [1, 0]) == -sp.log(2) / 2
    assert divergences.finite_divergence([1], [0]) == sp.oo
    for name in divergences.GENERATORS:
        assert divergences.generator(name, sp.Integer(1)) == 0


def test_gradients_of_a_softmax():
    torch.manual_seed(0)
    scores = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    q = laws(3, 5, seed=23)
    divergences.kl_divergence(q, scores.softmax(-1)).sum().backward()
    torch.testing.assert_close(scores.grad, (scores.softmax(-1) - q).detach())
    logits = torch.randn(5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: divergences.kl_divergence(x.softmax(-1), q[0]), logits)
    zero = torch.tensor([0.5, 0.5, 0.0], dtype=torch.float64, requires_grad=True)
    divergences.kl_divergence(zero, laws(3, seed=24)).backward()
    assert torch.isfinite(zero.grad).all()


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_device_batches_and_vmap(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    q, p = laws(3, 1, 5).to(device=device, dtype=dtype), laws(4, 5).to(device=device, dtype=dtype)
    table = tables(3, 2, 4).to(device=device, dtype=dtype)
    results = {
        (3, 4): [
            divergences.kl_divergence(q, p),
            divergences.f_divergence(q, p, "chi_squared"),
            divergences.mass_on_support(q, p),
        ],
        (3,): [divergences.total_correlation(table), *divergences.chain_rule(table, table[:1])],
        (0,): [divergences.kl_divergence(q[:0, 0], p[0]), divergences.total_correlation(table[:0])],
    }
    for shape, found in results.items():
        for value in found:
            assert (value.shape, value.dtype, value.device) == (shape, dtype, q.device)
    mapped = torch.func.vmap(divergences.kl_divergence)(q[:, 0], p[:3])
    torch.testing.assert_close(mapped, divergences.kl_divergence(q[:, 0], p[:3]))
    mapped = torch.func.vmap(divergences.total_correlation)(table)
    torch.testing.assert_close(mapped, divergences.total_correlation(table))


EVEN = torch.full((4,), 0.25, dtype=torch.float64)
SQUARE = torch.full((2, 2), 0.25, dtype=torch.float64)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: divergences.kl_divergence([0.5, 0.5], EVEN),
            "q: got list, expected a floating-point tensor",
        ),
        (lambda: divergences.kl_divergence(EVEN, EVEN.long()), "p: got torch.int64, expected a floating"),
        (lambda: divergences.kl_divergence(2 * EVEN, EVEN), "q: got probabilities of sum 2, expected 1"),
        (lambda: divergences.kl_divergence(EVEN, EVEN - EVEN), "p: got probabilities of sum 0, expected 1"),
        (
            lambda: divergences.kl_divergence(torch.tensor([1.5, -0.5]), torch.tensor([0.5, 0.5])),
            "q: got -0.5, expected no negative probability",
        ),
        (
            lambda: divergences.kl_divergence(EVEN / 0, EVEN),
            "q: got NaN or infinity, expected finite numbers",
        ),
        (
            lambda: divergences.kl_divergence(EVEN, EVEN.float()),
            "p: got torch.float32 on cpu, expected torch.f",
        ),
        (lambda: divergences.kl_divergence(EVEN, SQUARE.flatten()[:1] * 4), "p: got shape"),
        (
            lambda: divergences.kl_divergence(EVEN.expand(2, 4), EVEN.expand(3, 4)),
            "expected batches that broadcast",
        ),
        (lambda: divergences.kl_divergence(EVEN[0], EVEN), "q: got shape"),
        (
            lambda: divergences.f_divergence(EVEN, EVEN, "tv"),
            "name: got 'tv', expected one of kl, reverse_kl",
        ),
        (lambda: divergences.generator("tv", 1), "name: got 'tv', expected one of kl, reverse_kl"),
        (lambda: divergences.total_correlation(SQUARE, 1), "coordinates: got 1, expected a whole number"),
        (lambda: divergences.total_correlation(SQUARE, 3), "table: got shape"),
        (lambda: divergences.total_correlation(2 * SQUARE), "table: got probabilities of sum 2, expected 1"),
        (lambda: divergences.chain_rule(SQUARE, SQUARE.flatten()), "p: got shape"),
        (lambda: divergences.tangent(1, 0), "touch: got 0, expected a positive number"),
        (
            lambda: divergences.finite_divergence([1], [1, 2]),
            "q, p: got 1 and 2 entries, expected equally many",
        ),
        (lambda: divergences.finite_divergence([], []), "q: got [], expected a sequence of at least 1"),
        (lambda: divergences.finite_divergence([1], [-1]), "p: got -1, expected no negative entry"),
        (
            lambda: divergences.pair_divergence(0, 1, 0),
            "rho_q: got 1, expected a correlation between -1 and 1",
        ),
        (lambda: divergences.cross_term(0, 0, -2), "rho_p: got -2, expected a correlation between -1 and 1"),
        (lambda: divergences.total_correlation_of_pair(-1), "rho: got -1, expected a correlation"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)
