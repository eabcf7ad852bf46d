"""Standard tables: derivatives of undefined functions, integrals, gamma functions, Gaussian integrals."""

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Integral,
    Limit,
    Rational,
    Subs,
    beta,
    cos,
    digamma,
    erf,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
)

from helpers.proof.expectation import Expectation, Gaussian

from .claim import Claim

z, w = sp.symbols("z w")
x, y, t, u, v = sp.symbols("x y t u v", real=True)
b = sp.Symbol("b", real=True)
a, c, p, q = sp.symbols("a c p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
f, g, h = (sp.Function(name) for name in "fgh")
k = sp.Function("k", positive=True)
DERIVATIVES, INTEGRALS, GAUSSIANS, GAMMA = (
    f"standard: {name}" for name in ("derivatives", "integrals", "Gaussian integrals", "gamma function")
)
LINE = (x, -oo, oo)


def true() -> list[Claim]:
    return [
        Claim(
            "quotient rule",
            Derivative(f(z) / g(z), z),
            (f(z).diff(z) * g(z) - f(z) * g(z).diff(z)) / g(z) ** 2,
            source=DERIVATIVES,
        ),
        Claim(
            "Leibniz's rule, second order",
            Derivative(f(z) * g(z), (z, 2)),
            f(z).diff(z, 2) * g(z) + 2 * f(z).diff(z) * g(z).diff(z) + f(z) * g(z).diff(z, 2),
            source=DERIVATIVES,
        ),
        Claim(
            "product of three",
            Derivative(f(z) * g(z) * h(z), z),
            f(z) * g(z) * h(z) * (f(z).diff(z) / f(z) + g(z).diff(z) / g(z) + h(z).diff(z) / h(z)),
            source=DERIVATIVES,
        ),
        Claim(
            "chain rule, second order",
            Derivative(f(g(z)), (z, 2)),
            Subs(Derivative(f(w), (w, 2)), w, g(z)) * g(z).diff(z) ** 2
            + Subs(Derivative(f(w), w), w, g(z)) * g(z).diff(z, 2),
            source=DERIVATIVES,
        ),
        Claim("mixed derivatives", Derivative(f(x, y), x, y), Derivative(f(x, y), y, x), source=DERIVATIVES),
        Claim(
            "derivative of an even part",
            Derivative(f(x) + f(-x), x),
            f(x).diff(x) - Subs(Derivative(f(u), u), u, -x),
            source=DERIVATIVES,
        ),
        Claim(
            "logarithmic derivative of a power",
            Derivative(k(x) ** x, x),
            k(x) ** x * (log(k(x)) + x * k(x).diff(x) / k(x)),
            source=DERIVATIVES,
        ),
        Claim("power with its exponent", Derivative(a**a, a), a**a * (1 + log(a)), source=DERIVATIVES),
        Claim(
            "logarithm of the modulus",
            Derivative(log(Abs(x)), x),
            1 / x,
            domain=[sp.Ne(x, 0)],
            source=DERIVATIVES,
        ),
        Claim("difference quotient", Limit((sin(x + t) - sin(x)) / t, t, 0), cos(x), source=DERIVATIVES),
        Claim(
            "fundamental theorem",
            Derivative(Integral(exp(-(t**2)), (t, 0, x)), x),
            exp(-(x**2)),
            source=DERIVATIVES,
        ),
        Claim(
            "variable limit",
            Derivative(Integral(t**2 + x * t, (t, 0, x)), x),
            Rational(5, 2) * x**2,
            source=DERIVATIVES,
        ),
        Claim(
            "integration by parts",
            Integral(x * exp(-a * x), (x, 0, 1)),
            -exp(-a) / a + Integral(exp(-a * x), (x, 0, 1)) / a,
            source=INTEGRALS,
        ),
        Claim("logarithm at zero", Integral(log(x), (x, 0, 1)), -1, source=INTEGRALS),
        Claim("Cauchy density", Integral(1 / (1 + x**2), LINE), pi, source=INTEGRALS),
        Claim("mean of a square of a sine", Integral(sin(x) ** 2, (x, 0, pi)), pi / 2, source=INTEGRALS),
        Claim("orthogonal sines", Integral(sin(x) * sin(2 * x), (x, -pi, pi)), 0, source=INTEGRALS),
        Claim("quarter of a disc", Integral(sqrt(1 - x**2), (x, 0, 1)), pi / 4, source=INTEGRALS),
        Claim("substitution", Integral(x * exp(x**2), (x, 0, 1)), (sp.E - 1) / 2, source=INTEGRALS),
        Claim(
            "constant factor", Integral(c * f(t), (t, 0, a)), c * Integral(f(t), (t, 0, a)), source=INTEGRALS
        ),
        Claim("precision", Integral(exp(-a * x**2), LINE), sqrt(pi / a), source=GAUSSIANS),
        Claim(
            "completed square",
            Expectation(exp(b * x), Gaussian(x, 0, a)),
            exp(a**2 * b**2 / 2),
            source=GAUSSIANS,
        ),
        Claim(
            "second moment",
            Integral(x**2 * exp(-a * x**2), LINE),
            sqrt(pi) / (2 * a ** Rational(3, 2)),
            source=GAUSSIANS,
        ),
        Claim("half-line", Integral(exp(-a * x**2), (x, 0, oo)), sqrt(pi / a) / 2, source=GAUSSIANS),
        Claim("error function", Integral(exp(-(t**2)), (t, 0, x)), sqrt(pi) * erf(x) / 2, source=GAUSSIANS),
        Claim(
            "derivative of the error function",
            Derivative(erf(z), z),
            2 * exp(-(z**2)) / sqrt(pi),
            source=GAUSSIANS,
        ),
        Claim("reflection", gamma(z) * gamma(1 - z), pi / sin(pi * z), source=GAMMA),
        Claim(
            "duplication",
            gamma(a) * gamma(a + Rational(1, 2)),
            2 ** (1 - 2 * a) * sqrt(pi) * gamma(2 * a),
            source=GAMMA,
        ),
        Claim("factorials", gamma(n + 1), factorial(n), source=GAMMA),
        Claim("two steps", gamma(z + 2), z * (z + 1) * gamma(z), source=GAMMA),
        Claim("quarters", gamma(Rational(1, 4)) * gamma(Rational(3, 4)), pi * sqrt(2), source=GAMMA),
        Claim("beta by gamma", beta(p, q) * gamma(p + q), gamma(p) * gamma(q), source=GAMMA),
        Claim("beta recurrence", beta(p + 1, q), beta(p, q) * p / (p + q), source=GAMMA),
        Claim("digamma recurrence", digamma(a + 1), digamma(a) + 1 / a, source=GAMMA),
        Claim(
            "Euler's integral",
            Integral(x ** (a - 1) * exp(-c * x), (x, 0, oo)),
            gamma(a) / c**a,
            source=GAMMA,
        ),
        Claim("derivative of log gamma", Derivative(log(gamma(a)), a), digamma(a), source=GAMMA),
        Claim(
            "Fourier transform",
            Expectation(cos(b * x), Gaussian(x, 0, a)),
            exp(-(a**2) * b**2 / 2),
            source=GAUSSIANS,
        ),
    ]


def false() -> list[Claim]:
    return [
        Claim(
            "quotient rule, sign",
            Derivative(f(z) / g(z), z),
            (f(z).diff(z) * g(z) + f(z) * g(z).diff(z)) / g(z) ** 2,
            source=DERIVATIVES,
        ),
        Claim(
            "quotient of derivatives",
            Derivative(f(z) / g(z), z),
            f(z).diff(z) / g(z).diff(z),
            source=DERIVATIVES,
        ),
        Claim(
            "Leibniz's rule without its two",
            Derivative(f(z) * g(z), (z, 2)),
            f(z).diff(z, 2) * g(z) + f(z).diff(z) * g(z).diff(z) + f(z) * g(z).diff(z, 2),
            source=DERIVATIVES,
        ),
        Claim(
            "chain rule, inner derivative not squared",
            Derivative(f(g(z)), (z, 2)),
            Subs(Derivative(f(w), (w, 2)), w, g(z)) * g(z).diff(z)
            + Subs(Derivative(f(w), w), w, g(z)) * g(z).diff(z, 2),
            source=DERIVATIVES,
        ),
        Claim(
            "derivative of an even part, sign",
            Derivative(f(x) + f(-x), x),
            f(x).diff(x) + Subs(Derivative(f(u), u), u, -x),
            source=DERIVATIVES,
        ),
        Claim(
            "power rule for a variable exponent", Derivative(a**a, a), a * a ** (a - 1), source=DERIVATIVES
        ),
        Claim(
            "derivative of the modulus",
            Derivative(log(Abs(x)), x),
            1 / Abs(x),
            domain=[sp.Ne(x, 0)],
            source=DERIVATIVES,
        ),
        Claim("arguments of a function exchanged", f(x, y), f(y, x), source=DERIVATIVES),
        Claim(
            "variable limit without the inner derivative",
            Derivative(Integral(t**2 + x * t, (t, 0, x)), x),
            2 * x**2,
            source=DERIVATIVES,
        ),
        Claim(
            "fundamental theorem, limit squared",
            Derivative(Integral(exp(-(t**2)), (t, 0, x**2)), x),
            exp(-(x**4)),
            source=DERIVATIVES,
        ),
        Claim(
            "point put in before the derivative", Subs(Derivative(exp(2 * x), x), x, 0), 0, source=DERIVATIVES
        ),
        Claim(
            "integration by parts without the boundary",
            Integral(x * exp(-a * x), (x, 0, 1)),
            Integral(exp(-a * x), (x, 0, 1)) / a,
            source=INTEGRALS,
        ),
        Claim(
            "integration by parts, sign",
            Integral(x * exp(-a * x), (x, 0, 1)),
            exp(-a) / a + Integral(exp(-a * x), (x, 0, 1)) / a,
            source=INTEGRALS,
        ),
        Claim("Cauchy density, half of it", Integral(1 / (1 + x**2), LINE), pi / 2, source=INTEGRALS),
        Claim(
            "mean of a square of a sine, not halved", Integral(sin(x) ** 2, (x, 0, pi)), pi, source=INTEGRALS
        ),
        Claim("half of a disc", Integral(sqrt(1 - x**2), (x, 0, 1)), pi / 2, source=INTEGRALS),
        Claim(
            "bars outside the integral",
            Integral(Abs(x), (x, -1, 1)),
            Abs(Integral(x, (x, -1, 1))),
            source=INTEGRALS,
        ),
        Claim(
            "substitution without its half", Integral(x * exp(x**2), (x, 0, 1)), sp.E - 1, source=INTEGRALS
        ),
        Claim(
            "square of an integral",
            Integral(f(t) ** 2, (t, 0, 1)),
            Integral(f(t), (t, 0, 1)) ** 2,
            source=INTEGRALS,
        ),
        Claim("variance for a precision", Integral(exp(-a * x**2), LINE), sqrt(pi * a), source=GAUSSIANS),
        Claim("a two too many", Integral(exp(-a * x**2), LINE), sqrt(2 * pi / a), source=GAUSSIANS),
        Claim(
            "completed square, not halved",
            Expectation(exp(b * x), Gaussian(x, 0, a)),
            exp(a**2 * b**2),
            source=GAUSSIANS,
        ),
        Claim(
            "second moment of the wrong power",
            Integral(x**2 * exp(-a * x**2), LINE),
            sqrt(pi / a) / 2,
            source=GAUSSIANS,
        ),
        Claim(
            "error function without its factor", Integral(exp(-(t**2)), (t, 0, x)), erf(x), source=GAUSSIANS
        ),
        Claim("reflection with a cosine", gamma(z) * gamma(1 - z), pi / cos(pi * z), source=GAMMA),
        Claim(
            "duplication without the power of two",
            gamma(a) * gamma(a + Rational(1, 2)),
            sqrt(pi) * gamma(2 * a),
            source=GAMMA,
        ),
        Claim("factorial off by one", gamma(n), factorial(n), source=GAMMA),
        Claim("two steps, one factor", gamma(z + 2), (z + 1) * gamma(z), source=GAMMA),
        Claim("half, not squared", gamma(Rational(1, 2)), pi, source=GAMMA),
        Claim(
            "beta recurrence of the other argument", beta(p + 1, q), beta(p, q) * q / (p + q), source=GAMMA
        ),
        Claim("digamma of a product", digamma(a + 1), a * digamma(a), source=GAMMA),
        Claim(
            "Euler's integral off by one",
            Integral(x**a * exp(-c * x), (x, 0, oo)),
            gamma(a) / c**a,
            source=GAMMA,
        ),
        Claim(
            "Fourier transform, sign of the exponent",
            Expectation(cos(b * x), Gaussian(x, 0, a)),
            exp(a**2 * b**2 / 2),
            source=GAUSSIANS,
        ),
    ]
