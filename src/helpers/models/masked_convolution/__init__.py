r"""Masked convolutions: which pixels a stack of layers can see, on how many paths, and layers to train.

Layers are plain data, their polynomials and matrices are SymPy's: neither needs PyTorch. What computes with tensors
loads it when it is first asked for.
"""

import importlib

from helpers.models.masked_convolution.layers import (
    MASKS,
    ORIENTATIONS,
    GatedLayer,
    Layer,
    gated_offsets,
    layer_offsets,
    output_shape,
    taps,
)
from helpers.models.masked_convolution.symbolic import (
    blind_count,
    blind_fraction,
    causal_count,
    field_count,
    field_offsets,
    gated_field_offsets,
    layer_matrix,
    mask_polynomial,
    offset_counts,
    path_polynomial,
    reach,
    stack_matrix,
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
    "blind_count",
    "blind_fraction",
    "causal_count",
    "field_count",
    "field_offsets",
    "gated_field_offsets",
    "gated_offsets",
    "gradient_probe",
    "layer_matrix",
    "layer_offsets",
    "mask",
    "mask_polynomial",
    "offset_counts",
    "output_shape",
    "path_counts",
    "path_polynomial",
    "reach",
    "receptive_field",
    "receptive_fields",
    "stack_matrix",
    "taps",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
