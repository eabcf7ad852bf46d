"""Inequalities, equivalences and implications."""

import pytest
import sympy as sp
from sympy import Abs, And, Interval, Or, Rational, cos, exp, log, oo, sqrt

from helpers.proof import decide
from helpers.proof.conclusion import conclude_or_refute
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import Answer
from helpers.proof.sampling import sample

x, y = sp.symbols("x y", real=True)
z, w = sp.symbols("z w")
s = sp.Symbol("s", nonnegative=True)
a, b, t = sp.symbols("a b t", positive=True)
n = sp.Symbol("n", integer=True)
η, γ = sp.symbols("eta gamma", positive=True)

TRUE = {
    "square": (2 * x * y, "<=", x**2 + y**2),
    "means": (sqrt(a * b), "<=", (a + b) / 2),
    "log": (t - 1 - log(t), ">=", 0),
    "log from one": (log(1 + t), "<", t),
    "Kullback-Leibler, pointwise": (a * log(a / b) - a + b, ">=", 0),
    "exponential": (exp(x), ">=", 1 + x),
    "cosine": (cos(x), ">=", 1 - x**2 / 2),
    "triangle": (Abs(z + w), "<=", Abs(z) + Abs(w)),
    "barely positive": (x**2 - x / 5 + Rational(1, 99), ">", 0),
    "rational": (x / (1 + x**2), "<=", Rational(1, 2)),
    "hyperbolic tangent": (sp.tanh(x), "<", 1),
    "exponentials of ordered numbers": (exp(x), "<", exp(x + 1 + y**2)),
    "quartic": (1 - η**2 + η**4, ">=", Rational(3, 4)),
    "modulus": (Abs(x - y), ">=", y - x),
    "maximum": (2 * sp.Max(x, y), ">=", x + y),
    "minimum": (2 * sp.Min(x, y), "<=", x + y),
}

FALSE = {
    "strict where equal": (2 * x * y, "<", x**2 + y**2),
    "barely negative": (x**2 - x / 5 + Rational(1, 101), ">", 0),
    "zero at an irrational point only": ((x**2 - 2) ** 2, ">", 0),
    "factor": (log(1 + t), "<=", t / 2),
    "beyond one": (1 - η**2 + η**4, "<", 1),
    "sign of the denominator": (1 / x, "<=", 1 / x + 1 / x**3),
    "pole between convex branches": (1 / (x - 1) ** 2 + 1 / (x - 1), ">=", 0),
    "strict at an end that belongs": (log(1 + s), "<", s),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_true_inequality_is_proved(name):
    lhs, relation, rhs = TRUE[name]
    verdict = decide(lhs, rhs, relation)
    assert verdict.status == "proved", f"{verdict}"


@pytest.mark.parametrize("name", FALSE)
def test_false_inequality_is_refuted(name):
    lhs, relation, rhs = FALSE[name]
    verdict = decide(lhs, rhs, relation)
    assert verdict.status == "refuted", f"{verdict}"
    left, right = (sp.sympify(side).subs(verdict.counterexample) for side in (lhs, rhs))
    assert sp.Rel(left, right, relation) == sp.false


def test_a_domain_decides():
    assert decide(x**2, x, "<=").status == "refuted"
    assert decide(x**2, x, "<=", domain={x: Interval(0, 1)}).status == "proved"
    assert decide(x**2, x, "<", domain={x: (0, 1)}).status == "proved"
    assert decide(x**2, x, "<", domain={x: Interval(0, 1)}).status == "refuted"
    assert decide(log(a), (a - 1) / sqrt(a), "<=", domain={a: (1, oo)}).status == "proved"
    assert decide(x, y, "<=", domain=[x + 1 < y]).status == "proved"
    assert decide(z, w, "<", domain=[z < w]).status == "proved"


def test_a_narrow_failure_is_found_by_z3_and_confirmed_by_balls():
    # Negative only within 1e-5 of 1/3, where no sampled point lies.
    gap = (x - Rational(33333, 100000)) ** 2 - Rational(1, 10**10)
    verdict = decide(gap, 0, ">=")
    assert verdict.status == "refuted"
    assert gap.subs(verdict.counterexample) < 0


def test_the_point_that_z3_finds_is_rounded_to_few_digits():
    # Negative only within 4e-6 of the root of 2.
    verdict = decide((x - sqrt(2)) ** 2, Rational(1, 10**11), ">=")
    assert verdict.status == "refuted"
    assert verdict.counterexample[x].q <= 10**6


REGIONS = {
    "extragradient": (η**2 * (η**2 - 1) < 0, And(η > 0, η < 1)),
    "two parameters": (
        And(1 - (1 - η * γ + η**2) > 0, 4 - 2 * η * γ + η**2 > 0),
        And(η < γ, 2 * η * γ < 4 + η**2),
    ),
    "interval": (1 - (1 - x) ** 2 > 0, And(x > 0, x < 2)),
    "two branches": (x**2 > 1, Or(x > 1, x < -1)),
    "with a denominator": (1 / x > 0, x > 0),
    "with a root": (sqrt(1 + x**2) < 2, x**2 < 3),
    "exponential": (exp(x) < exp(y), x < y),
    "exponential, against one": (exp(x) >= 1, x >= 0),
    "logarithm": (log(a) <= log(b), a <= b),
    "logarithm, against zero": (log(a) > 0, a > 1),
}


@pytest.mark.parametrize("name", REGIONS)
def test_true_region_is_proved(name):
    verdict = decide(*REGIONS[name], "<=>")
    assert verdict.status == "proved", f"{verdict}"
    assert "Z3" in verdict.method


def test_the_method_names_the_increasing_functions_that_were_undone():
    assert "increasing" in decide(exp(x) < exp(y), x < y, "<=>").method
    assert "increasing" not in decide(*REGIONS["two branches"], "<=>").method


def test_a_logarithm_that_may_be_no_real_number_is_not_undone():
    assert decide(log(x) > 0, x > 1, "<=>").status != "proved"
    assert decide(log(x) < log(y), x < y, "<=>").status != "proved"


FALSE_REGIONS = {
    "factor": (REGIONS["two parameters"][0], And(η < 2 * γ, 2 * η * γ < 4 + η**2)),
    "missing condition": (REGIONS["two parameters"][0], η < γ),
    "exponential, reversed": (exp(-x) < exp(-y), x < y),
    "logarithm, one-sided": (log(a) > 0, a > 2),
    "closed end": (η**2 * (η**2 - 1) < 0, η <= 1),
    "half": (x**2 > 1, x > 1),
}


@pytest.mark.parametrize("name", FALSE_REGIONS)
def test_false_region_is_refuted_at_a_point_where_the_sides_differ(name):
    left, right = FALSE_REGIONS[name]
    verdict = decide(left, right, "<=>")
    assert verdict.status == "refuted", f"{verdict}"
    point = verdict.counterexample
    assert bool(left.subs(point)) is not bool(right.subs(point))


HUGE = 10**100


def test_an_implication_that_was_never_put_to_the_test_is_undecided():
    verdict = decide(exp(x) > HUGE, x < 5, "=>")
    assert verdict.status == "undecided"
    assert "antecedent" in verdict.method
    # The antecedent holds at some points only: those count.
    verdict = decide(exp(x) > 1 + x + x**2 / 2 + x**3 / 6, sp.Ne(x, 0), "=>")
    assert verdict.status == "sampled"
    assert verdict.points == 25
    # A proof needs no such point.
    assert decide(x**2 < 0, x > 5, "=>", domain=[y > x]).status == "proved"


def test_an_equivalence_needs_points_of_both_kinds():
    verdict = decide(exp(x) > HUGE, x < -1000, "<=>")
    assert verdict.status == "undecided"
    assert "both sides are true" in verdict.method
    assert decide(x + sp.sin(x) > 0, x > 0, "<=>").status == "sampled"
    assert decide(sp.besseli(0, x) > sp.cos(x) - 1, sp.true, "<=>").status == "sampled"
    assert decide(sp.besseli(0, x) < sp.cos(x) - 1, sp.false, "<=>").status == "sampled"


INTEGERS = {
    "product of neighbours": (n * (n - 1), ">=", 0),
    "square": (n**2, ">=", n),
    "zero at a third only": (9 * n**2 - 6 * n + 1, ">", 0),
    "next integer": (n < 1, "<=>", n <= 0),
    "no third": (sp.Ne(3 * n, 1), "<=>", sp.true),
    "an integer and a real number": (n**2 + x**2, ">=", n - x**2),
}


@pytest.mark.parametrize("name", INTEGERS)
def test_what_holds_for_integers_only_is_proved_for_them(name):
    lhs, relation, rhs = INTEGERS[name]
    verdict = decide(lhs, rhs, relation)
    assert verdict.status == "proved", f"{verdict}"
    assert "integer" in verdict.method
    assert "complete" not in verdict.method
    over_reals = tuple(side.subs(n, sp.Symbol("n", real=True)) if side != 0 else 0 for side in (lhs, rhs))
    assert decide(*over_reals, relation).status == "refuted"


def test_a_failure_between_integers_is_refuted_at_integers():
    verdict = decide(2 * n**2 - 7 * n, -5, ">=")
    assert verdict.status == "refuted"
    assert verdict.counterexample == {n: 2}


@pytest.mark.parametrize(
    ("assumptions", "gap"),
    [({"rational": True}, lambda s: (s**2 - 2) ** 2), ({"prime": True}, lambda s: (s - 4) ** 2)],
)
def test_no_counterexample_breaks_the_assumptions(assumptions, gap):
    # Zero at one point, which is no value of the symbol.
    verdict = decide(gap(sp.Symbol("s", **assumptions)), 0, ">")
    assert verdict.status == "sampled"
    assert decide(gap(x), 0, ">").status == "refuted"


def test_floats_in_the_domain_prove_nothing():
    # The Float 0.3 is a little less than 3/10, so that the claim is false.
    verdict = decide(x, Rational(3, 10), ">", domain=[x > 0.3])
    assert verdict.status == "sampled"
    assert "floating-point" in verdict.method
    assert decide(x > Rational(3, 10), sp.true, "<=>", domain=[x > 0.3]).status == "sampled"


def test_implication_has_a_direction():
    assert decide(x > 1, x**2 > 1, "=>").status == "proved"
    assert decide(x**2 > 1, x > 1, "=>").status == "refuted"


def test_a_denominator_inside_a_piece_is_not_assumed_away():
    # At x = 0 the second piece applies and the function is 5: it is not below 1 everywhere.
    spike = sp.Piecewise((1 - 1 / x**2, sp.Ne(x, 0)), (5, True))
    assert decide(spike, 1, "<=").status == "refuted"


def test_roots_that_may_be_complex_are_not_taken_for_real():
    assert decide(sqrt(x) * sqrt(y), sqrt(x * y)).status == "refuted"


def test_schur_cohn_factorisation_is_proved():
    x1, y1, x2, y2 = sp.symbols("x1 y1 x2 y2", real=True)
    r1, r2 = x1 + sp.I * y1, x2 + sp.I * y2
    c, d = -(r1 + r2), r1 * r2
    lhs = (1 - Abs(d) ** 2) ** 2 - Abs(c - sp.conjugate(c) * d) ** 2
    rhs = (1 - Abs(r1) ** 2) * (1 - Abs(r2) ** 2) * Abs(1 - r1 * sp.conjugate(r2)) ** 2
    assert decide(lhs, rhs).status == "proved"
    assert decide(lhs, rhs * 2).status == "refuted"


def test_matrices_have_no_order():
    with pytest.raises(ValueError, match="relation"):
        decide(sp.eye(2), sp.eye(2), "<=")


def test_a_pole_that_both_sides_share_is_no_counterexample():
    """1/x < 1/x + x² holds wherever both sides are defined; at 0 neither is."""
    z, size = sp.Symbol("z", real=True), sp.Symbol("s", nonnegative=True)
    assert decide(1 / z, 1 / z + z**2, "<").status != "refuted"
    assert decide(sp.log(size), sp.log(size) + size, "<").status != "refuted"
    assert decide(z, z + z**2, "<").status == "refuted"


@pytest.mark.parametrize(
    "sign, relation", [("positive", ">"), ("nonnegative", ">="), ("negative", "<"), ("nonpositive", "<=")]
)
def test_the_values_of_an_undefined_function_have_its_sign(sign, relation):
    f = sp.Function("f", **{sign: True})
    assert decide(2 * f(x), f(x), relation).status == "proved"


@pytest.mark.parametrize("relation", ["<", "<=", "=="])
def test_a_candidate_at_which_the_claim_is_true_refutes_nothing(relation):
    """Z3's model is a suspicion alone."""
    sides = (x, x + 1) if relation != "==" else (x, x)
    verdict = conclude_or_refute(
        Answer(candidate={x: sp.Integer(2)}), sides, relation, sample(*sides, relation, Domain(), 5), Domain()
    )
    assert verdict.status == "undecided" and verdict.contradicted


def test_a_sampled_verdict_says_whether_the_values_had_error_bounds():
    assert decide(x + sp.sin(x) > 0, x > 0, "<=>").method == "true at 25 exact points"
    tail = sp.Integral(exp(-(x**4) - x**3), (x, 0, oo))
    assert decide(tail, 0, ">").method == "true to 12 digits, without error bounds at 1 exact point"
