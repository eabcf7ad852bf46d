"""The invertible 1×1 convolution, value and log-determinant, with its weights held, and while it learns.

With the weights held, each library may keep what it can: FrEIA's matrix is fixed for good, nflows has a cache, zuko's
factors are split once. While it learns, a call is the map and the gradients of all weights and of the images; its
numbers are the value, the log-determinant and the images' gradient. zuko gets images with the channels last, as it
wants them.
"""

from collections.abc import Callable, Iterator

import torch
from side_by_side import Case, Claim, Family, Missing, Peer

from helpers.models.invertible_convolution import PLUConvolution

__all__ = ["FAMILIES"]

SIZES = (12, 16, 32, 64, 128, 256, 512)
IMAGES, SIDE = 8, 8
ZUKO_LEARNS = (
    128  # channels: its inverse spreads the factors out over the pixels, for gradients several times
)

Map = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


def _cases(direction: str, learns: bool) -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)

        def randn(*shape, generator=generator):
            return torch.randn(*shape, generator=generator)

        # nflows has positive scales only. Small factors keep the matrix well conditioned at every size.
        lower = (randn(size, size) / (2 * size**0.5)).tril(-1) + torch.eye(size)
        upper = (randn(size, size) / (2 * size**0.5)).triu(1)
        s = 0.5 + torch.rand(size, generator=generator)
        layer = PLUConvolution(size)
        with torch.no_grad():
            layer.entries.copy_(lower.tril(-1) + upper + s.log().diag())
            start = randn(IMAGES, size, SIDE, SIDE)
            if direction == "inverse":
                start = layer(start)[0]
        slope = randn(*start.shape)
        makers = {"zuko": _zuko, "nflows": _nflows, "normflows": _normflows, "FrEIA": _freia}
        peers = {
            name: lambda make=make, weights=(lower, upper, s), x=start, slope=slope: _peer(
                make, weights, x, slope, direction, learns
            )
            for name, make in makers.items()
        }
        called = getattr(layer, direction)
        yield Case(
            size, _learning(called, [layer.entries], start, slope) if learns else _held(called, start), peers
        )


def _held(call: Map, x: torch.Tensor) -> Callable:
    def run():
        with torch.no_grad():
            return call(x)

    return run


def _learning(call: Map, weights: list[torch.Tensor], x: torch.Tensor, slope: torch.Tensor) -> Callable:
    x = x.clone().requires_grad_()

    def run():
        y, log_abs_det = call(x)
        gradients = torch.autograd.grad((slope * y).sum() + log_abs_det.sum(), [x, *weights])
        return y, log_abs_det, gradients[0]

    return run


def _peer(make: Callable, weights, x, slope, direction: str, learns: bool) -> Peer:
    channels_last = make is _zuko
    if channels_last:
        x, slope = x.movedim(1, -1).contiguous(), slope.movedim(1, -1).contiguous()
    call, learned = make(*weights, direction == "inverse", learns)
    run = _learning(call, learned, x, slope) if learns else _held(call, x)
    if not channels_last:
        return Peer(run)
    return Peer(run, lambda result: tuple(part.movedim(-1, 1) if part.ndim == 4 else part for part in result))


# Each gives the map in one direction, and what it learns.


def _zuko(lower, upper, s, back, learns):
    from zuko.transforms import LULinearTransform

    if learns and back and len(s) > ZUKO_LEARNS:
        raise Missing(f"not timed above {ZUKO_LEARNS} channels, for it takes gigabytes")
    # It keeps the scales in its lower factor, and a unit diagonal in the upper one.
    packed = ((lower * s).tril() + (upper / s[:, None]).triu(1)).requires_grad_(learns)
    held = LULinearTransform(packed.detach())

    def call(x):
        transform = LULinearTransform(packed) if learns else held
        value, log_abs_det = (transform.inv if back else transform).call_and_ladj(x)
        return value, log_abs_det.sum((-2, -1))

    return call, [packed]


def _nflows(lower, upper, s, back, learns):
    from nflows.transforms import OneByOneConvolution

    layer = OneByOneConvolution(len(s), using_cache=not learns).train(learns)
    layer.permutation._permutation.copy_(torch.arange(len(s)))
    with torch.no_grad():
        layer.lower_entries.copy_(lower[layer.lower_indices])
        layer.upper_entries.copy_(upper[layer.upper_indices])
        layer.unconstrained_upper_diag.copy_(torch.log(torch.expm1(s - layer.eps)))
    return layer.inverse if back else layer, list(layer.parameters())


def _normflows(lower, upper, s, back, learns):
    from normflows.flows import Invertible1x1Conv

    layer = Invertible1x1Conv(len(s), use_lu=True)
    with torch.no_grad():
        layer.P.copy_(torch.eye(len(s)))
        layer.L.copy_(lower)
        layer.U.copy_(upper)
        layer.sign_S.copy_(torch.ones(len(s)))
        layer.log_S.copy_(s.log())
    # What it calls the inverse is our forward direction; it has one log-determinant for all images.
    turned = layer if back else layer.inverse

    def call(x):
        value, log_abs_det = turned(x)
        return value, log_abs_det.expand(len(x))

    return call, list(layer.parameters())


def _freia(lower, upper, s, back, learns):
    from FrEIA.modules import Fixed1x1Conv

    if learns:
        raise Missing("its matrix is fixed")
    layer = Fixed1x1Conv([(len(s), 1, 1)], M=(lower @ (upper + s.diag())).T)

    def call(x):
        (value,), log_abs_det = layer([x], rev=back)
        return value, log_abs_det.expand(len(x))

    return call, []


FAMILIES = [
    Family(
        name=f"convolution-{direction}-{'learning' if learns else 'held'}",
        title=f"1×1 convolution, {direction}, {'with gradients' if learns else 'weights held'}",
        size="channels, C",
        dtype="float32",
        work=f"{IMAGES} images of {SIDE} × {SIDE} pixels, value and log-determinant"
        + (", then the gradients of weights and images" if learns else ""),
        claim=Claim("helpers.models.invertible_convolution.PLUConvolution", "O(C² · height · width)", 2),
        most=1e-3,
        reason=(
            "Ours puts the factors together and takes them apart again for the gradients; a peer that keeps a matrix "
            "or needs no permutation has less to do."
            if learns
            else "FrEIA's matrix can never change, and FrEIA checks nothing. Ours looks for NaN and infinity, and "
            "compares the weights with those of the call before."
        ),
        cases=lambda direction=direction, learns=learns: _cases(direction, learns),
    )
    for learns in (False, True)
    for direction in ("forward", "inverse")
]
