"""Steps that reduce to zero, each beside the false claim that it must leave alone."""

import pytest
import sympy as sp
from sympy import Abs, I, Ne, Piecewise, Rational, beta, digamma, log, pi, sign

from helpers.proof import decide
from helpers.proof.real_parts import in_real_parts
from helpers.proof.reduction import reduce_to_zero

x = sp.Symbol("x", real=True)
z = sp.Symbol("z")
m = sp.Symbol("m", negative=True)
a, b = sp.symbols("a b", positive=True)
k = sp.Symbol("k", integer=True)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (log(x**2) - 2 * log(Abs(x)), log(x**2) - 2 * log(x)),
        (log(x**4) - 4 * log(Abs(x)), log(z**2) - 2 * log(Abs(z))),
        (log((x + 1) ** 2) - 2 * log(Abs(x + 1)), log((x + 1) ** 2) - 2 * log(Abs(x) + 1)),
        (log(m) - log(-m) - I * pi, log(m) - log(-m) + I * pi),
        (log(m) + log(a) - log(m * a), log(m) + log(x) - log(m * x)),
        (digamma(a + 1) - digamma(a) - 1 / a, digamma(a + 1) - digamma(a) - a),
        (beta(a + 1, b) - beta(a, b) * a / (a + b), beta(a + 1, b) - beta(a, b) * b / (a + b)),
        (sp.conjugate(z) + z - 2 * sp.re(z), sp.conjugate(z) - z),
    ],
    ids=[
        "square",
        "fourth power",
        "shifted square",
        "negative",
        "negative product",
        "digamma",
        "beta",
        "conjugate",
    ],
)
def test_a_step_proves_the_true_and_leaves_the_false(true, false):
    assert reduce_to_zero(true)
    assert reduce_to_zero(false) is None
    assert decide(false, 0).status == "refuted"


KINDS = {"re": sp.re, "im": sp.im, "conjugate": sp.conjugate}
GEOMETRIC = Piecewise(((a**3 - 1) / (a - 1), Ne(a, 1)), (3, True))


def test_a_denominator_inside_a_piece_may_vanish_outside_it():
    assert decide(1 + a + a**2, GEOMETRIC).status == "proved"
    assert decide(GEOMETRIC, 1, ">").status == "proved"
    verdict = decide(1 + a + a**2, GEOMETRIC.subs(3, 2))
    assert verdict.status == "refuted"
    assert verdict.counterexample == {a: 1}


def test_a_later_piece_knows_that_the_earlier_ones_do_not_apply():
    pieces = Piecewise((0, sp.Eq(x, 0)), (1 / x**2, True))
    assert decide(pieces, 0, ">=").status == "proved"
    assert decide(pieces, 0, ">").counterexample == {x: 0}
    other = Piecewise((1 / x**2, x > 0), (-1, True))
    assert decide(other, -1, ">=").status == "proved"


def test_the_step_function_has_its_middle_value():
    step = sp.Heaviside(x, Rational(1, 2))
    assert decide(step, (1 + sign(x)) / 2).status == "proved"
    assert decide(step, Piecewise((1, x >= 0), (0, True))).counterexample == {x: 0}
    assert decide(sp.Heaviside(x, 0), step, "<=").status == "proved"


def test_binomial_coefficients_go_through_the_gamma_function_only_where_it_has_no_pole():
    """C(k, j) = C(k, k - j) is false at k = -1, though gamma functions say it is true."""
    j, n = sp.Symbol("j", integer=True), sp.Symbol("n", integer=True, nonnegative=True)
    assert reduce_to_zero(sp.binomial(k, j) - sp.binomial(k, k - j)) is None
    assert reduce_to_zero(sp.binomial(n, j) - sp.binomial(n, n - j))


def test_parts_of_a_root():
    """SymPy leaves the conjugate of a root as it is: the root of 3 + 4i is 2 + i."""
    parts = {}
    found = {name: in_real_parts(kind(sp.sqrt(z)), parts) for name, kind in KINDS.items()}
    real, imaginary = parts[z]
    values = {name: complex(part.subs({real: 3, imaginary: 4})) for name, part in found.items()}
    assert values == pytest.approx({"re": 2, "im": 1, "conjugate": 2 - 1j})
