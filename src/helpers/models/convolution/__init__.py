r"""Convolutions as matrices: Toeplitz and Hankel, backpropagation through a 1-D network, and `conv2d` by hand.

`toeplitz`, `hankel` and what is computed from a `forward` pass take SymPy expressions or tensors, and answer in
kind: with an immutable SymPy matrix, or with a tensor that has any batch shape in front. They need no PyTorch for
symbols. `conv2d` and its gradients take tensors alone; PyTorch is imported when one of them is first asked for.

Positions and taps are counted from 0 in code; layers from 1 to L, because layer 0 is the input.
"""

import importlib

from helpers.models.convolution.geometry import (
    interior_counts,
    output_padding,
    output_size,
    overlap_counts,
)
from helpers.models.convolution.matrices import hankel, toeplitz
from helpers.models.convolution.network import (
    ForwardPass,
    Gradients,
    backpropagate,
    backward_matrix,
    bias_jacobian,
    forward,
    input_jacobian,
    transposed_convolution,
    weight_jacobian,
)
from helpers.models.convolution.symbolic import correlate_images

_TORCH = dict.fromkeys(
    ["Convolution2d", "bias_gradient", "conv2d", "input_gradient", "weight_gradient"], "images"
)

__all__ = [
    "Convolution2d",
    "ForwardPass",
    "Gradients",
    "backpropagate",
    "backward_matrix",
    "bias_gradient",
    "bias_jacobian",
    "conv2d",
    "correlate_images",
    "forward",
    "hankel",
    "input_gradient",
    "input_jacobian",
    "interior_counts",
    "output_padding",
    "output_size",
    "overlap_counts",
    "toeplitz",
    "transposed_convolution",
    "weight_gradient",
    "weight_jacobian",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
