"""Scalar flows: the symbolic maps, the mixture of sigmoids in log-space, residual maps."""

import math

import numpy as np
import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.codegen import to_numpy
from helpers.models import flows
from helpers.models.flows import ResidualMap, SigmoidMixture, line

DOUBLE = {"dtype": torch.float64}
z, w, a_1, a_2, b_1, b_2 = sp.symbols("z w a_1 a_2 b_1 b_2", real=True)
TWO = {"weights": (w, 1 - w), "scales": (a_1, a_2), "shifts": (b_1, b_2)}
NUMBERS = (0.3, 2.0, 0.5, -1.5, 2.5)  # w, a_1, a_2, b_1, b_2


def double(values):
    return torch.tensor(values, **DOUBLE)


def pair(weight=0.3, scales=(2.0, 0.5), shifts=(-1.5, 2.5), dtype=torch.float64):
    values = ([weight, 1 - weight], scales, shifts)
    return SigmoidMixture(*(torch.tensor(v, dtype=dtype) for v in values))


# The mixture against twins written another way.


def test_the_mixture_is_the_symbolic_one():
    points = torch.linspace(-9, 9, 61, **DOUBLE)
    y, log_slope = pair()(points)
    value = to_numpy(line.sigmoid_mixture(z, **TWO), [z, w, a_1, a_2, b_1, b_2])
    slope = to_numpy(line.sigmoid_mixture_slope(z, **TWO), [z, w, a_1, a_2, b_1, b_2])
    np.testing.assert_allclose(y.detach(), value(points.numpy(), *NUMBERS), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(log_slope.detach().exp(), slope(points.numpy(), *NUMBERS), rtol=1e-12)


def test_the_mixture_is_the_naive_one_where_that_works():
    points, flow = torch.linspace(-5, 5, 41, **DOUBLE), pair()
    inside = torch.sigmoid(flow.scales * points[:, None] + flow.shifts)
    torch.testing.assert_close(
        flow(points)[0], torch.logit((flow.weights * inside).sum(-1)), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("point", [-700, -40, 40, 90, 700])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_mixture_keeps_its_digits_far_out(point, dtype):
    exact = line.sigmoid_mixture(
        sp.Integer(point),
        [sp.Rational(1, 2)] * 2,
        (2, 1),
        (sp.Rational(-3, 2), sp.Rational(5, 2)),
    ).evalf(400, maxn=2000)
    y, log_slope = pair(0.5, (2.0, 1.0), dtype=dtype)(torch.tensor(float(point), dtype=dtype))
    assert y.item() == pytest.approx(float(exact), rel=4 * torch.finfo(dtype).eps)
    assert log_slope.item() == pytest.approx(0, abs=200 * torch.finfo(dtype).eps)  # the smaller scale is 1


def test_the_naive_form_saturates_in_float32():
    flow = pair(0.5, (1.0, 1.0), (4.0, -4.0), dtype=torch.float32)
    far = torch.tensor(40.0)
    assert torch.logit((flow.weights * torch.sigmoid(flow.scales * far + flow.shifts)).sum()) == math.inf
    assert flow(far)[0].item() == pytest.approx(36 + math.log(2) - math.log1p(math.exp(-8)), rel=1e-6)


def test_what_the_chapter_proves_of_the_mixture():
    """On 2000 random maps of two or three components, each at a point of its own."""
    generator = torch.Generator().manual_seed(5)

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(1000, *shape, generator=generator, **DOUBLE)

    for components in (2, 3):
        weights = uniform(0.01, 1, components)
        scales, shifts = uniform(0.05, 5, components), uniform(-9, 9, components)
        flow, x = SigmoidMixture(weights / weights.sum(-1, keepdim=True), scales, shifts), uniform(-30, 30)
        with torch.no_grad():
            y, log_slopes = flow._value_and_log_slope(x)
            slack = 1e-12 * (1 + y.abs())
            lines = scales * x[:, None] + shifts
            assert (lines.amin(-1) - slack <= y).all() and (y <= lines.amax(-1) + slack).all()
            assert torch.isfinite(log_slopes).all()
            assert (log_slopes <= scales.amax(-1).log() + 1e-9).all()
            crossings = (y[:, None] - shifts) / scales
            # Where the slope is small a rounding error of y is a large one of z.
            room = 1e-13 * (1 + x.abs() + (1 + y.abs()) / log_slopes.exp())
            assert (crossings.amin(-1) <= x + 1e3 * room).all() and (
                x <= crossings.amax(-1) + 1e3 * room
            ).all()
            back, total = flow.inverse(y)
            assert ((back - x).abs() <= room).all()
            assert total.item() == pytest.approx(-log_slopes.sum().item(), abs=1e-4)


def test_the_slope_tends_to_the_smallest_scale_along_the_asymptotes():
    numbers = [z, w, a_1, a_2, b_1, b_2]
    for parameters in (NUMBERS, (0.8, 0.5, 2.0, 1.0, 0.3), (0.8, 1.5, 1.5, 1.0, 0.3)):
        flow = pair(parameters[0], parameters[1:3], parameters[3:])
        for end, asymptote in ((-80.0, line.left_asymptote), (80.0, line.right_asymptote)):
            y, log_slope = flow(double(end))
            near = to_numpy(asymptote(z, **TWO), numbers)(end, *parameters)
            assert y.item() == pytest.approx(float(near), abs=1e-10)
            assert log_slope.exp().item() == pytest.approx(min(parameters[1:3]), abs=1e-10)


def test_an_inverse_on_a_plateau_stays_on_it():
    """There the slope is e^-60, and every point of the plateau has the same image, rounded."""
    flow = pair(0.5, (1.0, 1.0), (60.0, -60.0))
    x, log_slope = flow.inverse(double([0.0, 5e-17, -1e-16]))
    assert (x.abs() < 40).all()
    assert (flow(x)[0].abs() < 1e-15).all()
    assert torch.isfinite(log_slope).all()


def test_a_mixture_of_one_is_affine():
    flow = SigmoidMixture(double([1.0]), double([2.5]), double([-1.0]))
    x = torch.linspace(-50, 50, 11, **DOUBLE)
    y, log_slope = flow(x)
    torch.testing.assert_close(y, 2.5 * x - 1, rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(log_slope, torch.full_like(x, math.log(2.5)), rtol=0, atol=1e-12)


def test_a_map_of_numbers_and_one_of_vectors_agree():
    parameters = [
        double([[0.2, 0.8], [0.6, 0.4]]),
        double([[1.0, 2.0], [0.5, 3.0]]),
        double([[0.0, 1.0], [-1.0, 2.0]]),
    ]
    both, x = (
        SigmoidMixture(*parameters),
        torch.randn(5, 2, generator=torch.Generator().manual_seed(1), **DOUBLE),
    )
    each = [SigmoidMixture(*(p[i] for p in parameters)) for i in range(2)]
    assert both.event_shape == (2,) and each[0].event_shape == ()
    for direction in ("forward", "inverse"):
        values, log_abs_det = getattr(both, direction)(x)
        parts = [getattr(flow, direction)(x[:, i]) for i, flow in enumerate(each)]
        torch.testing.assert_close(values, torch.stack([v for v, _ in parts], -1), rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(log_abs_det, sum(logs for _, logs in parts), rtol=1e-12, atol=1e-12)


def test_maps_of_numbers_take_any_batch():
    for flow in (pair(), ResidualMap(lambda x: x / 2, 0.5)):
        for batch in ((), (3,), (2, 3), (0,)):
            for direction in (flow, flow.inverse):
                values, log_slopes = direction(torch.zeros(batch, **DOUBLE))
                assert values.shape == log_slopes.shape == batch


def test_the_parameters_may_be_trained_anywhere():
    """Weights stay a mixture and scales positive, whatever an optimiser makes of them."""
    flow = pair()
    with torch.no_grad():
        flow.logits.copy_(double([50.0, -3.0]))
        flow.log_scales.copy_(double([-4.0, 3.0]))
    assert flow.weights.sum().item() == pytest.approx(1, abs=1e-15)
    assert (flow.scales > 0).all() and (flow.weights > 0).all()
    x = torch.linspace(-3, 3, 7, **DOUBLE)
    torch.testing.assert_close(flow.inverse(flow(x)[0])[0], x, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_a_mixture_moves_to_a_device(device):
    flow = SigmoidMixture([0.5, 0.5], [1.0, 2.0], [0.0, 1.0]).to(device)
    x = torch.linspace(-2, 2, 5, device=device)
    y, log_slope = flow(x)
    assert y.device == log_slope.device == x.device
    torch.testing.assert_close(flow.inverse(y)[0], x, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "weights, scales, shifts, message",
    [
        ([0.5, 0.4], [1.0, 1.0], [0.0, 0.0], r"^weights: got a sum of 0\.9, expected sums of 1"),
        ([1.5, -0.5], [1.0, 1.0], [0.0, 0.0], r"^weights: got -0\.5, expected positive"),
        ([1.0, 0.0], [1.0, 1.0], [0.0, 0.0], r"^weights: got 0, expected positive"),
        ([0.5, 0.5], [1.0, 0.0], [0.0, 0.0], r"^scales: got 0, expected positive"),
        ([0.5, 0.5], [1.0, -2.0], [0.0, 0.0], r"^scales: got -2, expected positive"),
        ([0.5, 0.5], [1.0], [0.0, 0.0], r"^scales: got shape \(1,\), expected"),
        ([0.5, 0.5], [1.0, 1.0], [0.0], r"^shifts: got shape \(1,\), expected"),
        ([0.5, 0.5], [1.0, math.inf], [0.0, 0.0], r"^scales: got NaN or infinity"),
        ([0.5, 0.5], [1.0, 1.0], [0.0, math.nan], r"^shifts: got NaN or infinity"),
        ([1], [1], [0], r"^weights: got torch\.int64, expected a floating"),
        ([], [], [], r"^weights: got shape \(0,\)"),
        (1.0, 1.0, 0.0, r"^weights: got shape \(\)"),
        ([[0.5, 0.5], [0.5, 0.6]], [[1.0, 1.0]] * 2, [[0.0, 0.0]] * 2, r"^weights: got a sum of 1\.1"),
    ],
)
def test_bad_mixtures_are_refused(weights, scales, shifts, message):
    with pytest.raises(ValueError, match=message):
        SigmoidMixture(weights, scales, shifts)


# Residual maps.


@pytest.mark.parametrize("strength", [-0.95, -0.3, 0.0, 0.5, 0.95])
def test_a_residual_map_and_its_inverse(strength):
    flow = ResidualMap(lambda x: strength * torch.sin(x), abs(strength))
    x = torch.linspace(-7, 7, 57, **DOUBLE)
    y, log_slope = flow(x)
    torch.testing.assert_close(y, x + strength * torch.sin(x), rtol=0, atol=1e-15)
    torch.testing.assert_close(log_slope, torch.log(1 + strength * torch.cos(x)), rtol=1e-12, atol=1e-12)
    back, inverse = flow.inverse(y)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-12)
    torch.testing.assert_close(inverse, -log_slope, rtol=1e-9, atol=1e-11)


def test_a_slope_beyond_the_constant_is_refused():
    flow = ResidualMap(lambda x: 0.9 * torch.sin(x), 0.5)
    for direction in (flow, flow.inverse):
        with pytest.raises(
            ValueError, match=r"^function: got a slope of size 0\.9, expected at most lipschitz = 0\.5"
        ):
            direction(torch.zeros(3, **DOUBLE))


@pytest.mark.parametrize("lipschitz", [1, 1.0, 1.5, -0.1, math.nan, "0.5", None, True])
def test_a_constant_that_promises_nothing_is_refused(lipschitz):
    with pytest.raises(ValueError, match=r"^lipschitz: got .*, expected a number from 0 to less than 1"):
        ResidualMap(torch.sin, lipschitz)


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match=r"^function: got 3, expected a function"):
        ResidualMap(3, 0.5)


# The symbolic part.


def test_a_leaky_relu_in_pieces():
    slope = sp.Rational(1, 4)
    assert [line.leaky_relu(sp.Integer(x), slope) for x in (-4, 0, 3)] == [-1, 0, 3]
    assert line.relu(sp.Integer(-2)) == 0


def test_the_logit_undoes_the_sigmoid_at_exact_points():
    for x in (-3, 0, 2):
        assert sp.simplify(line.logit(line.sigmoid(sp.Integer(x))) - x) == 0


def test_the_slope_is_the_derivative_of_the_mixture():
    difference = sp.diff(line.sigmoid_mixture(z, **TWO), z) - line.sigmoid_mixture_slope(z, **TWO)
    at = dict(
        zip(
            (w, a_1, a_2, b_1, b_2, z),
            map(sp.Rational, ("1/3", "2", "1/2", "-3/2", "5/2", "7/5")),
            strict=True,
        )
    )
    assert abs(difference.subs(at).evalf(40)) < sp.Float(10) ** -35


def test_the_logistic_density_is_the_slope_of_the_sigmoid():
    y = sp.Symbol("y", real=True)
    assert sp.simplify(sp.diff(line.sigmoid(y), y) - line.logistic_density(y)) == 0


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: line.mixture(z, (1,), (1, 2), (0,)), r"^weights, scales, shifts: got 1, 2 and 1"),
        (lambda: line.mixture(z, (), (), ()), r"weights: got \(\)"),
        (lambda: line.right_asymptote(z, (1,), (1,), (0,)), r"^scales: got 1 components, expected 2"),
    ],
)
def test_bad_symbolic_mixtures_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_package_names_its_maps():
    for name in flows.__all__:
        assert getattr(flows, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Spline'"):
        flows.Spline  # noqa: B018
