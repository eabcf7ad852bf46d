"""The interactive figures: a Python class and a JavaScript view each.

A figure is a real ipywidget in Jupyter and draws itself with no kernel in the book's pages. The classes are
imported when they are first used, so that the build can compile their mathematics before they exist.
"""

import importlib
from pathlib import Path

__all__ = [
    "STATIC",
    "ConditionalJacobian",
    "CouplingBlock",
    "CouplingJacobian",
    "Exercise",
    "FindTheFlaw",
    "FlowJourney",
    "LayerJacobian",
    "PLUFactorization",
    "PhasePlane",
    "Progress",
    "SpectralRadiusMap",
    "Spectrum",
]

STATIC = Path(__file__).parent / "static"
"""Folder of the bundled JavaScript and styles; the book copies it whole into its site."""

_TOPICS = {
    "ConditionalJacobian": "invertible_convolution",
    "CouplingBlock": "coupling",
    "CouplingJacobian": "coupling",
    "Exercise": "exercises",
    "FindTheFlaw": "exercises",
    "FlowJourney": "learned_density",
    "LayerJacobian": "invertible_convolution",
    "PLUFactorization": "invertible_convolution",
    "PhasePlane": "games",
    "Progress": "exercises",
    "SpectralRadiusMap": "games",
    "Spectrum": "games",
}


def __getattr__(name: str):
    if name in _TOPICS:
        return getattr(importlib.import_module(f"helpers.widgets.{_TOPICS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
