"""Prove an inequality, an equality or an equivalence of conditions by exact means, or find where it may fail."""

__all__ = ["prove_logic", "prove_order"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from helpers.proof.convexity import prove_by_constancy, prove_by_extremum
from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import Answer, settle
from helpers.proof.reduction import reduce_to_zero
from helpers.proof.signs import signs_are_trusted

SIGN_SECONDS = 2.0
EQUALITY_EFFORT = 10_000_000
_RELATIONALS = {"<=": sp.Le, "<": sp.Lt}
_BINDERS = (sp.Integral, sp.Sum, sp.Product, sp.Derivative, sp.Subs, sp.Limit, sp.Lambda)


def prove_order(left: Any, right: Any, relation: str, domain: Domain) -> Answer:
    """Try the sign of each factor under the symbols' assumptions, then Z3's real arithmetic, then the same with
    exponentials as powers of positive numbers, then the least value of a convex or monotone difference.

    Equalities: Z3, then exact steps with what an interval says of signs, then a derivative that vanishes.
    Cost: bounded in time, see each.
    """
    if not signs_are_trusted(left, right):
        return Answer()
    if relation in (">=", ">"):
        left, right, relation = right, left, "<=" if relation == ">=" else "<"
    if relation == "==":
        return _prove_equal(left, right, domain)
    stand_ins = domain.sharpened(left, right)
    gap = (right - left).xreplace(stand_ins)
    if method := _sign(gap, strict=relation == "<"):
        return Answer(method=method)
    answer = settle(_RELATIONALS[relation](left, right, evaluate=False), domain)
    if answer.method or answer.candidate:
        return answer
    method = _with_powers(left, right, relation, domain)
    return Answer(method=method or prove_by_extremum(right - left, relation == "<", domain))


def _prove_equal(left: Any, right: Any, domain: Domain) -> Answer:
    answer = settle(sp.Eq(left, right, evaluate=False), domain, EQUALITY_EFFORT)
    if answer.method or answer.candidate:
        return answer
    difference = left - right
    return Answer(method=_on_intervals(difference, domain) or prove_by_constancy(difference, domain))


def _on_intervals(difference: Any, domain: Domain) -> str | None:
    """Write each symbol of an open interval by a positive number, so that its distances to the ends have a sign."""
    if difference.has(*_BINDERS) or not difference.has(sp.log, sp.Pow):
        return None
    written = {}
    for symbol in difference.free_symbols & set(domain.bounds):
        interval, t = domain.bounds[symbol], sp.Dummy("t", positive=True)
        # A condition that the symbol's own sign implies has left the domain.
        low = sp.S.Zero if interval.start.is_infinite and symbol.is_positive else interval.start
        high = interval.end
        if low.is_finite and high.is_finite and interval.left_open and interval.right_open:
            written[symbol] = (low + high * t) / (1 + t)
        elif low.is_finite and low != 0 and interval.left_open and high.is_infinite:
            written[symbol] = low + t
    if not written:
        return None
    method = reduce_to_zero(difference.xreplace(written))
    names = ", ".join(sorted(map(str, written)))
    return f"{method}, {names} written by positive numbers" if method else None


def _with_powers(left: Any, right: Any, relation: str, domain: Domain) -> str | None:
    """Put to Z3 with log a < b as a < exp b, and the exponentials of sums as products of powers."""
    if isinstance(left, sp.log) and left.args[0].is_positive and right.is_real:
        left, right = left.args[0], sp.exp(right)
    elif isinstance(right, sp.log) and right.args[0].is_positive and left.is_real:
        left, right = sp.exp(left), right.args[0]
    left, right = (
        side.replace(lambda node: isinstance(node, HyperbolicFunction), lambda node: node.rewrite(sp.exp))
        for side in (left, right)
    )
    powers = _powers([node.args[0] for side in (left, right) for node in side.atoms(sp.exp)])
    if powers is None:
        return None
    left, right = (side.replace(sp.exp, powers) for side in (left, right))
    method = settle(_RELATIONALS[relation](left, right, evaluate=False), domain, EQUALITY_EFFORT).method
    # Complete no longer: x and exp x are unknowns of each other.
    return (
        f"{method.replace(' (complete)', '')}, exponentials as powers of positive numbers" if method else None
    )


def _powers(exponents: list[Any]) -> Callable[[Any], Any] | None:
    """A function that writes exp(Σ cᵢ mᵢ) as ∏ yᵢ^(cᵢ d), with yᵢ = exp(mᵢ/d) positive and d the rational cᵢ's
    common denominator; None without exponents, or if one is not real."""
    parts = {exponent: sp.expand(exponent).as_coefficients_dict() for exponent in exponents}
    if not parts or not all(part.is_real for split in parts.values() for part in split):
        return None
    scale = sp.ilcm(1, *(coefficient.q for split in parts.values() for coefficient in split.values()))
    bases = {part: sp.Dummy("y", positive=True) for split in parts.values() for part in split if part != 1}

    def write(exponent: Any) -> Any:
        if exponent not in parts:  # it held an exponential itself
            return sp.exp(exponent)
        factors = (
            bases[part] ** (coefficient * scale) if part != 1 else sp.exp(coefficient)
            for part, coefficient in parts[exponent].items()
        )
        return sp.Mul(*factors)

    return write


def prove_logic(left: Any, right: Any, relation: str, domain: Domain) -> Answer:
    """Put `left <=> right` or `left => right` to Z3's real arithmetic."""
    if not signs_are_trusted(left, right):
        return Answer()
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
