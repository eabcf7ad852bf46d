"""One claim of the corpus."""

__all__ = ["Claim"]

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claim:
    """`lhs relation rhs` on `domain`, as `helpers.proof.decide` takes them.

    Attributes:
        name: what is claimed, in a few words; of a false claim, the slip in it.
        source: an item of the book (`kl.2`), an erratum of the problem sheets (`E002-8`) or a standard table.
        sampled: of a true claim, that the engine is known to have evidence for it and no proof.
    """

    name: str
    lhs: Any
    rhs: Any
    relation: str = "=="
    domain: Any = None
    source: str = ""
    sampled: bool = False
