"""Evidence by evaluation: both sides at exact points, enclosed, compared to 50 digits."""

__all__ = ["DIGITS", "Sample", "refute_near", "sample"]

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import acb, acb_mat, fmpq

from helpers.proof.comparison import DIGITS, FEW_DIGITS, compare
from helpers.proof.concrete import Instance, instances
from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.enclosure import Undefined, Unresolved, Unsupported, enclose
from helpers.proof.points import complexity, exact_points, satisfies_assumptions, simple_values

LEAST_POINTS = 4  # fewer are evidence only where there are no more
APPROXIMATE_POINTS = 4
APPROXIMATE_SECONDS = 4.0
LARGEST_SEARCH = 96  # points tried to make a counterexample simpler


@dataclass
class Sample:
    """What was seen at the points.

    Attributes:
        held: number of points at which the relation held and might have failed.
        neutral: number of points at which it did not fail, which says nothing for it: an implication from a
            false antecedent, or two numbers too small to tell apart without error bounds.
        digits: to how many digits, at least.
        largest_residual: largest |lhs − rhs| / max(1, |lhs|) there, or its bound.
        counterexample: the simplest point found at which it is false, or None.
        lhs_value, rhs_value: the sides there.
        exact: False if a side had to be evaluated without error bounds.
        obstacle: why points could not be used, the last reason seen.
        domain: in words.
        asked: number of points asked for.
        missing: of an equivalence, the truth values that the two sides could have, and had at no point.
    """

    held: int = 0
    neutral: int = 0
    digits: int = DIGITS
    largest_residual: float = 0.0
    counterexample: dict[Any, Any] | None = None
    lhs_value: Any = None
    rhs_value: Any = None
    exact: bool = True
    obstacle: str = ""
    domain: str = ""
    asked: int = 0
    missing: set[bool] = field(default_factory=set)
    skipped: int = field(default=0, repr=False)

    def shortage(self) -> str | None:
        """What the points lack to be evidence for the claim, or None."""
        if self.held + self.neutral == 0:
            return f"no point of the domain could be evaluated ({self.obstacle or 'none was found'})"
        if self.missing:
            kinds = " or ".join(sorted(str(kind).lower() for kind in self.missing))
            return f"no point was found at which both sides are {kinds}"
        if self.held < min(self.asked, LEAST_POINTS) and self.neutral + self.skipped > 0:
            found = f"only {self.held} point{'s' * (self.held != 1)}" if self.held else "no point"
            return f"{found} of the domain could tell ({self.obstacle or 'the antecedent is false'})"
        return None


def sample(lhs: Any, rhs: Any, relation: str, domain: Domain, points: int) -> Sample:
    """Evaluate both sides at up to `points` exact points and at once stop at a counterexample.

    A counterexample is rigorous if the result's `exact` is True: the enclosures of the two sides contradict
    the relation. Cost: O(points) enclosures.
    """
    result = Sample(asked=points)
    if relation == "<=>":
        result.missing = {kind for kind in (True, False) if sp.sympify(not kind) not in (lhs, rhs)}
    try:
        drawn = list(instances((lhs, rhs), domain.free_symbols))
    except RecursionError:  # SymPy's derivative of conj z calls itself
        return Sample(obstacle="SymPy's evaluation does not end")
    except (ArithmeticError, NotImplementedError, TypeError, ValueError) as error:  # SymPy could not draw one
        return Sample(obstacle=str(error))
    result.domain = domain.describe(drawn[0].symbols)
    if any(instance.real_only for instance in drawn):
        result.domain += ", taken real"
    share = -(-points // len(drawn))
    budget = points * 8 // len(drawn)
    for number, instance in enumerate(drawn):
        held_before = result.held
        for point in _points(instance, domain, budget, number):
            if result.held - held_before >= share and not result.missing:
                break
            if not result.exact and result.held >= APPROXIMATE_POINTS:
                return result
            if _try_point(instance, point, relation, result):
                _look_for_simpler(instance, domain, relation, result)
                return result
            if result.skipped > 4 * points + result.held:
                break
    return result


def refute_near(lhs: Any, rhs: Any, relation: str, domain: Domain, candidate: dict[Any, Any]) -> Sample:
    """Look for a counterexample at and around a suspected point, the roundest numbers first."""
    instance = next(instances((lhs, rhs), domain.free_symbols))
    result = Sample(domain=domain.describe(instance.symbols))
    candidate = {symbol: candidate.get(symbol, sp.Integer(1)) for symbol in instance.symbols}
    for denominator in (1, 2, 3, 4, 10, 100, 1000, 10**6, None):
        point = {
            symbol: sp.Rational(round(sp.N(value, 30) * denominator), denominator) if denominator else value
            for symbol, value in candidate.items()
        }
        inside = satisfies_assumptions(point) and domain.contains(point)
        if inside and _try_point(instance, point, relation, result):
            break
    return result


def _points(instance: Instance, domain: Domain, count: int, seed: int) -> Iterator[dict[Any, Any]]:
    scalars = exact_points(instance.symbols, domain, count, max(count // 24, 1), seed, instance.real_only)
    if not instance.matrices:
        yield from scalars
        return
    rng = random.Random(seed)
    few = list(itertools.islice(scalars, 12))
    for i in range(count if few else 0):
        yield {**few[i % len(few)], **instance.draw_matrices(rng)}


def _try_point(instance: Instance, point: dict[Any, Any], relation: str, result: Sample) -> bool:
    """Record what happens at the point; True if it is a counterexample."""
    try:
        left, right = instance.sides
        outcome, residual, values = compare(left, right, relation, point)
        result.digits = min(result.digits, DIGITS if residual <= 10.0**-DIGITS else FEW_DIGITS)
    except (Undefined, Unresolved) as error:
        result.obstacle = str(error)
        result.skipped += 1
        return False
    except Unsupported as error:
        result.obstacle = str(error)
        return _try_approximately(instance, point, relation, result)
    if outcome:
        if relation == "<=>":
            result.missing.discard(values[0])
        if relation == "=>" and not values[0]:
            result.neutral += 1
            return False
        result.held += 1
        result.largest_residual = max(result.largest_residual, residual)
        return False
    _record(instance, point, values, result)
    return True


def _record(instance: Instance, point: dict[Any, Any], values: tuple[Any, Any], result: Sample) -> None:
    result.counterexample = {**instance.drawn, **point}
    left, right = (_readable(side, point, value) for side, value in zip(instance.sides, values, strict=True))
    result.lhs_value, result.rhs_value = left, right


def _look_for_simpler(instance: Instance, domain: Domain, relation: str, result: Sample) -> None:
    if not result.exact or instance.matrices:
        return
    known = {symbol: result.counterexample[symbol] for symbol in instance.symbols}
    best = None
    for point in exact_points(instance.symbols, domain, 64, 64, 0, instance.real_only):
        if complexity(point) < complexity(known) and (values := _refutes(instance, point, relation)):
            known, best = point, values
    pools = {s: simple_values(s, domain, instance.real_only) for s in instance.symbols}
    left = LARGEST_SEARCH
    while left > 0:
        for point in _one_value_simpler(known, pools):
            left -= 1
            if domain.contains(point) and (values := _refutes(instance, point, relation)):
                known, best = point, values
                break
            if left == 0:
                break
        else:
            break
    if best is not None:
        _record(instance, known, best, result)


def _one_value_simpler(point: dict[Any, Any], pools: dict[Any, list]) -> Iterator[dict[Any, Any]]:
    """The points that differ from this one in one value, which is easier to read; the worst value's first."""
    effort = {symbol: complexity({symbol: value}) for symbol, value in point.items()}
    for symbol in sorted(point, key=lambda s: -effort[s]):
        for value in pools[symbol]:
            if complexity({symbol: value}) < effort[symbol]:
                yield {**point, symbol: value}


def _refutes(instance: Instance, point: dict[Any, Any], relation: str) -> tuple[Any, Any] | None:
    """The values of the two sides at a point where the relation certainly fails, else None."""
    try:
        outcome, _, values = compare(*instance.sides, relation, point)
    except ArithmeticError:
        return None
    return None if outcome else values


def _try_approximately(instance: Instance, point: dict[Any, Any], relation: str, result: Sample) -> bool:
    """Where no enclosure exists: SymPy's numerical evaluation, which promises digits but no bounds."""
    # SymPy would take differences, and does not see an impulse.
    unevaluated = any(side.has(sp.Derivative, sp.DiracDelta, sp.Limit) for side in instance.sides)
    spent = result.skipped > APPROXIMATE_POINTS
    if relation in ("<=>", "=>") or instance.matrices or unevaluated or spent:
        result.skipped += 1
        return False
    try:
        values = within(
            APPROXIMATE_SECONDS, lambda: [sp.N(side.subs(point), 30, maxn=60) for side in instance.sides]
        )
        numbers = [complex(value) for value in values]
    except OutOfTime:
        result.skipped += 3  # the next point will hardly be faster: two such points are enough
        return False
    except (TypeError, ValueError, ArithmeticError, NotImplementedError, AttributeError):
        result.skipped += 1
        return False
    except RecursionError:
        result.obstacle = "SymPy's evaluation does not end"
        result.skipped += 1
        return False
    left, right = numbers
    if any(number != number or abs(number) == float("inf") for number in numbers):
        result.skipped += 1
        return False
    if not all(_reaches_few_digits(value) for value in values):
        result.obstacle = f"the numerical evaluation does not settle to {FEW_DIGITS} digits"
        result.skipped += 1
        return False
    result.exact = False
    result.digits = FEW_DIGITS
    holds = _compare_approximately(left, right, relation)
    if holds is None:
        result.obstacle = "the sides are too close, or too close to zero, to compare without error bounds"
        result.neutral += 1
        return False
    if holds:
        result.held += 1
        result.largest_residual = max(result.largest_residual, abs(left - right) / max(1.0, abs(left)))
        return False
    result.counterexample = {**instance.drawn, **point}
    result.lhs_value, result.rhs_value = (sp.N(value, 8) for value in values)
    return True


def _reaches_few_digits(value: Any) -> bool:
    """Whether SymPy reports enough digits of a value; of one close to zero it cannot."""
    bits = FEW_DIGITS * math.log2(10)
    return all(part._prec >= bits or abs(part) < 10.0**-FEW_DIGITS for part in value.atoms(sp.Float))


def _compare_approximately(left: complex, right: complex, relation: str) -> bool | None:
    """Whether the relation holds between two values of some twelve digits, None where they cannot tell.

    A true claim's two sides agree in relation to their size; an error of quadrature is absolute, so that a
    false one must be off by more than that.
    """
    size = max(abs(left), abs(right))
    close, clear = (10.0**-FEW_DIGITS * scale for scale in (size, max(1.0, size)))
    if left != right and 0 in (left, right) and size <= clear:
        return None
    gap = left - right
    if relation == "==":
        return True if abs(gap) <= close else False if abs(gap) > clear else None
    excess = gap.real if relation in ("<=", "<") else -gap.real
    if excess > clear:
        return False
    return True if excess < -close or ("=" in relation and excess <= close) else None


def _readable(side: Any, point: dict[Any, Any], value: Any) -> Any:
    """The value as a SymPy number: exact where it is short, else rounded to 8 digits."""
    if isinstance(value, bool):
        return sp.true if value else sp.false
    if isinstance(value, fmpq):
        return sp.Rational(int(value.p), int(value.q))
    if isinstance(value, acb_mat):
        return sp.ImmutableMatrix(value.nrows(), value.ncols(), [_rounded(x) for x in value.entries()])
    try:
        exact = within(0.5, lambda: sp.expand(side.subs(point).doit()))
        if exact.is_number and exact.count_ops() <= 6 and not exact.has(sp.Float):
            own = enclose(exact, {}, 200)
            if isinstance(own, fmpq) or own.overlaps(value):
                return exact
    except (OutOfTime, ArithmeticError, TypeError, ValueError, AttributeError, NotImplementedError):
        pass
    return _rounded(value)


def _rounded(value: acb) -> Any:
    real, imaginary = (sp.Float(part.mid().str(20, radius=False), 8) for part in (value.real, value.imag))
    whole = [int(p) if p == int(p) and abs(p) < 10**6 else p for p in (real, imaginary)]
    return whole[0] + whole[1] * sp.I
