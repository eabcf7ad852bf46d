"""Every invertible map of `helpers.models`, the same way: log-determinants against autograd in both directions."""

import importlib
import pkgutil

import pytest
import torch

import helpers.models
from helpers import devices
from helpers.checks import jacobian
from helpers.models.invertible import (
    Composition,
    InvertibleMap,
    Permutation,
    all_finite,
    check_form,
    holds,
    unchecked,
)

from .maps import all_cases

CASES = {case.name: case for case in all_cases()}
every_map = pytest.mark.parametrize("name", CASES)


def build(name, dtype=torch.float64, device="cpu"):
    return CASES[name].make().to(dtype=dtype, device=device)


def shape_of(name):
    """The shape of a point: the map's `event_shape`, and the case's lengths where that is None."""
    free = iter(CASES[name].sizes)
    shape = tuple(next(free) if size is None else size for size in build(name).event_shape)
    assert not [*free], f"{name}: more sizes than free ones"
    return shape


def points(name, *batch, dtype=torch.float64, device="cpu"):
    """Random points of the map, `(*batch, *shape_of(name))`."""
    case, generator = CASES[name], torch.Generator().manual_seed(len(name))
    count = torch.Size(batch).numel()
    shape = shape_of(name)
    if case.points is None:
        made = torch.randn(count, *shape, generator=generator, dtype=torch.float64)
    else:
        made = case.points(count, generator)
    assert made.shape == (count, *shape)
    return made.reshape(*batch, *shape).to(dtype=dtype, device=device)


def flat(direction, shape):
    """One of a map's directions on vectors, for `jacobian`."""
    return lambda vector: direction(vector.reshape(shape))[0].reshape(-1)


def close(actual, expected, tolerance):
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def compare_with_autograd(module, x, tolerance):
    """Raise AssertionError unless both directions and their log-determinants fit the Jacobians by autograd at x."""
    count, *shape = x.shape
    with torch.no_grad():
        y, forward = module(x)
        back, inverse = module.inverse(y)
    close(back, x, tolerance)
    there = jacobian(flat(module, shape), x.reshape(count, -1))
    here = jacobian(flat(module.inverse, shape), y.reshape(count, -1))
    close(forward, torch.linalg.slogdet(there).logabsdet, tolerance)
    close(inverse, torch.linalg.slogdet(here).logabsdet, tolerance)
    close(inverse, -forward, tolerance)
    # The two Jacobians are each other's inverse, entry by entry.
    size = there.shape[-1]
    close(here @ there, torch.eye(size, dtype=x.dtype).expand(count, size, size), 1e3 * tolerance)


@every_map
def test_log_determinants_and_jacobians_by_autograd_in_both_directions(name):
    compare_with_autograd(build(name), points(name, 5), CASES[name].tolerance)


MISTAKES = {
    "half the log-determinant": lambda value, log_abs_det: (value, log_abs_det / 2),
    "the other sign": lambda value, log_abs_det: (value, -log_abs_det),
    "none at all": lambda value, log_abs_det: (value, torch.zeros_like(log_abs_det)),
    "a constant too much": lambda value, log_abs_det: (value, log_abs_det + 1e-3),
    "a value a little off": lambda value, log_abs_det: (value * (1 + 1e-3), log_abs_det),
}


@every_map
@pytest.mark.parametrize("direction", ["forward", "inverse"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_comparison_notices(name, direction, mistake, monkeypatch):
    """The check above is worth what it notices: each of these mistakes, in each direction of each map."""
    module, x = build(name), points(name, 3)
    right = getattr(type(module), direction)
    if not is_volume_preserving(module):
        assert right(module, x)[1].abs().min() > 1e-3
    elif mistake not in ("a constant too much", "a value a little off"):
        pytest.skip("the map preserves volume: there is no log-determinant to spoil")
    spoil = MISTAKES[mistake]
    monkeypatch.setattr(module, direction, lambda points: spoil(*right(module, points)))
    with pytest.raises(AssertionError):
        compare_with_autograd(module, x, CASES[name].tolerance)


def is_volume_preserving(module):
    return isinstance(module, Permutation) or getattr(module, "is_volume_preserving", False)


@every_map
@pytest.mark.parametrize("batch", [(), (1,), (4,), (2, 3), (0,), (2, 0)], ids=str)
def test_batch_shapes(name, batch):
    module, x = build(name), points(name, *batch)
    for direction, start in ((module, x), (module.inverse, module(x)[0].detach())):
        value, log_abs_det = direction(start)
        assert value.shape == start.shape
        assert log_abs_det.shape == batch
    if batch == (2, 3):
        single = [module(point) for point in x.reshape(6, *shape_of(name))]
        close(module(x)[0].flatten(0, 1), torch.stack([value for value, _ in single]), 1e-12)
        close(module(x)[1].flatten(), torch.stack([log_abs_det for _, log_abs_det in single]), 1e-12)


@every_map
@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_dtype_and_device_are_kept(name, device, dtype):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    module, x = build(name, dtype, device), points(name, 4, dtype=dtype, device=device)
    y, forward = module(x)
    back, inverse = module.inverse(y)
    for tensor in (y, forward, back, inverse):
        assert tensor.dtype == dtype
        assert tensor.device == x.device
    reference = build(name)(points(name, 4))
    tolerance = 1e-4 if dtype == torch.float32 else 1e-9
    close(y.detach().cpu().double(), reference[0].detach(), tolerance)
    close(forward.detach().cpu().double(), reference[1].detach(), tolerance)
    close(back.detach(), x, 20 * tolerance)


@every_map
def test_inside_vmap(name):
    module, x = build(name), points(name, 4)
    y = module(x)[0].detach()
    for direction, start in ((module, x), (module.inverse, y)):
        value, log_abs_det = direction(start)
        one_by_one = torch.func.vmap(direction)(start)
        close(one_by_one[0], value, 1e-9)
        close(one_by_one[1], log_abs_det, 1e-9)


@every_map
def test_gradients_reach_the_parameters_and_the_points(name):
    module, x = build(name), points(name, 3).requires_grad_()
    parameters = [p for p in module.parameters() if p.requires_grad]
    y = module(x)[0].detach().requires_grad_()
    for direction, start in ((module, x), (module.inverse, y)):
        value, log_abs_det = direction(start)
        weights = torch.linspace(1, 2, value.numel(), dtype=value.dtype).reshape(value.shape)
        total = (weights * value).sum() + log_abs_det.sum()
        gradients = torch.autograd.grad(total, [start, *parameters], allow_unused=True)
        for gradient in gradients:
            assert gradient is not None
            assert torch.isfinite(gradient).all()


@every_map
def test_a_map_serves_as_a_transform_of_a_distribution(name):
    module, x = build(name), points(name, 4)
    base = torch.distributions.Independent(
        torch.distributions.Normal(torch.zeros_like(x[0]), torch.ones_like(x[0])), len(module.event_shape)
    )
    density = torch.distributions.TransformedDistribution(base, [module.as_transform()])
    with torch.no_grad():
        y, log_abs_det = module(x)
        close(density.log_prob(y), base.log_prob(x) - log_abs_det, 1e-8)
    assert density.sample((3,)).shape == (3, *shape_of(name))


@every_map
@pytest.mark.parametrize("direction", ["forward", "inverse"])
def test_what_is_no_batch_of_points_is_refused(name, direction):
    module = build(name)
    argument = "x" if direction == "forward" else "y"
    good = points(name, 2)
    spoiled = good.clone()
    spoiled.view(-1)[0] = float("nan")
    # Too long in a dimension whose length the map fixes; one it leaves free may be anything but empty.
    fixed = next(dim for dim, size in enumerate(reversed(module.event_shape), start=1) if size is not None)
    wide = torch.cat([good, good], dim=-fixed)
    if None in module.event_shape:
        empty = good.narrow(module.event_shape.index(None) - len(module.event_shape), 0, 0)
        with pytest.raises(ValueError, match=rf"^{argument}: got .*expected"):
            getattr(module, direction)(empty)
    for wrong in (spoiled, wide, good.long(), good.to_sparse(), good.tolist(), good.reshape(-1)[0]):
        with pytest.raises(ValueError, match=rf"^{argument}: got .*expected"):
            getattr(module, direction)(wrong)


def test_every_map_has_a_case():
    for module in pkgutil.walk_packages(helpers.models.__path__, "helpers.models."):
        importlib.import_module(module.name)

    def subclasses(kind):
        return {kind, *(deeper for child in kind.__subclasses__() for deeper in subclasses(child))}

    ours = {kind for kind in subclasses(InvertibleMap) if kind.__module__.startswith("helpers.")}
    seen = {type(part) for name in CASES for part in build(name).modules()}
    assert {kind for kind in ours - {InvertibleMap} if not kind.__name__.startswith("_")} <= seen


def test_a_composition_runs_in_the_order_given():
    from_left = Composition(Permutation([1, 2, 0]), Permutation([1, 0, 2]))
    x = torch.tensor([10.0, 20.0, 30.0])
    assert from_left(x)[0].tolist() == [30.0, 20.0, 10.0]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Composition(), r"maps: got none"),
        (lambda: Composition(torch.nn.Linear(2, 2)), r"maps: number 0 is Linear"),
        (
            lambda: Composition(Permutation([0]), Permutation([1, 0])),
            r"maps: number 1 takes points of shape \(2,\)",
        ),
        (lambda: Permutation([0, 0]), r"order: got \[0, 0\], expected each of 0, \.\.\., 1 once"),
        (lambda: Permutation([]), r"order: got \[\]"),
    ],
)
def test_bad_compositions_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "value, kind",
    [
        ([1.0], "list"),
        (torch.ones(1).long(), "torch.int64"),
        (torch.ones(1).to_sparse(), "a sparse tensor of .*32"),
    ],
)
def test_what_came_is_said(value, kind):
    with pytest.raises(ValueError, match=f"^x: got {kind}, expected a floating-point tensor$"):
        check_form("x", value, ())


def test_values_are_looked_at_where_there_are_some():
    false = torch.tensor(0.0) > 1
    assert not holds(false)
    assert holds(false.to("meta"))
    with unchecked():
        assert holds(false)
    assert not holds(false)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_finite_is_each_number_whatever_their_sum(dtype):
    largest = torch.finfo(dtype).max
    assert all_finite(torch.full((3,), largest, dtype=dtype))  # its sum is not
    assert all_finite(torch.zeros(0, dtype=dtype))
    for wrong in ([torch.inf, 1.0], [torch.nan, 1.0], [torch.inf, -torch.inf], [largest, largest, torch.nan]):
        assert not all_finite(torch.tensor(wrong, dtype=dtype))
