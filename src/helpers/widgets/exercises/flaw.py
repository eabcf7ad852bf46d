"""A chain of steps with one that is false, for the reader to find."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

import traitlets

from helpers.proof import Derivation, DerivationError, decide, find_flaw
from helpers.proof.derivation_html import words
from helpers.proof.links import SIGNS, TEX_SIGNS
from helpers.proof.written import read
from helpers.widgets.base import Figure
from helpers.widgets.exercises.arguments import require_identifier, require_words
from helpers.widgets.exercises.hidden import part_to_html, places_of, rotated

__all__ = ["FindTheFlaw"]


class FindTheFlaw(Figure):
    r"""A flawed chain of steps: the reader picks the first false one, and sees the counterexample and the repair.

    What each pick is answered is decided when the figure is made, by `helpers.proof`: in the page it is there,
    rotated, and needs no kernel. The flaw enters the ledger as a mistake.

    Args:
        exercise_id: as for `Exercise`: under it the reader's progress is kept.
        title: what the chain claims, in words; TeX stands between dollar signs.
        steps: an expression, then (expression, reason) or (relation, expression, reason) for every step; an
            expression may be a function, shown as written, as in a `Derivation`.
        repaired: the right chain.
        domain: as for `helpers.proof.decide`.
        erratum: the known mistake that the chain shows, as for `helpers.proof.find_flaw`.

    Raises:
        ValueError: an argument of another kind, or a chain without a false step.
        DerivationError: a step that is undecided.

    Cost: one decision a step.

    Example:
        >>> import sympy as sp
        >>> x = sp.Symbol("x", real=True)
        >>> right = Derivation("Right", lambda: sp.sqrt((x - 1) ** 2))
        >>> chain = FindTheFlaw(
        ...     exercise_id="root", title="The root of a square",
        ...     steps=[
        ...         lambda: sp.sqrt((x - 1) ** 2),
        ...         (lambda: sp.sqrt(x**2 - 2 * x + 1), "expand"),
        ...         (x - 1, "the root undoes the square"),
        ...     ],
        ...     repaired=right.equals(sp.Abs(x - 1), "a root is not negative"),
        ... )
        >>> print(chain.flaw)
        step 2: sqrt(x² - 2*x + 1) = x - 1 is false: at x = 0 the left side is 1, the right side -1
    """

    topic = "exercises"
    widget = "find-the-flaw"
    caption = ""

    content = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        exercise_id: str,
        title: str,
        steps: Sequence[Any],
        repaired: Derivation,
        domain: Any = None,
        erratum: str | None = None,
    ) -> None:
        require_identifier(exercise_id)
        require_words("title", title)
        if not isinstance(repaired, Derivation):
            raise ValueError(f"repaired: expected a Derivation, got {repaired!r}")
        self.exercise_id, self.title, self.repaired = exercise_id, title, repaired
        if not isinstance(steps, list | tuple):
            raise ValueError(f"steps: got {steps!r}, expected a list of them")
        relations, reasons, given = ["=="], [""], [steps[0]] if steps else []
        for step in steps[1:]:
            relation, expression, why = _parts(step)
            require_words("steps", why)
            relations.append(relation)
            reasons.append(why)
            given.append(expression)
        chain = [given[0], *zip(relations[1:], given[1:], strict=True)] if given else []
        flaw = find_flaw(chain, domain=domain, title=title, erratum=erratum)
        if flaw is None:
            raise ValueError(f"steps: expected a false one among them, but {len(given) - 1} hold")
        self.flaw = flaw
        written = [read(expression) for expression in given]
        self._lines = [
            {
                "relation": TEX_SIGNS[relation] if number else "",
                "formula": line.latex,
                "text": f"{SIGNS[relation]} {line.text}" if number else line.text,
                "why": words(why),
            }
            for number, (relation, line, why) in enumerate(zip(relations, written, reasons, strict=True))
        ]
        self._answers = [
            self._answer(number, written[number - 1], written[number], relations[number], domain)
            for number in range(1, len(written))
        ]
        super().__init__()
        self.content = {
            "id": exercise_id,
            "title": words(f"Find the flaw. {title}"),
            "lines": self._lines,
            "hidden": rotated(
                json.dumps({"flaw": flaw.index, "answers": self._answers, "repaired": part_to_html(repaired)})
            ),
        }

    def _answer(self, number: int, before: Any, after: Any, relation: str, domain: Any) -> str:
        """What a pick of this step is told, as HTML."""
        if number == self.flaw.index:
            where = self.flaw.verdict.describe_counterexample()
            return words(f"This step is false: {where}.")
        verdict = decide(before.value, after.value, relation, domain=domain)
        if verdict.status == "undecided":
            raise DerivationError(f"step {number} is undecided: {verdict.method}", number, verdict)
        if verdict.status == "refuted":
            return words("This step is false too, but it is not the first.")
        how = f"It is {verdict.status}: {verdict.method}."
        if number > self.flaw.index:
            return words(f"This step holds, though it starts from a false line. {how}")
        return words(f"This step holds. {how}")

    @property
    def alt(self) -> str:
        """The chain in words, for what shows plain text only."""
        return f"{self.title}. Which step is false? " + "; ".join(line["text"] for line in self._lines)

    def own_name(self) -> str:
        """Its lasting name: links to it hold when another is added before it."""
        return self.exercise_id

    def page_state(self) -> dict[str, Any]:
        """What the page's script needs: everything, since nothing is computed there."""
        return {"content": self.content}

    def fallback(self) -> str:
        """The chain, for a page whose scripts do not run."""
        formulas = (words(f"${line['relation']} {line['formula']}$") for line in self._lines)
        reasons = (line["why"] for line in self._lines)
        lines = "".join(f"<li>{formula} {why}</li>" for formula, why in zip(formulas, reasons, strict=True))
        return (
            f'<p class="dtr-exercise-title">{words(f"Find the flaw. {self.title}")}</p><ol start="0">{lines}</ol>'
            "<noscript><p>(To pick the false step and have it checked, turn JavaScript on.)</p></noscript>"
        )

    def to_html(self) -> str:
        """The figure, after the places that the ledger's rows for the repaired chain lead to."""
        anchors = "".join(
            f'<span id="step-{html.escape(place)}"></span>' for place in places_of([self.repaired])
        )
        return f"{anchors}{super().to_html()}"


def _parts(step: Any) -> tuple[str, Any, Any]:
    if isinstance(step, tuple) and len(step) == 2:
        return ("==", *step)
    if isinstance(step, tuple) and len(step) == 3:
        return step
    raise ValueError(f"steps: expected (expression, reason) or (relation, expression, reason), got {step!r}")
