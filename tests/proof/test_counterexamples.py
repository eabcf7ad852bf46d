"""A counterexample is easy to read, lies in the domain, and is shown with the values that the sides have there."""

import pytest
import sympy as sp
from sympy import Interval, exp, log, sqrt

from helpers.proof import decide
from helpers.proof.domain import Domain
from helpers.proof.points import complexity, satisfies_assumptions, simple_values
from helpers.proof.sampling import _compare_approximately

x, y, z, w = sp.symbols("x y z w", real=True)
a, b = sp.symbols("a b", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
r = sqrt(x**2 + y**2)
factor = 1 + w / (a + r)

FALSE = {
    "weighted mean": (x + y, (a * x + b * y) / (a + b), ">=", None),
    "norm without its absolute value": (sqrt((factor * x) ** 2 + (factor * y) ** 2), r * factor, "==", None),
    "product bounded": (x * y, 10, "<=", [x + y > 7]),
    "far from the origin": (x * y * z * w, 0, "==", [x > 20, y < -20]),
    "between symbols": (x - y, 1, "<", [x > y + 1, y > z, z > w]),
    "in an interval": (x**2, x, ">=", {x: Interval.open(sp.Rational(1, 3), sp.Rational(1, 2))}),
    "whole numbers": (2**n, n**2, ">=", None),
    "exponential of a sum": (exp(x + y + z + w), exp(x) + exp(y) + exp(z) + exp(w), "==", None),
    "logarithm of a mean": (log((a + b) / 2), (log(a) + log(b)) / 2, "==", None),
}


@pytest.mark.parametrize("name", FALSE)
def test_the_point_lies_in_the_domain_and_has_the_values_shown(name):
    left, right, relation, domain = FALSE[name]
    verdict = decide(left, right, relation, domain=domain)
    assert verdict.status == "refuted"
    point = verdict.counterexample
    assert set(point) == left.free_symbols | sp.sympify(right).free_symbols | Domain(domain).free_symbols
    assert satisfies_assumptions(point)
    assert Domain(domain).contains(point)
    for side, shown in ((left, verdict.lhs_value), (right, verdict.rhs_value)):
        assert abs(sp.N(sp.sympify(side).subs(point) - shown)) <= 1e-6 * (1 + abs(sp.N(shown)))


@pytest.mark.parametrize(
    "name, largest",
    [
        ("weighted mean", 4),
        ("norm without its absolute value", 6),
        ("product bounded", 10),
        ("exponential of a sum", 0),
        ("logarithm of a mean", 3),
    ],
)
def test_the_point_is_made_of_small_whole_numbers(name, largest):
    left, right, relation, domain = FALSE[name]
    point = decide(left, right, relation, domain=domain).counterexample
    assert all(value.is_Integer for value in point.values())
    assert complexity(point) <= largest


def test_one_value_at_a_time_is_made_simpler():
    # the grid of simple values holds no negative w when there are four symbols
    point = decide(factor * r, sqrt((factor * x) ** 2 + (factor * y) ** 2)).counterexample
    assert point[w] == -3 and point[a] == 1 and {abs(point[x]), abs(point[y])} == {0, 1}


def test_simple_values_keep_to_the_interval():
    assert {0, 1} & set(simple_values(x, Domain({x: (0, 1)}), False)) == set()
    assert {0, 1} <= set(simple_values(x, Domain({x: Interval(0, 1)}), False))
    assert all(0 < value < 1 for value in simple_values(x, Domain({x: (0, 1)}), False))


@pytest.mark.parametrize("value", [0.0, -1.0, 3e9])
def test_without_error_bounds_equal_numbers_satisfy_no_strict_inequality(value):
    for relation, verdict in {"==": True, "<=": True, ">=": True, "<": None, ">": None}.items():
        assert _compare_approximately(complex(value), complex(value), relation) is verdict
