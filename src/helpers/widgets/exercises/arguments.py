"""What an exercise's author gives, read strictly: every mistake is a ValueError that names the argument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp

from helpers.notation import plain_name
from helpers.proof import Derivation
from helpers.proof.domain import Domain
from helpers.widgets.exercises.formula import RESERVED

__all__ = [
    "defined",
    "explicit",
    "parts_of_solution",
    "require_identifier",
    "require_words",
    "typeable_symbols",
]

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TYPEABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)?")


def require_identifier(value: Any) -> None:
    """Refuse what is no lasting name of an exercise."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError(
            f"exercise_id: got {value!r}, expected lower-case words joined by hyphens, as other-order"
        )


def require_words(name: str, value: Any) -> None:
    """Refuse what is no text."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name}: got {value!r}, expected words")


def explicit(name: str, value: Any) -> Any:
    """A scalar expression, or an explicit matrix as an immutable one."""
    if isinstance(value, str):
        raise ValueError(f"{name}: got the string {value!r}, expected a SymPy expression")
    try:
        expression = sp.sympify(value)
    except (sp.SympifyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{name}: got {value!r}, expected a SymPy expression, a matrix or a number"
        ) from error
    if isinstance(expression, sp.MatrixBase):
        return sp.ImmutableMatrix(expression)
    if not isinstance(expression, sp.Expr) or isinstance(expression, sp.MatrixExpr):
        raise ValueError(
            f"{name}: got {value!r}, expected a SymPy expression, an explicit matrix or a number"
        )
    if expression.has(sp.nan, sp.zoo, sp.oo):
        raise ValueError(f"{name}: got {value!r}, expected an expression that has a value")
    return expression


def defined(expression: sp.Expr) -> sp.Expr:
    """The expression itself; ValueError where SymPy already sees that it has no value."""
    if expression.has(sp.nan, sp.zoo, sp.oo):
        raise ValueError("This divides by zero, whatever the symbols are.")
    return expression


def parts_of_solution(solution: Any) -> list[str | Derivation]:
    """Words and derivations, as a list."""
    parts = list(solution) if isinstance(solution, list | tuple) else [solution]
    if not parts or not all(
        isinstance(part, Derivation) or (isinstance(part, str) and part.strip()) for part in parts
    ):
        raise ValueError(f"solution: got {solution!r}, expected words, a Derivation, or a list of them")
    return parts


def typeable_symbols(expressions: Sequence[Any], domain: Domain) -> list[sp.Symbol]:
    """All symbols by name; ValueError for one that no reader can type, and for two that are typed alike."""
    symbols = sorted(domain.free_symbols.union(*(e.free_symbols for e in expressions)), key=lambda s: s.name)
    taken: dict[str, sp.Symbol] = {}
    for symbol in symbols:
        name = plain_name(symbol.name)
        if not TYPEABLE.fullmatch(name) or name in RESERVED:
            raise ValueError(f"answer: the symbol {symbol.name!r} cannot be typed; rename it")
        if (other := taken.setdefault(name.replace("_", ""), symbol)) is not symbol:
            raise ValueError(
                f"answer: the symbols {other.name!r} and {symbol.name!r} are typed alike; rename one"
            )
    return symbols
