"""Exact points inside the symbols' assumptions and a domain, the simplest first."""

__all__ = ["complexity", "exact_points", "satisfies_assumptions", "simple_values"]

import itertools
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from helpers.proof.domain import Domain

SIMPLE_GRID = 64
ATTEMPTS_PER_POINT = 400
LARGEST_REPETITION = 200  # draws that gave nothing new: a finite domain is exhausted

_HALVES = [sp.Rational(p, 2) for p in (2, 4, 1, -2, 0, -1, -4, 6, 3, -6, -3)]
_FRACTIONS = [
    sp.Rational(p, q) for p, q in ((1, 3), (2, 3), (1, 4), (3, 4), (-1, 3), (1, 10), (9, 10), (5, 1), (10, 1))
]
_WHOLES = [sp.Integer(n) for n in (1, 2, 0, -1, 3, -2, 4, 5, -3, 6, 7, -4, 8, 9, -5, 11, 12, -6)]
_GAUSSIAN = [sp.I, -1 + sp.I, 1 - 2 * sp.I, sp.I / 2, -sp.I, -sp.Rational(1, 2) - sp.I, 2 + sp.I]
_IRRATIONAL = [sp.sqrt(2), -sp.sqrt(2), sp.sqrt(3) / 2, sp.pi, -sp.pi / 3, sp.pi / 7]
_MINUS_HALF = -sp.S.Half


def complexity(point: dict[Any, Any]) -> int:
    """How hard a point is to read: digits of its rationals, a little more for signs and imaginary parts."""
    total = 0
    for value in point.values():
        for atom in value.atoms(sp.Rational) if hasattr(value, "atoms") else ():
            total += abs(int(atom.p)) + 2 * int(atom.q) - 2 + bool(atom.is_negative)
        total += 3 * value.has(sp.I)
    return total


def satisfies_assumptions(point: dict[Any, Any]) -> bool:
    """Whether every value has each property that its symbol declares."""
    return all(_allowed(value, _facts(symbol)) for symbol, value in point.items())


def exact_points(
    symbols: Sequence[Any],
    domain: Domain,
    count: int,
    simple_count: int,
    seed: int = 0,
    real_only: bool = False,
) -> Iterator[dict[Any, Any]]:
    """Up to `count` exact points: first some from a grid of simple values, simplest first, then generic ones.

    Args:
        symbols: the scalar symbols to give values to, in a fixed order.
        domain: every point yielded satisfies its conditions and the symbols' assumptions.
        count: how many points to yield at most; fewer if the domain is hard to hit or has no more.
        simple_count: how many of them come from the grid.
        seed: the same seed gives the same points.
        real_only: give real values to symbols that might be complex.

    Cost: O(count) draws where the conditions are easy, at most O(400 count) where they are not.
    """
    if not symbols:
        yield {}
        return
    rng = random.Random(seed)
    seen: set[tuple] = set()

    def fresh(values: tuple) -> dict[Any, Any] | None:
        if values in seen:
            return None
        seen.add(values)
        point = dict(zip(symbols, values, strict=True))
        return point if domain.contains(point) else None

    simple = [simple_values(symbol, domain, real_only) for symbol in symbols]
    if not all(simple):
        return
    yielded = 0
    for values in _grid(simple, rng):
        if yielded >= simple_count:
            break
        if point := fresh(values):
            yielded += 1
            yield point
    for attempt in range(ATTEMPTS_PER_POINT * count):
        if yielded >= count or attempt - len(seen) > LARGEST_REPETITION:
            return
        values = tuple(
            _generic_value(symbol, domain, pool, rng, real_only)
            for symbol, pool in zip(symbols, simple, strict=True)
        )
        if point := fresh(values):
            yielded += 1
            yield point


def _grid(simple: list[list], rng: random.Random) -> list[tuple]:
    heads = [pool[: max(3, round(SIMPLE_GRID ** (1 / len(simple))))] for pool in simple]
    size = 1
    for head in heads:
        size *= len(head)
    if size <= 4 * SIMPLE_GRID:
        grid = list(itertools.product(*heads))
    else:
        grid = [tuple(rng.choice(head) for head in heads) for _ in range(2 * SIMPLE_GRID)]
    return sorted(grid, key=lambda values: complexity(dict(enumerate(values))))


def simple_values(symbol: Any, domain: Domain, real_only: bool) -> list[Any]:
    """Values that the symbol may take, the easiest to read first; conditions on several symbols are not looked at."""
    interval = domain.bounds.get(symbol)
    facts = _facts(symbol)
    pool = _allowed_pool(facts, real_only or symbol in domain.real_symbols)
    if interval is None:
        return list(pool)
    inside = [value for value in pool if _contains(interval, value)]
    inside += [v for v in _inside(interval) if v not in inside and _allowed(v, facts)]
    return sorted(inside, key=lambda value: complexity({0: value}))


@lru_cache(maxsize=256)
def _allowed_pool(facts: tuple, real_only: bool) -> tuple:
    pool = _WHOLES if dict(facts).get("integer") else _HALVES + _FRACTIONS
    if dict(facts).get("extended_real") is None and not real_only:
        pool = pool + _GAUSSIAN + [sp.I * n for n in (2, 3)]
    allowed = [value for value in pool if _allowed(value, facts)]
    if not allowed:
        allowed = [value for value in [*_WHOLES, *_GAUSSIAN, *_IRRATIONAL] if _allowed(value, facts)]
    return tuple(sorted(allowed, key=lambda value: complexity({0: value})))


@lru_cache(maxsize=1024)
def _facts(symbol: Any) -> tuple:
    facts = symbol.assumptions0.items()
    return tuple(
        sorted((name, wanted) for name, wanted in facts if wanted is not None and name != "commutative")
    )


def _allowed(value: Any, facts: tuple) -> bool:
    if value.is_Rational and not value.is_Integer:
        # Fractions of one sign share all properties; it is worked out for these two once.
        value = sp.S.Half if value.p > 0 else _MINUS_HALF
    return _has(value, facts)


@lru_cache(maxsize=4096)
def _has(value: Any, facts: tuple) -> bool:
    return all(getattr(value, f"is_{name}") is wanted for name, wanted in facts)


def _inside(interval: sp.Interval) -> list[Any]:
    """Fractions of small denominator inside an interval, with its ends where they are rational and belong."""
    low, high = (max(-1e18, min(1e18, end)) for end in _window(interval))  # infinity is no whole number
    values = [end for end in (interval.start, interval.end) if end.is_Rational]
    for denominator in (1, 2, 3, 4, 5, 8, 10, 16, 100, 1000, 10**4, 10**6, 10**9):
        start, stop = int(low * denominator) - 1, int(high * denominator) + 2
        step = max(1, (stop - start) // 8)
        values += [sp.Rational(n, denominator) for n in range(start, stop, step)]
        if len(values) > 40:
            break
    return [value for value in dict.fromkeys(values) if _contains(interval, value)]


def _contains(interval: sp.Interval, value: Any) -> bool:
    """`interval.contains(value)`; for a rational number, which comes by the thousand, without SymPy's detours."""
    low, high = interval.start, interval.end
    if not all(number.is_Rational or number in (sp.oo, -sp.oo) for number in (low, value, high)):
        return interval.contains(value) == sp.true
    above = low < value or (low == value and not interval.left_open)
    return bool(above and (value < high or (value == high and not interval.right_open)))


def _window(interval: sp.Interval) -> tuple[float, float]:
    low = float(interval.start) if interval.start.is_finite else None
    high = float(interval.end) if interval.end.is_finite else None
    if low is None:
        low = -10.0 if high is None else high - 10
    return low, low + 10 if high is None else high


def _generic_value(symbol: Any, domain: Domain, pool: list, rng: random.Random, real_only: bool) -> Any:
    facts = _facts(symbol)
    interval = domain.bounds.get(symbol)
    for _ in range(8):
        if symbol.is_integer:
            value = sp.Integer(rng.randint(*rng.choice(((-5, 5), (-12, 12), (-60, 60)))))
        elif interval is not None:
            low, high = _window(interval)
            denominator = 997 * max(1, round(10 / (high - low)))
            value = sp.Rational(round(rng.uniform(low, high) * denominator), denominator)
        else:
            value = _generic_rational(rng) * (sp.I if symbol.is_imaginary else 1)
            if symbol.is_extended_real is None and not real_only and symbol not in domain.real_symbols:
                value += sp.I * _generic_rational(rng)
            elif symbol.is_extended_nonnegative:
                value = abs(value)
            elif symbol.is_extended_nonpositive:
                value = -abs(value)
        if _allowed(value, facts) and (interval is None or _contains(interval, value)):
            return value
    return rng.choice(pool)


def _generic_rational(rng: random.Random) -> sp.Rational:
    # Magnitudes around one mostly, and now and then small or large, where inequalities break.
    top, bottom = rng.choice(((97, 31), (31, 31), (31, 97), (7, 97), (97, 5)))
    return sp.Rational(rng.choice((-1, 1)) * rng.randint(1, top), rng.randint(1, bottom) + 1)
