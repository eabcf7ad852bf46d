"""The formulas of the figures on invertible 1×1 convolutions."""

from __future__ import annotations

import itertools
import json

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models import invertible_convolution as plu

__all__ = ["CHANNELS", "CONDITIONAL", "FIXED", "PERMUTATIONS", "conditional_jacobian", "source"]

CHANNELS = 3
"""Channels of the first two figures."""

PERMUTATIONS = {
    "".join(str(index + 1) for index in order): order for order in itertools.permutations(range(CHANNELS))
}
"""The orders of three channels by their names: "231" is the order with $(Pv)_1 = v_2$."""

# The entries of L and U that no slider moves.
_LETTERS = {str(letter): letter for letter in plu.plu_matrix(CHANNELS).free_symbols}
FIXED = {
    _LETTERS[name]: sp.Rational(value)
    for name, value in (("l_31", "1/2"), ("l_32", "-7/10"), ("u_13", "-2/5"), ("u_23", "9/10"))
}
MOVED = [_LETTERS[name] for name in ("l_21", "u_12", "s_1", "s_2", "s_3")]

CONDITIONAL = 2
"""Channels of each half, and pixels, of the figure of the conditional layer."""

# The conditioning network of that figure: tanh(w·a) for each letter, with these weights w of the four numbers a, ...
_WEIGHTS = {"l_21": (1, -2, 1, 0), "u_12": (-1, 1, 0, 2), "s_1": (1, 1, -1, 1), "s_2": (0, -1, 2, 1)}
# ... and the point a° at which its output stays as it is, with the values of l_21 and u_12 there, and b°.
_FIRST = tuple(map(sp.Rational, ("2/5", "-3/10", "1/5", "3/5")))
_SECOND = tuple(map(sp.Rational, ("4/5", "-1/2", "3/10", "9/10")))
_AT_POINT = {"l_21": sp.Rational(3, 5), "u_12": -sp.Rational(1, 2)}

kappa, delta, beta = sp.symbols("kappa delta beta", real=True)
s_1, s_2 = (sp.Symbol(name, real=True, nonzero=True) for name in ("s_1", "s_2"))
CONDITIONAL_STATE = [kappa, delta, beta, s_1, s_2]


def source() -> str:
    """The factors and their product, the log-determinants, the counts, and the conditional layer's Jacobian."""
    factors = plu.plu_factors(CHANNELS)
    scale = list(factors.scale)
    log_abs_det = sum(sp.log(sp.Abs(s)) for s in scale)
    pixels, count = sp.Symbol("N", positive=True), sp.Symbol("C", positive=True)
    parts = [
        "export " + to_javascript(factors.lower.subs(FIXED), MOVED, "lower"),
        "export " + to_javascript(factors.triangle.subs(FIXED), MOVED, "triangle"),
        "export " + to_javascript(log_abs_det, scale, "logAbsDet"),
        "export " + to_javascript(pixels * log_abs_det, [pixels, *scale], "logAbsDetOfLayer"),
        "export " + to_javascript(plu.elimination_operations(count), [count], "eliminationOperations"),
        "export " + to_javascript(plu.additions_and_logarithms(count), [count], "additionsAndLogarithms"),
    ]
    entries = []
    for name, order in PERMUTATIONS.items():
        part = plu.plu_factors(CHANNELS, order)
        sign = sp.Matrix(part.permutation).det() * sp.prod(map(sp.sign, scale))
        parts.append(to_javascript(part.permutation, [], f"permutation_{name}"))
        parts.append(to_javascript(part.product.subs(FIXED), MOVED, f"product_{name}"))
        parts.append(to_javascript(sign, scale, f"sign_{name}"))
        entries.append(
            f'  "{name}": {{permutation: permutation_{name}, product: product_{name}, sign: sign_{name}}}'
        )
    parts.append("export const permutations = {\n" + ",\n".join(entries) + ",\n};\n")
    jacobian, log_abs_det_of_conditional, values = conditional_jacobian()
    parts += [
        "export " + to_javascript(jacobian, CONDITIONAL_STATE, "conditionalJacobian"),
        "export " + to_javascript(log_abs_det_of_conditional, CONDITIONAL_STATE, "logAbsDetOfConditional"),
        "export " + to_javascript(values, CONDITIONAL_STATE, "scalesOfConditional"),
    ]
    latex = {
        "logAbsDet": to_latex(log_abs_det),
        "sum": _sum_of_logarithms(),
        "scale": _scale_of_an_image(),
    }
    parts.append(f"export const latex = {json.dumps(latex)};\n")
    return "\n".join(parts)


def _sum_of_logarithms() -> str:
    i = sp.Symbol("i", integer=True, positive=True)
    return to_latex(sp.Sum(sp.log(sp.Abs(sp.Symbol("s_i"))), (i, 1, sp.Symbol("C"))))


def _scale_of_an_image() -> str:
    a, at_point, network = sp.Symbol("a"), sp.Symbol(r"a^{\circ}"), sp.Function("g_i")
    return to_latex(sp.Symbol("s_i") * sp.exp(kappa * (network(a) - network(at_point))))


def conditional_jacobian() -> tuple[sp.Matrix, sp.Expr, list[sp.Expr]]:
    """Jacobian, log-determinant and $s$ of a conditional layer with the network $\\kappa\\,(g(a) - g(a°))$.

    The first half is $a = a° + \\delta$, the second $b = \\beta\\,b°$. At $\\delta = 0$ the factors do not depend on
    $\\kappa$, their slopes do.
    """
    inputs, outputs, _ = plu.conditional_layer(CONDITIONAL, CONDITIONAL)
    half = CONDITIONAL**2
    a, b = list(inputs[:half]), list(inputs[half:])
    at_point = dict(zip(a, _FIRST, strict=True))

    def network(name: str) -> sp.Expr:
        value = sp.tanh(sum(w * x for w, x in zip(_WEIGHTS[name], a, strict=True)))
        return kappa * (value - value.subs(at_point))

    entries = {name: value + network(name) for name, value in _AT_POINT.items()}
    entries |= {s.name: s * sp.exp(network(s.name)) for s in (s_1, s_2)}
    functions = {f: entries[f.func.__name__] for f in outputs.atoms(sp.core.function.AppliedUndef)}
    jacobian = outputs.subs(functions).jacobian(inputs)
    here = {x: value + delta for x, value in at_point.items()}
    here |= dict(zip(b, (beta * value for value in _SECOND), strict=True))
    scales = [entries[name].subs(here) for name in ("s_1", "s_2")]
    log_abs_det = CONDITIONAL * sum(sp.log(sp.Abs(s)) + network(s.name).subs(here) for s in (s_1, s_2))
    return jacobian.subs(here), log_abs_det, scales
