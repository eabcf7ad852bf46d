"""The formulas of the figures on divergences between Gaussians."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.densities import normal_density
from helpers.models.gaussians import diagonal_variances, divergence_terms, divergence_to_standard_normal

__all__ = ["covariance", "source"]

x, mu = sp.symbols("x mu", real=True)
sigma, level = sp.symbols("sigma level", positive=True)
first, second = sp.symbols("first second", positive=True)
angle, turn, radius = sp.symbols("angle turn radius", real=True)
MEANS = sp.symbols("a1 a2 b1 b2", real=True)
ENTRIES = sp.symbols("q11 q12 q22 p11 p12 p22", real=True)


def covariance(one: sp.Expr, other: sp.Expr, turned: sp.Expr) -> sp.Matrix:
    """The covariance of the ellipse with these half axes, the first turned by this angle from the horizontal."""
    rotation = sp.Matrix([[sp.cos(turned), -sp.sin(turned)], [sp.sin(turned), sp.cos(turned)]])
    return rotation * sp.diag(one**2, other**2) * rotation.T


def source() -> str:
    """The line: densities, integrand, divergence, level lines. The plane: covariances, four terms, projections."""
    q, p = normal_density(x, mu, sigma), normal_density(x, 0, 1)
    log_ratio = sp.expand_log(sp.log(sp.powsimp(q / p)), force=True)
    standard = divergence_to_standard_normal(mu, sigma)
    half_width = sp.solve(sp.Eq(standard, level), mu)[-1]
    q11, q12, q22, p11, p12, p22 = ENTRIES
    laws = [MEANS[:2], [[q11, q12], [q12, q22]], MEANS[2:], [[p11, p12], [p12, p22]]]
    terms = [sp.simplify(term) for term in divergence_terms(*laws)]
    turned = covariance(first, second, angle)
    place = sp.Matrix(MEANS[:2]) + radius * sp.Matrix(
        [
            first * sp.cos(angle) * sp.cos(turn) - second * sp.sin(angle) * sp.sin(turn),
            first * sp.sin(angle) * sp.cos(turn) + second * sp.cos(angle) * sp.sin(turn),
        ]
    )
    parts = [
        to_javascript(q, [x, mu, sigma], "density"),
        to_javascript(q * log_ratio, [x, mu, sigma], "integrand"),
        to_javascript(standard, [mu, sigma], "divergence"),
        to_javascript(sp.sqrt(sigma), [sigma], "scaleOfVariance"),
        # Where the divergence has the value `level`: at ± this mean, if it is real.
        to_javascript(half_width**2, [sigma, level], "squaredMeanOfLevel"),
        to_javascript([turned[0, 0], turned[0, 1], turned[1, 1]], [first, second, angle], "covariance"),
        to_javascript(list(place), [*MEANS[:2], first, second, angle, radius, turn], "onEllipse"),
        to_javascript(terms, [*MEANS, *ENTRIES], "terms"),
        *(
            to_javascript(
                list(diagonal_variances(laws[3], direction)), [p11, p12, p22], f"{direction}Variances"
            )
            for direction in ("forward", "reverse")
        ),
    ]
    return "\n".join("export " + part for part in parts)
