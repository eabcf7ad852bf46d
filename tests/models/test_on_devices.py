"""Every public function with tensors: on each device, without waiting for it, and in one piece for the whole batch.

PyTorch's meta device stands in where there is no GPU: its tensors have no values, and mix with others as little as a
GPU's. So what runs there makes all its tensors where its arguments are, and takes nothing back to the processor.
"""

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

import helpers.models
from helpers import checks, devices
from helpers.models import flows, initialization, invertible_convolution
from helpers.models.invertible import check_points, unchecked

from .device_cases import CASES, META, NOT_ON_META, TAKE_VALUES, Kit

SIZES = 3, 12  # of a batch


class Operations(TorchDispatchMode):
    """Counts the operations that PyTorch carries out."""

    def __enter__(self):
        self.counts = Counter()
        return super().__enter__()

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        self.counts[str(function)] += 1
        return function(*arguments, **(options or {}))


def counts(run: Callable, n: int, *, looking: bool) -> Counter:
    kit = Kit(torch.device("cpu"), n)
    run(kit)  # what is compiled or cached once
    with Operations() as operations:
        if looking:
            run(Kit(torch.device("cpu"), n))
        else:
            with unchecked():
                run(Kit(torch.device("cpu"), n))
    return operations.counts


def public_names() -> set[str]:
    """What has to do with tensors: names whose module imports PyTorch, or that say Tensor in their signature."""
    found = set()
    for info in pkgutil.iter_modules(helpers.models.__path__):
        module = importlib.import_module(f"helpers.models.{info.name}")
        for name in module.__all__:
            value = getattr(module, name)
            source = inspect.getmodule(value) if callable(value) else None
            if source is not None and source.__name__.startswith("helpers.models"):
                signature = str(inspect.signature(value)) if inspect.isfunction(value) else ""
                if "torch" in vars(source) or "Tensor" in signature:
                    found.add(f"{info.name}.{name}")
    return found - {"invertible.unchecked"}


def test_every_public_function_has_a_case():
    assert public_names() - set(CASES) - set(TAKE_VALUES) == set()


@pytest.mark.parametrize("name", sorted(CASES))
def test_work_is_done_in_one_piece_for_the_whole_batch(name):
    few, many = (counts(CASES[name], n, looking=True) for n in SIZES)
    if name.startswith(("flows", "games.train")):  # as many steps as the slowest point needs
        few, many = (counts(CASES[name], n, looking=False) for n in SIZES)
    assert few == many


@pytest.mark.parametrize("name", sorted(set(CASES) - NOT_ON_META - set(TAKE_VALUES)))
def test_nothing_is_made_elsewhere_and_nothing_is_waited_for(name):
    with unchecked():
        results = [leaf for leaf in tree_leaves(CASES[name](Kit(META, 3))) if isinstance(leaf, torch.Tensor)]
    assert results and all(result.device == META for result in results)


@pytest.mark.parametrize("name", sorted(set(CASES) - set(TAKE_VALUES)))
def test_no_number_goes_to_the_device_or_comes_back(name):
    """On the CPU such a copy costs nothing; on a GPU each stops the program until all that came before is done."""
    found = counts(CASES[name], 3, looking=False)
    assert found["aten._local_scalar_dense.default"] == 0


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_each_device_has_the_numbers_of_the_cpu(device, name):
    if not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    expected, found = (CASES[name](Kit(where, 5)) for where in (torch.device("cpu"), device))
    leaves = [leaf for leaf in tree_leaves(found) if isinstance(leaf, torch.Tensor)]
    assert leaves and all(leaf.device == device for leaf in leaves)
    moved = tree_map(lambda value: value.cpu() if isinstance(value, torch.Tensor) else value, found)
    torch.testing.assert_close(moved, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_monte_carlo_runs_on_each_device(device):
    kind = torch.float64 if devices.supports_float64(device) else torch.float32

    def sample(n, generator):
        return torch.randn(n, 2, generator=generator, device=generator.device, dtype=kind)

    estimate = checks.monte_carlo(sample, 300_000, generator=torch.Generator(device).manual_seed(1))
    assert estimate.mean.device.type == (device.type if devices.supports_float64(device) else "cpu")
    assert estimate.contains(0.0)


@pytest.mark.parametrize("device", devices.available(), ids=str)
def test_functions_that_take_values_run_on_each_device_too(device):
    if not devices.supports_float64(device):
        pytest.skip(f"{device} has no float64")
    kit = Kit(device, 5)
    layer = invertible_convolution.PLUConvolution.random_rotation(3, kit.generator())
    y, _ = layer(kit.normal(5, 3, 2, 2).float())
    block = flows.ContractiveResidual.random(3, 4, 0.5, generator=kit.generator())
    random = block.russian_roulette(kit.normal(5, 3), generator=kit.generator())
    moments = initialization.layer_moments(kit.normal(5, 3))
    assert y.device == layer.order.device == random.device == device and moments.mean > 0


def test_unchecked_looks_at_no_value_and_ends():
    bad = torch.tensor([torch.nan])
    with unchecked():
        check_points("x", bad, (1,))
        with pytest.raises(ValueError, match=r"x: got shape \(1,\), expected \(\.\.\., 2\)"):
            check_points("x", bad, (2,))
    with pytest.raises(ValueError, match="x: got NaN"):
        check_points("x", bad, (1,))
