"""Arguments from calculus, and that they are not made where they do not hold."""

import pytest
import sympy as sp
from sympy import Ne, Rational, acos, asin, asinh, atan, cosh, exp, log, pi, sin, sqrt

from helpers.proof import decide
from helpers.proof.convexity import prove_by_constancy, prove_by_extremum
from helpers.proof.domain import Domain
from helpers.proof.smoothness import is_smooth

x, m, ρ = sp.symbols("x m rho", real=True)
a, b, s, p, q = sp.symbols("a b s p q", positive=True)
e = sp.Symbol("e", real=True, nonzero=True)
UNIT = {symbol: (0, 1) for symbol in (p, q)}
BERNOULLI = q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))
ENTROPY = -p * log(p) - (1 - p) * log(1 - p)
QUADRATIC = (x - m) ** 2 / 2 + m**2 / 2 - x**2 / 4  # least at m = x/2

GAPS = {
    "a second time": (cosh(x) - 1 - x**2 / 2, None, "convex in x"),
    "rises because its slope rises": (exp(a) - 1 - a - a**2 / 2, None, "rises with a"),
    "one variable after the other": (QUADRATIC + s - 1 - log(s), None, "convex in s, with least value"),
    "falls, then rises": (log((a + b) / 2) - (log(a) + log(b)) / 2, None, "falls, then rises in a"),
    "tight where two symbols agree": (BERNOULLI, UNIT, "convex in p"),
    "logarithm positive by its interval": (log(2) - ENTROPY, {p: (0, 1)}, "p = 1/2"),
    "interval around zero": (-log(1 - ρ**2), {ρ: (-1, 1)}, "rho = 0"),
}


@pytest.mark.parametrize("name", GAPS)
def test_least_value_is_found(name):
    gap, domain, method = GAPS[name]
    assert method in prove_by_extremum(gap, False, Domain(domain))
    assert decide(gap, 0, ">=", domain=domain).status == "proved"


FALSE_GAPS = {
    "too steep": (cosh(x) - 1 - x**2 * Rational(51, 100), None),
    "third order too large": (exp(a) - 1 - a - a**2 / 2 - a**3, None),
    "least value below zero": (QUADRATIC + s - Rational(101, 100) - log(s), None),
    "entropy above its bound": (Rational(69, 100) - ENTROPY, {p: (0, 1)}),
    # Convex on either side of the pole at 0, least at 1 on the right, below zero on the left.
    "two branches": (-log(x**2) + 2 * (x - 1), [Ne(x, 0)]),
    "two branches by assumption": (-log(e**2) + 2 * (e - 1), None),
}


@pytest.mark.parametrize("name", FALSE_GAPS)
def test_no_argument_for_what_is_false(name):
    gap, domain = FALSE_GAPS[name]
    assert prove_by_extremum(gap, False, Domain(domain)) is None
    assert decide(gap, 0, ">=", domain=domain).status == "refuted"


def test_a_weak_least_value_does_not_prove_a_strict_claim():
    gap = cosh(x) - 1 - x**2 / 2
    assert prove_by_extremum(gap, True, Domain()) is None
    assert prove_by_extremum(gap + 1, True, Domain()) is not None


CONSTANT = {
    "arctangents of reciprocals": (atan(a) + atan(1 / a) - pi / 2, None),
    "area sine": (asinh(x) - log(x + sqrt(x**2 + 1)), None),
    "complementary angles": (asin(x) + acos(x) - pi / 2, {x: (-1, 1)}),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_what_is_constant_and_once_zero_is_zero(name):
    difference, domain = CONSTANT[name]
    assert "constant" in prove_by_constancy(difference, Domain(domain))
    assert prove_by_constancy(difference + 1, Domain(domain)) is None
    assert prove_by_constancy(difference + sin(*difference.free_symbols), Domain(domain)) is None


@pytest.mark.parametrize(("symbol", "domain"), [(x, [Ne(x, 0)]), (e, None)], ids=["condition", "assumption"])
def test_a_constant_may_differ_across_a_gap(symbol, domain):
    # π/2 to the right of zero, −π/2 to the left.
    difference = atan(symbol) + atan(1 / symbol) - pi / 2
    assert prove_by_constancy(difference, Domain(domain)) is None
    assert decide(difference, 0, domain=domain).status == "refuted"


def test_what_starts_at_zero_is_not_positive_there():
    n = sp.Symbol("n", nonnegative=True)
    assert prove_by_extremum(n - log(1 + n), False, Domain())
    assert prove_by_extremum(n - log(1 + n), True, Domain()) is None
    assert prove_by_extremum(n - log(1 + n), True, Domain([n > 0]))


def test_convex_on_both_sides_of_a_pole_is_not_convex():
    """1/x² + 2x is convex wherever it is defined, is 3 where it is stationary, and falls without end to the left."""
    gap = 1 / x**2 + 2 * x
    assert prove_by_extremum(gap, False, Domain()) is None
    assert prove_by_extremum(gap.subs(x, s), False, Domain())


def test_a_logarithm_or_a_root_is_smooth_where_its_argument_is_positive():
    for function in (log, sqrt):
        assert is_smooth(function(a)) and is_smooth(function(1 + x**2))
        assert not is_smooth(function(x)) and not is_smooth(1 + function(x**2))
