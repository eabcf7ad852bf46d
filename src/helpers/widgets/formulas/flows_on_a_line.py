"""The formulas of the figures on flows of the line."""

from __future__ import annotations

import json
from typing import NamedTuple

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models.densities import standard_normal_density
from helpers.models.flows import line

__all__ = ["MAPS", "MIXTURE", "ScalarMap", "source"]

z, y, x = sp.symbols("z y x", real=True)
k, m, t, c = sp.symbols("k m t c", real=True)
lam = sp.Symbol("lambda", nonnegative=True)
w, a_1, a_2 = sp.symbols("w a_1 a_2", positive=True)
b_1, b_2, d = sp.symbols("b_1 b_2 d", real=True)
p, s_1, s_2 = sp.symbols("p s_1 s_2", positive=True)

# How the sigmoid and its inverse are written, unfolded nowhere.
SIGMA, LOGIT = sp.Function("\\sigma"), sp.Function("\\sigma^{-1}")

MIXTURE = {"weights": (w, 1 - w), "scales": (a_1, a_2), "shifts": (b_1, b_2)}


class ScalarMap(NamedTuple):
    """One map of the line with the traits that set its parameters, and when it is injective and onto.

    `shown` is the expression as the reader sees it, its terms in SymPy's order unless it is `as_written`.
    """

    title: str
    parameters: dict[str, sp.Symbol]
    value: sp.Expr
    shown: sp.Expr
    injective: object
    onto: object
    as_written: bool = False


_TWO = {"weights": (w, 1 - w), "scales": (1, 1), "shifts": (d, -d)}

MAPS = {
    "relu": ScalarMap(
        "relu of a line",
        {"outer": k, "inner": m, "offset": t},
        k * line.relu(m * z + t),
        k * line.relu(m * z + t),
        sp.false,
        sp.false,
    ),
    "leaky": ScalarMap(
        "leaky relu",
        {"slope": lam},
        line.leaky_relu(z, lam),
        line.leaky_relu(z, lam),
        lam > 0,
        lam > 0,
    ),
    "mixture": ScalarMap(
        "mixture of sigmoids",
        {"weight": w, "distance": d},
        line.sigmoid_mixture(z, **_TWO),
        LOGIT(sp.Add(w * SIGMA(z + d), (1 - w) * SIGMA(z - d), evaluate=False)),
        sp.true,
        sp.true,
    ),
    "sine": ScalarMap(
        "identity plus sine",
        {"strength": c},
        line.residual_sine(z, c),
        sp.Add(z, c * sp.sin(z), evaluate=False),
        sp.Abs(c) <= 1,
        sp.true,
        as_written=True,
    ),
    "arctan": ScalarMap("arctangent", {}, sp.atan(z), sp.atan(z), sp.true, sp.false),
    "cube": ScalarMap("cube", {}, z**3, z**3, sp.true, sp.true),
}
"""The maps of the first figure, by the names that its trait `map` takes."""


def source() -> str:
    """The maps of the first figure; the mixture with all that its figure shows; the fixed point of the third."""
    parts, entries = [], []
    for name, scalar_map in MAPS.items():
        functions, entry = _map(name, scalar_map)
        parts += functions
        entries.append(entry)
    parts.append("export const maps = {\n" + ",\n".join(entries) + ",\n};\n")

    parameters = [w, a_1, a_2, b_1, b_2]
    value = line.sigmoid_mixture(z, **MIXTURE)
    slope = line.sigmoid_mixture_slope(z, **MIXTURE)
    density = standard_normal_density(y)
    mixed = {
        "mixtureValue": (value, [z, *parameters]),
        "mixtureSlope": (slope, [z, *parameters]),
        # The density of z, from the value and the slope of the map at z: the change of variables.
        "density": (density * x, [y, x]),
        "leftAsymptote": (line.left_asymptote(z, **MIXTURE), [z, *parameters]),
        "rightAsymptote": (line.right_asymptote(z, **MIXTURE), [z, *parameters]),
        "mixtureBracket": (list(line.bracket(y, (a_1, a_2), (b_1, b_2))), [y, *parameters]),
        # The naive way, an operation at a time, so that each can be rounded to float32.
        "affine": ([a_1 * z + b_1, a_2 * z + b_2], [z, *parameters]),
        "sigmoid": (line.sigmoid(x), [x]),
        "average": (w * s_1 + (1 - w) * s_2, [s_1, s_2, w]),
        "odds": (p / (1 - p), [p]),
        "logOfOdds": (sp.log(x), [x]),
        # The map whose fixed point solves z + c sin z = y.
        "towards": (y - c * sp.sin(x), [x, y, c]),
        "bound": (sp.Abs(c) ** t * x, [t, c, x]),
    }
    parts += ["export " + to_javascript(expr, arguments, name) for name, (expr, arguments) in mixed.items()]
    shown = LOGIT(sp.Add(w * SIGMA(a_1 * z + b_1), (1 - w) * SIGMA(a_2 * z + b_2), evaluate=False))
    letters = {"weight": w, "scale_1": a_1, "scale_2": a_2, "shift_1": b_1, "shift_2": b_2}
    parts.append(f"export const mixtureTex = {_tex(shown, letters)};")
    parts.append(f"export const towardsTex = {_tex(y - c * sp.sin(x), {'strength': c, 'target': y})};\n")
    return "\n".join(parts)


def _map(name: str, scalar_map: ScalarMap) -> tuple[list[str], str]:
    symbols = list(scalar_map.parameters.values())
    functions = [to_javascript(scalar_map.value, [z, *symbols], f"value_{name}")]
    for title in ("injective", "onto"):
        condition = getattr(scalar_map, title)
        functions.append(to_javascript(sp.Piecewise((1, condition), (0, True)), symbols, f"{title}_{name}"))
    entry = (
        f'  {name}: {{"title": {json.dumps(scalar_map.title)}, '
        f'"parameters": {json.dumps(list(scalar_map.parameters))}, '
        f'"tex": {_tex(scalar_map.shown, scalar_map.parameters, scalar_map.as_written)}, "value": value_{name}, '
        f'"injective": (...p) => injective_{name}(...p) === 1, "onto": (...p) => onto_{name}(...p) === 1}}'
    )
    return functions, entry


def _tex(expression: sp.Expr, parameters: dict[str, sp.Symbol], as_written: bool = False) -> str:
    """The formula in letters, and with `<trait>` in the place of each parameter, for the present value."""
    letters = to_latex(expression, as_written=as_written)
    marks = {symbol: sp.Symbol(f"MARK{'ABCDEFGH'[i]}") for i, symbol in enumerate(parameters.values())}
    numbers = to_latex(_replaced(expression, marks), as_written=as_written)
    for trait, symbol in parameters.items():
        numbers = numbers.replace(to_latex(marks[symbol]), f"<{trait}>")
    return json.dumps({"letters": letters, "numbers": numbers}, ensure_ascii=False)


def _replaced(expression: sp.Expr, marks: dict[sp.Symbol, sp.Symbol]) -> sp.Expr:
    """With marks in the place of symbols, and sums in the order in which they were written."""
    if not expression.args:
        return marks.get(expression, expression)
    arguments = [_replaced(argument, marks) for argument in expression.args]
    if expression.is_Add:
        return sp.Add(*arguments, evaluate=False)
    return expression.func(*arguments)
