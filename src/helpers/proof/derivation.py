"""A derivation: a chain of expressions, each joined to the one before by a relation that has been checked."""

__all__ = ["Derivation", "DerivationError", "Flaw", "Lemma", "Step", "find_flaw"]

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpers.notation import one_line
from helpers.proof.domain import Domain
from helpers.proof.equality import RELATIONS, decide
from helpers.proof.verdict import Verdict
from helpers.proof.written import Written, read, resolve

SIGNS = {"==": "=", "<=": "≤", "<": "<", ">=": "≥", ">": ">", "<=>": "⟺", "=>": "⟹"}
TEX_SIGNS = {"==": "=", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">", "<=>": r"\iff", "=>": r"\implies"}
_UPWARD, _DOWNWARD = ("<=", "<"), (">=", ">")


class DerivationError(Exception):
    """A step that does not hold, or that nothing could decide. `verdict` says which, `step` counts from 1."""

    def __init__(self, message: str, step: int, verdict: Verdict) -> None:
        super().__init__(message)
        self.step = step
        self.verdict = verdict


@dataclass(frozen=True)
class Lemma:
    """A result that is cited, not proved here, with a numeric check of its own.

    Attributes:
        name: as it is called, "Jensen's inequality".
        statement: one sentence.
        reference: where it is proved, in words.
        check: called once, when the lemma is made; a verdict that is proved or sampled, or True, passes.

    Raises ValueError where the check fails, so that there is no lemma that has not passed.
    """

    name: str
    statement: str
    reference: str
    check: Callable[[], Verdict | bool]

    def _repr_html_(self) -> str:
        from helpers.proof.derivation_html import lemma_to_html

        return lemma_to_html(self)

    def __post_init__(self) -> None:
        result = self.check()
        passed = result.status in ("proved", "sampled") if isinstance(result, Verdict) else result is True
        if not passed:
            raise ValueError(f"check: the numeric check of the lemma {self.name!r} failed: {result}")


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Attributes:
        relation: how the expression is joined to the one before, one of `helpers.proof.RELATIONS`.
        expression: what was checked.
        text, latex: what the reader sees: the expression as its author wrote it.
        why: the reason in words; may hold TeX between dollar signs.
        verdict: on `previous relation expression`.
        lemma: the cited lemma, or None.
    """

    relation: str
    expression: Any
    text: str
    latex: str
    why: str
    verdict: Verdict
    lemma: Lemma | None = None

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

    def __init__(
        self,
        title: str,
        start: Any,
        *,
        claim_id: str | None = None,
        domain: Any = None,
        where: Mapping[Any, Any] | None = None,
    ) -> None:
        if not isinstance(title, str) or not title:
            raise ValueError(f"title: expected words, got {title!r}")
        self.title = title
        self.claim_id = claim_id
        self.domain = domain
        self.where = {symbol: read(meaning) for symbol, meaning in (where or {}).items()}
        self._meanings = resolve(self.where)
        self.conditions = Domain(domain).conditions
        if constrained := {symbol for c in self.conditions for symbol in c.free_symbols} & set(self.where):
            raise ValueError(
                f"domain: constrains the abbreviation {constrained.pop()}; constrain what it stands for"
            )
        self._first = self._read(start)
        self.steps: list[Step] = []

    @property
    def start(self) -> Any:
        """What the first line stands for."""
        return self._first.value

    def _read(self, given: Any) -> Written:
        return read(given, self._meanings)

    def equals(self, expression: Any, why: str) -> "Derivation":
        """Add `= expression`."""
        return self._add("==", expression, why)

    def at_most(self, expression: Any, why: str) -> "Derivation":
        """Add `≤ expression`."""
        return self._add("<=", expression, why)

    def at_least(self, expression: Any, why: str) -> "Derivation":
        """Add `≥ expression`."""
        return self._add(">=", expression, why)

    def less_than(self, expression: Any, why: str) -> "Derivation":
        """Add `< expression`."""
        return self._add("<", expression, why)

    def greater_than(self, expression: Any, why: str) -> "Derivation":
        """Add `> expression`."""
        return self._add(">", expression, why)

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

    def _add(self, relation: str, given: Any, why: str, lemma: Lemma | None = None) -> "Derivation":
        if relation not in RELATIONS:
            raise ValueError(f"relation: expected one of {RELATIONS}, got {relation!r}")
        if not isinstance(why, str) or not why:
            raise ValueError(f"why: expected the reason in words, got {why!r}")
        used = {step.relation for step in self.steps} | {relation}
        if used.intersection(_UPWARD) and used.intersection(_DOWNWARD):
            raise ValueError(
                f"relation: {SIGNS[relation]} turns the chain around, so its ends would not compare"
            )
        written = self._read(given)
        previous = self.steps[-1].expression if self.steps else self.start
        verdict = decide(previous, written.value, relation, domain=self.domain)
        before = self.steps[-1].text if self.steps else self._first.text
        accepted = ("proved", "sampled") if lemma is None else ("proved", "sampled", "undecided")
        if verdict.status not in accepted or verdict.contradicted:
            reason = verdict.describe_counterexample() if verdict.status == "refuted" else verdict.method
            number = len(self.steps) + 1
            raise DerivationError(
                f"{self.title}, step {number} ({why}) is {verdict.status}:\n"
                f"    {before}\n  {SIGNS[relation]} {written.text}\n{reason}",
                number,
                verdict,
            )
        if verdict.method == "identical" and before != written.text:
            verdict = replace(verdict, method="both sides evaluate to the same expression")
        self.steps.append(Step(relation, written.value, written.text, written.latex, why, verdict, lemma))
        return self

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
            lines.append(f"{formula:<{width}}    {step.why}  [{mark}]")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from helpers.proof.derivation_html import to_html

        return to_html(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/latex": f"$${self.latex()}$$", "text/plain": str(self)}


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


def find_flaw(steps: Sequence[Any], *, domain: Any = None) -> Flaw | None:
    """The first link of a chain of claimed steps that is false, or None if none is.

    Args:
        steps: an expression, then expressions (joined by "==") or pairs (relation, expression).
        domain: as for `decide`.

    Raises:
        ValueError: fewer than two steps.
        DerivationError: a link before the flaw is undecided.
    """
    if len(steps) < 2:
        raise ValueError(f"steps: expected at least two expressions, got {len(steps)}")
    before = read(steps[0]).value
    for index, step in enumerate(steps[1:], start=1):
        paired = isinstance(step, tuple) and len(step) == 2 and isinstance(step[0], str)
        relation, after = step if paired else ("==", step)
        after = read(after).value
        verdict = decide(before, after, relation, domain=domain)
        if verdict.status == "refuted":
            return Flaw(index, relation, before, after, verdict.counterexample or {}, verdict)
        if verdict.status == "undecided":
            claim = f"{one_line(before)} {SIGNS[relation]} {one_line(after)}"
            raise DerivationError(f"step {index}: {claim} is undecided: {verdict.method}", index, verdict)
        before = after
    return None
