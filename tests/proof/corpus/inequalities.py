"""Standard tables: inequalities, weak and strict, and equivalences between conditions."""

import sympy as sp
from sympy import Abs, And, Interval, Max, Ne, Or, Rational, cosh, exp, log, oo, sin, sqrt, tanh

from .claim import Claim

x, y, z, u, v, w = sp.symbols("x y z u v w", real=True)
ζ, ω = sp.symbols("zeta omega")
a, b, c, p = sp.symbols("a b c p", positive=True)
s = sp.Symbol("s", nonnegative=True)
n = sp.Symbol("n", integer=True, positive=True)
MEANS, SQUARES, FUNCTIONS, REGIONS = (
    f"standard: {name}" for name in ("means", "sums of squares", "bounds of functions", "regions")
)
UNIT = {p: (0, 1)}


def true() -> list[Claim]:
    return [
        Claim("harmonic and geometric", 2 / (1 / a + 1 / b), sqrt(a * b), "<=", source=MEANS),
        Claim("arithmetic and quadratic", (x + y) / 2, sqrt((x**2 + y**2) / 2), "<=", source=MEANS),
        Claim("three means", a * b * c, ((a + b + c) / 3) ** 3, "<=", source=MEANS),
        Claim("number and its inverse", a + 1 / a, 2, ">=", source=MEANS),
        Claim("Nesbitt", a / (b + c) + b / (a + c) + c / (a + b), Rational(3, 2), ">=", source=MEANS),
        Claim("Young, exponents two", x * y, x**2 / (2 * p) + p * y**2 / 2, "<=", source=MEANS),
        Claim("sums and inverses", (a + b) * (1 / a + 1 / b), 4, ">=", source=MEANS),
        Claim(
            "Cauchy–Schwarz, two dimensions",
            (x * u + y * v) ** 2,
            (x**2 + y**2) * (u**2 + v**2),
            "<=",
            source=SQUARES,
        ),
        Claim(
            "Cauchy–Schwarz, three dimensions",
            (x * u + y * v + z * w) ** 2,
            (x**2 + y**2 + z**2) * (u**2 + v**2 + w**2),
            "<=",
            source=SQUARES,
        ),
        Claim("products of three", x * y + y * z + z * x, x**2 + y**2 + z**2, "<=", source=SQUARES),
        Claim("Motzkin's polynomial", x**4 * y**2 + x**2 * y**4 + 1, 3 * x**2 * y**2, ">=", source=SQUARES),
        Claim(
            "convexity of the square",
            (p * x + (1 - p) * y) ** 2,
            p * x**2 + (1 - p) * y**2,
            "<=",
            domain=UNIT,
            source=SQUARES,
        ),
        Claim(
            "variance is not negative",
            p * x**2 + (1 - p) * y**2 - (p * x + (1 - p) * y) ** 2,
            0,
            ">=",
            domain=UNIT,
            source=SQUARES,
        ),
        Claim("reverse triangle", Abs(Abs(x) - Abs(y)), Abs(x - y), "<=", source=SQUARES),
        Claim("triangle, complex", Abs(ζ - ω), Abs(ζ) + Abs(ω), "<=", source=SQUARES),
        Claim("root of a sum", sqrt(a + b), sqrt(a) + sqrt(b), "<=", source=SQUARES),
        Claim("maximum of a sum", Max(x + y, z + w), Max(x, z) + Max(y, w), "<=", source=SQUARES),
        Claim(
            "Bernoulli, cube", (1 + x) ** 3, 1 + 3 * x, ">=", domain={x: Interval(-1, oo)}, source=FUNCTIONS
        ),
        Claim("cosine below one", sp.cos(x), 1, "<=", source=FUNCTIONS),
        Claim("sine below its argument", sin(s), s, "<=", source=FUNCTIONS),
        Claim("hyperbolic cosine above its parabola", cosh(x), 1 + x**2 / 2, ">=", source=FUNCTIONS),
        Claim("hyperbolic tangent below its argument", tanh(s), s, "<=", source=FUNCTIONS),
        Claim("logarithm from below", log(1 + a), a / (1 + a), ">", source=FUNCTIONS),
        Claim("exponential from below, second order", exp(a), 1 + a + a**2 / 2, ">", source=FUNCTIONS),
        Claim("decaying exponential", exp(-x), 1 - x, ">=", source=FUNCTIONS),
        Claim(
            "entropy of two states",
            -p * log(p) - (1 - p) * log(1 - p),
            log(2),
            "<=",
            domain=UNIT,
            source=FUNCTIONS,
        ),
        Claim(
            "convexity of the exponential", exp((x + y) / 2), (exp(x) + exp(y)) / 2, "<=", source=FUNCTIONS
        ),
        Claim("x log x", a * log(a), a - 1, ">=", source=FUNCTIONS),
        Claim("root below its tangent", sqrt(1 + a), 1 + a / 2, "<", source=FUNCTIONS),
        Claim("bounded fraction", Abs(x / (1 + x**2)), Rational(1, 2), "<=", source=FUNCTIONS),
        Claim("logistic slope", exp(-x) / (1 + exp(-x)) ** 2, Rational(1, 4), "<=", source=FUNCTIONS),
        Claim("two roots", x**2 - 3 * x + 2 < 0, And(x > 1, x < 2), "<=>", source=REGIONS),
        Claim("band", Abs(x - 1) < 2, And(x > -1, x < 3), "<=>", source=REGIONS),
        Claim(
            "discriminant",
            And(x**2 < 4 * y, y > 0),
            And(x < 2 * sqrt(y), x > -2 * sqrt(y)),
            "<=>",
            domain={y: (0, oo)},
            source=REGIONS,
        ),
        Claim("zero of a product", sp.Eq(x * y, 0), Or(sp.Eq(x, 0), sp.Eq(y, 0)), "<=>", source=REGIONS),
        Claim("increasing inverse", 1 / a < 1 / b, b < a, "<=>", source=REGIONS),
        Claim("squares of positive numbers", a**2 < b**2, a < b, "<=>", source=REGIONS),
        Claim(
            "positive definite, 2 × 2",
            And(x > 0, x * z - y**2 > 0),
            And(z > 0, x * z - y**2 > 0),
            "<=>",
            source=REGIONS,
        ),
        Claim("logarithm against a constant", log(a) < 0, a < 1, "<=>", source=REGIONS),
        Claim("quotient's sign", (x - 1) / (x + 2) > 0, Or(x > 1, x < -2), "<=>", source=REGIONS),
    ]


def false() -> list[Claim]:
    return [
        Claim("harmonic above geometric", 2 / (1 / a + 1 / b), sqrt(a * b), ">=", source=MEANS),
        Claim("arithmetic and geometric of real squares", (x + y) / 2, sqrt(x**2 * y**2), ">=", source=MEANS),
        Claim("three means without the three", a * b * c, ((a + b + c) / 2) ** 3 / 8, "<=", source=MEANS),
        Claim("number and its inverse, real", x + 1 / x, 2, ">=", source=MEANS),
        Claim("number and its inverse, strict", a + 1 / a, 2, ">", source=MEANS),
        Claim(
            "Nesbitt, two for three halves", a / (b + c) + b / (a + c) + c / (a + b), 2, ">=", source=MEANS
        ),
        Claim("Young without its halves", x * y, (x**2 + y**2) / 4, "<=", source=MEANS),
        Claim("sums and inverses, strict", (a + b) * (1 / a + 1 / b), 4, ">", source=MEANS),
        Claim(
            "Cauchy–Schwarz, not squared", x * u + y * v, (x**2 + y**2) * (u**2 + v**2), "<=", source=SQUARES
        ),
        Claim(
            "Cauchy–Schwarz, equality", (x * u + y * v) ** 2, (x**2 + y**2) * (u**2 + v**2), source=SQUARES
        ),
        Claim(
            "products of three, twice", 2 * (x * y + y * z + z * x), x**2 + y**2 + z**2, "<=", source=SQUARES
        ),
        Claim(
            "Motzkin's polynomial, strict",
            x**4 * y**2 + x**2 * y**4 + 1,
            3 * x**2 * y**2,
            ">",
            source=SQUARES,
        ),
        Claim(
            "concavity of the square",
            (p * x + (1 - p) * y) ** 2,
            p * x**2 + (1 - p) * y**2,
            ">=",
            domain=UNIT,
            source=SQUARES,
        ),
        Claim("convexity of the cube", ((x + y) / 2) ** 3, (x**3 + y**3) / 2, "<=", source=SQUARES),
        Claim("reverse triangle turned round", Abs(x - y), Abs(Abs(x) - Abs(y)), "<=", source=SQUARES),
        Claim("triangle, complex, strict", Abs(ζ + ω), Abs(ζ) + Abs(ω), "<", source=SQUARES),
        Claim("root of a sum, other way", sqrt(a + b), sqrt(a) + sqrt(b), ">=", source=SQUARES),
        Claim(
            "maximum of a sum is the sum of maxima", Max(x + y, z + w), Max(x, z) + Max(y, w), source=SQUARES
        ),
        Claim("product of smaller numbers", And(x < y, z < w), x * z < y * w, "=>", source=SQUARES),
        Claim("Bernoulli below minus one", (1 + x) ** 3, 1 + 3 * x, ">=", source=FUNCTIONS),
        Claim("square above its base", x**2, x, ">=", source=FUNCTIONS),
        Claim("sine below its argument, both signs", sin(x), x, "<=", source=FUNCTIONS),
        Claim("sine below its cubic", sin(a), a - a**3 / 6, "<=", source=FUNCTIONS),
        Claim("hyperbolic cosine below its parabola", cosh(x), 1 + x**2 / 2, "<=", source=FUNCTIONS),
        Claim("logarithm from below, without the denominator", log(1 + a), a, ">=", source=FUNCTIONS),
        Claim("exponential above its second order, real", exp(x), 1 + x + x**2 / 2, ">=", source=FUNCTIONS),
        Claim("exponential strictly above its tangent", exp(x), 1 + x, ">", source=FUNCTIONS),
        Claim(
            "entropy in bits and nats",
            -p * log(p) - (1 - p) * log(1 - p),
            Rational(1, 2),
            "<=",
            domain=UNIT,
            source=FUNCTIONS,
        ),
        Claim(
            "concavity of the exponential", exp((x + y) / 2), (exp(x) + exp(y)) / 2, ">=", source=FUNCTIONS
        ),
        Claim("x log x is not negative", a * log(a), 0, ">=", source=FUNCTIONS),
        Claim("bounded fraction, strict", x / (1 + x**2), Rational(1, 2), "<", source=FUNCTIONS),
        Claim("logistic slope, half", exp(-x) / (1 + exp(-x)) ** 2, Rational(1, 8), "<=", source=FUNCTIONS),
        Claim("powers of two outgrow squares at once", 2**n, n**2, ">=", source=FUNCTIONS),
        Claim("between the roots, closed", x**2 - 3 * x + 2 < 0, And(x >= 1, x <= 2), "<=>", source=REGIONS),
        Claim("one half of a band", Abs(x - 1) < 2, x < 3, "<=>", source=REGIONS),
        Claim("product positive, both positive", x * y > 0, And(x > 0, y > 0), "<=>", source=REGIONS),
        Claim("inverse of unequal signs", 1 / x < 1 / y, y < x, "<=>", domain=[Ne(x * y, 0)], source=REGIONS),
        Claim("squares of real numbers", x**2 < y**2, x < y, "<=>", source=REGIONS),
        Claim(
            "positive definite by its determinant",
            x * z - y**2 > 0,
            And(x > 0, x * z - y**2 > 0),
            "<=>",
            source=REGIONS,
        ),
        Claim(
            "quotient's sign, denominator multiplied out", (x - 1) / (x + 2) > 0, x > 1, "<=>", source=REGIONS
        ),
        Claim("root taken of both sides", x**2 < 4, x < 2, "<=>", source=REGIONS),
        Claim("converse of an implication", x**2 > 1, x > 1, "=>", source=REGIONS),
    ]
