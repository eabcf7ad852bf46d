"""How the book writes a SymPy expression: as LaTeX, and on one line of Unicode text.

The one place that decides: every formula of a derivation, a figure, a table or an error message passes here.
"""

import re
import unicodedata
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.str import StrPrinter

from helpers.arguments import checked, instance

__all__ = ["is_compound", "one_line", "plain_name", "to_latex"]

# Stands between the factors of a product until it is known what they print; no formula has this character.
_TIMES = "\x01"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@checked(text=instance(str))
def plain_name(text: str) -> str:
    """`text` with each Greek letter spelled in Latin ones, as SymPy spells it.

    >>> plain_name("η_1")
    'eta_1'
    """
    return "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    match = re.fullmatch(
        r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(character, "").replace("LAMDA", "LAMBDA")
    )
    if not match:
        return character
    case, letter = match.groups()
    return letter.lower() if case == "SMALL" else letter.capitalize()


def to_latex(expr: Any, *, as_written: bool = False) -> str:
    r"""LaTeX of `expr` in the book's one style: `bmatrix`, Greek letters for Greek names, no leading minus.

    `as_written` keeps the order of terms and factors of an expression that was built without evaluation.

    >>> eta, x = sp.symbols("eta x")
    >>> print(to_latex(sp.Matrix([[1, 1 - eta * x]])))
    \begin{bmatrix}1 & 1 - \eta x\end{bmatrix}
    """
    _check_written("expr", expr)
    free = expr.free_symbols if isinstance(expr, sp.Basic | sp.MatrixBase) else set()
    # SymPy knows Greek letters by name only, and passes Unicode through as it is
    spelled = {s: sp.latex(sp.Symbol(plain_name(s.name))) for s in free if plain_name(s.name) != s.name}
    settings = {
        "mat_str": "bmatrix",
        "mat_delim": "",
        "mul_symbol": _TIMES,
        "symbol_names": spelled,
        "order": "none" if as_written else None,
        "inv_trig_style": "full",
    }
    text = _Latex(settings).doprint(_flat(expr) if as_written else expr)
    # a number after a number, or a fraction after one, would read as one number
    return re.sub(rf"(?<=[\d}}]){_TIMES}(?=\d|\\frac)", r" \\cdot ", text).replace(_TIMES, " ")


class _Latex(LatexPrinter):
    def _as_ordered_terms(self, expr: sp.Add, order: Any = None) -> list[sp.Expr]:
        if self.order == "none" or expr.func(*expr.args).args != expr.args:
            return list(expr.args)
        return _reader_order(super()._as_ordered_terms(expr, order=order))

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        return self._sum(self._as_ordered_terms(expr, order=order))

    def _print_MatAdd(self, expr: sp.MatAdd) -> str:
        # the identity first: I + A
        return self._sum(_reader_order(sorted(expr.args, key=lambda term: not term.has(sp.Identity))))

    def _sum(self, terms: list) -> str:
        text = ""
        for i, term in enumerate(terms):
            printed = "- " + self._print(-term) if _is_negative_throughout(term) else self._print(term)
            if term.is_Add or isinstance(term, sp.MatAdd) or self._needs_add_brackets(term):
                printed = rf"\left({printed}\right)"
            # A product or a number that prints with a minus sign is subtracted.
            minus = printed.startswith("-")
            text += (" - " if minus else " + ") if i else ("- " if minus else "")
            text += printed[1:].lstrip() if minus else printed
        return text

    def _print_Mul(self, expr: sp.Expr) -> str:
        # SymPy comes here with 1/x, too; and it loses the sign of a negative product in an unevaluated one.
        if self.order != "none" or expr.is_Pow:
            return super()._print_Mul(expr)
        first, *rest = expr.args
        if first is sp.S.NegativeOne and rest:
            inner = rest[0] if len(rest) == 1 else expr.func(*rest, evaluate=False)
            return (
                f"- {self._bracketed(inner) if inner.is_Add or _is_negative(inner) else self._print(inner)}"
            )
        if not any(isinstance(factor, sp.Mul) for factor in expr.args):
            return super()._print_Mul(expr)
        return _TIMES.join(
            self._bracketed(factor)
            if factor.is_Mul or factor.is_Add or _is_negative(factor) or self._needs_mul_brackets(factor)
            else self._print(factor)
            for factor in expr.args
        )

    def _bracketed(self, expr: sp.Expr) -> str:
        return rf"\left({self._print(expr)}\right)"

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        # what follows a derivative or a limit would read as a part of it
        opens = not last and isinstance(expr, sp.Derivative | sp.Limit)
        return opens or super()._needs_mul_brackets(expr, first, last)

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
        return self._joined(expr, r"\ \text{and}\ ")

    def _print_Or(self, expr: sp.Or) -> str:
        return self._joined(expr, r"\ \text{or}\ ")

    def _joined(self, expr: Any, word: str) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return word.join(
            rf"\left({self._print(part)}\right)" if is_compound(part) else self._print(part) for part in parts
        )

    def _print_BooleanTrue(self, expr: Any) -> str:
        return r"\text{always}"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return r"\text{never}"


def is_compound(condition: Any) -> bool:
    """Does the condition need parentheses beside "and" or "or"?"""
    return isinstance(condition, sp.And | sp.Or | sp.Xor | sp.Implies | sp.Equivalent | sp.ITE)


def _flat(expr: Any) -> Any:
    """`(a + b) + c`, as Python reads `a + b + c`, is three terms; the same for factors. Nothing is evaluated."""
    if isinstance(expr, sp.MatrixBase) or not isinstance(expr, sp.Basic) or not expr.args:
        return expr
    args = [_flat(arg) for arg in expr.args]
    if isinstance(expr, sp.Add | sp.Mul) and isinstance(args[0], type(expr)):
        args = [*args[0].args, *args[1:]]
    if isinstance(expr, sp.Mul):
        # the author's factors: SymPy adds ones and nests products
        args = [inner for arg in args for inner in (arg.args if _is_plain_product(arg) else [arg])]
        args = [arg for arg in args if arg is not sp.S.One] or [sp.S.One]
        return args[0] if len(args) == 1 else expr.func(*args, evaluate=False)
    if isinstance(expr, sp.Add | sp.Pow | sp.Abs):
        return expr.func(*args, evaluate=False)
    if list(expr.args) == args:
        return expr
    # for printing only, so nothing of the class's own processing is wanted
    flat = sp.Basic.__new__(type(expr), *args)
    if isinstance(expr, ExprWithLimits):  # a sum or an integral knows this by its own processing alone
        flat.is_commutative = expr.is_commutative
    return flat


def _is_plain_product(factor: Any) -> bool:
    return isinstance(factor, sp.Mul) and not any(map(_is_negative, factor.args))


def _power(base: Any, exponent: Any) -> Any:
    return base if exponent == 1 else sp.Pow(base, exponent, evaluate=False)


def _is_divisor(factor: Any) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_Number and factor.exp.is_negative)


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

    def _print_Mul(self, expr: Any) -> str:
        if self.order != "none":
            return super()._print_Mul(expr)
        above = [factor for factor in expr.args if not _is_divisor(factor)]
        below = [_power(factor.base, -factor.exp) for factor in expr.args if _is_divisor(factor)]
        minus = "-" if above and above[0] is sp.S.NegativeOne and len(above) > 1 else ""
        text = minus + ("*".join(map(self._factor, above[len(minus) :])) or "1")
        if below:
            divisor = "*".join(map(self._factor, below))
            text += f"/({divisor})" if len(below) > 1 else f"/{divisor}"
        return text

    def _factor(self, factor: Any) -> str:
        text = self._print(factor)
        bare = factor.is_Atom and not (factor.is_Rational and not factor.is_Integer) and text[0] != "-"
        return text if bare or factor.is_Function or factor.is_Pow else f"({text})"

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
            f"({self._print(part)})" if is_compound(part) else self._print(part) for part in parts
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

    >>> eta, x = sp.symbols("eta x")
    >>> one_line(sp.Matrix([[1, eta], [-eta, x**2]]))
    '[1, η; -η, x²]'
    """
    _check_written("expression", expression)
    expression = _flat(expression) if as_written else expression
    return _OneLine({"order": "none" if as_written else None}).doprint(expression)


def _check_written(name: str, value: Any) -> None:
    """Refuse arrays and tensors: SymPy's printers take them for something else, or fail."""
    if hasattr(value, "dtype") and getattr(value, "ndim", 0):
        raise ValueError(f"{name}: got {type(value).__name__}, expected a SymPy expression")
