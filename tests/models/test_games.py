"""The bilinear game: derived matrices, convergence regions, trajectories and the Dirac-GAN."""

import math
import random

import numpy as np
import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.models import games
from helpers.proof import decide

ETA = sp.Symbol("eta", positive=True)
GAMMA = sp.Symbol("gamma", positive=True)
BETA = sp.Symbol("beta", real=True)
LAMBDA = sp.Symbol("lambda", real=True)

SYMBOLIC = {None: {}, "strength": {"strength": GAMMA}, "momentum": {"momentum": BETA}}
NUMERIC = {None: {}, "strength": {"strength": 0.5}, "momentum": {"momentum": -0.5}}


def symbolic(name):
    return SYMBOLIC[games.METHODS[name].parameter]


def numeric(name):
    return NUMERIC[games.METHODS[name].parameter]


# Written down from the literature on each method, not from the code: the two derivations must meet.
POLYNOMIALS = {
    "simultaneous": (LAMBDA - 1) ** 2 + ETA**2,
    "alternating": LAMBDA**2 - (2 - ETA**2) * LAMBDA + 1,
    "implicit": LAMBDA**2 - 2 * LAMBDA / (1 + ETA**2) + 1 / (1 + ETA**2),
    "extragradient": (LAMBDA - 1 + ETA**2) ** 2 + ETA**2,
    "optimistic": (LAMBDA**2 - LAMBDA) ** 2 + (2 * ETA * LAMBDA - ETA) ** 2,
    "consensus": (LAMBDA - 1 + ETA * GAMMA) ** 2 + ETA**2,
    "penalty": LAMBDA**2 - (2 - ETA * GAMMA) * LAMBDA + 1 - ETA * GAMMA + ETA**2,
    "heavy_ball_simultaneous": (LAMBDA**2 - (1 + BETA) * LAMBDA + BETA) ** 2 + ETA**2 * LAMBDA**2,
    "heavy_ball_alternating": (LAMBDA - 1) ** 2 * (LAMBDA - BETA) ** 2 + ETA**2 * LAMBDA**3,
}


def test_every_method_has_its_polynomial_here():
    assert set(POLYNOMIALS) == set(games.METHODS)


@pytest.mark.parametrize("name", games.METHODS)
def test_characteristic_polynomial(name):
    derived = games.characteristic_polynomial(name, ETA, LAMBDA, **symbolic(name))
    assert decide(derived, POLYNOMIALS[name]).status == "proved"


def test_simultaneous_matrix_has_its_signs():
    assert games.iteration_matrix("simultaneous", ETA) == sp.Matrix([[1, ETA], [-ETA, 1]])


def test_alternating_moves_the_discriminator_first():
    assert games.iteration_matrix("alternating", ETA) == sp.Matrix([[1, ETA], [-ETA, 1 - ETA**2]])


def test_penalty_falls_on_the_discriminator_alone():
    matrix = games.iteration_matrix("penalty", ETA, strength=GAMMA)
    assert sp.expand(matrix - sp.Matrix([[1 - ETA * GAMMA, ETA], [-ETA, 1]])) == sp.zeros(2)


@pytest.mark.parametrize("name", games.METHODS)
def test_the_centre_is_the_only_fixed_point(name):
    matrix = games.iteration_matrix(name, sp.Rational(1, 5), **numeric(name))
    assert len((matrix - sp.eye(matrix.rows)).applyfunc(sp.nsimplify).nullspace()) == 0


@pytest.mark.parametrize("learning_rate", ["1/5", "3/5"])
@pytest.mark.parametrize("name", games.METHODS)
def test_spectral_radius_in_sympy_numpy_and_torch(name, learning_rate):
    rate = sp.Rational(learning_rate)
    exact = {key: sp.Rational(str(value)) for key, value in numeric(name).items()}
    polynomial = sp.Poly(games.characteristic_polynomial(name, rate, LAMBDA, **exact), LAMBDA)
    # Roots of the square-free part: exact arithmetic first, so that a double root costs no digits.
    factors = [factor for factor, _ in sp.factor_list(polynomial)[1]]
    exact_radius = float(
        max(abs(root) for factor in factors for root in sp.Poly(factor, LAMBDA).nroots(n=40))
    )
    matrix = torch.tensor(np.array(games.iteration_matrix(name, rate, **exact), dtype=float))
    assert games.spectral_radius(name, float(rate), **numeric(name)) == pytest.approx(exact_radius, abs=1e-12)
    assert torch.linalg.eigvals(matrix).abs().max().item() == pytest.approx(exact_radius, abs=1e-12)


@pytest.mark.parametrize("name", games.METHODS)
def test_the_region_is_exactly_where_the_spectral_radius_is_below_one(name):
    """3000 points with a fixed seed; a border wrong by 1 % of the range would change about 30 of them."""
    generator = random.Random(20)
    parameter = games.METHODS[name].parameter
    low, high = {"momentum": (-1.2, 1.2), "strength": (0.0, 3.0), None: (0.0, 0.0)}[parameter]
    matrix = sp.lambdify(
        [ETA, *symbolic(name).values()], games.iteration_matrix(name, ETA, **symbolic(name)), "numpy"
    )
    region = sp.lambdify([ETA, *symbolic(name).values()], games.converges(name, ETA, **symbolic(name)))
    decided = 0
    for _ in range(3000):
        point = [generator.uniform(0.01, 2.5)] + ([generator.uniform(low, high)] if parameter else [])
        radius = np.abs(np.linalg.eigvals(np.array(matrix(*point), dtype=float))).max()
        if abs(radius - 1) > 1e-7:  # nearer than this, rounding at a double eigenvalue decides
            decided += 1
            assert bool(region(*point)) == (radius < 1), point
    if name != "alternating":  # its spectral radius is 1 on most of the range
        assert decided > 2900


def test_alternating_conserves_its_energy():
    path = games.simulate("alternating", torch.tensor([0.7, -0.4], dtype=torch.float64), 0.9, 500)
    d, g = path.unbind(-1)
    energy = d**2 + g**2 + 0.9 * d * g
    torch.testing.assert_close(energy, energy[0].expand_as(energy), rtol=1e-12, atol=0)


def test_simultaneous_norm_grows_by_exactly_its_factor():
    path = games.simulate("simultaneous", (0.6, 0.8), 0.2, 100)
    assert path[-1].norm().item() == pytest.approx(1.04**50, rel=1e-13)


def test_simultaneous_turns_clockwise():
    path = games.simulate("simultaneous", (1.0, 0.0), 0.1, 1)
    assert path[1].tolist() == pytest.approx([1.0, -0.1])


@pytest.mark.parametrize("learning_rate", [0.2, 0.6])
@pytest.mark.parametrize("name", games.METHODS)
def test_training_with_optimisers_follows_the_matrix(name, learning_rate):
    trained = games.train(name, (1.0, 0.3), learning_rate, 20, **numeric(name))
    powers = games.simulate(name, (1.0, 0.3), learning_rate, 20, **numeric(name))
    torch.testing.assert_close(trained, powers, rtol=0, atol=1e-13 * powers.abs().max().item())


@pytest.mark.parametrize("name", games.METHODS)
def test_games_trained_together_go_as_each_alone(name):
    starts = torch.tensor([[1.0, 0.3], [0.0, 0.0], [-2.0, 0.1]], dtype=torch.float64).reshape(3, 1, 2)
    together = games.train(name, starts, 0.2, 5, **numeric(name))
    alone = [games.train(name, start, 0.2, 5, **numeric(name)) for start in starts[:, 0]]
    torch.testing.assert_close(together[:, :, 0], torch.stack(alone, dim=1), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("name", games.METHODS)
def test_simulate_in_batches_on_every_device(name, device):
    dtype = torch.float64 if devices.supports_float64(device) else torch.float32
    generator = torch.Generator().manual_seed(3)
    starts = torch.randn(4, 3, 2, generator=generator).to(device, dtype)
    rates = torch.rand(3, generator=generator).to(device, dtype)
    together = games.simulate(name, starts, rates, 5, **numeric(name))
    assert together.shape == (6, 4, 3, 2)
    assert together.dtype == dtype and together.device.type == device.type
    for column, rate in enumerate(rates.tolist()):
        alone = games.simulate(name, starts[2, column], rate, 5, **numeric(name))
        torch.testing.assert_close(together[:, 2, column], alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", games.METHODS)
def test_a_trajectory_has_derivatives(name):
    """By the start they are the trajectories of the unit vectors; all are the limits of difference quotients."""
    start = torch.tensor([1.0, 0.3], dtype=torch.float64)
    values = {key: torch.tensor(number, dtype=torch.float64) for key, number in numeric(name).items()}
    rate = torch.tensor(0.2, dtype=torch.float64)

    def path(start, rate, *parameters):
        return games.simulate(name, start, rate, 4, **dict(zip(values, parameters, strict=True)))

    arguments = [tensor.requires_grad_() for tensor in (start, rate, *values.values())]
    torch.testing.assert_close(
        path(*arguments), games.simulate(name, start.detach(), 0.2, 4, **numeric(name))
    )
    by_start = torch.autograd.functional.jacobian(lambda start: path(start, *arguments[1:]), start)
    units = games.simulate(name, torch.eye(2, dtype=torch.float64), 0.2, 4, **numeric(name))
    torch.testing.assert_close(by_start, units.mT)
    assert torch.autograd.gradcheck(path, arguments)


def test_methods_with_memory_begin_at_rest():
    path = games.simulate("optimistic", (1.0, 0.0), 0.1, 1)
    assert path[1].tolist() == pytest.approx([1.0, -0.1])


def test_simulate_keeps_float32():
    assert games.simulate("penalty", torch.ones(2), 0.1, 2, strength=0.5).dtype == torch.float32


def test_a_trajectory_too_large_for_its_dtype_is_infinite_not_nan():
    path = games.simulate("simultaneous", (1.0, 0.0), 2.5, 1000)
    assert not path.isnan().any()
    assert path[-1].isinf().all()


BAD_CALLS = {
    "learning_rate": [
        lambda: games.iteration_matrix("simultaneous", -0.1),
        lambda: games.iteration_matrix("simultaneous", math.nan),
        lambda: games.iteration_matrix("simultaneous", math.inf),
        lambda: games.iteration_matrix("simultaneous", "0.1"),
        lambda: games.iteration_matrix("simultaneous", None),
        lambda: games.iteration_matrix("simultaneous", True),
        lambda: games.iteration_matrix("simultaneous", 1j),
        lambda: games.iteration_matrix("simultaneous", sp.nan),
        lambda: games.spectral_radius("simultaneous", ETA),
        lambda: games.simulate("simultaneous", (1.0, 0.0), torch.tensor([0.1, -0.1]), 3),
        lambda: games.simulate("simultaneous", (1.0, 0.0), "fast", 3),
        lambda: games.train("implicit", (1.0, 0.0), 1.5, 3),
    ],
    "method": [
        lambda: games.iteration_matrix("newton", 0.1),
        lambda: games.simulate(None, (1.0, 0.0), 0.1, 1),
    ],
    "parameters": [
        lambda: games.iteration_matrix("consensus", 0.1),
        lambda: games.iteration_matrix("simultaneous", 0.1, momentum=0.5),
        lambda: games.simulate("penalty", (1.0, 0.0), 0.1, 1, momentum=0.5),
    ],
    "strength": [
        lambda: games.spectral_radius("penalty", 0.1, strength=-1.0),
        lambda: games.simulate("penalty", (1.0, 0.0), 0.1, 3, strength=torch.tensor([1.0, -1.0])),
        lambda: games.simulate("penalty", (1.0, 0.0), 0.1, 3, strength=math.inf),
    ],
    "momentum": [lambda: games.spectral_radius("heavy_ball_alternating", 0.1, momentum=math.nan)],
    "start": [
        lambda: games.simulate("simultaneous", (1.0, 0.0, 0.0), 0.1, 1),
        lambda: games.simulate("simultaneous", 1.0, 0.1, 1),
        lambda: games.simulate("simultaneous", "ab", 0.1, 1),
        lambda: games.simulate("simultaneous", (math.nan, 0.0), 0.1, 1),
        lambda: games.simulate("simultaneous", torch.tensor([1, 0]), 0.1, 1),
        lambda: games.train("simultaneous", [[1.0, 0.0, 0.0]], 0.1, 1),
    ],
    "steps": [
        lambda: games.simulate("simultaneous", (1.0, 0.0), 0.1, -1),
        lambda: games.simulate("simultaneous", (1.0, 0.0), 0.1, 2.5),
    ],
    "variant": [lambda: games.dirac_gan_jacobian("least_squares")],
}


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_the_rate_that_is_not_finite_is_named(number):
    with pytest.raises(ValueError, match=f"^learning_rate: got {number}, expected a finite"):
        games.simulate("simultaneous", (1.0, 0.0), torch.tensor([0.1, number]), 3)


@pytest.mark.parametrize(
    "name, given, words",
    [
        ("consensus", {}, "got none; the method 'consensus' takes the parameter strength"),
        ("simultaneous", {"momentum": 0.5}, "got momentum; .* takes no parameter besides learning_rate"),
    ],
)
def test_the_parameter_that_a_method_takes_is_named(name, given, words):
    with pytest.raises(ValueError, match=words):
        games.iteration_matrix(name, 0.1, **given)


@pytest.mark.parametrize(
    "argument, call", [(name, call) for name, calls in BAD_CALLS.items() for call in calls]
)
def test_bad_input_names_the_argument_and_what_is_expected(argument, call):
    with pytest.raises(ValueError, match=rf"^{argument}: got .*(expected|takes)"):
        call()


EIGENVALUES = {
    "plain": sp.I / 2,
    "wgan": sp.I,
    "gradient_penalty": -GAMMA / 2 + sp.sqrt(GAMMA**2 / 4 - sp.Rational(1, 4)),
    "instance_noise": -(GAMMA**2) / 4 + sp.sqrt(GAMMA**4 / 16 - sp.Rational(1, 4)),
    "consensus": -GAMMA / 4 + sp.I / 2,
}


@pytest.mark.parametrize("variant", games.DIRAC_VARIANTS)
def test_dirac_gan_eigenvalues(variant):
    parameter = games.DIRAC_VARIANTS[variant]
    jacobian = games.dirac_gan_jacobian(variant, **({parameter: GAMMA} if parameter else {}))
    assert decide((EIGENVALUES[variant] * sp.eye(2) - jacobian).det(), 0).status == "proved"


def test_dirac_gan_jacobian_is_the_derivative_of_the_training_field():
    """The objective in PyTorch, differentiated twice, with a gradient penalty: order and signs of the entries."""

    def objective(psi, theta):
        return torch.nn.functional.logsigmoid(psi * theta) - math.log(2)

    def field(state):
        psi, theta = state
        by_psi, by_theta = torch.func.grad(objective, argnums=(0, 1))(psi, theta)
        return torch.stack([by_psi - 0.7 * psi, -by_theta])

    computed = torch.func.jacrev(field)(torch.zeros(2, dtype=torch.float64))
    derived = games.dirac_gan_jacobian("gradient_penalty", strength=0.7)
    torch.testing.assert_close(computed, torch.tensor(np.array(derived, dtype=float)))
