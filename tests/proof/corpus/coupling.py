"""The affine coupling block with arbitrary networks F and G: inverse, Jacobian, determinant."""

import sympy as sp
from sympy import (
    BlockMatrix,
    Derivative,
    Determinant,
    Identity,
    Matrix,
    MatrixSymbol,
    Ne,
    ZeroMatrix,
    diag,
    exp,
    log,
)

from .claim import Claim

a, b, a1, a2, b1, b2, s, s1, s2, c, g = sp.symbols("a b a1 a2 b1 b2 s s1 s2 c g", real=True)
n = sp.Symbol("n", integer=True, positive=True)
B, D, E = (MatrixSymbol(name, n, n) for name in "BDE")
F, G = sp.Function("F", real=True), sp.Function("G", real=True)
F1, F2, G1, G2 = (sp.Function(name, real=True) for name in ("F1", "F2", "G1", "G2"))
ZERO, ONE = ZeroMatrix(n, n), Identity(n)
UPPER = BlockMatrix([[D, B], [ZERO, E]])

X = Matrix([a1, a2, b1, b2])
LATENT = (b1, b2)
SCALES = [exp(G1(*LATENT)), exp(G2(*LATENT))]
SHIFTS = [F1(*LATENT), F2(*LATENT)]
Y = Matrix([SCALES[0] * a1 + SHIFTS[0], SCALES[1] * a2 + SHIFTS[1], exp(s1) * b1, exp(s2) * b2])


def jacobian(outputs: Matrix, inputs: Matrix) -> Matrix:
    return Matrix(len(outputs), len(inputs), lambda i, j: Derivative(outputs[i], inputs[j]))


def corner() -> Matrix:
    """diag(e^G ∘ x₁) J_G + J_F."""
    networks = Matrix([G1(*LATENT), G2(*LATENT)]), Matrix(SHIFTS)
    j_g, j_f = (network.jacobian(LATENT) for network in networks)
    return diag(SCALES[0] * a1, SCALES[1] * a2) * j_g + j_f


def assembled(top_right: Matrix) -> Matrix:
    top = diag(*SCALES).row_join(top_right)
    return top.col_join(sp.zeros(2, 2).row_join(diag(exp(s1), exp(s2))))


def true() -> list[Claim]:
    forward = exp(G(b)) * a + F(b)
    residual = Matrix([a + F(b), b + G(a + F(b))])
    inverse = BlockMatrix([[D.I, -D.I * B * E.I], [ZERO, E.I]])
    return [
        Claim(
            "Jacobian of the inverse",
            sp.MatMul(
                Matrix([[exp(g), c], [0, exp(s)]]), Matrix([[exp(-g), -c * exp(-g - s)], [0, exp(-s)]])
            ),
            sp.eye(2),
            source="coupling.1",
        ),
        Claim(
            "Jacobian, half-dimension one",
            jacobian(Matrix([forward, exp(s) * b]), Matrix([a, b])),
            Matrix([[exp(G(b)), a * exp(G(b)) * G(b).diff(b) + F(b).diff(b)], [0, exp(s)]]),
            source="coupling.2",
        ),
        Claim("Jacobian, half-dimension two", jacobian(Y, X), assembled(corner()), source="coupling.2"),
        Claim(
            "determinant, half-dimension two",
            assembled(corner()).det(),
            exp(G1(*LATENT) + G2(*LATENT) + s1 + s2),
            source="coupling.3",
        ),
        Claim("log-determinant", log(exp(G(b)) * exp(s)), G(b) + s, source="coupling.3"),
        Claim(
            "block-triangular determinant",
            Determinant(UPPER),
            Determinant(D) * Determinant(E),
            source="coupling.3",
        ),
        Claim(
            "block-triangular inverse",
            UPPER * inverse,
            BlockMatrix([[ONE, ZERO], [ZERO, ONE]]),
            source="coupling.2",
        ),
        Claim("two shears keep the volume", jacobian(residual, Matrix([a, b])).det(), 1, source="coupling.3"),
        Claim("volume kept by opposite scales", exp(g + c) * exp(-g - c + s), exp(s), source="coupling.3"),
        Claim("volume kept where the exponents cancel", exp(g + s) > 1, g > -s, "<=>", source="coupling.3"),
        Claim(
            "blocks exchanged",
            BlockMatrix([[ZERO, ONE], [ONE, ZERO]]) * BlockMatrix([[D, B], [E, D]]),
            BlockMatrix([[E, D], [D, B]]),
            source="coupling.3",
        ),
    ]


def false() -> list[Claim]:
    forward = exp(G(b)) * a + F(b)
    elementwise = diag(
        *(
            SCALES[i] * (a1, a2)[i] * (G1, G2)[i](*LATENT).diff(LATENT[i]) + SHIFTS[i].diff(LATENT[i])
            for i in (0, 1)
        )
    )
    networks = Matrix([G1(*LATENT), G2(*LATENT)]), Matrix(SHIFTS)
    j_g, j_f = (network.jacobian(LATENT) for network in networks)
    swapped = j_g * diag(SCALES[0] * a1, SCALES[1] * a2) + j_f
    wrong_inverse = BlockMatrix([[D.I, D.I * B * E.I], [ZERO, E.I]])
    broadcast = Matrix([[b1, b2], [b1, b2]])
    return [
        Claim("bracket closed after the exponential", forward - F(b) * exp(-G(b)), a, source="E000-1"),
        Claim("inverse multiplies again", (forward - F(b)) * exp(G(b)), a, source="coupling.1"),
        Claim("multiplier from the wrong network", forward, exp(F(b)) * a + F(b), source="E001-1"),
        Claim("inverse read at y₂", (forward - F(exp(s) * b)) * exp(-G(exp(s) * b)), a, source="coupling.1"),
        Claim("vector added to every row", broadcast, diag(b1, b2), source="E000-2"),
        Claim("networks taken entry by entry", jacobian(Y, X), assembled(elementwise), source="E000-3"),
        Claim("Jacobian of G on the wrong side", jacobian(Y, X), assembled(swapped), source="coupling.2"),
        Claim("corner without the shift", jacobian(Y, X), assembled(corner() - j_f), source="coupling.2"),
        Claim("cross derivatives vanish", Derivative(forward, b), 0, source="E001-7"),
        Claim(
            "corner forgets x₁",
            Derivative(forward, b),
            exp(G(b)) * G(b).diff(b) + F(b).diff(b),
            source="coupling.2",
        ),
        Claim(
            "determinant without s",
            assembled(corner()).det(),
            exp(G1(*LATENT) + G2(*LATENT)),
            source="coupling.3",
        ),
        Claim("one plus the sum for the exponential of the sum", exp(g + s), 1 + g + s, source="E001-8"),
        Claim("never volume preserving", Ne(exp(g + s), 1), sp.true, "<=>", source="E000-5"),
        Claim("entry of G as a function of one coordinate", b1 * b2, b1, source="E000-4"),
        Claim(
            "sign of the corner in the inverse",
            UPPER * wrong_inverse,
            BlockMatrix([[ONE, ZERO], [ZERO, ONE]]),
            source="coupling.2",
        ),
        Claim(
            "determinant sees the corner",
            Determinant(UPPER),
            Determinant(D) * Determinant(E) - Determinant(B),
            source="coupling.3",
        ),
        Claim(
            "transposed block matrix, blocks not exchanged",
            UPPER.T,
            BlockMatrix([[D.T, B.T], [ZERO, E.T]]),
            source="coupling.2",
        ),
    ]
