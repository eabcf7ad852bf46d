"""What an exercise holds back until the reader asks for it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

from helpers.proof import Derivation
from helpers.proof.derivation_html import to_html, words

__all__ = ["part_to_html", "places_of", "rotated"]


_ALPHABETS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_ROTATION = str.maketrans({a[i]: a[i - len(a) // 2] for a in _ALPHABETS for i in range(len(a))})


def rotated(text: str) -> str:
    """The text with each letter and digit half its alphabet further on; rotated twice, it is itself again.

    Not secret, but nothing that an eye or a search falls upon. What repeats in the text repeats in this: it is
    compressed as well, which base64 is not.
    """
    return text.translate(_ROTATION)


def part_to_html(part: str | Derivation) -> str:
    """Words or a derivation of a solution, as HTML without the places that the ledger leads to.

    In the page these stand beside the exercise (`places_of`), whether its solution is unfolded or not.
    """
    if isinstance(part, str):
        return f"<p>{words(part)}</p>"
    return re.sub(r' id="(?:step|claim)-[^"]*"|<span data-ledger="[^"]*"></span>', "", to_html(part))


def places_of(derivations: Iterable[Derivation]) -> list[str]:
    """The places that the ledger's rows for the steps of these derivations lead to."""
    return [f"{part.anchor}-{number + 1}" for part in derivations for number in range(len(part.steps))]
