"""The affine coupling layer, without networks: scales and shifts are at hand, so that the layer alone is timed.

Each library gets them in its own form before anything is timed, as the output of a network that does nothing else,
and points with its halves in its own order.
"""

import math
from collections.abc import Callable, Iterator

import torch
from side_by_side import Case, Claim, Family, Peer

from helpers.models.coupling import AffineCoupling

__all__ = ["FAMILIES"]

SIZES = (12, 16, 32, 64, 128, 256, 512)
POINTS = 256


class _Table(torch.nn.Module):
    """A network that answers with what was written down."""

    def __init__(self, values: torch.Tensor) -> None:
        super().__init__()
        self.values = values

    def forward(self, _, context=None):
        return self.values


def _cases(direction: str) -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)
        half = size // 2
        shift = torch.randn(POINTS, half, generator=generator)
        log_scale = -0.05 - 0.9 * torch.rand(POINTS, half, generator=generator)
        points = torch.randn(POINTS, size, generator=generator)
        layer = AffineCoupling(lambda _, t=shift: t, lambda _, t=log_scale: t, torch.zeros(half))
        with torch.no_grad():
            start = points if direction == "forward" else layer(points)[0]

        def quietly(call, *arguments):
            def run():
                with torch.no_grad():
                    return call(*arguments)

            return run

        peers = {
            name: lambda make=make, x=start, t=shift, s=log_scale, q=quietly: _peer(
                make, x, t, s, q, direction
            )
            for name, make in {
                "zuko": _zuko,
                "nflows": _nflows,
                "normflows": _normflows,
                "FrEIA": _freia,
            }.items()
        }
        yield Case(size, quietly(getattr(layer, direction), start), peers)


def _peer(make: Callable, start, shift, log_scale, quietly: Callable, direction: str) -> Peer:
    with torch.no_grad():
        calls, swaps = make(shift, log_scale)
        given = _swapped(start) if swaps else start
    call = quietly(calls[direction == "inverse"], given)
    return Peer(call, (lambda result: (_swapped(result[0]), result[1])) if swaps else lambda result: result)


def _swapped(points: torch.Tensor) -> torch.Tensor:
    return torch.cat(points.chunk(2, dim=-1)[::-1], dim=-1)


# Each gives both directions, and whether its points have the half that stays first.


def _zuko(shift, log_scale):
    import zuko.transforms as zt

    half = shift.shape[1]
    # It squeezes a raw scale r to r / (1 + |r| / c).
    raw = log_scale / (1 - log_scale.abs() / -math.log(1e-3))
    keep = torch.arange(2 * half) >= half
    layer = zt.CouplingTransform(
        lambda _: zt.DependentTransform(zt.MonotonicAffineTransform(shift, raw), reinterpreted=1), keep
    )
    return (layer.call_and_ladj, layer.inv.call_and_ladj), False


def _nflows(shift, log_scale):
    from nflows.transforms.coupling import AffineCouplingTransform

    half = shift.shape[1]
    # It scales by sigmoid(r + 2) + 0.001.
    raw = torch.cat([shift, torch.logit(log_scale.exp() - 1e-3) - 2], dim=1)
    moves = (torch.arange(2 * half) < half).int()
    layer = AffineCouplingTransform(moves, lambda *sizes: _Table(raw))
    return (layer, layer.inverse), False


def _normflows(shift, log_scale):
    from normflows.flows import AffineCouplingBlock

    layer = AffineCouplingBlock(_Table(torch.stack([shift, log_scale], dim=2).flatten(1)), scale_map="exp")
    return (layer, layer.inverse), True


def _freia(shift, log_scale):
    from FrEIA.modules import AffineCouplingOneSided

    raw = torch.cat([log_scale, shift], dim=1)
    layer = AffineCouplingOneSided(
        [(2 * shift.shape[1],)],
        subnet_constructor=lambda *sizes: _Table(raw),
        clamp=1.0,
        clamp_activation=lambda s: s,
    )

    def run(back):
        def call(points):
            (value,), log_abs_det = layer([points], rev=back)
            return value, log_abs_det

        return call

    return (run(False), run(True)), True


FAMILIES = [
    Family(
        name=f"coupling-{direction}",
        title=f"Affine coupling, {direction}",
        size="numbers in a point, d",
        dtype="float32",
        work=f"{POINTS} points, value and log-determinant; scales and shifts given",
        claim=Claim("helpers.models.coupling.AffineCoupling", "O(d) besides one evaluation of F and of G", 1),
        most=1e-4,
        reason=(
            "FrEIA checks nothing. Ours looks for NaN and infinity in every call, and scales the second half, too."
        ),
        cases=lambda direction=direction: _cases(direction),
    )
    for direction in ("forward", "inverse")
]
