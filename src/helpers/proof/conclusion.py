"""From evidence to verdict: what may be said after sampling, and after an attempt at a proof."""

__all__ = ["conclude", "conclude_or_refute", "contradicted", "from_sample", "refuted"]

from dataclasses import replace

import sympy as sp

from helpers.proof.domain import Domain
from helpers.proof.expectation import Expectation
from helpers.proof.points import satisfies_assumptions
from helpers.proof.real_arithmetic import Answer
from helpers.proof.reduction import reduce_to_zero
from helpers.proof.sampling import Sample, refute_near
from helpers.proof.verdict import Verdict


def refuted(seen: Sample, relation: str) -> Verdict:
    return Verdict(
        "refuted",
        "evaluated at an exact point in ball arithmetic",
        counterexample=seen.counterexample,
        lhs_value=seen.lhs_value,
        rhs_value=seen.rhs_value,
        points=seen.held,
        domain=seen.domain,
        relation=relation,
    )


def conclude_or_refute(answer: Answer, sides: tuple, relation: str, seen: Sample, domain: Domain) -> Verdict:
    if answer.candidate is None:
        return conclude(answer.method, seen, relation)
    found = refute_near(*sides, relation, domain, answer.candidate)
    if found.counterexample is not None:
        return replace(refuted(found, relation), method="Z3 found the point, ball arithmetic confirms it")
    nowhere_defined = found.skipped > 0 and found.held == 0  # near the candidate, as at a pole that cancelled
    if nowhere_defined or not satisfies_assumptions(answer.candidate):
        return from_sample(seen, relation)  # false only for numbers that the symbols do not stand for
    equal_there = (
        relation in ("<", ">")
        and domain.contains(answer.candidate)
        and not any(side.has(sp.Derivative, sp.Subs, sp.Limit, Expectation) for side in sides)
        and all(side.subs(answer.candidate).is_finite for side in sides)  # 1/x cancels, and is undefined at 0
        and reduce_to_zero((sides[0] - sides[1]).subs(answer.candidate))
    )
    if equal_there:
        value = sides[0].subs(answer.candidate)
        return Verdict(
            "refuted",
            "both sides are equal there, by exact steps",
            answer.candidate,
            value,
            value,
            relation=relation,
        )
    reason = f"Z3 finds it false near {answer.candidate}, which ball arithmetic does not confirm"
    return Verdict(
        "undecided", reason, points=seen.held, domain=seen.domain, relation=relation, contradicted=True
    )


def conclude(method: str | None, seen: Sample, relation: str) -> Verdict:
    if method is None:
        return from_sample(seen, relation)
    if seen.counterexample is not None or seen.held + seen.neutral == 0:
        reason = "no point was found at which both sides could be evaluated"
        if seen.counterexample is not None:
            reason = f"numerical evaluation disagrees at {seen.counterexample}"
        return Verdict(
            "undecided",
            f"{method}, but {reason} ({seen.obstacle})",
            domain=seen.domain,
            relation=relation,
            contradicted=seen.counterexample is not None,
        )
    return Verdict(
        "proved",
        method,
        largest_residual=seen.largest_residual if relation == "==" and seen.held else None,
        points=seen.held,
        domain=seen.domain,
        relation=relation,
    )


def contradicted(seen: Sample, relation: str, note: str = "") -> Verdict:
    """Undecided, for a claim that an evaluation without error bounds found false."""
    where = Verdict(
        "refuted", "", seen.counterexample, seen.lhs_value, seen.rhs_value
    ).describe_counterexample()
    return Verdict(
        "undecided",
        f"{note}no error bounds, but {where}",
        domain=seen.domain,
        relation=relation,
        contradicted=True,
    )


def from_sample(seen: Sample, relation: str, note: str = "") -> Verdict:
    if seen.counterexample is not None:
        return contradicted(seen, relation, note)
    if obstacle := seen.shortage():
        return Verdict("undecided", note + obstacle, domain=seen.domain, relation=relation)
    digits = f"to {seen.digits} digits" + ("" if seen.exact else ", without error bounds")
    if note:
        digits = "within their rounding"
    what = f"equal {digits}" if relation == "==" else "true" if seen.exact else f"true {digits}"
    return Verdict(
        "sampled",
        f"{note}{what} at {seen.held} exact point{'s' * (seen.held != 1)}",
        largest_residual=seen.largest_residual if relation == "==" else None,
        points=seen.held,
        domain=seen.domain,
        relation=relation,
    )
