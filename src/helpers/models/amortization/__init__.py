"""Amortised inference: one encoder for all data against one approximate posterior for each.

The gaps, the contraction of gradient ascent and the counts of memory and multiplications are SymPy expressions; the
linear Gaussian model, the mean-field projection and the polynomial encoder are PyTorch, which is imported when one
of them is first asked for.
"""

import importlib

from helpers.models.amortization.cost import (
    amortized_cost,
    break_even,
    cost_crossing,
    instance_cost,
    multiplication_count,
    parameter_count,
    step_multiplications,
    training_multiplications,
)
from helpers.models.amortization.gaps import (
    amortization_gap,
    contraction,
    mean_field_divergence,
    mean_field_gap,
    steps_to_tolerance,
)

_TORCH = {
    "DatumGaps": "inference",
    "PolynomialEncoder": "encoders",
    "count_parameters": "encoders",
    "datum_gaps": "inference",
    "gradient_ascent": "inference",
    "perceptron": "encoders",
}

__all__ = [
    "DatumGaps",
    "PolynomialEncoder",
    "amortization_gap",
    "amortized_cost",
    "break_even",
    "contraction",
    "cost_crossing",
    "count_parameters",
    "datum_gaps",
    "gradient_ascent",
    "instance_cost",
    "mean_field_divergence",
    "mean_field_gap",
    "multiplication_count",
    "parameter_count",
    "perceptron",
    "step_multiplications",
    "steps_to_tolerance",
    "training_multiplications",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
