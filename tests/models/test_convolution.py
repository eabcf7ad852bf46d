"""Convolutions as matrices, the network on a line, and `conv2d` by hand: against PyTorch and against mistakes."""

import itertools

import pytest
import sympy as sp
import torch
import torch.nn.functional as F
from torch.autograd.gradcheck import GradcheckError

from helpers import devices
from helpers.checks import jacobian
from helpers.models import convolution
from helpers.models.convolution import network
from helpers.models.convolution.images import Convolution2d

GEOMETRIES = [
    {"stride": s, "padding": p, "dilation": d} for s, p, d in itertools.product((1, 2, 3), (0, 1, 2), (1, 2))
]
ACTIVATIONS = [torch.tanh, torch.sigmoid, F.softplus]
TAPS = ([4], [3, 2], [1, 3, 3], [2, 5, 1, 3])


def randn(*shape: int, seed: int = 0, dtype=torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def letters(name: str, count: int) -> tuple[sp.Symbol, ...]:
    return sp.symbols(f"{name}_1:{count + 1}", real=True)


def padded(y: torch.Tensor, f: int, **_) -> torch.Tensor:
    """What some solutions take for the Hankel matrix: the kernel's pattern, rows padded with zeros."""
    return convolution.toeplitz(y[..., :f], f)[..., [0] * (y.shape[-1] - f + 1), :].triu()


def net(
    taps: list[int], activation=torch.tanh, *, seed: int = 0, spare: int = 3, batch: tuple[int, ...] = ()
):
    """A network with random numbers: the input, its kernels, and what `forward` takes besides."""
    x = randn(*batch, sum(taps) + spare, seed=seed)
    kernels = [randn(f, seed=seed + 1 + i) for i, f in enumerate(taps)]
    biases = [randn(1, seed=seed + 9 + i)[0] for i in range(len(taps))]
    return x, kernels, {"biases": biases, "activation": activation}


def output_of(x, kernels, given, *, layer: int, kernel=None, bias=None) -> torch.Tensor:
    """The network's output with another kernel or bias in one layer."""
    kernels, biases = list(kernels), list(given["biases"])
    if kernel is not None:
        kernels[layer - 1] = kernel
    if bias is not None:
        biases[layer - 1] = bias
    return convolution.forward(x, kernels, biases=biases, activation=given["activation"]).output


def largest(a: torch.Tensor, b: torch.Tensor) -> float:
    assert a.shape == b.shape
    return (a - b).abs().max().item()


# Sizes.


def test_sizes_are_those_of_pytorch():
    for n, k, options in itertools.product(range(1, 10), range(1, 5), GEOMETRIES):
        if options["dilation"] * (k - 1) + 1 > n + 2 * options["padding"]:
            with pytest.raises(ValueError, match=rf"kernel_size: got {k}, which spans .* expected at most"):
                convolution.output_size(n, k, **options)
            continue
        made = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), **options)
        assert convolution.output_size(n, k, **options) == made.shape[-1]
        left = convolution.output_padding(n, k, **options)
        assert 0 <= left < options["stride"]
        if left < max(options["stride"], options["dilation"]):
            back = F.conv_transpose1d(made, torch.zeros(1, 1, k), output_padding=left, **options)
            assert back.shape[-1] == n


@pytest.mark.parametrize("kernel_size, stride", [*itertools.product(range(1, 8), range(1, 6))])
def test_overlaps_are_counted_by_a_transposed_convolution_of_ones(kernel_size, stride):
    counts = convolution.overlap_counts(kernel_size, stride, 9)
    stamped = F.conv_transpose1d(torch.ones(1, 1, 9), torch.ones(1, 1, kernel_size), stride=stride)
    assert list(counts) == stamped.flatten().tolist()
    interior = convolution.interior_counts(kernel_size, stride)
    middle = stride * 4  # at least four stamps before it
    if kernel_size <= middle:
        assert counts[middle : middle + stride] == interior
    assert sum(interior) == kernel_size
    assert (len(set(interior)) == 1) == (kernel_size % stride == 0)
    by_matrix = convolution.toeplitz(sp.ones(kernel_size, 1), len(counts), stride=stride).T * sp.ones(9, 1)
    assert tuple(by_matrix) == counts


def test_the_checkerboards_of_the_text():
    assert set(convolution.interior_counts(3, 2)) == {1, 2}
    assert set(convolution.interior_counts(4, 2)) == {2}


# The two matrices.


@pytest.mark.parametrize("options", GEOMETRIES, ids=str)
def test_both_matrices_are_the_layer_and_its_jacobians(options):
    for n, f in ((7, 3), (6, 2), (5, 1), (4, 2)):
        y, w = randn(2, 3, n), randn(f, seed=1)

        def layer(y, w):
            return F.conv1d(y.reshape(1, 1, -1), w.reshape(1, 1, -1), **options).flatten()

        rows = convolution.output_size(n, f, **options)
        A, H = convolution.toeplitz(w, n, **options), convolution.hankel(y, f, **options)
        assert A.shape == (rows, n) and H.shape == (2, 3, rows, f)
        assert largest(A, jacobian(lambda point, w=w: layer(point, w), y[0, 0], mode="reverse")) == 0
        assert largest(A, jacobian(lambda point, w=w: layer(point, w), y[0, 0], mode="forward")) == 0
        for index in itertools.product(range(2), range(3)):
            signal = y[index]
            assert largest(H[index], jacobian(lambda taps, y=signal: layer(y, taps), w)) == 0
        assert largest((A @ y.unsqueeze(-1)).squeeze(-1), (H @ w)) < 1e-14


@pytest.mark.parametrize("options", GEOMETRIES, ids=str)
def test_symbols_and_tensors_have_the_same_matrices(options):
    n, f = 7, 3
    y, w = letters("y", n), letters("w", f)
    numbers, taps = randn(n), randn(f, seed=1)
    values = dict(zip(y, numbers.tolist(), strict=True)) | dict(zip(w, taps.tolist(), strict=True))
    for symbolic, tensor in (
        (convolution.toeplitz(w, n, **options), convolution.toeplitz(taps, n, **options)),
        (convolution.hankel(y, f, **options), convolution.hankel(numbers, f, **options)),
    ):
        assert isinstance(symbolic, sp.ImmutableMatrix)
        twin = torch.tensor(symbolic.subs(values).tolist(), dtype=torch.float64)
        assert largest(tensor, twin) < 1e-14


@pytest.mark.parametrize("size", range(1, 7))
def test_the_hankel_matrix_is_the_derivative_by_the_kernel(size):
    y = sp.Matrix(letters("y", size))
    for f in range(1, size + 1):
        w = sp.Matrix(letters("w", f))
        assert (convolution.toeplitz(w, size) * y).jacobian(w) == convolution.hankel(y, f)


def test_the_sheets_matrix_is_not():
    """Rows padded with zeros are right in the first row alone."""
    y = torch.arange(1.0, 6.0, dtype=torch.float64)
    wrong = padded(y, 3)
    assert wrong[1].tolist() == [0, 2, 3]
    right = jacobian(lambda w: F.conv1d(y.reshape(1, 1, -1), w.reshape(1, 1, -1)).flatten(), randn(3))
    assert convolution.hankel(y, 3).tolist() == right.tolist() == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]
    assert wrong[0].tolist() == right[0].tolist() and largest(wrong, right) > 1


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: convolution.toeplitz(letters("w", 3), 2),
            r"kernel_size: got 3, which spans 3 inputs, expected",
        ),
        (
            lambda: convolution.toeplitz(randn(3), 2),
            r"kernel_size: got 3, which spans 3 inputs, expected at most 2",
        ),
        (
            lambda: convolution.hankel(randn(4), 5),
            r"kernel_size: got 5, which spans 5 inputs, expected at most 4",
        ),
        (lambda: convolution.hankel(letters("y", 4), 5), r"kernel_size: got 5"),
        (lambda: convolution.hankel(letters("y", 4), 0), r"f: got 0, expected a whole number of at least 1"),
        (lambda: convolution.toeplitz(letters("w", 2), 4.0), r"n: got 4\.0, expected a whole number"),
        (
            lambda: convolution.toeplitz(randn(2), 4, stride=0),
            r"stride: got 0, expected a whole number of at",
        ),
        (lambda: convolution.toeplitz(letters("w", 2), 4, stride=-1), r"stride: got -1"),
        (lambda: convolution.hankel(randn(4), 2, padding=-1), r"padding: got -1, expected .* at least 0"),
        (lambda: convolution.hankel(randn(4), 2, dilation=0), r"dilation: got 0"),
        (lambda: convolution.hankel(randn(4), 3, dilation=2), r"kernel_size: got 3, which spans 5 inputs"),
        (lambda: convolution.toeplitz(True, 4), r"w: got True, expected a sequence of SymPy expressions"),
        (lambda: convolution.toeplitz([], 4), r"w: got \[\]"),
        (lambda: convolution.toeplitz("abc", 4), r"w: got 'abc'"),
        (lambda: convolution.hankel(sp.eye(2), 1), r"y: got shape \(2, 2\)"),
        (lambda: convolution.hankel(torch.arange(4), 2), r"y: got torch\.int64, expected a floating-point"),
        (lambda: convolution.toeplitz(randn(2) / 0, 4), r"w: got NaN or infinity"),
        (lambda: convolution.overlap_counts(0, 1, 1), r"kernel_size: got 0"),
        (lambda: convolution.overlap_counts(1, 0, 1), r"stride: got 0"),
        (lambda: convolution.overlap_counts(1, 1, 0), r"positions: got 0"),
        (lambda: convolution.interior_counts(3, True), r"stride: got True"),
        (lambda: convolution.output_size(0, 1), r"size: got 0"),
        (lambda: convolution.correlate_images([[1]], [[1]]), r"x: got shape \(1, 1\), expected four axes"),
        (
            lambda: convolution.correlate_images([[[[1]]]], [[[[1]], [[1]]]]),
            r"weight: got 2 input channels, expected 1",
        ),
    ],
)
def test_bad_arguments_of_the_matrices(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# The network on a line.


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("taps", TAPS, ids=str)
def test_jacobians_and_gradients_are_those_of_autograd(taps, activation):
    x, kernels, given = net(taps, activation)
    run = convolution.forward(x, kernels, **given)
    cotangent = randn(run.output.shape[-1], seed=40)
    found = convolution.backpropagate(run, cotangent)
    for layer in range(1, run.depth + 1):

        def by_kernel(w, layer=layer):
            return output_of(x, kernels, given, layer=layer, kernel=w)

        def by_bias(b, layer=layer):
            return output_of(x, kernels, given, layer=layer, bias=b[0])

        for mode in ("reverse", "forward"):
            right = jacobian(by_kernel, kernels[layer - 1], mode=mode)
            assert largest(convolution.weight_jacobian(run, layer), right) < 1e-12
            ones = jacobian(by_bias, given["biases"][layer - 1].reshape(1), mode=mode)
            assert largest(convolution.bias_jacobian(run, layer), ones) < 1e-12
        assert largest(found.kernels[layer - 1], cotangent @ right) < 1e-12
        assert largest(found.biases[layer - 1], (cotangent @ ones)[0]) < 1e-12
        by_pytorch = torch.nn.grad.conv1d_weight(
            run.inputs[layer - 1][None, None], (1, 1, taps[layer - 1]), found.signals[layer - 1][None, None]
        )
        assert largest(found.kernels[layer - 1], by_pytorch[0, 0]) < 1e-12
        signal = cotangent @ convolution.backward_matrix(run, layer)
        assert largest(found.signals[layer - 1], signal) < 1e-12

    def by_input(point):
        return convolution.forward(point, kernels, **given).output

    right = jacobian(by_input, x)
    assert largest(convolution.input_jacobian(run), right) < 1e-12
    assert largest(found.input, cotangent @ right) < 1e-12


def disagreement() -> float:
    """How far the derivative by the first kernel is from autograd's, in a network of two layers."""
    x, kernels, given = net([3, 2])
    run = convolution.forward(x, kernels, **given)
    right = jacobian(lambda w: output_of(x, kernels, given, layer=1, kernel=w), kernels[0])
    return largest(convolution.weight_jacobian(run, 1), right)


def test_the_comparison_fails_with_the_sheets_toeplitz_for_the_hankel_matrix(monkeypatch):
    assert disagreement() < 1e-12
    monkeypatch.setattr(network, "hankel", padded)
    assert disagreement() > 0.1


def test_the_comparison_fails_with_the_slope_twice_or_not_at_all(monkeypatch):
    times_diagonal = network._times_diagonal
    monkeypatch.setattr(network, "_times_diagonal", lambda m, d: times_diagonal(times_diagonal(m, d), d))
    assert disagreement() > 1e-3
    monkeypatch.setattr(network, "_times_diagonal", lambda m, d: m)
    assert disagreement() > 1e-3


def test_a_bias_for_each_position_has_the_backward_matrix():
    x, kernels, given = net([3, 2, 2])
    run = convolution.forward(x, kernels, **given)
    first = run.pre_activations[0]

    def above(u):
        biases = given["biases"][1:]
        return convolution.forward(torch.tanh(u), kernels[1:], biases=biases, activation=torch.tanh).output

    right = jacobian(above, first)
    assert largest(convolution.bias_jacobian(run, 1, shared=False), right) < 1e-12
    assert largest(convolution.bias_jacobian(run, 1), right.sum(-1, keepdim=True)) < 1e-12
    assert (
        convolution.bias_jacobian(run, 3, shared=False).tolist() == torch.eye(run.output.shape[-1]).tolist()
    )
    assert convolution.bias_jacobian(run, 3).tolist() == torch.ones(run.output.shape[-1], 1).tolist()


def test_pytorch_has_one_bias_a_channel():
    layer = torch.nn.Conv1d(1, 1, 3)
    by_bias = torch.func.jacrev(lambda b: F.conv1d(torch.ones(1, 1, 6), layer.weight, b))(layer.bias)
    assert layer.bias.shape == (1,) and by_bias.flatten().tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "function", [sp.Function("sigma", real=True), sp.Lambda(sp.Symbol("t"), sp.Symbol("t") ** 2)]
)
def test_the_network_in_symbols(function):
    x, b = letters("x", 4), letters("b", 3)
    kernels = [letters("u", 2), letters("v", 1), letters("w", 2)]
    run = convolution.forward(x, kernels, biases=b, activation=function)
    g = sp.Matrix(letters("g", 2))
    found = convolution.backpropagate(run, g)

    def is_zero(matrix) -> bool:
        return all(sp.expand(entry.doit()) == 0 for entry in matrix)

    for layer in (1, 2, 3):
        right = run.output.jacobian(kernels[layer - 1])
        assert is_zero(right - convolution.weight_jacobian(run, layer))
        assert is_zero(found.kernels[layer - 1] - right.T * g)
        ones = run.output.jacobian([b[layer - 1]])
        assert is_zero(ones - convolution.bias_jacobian(run, layer))
        assert is_zero(sp.Matrix([found.biases[layer - 1]]) - ones.T * g)
    assert is_zero(run.output.jacobian(x) - convolution.input_jacobian(run))


def test_symbols_and_tensors_have_the_same_network():
    x, kernels, given = net([2, 3], torch.tanh)
    run = convolution.forward(x, kernels, **given)
    symbolic = convolution.forward(
        sp.Matrix(x.tolist()),
        [sp.Matrix(kernel.tolist()) for kernel in kernels],
        biases=[bias.item() for bias in given["biases"]],
        activation=sp.tanh,
    )
    for layer in (1, 2):
        twin = torch.tensor(convolution.weight_jacobian(symbolic, layer).tolist(), dtype=torch.float64)
        assert largest(convolution.weight_jacobian(run, layer), twin) < 1e-12


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [(), (4,), (2, 3), (0,), (2, 0)], ids=str)
def test_batches_keep_shape_dtype_and_device(batch, dtype, device):
    if dtype == torch.float64 and not devices.supports_float64(device):
        pytest.skip("no float64 on this device")
    x, kernels, given = net([3, 2], batch=batch)
    x, kernels = x.to(device, dtype), [kernel.to(device, dtype) for kernel in kernels]
    biases = [bias.to(device, dtype) for bias in given["biases"]]
    run = convolution.forward(x, kernels, biases=biases, activation=torch.tanh)
    back = convolution.backpropagate(run, run.output)
    n = x.shape[-1]
    expected = {
        (n - 3,): run.output,
        (n - 3, 3): convolution.weight_jacobian(run, 1),
        (n - 3, 1): convolution.bias_jacobian(run, 1),
        (n - 3, n - 2): convolution.backward_matrix(run, 1),
        (n - 3, n): convolution.input_jacobian(run),
        (n - 2,): back.signals[0],
        (3,): back.kernels[0],
        (): back.biases[0],
        (n,): back.input,
    }
    for tail, found in expected.items():
        assert (found.shape, found.dtype, found.device.type) == ((*batch, *tail), dtype, device.type)


def test_inside_vmap_and_with_a_kernel_for_each_entry():
    x, _, given = net([3, 2], batch=(5,))
    own = [randn(5, f, seed=20 + f) for f in (3, 2)]

    def through(x, first, second):
        run = convolution.forward(x, [first, second], **given)
        return (
            convolution.weight_jacobian(run, 1),
            convolution.backpropagate(run, run.output).kernels[0],
            convolution.transposed_convolution(x, first),
        )

    together = torch.func.vmap(through)(x, *own)
    for a, b in zip(together, through(x, *own), strict=True):
        assert largest(a, b) < 1e-14
    for index in range(5):
        one = through(x[index], own[0][index], own[1][index])
        for a, b in zip(together, one, strict=True):
            assert largest(a[index], b) < 1e-14
    assert convolution.transposed_convolution(x[:0], own[0][:0]).shape == (0, x.shape[-1] + 2)


def test_the_gradient_can_be_differentiated_again():
    x, kernels, given = net([3, 2])

    def gradient(first):
        run = convolution.forward(x, [first, kernels[1]], **given)
        return convolution.backpropagate(run, run.output).kernels[0]

    def energy(first):
        return output_of(x, kernels, given, layer=1, kernel=first).square().sum() / 2

    assert largest(jacobian(gradient, kernels[0]), torch.func.hessian(energy)(kernels[0])) < 1e-12


def test_the_transposed_convolution_stamps():
    assert convolution.transposed_convolution(
        torch.tensor([1.0, 10.0]), torch.tensor([1.0, 2.0, 3.0])
    ).tolist() == [
        1,
        12,
        23,
        30,
    ]
    v, w = letters("v", 4), letters("w", 3)
    expected = convolution.toeplitz(w, 6).T * sp.Matrix(v)
    assert (convolution.transposed_convolution(v, w) - expected).expand() == sp.zeros(6, 1)


@pytest.mark.parametrize("signals, taps", [((4,), (3, 2)), ((3, 1, 4), (2, 2)), ((2, 4), (3, 1, 1))])
def test_transposed_convolutions_of_batches_that_broadcast(signals, taps):
    v, w = randn(*signals), randn(*taps, seed=1)
    made = convolution.transposed_convolution(v, w)
    matrices = convolution.toeplitz(w, made.shape[-1])
    torch.testing.assert_close(made, (matrices.mT @ v.unsqueeze(-1)).squeeze(-1))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda x, w, g: convolution.forward(x, [], biases=[], activation=torch.tanh), r"kernels: got none"),
        (
            lambda x, w, g: convolution.forward(x, w, biases=[], activation=torch.tanh),
            r"biases: got 0, expected 2",
        ),
        (
            lambda x, w, g: convolution.forward(x, [w[0], randn(7)], **g),
            r"kernels\[1\]: got 7 taps, expected at most 6",
        ),
        (
            lambda x, w, g: convolution.forward(x, [randn(9), w[1]], **g),
            r"kernels\[0\]: got 9 taps, expected at most 8",
        ),
        (lambda x, w, g: convolution.forward(x, [w[0], [1.0]], **g), r"kernels\[1\]: got list"),
        (lambda x, w, g: convolution.forward(x / 0, w, **g), r"x: got NaN or infinity"),
        (lambda x, w, g: convolution.forward(x, w, biases=g["biases"], activation=1), r"activation: got 1"),
        (
            lambda x, w, g: convolution.forward(x, w, biases=[0, 0], activation=torch.tanh),
            r"biases\[0\]: got int",
        ),
        (
            lambda x, w, g: convolution.forward([1, 2], [[1], [1]], biases=["b", 0], activation=sp.tanh),
            r"biases\[0\]",
        ),
        (
            lambda x, w, g: convolution.forward([1, 2], [[1, 1, 1]], biases=[0], activation=sp.tanh),
            r"got 3 taps",
        ),
        (
            lambda x, w, g: convolution.weight_jacobian(convolution.forward(x, w, **g), 3),
            r"layer: got 3, .* 1 to 2",
        ),
        (lambda x, w, g: convolution.weight_jacobian(convolution.forward(x, w, **g), 0), r"layer: got 0"),
        (
            lambda x, w, g: convolution.weight_jacobian(x, 1),
            r"run: got Tensor, expected what `forward` returns",
        ),
        (
            lambda x, w, g: convolution.bias_jacobian(convolution.forward(x, w, **g), 1, shared=1),
            r"shared: got 1",
        ),
        (
            lambda x, w, g: convolution.backpropagate(convolution.forward(x, w, **g), randn(4)),
            r"cotangent: got shape",
        ),
        (
            lambda x, w, g: convolution.backpropagate(
                convolution.forward([1, 2], [[1]], biases=[0], activation=sp.tanh), [1]
            ),
            r"cotangent: got 1 entries, expected 2",
        ),
        (
            lambda x, w, g: convolution.transposed_convolution(x, [1]),
            r"w: got list, expected the same kind as v",
        ),
    ],
)
def test_bad_arguments_of_the_network(make, message):
    x, kernels, given = net([3, 2])
    with pytest.raises(ValueError, match=message):
        make(x, kernels, given)


# Images.


def pictures(*, kernel=(3, 2), size=(6, 7), batch=(2,), seed: int = 0) -> list[torch.Tensor]:
    """Images of two channels, a weight that makes three of them, and a bias; all to be differentiated by."""
    tensors = [
        randn(*batch, 2, *size, seed=seed),
        randn(3, 2, *kernel, seed=seed + 1),
        randn(3, seed=seed + 2),
    ]
    return [tensor.requires_grad_() for tensor in tensors]


STEPS = [
    *GEOMETRIES,
    {"stride": (3, 2), "padding": (2, 0), "dilation": (1, 3)},
    {"stride": (1, 4), "padding": (0, 1), "dilation": (2, 1)},
]


@pytest.mark.parametrize("options", STEPS, ids=str)
def test_the_gradients_are_those_of_pytorch(options):
    inputs = pictures()
    own, given = (
        torch.autograd.grad(function(*inputs, **options).pow(3).sum(), inputs)
        for function in (convolution.conv2d, F.conv2d)
    )
    for a, b in zip(own, given, strict=True):
        assert largest(a, b) < 1e-10 * (1 + b.abs().max().item())


@pytest.mark.parametrize("options", STEPS[::4], ids=str)
def test_gradcheck(options):
    inputs = pictures(size=(5, 6), kernel=(2, 2), batch=(2,))
    check = {"check_forward_ad": True, "check_batched_grad": True, "fast_mode": True}

    def function(*inputs):
        return convolution.conv2d(*inputs, **options)

    assert torch.autograd.gradcheck(function, inputs, **check)
    assert torch.autograd.gradgradcheck(function, inputs, fast_mode=True)
    assert torch.autograd.gradcheck(
        lambda x, w: convolution.conv2d(x, w, **options), inputs[:2], fast_mode=True
    )
    x, w, b = inputs
    assert torch.autograd.gradcheck(lambda b: function(x.detach(), w.detach(), b), b, **check)


def test_gradcheck_in_full():
    inputs = pictures(size=(4, 5), kernel=(2, 3), batch=(1,))
    assert torch.autograd.gradcheck(lambda *given: convolution.conv2d(*given, stride=2, padding=1), inputs)


MUTANTS = {
    "stride and dilation not exchanged": lambda x, g, k, stride, padding, dilation: F.conv2d(
        x.transpose(0, 1), g.transpose(0, 1), None, stride, padding, dilation
    ),
    "turned round": lambda x, g, k, stride, padding, dilation: F.conv2d(
        x.transpose(0, 1), g.transpose(0, 1), None, dilation, padding, stride
    ).flip(2, 3),
    "averaged over the batch": lambda x, g, k, stride, padding, dilation: (
        F.conv2d(x.transpose(0, 1), g.transpose(0, 1), None, dilation, padding, stride) / x.shape[0]
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_gradcheck_sees_a_wrong_weight_gradient(mutant, monkeypatch):
    def wrong(x, cotangent, kernel_size, *, stride, padding, dilation):
        found = MUTANTS[mutant](x, cotangent, kernel_size, stride, padding, dilation)
        rows, columns = kernel_size
        room = torch.zeros(*found.shape[:2], rows, columns, dtype=found.dtype)
        part = found[..., :rows, :columns]
        room[..., : part.shape[-2], : part.shape[-1]] = part
        return room.transpose(0, 1)

    from helpers.models.convolution import images

    monkeypatch.setattr(images, "weight_gradient", wrong)
    inputs = pictures(size=(5, 5), kernel=(2, 2))
    with pytest.raises(GradcheckError):
        torch.autograd.gradcheck(lambda *given: convolution.conv2d(*given, stride=2), inputs)


def test_without_output_padding_the_gradient_has_another_size(monkeypatch):
    from helpers.models.convolution import images

    monkeypatch.setattr(images, "output_padding", lambda *_, **__: 0)
    x, weight, bias = pictures(size=(6, 6), kernel=(3, 3))
    with pytest.raises(RuntimeError, match="shape"):
        convolution.conv2d(x, weight, bias, stride=2).sum().backward()


def test_the_symbolic_twin_of_the_images():
    for options in GEOMETRIES[::3]:
        x, weight = randn(2, 2, 5, 6), randn(3, 2, 2, 3, seed=1)
        symbolic = convolution.correlate_images(x.tolist(), weight.tolist(), **options)
        twin = torch.tensor(symbolic.tolist(), dtype=torch.float64)
        assert largest(twin, F.conv2d(x, weight, **options)) < 1e-12


@pytest.mark.parametrize("device", devices.available(), ids=str)
@pytest.mark.parametrize("batch", [(), (3,), (2, 3), (0,), (2, 0)], ids=str)
def test_any_batch_of_images(batch, device):
    x = randn(*batch, 2, 5, 4, dtype=torch.float32).to(device).requires_grad_()
    weight, bias = (
        randn(*shape, dtype=torch.float32).to(device).requires_grad_() for shape in ((3, 2, 2, 2), (3,))
    )
    made = convolution.conv2d(x, weight, bias, stride=2, padding=1)
    assert (made.shape, made.dtype, made.device.type) == ((*batch, 3, 3, 3), torch.float32, device.type)
    made.sum().backward()
    assert x.grad.shape == x.shape and weight.grad.shape == weight.shape
    images = x.reshape(-1, 2, 5, 4) if x.numel() else x.new_zeros(0, 2, 5, 4)
    torch.testing.assert_close(made.reshape(-1, 3, 3, 3) if made.numel() else made.new_zeros(0, 3, 3, 3),
                               F.conv2d(images, weight, bias, 2, 1))  # fmt: skip
    if not x.numel():
        assert not weight.grad.any() and not bias.grad.any()


def test_images_inside_vmap_and_full_jacobians():
    x, weight, bias = (tensor.detach() for tensor in pictures(size=(4, 4), kernel=(2, 2), batch=(3, 2)))

    def layer(x):
        return convolution.conv2d(x, weight, bias, stride=2, padding=1)

    assert largest(torch.func.vmap(layer)(x), layer(x)) < 1e-14
    kernels = randn(3, 3, 2, 2, 2, seed=8)
    own = torch.func.vmap(lambda x, w: convolution.conv2d(x, w))(x, kernels)
    assert largest(own[1], F.conv2d(x[1], kernels[1])) < 1e-12
    flat = x[0].flatten()
    for mode in ("reverse", "forward"):
        found = jacobian(lambda v: layer(v.reshape(2, 2, 4, 4)).flatten(), flat, mode=mode)
        right = jacobian(
            lambda v: F.conv2d(v.reshape(2, 2, 4, 4), weight, bias, 2, 1).flatten(), flat, mode="reverse"
        )
        assert largest(found, right) < 1e-12


def test_pooling_and_upsampling():
    image = randn(2, 1, 3, 4)
    for r in (1, 2, 3):
        ones = torch.ones(1, 1, r, r, dtype=torch.float64)
        up = F.interpolate(image, scale_factor=r, mode="nearest")
        size = (3 * r, 4 * r)
        assert largest(convolution.input_gradient(image, ones, size, stride=r), up) == 0
        pooled = F.avg_pool2d(randn(2, 1, *size), r)
        assert largest(convolution.conv2d(randn(2, 1, *size), ones / r**2, stride=r), pooled) < 1e-14


def test_gradients_one_by_one():
    x, weight, bias = pictures()
    made = F.conv2d(x, weight, bias, 2, 1)
    cotangent = randn(*made.shape, seed=5)
    options = {"stride": 2, "padding": 1}
    expected = torch.autograd.grad(made, (x, weight, bias), cotangent)
    found = (
        convolution.input_gradient(cotangent, weight, (6, 7), **options),
        convolution.weight_gradient(x, cotangent, (3, 2), **options),
        convolution.bias_gradient(cotangent),
    )
    for a, b in zip(found, expected, strict=True):
        assert largest(a, b) < 1e-12
    assert Convolution2d is convolution.Convolution2d


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda x, w, b: convolution.conv2d(x, w, stride=0),
            r"stride: got 0, expected a whole number of at least 1",
        ),
        (lambda x, w, b: convolution.conv2d(x, w, stride=(1, -2)), r"stride: got -2"),
        (
            lambda x, w, b: convolution.conv2d(x, w, stride=(1, 2, 3)),
            r"stride: got \(1, 2, 3\), expected .* two",
        ),
        (lambda x, w, b: convolution.conv2d(x, w, padding=-1), r"padding: got -1"),
        (lambda x, w, b: convolution.conv2d(x, w, padding="same"), r"padding: got 'same'"),
        (lambda x, w, b: convolution.conv2d(x, w, dilation=1.5), r"dilation: got 1\.5"),
        (
            lambda x, w, b: convolution.conv2d(x[..., :2, :], w),
            r"kernel_size: got 3, which spans 3 inputs, .* most 2",
        ),
        (
            lambda x, w, b: convolution.conv2d(x[:, :1], w),
            r"x: got shape \(2, 1, 6, 7\), expected \(\.\.\., 2, d, d\)",
        ),
        (lambda x, w, b: convolution.conv2d(x, w[0]), r"weight: got shape \(2, 3, 2\)"),
        (lambda x, w, b: convolution.conv2d(x, w[None]), r"weight: got shape \(1, 3, 2, 3, 2\)"),
        (
            lambda x, w, b: convolution.conv2d(x, w, b[:2]),
            r"bias: got shape \(2,\), expected \(3\)|bias: got shape",
        ),
        (
            lambda x, w, b: convolution.conv2d(x, w, b.float()),
            r"bias: got torch\.float32 on cpu, expected torch\.float64",
        ),
        (lambda x, w, b: convolution.conv2d(x, w.long()), r"weight: got torch\.int64"),
        (lambda x, w, b: convolution.conv2d(x, w / 0), r"weight: got NaN or infinity"),
        (
            lambda x, w, b: convolution.input_gradient(x, w, (6, 7)),
            r"cotangent: got shape .* expected \(B, C', 4, 6\)",
        ),
        (lambda x, w, b: convolution.weight_gradient(x, x, (3, 2)), r"cotangent: got shape"),
    ],
)
def test_bad_arguments_of_images(make, message):
    with pytest.raises(ValueError, match=message):
        make(*(tensor.detach() for tensor in pictures()))
