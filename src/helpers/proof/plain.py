"""A SymPy expression on one line of Unicode text, and as LaTeX."""

__all__ = ["one_line", "tex"]

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.str import StrPrinter

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _OneLinePrinter(StrPrinter):
    def _print_Symbol(self, expr: Any) -> str:
        return pretty_symbol(expr.name)

    _print_Dummy = _print_MatrixSymbol = _print_Symbol

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp.is_Integer and expr.exp > 1:
            base = self.parenthesize(expr.base, PRECEDENCE["Pow"], strict=False)
            return base + str(expr.exp).translate(SUPERSCRIPTS)
        return super()._print_Pow(expr, rational)

    def _print_Relational(self, expr: Any) -> str:
        sign = {"==": "=", "<=": "≤", ">=": "≥", "!=": "≠"}.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return self._join(expr, " and ")

    def _print_Or(self, expr: Any) -> str:
        return self._join(expr, " or ")

    def _join(self, expr: Any, word: str) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return word.join(
            f"({self._print(p)})" if p.args and p.is_Boolean and not p.is_Relational else self._print(p)
            for p in parts
        )

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "false"

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "i"

    def _print_Pi(self, expr: Any) -> str:
        return "π"

    def _print_Float(self, expr: Any) -> str:
        return f"{float(expr):.8g}"

    def _print_MatrixBase(self, expr: Any) -> str:
        return (
            "["
            + "; ".join(", ".join(self._print(entry) for entry in expr.row(i)) for i in range(expr.rows))
            + "]"
        )

    _print_ImmutableDenseMatrix = _print_MutableDenseMatrix = _print_MatrixBase


def one_line(expression: Any) -> str:
    """The expression on one line: Greek letters, superscripts, `=`, `≤`, matrices row by row."""
    return _OneLinePrinter().doprint(expression)


def tex(expression: Any) -> str:
    """LaTeX, matrices in brackets; an expression built with `evaluate=False` keeps the order of its terms."""
    kept = {"order": "none"} if _is_unevaluated(expression) else {}
    return sp.latex(expression, mat_str="bmatrix", mat_delim="", **kept)


def _is_unevaluated(expression: Any) -> bool:
    return any(
        node.is_Add and node.func(*node.args).args != node.args
        for node in sp.preorder_traversal(expression)
        if isinstance(node, sp.Expr)
    )
