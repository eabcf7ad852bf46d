"""The formulas of the figures on gradients of expectations, and the noise of their clouds."""

from __future__ import annotations

import json
import random

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.estimators import (
    ESTIMATORS,
    divergence_gradient,
    estimator,
    variance,
    wave_gradient,
    wave_variance,
)
from helpers.models.gaussians import divergence_to_standard_normal

__all__ = ["DRAWS", "TABLES", "noise_tables", "source"]

epsilon, mu, level = sp.symbols("epsilon mu level", real=True)
sigma, omega = sp.symbols("sigma omega", positive=True)

TABLES, DRAWS = 12, 60


def noise_tables() -> list[list[float]]:
    """Tables of standard normal numbers, always the same: a cloud is drawn with one of them."""
    generator = random.Random(20)
    return [[round(generator.gauss(0, 1), 3) for _ in range(DRAWS)] for _ in range(TABLES)]


def source() -> str:
    """Estimates and their variances on the plane of (mean, scale), the divergence's level lines, and the noise."""
    # Far out the exponentials have faded from a wave's variances: first the total one's, then the score's.
    limits = [
        [entry.replace(sp.exp, lambda _: sp.S.Zero) for entry in wave_variance(name, 0, sigma, omega)]
        for name in ("total", "score")
    ]
    # Where the divergence has this value: at ± the root of the square, which is negative where it has not.
    square = sp.expand(mu**2 - 2 * (divergence_to_standard_normal(mu, sigma) - level))
    crossing = sp.sqrt(2) / 2
    assert sp.simplify(
        (variance("path", mu, sigma) - variance("total", mu, sigma)).subs(sigma, crossing)
    ) == (sp.zeros(2, 1))
    parts = [
        to_javascript(divergence_to_standard_normal(mu, sigma), [mu, sigma], "divergence"),
        to_javascript(list(divergence_gradient(mu, sigma)), [mu, sigma], "divergenceGradient"),
        to_javascript(square, [level, sigma], "levelSquare"),
        to_javascript(list(wave_gradient(mu, sigma, omega)), [mu, sigma, omega], "waveGradient"),
        to_javascript(limits, [sigma, omega], "waveLimits"),
        *(
            to_javascript(list(estimator(name, epsilon, mu, sigma)), [epsilon, mu, sigma], f"{name}Estimate")
            for name in ESTIMATORS
        ),
        *(
            to_javascript(list(variance(name, mu, sigma)), [mu, sigma], f"{name}Variance")
            for name in ESTIMATORS
        ),
        *(
            to_javascript(
                list(wave_variance(name, mu, sigma, omega)), [mu, sigma, omega], f"{name}WaveVariance"
            )
            for name in ESTIMATORS[:3]
        ),
        f"const crossing = {float(crossing)!r};\n",
        f"const noiseTables = {json.dumps(noise_tables())};\n",
    ]
    return "\n".join("export " + part for part in parts)
