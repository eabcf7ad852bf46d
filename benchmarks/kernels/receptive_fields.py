"""The receptive fields of all pixels of a masked stack, against the gradient of each output pixel.

The peers get a network of the same layers with positive weights and no activation, for only so does a gradient show
every connection. They run forwards once, then backwards for each pixel: one by one, as tutorials do it, or in batches
by `torch.func.vmap`. In float64, which is faster here with one channel, in batches, than float32.
"""

from collections.abc import Iterator

import torch
from side_by_side import Case, Claim, Family, Peer

from helpers.models.masked_convolution import (
    GatedLayer,
    GatedStack,
    Layer,
    MaskedConv2d,
    receptive_fields,
)

__all__ = ["FAMILIES"]

SIDES = (7, 14, 28, 56)
DEPTH = 12
BATCH = 112  # backward passes at a time; from 14 to 784 none was clearly faster at 28 × 28

STACKS = {
    "masked": ("masked 3 × 3 layers", [Layer(3, "A"), *[Layer(3, "B")] * (DEPTH - 1)]),
    "masked-7": ("masked layers, the first 7 × 7", [Layer(7, "A"), *[Layer(3, "B")] * (DEPTH - 1)]),
    "gated": ("gated 3 × 3 layers", [GatedLayer(3, "A"), *[GatedLayer(3, "B")] * (DEPTH - 1)]),
}


def _network(layers: list[Layer] | list[GatedLayer]) -> torch.nn.Module:
    """One channel; positive weights that keep a field of ones near one, so that no gradient vanishes or overflows."""
    if isinstance(layers[0], GatedLayer):
        network = GatedStack(layers, [1] * (len(layers) + 1)).double()
    else:
        network = torch.nn.Sequential(*(MaskedConv2d(layer, 1, 1) for layer in layers)).double()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, MaskedConv2d):
                weight = 0.5 + torch.rand(module.weight.shape, generator=generator, dtype=torch.float64)
                module.weight.copy_(weight / module.mask.sum().clamp(min=1))
                module.bias.fill_(0.1)
    return network


def _one_by_one(network: torch.nn.Module, side: int) -> torch.Tensor:
    image = torch.full((1, side, side), 0.5, dtype=torch.float64, requires_grad=True)
    output = network(image)[0]
    rows = [
        torch.autograd.grad(output[r, c], image, retain_graph=True)[0] > 0
        for r in range(side)
        for c in range(side)
    ]
    return torch.stack(rows).reshape(side, side, side, side)


def _in_batches(network: torch.nn.Module, side: int) -> torch.Tensor:
    image = torch.full((1, side, side), 0.5, dtype=torch.float64)
    _, backwards = torch.func.vjp(lambda x: network(x).flatten(), image)
    pixels = torch.eye(side * side, dtype=torch.float64)
    rows = [torch.func.vmap(lambda one: backwards(one)[0])(batch) > 0 for batch in pixels.split(BATCH)]
    return torch.cat(rows).reshape(side, side, side, side)


def _cases(layers: list[Layer] | list[GatedLayer]) -> Iterator[Case]:
    network = _network(layers)
    for side in SIDES:
        yield Case(
            side**2,
            lambda side=side: receptive_fields(layers, (side, side)),
            {
                "gradients one by one": lambda side=side: Peer(lambda: _one_by_one(network, side)),
                "gradients in batches": lambda side=side: Peer(lambda: _in_batches(network, side)),
            },
        )


FAMILIES = [
    Family(
        name=f"fields-{name}",
        title=f"Receptive fields of all pixels, {title}",
        size="pixels of the image, H · W",
        dtype="bool",
        work=f"{DEPTH} layers, one channel",
        claim=Claim(
            "helpers.models.masked_convolution.receptive_fields",
            "O(taps · (H · W)² / 8) bytes moved a layer",
            2,
        ),
        most=0.0,
        reason="A small image has little work; what is left is the fixed cost of a call for each tap of each layer.",
        cases=lambda layers=layers: _cases(layers),
        aim=100.0,
        aim_from=28**2,
        against=["gradients one by one"],
    )
    for name, (title, layers) in STACKS.items()
]
