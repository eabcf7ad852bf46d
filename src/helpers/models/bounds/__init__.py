r"""Bounds on the evidence $\log p(x)$ of a model with a latent variable.

`FiniteProblem` is exact and in symbols, and needs no PyTorch. What computes with numbers is PyTorch, which is
imported when it is first asked for.
"""

import importlib

from helpers.models.bounds.finite import FiniteProblem

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
    "FiniteProblem",
    "GradientSamples",
    "Ladder",
    "bound_on_a_line",
    "doubly_reparameterized_bound",
    "elbo",
    "importance_weighted_bound",
    "importance_weighted_gradients",
    "ladder",
    "normalized_weights",
    "resample",
    "resampled_density_on_a_line",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
