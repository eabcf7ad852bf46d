"""Claims outside of derivations: one that must hold, a mistake that must be refuted, the flaw in a chain."""

__all__ = ["Flaw", "claim", "find_flaw", "refute"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.notation import one_line, to_latex
from helpers.proof import ledger
from helpers.proof.derivation import DerivationError
from helpers.proof.domain import Domain
from helpers.proof.equality import RELATIONS, decide
from helpers.proof.links import SIGNS, TEX_SIGNS
from helpers.proof.verdict import Verdict
from helpers.proof.written import Written, read


def claim(
    title: str, lhs: Any, rhs: Any, relation: str = "==", *, domain: Any = None, claim_id: str | None = None
) -> Verdict:
    """Decide `lhs relation rhs` and enter it into the ledger.

    Args:
        title: what is claimed, in words.
        lhs, rhs, relation, domain: as for `decide`; a side may be a function, as in a `Derivation`.
        claim_id: a short name for the claim, unique in the book.

    Returns the verdict, proved or sampled.

    Raises DerivationError for a claim that is refuted or undecided.

    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> claim("The sine is odd", sp.sin(-x), -sp.sin(x)).status
    'proved'
    """
    if claim_id is not None and not isinstance(claim_id, str):
        raise ValueError(f"claim_id: expected words, got {claim_id!r}")
    left, right = _read(title, lhs, rhs, relation)
    verdict = decide(left.value, right.value, relation, domain=domain)
    if verdict.status not in ("proved", "sampled"):
        raise DerivationError(_complaint(title, left, right, relation, verdict), 1, verdict)
    equality = (left.value, right.value, domain) if relation == "==" else None
    said = ledger.testimony(equality, verdict)
    _enter("claim", title, left, right, relation, domain, verdict, verdict.status, claim_id, said)
    return verdict


def refute(
    title: str,
    lhs: Any,
    rhs: Any,
    relation: str = "==",
    *,
    domain: Any = None,
    erratum: str | None = None,
) -> Verdict:
    """Refute the mistake `lhs relation rhs`, and enter it into the ledger as such.

    Args:
        title, lhs, rhs, relation, domain: as for `claim`.
        erratum: the known mistake of which this claim is a part, by the name that `mistake` gives it.

    Returns the verdict, with its counterexample.

    Raises DerivationError for a claim that is not refuted.

    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> refute("A root undoes a square", sp.sqrt(x**2), x).counterexample[x] < 0
    True
    """
    erratum = ledger.check_erratum(erratum)
    left, right = _read(title, lhs, rhs, relation)
    verdict = decide(left.value, right.value, relation, domain=domain)
    if verdict.status != "refuted":
        raise DerivationError(_complaint(title, left, right, relation, verdict), 1, verdict)
    _enter("mistake", title, left, right, relation, domain, verdict, "refuted", None, {"erratum": erratum})
    return verdict


@dataclass(frozen=True)
class Flaw:
    """The first false link of a chain: `before relation after` fails at `counterexample`.

    `index` is the place of `after` in the list given to `find_flaw`, whose first expression has index 0.
    """

    index: int
    relation: str
    before: Any
    after: Any
    counterexample: dict[Any, Any]
    verdict: Verdict

    def __str__(self) -> str:
        claim = f"{one_line(self.before)} {SIGNS[self.relation]} {one_line(self.after)}"
        return f"step {self.index}: {claim} is false: {self.verdict.describe_counterexample()}"


def find_flaw(
    steps: Sequence[Any], *, domain: Any = None, title: str | None = None, erratum: str | None = None
) -> Flaw | None:
    """The first link of a chain of claimed steps that is false, or None if none is.

    Args:
        steps: an expression, then expressions (joined by "==") or pairs (relation, expression).
        domain: as for `decide`.
        title: what is claimed, in words; a flaw found is entered into the ledger under it, as a mistake.
        erratum: as for `refute`; it needs a title.

    Raises:
        ValueError: fewer than two steps, or an erratum without a title.
        DerivationError: a link before the flaw is undecided.

    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> find_flaw([(x + 1) ** 2, x**2 + 2 * x + 1, x**2 + 1]).index
    2
    """
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        raise ValueError(f"steps: expected a sequence of expressions, got {steps!r}")
    if title is not None and not isinstance(title, str):
        raise ValueError(f"title: expected words, got {title!r}")
    if len(steps) < 2:
        raise ValueError(f"steps: expected at least two expressions, got {len(steps)}")
    erratum = ledger.check_erratum(erratum)
    if erratum and title is None:
        raise ValueError("title: expected words, because an erratum is entered under them")
    before = read(steps[0])
    for index, step in enumerate(steps[1:], start=1):
        paired = isinstance(step, tuple) and len(step) == 2 and isinstance(step[0], str)
        relation, after = step if paired else ("==", step)
        after = read(after)
        verdict = decide(before.value, after.value, relation, domain=domain)
        if verdict.status == "refuted":
            flaw = Flaw(index, relation, before.value, after.value, verdict.counterexample or {}, verdict)
            if title is not None:
                latex = f"{before.latex} {TEX_SIGNS[relation]} {after.latex}"
                ledger.record(
                    ledger.Entry(
                        kind="mistake",
                        title=title,
                        anchor=ledger.slug(title, latex),
                        number=index,
                        relation=relation,
                        statement=f"{before.text} {SIGNS[relation]} {after.text}",
                        latex=latex,
                        mark="refuted",
                        method=f"Refuted: {verdict.describe_counterexample()}.",
                        points=verdict.points,
                        seconds=verdict.seconds,
                        erratum=erratum,
                    )
                )
            return flaw
        if verdict.status == "undecided":
            link = f"{before.text} {SIGNS[relation]} {after.text}"
            raise DerivationError(f"step {index}: {link} is undecided: {verdict.method}", index, verdict)
        before = after
    return None


def _read(title: str, lhs: Any, rhs: Any, relation: str) -> tuple[Written, Written]:
    if not isinstance(title, str) or not title:
        raise ValueError(f"title: expected words, got {title!r}")
    if relation not in RELATIONS:
        raise ValueError(f"relation: expected one of {RELATIONS}, got {relation!r}")
    return read(lhs), read(rhs)


def _complaint(title: str, left: Written, right: Written, relation: str, verdict: Verdict) -> str:
    reason = verdict.describe_counterexample() if verdict.status == "refuted" else verdict.method
    return f"{title} is {verdict.status}:\n    {left.text} {SIGNS[relation]} {right.text}\n{reason}"


def _enter(
    kind: str,
    title: str,
    left: Written,
    right: Written,
    relation: str,
    domain: Any,
    verdict: Verdict,
    mark: str,
    claim_id: str | None,
    more: dict[str, str],
) -> None:
    conditions = ", ".join(f"${to_latex(condition)}$" for condition in Domain(domain).conditions)
    latex = f"{left.latex} {TEX_SIGNS[relation]} {right.latex}"
    if mark == "refuted":
        method = f"Refuted: {verdict.describe_counterexample()}."
    else:
        method = f"{mark.capitalize()}: {verdict.method}."
    ledger.record(
        ledger.Entry(
            kind=kind,
            title=title,
            anchor=claim_id or ledger.slug(title, latex + conditions),
            claim_id=claim_id,
            relation=relation,
            statement=f"{left.text} {SIGNS[relation]} {right.text}",
            latex=latex,
            setting=f"for {conditions}" if conditions else "",
            mark=mark,
            method=method,
            points=verdict.points,
            largest_residual=verdict.largest_residual,
            seconds=verdict.seconds,
            **more,
        )
    )
