"""What an erratum of the problem sheets is, as data: a false claim, a chain with a false step, or no claim."""

__all__ = ["Claim", "FalseClaim", "FalseStep", "NoClaim", "Number", "gaussian"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from helpers.proof import Verdict, decide


@dataclass(frozen=True)
class Claim:
    """`lhs relation rhs` on a domain, as `decide` takes it."""

    lhs: Any
    rhs: Any
    relation: str = "=="
    domain: Any = None

    def decide(self) -> Verdict:
        return decide(self.lhs, self.rhs, self.relation, domain=self.domain)


@dataclass(frozen=True)
class Number:
    """The two numbers that show a mistake at one point: what the sheet gives there, and what is right.

    Attributes:
        printed, correct: as the list of errata gives them, decimals rounded to four places.
        at: symbol → value, matrix symbol → matrix, undefined function → `Lambda`.
        of: the expressions that have these values at the point; by default the right sides of the two claims.
            None for a number that the sheet asserts and no formula gives.
    """

    printed: str
    correct: str
    at: Mapping[Any, Any] = field(default_factory=dict)
    of: tuple[Any, Any] | None = None


@dataclass(frozen=True)
class FalseClaim:
    """A claim that the sheet makes and `decide` refutes, beside the corrected one.

    Attributes:
        id: of the list of errata.
        title: what the mistake is.
        printed: the sheet's claim, as general as it is made.
        corrected: what holds instead.
        number: see there, or None.
        evidence: what `decide` answers on the corrected claim, at the least: proved or sampled.
    """

    id: str
    title: str
    printed: Claim
    corrected: Claim
    number: Number | None = None
    evidence: str = "proved"


@dataclass(frozen=True)
class FalseStep:
    """A chain for `find_flaw`: `steps[index]` does not follow from the expression before it."""

    id: str
    title: str
    steps: tuple[Any, ...]
    index: int
    corrected: tuple[Any, ...]
    domain: Any = None
    number: Number | None = None


@dataclass(frozen=True)
class NoClaim:
    """An erratum that asserts no equality and no inequality; `supplied` is what was left out, where it is one."""

    id: str
    title: str
    reason: str
    supplied: Claim | None = None


def gaussian(variable: Any, mean: Any, scale: Any) -> Any:
    """The density of N(mean, scale²) at the variable; `scale` is a standard deviation."""
    return sp.exp(-((variable - mean) ** 2) / (2 * scale**2)) / (sp.sqrt(2 * sp.pi) * scale)
