"""How the book writes a SymPy expression: as LaTeX, and on one line of Unicode text.

The one place that decides: every formula of a derivation, a figure, a table or an error message passes here.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.str import StrPrinter

__all__ = ["one_line", "plain_name", "to_latex"]

# Characters that no formula has: one between the factors of every product, one before a number given as a name.
_TIMES = "\x01"
_NUMBER = "\x02"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain_name(text: str) -> str:
    """`text` with each Greek letter spelled in Latin ones, as SymPy spells it: `η_1` becomes `eta_1`."""
    return "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    match = re.fullmatch(
        r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(character, "").replace("LAMDA", "LAMBDA")
    )
    if not match:
        return character
    case, letter = match.groups()
    return letter.lower() if case == "SMALL" else letter.capitalize()


def to_latex(expr: Any, names: Mapping[sp.Symbol, str] | None = None, *, as_written: bool = False) -> str:
    r"""LaTeX of `expr` in the book's one style: `bmatrix`, Greek letters for Greek names, no leading minus.

    `as_written` keeps the order of terms and factors of an expression that was built without evaluation.
    `names` maps symbols to the LaTeX that stands for them, as `{eta: "0.20"}` for a figure's present values: a
    factor before such a number is set off by a dot; parentheses around a negative one are the caller's. Raises
    TypeError where `names` has a key that is not a SymPy symbol or a value that is not a string.

    >>> eta, x = sp.symbols("eta x")
    >>> print(to_latex(sp.Matrix([[1, 1 - eta * x]])))
    \begin{bmatrix}1 & 1 - \eta x\end{bmatrix}
    >>> print(to_latex(2 * eta * x + eta, {eta: "0.20"}))
    2 \cdot 0.20 x + 0.20
    """
    names = dict(names or {})
    for symbol, text in names.items():
        if not isinstance(symbol, sp.Symbol) or not isinstance(text, str):
            raise TypeError(
                f"names: expected SymPy symbols mapped to LaTeX strings, got {symbol!r}: {text!r}"
            )
        # a bare number, or one in a command as \textcolor{red}{0.20}, but no index as x_{1}
        if re.search(r"(^|(?<![_^])\{)-?\d[\d.]*\}*$", text):
            names[symbol] = _NUMBER + text
    free = expr.free_symbols if isinstance(expr, sp.Basic | sp.MatrixBase) else set()
    # SymPy knows Greek letters by name only, and passes Unicode through as it is
    spelled = {s: sp.latex(sp.Symbol(plain_name(s.name))) for s in free if plain_name(s.name) != s.name}
    text = _Latex(
        {
            "mat_str": "bmatrix",
            "mat_delim": "",
            "mul_symbol": _TIMES,
            "symbol_names": spelled | names,
            "order": "none" if as_written else None,
            "inv_trig_style": "full",
        }
    ).doprint(_flat(expr) if as_written else expr)
    text = re.sub(rf"{_TIMES}{_NUMBER}|(?<=\d){_TIMES}(?=\d)", r" \\cdot ", text)
    return text.replace(_TIMES, " ").replace(_NUMBER, "")


class _Latex(LatexPrinter):
    def _as_ordered_terms(self, expr: sp.Add, order: Any = None) -> list[sp.Expr]:
        if self.order == "none" or expr.func(*expr.args).args != expr.args:
            return list(expr.args)
        return _reader_order(super()._as_ordered_terms(expr, order=order))

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        text = ""
        for i, term in enumerate(self._as_ordered_terms(expr, order=order)):
            negative = _is_negative(term)
            part = _negated(term) if negative else term
            printed = self._print(part)
            if self._needs_add_brackets(part) or (negative and part.is_Add):
                printed = rf"\left({printed}\right)"
            text += ((" - " if i else "- ") if negative else (" + " if i else "")) + printed
        return text

    def _print_MatAdd(self, expr: sp.MatAdd) -> str:
        # the identity first: I + A
        terms = sorted(expr.args, key=lambda term: not term.has(sp.Identity))
        text = ""
        for i, term in enumerate(_reader_order(terms)):
            negative = _is_negative(term) or _is_negative_throughout(term)
            text += (" - " if i else "- ") if negative else (" + " if i else "")
            text += self._print(-term if negative else term)
        return text

    def _print_MatMul(self, expr: sp.MatMul) -> str:
        first, *rest = expr.args
        if isinstance(first, sp.Rational) and first > 0 and rest:
            return f"{self._print(first)} {self._print(expr.func(*rest, evaluate=False))}"
        return super()._print_MatMul(expr)

    def _print_MatrixBase(self, expr: sp.MatrixBase) -> str:
        text = super()._print_MatrixBase(expr)
        # fractions in neighbouring rows would touch
        return text.replace(r"\\", r"\\[0.4em]") if r"\frac" in text else text

    _print_ImmutableDenseMatrix = _print_MutableDenseMatrix = _print_MatrixBase

    def _print_Determinant(self, expr: sp.Determinant) -> str:
        # bars would read as a modulus
        return rf"\det\left({self._print(expr.arg)}\right)"

    def _print_Identity(self, expr: sp.Identity) -> str:
        return "I"

    def _print_ZeroMatrix(self, expr: sp.ZeroMatrix) -> str:
        return "0"

    def _print_Transpose(self, expr: sp.Transpose) -> str:
        return rf"{self.parenthesize(expr.arg, PRECEDENCE['Pow'], True)}^\top"

    def _print_And(self, expr: sp.And) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return r"\ \text{and}\ ".join(map(self._print, parts))

    def _print_BooleanTrue(self, expr: Any) -> str:
        return r"\text{always}"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return r"\text{never}"


def _flat(expr: Any) -> Any:
    """`(a + b) + c`, as Python reads `a + b + c`, is three terms; the same for factors. Nothing is evaluated."""
    if isinstance(expr, sp.MatrixBase) or not isinstance(expr, sp.Basic) or not expr.args:
        return expr
    args = [_flat(arg) for arg in expr.args]
    if isinstance(expr, sp.Add | sp.Mul) and isinstance(args[0], type(expr)):
        args = [*args[0].args, *args[1:]]
    if isinstance(expr, sp.Add | sp.Mul | sp.Pow | sp.Abs):
        return expr.func(*args, evaluate=False)
    return expr if list(expr.args) == args else _rebuilt(expr, args)


def _rebuilt(expr: sp.Basic, args: list) -> sp.Basic:
    with sp.evaluate(False):
        return expr.func(*args)


def _is_negative(term: Any) -> bool:
    """Does the term begin with a minus sign, so that a sum should subtract it?"""
    first = term
    while isinstance(first, sp.Mul | sp.MatMul) and first.args:
        first = first.args[0]
    return bool(first.is_Number and first.is_negative)


def _is_negative_throughout(term: Any) -> bool:
    """Is the coefficient of a matrix a sum of negative terms only, as in (-k - 1) A?"""
    coefficient = term.args[0] if isinstance(term, sp.MatMul) else sp.S.One
    return coefficient.is_Add and all(map(_is_negative, coefficient.args))


def _negated(term: Any) -> Any:
    """`-term` for a term that begins with a minus sign, its factors left in their order."""
    if not isinstance(term, sp.Mul):
        return -term
    first, *rest = term.args
    factors = rest if first == -1 else [-first, *rest]
    return factors[0] if len(factors) == 1 else term.func(*factors, evaluate=False)


def _reader_order(terms: list) -> list:
    """A term without a minus sign first; of two terms, a positive number first: 1 + x², but k + 1."""
    first = next((i for i, term in enumerate(terms) if not _is_negative(term)), 0)
    if len(terms) == 2 and terms[1].is_Number and terms[1].is_positive:
        first = int(not (terms[0].is_Symbol and terms[0].is_integer))
    return [terms[first], *terms[:first], *terms[first + 1 :]]


class _OneLine(StrPrinter):
    def _print_Symbol(self, expr: Any) -> str:
        return pretty_symbol(expr.name)

    _print_Dummy = _print_MatrixSymbol = _print_Symbol

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp.is_Integer and expr.exp > 1:
            base = self.parenthesize(expr.base, PRECEDENCE["Pow"], strict=False)
            return base + str(expr.exp).translate(_SUPERSCRIPTS)
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
        return "always"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "never"

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "i"

    def _print_Pi(self, expr: Any) -> str:
        return "π"

    def _print_Float(self, expr: Any) -> str:
        return f"{float(expr):.8g}"

    def _print_MatMul(self, expr: sp.MatMul) -> str:
        first, *rest = expr.args
        if isinstance(first, sp.Rational) and first > 0 and rest:
            return f"{self._print(first)} {self._print(expr.func(*rest, evaluate=False))}"
        return super()._print_MatMul(expr)

    def _print_MatrixBase(self, expr: Any) -> str:
        rows = (", ".join(self._print(entry) for entry in expr.row(i)) for i in range(expr.rows))
        return f"[{'; '.join(rows)}]"

    _print_ImmutableDenseMatrix = _print_MutableDenseMatrix = _print_MatrixBase


def one_line(expression: Any, *, as_written: bool = False) -> str:
    """The expression on one line: Greek letters, superscripts, `=`, `≤`, matrices row by row.

    `as_written` as for `to_latex`.
    """
    expression = _flat(expression) if as_written else expression
    return _OneLine({"order": "none" if as_written else None}).doprint(expression)
