"""SymPy to LaTeX: how every formula in the book is set."""

import re
from collections.abc import Mapping

from sympy import Basic, MatrixBase, Symbol, latex

from helpers.codegen.program import plain_name

__all__ = ["to_latex"]

# Characters that no formula has: one between the factors of a product, one before a number given as a name.
_TIMES = "\x01"
_NUMBER = "\x02"


def to_latex(expr, names: Mapping[Symbol, str] | None = None) -> str:
    """LaTeX of `expr` in the book's one style: `bmatrix`, Greek letters for Greek names.

    `names` maps symbols to the LaTeX that stands for them, as `{eta: "0.20"}` for a figure's present values.
    A factor before such a number is set off by a dot; parentheses around a negative one are the caller's.
    Raises TypeError where `names` has a key that is not a SymPy symbol or a value that is not a string.

    >>> from sympy import Matrix, symbols
    >>> eta, x = symbols("eta x")
    >>> print(to_latex(Matrix([[1, -eta * x]])))
    \\begin{bmatrix}1 & - \\eta x\\end{bmatrix}
    >>> print(to_latex(2 * eta * x + eta, {eta: "0.20"}))
    2 \\cdot 0.20 x + 0.20
    """
    names = dict(names or {})
    for symbol, text in names.items():
        if not isinstance(symbol, Symbol) or not isinstance(text, str):
            raise TypeError(
                f"names: expected SymPy symbols mapped to LaTeX strings, got {symbol!r}: {text!r}"
            )
        # a bare number, or one in a command as \textcolor{red}{0.20}, but no index as x_{1}
        if re.search(r"(^|(?<![_^])\{)-?\d[\d.]*\}*$", text):
            names[symbol] = _NUMBER + text
    free = expr.free_symbols if isinstance(expr, Basic | MatrixBase) else set()
    # SymPy knows Greek letters by name only, and passes Unicode through as it is
    spelled = {s: latex(Symbol(plain_name(s.name))) for s in free if plain_name(s.name) != s.name}
    text = latex(expr, mat_str="bmatrix", mat_delim="", mul_symbol=_TIMES, symbol_names=spelled | names)
    text = re.sub(rf"{_TIMES}{_NUMBER}|(?<=\d){_TIMES}(?=\d)", r" \\cdot ", text)
    return text.replace(_TIMES, " ").replace(_NUMBER, "")
