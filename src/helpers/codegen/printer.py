"""What the printers of all backends share: numbers are written so that each language reads the same."""

import re
from collections.abc import Iterable

from sympy import Expr, Pow, Rational, S, Symbol
from sympy.printing.codeprinter import CodePrinter, PrintMethodNotImplementedError
from sympy.printing.precedence import PRECEDENCE

__all__ = ["Printer"]

# Integers beyond this are not all float64 numbers; a literal of them is written as the nearest float.
_LARGEST_EXACT_INTEGER = 2**53


class Printer(CodePrinter):
    """SymPy's code printer for one language.

    A subexpression without symbols is evaluated once here, to the nearest float64, and printed as a number.
    A subclass gives `known_functions` (SymPy class name to name in the language) and the hooks below.
    """

    printmethod = "_derivations_code"
    infinity: str
    not_a_number: str

    def __init__(self, names: dict[Symbol, str]):
        super().__init__()
        self.names = names

    def power(self, base: Expr, exponent: Expr) -> str:
        raise NotImplementedError

    def complex_number(self, value: complex) -> str:
        raise NotImplementedError

    def select(self, condition, value: Expr, otherwise: str) -> str:
        raise NotImplementedError

    def call(self, name: str, arguments: Iterable[Expr]) -> str:
        return f"{name}({', '.join(map(self.operand, arguments))})"

    def operand(self, expr: Expr) -> str:
        """`expr` as an argument of a function, where an array language may not take a bare number."""
        return self._print(expr)

    def _format_code(self, lines):
        return lines

    def _print(self, expr, **kwargs):
        if isinstance(expr, Expr) and not isinstance(expr, Symbol) and not expr.free_symbols:
            return self._constant(expr)
        try:
            return super()._print(expr, **kwargs)
        except PrintMethodNotImplementedError as error:
            raise ValueError(
                f"expr: {type(expr).__name__} cannot be written in {self.language}: {expr}"
            ) from error

    def parenthesize(self, item, level, strict=False):
        text = self._print(item)
        # a call or a number that brings its own parentheses needs no second pair
        return text if re.fullmatch(r"[\w.]*\([^()]*\)", text) else super().parenthesize(item, level, strict)

    def _constant(self, expr: Expr) -> str:
        if isinstance(expr, Rational) and max(abs(expr.p), expr.q) <= _LARGEST_EXACT_INTEGER:
            return str(expr.p) if expr.q == 1 else f"({expr.p}/{expr.q})"
        value = expr.evalf(20)
        try:
            if value is S.ComplexInfinity:
                raise TypeError("division by zero")
            value = float(value) if value.is_extended_real or value is S.NaN else complex(value)
        except TypeError as error:
            raise ValueError(
                f"expr: {expr} is not a number, so it cannot be written in {self.language}; expected one"
            ) from error
        if isinstance(value, complex):
            return self.complex_number(value)
        if value != value:
            return self.not_a_number
        text = self.infinity if abs(value) == float("inf") else repr(abs(value))
        return text if value >= 0 else f"(-{text})"

    def _print_Symbol(self, expr):
        return self.names[expr]

    _print_Dummy = _print_Symbol

    def _print_Pow(self, expr):
        base, exponent = expr.args
        if exponent.is_Rational and exponent < 0:
            divisor = base if exponent == -1 else Pow(base, -exponent)
            return f"(1/{self.parenthesize(divisor, PRECEDENCE['Pow'])})"
        if exponent == S.Half:
            return self.call(self.known_functions["sqrt"], [base])
        return self.power(base, exponent)

    def _print_Function(self, expr):
        name = self.known_functions.get(type(expr).__name__)
        return super()._print_Function(expr) if name is None else self.call(name, expr.args)

    # Max and Min come here
    _print_Expr = _print_Function

    def _print_Piecewise(self, expr):
        text = self.operand(S.NaN)
        for value, condition in reversed(expr.args):
            text = self.operand(value) if condition is S.true else self.select(condition, value, text)
        return text
