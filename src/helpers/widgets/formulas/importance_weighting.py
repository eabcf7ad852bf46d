"""The formulas of the figures on importance-weighted bounds."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.densities import normal_density

__all__ = ["source"]

q, a, b, total, mass, weight = sp.symbols("q a b total mass weight", positive=True)
K, m = sp.symbols("K m", positive=True)
z, x, mu, t, power = sp.symbols("z x mu t power", real=True)
sigma, tau = sp.symbols("sigma tau", positive=True)


def source() -> str:
    """Two states with m draws of the first among K; and a normal latent, likelihood and proposal on the line."""
    weights = (a / q, b / (1 - q))
    estimate = (m * weights[0] + (K - m) * weights[1]) / K
    joint = normal_density(z, 0, 1) * normal_density(x, z, tau)
    proposal = normal_density(z, mu, sigma)
    posterior = normal_density(z, x / (1 + tau**2), tau / sp.sqrt(1 + tau**2))
    functions = {
        # Two states: the proposal gives the first one q, the joint gives them a and b.
        "evidence": (a + b, [a, b]),
        "posterior": (a / (a + b), [a, b]),
        "weights": (list(weights), [q, a, b]),
        "estimate": (estimate, [m, K, q, a, b]),
        # The chance of m + 1 draws of the first state by that of m.
        "oddsOfOneMore": ((K - m) / (m + 1) * q / (1 - q), [m, K, q]),
        "none": ((1 - q) ** K, [K, q]),
        "unnormalized": ([a / total, b / total], [total, a, b]),
        "share": (m * weights[0] / (K * total), [m, K, total, q, a, b]),
        "surprise": (mass * sp.log(weight / mass), [mass, weight]),
        "logarithm": (sp.log(weight), [weight]),
        # The line: z ~ N(0, 1), x ~ N(z, τ²), the proposal N(μ, σ²).
        "priorDensity": (normal_density(z, 0, 1), [z]),
        "likelihood": (normal_density(x, z, tau), [z, x, tau]),
        "proposalDensity": (proposal, [z, mu, sigma]),
        "posteriorDensity": (posterior, [z, x, tau]),
        "lineEvidence": (normal_density(x, 0, sp.sqrt(1 + tau**2)), [x, tau]),
        "logWeight": (sp.expand_log(sp.log(joint / proposal), force=True), [z, x, tau, mu, sigma]),
        "draw": (mu + sigma * z, [z, mu, sigma]),
        # One over a mean weight, as an integral of exponentials over t.
        "decay": (sp.exp(-t * weight), [t, weight]),
        "integrand": (K * t * weight * sp.exp(-t * weight) * mass ** (K - 1), [t, weight, mass, K]),
    }
    return "\n".join(
        "export " + to_javascript(expression, arguments, name)
        for name, (expression, arguments) in functions.items()
    )
