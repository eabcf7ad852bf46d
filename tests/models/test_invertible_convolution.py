"""1×1 convolutions: symbolic builders, and what the shared tests of invertible maps do not see."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp
import torch
import torch.nn.functional as F
from sympy.combinatorics import Permutation as SymPyPermutation
from sympy.core.function import AppliedUndef

from helpers.checks import jacobian
from helpers.models import invertible_convolution as plu
from helpers.models.invertible_convolution import ConditionalPLUConvolution, PLUConvolution

CYCLE = [1, 2, 0]


def filled(channels: int, *, seed: int = 0, **options) -> PLUConvolution:
    """A float64 layer with random entries."""
    layer = PLUConvolution(channels, **options).double()
    with torch.no_grad():
        layer.entries.copy_(
            torch.randn(
                channels, channels, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
            )
        )
    return layer


def images(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def by_the_letters(layer: PLUConvolution) -> np.ndarray:
    """The layer's matrix from the symbolic builder, with the layer's numbers for the letters."""
    factors = plu.plu_factors(layer.channels, layer.order.tolist())
    entries, scale = layer.entries.detach().numpy(), layer.scale.detach().numpy()
    values = {
        symbol: entries[i, j]
        for part in (factors.lower, factors.upper)
        for (i, j), symbol in zip(np.ndindex(part.shape), part, strict=True)
        if symbol.is_Symbol
    }
    values |= dict(zip(factors.scale, scale, strict=True))
    return np.array(factors.product.subs(values), dtype=float)


# The builders.


def test_a_permutation_matrix_reads_the_vector_in_the_order():
    a, b, c = sp.symbols("a b c")
    assert list(plu.permutation_matrix(CYCLE) * sp.Matrix([a, b, c])) == [b, c, a]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_determinant_of_every_permutation(size):
    for order in itertools.permutations(range(size)):
        factors = plu.plu_factors(size, order)
        expected = SymPyPermutation(list(order)).signature() * sp.prod(factors.scale)
        assert sp.expand(sp.Matrix(factors.product).det(method="berkowitz")) == expected


def test_the_factors_have_the_shapes_that_make_the_determinant():
    factors = plu.plu_factors(4, [3, 0, 1, 2])
    assert factors.lower.is_lower and list(factors.lower.diagonal()) == [1] * 4
    assert factors.upper.is_upper and list(factors.upper.diagonal()) == [0] * 4
    assert all(s.is_nonzero and s.is_real for s in factors.scale)
    letters = factors.product.free_symbols
    assert len(letters) == 4 * 4 and all(letter.is_real for letter in letters)


@pytest.mark.parametrize("channels, pixels", [(2, 4), (3, 2), (1, 3), (2, 1)])
def test_the_jacobian_of_the_layer_is_a_kronecker_product(channels, pixels):
    matrix = sp.Matrix(channels, channels, sp.symbols(f"a_:{channels**2}"))
    assert plu.layer_jacobian(matrix, pixels, "row_major") == sp.kronecker_product(matrix, sp.eye(pixels))
    assert plu.layer_jacobian(matrix, pixels, "channel_fastest") == sp.kronecker_product(
        sp.eye(pixels), matrix
    )


def test_two_orders_differ_by_rows_and_columns_exchanged():
    matrix = sp.Matrix(2, 2, [1, 2, 3, 5])
    one = plu.layer_jacobian(matrix, 2, "row_major", "channel_fastest")
    both = plu.layer_jacobian(matrix, 2, "row_major")
    assert one.det() == -both.det() == -1


def test_the_conditional_layer_has_functions_of_the_first_half_alone():
    inputs, outputs, matrix = plu.conditional_layer(2, 2)
    assert inputs.shape == outputs.shape == (8, 1)
    assert all(letter.is_real for letter in inputs)
    assert outputs[:4, 0] == inputs[:4, 0]
    assert matrix.free_symbols == set(inputs[:4])
    named = {function.func.__name__: function for function in matrix.atoms(AppliedUndef)}
    assert sp.expand(matrix.det()) == named["s_1"] * named["s_2"]
    assert sp.expand(outputs[4] - (matrix[0, 0] * inputs[4] + matrix[0, 1] * inputs[5])) == 0
    assert sp.expand(outputs[7] - (matrix[1, 0] * inputs[6] + matrix[1, 1] * inputs[7])) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_operations_are_counted_as_elimination_does_them(size):
    count = 0
    for k in range(size):
        for _row in range(k + 1, size):
            count += 1  # the quotient
            count += 2 * (size - k - 1)  # a product and a difference for each number to its right
    assert plu.elimination_operations(size) == count


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: plu.permutation_matrix([0, 2]), r"order: got \[0, 2\], expected each of 0, \.\.\., 1 once"),
        (lambda: plu.permutation_matrix([]), r"order: got \[\]"),
        (lambda: plu.plu_factors(0), r"size: got 0, expected a whole number of at least 1"),
        (lambda: plu.plu_factors(2.0), r"size: got 2\.0"),
        (lambda: plu.plu_factors(3, [0, 1]), r"permutation: got 2 entries, expected 3"),
        (lambda: plu.plu_factors(2, [0, 0]), r"permutation: got \[0, 0\]"),
        (lambda: plu.flatten(sp.eye(2), "C"), r"order: got 'C', expected one of channel_fastest, row_major"),
        (lambda: plu.layer_jacobian(sp.ones(2, 3), 2), r"matrix: got shape \(2, 3\)"),
        (lambda: plu.layer_jacobian(sp.eye(2), 0), r"pixels: got 0"),
        (lambda: plu.layer_jacobian(sp.eye(2), 2, "F"), r"input_order: got 'F'"),
        (lambda: plu.layer_jacobian(sp.eye(2), 2, "row_major", "F"), r"output_order: got 'F'"),
        (lambda: plu.conditional_layer(0), r"channels: got 0"),
        (lambda: plu.conditional_layer(1, True), r"pixels: got True"),
    ],
)
def test_bad_arguments_of_the_builders(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# The layer.


@pytest.mark.parametrize("order", [[0], [1, 0], CYCLE, [2, 0, 1], [3, 0, 2, 1]], ids=str)
def test_the_layer_is_pytorchs_convolution_with_the_matrix_of_the_letters(order):
    channels = len(order)
    layer = filled(channels, permutation=order, sign=[(-1) ** k for k in range(channels)])
    x = images(4, channels, 3, 2)
    weight = torch.from_numpy(by_the_letters(layer))
    torch.testing.assert_close(layer.matrix(), weight, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(layer(x)[0], F.conv2d(x, weight[:, :, None, None]), rtol=1e-12, atol=1e-12)


def test_a_permutation_of_order_three_is_not_applied_backwards():
    """An exchange of two would hide it, being its own inverse."""
    layer = PLUConvolution(3, permutation=CYCLE)
    x = torch.tensor([10.0, 20.0, 30.0]).reshape(3, 1, 1)
    assert layer(x)[0].flatten().tolist() == [20.0, 30.0, 10.0]
    assert layer.inverse(x)[0].flatten().tolist() == [30.0, 10.0, 20.0]


@pytest.mark.parametrize("height, width", [(1, 1), (2, 5), (4, 3)])
def test_the_log_determinant_counts_every_pixel(height, width):
    layer = filled(3, permutation=CYCLE, sign=[-1, 1, 1])
    expected = height * width * torch.linalg.slogdet(layer.matrix()).logabsdet
    torch.testing.assert_close(layer(images(3, height, width))[1], expected, rtol=1e-12, atol=1e-12)


def test_the_log_determinant_of_a_matrix_whose_determinant_underflows():
    matrix = 0.1 * torch.eye(1024)
    layer = PLUConvolution.from_matrix(matrix)
    assert torch.linalg.det(matrix) == 0  # 10⁻¹⁰²⁴ in float32
    x = torch.ones(1024, 2, 3)
    y, log_abs_det = layer(x)
    assert log_abs_det.item() == pytest.approx(6 * 1024 * math.log(0.1), rel=1e-5)
    torch.testing.assert_close(layer.inverse(y)[0], x)


def test_its_gradient_is_the_transposed_inverse():
    layer = filled(3, permutation=CYCLE)
    matrix = layer.matrix().detach().requires_grad_()
    torch.linalg.slogdet(matrix).logabsdet.backward()
    torch.testing.assert_close(matrix.grad, torch.linalg.inv(matrix).T.detach())
    log_abs_det = layer(images(3, 1, 1))[1]
    (gradient,) = torch.autograd.grad(log_abs_det, layer.entries)
    assert torch.equal(gradient, torch.eye(3, dtype=torch.float64))  # log|s_i| is what is kept


def test_neither_direction_inverts_a_matrix_or_computes_a_determinant(monkeypatch):
    layers = [filled(3, permutation=CYCLE), network_layer(False), network_layer(True)]

    def forbidden(*arguments, **options):
        raise AssertionError("computed a determinant or an inverse")

    for name in ("inv", "det", "slogdet", "solve", "pinv", "inv_ex", "solve_ex"):
        monkeypatch.setattr(torch.linalg, name, forbidden)
    for name in ("inverse", "det", "logdet", "slogdet"):
        monkeypatch.setattr(torch, name, forbidden)
        monkeypatch.setattr(torch.Tensor, name, forbidden)
    for layer in layers:
        x = images(2, layer.event_shape[0], 2, 2)
        torch.testing.assert_close(layer.inverse(layer(x)[0])[0], x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_matrix_becomes_a_layer(seed):
    matrix = torch.randn(5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    layer = PLUConvolution.from_matrix(matrix)
    torch.testing.assert_close(layer.matrix(), matrix, rtol=1e-12, atol=1e-12)
    assert layer.entries.dtype == torch.float64
    log_abs_det = layer(images(5, 1, 1))[1]
    torch.testing.assert_close(log_abs_det, torch.linalg.slogdet(matrix).logabsdet, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    "rows",
    [[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], [[1e-20, 0.0], [0.0, 1.0]], [[1e-30]]],
    ids=["cycle", "graded", "tiny"],
)
def test_invertible_matrices_that_look_singular_are_taken(rows):
    matrix = torch.tensor(rows, dtype=torch.float64)
    torch.testing.assert_close(PLUConvolution.from_matrix(matrix).matrix(), matrix, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    "matrix, message",
    [
        (torch.zeros(2, 2), r"matrix: got a singular one \(pivot 0 is 0"),
        (torch.ones(3, 3), r"matrix: got a singular one \(pivot 1"),
        (torch.arange(1.0, 10).reshape(3, 3), r"matrix: got a singular one \(pivot 2"),
        (torch.arange(1.0, 10).double().reshape(3, 3) / 7, r"matrix: got a singular one \(pivot 2"),
        (torch.ones(2, 3), r"matrix: got shape \(2, 3\), expected a square matrix"),
        (torch.ones(2, 2, 2), r"matrix: got shape \(2, 2, 2\)"),
        (torch.empty(0, 0), r"matrix: got shape \(0, 0\)"),
        (torch.eye(2, dtype=torch.int64), r"matrix: got torch\.int64, expected a floating-point tensor"),
        ([[1.0]], r"matrix: got list"),
        (torch.tensor([[math.nan]]), r"matrix: got NaN or infinity"),
    ],
)
def test_matrices_without_a_layer(matrix, message):
    with pytest.raises(ValueError, match=message):
        PLUConvolution.from_matrix(matrix)


@pytest.mark.parametrize("value", [-1000.0, 1000.0, math.nan])
def test_a_scale_that_leaves_the_numbers_is_refused_not_divided_by(value):
    layer = PLUConvolution(2)
    with torch.no_grad():
        layer.entries[1, 1] = value
    for direction in (layer, layer.inverse):
        with pytest.raises(
            ValueError, match=r"^s: got zero, infinity or NaN .*expected numbers other than zero"
        ):
            direction(torch.ones(2, 1, 1))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: PLUConvolution(0), r"channels: got 0, expected a whole number of at least 1"),
        (lambda: PLUConvolution(2.0), r"channels: got 2\.0"),
        (lambda: PLUConvolution(2, permutation=[1, 1]), r"permutation: got \[1, 1\], expected each of 0"),
        (lambda: PLUConvolution(2, permutation=[0]), r"permutation: got \[0\]"),
        (
            lambda: PLUConvolution(2, sign=[1, 0]),
            r"sign: got \[1\.0, 0\.0\], expected 2 numbers, each 1 or -1",
        ),
        (lambda: PLUConvolution(2, sign=[1]), r"sign: got \[1\.0\]"),
        (lambda: ConditionalPLUConvolution(2, 3), r"conditioner: got int"),
        (
            lambda: PLUConvolution(2)(torch.ones(2, 1, 1).double()),
            r"x: got torch\.float64 .*expected torch\.float32",
        ),
        (lambda: PLUConvolution(2)(torch.ones(3, 1, 1)), r"x: got shape \(3, 1, 1\)"),
    ],
)
def test_bad_arguments_of_the_layers(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_permutation_and_the_signs_are_saved_and_not_trained():
    layer = filled(3, permutation=CYCLE, sign=[1, -1, 1])
    assert [name for name, _ in layer.named_parameters()] == ["entries"]
    other = PLUConvolution(3).double()
    other.load_state_dict(layer.state_dict())
    x = images(3, 2, 2)
    assert torch.equal(other(x)[0], layer(x)[0])
    assert torch.equal(other.inverse(x)[0], layer.inverse(x)[0])


def test_a_random_rotation_keeps_volumes_and_lengths():
    def rotation(seed):
        return PLUConvolution.random_rotation(6, torch.Generator().manual_seed(seed))

    layer = rotation(0)
    assert layer.entries.dtype == torch.get_default_dtype()
    torch.testing.assert_close(layer.matrix() @ layer.matrix().T, torch.eye(6), rtol=0, atol=1e-5)
    assert abs(layer(torch.ones(6, 1, 1))[1].item()) < 1e-5
    assert torch.equal(layer.matrix(), rotation(0).matrix())
    assert not torch.equal(layer.matrix(), rotation(1).matrix())


# The conditional layer.


def network_layer(per_pixel: bool) -> ConditionalPLUConvolution:
    """Two channels; the factors are sines of sums over the image, or over each pixel's channels."""
    frequencies = torch.arange(1.0, 5.0, dtype=torch.float64)

    def conditioner(first):
        if per_pixel:
            return torch.sin(frequencies[:, None, None] * first.sum(dim=1, keepdim=True))
        return torch.sin(frequencies * first.mean(dim=(1, 2, 3)).unsqueeze(-1))

    return ConditionalPLUConvolution(
        2, conditioner, permutation=[1, 0], sign=[1, -1], per_pixel=per_pixel
    ).double()


def test_each_pixel_has_its_own_matrix():
    """The twin: a loop over images and pixels, with a layer for each."""
    layer = network_layer(True)
    x = images(3, 4, 2, 2)
    y, log_abs_det = layer(x)
    entries = layer.conditioner(x[:, :2])  # (image, entry of the matrix, row, column)
    assert entries.shape == (3, 4, 2, 2)
    for n in range(3):
        total = 0.0
        for i, j in itertools.product(range(2), repeat=2):
            single = PLUConvolution(2, permutation=[1, 0], sign=[1, -1]).double()
            with torch.no_grad():
                single.entries.copy_(entries[n, :, i, j].reshape(2, 2))
            expected, part = single(x[n, 2:, i : i + 1, j : j + 1])
            torch.testing.assert_close(y[n, 2:, i : i + 1, j : j + 1], expected, rtol=1e-12, atol=1e-12)
            total = total + part
        torch.testing.assert_close(log_abs_det[n], total, rtol=1e-12, atol=1e-12)
    assert torch.equal(y[:, :2], x[:, :2])


def test_the_jacobian_is_block_triangular_and_not_block_diagonal():
    layer = network_layer(False)
    x = images(4, 2, 1)
    matrix = jacobian(lambda v: layer(v.reshape(4, 2, 1))[0].reshape(-1), x.reshape(-1))
    torch.testing.assert_close(matrix[:4, :4], torch.eye(4, dtype=torch.float64))
    assert torch.equal(matrix[:4, 4:], torch.zeros(4, 4, dtype=torch.float64))
    assert matrix[4:, :4].norm() > 0.1
    single = PLUConvolution(2, permutation=[1, 0], sign=[1, -1]).double()
    with torch.no_grad():
        single.entries.copy_(layer.entries(x[:2]))
    torch.testing.assert_close(matrix[4:, 4:], torch.kron(single.matrix(), torch.eye(2)).double())
    torch.testing.assert_close(layer(x)[1], torch.linalg.slogdet(matrix).logabsdet)


@pytest.mark.parametrize("per_pixel", [False, True])
@pytest.mark.parametrize(
    "conditioner",
    [lambda first: first, lambda first: first.new_zeros(len(first), 3), lambda first: "entries"],
)
def test_a_conditioner_of_another_shape_is_refused(conditioner, per_pixel):
    layer = ConditionalPLUConvolution(2, conditioner, per_pixel=per_pixel)
    for direction in (layer, layer.inverse):
        with pytest.raises(ValueError, match=r"^conditioner: got .* from it, expected shape \(5, 4"):
            direction(torch.ones(5, 4, 2, 2))


def test_a_conditioner_that_makes_a_scale_zero_is_refused():
    layer = ConditionalPLUConvolution(1, lambda first: -1e4 * first.mean(dim=(-2, -1)))
    with pytest.raises(ValueError, match=r"^s: got zero"):
        layer(torch.ones(2, 3, 3))


# The matrix that is kept while no gradient is asked for.


def changed_in_place(layer):
    layer.entries.add_(0.1)


def changed_through_data(layer):
    layer.entries.data[0, 1] += 0.5


def another_permutation(layer):
    turned = {"order": layer.order_back.clone(), "order_back": layer.order.clone()}
    layer.load_state_dict({**layer.state_dict(), **turned})


def other_signs(layer):
    layer.sign.neg_()


@pytest.mark.parametrize(
    "change",
    [changed_in_place, changed_through_data, another_permutation, other_signs],
    ids=lambda f: f.__name__,
)
def test_no_matrix_of_weights_that_have_changed_is_kept(change):
    layer, x = filled(3, permutation=CYCLE), images(2, 3, 4, 4)
    with torch.no_grad():
        before = layer(x)[0]
        layer.inverse(x)
        change(layer)
        y, log_abs_det = layer(x)
        back, log_abs_det_back = layer.inverse(y)
    matrix = layer.matrix().detach()
    assert not torch.allclose(before, y)
    torch.testing.assert_close(y, torch.einsum("ij,...jhw->...ihw", matrix, x), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(back, x, rtol=1e-9, atol=1e-9)
    expected = 16 * torch.linalg.slogdet(matrix).logabsdet.expand(2)
    torch.testing.assert_close(log_abs_det, expected)
    torch.testing.assert_close(log_abs_det_back, -expected)


def test_what_is_kept_does_not_hide_a_derivative_in_the_weights():
    layer, x = filled(3), images(1, 3, 2, 2)
    with torch.no_grad():
        layer(x)

    def value(entries):
        return torch.func.functional_call(layer, {"entries": entries}, (x,))[0]

    start, step = layer.entries.detach(), torch.ones(3, 3, dtype=torch.float64)
    with torch.no_grad():
        _, derivative = torch.func.jvp(value, (start,), (step,))
    difference = (value(start + 1e-6 * step) - value(start - 1e-6 * step)) / 2e-6
    torch.testing.assert_close(derivative, difference, rtol=1e-6, atol=1e-6)


def test_what_is_kept_follows_the_dtype():
    layer, x = filled(3), images(1, 3, 2, 2)
    with torch.no_grad():
        wide = layer(x)[0]
        narrow = layer.to(torch.float32)(x.float())[0]
    torch.testing.assert_close(narrow.double(), wide, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("pixels", [1, 2, 9])
def test_few_pixels_and_many_learn_alike(pixels):
    """With gradients a call with few pixels goes through the factors, and one with many through the matrix."""
    layer, x = filled(5), images(1, 5, 1, pixels)
    with torch.no_grad():
        kept = (layer(x), layer.inverse(x))
    for learnt, held in zip((layer(x), layer.inverse(x)), kept, strict=True):
        assert learnt[0].requires_grad
        for a, b in zip(learnt, held, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)
