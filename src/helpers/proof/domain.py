"""Where a claim is meant to hold: the symbols' assumptions plus the conditions that the caller states."""

__all__ = ["Domain"]

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from helpers.notation import one_line
from helpers.proof.enclosure import Undefined, Unresolved, Unsupported, enclose


class Domain:
    """The set of points that satisfy every condition; the symbols' own assumptions always hold as well.

    Args:
        domain: None (no condition), a mapping symbol → `sympy.Interval` (or any set with `as_relational`) or
            symbol → (low, high), which is the *open* interval; or a condition, or an iterable of conditions,
            each a SymPy relational or Boolean.

    Raises:
        ValueError: the domain cannot be read so.
    """

    def __init__(self, domain: Any = None) -> None:
        self.conditions: tuple[Any, ...] = tuple(_conditions(domain))
        self.bounds: dict[Any, sp.Interval] = _bounds(self.conditions)
        # A side of a condition such as x < y is real, whatever the symbol declares.
        self.real_symbols: set = {
            side
            for condition in self.conditions
            for relation in condition.atoms(Relational)
            if not isinstance(relation, sp.Eq | sp.Ne)
            for side in relation.args
            if side.is_Symbol
        }

    @property
    def free_symbols(self) -> set:
        return set().union(*(condition.free_symbols for condition in self.conditions), set())

    def contains(self, point: Mapping[Any, Any]) -> bool:
        """Whether every condition is certainly true at the exact point."""
        try:
            return all(enclose(condition, point, 128) for condition in self.conditions)
        except (Undefined, Unresolved, Unsupported):
            return False

    def sharpened(self, *sides: Any) -> dict[Any, sp.Dummy]:
        """Symbol → stand-in that carries, as assumptions, what the conditions say about its sign.

        Only for symbols of the sides that are bound nowhere in them (by an integral, a sum, a law, a limit): the
        conditions speak of the free symbol, not of a bound one that shares its name.
        """
        symbols = set().union(*(side.free_symbols for side in sides)) - _bound_symbols(sides)
        stand_ins = {}
        for symbol in symbols:
            if symbol not in self.real_symbols:
                continue
            interval = self.bounds.get(symbol, sp.Interval(-sp.oo, sp.oo))
            known = {"real": True}
            if interval.start.is_nonnegative:
                zero_inside = interval.start.is_zero and not interval.left_open
                known["nonnegative" if zero_inside else "positive"] = True
            elif interval.end.is_nonpositive:
                zero_inside = interval.end.is_zero and not interval.right_open
                known["nonpositive" if zero_inside else "negative"] = True
            if any(getattr(symbol, f"is_{name}") is not value for name, value in known.items()):
                old = {name: value for name, value in symbol.assumptions0.items() if value is not None}
                stand_ins[symbol] = sp.Dummy(symbol.name, **{**old, **known})
        return stand_ins

    def describe(self, symbols: Iterable[Any]) -> str:
        """In words: the assumptions of these symbols and the conditions."""
        parts = [f"{one_line(symbol)} {_kind(symbol)}" for symbol in symbols]
        return ", ".join(parts + [one_line(condition) for condition in self.conditions])


def _bound_symbols(sides: Iterable[Any]) -> set:
    nodes = [node for side in sides for node in sp.preorder_traversal(side)]
    limits = {node.args[1] for node in nodes if isinstance(node, sp.Limit)}
    return limits.union(*(getattr(node, "bound_symbols", ()) for node in nodes))


def _conditions(domain: Any) -> list[Any]:
    if domain is None:
        return []
    if isinstance(domain, Domain):
        return list(domain.conditions)
    if isinstance(domain, Mapping):
        return [condition for pair in domain.items() for condition in _membership(*pair)]
    if isinstance(domain, sp.logic.boolalg.Boolean):
        domain = [domain]
    if not isinstance(domain, Iterable) or isinstance(domain, str):
        raise ValueError(
            f"domain: expected a mapping symbol → interval or an iterable of conditions, got {domain!r}"
        )
    conditions = []
    for condition in domain:
        if condition is True or condition == sp.true:
            continue
        if not isinstance(condition, sp.logic.boolalg.Boolean) or isinstance(condition, sp.Symbol):
            raise ValueError(f"domain: expected a SymPy relation such as x > 0, got {condition!r}")
        conditions.extend(condition.args if isinstance(condition, sp.And) else [condition])
    return conditions


def _membership(symbol: Any, family: Any) -> list[Any]:
    if not isinstance(symbol, sp.Symbol):
        raise ValueError(f"domain: a key must be a symbol, got {symbol!r}")
    if isinstance(family, tuple) and len(family) == 2:
        low, high = (sp.sympify(end) for end in family)
        if not (low < high) == sp.true:
            raise ValueError(f"domain: expected (low, high) with low < high for {symbol}, got {family!r}")
        family = sp.Interval.open(low, high)
    if isinstance(family, sp.Interval):
        low = (sp.Gt if family.left_open else sp.Ge)(symbol, family.start)
        high = (sp.Lt if family.right_open else sp.Le)(symbol, family.end)
        ends = [low if family.start.is_finite else sp.true, high if family.end.is_finite else sp.true]
    elif isinstance(family, sp.Set):
        ends = [family.as_relational(symbol)]
    else:
        raise ValueError(f"domain: expected an Interval or (low, high) for {symbol}, got {family!r}")
    if sp.false in ends:
        raise ValueError(f"domain: no {symbol}, which is {_kind(symbol)}, lies in {family}")
    return [end for end in ends if end != sp.true]


def _bounds(conditions: Iterable[Any]) -> dict[Any, sp.Interval]:
    """Symbol → interval, from the conditions `symbol REL number` alone."""
    bounds: dict[Any, sp.Interval] = {}
    flat: list[Any] = []
    for condition in conditions:
        flat.extend(condition.args if isinstance(condition, sp.And) else [condition])
    for condition in flat:
        if not isinstance(condition, Relational):
            continue
        if condition.lhs.is_number and condition.rhs.is_Symbol:
            condition = condition.reversed
        symbol, number = condition.lhs, condition.rhs
        if not (symbol.is_Symbol and number.is_number and number.is_extended_real):
            continue
        interval = {
            sp.StrictGreaterThan: lambda c: sp.Interval.open(c, sp.oo),
            sp.GreaterThan: lambda c: sp.Interval(c, sp.oo),
            sp.StrictLessThan: lambda c: sp.Interval.open(-sp.oo, c),
            sp.LessThan: lambda c: sp.Interval(-sp.oo, c),
        }.get(type(condition))
        if interval is None:
            continue
        both = bounds.get(symbol, sp.Interval(-sp.oo, sp.oo)).intersect(interval(number))
        if not isinstance(both, sp.Interval):
            raise ValueError(f"domain: no {symbol} satisfies {', '.join(map(str, flat))}")
        bounds[symbol] = both
    return bounds


def _kind(symbol: Any) -> str:
    number = "integer" if symbol.is_integer else "real" if symbol.is_extended_real else "complex"
    for name in ("positive", "negative", "nonnegative", "nonpositive", "nonzero"):
        if getattr(symbol, f"is_{name}"):
            return name if number == "real" and name != "nonzero" else f"{name} {number}"
    return number
