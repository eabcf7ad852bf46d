"""Flows: scalar maps that rise everywhere, and the radial, planar and contractive residual flows built on them."""

import importlib

from helpers.models.flows.contractive_formulas import log_determinant_term, truncation_bound
from helpers.models.flows.planar_formulas import (
    inner_product_repaired,
    planar_determinant,
    repaired_direction,
)
from helpers.models.flows.radial_formulas import (
    radial_determinant,
    radial_distance,
    radial_preimage,
    radial_slope,
    radial_stretch,
)

__all__ = [
    "ContractiveResidual",
    "PlanarFlow",
    "RadialFlow",
    "ResidualMap",
    "SigmoidMixture",
    "inner_product_repaired",
    "log_determinant_term",
    "planar_determinant",
    "radial_determinant",
    "radial_distance",
    "radial_preimage",
    "radial_slope",
    "radial_stretch",
    "repaired_direction",
    "truncation_bound",
]

# The modules with PyTorch are imported when one of their maps is first asked for.
_MAPS = {
    "ContractiveResidual": "contractive",
    "PlanarFlow": "planar",
    "RadialFlow": "radial",
    "ResidualMap": "residual",
    "SigmoidMixture": "mixture",
}


def __getattr__(name: str):
    if name in _MAPS:
        return getattr(importlib.import_module(f"helpers.models.flows.{_MAPS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
