"""Reading a domain, and drawing exact points inside it."""

import pytest
import sympy as sp
from sympy import Abs, Interval, Rational, oo, sqrt

from helpers.proof.domain import Domain
from helpers.proof.expectation import Expectation, Gaussian
from helpers.proof.points import complexity, exact_points

x, y = sp.symbols("x y", real=True)
z = sp.Symbol("z")
p = sp.Symbol("p", positive=True)


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        ({x: (0, 1)}, {x: Rational(1, 2)}, {x: sp.S.Zero}),
        ({x: Interval(0, 1)}, {x: sp.S.Zero}, {x: Rational(11, 10)}),
        ({x: Interval.Ropen(0, 1 / sqrt(3))}, {x: Rational(577, 1000)}, {x: Rational(578, 1000)}),
        ([x < y, x > 0], {x: sp.S.One, y: sp.Integer(2)}, {x: sp.S.One, y: sp.S.One}),
        ([Abs(z) < 1], {z: sp.I / 2}, {z: sp.I}),
        (sp.Or(x < 0, x > 1), {x: -sp.S.One}, {x: Rational(1, 2)}),
        ({p: (0, 3)}, {p: sp.S.One}, {p: sp.Integer(3)}),
    ],
)
def test_membership(domain, inside, outside):
    region = Domain(domain)
    assert region.contains(inside)
    assert not region.contains(outside)


@pytest.mark.parametrize(
    "domain", ["x > 0", {"x": (0, 1)}, {x: (1, 0)}, {x: 3}, [1], {p: (-2, -1)}, [x > 1, x < 0], 7]
)
def test_unreadable_and_empty_domains_are_rejected(domain):
    with pytest.raises(ValueError, match="domain"):
        Domain(domain)


@pytest.mark.parametrize(
    ("symbols", "domain"),
    [
        ((x,), {x: (0, Rational(1, 1000))}),
        ((x,), {x: (sqrt(2), Rational(3, 2))}),
        ((x, y), [x < y, y < x + Rational(1, 2)]),
        ((z,), [Abs(z) < 1]),
        ((p, x), [p * x > 1]),
        ((sp.Symbol("n", integer=True, positive=True),), None),
        ((sp.Symbol("e", even=True), sp.Symbol("q", nonzero=True, real=True)), None),
        ((sp.Symbol("i", imaginary=True),), None),
        ((sp.Symbol("i", irrational=True),), None),
    ],
)
def test_points_lie_inside_and_differ(symbols, domain):
    region = Domain(domain)
    points = list(exact_points(symbols, region, 24, 8))
    assert len(points) >= (6 if symbols[0].is_irrational else 24)
    assert len({tuple(point.values()) for point in points}) == len(points)
    for point in points:
        assert region.contains(point)
        for symbol, value in point.items():
            assert not value.has(sp.Float)
            assert all(
                getattr(value, f"is_{k}") is v for k, v in symbol.assumptions0.items() if v is not None
            )


def test_simple_points_come_first_and_the_same_every_time():
    first, second = (list(exact_points((x, y), Domain(), 20, 8)) for _ in range(2))
    assert first == second
    simple = [complexity(point) for point in first[:8]]
    assert simple == sorted(simple)
    assert max(simple) < max(complexity(point) for point in first)


def test_what_the_domain_says_of_signs_becomes_an_assumption():
    stand_ins = Domain({z: (0, oo), x: Interval(0, 1), y: (-2, -1)}).sharpened(z, x + y)
    assert stand_ins[z].is_positive
    assert stand_ins[x].is_nonnegative
    assert stand_ins[x].is_positive is None
    assert stand_ins[y].is_negative


@pytest.mark.parametrize(
    "binder",
    [
        sp.Integral(x, (x, -1, 1)),
        sp.Limit(x, x, -1),
        sp.Subs(sp.Derivative(sp.Function("f")(x), x), x, -1),
        Expectation(x, Gaussian(x, 0, 1)),
    ],
    ids=lambda binder: type(binder).__name__,
)
def test_a_condition_does_not_speak_of_a_bound_variable(binder):
    positive = Domain({x: (0, oo)})
    assert x in positive.sharpened(x)
    assert positive.sharpened(x, binder) == {}
