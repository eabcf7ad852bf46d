r"""`conv2d` with a backward pass derived by hand; this module imports PyTorch.

For stride s, padding p and dilation d, in each direction of the image:
$u_{i} = \sum_t w_t\, x_{si + dt - p}$. The gradients are convolutions again:

- of the bias: the sum over batch and positions;
- of the weight: the correlation of input and output gradient with the axes of batch and channels exchanged, dilated
  by the stride and moved in steps of the dilation;
- of the input: the transposed convolution, with `output_padding` where the stride leaves inputs over.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F

from helpers.models.convolution.geometry import output_padding, output_size, whole_number
from helpers.models.invertible import check_form, check_points

__all__ = ["Convolution2d", "bias_gradient", "conv2d", "input_gradient", "weight_gradient"]

Steps = int | tuple[int, int]


def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    stride: Steps = 1,
    padding: Steps = 0,
    dilation: Steps = 1,
) -> torch.Tensor:
    """`torch.nn.functional.conv2d`, differentiated by the formulas of the chapter on convolutions as matrices.

    `x` is `(..., C, H, W)` with any batch shape, `weight` `(C', C, k, k')`, `bias` None or `(C',)`, all of one
    floating dtype and on one device. Stride, padding and dilation are whole numbers or pairs of them, for rows and
    columns. Returns `(..., C', H', W')`. Differentiable twice, in reverse and in forward mode, and inside
    `torch.func.vmap`.

    Raises ValueError for other shapes, values that are not finite, and sizes that `output_size` refuses. Cost
    O(C · C' · k · k') an output pixel, and about twice that for the way back.

    >>> x, weight = torch.arange(9.0).reshape(1, 3, 3), torch.ones(1, 1, 2, 2)
    >>> conv2d(x, weight)
    tensor([[[ 8., 12.],
             [20., 24.]]])
    """
    check_points("weight", weight, (None, None, None, None))
    if weight.ndim != 4:
        raise ValueError(f"weight: got shape {tuple(weight.shape)}, expected (C', C, k, k')")
    check_points("x", x, (weight.shape[1], None, None))
    if bias is not None:
        check_points("bias", bias, (weight.shape[0],))
        if bias.ndim != 1:
            raise ValueError(f"bias: got shape {tuple(bias.shape)}, expected ({weight.shape[0]},)")
    for name, tensor in (("weight", weight), ("bias", bias)):
        if tensor is not None and (tensor.dtype != x.dtype or tensor.device != x.device):
            raise ValueError(
                f"{name}: got {tensor.dtype} on {tensor.device}, expected {x.dtype} on {x.device}, as x is"
            )
    steps = (_pair("stride", stride), _pair("padding", padding, least=0), _pair("dilation", dilation))
    made = [
        output_size(size, k, stride=s, padding=p, dilation=d)
        for size, k, s, p, d in zip(x.shape[-2:], weight.shape[-2:], *steps, strict=True)
    ]
    batch = x.shape[:-3]
    images = x.reshape(math.prod(batch), *x.shape[-3:])
    result = Convolution2d.apply(images, weight, bias, *steps)
    return result.reshape(*batch, weight.shape[0], *made)


class Convolution2d(torch.autograd.Function):
    """The function behind `conv2d`: four-dimensional input, pairs for stride, padding and dilation.

    `gradcheck` compares its derivatives with differences.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(x, weight, bias, stride, padding, dilation):
        return F.conv2d(x, weight, bias, stride, padding, dilation)

    @staticmethod
    def setup_context(ctx, inputs, output) -> None:
        x, weight, bias, *ctx.steps = inputs
        ctx.has_bias = bias is not None
        ctx.save_for_backward(x, weight)
        ctx.save_for_forward(x, weight)

    @staticmethod
    def backward(ctx, cotangent):
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad[:3]
        stride, padding, dilation = ctx.steps
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        return (
            input_gradient(cotangent, weight, x.shape[-2:], **options) if needs_x else None,
            weight_gradient(x, cotangent, weight.shape[-2:], **options) if needs_weight else None,
            bias_gradient(cotangent) if needs_bias else None,
            None,
            None,
            None,
        )

    @staticmethod
    def jvp(ctx, x_tangent, weight_tangent, bias_tangent, *_):
        x, weight = ctx.saved_tensors
        # What has no tangent comes with zeros; a bias that is not there with None.
        moved = F.conv2d(x_tangent, weight, bias_tangent, *ctx.steps)
        return moved + F.conv2d(x, weight_tangent, None, *ctx.steps)


def input_gradient(
    cotangent: torch.Tensor,
    weight: torch.Tensor,
    size: tuple[int, int],
    *,
    stride: Steps = 1,
    padding: Steps = 0,
    dilation: Steps = 1,
) -> torch.Tensor:
    """Gradient with respect to images of the height and width `size`: `(B, C', H', W')` to `(B, C, H, W)`.

    Raises ValueError for a cotangent that is not as large as the output, and for sizes that `output_size` refuses.
    """
    _require_images("weight", weight)
    _require_images("cotangent", cotangent, like=weight, of="weight")
    size = _pair("size", size)
    steps = (_pair("stride", stride), _pair("padding", padding, least=0), _pair("dilation", dilation))
    _require_output(cotangent, size, weight.shape[-2:], steps)
    _require_images("cotangent", cotangent, channels=weight.shape[0])
    left_over = [
        output_padding(n, k, stride=s, padding=p, dilation=d)
        for n, k, s, p, d in zip(size, weight.shape[-2:], *steps, strict=True)
    ]
    stride, padding, dilation = steps
    return F.conv_transpose2d(cotangent, weight, None, stride, padding, left_over, 1, dilation)


def weight_gradient(
    x: torch.Tensor,
    cotangent: torch.Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: Steps = 1,
    padding: Steps = 0,
    dilation: Steps = 1,
) -> torch.Tensor:
    """Gradient with respect to the weight: `(B, C, H, W)` and `(B, C', H', W')` to `(C', C, k, k')`.

    Raises ValueError as `input_gradient` does.
    """
    _require_images("x", x)
    _require_images("cotangent", cotangent, like=x, of="x", images=x.shape[0])
    kernel_size = _pair("kernel_size", kernel_size)
    steps = (_pair("stride", stride), _pair("padding", padding, least=0), _pair("dilation", dilation))
    _require_output(cotangent, x.shape[-2:], kernel_size, steps)
    if x.shape[0] == 0:  # an empty sum
        return x.new_zeros(cotangent.shape[1], x.shape[1], *kernel_size)
    stride, padding, dilation = steps
    # Stride and dilation change places, and so do batch and channels.
    swapped = F.conv2d(x.transpose(0, 1), cotangent.transpose(0, 1), None, dilation, padding, stride)
    rows, columns = kernel_size
    # Inputs that the stride leaves over would be taps beyond the last one.
    return swapped.narrow(2, 0, rows).narrow(3, 0, columns).transpose(0, 1)


def bias_gradient(cotangent: torch.Tensor) -> torch.Tensor:
    """Gradient with respect to the bias: `(B, C', H', W')` to `(C',)`, the sum over batch and positions."""
    _require_images("cotangent", cotangent)
    return cotangent.sum((0, 2, 3))


def _require_images(
    name: str,
    value: torch.Tensor,
    *,
    like: torch.Tensor | None = None,
    of: str = "",
    images: int | None = None,
    channels: int | None = None,
) -> None:
    """Four axes, and as many images and channels; numbers are not looked at."""
    check_form(name, value, (channels, None, None), like=like, of=of)
    if (value.ndim != 4 and like is None) or (value.ndim == 4 and images not in (None, value.shape[0])):
        expected = "B" if images is None else images
        raise ValueError(f"{name}: got shape {tuple(value.shape)}, expected ({expected}, C, H, W)")


def _require_output(cotangent, size, kernel_size, steps) -> None:
    expected = tuple(
        output_size(n, k, stride=s, padding=p, dilation=d)
        for n, k, s, p, d in zip(size, kernel_size, *steps, strict=True)
    )
    if cotangent.ndim != 4 or tuple(cotangent.shape[-2:]) != expected:
        raise ValueError(
            f"cotangent: got shape {tuple(cotangent.shape)}, expected (B, C', {expected[0]}, {expected[1]})"
        )


def _pair(name: str, value: Any, *, least: int = 1) -> tuple[int, int]:
    values = value if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{name}: got {value!r}, expected a whole number or two of them")
    return whole_number(name, values[0], least=least), whole_number(name, values[1], least=least)
