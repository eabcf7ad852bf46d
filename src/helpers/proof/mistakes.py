"""Known mistakes: what solutions of an exercise get wrong or leave out, each with a number that shows it."""

__all__ = ["FAULTS", "Mistake", "mistake"]

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import sympy as sp

from helpers.arguments import checked, one_of
from helpers.proof import ledger
from helpers.proof.derivation_html import words

FAULTS = {
    "error": "error",
    "missing": "missing condition or step",
    "notation": "notation",
    "misprint": "misprint",
}
"""The kinds of a mistake, and how the book calls them."""


@dataclass(frozen=True)
class Mistake:
    """A mistake as it stands in the ledger; shows itself as a box with what is right, and the two numbers.

    Attributes:
        erratum, title, fault, instead, quantity: as given to `mistake`.
        printed, right: the two numbers as text.
    """

    erratum: str
    title: str
    fault: str
    instead: str
    quantity: str
    printed: str
    right: str

    @property
    def anchor(self) -> str:
        """Its name in addresses."""
        return self.erratum.lower()

    def __str__(self) -> str:
        return (
            f"{self.title} [{FAULTS[self.fault]}]\n{self.quantity}: {self.right}, by the claim {self.printed}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return (
            f'<aside class="mistake" data-erratum="{self.erratum}" role="note" aria-label="What is right">\n'
            f"<p>{words(self.instead)}</p>\n"
            f"<p>{numbers_to_html(self.quantity, self.printed, self.right)}</p>\n"
            # The place of a link to the list of mistakes, which the built book fills.
            f'<p class="mistake-link"><span data-mistake="{self.anchor}"></span></p></aside>'
        )


@checked(fault=one_of(FAULTS))
def mistake(
    erratum: str, title: str, *, fault: str, instead: str, quantity: str, printed: Any, right: Any
) -> Mistake:
    """Enter a known mistake into the ledger, with a number that shows it.

    What it claims, as far as that is an equality or an inequality, is refuted beside it: `refute` and
    `find_flaw` take the same `erratum`.

    Args:
        erratum: its name in the list of known mistakes, E999-1.
        title: what is claimed, in words; may hold TeX between dollar signs, as the next two.
        fault: a key of `FAULTS`.
        instead: what is right, in a sentence or two.
        quantity: what the two numbers are.
        printed: the number that follows from the mistake; right: the right one. Both are computed, never typed: a
            number, a truth value, or an array, matrix or list of such.

    Raises ValueError for an argument of another kind, and for two numbers that read the same.

    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> at = {x: sp.Rational(1, 2)}
    >>> mistake(
    ...     "E999-1", "A square of a sum is the sum of squares", fault="error", instead="The mixed term is missing.",
    ...     quantity="$(x + 1)^2$ at $x = 1/2$", printed=(x**2 + 1).subs(at), right=((x + 1) ** 2).subs(at),
    ... )
    A square of a sum is the sum of squares [error]
    $(x + 1)^2$ at $x = 1/2$: 2.25, by the claim 1.25
    """
    if not (erratum := ledger.check_erratum(erratum)):
        raise ValueError("erratum: expected a name such as E999-1, got none")
    for name, text in (("title", title), ("instead", instead), ("quantity", quantity)):
        if not isinstance(text, str) or not text:
            raise ValueError(f"{name}: expected words, got {text!r}")
    if fault not in FAULTS:
        raise ValueError(f"fault: expected one of {', '.join(FAULTS)}, got {fault!r}")
    found = Mistake(
        erratum, title, fault, instead, quantity, _as_text("printed", printed), _as_text("right", right)
    )
    if found.printed == found.right:
        raise ValueError(f"printed, right: expected two different numbers, got {found.right} twice")
    ledger.record(
        ledger.Entry(
            kind="mistake",
            title=title,
            anchor=found.anchor,
            statement=f"{quantity}: {_typeset(found.printed)}",
            latex="",
            why=instead,
            mark="refuted",
            method=f"Refuted by two computed numbers: {_typeset(found.right)},"
            f" by the claim {_typeset(found.printed)}.",
            erratum=erratum,
            fault=fault,
            quantity=quantity,
            printed=found.printed,
            right=found.right,
        )
    )
    return found


def numbers_to_html(quantity: str, printed: str, right: str) -> str:
    """What the two numbers are, the right one and the other."""
    right, printed = (escape(_typeset(number)) for number in (right, printed))
    return (
        f'{words(quantity)}: <strong class="mistake-right">{right}</strong>,'
        f' by the claim <strong class="mistake-printed">{printed}</strong>'
    )


def _typeset(number: str) -> str:
    """With a minus sign, which a hyphen is not."""
    return number.replace("-", "−")


def _as_text(argument: str, value: Any) -> str:
    """Five significant digits of every number."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_as_text(argument, entry) for entry in value)}]"
    if isinstance(value, bool) or value in (sp.true, sp.false):
        return str(bool(value)).lower()
    try:
        number = float(value) if not isinstance(value, str) else math.nan
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise ValueError(f"{argument}: expected a computed number, got {value!r}")
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.5g}"
