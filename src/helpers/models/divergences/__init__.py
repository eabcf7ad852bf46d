r"""Divergences between laws: of finitely many outcomes, of tables with several coordinates, of a Gaussian pair.

The formulas are SymPy expressions; what computes with batches of numbers is PyTorch, which is imported when it is
first asked for. Divergences between Gaussian laws of any size are in `helpers.models.gaussians`.
"""

import importlib

from helpers.models.divergences.symbolic import (
    GENERATORS,
    cross_term,
    finite_divergence,
    generator,
    pair_divergence,
    tangent,
    tangent_gap,
    total_correlation_of_pair,
)

_TORCH = {
    "chain_rule": "tables",
    "f_divergence": "vectors",
    "kl_divergence": "vectors",
    "mass_on_support": "vectors",
    "total_correlation": "tables",
}

__all__ = [
    "GENERATORS",
    "chain_rule",
    "cross_term",
    "f_divergence",
    "finite_divergence",
    "generator",
    "kl_divergence",
    "mass_on_support",
    "pair_divergence",
    "tangent",
    "tangent_gap",
    "total_correlation",
    "total_correlation_of_pair",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
