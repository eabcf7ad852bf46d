r"""The linear-Gaussian model, in which all is known: $z \sim \mathcal N(0, I)$, $x = Wz + b + \tau\varepsilon$.

The formulas are SymPy expressions at explicit sizes; `LinearGaussian` and `probabilistic_pca` are PyTorch, which is
imported when one of them is first asked for.
"""

import importlib

from helpers.models.linear_gaussian.symbolic import (
    evidence_covariance,
    log_evidence,
    log_joint,
    posterior,
    scalar_bound,
)

_TORCH = {"LinearGaussian": "model", "probabilistic_pca": "model"}

__all__ = [
    "LinearGaussian",
    "evidence_covariance",
    "log_evidence",
    "log_joint",
    "posterior",
    "probabilistic_pca",
    "scalar_bound",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
