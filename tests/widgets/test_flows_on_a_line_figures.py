"""The figures on flows of the line without a browser: their JavaScript against Python, and their traits."""

import math

import numpy as np
import pytest
import sympy as sp
import torch

from helpers.codegen import to_numpy
from helpers.models.flows import SigmoidMixture, line
from helpers.models.flows.solvers import bisection, fixed_point_path
from helpers.widgets import Cobweb, HorizontalLine, MixtureInverse
from helpers.widgets.formulas.flows_on_a_line import MAPS, z

FIGURES = [HorizontalLine, MixtureInverse, Cobweb]


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Answers of the figures' functions to calls [name, arguments]."""
    call = functions_of(
        generated="generated/flows_on_a_line.js",
        maps="flows_on_a_line/maps.js",
        more="""{
            preimagesOf: (state) => maps.preimages((z) => maps.valueAt(state, z), state.level),
            properties: (state) => {
                const { injective, onto } = generated.maps[state.map];
                return [injective(...maps.parametersOf(state)), onto(...maps.parametersOf(state))];
            },
        }""",
    )
    return lambda *calls: [call(name, *values) for name, values in calls]


def random_states(figure, count, seed):
    """States of a figure, with every number anywhere in its range."""
    generator = np.random.default_rng(seed)
    states = []
    for _ in range(count):
        state = {}
        for name, trait in figure.class_traits(state=True).items():
            if hasattr(trait, "choices"):
                state[name] = trait.choices[generator.integers(len(trait.choices))]
            elif isinstance(trait.default_value, int):
                state[name] = int(generator.integers(trait.low, trait.high + 1))
            else:
                state[name] = float(generator.uniform(trait.low, trait.high))
        states.append(state)
    return states


def components(state):
    """The figure's mixture as the PyTorch module."""
    return SigmoidMixture(
        torch.tensor([state["weight"], 1 - state["weight"]], dtype=torch.float64),
        torch.tensor([state["scale_1"], state["scale_2"]], dtype=torch.float64),
        torch.tensor([state["shift_1"], state["shift_2"]], dtype=torch.float64),
    )


# The compiled mathematics.


def test_every_map_has_the_values_of_its_expression(javascript):
    points = np.random.default_rng(1).uniform(-8, 8, 12)
    states = [{**state, "map": name} for name in MAPS for state in random_states(HorizontalLine, 5, 2)]
    answers = javascript(*[["valueAt", [state, point]] for state in states for point in points])
    expected = [
        to_numpy(MAPS[s["map"]].value, [z, *MAPS[s["map"]].parameters.values()])(
            points, *(s[name] for name in MAPS[s["map"]].parameters)
        )
        for s in states
    ]
    np.testing.assert_allclose(np.reshape(answers, (-1, 12)), expected, rtol=1e-12, atol=1e-12)


def test_the_mixture_and_its_slope_are_those_of_pytorch(javascript):
    points = np.linspace(-10, 10, 9)
    for state in random_states(MixtureInverse, 15, 3):
        value, log_slope = components(state)(torch.from_numpy(points))
        answers = javascript(*[[name, [state, p]] for name in ("mixed", "mixedSlope") for p in points])
        np.testing.assert_allclose(answers[:9], value.detach(), rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(answers[9:], log_slope.detach().exp(), rtol=1e-10)


def test_the_density_is_that_of_a_normal_number_sent_back(javascript):
    y, slope = 0.7, 1.3
    (answer,) = javascript(["density", [y, slope]])
    assert answer == pytest.approx(slope * math.exp(-(y**2) / 2) / math.sqrt(2 * math.pi), rel=1e-14)


def test_asymptotes_are_near_at_the_ends(javascript):
    for state in random_states(MixtureInverse, 10, 4):
        numbers = [state[n] for n in ("weight", "scale_1", "scale_2", "shift_1", "shift_2")]
        gap = abs(state["scale_1"] - state["scale_2"])
        far = 60 / min(state["scale_1"], state["scale_2"], gap)
        left, right = javascript(["leftAsymptote", [-far, *numbers]], ["rightAsymptote", [far, *numbers]])
        value = components(state)(torch.tensor([-far, far], dtype=torch.float64))[0].tolist()
        assert [left, right] == pytest.approx(value, rel=1e-9)


def test_bisection_takes_the_halvings_of_the_solver(javascript):
    for state in random_states(MixtureInverse, 10, 5):
        flow, target = components(state), torch.tensor(state["target"], dtype=torch.float64)
        (brackets,) = javascript(["bisection", [state, state["target"], 30]])
        low, high = (torch.tensor(end, dtype=torch.float64) for end in brackets[0])
        expected = line.bracket(
            state["target"], (state["scale_1"], state["scale_2"]), (state["shift_1"], state["shift_2"])
        )
        assert brackets[0] == pytest.approx([float(end) for end in expected], rel=1e-14)
        for steps in (1, 2, 9):
            middle = bisection(lambda x, flow=flow: flow(x)[0], target, low - 1e-9, high + 1e-9, steps=steps)
            assert sum(brackets[steps]) / 2 == pytest.approx(middle.item(), abs=1e-8)
        widths = [b - a for a, b in brackets]
        np.testing.assert_allclose(widths, widths[0] / 2.0 ** np.arange(31), rtol=1e-6, atol=1e-12)
        assert flow(torch.tensor(sum(brackets[30]) / 2, dtype=torch.float64))[0].item() == pytest.approx(
            state["target"], abs=1e-6
        )


def test_the_naive_value_is_that_of_float32(javascript):
    """Each operation rounded: equal to NumPy's float32, up to the exponential's last digit."""
    states = random_states(MixtureInverse, 20, 6)
    points = np.random.default_rng(7).uniform(-20, 20, 20).astype(np.float32)
    answers = javascript(*[["naive", [s, float(p)]] for s, p in zip(states, points, strict=True)])
    one = np.float32(1)
    for state, point, answer in zip(states, points, answers, strict=True):
        scales = np.array([state["scale_1"], state["scale_2"]], np.float32)
        shifts = np.array([state["shift_1"], state["shift_2"]], np.float32)
        weights = np.array([state["weight"], 1 - np.float32(state["weight"])], np.float32)
        with np.errstate(divide="ignore", over="ignore"):
            average = (weights * (one / (one + np.exp(-(scales * point + shifts))))).sum(dtype=np.float32)
            twin = float(np.log(average / (one - average)))
        # Near saturation one rounding of the average changes the value in its first digits.
        slack = 1e-6 / max(float(one - average), 6e-8) + 1e-5
        assert math.isinf(float(answer)) or float(answer) == pytest.approx(twin, rel=1e-5, abs=slack)


def test_the_naive_value_is_infinite_from_somewhere_on(javascript):
    state = {"weight": 0.5, "scale_1": 1, "scale_2": 1, "shift_1": 4, "shift_2": -4}
    value, near, start, nowhere = javascript(
        ["naive", [state, 40]],
        ["mixed", [state, 40]],
        ["saturation", [state, -45, 45, 9000]],
        ["saturation", [state, -45, 10, 100]],
    )
    assert value == "Infinity"
    assert near == pytest.approx(36.6928, abs=1e-4)
    # The average rounds to 1 within a unit or two of where 1 - F is half a rounding unit.
    assert start == pytest.approx(25 * math.log(2) + 4 - math.log(2), abs=1.5)
    assert nowhere is None


# Preimages.


@pytest.mark.parametrize("seed", range(4))
def test_preimages_have_the_image_and_none_is_missed(javascript, seed):
    states = random_states(HorizontalLine, 12, 10 + seed)
    answers = javascript(*[["preimagesOf", [s]] for s in states])
    grid = np.linspace(-100, 100, 400_001) + 1e-4 / math.pi
    for state, answer in zip(states, answers, strict=True):
        scalar_map = MAPS[state["map"]]
        g = to_numpy(scalar_map.value, [z, *scalar_map.parameters.values()])
        given = [state[name] for name in scalar_map.parameters]
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            signs = np.sign(g(grid, *given) - state["level"])
            for point in answer["points"]:
                assert g(np.array(point), *given) == pytest.approx(state["level"], abs=1e-9)
        assert len(answer["points"]) == (signs[1:] * signs[:-1] < 0).sum()
        assert answer["flat"] is None


@pytest.mark.parametrize(
    "parameters, level, flat, points",
    [
        ({"outer": 1, "inner": 1, "offset": 0.5}, 0, [-100, -0.5], []),
        ({"outer": 1, "inner": -2, "offset": 1}, 0, [0.5, 100], []),
        ({"outer": 2, "inner": 0, "offset": 1}, 2, [-100, 100], []),
        ({"outer": 0, "inner": 1, "offset": 1}, 0, [-100, 100], []),
        ({"outer": 2, "inner": 0, "offset": 1}, 0, None, []),
        ({"outer": -1, "inner": 1, "offset": 0}, 1, None, []),
        ({"outer": 1, "inner": 2, "offset": 0}, 3, None, [1.5]),
    ],
)
def test_the_flat_piece_of_a_relu(javascript, parameters, level, flat, points):
    (answer,) = javascript(["preimagesOf", [{"map": "relu", "level": level, **parameters}]])
    assert answer["flat"] == flat
    assert answer["points"] == pytest.approx(points, abs=1e-12)


@pytest.mark.parametrize(
    "state, injective, onto",
    [
        ({"map": "relu", "outer": 1, "inner": 1, "offset": 0}, False, False),
        ({"map": "leaky", "slope": 0.05}, True, True),
        ({"map": "leaky", "slope": 0}, False, False),
        ({"map": "mixture", "weight": 0.1, "distance": 6}, True, True),
        ({"map": "sine", "strength": 1}, True, True),
        ({"map": "sine", "strength": -1.05}, False, True),
        ({"map": "arctan"}, True, False),
        ({"map": "cube"}, True, True),
    ],
)
def test_what_a_map_is_said_to_be(javascript, state, injective, onto):
    assert javascript(["properties", [state]]) == [[injective, onto]]


def test_no_line_meets_an_injective_map_twice(javascript):
    states = [s for seed in range(5) for s in random_states(HorizontalLine, 20, 30 + seed)]
    properties = javascript(*[["properties", [s]] for s in states])
    answers = javascript(*[["preimagesOf", [s]] for s in states])
    for (injective, onto), answer in zip(properties, answers, strict=True):
        if injective:
            assert len(answer["points"]) <= 1 and answer["flat"] is None
        if injective and onto:
            assert len(answer["points"]) == 1


# The fixed point.


def test_iterates_are_those_of_the_solver_and_end_at_the_solution(javascript):
    for state in random_states(Cobweb, 12, 8):
        c, y = 0.3 * state["strength"], torch.tensor(state["target"], dtype=torch.float64)
        path, solutions = javascript(["iterates", [c, y.item(), 60]], ["fixedPoints", [c, y.item()]])
        twin = fixed_point_path(lambda x, c=c, y=y: y - c * torch.sin(x), y, 60)
        np.testing.assert_allclose(path, twin, rtol=0, atol=1e-12)
        assert len(solutions) == 1
        assert path[-1] == pytest.approx(solutions[0], abs=1e-12)
        errors = np.abs(np.array(path) - solutions[0])
        (bounds,) = (javascript(*[["errorBound", [n, c, errors[0]]] for n in range(61)]),)
        assert (errors <= np.array(bounds) + 1e-12).all()
        np.testing.assert_allclose(bounds, abs(c) ** np.arange(61) * errors[0], rtol=1e-12)


def test_past_the_border_there_may_be_three_solutions(javascript):
    (solutions,) = javascript(["fixedPoints", [2, 3]])
    assert len(solutions) == 3
    for x in solutions:
        assert x + 2 * math.sin(x) == pytest.approx(3, abs=1e-12)
    assert javascript(["nearest", [solutions, 3.2]]) == [solutions[1]]


# Traits.


@pytest.mark.parametrize("figure", FIGURES)
def test_every_number_has_its_range(figure):
    for name, trait in figure.class_traits(state=True).items():
        if hasattr(trait, "choices"):
            wrong = ["other", None, 1]
        else:
            wrong = [trait.low - 0.5, trait.high + 1, math.nan, "1", True, None]
            assert getattr(figure(**{name: trait.low}), name) == trait.low
        for value in wrong:
            with pytest.raises(ValueError, match=rf"^{name}: got .*, expected"):
                figure(**{name: value})


def test_the_choices_of_maps_are_those_of_the_formulas():
    assert HorizontalLine.class_traits()["map"].choices == tuple(MAPS)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_says_what_is_to_be_seen(figure):
    html = figure().to_html()
    assert f'data-widget="{figure.widget}"' in html and 'data-topic="flows_on_a_line"' in html
    assert len(figure.alt) > 60 and len(figure.caption) > 60


def test_formulas_name_each_parameter_where_its_value_goes():
    from helpers.widgets.formulas import flows_on_a_line

    source = flows_on_a_line.source()
    for scalar_map in MAPS.values():
        for trait in scalar_map.parameters:
            assert f"<{trait}>" in source
    assert isinstance(MAPS["sine"].value, sp.Expr)
