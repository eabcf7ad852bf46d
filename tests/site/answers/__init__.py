"""What the tests type into the exercises, a module a chapter: right answers, pitfalls, and what must not be read."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Chapter", "chapters"]


@dataclass(frozen=True)
class Chapter:
    """The exercises of one page.

    Attributes:
        page: its address below the site.
        names: all exercises and flawed chains, as they stand on the page.
        forms: exercise → three forms of the right answer, each a list of cells, and pitfall → a piece of its hint.
        giveaways: each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as
            its author does.
    """

    page: str
    names: Sequence[str]
    forms: Mapping[str, tuple[list[list[str]], dict[tuple[str, ...], str]]]
    giveaways: Sequence[str]

    @property
    def flaws(self) -> list[str]:
        """The chains with a false step, of which nothing is typed."""
        return [name for name in self.names if name not in self.forms]


def chapters() -> dict[str, Chapter]:
    """Module → its chapter."""
    return {
        module.name: importlib.import_module(f"{__name__}.{module.name}").CHAPTER
        for module in pkgutil.iter_modules(__path__)
    }
