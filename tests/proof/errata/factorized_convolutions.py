"""Invertible 1×1 convolutions A = P L (U + diag s), and the projection onto a segment."""

__all__ = ["ERRATA"]

import sympy as sp
from sympy import Abs, Derivative, KroneckerProduct, Lambda, Matrix, log

from .entry import Claim, FalseClaim, NoClaim, Number

s1, s2, determinant = sp.symbols("s1 s2 d", real=True, nonzero=True)
l1, l2 = sp.symbols("l1 l2", real=True, nonzero=True)
l, u, x1, x2, y = sp.symbols("l u x1 x2 y", real=True)  # noqa: E741
τ = sp.Symbol("t", real=True)
n = sp.Symbol("n", integer=True, positive=True)
s = sp.Function("s", real=True)
swap = Matrix([[0, 1], [1, 0]])
upper = Matrix([[s1, u], [0, s2]])
unit_lower, lower = Matrix([[1, 0], [l, 1]]), Matrix([[l1, 0], [l, l2]])
J = Matrix(3, 3, sp.symbols("j1:10", real=True))
P1, P2 = Matrix([[0, 1, 0], [0, 0, 1], [1, 0, 0]]), Matrix([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
A = Matrix(2, 2, sp.symbols("a1:5", real=True))
channels = Matrix(2, 2, sp.symbols("x1:5", real=True))  # two channels at two pixels
flattened = Matrix(4, 4, lambda i, j: Derivative((A * channels)[i], channels[j]))  # row by row
conditional = Matrix([x1, s(x1) * x2])
jacobian = Matrix(2, 2, lambda i, j: Derivative(conditional[i], (x1, x2)[j]))
clipped = sp.Min(sp.Max(y, 0), 1)

ERRATA = [
    FalseClaim(
        "E004-3",
        "Logarithm of a determinant that may be negative",
        printed=Claim(log((swap * unit_lower * upper).det()), log(Abs(s1)) + log(Abs(s2))),
        corrected=Claim(log(Abs((swap * unit_lower * upper).det())), log(Abs(s1)) + log(Abs(s2))),
        number=Number("-1", "1", of=(swap.det(), Abs(swap.det()))),
    ),
    FalseClaim(
        "E004-4",
        "Unit diagonal of the lower factor unsaid",
        printed=Claim(log(Abs((swap * lower * upper).det())), log(Abs(s1)) + log(Abs(s2))),
        corrected=Claim(log(Abs((swap * unit_lower * upper).det())), log(Abs(s1)) + log(Abs(s2))),
        number=Number(
            "0.0",
            "0.6931",
            at={l1: 2, l2: 1, l: 0, u: 0, s1: 1, s2: 1},
            of=(log(Abs(s1)) + log(Abs(s2)), log(Abs((swap * lower * upper).det()))),
        ),
    ),
    NoClaim("E004-5", "Shape of a permutation matrix", "a shape, no formula"),
    FalseClaim(
        "E004-6",
        "Sign of the determinant when input and output are flattened differently",
        printed=Claim((P1 * J * P2.T).det(), J.det()),
        corrected=Claim(sp.Abs((P1 * J * P2.T).det()), sp.Abs(J.det())),
        number=Number(
            "1.0",
            "-1.0",
            at=dict(zip(J, sp.eye(3), strict=True)),
            of=(J.det(), (P1 * J * P2.T).det()),
        ),
    ),
    FalseClaim(
        "E004-7",
        "Factors of a Kronecker product exchanged: the order of flattening",
        printed=Claim(flattened, KroneckerProduct(sp.eye(2), A)),
        corrected=Claim(flattened, KroneckerProduct(A, sp.eye(2))),
        number=Number(
            "2.0",
            "0.0",
            at=dict(zip(A, (1, 2, 3, 4), strict=True)),
            of=tuple(
                KroneckerProduct(*pair).as_explicit()[0, 1] for pair in ((sp.eye(2), A), (A, sp.eye(2)))
            ),
        ),
    ),
    FalseClaim(
        "E004-10",
        "Logarithm of a power of a negative number",
        printed=Claim(log(determinant**n), n * log(determinant)),
        corrected=Claim(log(Abs(determinant) ** n), n * log(Abs(determinant))),
        number=Number("2*log(2) + 2*I*pi", "log(4)", at={determinant: -2, n: 2}),
    ),
    FalseClaim(
        "E004-8",
        "Parameters that depend on the other half differentiated as constants",
        printed=Claim(jacobian, sp.diag(1, s(x1))),
        corrected=Claim(jacobian, Matrix([[1, 0], [Derivative(s(x1), x1) * x2, s(x1)]])),
        number=Number(
            "[[1.0, 0.0], [0.0, 2.0]]", "[[1.0, 0.0], [3.0, 2.0]]", at={x1: 2, x2: 3, s: Lambda(x1, x1)}
        ),
    ),
    FalseClaim(
        "E004-9",
        "A scale that depends on the input written as a constant",
        printed=Claim(Derivative(log(jacobian.doit().det() ** 2) / 2, x1), 0),
        corrected=Claim(Derivative(log(jacobian.doit().det() ** 2) / 2, x1), Derivative(s(x1), x1) / s(x1)),
    ),
    NoClaim(
        "E004-2",
        "The last equality asserted, not derived",
        "a true statement without its proof",
        supplied=Claim((clipped - y) ** 2, (τ - y) ** 2, "<=", domain={τ: sp.Interval(0, 1)}),
    ),
]
