"""Receptive fields against autograd, the theorem on A and B at every pixel, masks that stay, bad input."""

import itertools
import math
import random

import pytest
import torch
from torch.nn import functional

from helpers import devices
from helpers.checks import jacobian
from helpers.models.masked_convolution import (
    MASKS,
    ORIENTATIONS,
    GatedConv2d,
    GatedLayer,
    GatedStack,
    Layer,
    MaskedConv2d,
    gradient_probe,
    mask,
    output_shape,
    path_counts,
    receptive_field,
    receptive_fields,
    taps,
)

DEVICES = pytest.mark.parametrize("device", devices.available(), ids=str)
SHEET_A, SHEET_B = Layer(3, "A", "below"), Layer(3, "B", "below")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """For tensors this small, threads only cost."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def grid(text: str) -> torch.Tensor:
    """Rows of zeros and ones, parted by strokes."""
    return torch.tensor([[int(digit) for digit in row] for row in text.split("/")]).bool()


def pixels_of(shape):
    return itertools.product(*map(range, shape))


# One layer: its mask.


@pytest.mark.parametrize(
    "layer, expected",
    [
        (Layer(3, "A"), "111/100/000"),
        (Layer(3, "B"), "111/110/000"),
        (Layer(3, "A", "below"), "000/100/111"),
        (Layer(3, "B", "below"), "000/110/111"),
        (Layer(3, "A", flipped=True), "000/001/111"),
        (Layer(3, "A", "below", flipped=True), "111/001/000"),
        (Layer(3, None), "111/111/111"),
        (Layer(5, "B"), "11111/11111/11100/00000/00000"),
        (Layer(1, "A"), "0"),
        (Layer(1, "B"), "1"),
        (Layer(2, None), "11/11"),
    ],
)
@DEVICES
def test_masks(layer, expected, device):
    found = mask(layer, device=device)
    assert torch.equal(found.cpu(), grid(expected)) and found.dtype == torch.bool
    assert found.device.type == device.type
    assert list(taps(layer)) == [tuple(index) for index in grid(expected).nonzero().tolist()]


# The asked cases: output (3, 4) of a 5 × 5 map, which is (2, 3) from zero.


@pytest.mark.parametrize(
    "names, orientation, expected",
    [
        ("AA", "below", "00000/00000/01000/01110/01111"),
        ("AB", "below", "00000/00000/01100/01111/01111"),
        ("BA", "below", "00000/00000/01100/01111/01111"),
        ("BB", "below", "00000/00000/01110/01111/01111"),
        ("AA", "raster", "01111/01110/01000/00000/00000"),
        ("AB", "raster", "01111/01111/01100/00000/00000"),
        ("BA", "raster", "01111/01111/01100/00000/00000"),
        ("BB", "raster", "01111/01111/01110/00000/00000"),
    ],
)
@DEVICES
def test_two_layers(names, orientation, expected, device):
    layers = [Layer(3, name, orientation) for name in names]
    found = receptive_field(layers, (5, 5), (2, 3), device=device)
    assert torch.equal(found.cpu(), grid(expected))
    assert torch.equal(receptive_fields(layers, (5, 5), device=device)[2, 3], found)


@pytest.mark.parametrize(
    "orientation, expected",
    [("below", "01111/00011/00000/00000/00000"), ("raster", "00000/00000/00000/00011/01111")],
)
def test_flipping_the_kernel_is_not_the_other_orientation(orientation, expected):
    layers = [Layer(3, "A", orientation, flipped=True)] * 2
    found = receptive_field(layers, (5, 5), (2, 3))
    mirrored = [Layer(3, "A", "below" if orientation == "raster" else "raster")] * 2
    assert torch.equal(found, grid(expected))
    assert not torch.equal(found, receptive_field(mirrored, (5, 5), (2, 3)))


def test_a_third_layer_and_what_the_orders_see():
    assert receptive_field([SHEET_A, SHEET_A, SHEET_B], (5, 5), (2, 3)).sum() == 11
    assert receptive_field([SHEET_A, SHEET_A], (5, 5), (2, 3)).sum() == 8
    assert receptive_field([SHEET_A, SHEET_A], (5, 5), (2, 3))[3, 3]
    assert not receptive_field([Layer(3, "A")] * 2, (5, 5), (2, 3))[3, 3]


# Every order of A and B with as many A: one field and one count of paths, at every pixel of every grid.


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("shape", [(5, 5), (7, 2), (1, 6), (4, 7)])
def test_the_order_of_the_masks_does_not_matter(kernel_size, orientation, shape):
    for depth in (2, 3, 4):
        by_count = {}
        for names in itertools.product("AB", repeat=depth):
            layers = [Layer(kernel_size, name, orientation) for name in names]
            fields = receptive_fields(layers, shape)
            assert torch.equal(by_count.setdefault(names.count("A"), fields), fields), names
        for fewer, more in itertools.pairwise(range(depth + 1)):
            assert (by_count[more] <= by_count[fewer]).all()  # another A in place of a B takes pixels away
        own = torch.eye(math.prod(shape), dtype=torch.bool).reshape(*shape, *shape)
        assert not (by_count[1] & own).any() and (by_count[0] & own).sum() == math.prod(shape)
    for pixel in pixels_of(shape):
        both = [
            path_counts([Layer(kernel_size, name, orientation) for name in names], shape, pixel)
            for names in ("AAB", "ABA", "BAA")
        ]
        assert torch.equal(both[0], both[1]) and torch.equal(both[1], both[2])


def test_dilation_and_other_kernels_need_not_commute_on_a_narrow_map():
    """The offset (1, 1) is among the sums of two offsets, but every path to it leaves the map on its way."""
    layers = [Layer(5, "A", "below")] * 2
    offsets = {(i - 2, j - 2) for i, j in taps(layers[0])}
    assert (1, 1) in {(a + c, b + d) for (a, b), (c, d) in itertools.product(offsets, offsets)}
    assert not receptive_field(layers, (7, 2), (0, 0))[1, 1]
    assert receptive_field(layers, (7, 5), (0, 2))[1, 3]  # where the map is wide enough
    x = torch.ones(1, 1, 7, 2, dtype=torch.float64, requires_grad=True)
    weight = mask(layers[0]).double()[None, None]
    y = functional.conv2d(functional.conv2d(x, weight, padding=2), weight, padding=2)
    assert torch.autograd.grad(y[0, 0, 0, 0], x)[0][0, 0, 1, 1] == 0


@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_the_formula_for_any_kernel_and_depth(m, depth, orientation):
    """Row i of the past is seen from -mL to R_i, far from every border."""
    side = 2 * m * depth + 1
    for of_kind_a in range(depth + 1):
        names = ["A"] * of_kind_a + ["B"] * (depth - of_kind_a)
        layers = [Layer(2 * m + 1, name, orientation) for name in names]
        found = receptive_field(layers, (side, side), (m * depth, m * depth))
        expected = torch.zeros_like(found)
        for i in range(m * depth + 1):
            last = -of_kind_a if i == 0 else m * min(i, depth) - max(0, of_kind_a - min(i, depth))
            row = m * depth + (-i if orientation == "raster" else i)
            expected[row, : m * depth + last + 1] = True
        assert torch.equal(found, expected), names


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_blind_spot_and_two_stacks_without_it(depth):
    side = 2 * depth + 1
    masked = [Layer(3, "A"), *[Layer(3, "B")] * (depth - 1)]
    gated = [GatedLayer(3, "A"), *[GatedLayer(3, "B")] * (depth - 1)]
    seen = receptive_field(masked, (side, side), (depth, depth))
    everything = receptive_field(gated, (side, side), (depth, depth))
    assert seen.sum() == depth * (3 * depth + 5) // 2
    past = torch.zeros(side, side, dtype=torch.bool)
    past[:depth], past[depth, :depth] = True, True
    assert torch.equal(everything, past) and past.sum() == 2 * depth**2 + 2 * depth
    if depth > 1:
        assert not seen[depth - 1, depth + 2] and everything[depth - 1, depth + 2]


# Random stacks of all kinds against PyTorch's own convolutions and autograd.


def random_stack(source: random.Random) -> list:
    layers = []
    for _ in range(source.randint(1, 4)):
        orientation, dilation = source.choice(ORIENTATIONS), source.choice([1, 2])
        if source.random() < 0.4:
            layers.append(GatedLayer(source.choice([1, 3, 5]), source.choice("AB"), orientation, dilation))
        else:
            kind = source.choice(MASKS)
            size = source.choice([1, 3, 5] if kind else [1, 2, 3, 4])
            stride, padding = source.choice([1, 1, 2, 3]), source.choice([None, 0, 1, 3])
            layers.append(Layer(size, kind, orientation, dilation, stride, padding, source.random() < 0.3))
    return layers


def counts_by_autograd(layers, shape):
    """The gradient of each output pixel where every weight and every input is one: the number of paths.

    The gated layers are written as two convolutions with rectangular kernels, cut from larger images of zeros.
    """
    x = torch.ones(1, 1, *shape, dtype=torch.float64, requires_grad=True)
    y, vertical = x, None
    for layer in layers:
        d = layer.dilation
        if isinstance(layer, Layer):
            weight = mask(layer).double()[None, None]
            y = functional.conv2d(y, weight, stride=layer.stride, padding=layer.padding, dilation=d)
            vertical = None
            continue
        m, own = layer.kernel_size // 2, int(layer.mask == "B")
        above = vertical if vertical is not None else y
        if layer.orientation == "below":
            above = above.flip(-2)
        padded = functional.pad(above, (d * m, d * m, d * m, 0))
        rows = torch.ones(1, 1, m + own, 2 * m + 1, dtype=torch.float64)
        vertical = torch.zeros_like(y)
        if m + own:  # the last row of this convolution looks at rows after the image: none
            vertical = functional.conv2d(padded, rows, dilation=d)[..., : y.shape[-2], :]
        if layer.orientation == "below":
            vertical = vertical.flip(-2)
        horizontal = vertical
        if m + own:
            row = torch.ones(1, 1, 1, m + own, dtype=torch.float64)
            padded = functional.pad(y, (d * m, 0))
            horizontal = vertical + functional.conv2d(padded, row, dilation=d)[..., : y.shape[-1]]
        y = horizontal
    counts = torch.zeros(*y.shape[-2:], *shape, dtype=torch.float64)
    for pixel in pixels_of(y.shape[-2:]):
        if y.requires_grad:
            (gradient,) = torch.autograd.grad(y[0, 0][pixel], x, retain_graph=True, allow_unused=True)
            counts[pixel] = 0 if gradient is None else gradient[0, 0]
    return counts


@pytest.mark.parametrize("seed", range(40))
def test_random_stacks_against_autograd(seed):
    source = random.Random(seed)
    layers, shape = random_stack(source), (source.randint(4, 7), source.randint(4, 7))
    try:
        after = output_shape(layers, shape)
    except ValueError as error:
        assert "reaches over" in str(error)
        return
    counts = counts_by_autograd(layers, shape)
    fields = receptive_fields(layers, shape)
    assert fields.shape == (*after, *shape) and counts.shape == fields.shape
    assert torch.equal(fields, counts > 0)
    for pixel in pixels_of(after):
        assert torch.equal(receptive_field(layers, shape, pixel), fields[pixel])
        assert torch.equal(path_counts(layers, shape, pixel), counts[pixel].long())


@DEVICES
def test_on_devices(device):
    layers = [Layer(3, "A"), GatedLayer(3, "B", dilation=2), GatedLayer(3, "B"), Layer(2, None, stride=2)]
    for function, more in ((receptive_fields, ()), (receptive_field, ((2, 1),)), (path_counts, ((2, 1),))):
        found = function(layers, (6, 5), *more, device=device)
        assert found.device.type == device.type
        assert torch.equal(found.cpu(), function(layers, (6, 5), *more))


def test_a_wrong_orientation_or_no_first_a_is_told_apart():
    """What the fields are for: mutants of a raster-order stack see a pixel that has not been drawn."""
    shape = (5, 5)
    future = (
        torch.ones(25, 25, dtype=torch.bool).triu().reshape(*shape, *shape)
    )  # the pixel itself and later ones

    def leaks(layers):
        return bool((receptive_fields(layers, shape) & future).any())

    right = [Layer(3, "A"), Layer(3, "B"), Layer(1, "B")]
    assert not leaks(right)
    assert leaks([Layer(3, "B"), *right[1:]])
    assert leaks([Layer(3, "A"), Layer(3, "B", "below")])
    assert leaks([Layer(3, "A"), Layer(3, "B", flipped=True)])
    assert leaks([Layer(3, "A"), Layer(3, None)])
    assert not leaks([GatedLayer(3, "A"), GatedLayer(3, "B"), Layer(1, None)])
    assert leaks([GatedLayer(3, "B"), GatedLayer(3, "B")])


def test_no_layers_and_one_pixel():
    assert torch.equal(receptive_fields([], (2, 2)).reshape(4, 4), torch.eye(4).bool())
    assert path_counts([], (1, 1), (0, 0)).item() == 1
    assert not receptive_field([Layer(3, "A")], (1, 1), (0, 0)).any()


# Bad input.


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Layer(0, None), "kernel_size: got 0, expected a positive whole number"),
        (lambda: Layer(3.0, "A"), "kernel_size: got 3.0, expected a positive"),
        (lambda: Layer(True, None), "kernel_size: got True"),
        (lambda: Layer(4, "A"), "kernel_size: got 4, expected an odd one"),
        (lambda: Layer(3, "C"), "mask: got 'C', expected 'A', 'B' or None"),
        (lambda: Layer(3, "A", "above"), "orientation: got 'above', expected one of raster, below"),
        (lambda: Layer(3, "A", dilation=0), "dilation: got 0"),
        (lambda: Layer(3, "A", stride=-1), "stride: got -1"),
        (lambda: Layer(3, "A", padding=-1), "padding: got -1, expected a whole number, 0 or greater"),
        (lambda: GatedLayer(3, None), "mask: got None, expected 'A' or 'B'"),
        (lambda: GatedLayer(2, "A"), "kernel_size: got 2, expected an odd one"),
        (lambda: mask("A"), "layer: got 'A', expected a Layer"),
        (lambda: mask(GatedLayer(3, "A")), "layer: got GatedLayer"),
        (lambda: output_shape([], (0, 3)), r"shape: got \(0, 3\), expected \(rows, columns\)"),
        (lambda: output_shape([], 5), r"shape: got 5, expected"),
        (lambda: output_shape([], (5, 5, 5)), r"shape: got \(5, 5, 5\)"),
        (lambda: output_shape(Layer(3, "A"), (5, 5)), "layers: got Layer.*, expected a sequence"),
        (lambda: output_shape([Layer(3, "A"), "B"], (5, 5)), "layers: got 'B' at index 1, expected a Layer"),
        (
            lambda: receptive_fields([Layer(3, None, padding=0)] * 3, (5, 5)),
            "layers: the layer at index 2 reaches over 3 pixels, expected no more than .* 1 × 1",
        ),
        (lambda: receptive_field([SHEET_A], (5, 5), (5, 0)), r"pixel: got \(5, 0\), expected .*row 0 to 4"),
        (lambda: receptive_field([SHEET_A], (5, 5), (-1, 0)), r"pixel: got \(-1, 0\)"),
        (lambda: receptive_field([SHEET_A], (5, 5), 3), "pixel: got 3"),
        (lambda: path_counts([SHEET_A], (5, 5), (1.0, 0)), r"pixel: got \(1.0, 0\)"),
        (
            lambda: path_counts([Layer(3, None)] * 20, (5, 5), (0, 0)),
            "layers: got up to 12157665459056928801 paths, expected less",
        ),
        (lambda: MaskedConv2d("A", 1, 1), "layer: got 'A'"),
        (lambda: MaskedConv2d(SHEET_A, 0, 1), "in_channels: got 0, expected a positive"),
        (
            lambda: MaskedConv2d(SHEET_A, 3, 4, channel_groups=3),
            "out_channels: got 4, expected a multiple of .* 3",
        ),
        (lambda: MaskedConv2d(SHEET_A, 4, 3, channel_groups=3), "in_channels: got 4, expected a multiple"),
        (lambda: MaskedConv2d(SHEET_A, 4, 4, channel_groups=0), "channel_groups: got 0, expected a positive"),
        (lambda: MaskedConv2d(Layer(3, None), 2, 2, channel_groups=2), "channel_groups: got 2, expected 1"),
        (lambda: MaskedConv2d(SHEET_A, 2, 2)(torch.zeros(1, 5, 5)), r"x: got shape \(1, 5, 5\)"),
        (lambda: MaskedConv2d(SHEET_A, 1, 2)(torch.full((1, 5, 5), math.nan)), "x: got NaN"),
        (lambda: MaskedConv2d(SHEET_A, 1, 2)(torch.zeros(1, 5, 5).int()), "x: got torch.int32"),
        (lambda: GatedConv2d(SHEET_A, 1, 1), "layer: got Layer.*, expected a GatedLayer"),
        (lambda: GatedConv2d(GatedLayer(3, "A"), 1, 0), "out_channels: got 0"),
        (
            lambda: GatedConv2d(GatedLayer(3, "A"), 1, 2)((torch.zeros(1, 5, 5), torch.zeros(1, 5, 4))),
            "horizontal: got shape",
        ),
        (lambda: GatedStack([GatedLayer(3, "A")], [1]), "widths: got 1, expected 2"),
        (lambda: gradient_probe(MaskedConv2d(SHEET_A, 1, 1), torch.zeros(5, 5), (0, 0)), "image: got shape"),
        (
            lambda: gradient_probe(MaskedConv2d(SHEET_A, 1, 1), torch.zeros(1, 5, 5), (0, 5)),
            r"pixel: got \(0, 5\)",
        ),
        (
            lambda: gradient_probe(lambda image: image.sum((0, 1)), torch.ones(1, 5, 5), (0, 0)),
            "network: got one whose output is no image",
        ),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Layers with weights.


def generic(module, seed=0):
    """Random weights in float64, of which none is zero."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return module


def seen_by(network, shape, channels=1, seed=1):
    """Which input pixels each output pixel's gradient reaches, `(H', W', H, W)`, at a random image."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.randn(channels, *shape, generator=generator, dtype=torch.float64)
    after = network(image).shape[-2:]
    rows = [gradient_probe(network, image, pixel) != 0 for pixel in pixels_of(after)]
    return torch.stack(rows).reshape(*after, *shape)


@pytest.mark.parametrize(
    "layers",
    [
        [Layer(3, "A"), Layer(3, "B"), Layer(1, "B")],
        [Layer(5, "B", "below"), Layer(3, "A", "below", dilation=2)],
        [Layer(3, "A", flipped=True), Layer(3, "A")],
        [Layer(3, "A"), Layer(2, None, stride=2)],
    ],
)
def test_masked_layers_see_their_fields(layers):
    widths = [2, *[3] * len(layers)]
    modules = []
    for layer, before, after in zip(layers, widths, widths[1:], strict=False):
        modules += [MaskedConv2d(layer, before, after), torch.nn.Tanh()]
    network = generic(torch.nn.Sequential(*modules))
    assert torch.equal(seen_by(network, (6, 5), channels=2), receptive_fields(layers, (6, 5)))


@pytest.mark.parametrize(
    "layers",
    [
        [GatedLayer(3, "A"), GatedLayer(3, "B")],
        [GatedLayer(3, "A", "below"), GatedLayer(5, "B", "below")],
        [GatedLayer(5, "A"), GatedLayer(3, "B", dilation=2), GatedLayer(1, "B")],
        [GatedLayer(3, "B"), GatedLayer(3, "A")],
    ],
)
def test_gated_layers_see_their_fields(layers):
    network = generic(GatedStack(layers, [2, *[2] * len(layers)]))
    assert torch.equal(seen_by(network, (6, 5), channels=2), receptive_fields(layers, (6, 5)))


def test_a_gated_layer_by_hand():
    """Rectangular kernels cut out of the weights, on images that are padded on the side of the past only."""
    layer = generic(GatedConv2d(GatedLayer(3, "A"), 2, 3))
    generator = torch.Generator().manual_seed(4)
    vertical, horizontal = torch.randn(2, 1, 2, 4, 5, generator=generator, dtype=torch.float64)

    def gated(y):
        return torch.tanh(y[:, :3]) * torch.sigmoid(y[:, 3:])

    above = functional.pad(vertical, (1, 1, 1, 0))[:, :, :-1]
    v = gated(functional.conv2d(above, layer.rows.weight[:, :, :1], layer.rows.bias))
    left = functional.pad(horizontal, (1, 0))[..., :-1]
    row = functional.conv2d(left, layer.row.weight[:, :, 1:2, :1], layer.row.bias)
    link = functional.conv2d(v, layer.rows_to_row.weight, layer.rows_to_row.bias)
    torch.testing.assert_close(layer((vertical, horizontal)), (v, gated(row + link)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_the_jacobian_of_one_pixel_is_triangular_by_groups(groups, orientation):
    """Strictly lower for A, lower for B, strictly lower for B after A; in each case no entry more is missing."""
    size = 2 * groups  # channels, two a group
    group = torch.arange(size) * groups // size
    before, upto = group < group.unsqueeze(-1), group <= group.unsqueeze(-1)
    first, second, third = (
        generic(MaskedConv2d(Layer(3, name, orientation), size, size, channel_groups=groups), seed)
        for seed, name in enumerate("ABA")
    )

    def of_the_pixel(network):
        around = torch.randn(size, 3, 3, generator=torch.Generator().manual_seed(9), dtype=torch.float64)

        def centre(values):
            at_centre = torch.zeros(3, 3, dtype=torch.bool)
            at_centre[1, 1] = True
            return network(torch.where(at_centre, values[:, None, None], around))[:, 1, 1]

        return jacobian(centre, around[:, 1, 1])[..., :, :] != 0

    assert torch.equal(of_the_pixel(first), before)
    assert torch.equal(of_the_pixel(second), upto)
    assert torch.equal(of_the_pixel(torch.nn.Sequential(first, second)), before)
    assert torch.equal(of_the_pixel(torch.nn.Sequential(second, first)), before)
    twice = (before.double() @ before.double()) > 0
    assert torch.equal(of_the_pixel(torch.nn.Sequential(first, third)), twice)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW"])
def test_the_mask_stays_whatever_an_optimizer_does(optimizer):
    module = generic(MaskedConv2d(Layer(3, "A"), 1, 2))
    expected = receptive_fields([Layer(3, "A")], (4, 4))
    steps = getattr(torch.optim, optimizer)(module.parameters(), lr=0.3, weight_decay=0.1)
    for _ in range(3):
        steps.zero_grad()
        module(torch.ones(3, 1, 4, 4, dtype=torch.float64)).square().sum().backward()
        assert (module.weight.grad[~module.mask.expand_as(module.weight)] == 0).all()
        steps.step()
    assert torch.equal(seen_by(module, (4, 4)), expected)
    with torch.no_grad():  # even what is no number
        module.weight[~module.mask] = math.inf
    assert torch.isfinite(module(torch.ones(1, 4, 4, dtype=torch.float64))).all()
    assert torch.equal(seen_by(module, (4, 4)), expected)


@DEVICES
def test_batches_devices_and_vmap(device):
    for network in (
        MaskedConv2d(Layer(3, "A"), 2, 3),
        GatedStack([GatedLayer(3, "A"), GatedLayer(3, "B")], [2, 4, 3]),
    ):
        network = network.to(device)
        images = torch.randn(2, 3, 2, 5, 4, generator=torch.Generator().manual_seed(0)).to(device)
        together = network(images)
        assert together.shape == (2, 3, 3, 5, 4) and together.device.type == device.type
        for i, j in itertools.product(range(2), range(3)):
            torch.testing.assert_close(network(images[i, j]), together[i, j])
        torch.testing.assert_close(torch.func.vmap(network)(images), together)
        for batch in ((0,), (2, 0)):
            assert network(images.new_zeros(*batch, 2, 5, 4)).shape == (*batch, 3, 5, 4)


# Where the gradient lies.


def test_a_dead_relu_hides_pixels_from_the_gradient():
    layers = [Layer(3, "A"), Layer(3, "B")]
    first, second = (generic(MaskedConv2d(layer, 1, 1)) for layer in layers)
    with torch.no_grad():
        first.weight.abs_()
        first.bias.fill_(-100.0)
    network = torch.nn.Sequential(first, torch.nn.ReLU(), second)
    image = torch.ones(1, 5, 5, dtype=torch.float64)
    assert not gradient_probe(network, image, (2, 3)).any()
    assert receptive_field(layers, (5, 5), (2, 3)).sum() == 10
    assert gradient_probe(
        network, 100 * image, (4, 3)
    ).any()  # the connection is there: a brighter image shows it


def test_signals_that_cancel_hide_a_pixel():
    layers = [Layer(3, "A"), Layer(3, "B")]
    first, second = (generic(MaskedConv2d(layer, 1, 1)) for layer in layers)
    with torch.no_grad():
        for module in (first, second):
            module.weight.fill_(1.0)
        second.weight[0, 0, 1, 0] = -2.0  # one of the three ways to each of two pixels above
    probe = gradient_probe(torch.nn.Sequential(first, second), torch.ones(1, 5, 5).double(), (2, 3))
    seen, counts = receptive_field(layers, (5, 5), (2, 3)), path_counts(layers, (5, 5), (2, 3))
    assert (seen & (probe == 0)).nonzero().tolist() == [[1, 2], [1, 3]]
    assert counts[1, 2] == counts[1, 3] == 3


def test_a_weight_that_is_zero_now_hides_a_pixel():
    module = generic(MaskedConv2d(Layer(3, "A"), 1, 1))
    with torch.no_grad():
        module.weight[0, 0, 1, 0] = 0.0
    assert gradient_probe(module, torch.ones(1, 3, 3).double(), (1, 1))[1, 0] == 0
    assert receptive_field([Layer(3, "A")], (3, 3), (1, 1))[1, 0]


def test_a_nan_shows_too_much():
    """A masked weight is multiplied with the NaN in a plain convolution, and zero times NaN is NaN."""
    x = torch.zeros(1, 1, 5, 5)
    x[0, 0, 0, 3] = math.nan
    weight = mask(SHEET_A).float()[None, None]
    is_reached = functional.conv2d(x, weight, padding=1).isnan()[0, 0]
    assert is_reached[1, 3] and not receptive_field([SHEET_A], (5, 5), (1, 3))[0, 3]


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_positive_weights_is_the_field(seed):
    layers = [Layer(3, "A"), Layer(3, "B"), Layer(3, "B")]
    network = torch.nn.Sequential(*(generic(MaskedConv2d(layer, 1, 1), seed) for layer in layers))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.abs_()
    image = torch.rand(1, 5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    for pixel in pixels_of((5, 5)):
        found = gradient_probe(network, image, pixel) > 0
        assert torch.equal(found, receptive_field(layers, (5, 5), pixel))
