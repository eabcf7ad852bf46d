"""Claims whose truth is known beforehand: by a rule and by evaluation, without the engine's help."""

__all__ = ["false_claims", "true_claims"]

from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st

from .evaluation import agree, clearly_differ
from .kinds import KINDS, Pair
from .mutation import drop_assumption, mutate

SEED_OF_POINTS = 1
SENSELESS = (ValueError, TypeError, ArithmeticError, AttributeError, NotImplementedError, LookupError)


@st.composite
def true_claims(draw: Any, kind: str) -> Pair:
    """Two different expressions that are equal (or ordered as said) by a rule; mpmath agrees, or the test fails."""
    pair = draw(KINDS[kind])
    assume(pair.lhs != pair.rhs)
    agreement = agree(pair.lhs, pair.rhs, pair.relation, pair.domain, SEED_OF_POINTS)
    assume(agreement is not None)
    assert agreement, f"the rule is wrong, for mpmath disagrees with {pair}"
    return pair


@st.composite
def false_claims(draw: Any, kind: str) -> tuple[Pair, str]:
    """A true claim with one mistake in it that mpmath sees clearly, and the name of the mistake."""
    pair = draw(KINDS[kind])

    def choose(count: int) -> int:
        return draw(st.integers(0, count - 1))

    lhs, rhs = pair.lhs, pair.rhs
    try:
        if pair.domain is None and choose(5) == 0:
            mistake, weaker = "assumption dropped", drop_assumption(lhs, rhs, choose)
            assume(weaker is not None)
            lhs, rhs = weaker
        elif choose(2):
            mistake, lhs = mutate(lhs, choose)
        else:
            mistake, rhs = mutate(rhs, choose)
    except SENSELESS:  # SymPy refuses what the mistake would make
        assume(False)
    assume(not any(side.has(sp.nan, sp.zoo) for side in (lhs, rhs)))
    assume(clearly_differ(lhs, rhs, pair.relation, pair.domain, SEED_OF_POINTS))
    return Pair(lhs, rhs, pair.relation, pair.domain), mistake
