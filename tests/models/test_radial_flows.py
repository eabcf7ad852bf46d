"""Radial and planar flows and contractive residual blocks, beyond what every invertible map is asked."""

import math

import pytest
import sympy as sp
import torch

from helpers.checks import jacobian, monte_carlo
from helpers.models import flows
from helpers.models.flows import ContractiveResidual, PlanarFlow, RadialFlow

r, rho, alpha, beta = sp.symbols("r rho alpha beta", real=True)


def vector(*entries):
    return torch.tensor(entries, dtype=torch.float64)


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# The radial flow.


@pytest.mark.parametrize("size", [1, 2, 3, 6])
@pytest.mark.parametrize("strength", [2.5, -0.4, -1.3])
def test_a_radial_flow_does_what_its_formula_says_point_by_point(size, strength):
    """The twin: loops over numbers, and the determinant of the whole matrix."""
    scale, center, points = 1.3, normal(size, seed=1), normal(4, size)
    images, log_dets = RadialFlow(center, scale, strength)(points)
    for point, image, log_det in zip(points.tolist(), images.tolist(), log_dets.tolist(), strict=True):
        offset = [x - c for x, c in zip(point, center.tolist(), strict=True)]
        distance = math.hypot(*offset)
        factor = 1 + strength / (scale + distance)
        assert image == pytest.approx([c + factor * v for c, v in zip(center.tolist(), offset, strict=True)])
        slope = -strength / (distance * (scale + distance) ** 2)
        column = sp.Matrix(offset)
        matrix = factor * sp.eye(size) + slope * column * column.T
        assert math.exp(log_det) == pytest.approx(float(matrix.det()), rel=1e-9)


@pytest.mark.parametrize("strength", [3.0, 0.0, -0.5, -0.7])
def test_the_formulas_and_the_module_agree(strength):
    point, scale = vector(0.3, -0.9, 0.2), 0.7
    image, log_det = RadialFlow(torch.zeros(3, dtype=torch.float64), scale, strength)(point)
    at = (point.norm().item(), scale, strength)
    assert image.norm().item() == pytest.approx(float(flows.radial_distance(*at)))
    assert log_det.exp().item() == pytest.approx(float(flows.radial_determinant(*at, 3)))
    assert float(flows.radial_preimage(image.norm().item(), scale, strength)) == pytest.approx(at[0])


def test_the_stretches_are_as_the_chapter_writes_them():
    assert sp.simplify(flows.radial_stretch(r, alpha, beta) - (1 + beta / (alpha + r))) == 0
    slope = sp.diff(r + beta * r / (alpha + r), r)
    assert sp.simplify(flows.radial_slope(r, alpha, beta) - slope) == 0


def test_at_the_limit_the_centre_stays_and_its_jacobian_is_singular():
    flow = RadialFlow(vector(0.5, -0.5), 1.0, -1.0)
    image, log_det = flow(flow.center.detach())
    back, log_det_back = flow.inverse(flow.center.detach())
    assert torch.equal(image, flow.center) and torch.equal(back, flow.center)
    assert log_det == -math.inf and log_det_back == math.inf


def test_at_the_limit_distances_square_near_the_centre_and_still_come_back():
    """No digit is lost: q = r / (α + r) there, computed without 1 − α / (α + r)."""
    flow = RadialFlow(torch.zeros(2, dtype=torch.float64), 1.0, -1.0)
    for distance in (1e-3, 1e-6, 1e-9):
        point = vector(0.6 * distance, 0.8 * distance)
        image, _ = flow(point)
        assert image.norm().item() == pytest.approx(distance**2 / (1 + distance), rel=1e-12)
        torch.testing.assert_close(flow.inverse(image)[0], point, rtol=1e-12, atol=0)


def test_the_inverse_keeps_its_digits_where_the_flow_is_strong():
    """ρ − α − β is large and negative: the textbook root would subtract near equals."""
    flow = RadialFlow(torch.zeros(1, dtype=torch.float64), 1.0, 1e9)
    point = vector(1e-6)
    torch.testing.assert_close(flow.inverse(flow(point)[0])[0], point, rtol=1e-12, atol=0)


def test_below_the_limit_a_sphere_would_collapse():
    assert flows.radial_distance(1, 1, -2) == 0
    directions = normal(7, 3)
    on_sphere = directions / directions.norm(dim=-1, keepdim=True)
    # The map itself, past the module's refusal.
    assert (on_sphere + -2.0 / (1.0 + 1.0) * on_sphere).abs().max() < 1e-15


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((torch.zeros(2), 1.0, -2.0), r"beta: got -2\.0, expected at least -alpha = -1\.0"),
        ((torch.zeros(2), 0.0, 1.0), r"alpha: got 0\.0, expected a positive number"),
        ((torch.zeros(2), -1.0, 2.0), r"alpha: got -1\.0"),
        ((torch.zeros(2), math.nan, 2.0), r"alpha: got nan, expected a finite number"),
        ((torch.zeros(2), 1.0, torch.ones(2)), r"beta: got .*expected a finite number"),
        ((torch.zeros(2, 2), 1.0, 1.0), r"center: got shape \(2, 2\), expected \(D,\)"),
        ((torch.zeros(2).long(), 1.0, 1.0), r"center: got torch\.int64"),
        (([0.0], 1.0, 1.0), r"center: got list"),
    ],
)
def test_what_is_no_radial_flow_is_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        RadialFlow(*arguments)


@pytest.mark.parametrize("direction", ["forward", "inverse"])
def test_a_strength_that_training_made_inadmissible_is_refused(direction):
    flow = RadialFlow(torch.zeros(2), 1.0, -0.5)
    with torch.no_grad():
        flow.beta.fill_(-1.5)
    with pytest.raises(ValueError, match=r"^beta: got -1\.5, expected at least -alpha = -1\.0"):
        getattr(flow, direction)(torch.ones(2))


# The planar flow.


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_planar_flow_does_what_its_formula_says(size):
    w, u, b = normal(size, seed=2), normal(size, seed=3), 0.4
    if w @ u < -1:
        u = -u
    points = normal(5, size)
    images, log_dets = PlanarFlow(w, u, b)(points)
    for point, image, log_det in zip(points, images, log_dets, strict=True):
        t = sum(x * y for x, y in zip(w.tolist(), point.tolist(), strict=True)) + b
        assert image.tolist() == pytest.approx((point + u * math.tanh(t)).tolist())
        matrix = torch.eye(size, dtype=torch.float64) + torch.outer(u, w) / math.cosh(t) ** 2
        assert log_det.item() == pytest.approx(torch.linalg.slogdet(matrix).logabsdet.item(), abs=1e-12)
        slope = 1 / math.cosh(t) ** 2
        assert log_det.exp().item() == pytest.approx(flows.planar_determinant(slope, (w @ u).item()))


def test_at_the_limit_a_plane_has_a_singular_jacobian_and_still_comes_back():
    flow = PlanarFlow(vector(1.0, 0.0), vector(-1.0, 2.0), 0.0)
    point = vector(0.0, 0.7)
    image, log_det = flow(point)
    assert log_det == -math.inf
    # A rounding of y moves x by its cube root, 6e-6, and then the slope there is the square of that.
    back, log_det_back = flow.inverse(image)
    torch.testing.assert_close(back, point, rtol=0, atol=5e-5)
    assert log_det_back > -math.log(2e-9)
    beside = vector(1e-3, 0.7)
    torch.testing.assert_close(flow.inverse(flow(beside)[0])[0], beside, rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e4, 1e8])
def test_the_planar_inverse_finds_points_of_every_size(size):
    flow = PlanarFlow(vector(1.5, -0.5), vector(-0.6, 0.1), 0.2)
    points = size * normal(20, 2)
    back, _ = flow.inverse(flow(points)[0])
    torch.testing.assert_close(back, points, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("factor", [-40.0, -3.0, 0.0, 5.0])
def test_the_repaired_direction(factor):
    w, u = vector(1.0, 2.0), factor * vector(0.5, 0.3)
    flow = PlanarFlow.repaired(w, u, 0.1)
    inner = (w @ u).item()
    assert (flow.w @ flow.u).item() == pytest.approx(-1 + math.log1p(math.exp(inner)), abs=1e-12)
    on_plane = -0.1 * w / (w @ w)
    assert not torch.isnan(flow(on_plane)[1]), "where the slope is smallest"
    expected = flows.repaired_direction(sp.Matrix(u.tolist()), sp.Matrix(w.tolist()))
    assert flow.u.tolist() == pytest.approx([float(x) for x in expected])
    # Only the part along w has changed.
    across = vector(2.0, -1.0)
    assert (flow.u @ across).item() == pytest.approx((u @ across).item())


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((vector(3.0, 4.0), vector(-1.0, 0.0), 0.0), r"u: got w·u = -3\.0, expected at least -1"),
        ((vector(0.0, 0.0), vector(1.0, 0.0), 0.0), r"w: got zeros"),
        ((vector(1.0, 0.0), vector(1.0), 0.0), r"u: got shape \(1,\)"),
        ((vector(1.0), vector(1.0).float(), 0.0), r"u: got torch\.float32 .*expected torch\.float64"),
        ((vector(1.0), vector(math.inf), 0.0), r"u: got NaN or infinity"),
        ((vector(1.0), vector(1.0), math.inf), r"b: got inf, expected a finite number"),
        ((vector(1.0), vector(1.0), "one"), r"b: got 'one', expected a finite number"),
        ((vector(1.0).float(), vector(1.0).float(), 1e39), r"b: got 1e\+39, expected a finite number"),
        ((torch.ones(2, 2), torch.ones(2), 0.0), r"w: got shape \(2, 2\), expected \(D,\)"),
    ],
)
def test_what_is_no_planar_flow_is_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        PlanarFlow(*arguments)
    if message.startswith("b"):
        with pytest.raises(ValueError, match=f"^{message}"):
            PlanarFlow.repaired(*arguments)


@pytest.mark.parametrize("direction", ["forward", "inverse"])
def test_a_direction_that_training_made_inadmissible_is_refused(direction):
    flow = PlanarFlow(vector(1.0), vector(0.5), 0.0)
    with torch.no_grad():
        flow.u.fill_(-2.0)
    with pytest.raises(ValueError, match=r"^u: got w·u = -2\.0"):
        getattr(flow, direction)(vector(1.0))


# Contractive residual blocks.


def block(dimension=3, width=8, lipschitz=0.7, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return ContractiveResidual.random(dimension, width, lipschitz, generator=generator)


def steep_block(lipschitz=0.8):
    """Its Jacobian at 0 is symmetric with eigenvalues down to -L."""
    weight = normal(9, 3, seed=4)
    return ContractiveResidual(
        [weight, -weight.T], [torch.zeros(9).double(), torch.zeros(3).double()], lipschitz
    )


@pytest.mark.parametrize("make", [block, steep_block])
def test_the_lipschitz_constant_is_enforced(make):
    module = make()
    x, y = 2 * normal(200, 3, seed=5), 2 * normal(200, 3, seed=6)
    with torch.no_grad():
        ratio = (module.residual(x) - module.residual(y)).norm(dim=-1) / (x - y).norm(dim=-1)
        largest = torch.linalg.matrix_norm(module.jacobian(x), ord=2).max()
    assert ratio.max() <= module.lipschitz
    assert largest <= module.lipschitz + 1e-12


def test_the_constant_is_reached_and_not_undershot_by_far():
    """Half of it would pass the test above."""
    module = steep_block(0.8)
    at_zero = module.jacobian(torch.zeros(3, dtype=torch.float64))
    assert torch.linalg.eigvalsh(at_zero).min().item() == pytest.approx(-0.8, abs=1e-12)


def test_small_weights_are_left_alone():
    weight = vector(0.2).reshape(1, 1)
    module = ContractiveResidual([weight], [vector(0.1)], 0.9)
    assert module.residual(vector(2.0)).item() == pytest.approx(0.2 * 2 + 0.1)


def test_the_jacobian_of_the_residual_is_autograds():
    module, x = block(), normal(4, 3)
    torch.testing.assert_close(module.jacobian(x), jacobian(module.residual, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("make", [block, steep_block])
def test_the_series_is_as_near_as_its_bound_says(make):
    module, x = make(), 0.5 * normal(20, 3)
    with torch.no_grad():
        exact = module(x)[1]
        series = module.log_det_series(x, 30)
    assert series.shape == (20, 30)
    for n in range(1, 31):
        assert (series[:, n - 1] - exact).abs().max() <= module.truncation_bound(n) + 1e-14


def test_the_bound_is_reached_at_the_worst_block():
    minus = ContractiveResidual([-torch.eye(2).double()], [torch.zeros(2).double()], 0.6)
    x = normal(2)
    error = (minus.log_det_series(x, 7)[-1] - minus(x)[1]).abs().item()
    assert error == pytest.approx(minus.truncation_bound(7), rel=1e-10)
    tail = 2 * sum(0.6**k / k for k in range(8, 200))
    assert minus.truncation_bound(7) == pytest.approx(tail, rel=1e-10)


def test_estimates_have_the_right_mean():
    """Each fails on right code with probability at most 1e-9."""
    module, generator = steep_block(0.6), torch.Generator().manual_seed(7)
    x = 0.3 * normal(3)
    with torch.no_grad():
        exact, series = module(x)[1], module.log_det_series(x, 3)
        truncated = monte_carlo(
            lambda k, rng: module.hutchinson_series(x.expand(k, 3), 3, generator=rng),
            20000,
            generator=generator,
        )
        roulette = monte_carlo(
            lambda k, rng: module.russian_roulette(x.expand(k, 3), generator=rng), 20000, generator=generator
        )
    assert truncated.contains(series[-1])
    assert roulette.contains(exact)
    # The intervals are narrow enough to tell the two apart, and a series of one term more or less.
    assert not truncated.contains(exact) and not roulette.contains(series[-1])
    assert not truncated.contains(series[-2])


def test_the_roulette_stops_after_a_geometric_number_of_terms():
    """In one dimension the signs do not matter, and the draws are partial sums with their weights."""
    module = ContractiveResidual([vector(-0.5).reshape(1, 1)], [vector(0.0)], 0.5)
    draws = module.russian_roulette(
        torch.ones(4000, 1, dtype=torch.float64),
        generator=torch.Generator().manual_seed(1),
        continue_probability=0.4,
    )
    sums = [sum(-(0.5**k) / k / 0.4 ** (k - 1) for k in range(1, n + 1)) for n in range(1, 60)]
    distance = (draws.unsqueeze(-1) - vector(*sums)).abs().min(dim=-1).values
    assert distance.max() < 1e-12
    share = (draws - sums[0]).abs() < 1e-12
    # 0.6 of 4000 coins: five standard deviations are 155, and further off has probability 6e-7.
    assert abs(share.sum().item() - 2400) < 155


def test_the_same_generator_makes_the_same_estimates():
    module, x = block(), normal(5, 3)

    def draws():
        generator = torch.Generator().manual_seed(3)
        first = module.hutchinson_series(x, 4, generator=generator)
        return torch.cat([first, module.russian_roulette(x, generator=generator, continue_probability=0.6)])

    assert torch.equal(draws(), draws())


@pytest.mark.parametrize("shape", [(0, 3), (3,), (2, 4, 3)])
def test_estimates_of_batches(shape):
    module, x = block(), torch.ones(shape, dtype=torch.float64)
    generator = torch.Generator().manual_seed(0)
    estimates = (
        module.hutchinson_series(x, 2, generator=generator),
        module.russian_roulette(x, generator=generator, continue_probability=0.6),
    )
    assert all(estimate.shape == shape[:-1] for estimate in estimates)


def test_estimates_carry_gradients_to_the_weights():
    module, x = block(), normal(5, 3)
    total = module.hutchinson_series(x, 4, generator=torch.Generator().manual_seed(0)).sum()
    (gradient,) = torch.autograd.grad(total, [module.weights[0]])
    assert gradient.abs().max() > 0 and torch.isfinite(gradient).all()


def test_an_inverse_that_does_not_converge_says_by_how_much():
    module = block()
    module._layers = lambda: [(3 * torch.eye(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64))]
    with pytest.raises(ValueError, match=r"residual .* is "):
        module.inverse(normal(2, 3))


EYE, ZEROS = torch.eye(2), torch.zeros(2)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([EYE], [ZEROS], 1.0), r"lipschitz: got 1\.0, expected a number from above 0 to below 1"),
        (([EYE], [ZEROS], 0.0), r"lipschitz: got 0\.0"),
        (([EYE], [ZEROS], math.nan), r"lipschitz: got nan"),
        (([EYE], [ZEROS], True), r"lipschitz: got True"),
        (([], [], 0.5), r"weights, biases: got 0 and 0"),
        (([EYE], [], 0.5), r"weights, biases: got 1 and 0"),
        (([torch.ones(3, 2)], [torch.zeros(3)], 0.5), r"weights: got a network from 2 to 3 entries"),
        (([torch.ones(3, 2), EYE], [torch.zeros(3), ZEROS], 0.5), r"weights: got shape \(2, 2\)"),
        (([EYE], [torch.zeros(3)], 0.5), r"biases: got shape \(3,\)"),
        (([EYE], [ZEROS.double()], 0.5), r"weights, biases: got shapes .*float64"),
        (([EYE * math.nan], [ZEROS], 0.5), r"weights: got NaN"),
    ],
)
def test_what_is_no_contractive_block_is_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        ContractiveResidual(*arguments)


def test_bad_numbers_of_terms_and_chances_are_refused():
    module, x, generator = block(), normal(3), torch.Generator()
    for terms in (0, -1, 1.5, True):
        for call in (
            lambda terms: module.log_det_series(x, terms),
            lambda terms: module.hutchinson_series(x, terms, generator=generator),
        ):
            with pytest.raises(ValueError, match=r"^terms: got .*expected a whole number of at least 1"):
                call(terms)
    with pytest.raises(ValueError, match=r"^terms: got -1"):
        module.truncation_bound(-1)
    for chance in (0.48, 0.2, 1.0, math.nan):
        with pytest.raises(
            ValueError, match=r"^continue_probability: got .*expected from above lipschitz² = 0\.49"
        ):
            module.russian_roulette(x, generator=generator, continue_probability=chance)


def test_a_block_that_sees_zeros_stays_finite():
    """The largest singular value of a zero matrix must not be divided by."""
    module = ContractiveResidual([EYE.double() * 0], [ZEROS.double()], 0.5)
    y, log_det = module(normal(4, 2))
    assert torch.isfinite(y).all() and torch.equal(log_det, torch.zeros(4).double())
