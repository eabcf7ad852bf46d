"""Claims from calculus: a convex or monotone difference is nowhere below its least value, and one whose derivative
vanishes is constant."""

__all__ = ["prove_by_constancy", "prove_by_extremum"]

from typing import Any

import sympy as sp

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import Answer, settle
from helpers.proof.reduction import reduce_to_zero
from helpers.proof.sampling import sample
from helpers.proof.smoothness import TRANSCENDENTAL, is_smooth

SECONDS = 6.0
DEPTH = 3
FEW_POINTS = 8


def prove_by_extremum(gap: Any, strict: bool, domain: Domain) -> str | None:
    """The argument that shows `gap >= 0` (`> 0` if `strict`) in one of its symbols, or None.

    Least: ∂gap/∂t = 0 at a t₀ in the interval of t, and either ∂²gap/∂t² ≥ 0 on all of it (convex) or
    (t − t₀) ∂gap/∂t ≥ 0 (falling before t₀, rising after it): gap(t₀) is its least.
    Monotone: gap at the lower end is nonnegative and ∂gap/∂t ≥ 0 (strictly, > 0) from there.
    The signs of the derivatives and of the least value are put to Z3, or shown by the same argument again, up to
    three deep. The gap must be smooth by construction: every base and logarithm's argument positive, so
    that no pole can hide in the interval.
    """
    try:
        return within(SECONDS, _prove, gap, strict, domain, DEPTH)
    except OutOfTime:
        return None
    except Exception:  # a stationary equation that SymPy cannot solve proves nothing
        return None


def prove_by_constancy(difference: Any, domain: Domain) -> str | None:
    """The argument that shows `difference = 0`: its derivative in one of its symbols is zero, and so is its value
    at one point of that symbol's interval. It must be smooth by construction, as above."""
    if not difference.has(*TRANSCENDENTAL) or not all(map(_is_interval_condition, domain.conditions)):
        return None
    region = _Region(domain, {}, 1)
    try:
        return within(SECONDS, _prove_constant, difference, region)
    except OutOfTime:
        return None
    except Exception:  # a derivative that SymPy cannot take proves nothing
        return None


def _prove_constant(difference: Any, region: "_Region") -> str | None:
    if not region.is_smooth(difference):
        return None
    for variable in sorted(difference.free_symbols, key=sp.default_sort_key):
        if not _is_connected(variable) or reduce_to_zero(sp.diff(difference, variable)) is None:
            continue
        for point in (sp.S.Zero, sp.S.One, sp.S.Half):
            if region.attains(point, variable) and reduce_to_zero(difference.subs(variable, point)):
                return f"constant in {variable}, and zero at {variable} = {point}"
    return None


def _is_connected(variable: Any) -> bool:
    """Whether the numbers that the symbol stands for fill an interval."""
    return bool(variable.is_real and not variable.is_integer) and (
        not variable.is_nonzero or _one_signed(variable)
    )


def _prove(gap: Any, strict: bool, domain: Domain, depth: int) -> str | None:
    if not all(_is_interval_condition(condition) for condition in domain.conditions):
        return None
    stand_ins = domain.sharpened(gap)
    back = {dummy: symbol for symbol, dummy in stand_ins.items()}
    inner = gap.xreplace(stand_ins)
    if not _Region(domain, back, 1).is_smooth(inner):
        return None
    variables = [v for v in sorted(inner.free_symbols, key=sp.default_sort_key) if _is_connected(v)]
    for allowed in sorted({1, depth}):  # the short arguments first
        region = _Region(domain, back, allowed)
        for variable in variables:
            slope = sp.diff(inner, variable)
            for argument in (_by_rise, _by_least_value):
                if method := argument(inner, slope, variable, strict, region):
                    return method
    return None


def _by_rise(inner: Any, slope: Any, variable: Any, strict: bool, region: "_Region") -> str | None:
    symbol = region.plain(variable)
    bounds = region.domain.bounds.get(symbol, sp.Interval(-sp.oo, sp.oo))
    end = bounds.start if bounds.start.is_finite else sp.S.Zero if variable.is_nonnegative else None
    inside = not bounds.left_open if bounds.start.is_finite else not variable.is_positive
    if end is None or not _is_smooth_from(inner, variable, end):
        return None
    first = sp.simplify(inner.subs(variable, end))
    if not (first.is_positive if strict and inside else first.is_nonnegative):
        return None
    if not region.holds(slope, strict=strict and not inside):
        return None
    return f"rises with {symbol} from {region.plain(first)} at {symbol} = {end}"


def _by_least_value(inner: Any, slope: Any, variable: Any, strict: bool, region: "_Region") -> str | None:
    symbol = region.plain(variable)
    for point in _stationary_points(slope, variable, inner.free_symbols - {variable}):
        if not region.attains(point, variable) or sp.simplify(slope.subs(variable, point)) != 0:
            continue
        for shape, sign in (
            ("convex", sp.diff(slope, variable)),
            ("falls, then rises", (variable - point) * slope),
        ):
            least = sp.simplify(inner.subs(variable, point))
            if region.holds(least, strict) and region.holds(sign, strict=False):
                where = f"at {symbol} = {region.plain(point)}"
                return f"{shape} in {symbol}, with least value {region.plain(least)} {where}"
    return None


class _Region:
    """A domain, with the symbols that stand in for its own and how deep the argument may still go."""

    def __init__(self, domain: Domain, back: dict[Any, Any], depth: int) -> None:
        self.domain, self.back, self.depth = domain, back, depth

    def plain(self, expression: Any) -> Any:
        return expression.xreplace(self.back)

    def holds(self, expression: Any, strict: bool) -> bool:
        """Whether the expression is nonnegative, or positive, everywhere."""
        for form in (expression, sp.factor(sp.together(expression))):
            if form.is_positive if strict else form.is_nonnegative:
                return True
        answer, plain = self._settle(expression, strict), self.plain(expression)
        if answer.method or answer.candidate:
            return answer.method is not None
        if self.depth == 1:
            return False
        seen = sample(plain, sp.S.Zero, ">" if strict else ">=", self.domain, FEW_POINTS)
        return seen.counterexample is None and _prove(plain, strict, self.domain, self.depth - 1) is not None

    def _settle(self, expression: Any, strict: bool) -> Answer:
        return settle((sp.Gt if strict else sp.Ge)(self.plain(expression), 0, evaluate=False), self.domain)

    def is_smooth(self, node: Any) -> bool:
        """Whether the expression is, by construction, smooth everywhere in the domain."""
        return is_smooth(node, lambda base: self._settle(base, strict=True).method is not None)

    def attains(self, point: Any, variable: Any) -> bool:
        """Whether the point is one of the variable's values, whatever the other symbols are."""
        if not point.is_real or point.has(variable):
            return False
        for name in ("positive", "negative", "nonnegative", "nonpositive"):
            if getattr(variable, f"is_{name}") and not getattr(point, f"is_{name}"):
                return False
        bounds = self.domain.bounds.get(self.back.get(variable, variable), sp.Interval(-sp.oo, sp.oo))
        return all(
            end.is_infinite or self._settle(sign * (point - end), strict=is_open).method
            for end, sign, is_open in (
                (bounds.start, 1, bounds.left_open),
                (bounds.end, -1, bounds.right_open),
            )
        )


def _stationary_points(slope: Any, variable: Any, others: set) -> list[Any]:
    # First where most textbook inequalities are tight, and beyond many a solver: 0, 1, another symbol.
    candidates = [sp.S.Zero, sp.S.One, *sorted(others, key=sp.default_sort_key)]
    points = [point for point in candidates if sp.expand_log(slope.subs(variable, point)) == 0]
    return points or list(sp.solve(slope, variable))


def _is_interval_condition(condition: Any) -> bool:
    """Whether it is `symbol < number` or the like: such conditions leave an interval, in one piece."""
    sides = getattr(condition, "args", ())
    return (
        isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le)
        and sum(side.is_Symbol for side in sides) == 1
        and any(side.is_number for side in sides)
    )


def _one_signed(variable: Any) -> bool:
    return bool(variable.is_positive or variable.is_negative)


def _is_smooth_from(inner: Any, variable: Any, end: Any) -> bool:
    """Whether the expression is smooth on [end, ∞): it still is when written in t = variable − end ≥ 0."""
    shifted = sp.Dummy("t", nonnegative=True)
    moved = inner.subs(variable, end + shifted)
    return is_smooth(sp.expand(moved)) or is_smooth(moved)
