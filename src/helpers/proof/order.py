"""Prove an inequality or an equivalence of conditions by exact means, or find where it may fail."""

__all__ = ["prove_logic", "prove_order"]

from typing import Any

import sympy as sp

from helpers.proof.convexity import prove_by_extremum
from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import EFFORT, Answer, settle

SIGN_SECONDS = 2.0
EQUALITY_EFFORT = 10_000_000
_RELATIONALS = {"==": sp.Eq, "<=": sp.Le, "<": sp.Lt, ">=": sp.Ge, ">": sp.Gt}


def prove_order(left: Any, right: Any, relation: str, domain: Domain) -> Answer:
    """Try the sign of each factor under the symbols' assumptions, then Z3's real arithmetic, then the least
    value of a convex or monotone difference. Cost: bounded in time, see each."""
    if relation in (">=", ">"):
        left, right, relation = right, left, "<=" if relation == ">=" else "<"
    if relation != "==":
        stand_ins = domain.sharpened(left.free_symbols | right.free_symbols)
        gap = (right - left).xreplace(stand_ins)
        if method := _sign(gap, strict=relation == "<"):
            return Answer(method=method)
    claim = _RELATIONALS[relation](left, right, evaluate=False)
    answer = settle(claim, domain, EQUALITY_EFFORT if relation == "==" else EFFORT)
    if answer.method or answer.candidate or relation == "==":
        return answer
    return Answer(method=prove_by_extremum(right - left, relation == "<", domain))


def prove_logic(left: Any, right: Any, relation: str, domain: Domain) -> Answer:
    """Put `left <=> right` or `left => right` to Z3's real arithmetic."""
    claim = sp.Equivalent if relation == "<=>" else sp.Implies
    return settle(claim(left, right, evaluate=False), domain)


def _sign(gap: Any, strict: bool) -> str | None:
    name = "is_positive" if strict else "is_nonnegative"
    for method, step in (
        ("sign of each term", lambda: gap),
        ("sign of each term, expanded", lambda: sp.expand(gap)),
        ("sign of each factor", lambda: sp.factor(sp.together(gap))),
    ):
        try:
            if getattr(within(SIGN_SECONDS, step), name, None) is True:
                return method
        except OutOfTime:
            continue
        except Exception:  # a rewriting that does not apply to this expression
            continue
    return None
