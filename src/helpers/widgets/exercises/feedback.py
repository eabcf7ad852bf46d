"""What is said of an answer."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["STATUSES", "Feedback"]

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
