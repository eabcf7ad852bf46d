"""How one line of a derivation is joined to the next: the relations, their signs, and how each is decided."""

__all__ = [
    "IN_EXPECTATION",
    "SIGNS",
    "TEX_SIGNS",
    "UP_TO_CONSTANT",
    "as_equality",
    "decide_link",
    "refuse_a_turn",
    "sizes_in_words",
]

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from helpers.notation import one_line
from helpers.proof.domain import Domain
from helpers.proof.equality import decide
from helpers.proof.expectation import Expectation
from helpers.proof.verdict import Verdict

UP_TO_CONSTANT, IN_EXPECTATION = "==+c", "==E"

SIGNS = {
    "==": "=",
    "<=": "≤",
    "<": "<",
    ">=": "≥",
    ">": ">",
    "<=>": "⟺",
    "=>": "⟹",
    UP_TO_CONSTANT: "=ᶜ",
    IN_EXPECTATION: "=ᴱ",
}
TEX_SIGNS = {
    "==": "=",
    "<=": r"\le",
    "<": "<",
    ">=": r"\ge",
    ">": ">",
    "<=>": r"\iff",
    "=>": r"\implies",
    UP_TO_CONSTANT: r"\overset{c}{=}",
    IN_EXPECTATION: r"\overset{\mathbb{E}}{=}",
}
_UPWARD, _DOWNWARD = ("<=", "<"), (">=", ">")
MOST_SIZES = 64


def refuse_a_turn(links: Iterable[tuple[str, Any]]) -> None:
    """Raise ValueError if the ends of a chain with these links (relation, of what) would not compare.

    a ≤ b ≥ c says nothing of a and c; nor does an order beside an equality up to a constant or in expectation, two of
    these beside each other, or two constants in different variables.
    """
    links = list(links)
    used = {relation for relation, _ in links}
    if used.intersection(_UPWARD) and used.intersection(_DOWNWARD):
        raise ValueError(
            f"relation: {SIGNS[links[-1][0]]} turns the chain around, so its ends would not compare"
        )
    for relation, of in links:
        if relation == IN_EXPECTATION:
            _laws(of)  # refuses what is none
    weak = {link for link in links if link[0] in (UP_TO_CONSTANT, IN_EXPECTATION)}
    others = used - {"==", UP_TO_CONSTANT, IN_EXPECTATION}
    if len(weak) > 1 or (weak and others):
        raise ValueError(
            f"relation: {SIGNS[links[-1][0]]} does not combine with the links before, so the chain's ends would not "
            "compare"
        )


def decide_link(
    relation: str, before: Any, after: Any, of: Any, domain: Any, sizes: Mapping[Any, Iterable[int]]
) -> Verdict:
    """The verdict on `before relation after`.

    Args:
        relation: one that `decide` takes, `UP_TO_CONSTANT` or `IN_EXPECTATION`.
        of: for these two the symbol in which the difference is constant, and the law of the random symbols.
        domain: as for `decide`.
        sizes: symbolic matrix size → values at which the link is decided entry by entry as well.

    Cost: one decision, and one for each combination of sizes.
    """
    verdict = _decide_once(relation, before, after, of, domain)
    if not sizes or verdict.status == "refuted":
        return verdict
    explicit = []
    for assignment in assignments(sizes):
        at_sizes = [side.subs(assignment) if hasattr(side, "subs") else side for side in (before, after)]
        found = _decide_once(relation, *at_sizes, of, domain)
        if found.status == "refuted" or found.contradicted:
            given = dict(found.counterexample or {})
            return replace(found, counterexample={**assignment, **given})
        explicit.append(found)
    where = sizes_in_words(sizes)
    if all(found.status == "proved" for found in explicit):
        beside = f"proved entry by entry for {where}"
    else:
        beside = f"sampled entry by entry for {where}"
    if verdict.status == "proved":
        return replace(verdict, method=f"{verdict.method}, for every size; also {beside}")
    best = "sampled" if all(found.status in ("proved", "sampled") for found in explicit) else "undecided"
    return replace(verdict, status=best, method=f"{beside}; for other sizes: {verdict.method}")


def assignments(sizes: Mapping[Any, Iterable[int]]) -> list[dict[Any, sp.Integer]]:
    """Every combination of the sizes. Raises ValueError for what is no size, or more than 64 combinations."""
    pools = []
    for symbol, values in sizes.items():
        pool = [int(value) for value in values]
        if not isinstance(symbol, sp.Symbol) or not pool or min(pool) < 1:
            raise ValueError(
                f"sizes: expected a symbol and positive whole numbers, got {symbol!r}: {values!r}"
            )
        pools.append([(symbol, sp.Integer(value)) for value in pool])
    combinations = [dict(chosen) for chosen in itertools.product(*pools)]
    if len(combinations) > MOST_SIZES:
        raise ValueError(f"sizes: {len(combinations)} combinations, expected at most {MOST_SIZES}")
    return combinations


def sizes_in_words(sizes: Mapping[Any, Iterable[int]]) -> str:
    return "; ".join(
        f"{one_line(symbol)} = {', '.join(str(int(value)) for value in values)}"
        for symbol, values in sizes.items()
    )


def as_equality(relation: str, before: Any, after: Any, of: Any, domain: Any) -> tuple[Any, Any, Any] | None:
    """Both sides and the domain of the equality that a link stands for; None if it stands for none.

    Up to a constant: before − after has the same value at any two values of the symbol. No derivative is taken: one
    that vanishes would not do on a domain of several pieces.
    """
    if relation == "==":
        return before, after, domain
    if relation == IN_EXPECTATION:
        spoken_of = Domain(domain).free_symbols & {v for part in _laws(of) for v in part.variables}
        if spoken_of:
            raise ValueError(
                f"domain: speaks of {', '.join(sorted(map(one_line, spoken_of)))}, which the law draws from all of "
                "its values: a condition on it belongs into the law"
            )
        return Expectation(before, of), Expectation(after, of), domain
    if relation == UP_TO_CONSTANT:
        for side in (before, after):
            if not isinstance(side, sp.Expr) or isinstance(side, sp.MatrixExpr):
                raise ValueError(
                    f"expression: expected a scalar, which a constant can be added to, got {side}"
                )
        conditions = Domain(domain).conditions
        used = {s.name for part in (before, after, *conditions) for s in sp.sympify(part).free_symbols}
        name = f"{of.name}'"
        while name in used:
            name += "'"
        other = sp.Symbol(name, **of._assumptions_orig)
        moved = [condition.xreplace({of: other}) for condition in conditions if condition.has(of)]
        difference = before - after
        return difference, difference.xreplace({of: other}), [*conditions, *moved]
    return None


def _laws(of: Any) -> Iterable[Any]:
    laws = of if isinstance(of, list | tuple) else (of,)
    if not laws or not all(isinstance(law, sp.Basic) and hasattr(law, "variables") for law in laws):
        raise ValueError(f"law: expected a law or several of them, got {of!r}")
    return laws


def _decide_once(relation: str, before: Any, after: Any, of: Any, domain: Any) -> Verdict:
    equality = as_equality(relation, before, after, of, domain)
    if equality is None:
        return decide(before, after, relation, domain=domain)
    lhs, rhs, where = equality
    verdict = decide(lhs, rhs, domain=where)
    if relation == UP_TO_CONSTANT:
        name = one_line(of)
        note = f"the difference is the same at two values {name} and {name}': "
    else:
        note = "expectations of both sides: " if relation == IN_EXPECTATION else ""
    return replace(verdict, method=note + verdict.method)
