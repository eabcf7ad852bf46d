"""Flows: scalar maps that rise everywhere, and the radial, planar and contractive residual flows built on them."""

import importlib

__all__ = ["ResidualMap", "SigmoidMixture"]

# The modules with PyTorch are imported when one of their maps is first asked for.
_MAPS = {
    "ResidualMap": "residual",
    "SigmoidMixture": "mixture",
}


def __getattr__(name: str):
    if name in _MAPS:
        return getattr(importlib.import_module(f"helpers.models.flows.{_MAPS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
