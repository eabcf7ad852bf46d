"""Integrals over the line or a half-line of polynomials times exponentials of quadratics, in closed form."""

__all__ = ["integrate_to_infinity"]

from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.enclosure.core import Unsupported, as_ball, as_real, evaluate

EXPANSION_SECONDS = 1.0
LARGEST_POWER = 64


def integrate_to_infinity(function: Any, variable: Any, low: Any, high: Any, values: dict) -> acb:
    """∫ function d(variable) from `low` to `high`, of which at least one is infinite.

    The function must multiply out to Σ c xⁿ exp(−a x² + b x + d); where a = 0 the interval is a half-line. Each
    term's integral must converge by itself: Re a > 0, or a = 0 and the exponent falls towards the infinite end.

    Raises:
        Unsupported: it is not of this kind, or not known to converge.

    Cost: that of multiplying out once for each integrand, at most 1 s, then O(n) ball operations for each term.
    """
    if low == -sp.oo and high == sp.oo:
        start = None
    elif high == sp.oo and not low.is_infinite:
        start = arb(as_real(evaluate(low, values)))
    elif low == -sp.oo and not high.is_infinite:
        function = function.subs(variable, -variable)
        start = -arb(as_real(evaluate(high, values)))
    else:
        raise Unsupported("an integral that runs backwards from infinity")
    total = acb(0)
    terms = _terms(function, variable)
    if terms is None:
        raise Unsupported("an integral over an unbounded interval")
    for coefficient, power, exponent in terms:
        parameters = [as_ball(evaluate(part, values)) for part in exponent]
        total += as_ball(evaluate(coefficient, values)) * _moment(power, *parameters, start)
    return total


@lru_cache(maxsize=128)
def _terms(function: Any, variable: Any) -> tuple[tuple[Any, int, tuple[Any, Any, Any]], ...] | None:
    """(c, n, (a, b, d)) for each term c xⁿ exp(−a x² + b x + d); None for another integrand."""
    if not isinstance(function, sp.Expr):
        return None
    # No logarithm is split and no power of a product: both may depend on a branch.
    hints = {"log": False, "power_base": False, "power_exp": False}
    try:
        expanded = within(EXPANSION_SECONDS, lambda: sp.expand(function, **hints))
    except OutOfTime:
        return None
    terms = tuple(_term(term, variable) for term in sp.Add.make_args(expanded))
    return None if None in terms else terms


def _term(term: Any, variable: Any) -> tuple[Any, int, tuple[Any, Any, Any]] | None:
    coefficient, rest = term.as_independent(variable, as_Add=False)
    power, exponent = 0, sp.S.Zero
    for factor in sp.Mul.make_args(rest):
        if isinstance(factor, sp.exp):
            exponent += factor.exp
        elif factor.as_base_exp()[0] == variable and factor.as_base_exp()[1].is_Integer:
            power += int(factor.as_base_exp()[1])
        elif factor != 1:
            return None
    polynomial = sp.Poly(exponent, variable) if exponent.is_polynomial(variable) else None
    if polynomial is None or polynomial.degree() > 2 or not 0 <= power <= LARGEST_POWER:
        return None
    square, linear, constant = (polynomial.coeff_monomial(variable**k) for k in (2, 1, 0))
    return coefficient, power, (-square, linear, constant)


def _moment(power: int, a: acb, b: acb, d: acb, start: arb | None) -> acb:
    """∫ xⁿ exp(−a x² + b x + d) dx from `start` (None: −∞) to ∞, by parts from n = 0."""
    if a == 0:
        if start is None or not b.real < 0:
            raise Unsupported("an integral that is not known to converge")
        edge = (b * start + d).exp()
        moment = -edge / b
        for n in range(1, power + 1):
            moment = -(start**n * edge + n * moment) / b
        return moment
    if not a.real > 0:
        raise Unsupported("an integral that is not known to converge")
    whole = (acb.pi() / a).sqrt() * (b * b / (4 * a) + d).exp()
    if start is None:
        edge, moment = acb(0), whole
    else:
        edge = (start * (b - a * start) + d).exp()
        moment = whole * (a.sqrt() * start - b / (2 * a.sqrt())).erfc() / 2
    before = acb(0)
    for n in range(power):
        # the edge's term xⁿ exp(...) at `start`
        step = b * moment + n * before + (edge if start is None else start**n * edge)
        before, moment = moment, step / (2 * a)
    return moment
