"""Where a piecewise derivative, a limit or one of SymPy's assumptions would mislead."""

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Heaviside,
    Integral,
    Limit,
    Max,
    Ne,
    Piecewise,
    Rational,
    Subs,
    exp,
    oo,
    sign,
)

from helpers.proof import decide
from helpers.proof.enclosure import Undefined, enclose
from helpers.proof.expectation import Density, Expectation, Gaussian
from helpers.proof.turning import AwayFrom, turns

x, z, t = sp.symbols("x z t", real=True)
n = sp.Symbol("n", integer=True)
standard = Gaussian(z, 0, 1)
quotient = Piecewise(((exp(x) - 1) / x, Ne(x, 0)), (1, True))  # smooth; its slope at zero is 1/2
ramp = Piecewise((x, x > 0), (0, True))

# Every claim is true wherever both sides have a value, and SymPy's piece-by-piece slope makes it false at one point.
TRUE_AWAY_FROM_TURNS = {
    "removable": (Derivative(Piecewise((x + 1, Ne(x, 1)), (2, True)), x), 1),
    "two spellings of a ramp": (Derivative(Max(x, 0) - ramp, x), 0),
    "slope of a ramp": (Derivative(Max(x, 0), x), Piecewise((1, x > 0), (0, True))),
    "modulus of a slope": (Abs(Derivative(Abs(x), x)), 1),
    "end of an integral": (Derivative(Integral(Piecewise((1, Ne(t, 0)), (0, True)), (t, -1, x)), x), 1),
    "second slope of a mean": (
        Derivative(Expectation(Abs(z - t), Density(z, sp.S.One, 0, 1)), t, t),
        Piecewise((2, sp.And(t > 0, t < 1)), (0, True)),
    ),
}


@pytest.mark.parametrize("name", TRUE_AWAY_FROM_TURNS)
def test_a_slope_is_not_refuted_at_a_turn(name):
    claim, right = TRUE_AWAY_FROM_TURNS[name]
    assert decide(claim, right).status in ("proved", "sampled")
    assert decide(claim, right + 1).status == "refuted"


@pytest.mark.parametrize(
    ("expression", "place", "value"),
    [
        (quotient, 0, 0),
        (Max(x, 0), 0, Rational(1, 2)),
        (ramp, 0, 0),
        (Piecewise((x**2, x > 1), (x - 3, True)), 1, 1),
    ],
)
def test_nothing_is_proved_of_a_slope_at_a_turn(expression, place, value):
    """SymPy's slope at the turn is `value`; of the first it is wrong, the others have none."""
    assert decide(Subs(Derivative(expression, x), x, place), value).status == "undecided"


def test_the_right_slope_at_a_removable_turn_is_not_refuted():
    assert decide(Subs(Derivative(quotient, x), x, 0), Rational(1, 2)).status != "refuted"


def test_a_proof_says_where_it_does_not_speak():
    verdict = decide(Derivative(Abs(x - 1), x), sign(x - 1))
    assert verdict.status == "proved"
    assert "away from x - 1 = 0" in verdict.method
    assert "away" not in decide(Integral(Derivative(Abs(x), x), (x, -1, 1)), 0).method
    assert "away" not in decide(Derivative(x**2, x), 2 * x).method


def test_turns_of_what_moves():
    (turn,) = turns(Abs(t) * Max(x, 1), {x})
    assert turn in (x - 1, 1 - x)
    assert turns(Integral(sign(t), (t, 0, x**2 - 1)), {x}) == [x**2 - 1]
    assert turns(Integral(sign(t - x), (t, 0, 1)), {x}) == []


def test_no_value_where_it_turns():
    away = AwayFrom(sign(x), x)
    assert away.subs(x, 2) == 1
    assert away.subs(x, 0) is sp.nan
    with pytest.raises(Undefined):
        enclose(away, {x: sp.S.Zero})


def test_the_slope_of_a_kink_under_a_law_needs_no_caution():
    """The kink has probability zero; an impulse has not."""
    assert decide(Expectation(Derivative(Max(z, 0), z), standard), Rational(1, 2)).status == "proved"
    impulse = Expectation(Derivative(sign(z - t), z), standard)
    assert decide(impulse, 0).status == "undecided"


@pytest.mark.parametrize(
    ("body", "generic"),
    [((t * x + 1) / (t * x + 2), 1), ((t**2 * x + 1) / (t * x + 2), t)],
)
def test_a_limit_for_a_general_parameter_fails_at_a_special_one(body, generic):
    verdict = decide(Limit(body, x, oo), generic)
    assert verdict.status == "refuted"
    assert verdict.counterexample == {t: 0}
    assert decide(Limit(body, x, oo).subs(t, 0), Rational(1, 2)).status == "proved"


def test_a_limit_with_a_parameter_is_not_proved():
    """At t = 977 the limit is 1/2, and no sample sees it."""
    assert decide(Limit(((t - 977) * x + 1) / ((t - 977) * x + 2), x, oo), 1).status == "sampled"
    assert decide(Limit(sp.sin(x) / x, x, 0), 1).status == "proved"
    quotient = (sp.sin(t + x) - sp.sin(t)) / x  # no parameter below: one limit for every t
    assert decide(Limit(quotient, x, 0), sp.cos(t)).status == "proved"
    assert decide(Limit(t * x / (t * x + x**2), x, 0), 1).status != "proved"


@pytest.mark.parametrize(
    ("body", "direction", "claimed"),
    [
        (sp.floor(x + t), "-", sp.floor(t)),
        (sp.ceiling(x + t), "+", sp.ceiling(t)),
        (Piecewise((1, x > t), (0, True)), "+", sp.S.Zero),
        (sign(x - t), "+", -sign(t)),
        (Heaviside(x - t), "+", Heaviside(-t)),
    ],
    ids=["floor", "ceiling", "pieces", "sign", "step"],
)
def test_a_limit_at_a_jump(body, direction, claimed):
    """Each is false for some t, where the jump stands at the limit's own point."""
    assert decide(Limit(body, x, 0, direction), claimed).status in ("refuted", "undecided")


# SymPy 1.14 takes each of these left sides for one that the relation holds of; the sample does not meet the place
# where it fails.
WRONG_ASSUMPTIONS = {
    "binomial coefficient": (sp.binomial(n, 101), "<=", {n: 101}),
    "with a factor": (sp.binomial(n, 101) * x**2, "<=", {n: 101, x: 1}),
    "arctangent": (sp.atan((n - 977) ** 2), ">", {n: 977}),
    "gamma function": (sp.gamma(sp.Symbol("e", even=True) - Rational(2001, 2)), "<=", None),
}


@pytest.mark.parametrize("name", WRONG_ASSUMPTIONS)
def test_a_wrong_assumption_of_sympy_proves_nothing(name):
    left, relation, place = WRONG_ASSUMPTIONS[name]
    assert decide(left, 0, relation).status in ("sampled", "undecided", "refuted")
    if place is not None:
        assert decide(left.subs(place), 0, relation).status == "refuted"


def test_binomials_with_poles_are_not_reflected():
    """At x = -9/7, t = -10/7 the left side is binomial(-1, -1) = 0 and the right side binomial(-1, 0) = 1."""
    left = sp.binomial(x + Rational(2, 7), t + Rational(3, 7))
    right = sp.binomial(x + Rational(2, 7), x - t - Rational(1, 7))
    assert decide(left, right).status != "proved"


def test_a_logarithm_to_a_base():
    assert decide(sp.log(8, 2, evaluate=False), 3).status != "refuted"
    assert decide(sp.log(x, 2, evaluate=False), sp.log(x), domain=[x > 0]).status != "proved"
