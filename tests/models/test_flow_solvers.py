"""Bisection and fixed points: error bounds, batches, derivatives, refusals."""

import pytest
import torch

from helpers import devices
from helpers.models.flows.solvers import bisection, fixed_point, fixed_point_path, newton_step

DOUBLE = {"dtype": torch.float64}


def number(value):
    return torch.tensor(value, **DOUBLE)


@pytest.mark.parametrize("steps", [1, 5, 20, 50])
def test_bisection_keeps_its_bound(steps):
    target = torch.linspace(-0.9, 0.9, 7, **DOUBLE)
    found = bisection(torch.tanh, target, number(-2.0), number(3.0), steps=steps)
    assert ((found - torch.atanh(target)).abs() <= 5 / 2 ** (steps + 1)).all()


def test_the_bound_of_bisection_is_not_far_off():
    """A bisection that threw away the wrong half, or half of a half, would do worse or better."""
    target = torch.linspace(-0.9, 0.9, 101, **DOUBLE)
    errors = (bisection(torch.tanh, target, number(-2.0), number(3.0), steps=8) - torch.atanh(target)).abs()
    assert 0.9 * 5 / 2**9 < errors.max() <= 5 / 2**9


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_default_steps_reach_the_last_digits(device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    solution = torch.linspace(-4, 4, 24, dtype=dtype, device=device).reshape(2, 3, 4)
    ends = torch.tensor([-9.0, 9.0], dtype=dtype, device=device)
    found = bisection(lambda x: 3 * x, 3 * solution, ends[0], ends[1])
    assert found.dtype == dtype and found.device == solution.device and found.shape == solution.shape
    torch.testing.assert_close(found, solution, rtol=4 * torch.finfo(dtype).eps, atol=4e-7)


def test_a_function_may_be_flat_left_and_right_of_its_solution():
    found = bisection(lambda x: x.clamp(-1, 1), number([-1.0, 0.25, 1.0]), number(-5.0), number(5.0))
    assert found[1].item() == pytest.approx(0.25, abs=1e-15)
    assert found[0] <= -1 and found[2] >= 1 - 1e-15


@pytest.mark.parametrize(
    "low, high, message",
    [
        (0.5, 2.0, r"^low: got an end whose value misses the target by 0\.5"),
        (-1.0, -0.25, r"^high: got an end whose value misses the target by 0\.25"),
        (1.0, -1.0, r"^low, high: got an upper end below"),
        (float("nan"), 1.0, r"^low, high"),
    ],
)
def test_what_is_no_bracket_is_refused(low, high, message):
    with pytest.raises(ValueError, match=message):
        bisection(lambda x: x, torch.zeros(3, **DOUBLE), number(low), number(high))


def test_a_function_without_a_value_is_refused():
    with pytest.raises(ValueError, match=r"^low: .* by nan"):
        bisection(torch.log, torch.zeros(3, **DOUBLE), number(-1.0), number(2.0))


@pytest.mark.parametrize("steps", [0, -1, 2.0, True])
def test_a_number_of_steps_that_is_none_is_refused(steps):
    for call in (
        lambda: bisection(lambda x: x, number(0.0), number(-1.0), number(1.0), steps=steps),
        lambda: fixed_point(lambda x: x / 2, number(1.0), steps=steps),
        lambda: fixed_point_path(lambda x: x / 2, number(1.0), steps),
    ):
        with pytest.raises(ValueError, match=r"^steps: got .*, expected a whole number"):
            call()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_fixed_point_of_a_contraction(share):
    target = torch.linspace(-3, 3, 12, **DOUBLE).reshape(3, 4)
    x = fixed_point(lambda x: target - share * torch.sin(x), target, steps=4000)
    torch.testing.assert_close(x + share * torch.sin(x), target, rtol=0, atol=1e-13)


def test_the_path_of_a_fixed_point_shrinks_by_the_lipschitz_constant():
    target, share = torch.linspace(-3, 3, 9, **DOUBLE), 0.6
    path = fixed_point_path(lambda x: target - share * torch.sin(x), target, 40)
    assert path.shape == (41, 9)
    assert torch.equal(path[0], target)
    exact = fixed_point(lambda x: target - share * torch.sin(x), target)
    errors = (path - exact).abs()
    assert (errors[1:] <= share * errors[:-1] + 1e-15).all()
    assert (errors <= share ** torch.arange(41, **DOUBLE)[:, None] * errors[0] + 1e-15).all()


@pytest.mark.parametrize("share", [1.0001, 2.0])
def test_what_does_not_contract_is_refused_with_its_residual(share):
    with pytest.raises(ValueError, match=r"^steps: got 50, after which the residual \|f\(x\) - x\| is \d"):
        fixed_point(lambda x: 1 - share * x, torch.zeros(2, **DOUBLE), steps=50)
    with pytest.raises(ValueError, match=r"residual"):
        fixed_point(lambda x: x**2, torch.full((2,), 3.0, **DOUBLE), steps=50)


def test_one_point_of_a_batch_that_does_not_contract_is_enough():
    shares = number([0.5, 1.5])
    with pytest.raises(ValueError, match="residual"):
        fixed_point(lambda x: 1 - shares * x, torch.zeros(2, **DOUBLE), steps=60)


def test_the_size_of_a_point_is_that_of_its_largest_entry():
    """An entry that is rounded to the digits of a large one needs the large one's tolerance."""
    rough = 1e-8

    def function(x):
        return torch.stack([x[..., 0] / 2 + 5e7, x[..., 1] / 2 + rough * torch.sign(x[..., 1] - 0.1)], dim=-1)

    start = torch.ones(3, 2, **DOUBLE)
    assert fixed_point(function, start, tolerance=1e-15, event_dims=1, steps=200).shape == (3, 2)
    with pytest.raises(ValueError, match="residual"):
        fixed_point(
            lambda x: x + rough * torch.tensor([0.0, 1.0], **DOUBLE), start, tolerance=1e-15, steps=200
        )


def test_solvers_inside_vmap():
    targets = torch.linspace(-2, 2, 5, **DOUBLE)

    def by_halves(y):
        return bisection(lambda x: x + torch.tanh(x), y, y - 2, y + 2)

    def by_steps(y):
        return fixed_point(lambda x: y - 0.5 * torch.sin(x), y, steps=80)

    for solve in (by_halves, by_steps):
        torch.testing.assert_close(torch.func.vmap(solve)(targets), solve(targets), rtol=0, atol=1e-14)


def test_no_gradient_passes_a_solver():
    y = torch.tensor(1.0, **DOUBLE, requires_grad=True)
    assert not bisection(lambda x: x * y, y, y - 2, y + 2).requires_grad
    assert not fixed_point(lambda x: y - x / 2, y).requires_grad


def test_a_newton_step_carries_the_derivatives():
    """Of x + a tanh x = y: 1 / (1 + a (1 - tanh² x)) with respect to y, - tanh x of that with respect to a."""
    y, a = torch.tensor([0.4, -1.3, 2.0], **DOUBLE, requires_grad=True), number(0.7).requires_grad_()
    solution = bisection(lambda x: x + a * torch.tanh(x), y, y - 1, y + 1)
    x = newton_step(lambda x: (x + a * torch.tanh(x), 1 + a * (1 - torch.tanh(x) ** 2)), solution, y)
    torch.testing.assert_close(x, solution, rtol=0, atol=1e-15)
    by_y, by_a = torch.autograd.grad(x.sum(), [y, a])
    slope = 1 + a * (1 - torch.tanh(solution) ** 2)
    torch.testing.assert_close(by_y, 1 / slope.detach(), rtol=1e-13, atol=0)
    torch.testing.assert_close(by_a, (-torch.tanh(solution) / slope).sum().detach(), rtol=1e-13, atol=0)


def test_a_newton_step_squares_the_error():
    y = number([0.4, -1.3, 2.0])
    solution = bisection(lambda x: x + torch.tanh(x), y, y - 1, y + 1, steps=12)
    exact = bisection(lambda x: x + torch.tanh(x), y, y - 1, y + 1)
    better = newton_step(lambda x: (x + torch.tanh(x), 2 - torch.tanh(x) ** 2), solution, y)
    assert ((better - exact).abs() <= (solution - exact).abs() ** 2 + 1e-15).all()


@pytest.mark.parametrize("found", [lambda x: x, lambda x: [x, x], lambda x: (x, x, x)])
def test_a_newton_step_needs_a_value_and_a_slope(found):
    y = number([0.4, -1.3])
    with pytest.raises(ValueError, match=r"value_and_slope: returned .*, expected two tensors"):
        newton_step(found, y, y)


def test_empty_batches():
    empty = torch.zeros(0, **DOUBLE)
    assert bisection(lambda x: x, empty, number(-1.0), number(1.0)).shape == (0,)
    assert fixed_point(lambda x: x / 2, empty).shape == (0,)
    assert fixed_point(lambda x: x / 2, torch.zeros(0, 3, **DOUBLE), event_dims=1).shape == (0, 3)
