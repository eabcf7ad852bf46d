"""Integrals to infinity of polynomials times exponentials: enclosed in closed form, never by a quadrature."""

import random

import pytest
import sympy as sp
from mpmath import mp
from sympy import Integral, exp, oo, pi, sqrt

from helpers.proof import decide
from helpers.proof.enclosure import Unsupported, enclose

x, m = sp.symbols("x m", real=True)
s = sp.Symbol("s", positive=True)
density = exp(-((x - m) ** 2) / (2 * s**2)) / (sqrt(2 * pi) * s)


def random_integral(rng):
    """A polynomial of degree four or less times an exponential that falls towards every infinite end."""
    edge = sp.Rational(rng.randint(-6, 6), 2)
    square, linear = sp.Rational(rng.randint(1, 9), rng.randint(1, 4)), sp.Rational(rng.randint(-6, 6), 3)
    low, high = rng.choice([(-oo, oo), (edge, oo), (-oo, edge)])
    if rng.random() < 0.4 and (low, high) != (-oo, oo):
        square, linear = 0, (-1 if high == oo else 1) * sp.Rational(rng.randint(1, 6), 3)
    polynomial = sum(rng.randint(-3, 3) * x**k for k in range(5)) + 1
    return Integral(polynomial * exp(-square * x**2 + linear * x), (x, low, high))


def quadrature(integral):
    """The integral by mpmath, cut off where the integrand is below 1e-20."""
    (_, low, high), function = integral.limits[0], sp.lambdify(x, integral.function, "mpmath")
    start, stop = (int(sp.floor(end)) if end.is_finite else None for end in (low, high))
    start = stop - 250 if start is None and stop is not None else -30 if start is None else start
    stop = start + 250 if stop is None and low.is_finite else 30 if stop is None else stop
    nodes = [n for n in range(start, stop + 1) if low < n < high and (abs(n) < 20 or n % 10 == 0)]
    ends = [mp.mpf(end.p) / end.q for end in (low, high) if end.is_finite]
    return mp.quad(function, sorted({*map(mp.mpf, nodes), *ends}))


@pytest.mark.parametrize("seed", range(16))
def test_the_ball_contains_what_a_quadrature_finds(seed):
    integral = random_integral(random.Random(seed))
    ball = enclose(integral, {}, 200)
    with mp.workdps(30):
        found = quadrature(integral)
        assert abs(mp.mpf(ball.real.mid().str(30, radius=False)) - found) < 1e-15 * max(1, abs(found))
    assert ball.imag == 0
    assert ball.real.rad() < 1e-40 * (1 + abs(ball.real))


def test_gaussian_expectations_are_refuted_rigorously():
    variance = Integral((x - m) ** 2 * density, (x, -oo, oo))
    assert decide(variance, s**2).status == "proved"
    verdict = decide(variance, s)
    assert verdict.status == "refuted"
    assert verdict.method == "evaluated at an exact point in ball arithmetic"
    assert verdict.lhs_value == verdict.counterexample[s] ** 2
    assert decide(Integral(x * density, (x, 0, oo)), m, ">=").status in ("proved", "sampled")


@pytest.mark.parametrize(
    "integral",
    [
        Integral(exp(x**2), (x, -oo, oo)),
        Integral(exp(-x), (x, -oo, oo)),
        Integral(exp(x), (x, 0, oo)),
        Integral(sp.Integer(1), (x, 0, oo)),
        Integral(exp(-(x**4)), (x, -oo, oo)),
        Integral(exp(-(x**2)) / x, (x, 1, oo)),
        Integral(exp(-(x**2)) * sp.sqrt(x), (x, 0, oo)),
        Integral(exp(-(x**2)) * sp.Abs(x), (x, -oo, oo)),
        Integral(exp(-(x**2)), (x, oo, -oo)),
        Integral(exp(-(x**2)), (x, oo, 0)),
    ],
    ids=str,
)
def test_divergent_and_other_integrals_are_declined(integral):
    with pytest.raises(Unsupported):
        enclose(integral, {}, 200)


def test_a_parameter_decides_whether_the_integral_converges():
    integral = Integral(exp(-m * x**2), (x, -oo, oo))
    assert enclose(integral, {m: sp.Integer(2)}).real.overlaps(enclose(sqrt(pi / 2), {}).real)
    for value in (0, -1):
        with pytest.raises(Unsupported):
            enclose(integral, {m: sp.Integer(value)})


def test_an_integrand_too_long_to_multiply_out_is_declined():
    factors = sp.Mul(*(x + symbol for symbol in sp.symbols("c1:40", real=True)))
    integral = Integral(factors * exp(-(x**2)), (x, -oo, oo))
    with pytest.raises(Unsupported):
        enclose(integral, {symbol: sp.Integer(1) for symbol in integral.free_symbols}, 200)
