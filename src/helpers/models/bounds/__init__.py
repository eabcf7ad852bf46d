r"""Bounds on the evidence $\log p(x)$ of a model with a latent variable.

What computes with numbers is PyTorch, which is imported when it is first asked for.
"""

import importlib

_TORCH = {
    "elbo": "weights",
    "importance_weighted_bound": "weights",
    "normalized_weights": "weights",
}

__all__ = ["elbo", "importance_weighted_bound", "normalized_weights"]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
