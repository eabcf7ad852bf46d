"""The formulas of the figures on signals at initialisation."""

from __future__ import annotations

import json

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.densities import normal_density
from helpers.models.initialization import (
    SCHEMES,
    activation_factor,
    depth_scale,
    gaussian_mean,
    gaussian_nodes,
    next_second_moment,
    relu_correlation,
    weight_variance,
)
from helpers.models.initialization.mean_field import tanh_slope_square, tanh_square
from helpers.notation import to_latex

__all__ = ["CRITICAL_LINE", "SHOWN", "source"]

SHOWN = ("identity", "relu", "tanh")
"""The activations of the first figure."""

v, q, mean, width, w, chi = sp.symbols("v q mean n w chi", positive=True)
b = sp.Symbol("b", nonnegative=True)
x, z, c = sp.symbols("x z c", real=True)
previous = sp.Symbol("v_{\\ell-1}", positive=True)
tanh_mean = sp.Symbol("\\mathbb{E}\\tanh^2\\!\\bigl(\\sqrt{v_{\\ell-1}}\\,\\xi\\bigr)", positive=True)


def critical_line() -> list[list[float]]:
    """Points (weight scale, bias scale) with susceptibility 1 for tanh, by their fixed point q*."""
    points = [[1.0, 0.0]]
    for k in range(1, 37):
        square = (0.06 * k) ** 2.2  # q*, dense where the line begins
        weight = 1 / gaussian_mean(tanh_slope_square, square) ** 0.5
        rest = square - weight**2 * gaussian_mean(tanh_square, square)
        points.append([round(weight, 4), round(max(0.0, rest) ** 0.5, 4)])
    return points


CRITICAL_LINE = critical_line()


def source() -> str:
    """One layer of each scheme, what an activation leaves, Gaussian means as sums over nodes, angles."""
    reads = {
        "identity": activation_factor("identity") * previous,
        "relu": activation_factor("relu") * previous,
    }
    recursions = {
        f"{activation} {scheme}": to_latex(
            sp.expand(next_second_moment(reads.get(activation, tanh_mean), width, width, scheme))
        )
        for activation in SHOWN
        for scheme in SCHEMES
    }
    first = {scheme: to_latex(sp.expand(next_second_moment(1, width, width, scheme))) for scheme in SCHEMES}
    scales = {scheme: float(sp.sqrt(width * weight_variance(scheme, width, width))) for scheme in SCHEMES}
    other = c * x + sp.sqrt(1 - c**2) * z
    parts = [
        *(
            to_javascript(next_second_moment(v, width, width, scheme), [v, width], f"{scheme}Next")
            for scheme in SCHEMES
        ),
        to_javascript(activation_factor("identity") * v, [v], "identityRead"),
        to_javascript(activation_factor("relu") * v, [v], "reluRead"),
        to_javascript(tanh_square(sp.sqrt(q) * x), [x, q], "tanhSquare"),
        to_javascript(tanh_slope_square(sp.sqrt(q) * x), [x, q], "tanhSlopeSquare"),
        to_javascript(sp.tanh(sp.sqrt(q) * x), [x, q], "tanhAt"),
        to_javascript(sp.tanh(sp.sqrt(q) * other), [x, z, c, q], "tanhOfPartner"),
        to_javascript(relu_correlation(c), [c], "reluCorrelation"),
        to_javascript(w**2 * mean + b**2, [mean, w, b], "layerOf"),
        to_javascript(b**2 / (1 - activation_factor("relu") * w**2), [w, b], "reluFixedPoint"),
        to_javascript(w**2 * mean, [mean, w], "susceptibilityOf"),
        to_javascript(depth_scale(chi), [chi], "depthScale"),
        to_javascript(normal_density(x, 0, 1), [x], "bellCurve"),
        f"const gaussianNodes = {json.dumps(gaussian_nodes())};\n",
        f"const reluFactor = {float(activation_factor('relu'))};\n",
        f"const recursionTex = {json.dumps(recursions)};\n",
        f"const firstTex = {json.dumps(first)};\n",
        f"const schemeScales = {json.dumps(scales)};\n",
        f"const criticalLine = {json.dumps(CRITICAL_LINE)};\n",
    ]
    return "\n".join("export " + part for part in parts)
