"""Matrix expressions of any size as polynomials that do not commute, with inverses of sums and blocks."""

import pytest
import sympy as sp
from sympy import (
    BlockMatrix,
    Determinant,
    Identity,
    Inverse,
    KroneckerProduct,
    MatrixSymbol,
    Trace,
    ZeroMatrix,
)

from helpers.proof.matrix_algebra import prove_matrix_identity

n, m = sp.symbols("n m", integer=True, positive=True)
c = sp.Symbol("c", real=True)
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
R, Q = MatrixSymbol("R", n, m), MatrixSymbol("Q", m, n)
ONE, ZERO = Identity(n), ZeroMatrix(n, n)
WOODBURY = ONE - R * Inverse(Identity(m) + Q * R) * Q

TRUE = {
    "Woodbury": (WOODBURY * (ONE + R * Q), ONE),
    "Woodbury, inverse on both sides": (WOODBURY, Inverse(ONE + R * Q)),
    "push-through": (Inverse(ONE + A * B) * A, A * Inverse(ONE + B * A)),
    "resolvents": (Inverse(A + B) * A, ONE - Inverse(A + B) * B),
    "inverse of a product in a trace": (Trace(Inverse(C * A * C.T) * C * B * C.T), Trace(A.I * B)),
    "similar matrices": (Trace(B.I * A * B), Trace(A)),
    "Kronecker products": (KroneckerProduct(A, B) * KroneckerProduct(C, D), KroneckerProduct(A * C, B * D)),
    "upper blocks": (Determinant(BlockMatrix([[A, B], [ZERO, D]])), Determinant(A) * Determinant(D)),
    "lower blocks": (Determinant(BlockMatrix([[A, ZERO], [C, D]])), Determinant(D) * Determinant(A)),
}
FALSE = {
    "Woodbury, sign": ((2 * ONE - WOODBURY) * (ONE + R * Q), ONE),
    "push-through, order": (Inverse(ONE + A * B) * A, A * Inverse(ONE + A * B) * B),
    "resolvents, sum of inverses": (Inverse(A + B), A.I + B.I),
    "trace of a product": (Trace(Inverse(C * A * C) * C * B * C.T), Trace(A.I * B)),
    "similar only on one side": (Trace(B.I * A), Trace(A)),
    "Kronecker products, order": (KroneckerProduct(A, B), KroneckerProduct(B, A)),
    "identities of two sizes": (Trace(KroneckerProduct(ONE, A)), Trace(KroneckerProduct(Identity(m), A))),
    "full blocks": (Determinant(BlockMatrix([[A, B], [C, D]])), Determinant(A) * Determinant(D)),
    "blocks that are not square": (
        Determinant(BlockMatrix([[R, A], [ZeroMatrix(m, m), Q]])),
        Determinant(A) * Determinant(Q * R),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_identity_is_proved(name):
    assert prove_matrix_identity(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_no_proof_of_what_is_false(name):
    assert prove_matrix_identity(*FALSE[name]) is None


def test_nothing_is_divided_by_a_coefficient_that_may_vanish():
    vanishing = sp.sin(c) ** 2 + sp.cos(c) ** 2 - 1
    assert prove_matrix_identity(Inverse(ONE + vanishing * A) * A, ZERO) is None


def test_the_inverse_of_a_product_turns_its_order_around():
    """A power of a product is not multiplied out by SymPy."""
    assert prove_matrix_identity(sp.MatPow(A * B, -2), (B.I * A.I) ** 2)
    assert prove_matrix_identity(sp.MatPow(A * B, -2), (A.I * B.I) ** 2) is None
