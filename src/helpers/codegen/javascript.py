"""SymPy to JavaScript source: the formula that runs in the page."""

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr, MatrixBase, Symbol
from sympy.printing.precedence import PRECEDENCE

from helpers.codegen.printer import Printer
from helpers.codegen.program import is_safe_name, prepare

__all__ = ["to_javascript"]

_FUNCTIONS = {
    **{name: f"Math.{name}" for name in ("sqrt", "sign", "exp", "log", "floor")},
    **{name: f"Math.{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "atan2")},
    **{name: f"Math.{name}" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{"Abs": "Math.abs", "ceiling": "Math.ceil", "Max": "Math.max", "Min": "Math.min"},
}


class _JavaScriptPrinter(Printer):
    language = "JavaScript"
    infinity = "Infinity"
    not_a_number = "NaN"
    known_functions = _FUNCTIONS
    _operators: ClassVar = {"and": "&&", "or": "||", "not": "!"}

    def power(self, base: Expr, exponent: Expr) -> str:
        if isinstance(base, Symbol) and exponent in (2, 3):
            return f"({'*'.join([self._print(base)] * int(exponent))})"
        return self.call("Math.pow", [base, exponent])

    def complex_number(self, value: complex) -> str:
        raise ValueError(
            f"expr: JavaScript has no complex numbers, got the constant {value}; "
            "expected a real formula: split expr into its real and imaginary parts (expr.as_real_imag())"
        )

    def select(self, condition, value: Expr, otherwise: str) -> str:
        return f"({self._print(condition)} ? {self._print(value)} : {otherwise})"

    def _print_Relational(self, expr):
        operator = {"==": "===", "!=": "!=="}.get(expr.rel_op, expr.rel_op)
        return f"({self._print(expr.lhs)} {operator} {self._print(expr.rhs)})"

    def _print_Mod(self, expr):
        # JavaScript's remainder has the sign of the dividend, SymPy's of the divisor. Adding the divisor only
        # where the signs differ keeps a remainder exact that (a % b + b) % b would round.
        dividend, divisor = (self.parenthesize(argument, PRECEDENCE["Mul"]) for argument in expr.args)
        remainder = f"{dividend} % {divisor}"
        return f"({remainder} + ({remainder} * {divisor} < 0 ? {divisor} : 0))"


def to_javascript(expr, symbols: Sequence[Symbol], name: str) -> str:
    """Source of a JavaScript function `name` that computes `expr` from one number a symbol, in their order.

    A scalar becomes a number, an explicit matrix an array of its rows, a list or tuple an array; they nest.
    Common subexpressions are computed once, in local constants. Parameters are named after the symbols
    (`η` is `eta`, `lambda` is `lambda_`). Nothing throws at run time: outside its domain, on overflow or
    division by zero the function gives NaN or Infinity, as JavaScript does.

    Raises ValueError for a free symbol that is missing in `symbols`, a symbol given twice, a complex
    constant, a function that JavaScript's Math has not, and a `name` that is not a plain identifier.

    >>> from sympy import Matrix, symbols
    >>> eta = symbols("eta")
    >>> print(to_javascript(Matrix([[1, -eta], [eta, 1]]), [eta], "iterationMatrix"))
    function iterationMatrix(eta) {
      return [[1, -eta], [eta, 1]];
    }
    """
    if not isinstance(name, str) or not is_safe_name(name):
        raise ValueError(f"name: expected an ASCII identifier that is not a reserved word, got {name!r}")
    program = prepare(expr, symbols)
    printer = _JavaScriptPrinter(program.names)

    def literal(value) -> str:
        if isinstance(value, MatrixBase):
            value = value.tolist()
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(literal, value))}]"
        return printer.doprint(value)

    lines = [
        *(
            f"  const {printer.names[symbol]} = {printer.doprint(shared)};"
            for symbol, shared in program.shared
        ),
        f"  return {literal(program.values)};",
    ]
    return "\n".join([f"function {name}({', '.join(program.arguments)}) {{", *lines, "}"])
