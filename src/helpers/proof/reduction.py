"""Exact symbolic steps that reduce a difference to zero, cheapest first, each with a bound on its time."""

__all__ = ["STRATEGIES", "reduce_to_zero"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.functions.combinatorial.factorials import CombinatorialFunction
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.real_parts import COMPLEX_PARTS, in_real_parts

TRIGONOMETRIC = (TrigonometricFunction, HyperbolicFunction)


def _numerator(difference: Any) -> Any:
    return sp.expand(sp.fraction(sp.together(difference))[0])


def _cancel_radicals(difference: Any) -> Any:
    """Write every radicand in one canonical form, so that a square meets its root and cancels."""
    canonical = difference.replace(
        lambda node: node.is_Pow and node.exp.is_Rational and not node.exp.is_Integer,
        lambda node: sp.Pow(sp.factor(sp.cancel(sp.together(node.base))), node.exp),
    )
    numerator = _numerator(canonical)
    return numerator if numerator == 0 else _numerator(sp.radsimp(sp.powsimp(numerator)))


def _through_exponentials(difference: Any) -> Any:
    rewritten = sp.expand(difference.rewrite(sp.exp))
    return sp.expand(sp.powsimp(_numerator(rewritten)))


def _by_modulus(argument: Any) -> Any:
    """log b²ⁿ = 2n log|b| for a real b, and log u = log(−u) + iπ for a negative u."""
    if argument.is_negative:
        return sp.log(-argument) + sp.I * sp.pi
    if argument.is_Pow and argument.base.is_real and argument.exp.is_even:
        return argument.exp * sp.log(sp.Abs(argument.base))
    return sp.log(argument)


def _is_zero_by_coefficients(expression: Any) -> bool:
    """Whether it is linear in its logarithms and every coefficient is zero: each is small, their sum is not."""
    unknowns = {node: sp.Dummy() for node in expression.atoms(sp.log)}
    linear = expression.xreplace(unknowns)
    coefficients = [sp.diff(linear, unknown) for unknown in unknowns.values()]
    if any(coefficient.has(*unknowns.values()) for coefficient in coefficients):
        return False
    rest = linear.xreplace(dict.fromkeys(unknowns.values(), sp.S.Zero))
    return all(_numerator(part) == 0 for part in (rest, *coefficients))


def _logarithms(difference: Any) -> Any:
    # Without `force`: a logarithm is split only where the symbols' assumptions allow it.
    apart = sp.expand_log(difference, deep=True).replace(sp.log, _by_modulus)
    expanded = sp.expand(apart)
    if expanded == 0:
        return expanded
    factored = expanded.replace(
        sp.log, lambda argument: sp.expand_log(sp.log(sp.factor(argument)), deep=True)
    )
    if _is_zero_by_coefficients(factored):
        return sp.S.Zero
    numerator = _numerator(factored)
    return numerator if numerator == 0 else _numerator(sp.logcombine(numerator))


def _gamma_functions(difference: Any) -> Any:
    return sp.expand(sp.gammasimp(sp.expand_func(difference.rewrite(sp.gamma))))


def _sums_and_integrals(difference: Any) -> Any:
    return _numerator(sp.expand(difference).doit())


STRATEGIES: tuple[tuple[str, Callable[[Any], Any], float, tuple | None], ...] = (
    # (method, step, seconds, tried only if the difference holds one of these)
    ("expanded and cancelled", sp.expand, 2.0, None),
    ("over a common denominator, expanded and cancelled", _numerator, 3.0, None),
    ("real and imaginary parts", lambda d: _numerator(in_real_parts(d, {})), 3.0, COMPLEX_PARTS),
    ("powers and radicals", _cancel_radicals, 3.0, (sp.Pow,)),
    ("logarithms split under the symbols' assumptions", _logarithms, 3.0, (sp.log,)),
    ("trigonometric functions as exponentials", _through_exponentials, 3.0, TRIGONOMETRIC),
    ("trigonometric identities", sp.trigsimp, 3.0, TRIGONOMETRIC),
    ("gamma function identities", sp.gammasimp, 3.0, (sp.gamma, CombinatorialFunction)),
    ("recurrences of the gamma function", _gamma_functions, 3.0, (sp.gamma, sp.beta, sp.polygamma)),
    ("sums and integrals evaluated", _sums_and_integrals, 10.0, (sp.Sum, sp.Integral, sp.Product)),
    ("simplified", sp.simplify, 6.0, None),
)

_THROUGH_GAMMA = (sp.gammasimp, _gamma_functions, sp.simplify)


def _has_no_pole(binomial: sp.binomial) -> bool:
    """Whether the binomial coefficient is what its gamma functions say: above, no negative integer can stand."""
    above, below = binomial.args
    return bool(above.is_nonnegative or below.is_Integer)


def reduce_to_zero(difference: Any) -> str | None:
    """The name of the first strategy that turns `difference` into exactly zero, or None.

    Sound as far as SymPy's exact steps are; the caller holds the result against evaluation at exact points.
    Cost: bounded by the strategies' time limits, 40 s at the very worst, milliseconds for rational functions.
    """
    if difference == 0:
        return STRATEGIES[0][0]
    through_gamma = all(map(_has_no_pole, difference.atoms(sp.binomial)))
    for method, step, seconds, needed in STRATEGIES:
        if needed is not None and not difference.has(*needed):
            continue
        if not through_gamma and step in _THROUGH_GAMMA:
            continue
        if reaches_zero(step, difference, seconds):
            return method
    return None


def reaches_zero(step: Callable[[Any], Any], difference: Any, seconds: float) -> bool:
    try:
        return within(seconds, step, difference) == 0
    except OutOfTime:
        return False
    except Exception:  # a computer algebra step that stumbles has decided nothing; the next one may
        return False
