"""Radial and planar flows, contractive residual blocks; at the edges of where they are invertible, too."""

import torch

from helpers.models.flows import ContractiveResidual, PlanarFlow, RadialFlow

from . import Case


def vector(*entries):
    return torch.tensor(entries, dtype=torch.float64)


def radial(alpha, beta, *center):
    return lambda: RadialFlow(vector(*center), alpha, beta)


def planar(b, w, u):
    return lambda: PlanarFlow(vector(*w), vector(*u), b)


def block(dimension, width, lipschitz):
    return lambda: ContractiveResidual.random(
        dimension, width, lipschitz, generator=torch.Generator().manual_seed(dimension)
    )


CASES = [
    Case("radial, one dimension", radial(0.7, 1.3, 0.4)),
    Case("radial, outwards", radial(0.7, 1.3, 0.4, -0.2)),
    Case("radial, inwards", radial(1.2, -0.9, 0.4, -0.2, 0.1)),
    Case("radial, at the edge", radial(1.0, -1.0, 0.4, -0.2, 0.1, 0.3, -0.6)),
    Case("planar, along", planar(0.3, (1.5, -0.5, 0.2), (0.8, 0.4, -0.3))),
    Case("planar, against", planar(-0.2, (1.0, 0.5), (-0.7, 0.1))),
    Case("planar, at the edge", planar(0.25, (1.0, 0.5), (-0.5, -1.0))),
    Case("contractive, one dimension", block(1, 4, 0.5)),
    Case("contractive, nearly steep", block(3, 8, 0.9)),
]
