"""The formulas of the figures on tools: costs of determinants, the gradient of one, projections and a descent."""

from __future__ import annotations

import json

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models.determinants import METHODS, determinant_cost
from helpers.models.projection import clip

__all__ = ["BASE", "CURVATURES", "LARGEST_LEIBNIZ", "MINIMUM", "SEGMENT_AT", "SIZE", "source"]

SIZE = 4
"""Rows of the matrix in the figure of the gradient."""
BASE = sp.ImmutableMatrix(
    [
        [sp.Rational(3, 2), sp.Rational(-4, 5), sp.Rational(1, 2), sp.Rational(3, 10)],
        [sp.Rational(3, 5), sp.Rational(5, 4), sp.Rational(-7, 10), sp.Rational(9, 10)],
        [sp.Rational(-1, 2), sp.Rational(4, 5), 2, sp.Rational(-3, 5)],
        [1, sp.Rational(-3, 10), sp.Rational(2, 5), sp.Rational(4, 5)],
    ]
)
"""That matrix, before one entry is replaced."""

CURVATURES = (sp.Integer(1), sp.Integer(4))
"""Second derivatives of the quadratic that the projected descent makes small."""
MINIMUM = (sp.Rational(13, 10), sp.Rational(2, 5))
"""Where it is smallest: outside of the unit box."""
SEGMENT_AT = sp.Rational(1, 2)
"""The first coordinate of the segment."""

LARGEST_LEIBNIZ = 170  # the next factorial leaves the range of floating-point numbers


def source() -> str:
    """Costs, the log-determinant and its gradient, clipping, one step of the descent."""
    K, factor = sp.symbols("K factor", positive=True)
    y_1, y_2, x_1, x_2, eta, level = sp.symbols("y_1 y_2 x_1 x_2 eta level", real=True)
    parts = [
        "export " + to_javascript(determinant_cost(method, K), [K], f"cost_{method}")
        for method in METHODS
        if method != "leibniz"
    ]
    latex = {method: to_latex(determinant_cost(method, K)) for method in METHODS}
    parts.append(f"export const COST_LATEX = {json.dumps(latex)};")
    leibniz = [float(determinant_cost("leibniz", size)) for size in range(1, LARGEST_LEIBNIZ)]
    parts.append(
        f"// JavaScript has no factorial: the costs for K = 1, 2, ...\nexport const LEIBNIZ = {leibniz};"
    )
    parts.append("export " + to_javascript(K * sp.log(factor) / sp.log(10), [K, factor], "logOfProduct"))

    entries = sp.symbols(f"s1:{SIZE**2 + 1}", real=True)
    matrix = sp.Matrix(SIZE, SIZE, entries)
    # Laplace's expansion divides and cancels nothing: where a whole minor is zero, so is the number computed.
    determinant, cofactors = matrix.det(method="laplace"), matrix.cofactor_matrix(method="laplace")
    parts.append("export " + to_javascript(determinant, entries, "determinant"))
    parts.append("export " + to_javascript(sp.log(sp.Abs(determinant)), entries, "logAbsDeterminant"))
    parts.append("export " + to_javascript(cofactors / determinant, entries, "gradientOfLogDeterminant"))
    parts.append(f"export const BASE = {json.dumps([[float(x) for x in row] for row in BASE.tolist()])};")

    onto = {"plane": [y_1, y_2], "segment": [SEGMENT_AT, clip(y_2)], "box": [clip(y_1), clip(y_2)]}
    x, curvatures = (x_1, x_2), CURVATURES
    value = sum(h * (z - m) ** 2 for h, z, m in zip(curvatures, x, MINIMUM, strict=True)) / 2
    parts += ["export " + to_javascript(point, [y_1, y_2], f"onto_{name}") for name, point in onto.items()]
    parts += [
        "export "
        + to_javascript(sp.sqrt((x_1 - y_1) ** 2 + (x_2 - y_2) ** 2), [x_1, x_2, y_1, y_2], "distance"),
        "export " + to_javascript(value, [x_1, x_2], "objective"),
        "export " + to_javascript([z - eta * sp.diff(value, z) for z in x], [eta, x_1, x_2], "gradientStep"),
        "export " + to_javascript([sp.sqrt(2 * level / h) for h in curvatures], [level], "radii"),
        "export " + to_javascript(2 / max(curvatures), [], "largestLearningRate"),
        f"export const MINIMUM = {[float(m) for m in MINIMUM]};",
        f"export const SEGMENT_AT = {float(SEGMENT_AT)};",
    ]
    return "\n".join(parts) + "\n"
