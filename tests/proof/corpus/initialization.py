"""Second moments at initialisation, and backpropagation through a one-dimensional convolution."""

import sympy as sp
from sympy import (
    Derivative,
    Function,
    Integral,
    MatMul,
    Matrix,
    MatrixSymbol,
    Rational,
    Subs,
    Sum,
    Trace,
    exp,
    oo,
    pi,
    sqrt,
    tanh,
)

from helpers.proof.expectation import Expectation, Gaussian

from .claim import Claim

x, u, w1, w2, b1, b2 = sp.symbols("x u w1 w2 b1 b2", real=True)
a, c = sp.symbols("a c", real=True)
σ, v0, m = sp.symbols("sigma v0 m", positive=True)
n, L = sp.symbols("n L", integer=True, positive=True)
k = sp.Symbol("k", integer=True)
ACTIVATION = Function("s", real=True)
A, D = MatrixSymbol("A", n, n), MatrixSymbol("D", n, n)
R = MatrixSymbol("R", n, L)
p, q = MatrixSymbol("p", n, 1), MatrixSymbol("q", L, 1)
Y = Matrix(sp.symbols("y1:6", real=True))
KERNEL = Matrix(sp.symbols("k1:4", real=True))
NORMAL = exp(-(x**2) / (2 * σ**2)) / (σ * sqrt(2 * pi))
VARIANCE = 1 / (2 * m) + (v0 - 1 / (2 * m)) * 3 ** (-L)
HIDDEN = w1 * x + b1
OUTPUT = w2 * ACTIVATION(HIDDEN) + b2


def uniform(function: sp.Expr, bound: sp.Expr) -> Integral:
    """Mean of a function of x, uniform on (−bound, bound)."""
    return Integral(function / (2 * bound), (x, -bound, bound))


def toeplitz(kernel: Matrix, size: int) -> Matrix:
    taps = len(kernel)
    return Matrix(size - taps + 1, size, lambda i, j: kernel[j - i] if 0 <= j - i < taps else 0)


def hankel(values: Matrix, taps: int) -> Matrix:
    return Matrix(len(values) - taps + 1, taps, lambda i, j: values[i + j])


def slope_at_hidden() -> Subs:
    return Subs(Derivative(ACTIVATION(u), u), u, HIDDEN)


def true() -> list[Claim]:
    fourth = Rational(1, 5) * 3 + 6 * Rational(1, 9) + Rational(1, 5)
    layer = toeplitz(KERNEL, 5) * Y
    return [
        Claim("variance of a uniform weight", uniform(x**2, 1 / sqrt(n)), 1 / (3 * n), source="init.1"),
        Claim(
            "recursion of equal widths", VARIANCE.subs(L, L + 1), VARIANCE / 3 + 1 / (3 * m), source="init.1"
        ),
        Claim("sum over the layers", Sum(3 ** (k - L), (k, 0, L - 1)), (1 - 3 ** (-L)) / 2, source="init.1"),
        Claim("half the second moment", Integral(x**2 * NORMAL, (x, 0, oo)), σ**2 / 2, source="init.1"),
        Claim(
            "mean of a rectified Gaussian",
            Integral(x * NORMAL, (x, 0, oo)),
            σ / sqrt(2 * pi),
            source="init.1",
        ),
        Claim(
            "kurtosis of one unit",
            fourth / (uniform(x**2, sp.S.One) * 2) ** 2,
            Rational(33, 10),
            source="init.1",
        ),
        Claim(
            "gain of a leaky slope",
            Integral(x**2 * NORMAL, (x, 0, oo)) * (1 + c**2) * 2 / (1 + c**2),
            σ**2,
            source="init.1",
        ),
        Claim(
            "cross-correlation is linear in the kernel",
            MatMul(toeplitz(KERNEL, 5), Y),
            MatMul(hankel(Y, 3), KERNEL),
            source="convbp.1",
        ),
        Claim(
            "weight Jacobian is a Hankel matrix",
            Matrix(3, 3, lambda i, j: Derivative(layer[i], KERNEL[j])),
            hankel(Y, 3),
            source="convbp.1",
        ),
        Claim(
            "chain through one activation",
            Derivative(OUTPUT, w1),
            w2 * slope_at_hidden() * x,
            source="convbp.1",
        ),
        Claim("bias of the hidden layer", Derivative(OUTPUT, b1), w2 * slope_at_hidden(), source="convbp.2"),
        Claim(
            "transposed convolution is the adjoint",
            Trace(p.T * R * q),
            Trace(q.T * R.T * p),
            source="convbp.1",
        ),
        Claim(
            "derivative of tanh at a layer",
            Derivative(tanh(HIDDEN), w1),
            x * (1 - tanh(HIDDEN) ** 2),
            source="convbp.1",
        ),
        Claim(
            "overlaps of a kernel of ones",
            MatMul(toeplitz(sp.ones(3, 1), 5).T, sp.ones(3, 1)),
            Matrix([1, 2, 3, 2, 1]),
            source="convbp.2",
        ),
        Claim(
            "two convolutions in a row",
            MatMul(toeplitz(Matrix([a, c]), 2), toeplitz(Matrix([w1, w2]), 3)),
            toeplitz(Matrix([a * w1, a * w2 + c * w1, c * w2]), 3),
            source="convbp.1",
        ),
    ]


def false() -> list[Claim]:
    layer = toeplitz(KERNEL, 5) * Y
    padded = Matrix(3, 3, lambda i, j: Y[j] if j >= i else 0)
    flipped = Matrix([KERNEL[2], KERNEL[1], KERNEL[0]])
    return [
        Claim("variance not divided by three", uniform(x**2, 1 / sqrt(n)), 1 / n, source="init.1"),
        Claim("width squared", uniform(x**2, 1 / sqrt(n)), 1 / (3 * n**2), source="init.1"),
        Claim(
            "uniform density without its half",
            Integral(x**2 * sqrt(n), (x, -1 / sqrt(n), 1 / sqrt(n))),
            1 / (3 * n),
            source="init.1",
        ),
        Claim("rectifier keeps the variance", Integral(x**2 * NORMAL, (x, 0, oo)), σ**2, source="E003-1"),
        Claim(
            "variance for the second moment",
            Expectation((x + 1) ** 2, Gaussian(x, 0, σ)),
            σ**2,
            source="E003-4",
        ),
        Claim("recursion without the bias", VARIANCE.subs(L, L + 1), VARIANCE / 3, source="init.1"),
        Claim("sum over one layer more", Sum(3 ** (k - L), (k, 0, L)), (1 - 3 ** (-L)) / 2, source="init.1"),
        Claim(
            "mean of a rectified Gaussian, all of |x|",
            Integral(x * NORMAL, (x, 0, oo)),
            σ * sqrt(2 / pi),
            source="init.1",
        ),
        Claim(
            "Gaussian kurtosis for a uniform law",
            uniform(x**4, m),
            3 * uniform(x**2, m) ** 2,
            source="init.1",
        ),
        Claim(
            "rows padded with zeros",
            Matrix(3, 3, lambda i, j: Derivative(layer[i], KERNEL[j])),
            padded,
            source="E003-6",
        ),
        Claim(
            "slope counted twice", Derivative(OUTPUT, w1), w2 * slope_at_hidden() ** 2 * x, source="E003-8"
        ),
        Claim(
            "slope taken at the output",
            Derivative(OUTPUT, w1),
            w2 * Subs(Derivative(ACTIVATION(u), u), u, ACTIVATION(HIDDEN)) * x,
            source="E003-20",
        ),
        Claim("identity for the column of ones", sp.eye(2), sp.ones(2, 2), source="E003-10"),
        Claim("one position of the bias", Derivative(OUTPUT, b1), slope_at_hidden(), source="E003-11"),
        Claim("flipped kernel", layer, hankel(Y, 3) * flipped, source="convbp.1"),
        Claim(
            "kernel not transposed in the backward pass",
            Trace(p.T * A * D * p),
            Trace((A * p).T * D * p),
            source="convbp.1",
        ),
        Claim("transpose of a product, order kept", (A.T * D).T, A * D.T, source="convbp.1"),
        Claim(
            "tanh's slope in its own value",
            Derivative(tanh(HIDDEN), w1),
            x * (1 - tanh(HIDDEN)),
            source="convbp.1",
        ),
        Claim(
            "fourth moment of a sum without cross terms",
            Expectation((x + 1) ** 4, Gaussian(x, 0, σ)),
            3 * σ**4 + 1,
            source="init.1",
        ),
        Claim(
            "convolutions composed entry by entry",
            toeplitz(Matrix([a, c]), 2) * toeplitz(Matrix([w1, w2]), 3),
            toeplitz(Matrix([a * w1, a * w2 * c * w1, c * w2]), 3),
            source="convbp.1",
        ),
    ]
