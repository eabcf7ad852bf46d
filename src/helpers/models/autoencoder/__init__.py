r"""A small variational autoencoder with Gaussian noise, and its bounds and gaps.

The formulas are SymPy expressions, which the figures share; what computes is PyTorch, imported when first asked for.
"""

import importlib

from helpers.models.autoencoder.symbolic import log_joint, log_normal, proposal_score

_TORCH = {
    "GaussianAutoencoder": "module",
    "bound_by_quadrature": "quadrature",
    "log_evidence_by_quadrature": "quadrature",
    "refine": "quadrature",
}

__all__ = [
    "GaussianAutoencoder",
    "bound_by_quadrature",
    "log_evidence_by_quadrature",
    "log_joint",
    "log_normal",
    "proposal_score",
    "refine",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
