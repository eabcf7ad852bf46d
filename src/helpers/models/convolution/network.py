r"""A network of convolutions in one dimension, forwards and backwards, in symbols or in tensors.

$u_\ell = A_{w_\ell} y_{\ell-1} + b_\ell\mathbf 1$ and $y_\ell = \sigma(u_\ell)$ for $\ell < L$, $y_L = u_L$: one
channel, stride 1, no padding, one bias a layer. `forward` keeps what the way back needs. `backward_matrix` and the
Jacobians form matrices, to look at and to compare; `backpropagate` forms none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from helpers.arguments import checked, described, function, instance, scalar
from helpers.models.convolution.geometry import whole_number
from helpers.models.convolution.matrices import column, hankel, is_tensor, toeplitz

__all__ = [
    "ForwardPass",
    "Gradients",
    "backpropagate",
    "backward_matrix",
    "bias_jacobian",
    "forward",
    "input_jacobian",
    "transposed_convolution",
    "weight_jacobian",
]


@dataclass(frozen=True)
class ForwardPass:
    """What the way back needs of a forward pass: SymPy columns, or tensors with their position as the last axis.

    Attributes:
        kernels: $w_1, \\dots, w_L$.
        inputs: what each layer reads, $y_0, \\dots, y_{L-1}$.
        pre_activations: $u_1, \\dots, u_L$.
        slopes: $\\sigma'(u_1), \\dots, \\sigma'(u_{L-1})$; the last layer has no activation.
    """

    kernels: tuple[Any, ...]
    inputs: tuple[Any, ...]
    pre_activations: tuple[Any, ...]
    slopes: tuple[Any, ...]

    @property
    def output(self) -> Any:
        """$y_L = u_L$."""
        return self.pre_activations[-1]

    @property
    def depth(self) -> int:
        """The number of layers L."""
        return len(self.kernels)


class Gradients(NamedTuple):
    """The gradients of a number E, layer by layer, from its gradient with respect to the network's output.

    `signals` are those with respect to $u_1, \\dots, u_L$, `kernels` and `biases` those with respect to $w_\\ell$ and
    $b_\\ell$, `input` is the one with respect to x.
    """

    signals: tuple[Any, ...]
    kernels: tuple[Any, ...]
    biases: tuple[Any, ...]
    input: Any


@checked(activation=function)
def forward(x: Any, kernels: Sequence[Any], *, biases: Sequence[Any], activation: Callable) -> ForwardPass:
    """Run the network on `x`, and keep inputs, pre-activations and slopes.

    In symbols `x` and each kernel are sequences or columns of SymPy expressions, each bias is an expression, and
    `activation` takes an expression: `sp.tanh`, a `Lambda`, an undefined function. In tensors `x` is `(..., n)`, each
    kernel `(..., f)` and each bias `(...)`, with batch shapes that broadcast, and `activation` works entry by entry,
    as `torch.tanh`.

    Raises ValueError without a layer, for another number of biases than of kernels, for a kernel longer than its
    input, and for what is not finite. Cost O(n · f) a layer.

    >>> x, w, b = sp.symbols("x_1:4"), sp.symbols("w_1:3"), sp.Symbol("b")
    >>> forward(x, [w], biases=[b], activation=sp.tanh).output
    Matrix([
    [b + w_1*x_1 + w_2*x_2],
    [b + w_1*x_2 + w_2*x_3]])
    """
    kernels, biases = _one_a_layer("kernels", kernels), _one_a_layer("biases", biases)
    if not kernels:
        raise ValueError("kernels: got none, expected one a layer, at least one")
    if len(biases) != len(kernels):
        raise ValueError(f"biases: got {len(biases)}, expected {len(kernels)}, one a kernel")
    if is_tensor(x):
        from helpers.models.invertible import check_points

        check_points("x", x, (None,))
        for index, kernel in enumerate(kernels):
            check_points(f"kernels[{index}]", kernel, (None,), like=x, of="x")
        for index, bias in enumerate(biases):
            check_points(f"biases[{index}]", bias, (), like=x, of="x")
        try:
            batches = [value.shape[:-1] for value in (x, *kernels)] + [bias.shape for bias in biases]
            np.broadcast_shapes(*batches)
        except ValueError:
            shapes = ", ".join(str(tuple(value.shape)) for value in (x, *kernels, *biases))
            raise ValueError(
                f"x, kernels, biases: got shapes {shapes}, expected batches that broadcast"
            ) from None
        y = x
    else:
        y = column("x", x)
        kernels = [column(f"kernels[{index}]", kernel) for index, kernel in enumerate(kernels)]
        biases = [scalar(f"biases[{index}]", bias) for index, bias in enumerate(biases)]
    if not callable(activation):
        raise ValueError(f"activation: got {activation!r}, expected a function of one value")
    inputs, pre_activations, slopes = [], [], []
    for index, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
        taps, length = _length(kernel), _length(y)
        if taps > length:
            raise ValueError(
                f"kernels[{index}]: got {taps} taps, expected at most {length}, as its input has"
            )
        u = _correlate(y, kernel, bias)
        inputs.append(y)
        pre_activations.append(u)
        if index < len(kernels) - 1:
            slopes.append(_slope(activation, u))
            y = activation(u) if is_tensor(u) else u.applyfunc(activation)
    return ForwardPass(tuple(kernels), tuple(inputs), tuple(pre_activations), tuple(slopes))


def transposed_convolution(v: Any, w: Any) -> Any:
    """$A_w^\\top v$: every entry of v stamps a copy of the kernel, and the copies are added.

    SymPy expressions as for `forward` give a column; tensors `(..., n)` and `(..., f)` give `(..., n + f - 1)` by
    `conv_transpose1d`. Errors as for `forward`. Cost O(n · f).

    >>> transposed_convolution([1, 10], [1, 2, 3]).T
    Matrix([[1, 12, 23, 30]])
    """
    if is_tensor(v) != is_tensor(w):
        raise ValueError(f"w: got {type(w).__name__}, expected the same kind as v, {type(v).__name__}")
    if is_tensor(v):
        from helpers.models.convolution import tensors

        return tensors.transposed_convolution(v, w)
    signal, taps = column("v", v), column("w", w)
    size = signal.rows + taps.rows - 1
    stamped = [[] for _ in range(size)]
    for i, entry in enumerate(signal):
        for t, tap in enumerate(taps):
            stamped[i + t].append(tap * entry)
    return sp.ImmutableMatrix([sp.Add(*terms) for terms in stamped])


def backward_matrix(run: ForwardPass, layer: int) -> Any:
    """$V_\\ell = \\partial y_L / \\partial u_\\ell$, with $n_L$ rows and $n_\\ell$ columns: $V_L = I$ and
    $V_\\ell = V_{\\ell+1} A_{w_{\\ell+1}} \\operatorname{diag}\\sigma'(u_\\ell)$.

    `layer` is $\\ell$, from 1 to L. Raises ValueError for another. Cost: a product of matrices for each layer above.
    """
    layer = _layer(run, layer)
    matrix = _identity(run.output)
    for above in range(run.depth, layer, -1):
        step = toeplitz(run.kernels[above - 1], _length(run.inputs[above - 1]))
        matrix = _times_diagonal(matrix @ step, run.slopes[above - 2])
    return matrix


def weight_jacobian(run: ForwardPass, layer: int) -> Any:
    """$\\partial y_L / \\partial w_\\ell = V_\\ell\\,H(y_{\\ell-1})$, with $n_L$ rows and $f_\\ell$ columns.

    Arguments, errors and cost as for `backward_matrix`.

    >>> run = forward(sp.symbols("x_1:6"), [sp.symbols("w_1:4")], biases=[0], activation=sp.tanh)
    >>> weight_jacobian(run, 1)
    Matrix([
    [x_1, x_2, x_3],
    [x_2, x_3, x_4],
    [x_3, x_4, x_5]])
    """
    back = backward_matrix(run, layer)
    return back @ hankel(run.inputs[layer - 1], _length(run.kernels[layer - 1]))


def bias_jacobian(run: ForwardPass, layer: int, *, shared: bool = True) -> Any:
    """$\\partial y_L / \\partial b_\\ell$: the column $V_\\ell\\mathbf 1$, or $V_\\ell$ for a bias at each position.

    `shared` says which: one number that all positions add, or a vector of $n_\\ell$. Other arguments, errors and cost
    as for `backward_matrix`.

    >>> run = forward(sp.symbols("x_1:4"), [sp.symbols("w_1:3")], biases=[0], activation=sp.tanh)
    >>> bias_jacobian(run, 1).T, bias_jacobian(run, 1, shared=False)
    (Matrix([[1, 1]]), Matrix([
    [1, 0],
    [0, 1]]))
    """
    if not isinstance(shared, bool):
        raise ValueError(f"shared: got {shared!r}, expected True or False")
    back = backward_matrix(run, layer)
    if not shared:
        return back
    return back.sum(-1, keepdim=True) if is_tensor(back) else back @ sp.ones(back.cols, 1)


def input_jacobian(run: ForwardPass) -> Any:
    """$\\partial y_L / \\partial x = V_1 A_{w_1}$, with $n_L$ rows and $n_0$ columns; cost as `backward_matrix`."""
    return backward_matrix(run, 1) @ toeplitz(run.kernels[0], _length(run.inputs[0]))


def _one_a_layer(name: str, given: Any) -> list:
    try:
        return list(given)
    except TypeError:
        raise ValueError(f"{name}: got {described(given)}, expected a sequence of one a layer") from None


@checked(run=instance(ForwardPass))
def backpropagate(run: ForwardPass, cotangent: Any) -> Gradients:
    """All gradients of a number E from `cotangent`, its gradient with respect to the output; no matrix is formed.

    $v_L$ is the cotangent and $v_\\ell = \\sigma'(u_\\ell) \\circ A_{w_{\\ell+1}}^\\top v_{\\ell+1}$ by transposed
    convolution. The gradient of $w_\\ell$ is the correlation of $y_{\\ell-1}$ with $v_\\ell$ as the kernel, that of
    $b_\\ell$ the sum of $v_\\ell$. Each entry of a batch keeps its own gradients.

    `cotangent` is a column or sequence of $n_L$ expressions, or a tensor `(..., n_L)`. Raises ValueError for another
    length. Cost O(n · f) a layer, as the forward pass.

    >>> run = forward(sp.symbols("x_1:4"), [sp.symbols("w_1:3")], biases=[0], activation=sp.tanh)
    >>> backpropagate(run, [1, 0]).kernels[0].T
    Matrix([[x_1, x_2]])
    """
    length = _length(run.output)
    if is_tensor(run.output):
        from helpers.models.invertible import check_points

        check_points("cotangent", cotangent, (length,), like=run.output, of="the output")
        signal = cotangent
    else:
        signal = column("cotangent", cotangent)
        if signal.rows != length:
            raise ValueError(f"cotangent: got {signal.rows} entries, expected {length}, as the output has")
    signals = [signal]
    for index in range(run.depth - 1, 0, -1):
        signal = _times(run.slopes[index - 1], transposed_convolution(signal, run.kernels[index]))
        signals.insert(0, signal)
    kernels = [_correlate(y, v, 0) for y, v in zip(run.inputs, signals, strict=True)]
    biases = [v.sum(-1) if is_tensor(v) else sp.Add(*v) for v in signals]
    at_input = transposed_convolution(signals[0], run.kernels[0])
    return Gradients(tuple(signals), tuple(kernels), tuple(biases), at_input)


# What differs between symbols, columns of n rows, and tensors, which have n entries along their last axis.


def _length(values: Any) -> int:
    return values.shape[-1] if is_tensor(values) else values.rows


def _correlate(y: Any, w: Any, bias: Any) -> Any:
    if is_tensor(y):
        from helpers.models.convolution import tensors

        shift = bias.unsqueeze(-1) if is_tensor(bias) else bias
        return tensors.correlate(y, w) + shift
    return (hankel(y, w.rows) * w).applyfunc(lambda entry: entry + bias)


def _slope(activation: Callable, u: Any) -> Any:
    if is_tensor(u):
        from helpers.models.convolution import tensors

        return tensors.slope(activation, u)
    at = sp.Dummy("u", real=True)
    derivative = sp.diff(scalar("activation", activation(at)), at)
    return u.applyfunc(lambda entry: derivative.subs(at, entry))


def _identity(output: Any) -> Any:
    if is_tensor(output):
        import torch

        return torch.eye(output.shape[-1], dtype=output.dtype, device=output.device)
    return sp.ImmutableMatrix(sp.eye(output.rows))


def _times_diagonal(matrix: Any, diagonal: Any) -> Any:
    return matrix * diagonal.unsqueeze(-2) if is_tensor(matrix) else matrix @ sp.diag(*diagonal)


def _times(a: Any, b: Any) -> Any:
    return a * b if is_tensor(a) else a.multiply_elementwise(b)


def _layer(run: ForwardPass, layer: Any) -> int:
    if not isinstance(run, ForwardPass):
        raise ValueError(f"run: got {type(run).__name__}, expected what `forward` returns")
    number = whole_number("layer", layer)
    if number > run.depth:
        raise ValueError(f"layer: got {layer!r}, expected a whole number from 1 to {run.depth}")
    return number
