"""Estimators of the gradient of an expectation: reparameterised, score-function and path ("sticking the landing").

Their formulas and variances for Gaussian laws are SymPy expressions; what draws and differentiates is PyTorch,
which is imported when it is first asked for.
"""

import importlib

from helpers.models.estimators.symbolic import (
    ESTIMATORS,
    divergence_gradient,
    estimator,
    log_ratio,
    optimal_baseline,
    score,
    variance,
    wave_estimator,
    wave_gradient,
    wave_optimal_baseline,
    wave_variance,
)

_TORCH = {
    "Family": "family",
    "categorical": "family",
    "gaussian": "family",
    "leave_one_out_baseline": "gradients",
    "log_ratio_integrand": "gradients",
    "path_gradient": "gradients",
    "reparameterized_gradient": "gradients",
    "score_function_gradient": "gradients",
}

__all__ = [
    "ESTIMATORS",
    "Family",
    "categorical",
    "divergence_gradient",
    "estimator",
    "gaussian",
    "leave_one_out_baseline",
    "log_ratio",
    "log_ratio_integrand",
    "optimal_baseline",
    "path_gradient",
    "reparameterized_gradient",
    "score",
    "score_function_gradient",
    "variance",
    "wave_estimator",
    "wave_gradient",
    "wave_optimal_baseline",
    "wave_variance",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
