"""Densities moved by invertible maps: the change of variables, and affine images of a standard normal law.

The formulas are SymPy expressions; the maps `DiagonalAffine` and `Affine` and what is computed with them are
PyTorch, which is imported when one of them is first asked for.
"""

import importlib

from helpers.models.densities.symbolic import (
    affine_inverse,
    affine_map,
    density_at_image,
    density_at_point,
    normal_density,
    normal_density_with_scale,
    standard_normal_density,
)
from helpers.models.densities.theorem import change_of_variables_gap

_TORCH = {
    "Affine": "maps",
    "DiagonalAffine": "maps",
    "normal_log_density": "maps",
    "triangular_scale": "maps",
}

__all__ = [
    "Affine",
    "DiagonalAffine",
    "affine_inverse",
    "affine_map",
    "change_of_variables_gap",
    "density_at_image",
    "density_at_point",
    "normal_density",
    "normal_density_with_scale",
    "normal_log_density",
    "standard_normal_density",
    "triangular_scale",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
