"""PLU factors, 1×1 convolutions, flattening orders, and the projection onto a segment."""

import sympy as sp
from sympy import (
    Abs,
    And,
    Derivative,
    Determinant,
    Identity,
    KroneckerProduct,
    MatMul,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    Piecewise,
    Trace,
    diag,
    log,
)

from .claim import Claim

m21, u, y, z, t, x1, x2, b = sp.symbols("m21 u y z t x1 x2 b", real=True)
s1, s2 = sp.symbols("s1 s2", real=True, nonzero=True)
α, L = sp.symbols("alpha L", positive=True)
low, high = sp.symbols("low high", real=True)
n, m = sp.symbols("n m", integer=True, positive=True)
k = sp.Symbol("k", integer=True, positive=True)
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
M = MatrixSymbol("M", 2, 2)
SWAP = Matrix([[0, 1], [1, 0]])
LOWER, UPPER = Matrix([[1, 0], [m21, 1]]), Matrix([[s1, u], [0, s2]])
J = Matrix(3, 3, sp.symbols("j1:10", real=True))
P1, P2 = sp.eye(3).permute([1, 0, 2]), sp.eye(3).permute([2, 0, 1])
W = Matrix([[1, 2], [3, 4]])
UNIT = {t: sp.Interval(0, 1)}


def clip(value: sp.Expr, lowest: sp.Expr = sp.S.Zero, highest: sp.Expr = sp.S.One) -> sp.Expr:
    return Min(Max(value, lowest), highest)


def true() -> list[Claim]:
    return [
        Claim(
            "log-determinant of the factors",
            log(Abs((SWAP * LOWER * UPPER).det())),
            log(Abs(s1)) + log(Abs(s2)),
            source="plu.1",
        ),
        Claim("odd permutation turns the sign", Determinant(SWAP * LOWER * UPPER), -s1 * s2, source="plu.1"),
        Claim("derivative of the log-determinant", Derivative(log(Abs(s1)), s1), 1 / s1, source="plu.1"),
        Claim("gradient of the log-determinant", Derivative(log(Determinant(M)), M), M.I.T, source="plu.1"),
        Claim("order of flattening", (P1 * J * P2.T).det() ** 2, J.det() ** 2, source="plu.2"),
        Claim("same order on both sides", Determinant(P2 * J * P2.T), Determinant(J), source="plu.2"),
        Claim(
            "repeated determinant",
            Determinant(sp.kronecker_product(sp.eye(2), J[:2, :2])),
            Determinant(J[:2, :2]) ** 2,
            source="plu.3",
        ),
        Claim(
            "flattened Jacobian, row-major",
            Matrix(
                4,
                4,
                lambda i, j: Derivative((W * Matrix([[x1, x2], [y, z]]))[i // 2, i % 2], (x1, x2, y, z)[j]),
            ),
            sp.kronecker_product(W, sp.eye(2)),
            source="plu.3",
        ),
        Claim("logarithm of a power", log(Abs(s1) ** k), k * log(Abs(s1)), source="plu.3"),
        Claim(
            "Kronecker products multiply",
            KroneckerProduct(A, B) * KroneckerProduct(C, D),
            KroneckerProduct(A * C, B * D),
            source="plu.3",
        ),
        Claim(
            "trace of a Kronecker product",
            Trace(KroneckerProduct(Identity(n), B)),
            n * Trace(B),
            source="plu.3",
        ),
        Claim(
            "conditional factor",
            Determinant(Matrix([[1, 0], [Derivative(x1 * x2, x1), Derivative(x1 * x2, x2)]])),
            x1,
            source="plu.4",
        ),
        Claim(
            "inverse of the factors",
            MatMul(UPPER.inv(), LOWER.inv(), SWAP.T, SWAP, LOWER, UPPER),
            sp.eye(2),
            source="plu.1",
        ),
        Claim("clip either way round", Min(Max(y, 0), 1), Max(Min(y, 1), 0), source="proj.1"),
        Claim(
            "clip is the nearest point", (clip(y) - y) ** 2, (t - y) ** 2, "<=", domain=UNIT, source="proj.1"
        ),
        Claim("clip does not expand", Abs(clip(y) - clip(z)), Abs(y - z), "<=", source="proj.1"),
        Claim(
            "clip is firmly non-expansive",
            (clip(y) - clip(z)) ** 2,
            (clip(y) - clip(z)) * (y - z),
            "<=",
            source="proj.1",
        ),
        Claim("clip in absolute values", clip(y), (Abs(y) - Abs(y - 1) + 1) / 2, source="proj.1"),
        Claim("clip in pieces", clip(y), Piecewise((0, y < 0), (y, y <= 1), (1, True)), source="proj.1"),
        Claim("variational inequality", (y - clip(y)) * (t - clip(y)), 0, "<=", domain=UNIT, source="proj.1"),
        Claim("below the segment", (t + α) ** 2 - α**2, 0, ">=", domain=UNIT, source="proj.1"),
        Claim("step of projected descent", Abs(1 - α * L) < 1, α < 2 / L, "<=>", source="proj.1"),
    ]


def false() -> list[Claim]:
    return [
        Claim("permutation's logarithm", log(SWAP.det()), 0, source="E004-3"),
        Claim("bars left out of the factors", log(Abs(s1 * s2)), log(s1) + log(s2), source="plu.1"),
        Claim("even permutation assumed", (SWAP * LOWER * UPPER).det(), s1 * s2, source="plu.1"),
        Claim(
            "lower factor without a unit diagonal",
            (Matrix([[2, 0], [m21, 1]]) * UPPER).det(),
            s1 * s2,
            source="E004-4",
        ),
        Claim("one flattening order for two", (P1 * J * P2.T).det(), J.det(), source="E004-6"),
        Claim(
            "order of the Kronecker factors",
            Matrix(
                4,
                4,
                lambda i, j: Derivative((W * Matrix([[x1, x2], [y, z]]))[i // 2, i % 2], (x1, x2, y, z)[j]),
            ),
            sp.kronecker_product(sp.eye(2), W),
            source="E004-7",
        ),
        Claim(
            "conditioning left out of the Jacobian",
            Matrix([x1, x1 * x2]).jacobian([x1, x2]),
            diag(1, x1),
            source="E004-8",
        ),
        Claim("logarithm of a negative determinant", log(W.det() ** 2), 2 * log(W.det()), source="E004-10"),
        Claim("logarithm of an even power of a real number", log(s1**2), 2 * log(s1), source="plu.3"),
        Claim(
            "determinant not repeated",
            sp.kronecker_product(sp.eye(2), J[:2, :2]).det(),
            J[:2, :2].det(),
            source="plu.3",
        ),
        Claim(
            "determinant repeated linearly",
            sp.kronecker_product(sp.eye(2), J[:2, :2]).det(),
            2 * J[:2, :2].det(),
            source="plu.3",
        ),
        Claim("gradient not transposed", Derivative(log(Determinant(M)), M), M.I, source="plu.1"),
        Claim("gradient of the determinant", Derivative(Determinant(M), M), M.I.T, source="plu.1"),
        Claim("Kronecker products commute", KroneckerProduct(A, B), KroneckerProduct(B, A), source="plu.3"),
        Claim(
            "Kronecker products multiply crosswise",
            KroneckerProduct(A, B) * KroneckerProduct(C, D),
            KroneckerProduct(A * D, B * C),
            source="plu.3",
        ),
        Claim(
            "trace of a Kronecker product added",
            Trace(KroneckerProduct(A, B)),
            Trace(A) + Trace(B),
            source="plu.3",
        ),
        Claim(
            "order of the inverse factors",
            (LOWER.inv() * UPPER.inv() * SWAP.T) * SWAP * LOWER * UPPER,
            sp.eye(2),
            source="plu.1",
        ),
        Claim("derivative of a logarithm of bars", Derivative(log(Abs(s1)), s1), 1 / Abs(s1), source="plu.1"),
        Claim(
            "clip between any bounds either way round",
            clip(y, low, high),
            Max(Min(y, high), low),
            source="E004-2",
        ),
        Claim("clip strictly nearer", (clip(y) - y) ** 2, (t - y) ** 2, "<", domain=UNIT, source="proj.1"),
        Claim("clip contracts", Abs(clip(y) - clip(z)), Abs(y - z) / 2, "<=", source="proj.1"),
        Claim("clip as a rectifier", clip(y), (Abs(y) + y) / 2, source="proj.1"),
        Claim("minimum and maximum exchanged", Max(Min(y, 0), 1), clip(y), source="proj.1"),
        Claim("half the step of projected descent", Abs(1 - α * L) < 1, α < 1 / L, "<=>", source="proj.1"),
        Claim("step at its bound", Abs(1 - α * L) < 1, α <= 2 / L, "<=>", source="proj.1"),
        Claim("one end of the segment forgotten", And(y >= 0, Max(y, 0) > 1), y > 0, "<=>", source="proj.1"),
    ]
