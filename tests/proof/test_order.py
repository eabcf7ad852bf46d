"""Equalities on intervals, and inequalities between exponentials."""

import pytest
import sympy as sp
from sympy import Interval, exp, log, sinh, sqrt

from helpers.proof import decide
from helpers.proof.comparison import compare
from helpers.proof.domain import Domain
from helpers.proof.enclosure import Unresolved
from helpers.proof.order import prove_order
from helpers.proof.signs import signs_are_trusted

x, y, ρ = sp.symbols("x y rho", real=True)
a = sp.Symbol("a", positive=True)
s = sp.Symbol("s", nonnegative=True)
ODDS = log((1 + ρ) / (1 - ρ)), log(1 + ρ) - log(1 - ρ)


def test_an_open_interval_says_which_logarithms_split():
    answer = prove_order(*ODDS, "==", Domain({ρ: (-1, 1)}))
    assert "written by positive numbers" in answer.method
    assert decide(*ODDS, domain={ρ: (-1, 1)}).status == "proved"
    assert decide(*ODDS, domain={ρ: (-3, 3)}).status == "refuted"
    assert prove_order(ODDS[0], ODDS[1] + 1, "==", Domain({ρ: (-1, 1)})).method is None


def test_an_interval_that_begins_elsewhere():
    claim = log((a - 1) * (a - 2)), log(a - 1) + log(a - 2)
    assert decide(*claim, domain={a: (2, sp.oo)}).status == "proved"
    assert prove_order(*claim, "==", Domain({a: Interval(0, sp.oo)})).method is None


POWERS = {
    "convexity": (exp((x + y) / 2), (exp(x) + exp(y)) / 2, "<="),
    "logarithm against its argument": (log(exp(x) + exp(y)), x, ">"),
    "logarithm on the right": (x, log(exp(x) + 1), "<"),
    "hyperbolic": (sinh(x), exp(x), "<"),
    "exponential in an exponent": (exp(exp(x)) * 2, exp(2 * exp(x)) + 1, "<="),
    "constant in an exponent": (exp(x + 1) + exp(-x), 2, ">"),
}


@pytest.mark.parametrize("name", POWERS)
def test_exponentials_as_powers(name):
    lhs, rhs, relation = POWERS[name]
    verdict = decide(lhs, rhs, relation)
    assert verdict.status == "proved", f"{verdict}"
    assert "complete)" not in verdict.method
    opposite = {"<=": ">", "<": ">=", ">": "<="}[relation]
    assert decide(lhs, rhs, opposite).status == "refuted"


def test_exponentials_do_not_become_independent_of_their_arguments_in_a_refutation():
    # As powers of unknown numbers both could fail: that must not count against them.
    assert decide(exp(x) + exp(-x), 2 + x**2, ">=").status in ("proved", "sampled")
    assert decide(exp(x), sqrt(1 + x**2) + x, ">=").status != "proved"


def test_what_may_be_zero_is_not_proved_positive():
    """A point refutes these claims before a proof is asked for; the proof must not need it."""
    assert prove_order(s, sp.S.Zero, ">", Domain()).method is None
    assert prove_order(s, sp.S.Zero, ">=", Domain()).method
    assert prove_order(s + s**2 * x**2, sp.S.Zero, ">", Domain()).method is None


def test_the_sign_of_the_gamma_function_is_believed_where_its_argument_is_positive():
    assert signs_are_trusted(sp.gamma(a))
    assert not signs_are_trusted(sp.gamma(x))
    assert not signs_are_trusted(1 + a * sp.gamma(x - 1))


def test_a_sign_that_sympy_gets_wrong_proves_nothing():
    """SymPy 1.14 takes this coefficient for negative; at n = 101 it is 1."""
    n = sp.Symbol("n", integer=True)
    assert prove_order(sp.binomial(n, 101), sp.S.Zero, "<=", Domain()).method is None


def test_the_whole_interval_is_written_by_positive_numbers():
    """True to the right of -1/2, false in the left quarter of the interval."""
    claim = log((ρ + sp.S.Half) ** 2), 2 * log(ρ + sp.S.Half)
    assert prove_order(*claim, "==", Domain({ρ: (-1, 1)})).method is None
    assert prove_order(*claim, "==", Domain({ρ: (-sp.S.Half, 1)})).method


def test_equal_numbers_satisfy_a_weak_inequality_alone():
    equal = sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6))
    for weak in ("<=", ">="):
        assert compare(*equal, weak, {})[:2] == (True, 0.0)
    for strict in ("<", ">"):
        with pytest.raises(Unresolved):
            compare(*equal, strict, {})


def test_an_end_that_belongs_to_the_interval_is_asked_too():
    """0 to the power 0 is 1."""
    claim = sp.Pow(0, a - 2), sp.S.Zero
    assert prove_order(*claim, "==", Domain({a: Interval.open(2, sp.oo)})).method
    assert prove_order(*claim, "==", Domain({a: Interval(2, sp.oo)})).method is None


def test_a_piece_that_does_not_apply_may_divide_by_zero():
    """At 0 the second piece applies; that the first is divided by x² there must not be taken to exclude 0."""
    spike = sp.Piecewise((1 - 1 / x**2, sp.Ne(x, 0)), (5, True))
    assert prove_order(spike, sp.Integer(5), "<=", Domain()).method
    assert prove_order(spike, sp.Integer(1), "<=", Domain()).method is None


ROUGH = sp.Float("0.1", 5)  # stands for the numbers that round to it, some 2e-7 to each side


@pytest.mark.parametrize(
    "wide, narrow",
    [
        (ROUGH, sp.Float("0.1", 20)),
        (sp.ImmutableMatrix([[1, ROUGH]]), sp.ImmutableMatrix([[1, sp.Float("0.1", 20)]])),
        (sp.ImmutableMatrix([[ROUGH, 1]]), sp.ImmutableMatrix([[sp.Float("0.1", 20), 1]])),
    ],
)
def test_wide_balls_that_overlap_are_not_equal(wide, narrow):
    assert compare(narrow, narrow, "==", {})[0]
    with pytest.raises(Unresolved):
        compare(wide, narrow, "==", {})


@pytest.mark.parametrize("relation, right", [("<", 0), ("<=", 0), (">", 2), (">=", 2), ("==", 1)])
def test_a_false_claim_comes_back_with_a_point_at_which_it_is_false(relation, right):
    left = 1 + x**2 / (1 + x**2)
    point = prove_order(left, sp.Integer(right), relation, Domain()).candidate
    assert sp.Rel(left.subs(point), right, relation) == sp.false
