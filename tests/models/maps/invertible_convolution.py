"""1×1 convolutions with a permutation of order 3, which is not its own inverse, on images that are not square."""

import torch

from helpers.models.invertible_convolution import ConditionalPLUConvolution, PLUConvolution

from . import Case

CYCLE = [1, 2, 0]


def randomized(module: torch.nn.Module, size: float = 0.4) -> torch.nn.Module:
    """The module in float64 with Gaussian parameters of that standard deviation."""
    generator = torch.Generator().manual_seed(4)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            values = torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype)
            parameter.copy_(size * values)
    return module


class Network(torch.nn.Module):
    """Factors from an image of `channels`: from its mean over the pixels, or from each pixel and its neighbours."""

    def __init__(self, channels: int, per_pixel: bool) -> None:
        super().__init__()
        self.per_pixel = per_pixel
        self.first = torch.nn.Conv2d(channels, 5, 3, padding=1)
        self.second = torch.nn.Conv2d(5, channels**2, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        hidden = torch.tanh(self.first(image))
        if not self.per_pixel:
            hidden = hidden.mean(dim=(-2, -1), keepdim=True)
        entries = self.second(hidden)
        return entries if self.per_pixel else entries.flatten(1)


def conditional(per_pixel: bool, permutation: list[int], sign: list[int]) -> ConditionalPLUConvolution:
    channels = len(permutation)
    return randomized(
        ConditionalPLUConvolution(
            channels, Network(channels, per_pixel), permutation=permutation, sign=sign, per_pixel=per_pixel
        )
    )


CASES = [
    Case(
        "1x1 convolution",
        lambda: randomized(PLUConvolution(3, permutation=CYCLE, sign=[1, -1, 1])),
        sizes=(2, 3),
    ),
    Case("1x1 convolution, one channel", lambda: randomized(PLUConvolution(1, sign=[-1])), sizes=(3, 1)),
    Case("conditional 1x1 convolution", lambda: conditional(False, CYCLE, [1, -1, 1]), sizes=(1, 2)),
    Case(
        "conditional 1x1 convolution, per pixel", lambda: conditional(True, CYCLE, [1, 1, -1]), sizes=(2, 1)
    ),
]
