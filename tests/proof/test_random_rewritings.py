"""Ten thousand random claims, half of them true by an exact rule, half spoilt by one mistake: no wrong verdict.

The seed is fixed, so that nothing here fails by chance; another one is tried by
`PAIRS_SEED=7 pytest tests/proof/test_random_rewritings.py`.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, given, seed, settings

from helpers.proof import decide

from .pairs.claims import false_claims, true_claims
from .pairs.kinds import KINDS

SEED = int(os.environ.get("PAIRS_SEED", "1729"))

# Kind → number of true claims, and of false ones; fewer of those that take long to decide.
COUNTS = {
    "polynomials": 900,
    "rational functions": 790,
    "roots": 350,
    "logarithms and exponentials": 500,
    "trigonometry": 500,
    "complex numbers": 400,
    "pieces": 150,
    "sums": 250,
    "combinatorics": 250,
    "derivatives": 250,
    "integrals": 40,
    "explicit matrices": 200,
    "matrix symbols": 120,
    "inequalities": 250,
    "inequalities on an interval": 50,
}
# The engine may say "sampled" or "undecided" too, but rarely. An iterated integral cannot be evaluated yet, and
# few steps know the beta function and the complementary error function.
LEAST_PROVED = dict.fromkeys(COUNTS, 0.9) | {"combinatorics": 0.5, "integrals": 0.75}
LEAST_REFUTED = dict.fromkeys(COUNTS, 0.98) | {"integrals": 0.75}


def repeated(count: int) -> Callable:
    """`count` examples from the seed, shrunk when one fails; nothing is written to disk."""
    chosen = settings(
        max_examples=count,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: seed(SEED)(chosen(test))


def described(pair, verdict, mistake: str = "no mistake") -> str:
    return f"seed {SEED}, {mistake}: {verdict}\n{pair}\n{sp.srepr(pair.lhs)}\n{sp.srepr(pair.rhs)}"


def test_there_are_ten_thousand():
    assert set(COUNTS) == set(KINDS)
    assert 2 * sum(COUNTS.values()) == 10_000


@pytest.mark.parametrize("kind", COUNTS)
def test_true_claims_are_not_refuted(kind):
    tally = Counter()

    @repeated(COUNTS[kind])
    @given(true_claims(kind))
    def check(pair):
        verdict = decide(pair.lhs, pair.rhs, pair.relation, domain=pair.domain)
        assert verdict.status != "refuted" and not verdict.contradicted, described(pair, verdict)
        tally[verdict.status] += 1

    check()
    summary = f"seed {SEED}: {kind}, true: {dict(tally)}"
    print(summary)
    assert tally.total() == COUNTS[kind], summary
    assert tally["proved"] >= LEAST_PROVED[kind] * COUNTS[kind], summary


@pytest.mark.parametrize("kind", COUNTS)
def test_false_claims_are_not_proved(kind):
    tally = Counter()

    @repeated(COUNTS[kind])
    @given(false_claims(kind))
    def check(claim):
        pair, mistake = claim
        verdict = decide(pair.lhs, pair.rhs, pair.relation, domain=pair.domain)
        assert verdict.status != "proved", described(pair, verdict, mistake)
        tally[verdict.status] += 1

    check()
    summary = f"seed {SEED}: {kind}, false: {dict(tally)}"
    print(summary)
    assert tally.total() == COUNTS[kind], summary
    assert tally["refuted"] >= LEAST_REFUTED[kind] * COUNTS[kind], summary
