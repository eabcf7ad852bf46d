"""Projections: the nearest point by brute force, what only the nearest point satisfies, Jacobians."""

import math

import pytest
import sympy as sp
import torch

from helpers import devices
from helpers.checks import jacobian
from helpers.codegen import to_torch
from helpers.models.projection import (
    clip,
    project_onto_box,
    project_onto_masked_box,
    project_onto_segment,
    projected_gradient_descent,
)

LOW = torch.tensor([-1.0, 0.0, 0.5], dtype=torch.float64)
HIGH = torch.tensor([-0.25, 2.0, 0.5], dtype=torch.float64)  # the last coordinate has no room


def points(*shape, seed=0, spread=2.0):
    generator = torch.Generator().manual_seed(seed)
    return spread * torch.randn(*shape, generator=generator, dtype=torch.float64)


def inside(count, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return LOW + (HIGH - LOW) * torch.rand(count, 3, generator=generator, dtype=torch.float64)


def test_no_point_of_the_box_is_nearer():
    y = points(300, 3)
    nearest = project_onto_box(y, LOW, HIGH)
    assert ((nearest >= LOW) & (nearest <= HIGH)).all()
    feasible = inside(2000)
    assert (torch.cdist(y, feasible) >= (y - nearest).norm(dim=-1, keepdim=True)).all()
    # the variational inequality, which the nearest point alone satisfies
    products = ((y - nearest)[:, None] * (feasible[None] - nearest[:, None])).sum(-1)
    assert products.max() <= 0
    assert products.min() < -1


def test_a_twin_by_sorting():
    y = points(4, 5, 3)
    middle = torch.stack(torch.broadcast_tensors(LOW, y, HIGH)).median(dim=0).values
    assert torch.equal(project_onto_box(y, LOW, HIGH), middle)


def test_the_formula_and_the_tensors_agree():
    y_2, low, high = sp.symbols("y_2 l h", real=True)
    formula = to_torch(clip(y_2, low, high), [y_2, low, high])
    y = points(50)
    assert torch.equal(formula(y, torch.tensor(-0.5), torch.tensor(0.75)), project_onto_box(y, -0.5, 0.75))


def test_projecting_twice_changes_nothing_and_distances_do_not_grow():
    y, z = points(200, 3), points(200, 3, seed=5)
    p, q = project_onto_box(y, LOW, HIGH), project_onto_box(z, LOW, HIGH)
    assert torch.equal(project_onto_box(p, LOW, HIGH), p)
    # firmly non-expansive
    assert (((p - q) ** 2).sum(-1) <= ((p - q) * (y - z)).sum(-1) + 1e-12).all()


def test_the_segment_is_a_box_with_a_fixed_coordinate():
    y, a = points(6, 4, 2), points(6, 4, seed=3)
    segment = project_onto_segment(y, a)
    place = torch.stack([a, a], dim=-1)
    assert torch.equal(segment, project_onto_masked_box(y, torch.tensor([True, False]), place))
    low, high = torch.stack([a, 0 * a], -1), torch.stack([a, 0 * a + 1], -1)
    assert torch.equal(segment, project_onto_box(y, low, high))
    assert torch.equal(segment[..., 0], a)


def test_the_mask_keeps_what_it_should():
    y, fixed = points(10, 4), points(4, seed=2)
    mask = torch.tensor([False, True, True, False])
    kept = project_onto_masked_box(y, mask, fixed, -0.5, 0.5)
    assert torch.equal(kept[:, mask], fixed[mask].expand(10, 2))
    assert torch.equal(kept[:, ~mask], project_onto_box(y, -0.5, 0.5)[:, ~mask])
    assert fixed[mask].abs().max() > 0.5  # the bounds do not concern it


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_jacobians_off_the_kinks(mode):
    y = points(100, 2)
    passes = ((y[:, 1] > 0) & (y[:, 1] < 1)).double()
    assert 5 < passes.sum() < 95
    expected = torch.diag_embed(torch.stack([0 * passes, passes], dim=-1))
    assert torch.equal(jacobian(lambda point: project_onto_segment(point, 0.3), y, mode=mode), expected)
    box = torch.diag_embed(((y > -0.5) & (y < 1)).double())
    assert torch.equal(jacobian(lambda point: project_onto_box(point, -0.5, 1), y, mode=mode), box)


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_device_and_empty_batches(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    for shape in [(2,), (0, 2), (3, 0, 2), (2, 3, 2)]:
        y = points(*shape).to(device=device, dtype=dtype)
        for made in (
            project_onto_segment(y, 0.5),
            project_onto_box(y, 0, torch.tensor([1.0, 2.0], dtype=torch.float64)),
            project_onto_masked_box(y, torch.tensor([True, False]), torch.zeros(2)),
        ):
            assert (made.shape, made.dtype, made.device) == (y.shape, dtype, y.device)


def test_bounds_may_be_infinite():
    y = points(20, 2)
    assert torch.equal(project_onto_box(y, -math.inf, math.inf), y)
    assert torch.equal(project_onto_box(y, 0, math.inf), y.relu())


CURVATURES = torch.tensor([1.0, 4.0], dtype=torch.float64)
LOWEST = torch.tensor([1.3, 0.4], dtype=torch.float64)


def descend(learning_rate, steps, project=lambda x: project_onto_box(x, 0, 1), start=None):
    start = points(7, 2) if start is None else start
    return projected_gradient_descent(
        lambda x: CURVATURES * (x - LOWEST), start, learning_rate, steps, project
    )


def test_descent_converges_below_the_border_at_the_proved_rate():
    goal = project_onto_box(LOWEST, 0, 1)
    for learning_rate in (0.05, 0.3, 0.49):
        distances = (descend(learning_rate, 100) - goal).abs()
        factors = (1 - learning_rate * CURVATURES).abs()
        assert (distances[1:] <= factors * distances[:-1] + 1e-15).all()
        assert distances[-1].max() < 0.05


def test_descent_runs_away_beyond_the_border_until_the_box_stops_it():
    start = torch.tensor([0.5, 0.5], dtype=torch.float64)
    free = descend(0.6, 40, project=lambda x: x, start=start)
    assert free[-1, 1].abs() > 1e3
    fenced = descend(0.6, 40, start=start)
    assert ((fenced >= 0) & (fenced <= 1)).all()
    assert (fenced[-1] - fenced[-2]).abs().max() > 0.9


def test_the_path_begins_with_the_projection_of_the_start():
    start = points(7, 2)
    path = descend(0.1, 3, start=start)
    assert path.shape == (4, 7, 2)
    assert torch.equal(path[0], project_onto_box(start, 0, 1))
    assert torch.equal(descend(0.1, 0, start=start), path[:1])


Y = torch.zeros(3, 2)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: project_onto_box(Y, 1, 0), r"lower: got a bound above upper, expected lower <= upper"),
        (lambda: project_onto_box(Y, 0, torch.tensor([1.0, -1.0])), r"lower: got a bound above upper"),
        (lambda: project_onto_box(Y, math.nan, 1), r"lower: got NaN, expected numbers or infinity"),
        (
            lambda: project_onto_box(Y, 0, torch.zeros(3)),
            r"upper: got shape \(3,\), expected one that broadcasts",
        ),
        (lambda: project_onto_box(Y, torch.zeros(4, 3, 2), 1), r"lower: got shape \(4, 3, 2\)"),
        (lambda: project_onto_box(Y, "0", 1), r"lower: got str, expected a number"),
        (lambda: project_onto_box(Y, True, 1), r"lower: got bool"),
        (lambda: project_onto_box(Y, torch.zeros(2).long(), 1), r"lower: got torch.int64"),
        (lambda: project_onto_box(Y.long(), 0, 1), r"y: got torch.int64, expected a floating-point tensor"),
        (lambda: project_onto_box(Y + math.nan, 0, 1), r"y: got NaN or infinity, expected finite numbers"),
        (lambda: project_onto_box(torch.tensor(1.0), 0, 1), r"y: got shape \(\), expected \(\.\.\., d\)"),
        (lambda: project_onto_segment(torch.zeros(3), 0.5), r"y: got shape \(3,\), expected \(\.\.\., 2\)"),
        (lambda: project_onto_segment(Y, math.inf), r"a: got NaN or infinity, expected finite numbers"),
        (lambda: project_onto_segment(Y, torch.zeros(2)), r"a: got shape \(2,\)"),
        (
            lambda: project_onto_masked_box(Y, torch.ones(2), Y),
            r"mask: got torch.float32, expected a boolean",
        ),
        (lambda: project_onto_masked_box(Y, [True, False], Y), r"mask: got list, expected a boolean"),
        (lambda: project_onto_masked_box(Y, torch.tensor([True] * 3), Y), r"mask: got shape \(3,\)"),
        (lambda: project_onto_masked_box(Y, Y > 0, Y + math.nan), r"fixed: got NaN or infinity"),
        (lambda: project_onto_masked_box(Y, Y > 0, Y, 2.0), r"lower: got a bound above upper"),
        (lambda: descend(-0.1, 3), r"learning_rate: got -0\.1, expected a finite number, 0 or greater"),
        (lambda: descend(math.nan, 3), r"learning_rate: got nan"),
        (lambda: descend(True, 3), r"learning_rate: got True"),
        (lambda: descend(0.1, -1), r"steps: got -1, expected a whole number"),
        (lambda: descend(0.1, 2.0), r"steps: got 2\.0"),
        (lambda: descend(0.1, 2, start=Y + math.inf), r"start: got NaN or infinity"),
        (
            lambda: projected_gradient_descent(lambda x: x.sum(), Y, 0.1, 1, lambda x: x),
            r"gradient: got shape \(\), expected \(\.\.\., 3, 2\)",
        ),
        (lambda: clip(sp.Symbol("y"), 1, 0), r"lower: got 1, expected at most upper = 0"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_inside_vmap():
    y = points(5, 2)
    assert torch.equal(
        torch.func.vmap(lambda point: project_onto_box(point, 0, 1))(y), project_onto_box(y, 0, 1)
    )
    assert torch.equal(torch.func.vmap(project_onto_segment)(y, y[:, 1]), project_onto_segment(y, y[:, 1]))
