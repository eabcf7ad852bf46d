"""Networks that give each pixel of a binary image its probability, given those that they see; imports PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.nn import functional

from helpers.arguments import checked, function, instance, optional, several, whole
from helpers.models.autoregressive.enumeration import all_images
from helpers.models.invertible import check_points, holds, unchecked
from helpers.models.masked_convolution import GatedLayer, GatedStack, Layer, MaskedConv2d

__all__ = ["PixelModel", "canvas_conditionals", "gated_network", "masked_network"]


class PixelModel(torch.nn.Module):
    r"""A model of binary images: $q(x) = \prod_i q(x_i \mid x_{<i})$, one factor for each pixel in raster order.

    `network` takes images `(..., 1, H, W)` with the values -1 (no ink) and 1 (ink), so that both differ from the
    zeros of the padding, and returns logits of that shape: the log-odds of ink at each pixel. For $q$ to be a
    law the network must not see at a pixel that pixel or a later one; `receptive_fields` tells.
    Whether it does is not checked here: the book shows what happens if it does.

    Source: A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu, "Pixel Recurrent Neural Networks" (2016), section 2.
    """

    @checked(network=function)
    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The log-odds of ink at each pixel of images `(..., 1, H, W)` of zeros and ones; the same shape.

        Raises ValueError for another shape and for pixels that are neither 0 nor 1. Cost: one pass.
        """
        check_points("images", images, (1, None, None), like=next(self.parameters(), None))
        if not holds(((images == 0) | (images == 1)).all()):
            raise ValueError("images: got other numbers, expected pixels that are 0 or 1")
        return self.network(2 * images - 1)

    def log_prob_of_pixels(self, images: torch.Tensor) -> torch.Tensor:
        r"""$\log q(x_i \mid x_{<i})$ at each pixel, in nats; the same shape as the images."""
        return -functional.binary_cross_entropy_with_logits(self(images), images, reduction="none")

    def log_prob(self, images: torch.Tensor) -> torch.Tensor:
        r"""$\log q(x)$ in nats, `(...)`. All pixels in one pass: no pixel waits for another."""
        return self.log_prob_of_pixels(images).sum((-3, -2, -1))

    @torch.no_grad()
    @checked(
        shape=several(whole(1), least=2, most=2),
        generator=instance(torch.Generator),
        order=optional(several(whole())),
    )
    def sample(
        self,
        n: int,
        shape: tuple[int, int],
        *,
        generator: torch.Generator,
        order: Sequence[int] | None = None,
    ) -> torch.Tensor:
        """Draw n images `(n, 1, H, W)`, pixel by pixel on a canvas without ink.

        `order` lists the pixels as they are drawn, by their places in raster order. With any other than raster
        order itself (the default) the images do not follow $q$. The generator's device is the images'.
        Raises ValueError for a negative n and what is no order. Cost: H · W passes.
        """
        if type(n) is not int or n < 0:
            raise ValueError(f"n: got {n!r}, expected a whole number, 0 or greater")
        dtype = next(self.parameters()).dtype
        images = torch.zeros(n, 1, *shape, dtype=dtype, device=generator.device)
        with unchecked():  # the images are made here, of zeros and ones
            for pixel in _order(order, shape):
                place = (..., pixel // shape[1], pixel % shape[1])
                ink = torch.sigmoid(self(images)[place])
                drawn = torch.rand(ink.shape, generator=generator, dtype=dtype, device=ink.device) < ink
                images[place] = drawn.to(dtype)
        return images


@torch.no_grad()
@checked(
    model=instance(PixelModel), shape=several(whole(1), least=2, most=2), order=optional(several(whole()))
)
def canvas_conditionals(
    model: PixelModel, shape: tuple[int, int], order: Sequence[int] | None = None
) -> torch.Tensor:
    """The probability of ink at each step of drawing in that order, after every possible beginning, `(2 ** n - 1,)`.

    The tree that `law_of_conditionals` takes, of what `PixelModel.sample` does: pixels not yet drawn have no ink on
    the canvas. Raises ValueError for what is no order, and for more than 16 pixels. Cost: n passes over at most
    2ⁿ images.
    """
    parameter = next(model.parameters())
    images = all_images(shape, dtype=parameter.dtype, device=parameter.device)
    bits = images.flatten(1)
    table, drawn = [], _order(order, shape)
    places = torch.tensor(drawn, device=bits.device)
    with unchecked():  # all pixels are zeros and ones
        for k, pixel in enumerate(drawn):
            beginnings = torch.zeros(2**k, bits.shape[1], dtype=bits.dtype, device=bits.device)
            beginnings[:, places[:k]] = bits[: 2**k, bits.shape[1] - k :]  # all numbers of k digits
            logits = model(beginnings.reshape(-1, 1, *shape))
            table.append(torch.sigmoid(logits.flatten(1)[:, pixel]))
    return torch.cat(table)


@checked(layers=several(instance(Layer)), width=whole(1))
def masked_network(layers: Sequence[Layer], width: int) -> torch.nn.Sequential:
    """Masked convolutions with tanh between them, `width` channels inside, one channel in and out."""
    modules: list[torch.nn.Module] = []
    for index, layer in enumerate(layers):
        before = 1 if index == 0 else width
        after = 1 if index == len(layers) - 1 else width
        modules += [torch.nn.Tanh()] if index else []
        modules.append(MaskedConv2d(layer, before, after))
    return torch.nn.Sequential(*modules)


@checked(layers=several(instance(GatedLayer)), width=whole(1))
def gated_network(layers: Sequence[GatedLayer], width: int) -> torch.nn.Sequential:
    """Gated layers of `width` channels, and a 1×1 convolution to one channel; the field is that of the layers."""
    stack = GatedStack(layers, [1, *[width] * len(layers)])
    return torch.nn.Sequential(stack, MaskedConv2d(Layer(1, None), width, 1))


def _order(order: Sequence[int] | None, shape: tuple[int, int]) -> list[int]:
    pixels = shape[0] * shape[1]
    drawn = list(range(pixels)) if order is None else list(order)
    if sorted(drawn) != list(range(pixels)):
        raise ValueError(f"order: got {drawn}, expected each of 0, ..., {pixels - 1} once")
    return drawn
