r"""Many random networks at once: drawn as a scheme says, and followed layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import Any, NamedTuple

import torch

from helpers.arguments import checked, finite, instance, one_of, several, whole
from helpers.models.initialization.profile import ACTIVATIONS, check_activation, check_widths
from helpers.models.initialization.schemes import SCHEMES, bias_bound, check_width, weight_bound
from helpers.models.invertible import check_form, check_points

__all__ = ["LayerMoments", "draw_layer", "draw_network", "layer_moments", "propagate", "simulate"]

Layer = tuple[torch.Tensor, torch.Tensor]


@checked(fan_in=whole(1), fan_out=whole(1), scheme=one_of(SCHEMES), generator=instance(torch.Generator))
def draw_layer(
    fan_in: int,
    fan_out: int,
    scheme: str,
    *,
    networks: int | Sequence[int] = (),
    generator: torch.Generator,
    slope: float = 0.0,
    dtype: torch.dtype | None = None,
) -> Layer:
    r"""Weight `(networks..., fan_out, fan_in)` and bias `(networks..., fan_out)` of one layer.

    They are on the generator's device.

    Each network gets its own, all from the uniform laws of `weight_bound` and `bias_bound`. `networks` is a
    number or a batch shape, empty for one network; `dtype` is PyTorch's default. Raises ValueError for fans
    that are not positive, an unknown scheme, and a generator that is none. Cost: a random number a parameter.

    >>> import torch
    >>> weight, bias = draw_layer(9, 2, "torch", networks=1000, generator=torch.Generator())
    >>> weight.shape, bool(weight.abs().max() <= 1 / 3)
    (torch.Size([1000, 2, 9]), True)
    """
    fan_in, fan_out = (int(check_width(n, v)) for n, v in (("fan_in", fan_in), ("fan_out", fan_out)))
    batch = _batch(networks)
    bounds = (float(weight_bound(scheme, fan_in, fan_out, slope=slope)), float(bias_bound(scheme, fan_in)))
    weight, bias = (
        (2 * torch.rand(*batch, *shape, generator=generator, dtype=dtype, device=generator.device) - 1)
        * bound
        for shape, bound in zip(((fan_out, fan_in), (fan_out,)), bounds, strict=True)
    )
    return weight, bias


def draw_network(
    widths: Sequence[int],
    scheme: str,
    *,
    networks: int | Sequence[int] = (),
    generator: torch.Generator,
    slope: float = 0.0,
    dtype: torch.dtype | None = None,
) -> list[Layer]:
    r"""The layers of networks of these widths $n_0, \dots, n_L$, each as from `draw_layer`."""
    sizes = check_widths(widths)
    return [
        draw_layer(a, b, scheme, networks=networks, generator=generator, slope=slope, dtype=dtype)
        for a, b in pairwise(sizes)
    ]


@checked(activation=one_of(ACTIVATIONS), slope=finite())
def propagate(
    x: torch.Tensor, layers: Sequence[Layer], activation: str, *, slope: float = 0.0
) -> list[torch.Tensor]:
    r"""The pre-activations $u_1, \dots, u_L$ of inputs `(..., n_0)`; the last one is the output.

    Layers are pairs of a weight `(..., n_ℓ, n_{ℓ-1})` and a bias `(..., n_ℓ)`, and batches broadcast: one network
    for many inputs, or a network for each. Differentiable in all of them; keeps dtype and device; works inside
    `torch.func.vmap`. Raises ValueError for an unknown activation and shapes that do not fit. Cost
    O(Σ n_ℓ n_{ℓ-1}) an entry of the batch.

    >>> import torch
    >>> one = (torch.tensor([[2.0, -1.0]]), torch.tensor([0.5]))
    >>> propagate(torch.tensor([1.0, 1.0]), [one], "identity")
    [tensor([1.5000])]
    """
    slope = float(check_activation(activation, slope))
    layers = several(several(instance(torch.Tensor), least=2, most=2))("layers", layers)
    check_points("x", x, (None,))
    found: list[torch.Tensor] = []
    y = x
    for index, (weight, bias) in enumerate(layers):
        for value in (weight, bias):
            check_form("layers", value, (), like=x, of="x")
        if weight.ndim < 2 or weight.shape[-1] != y.shape[-1] or bias.shape[-1:] != weight.shape[-2:-1]:
            raise ValueError(
                f"layers: number {index} has a weight {tuple(weight.shape)} and a bias {tuple(bias.shape)}, expected "
                f"(..., m, {y.shape[-1]}) and (..., m)"
            )
        try:
            u = (weight @ y.unsqueeze(-1)).squeeze(-1) + bias
        except RuntimeError:
            shapes = f"{tuple(weight.shape)}, {tuple(bias.shape)} and inputs {tuple(y.shape)}"
            raise ValueError(
                f"layers: number {index} got {shapes}, expected batches that broadcast"
            ) from None
        found.append(u)
        y = _activate(u, activation, slope)
    return found


@checked(activation=one_of(ACTIVATIONS), scheme=one_of(SCHEMES), generator=instance(torch.Generator))
def simulate(
    widths: Sequence[int],
    activation: str,
    scheme: str,
    *,
    networks: int,
    generator: torch.Generator,
    inputs: torch.Tensor | None = None,
    slope: float = 0.0,
    dtype: torch.dtype | None = None,
) -> list[torch.Tensor]:
    r"""Input and pre-activations of so many fresh random networks, each with an input of its own.

    `inputs` is `(networks, n_0)`, standard normal where it is not given. Returns L + 1 tensors `(networks,
    n_ℓ)`, the input first, on the generator's device. No more than one layer's weights are held at a time.
    Raises ValueError as `draw_layer` and `propagate`. Cost O(networks · Σ n_ℓ n_{ℓ-1}).
    """
    sizes = [int(size) for size in check_widths(widths)]
    check_activation(activation, slope)
    (count,) = _batch(networks) if isinstance(networks, int) else (0,)
    if count < 1:
        raise ValueError(f"networks: got {networks!r}, expected a positive whole number")
    if not isinstance(generator, torch.Generator):
        raise ValueError(f"generator: got {type(generator).__name__}, expected a torch.Generator")
    if inputs is None:
        inputs = torch.randn(count, sizes[0], generator=generator, dtype=dtype, device=generator.device)
    check_points("inputs", inputs, (count, sizes[0]))
    found = [inputs]
    y = inputs
    for fan_in, fan_out in pairwise(sizes):
        layer = draw_layer(
            fan_in, fan_out, scheme, networks=count, generator=generator, slope=slope, dtype=inputs.dtype
        )
        (u,) = propagate(y, [layer], activation, slope=slope)
        found.append(u)
        y = _activate(u, activation, slope)
    return found


class LayerMoments(NamedTuple):
    """What was measured at one layer of many networks: numbers and counts, as a figure takes them.

    Attributes:
        mean: of the units' squares, over networks.
        half_width: of its confidence interval.
        median: the middle network's mean of squares.
        histogram: shares of |u| divided by its root mean square, in 12 equal bins from 0 to 4; more is left out.
    """

    mean: float
    half_width: float
    median: float
    histogram: list[float]


LIMIT, BINS = 4.0, 12


@checked(confidence=finite(above=0))
def layer_moments(values: torch.Tensor, *, confidence: float = 0.99) -> LayerMoments:
    r"""Mean square of a layer `(networks, n)`, its interval over networks, and the shape of its law.

    Units of one network are dependent, networks are not: a network's mean over its units is one draw. The
    interval is a normal approximation, too short where few networks carry the mean. Raises ValueError for
    values of another kind. Cost O(networks · n).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: got {confidence!r}, expected a probability strictly between 0 and 1")
    check_points("values", values, (None, None))
    if len(values) < 2:
        raise ValueError(f"values: got {len(values)} networks, expected at least 2")
    squares = values.double().square().mean(-1)
    mean = squares.mean().item()
    half_width = NormalDist().inv_cdf((1 + confidence) / 2) * squares.std().item() / len(squares) ** 0.5
    sizes = (values.double().abs() / max(mean, 1e-300) ** 0.5).flatten()
    counts = torch.histc(sizes.clamp(max=2 * LIMIT), BINS, 0, LIMIT)
    shares = (counts / sizes.numel()).tolist()
    return LayerMoments(mean, half_width, squares.median().item(), shares)


def _activate(u: torch.Tensor, activation: str, slope: float) -> torch.Tensor:
    if activation == "identity":
        return u
    if activation == "tanh":
        return torch.tanh(u)
    return torch.relu(u) if activation == "relu" else torch.nn.functional.leaky_relu(u, float(slope))


def _batch(networks: Any) -> tuple[int, ...]:
    shape = tuple(networks) if isinstance(networks, Sequence) else (networks,)
    if any(isinstance(size, bool) or not isinstance(size, int) or size < 0 for size in shape):
        raise ValueError(f"networks: got {networks!r}, expected a whole number or a batch shape")
    return shape
