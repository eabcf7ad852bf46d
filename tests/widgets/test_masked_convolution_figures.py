"""The figures on masked convolutions without a browser: their propagation against the package's, checked traits."""

import random

import pytest
import torch

from helpers.models.masked_convolution import (
    blind_fraction,
    causal_count,
    field_count,
    field_offsets,
    gated_field_offsets,
    mask,
    path_counts,
    receptive_field,
)
from helpers.widgets import BlindCone, ReceptiveField
from helpers.widgets.formulas import masked_convolution as constants

from .masked_layers import layers_of

FIGURES = [ReceptiveField, BlindCone]
SEEDS = range(10)
EACH = 40


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Call functions of the figures' modules: `javascript(name, *arguments)`."""
    return functions_of(
        whole=True,
        generated="generated/masked_convolution.js",
        propagation="masked_convolution/propagation.js",
        cone="masked_convolution/cone.js",
        more="{ PRESETS: () => propagation.PRESETS }",
    )


def random_state(draw, **given):
    size, depth = draw.randint(5, 11), draw.randint(1, 5)
    state = {
        "size": size,
        "row": draw.randint(1, size),
        "column": draw.randint(1, size),
        "depth": depth,
        "orientation": draw.choice(["raster", "below"]),
        "order": draw.choice(["raster", "below"]),
        "stacks": draw.choice(["one", "one", "two"]),
        "flipped": draw.choice(["no", "yes"]),
        "weights": draw.choice(["in order", "reversed"]),
        "step": depth,
    }
    for layer in range(1, 6):
        state[f"mask_{layer}"] = draw.choice(["A", "B", "B", "plain"])
        state[f"kernel_size_{layer}"] = draw.choice(["3", "3", "5", "7"])
    return {**state, **given}


def value_of(layers, numbers, state):
    """The network's value, by PyTorch."""
    side = state["size"]
    image = torch.tensor(constants.image(), dtype=torch.float64)[:side, :side][None, None]
    for index, layer in enumerate(layers):
        size = layer.kernel_size
        own = torch.tensor(constants.weights()[numbers[index]], dtype=torch.float64)[:size, :size]
        if layer.flipped:  # weights turn with the kernel
            own = own.flip(0, 1)
        image = torch.nn.functional.conv2d(image, (own * mask(layer))[None, None], padding=layer.padding)
        if index < len(layers) - 1:
            image = image.tanh()
    return image[0, 0, state["row"] - 1, state["column"] - 1].item()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_propagation_is_the_packages(javascript, seed):
    draw = random.Random(seed)
    for _ in range(EACH):
        state = random_state(draw)
        side, pixel = state["size"], (state["row"] - 1, state["column"] - 1)
        layers, found = layers_of(state), javascript("analyse", state)
        for step, level in enumerate(found["levels"]):
            upper = layers[len(layers) - step :]
            assert level == path_counts(upper, (side, side), pixel).tolist(), (state, step)
        field = receptive_field(layers, (side, side), pixel)
        assert found["seen"] == [[r + 1, c + 1] for r, c in field.nonzero().tolist()]
        assert found["paths"] == path_counts(layers, (side, side), pixel).sum()
        assert found["sees_itself"] == bool(field[pixel])

        down, right = torch.meshgrid(
            torch.arange(side) - pixel[0], torch.arange(side) - pixel[1], indexing="ij"
        )
        before = down < 0 if state["order"] == "raster" else down > 0
        past = before | ((down == 0) & (right < 0))
        far = sum(layer.kernel_size // 2 for layer in layers)
        near = torch.maximum(down.abs(), right.abs()) <= far
        assert found["future"] == [[r + 1, c + 1] for r, c in (field & ~past).nonzero().tolist()]
        assert found["blind"] == [[r + 1, c + 1] for r, c in (past & near & ~field).nonzero().tolist()]


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_the_value_is_pytorchs(javascript, seed):
    draw = random.Random(100 + seed)
    for _ in range(EACH):
        state = random_state(draw, stacks="one")
        found, layers = javascript("analyse", state), layers_of(state)
        numbers = list(range(len(layers)))
        if state["weights"] == "reversed":
            numbers.reverse()
        assert found["value"] == pytest.approx(value_of(layers, numbers, state), abs=1e-12)
        other = value_of(layers[::-1], numbers[::-1], state)
        assert found["other_value"] == pytest.approx(other, abs=1e-12)
        swapped = javascript("analyse", {**state, **javascript("reversed", state)})
        assert (swapped["value"], swapped["other_value"]) == (found["other_value"], found["value"])
        assert found["other_count"] == len(swapped["seen"])
        assert found["same_field"] == (swapped["seen"] == found["seen"])


def test_swapping_changes_the_value_and_not_the_field(javascript):
    for preset in ("A, B", "B, A"):
        for orientation in ("raster", "below"):
            state = {**javascript("PRESETS")[preset], "orientation": orientation, "order": orientation}
            found = javascript("analyse", state)
            assert found["same_field"] and len(found["seen"]) == found["other_count"] == 10
            assert abs(found["value"] - found["other_value"]) > 0.01


@pytest.mark.parametrize(
    "preset, orientation, seen",
    [
        ("A, A", "below", "32; 42 43 44; 52 53 54 55"),
        ("A, B", "below", "32 33; 42 43 44 45; 52 53 54 55"),
        ("B, A", "below", "32 33; 42 43 44 45; 52 53 54 55"),
        ("B, B", "below", "32 33 34; 42 43 44 45; 52 53 54 55"),
        ("A, A", "raster", "12 13 14 15; 22 23 24; 32"),
        ("A, B", "raster", "12 13 14 15; 22 23 24 25; 32 33"),
        ("B, A", "raster", "12 13 14 15; 22 23 24 25; 32 33"),
        ("B, B", "raster", "12 13 14 15; 22 23 24 25; 32 33 34"),
    ],
)
def test_the_four_cases_are_those_asked_for(javascript, preset, orientation, seen):
    state = {**javascript("PRESETS")[preset], "orientation": orientation, "order": orientation}
    found = javascript("analyse", state)
    assert javascript("listOf", found["seen"], 5) == seen
    assert found["sees_itself"] == (preset == "B, B")
    assert found["future"] == ([[3, 4]] if preset == "B, B" else [])


def test_a_list_with_two_digits(javascript):
    pixels = [[9, 3], [10, 2], [10, 3], [10, 5]]
    assert javascript("listOf", pixels, 11) == "row 9: 3; row 10: 2–3, 5"
    assert javascript("listOf", [], 5) == ""


def test_the_presets_of_the_blind_spot(javascript):
    presets = javascript("PRESETS")
    one, two = (javascript("analyse", presets[name]) for name in ("Blind spot", "Two stacks"))
    assert one["blind"] and not one["future"] and not two["future"]
    assert two["blind"] == [] and one["value"] is not None and two["value"] is None
    assert set(map(tuple, one["seen"])) < set(map(tuple, two["seen"]))
    for name, preset in presets.items():
        ReceptiveField(**{"orientation": "raster", "order": "raster", **preset})
        assert (
            javascript("analyse", {**ReceptiveField().page_state(), **preset})["step"] == preset["depth"]
        ), name


@pytest.mark.parametrize("half", [1, 2, 3])
@pytest.mark.parametrize("depth", [1, 2, 5, 12])
@pytest.mark.parametrize("number_of_a", [1, 2, 12])
def test_the_cone(javascript, half, depth, number_of_a):
    number_of_a = min(number_of_a, depth)
    state = {"half_width": half, "depth": depth, "number_of_a": number_of_a, "stacks": "one"}
    for stacks, expected in (
        ("one", field_offsets(half, depth, number_of_a)),
        ("two", gated_field_offsets(half, depth)),
    ):
        found = javascript("coneOf", {**state, "stacks": stacks})
        cells = {(-i, j) for i, last in enumerate(found["reach"]) for j in range(-half * depth, last + 1)}
        if stacks == "two":  # the own row ends before the pixel
            assert found["reach"][0] == -1
        assert cells == expected
        assert found["seen"] == len(expected)
        assert found["causal"] == causal_count(half, depth)
        assert found["blind"] == found["causal"] - found["seen"]
        assert found["fraction"] == pytest.approx(found["blind"] / found["causal"], abs=1e-15)
        assert found["limit"] == pytest.approx(1 / (4 * half) if stacks == "one" else 0)
    if number_of_a == 1:
        found = javascript("coneOf", state)
        assert found["seen"] == field_count(half, depth)
        assert found["fraction"] == pytest.approx(float(blind_fraction(half, depth)))


def test_the_curve_of_the_blind_part(javascript):
    curve = javascript("curveOf", 2, 30)
    assert [depth for depth, _ in curve] == list(range(1, 31))
    for depth, fraction in curve:
        assert fraction == pytest.approx(float(blind_fraction(2, depth)), abs=1e-15)


@pytest.mark.parametrize(
    "figure, name, value, expected",
    [
        (ReceptiveField, "size", 4, "a whole number from 5 to 11"),
        (ReceptiveField, "row", 12, "a whole number from 1 to 11"),
        (ReceptiveField, "depth", 6, "a whole number from 1 to 5"),
        (ReceptiveField, "mask_1", "C", "one of A, B, plain"),
        (ReceptiveField, "kernel_size_5", "4", "one of 3, 5, 7"),
        (ReceptiveField, "orientation", "above", "one of raster, below"),
        (ReceptiveField, "order", "above", "one of raster, below"),
        (ReceptiveField, "stacks", "three", "one of one, two"),
        (ReceptiveField, "flipped", True, "one of no, yes"),
        (ReceptiveField, "weights", "new", "one of in order, reversed"),
        (ReceptiveField, "step", -1, "a whole number from 0 to 5"),
        (BlindCone, "half_width", 4, "a whole number from 1 to 3"),
        (BlindCone, "depth", 13, "a whole number from 1 to 12"),
        (BlindCone, "number_of_a", 0, "a whole number from 1 to 12"),
        (BlindCone, "stacks", "both", "one of one, two"),
    ],
)
def test_bad_values_are_refused(figure, name, value, expected):
    with pytest.raises(ValueError) as raised:
        figure(**{name: value})
    assert str(raised.value).startswith(f"{name}: got {value!r}, expected {expected}")
