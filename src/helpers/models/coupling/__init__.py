r"""Coupling layers: $u = e^{G(b)} \circ a + F(b)$, $v = e^s \circ b$ on the two halves a and b of a vector.

The symbolic part works without PyTorch; the modules are imported when they are first asked for.
"""

import importlib

from helpers.models.coupling.block import (
    Variables,
    block_jacobian,
    forward,
    inverse,
    inverse_block_jacobian,
    log_determinant,
    variables,
)

_TORCH = {
    "AffineCoupling": "maps",
    "MaskedCoupling": "maps",
    "ResidualReversibleBlock": "maps",
    "reversible_sequence": "reversible",
}

__all__ = [
    "AffineCoupling",
    "MaskedCoupling",
    "ResidualReversibleBlock",
    "Variables",
    "block_jacobian",
    "forward",
    "inverse",
    "inverse_block_jacobian",
    "log_determinant",
    "reversible_sequence",
    "variables",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
