"""Gaussian laws and the Kullback–Leibler divergences between them.

What computes with numbers is PyTorch, which is imported when it is first asked for.
"""

import importlib

_TORCH = {
    "cholesky_factor": "divergence",
    "kl_divergence": "divergence",
    "kl_to_standard_normal": "divergence",
}

__all__ = ["cholesky_factor", "kl_divergence", "kl_to_standard_normal"]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
