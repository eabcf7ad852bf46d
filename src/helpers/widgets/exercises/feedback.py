"""What is said of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.notation import one_line

__all__ = ["STATUSES", "Feedback", "apart", "minus", "readable"]

STATUSES = ("right", "wrong", "pitfall", "partly", "undefined", "unreadable", "undecided")


@dataclass(frozen=True)
class Feedback:
    """One answer judged.

    * **right**: equal to the answer, everywhere in the domain.
    * **wrong**: not equal, at a point that `text` names.
    * **pitfall**: equal to a wrong answer that the author foresaw; `text` is the author's hint.
    * **partly**: right on a part of the domain, undefined or wrong elsewhere.
    * **undefined**: has a finite real value at no point that was tried.
    * **unreadable**: no formula in the exercise's symbols, or of another shape than the answer.
    * **undecided**: neither shown to be right nor to be wrong.

    `text` may hold TeX between dollar signs.
    """

    status: str
    text: str

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status: expected one of {STATUSES}, got {self.status!r}")

    def __str__(self) -> str:
        return self.text


def apart(yours: Any, right: Any) -> tuple[str, str]:
    """Two values with as many digits as tell them apart, four at least."""
    for digits in (4, 6, 9, 12):
        texts = readable(yours, digits), readable(right, digits)
        if texts[0] != texts[1]:
            return texts
    return one_line(yours), one_line(right)


def readable(value: Any, digits: int = 4) -> str:
    """A number rounded for a reader."""
    number = sp.sympify(value).evalf(20)
    return minus(f"{float(number):.{digits}g}" if number.is_extended_real else one_line(number.evalf(digits)))


def minus(text: str) -> str:
    """The text with real minus signs."""
    return text.replace("-", "−")
