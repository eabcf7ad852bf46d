"""The formulas of the figures on radial and residual flows."""

from __future__ import annotations

import json

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.flows import (
    log_determinant_term,
    radial_distance,
    radial_preimage,
    radial_slope,
    radial_stretch,
)

__all__ = ["source"]

# What a formula beside a figure says, with @name where a present value stands.
TEX = {
    "map": r"y = x + \frac{\beta}{\alpha + r}\,(x - c)",
    "distance": r"q\,r = \Bigl(1 + \frac{@beta}{@alpha + @radius}\Bigr)\cdot @radius = @distance",
    "slope": r"\rho'(r) = 1 + \frac{@alpha\cdot(@beta)}{(@alpha + @radius)^2} = @slope",
    "determinant": (
        r"\det J = \Bigl(1 + \frac{\beta}{\alpha + r}\Bigr)^{D - 1}"
        r"\Bigl(1 + \frac{\alpha\beta}{(\alpha + r)^2}\Bigr)"
    ),
    "centre": r"\det J(c) = \Bigl(1 + \frac{@beta}{@alpha}\Bigr)^{@dimension} = @determinant",
    "jacobian": r"J_f = L\begin{bmatrix}\cos\theta & -\sin\theta\\ \sin\theta & \cos\theta\end{bmatrix}",
    "series": (
        r"\log\det(I + J_f) = @exact \approx "
        r"\sum_{k=1}^{@terms}\frac{(-1)^{k+1}}{k}\operatorname{tr}J_f^k = @partial"
    ),
}


def source() -> str:
    """The radial flow in one number, its density, and a log-determinant with the terms of its series."""
    r, rho, alpha, beta, dimension = sp.symbols("r rho alpha beta D", real=True)
    stretch, slope = radial_stretch(r, alpha, beta), radial_slope(r, alpha, beta)
    log_det = (dimension - 1) * sp.log(sp.Abs(stretch)) + sp.log(sp.Abs(slope))
    squared = sp.Symbol("squaredNorm", nonnegative=True)
    normal = -squared / 2 - dimension * sp.log(2 * sp.pi) / 2
    size, angle = sp.symbols("L theta", real=True)
    k = sp.Symbol("k", integer=True, positive=True)
    # L times a rotation: the eigenvalues of its k-th power are those of L^k times k such turns.
    turned = size * sp.Matrix([[sp.cos(angle), -sp.sin(angle)], [sp.sin(angle), sp.cos(angle)]])
    whole = sp.log(sp.simplify((sp.eye(2) + turned).det()))
    trace = 2 * size**k * sp.cos(k * angle)
    functions = [
        (stretch, [r, alpha, beta], "stretch"),
        (radial_distance(r, alpha, beta), [r, alpha, beta], "distance"),
        (slope, [r, alpha, beta], "slope"),
        (radial_preimage(rho, alpha, beta), [rho, alpha, beta], "preimage"),
        (log_det, [r, alpha, beta, dimension], "logAbsDet"),
        (-(alpha + beta), [alpha, beta], "collapseRadius"),
        (sp.sqrt(-alpha * beta) - alpha, [alpha, beta], "turningRadius"),
        ((1 + beta / alpha) ** dimension, [alpha, beta, dimension], "determinantAtCentre"),
        (normal, [squared, dimension], "normalLogDensity"),
        (whole, [size, angle], "wholeLogDet"),
        (log_determinant_term(trace, k), [k, size, angle], "term"),
        (2 * size**k / k, [k, size], "boundTerm"),
    ]
    parts = ["export " + to_javascript(*function) for function in functions]
    return "\n".join([*parts, f"export const TEX = {json.dumps(TEX)};\n"])
