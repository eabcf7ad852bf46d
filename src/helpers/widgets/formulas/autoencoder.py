"""The formulas of the figure of a trained autoencoder."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.autoencoder import log_joint, log_normal, proposal_score

__all__ = ["source"]

v, mean, log_scale, log_noise, z = sp.symbols("v mean log_scale log_noise z", real=True)
x1, x2, f1, f2, a = sp.symbols("x1 x2 f1 f2 a", real=True)


def source() -> str:
    """Densities of model and proposal in the logarithm, the proposal's score, and the unit of the networks."""
    parts = [
        to_javascript(log_normal(v, mean, log_scale), [v, mean, log_scale], "logNormal"),
        to_javascript(
            log_joint([x1, x2], [f1, f2], z, log_noise), [x1, x2, f1, f2, z, log_noise], "logJoint"
        ),
        to_javascript(proposal_score(z, mean, log_scale), [z, mean, log_scale], "proposalScore"),
        to_javascript(sp.tanh(a), [a], "unit"),
    ]
    return "\n".join("export " + part for part in parts)
