"""Inequalities from calculus: a convex or monotone difference is nowhere below its least value."""

__all__ = ["prove_by_extremum"]

from typing import Any

import sympy as sp

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import settle

SECONDS = 6.0


def prove_by_extremum(gap: Any, strict: bool, domain: Domain) -> str | None:
    """The argument that shows `gap >= 0` (`> 0` if `strict`) in one of its symbols, or None.

    Convex: ∂²gap/∂t² ≥ 0 on the whole interval of t and ∂gap/∂t = 0 at a t₀ in it: gap(t₀) is its least.
    Monotone: gap at the lower end is nonnegative and ∂gap/∂t ≥ 0 (strictly, > 0) from there.
    The sign of the derivatives is put to Z3, and the gap must be smooth by construction: every base and
    logarithm's argument positive, so that no pole can hide in the interval.
    """
    try:
        return within(SECONDS, _prove, gap, strict, domain)
    except OutOfTime:
        return None
    except Exception:  # a stationary equation that SymPy cannot solve proves nothing
        return None


def _prove(gap: Any, strict: bool, domain: Domain) -> str | None:
    if not all(_is_interval_condition(condition) for condition in domain.conditions):
        return None
    stand_ins = domain.sharpened(gap.free_symbols)
    back = {dummy: symbol for symbol, dummy in stand_ins.items()}
    inner = gap.xreplace(stand_ins)
    if not _is_smooth(inner):
        return None
    for variable in sorted(inner.free_symbols, key=sp.default_sort_key):
        if not variable.is_real or variable.is_integer or (variable.is_nonzero and not _one_signed(variable)):
            continue
        symbol = back.get(variable, variable)
        bounds = domain.bounds.get(symbol, sp.Interval(-sp.oo, sp.oo))
        slope = sp.diff(inner, variable)
        if _holds(sp.diff(slope, variable), strict=False, back=back, domain=domain):
            for point in _stationary_points(slope, variable):
                if _attained(point, variable, bounds) and sp.simplify(slope.subs(variable, point)) == 0:
                    least = sp.simplify(inner.subs(variable, point))
                    if least.is_positive if strict else least.is_nonnegative:
                        return f"convex in {symbol}, with least value {least} at {symbol} = {point}"
        end = bounds.start if bounds.start.is_finite else sp.S.Zero if variable.is_nonnegative else None
        inside = not bounds.left_open if bounds.start.is_finite else not variable.is_positive
        if end is not None and _is_smooth_from(inner, variable, end):
            first = sp.simplify(inner.subs(variable, end))
            rising = _holds(slope, strict=strict and not inside, back=back, domain=domain)
            if rising and (first.is_positive if strict and inside else first.is_nonnegative):
                return f"rises with {symbol} from {first} at {symbol} = {end}"
    return None


def _stationary_points(slope: Any, variable: Any) -> list[Any]:
    for point in (
        sp.S.Zero,
        sp.S.One,
    ):  # where most textbook inequalities are tight, and beyond many a solver
        if slope.subs(variable, point) == 0:
            return [point]
    return sp.solve(slope, variable)


def _is_interval_condition(condition: Any) -> bool:
    sides = getattr(condition, "args", ())
    return (
        len(sides) == 2
        and sum(side.is_Symbol for side in sides) == 1
        and any(side.is_number for side in sides)
    )


def _one_signed(variable: Any) -> bool:
    return bool(variable.is_positive or variable.is_negative)


def _is_smooth(node: Any) -> bool:
    """Whether the expression is, by construction, smooth wherever the symbols' assumptions hold."""
    if node.is_Symbol:
        return bool(node.is_real)
    if node.is_number:
        return bool(node.is_real)
    if not all(_is_smooth(argument) for argument in node.args):
        return False
    if (
        node.is_Add
        or node.is_Mul
        or isinstance(node, sp.exp | sp.sin | sp.cos | sp.sinh | sp.cosh | sp.tanh | sp.atan)
    ):
        return True
    if node.is_Pow:
        return bool((node.exp.is_Integer and node.exp.is_nonnegative) or node.base.is_positive)
    return isinstance(node, sp.log) and bool(node.args[0].is_positive)


def _is_smooth_from(inner: Any, variable: Any, end: Any) -> bool:
    """Whether the expression is smooth on [end, ∞): it still is when written in t = variable − end ≥ 0."""
    shifted = sp.Dummy("t", nonnegative=True)
    return _is_smooth(sp.expand(inner.subs(variable, end + shifted))) or _is_smooth(
        inner.subs(variable, end + shifted)
    )


def _attained(point: Any, variable: Any, bounds: sp.Interval) -> bool:
    if not point.is_real or point.has(variable):
        return False
    for name in ("positive", "negative", "nonnegative", "nonpositive"):
        if getattr(variable, f"is_{name}") and not getattr(point, f"is_{name}"):
            return False
    above = bounds.start == -sp.oo or (point - bounds.start).is_nonnegative
    below = bounds.end == sp.oo or (bounds.end - point).is_nonnegative
    return bool(above and below)


def _holds(expression: Any, strict: bool, back: dict, domain: Domain) -> bool:
    for form in (expression, sp.factor(sp.together(expression))):
        if form.is_positive if strict else form.is_nonnegative:
            return True
    relation = (sp.Gt if strict else sp.Ge)(expression.xreplace(back), 0, evaluate=False)
    return settle(relation, domain).method is not None
