"""Masks as polynomials, layers as matrices, the field in closed form: against every explicit network."""

import itertools

import numpy as np
import pytest
import sympy as sp
import torch

from helpers.models.masked_convolution import (
    GatedLayer,
    Layer,
    path_counts,
    receptive_field,
    receptive_fields,
)
from helpers.models.masked_convolution.symbolic import (
    blind_count,
    blind_fraction,
    causal_count,
    field_count,
    field_offsets,
    gated_field_offsets,
    gated_offsets,
    layer_matrix,
    layer_offsets,
    mask_polynomial,
    offset_counts,
    path_polynomial,
    reach,
    stack_matrix,
)
from helpers.proof import decide

rho, kappa = sp.symbols("rho kappa", nonzero=True)
m, L = sp.symbols("m L", integer=True, positive=True)
i = sp.Symbol("i", integer=True, nonnegative=True)

ORIENTATIONS = ("raster", "below")
NETWORKS = [
    (reach_of_layer, masks, orientation)
    for reach_of_layer in (1, 2, 3)
    for depth in (1, 2, 3, 4)
    for masks in itertools.product("AB", repeat=depth)
    for orientation in ORIENTATIONS
]
FIELDS = {  # row by row, as the sheet draws them; the output is row 3, column 4
    "AA": "00000/00000/01000/01110/01111",
    "AB": "00000/00000/01100/01111/01111",
    "BA": "00000/00000/01100/01111/01111",
    "BB": "00000/00000/01110/01111/01111",
}
ASKED = (2, 3)  # the pixel in row 3, column 4, from zero


def stack(masks, kernel_size=3, orientation="raster", kind=Layer):
    return [kind(kernel_size, mask, orientation) for mask in masks]


def away_from_the_border(layers, far):
    """The offsets that brute force finds, on a grid with room on every side."""
    field = receptive_field(layers, (2 * far + 1, 2 * far + 1), (far, far))
    return {(int(r) - far, int(c) - far) for r, c in field.nonzero()}


def drawn(rows):
    return [[int(cell) for cell in row] for row in rows.split("/")]


# The four fields that are asked for.


@pytest.mark.parametrize("masks", FIELDS)
def test_the_asked_fields_and_their_mirror_images(masks):
    expected = np.array(drawn(FIELDS[masks]))
    for orientation, grid in (("below", expected), ("raster", expected[::-1])):
        layers = stack(masks, orientation=orientation)
        np.testing.assert_array_equal(receptive_field(layers, (5, 5), ASKED).int(), grid)
        by_matrix = np.array(stack_matrix(layers, (5, 5))[2 * 5 + 3, :].reshape(5, 5).tolist(), dtype=int)
        np.testing.assert_array_equal(by_matrix > 0, grid > 0)
        counts = offset_counts(path_polynomial(layers, rho, kappa), rho, kappa)
        by_offset = np.zeros((5, 5), dtype=int)
        for (down, right), count in counts.items():
            if 0 <= 2 + down < 5 and 0 <= 3 + right < 5:
                by_offset[2 + down, 3 + right] = count
        np.testing.assert_array_equal(by_offset, by_matrix)
        np.testing.assert_array_equal(path_counts(layers, (5, 5), ASKED), by_matrix)


def test_flipping_is_no_mirror_image_of_rows():
    flipped = [Layer(3, "A", "below", flipped=True)] * 2
    expected = drawn("01111/00011/00000/00000/00000")
    np.testing.assert_array_equal(receptive_field(flipped, (5, 5), ASKED).int(), expected)
    assert set(layer_offsets(flipped[0])) == {(-r, -c) for r, c in layer_offsets(Layer(3, "A", "below"))}


# The general formula, for every network with m <= 3 and L <= 4.


@pytest.mark.parametrize("half, masks, orientation", NETWORKS)
def test_the_formula_of_the_field(half, masks, orientation):
    depth, number_of_a = len(masks), masks.count("A")
    layers = stack(masks, 2 * half + 1, orientation)
    found = away_from_the_border(layers, half * depth)
    assert found == field_offsets(half, depth, number_of_a, orientation)
    assert len(found) == field_count(half, depth, number_of_a)
    past = gated_field_offsets(half, depth, orientation)
    assert len(past) == causal_count(half, depth)
    assert len(past - found) - len(found - past) == blind_count(half, depth, number_of_a)
    # A stack without an A layer sees the pixel itself; any other sees nothing but the past.
    assert found - past == (set() if number_of_a else {(0, 0)})


def test_there_are_as_many_networks_as_should_be():
    assert len(NETWORKS) == len(set(NETWORKS)) == 3 * (2 + 4 + 8 + 16) * 2


@pytest.mark.parametrize("mutant", ["without the A layer", "the wrong way up", "one layer less"])
def test_the_formula_notices(mutant):
    layers = stack("ABB", 5)
    wrong = {
        "without the A layer": stack("BBB", 5),
        "the wrong way up": stack("ABB", 5, "below"),
        "one layer less": stack("AB", 5),
    }[mutant]
    right = field_offsets(2, 3, 1)
    assert away_from_the_border(layers, 6) == right
    assert away_from_the_border(wrong, 6) != right


@pytest.mark.parametrize("half, masks, orientation", [n for n in NETWORKS if n[0] * len(n[1]) <= 4])
def test_the_polynomial_counts_the_paths(half, masks, orientation):
    far = half * len(masks)
    layers = stack(masks, 2 * half + 1, orientation)
    counts = path_counts(layers, (2 * far + 1, 2 * far + 1), (far, far))
    expected = {(int(r) - far, int(c) - far): int(counts[r, c]) for r, c in counts.nonzero()}
    assert offset_counts(path_polynomial(layers, rho, kappa), rho, kappa) == expected


@pytest.mark.parametrize(
    "layers",
    [
        [Layer(3, "A", dilation=2), Layer(5, "B", "below"), Layer(3, None)],
        [Layer(3, "A", flipped=True), Layer(3, "B")],
        [GatedLayer(3, "A"), GatedLayer(3, "B"), Layer(3, "B"), GatedLayer(5, "A", "below")],
        [Layer(1, "B"), GatedLayer(3, "B", dilation=2), GatedLayer(3, "A")],
    ],
)
def test_the_polynomial_of_a_mixed_stack(layers):
    far = sum(layer.dilation * (layer.kernel_size // 2) for layer in layers)
    counts = path_counts(layers, (2 * far + 1, 2 * far + 1), (far, far))
    expected = {(int(r) - far, int(c) - far): int(counts[r, c]) for r, c in counts.nonzero()}
    assert offset_counts(path_polynomial(layers, rho, kappa), rho, kappa) == expected


# Two stacks.


@pytest.mark.parametrize("half", [1, 2, 3])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_two_stacks_see_the_whole_past(half, depth, orientation):
    layers = stack("A" + "B" * (depth - 1), 2 * half + 1, orientation, GatedLayer)
    assert away_from_the_border(layers, half * depth) == gated_field_offsets(half, depth, orientation)


def test_no_layer_sees_the_pixel_itself():
    assert offset_counts(path_polynomial([], rho, kappa), rho, kappa) == {(0, 0): 1}
    assert stack_matrix([], (2, 3)) == sp.eye(6)
    assert receptive_field([], (2, 3), (1, 2)).nonzero().tolist() == [[1, 2]]


def test_gated_offsets():
    assert gated_offsets(GatedLayer(3, "B", "below")) == (
        ((0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)),
        ((0, -1), (0, 0)),
    )


# Matrices, with the border.


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("shape", [(3, 4), (4, 2)])
def test_layers_commute_up_to_the_border(kernel_size, orientation, shape):
    first, second = (layer_matrix(Layer(kernel_size, mask, orientation), shape) for mask in "AB")
    assert second == first + sp.eye(shape[0] * shape[1])
    assert first * second == second * first
    assert stack_matrix(stack("AB", kernel_size, orientation), shape) == second * first
    # In its own order of drawing an A layer is strictly triangular.
    order = range(shape[0]) if orientation == "raster" else reversed(range(shape[0]))
    pixels = [r * shape[1] + c for r in order for c in range(shape[1])]
    assert all(first[pixels[a], pixels[b]] == 0 for a in range(len(pixels)) for b in range(a, len(pixels)))


@pytest.mark.parametrize("shape", [(4, 5), (3, 2)])
def test_the_matrix_of_a_stack_is_its_fields(shape):
    layers = [Layer(3, "A", "below"), Layer(5, "B"), Layer(3, None)]
    matrix = np.array(stack_matrix(layers, shape).tolist(), dtype=int)
    fields = receptive_fields(layers, shape).reshape(matrix.shape)
    np.testing.assert_array_equal(matrix > 0, fields)


def test_the_offsets_lie_on_a_narrow_map():
    layers, shape = stack("AA", 5, "below"), (7, 2)
    assert (1, 1) in field_offsets(2, 2, 2, "below")
    assert stack_matrix(layers, shape)[0, 1 * 2 + 1] == 0  # every path leaves the map on its way
    for pixel in itertools.product(range(5), repeat=2):  # a 3 × 3 mask has no such trouble
        for masks in FIELDS:
            field = receptive_field(stack(masks, orientation="below"), (5, 5), pixel)
            for down, right in field_offsets(1, 2, masks.count("A"), "below"):
                r, c = pixel[0] + down, pixel[1] + right
                assert not (0 <= r < 5 and 0 <= c < 5) or field[r, c]


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("masks", FIELDS)
def test_a_weighted_matrix_is_the_convolution(masks, orientation):
    generator = torch.Generator().manual_seed(5)
    image = torch.randn(1, 1, 4, 5, generator=generator, dtype=torch.float64)
    layer = Layer(3, masks[0], orientation)
    weights = torch.randn(3, 3, generator=generator, dtype=torch.float64)
    kept = torch.zeros(3, 3, dtype=torch.float64)
    for offset in layer_offsets(layer):
        kept[offset[0] + 1, offset[1] + 1] = weights[offset[0] + 1, offset[1] + 1]
    expected = torch.nn.functional.conv2d(image, kept[None, None], padding=1).flatten()
    matrix = np.array(layer_matrix(layer, (4, 5), weights.numpy()).tolist(), dtype=float)
    np.testing.assert_allclose(matrix @ image.flatten().numpy(), expected, atol=1e-12)


# Counts, for all sizes.


def test_the_size_of_the_field_is_its_sum():
    rows = m * L + sp.Sum(m * L + m * i + 1, (i, 1, L)) + sp.Sum(2 * m * L + 1, (i, L + 1, m * L))
    assert decide(rows, field_count(m, L)).status == "proved"
    assert decide(m * L + sp.Sum(2 * m * L + 1, (i, 1, m * L)), causal_count(m, L)).status == "proved"
    assert decide(blind_fraction(m, L), blind_count(m, L) / causal_count(m, L)).status == "proved"


def test_the_blind_part_and_its_limit():
    assert blind_fraction(1, 5) == sp.Rational(1, 6)
    for half in (1, 2, 3):
        limit = sp.Limit(blind_fraction(half, L), L, sp.oo)
        assert decide(limit, sp.Rational(1, 4 * half)).status == "proved"
    assert field_count(1, L).expand() == (L * (3 * L + 5) / 2).expand()
    assert not any((-1, 2) in field_offsets(1, depth, 1) for depth in range(1, 9))


def test_the_reach_of_the_own_row():
    for half, depth, number in itertools.product((1, 2), (1, 2, 3), (0, 1)):
        assert reach(0, half, depth, number) == -number


@pytest.mark.parametrize(
    "formula, smallest",
    [
        (causal_count, (1, 1)),
        (blind_fraction, (1, 1)),
        (blind_count, (1, 1, 0)),
        (field_count, (1, 1, 0)),
        (reach, (0, 1, 1, 0)),
    ],
)
def test_no_stack_is_smaller_than_one_layer_with_neighbours(formula, smallest):
    assert formula(*smallest).is_integer
    for place, least in enumerate(smallest):
        with pytest.raises(
            ValueError, match=f"got {least - 1}, expected a whole number of at least {least} "
        ):
            formula(*smallest[:place], least - 1, *smallest[place + 1 :])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: mask_polynomial("B", rho, kappa), "layer: got 'B', expected"),
        (lambda: path_polynomial(["B"], rho, kappa), "layers[0]: got 'B', expected"),
        (lambda: offset_counts(rho, 1, kappa), "rho: got 1, expected a SymPy symbol"),
        (lambda: mask_polynomial(Layer(3, "B", stride=3), rho, kappa), "layer: got the stride 3, expected 1"),
        (
            lambda: layer_matrix(Layer(3, "A", padding=0), (5, 5)),
            "layer: got one that makes (3, 3) of (5, 5), expected one that keeps the shape",
        ),
        (lambda: layer_matrix(Layer(3, "A"), (5, 0)), "shape: got (5, 0), expected (rows, columns)"),
        (lambda: field_offsets(0, 2, 1), "m: got 0, expected a positive whole number"),
        (lambda: field_offsets(1, 1.5, 1), "L: got 1.5, expected a positive whole number"),
        (lambda: field_offsets(1, 2, 3), "n_A: got 3, expected a whole number from 0 to 2"),
        (lambda: gated_field_offsets(1, 2, "up"), "orientation: got 'up', expected one of raster, below"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(message)
