"""Masked convolutions with weights, and the gradient probe of the tutorials; imports PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch.nn import functional

from helpers.arguments import checked, function, instance, several, whole
from helpers.models.invertible import check_points
from helpers.models.masked_convolution.layers import GatedLayer, Layer
from helpers.models.masked_convolution.support import mask

__all__ = ["GatedConv2d", "GatedStack", "MaskedConv2d", "gradient_probe"]


class MaskedConv2d(torch.nn.Module):
    r"""A convolution whose masked weights never count, whatever an optimiser has written into them.

    With `channel_groups` $G$ the channels are split into $G$ blocks of one size, and block $h$ of a pixel comes after
    block $g < h$: at the centre tap the weight from block $g$ to block $h$ stays for $g < h$ under mask A, for
    $g \le h$ under mask B. So the Jacobian of a pixel's outputs in its own inputs is strictly block triangular under
    A, and block triangular under B. `weight` is `(out_channels, in_channels, kernel_size, kernel_size)`, and `mask`
    a buffer of its shape.

    Takes images `(..., in_channels, H, W)`, returns `(..., out_channels, H', W')`; keeps dtype and device, works
    inside `torch.func.vmap`. Raises ValueError for a layer that is no `Layer`, numbers of channels that are not
    positive or not divisible by `channel_groups`, more than one group without a mask, and images of another shape or
    not finite. Cost: that of the convolution without a mask.

    Source: A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu, "Pixel Recurrent Neural Networks" (2016), section 3.4.

    >>> first = MaskedConv2d(Layer(3, "A"), 1, 8)
    >>> first(torch.zeros(2, 1, 5, 5)).shape
    torch.Size([2, 8, 5, 5])
    """

    mask: torch.Tensor

    def __init__(
        self, layer: Layer, in_channels: int, out_channels: int, *, channel_groups: int = 1, bias: bool = True
    ) -> None:
        super().__init__()
        seen = mask(layer)  # refuses what is no Layer
        for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
            _require_channels(name, value, channel_groups)
        if channel_groups > 1 and layer.mask is None:
            raise ValueError(f"channel_groups: got {channel_groups}, expected 1 in a layer without a mask")
        self.layer, self.channel_groups = layer, channel_groups
        self.in_channels, self.out_channels = in_channels, out_channels
        k = layer.kernel_size
        allowed = seen.repeat(out_channels, in_channels, 1, 1)
        if layer.mask is not None:
            of_output, of_input = (
                torch.arange(channels) * channel_groups // channels
                for channels in (out_channels, in_channels)
            )
            before = torch.lt if layer.mask == "A" else torch.le
            allowed[:, :, k // 2, k // 2] = before(of_input, of_output.unsqueeze(-1))
        self.register_buffer("mask", allowed)
        free = torch.nn.Conv2d(in_channels, out_channels, k, bias=bias)  # for its first weights
        self.weight, self.bias = free.weight, free.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        check_points("x", x, (self.in_channels, None, None), like=self.weight)
        weight = self.weight.where(self.mask, 0)  # not a product: zero times infinity is no zero
        layer = self.layer
        y = functional.conv2d(
            x.flatten(0, -4) if x.ndim > 4 else x,
            weight,
            self.bias,
            layer.stride,
            layer.padding,
            layer.dilation,
        )
        return y.unflatten(0, x.shape[:-3]) if x.ndim > 4 else y


class GatedConv2d(torch.nn.Module):
    r"""One layer of two stacks, gated: $\tanh(a) \cdot \operatorname{sigmoid}(b)$ of two halves of each convolution.

    Takes the pair (vertical, horizontal) of features, `(..., in_channels, H, W)` each, and returns the next pair with
    `out_channels` channels. The vertical stack goes by whole rows of the past, the horizontal one by its own row,
    and gets the vertical stack's new features through a 1×1 convolution: what `GatedLayer` sees.
    No residual connection. Raises ValueError for a layer that is no `GatedLayer`, channels that are not
    positive, and features of another shape or not finite.

    Source: A. van den Oord and others, "Conditional Image Generation with PixelCNN Decoders" (2016), section 2.2.
    """

    def __init__(self, layer: GatedLayer, in_channels: int, out_channels: int) -> None:
        super().__init__()
        if not isinstance(layer, GatedLayer):
            raise ValueError(f"layer: got {layer!r}, expected a GatedLayer")
        for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
            _require_channels(name, value, 1)
        self.layer, self.in_channels = layer, in_channels
        # The two stacks together see what one masked convolution sees: the mask parts them. The horizontal stack has
        # the taps of its own row, the vertical one whole rows.
        self.rows = MaskedConv2d(
            Layer(layer.kernel_size, None, layer.orientation, layer.dilation), in_channels, 2 * out_channels
        )
        self.row = MaskedConv2d(
            Layer(layer.kernel_size, layer.mask, layer.orientation, layer.dilation),
            in_channels,
            2 * out_channels,
        )
        self.rows_to_row = MaskedConv2d(Layer(1, None), out_channels, 2 * out_channels)
        middle = layer.kernel_size // 2
        index = torch.arange(layer.kernel_size)
        past = index < middle if layer.orientation == "raster" else index > middle
        if layer.mask == "B":
            past = past | (index == middle)
        self.rows.mask &= past.unsqueeze(-1)
        self.row.mask &= (index == middle).unsqueeze(-1)

    def forward(self, features: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        if not isinstance(features, (tuple, list)) or len(features) != 2:
            raise ValueError(
                f"features: got {type(features).__name__}, expected the pair (vertical, horizontal)"
            )
        vertical, horizontal = features
        like = self.row.weight
        check_points("features, vertical", vertical, (self.in_channels, None, None), like=like)
        check_points("features, horizontal", horizontal, (self.in_channels, *vertical.shape[-2:]), like=like)
        vertical = _gate(self.rows(vertical))
        return vertical, _gate(self.row(horizontal) + self.rows_to_row(vertical))


class GatedStack(torch.nn.Module):
    """A run of gated layers: both stacks begin with the image, and the horizontal one is handed on.

    `widths` are the channels of the image and of each layer's output, one more than there are layers.
    Takes `(..., widths[0], H, W)`, returns `(..., widths[-1], H, W)`. Its receptive fields are those of
    `receptive_fields(layers, ...)`. Raises ValueError as `GatedConv2d`, and for another number of widths.
    """

    @checked(layers=several(instance(GatedLayer)), widths=several(whole(1)))
    def __init__(self, layers: Sequence[GatedLayer], widths: Sequence[int]) -> None:
        super().__init__()
        if len(widths) != len(layers) + 1:
            raise ValueError(f"widths: got {len(widths)}, expected {len(layers) + 1}, one more than layers")
        self.layers = torch.nn.ModuleList(
            GatedConv2d(layer, before, after)
            for layer, before, after in zip(layers, widths, widths[1:], strict=False)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        check_points("x", x, (self.layers[0].in_channels, None, None), like=self.layers[0].row.weight)
        features = (x, x)
        for layer in self.layers:
            features = layer(features)
        return features[1]


@checked(network=function, pixel=several(whole(0), least=2, most=2))
def gradient_probe(
    network: Callable[[torch.Tensor], torch.Tensor], image: torch.Tensor, pixel: tuple[int, int]
) -> torch.Tensor:
    r"""How strongly one output pixel reacts to each input pixel: the way of the tutorials, for comparison.

    The sum over the channels of $\lvert\partial\,\text{(sum of the output pixel's channels)}/\partial x\rvert$ at
    `image`, `(C, H, W)`; the result is `(H, W)`. Where it is not zero, the pixel is seen. **Where it is zero it need
    not be unseen**: a ReLU may be off, terms may cancel, a weight may be zero at this moment. `receptive_field`
    looks at the connections instead.

    Raises ValueError for an image of another shape or not finite, and for a pixel outside the output.
    Cost: one forward and one backward pass.
    """
    check_points("image", image, (None, None, None))
    if image.ndim != 3:
        raise ValueError(f"image: got shape {tuple(image.shape)}, expected (C, H, W)")
    image = image.detach().requires_grad_()
    try:
        output = network(image)
    except ValueError as error:
        raise ValueError(f"image: expected one that the network takes, got {error}") from error
    if not isinstance(output, torch.Tensor) or output.ndim < 2 or not output.requires_grad:
        raise ValueError(
            "network: got one whose output is no image that depends on its input, expected (..., H, W)"
        )
    rows, columns = output.shape[-2:]
    if not (0 <= pixel[0] < rows and 0 <= pixel[1] < columns):
        raise ValueError(
            f"pixel: got {tuple(pixel)}, expected (row, column), row 0 to {rows - 1} and column 0 to {columns - 1}"
        )
    (gradient,) = torch.autograd.grad(output[..., pixel[0], pixel[1]].sum(), image)
    return gradient.abs().sum(0)


def _gate(features: torch.Tensor) -> torch.Tensor:
    a, b = features.chunk(2, dim=-3)
    return torch.tanh(a) * torch.sigmoid(b)


def _require_channels(name: str, value: object, groups: object) -> None:
    if type(groups) is not int or groups < 1:
        raise ValueError(f"channel_groups: got {groups!r}, expected a positive whole number")
    if type(value) is not int or value < 1:
        raise ValueError(f"{name}: got {value!r}, expected a positive whole number")
    if value % groups:
        raise ValueError(f"{name}: got {value}, expected a multiple of channel_groups = {groups}")
