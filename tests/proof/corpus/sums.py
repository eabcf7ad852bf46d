"""Standard tables: finite sums with symbolic limits, series, products, binomial coefficients."""

import sympy as sp
from sympy import (
    Piecewise,
    Product,
    Rational,
    Sum,
    binomial,
    cos,
    exp,
    factorial,
    log,
    oo,
    pi,
    sin,
    zeta,
)

from .claim import Claim

k, j = sp.symbols("k j", integer=True)
n, m = sp.symbols("n m", integer=True, positive=True)
N = sp.Symbol("N", integer=True, nonnegative=True)
x, y = sp.symbols("x y", real=True)
a, b, λ = sp.symbols("a b lambda", positive=True)
f = sp.Function("f")
SUMS, SERIES, PRODUCTS, BINOMIALS = (
    f"standard: {name}" for name in ("finite sums", "series", "products", "binomial coefficients")
)


def true() -> list[Claim]:
    return [
        Claim("squares", Sum(k**2, (k, 1, n)), n * (n + 1) * (2 * n + 1) / 6, source=SUMS),
        Claim("cubes", Sum(k**3, (k, 1, n)), Sum(k, (k, 1, n)) ** 2, source=SUMS),
        Claim("odd numbers", Sum(2 * k - 1, (k, 1, n)), n**2, source=SUMS),
        Claim("telescoping", Sum(1 / (k * (k + 1)), (k, 1, n)), n / (n + 1), source=SUMS),
        Claim("weighted powers of two", Sum(k * 2**k, (k, 1, n)), (n - 1) * 2 ** (n + 1) + 2, source=SUMS),
        Claim("shifted index", Sum((k + 1) ** 2, (k, 0, n - 1)), Sum(k**2, (k, 1, n)), source=SUMS),
        Claim(
            "last term split off", Sum(k * x, (k, 1, n + 1)), Sum(k * x, (k, 1, n)) + (n + 1) * x, source=SUMS
        ),
        Claim("double sum", Sum(k * j, (k, 1, n), (j, 1, m)), n * (n + 1) * m * (m + 1) / 4, source=SUMS),
        Claim("triangle summed by rows", Sum(Sum(1, (j, 1, k)), (k, 1, n)), n * (n + 1) / 2, source=SUMS),
        Claim("empty sum", Sum(k**2, (k, 1, 0)), 0, source=SUMS),
        Claim(
            "linear in an unknown summand",
            Sum(2 * f(k) + k, (k, 1, 4)),
            2 * Sum(f(k), (k, 1, 4)) + 10,
            source=SUMS,
        ),
        Claim("alternating signs", Sum((-1) ** k, (k, 0, n)), (1 + (-1) ** n) / 2, source=SUMS),
        Claim("geometric, one half", Sum(2 ** (-k), (k, 1, n)), 1 - 2 ** (-n), source=SUMS),
        Claim("geometric series", Sum(3 ** (-k), (k, 0, oo)), Rational(3, 2), source=SERIES),
        Claim("exponential series", Sum(x**k / factorial(k), (k, 0, oo)), exp(x), source=SERIES),
        Claim("mean of a Poisson law", Sum(k * λ**k * exp(-λ) / factorial(k), (k, 0, oo)), λ, source=SERIES),
        Claim("fourth powers", Sum(1 / k**4, (k, 1, oo)), pi**4 / 90, source=SERIES),
        Claim("alternating harmonic", Sum((-1) ** (k + 1) / k, (k, 1, oo)), log(2), source=SERIES),
        Claim(
            "finite geometric, three terms",
            1 + a + a**2,
            Piecewise(((a**3 - 1) / (a - 1), sp.Ne(a, 1)), (3, True)),
            source=SERIES,
        ),
        Claim("factorial as a product", Product(k, (k, 1, n)), factorial(n), source=PRODUCTS),
        Claim("telescoping product", Product(1 + 1 / k, (k, 1, n)), n + 1, source=PRODUCTS),
        Claim("power as a product", Product(a, (k, 1, n)), a**n, source=PRODUCTS),
        Claim(
            "logarithm of a product",
            log(Product(k + a, (k, 1, 3))),
            Sum(log(k + a), (k, 1, 3)),
            source=PRODUCTS,
        ),
        Claim("Pascal's rule", binomial(n, m) + binomial(n, m - 1), binomial(n + 1, m), source=BINOMIALS),
        Claim("absorption", m * binomial(n, m), n * binomial(n - 1, m - 1), source=BINOMIALS),
        Claim("number of subsets", Sum(binomial(n, k), (k, 0, n)), 2**n, source=BINOMIALS),
        Claim(
            "binomial theorem",
            Sum(binomial(n, k) * a**k, (k, 0, n)),
            (1 + a) ** n,
            source=BINOMIALS,
            sampled=True,
        ),
        Claim(
            "mean number of successes", Sum(k * binomial(n, k), (k, 0, n)), n * 2 ** (n - 1), source=BINOMIALS
        ),
        Claim("three out of many", binomial(n, 3), n * (n - 1) * (n - 2) / 6, source=BINOMIALS),
        Claim(
            "fifth power",
            (x + y) ** 5,
            Sum(binomial(5, k) * x**k * y ** (5 - k), (k, 0, 5)),
            source=BINOMIALS,
        ),
        Claim(
            "Dirichlet kernel, three terms",
            1 + 2 * cos(x) + 2 * cos(2 * x),
            sin(5 * x / 2) / sin(x / 2),
            source=SUMS,
        ),
    ]


def false() -> list[Claim]:
    return [
        Claim("squares, last factor", Sum(k**2, (k, 1, n)), n * (n + 1) * (n + 2) / 6, source=SUMS),
        Claim(
            "sum of cubes, square outside lost", Sum(k**3, (k, 1, n)), Sum(k**2, (k, 1, n)) ** 2, source=SUMS
        ),
        Claim("odd numbers from one too many", Sum(2 * k - 1, (k, 0, n)), n**2, source=SUMS),
        Claim("telescoping, wrong end", Sum(1 / (k * (k + 1)), (k, 1, n)), (n - 1) / n, source=SUMS),
        Claim(
            "weighted powers of two without the two",
            Sum(k * 2**k, (k, 1, n)),
            (n - 1) * 2 ** (n + 1),
            source=SUMS,
        ),
        Claim("index shifted, limits not", Sum((k + 1) ** 2, (k, 1, n)), Sum(k**2, (k, 1, n)), source=SUMS),
        Claim(
            "product of sums for the sum of products",
            Sum(k**2, (k, 1, n)),
            Sum(k, (k, 1, n)) * Sum(k, (k, 1, n)),
            source=SUMS,
        ),
        Claim(
            "square summed for a triangle", Sum(Sum(1, (j, 1, n)), (k, 1, n)), n * (n + 1) / 2, source=SUMS
        ),
        Claim("empty sum is one", Sum(k**2, (k, 1, 0)), 1, source=SUMS),
        Claim(
            "constant not counted with its terms",
            Sum(2 * f(k) + 1, (k, 1, 4)),
            2 * Sum(f(k), (k, 1, 4)) + 1,
            source=SUMS,
        ),
        Claim("alternating signs cancel", Sum((-1) ** k, (k, 0, n)), 0, source=SUMS),
        Claim("geometric, first term lost", Sum(2 ** (-k), (k, 0, n)), 1 - 2 ** (-n), source=SUMS),
        Claim("square of a sum", Sum(a + k, (k, 1, 3)) ** 2, Sum((a + k) ** 2, (k, 1, 3)), source=SUMS),
        Claim(
            "finite geometric up to the wrong power", Sum(a**k, (k, 0, 4)) * (1 - a), 1 - a**4, source=SUMS
        ),
        Claim("geometric series from one", Sum(3 ** (-k), (k, 1, oo)), Rational(3, 2), source=SERIES),
        Claim("fourth powers, zeta's other value", Sum(1 / k**4, (k, 1, oo)), pi**4 / 96, source=SERIES),
        Claim(
            "second moment of a Poisson law",
            Sum(k**2 * 2**k / factorial(k), (k, 0, 30)),
            4 * exp(2),
            source=SERIES,
        ),
        Claim("exponential series cut off", Sum(x**k / factorial(k), (k, 0, 20)), exp(x), source=SERIES),
        Claim("zeta at three like zeta at two", zeta(3), pi**3 / 26, source=SERIES),
        Claim("factorial without its last factor", Product(k, (k, 1, n - 1)), factorial(n), source=PRODUCTS),
        Claim("telescoping product from zero", Product(1 + 1 / k, (k, 1, n)), n, source=PRODUCTS),
        Claim(
            "constant factor out of a product",
            Product(2 * k, (k, 1, n)),
            2 * Product(k, (k, 1, n)),
            source=PRODUCTS,
        ),
        Claim(
            "logarithm of a product is a product",
            log(Product(k + a, (k, 1, 3))),
            Product(log(k + a), (k, 1, 3)),
            source=PRODUCTS,
        ),
        Claim(
            "Pascal's rule, wrong neighbour",
            binomial(n, m) + binomial(n, m + 1),
            binomial(n + 1, m),
            source=BINOMIALS,
        ),
        Claim("absorption without its shift", m * binomial(n, m), n * binomial(n, m - 1), source=BINOMIALS),
        Claim("nonempty subsets", Sum(binomial(n, k), (k, 1, n)), 2**n, source=BINOMIALS),
        Claim(
            "mean number of successes, unnormalised",
            Sum(k * binomial(n, k), (k, 0, n)),
            n * 2**n,
            source=BINOMIALS,
        ),
        Claim("order counted", binomial(n, 3), n * (n - 1) * (n - 2), source=BINOMIALS),
        Claim("freshman's dream", (x + y) ** 5, x**5 + y**5, source=BINOMIALS),
        Claim(
            "Dirichlet kernel without its factors",
            1 + cos(x) + cos(2 * x),
            sin(5 * x / 2) / sin(x / 2),
            source=SUMS,
        ),
    ]
