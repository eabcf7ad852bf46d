r"""Bounds on the evidence $\log p(x)$ of a model with a latent variable.

The formulas are SymPy expressions; what computes with tensors is PyTorch, which is imported when it is first
asked for.
"""

import importlib

from helpers.models.bounds.enumeration import FiniteProblem
from helpers.models.bounds.expectation_maximization import e_step, em_iterates, em_rate, m_step
from helpers.models.bounds.finite import FiniteModel
from helpers.models.bounds.gaussian_model import (
    SPLITTINGS,
    GaussianModel,
    entropy,
    log_normal_density,
)

_TORCH = {
    "GradientSamples": "estimators",
    "Ladder": "exact",
    "bound_on_a_line": "line",
    "doubly_reparameterized_bound": "estimators",
    "elbo": "weights",
    "importance_weighted_bound": "weights",
    "importance_weighted_gradients": "estimators",
    "ladder": "exact",
    "normalized_weights": "weights",
    "resample": "resampling",
    "resampled_density_on_a_line": "line",
}

__all__ = [
    "SPLITTINGS",
    "FiniteModel",
    "FiniteProblem",
    "GaussianModel",
    "GradientSamples",
    "Ladder",
    "bound_on_a_line",
    "doubly_reparameterized_bound",
    "e_step",
    "elbo",
    "em_iterates",
    "em_rate",
    "entropy",
    "importance_weighted_bound",
    "importance_weighted_gradients",
    "ladder",
    "log_normal_density",
    "m_step",
    "normalized_weights",
    "resample",
    "resampled_density_on_a_line",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
