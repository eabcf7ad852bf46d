"""Coupling layers with networks of all coordinates, none of which is invertible."""

import torch

from helpers.models.coupling import AffineCoupling, MaskedCoupling, ResidualReversibleBlock
from helpers.models.invertible import Composition, Permutation

from . import Case


def network(inputs: int, outputs: int, seed: int) -> torch.nn.Module:
    """tanh between two dense layers, narrower in the middle, in float64."""
    generator = torch.Generator().manual_seed(seed)
    layers = torch.nn.Sequential(
        torch.nn.Linear(inputs, 3), torch.nn.Tanh(), torch.nn.Linear(3, outputs)
    ).double()
    for parameter in layers.parameters():
        parameter.data = 0.7 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return layers


def affine(h: int, seed: int = 1) -> AffineCoupling:
    s = torch.linspace(0.4, -0.9, h, dtype=torch.float64) + 0.1
    return AffineCoupling(network(h, h, seed), network(h, h, seed + 1), s)


CASES = [
    Case("affine-coupling-1", lambda: affine(1)),
    Case("affine-coupling-4", lambda: affine(4)),
    Case("masked-coupling", lambda: MaskedCoupling([3, 0], network(2, 3, 5), network(2, 3, 6), size=5)),
    Case("residual-block", lambda: ResidualReversibleBlock(network(2, 2, 7), network(2, 2, 8), size=4)),
    Case(
        "coupling-stack",
        lambda: Composition(
            affine(2, 11),
            Permutation([2, 3, 0, 1]),
            ResidualReversibleBlock(network(2, 2, 13), network(2, 2, 14), size=4),
            affine(2, 15),
        ),
    ),
]
