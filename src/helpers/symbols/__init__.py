r"""The book's notation: each symbol once, with its meaning, its name in code and the chapters that use it.

A chapter takes its SymPy symbols from here, so that a letter has one meaning and one set of assumptions in all of it;
the appendix on notation is a table of the same entries.
"""

__all__ = ["CHAPTERS", "ENTRIES", "Chapter", "Entry", "Notation", "by_chapter", "merged", "table"]

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import sympy as sp

from helpers.arguments import checked, instance, one_of, optional, several, size, words
from helpers.notation import to_latex
from helpers.symbols.entry import Entry


class Chapter(NamedTuple):
    """A chapter of the book: its title in a word or two, and its page below `book/`, without the ending."""

    title: str
    page: str


CHAPTERS = {
    "tools": Chapter("Tools", "invertible_maps/tools"),
    "change_of_variables": Chapter("Change of variables", "invertible_maps/change_of_variables"),
    "flows_on_a_line": Chapter("Flows on a line", "invertible_maps/flows_on_a_line"),
    "radial_flows": Chapter("Radial flows", "invertible_maps/radial_flows"),
    "coupling": Chapter("Coupling layers", "invertible_maps/coupling"),
    "invertible_convolution": Chapter("1×1 convolutions", "invertible_maps/invertible_convolution"),
    "learned_density": Chapter("A flow that learns", "invertible_maps/learned_density"),
    "divergence": Chapter("Divergence", "inference/divergence"),
    "gaussian_divergence": Chapter("Gaussian divergences", "inference/gaussian_divergence"),
    "gradients": Chapter("Gradients of expectations", "inference/gradients"),
    "evidence_bound": Chapter("The evidence bound", "inference/evidence_bound"),
    "amortised_inference": Chapter("Amortised inference", "inference/amortised_inference"),
    "importance_weighting": Chapter("Importance weighting", "inference/importance_weighting"),
    "autoencoder": Chapter("A measured autoencoder", "inference/autoencoder"),
    "convolution": Chapter("Convolutions", "networks/convolution"),
    "masked_convolution": Chapter("Masked convolutions", "networks/masked_convolution"),
    "autoregressive_model": Chapter("A model that draws", "networks/autoregressive_model"),
    "initialization": Chapter("Initialisation", "networks/initialization"),
    "games": Chapter("Games", "games/index"),
    "training_methods": Chapter("Training methods", "games/training_methods"),
}
"""The chapters in the order of the book. The symbols of each are in the module of its name in this package."""


@checked(entries=instance(Mapping))
def merged(entries: Mapping[str, Iterable[Entry]]) -> tuple[Entry, ...]:
    """The entries of all chapters in one tuple: what several chapters have alike is one entry of all of them."""
    found: dict[Entry, tuple[str, ...]] = {}
    for chapter, own in entries.items():
        for entry in own:
            found[entry] = (*found.get(entry, ()), chapter)
    return tuple(replace(entry, chapters=chapters) for entry, chapters in found.items())


ENTRIES: tuple[Entry, ...] = merged(
    {chapter: importlib.import_module(f"helpers.symbols.{chapter}").ENTRIES for chapter in CHAPTERS}
)
"""Every symbol of the book; those of a chapter in the order in which they first stand there."""


@checked(entries=several(instance(Entry), least=0))
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
                        f"{other.meaning!r} and {entry.meaning!r}; expected one meaning"
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

    @checked(chapter=one_of(CHAPTERS))
    def __init__(self, chapter: str) -> None:
        if chapter not in CHAPTERS:
            raise ValueError(f"chapter: expected one of {', '.join(CHAPTERS)}, got {chapter!r}")
        self.chapter = chapter
        self._entries = by_chapter()[chapter]

    @checked(codes=words)
    def __call__(self, codes: str) -> Any:
        """The symbol of that name, or a tuple of them for several names with spaces between.

        Raises ValueError for a name that the chapter has no SymPy symbol for.
        """
        symbols = {entry.code: entry.symbol for entry in self._entries if entry.symbol is not None}
        names = codes.split()
        if not names or (unknown := [name for name in names if name not in symbols]):
            wrong = f"no symbol {', '.join(unknown)}" if names else "no name"
            raise ValueError(
                f"codes: got {wrong}, expected symbols of the chapter {self.chapter!r}; add it to helpers.symbols"
            )
        found = tuple(symbols[name] for name in names)
        return found if len(found) > 1 else found[0]

    @checked(names=words, shape=optional(several(size(1), least=2, most=2)))
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

    @checked(names=words)
    def function(self, names: str, **assumptions: bool) -> Any:
        """Undefined functions by their names with spaces between; the assumptions are on their values.

        A letter that the chapter explains without a SymPy symbol, as a function in words, may be the name of one.
        Raises ValueError without a name, and for a letter that is a symbol of the chapter.

        >>> F, G = Notation("games").function("p q", real=True)
        >>> F(0).is_real
        True
        """
        taken = {entry.latex: entry.meaning for entry in self._entries if entry.symbol is not None}
        made = tuple(sp.Function(name, **assumptions) for name in names.split())
        if not made:
            raise ValueError(f"names: got {names!r}, expected at least one name")
        for function in made:
            if (latex := to_latex(sp.Symbol(function.__name__))) in taken:
                raise ValueError(
                    f"names: {function.__name__} stands for {taken[latex]!r} in the chapter {self.chapter!r}"
                )
        return made if len(made) > 1 else made[0]


@checked(entries=several(instance(Entry), least=0))
def table(entries: Iterable[Entry] = ENTRIES) -> str:
    """The entries as a table in Markdown, by their names in code; chapters link to `../<page>.md`."""
    lines = ["| symbol | meaning | name in code | chapter |", "|---|---|---|---|"]
    for entry in sorted(entries, key=_place):
        meaning = (
            f"{entry.meaning} <small>{entry.assumptions}</small>" if entry.assumptions else entry.meaning
        )
        chapters = ", ".join(
            f"[{CHAPTERS[chapter].title}](../{CHAPTERS[chapter].page}.md)" for chapter in entry.chapters
        )
        code = f"`{entry.code}`" if entry.code else "–"
        latex = entry.latex.replace(r"\|", r"\Vert ")  # a bar would end the cell
        symbol = f'<span id="{entry.anchor}"></span>${latex}$'
        lines.append(f"| {symbol} | {meaning} | {code} | {chapters} |")
    return "\n".join(lines)


def _place(entry: Entry) -> tuple[str, str]:
    letters = "".join(character for character in entry.latex if character.isalpha())
    return letters.lower(), entry.latex
