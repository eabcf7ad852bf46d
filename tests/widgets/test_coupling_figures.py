"""The figures on coupling layers: compiled JavaScript against PyTorch modules, and their traits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.checks import jacobian
from helpers.models.coupling import AffineCoupling
from helpers.widgets import CouplingBlock, CouplingJacobian
from helpers.widgets.formulas import coupling as formulas


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Call a function of the figures: `javascript("forward", state, 0.5, 0.2)`."""
    return functions_of(block="coupling/block.js", determinant="shared/determinant.js")


sliders = st.floats(-1, 1, allow_subnormal=False)
STATES = st.fixed_dictionaries(
    {name: sliders for name in ("level", "log_scale_bump", "shift_bump", "s")} | {"undo": st.just("inverse")}
)
POINTS = st.tuples(sliders, sliders)


def twin(state) -> AffineCoupling:
    """The same block in PyTorch, its bumps written anew."""
    return AffineCoupling(
        lambda b: state["shift_bump"] * torch.exp(-2 * b**2),
        lambda b: state["level"] + state["log_scale_bump"] * torch.exp(-2 * b**2),
        torch.tensor([state["s"]], dtype=torch.float64),
    )


def close(actual, expected, tolerance=1e-12):
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


@given(state=STATES, point=POINTS)
@settings(max_examples=60)
def test_the_block_and_its_inverse(javascript, state, point):
    block, x = twin(state), torch.tensor(point, dtype=torch.float64)
    with torch.no_grad():
        y, log_det = block(x)
    close(javascript("forward", state, *point), y)
    close(javascript("logDeterminant", state, point[1]), log_det)
    close(javascript("roundTrip", state, *point), point)
    assert javascript("roundTrip", {**state, "undo": "nothing"}, *point) == list(point)
    u, b = y[0].item(), point[1]
    F, G = (f(torch.tensor(b, dtype=torch.float64)).item() for f in (block.translation, block.log_scale))
    close(javascript("networks", state, b), [F, G])
    close(javascript("roundTrip", {**state, "undo": "closed_early"}, *point), [u - F * math.exp(-G), b])


@given(state=STATES)
@settings(max_examples=25)
def test_areas(javascript, state):
    """The outline's area and the integral of the determinant, against a fine sum by PyTorch's block."""
    b = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 10_000 - 1
    with torch.no_grad():
        determinants = twin(state)(torch.stack([0 * b, b], -1))[1].exp()
    area = 4 * determinants.mean().item()
    close(javascript("integralOfDeterminant", state), area, 1e-8)
    close(javascript("areaOfImage", state), area, 1e-6)
    low, high = javascript("rangeOfDeterminant", state)
    close([low, high], [determinants.min().item(), determinants.max().item()], 1e-3)


@pytest.mark.parametrize(
    "changes, preserving",
    [
        ({"level": 0.3, "s": -0.3}, True),
        ({"level": 0.3, "s": -0.3, "shift_bump": -1.0}, True),
        ({"level": 0.0, "s": 0.0}, True),
        ({"level": 0.3, "s": -0.25}, False),
        ({"level": 0.3, "s": -0.3, "log_scale_bump": 0.05}, False),
        ({"level": 0.0, "s": -0.65, "log_scale_bump": 1.0}, False),  # the area is about 4 all the same
    ],
)
def test_volume_is_preserved_exactly_where_the_log_determinant_vanishes(javascript, changes, preserving):
    state = {"level": 0.0, "log_scale_bump": 0.0, "shift_bump": 0.5, "s": 0.0, **changes}
    assert javascript("isVolumePreserving", state) is preserving
    low, high = javascript("rangeOfDeterminant", state)
    assert (max(abs(low - 1), abs(high - 1)) < 1e-12) is preserving


def test_the_wrong_way_back_misses(javascript):
    state = {"level": 0.2, "log_scale_bump": 0.5, "shift_bump": 0.8, "s": -0.2}
    assert javascript("roundTripError", {**state, "undo": "inverse"}) < 1e-14
    assert javascript("roundTripError", {**state, "undo": "closed_early"}) > 0.5
    # Where G vanishes the two brackets agree.
    flat = {**state, "level": 0.0, "log_scale_bump": 0.0, "undo": "closed_early"}
    assert javascript("roundTripError", flat) < 1e-14


def wide_twin(mixing) -> AffineCoupling:
    slopes = [torch.tensor(np.array(m.tolist(), dtype=float)) for m in (formulas.SLOPES_F, formulas.SLOPES_G)]
    weights = [w * (mixing + (1 - mixing) * torch.eye(4, dtype=torch.float64)) for w in slopes]
    s = torch.tensor([float(x) for x in formulas.LOG_SCALES], dtype=torch.float64)
    return AffineCoupling(
        lambda b: torch.tanh(b @ weights[0].T), lambda b: torch.tanh(b @ weights[1].T) / 2, s
    )


def wide_point(state):
    halves = [(state["size_a"], formulas.DIRECTION_A), (state["size_b"], formulas.DIRECTION_B)]
    return torch.tensor([size * float(x) for size, half in halves for x in half], dtype=torch.float64)


WIDE = st.fixed_dictionaries(
    {
        "mixing": st.floats(0, 1, allow_subnormal=False),
        "size_a": st.floats(-2, 2, allow_subnormal=False),
        "size_b": st.floats(-2, 2, allow_subnormal=False),
    }
)


@given(state=WIDE)
@settings(max_examples=40)
def test_the_wide_jacobian(javascript, state):
    block, x = wide_twin(state["mixing"]), wide_point(state)
    exact = jacobian(lambda point: block(point)[0], x[None])[0].detach().numpy()
    state = {**state, "formula": "right"}
    close(javascript("wideJacobian", state), exact)
    close(javascript("differences", state), exact, 1e-8)
    log_det = block(x)[1].item()
    close(javascript("wideLogDeterminant", state), log_det)
    close(javascript("signAndLog", exact.tolist())["log_abs_det"], log_det, 1e-10)


def test_the_mistaken_formulas_are_wrong_in_the_corner_alone(javascript):
    state = {"mixing": 0.7, "size_a": 1.3, "size_b": 0.6}
    right = np.array(javascript("wideJacobian", {**state, "formula": "right"}))
    for formula, count in (("exchanged", 12), ("entrywise", 12)):
        wrong = np.abs(javascript("wideJacobian", {**state, "formula": formula}) - right) > 1e-9
        assert wrong[:4, 4:].sum() == wrong.sum() == count
        assert not wrong[:4, 4:].diagonal().any()
    for formula in ("exchanged", "entrywise"):
        by_entries = {**state, "mixing": 0.0, "formula": formula}
        close(
            javascript("wideJacobian", by_entries),
            javascript("wideJacobian", {**by_entries, "formula": "right"}),
        )


def test_difference_and_determinant_by_elimination(javascript):
    assert javascript("apart", [[1, 2], [3, 4]], [[1, 2.5], [0, 4]]) == {
        "sizes": [[0, 0.5], [3, 0]],
        "largest": 3,
    }
    matrix = torch.randn(5, 5, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    matrix[0, 0] = 0  # a pivot has to be looked for
    sign, log_abs_det = torch.linalg.slogdet(matrix)
    found = javascript("signAndLog", matrix.tolist())
    assert found["sign"] == sign
    close(found["log_abs_det"], log_abs_det.item(), 1e-12)


@pytest.mark.parametrize(
    "figure, name, value",
    [
        *(
            (CouplingBlock, name, value)
            for name in ("level", "s", "point_a")
            for value in (1.01, math.nan, "0")
        ),
        (CouplingBlock, "undo", "all"),
        (CouplingJacobian, "mixing", -0.1),
        (CouplingJacobian, "size_a", 2.5),
        (CouplingJacobian, "formula", None),
    ],
)
def test_bad_values_are_refused(figure, name, value):
    with pytest.raises(ValueError, match=f"{name}: got .*expected"):
        figure(**{name: value})
    made = figure()
    before = getattr(made, name)
    with pytest.raises(ValueError, match=f"{name}: got"):
        setattr(made, name, value)
    assert getattr(made, name) == before
