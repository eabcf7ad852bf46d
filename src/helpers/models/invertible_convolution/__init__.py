r"""The invertible $1\times1$ convolution, $A = PL(U + \operatorname{diag} s)$ at every pixel, and a conditional one.

The symbolic builders need no PyTorch; the two modules load it when they are first asked for.
"""

import importlib

from helpers.models.invertible_convolution.symbolic import (
    ORDERS,
    PLUFactors,
    additions_and_logarithms,
    conditional_layer,
    elimination_operations,
    flatten,
    layer_jacobian,
    permutation_matrix,
    plu_factors,
    plu_matrix,
)

__all__ = [
    "ORDERS",
    "ConditionalPLUConvolution",
    "PLUConvolution",
    "PLUFactors",
    "additions_and_logarithms",
    "conditional_layer",
    "elimination_operations",
    "flatten",
    "layer_jacobian",
    "permutation_matrix",
    "plu_factors",
    "plu_matrix",
]

_MODULES = {"ConditionalPLUConvolution": "conditional", "PLUConvolution": "convolution"}


def __getattr__(name: str):
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
