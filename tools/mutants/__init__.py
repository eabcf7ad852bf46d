"""Mutation testing: a wrong change is made in a copy of `src/helpers`, and the tests of that file must notice it.

`mathematical` reads the mistakes that are listed by hand, `general` draws from those that Cosmic Ray makes, `trial`
runs the tests on one after another.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "helpers"


@dataclass(frozen=True)
class Mutant:
    """One wrong change.

    Attributes:
        kind: `"mathematical"` or `"general"`.
        file: the module, below `src/helpers`.
        text: the whole module with the change.
        wrong: what is wrong, in a phrase.
        tests: files below `tests`, run one after another until one fails, as one at least must; `-k` and a word
            after a file choose its cases.
    """

    kind: str
    file: str
    text: str
    wrong: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.wrong}"
