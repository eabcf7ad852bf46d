r"""The book's notation: each symbol once, with its meaning, its name in code and the chapters that use it.

A chapter takes its SymPy symbols from here, so that a letter has one meaning and one set of assumptions in all of it;
the appendix on notation is a table of the same entries.
"""

__all__ = ["CHAPTERS", "ENTRIES", "Entry", "Notation", "by_chapter", "table"]

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.notation import to_latex

CHAPTERS = {"games": "Games"}
"""Folder of each chapter in `book/`, and its title in a word or two."""


@dataclass(frozen=True)
class Entry:
    r"""One symbol of the book.

    Attributes:
        code: its name in the code of the chapters, `eta` or `games.FIELD`; "" for what only the text has.
        meaning: in words; may hold TeX between dollar signs.
        chapters: keys of `CHAPTERS`.
        symbol: the SymPy symbol or matrix symbol, or None for what is none.
        written: the TeX of an entry without a SymPy symbol.
    """

    code: str
    meaning: str
    chapters: tuple[str, ...]
    symbol: Any = None
    written: str = ""

    @property
    def latex(self) -> str:
        """How the reader sees it."""
        return self.written if self.symbol is None else to_latex(self.symbol)

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


def _scalar(code: str, meaning: str, *chapters: str, name: str = "", **assumptions: bool) -> Entry:
    return Entry(code, meaning, chapters, sp.Symbol(name or code, **assumptions))


def _matrix(name: str, rows: Any, columns: Any, meaning: str, *chapters: str) -> Entry:
    return Entry(name, meaning, chapters, sp.MatrixSymbol(name, rows, columns))


def _written(tex: str, code: str, meaning: str, *chapters: str) -> Entry:
    return Entry(code, meaning, chapters, written=tex)


_n, _m = sp.symbols("n m", integer=True, positive=True)

ENTRIES: tuple[Entry, ...] = (
    _scalar("d", "the discriminator's parameter, which ascends", "games", real=True),
    _scalar("g", "the generator's parameter, which descends", "games", real=True),
    _written("V", "games.PAYOFF", "the value of the game, $d\\,g$ or $d^\\top M g$", "games"),
    _written("v", "games.STATE", "the state of the game, $(d, g)$; $v_k$ after $k$ steps", "games"),
    _written("F", "games.FIELD", "the direction in which the players together want to move", "games"),
    _scalar("eta", "the learning rate", "games", positive=True),
    _scalar("k", "number of steps", "games", integer=True, nonnegative=True),
    _matrix("A", 2, 2, "the matrix of one step, the iteration matrix", "games"),
    _matrix("J", 2, 2, "the Jacobian of the field, a clockwise quarter turn", "games"),
    _written("I", "I", "the identity matrix", "games"),
    _written("i", "i", "the imaginary unit", "games"),
    _scalar("lam", "an eigenvalue, or the argument of a characteristic polynomial", "games", name="lambda"),
    _written(
        "\\rho", "games.spectral_radius", "the spectral radius, the largest $\\lvert\\lambda\\rvert$", "games"
    ),
    _written("\\ell", "", "a row vector with $\\ell A = \\lambda\\ell$", "games"),
    _scalar("phi", "an angle", "games", real=True),
    _matrix("R", 2, 2, "the clockwise rotation by an angle, which stands below it", "games"),
    _scalar("d_0", "the discriminator's parameter at the start", "games", real=True),
    _scalar("g_0", "the generator's parameter at the start", "games", real=True),
    _scalar("t", "continuous time", "games", real=True),
    Entry("n", "number of the discriminator's parameters", ("games",), _n),
    Entry("m", "number of the generator's parameters", ("games",), _m),
    _matrix("M", _n, _m, "the matrix of a game with many parameters", "games"),
    _matrix("B", _n + _m, _n + _m, "the matrix of the field in a game with many parameters", "games"),
    _written("s", "", "a singular value of $M$", "games"),
    _scalar("a", "coefficient of $\\lambda$ in $\\lambda^2 + a\\lambda + b$", "games"),
    _scalar("b", "constant term of $\\lambda^2 + a\\lambda + b$", "games"),
    _scalar("lam_1", "one root of $\\lambda^2 + a\\lambda + b$", "games", name="lambda_1"),
    _scalar("lam_2", "the other root of $\\lambda^2 + a\\lambda + b$", "games", name="lambda_2"),
    _written("z", "", "the state as a complex number, $d + ig$", "games"),
    _written("P", "now", "in a step with memory, the matrix of the present state", "games"),
    _written("Q", "then", "in a step with memory, the matrix of the state before", "games"),
    _scalar("d_before", "the discriminator's parameter one step before", "games", name="d_-", real=True),
    _scalar("g_before", "the generator's parameter one step before", "games", name="g_-", real=True),
    _scalar("d_new", "the discriminator's parameter after a step", "games", name="d'", real=True),
    _scalar("g_new", "the generator's parameter after a step", "games", name="g'", real=True),
    _matrix("N", 2, 2, "a matrix whose square is zero", "games"),
    _written("K", "", "number of states in an average", "games"),
    _scalar("gamma", "strength of a penalty", "games", positive=True),
    _scalar("beta", "momentum: the part of the last displacement that is added", "games", real=True),
    _scalar("w", "$\\lambda$ seen from the left half-plane: $\\lambda = (1 + w)/(1 - w)$", "games"),
    _scalar("psi", "the slope of the discriminator in the Dirac-GAN", "games", real=True),
    _scalar("theta", "the number that the generator makes in the Dirac-GAN", "games", real=True),
    _written("x", "", "a datum, as the discriminator sees it", "games"),
    _written("f", "f", "the log-probability of a right answer, by its logit", "games"),
    _written("L", "L", "the value of the Dirac-GAN", "games"),
    _scalar("u", "a logit", "games", real=True),
    _scalar("f_slope", "the slope of $f$ at $\\psi\\theta$", "games", name="f'", positive=True),
    _scalar("psi_new", "the discriminator's slope after a step", "games", name="psiprime", real=True),
    _scalar("theta_new", "the generator's number after a step", "games", name="thetaprime", real=True),
    _written("\\epsilon", "", "Gaussian noise added to a datum", "games"),
    _scalar("sigma", "standard deviation of the noise", "games", positive=True),
    _scalar("c", "the slope that a penalty pulls the discriminator towards", "games", positive=True),
    _scalar("n_d", "the discriminator's steps in one turn", "games", integer=True, positive=True),
    _scalar("n_g", "the generator's steps in one turn", "games", integer=True, positive=True),
    _scalar("h", "the size of a step where a player takes several in one turn", "games", positive=True),
    _matrix("D", 2, 2, "the matrix of the discriminator's steps of one turn", "games"),
    _matrix("G", 2, 2, "the matrix of the generator's steps of one turn", "games"),
)
"""Every symbol of the book; those of a chapter in the order in which they first stand there."""


def by_chapter(entries: Iterable[Entry] = ENTRIES) -> dict[str, tuple[Entry, ...]]:
    """The entries of each chapter, in their order.

    Raises ValueError for an unknown chapter, and where a chapter has two entries of one LaTeX or one name in code.
    """
    found: dict[str, list[Entry]] = {chapter: [] for chapter in CHAPTERS}
    for entry in entries:
        for chapter in entry.chapters:
            if chapter not in found:
                raise ValueError(f"chapters: expected some of {', '.join(CHAPTERS)}, got {chapter!r}")
            for other in found[chapter]:
                if other.latex == entry.latex or (entry.code and other.code == entry.code):
                    raise ValueError(
                        f"entries: {entry.latex!r} ({entry.code}) means two things in the chapter {chapter!r}: "
                        f"{other.meaning!r} and {entry.meaning!r}"
                    )
            found[chapter].append(entry)
    return {chapter: tuple(entries) for chapter, entries in found.items()}


class Notation:
    """The symbols of one chapter, by their names in code.

    Raises ValueError for a chapter that `CHAPTERS` has not.

    >>> notation = Notation("games")
    >>> eta, lam = notation("eta lam")
    >>> lam, eta.is_positive
    (lambda, True)
    """

    def __init__(self, chapter: str) -> None:
        if chapter not in CHAPTERS:
            raise ValueError(f"chapter: expected one of {', '.join(CHAPTERS)}, got {chapter!r}")
        self.chapter = chapter
        self._entries = by_chapter()[chapter]

    def __call__(self, codes: str) -> Any:
        """The symbol of that name, or a tuple of them for several names with spaces between.

        Raises ValueError for a name that the chapter has no SymPy symbol for.
        """
        symbols = {entry.code: entry.symbol for entry in self._entries if entry.symbol is not None}
        names = codes.split()
        if not names or (unknown := [name for name in names if name not in symbols]):
            wrong = f"no symbol {', '.join(unknown)}" if names else "no name"
            raise ValueError(f"codes: got {wrong} of the chapter {self.chapter!r}; add it to helpers.symbols")
        found = tuple(symbols[name] for name in names)
        return found if len(found) > 1 else found[0]

    def local(self, names: str, *, shape: tuple[int, int] | None = None, **assumptions: bool) -> Any:
        """Symbols of one derivation, which the appendix need not list: names with spaces between, and their
        assumptions as for `sympy.Symbol`; matrix symbols where there is a `shape`.

        Raises ValueError for a letter that has a meaning in the chapter.

        >>> x, y = Notation("games").local("x_1 y_1", real=True)
        """
        taken = {entry.latex: entry.meaning for entry in self._entries}
        made = tuple(
            sp.Symbol(name, **assumptions) if shape is None else sp.MatrixSymbol(name, *shape)
            for name in names.split()
        )
        for symbol in made:
            if (latex := to_latex(symbol)) in taken:
                raise ValueError(
                    f"names: {symbol} stands for {taken[latex]!r} in the chapter {self.chapter!r}"
                )
        return made if len(made) != 1 else made[0]


def table(entries: Iterable[Entry] = ENTRIES) -> str:
    """The entries as a table in Markdown, by their names in code; chapters link to `../<chapter>/index.md`."""
    lines = ["| symbol | meaning | name in code | chapter |", "|---|---|---|---|"]
    for entry in sorted(entries, key=_place):
        meaning = (
            f"{entry.meaning} <small>{entry.assumptions}</small>" if entry.assumptions else entry.meaning
        )
        chapters = ", ".join(f"[{CHAPTERS[chapter]}](../{chapter}/index.md)" for chapter in entry.chapters)
        code = f"`{entry.code}`" if entry.code else "–"
        lines.append(f"| ${entry.latex}$ | {meaning} | {code} | {chapters} |")
    return "\n".join(lines)


def _place(entry: Entry) -> tuple[str, str]:
    letters = "".join(character for character in entry.latex if character.isalpha())
    return letters.lower(), entry.latex
