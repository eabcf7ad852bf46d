"""Gaussian laws and the Kullback–Leibler divergences between them.

The formulas are SymPy expressions; what computes with numbers is PyTorch, which is imported when it is first asked
for.
"""

import importlib

from helpers.models.gaussians.symbolic import (
    diagonal_variances,
    divergence,
    divergence_terms,
    divergence_to_standard_normal,
    fisher_metric,
    mean_of_quadratic,
    scalar_divergence,
)

_TORCH = {
    "cholesky_factor": "factor",
    "diagonal_projection": "projection",
    "kl_divergence": "batched_divergence",
    "kl_to_standard_normal": "batched_divergence",
}

__all__ = [
    "cholesky_factor",
    "diagonal_projection",
    "diagonal_variances",
    "divergence",
    "divergence_terms",
    "divergence_to_standard_normal",
    "fisher_metric",
    "kl_divergence",
    "kl_to_standard_normal",
    "mean_of_quadratic",
    "scalar_divergence",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
