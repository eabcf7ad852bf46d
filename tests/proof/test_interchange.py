"""A derivative passes an integral sign only where it may."""

import pytest
import sympy as sp
from sympy import Abs, Derivative, Heaviside, Integral, Rational, exp, log, oo, sin, sqrt

from helpers.proof import decide
from helpers.proof.expectation import Density, Expectation, Gaussian

t, angle, x, z = sp.symbols("t theta x z", real=True)
s = sp.Symbol("s", positive=True)
unit = {angle: (0, 1)}

# Each integrand jumps, has a pole or loses mass where θ says; the slope of its integral, and what one gets by
# differentiating under the sign.
MOVED = {
    "piecewise": (sp.Piecewise((1, t < angle), (0, True)), (t, 0, 1), 1, 0),
    "sign": ((sp.sign(angle - t) + 1) / 2, (t, 0, 1), 1, 0),
    "square root of a square": ((t - angle) / sqrt((t - angle) ** 2), (t, 0, 1), -2, 0),
    "the same, expanded": ((t - angle) / sqrt(t**2 - 2 * t * angle + angle**2), (t, 0, 1), -2, 0),
    "branch of the arctangent": (sp.atan(1 / (t - angle)), (t, 0, 1), None, None),
    "second derivative of a kink": (Abs(t - angle), (t, 0, 1), None, None),
}


@pytest.mark.parametrize("case", MOVED)
def test_a_moved_jump(case):
    integrand, limits, slope, wrong = MOVED[case]
    claim = Derivative(Integral(integrand, limits), angle)
    if slope is None:
        order = 2 if integrand.has(Abs) else 1
        claim = Derivative(Integral(integrand, limits), (angle, order))
        slope, wrong = (
            (2, 0) if order == 2 else (log(angle / (1 - angle)) / 2, Integral(integrand.diff(angle), limits))
        )
    assert decide(claim, slope, domain=unit).status in ("proved", "sampled", "undecided")
    assert decide(claim, wrong, domain=unit).status in ("refuted", "undecided")


def test_mass_that_escapes_to_infinity():
    """∫₀^∞ θ³ exp(-θ²x) dx = θ, whose slope is 1 at zero too, where the integral of the slopes is 0."""
    claim = Derivative(Integral(angle**3 * exp(-(angle**2) * x), (x, 0, oo)), angle)
    assert decide(claim, 1).status != "refuted"
    assert decide(claim.subs(angle, 0), 0).status != "proved"


@pytest.mark.parametrize(
    ("claim", "slope", "region"),
    [
        (
            Derivative(Integral(exp(angle * t), (t, 0, 1)), angle),
            Integral(t * exp(angle * t), (t, 0, 1)),
            None,
        ),
        (Derivative(Integral(log(s + t), (t, 0, 1)), s), log(s + 1) - log(s), None),
        (Derivative(Integral(sin(t * angle), (t, 0, angle)), angle), None, unit),
        (Derivative(Integral(exp(-s * t), (t, 0, oo)), s), -1 / s**2, None),
        (Derivative(Integral(exp(-(t**2) / 2), (t, angle, oo)), angle), -exp(-(angle**2) / 2), None),
    ],
    ids=["under the sign", "logarithm", "in the limits too", "closed form", "only in the limits"],
)
def test_what_is_smooth_is_still_decided(claim, slope, region):
    if slope is None:
        slope = sin(angle**2) + Integral(t * sp.cos(t * angle), (t, 0, angle))
    assert decide(claim, slope, domain=region).status in ("proved", "sampled")
    assert decide(claim, slope + Rational(1, 100), domain=region).status == "refuted"


def test_an_undefined_function_is_smooth():
    f = sp.Function("f", real=True)
    claim = Derivative(Integral(f(t, angle), (t, 0, 1)), angle)
    assert decide(claim, Integral(Derivative(f(t, angle), angle), (t, 0, 1))).status == "proved"
    assert decide(claim, Integral(Derivative(f(t, angle), t), (t, 0, 1))).status == "refuted"


def test_a_symbol_stands_for_the_points_of_the_domain_alone():
    """The closed forms of a claim on 0 < θ < 1 were once compared at θ = 2."""
    integrand = (t - angle) / sqrt(t**2 - 2 * t * angle + angle**2)
    verdict = decide(Integral(integrand, (t, 0, 1)), 1 - 2 * angle, domain=unit)
    assert verdict.status != "refuted"


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        (Heaviside(z - angle), -exp(-(angle**2) / 2) / sqrt(2 * sp.pi)),
        ((z - angle) / sqrt((z - angle) ** 2), -2 * exp(-(angle**2) / 2) / sqrt(2 * sp.pi)),
        (angle**3 * exp(z**2 / 2 - angle**4 * z**2), 1 / sqrt(2)),
    ],
    ids=["step", "sign in disguise", "mass that escapes"],
)
def test_an_expectation_whose_integrand_is_not_smooth(body, slope):
    claim = Derivative(Expectation(body, Gaussian(z, 0, 1)), angle)
    assert decide(claim, slope).status in ("proved", "sampled", "undecided")
    assert decide(claim, 0).status in ("refuted", "undecided")


def test_an_expectation_of_a_kink():
    claim = Derivative(Expectation(Abs(z - angle), Gaussian(z, 0, 1)), angle)
    assert decide(claim, sp.erf(angle / sqrt(2))).status in ("proved", "sampled")
    assert decide(claim, -sp.erf(angle / sqrt(2))).status == "refuted"


def test_an_expectation_under_a_density_with_a_parameter():
    law = Density(x, s * exp(-s * x), 0, oo)
    claim = Derivative(Expectation(x, law), s)
    assert decide(claim, -1 / s**2).status == "proved"
    assert decide(claim, 1 / s**2).status == "refuted"
