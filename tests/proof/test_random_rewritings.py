"""Random rational functions: a rewriting is proved, a mutation refuted. Never the other way round."""

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.proof import decide

u, v = sp.symbols("u v")
p = sp.Symbol("p", positive=True)
r = sp.Symbol("r", real=True)

numbers = st.builds(sp.Rational, st.integers(-4, 4), st.integers(1, 3))
leaves = st.one_of(st.sampled_from([u, v, p, r, sp.I]), numbers)


def combine(children):
    return st.one_of(
        st.builds(lambda a, b: a + b, children, children),
        st.builds(lambda a, b: a * b, children, children),
        st.builds(lambda a, b: a / (b**2 + 3), children, children),
        st.builds(lambda a, k: a**k, children, st.integers(2, 3)),
    )


expressions = st.recursive(leaves, combine, max_leaves=7)
rewritings = st.sampled_from(
    [sp.expand, sp.together, sp.factor, sp.cancel, lambda e: sp.expand(sp.together(e))]
)


@settings(derandomize=True, max_examples=120, deadline=None)
@given(expressions, rewritings)
def test_rewriting_is_proved(expression, rewrite):
    assert decide(expression, rewrite(expression)).status == "proved"


@settings(derandomize=True, max_examples=120, deadline=None)
@given(expressions, rewritings, st.sampled_from([u, v, p, r, sp.Integer(1), u * v, p - 1]), numbers)
def test_mutation_is_refuted(expression, rewrite, term, factor):
    if factor == 0:
        factor = sp.Rational(1, 5)
    verdict = decide(expression, rewrite(expression) + factor * term)
    assert verdict.status == "refuted"
    assert set(verdict.counterexample) >= term.free_symbols


@settings(derandomize=True, max_examples=60, deadline=None)
@given(expressions)
def test_square_of_a_real_expression_is_not_negative(expression):
    real = expression.subs({u: r, v: p, sp.I: 1})
    assert decide(real**2, 0, ">=").status in ("proved", "sampled")
    assert decide(real**2, -sp.Rational(1, 7), "<=").status == "refuted"
