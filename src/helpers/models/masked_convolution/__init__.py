r"""Masked convolutions: which pixels a stack of layers can see, on how many paths, and layers to train.

Layers are plain data and need no PyTorch; what computes with tensors loads it when it is first asked for.
"""

import importlib

from helpers.models.masked_convolution.layers import (
    MASKS,
    ORIENTATIONS,
    GatedLayer,
    Layer,
    output_shape,
    taps,
)

_TORCH = {
    "GatedConv2d": "modules",
    "GatedStack": "modules",
    "MaskedConv2d": "modules",
    "gradient_probe": "modules",
    "mask": "support",
    "path_counts": "support",
    "receptive_field": "support",
    "receptive_fields": "support",
}

__all__ = [
    "MASKS",
    "ORIENTATIONS",
    "GatedConv2d",
    "GatedLayer",
    "GatedStack",
    "Layer",
    "MaskedConv2d",
    "gradient_probe",
    "mask",
    "output_shape",
    "path_counts",
    "receptive_field",
    "receptive_fields",
    "taps",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
