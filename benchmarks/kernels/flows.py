"""Planar and radial flows, forwards, against normflows; it has no inverse of either."""

import math
from collections.abc import Iterator

import torch
from side_by_side import Case, Claim, Family, Peer

from helpers.models.flows import PlanarFlow, RadialFlow

__all__ = ["FAMILIES"]

SIZES = (4, 16, 64, 256)
POINTS = 256
ALPHA, BETA = 0.7, -0.4


def _quietly(call, points):
    def run():
        with torch.no_grad():
            return call(points)

    return run


def _planar() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)
        w, u = (torch.randn(size, generator=generator) / size**0.5 for _ in range(2))
        u = u + (1 - w @ u) * w / (w @ w)  # wᵀu = 1
        points = torch.randn(POINTS, size, generator=generator)

        def normflows(w=w, u=u, points=points):
            from normflows.flows import Planar

            # It takes the raw u, of which w·u = log(1 + exp(w·raw)) - 1.
            product = w @ u
            raw = u + (torch.log(torch.expm1(product + 1)) - product) * w / (w @ w)
            flow = Planar((len(w),), u=raw[None].clone(), w=w[None].clone(), b=torch.tensor([0.3]))
            return Peer(_quietly(flow, points))

        yield Case(size, _quietly(PlanarFlow(w, u, 0.3), points), {"normflows": normflows})


def _radial() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)
        center = torch.randn(size, generator=generator)
        points = torch.randn(POINTS, size, generator=generator)

        def normflows(center=center, points=points):
            from normflows.flows import Radial

            flow = Radial((len(center),), z_0=center[None].clone())
            with torch.no_grad():
                flow.alpha.fill_(ALPHA)
                flow.beta.fill_(math.log(math.expm1(BETA + ALPHA)))
            return Peer(_quietly(flow, points))

        yield Case(size, _quietly(RadialFlow(center, ALPHA, BETA), points), {"normflows": normflows})


FAMILIES = [
    Family(
        name=f"{name}-forward",
        title=f"{name.capitalize()} flow, forward",
        size="numbers in a point, D",
        dtype="float32",
        work=f"{POINTS} points, value and log-determinant",
        claim=claim,
        most=1e-4,
        reason=(
            "The peer checks neither points nor parameters. Ours does in every call; the radial flow calls functions "
            "compiled from SymPy besides, which look at kinds and shapes each time."
        ),
        cases=cases,
    )
    for name, claim, cases in (
        ("planar", Claim("helpers.models.flows.PlanarFlow", "Cost O(D) a point", 1), _planar),
        (
            "radial",
            Claim("helpers.models.flows.RadialFlow", "Cost O(D) a point, in both directions", 1),
            _radial,
        ),
    )
]
