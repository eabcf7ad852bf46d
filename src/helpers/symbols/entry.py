"""One symbol of the book, and short ways to write one down; each chapter's are in the module of its name."""

__all__ = ["Entry", "matrix", "scalar", "written"]

import re
from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.notation import to_latex


@dataclass(frozen=True)
class Entry:
    r"""One symbol of the book.

    Attributes:
        code: its name in the code of the chapters, `eta` or `games.FIELD`; "" for what only the text has.
        meaning: in words; may hold TeX between dollar signs.
        chapters: keys of `CHAPTERS`, filled in by the registry.
        symbol: the SymPy symbol or matrix symbol, or None for what is none.
        written: the TeX of an entry without a SymPy symbol.
    """

    code: str
    meaning: str
    chapters: tuple[str, ...] = ()
    symbol: Any = None
    written: str = ""

    @property
    def latex(self) -> str:
        """How the reader sees it."""
        return self.written if self.symbol is None else to_latex(self.symbol)

    @property
    def anchor(self) -> str:
        """Its place in the appendix, by the first of its chapters: `symbol-games-eta`."""
        name = re.sub(r"[^A-Za-z0-9_]+", "-", (self.code or self.latex).replace("'", "-prime")).strip("-")
        return f"symbol-{self.chapters[0] if self.chapters else ''}-{name}"

    @property
    def assumptions(self) -> str:
        """What SymPy may assume, in words: `positive`, `real`, `2 × 2`; "" for nothing."""
        if isinstance(self.symbol, sp.MatrixSymbol):
            rows, columns = (f"({to_latex(n)})" if n.is_Add else to_latex(n) for n in self.symbol.shape)
            return f"${rows} \\times {columns}$"
        if self.symbol is None:
            return ""
        kind = "whole" if self.symbol.is_integer else "real" if self.symbol.is_real else "complex"
        if self.symbol.is_positive:
            return "positive" if kind == "real" else "whole, positive"
        return f"{kind}, 0 or greater" if self.symbol.is_nonnegative else kind


def scalar(code: str, meaning: str, *, name: str = "", **assumptions: bool) -> Entry:
    """A number: `name` is SymPy's where it is not `code`, and `assumptions` are as for `sympy.Symbol`."""
    return Entry(code, meaning, symbol=sp.Symbol(name or code, **assumptions))


def matrix(name: str, rows: Any, columns: Any, meaning: str) -> Entry:
    """A matrix symbol; `rows` and `columns` may be symbols."""
    return Entry(name, meaning, symbol=sp.MatrixSymbol(name, rows, columns))


def written(tex: str, code: str, meaning: str) -> Entry:
    """What has no SymPy symbol: its TeX, and its name in code or ""."""
    return Entry(code, meaning, written=tex)
