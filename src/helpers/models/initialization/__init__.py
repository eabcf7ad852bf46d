r"""What a network's layers carry before training: schemes of random parameters, the second moment of each layer.

Formulas are SymPy expressions and work without PyTorch; what draws networks is PyTorch, imported when first
asked for.
"""

import importlib

from helpers.models.initialization.mean_field import (
    correlation_map,
    depth_scale,
    fixed_point,
    gaussian_mean,
    gaussian_nodes,
    length_map,
    relu_correlation,
    susceptibility,
)
from helpers.models.initialization.profile import (
    ACTIVATIONS,
    activation_factor,
    equal_width_moment,
    gradient_factor,
    next_second_moment,
    unrolled_moment,
    variance_profile,
)
from helpers.models.initialization.schemes import (
    SCHEMES,
    bias_bound,
    fans,
    weight_bound,
    weight_variance,
)

_TORCH = {
    "LayerMoments": "networks",
    "draw_layer": "networks",
    "draw_network": "networks",
    "layer_moments": "networks",
    "propagate": "networks",
    "simulate": "networks",
}

__all__ = [
    "ACTIVATIONS",
    "SCHEMES",
    "LayerMoments",
    "activation_factor",
    "bias_bound",
    "correlation_map",
    "depth_scale",
    "draw_layer",
    "draw_network",
    "equal_width_moment",
    "fans",
    "fixed_point",
    "gaussian_mean",
    "gaussian_nodes",
    "gradient_factor",
    "layer_moments",
    "length_map",
    "next_second_moment",
    "propagate",
    "relu_correlation",
    "simulate",
    "susceptibility",
    "unrolled_moment",
    "variance_profile",
    "weight_bound",
    "weight_variance",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
