"""The formulas of the figures on the divergence."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.densities import normal_density
from helpers.models.divergences import (
    cross_term,
    finite_divergence,
    pair_divergence,
    tangent,
    tangent_gap,
    total_correlation_of_pair,
)

__all__ = ["source"]

q, p, t, m = sp.symbols("q p t m", positive=True)
x, mean, angle, radius = sp.symbols("x mu alpha r", real=True)
rho_q, rho_p, rho = sp.symbols("rho_q rho_p rho", real=True)


def source() -> str:
    """One outcome, the curve and its tangent; a pair's divergence in parts, its ellipses and its marginals."""
    # A point of the ellipse of this radius: the Cholesky factor of the covariance times a point of the circle.
    circle = sp.Matrix([radius * sp.cos(angle), radius * sp.sin(angle)])
    factor = sp.Matrix([[1, 0], [rho, sp.sqrt(1 - rho**2)]])
    ellipse = list(factor * circle + sp.Matrix([mean, mean]))
    parts = [
        to_javascript(finite_divergence([q], [p]), [q, p], "term"),
        to_javascript(finite_divergence([1], [t]), [t], "minusLog"),
        to_javascript(tangent(t, m), [t, m], "tangent"),
        to_javascript(tangent_gap(t, m), [t, m], "tangentGap"),
        to_javascript(pair_divergence(mean, rho_q, rho_p), [mean, rho_q, rho_p], "pairDivergence"),
        to_javascript(pair_divergence(mean, 0, 0), [mean], "sumOfCoordinates"),
        to_javascript(total_correlation_of_pair(rho), [rho], "totalCorrelation"),
        to_javascript(cross_term(mean, rho_q, rho_p), [mean, rho_q, rho_p], "crossTerm"),
        to_javascript(ellipse, [angle, radius, mean, rho], "ellipse"),
        to_javascript(normal_density(x, mean, 1), [x, mean], "marginal"),
    ]
    return "\n".join("export " + part for part in parts)
