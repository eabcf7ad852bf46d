"""Variance at initialisation, and backpropagation through a convolutional network in one dimension."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Derivative, Integral, Lambda, Matrix, Rational, oo

from .entry import Claim, FalseClaim, NoClaim, Number, gaussian

x, A, bias, m, μ = sp.symbols("x A b m mu", real=True)
scale, bound, variance = sp.symbols("sigma c v", positive=True)
widths = (5, 8, 6, 1)


def output_variance(widths, slope):
    """Second moment of the output for inputs of variance one; the activation multiplies it by `slope`."""
    moment = Rational(1)
    for layer, width in enumerate(widths[:-1]):
        moment = (moment if layer == 0 else slope * moment) / 3 + Rational(1, 3 * width)
    return moment


def uniform_mean(value, variable):
    return Integral(value / (2 * bound), (variable, -bound, bound))


# y = A x + b with A, b uniform on (−c, c) and an input of mean m and variance v
output = uniform_mean(A**2 * (m**2 + variance), A) + uniform_mean(bias**2, bias)

σ = sp.Function("sigma", real=True)
y = sp.symbols("y1:6", real=True)
kernel = sp.symbols("w1:4", real=True)
convolved = [sum(kernel[j] * y[i + j] for j in range(3)) for i in range(3)]
weight_jacobian = Matrix(3, 3, lambda i, j: Derivative(convolved[i], kernel[j]))
toeplitz = Matrix(3, 3, lambda i, j: y[j] if j >= i else 0)
hankel = Matrix(3, 3, lambda i, j: y[i + j])

# Two layers of one unit: u = w₁ x + b₁, y₁ = σ(u), y₂ = w₂ y₁ + b₂
w1, w2, b1, b2 = sp.symbols("w1 w2 b1 b2", real=True)
u = w1 * x + b1
last = w2 * σ(u) + b2
sigmoid = Lambda(x, 1 / (1 + sp.exp(-x)))
origin = {w1: 0, b1: 0, w2: 1, x: 1, σ: sigmoid}

# A first layer of two positions, one bias; a last layer that weighs them with k₁, k₂
x1, x2, k1, k2 = sp.symbols("x1 x2 k1 k2", real=True)
hidden = [w1 * x1 + b1, w1 * x2 + b1]
output_of_two = k1 * σ(hidden[0]) + k2 * σ(hidden[1])
backward = Matrix([[k * sp.diff(σ(unit), b1) for k, unit in zip((k1, k2), hidden, strict=True)]])
bias_jacobian = Matrix([Derivative(unit, b1) for unit in hidden])
ones = sp.ones(2, 1)


def shape(matrix):
    return Matrix([matrix.shape])


ERRATA = [
    FalseClaim(
        "E003-1",
        "A formula for linear networks, its hypotheses unsaid: rectification halves the second moment",
        printed=Claim(Integral(x**2 * gaussian(x, 0, scale), (x, 0, oo)), scale**2),
        corrected=Claim(Integral(x**2 * gaussian(x, 0, scale), (x, 0, oo)), scale**2 / 2),
        number=Number(
            "0.1139", "0.0736", of=(output_variance(widths, 1), output_variance(widths, Rational(1, 2)))
        ),
    ),
    NoClaim("E003-2", "Diagonal entries of a matrix that is not square", "indices only"),
    NoClaim("E003-3", "A recursion indexed over the layers, written for one", "indices only"),
    FalseClaim(
        "E003-4",
        "Variance of the input where its second moment belongs",
        printed=Claim(output, bound**2 / 3 * variance + bound**2 / 3),
        corrected=Claim(output, bound**2 / 3 * (variance + m**2) + bound**2 / 3),
        number=Number("0.6667", "1.0", at={bound: 1, variance: 1, m: 1}),
    ),
    NoClaim(
        "E003-5",
        "The mean is not given",
        "an answer left out",
        supplied=Claim(uniform_mean(A * m, A) + uniform_mean(bias, bias), 0),
    ),
    FalseClaim(
        "E003-6",
        "Toeplitz matrix of the weights taken for the Hankel matrix of the input",
        printed=Claim(weight_jacobian, toeplitz),
        corrected=Claim(weight_jacobian, hankel),
        number=Number(
            "[[0, 2, 3]]",
            "[[2, 3, 4]]",
            at={y[i]: i + 1 for i in range(5)},
            of=(toeplitz[1, :], hankel[1, :]),
        ),
    ),
    NoClaim(
        "E003-20",
        "A result of another sheet used without it",
        "a missing reference",
        supplied=Claim(Derivative(σ(u), x), sp.diff(σ(u), b1) * w1),
    ),
    FalseClaim(
        "E003-7",
        "Derivative by the weights of another layer",
        printed=Claim(Derivative(last, w1), σ(u)),
        corrected=Claim(Derivative(last, w2), σ(u)),
    ),
    FalseClaim(
        "E003-8",
        "Derivative of the activation counted twice",
        printed=Claim(Derivative(last, w1), w2 * sp.diff(σ(u), b1) ** 2 * x),
        corrected=Claim(Derivative(last, w1), w2 * sp.diff(σ(u), b1) * x),
        number=Number("0.0625", "0.25", at=origin),
    ),
    NoClaim("E003-9", "A number added to a vector", "the two sides have no common shape: notation"),
    FalseClaim(
        "E003-10",
        "Identity matrix where the derivative by one shared bias is a column of ones",
        printed=Claim(bias_jacobian, sp.eye(2)[:, 0]),
        corrected=Claim(bias_jacobian, ones),
        number=Number("[[1, 0], [0, 1]]", "[[1], [1]]", of=(sp.eye(2), bias_jacobian)),
    ),
    FalseClaim(
        "E003-11",
        "Positions not summed in the derivative by a shared bias",
        printed=Claim(Derivative(output_of_two, b1), (backward * sp.eye(2))[0, 0]),
        corrected=Claim(Derivative(output_of_two, b1), (backward * ones)[0, 0]),
        number=Number("[[1, 2]]", "[[1, 1]]", of=(shape(backward * sp.eye(2)), shape(backward * ones))),
    ),
]
