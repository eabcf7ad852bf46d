"""An exercise whose answer is typed and checked: in the page by values, in Jupyter by the proof engine."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

import sympy as sp
import traitlets

from helpers.notation import one_line, plain_name, to_latex
from helpers.proof import Derivation, Verdict, decide
from helpers.proof.derivation_html import words
from helpers.proof.domain import Domain
from helpers.widgets.base import Figure
from helpers.widgets.exercises.arguments import (
    defined,
    explicit,
    parts_of_solution,
    require_identifier,
    require_words,
    typeable_symbols,
)
from helpers.widgets.exercises.checks import EXACT, EXACT_NUMBER, SIMPLE, agree, sample_points, values_at
from helpers.widgets.exercises.feedback import Feedback, apart, minus, readable
from helpers.widgets.exercises.formula import expression_of
from helpers.widgets.exercises.hidden import part_to_html, places_of, rotated

__all__ = ["Exercise"]

CLOSE = 1e-3
ALMOST = 1e-6
PART = 0.25  # of the generic points right, so that more than chance speaks for the formula


class Exercise(Figure):
    r"""A question with a box for the answer, hints one at a time, and a worked solution.

    In a page without a kernel the answer is compared with the right one at about 16 points; the page holds the values
    there, rotated, and never the answer. In Jupyter the formula is sent as a tree and `check` decides it.

    Args:
        exercise_id: a name for the exercise, unique on its page and lasting, since the reader's progress is kept
            under it: lower-case words joined by hyphens.
        title, question: words; TeX stands between dollar signs.
        answer: a SymPy expression, an explicit matrix (answered cell by cell) or a number. Real.
        domain: where the answer must be right, as for `helpers.proof.decide`.
        pitfalls: pairs (wrong answer, hint) for the mistakes that readers make; the hint is shown for that answer.
        hints: words, shown one at a time.
        solution: words, a `Derivation`, or a list of them; shown last.
        tolerance: for an answer that is one number, read off a figure say: how far it may be off. Otherwise an answer
            must be exact.

    Raises ValueError, naming the argument, for a pitfall that is not refuted or that no sample point tells from the
    answer or from another pitfall, for a symbol whose name cannot be typed, and for what is not of the kinds above.
    Cost: one decision a pitfall.

    Example:
        >>> x = sp.Symbol("x", real=True)
        >>> square = Exercise(
        ...     exercise_id="square", title="A square", question="Multiply $(x + 1)^2$ out.", answer=x**2 + 2 * x + 1,
        ...     pitfalls=[(x**2 + 1, "The mixed term $2x$ is missing.")], hints=["Twice $x$ times one."],
        ...     solution="$(x + 1)(x + 1)$",
        ... )
        >>> print(square.check((x + 1) ** 2))
        Right.
        >>> print(square.check(1 + x**2))
        The mixed term $2x$ is missing.
    """

    topic = "exercises"
    widget = "exercise"
    caption = ""

    content = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        exercise_id: str,
        title: str,
        question: str,
        answer: Any,
        domain: Any = None,
        pitfalls: Sequence[tuple[Any, str]] = (),
        hints: Sequence[str] = (),
        solution: Any,
        tolerance: float | None = None,
    ) -> None:
        require_identifier(exercise_id)
        for name, value in (("title", title), ("question", question)):
            require_words(name, value)
        for name, given in (("hints", hints), ("pitfalls", pitfalls)):
            if not isinstance(given, list | tuple):
                raise ValueError(f"{name}: got {given!r}, expected a list of them")
        for hint in hints:
            require_words("hints", hint)
        self.exercise_id, self.title, self.question, self.hints = exercise_id, title, question, list(hints)
        self.answer = explicit("answer", answer)
        self.solution = parts_of_solution(solution)
        self.pitfalls = []
        for pair in pitfalls:
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise ValueError(f"pitfalls: got {pair!r}, expected pairs (wrong answer, hint)")
            require_words("pitfalls", pair[1])
            self.pitfalls.append((explicit("pitfalls", pair[0]), pair[1]))
        self.domain = Domain(domain)
        self.symbols = typeable_symbols([self.answer, *(wrong for wrong, _ in self.pitfalls)], self.domain)
        self.tolerance = self._tolerance(tolerance)
        self._exact = EXACT if self.symbols else EXACT_NUMBER
        self.points = sample_points(self.answer, self.symbols, self.domain)
        self._values = [values_at(self.answer, point) for point in self.points]
        self._examine_pitfalls()
        super().__init__()
        self.content = self._content()
        self.on_msg(self._receive)

    @property
    def alt(self) -> str:
        """The exercise in words, for what shows plain text only."""
        return f"{self.title}. {self.question}"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the answer; a scalar has one of each."""
        return self.answer.shape if isinstance(self.answer, sp.MatrixBase) else (1, 1)

    def _tolerance(self, tolerance: Any) -> float | None:
        if tolerance is None:
            return None
        if self.symbols or isinstance(self.answer, sp.MatrixBase):
            raise ValueError("tolerance: only for an answer that is one number; a formula must be exact")
        is_number = isinstance(tolerance, int | float | sp.Number) and not isinstance(tolerance, bool)
        if not is_number or not 0 < tolerance < 1e6:
            raise ValueError(f"tolerance: got {tolerance!r}, expected a positive number")
        return float(tolerance)

    def _examine_pitfalls(self) -> None:
        seen = [("the answer", self._values)]
        for wrong, _ in self.pitfalls:
            name = one_line(wrong)
            if getattr(wrong, "shape", None) != getattr(self.answer, "shape", None):
                raise ValueError(f"pitfalls: {name} has another shape than the answer, expected the same")
            verdict = decide(wrong, self.answer, domain=self.domain)
            if verdict.status != "refuted":
                raise ValueError(
                    f"pitfalls: expected {name} to be refuted as the answer, but it is {verdict}"
                )
            values = [values_at(wrong, point) for point in self.points]
            if all(value is None for value in values):
                raise ValueError(
                    f"pitfalls: {name} has a finite real value at no sample point, expected some"
                )
            for other, others in seen:
                if all(agree(a, b, self.tolerance, self._exact) for a, b in zip(values, others, strict=True)):
                    raise ValueError(f"pitfalls: no sample point tells {name} from {other}, expected one")
            seen.append((name, values))
        self._pitfall_values = [values for _, values in seen[1:]]

    # What is said of an answer.

    def check(self, answer: Any) -> Feedback:
        """Judge an answer: a SymPy expression, a matrix or a number, or the JSON text of a tree or of rows of trees.

        For trees see `expression_of`. Symbols count by their names. A formula that equals the answer but has no value
        at a sample point (a removable pole, say) is right on a part of the domain only.

        Cost: as `decide`, once for the answer and at most once a pitfall.
        """
        try:
            given = self._read(answer)
        except ValueError as error:
            return Feedback("unreadable", str(error))
        seen = [values_at(given, point) for point in self.points]
        if all(values is None for values in seen):
            here = f"{self._where(self.points[0])}yours has no finite real value."
            return Feedback("undefined", here[0].upper() + here[1:])
        good = [agree(a, b, self.tolerance, self._exact) for a, b in zip(seen, self._values, strict=True)]
        if self.tolerance is not None:
            return (
                Feedback("right", "Right.")
                if all(good)
                else self._pitfall(given) or self._wrong_number(seen[0])
            )
        verdict = decide(given, self.answer, domain=self.domain)
        if verdict.status == "refuted":
            return self._pitfall(given) or self._wrong(verdict, good, seen)
        if not all(good):
            missing = self.points[good.index(False)]
            return Feedback(
                "partly",
                f"Right where it has a value, but {self._where(missing)}yours has no finite real value.",
            )
        if verdict.status == "undecided" and verdict.contradicted:
            return Feedback("undecided", f"This could not be decided: {verdict.method}.")
        return Feedback("right", "Right.")

    def _read(self, answer: Any) -> Any:
        if isinstance(answer, str):
            try:
                tree = json.loads(answer)
            except (json.JSONDecodeError, RecursionError):
                raise ValueError("This is no formula.") from None
            return self._of_trees(tree)
        given = explicit("answer", answer)
        by_name = {symbol.name: symbol for symbol in self.symbols}
        for symbol in given.free_symbols:
            if symbol.name not in by_name:
                raise ValueError(f"“{one_line(symbol)}” is not known here.{self._known()}")
        if (given.shape if isinstance(given, sp.MatrixBase) else (1, 1)) != self.shape:
            raise ValueError(f"The answer has {self.shape[0]} rows and {self.shape[1]} columns.")
        return given.xreplace({symbol: by_name[symbol.name] for symbol in given.free_symbols})

    def _of_trees(self, tree: Any) -> Any:
        symbols = {plain_name(symbol.name): symbol for symbol in self.symbols}
        if not isinstance(self.answer, sp.MatrixBase):
            return defined(expression_of(tree, symbols))
        rows, columns = self.shape
        if (
            not isinstance(tree, list)
            or [isinstance(row, list) and len(row) for row in tree] != [columns] * rows
        ):
            raise ValueError(f"The answer has {rows} rows and {columns} columns.")
        return sp.ImmutableMatrix([[defined(expression_of(cell, symbols)) for cell in row] for row in tree])

    def _known(self) -> str:
        names = ", ".join(map(one_line, self.symbols))
        return f" Known are {names}." if names else " The answer is a number."

    def _pitfall(self, given: Any) -> Feedback | None:
        values = [values_at(given, point) for point in self.points]
        is_number = not self.symbols and self.shape == (1, 1)
        for (wrong, hint), others in zip(self.pitfalls, self._pitfall_values, strict=True):
            if is_number:
                # A rounded decimal of a foreseen mistake is that mistake.
                (found,), (foreseen,) = values[0], others[0]
                if abs(found - foreseen) <= CLOSE * abs(foreseen):
                    return Feedback("pitfall", hint)
            elif (
                all(agree(a, b, None, self._exact) for a, b in zip(values, others, strict=True))
                and decide(given, wrong, domain=self.domain).status != "refuted"
            ):
                return Feedback("pitfall", hint)
        return None

    def _wrong(self, verdict: Verdict, good: list[bool], seen: list) -> Feedback:
        if not self.symbols and self.shape == (1, 1):
            return self._wrong_number(seen[0])
        place = "in row {}, column {}, ".format(*verdict.entry) if verdict.entry else ""
        where = self._where(verdict.counterexample or {})
        if sp.sympify(verdict.lhs_value).is_extended_real is False:
            status = "partly" if any(good) else "wrong"
            return Feedback(status, f"Not right yet: {place}{where}yours has no real value.")
        yours, right = apart(verdict.lhs_value, verdict.rhs_value)
        difference = f"{place}{where}yours gives {yours}, the right value is {right}"
        if sp.Abs(verdict.lhs_value - verdict.rhs_value) <= ALMOST * (1 + sp.Abs(verdict.rhs_value)):
            return Feedback("wrong", f"Close, but not equal: {difference}.")
        generic = good[SIMPLE:] or good
        if sum(generic) / len(generic) >= PART:
            fine = self._where(self.points[good.index(True)]).strip()
            return Feedback("partly", f"Right on a part of the domain, for example {fine}. But {difference}.")
        return Feedback("wrong", f"Not right yet: {difference}.")

    def _wrong_number(self, values: tuple[float, ...]) -> Feedback:
        # To name the right number would give the answer away.
        (yours,), (right,) = values, self._values[0]
        if self.tolerance is None and abs(yours - right) <= CLOSE * abs(right):
            if right.is_integer():
                return Feedback("wrong", "Close, but the answer is a whole number.")
            return Feedback(
                "wrong",
                "Close, but rounded or slightly off: give it exactly, with a fraction or a root where it has one.",
            )
        return Feedback("wrong", f"Not right yet: yours is {readable(yours)}.")

    def _where(self, point: Any) -> str:
        parts = ", ".join(f"{one_line(symbol)} = {minus(one_line(point[symbol]))}" for symbol in point)
        return f"at {parts} " if parts else ""

    def _receive(self, _: Any, message: Any, buffers: Any) -> None:
        """Answer the view's question: `{"kind": "answer", "number": n, "tree": ...}`."""
        if not isinstance(message, dict) or message.get("kind") != "answer":
            return
        feedback = self.check(json.dumps(message.get("tree")))
        self.send(
            {
                "kind": "feedback",
                "number": message.get("number"),
                "status": feedback.status,
                "html": words(feedback.text),
            }
        )

    # What the view gets, and the page.

    def _content(self) -> dict[str, Any]:
        rows, columns = self.shape
        return {
            "id": self.exercise_id,
            "title": words(self.title),
            "question": words(self.question),
            "isMatrix": isinstance(self.answer, sp.MatrixBase),
            "rows": rows,
            "columns": columns,
            "symbols": [
                {"name": plain_name(symbol.name), "written": one_line(symbol), "latex": to_latex(symbol)}
                for symbol in self.symbols
            ],
            "hints": [rotated(words(hint)) for hint in self.hints],
            "solution": rotated("\n".join(map(part_to_html, self.solution))),
        }

    def own_name(self) -> str:
        """Its lasting name: links to it hold when another is added before it."""
        return self.exercise_id

    def page_state(self) -> dict[str, Any]:
        """What the page's script needs besides: points, values and pitfalls in place of a kernel."""
        checks = {
            "points": [[str(point[symbol]) for symbol in self.symbols] for point in self.points],
            "values": self._values,
            "pitfalls": [
                {"values": values, "hint": words(hint)}
                for (_, hint), values in zip(self.pitfalls, self._pitfall_values, strict=True)
            ],
            "tolerance": self.tolerance,
            "exact": self._exact,
            "simple": SIMPLE,
        }
        return {"content": self.content, "checks": rotated(json.dumps(checks))}

    def fallback(self) -> str:
        """Title and question, for a page whose scripts do not run."""
        return (
            f'<p class="dtr-exercise-title">{words(self.title)}</p><p>{words(self.question)}</p>'
            "<noscript><p>(To type an answer and have it checked, turn JavaScript on.)</p></noscript>"
        )

    def to_html(self) -> str:
        """The figure, after the places that the ledger's rows for the solution lead to."""
        places = places_of([part for part in self.solution if isinstance(part, Derivation)])
        anchors = "".join(f'<span id="step-{html.escape(place)}"></span>' for place in places)
        return f"{anchors}{super().to_html()}"
