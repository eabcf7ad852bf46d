"""From a typed formula, as the page's reader took it apart, to SymPy; nothing is evaluated as code."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import sympy as sp

__all__ = ["FUNCTIONS", "RESERVED", "expression_of"]

FUNCTIONS = {
    "sqrt": sp.sqrt,
    "exp": sp.exp,
    "log": sp.log,
    "abs": sp.Abs,
    **{name: getattr(sp, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: getattr(sp, name) for name in ("sinh", "cosh", "tanh")},
}
CONSTANTS = {"pi": sp.pi, "e": sp.E}
RESERVED = {*FUNCTIONS, *CONSTANTS, "ln", "arcsin", "arccos", "arctan"}
"""Names that mean the same in every exercise, and that no symbol can have."""

OPERATIONS = {
    "neg": (1, lambda a: -a),
    "add": (2, lambda a, b: a + b),
    "sub": (2, lambda a, b: a - b),
    "mul": (2, lambda a, b: a * b),
    "div": (2, lambda a, b: a / b),
    "pow": (2, lambda a, b: a**b),
}
NUMBER = re.compile(r"(\d{1,40}\.?\d{0,40}|\.\d{1,40})(e[+-]?\d{1,3})?", re.ASCII)
DEEPEST = 250
LARGEST = 1000  # degree of a polynomial, or bits of a number: both are multiplied by powers
EXPONENTIAL = (
    15  # what an exponential counts as: three stacked ones are refused, whose values have no end of digits
)
TOWER = 40  # and a power of another base than e with a symbol in its exponent: two stacked ones are


def expression_of(tree: Any, symbols: Mapping[str, sp.Symbol]) -> sp.Expr:
    """The SymPy expression of a tree of plain lists and strings; `symbols` are those it may hold, by name.

    A tree is `["num", "0.5"]` (read as the fraction 1/2), `["sym", name]`, `["const", "pi"]` or `["const", "e"]`,
    `["call", name, tree]`, `["neg", tree]`, or `["add", tree, tree]` and likewise `sub`, `mul`, `div`, `pow`.

    Raises ValueError, with a sentence for the reader, for everything else, for a tree deeper than 250, and for a
    power so large that working it out would take for ever. Cost: O(nodes).
    """
    expression, _ = _build(tree, symbols, 1)
    return expression


def _build(tree: Any, symbols: Mapping[str, sp.Symbol], depth: int) -> tuple[sp.Expr, float]:
    """The expression, and a bound on its degree and on the bits of its numbers."""
    if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
        raise ValueError("This is no formula.")
    if depth > DEEPEST:
        raise ValueError("This formula is nested too deeply to be read.")
    kind, *parts = tree
    if kind in ("num", "sym", "const"):
        return _leaf(kind, parts, symbols)
    if kind == "call":
        if len(parts) != 2 or not isinstance(parts[0], str) or parts[0] not in FUNCTIONS:
            raise ValueError("This formula holds a function that is not known here.")
        inner, size = _build(parts[1], symbols, depth + 1)
        if parts[0] in ("exp", "sinh", "cosh"):
            size = size * EXPONENTIAL if inner.free_symbols else max(size, _size_of_number(inner))
        if size > LARGEST:
            raise ValueError("An exponential in this formula is too large to be worked out.")
        return FUNCTIONS[parts[0]](inner), size
    arity, operation = OPERATIONS.get(kind, (-1, None))
    if operation is None or len(parts) != arity:
        raise ValueError("This is no formula.")
    built = [_build(part, symbols, depth + 1) for part in parts]
    values, sizes = [value for value, _ in built], [size for _, size in built]
    size = _power_size(*values, sizes) if kind == "pow" else sum(sizes) if kind == "mul" else max(sizes)
    if size > LARGEST:
        raise ValueError("A power in this formula is too large to be worked out.")
    return operation(*values), size


def _leaf(kind: str, parts: list, symbols: Mapping[str, sp.Symbol]) -> tuple[sp.Expr, float]:
    if len(parts) != 1 or not isinstance(parts[0], str):
        raise ValueError("This is no formula.")
    text = parts[0]
    if kind == "num":
        if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            raise ValueError("This formula holds a number that cannot be read.")
        # A factor or a term adds its bits; only powers multiply them, so that one of any length counts as one.
        return sp.Rational(text), 1.0
    if kind == "const":
        if text not in CONSTANTS:
            raise ValueError(f"“{text[:30]}” is not known here.")
        return CONSTANTS[text], 1.0
    if text not in symbols:
        raise ValueError(f"“{text[:30]}” is not known here.")
    return symbols[text], 1.0


def _size_of_number(value: sp.Expr) -> float:
    """What the exponential of a number counts as: one of more than about a million digits is too large."""
    try:
        return abs(complex(value)) / 1e3
    except (TypeError, ValueError, OverflowError):
        return math.inf


def _power_size(base: sp.Expr, exponent: sp.Expr, sizes: list[float]) -> float:
    if exponent.free_symbols:
        return (EXPONENTIAL if base == sp.E else TOWER) * math.prod(sizes)
    try:
        return sizes[0] * max(1.0, abs(float(exponent)))
    except (TypeError, ValueError, OverflowError):
        raise ValueError("An exponent in this formula is no real number.") from None
