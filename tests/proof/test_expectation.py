"""Expectations: each rule against direct integration, textbook claims proved, their mutations refuted."""

import itertools
import math
import random

import mpmath
import pytest
import sympy as sp
from flint import acb, arb, fmpq
from sympy import Abs, Derivative, Integral, Max, Rational, cos, exp, log, oo, pi, sin, sqrt, tanh

from helpers.notation import one_line, to_latex
from helpers.proof import Derivation, DerivationError, decide
from helpers.proof.enclosure import Undefined, enclose
from helpers.proof.enclosure.growth import Growth, NoBound, growth_of
from helpers.proof.expectation import (
    Density,
    Expectation,
    Finite,
    Gaussian,
    Independent,
    MultivariateGaussian,
    by_independence,
    by_linearity,
    change_variables,
    factor_out,
    log_density,
    normal_form,
    reparameterize,
)

m, n, c, data = sp.symbols("m n c x_0", real=True)
s, t, a, b, τ = sp.symbols("s t a b tau", positive=True)
x, y, z, ε = sp.symbols("x y z epsilon", real=True)
u, v, φ = sp.symbols("u v phi", positive=True)
i, j = sp.symbols("i j", integer=True)
f, g = sp.Function("f"), sp.Function("g")
w = sp.Function("w", positive=True)

q, standard = Gaussian(z, m, s), Gaussian(z, 0, 1)
in_x, in_y = Gaussian(x, m, s), Gaussian(y, n, t)
pair = in_x * in_y
correlated = MultivariateGaussian((x, y), (m, n), [[s, 0], [c, t]])
coin_i, coin_j = (Finite(k, {0: a / (a + b), 1: b / (a + b)}) for k in (i, j))
triangle = Density(u, 2 * u, 0, 1)
uniform = Density(u, 1 / φ, 0, φ)
E = Expectation

# A Gaussian-Gaussian model: z ~ N(0, 1), the datum given z ~ N(z, τ²), and what follows from it.
joint = log_density(Gaussian(data, z, τ)) + log_density(standard)
evidence = log_density(Gaussian(data, 0, sqrt(1 + τ**2)))
posterior = Gaussian(z, data / (1 + τ**2), τ / sqrt(1 + τ**2))
elbo = E(joint - log_density(q), q)
kl = E(log_density(q) - log_density(standard), q)

# A latent of two states: prior (a, b)/(a + b), likelihoods w(0), w(1).
prior_mass = sp.Piecewise((a / (a + b), sp.Eq(i, 0)), (b / (a + b), True))
marginal = E(w(i), coin_i)
proposal = Finite(i, {0: s / (s + t), 1: t / (s + t)})
log_proposal = log_density(proposal)
log_joint = sp.Piecewise((log(a * w(0) / (a + b)), sp.Eq(i, 0)), (log(b * w(1) / (a + b)), True))
log_posterior = sp.Piecewise(
    (log(a * w(0) / (a * w(0) + b * w(1))), sp.Eq(i, 0)), (log(b * w(1) / (a * w(0) + b * w(1))), True)
)

# name: (left, right, a false right side that differs by a classic mistake)
CLAIMS = {
    "second moment": (E(z**2, q), m**2 + s**2, m**2 + s),
    "fourth central moment": (E((z - m) ** 4, q), 3 * s**4, s**4),
    "sum of independent variables": (E((x + y) ** 2, pair), (m + n) ** 2 + s**2 + t**2, m**2 + n**2 + s**2 + t**2),
    "KL from the standard normal": (kl, (m**2 + s**2 - 1) / 2 - log(s), (m**2 + s - 1) / 2 - log(s) / 2),
    "entropy": (E(-log_density(q), q), log(2 * pi * sp.E * s**2) / 2, log(2 * pi * sp.E * s) / 2),
    "ELBO": (
        elbo,
        -log(2 * pi * τ**2) / 2 - ((data - m) ** 2 + s**2) / (2 * τ**2) - (m**2 + s**2 - 1) / 2 + log(s),
        -log(2 * pi * τ**2) / 2 - (data - m) ** 2 / (2 * τ**2) - (m**2 + s**2 - 1) / 2 + log(s),
    ),
    "ELBO, evidence less the gap": (
        elbo,
        evidence - E(log_density(q) - log_density(posterior), q),
        evidence - E(log_density(posterior) - log_density(q), posterior),
    ),
    "ELBO, of a latent with two states": (
        E(log_joint - log_proposal, proposal),
        log(marginal) - E(log_proposal - log_posterior, proposal),
        log(marginal) + E(log_proposal - log_posterior, proposal),
    ),
    "moment generating function": (E(exp(c * z), q), exp(c * m + c**2 * s**2 / 2), exp(c * m + c * s**2 / 2)),
    "characteristic function": (
        E(cos(c * z), q), exp(-(c**2) * s**2 / 2) * cos(c * m), exp(-(c**2) * s**2) * cos(c * m)
    ),
    "E[z sin z]": (
        E(z * sin(z), q), exp(-(s**2) / 2) * (m * sin(m) + s**2 * cos(m)),
        exp(-(s**2) / 2) * (m * sin(m) + s * cos(m))
    ),
    "Gaussian bump": (E(exp(-a * z**2), standard), 1 / sqrt(1 + 2 * a), 1 / sqrt(1 + a)),
    "exponential of a product": (
        E(exp(x * y), Gaussian(x, 0, Rational(1, 2)) * Gaussian(y, 0, Rational(1, 2))), 4 / sqrt(15), 1
    ),
    "half of the second moment": (E(Max(z, 0) ** 2, Gaussian(z, 0, s)), s**2 / 2, s**2),
    "mean absolute value": (E(Abs(z), Gaussian(z, 0, s)), s * sqrt(2 / pi), s),
    "rectified": (
        E(Max(z, 0), q), m * sp.erfc(-m / (s * sqrt(2))) / 2 + s * exp(-(m**2) / (2 * s**2)) / sqrt(2 * pi),
        Max(m, 0),
    ),
    "tail": (E(sp.Heaviside(c - z), q), sp.erfc((m - c) / (s * sqrt(2))) / 2, sp.erfc((c - m) / (s * sqrt(2))) / 2),
    "importance weights": (E(exp(log_density(Gaussian(z, n, t)) - log_density(q)), q), 1, s / t),
    "the score has mean zero": (E(log_density(q).diff(s), q), 0, 1 / s),
    "Fisher information": (E(log_density(q).diff(s) ** 2, q), 2 / s**2, 1 / s**2),
    "score-function gradient": (
        E(z**3 * log_density(q).diff(m), q), Derivative(E(z**3, q), m), Derivative(E(z**3, q), s)
    ),
    "gradient by reparameterization": (
        Derivative(E(f(z), q), s), E(ε * f(z).diff(z).subs(z, m + s * ε), Gaussian(ε, 0, 1)),
        E(f(z).diff(z).subs(z, m + s * ε), Gaussian(ε, 0, 1)),
    ),
    "gradient in the mean": (Derivative(E(f(z), q), m), E(f(z).diff(z), q), E(f(z), q)),
    "heat equation": (Derivative(E(f(z), q), s), s * E(f(z).diff(z, 2), q), s**2 * E(f(z).diff(z, 2), q)),
    "Stein's lemma": (E((z - m) * f(z), q), s**2 * E(f(z).diff(z), q), s * E(f(z).diff(z), q)),
    "linearity": (E(2 * f(z) + c * g(z), q), 2 * E(f(z), q) + c * E(g(z), q), 2 * E(f(z), q) + E(g(z), q)),
    "independence": (
        E(f(x) * g(y), pair), E(f(x), in_x) * E(g(y), in_y), E(f(x), in_x) * E(g(x), in_x)
    ),
    "dependence": (E(f(x) ** 2, in_x), E(f(x) * f(x), in_x), E(f(x), in_x) ** 2),
    "another name": (E(f(x), in_x), E(f(z), q), E(f(x), in_y.renamed({y: x}))),
    "sum of normal variables": (
        E(f(x + y), pair), E(f(z), Gaussian(z, m + n, sqrt(s**2 + t**2))), E(f(z), Gaussian(z, m + n, s + t))
    ),
    "tower": (E(E(x**2, Gaussian(x, z, t)), q), m**2 + s**2 + t**2, m**2 + t**2),
    "tower, arbitrary function": (
        E(E(f(x), Gaussian(x, z, t)), q), E(f(x), Gaussian(x, m, sqrt(s**2 + t**2))), E(f(x), Gaussian(x, m, s))
    ),
    "no tower for squares": (
        E(E(x, Gaussian(x, z, t)) ** 2, q), m**2 + s**2, E(E(x**2, Gaussian(x, z, t)), q)
    ),
    "covariance": (E((x - m) * (y - n), correlated), s * c, 0),
    "Isserlis": (
        E((x - m) ** 2 * (y - n) ** 2, correlated), s**2 * (c**2 + t**2) + 2 * s**2 * c**2, s**2 * (c**2 + t**2)
    ),
    "KL in two dimensions": (
        E(log_density(correlated) - log_density(Gaussian(x, 0, 1) * Gaussian(y, 0, 1)), correlated),
        (m**2 + n**2 + s**2 + c**2 + t**2) / 2 - 1 - log(s * t),
        (m**2 + n**2 + s**2 + t**2) / 2 - 1 - log(s * t),
    ),
    "finite": (E(f(i), coin_i), (a * f(0) + b * f(1)) / (a + b), (f(0) + f(1)) / 2),
    "self-normalized weights": (
        E(w(i) / (w(i) + w(j)), coin_i * coin_j), Rational(1, 2),
        E(w(i), coin_i) * E(1 / (w(i) + w(j)), coin_i * coin_j)
    ),
    "importance-weighted bound, K = 2": (
        E(log((w(i) + w(j)) / 2), coin_i * coin_j),
        (a**2 * log(w(0)) + 2 * a * b * log((w(0) + w(1)) / 2) + b**2 * log(w(1))) / (a + b) ** 2,
        (a**2 * log(w(0)) + a * b * log((w(0) + w(1)) / 2) + b**2 * log(w(1))) / (a + b) ** 2,
    ),
    "mixture": (E(z * i + z, coin_i * q), m * (1 + b / (a + b)), m * b / (a + b)),
    "moment of a density": (E(u**2, triangle), Rational(1, 2), Rational(2, 3)),
    "logarithm under a density": (E(log(u), triangle), -Rational(1, 2), -1),
    "derivative of a support": (
        Derivative(E(u**2, uniform), φ), 2 * φ / 3, E(u**2 * log_density(uniform).diff(φ), uniform)
    ),
    "log-normal": (
        E(u, change_variables(E(f(z), q), u, log(u), 0).law), exp(m + s**2 / 2), exp(m)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_true_claim_is_proved(name):
    lhs, rhs, _ = CLAIMS[name]
    verdict = decide(lhs, rhs)
    assert verdict.status == "proved", f"{verdict}"


@pytest.mark.parametrize("name", CLAIMS)
def test_false_claim_is_refuted(name):
    lhs, _, rhs = CLAIMS[name]
    verdict = decide(lhs, rhs)
    assert verdict.status == "refuted", f"{verdict}"


# Bounds


@pytest.mark.parametrize(
    "lower, upper",
    [
        (elbo, evidence),
        (0, kl),
        (E(log(w(i)), coin_i), E(log((w(i) + w(j)) / 2), coin_i * coin_j)),
        (E(log((w(i) + w(j)) / 2), coin_i * coin_j), log(marginal)),
        (E(log_joint - log_proposal, proposal), log(marginal)),
    ],
    ids=["ELBO", "KL", "K = 1 to 2", "K = 2 to evidence", "two states"],
)
def test_bounds_hold_and_their_reverses_are_refuted(lower, upper):
    assert decide(lower, upper, "<=").status in ("proved", "sampled")
    assert decide(lower, upper, ">=").status == "refuted"


def test_an_expectation_of_something_nonnegative_is_nonnegative():
    assert decide(E(z**2 * exp(z), q), 0, ">=").status == "proved"
    assert decide(E(z * exp(z), q), 0, ">=").status == "refuted"


# The rules against direct integration


def by_sympy(body, law):
    """E[body] by SymPy's integrator, which shares nothing with the rules."""
    return sp.integrate(body * law.density, (law.variables[0], *law.support))


@pytest.mark.parametrize("power", range(7))
def test_gaussian_moments_are_the_integrals(power):
    assert sp.expand(E(z**power, q).doit() - by_sympy(z**power, q)) == 0


def by_mpmath(body, law, low=-20, high=20):
    """The same, numerically, to 20 digits; of the Gaussians here less than 1e-20 is left beyond -20 and 20."""
    integrand = sp.lambdify(law.variables[0], body * law.density, "mpmath")
    with mpmath.workdps(25):
        return mpmath.quad(integrand, mpmath.linspace(low, high, 41))


def agree(value, reference):
    with mpmath.workdps(25):
        return abs(mpmath.mpmathify(sp.N(value, 25)) - reference) < 1e-15 * max(1, abs(reference))


@pytest.mark.parametrize(
    "body",
    [exp(z), z**2 * exp(-z), exp(-(z**2)), z * exp(-(z**2) + z), cos(z), z * sin(2 * z), exp(z / 2) * cos(z)],
    ids=str,
)
def test_gaussian_exponential_moments_are_the_integrals(body):
    law = Gaussian(z, Rational(1, 2), Rational(3, 2))
    closed = E(body, law).doit()
    assert not closed.has(E) and agree(closed, by_mpmath(body, law))


@pytest.mark.parametrize("powers", [(1, 1), (2, 2), (3, 1)])
def test_cross_moments_are_iterated_integrals(powers):
    body = x ** powers[0] * y ** powers[1]
    law = MultivariateGaussian((x, y), (1, -1), [[2, 0], [3, 1]])
    assert E(body, law).doit() == by_iterated_integrals(body, law)


def by_iterated_integrals(body, law):
    """The joint density x ~ N(1, 4), y | x ~ N(-1 + 3 (x - 1)/2, 1), integrated in y, then in x."""
    inner = by_sympy(body, Gaussian(y, -1 + Rational(3, 2) * (x - 1), 1))
    return sp.expand(by_sympy(sp.expand(inner), Gaussian(x, 1, 2)))


def random_body(generator):
    """A random sum of products of powers, exponentials and waves in x and y."""
    atoms = [x, y, x * y, x**2, exp(x / 2), exp(-y), cos(x), sin(x + y), y**3]
    terms = [sp.Mul(*generator.sample(atoms, 2)) * generator.randint(-3, 3) for _ in range(3)]
    return sp.Add(*terms)


@pytest.mark.parametrize("seed", range(25))
def test_rules_agree_with_rigorous_quadrature(seed):
    """25 random integrands, seeds fixed: the closed form lies in the ball that the trapezoidal rule gives."""
    generator = random.Random(seed)
    law = Gaussian(x, Rational(generator.randint(-3, 3), 2), 1) * Gaussian(
        y, 0, Rational(generator.randint(1, 3), 2)
    )
    expectation = E(random_body(generator), law)
    closed = expectation.doit()
    assert not closed.has(E)
    ball, value = enclose(expectation, {}), enclose(closed, {})
    assert acb_of(ball).overlaps(acb_of(value))
    assert acb_of(ball).abs_upper().rel_accuracy_bits() > 0 and acb_of(ball).real.rad() < 1e-10


def acb_of(value):
    return acb(arb(value)) if isinstance(value, fmpq) else value


@pytest.mark.parametrize(
    "body",
    [
        z**2,
        exp(z),
        cos(3 * z),
        exp(-(z**2)),
        Max(z, 0) * Abs(z - 1),
        log(1 + exp(z)),
        tanh(z) ** 2,
        1 / (1 + z**2),
    ],
    ids=str,
)
def test_quadrature_encloses_what_mpmath_finds(body):
    """The bounds of the trapezoidal rule and of the tails, against a quadrature without bounds."""
    law = Gaussian(z, Rational(1, 2), Rational(3, 2))
    ball = enclose(E(body, law), {})
    assert agree(sp.Float(ball.real.mid().str(25, radius=False), 25), by_mpmath(body, law))
    assert ball.real.rad() < 1e-15


def test_two_variables_that_hang_together_are_integrated_together():
    law = Gaussian(x, 0, Rational(1, 2)) * Gaussian(y, 0, Rational(1, 2))
    ball = enclose(E(cos(x * y), law), {})
    assert ball.overlaps(enclose(4 / sqrt(17), {})) and ball.real.rad() < 1e-15


@pytest.mark.parametrize(
    "body",
    [
        z**2 + 3 * z,
        exp(2 * z) - exp(-z),
        z * cos(3 * z),
        sp.sinh(z) * sin(z),
        exp(-(z**2) / 4),
        E(z * sp.cosh(3 * y), Gaussian(y, 0, 1)),
        E(cos(y * z), Gaussian(y, 1, Rational(1, 2))),
        E(y**4 + z * E(exp(x + y), Gaussian(x, y, 1)), Gaussian(y, 0, 1)),
    ],
    ids=one_line,
)
def test_the_growth_bounds_the_integrand_in_the_plane(body):
    """The error of the trapezoidal rule follows from it: z = 1/2 + 3/2 ε, at complex ε."""
    growth = growth_of(body, {z: (arb(0.5), arb(1.5))}, {}, entire=True)
    closed = body.doit()
    for re, im in itertools.product((-3, -1, 0, 2), repeat=2):
        value = abs(complex(closed.subs(z, Rational(1, 2) + Rational(3, 2) * (re + sp.I * im))))
        exponents = {"along": abs(re), "across": abs(im), "up": re**2, "out": im**2}
        exponent = sum(float(getattr(growth, kind).get(z, 0)) * power for kind, power in exponents.items())
        bound = float(growth.size) * (1 + abs(complex(re, im))) ** growth.power.get(z, 0) * math.exp(exponent)
        assert value <= bound * (1 + 1e-12)


@pytest.mark.parametrize("radii", [(0.125, 1), (1, 0.125)])
def test_a_sum_grows_as_the_faster_part_may(radii):
    """Of rates known within overlapping intervals neither is the larger: the sum's must reach as far as both."""
    first, second = (Growth(arb(1), along={z: arb(1.25, radius)}) for radius in radii)
    assert (first + second).along[z].upper() >= 2.25


@pytest.mark.parametrize(
    "body",
    [
        log(2 + z**2 + exp(z)),
        sqrt(z**2 + Abs(z)),
        (3 + z**2) ** Rational(-3, 2) * tanh(z),
        Max(z, 3 - z**2) * sp.erf(z),
        sp.Piecewise((exp(z), z < 1), (-5 * z, True)),
    ],
    ids=one_line,
)
def test_the_growth_bounds_the_integrand_on_the_line(body):
    growth = growth_of(body, {z: (arb(0.5), arb(1.5))}, {}, entire=False)
    for u in (-9, -2, 0, 1, 3, 8):
        exponent = float(growth.along.get(z, 0)) * abs(u) + float(growth.up.get(z, 0)) * u**2
        bound = float(growth.size) * (1 + abs(u)) ** growth.power.get(z, 0) * math.exp(exponent)
        assert abs(float(body.subs(z, Rational(1, 2) + Rational(3, 2) * u))) <= bound * (1 + 1e-12)


@pytest.mark.parametrize(
    "body", [(z**2 + Abs(z)) ** Rational(-1, 2), log(Abs(z)), 1 / z, exp(z**3)], ids=one_line
)
def test_what_is_not_bounded_has_no_growth(body):
    with pytest.raises(NoBound):
        growth_of(body, {z: (arb(0), arb(1))}, {}, entire=False)


# What does not exist


@pytest.mark.parametrize(
    "body", [exp(z**2), exp(z**2 / 2), exp(a * z**2), z * exp(z**2 - z), exp(x * z)], ids=str
)
def test_no_closed_form_where_the_expectation_may_not_exist(body):
    assert E(body, standard * Gaussian(x, 0, 1)).doit().has(E)
    assert decide(E(body, standard * Gaussian(x, 0, 1)), 1 / sqrt(1 - 2 * a)).status != "proved"


def test_an_expectation_just_inside_the_limit_has_its_closed_form():
    assert E(exp(z**2 * Rational(49, 100)), standard).doit() == 5 * sqrt(2)
    assert decide(E(exp(z**2 / (2 + a)), standard), sqrt((2 + a) / a)).status == "proved"


def test_identical_expectations_that_do_not_exist_are_not_proved_equal():
    assert decide(E(exp(z**2), standard), E(exp(z**2), standard)).status == "undecided"


def test_points_where_the_law_is_no_law_are_not_used():
    law = Finite(i, {0: 1 - a, 1: a})
    assert enclose(E(f(i).subs(f(i), i), law), {a: Rational(1, 2)}) == fmpq(1, 2)
    with pytest.raises(Undefined):
        enclose(E(i, law), {a: sp.Integer(2)})
    with pytest.raises(Undefined):
        enclose(E(z, Gaussian(z, 0, m)), {m: sp.Integer(-1)})
    with pytest.raises(Undefined):
        enclose(E(exp(z**2), standard), {})


def test_the_derivative_does_not_miss_a_jump_that_moves():
    jump = sp.Piecewise((1, z > c), (0, True))
    assert decide(Derivative(E(jump, standard), c), 0).status != "proved"
    step = E(sp.Heaviside(z - c), standard)
    assert decide(Derivative(step, c), 0).status == "refuted"
    assert decide(Derivative(step, c), -standard.density.subs(z, c)).status == "proved"
    assert decide(Derivative(step.doit(), c), -exp(-(c**2) / 2) / sqrt(2 * pi)).status == "proved"


# Bound symbols


def test_an_inner_expectation_does_not_catch_a_free_symbol():
    """The free u beside an expectation over another u."""
    law = Density(u, 2 * u, 0, 1)
    for claim, value in (
        (E(z**2 * u * E(u, law), standard), 2 * u / 3),
        (E(exp(u) * z**2 * E(u**2, law), standard), exp(u) / 2),
        (E(z**2 * (u + E(u, law)), standard), u + Rational(2, 3)),
        (E(u * E(u, law), law), Rational(4, 9)),
        (E(f(u) * E(f(u), law), law), E(f(u), law) ** 2),
        (E(z * E(u, law) + z**2 * E(u**2, law), standard), Rational(1, 2)),
        (E(z * E(u, law), Gaussian(z, u, 1)), 2 * u / 3),
    ):
        assert decide(claim, value).status == "proved", claim
        assert decide(claim, 2 * value).status in ("refuted", "sampled" if value.has(E) else "refuted")


def test_a_law_that_is_none_at_the_suspected_point():
    real = sp.Symbol("r", real=True)
    assert decide(E(z**2, Gaussian(z, 0, real)), 0, ">").status in ("proved", "sampled")


def test_random_symbols_are_bound():
    expectation = E(f(z) + n, q)
    assert expectation.free_symbols == {m, s, n}
    assert expectation.subs(z, 2) == expectation.xreplace({z: sp.Integer(2)}) == expectation
    assert expectation.diff(z) == 0
    assert expectation.subs(n, 0) == E(f(z), q)
    assert (
        expectation.subs(m, 0) == expectation.xreplace({m: sp.Integer(0)}) == E(f(z) + n, Gaussian(z, 0, s))
    )
    assert hash(expectation) == hash(E(n + f(z), Gaussian(z, m, s)))


@pytest.mark.parametrize("replace", [lambda e, rule: e.subs(rule), lambda e, rule: e.xreplace(rule)])
def test_nothing_is_caught_by_a_bound_symbol(replace):
    outer = replace(E(z * n, Gaussian(z, m, 1)), {n: z})
    assert outer.free_symbols == {m, z} and outer.doit() == m * z
    assert replace(E(z, q), {m: z}).doit() == z
    assert decide(E(z * n, q), replace(E(z * n, q), {n: z})).status == "refuted"


def test_names_of_bound_symbols_do_not_matter():
    nested = E(E(f(x, y), Gaussian(x, y, 1)), in_y)
    renamed = E(E(f(z, x), Gaussian(z, x, 1)), in_x.subs({m: n, s: t}))
    assert nested != renamed and nested.canonical() == renamed.canonical()
    assert normal_form(E(f(x), in_x) - E(f(z), q)) == 0


# Rules one by one


def test_rules_rewrite_one_step():
    assert by_linearity(E((z - m) ** 2, q)) == E(z**2, q) - 2 * m * E(z, q) + m**2
    assert factor_out(n * E(m * f(z), q)) == n * m * E(f(z), q)
    assert by_independence(E(f(x) * exp(x + y), pair)) == E(f(x) * exp(x), in_x) * E(exp(y), in_y)
    assert by_independence(E(f(x + y) * f(x), pair)) == E(f(x + y) * f(x), pair)
    assert by_independence(E(f(x), pair)) == E(f(x), in_x)
    assert reparameterize(E(f(z), q), ε) == E(f(m + s * ε), Gaussian(ε, 0, 1))
    assert E(f(z), q).as_integral() == Integral(f(z) * q.density, (z, -oo, oo))
    assert E(f(i), coin_i).as_integral() == a * f(0) / (a + b) + b * f(1) / (a + b)


@pytest.mark.parametrize(
    "expectation, inverse, low, high",
    [
        (E(exp(z), q), log(u), 0, oo),
        (E(z**2, q), -log(u), 0, oo),
        (E(u**3, triangle), sqrt(v), 0, 1),
        (E(u**3, triangle), 1 - v, 0, 1),
        (E(f(z), q), n + t * x, -oo, oo),
    ],
    ids=str,
)
def test_change_of_variables_keeps_the_value(expectation, inverse, low, high):
    new = next(symbol for symbol in (u, v, x) if symbol in inverse.free_symbols)
    changed = change_variables(expectation, new, inverse, low, high)
    assert decide(expectation, changed).status == "proved"
    forgotten = E(changed.body, changed.law) / 2
    assert decide(expectation, forgotten).status == "refuted"
    numbers = {m: Rational(1, 2), s: Rational(1, 2), n: -1, t: 2}
    law = Density.unchecked(new, changed.law.density.subs(numbers), low, high)
    ends = float(max(low, -20)), float(min(high, 200))  # beyond: less than 1e-20 of these laws
    assert agree(by_mpmath(sp.S.One, law, *ends), 1)


def test_change_of_variables_refuses_what_is_no_bijection():
    with pytest.raises(ValueError, match="of one sign"):
        change_variables(E(z, q), x, x**2)
    with pytest.raises(ValueError, match="interval"):
        change_variables(E(z, q), u, u, 0)
    with pytest.raises(ValueError, match="smooth"):  # x - 1/x covers the line twice
        change_variables(E(exp(-(z**2)), standard), x, x - 1 / x)


@pytest.mark.parametrize("law", [q, coin_i, triangle, uniform, coin_i * q], ids=one_line)
def test_laws_are_normalized(law):
    assert decide(E(1, law).as_integral(), 1).status == "proved"
    if not law.has(Finite):
        total = Integral(exp(log_density(law)), (law.variables[0], *law.support))
        assert decide(total, 1).status == "proved"


def test_joint_densities_are_products():
    conditional = Gaussian(y, n + c * (x - m) / s, t)
    assert decide(log_density(correlated), log_density(in_x) + log_density(conditional)).status == "proved"
    assert decide(log_density(pair), log_density(in_x) + log_density(in_y)).status == "proved"
    assert decide(log_density(correlated), log_density(pair)).status == "refuted"


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Gaussian(sp.Symbol("z"), 0, 1), "declared real"),
        (lambda: Gaussian(u, 0, 1), "positive"),
        (lambda: Gaussian(z, 0, 0), "standard deviation"),
        (lambda: Gaussian(z, z, 1), "depends on"),
        (lambda: Finite(i, {0: a, 1: b}), "not proved to be one"),
        (lambda: Finite(i, {0: -1, 1: None}), "nonnegative"),
        (lambda: Finite(i, {0: None, 1: None}), "at most one"),
        (lambda: Finite(i, {Rational(1, 2): 1}), "integer"),
        (lambda: Density(u, u, 0, 1), "integrates to one"),
        (lambda: Density(x, Rational(3, 2) * x - Rational(1, 4), 0, 1), "integrates to one|nonnegative"),
        (lambda: Density(u, Rational(1, 2), -1, 1), "positive"),
        (lambda: Independent(q, q), "different"),
        (lambda: q * Gaussian(x, z, 1), "not independent"),
        (lambda: MultivariateGaussian((x, y), (0, 0), [[1, 1], [0, 1]]), "lower triangle"),
        (lambda: E(z, "N(0, 1)"), "law"),
        (lambda: E(z > 0, q), "scalar"),
        (lambda: reparameterize(E(z * x, q), x), "in use"),
    ],
)
def test_wrong_laws_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# Derivations


def test_a_derivation_by_rules_and_one_with_a_lost_term():
    start = E((z - n) ** 2, q)
    steps = (
        Derivation("Mean square deviation", start)
        .equals(reparameterize(start, ε), "$z = m + s ε$")
        .equals(by_linearity(reparameterize(start, ε)), "linearity")
        .equals((m - n) ** 2 + s**2, "moments of the standard normal")
    )
    assert [step.mark for step in steps.steps] == ["proved"] * 3
    with pytest.raises(DerivationError):
        Derivation("Mean square deviation", start).equals((m - n) ** 2, "forgets the variance")


def test_printed_form():
    expectation = E(z**2, Gaussian(z, m, s))
    assert one_line(expectation) == "E_{z ~ N(m, s²)}[z²]"
    assert to_latex(expectation) == (
        r"\mathbb{E}_{z \sim \mathcal{N}\left(m, s^{2}\right)}\left[z^{2}\right]"
    )
    assert one_line(E(f(x) * f(y), Gaussian(x, 0, 1) * Gaussian(y, 0, 1))).startswith(
        "E_{x ~ N(0, 1), y ~ N(0, 1)}["
    )
    greek = sp.Symbol("ε", real=True)
    assert to_latex(E(greek, Gaussian(greek, 0, 1))).startswith(r"\mathbb{E}_{\epsilon \sim")
    assert one_line(E(i, Finite(i, {0: a / (a + b), 1: None}))).startswith("E_{i ~ {0: a/(a + b), 1: ")
