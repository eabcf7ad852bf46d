"""What an author writes in a derivation: the value that is decided, and the text that the reader sees."""

__all__ = ["Written", "read", "resolve"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.logic.boolalg import Boolean

from helpers.notation import is_compound, one_line, to_latex
from helpers.proof.equality import decide


@dataclass(frozen=True)
class Written:
    """An expression: `value` is decided; `text` and `latex` are shown, in parentheses beside "and" if `compound`."""

    value: Any
    text: str
    latex: str
    compound: bool = False


def read(given: Any, where: Mapping[Any, Any] | None = None) -> Written:
    """`given` as a `Written`: an expression, a tuple of conditions, or a function without arguments.

    A function is called twice: evaluated for the value, and with SymPy's evaluation switched off for the text,
    so that the reader sees the order in which its author wrote it. The two are proved equal. Matrix expressions
    have no unevaluated form in SymPy and are shown as they are. `where`, as `resolve` gives it, is put into the
    value only.

    Raises ValueError for what is no expression, a function whose text is not its value, and an abbreviation that
    would be caught by a bound variable or miss a symbol of the same name.
    """
    is_function = callable(given) and not isinstance(given, sp.Basic | sp.MatrixBase | type)
    try:
        value = given() if is_function else given
    except TypeError as error:
        raise ValueError(
            f"expression: expected an expression, or a function without arguments that gives one: {error}"
        ) from error
    if isinstance(value, tuple):
        parts = [
            read((lambda i=i: given()[i]) if is_function else value[i], where) for i in range(len(value))
        ]
        if not all(isinstance(part.value, Boolean) for part in parts):
            raise ValueError(f"expression: expected conditions in a tuple, got {value!r}")
        return Written(
            sp.And(*(part.value for part in parts)),
            " and ".join(f"({part.text})" if part.compound else part.text for part in parts),
            r"\ \text{and}\ ".join(rf"\left({p.latex}\right)" if p.compound else p.latex for p in parts),
        )
    value = _expression(value)
    shown, as_written = value, False
    if is_function and not value.has(sp.MatrixExpr, sp.MatrixBase):
        shown, as_written = _unevaluated(given, value), True
    return Written(
        _put_in(value, where or {}),
        one_line(shown, as_written=as_written),
        to_latex(shown, as_written=as_written),
        is_compound(shown),
    )


def resolve(where: Mapping[Any, Written]) -> dict[Any, Any]:
    """What each abbreviation stands for, with the other abbreviations put in: the order of `where` plays no part.

    Raises ValueError for a key that is not a symbol, abbreviations that define each other, and a symbol with an
    assumption that its meaning is not known to satisfy: SymPy would simplify by it.
    """
    meanings = {symbol: written.value for symbol, written in where.items()}
    for symbol in meanings:
        if not isinstance(symbol, sp.Symbol | sp.MatrixSymbol):
            raise ValueError(f"where: expected symbols as keys, got {symbol!r}")
    for _ in meanings:
        meanings = {symbol: _put_in(meaning, meanings) for symbol, meaning in meanings.items()}
    for symbol, meaning in meanings.items():
        if meaning.free_symbols & set(meanings):
            raise ValueError(f"where: {symbol} is defined by itself")
        assumed = {} if isinstance(symbol, sp.MatrixSymbol) else symbol._assumptions_orig
        for name, wanted in assumed.items():
            if getattr(meaning, f"is_{name}") is not wanted:
                raise ValueError(
                    f"where: {symbol} is assumed {'' if wanted else 'not '}{name}, which {one_line(meaning)} is not "
                    "known to be"
                )
    return meanings


def _expression(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError(f"expression: expected a SymPy expression, got the string {value!r}")
    if isinstance(value, sp.MatrixBase):
        return sp.ImmutableMatrix(value)
    try:
        found = sp.sympify(value)
    except (sp.SympifyError, TypeError, ValueError, AttributeError):
        found = None
    if not isinstance(found, sp.Expr | Boolean | sp.MatrixExpr):
        raise ValueError(f"expression: expected a SymPy expression, got {value!r}")
    return found


def _unevaluated(given: Any, value: Any) -> Any:
    """What the function returns with evaluation switched off, proved equal to `value`."""
    try:
        with sp.evaluate(False):
            shown = _expression(given())
        # a symbol may stand for either; SymPy counts it among the Booleans
        relation = "<=>" if isinstance(value, Boolean) and not value.is_Symbol else "=="
        same = shown == value or decide(shown, value, relation).status in ("proved", "sampled")
    except Exception as error:  # SymPy's own functions may fail in any way without evaluation
        raise ValueError(
            f"expression: the function for {one_line(value)} fails without evaluation"
        ) from error
    if not same:
        raise ValueError(
            f"expression: the function is shown as {one_line(shown, as_written=True)} but means {one_line(value)}; "
            "write the formula out, without calls that transform it"
        )
    return shown


def _put_in(value: Any, where: Mapping[Any, Any]) -> Any:
    used = {symbol: meaning for symbol, meaning in where.items() if value.has(symbol)}
    names = {str(symbol): symbol for symbol in where}
    for symbol in value.free_symbols:
        if str(symbol) in names and names[str(symbol)] != symbol:
            raise ValueError(f"where: {symbol} in the expression has other assumptions than the abbreviation")
    for symbol, meaning in used.items():
        for node in sp.preorder_traversal(value):
            if symbol in node.free_symbols and _bound(node) & meaning.free_symbols:
                raise ValueError(
                    f"where: {one_line(meaning)} for {symbol} meets a bound variable in {one_line(node)}"
                )
    if not used:
        return value
    value = value.subs(used)
    value = value.replace(
        lambda node: (
            isinstance(node, sp.Determinant) and all(sp.sympify(n).is_Integer for n in node.arg.shape)
        ),
        lambda node: node.arg.as_explicit().det(),
    )
    # A product or a power of matrices that are now explicit is worked out.
    return value.doit() if value.has(sp.MatrixExpr) else value


def _bound(node: Any) -> set:
    if isinstance(node, ExprWithLimits | sp.Subs | sp.Lambda):
        return set(node.bound_symbols)
    if isinstance(node, sp.Derivative):
        return set(node.variables)
    return {node.args[1]} if isinstance(node, sp.Limit) else set()
