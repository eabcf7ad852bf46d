"""What the engine answers: proved, sampled, refuted or undecided, and on what evidence."""

__all__ = ["STATUSES", "Verdict"]

from dataclasses import dataclass, field
from typing import Any

from helpers.notation import one_line

STATUSES = ("proved", "sampled", "refuted", "undecided")


@dataclass(frozen=True)
class Verdict:
    """One answer about one claim `lhs relation rhs`.

    * **proved**: shown by exact symbolic steps or by a complete decision procedure; `method` names it.
      Like every claim about denominators or logarithms it is meant where both sides are defined.
    * **sampled**: held at `points` exact points of `domain`. Evidence, not proof. `method` says how close: to
      50 digits in ball arithmetic; to 12, mostly without error bounds, where a quadrature or an infinite sum
      gives no more; or only within the rounding of the floating-point numbers that the claim holds.
    * **refuted**: false at `counterexample`, an exact point where ball arithmetic encloses both sides and the
      enclosures contradict the claim.
    * **undecided**: neither; `method` gives the reason.

    A verdict has no truth value: four answers do not fit into two.

    Attributes:
        status: one of `STATUSES`.
        method: in words, the strategy that settled the claim, or the reason why none did.
        counterexample: symbol → exact value, or None.
        lhs_value, rhs_value: what the two sides are at the counterexample.
        largest_residual: bound on the largest |lhs − rhs| / max(1, |lhs|) at the sampled points, None if
            nothing was sampled or the claim is an inequality.
        points: number of points at which the claim was evaluated and held.
        domain: in words, where the points were taken.
        relation: the claimed relation.
        entry: for a refuted claim about matrices, the (row, column) that differs, counted from one.
        contradicted: of an undecided claim, whether there is evidence against it, short of a refutation.
        seconds: how long the decision took; two verdicts that differ in it alone are equal.
    """

    status: str
    method: str
    counterexample: dict[Any, Any] | None = None
    lhs_value: Any = None
    rhs_value: Any = None
    largest_residual: float | None = None
    points: int = 0
    domain: str = ""
    relation: str = "=="
    entry: tuple[int, int] | None = None
    contradicted: bool = False
    seconds: float = field(default=0.0, compare=False, repr=False)  # or pages would show the clock

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status: expected one of {STATUSES}, got {self.status!r}")

    def __bool__(self) -> bool:
        raise TypeError(
            "a Verdict has no truth value (it is proved, sampled, refuted or undecided): look at .status"
        )

    def __str__(self) -> str:
        if self.status == "refuted":
            return f"refuted: {self.describe_counterexample()}"
        return f"{self.status} ({self.method})"

    def describe_counterexample(self) -> str:
        """The counterexample in words: `at η = 1/2 the left side is 5/4, the right side 3/4`."""
        if self.counterexample is None:
            return self.method
        where = ", ".join(
            f"{one_line(symbol)} = {one_line(value)}" for symbol, value in self.counterexample.items()
        )
        place = f"at {where} " if where else ""
        of = "of " if self.entry else ""
        side = f"entry {self.entry} of the left side" if self.entry else "the left side"
        return f"{place}{side} is {one_line(self.lhs_value)}, {of}the right side {one_line(self.rhs_value)}"
