"""Wrong arguments, one at a time, for every public function: a right answer, or an error of ours that names it."""

from __future__ import annotations

import contextlib
import copy
import io

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch.utils._pytree import tree_leaves, tree_map

from .calls import CALLS, Call
from .judge import NEARLY_THE_LARGEST, fault_of_error, has_nan, is_finite
from .public import functions, key
from .wrong import arguments_like, sequences_like

EXAMPLES = 40  # a call; all calls together take about half a minute
# A step is handed on to `decide` and to the laws: their errors keep their words.
HANDED_ON = {"lhs", "rhs", "relation", "expression", "variable"}
GIVEN_BY_CODE = {  # not read: what is wrong with them is seen at the first call
    "models.determinants.count_operations": "*arguments",
    "models.invertible.check_points": "event_shape",
    "models.invertible.check_form": "event_shape",
}
# Of numbers that are nearly the largest, an error about what was to be computed of them.
OVERFLOWS = {
    "models.flows.PlanarFlow.inverse",
    "models.flows.SigmoidMixture.inverse",
    "models.invertible_convolution.ConditionalPLUConvolution.forward",
    "models.invertible_convolution.ConditionalPLUConvolution.inverse",
}
LARGEST = 100  # of whole numbers: sizes and counts cost time and memory as they say
NAMES = functions()

pytestmark = pytest.mark.filterwarnings("ignore")  # of SymPy, PyTorch and NumPy, about what they are given


def name_of(call: Call) -> str:
    made = getattr(call.function, "__self__", None)
    owner = f"{type(made).__name__}." if made is not None and not isinstance(made, type) else ""
    return NAMES.get(key(call.function), owner + call.function.__name__)


def is_nearly_the_largest(value: object) -> bool:
    is_real = isinstance(value, torch.Tensor) and value.is_floating_point() and not value.is_sparse
    return is_real and not value.is_meta and bool((value.abs() > NEARLY_THE_LARGEST).any())


def result_of(call: Call, changed: dict) -> object:
    """What the call gives; a context is entered and left, an iterator emptied."""
    with contextlib.redirect_stdout(io.StringIO()):
        result = call(changed)
        if hasattr(result, "__next__"):
            return list(result)
        if hasattr(result, "__enter__") and not hasattr(result, "update"):
            with result:
                return None
    return result


def test_every_public_function_has_a_call():
    covered = {key(call.function) for call in CALLS}
    missing = sorted(name for function, name in NAMES.items() if function not in covered)
    assert not missing, (
        f"tests/inputs/calls.py has no call of {', '.join(missing)}: add one with right arguments"
    )


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_the_right_call_is_right(call):
    assert not has_nan(result_of(call, {}))


@pytest.mark.parametrize("call", [call for call in CALLS if call.arguments], ids=name_of)
def test_a_wrong_argument_gives_a_right_answer_or_is_named(call):
    tensors = sum(isinstance(value, torch.Tensor) for value in call.arguments.values())

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def wrong(data):
        read = set(call.arguments) - {GIVEN_BY_CODE.get(name_of(call))}
        name = data.draw(st.sampled_from(sorted(read)))
        right = call.arguments[name]
        strategy = sequences_like if name.startswith("*") else arguments_like
        value = data.draw(strategy(right, devices=tensors > 1))
        if isinstance(value, int) and abs(value) > LARGEST:
            return
        if name_of(call) in OVERFLOWS and is_nearly_the_largest(value):
            return
        given_now = call.arguments | {name: value}
        try:
            result = result_of(call, {name: value})
        except Exception as error:
            named = {argument.lstrip("*") for argument in call.arguments}
            named |= {
                text for text in given_now.values() if isinstance(text, str)
            }  # `check_points("x", ...)`
            is_handed_on = NAMES.get(key(call.function), "").startswith(("proof", "widgets.FindTheFlaw"))
            named |= HANDED_ON if is_handed_on else set()
            fault = fault_of_error(error, named)
            assert fault is None, f"{name} = {value!r}: {fault}"
        else:
            silent = has_nan(result) and all(map(is_finite, given_now.values())) and not callable(value)
            assert not silent, f"{name} = {value!r}: NaN from finite numbers, {result}"

    wrong()


def in_batches(call: Call, name: str, size: int) -> object:
    tensor = call.arguments[name]
    return result_of(call, {name: tensor.detach().expand(size, *tensor.shape).clone()})


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_an_empty_batch_gives_an_empty_batch(call):
    for name, value in call.arguments.items():
        if not isinstance(value, torch.Tensor):
            continue
        try:
            two, none = in_batches(call, name, 2), in_batches(call, name, 0)
        except (ValueError, TypeError):  # looked at by the test above
            continue
        shapes = [
            [part.shape for part in tree_leaves(x) if isinstance(part, torch.Tensor)] for x in (two, none)
        ]
        for full, empty in zip(*shapes, strict=True):
            changed = [(m, n) for m, n in zip(full, empty, strict=True) if m != n]
            assert changed in ([], [(2, 0)]), f"{name}: {tuple(full)} of two, {tuple(empty)} of none"


# Where single precision may leave its range although double precision does not.
LEAVES_THE_RANGE = {
    "models.games.simulate": "a trajectory on its way; documented to stay at infinity",
    "models.flows.solvers.bisection": "the test's function, a cube",
    "models.flows.solvers.newton_step": "the test's function, a cube",
    "models.estimators.reparameterized_gradient": "the test's integrand, a square",
    "models.amortization.gradient_ascent": "a path on its way",
    "models.convolution.input_gradient": "a sum on its way",
    "models.convolution.weight_gradient": "a sum on its way",
}
SCALES = 1e5, 1e18, 1e20, 1e30, 1e-5, 1e-20, 1e-30


def single(value):
    return tree_map(
        lambda x: x.detach().float() if isinstance(x, torch.Tensor) and x.is_floating_point() else x, value
    )


@pytest.mark.parametrize(
    "call", [call for call in CALLS if name_of(call) not in LEAVES_THE_RANGE], ids=name_of
)
def test_single_precision_is_finite_where_double_is(call):
    owner = getattr(call.function, "__self__", None)
    if isinstance(owner, torch.nn.Module):
        other = Call(getattr(copy.deepcopy(owner).float(), call.function.__name__), call.arguments)
    elif owner is None or isinstance(owner, type):
        other = call
    else:
        return  # holds double precision
    tensors = [
        name
        for name, value in call.arguments.items()
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    ]
    for name in tensors:
        for scale in SCALES:
            scaled = call.arguments | {name: (call.arguments[name].detach() * scale).float().double()}
            try:
                double, found = result_of(call, scaled), result_of(other, single(scaled))
            except (ValueError, TypeError):
                continue
            for a, b in zip(tree_leaves(double), tree_leaves(found), strict=True):
                if isinstance(a, torch.Tensor) and a.is_floating_point():
                    fits = a.isfinite() & (a.abs() < 3e38)
                    assert b[fits].isfinite().all(), f"{name} times {scale:g}"
