"""The formulas of the figures on the evidence bound."""

from __future__ import annotations

import json
from statistics import NormalDist

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.bounds import (
    SPLITTINGS,
    GaussianModel,
    e_step,
    em_rate,
    entropy,
    log_normal_density,
    m_step,
)

__all__ = ["base_draws", "source"]

x, z, mu, theta, epsilon = sp.symbols("x z mu theta epsilon", real=True)
sigma, tau = sp.symbols("sigma tau", positive=True)

DRAWS = 400


def base_draws() -> list[float]:
    """Fixed draws of the standard normal law: its quantiles, of equal probability each."""
    quantile = NormalDist().inv_cdf
    return [round(quantile((i + 0.5) / DRAWS), 6) for i in range(DRAWS)]


def source() -> str:
    """Densities, evidence, bound and its three splittings, estimators, and the two steps of EM."""
    model, shifted = GaussianModel(x, tau), GaussianModel(x, tau, theta)
    proposal, state = [mu, sigma], [mu, sigma, x, tau]
    terms = {
        "evidence": (model.log_evidence, -model.divergence(*proposal)),
        "prior": (model.reconstruction(*proposal), -model.divergence_to_prior(*proposal)),
        "entropy": (model.energy(*proposal), entropy(sigma)),
    }
    moved = mu + sigma * epsilon
    parts = [
        to_javascript(sp.exp(log_normal_density(z, mu, sigma)), [z, mu, sigma], "normalDensity"),
        to_javascript([model.posterior_mean, model.posterior_scale], [x, tau], "posterior"),
        to_javascript(model.log_evidence, [x, tau], "logEvidence"),
        to_javascript(model.bound(*proposal), state, "bound"),
        to_javascript(model.divergence(*proposal), state, "divergence"),
    ]
    for name in SPLITTINGS:
        title = name.capitalize()
        estimator = model.estimator(moved, *proposal, name)
        variance = model.estimator_variance(*proposal, name)
        parts += [
            to_javascript(list(terms[name]), state, f"terms{title}"),
            to_javascript(estimator, [epsilon, *state], f"draw{title}"),
            to_javascript(variance, state, f"variance{title}"),
        ]
    em_state = [theta, mu, sigma, x, tau]
    parts += [
        to_javascript(shifted.log_evidence, [theta, x, tau], "logEvidenceAt"),
        to_javascript(shifted.bound(*proposal), em_state, "boundAt"),
        to_javascript(shifted.divergence(*proposal), em_state, "divergenceAt"),
        to_javascript(list(e_step(theta, x, tau)), [theta, x, tau], "expectationStep"),
        to_javascript(m_step(mu, x), [mu, x], "maximizationStep"),
        to_javascript(em_rate(tau), [tau], "rate"),
        f"const baseDraws = {json.dumps(base_draws())};\n",
    ]
    return "\n".join("export " + part for part in parts)
