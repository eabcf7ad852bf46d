"""Signals at initialisation: formulas against all sign patterns, PyTorch's own layers, and many random networks."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
import torch
from torch import nn

from helpers import devices
from helpers.checks import monte_carlo
from helpers.models import initialization
from helpers.models.initialization import (
    SCHEMES,
    correlation_map,
    depth_scale,
    draw_layer,
    draw_network,
    equal_width_moment,
    fans,
    fixed_point,
    gaussian_mean,
    gradient_factor,
    layer_moments,
    length_map,
    next_second_moment,
    propagate,
    relu_correlation,
    simulate,
    susceptibility,
    unrolled_moment,
    variance_profile,
    weight_bound,
    weight_variance,
)

SEEDS = pytest.mark.parametrize("seed", range(6))
# Each check by chance holds but for one in 10⁹; there are fewer than 60 of them.
CONFIDENCE = 1 - 1e-9
LAYERS = [(16, 3), (7, 5), (1, 9), (16, 3, 5), (4, 6, 3, 2)]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


# The formulas.


def test_the_numbers_of_the_curriculum():
    widths = [5, 8, 6, 1]
    assert variance_profile(widths, "identity", "torch")[-1] == pytest.approx(41 / 360, rel=1e-15)
    assert variance_profile(widths, "relu", "torch")[-1] == pytest.approx(53 / 720, rel=1e-15)
    assert variance_profile([1, 1], "identity", "torch", input_second_moment=2) == [2, 1.0]
    assert gradient_factor(40, 40, "relu", "torch") == sp.Rational(1, 6)
    assert round(float(depth_scale(sp.Rational(1, 6))), 2) == 0.56
    assert round(susceptibility("tanh", 1.5, 0.5), 4) == 0.9671


@pytest.mark.parametrize("widths", [[2, 3, 1], [1, 2, 2], [3, 1, 2]])
@pytest.mark.parametrize("slope", [None, 0, Fraction(1, 2)])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_network_of_two_signs(widths, slope, scheme):
    """Weights ± their standard deviation have the same second moments: all networks of them, one by one."""
    name = "identity" if slope is None else "leaky_relu" if slope else "relu"
    options = {"slope": float(slope)} if slope else {}
    first, middle, last = widths
    x = np.array([1.0, -2.0, 0.5])[:first]
    shapes = [(middle, first), (last, middle)]
    scales = []
    for rows, columns in shapes:
        gain = (slope or 0) if name == "leaky_relu" else 0
        a = {
            "torch": 1 / (3 * columns),
            "kaiming": 2 / ((1 + float(gain) ** 2) * columns),
            "xavier": 2 / (rows + columns),
        }[scheme]
        scales.append((math.sqrt(a), math.sqrt(1 / (3 * columns)) if scheme == "torch" else 0.0))
    cut = middle * first
    count = middle * first + middle + middle  # the last layer's units are alike: one of them will do
    total, size = np.zeros(2), 0
    for signs in itertools.product((-1, 1), repeat=count):
        signs = np.array(signs)
        (w1, c1), (w2, c2) = scales
        u = w1 * signs[:cut].reshape(middle, first) @ x + c1 * signs[cut : cut + middle]
        y = u if slope is None else np.where(u > 0, u, float(slope) * u)
        out = w2 * signs[cut + middle :] @ y
        total += (u @ u / middle, ((out + c2) ** 2 + (out - c2) ** 2) / 2)
        size += 1
    found = variance_profile(widths, name, scheme, input_second_moment=float(x @ x) / first, **options)
    np.testing.assert_allclose(found[1:], total / size, rtol=1e-12)


def test_recursion_sum_and_closed_form_are_one():
    n = sp.symbols("n_0:6", integer=True, positive=True)
    m, v = sp.symbols("m v", positive=True)
    for depth in range(1, 6):
        for activation in ("identity", "relu"):
            profile = variance_profile(n[: depth + 1], activation, "torch", input_second_moment=v)
            assert len(profile) == depth + 1 and profile[0] == v
            sum_ = unrolled_moment(n[: depth + 1], activation=activation, input_second_moment=v)
            assert sp.expand(profile[-1] - sum_) == 0
        equal = variance_profile([m] * (depth + 1), "identity", "torch", input_second_moment=v)[-1]
        assert sp.simplify(equal - equal_width_moment(m, depth, input_second_moment=v)) == 0


def test_what_each_scheme_keeps():
    n, a, v = sp.symbols("n a v", positive=True)
    leaky = variance_profile([n] * 4, "leaky_relu", "kaiming", slope=a)
    assert [sp.simplify(moment - leaky[1]) for moment in leaky[2:]] == [0, 0]
    of_numbers = variance_profile([2, 2, 2], "leaky_relu", "kaiming", slope=a)
    assert sp.simplify(of_numbers[-1] - leaky[1]) == 0
    assert variance_profile([n] * 4, "identity", "xavier") == [1, 1, 1, 1]
    assert variance_profile([8] * 4, "relu", "kaiming") == [1, 2, 2, 2]
    assert variance_profile([8] * 4, "relu", "xavier") == [1, 1, 0.5, 0.25]
    assert next_second_moment(v, n, n, "torch") == v / 3 + 1 / (3 * n)
    assert gradient_factor(8, 8, "leaky_relu", "kaiming", slope=sp.Rational(1, 2)) == 1
    assert gradient_factor(6, 3, "identity", "torch") == sp.Rational(1, 6)  # 3 units above, fan-in 6


def test_tanh_takes_layers_for_gaussian():
    profile = variance_profile([10, 10, 10], "tanh", "torch")
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    mean = np.tanh(math.sqrt(profile[1]) * nodes) ** 2 @ weights / weights.sum()
    assert profile[1] == pytest.approx(1 / 3 + 1 / 30)
    assert profile[2] == pytest.approx(mean / 3 + 1 / 30, rel=1e-8)


# Very wide layers.


@pytest.mark.parametrize("variance", [0.01, 0.5, 2.0, 10.0])
def test_gaussian_means_by_another_rule(variance):
    places = np.linspace(-12, 12, 20_001)
    bell = np.exp(-(places**2) / 2)
    truth = (np.tanh(math.sqrt(variance) * places) ** 2 * bell).sum() / bell.sum()
    assert gaussian_mean(lambda u: sp.tanh(u) ** 2, variance) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("w, b", [(0.5, 0.3), (1.5, 0.5), (2.5, 0.0), (3.0, 1.5), (1.0, 1.0)])
def test_the_fixed_point_is_one(w, b):
    for activation in ("tanh", "relu"):
        q = fixed_point(activation, w, b)
        if math.isinf(q):
            assert activation == "relu" and w**2 > 2
            continue
        assert length_map(q, activation, w, b) == pytest.approx(q, rel=1e-12)
        start = 0.7
        for _ in range(2000):
            start = length_map(start, activation, w, b)
        assert start == pytest.approx(q, rel=1e-6)


def test_where_signals_vanish_or_grow():
    assert fixed_point("tanh", 0.9, 0) == 0 == fixed_point("relu", 1.2, 0)
    assert fixed_point("relu", 1.5, 0) == fixed_point("relu", math.sqrt(2) + 1e-9, 0.1) == math.inf
    assert fixed_point("relu", 1, 0.5) == pytest.approx(0.5)
    assert susceptibility("tanh", 0.8, 0) == pytest.approx(0.64)
    assert susceptibility("relu", 1 / math.sqrt(3), 0) == pytest.approx(1 / 6)
    assert correlation_map(0.3, "tanh", 0.8, 0) == 0.3
    assert correlation_map(0.3, "relu", 3, 1) == pytest.approx(float(relu_correlation(0.3)))


@pytest.mark.parametrize("activation, w, b", [("tanh", 1.5, 0.5), ("tanh", 2.2, 0.3), ("relu", 1.1, 0.4)])
def test_the_slope_of_the_correlation_map(activation, w, b):
    step = 1e-6
    slope = (1 - correlation_map(1 - step, activation, w, b)) / step
    assert slope == pytest.approx(susceptibility(activation, w, b), rel=3e-3)
    assert correlation_map(1, activation, w, b) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("c", [-1, -0.4, 0, 0.8, 1])
def test_the_rectified_correlation_by_angles(c):
    """In polar coordinates the radius contributes 2, and the angle runs where both numbers are positive."""
    angle = math.acos(c)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    low, high = angle - math.pi / 2, math.pi / 2
    places = (high - low) / 2 * nodes + (high + low) / 2
    integral = (np.cos(places) * np.cos(places - angle)) @ weights * (high - low) / 2
    assert float(relu_correlation(c)) == pytest.approx(2 * 2 * integral / (2 * math.pi), abs=1e-12)


# What real layers draw.


@pytest.mark.parametrize("shape", LAYERS)
def test_fans_are_those_of_pytorch(shape):
    assert fans(shape) == nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("shape", LAYERS)
def test_variances_by_the_gains_of_pytorch(shape, slope):
    fan_in, fan_out = fans(shape)
    gain = nn.init.calculate_gain("leaky_relu", slope)
    assert float(weight_variance("kaiming", fan_in, fan_out, slope=slope)) == pytest.approx(gain**2 / fan_in)
    default = nn.init.calculate_gain("leaky_relu", math.sqrt(5))
    assert float(weight_variance("torch", fan_in, fan_out)) == pytest.approx(default**2 / fan_in)


@SEEDS
def test_real_layers_have_these_bounds_and_variances(seed):
    torch.manual_seed(seed)
    kaiming, leaky, xavier = (torch.empty(200, 300) for _ in range(3))
    nn.init.kaiming_uniform_(kaiming)
    nn.init.kaiming_uniform_(leaky, a=0.5)
    nn.init.xavier_uniform_(xavier)
    made = [
        (nn.Linear(300, 200).weight, "torch", 0),
        (nn.Conv1d(12, 200, 25).weight, "torch", 0),
        (nn.Conv2d(12, 200, 5).weight, "torch", 0),
        (kaiming, "kaiming", 0),
        (leaky, "kaiming", 0.5),
        (xavier, "xavier", 0),
    ]
    made += [(draw_layer(300, 200, scheme, generator=seeded(seed))[0], scheme, 0.0) for scheme in SCHEMES]
    ratios = []
    for weight, scheme, slope in made:
        weight = weight.detach()
        bound = float(weight_bound(scheme, *fans(weight.shape), slope=slope))
        assert 0.999 * bound < weight.abs().max() <= bound * (1 + 1e-6)
        variance = float(weight_variance(scheme, *fans(weight.shape), slope=slope))
        ratios.append(weight.double().flatten()[:60_000] ** 2 / variance)
    ratios = torch.stack(ratios, -1)
    estimate = monte_carlo(
        lambda k, _: ratios[:k], len(ratios), confidence=CONFIDENCE, generator=seeded(seed)
    )
    assert estimate.contains(1.0)


def test_biases():
    for layer in (nn.Linear(50, 20_000), nn.Conv1d(10, 20_000, 5)):
        largest = layer.bias.abs().max().item()
        assert 0.99 / math.sqrt(50) < largest <= (1 + 1e-6) / math.sqrt(50)
    for scheme in SCHEMES:
        _, bias = draw_layer(50, 20_000, scheme, generator=seeded(1))
        largest = bias.abs().max().item()
        expected = 1 / math.sqrt(50) if scheme == "torch" else 0
        assert 0.99 * expected <= largest <= expected * (1 + 1e-6)


# Networks.


@SEEDS
def test_profiles_of_random_networks(seed):
    """Five inputs that are dependent and not centred: only their average second moment counts."""
    widths = [5, 8, 6, 3]

    cases = [
        ("identity", "torch", 0.0),
        ("relu", "torch", 0.0),
        ("relu", "kaiming", 0.0),
        ("leaky_relu", "kaiming", 0.4),
        ("leaky_relu", "xavier", 0.4),
    ]

    def sample(k, generator):
        common = 1 + torch.rand(k, 1, generator=generator, dtype=torch.float64)
        inputs = common * torch.linspace(-1, 2, 5, dtype=torch.float64)
        found = []
        for activation, scheme, slope in cases:
            options = {"networks": k, "generator": generator, "inputs": inputs, "slope": slope}
            found += [u.square().mean(-1) for u in simulate(widths, activation, scheme, **options)]
        return torch.stack(found, -1)

    square = 7 / 3 * np.mean(np.linspace(-1, 2, 5) ** 2)
    truth = []
    for activation, scheme, slope in cases:
        truth += variance_profile(widths, activation, scheme, input_second_moment=square, slope=slope)
    estimate = monte_carlo(sample, 10_000, confidence=CONFIDENCE, generator=seeded(seed))
    assert estimate.contains(torch.tensor(truth, dtype=torch.float64))


@SEEDS
def test_gradients_of_random_networks(seed):
    """The mean square of ∂y/∂u in each layer, at unequal widths, for ReLU with its biases."""
    widths = [4, 6, 3, 5, 1]
    count = 40_000
    layers = draw_network(widths, "torch", networks=count, generator=seeded(seed), dtype=torch.float64)
    x = torch.randn(count, 4, generator=seeded(seed + 100), dtype=torch.float64).requires_grad_()
    signals = propagate(x, layers, "relu")
    gradients = torch.autograd.grad(signals[-1].sum(), signals[:-1])
    squares = torch.stack([g.square().mean(-1) for g in gradients], -1)
    truth = [1.0]
    for fan_in, fan_out in zip(widths[-2:0:-1], widths[:1:-1], strict=True):
        truth.insert(0, truth[0] * float(gradient_factor(fan_in, fan_out, "relu", "torch")))
    estimate = monte_carlo(lambda k, _: squares[:k], count, confidence=CONFIDENCE, generator=seeded(seed))
    assert estimate.contains(torch.tensor(truth[:-1], dtype=torch.float64))


@SEEDS
def test_fourth_moments(seed):
    """Kurtosis 33/10 of the smallest network, and the covariance 1/9 of two squared units."""

    def sample(k, generator):
        smallest = simulate([1, 1], "identity", "torch", networks=k, generator=generator, dtype=torch.float64)
        pair = simulate([2, 2], "identity", "torch", networks=k, generator=generator, dtype=torch.float64)
        fourth = smallest[1][:, 0] ** 4
        product = (pair[1] ** 2 - 0.5).prod(-1)
        return torch.stack([fourth, product, pair[1].prod(-1)], -1)

    estimate = monte_carlo(sample, 100_000, confidence=CONFIDENCE, generator=seeded(seed))
    truth = torch.tensor([33 / 10 * (2 / 3) ** 2, 1 / 9, 0], dtype=torch.float64)
    assert estimate.contains(truth)


@pytest.mark.parametrize(
    "activation, module", [("identity", nn.Identity), ("relu", nn.ReLU), ("tanh", nn.Tanh)]
)
def test_propagation_is_that_of_a_sequential_network(activation, module):
    torch.manual_seed(3)
    linears = [nn.Linear(4, 7), nn.Linear(7, 3), nn.Linear(3, 2)]
    network = nn.Sequential(linears[0], module(), linears[1], module(), linears[2]).double()
    x = torch.randn(2, 5, 4, generator=seeded(3), dtype=torch.float64)
    layers = [(layer.weight, layer.bias) for layer in linears]
    found = propagate(x, layers, activation)
    assert [u.shape for u in found] == [(2, 5, 7), (2, 5, 3), (2, 5, 2)]
    torch.testing.assert_close(found[-1], network(x), rtol=1e-12, atol=1e-12)
    mapped = torch.func.vmap(torch.func.vmap(lambda point: propagate(point, layers, activation)[-1]))(x)
    torch.testing.assert_close(mapped, found[-1], rtol=1e-12, atol=1e-12)


def test_simulation_is_drawing_and_propagating():
    x = torch.randn(9, 3, generator=seeded(0), dtype=torch.float64)
    at_once = simulate(
        [3, 5, 2], "leaky_relu", "kaiming", networks=9, generator=seeded(1), inputs=x, slope=0.2
    )
    layers = draw_network([3, 5, 2], "kaiming", networks=9, generator=seeded(1), slope=0.2, dtype=x.dtype)
    again = propagate(x, layers, "leaky_relu", slope=0.2)
    for one, other in zip(at_once, [x, *again], strict=True):
        torch.testing.assert_close(one, other)
    hidden = nn.functional.leaky_relu(again[0], 0.2)
    last = torch.einsum("koi,ki->ko", layers[1][0], hidden) + layers[1][1]
    torch.testing.assert_close(again[1], last)


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_device_dtype_and_empty_batches(device):
    generator = torch.Generator(device=device).manual_seed(0)
    signals = simulate([3, 4, 1], "relu", "torch", networks=5, generator=generator, dtype=torch.float32)
    assert [u.shape for u in signals] == [(5, 3), (5, 4), (5, 1)]
    assert {u.dtype for u in signals} == {torch.float32} and {u.device.type for u in signals} == {device.type}
    layers = draw_network([3, 4], "xavier", networks=(0, 2), generator=generator)
    assert propagate(torch.zeros(0, 2, 3, device=device), layers, "tanh")[0].shape == (0, 2, 4)
    weight, bias = draw_layer(3, 4, "torch", generator=generator)
    assert weight.shape == (4, 3) and bias.shape == (4,)


def test_layer_moments():
    values = torch.tensor([[1.0, -1.0], [3.0, 3.0], [0.0, 0.0]], dtype=torch.float64)
    found = layer_moments(values, confidence=0.95)
    assert found.mean == pytest.approx(10 / 3) and found.median == 1
    spread = np.std([1, 9, 0], ddof=1) / math.sqrt(3)
    assert found.half_width == pytest.approx(1.959964 * spread, rel=1e-6)
    assert len(found.histogram) == 12 and sum(found.histogram) == pytest.approx(1)
    bin_of = [int(size / math.sqrt(10 / 3) * 3) for size in (0, 1, 3)]
    assert [round(found.histogram[i] * 6) for i in bin_of] == [2, 2, 2]
    assert sum(layer_moments(torch.tensor([[0.1]] * 99 + [[50.0]])).histogram) == pytest.approx(0.99)
    assert layer_moments(torch.zeros(4, 2)).mean == 0


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: variance_profile([5, 0, 1], "relu", "torch"),
            "widths: got 0 at index 1, expected a positive",
        ),
        (lambda: variance_profile([5, -2], "relu", "torch"), "widths: got -2 at index 1"),
        (lambda: variance_profile([5, 2.5], "relu", "torch"), "widths: got 2.5 at index 1"),
        (lambda: variance_profile([5, True], "relu", "torch"), "widths: got True, expected"),
        (lambda: variance_profile([5], "relu", "torch"), "widths: got \\[5\\], expected at least two"),
        (lambda: variance_profile(5, "relu", "torch"), "widths: got 5, expected at least two"),
        (
            lambda: variance_profile([5, 1], "gelu", "torch"),
            "activation: got 'gelu', expected one of identity, relu, leaky_relu, tanh",
        ),
        (
            lambda: variance_profile([5, 1], "relu", "orthogonal"),
            "scheme: got 'orthogonal', expected one of torch, kaiming, xavier",
        ),
        (lambda: variance_profile([5, 1], "relu", "torch", slope=0.1), "slope: got 0.1"),
        (lambda: variance_profile([5, 1], "leaky_relu", "torch", slope="steep"), "slope: got 'steep'"),
        (
            lambda: variance_profile([5, 1], "relu", "torch", input_second_moment=-1),
            "input_second_moment: got -1, expected a number of at least 0",
        ),
        (
            lambda: variance_profile([sp.Symbol("n"), 1], "tanh", "torch"),
            "activation: got 'tanh' with symbols",
        ),
        (lambda: initialization.activation_factor("tanh"), "activation: got 'tanh'"),
        (lambda: weight_variance("lecun", 3, 3), "scheme: got 'lecun'"),
        (lambda: weight_variance("torch", 0, 3), "fan_in: got 0"),
        (lambda: weight_bound("xavier", 3, -1), "fan_out: got -1"),
        (lambda: fans((3,)), "shape: got \\(3,\\), expected \\(out, in"),
        (lambda: fans((3, 0)), r"shape\[1\]: got 0"),
        (lambda: equal_width_moment(3, 1.5), "depth: got 1.5"),
        (lambda: equal_width_moment(3, -1), "depth: got -1"),
        (lambda: depth_scale(1), "factor: got 1, expected a number strictly between 0 and 1"),
        (lambda: fixed_point("sigmoid", 1, 1), "activation: got 'sigmoid', expected one of relu, tanh"),
        (lambda: fixed_point("tanh", -1, 1), "weight_scale: got -1"),
        (lambda: susceptibility("tanh", 1, math.nan), "bias_scale: got nan"),
        (lambda: length_map(-1, "tanh", 1, 1), "q: got -1"),
        (lambda: correlation_map(1.1, "tanh", 1, 1), "c: got 1.1, expected a correlation from -1 to 1"),
        (lambda: gaussian_mean(lambda u: u, -1.0), "variance: got -1.0"),
        (lambda: draw_layer(3, 2, "he", generator=seeded(0)), "scheme: got 'he'"),
        (lambda: draw_layer(3, 2, "torch", generator=None), "generator: got None, expected a Generator"),
        (lambda: draw_network([3, 2], "torch", generator=None), "generator: got None, expected a Generator"),
        (lambda: draw_layer(3, 2, "torch", networks=-1, generator=seeded(0)), "networks: got -1"),
        (
            lambda: simulate([3, 1], "relu", "torch", networks=0, generator=seeded(0)),
            "networks: got 0, expected a positive",
        ),
        (
            lambda: simulate(
                [3, 1], "relu", "torch", networks=2, generator=seeded(0), inputs=torch.ones(2, 4)
            ),
            "inputs: got shape \\(2, 4\\), expected",
        ),
        (lambda: propagate(torch.ones(3), [], "relu"), r"layers: got \[\]"),
        (
            lambda: propagate(torch.ones(3), [(torch.ones(2, 4), torch.ones(2))], "relu"),
            "layers: number 0 has a weight \\(2, 4\\) and a bias \\(2,\\), expected \\(..., m, 3\\)",
        ),
        (
            lambda: propagate(torch.tensor([math.nan]), [(torch.ones(1, 1), torch.ones(1))], "relu"),
            "x: got NaN",
        ),
        (lambda: layer_moments(torch.ones(1, 3)), "values: got 1 networks"),
        (lambda: layer_moments(torch.ones(3, 3), confidence=1), "confidence: got 1"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
