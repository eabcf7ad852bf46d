"""Standard tables: complex numbers, roots, logarithms and inverse functions with their branch cuts."""

import sympy as sp
from sympy import (
    Abs,
    I,
    Rational,
    acos,
    arg,
    asin,
    asinh,
    atan,
    atan2,
    conjugate,
    cos,
    cosh,
    exp,
    im,
    log,
    oo,
    pi,
    re,
    sin,
    sinh,
    sqrt,
    tan,
)

from .claim import Claim

z, w = sp.symbols("z w")
x, y, θ = sp.symbols("x y theta", real=True)
a, b, c = sp.symbols("a b c", positive=True)
m = sp.Symbol("m", negative=True)
n = sp.Symbol("n", integer=True)
COMPLEX, ROOTS, LOGARITHMS, TRIGONOMETRY, INVERSES = (
    f"standard: {name}"
    for name in ("complex numbers", "powers and roots", "logarithms", "trigonometry", "inverse functions")
)
CUBE_ROOT = Rational(-1, 2) + sqrt(3) * I / 2


def true() -> list[Claim]:
    return [
        Claim("modulus of a product", Abs(z * w), Abs(z) * Abs(w), source=COMPLEX),
        Claim(
            "parallelogram",
            Abs(z + w) ** 2 + Abs(z - w) ** 2,
            2 * Abs(z) ** 2 + 2 * Abs(w) ** 2,
            source=COMPLEX,
        ),
        Claim("polarisation", Abs(z + w) ** 2 - Abs(z - w) ** 2, 4 * re(z * conjugate(w)), source=COMPLEX),
        Claim("inverse by the conjugate", 1 / z, conjugate(z) / Abs(z) ** 2, source=COMPLEX),
        Claim("real part of a product", re(z * w), re(z) * re(w) - im(z) * im(w), source=COMPLEX),
        Claim(
            "Lagrange's identity",
            Abs(z * conjugate(w)) ** 2,
            re(z * conjugate(w)) ** 2 + im(z * conjugate(w)) ** 2,
            source=COMPLEX,
        ),
        Claim("Euler's formula", exp(I * θ), cos(θ) + I * sin(θ), source=COMPLEX),
        Claim("De Moivre, cube", (cos(θ) + I * sin(θ)) ** 3, cos(3 * θ) + I * sin(3 * θ), source=COMPLEX),
        Claim(
            "cube roots of one",
            z**3 - 1,
            (z - 1) * (z - CUBE_ROOT) * (z - conjugate(CUBE_ROOT)),
            source=COMPLEX,
        ),
        Claim("Möbius map of the half-plane", Abs((z - I) / (z + I)) < 1, im(z) > 0, "<=>", source=COMPLEX),
        Claim("golden ratio", 1 / sp.GoldenRatio, sp.GoldenRatio - 1, source=ROOTS),
        Claim("denesting", sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3), source=ROOTS),
        Claim("denesting a difference", sqrt(3 - 2 * sqrt(2)), sqrt(2) - 1, source=ROOTS),
        Claim(
            "Ramanujan's cube roots",
            (2 ** Rational(1, 3) - 1) * (1 + 2 ** Rational(1, 3) + 2 ** Rational(2, 3)),
            1,
            source=ROOTS,
        ),
        Claim("rationalised", 1 / (sqrt(a + 1) + sqrt(a)), sqrt(a + 1) - sqrt(a), source=ROOTS),
        Claim("root of a square of a difference", sqrt(a**2 - 2 * a * b + b**2), Abs(a - b), source=ROOTS),
        Claim("powers of a product, positive", (a * b) ** x, a**x * b**x, source=ROOTS),
        Claim("logarithm of a power", log(a**x), x * log(a), source=LOGARITHMS),
        Claim("logarithm of an inverse", log(1 / (a + b)), -log(a + b), source=LOGARITHMS),
        Claim("change of base", log(a) / log(10) * log(10, 2), log(a, 2), source=LOGARITHMS),
        Claim(
            "logarithm of a factored square", log(a**2 + 2 * a * b + b**2), 2 * log(a + b), source=LOGARITHMS
        ),
        Claim("logarithm of a real square", log(x**2), 2 * log(Abs(x)), source=LOGARITHMS),
        Claim("logarithm of a negative number", log(m), log(-m) + I * pi, source=LOGARITHMS),
        Claim("real part of a logarithm", re(log(x + I * a)), log(x**2 + a**2) / 2, source=LOGARITHMS),
        Claim("addition of sines", sin(x + y), sin(x) * cos(y) + cos(x) * sin(y), source=TRIGONOMETRY),
        Claim("triple angle", cos(3 * z), 4 * cos(z) ** 3 - 3 * cos(z), source=TRIGONOMETRY),
        Claim("product to sum", 2 * sin(x) * sin(y), cos(x - y) - cos(x + y), source=TRIGONOMETRY),
        Claim(
            "half-angle substitution",
            (1 - tan(x / 2) ** 2) / (1 + tan(x / 2) ** 2),
            cos(x),
            source=TRIGONOMETRY,
        ),
        Claim("hyperbolic addition", cosh(x + y), cosh(x) * cosh(y) + sinh(x) * sinh(y), source=TRIGONOMETRY),
        Claim("fifths of a circle", cos(pi / 5) * cos(2 * pi / 5), Rational(1, 4), source=TRIGONOMETRY),
        Claim("area sine", asinh(x), log(x + sqrt(x**2 + 1)), source=INVERSES),
        Claim("area tangent", sp.atanh(x), log((1 + x) / (1 - x)) / 2, domain={x: (-1, 1)}, source=INVERSES),
        Claim("complementary angles", asin(x) + acos(x), pi / 2, domain={x: (-1, 1)}, source=INVERSES),
        Claim("reciprocal arctangents, positive", atan(a) + atan(1 / a), pi / 2, source=INVERSES),
        Claim("double angle of an arctangent", sin(2 * atan(x)), 2 * x / (1 + x**2), source=INVERSES),
        Claim(
            "double angle of an arccosine",
            sin(2 * acos(x)),
            2 * x * sqrt(1 - x**2),
            domain={x: (-1, 1)},
            source=INVERSES,
        ),
        Claim(
            "Machin's formula",
            4 * atan(Rational(1, 5)) - atan(Rational(1, 239)),
            pi / 4,
            source=INVERSES,
            sampled=True,
        ),
    ]


def false() -> list[Claim]:
    return [
        Claim("modulus of a sum", Abs(z + w), Abs(z) + Abs(w), source=COMPLEX),
        Claim("square of the modulus", Abs(z) ** 2, z**2, source=COMPLEX),
        Claim(
            "polarisation halved", Abs(z + w) ** 2 - Abs(z - w) ** 2, 2 * re(z * conjugate(w)), source=COMPLEX
        ),
        Claim(
            "conjugate forgotten", Abs(z - w) ** 2, Abs(z) ** 2 + Abs(w) ** 2 - 2 * re(z * w), source=COMPLEX
        ),
        Claim("inverse by the conjugate, not squared", 1 / z, conjugate(z) / Abs(z), source=COMPLEX),
        Claim("real part is multiplicative", re(z * w), re(z) * re(w), source=COMPLEX),
        Claim("arguments add", arg(z * w), arg(z) + arg(w), source=COMPLEX),
        Claim("Euler's formula, minus", exp(-I * θ), cos(θ) + I * sin(θ), source=COMPLEX),
        Claim("fourth roots for cube roots", z**3 - 1, (z - 1) * (z - I) * (z + I), source=COMPLEX),
        Claim("modulus of an exponential, both parts", Abs(exp(x + I * y)), exp(x + y), source=COMPLEX),
        Claim(
            "boundary inside the half-plane", Abs((z - I) / (z + I)) <= 1, im(z) > 0, "<=>", source=COMPLEX
        ),
        Claim("root of a sum of squares", sqrt(a**2 + b**2), a + b, source=ROOTS),
        Claim("root of a sum", sqrt(a + b), sqrt(a) + sqrt(b), source=ROOTS),
        Claim("denested with the wrong sign", sqrt(3 - 2 * sqrt(2)), 1 - sqrt(2), source=ROOTS),
        Claim("principal cube root taken for the real one", (x**3) ** Rational(1, 3), x, source=ROOTS),
        Claim("root of an inverse, complex", sqrt(1 / z), 1 / sqrt(z), source=ROOTS),
        Claim("power of a power, complex", (z**a) ** b, z ** (a * b), source=ROOTS),
        Claim(
            "root of a square of a difference without bars",
            sqrt(a**2 - 2 * a * b + b**2),
            a - b,
            source=ROOTS,
        ),
        Claim("half a power drops the bars", (x**2) ** Rational(3, 2), x**3, source=ROOTS),
        Claim("powers of a product, real", sqrt(x * y), sqrt(x) * sqrt(y), source=ROOTS),
        Claim("logarithm of an inverse, complex", log(1 / z), -log(z), source=LOGARITHMS),
        Claim("logarithm of a square, complex", log(z**2), 2 * log(z), source=LOGARITHMS),
        Claim("logarithm of a sum", log(a + b), log(a) + log(b), source=LOGARITHMS),
        Claim("square of a logarithm", log(a) ** 2, log(a**2), source=LOGARITHMS),
        Claim("logarithm of a negative number, other branch", log(m), log(-m) - I * pi, source=LOGARITHMS),
        Claim("logarithm of an exponential, complex", log(exp(z + w)), z + w, source=LOGARITHMS),
        Claim("quotient of logarithms", log(a) / log(b), log(a / b), source=LOGARITHMS),
        Claim("argument instead of half a square", re(log(x + I * a)), log(Abs(x) + a), source=LOGARITHMS),
        Claim("sine of a sum is a sum", sin(x + y), sin(x) + sin(y), source=TRIGONOMETRY),
        Claim(
            "addition of cosines, sign", cos(x + y), cos(x) * cos(y) + sin(x) * sin(y), source=TRIGONOMETRY
        ),
        Claim(
            "triple angle, coefficients exchanged",
            cos(3 * z),
            3 * cos(z) ** 3 - 4 * cos(z),
            source=TRIGONOMETRY,
        ),
        Claim(
            "hyperbolic addition with a circular sign",
            cosh(x + y),
            cosh(x) * cosh(y) - sinh(x) * sinh(y),
            source=TRIGONOMETRY,
        ),
        Claim("root of one minus a square", sin(x), sqrt(1 - cos(x) ** 2), source=TRIGONOMETRY),
        Claim("period of a half", sin(pi * n / 2), 0, source=TRIGONOMETRY),
        Claim("reciprocal arctangents, both signs", atan(x) + atan(1 / x), pi / 2, source=INVERSES),
        Claim("arctangent undoes the tangent", atan(tan(x)), x, source=INVERSES),
        Claim("arccosine undoes the cosine", acos(cos(x)), x, source=INVERSES),
        Claim("angle by a quotient", atan2(y, x), atan(y / x), source=INVERSES),
        Claim("area cosine on both sides", sp.acosh(cosh(x)), x, source=INVERSES),
        Claim(
            "sum of arctangents without its jump",
            atan(x) + atan(y),
            atan((x + y) / (1 - x * y)),
            source=INVERSES,
        ),
        Claim(
            "Machin's formula, denominator",
            4 * atan(Rational(1, 5)) - atan(Rational(1, 238)),
            pi / 4,
            source=INVERSES,
        ),
        Claim(
            "area tangent beyond one",
            sp.atanh(x),
            log((x + 1) / (x - 1)) / 2,
            domain={x: (1, oo)},
            source=INVERSES,
        ),
    ]
