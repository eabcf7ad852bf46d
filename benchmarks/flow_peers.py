"""The same maps in other libraries, on the same weights: `forward(x)` and `inverse(y)` with log-determinants.

Each library wants its parameters in a form of its own; here they are put into that form, so that what comes out
can be compared digit by digit. A direction that a library lacks is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch

__all__ = ["Coupling", "Map", "affine_couplings", "convolutions", "planar_flows", "radial_flows"]

Direction = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class Map:
    """One library's version of a map."""

    library: str
    forward: Direction
    inverse: Direction | None


@dataclass(frozen=True)
class Coupling:
    """An affine coupling: the networks of b, `(..., h)` to `(..., h)`; every log-scale lies in (-1, 0)."""

    translation: Callable[[torch.Tensor], torch.Tensor]
    log_scale: Callable[[torch.Tensor], torch.Tensor]
    half: int


def affine_couplings(coupling: Coupling) -> list[Map]:
    """u = exp(G(b)) a + F(b), and b as it is, for points (a, b) of shape `(n, 2h)`."""
    import FrEIA.modules
    import normflows.flows
    import zuko.transforms
    from nflows.transforms.coupling import AffineCouplingTransform

    F, G, h = coupling.translation, coupling.log_scale, coupling.half

    # zuko squeezes a raw scale r to r / (1 + |r| / c): undone here.
    bound = -math.log(1e-3)

    def affine_of(b):
        log_scale = G(b)
        raw = log_scale / (1 - log_scale.abs() / bound)
        return zuko.transforms.DependentTransform(
            zuko.transforms.MonotonicAffineTransform(F(b), raw), reinterpreted=1
        )

    keep_b = torch.cat([torch.zeros(h), torch.ones(h)]).bool()
    by_zuko = zuko.transforms.CouplingTransform(affine_of, keep_b)

    # nflows scales by sigmoid(r + 2) + 0.001: undone here.
    class Raw(torch.nn.Module):
        def forward(self, b, context=None):
            return torch.cat([F(b), torch.logit(G(b).exp() - 1e-3) - 2], dim=1)

    by_nflows = AffineCouplingTransform((~keep_b).int(), lambda inputs, outputs: Raw())

    class Interleaved(torch.nn.Module):
        def forward(self, b):
            return torch.stack([F(b), G(b)], dim=2).flatten(1)

    by_normflows = normflows.flows.AffineCoupling(Interleaved(), scale_map="exp")

    def in_halves(direction):
        def run(points):
            (b, u), log_abs_det = direction([points[:, h:], points[:, :h]])
            return torch.cat([u, b], dim=1), log_abs_det

        return run

    class Stacked(torch.nn.Module):
        def forward(self, b):
            return torch.cat([G(b), F(b)], dim=1)

    by_freia = FrEIA.modules.AffineCouplingOneSided(
        [(2 * h,)], subnet_constructor=lambda *sizes: Stacked(), clamp=1.0, clamp_activation=lambda s: s
    )

    def swapped(points):
        return torch.cat([points[:, h:], points[:, :h]], dim=1)

    def in_freia(back):
        def run(points):
            (value,), log_abs_det = by_freia([swapped(points)], rev=back)
            return swapped(value), log_abs_det

        return run

    return [
        Map("zuko", by_zuko.call_and_ladj, by_zuko.inv.call_and_ladj),
        Map("nflows", by_nflows, by_nflows.inverse),
        Map("normflows", in_halves(by_normflows), in_halves(by_normflows.inverse)),
        Map("FrEIA", in_freia(False), in_freia(True)),
    ]


def convolutions(lower: torch.Tensor, upper: torch.Tensor, s: torch.Tensor) -> list[Map]:
    """y = L (U + diag s) x at each pixel of `(n, C, H, W)`, for s > 0, in float64."""
    import FrEIA.modules
    import normflows.flows
    import zuko.transforms
    from nflows.transforms import OneByOneConvolution

    channels = len(s)
    matrix = lower @ (upper + s.diag())

    # zuko keeps the scales in its lower factor, and a unit diagonal in the upper one.
    packed = (lower * s).tril() + (upper / s[:, None]).triu(1)
    by_zuko = zuko.transforms.LULinearTransform(packed)

    def over_pixels(direction):
        def run(images):
            value, log_abs_det = direction(images.movedim(1, -1))
            return value.movedim(-1, 1), log_abs_det.sum((-2, -1))

        return run

    by_nflows = OneByOneConvolution(channels).double()
    by_nflows.permutation._permutation.copy_(torch.arange(channels))
    with torch.no_grad():
        by_nflows.lower_entries.copy_(lower[by_nflows.lower_indices])
        by_nflows.upper_entries.copy_(upper[by_nflows.upper_indices])
        by_nflows.unconstrained_upper_diag.copy_(torch.log(torch.expm1(s - by_nflows.eps)))

    by_normflows = normflows.flows.Invertible1x1Conv(channels, use_lu=True).double()
    with torch.no_grad():
        by_normflows.P.copy_(torch.eye(channels))
        by_normflows.L.copy_(lower)
        by_normflows.U.copy_(upper)
        by_normflows.sign_S.copy_(torch.ones(channels))
        by_normflows.log_S.copy_(s.log())

    by_freia = FrEIA.modules.Fixed1x1Conv([(channels, 1, 1)], M=matrix.T)

    def in_freia(back):
        def run(images):
            (value,), log_abs_det = by_freia([images], rev=back)
            return value, log_abs_det.expand(len(images))

        return run

    return [
        Map("zuko", over_pixels(by_zuko.call_and_ladj), over_pixels(by_zuko.inv.call_and_ladj)),
        Map("nflows", by_nflows, by_nflows.inverse),
        # What normflows calls the inverse is our forward direction.
        Map("normflows", by_normflows.inverse, by_normflows),
        Map("FrEIA", in_freia(False), in_freia(True)),
    ]


def radial_flows(center: torch.Tensor, alpha: float, beta: float) -> list[Map]:
    """y = x + beta (x - c) / (alpha + r), beta > -alpha; of the four only normflows has one, without an inverse."""
    import normflows.flows

    flow = normflows.flows.Radial((len(center),), z_0=center[None].clone()).double()
    with torch.no_grad():
        flow.alpha.fill_(alpha)
        flow.beta.fill_(math.log(math.expm1(beta + alpha)))
    return [Map("normflows", flow, None)]


def planar_flows(w: torch.Tensor, u: torch.Tensor, b: float) -> list[Map]:
    """y = x + u tanh(wᵀx + b), for wᵀu > -1; of the four only normflows has one, without an inverse for tanh."""
    import normflows.flows

    # It takes the raw u, of which w·u = log(1 + exp(w·raw)) - 1.
    product = w @ u
    raw = u + (torch.log(torch.expm1(product + 1)) - product) * w / (w @ w)
    flow = normflows.flows.Planar(
        (len(w),), u=raw[None].clone(), w=w[None].clone(), b=torch.tensor([b], dtype=w.dtype)
    )
    return [Map("normflows", flow, None)]
