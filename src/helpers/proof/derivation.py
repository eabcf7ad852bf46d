"""A derivation: a chain of expressions, each joined to the one before by a relation that has been checked."""

__all__ = ["Derivation", "DerivationError", "Step"]

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from helpers.arguments import checked, instance, optional, words
from helpers.notation import one_line, to_latex
from helpers.proof import ledger
from helpers.proof.domain import Domain
from helpers.proof.equality import RELATIONS, decide
from helpers.proof.lemma import Lemma
from helpers.proof.links import (
    IN_EXPECTATION,
    SIGNS,
    TEX_SIGNS,
    UP_TO_CONSTANT,
    as_equality,
    assignments,
    decide_link,
    refuse_a_turn,
    sizes_in_words,
)
from helpers.proof.verdict import Verdict
from helpers.proof.written import Written, read, resolve


class DerivationError(Exception):
    """A step that does not hold, or that nothing could decide. `verdict` says which, `step` counts from 1."""

    def __init__(self, message: str, step: int, verdict: Verdict) -> None:
        super().__init__(message)
        self.step = step
        self.verdict = verdict


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Attributes:
        relation: how the expression is joined to the one before: one of `helpers.proof.RELATIONS`, or a key of
            `helpers.proof.links.SIGNS`.
        expression: what was checked.
        text, latex: what the reader sees: the expression as its author wrote it.
        why: the reason in words; may hold TeX between dollar signs.
        verdict: on `previous relation expression`.
        lemma: the cited lemma, or None.
        of: for an equality up to a constant the symbol, for one in expectation the law; else None.
        by: the derivation that shows the step at length, or None.
    """

    relation: str
    expression: Any
    text: str
    latex: str
    why: str
    verdict: Verdict
    lemma: Lemma | None = None
    of: Any = None
    by: "Derivation | None" = None

    @property
    def mark(self) -> str:
        """`proved`, `sampled` or `cited`."""
        return "cited" if self.lemma else self.verdict.status


class Derivation:
    """A chain of expressions in which every link has been decided; adding a false one raises.

    Args:
        title: what is derived, in words; may hold TeX between dollar signs.
        start: the expression (or condition) it begins with.
        claim_id: a short name for the claim, unique in the book.
        domain: where all steps hold, as for `decide`.
        where: abbreviations, a mapping from SymPy symbols or matrix symbols to what they stand for. The reader
            sees the symbols, and a line that defines them; what is decided is the text with them put in.
        sizes: for matrices of symbolic size, a mapping from size to whole numbers: each step is decided for every
            size, block by block, and at these sizes entry by entry as well; its method says both.

    An expression is what `decide` takes, a tuple of conditions that all hold, or a function without arguments
    that returns an expression. SymPy rearranges what it evaluates: a function is shown as it was written,
    `lambda: (x - 1) ** 2 + y` as (x - 1)² + y.

    The methods that add a step return the derivation, so that calls chain, and raise `DerivationError` if the
    link is refuted or undecided, ValueError if the chain would run both up (≤) and down (≥).

    Example:
        >>> import sympy as sp
        >>> x = sp.Symbol("x")
        >>> print(Derivation("A square", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "multiply out"))
        A square
            (x + 1)²
          = x² + 2*x + 1    multiply out  [proved]
    """

    @checked(claim_id=optional(words), where=optional(instance(Mapping)), sizes=optional(instance(Mapping)))
    def __init__(
        self,
        title: str,
        start: Any,
        *,
        claim_id: str | None = None,
        domain: Any = None,
        where: Mapping[Any, Any] | None = None,
        sizes: Mapping[Any, Iterable[int]] | None = None,
    ) -> None:
        if not isinstance(title, str) or not title:
            raise ValueError(f"title: expected words, got {title!r}")
        self.title = title
        self.claim_id = claim_id
        self.domain = domain
        self.where = {symbol: read(meaning) for symbol, meaning in (where or {}).items()}
        self._meanings = resolve(self.where)
        self.sizes = {symbol: tuple(values) for symbol, values in (sizes or {}).items()}
        assignments(self.sizes)  # refuses what is no size
        self.is_compact = False
        self.conditions = Domain(domain).conditions
        if constrained := {symbol for c in self.conditions for symbol in c.free_symbols} & set(self.where):
            raise ValueError(
                f"domain: constrains the abbreviation {constrained.pop()}; constrain what it stands for"
            )
        self._first = self._read(start)
        self.anchor = claim_id or ledger.slug(title, self._first.latex + self.setting)
        self.steps: list[Step] = []

    @property
    def start(self) -> Any:
        """What the first line stands for."""
        return self._first.value

    @property
    def end(self) -> Any:
        """What the last line stands for."""
        return self.steps[-1].expression if self.steps else self.start

    @property
    def relation(self) -> str:
        """How the first line is related to the last: the weakest of the links between them."""
        links = {step.relation for step in self.steps} - {"=="}
        for strict, weak in (("<", "<="), (">", ">=")):
            if links == {strict, weak}:  # one strict link makes the whole strict
                return strict
        if links == {"<=>", "=>"}:
            return "=>"
        return links.pop() if links else "=="

    @property
    def setting(self) -> str:
        """In TeX between dollar signs: what the abbreviations stand for, and where the steps hold."""
        definitions = ", ".join(
            f"${to_latex(symbol)} = {meaning.latex}$" for symbol, meaning in self.where.items()
        )
        conditions = ", ".join(f"${to_latex(condition)}$" for condition in self.conditions)
        parts = [f"where {definitions}"] * bool(definitions) + [f"for {conditions}"] * bool(conditions)
        if self.sizes:
            parts.append(f"for matrices of every size, and entry by entry for {sizes_in_words(self.sizes)}")
        return "; ".join(parts)

    def _read(self, given: Any) -> Written:
        return read(given, self._meanings)

    def equals(self, expression: Any, why: str, *, by: "Derivation | None" = None) -> "Derivation":
        """Add `= expression`."""
        return self._add("==", expression, why, by=by)

    def at_most(self, expression: Any, why: str, *, by: "Derivation | None" = None) -> "Derivation":
        """Add `≤ expression`."""
        return self._add("<=", expression, why, by=by)

    def at_least(self, expression: Any, why: str, *, by: "Derivation | None" = None) -> "Derivation":
        """Add `≥ expression`."""
        return self._add(">=", expression, why, by=by)

    def less_than(self, expression: Any, why: str, *, by: "Derivation | None" = None) -> "Derivation":
        """Add `< expression`."""
        return self._add("<", expression, why, by=by)

    def greater_than(self, expression: Any, why: str, *, by: "Derivation | None" = None) -> "Derivation":
        """Add `> expression`."""
        return self._add(">", expression, why, by=by)

    def equals_up_to_constant(
        self, expression: Any, symbol: Any, why: str, *, by: "Derivation | None" = None
    ) -> "Derivation":
        """Add an expression that differs from the line before by what does not depend on `symbol`.

        As functions of the symbol both have the same gradient and the same maximisers.
        """
        if not isinstance(symbol, sp.Symbol):
            raise ValueError(f"symbol: expected a SymPy symbol, got {symbol!r}")
        return self._add(UP_TO_CONSTANT, expression, why, by=by, of=symbol)

    def equals_in_expectation(
        self, expression: Any, law: Any, why: str, *, by: "Derivation | None" = None
    ) -> "Derivation":
        """Add an expression with the same expectation under `law` (see `helpers.proof.expectation`)."""
        return self._add(IN_EXPECTATION, expression, why, by=by, of=law)

    def equivalent_to(self, condition: Any, why: str) -> "Derivation":
        """Add `⟺ condition`, after another condition."""
        return self._add("<=>", condition, why)

    def cites(self, lemma: Lemma, expression: Any, why: str, *, relation: str = "==") -> "Derivation":
        """Add a step that rests on a lemma; the link itself must survive being decided.

        Raises DerivationError if the link is refuted, or undecided with numbers against it. One that is merely
        undecided stands, on the lemma.
        """
        if not isinstance(lemma, Lemma):
            raise ValueError(f"lemma: expected a Lemma, got {lemma!r}")
        return self._add(relation, expression, why, lemma)

    def _add(
        self,
        relation: str,
        given: Any,
        why: str,
        lemma: Lemma | None = None,
        *,
        of: Any = None,
        by: "Derivation | None" = None,
    ) -> "Derivation":
        if not isinstance(relation, str) or relation not in (*RELATIONS, UP_TO_CONSTANT, IN_EXPECTATION):
            raise ValueError(f"relation: expected one of {RELATIONS}, got {relation!r}")
        if not isinstance(why, str) or not why:
            raise ValueError(f"why: expected the reason in words, got {why!r}")
        refuse_a_turn([(step.relation, step.of) for step in self.steps] + [(relation, of)])
        written = self._read(given)
        previous, before = self.end, self.steps[-1] if self.steps else self._first
        if by is not None:
            _refuse_unless_it_serves(by, previous, written.value, relation, self.domain)
        verdict = decide_link(relation, previous, written.value, of, self.domain, self.sizes)
        accepted = ("proved", "sampled") if lemma is None else ("proved", "sampled", "undecided")
        if verdict.status not in accepted or verdict.contradicted:
            reason = verdict.describe_counterexample() if verdict.status == "refuted" else verdict.method
            number = len(self.steps) + 1
            raise DerivationError(
                f"{self.title}, step {number} ({why}) is {verdict.status}:\n"
                f"    {before.text}\n  {SIGNS[relation]} {written.text}\n{reason}",
                number,
                verdict,
            )
        if verdict.method == "identical" and before.text != written.text:
            verdict = replace(verdict, method="both sides evaluate to the same expression")
        step = Step(relation, written.value, written.text, written.latex, why, verdict, lemma, of, by)
        self.steps.append(step)
        self._enter(step, before, previous)
        return self

    def _enter(self, step: Step, before: Any, previous: Any) -> None:
        """Write the last step into the ledger."""
        from helpers.proof.derivation_html import explain

        ledger.record(
            ledger.Entry(
                kind="step",
                title=self.title,
                anchor=self.anchor,
                number=len(self.steps),
                claim_id=self.claim_id,
                statement=f"{before.text} {SIGNS[step.relation]} {step.text}",
                latex=f"{before.latex} {TEX_SIGNS[step.relation]} {step.latex}",
                setting=self.setting,
                why=step.why,
                mark=step.mark,
                method=explain(step),
                points=step.verdict.points,
                largest_residual=step.verdict.largest_residual,
                seconds=step.verdict.seconds,
                relation=step.relation,
                **ledger.testimony(
                    as_equality(step.relation, previous, step.expression, step.of, self.domain), step.verdict
                ),
            )
        )

    def compact(self) -> "Derivation":
        """The same derivation for a slide: formulas and marks; the reasons stand with the methods, on hover."""
        twin = copy.copy(self)
        twin.steps = list(self.steps)
        twin.is_compact = True
        return twin

    def latex(self) -> str:
        """The chain as one aligned environment, without reasons and marks."""
        lines = [rf"& {self._first.latex}"]
        lines += [rf"{TEX_SIGNS[step.relation]}{{}}& {step.latex}" for step in self.steps]
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def to_dict(self) -> dict[str, Any]:
        """The chain as plain data: strings, numbers, lists and None only."""
        return {
            "claim_id": self.claim_id,
            "title": self.title,
            "where": {one_line(symbol): meaning.text for symbol, meaning in self.where.items()},
            "conditions": [one_line(condition) for condition in self.conditions],
            "start": {"text": self._first.text, "latex": self._first.latex},
            "steps": [
                {
                    "relation": step.relation,
                    "text": step.text,
                    "latex": step.latex,
                    "why": step.why,
                    "mark": step.mark,
                    "lemma": step.lemma.name if step.lemma else None,
                    "of": str(step.of) if step.of is not None else None,
                    "by": step.by.to_dict() if step.by else None,
                    "status": step.verdict.status,
                    "method": step.verdict.method,
                    "points": step.verdict.points,
                    "domain": step.verdict.domain,
                    "largest_residual": step.verdict.largest_residual,
                }
                for step in self.steps
            ],
        }

    def __str__(self) -> str:
        formulas = [f"  {SIGNS[step.relation]} {step.text}" for step in self.steps]
        width = max((len(formula) for formula in formulas), default=0)
        lines = [self.title]
        lines += [f"  where {one_line(symbol)} = {meaning.text}" for symbol, meaning in self.where.items()]
        lines += [f"  for {one_line(condition)}" for condition in self.conditions]
        lines.append(f"    {self._first.text}")
        for step, formula in zip(self.steps, formulas, strict=True):
            mark = f"cited: {step.lemma.name}" if step.lemma else step.mark
            lines.append(f"{formula:<{width}}    {_with_qualifier(step)}  [{mark}]")
            if step.by:
                lines += [f"      | {line}" for line in str(step.by).splitlines()]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from helpers.proof.derivation_html import to_html

        return to_html(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/latex": f"$${self.latex()}$$", "text/plain": str(self)}


def _with_qualifier(step: Step) -> str:
    """The reason, and of what kind the equality is where it is not plain."""
    if step.relation == UP_TO_CONSTANT:
        return f"{step.why} (up to a constant in {one_line(step.of)})"
    if step.relation == IN_EXPECTATION:
        return f"{step.why} (in expectation)"
    return step.why


def _refuse_unless_it_serves(by: Any, previous: Any, after: Any, relation: str, domain: Any) -> None:
    """Raise ValueError unless `by` shows the step: it is the step, or it rewrites a part of the line before."""
    if not isinstance(by, Derivation) or not by.steps:
        raise ValueError(f"by: expected a Derivation with steps, got {by!r}")
    if (by.start, by.relation, by.end) == (previous, relation, after):
        return
    if by.relation == "==" and hasattr(previous, "has") and previous.has(by.start):
        rewritten = previous.xreplace({by.start: by.end})
        if decide(rewritten, after, relation, domain=domain).status in ("proved", "sampled"):
            return
    raise ValueError(
        f"by: {by.title!r} shows {one_line(by.start)} {SIGNS[by.relation]} {one_line(by.end)}, which neither is this "
        "step nor rewrites a part of the line before into it"
    )
