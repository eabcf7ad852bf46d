"""What an author writes in a derivation: the value that is decided, and the text that the reader sees."""

__all__ = ["Written", "read"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.notation import one_line, to_latex


@dataclass(frozen=True)
class Written:
    """An expression: `value` is decided; `text` and `latex` are shown."""

    value: Any
    text: str
    latex: str


def read(given: Any, where: Mapping[Any, Any] | None = None) -> Written:
    """`given` as a `Written`: an expression, a tuple of conditions, or a function without arguments.

    A function is called twice: evaluated for the value, and with SymPy's evaluation switched off for the text,
    so that the reader sees the order in which its author wrote it. Matrix expressions have no unevaluated
    form in SymPy and are shown as they are. `where` is put into the value only,
    in its order, so that a later abbreviation may define a symbol that an earlier one uses.
    """
    is_function = callable(given) and not isinstance(given, sp.Basic | sp.MatrixBase | type)
    value = given() if is_function else given
    if isinstance(value, tuple):
        parts = [
            read((lambda i=i: given()[i]) if is_function else value[i], where) for i in range(len(value))
        ]
        return Written(
            sp.And(*(part.value for part in parts)),
            " and ".join(part.text for part in parts),
            r"\ \text{and}\ ".join(part.latex for part in parts),
        )
    value = _expression(value)
    shown, as_written = value, False
    if is_function and not value.has(sp.MatrixExpr, sp.MatrixBase):
        with sp.evaluate(False):
            shown, as_written = _expression(given()), True
    return Written(
        _put_in(value, where or {}),
        one_line(shown, as_written=as_written),
        to_latex(shown, as_written=as_written),
    )


def _expression(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError(f"expression: expected a SymPy expression, got the string {value!r}")
    return sp.ImmutableMatrix(value) if isinstance(value, sp.MatrixBase) else sp.sympify(value)


def _put_in(value: Any, where: Mapping[Any, Any]) -> Any:
    if not where:
        return value
    for symbol, meaning in where.items():  # in their order: a later one may define what an earlier one uses
        value = value.subs(symbol, meaning)
    value = value.replace(
        lambda node: (
            isinstance(node, sp.Determinant) and all(sp.sympify(n).is_Integer for n in node.arg.shape)
        ),
        lambda node: node.arg.as_explicit().det(),
    )
    # A product or a power of matrices that are now explicit is worked out.
    return value.doit() if value.has(sp.MatrixExpr) else value
