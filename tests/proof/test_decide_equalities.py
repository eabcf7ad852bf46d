"""Scalar equalities: true ones are proved, false ones refuted at a point that can be checked by hand."""

import pytest
import sympy as sp
from sympy import Abs, I, Integral, Interval, Rational, Sum, conjugate, cos, exp, log, oo, pi, sin, sqrt

from helpers.proof import decide, equality
from helpers.proof.conclusion import conclude, from_sample
from helpers.proof.domain import Domain
from helpers.proof.real_arithmetic import Answer
from helpers.proof.sampling import Sample, sample
from helpers.proof.verdict import Verdict

z, w = sp.symbols("z w")
x, y, t = sp.symbols("x y t", real=True)
a, b, η = sp.symbols("a b eta", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
k = sp.Symbol("k", integer=True)
f, g = sp.Function("f"), sp.Function("g")
h = sp.Function("h", positive=True)

TRUE = {
    "binomial": ((z + 1) ** 3, z**3 + 3 * z**2 + 3 * z + 1),
    "conjugate eigenvalues": ((1 + I * η) * (1 - I * η), 1 + η**2),
    "modulus": (Abs(1 + I * x) ** 2, 1 + x**2),
    "modulus of a complex number": (Abs(1 + z) ** 2, 1 + 2 * sp.re(z) + z * conjugate(z)),
    "removable singularity": ((z**2 - 1) / (z - 1), z + 1),
    "partial fractions": (1 / (z * (z + 1)), 1 / z - 1 / (z + 1)),
    "nested fraction": (1 / (1 / a + 1 / b), a * b / (a + b)),
    "log of a product, positive": (log(a) + log(b), log(a * b)),
    "log of a fraction, positive": (log(a / (a + b)), log(a) - log(a + b)),
    "log of a square, positive": (log(a**2), 2 * log(a)),
    "root of a square, real": (sqrt(x**2 + 2 * x * y + y**2), Abs(x + y)),
    "nested root": (sqrt(2 + sqrt(3)), (sqrt(6) + sqrt(2)) / 2),
    "product of roots, positive": (sqrt(a) * sqrt(b), sqrt(a * b)),
    "Pythagoras": (sin(z) ** 2 + cos(z) ** 2, 1),
    "double angle": (sin(2 * z), 2 * sin(z) * cos(z)),
    "hyperbolic": (sp.cosh(z) ** 2 - sp.sinh(z) ** 2, 1),
    "sigmoid": (1 / (1 + exp(-x)), (1 + sp.tanh(x / 2)) / 2),
    "gamma": (sp.gamma(z + 1), z * sp.gamma(z)),
    "binomial coefficient": (sp.binomial(n, 2), n * (n - 1) / 2),
    "sum": (Sum(k, (k, 1, n)), n * (n + 1) / 2),
    "geometric sum": (Sum(a**k, (k, 0, n)) * (1 - a), 1 - a ** (n + 1)),
    "infinite sum": (Sum(1 / k**2, (k, 1, oo)), pi**2 / 6),
    "Gaussian integral": (Integral(exp(-(x**2) / (2 * a**2)), (x, -oo, oo)), a * sqrt(2 * pi)),
    "integral with an endpoint singularity": (Integral(sqrt(t), (t, 0, 1)), Rational(2, 3)),
    "linearity under an integral": (
        Integral(f(t) + 2 * g(t), (t, 0, 1)),
        Integral(f(t), (t, 0, 1)) + 2 * Integral(g(t), (t, 0, 1)),
    ),
    "product rule": (sp.Derivative(f(z) * g(z), z), f(z) * g(z).diff(z) + g(z) * f(z).diff(z)),
    "chain rule": (
        sp.Derivative(f(g(z)), z),
        sp.Subs(sp.Derivative(f(w), w), w, g(z)) * sp.Derivative(g(z), z),
    ),
    "derivative of the log of a positive function": (sp.Derivative(log(h(x)), x), h(x).diff(x) / h(x)),
    "piecewise": (sp.Piecewise((x, x > 0), (-x, True)), Abs(x)),
    "maximum": (sp.Max(x, y), (x + y + Abs(x - y)) / 2),
    "unevaluated": (sp.Mul(sp.Add(1, η, evaluate=False), 1 + η, evaluate=False), (1 + η) ** 2),
}  # fmt: skip

FALSE = {
    "sign": ((1 + I * η) * (1 - I * η), 1 - η**2),
    "factor": ((z + 1) ** 2, z**2 + z + 1),
    "log of a product, complex": (log(z) + log(w), log(z * w)),
    "log of a square, real": (log(x**2), 2 * log(x)),
    "log of exp, complex": (log(exp(z)), z),
    "root of a square, complex": (sqrt(z**2), z),
    "root of a square, real": (sqrt(x**2), x),
    "root of a square, absolute value, complex": (sqrt(z**2), Abs(z)),
    "product of roots, complex": (sqrt(z) * sqrt(w), sqrt(z * w)),
    "power of a product, complex": ((z * w) ** a, z**a * w**a),
    "square of a modulus": (Abs(1 + I * x), 1 + x**2),
    "arctangent, both signs": (sp.atan(x) + sp.atan(1 / x), pi / 2),
    "conjugate of an arbitrary function": (conjugate(f(x)), f(x)),
    "product rule": (sp.Derivative(f(z) * g(z), z), f(z).diff(z) * g(z).diff(z)),
    "chain rule without the inner derivative": (
        sp.Derivative(f(g(z)), z),
        sp.Subs(sp.Derivative(f(w), w), w, g(z)),
    ),
    "sum off by one": (Sum(k, (k, 1, n)), n * (n - 1) / 2),
    "Gaussian integral without the two": (Integral(exp(-(x**2) / (2 * a**2)), (x, -oo, oo)), a * sqrt(pi)),
    "integral of a product": (
        Integral(f(t) * g(t), (t, 0, 1)),
        Integral(f(t), (t, 0, 1)) * Integral(g(t), (t, 0, 1)),
    ),
    "constant": (pi, Rational(22, 7)),
    "close constant": (exp(pi * sqrt(163)), sp.Integer(262537412640768744)),
    "equal at every integer": (sin(pi * x), sp.Integer(0)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_equality_is_proved(name):
    lhs, rhs = TRUE[name]
    verdict = decide(lhs, rhs)
    assert verdict.status == "proved", f"{verdict}"
    assert verdict.counterexample is None


@pytest.mark.parametrize("name", FALSE)
def test_false_equality_is_refuted(name):
    verdict = decide(*FALSE[name])
    assert verdict.status == "refuted", f"{verdict}"
    assert verdict.lhs_value != verdict.rhs_value


@pytest.mark.parametrize(
    "name", ["sign", "root of a square, real", "log of a product, complex", "sum off by one"]
)
def test_counterexample_reproduces_both_values(name):
    lhs, rhs = FALSE[name]
    verdict = decide(lhs, rhs)
    for side, value in ((lhs, verdict.lhs_value), (rhs, verdict.rhs_value)):
        assert abs(sp.N(side.subs(verdict.counterexample).doit() - value)) < 1e-7


def test_refutation_is_the_simple_point_and_reads_well():
    verdict = decide((1 + I * η) * (1 - I * η), 1 - η**2)
    assert verdict.counterexample == {η: 1}
    assert str(verdict) == "refuted: at η = 1 the left side is 2, the right side 0"


def test_simplest_refutation_is_found_beyond_the_first_simple_points():
    # Equal at 0, 1 and -1: the first point that tells them apart is 2 or 1/2.
    verdict = decide(x**3, x)
    assert verdict.counterexample in ({x: 2}, {x: Rational(1, 2)})


def test_a_difference_at_one_point_only_is_not_proved_away():
    spike = sp.Piecewise((x, sp.Ne(x, Rational(12345, 67))), (0, True))
    verdict = decide(spike, x)
    assert verdict.status == "refuted"
    assert verdict.counterexample == {x: Rational(12345, 67)}


def test_a_domain_turns_false_into_true():
    claim = sp.atan(x) + sp.atan(1 / x), pi / 2
    assert decide(*claim).status == "refuted"
    assert decide(*claim, domain={x: (0, oo)}).status in ("proved", "sampled")
    assert decide(sqrt(z**2), z, domain={z: Interval(0, oo)}).status == "proved"
    assert decide(sqrt(z**2), z, domain={z: Interval(-1, oo)}).status == "refuted"
    assert decide(sqrt(x**2), -x, domain=[x < 0]).status == "proved"


def test_signs_from_the_domain_do_not_reach_bound_variables():
    # x is 1 or more outside the integral, and anything inside.
    claim = Integral(sqrt(x**2), (x, -1, 1)) + x, 1 + x
    assert decide(*claim, domain={x: (1, oo)}).status != "refuted"
    assert decide(Integral(sqrt(x**2), (x, -1, 1)) + x, x, domain={x: (1, oo)}).status == "refuted"


@pytest.mark.parametrize(
    ("assumptions", "claim", "status"),
    [
        ({"even": True}, lambda s: ((-1) ** s, 1), "proved"),
        ({"integer": True}, lambda s: ((-1) ** s, 1), "refuted"),
        ({"negative": True}, lambda s: (Abs(s), -s), "proved"),
        ({"imaginary": True}, lambda s: (conjugate(s), -s), "proved"),
        ({"real": True, "nonzero": True}, lambda s: (Abs(s), s), "refuted"),
        ({}, lambda s: (conjugate(s), s), "refuted"),
    ],
)
def test_points_respect_assumptions(assumptions, claim, status):
    symbol = sp.Symbol("s", **assumptions)
    verdict = decide(*claim(symbol))
    assert verdict.status == status
    if verdict.counterexample:
        value = verdict.counterexample[symbol]
        assert all(getattr(value, f"is_{name}") for name in assumptions)


def test_no_symbolic_proof_is_believed_against_a_point(monkeypatch):
    monkeypatch.setattr(equality, "reduce_to_zero", lambda difference: "a wrong simplification")
    monkeypatch.setattr(equality, "prove_order", lambda *arguments: Answer("a wrong argument"))
    assert decide(x, x + 1).status == "refuted"
    assert decide(x, x - 1, "<=").status == "refuted"
    # Nor is it believed where no point can be evaluated.
    unknown = sp.Function("Q")
    assert decide(x, x + 1, domain=[sp.Gt(unknown(x), 0)]).status == "undecided"


def test_floats_are_never_proved():
    for lhs, rhs in ((0.5 * z, z / 2), (0.1 * z, z / 10), (z + 1.0, 1.0 + z)):
        verdict = decide(lhs, rhs)
        assert verdict.status == "sampled"
        assert "floating-point" in verdict.method
    assert decide(0.1 * z, z / 9).status == "refuted"


def test_what_cannot_be_evaluated_is_undecided_not_proved():
    unknown = sp.Function("Q", nargs=1)
    condition = [sp.Gt(unknown(x), 0)]
    verdict = decide((x + 1) ** 2, x**2 + 2 * x + 1, domain=condition)
    assert verdict.status == "undecided"
    assert "no point" in verdict.method


TINY = Integral(exp(-(x**4) - x**3), (x, 3, oo))  # about 1e-49


@pytest.mark.parametrize("claimed", [sp.Integer(0), Rational(1, 10**15), Rational(1, 10**40)], ids=str)
def test_a_small_integral_does_not_equal_every_small_number(claimed):
    verdict = from_sample(sample(TINY, claimed, "==", Domain(), 25), "==")
    assert verdict.status == "undecided"
    assert not verdict.contradicted


def test_an_integral_without_bounds_against_a_number_of_its_size():
    moderate = Integral(exp(-(x**4) - x**3), (x, 0, oo))
    value = Rational("0.73391221")
    verdict = decide(moderate, value)
    assert verdict.status == "undecided"
    assert verdict.contradicted
    assert decide(moderate, 0, ">").status == "sampled"
    assert decide(moderate, 0, "<=").contradicted


def test_an_odd_integrand_integrates_to_zero():
    assert decide(Integral(x * exp(-(x**2)), (x, -oo, oo)), 0).status == "proved"


def test_one_usable_point_of_many_is_not_enough():
    verdict = decide(Sum(z**k, (k, 0, oo)), 1 / (1 - z))
    assert verdict.status == "undecided"
    assert "only 1 point" in verdict.method
    # A finite domain has no more points than it has, and a claim about constants has one.
    assert decide(exp(k), 21, "<=", domain={k: Interval(0, 3)}).points == 4
    assert decide(exp(k), 8, "<=", domain={k: Interval(0, 2)}).points == 3
    assert decide(exp(pi * sqrt(163)), 262537412640768744, "<").status in ("proved", "sampled")


def test_only_evidence_against_a_claim_contradicts_it():
    assert not decide(Sum(z**k, (k, 0, oo)), 1 / (1 - z)).contradicted
    assert not decide(x, x + 1).contradicted  # refuted is more than that


UNDEFINED = {
    "divergent at an end": Integral(1 / x, (x, 0, 1)),
    "divergent inside": Integral(1 / x**2, (x, -1, 1)),
    "harmonic series": Sum(1 / n, (n, 1, oo)),
    "infinity": oo,
    "pole": sp.Subs(1 / x, x, 0),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_has_no_value_does_not_equal_itself(name):
    verdict = decide(UNDEFINED[name], UNDEFINED[name])
    assert verdict.status == "undecided", f"{verdict}"


@pytest.mark.parametrize(
    "side",
    [
        Integral(exp(-(x**2)), (x, -oo, oo)),
        Integral(exp(-(x**2) - y**2), (x, -oo, oo), (y, -oo, oo)),
        Integral(f(t), (t, 0, 1)),
        sp.Derivative(f(z), z),
        TINY,
    ],
    ids=str,
)
def test_what_has_a_value_equals_itself(side):
    verdict = decide(side, side)
    assert verdict.status == "proved", f"{verdict}"
    assert "identical" in verdict.method


@pytest.mark.parametrize("side", [sp.Derivative(conjugate(z), z), sp.Derivative(Abs(z), z)], ids=str)
@pytest.mark.parametrize("relation", ["==", "<="])
def test_derivatives_that_do_not_exist_are_undecided(side, relation):
    verdict = decide(side, 0, relation)
    assert verdict.status == "undecided"
    assert "no point" in verdict.method


def test_functions_that_share_a_name_are_told_apart_by_their_arguments():
    assert decide((f(x) + f(x, y)) ** 2, f(x) ** 2 + 2 * f(x) * f(x, y) + f(x, y) ** 2).status == "proved"
    assert decide(f(x) + f(x, y), f(x, y) + f(x) + 1).status == "refuted"


def test_binomial_coefficients_below_zero():
    # C(−1, 0) = 1 and C(−1, −1) = 0, by SymPy's convention.
    m = sp.Symbol("m", integer=True)
    verdict = decide(sp.binomial(k, m), sp.binomial(k, k - m))
    assert verdict.status == "refuted"
    assert verdict.counterexample == {k: -1, m: 0}


def test_the_rounding_of_a_sum_of_floats_refutes_nothing():
    total = sum([sp.Float("0.1")] * 100)
    assert total != 10
    assert decide(total, sp.Float(10)).status == "sampled"
    assert decide(total, 10, ">=").status != "refuted"
    assert decide(total, sp.Float("10.000001")).status == "refuted"


def test_sampled_says_how_many_points_where_and_how_close():
    verdict = decide(sp.besselj(Rational(1, 2), a), sqrt(2 / (pi * a)) * sin(a) + 0 * b, points=9)
    assert verdict.status in ("proved", "sampled")
    assert verdict.points == 9
    assert verdict.domain == "a positive"
    assert 0 <= verdict.largest_residual < 1e-50


def test_same_call_same_answer():
    first, second = (decide(log(z) + log(w), log(z * w)) for _ in range(2))
    assert first == second


def test_a_verdict_has_no_truth_value():
    with pytest.raises(TypeError, match=r"\.status"):
        bool(decide(1, 1))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((1, 2, "~"), "relation"),
        (("x", 2), "lhs"),
        ((2, sp.nan), "rhs"),
        ((sp.zoo, 2), "lhs"),
        ((x > 0, 2), "rhs"),
        ((x, y, "<=>"), "lhs"),
    ],
)
def test_bad_input_names_the_argument(arguments, named):
    with pytest.raises(ValueError, match=named):
        decide(*arguments)


@pytest.mark.parametrize("points", [0, -1, 2.5, True])
def test_bad_number_of_points(points):
    with pytest.raises(ValueError, match="points"):
        decide(x, x, points=points)


def test_an_equality_that_holds_in_the_domain_only():
    z = sp.Symbol("z", real=True)
    assert decide(sp.Abs(z - 1), 1 - z, domain={z: (0, 1)}).status == "proved"
    assert decide(sp.Abs(z - 1), 1 - z, domain={z: (0, 2)}).status == "refuted"


def test_an_integral_across_a_kink():
    z = sp.Symbol("z", real=True)
    area = sp.Integral(sp.Abs(z), (z, -1, 2))
    assert decide(area, sp.Rational(5, 2)).status == "proved"
    assert decide(area, sp.Rational(3, 2)).status == "refuted"


def test_a_closed_form_that_the_quadrature_contradicts_decides_nothing(monkeypatch):
    whole_line = Integral(1 / (1 + t**4), (t, -oo, oo))
    assert decide(whole_line, pi / sqrt(2)).status == "proved"
    wrong = lambda side: sp.Integer(2) if side.has(Integral) else side  # noqa: E731
    monkeypatch.setattr(equality, "_closed_form", wrong)
    verdict = decide(whole_line, pi / sqrt(2))
    assert verdict.status == "undecided" and verdict.contradicted


def test_there_are_four_verdicts():
    with pytest.raises(ValueError, match="status: expected one of"):
        Verdict("likely", "it looks right")


def test_a_limit_whose_pole_moves_is_not_proved_for_every_parameter():
    """1 at y = 101, which no point tried has."""
    limit = sp.Limit(x / (x - (y - 101)), x, 0)
    assert decide(limit, 0).status == "sampled"
    assert decide(limit.subs(y, 100), 0).status == "proved"


def test_a_sample_with_a_counterexample_is_no_evidence():
    seen = Sample(held=24, counterexample={x: sp.S.One}, lhs_value=1, rhs_value=2, exact=False)
    verdict = from_sample(seen, "==")
    assert verdict.status == "undecided" and verdict.contradicted


@pytest.mark.parametrize("held, residual", [(0, None), (3, 1e-60)])
def test_a_proof_without_a_point_that_speaks_for_it_has_no_residual(held, residual):
    seen = Sample(held=held, neutral=2, largest_residual=1e-60 if held else 0.0)
    verdict = conclude("expanded", seen, "==")
    assert (verdict.status, verdict.points, verdict.largest_residual) == ("proved", held, residual)
