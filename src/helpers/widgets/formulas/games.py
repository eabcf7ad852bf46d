"""The formulas of the figures on games."""

from __future__ import annotations

import json

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models.games.methods import FIELD, METHODS, STATE, Method, converges, iteration_matrix

__all__ = ["source"]

PARAMETER_SYMBOLS = {
    None: sp.Symbol("p", real=True),
    "strength": sp.Symbol("gamma", nonnegative=True),
    "momentum": sp.Symbol("beta", real=True),
}


def source() -> str:
    """The methods, the field and the continuous-time flow."""
    t = sp.Symbol("t", real=True)
    flow = (FIELD.jacobian(STATE) * t).exp().applyfunc(sp.simplify)
    parts = [
        "export " + to_javascript(list(FIELD), list(STATE), "field"),
        "export " + to_javascript(list(flow * STATE), [t, *STATE], "flow"),
    ]
    entries = []
    for method in METHODS.values():
        functions, entry = _method(method)
        parts += functions
        entries.append(entry)
    parts.append("export const methods = {\n" + ",\n".join(entries) + ",\n};\n")
    return "\n".join(parts)


def _method(method: Method) -> tuple[list[str], str]:
    # A slider's learning rate may be 0, where nothing moves and nothing converges.
    eta = sp.Symbol("eta", nonnegative=True)
    parameter = PARAMETER_SYMBOLS[method.parameter]
    given = {method.parameter: parameter} if method.parameter else {}
    matrix = iteration_matrix(method.name, eta, **given).applyfunc(_shortest)
    region = converges(method.name, eta, **given)
    functions = [
        to_javascript(matrix, [eta, parameter], f"matrix_{method.name}"),
        to_javascript(sp.Piecewise((1, region), (0, True)), [eta, parameter], f"converges_{method.name}"),
    ]
    data = {
        "title": method.title,
        "parameter": method.parameter,
        "memory": method.memory,
        # With memory, v_{k+1} = (block on v_k) v_k + (block on v_{k-1}) v_{k-1}.
        "latexNow": to_latex(matrix[:2, :2]),
        "latexBefore": to_latex(matrix[:2, 2:]) if method.memory else None,
    }
    body = json.dumps(data, ensure_ascii=False)[:-1]
    entry = (
        f"  {method.name}: {body}, "
        f'"matrix": matrix_{method.name}, "converges": (eta, p) => converges_{method.name}(eta, p) === 1}}'
    )
    return functions, entry


def _shortest(entry: sp.Expr) -> sp.Expr:
    """The entry as a reader wants it: multiplied out unless factors make it shorter."""
    return min((sp.expand(entry), sp.factor(entry), entry), key=sp.count_ops)
