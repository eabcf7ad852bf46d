"""Standard tables: matrices of any size, matrices of blocks, explicit ones, and their derivatives."""

import sympy as sp
from sympy import (
    Adjoint,
    BlockMatrix,
    Derivative,
    Determinant,
    HadamardProduct,
    Identity,
    Inverse,
    MatMul,
    Matrix,
    MatrixSymbol,
    Trace,
    Transpose,
    ZeroMatrix,
)

from .claim import Claim

n, m = sp.symbols("n m", integer=True, positive=True)
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
R, Q = MatrixSymbol("R", n, m), MatrixSymbol("Q", m, n)
v, w = MatrixSymbol("v", n, 1), MatrixSymbol("w", n, 1)
S = MatrixSymbol("S", 2, 2)
p = MatrixSymbol("p", 2, 1)
ONE, ZERO = Identity(n), ZeroMatrix(n, n)
x, y, θ, φ, c = sp.symbols("x y theta phi c", real=True)
M = Matrix(2, 2, sp.symbols("m1:5"))
G = Matrix(3, 3, sp.symbols("g1:10"))
U, V = Matrix(sp.symbols("u1:4")), Matrix(sp.symbols("v1:4"))
X = Matrix(3, 2, [1, x, y, 1, 0, c])
PRODUCTS, TRACES, DETERMINANTS, INVERSES, BLOCKS, CALCULUS = (
    f"standard: {name}"
    for name in (
        "matrix products",
        "traces",
        "determinants",
        "inverses",
        "block matrices",
        "matrix derivatives",
    )
)


def rotation(angle: sp.Expr) -> Matrix:
    return Matrix([[sp.cos(angle), -sp.sin(angle)], [sp.sin(angle), sp.cos(angle)]])


def bracket(left, right):
    return left * right - right * left


def cross(vector: Matrix) -> Matrix:
    a, b, c = vector
    return Matrix([[0, -c, b], [c, 0, -a], [-b, a, 0]])


def mirror(weight: int) -> Matrix:
    """I − weight u uᵀ/|u|², a reflection for weight two."""
    return sp.eye(3) - weight * U * U.T / (U.T * U)[0]


def true() -> list[Claim]:
    projection = U * U.T / (U.T * U)[0]
    schur = D - C * A.I * B
    return [
        Claim("difference of squares", (A + B) * (A - B), A**2 - A * B + B * A - B**2, source=PRODUCTS),
        Claim(
            "cube of a sum",
            (A + B) ** 3 - A**3 - B**3,
            A**2 * B + A * B * A + B * A**2 + A * B**2 + B * A * B + B**2 * A,
            source=PRODUCTS,
        ),
        Claim(
            "Jacobi identity",
            bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)) + bracket(C, bracket(A, B)),
            ZERO,
            source=PRODUCTS,
        ),
        Claim(
            "product rule of brackets",
            bracket(A, B * C),
            bracket(A, B) * C + B * bracket(A, C),
            source=PRODUCTS,
        ),
        Claim("transpose of three", Transpose(A * B * C), C.T * B.T * A.T, source=PRODUCTS),
        Claim("adjoint of a sum", Adjoint(A * B + C), Adjoint(B) * Adjoint(A) + Adjoint(C), source=PRODUCTS),
        Claim("symmetrised product", Transpose(A * B + B.T * A.T), B.T * A.T + A * B, source=PRODUCTS),
        Claim("geometric sum", (ONE - A) * (ONE + A + A**2 + A**3), ONE - A**4, source=PRODUCTS),
        Claim("rotations add", rotation(θ) * rotation(φ), rotation(θ + φ), source=PRODUCTS),
        Claim("Cayley–Hamilton", M**2 - M.trace() * M + M.det() * sp.eye(2), sp.zeros(2, 2), source=PRODUCTS),
        Claim(
            "cross product twice",
            MatMul(cross(U), cross(U)),
            U * U.T - (U.T * U)[0] * sp.eye(3),
            source=PRODUCTS,
        ),
        Claim(
            "Lagrange's identity",
            (U.cross(V).T * U.cross(V))[0],
            (U.T * U)[0] * (V.T * V)[0] - (U.T * V)[0] ** 2,
            source=PRODUCTS,
        ),
        Claim("projection is idempotent", MatMul(projection, projection), projection, source=PRODUCTS),
        Claim("reflection is its own inverse", MatMul(mirror(2), mirror(2)), sp.eye(3), source=PRODUCTS),
        Claim("trace of a bracket", Trace(bracket(A, B)), 0, source=TRACES),
        Claim("trace of a rectangular product", Trace(R * Q), Trace(Q * R), source=TRACES),
        Claim("quadratic form as a trace", Trace(v.T * A * w), Trace(A * w * v.T), source=TRACES),
        Claim(
            "trace of a square",
            Trace((A + B) ** 2),
            Trace(A**2) + 2 * Trace(A * B) + Trace(B**2),
            source=TRACES,
        ),
        Claim(
            "Frobenius norm",
            Trace((A - B).T * (A - B)),
            Trace(A.T * A) - 2 * Trace(A.T * B) + Trace(B.T * B),
            source=TRACES,
        ),
        Claim("trace of a similar matrix", Trace(B.I * A * B), Trace(A), source=TRACES),
        Claim("square of the trace, 2 × 2", M.trace() ** 2 - (M**2).trace(), 2 * M.det(), source=TRACES),
        Claim(
            "determinant of a transpose",
            Determinant(A.T * B),
            Determinant(A) * Determinant(B),
            source=DETERMINANTS,
        ),
        Claim("determinant of an inverse", Determinant(A.I) * Determinant(A), 1, source=DETERMINANTS),
        Claim(
            "determinant of a similar matrix", Determinant(B.I * A * B), Determinant(A), source=DETERMINANTS
        ),
        Claim(
            "rank-one update",
            (M + Matrix([x, y]) * Matrix([[c, 1]])).det(),
            M.det() + (Matrix([[c, 1]]) * M.adjugate() * Matrix([x, y]))[0],
            source=DETERMINANTS,
        ),
        Claim("determinant of a multiple, 3 × 3", (c * G).det(), c**3 * G.det(), source=DETERMINANTS),
        Claim("adjugate", G * G.adjugate(), G.det() * sp.eye(3), source=DETERMINANTS),
        Claim(
            "Vandermonde",
            Matrix([[1, x, x**2], [1, y, y**2], [1, c, c**2]]).det(),
            (y - x) * (c - x) * (c - y),
            source=DETERMINANTS,
        ),
        Claim(
            "Sylvester's identity, 3 × 2",
            Determinant(sp.eye(3) + X * M * X.T),
            Determinant(sp.eye(2) + M * X.T * X),
            source=DETERMINANTS,
        ),
        Claim(
            "eigenvalues of a symmetric matrix are real",
            Matrix([[x, c], [c, y]]).trace() ** 2 - 4 * Matrix([[x, c], [c, y]]).det(),
            0,
            ">=",
            source=DETERMINANTS,
        ),
        Claim("inverse of a product of three", Inverse(A * B * C), C.I * B.I * A.I, source=INVERSES),
        Claim("inverse of a transpose", Inverse(A.T), Transpose(A.I), source=INVERSES),
        Claim("difference of inverses", A.I - B.I, A.I * (B - A) * B.I, source=INVERSES),
        Claim("push-through", A * (ONE + B * A), (ONE + A * B) * A, source=INVERSES),
        Claim(
            "Woodbury, unit middle",
            (ONE - R * Inverse(Identity(m) + Q * R) * Q) * (ONE + R * Q),
            ONE,
            source=INVERSES,
        ),
        Claim(
            "push-through of an inverse", Inverse(ONE + A * B) * A, A * Inverse(ONE + B * A), source=INVERSES
        ),
        Claim(
            "inverse of a 2 × 2 matrix",
            Inverse(sp.ImmutableMatrix(M)),
            Matrix([[M[1, 1], -M[0, 1]], [-M[1, 0], M[0, 0]]]) / M.det(),
            source=INVERSES,
        ),
        Claim(
            "blocks multiply",
            BlockMatrix([[A, B], [C, D]]) * BlockMatrix([[v], [w]]),
            BlockMatrix([[A * v + B * w], [C * v + D * w]]),
            source=BLOCKS,
        ),
        Claim(
            "Schur complement",
            BlockMatrix([[ONE, ZERO], [C * A.I, ONE]]) * BlockMatrix([[A, B], [ZERO, schur]]),
            BlockMatrix([[A, B], [C, D]]),
            source=BLOCKS,
        ),
        Claim(
            "block shear undone",
            BlockMatrix([[ONE, A], [ZERO, ONE]]) * BlockMatrix([[ONE, -A], [ZERO, ONE]]),
            BlockMatrix([[ONE, ZERO], [ZERO, ONE]]),
            source=BLOCKS,
        ),
        Claim("trace of blocks", Trace(BlockMatrix([[A, B], [C, D]])), Trace(A) + Trace(D), source=BLOCKS),
        Claim("derivative of a squared trace", Derivative(Trace(S * S), S), 2 * S.T, source=CALCULUS),
        Claim(
            "derivative of a quadratic form",
            Derivative((p.T * S * p)[0, 0], p),
            (S + S.T) * p,
            source=CALCULUS,
        ),
        Claim(
            "derivative of a form in its matrix", Derivative((p.T * S * p)[0, 0], S), p * p.T, source=CALCULUS
        ),
        Claim("Jacobi's formula", Derivative(Determinant(S), S), Determinant(S) * S.I.T, source=CALCULUS),
    ]


def false() -> list[Claim]:
    schur = D - C * A.I * B
    return [
        Claim(
            "cube of a sum as if they commuted",
            (A + B) ** 3,
            A**3 + 3 * A**2 * B + 3 * A * B**2 + B**3,
            source=PRODUCTS,
        ),
        Claim("bracket is symmetric", bracket(A, B), bracket(B, A), source=PRODUCTS),
        Claim(
            "bracket is associative", bracket(A, bracket(B, C)), bracket(bracket(A, B), C), source=PRODUCTS
        ),
        Claim("transpose of three, order kept", Transpose(A * B * C), A.T * B.T * C.T, source=PRODUCTS),
        Claim("adjoint without the conjugate", Adjoint(A * B), B.T * A.T, source=PRODUCTS),
        Claim("square of a product", (A * B) ** 2, A**2 * B**2, source=PRODUCTS),
        Claim("entrywise square", HadamardProduct(A, A), A**2, source=PRODUCTS),
        Claim("rotations subtract", rotation(θ) * rotation(φ), rotation(θ - φ), source=PRODUCTS),
        Claim(
            "Cayley–Hamilton, sign of the trace",
            M**2 + M.trace() * M + M.det() * sp.eye(2),
            sp.zeros(2, 2),
            source=PRODUCTS,
        ),
        Claim(
            "cross product twice, sign", cross(U) ** 2, (U.T * U)[0] * sp.eye(3) - U * U.T, source=PRODUCTS
        ),
        Claim("cross product commutes", U.cross(V), V.cross(U), source=PRODUCTS),
        Claim("projection without the inverse", MatMul(X, X.T, X, X.T), X * X.T, source=PRODUCTS),
        Claim("reflection without its two", MatMul(mirror(1), mirror(1)), sp.eye(3), source=PRODUCTS),
        Claim("symmetric by assumption", A.T * B, (A * B).T, source=PRODUCTS),
        Claim("trace of a bracket with a plus", Trace(A * B + B * A), 0, source=TRACES),
        Claim(
            "trace of a square, cross term once",
            Trace((A + B) ** 2),
            Trace(A**2) + Trace(A * B) + Trace(B**2),
            source=TRACES,
        ),
        Claim("Frobenius norm by a square", Trace(A.T * A), Trace(A * A), source=TRACES),
        Claim("trace of an inverse", Trace(A.I) * Trace(A), n**2, source=TRACES),
        Claim("trace of a transposed square", Trace(A * A.T * B), Trace(A * B * A), source=TRACES),
        Claim("square of the trace", Trace(A) ** 2, Trace(A**2), source=TRACES),
        Claim("trace of the identity", Trace(Identity(n) + A), 1 + Trace(A), source=TRACES),
        Claim("determinant of a multiple, 3 × 3, linear", (c * G).det(), c * G.det(), source=DETERMINANTS),
        Claim("determinant of a negative", Determinant(-A), Determinant(A), source=DETERMINANTS),
        Claim(
            "determinant of one plus a product",
            Determinant(ONE + A * B),
            1 + Determinant(A) * Determinant(B),
            source=DETERMINANTS,
        ),
        Claim("adjugate transposed", G * G.adjugate().T, G.det() * sp.eye(3), source=DETERMINANTS),
        Claim(
            "Vandermonde, order of a difference",
            Matrix([[1, x, x**2], [1, y, y**2], [1, c, c**2]]).det(),
            (x - y) * (c - x) * (c - y),
            source=DETERMINANTS,
        ),
        Claim(
            "rank-one update with the inverse",
            (M + Matrix([x, y]) * Matrix([[c, 1]])).det(),
            M.det() + (Matrix([[c, 1]]) * M * Matrix([x, y]))[0],
            source=DETERMINANTS,
        ),
        Claim(
            "real eigenvalues without symmetry",
            Matrix([[x, c], [-c, y]]).trace() ** 2 - 4 * Matrix([[x, c], [-c, y]]).det(),
            0,
            ">=",
            source=DETERMINANTS,
        ),
        Claim(
            "inverse of a product of three, order kept", Inverse(A * B * C), A.I * B.I * C.I, source=INVERSES
        ),
        Claim("transpose for an inverse", Inverse(A), A.T, source=INVERSES),
        Claim("difference of inverses, sign", A.I - B.I, A.I * (A - B) * B.I, source=INVERSES),
        Claim("push-through, both sides", (ONE + B * A) * A, (ONE + A * B) * A, source=INVERSES),
        Claim(
            "Woodbury, factors exchanged",
            (ONE - R * Inverse(Identity(m) + Q * R) * Q) * (ONE - R * Q),
            ONE,
            source=INVERSES,
        ),
        Claim("inverse of a sum by parts", Inverse(ONE + A), ONE - A, source=INVERSES),
        Claim(
            "blocks transposed in place",
            BlockMatrix([[A, B], [C, D]]).T,
            BlockMatrix([[A.T, B.T], [C.T, D.T]]),
            source=BLOCKS,
        ),
        Claim(
            "Schur complement, factors exchanged",
            BlockMatrix([[ONE, ZERO], [A.I * C, ONE]]) * BlockMatrix([[A, B], [ZERO, schur]]),
            BlockMatrix([[A, B], [C, D]]),
            source=BLOCKS,
        ),
        Claim(
            "determinant of blocks like a 2 × 2 matrix",
            Determinant(BlockMatrix([[A, B], [C, D]])),
            Determinant(A * D - B * C),
            source=BLOCKS,
        ),
        Claim(
            "trace of blocks, all four",
            Trace(BlockMatrix([[A, B], [C, D]])),
            Trace(A) + Trace(B) + Trace(C) + Trace(D),
            source=BLOCKS,
        ),
        Claim("derivative of a trace, not transposed", Derivative(Trace(S * M), S), M, source=CALCULUS),
        Claim(
            "derivative of a quadratic form, symmetric by assumption",
            Derivative((p.T * S * p)[0, 0], p),
            2 * S * p,
            source=CALCULUS,
        ),
        Claim(
            "Jacobi's formula without the determinant", Derivative(Determinant(S), S), S.I.T, source=CALCULUS
        ),
        Claim(
            "derivative of a squared trace, not transposed",
            Derivative(Trace(S * S), S),
            2 * S,
            source=CALCULUS,
        ),
    ]
