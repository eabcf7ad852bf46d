"""Matrix equalities: explicit ones entry by entry, symbolic ones for every size."""

import pytest
import sympy as sp
from sympy import BlockMatrix, Determinant, Identity, Matrix, MatrixSymbol, Trace, ZeroMatrix

from helpers.proof import decide
from helpers.proof.comparison import compare

η, θ = sp.symbols("eta theta", real=True)
n, m = sp.symbols("n m", integer=True, positive=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
R = MatrixSymbol("R", n, m)
S = MatrixSymbol("S", 2, 2)
v = MatrixSymbol("v", 2, 1)


def test_explicit_matrices_are_decided_entry_by_entry():
    update = Matrix([[1, η], [-η, 1]])
    assert decide(update.T * update, (1 + η**2) * sp.eye(2)).status == "proved"
    rotation = Matrix([[sp.cos(θ), -sp.sin(θ)], [sp.sin(θ), sp.cos(θ)]])
    verdict = decide(rotation * rotation.T, sp.eye(2))
    assert verdict.status == "proved"
    assert verdict.method.startswith("entry by entry: trigonometric")


def test_transposed_entry_is_refuted_and_named():
    verdict = decide(Matrix([[1, η], [-η, 1]]), Matrix([[1, -η], [η, 1]]))
    assert verdict.status == "refuted"
    assert verdict.entry == (1, 2)
    assert "entry (1, 2)" in str(verdict)


def test_one_sampled_entry_makes_the_whole_sampled():
    assert decide(Matrix([[1, 0.5 * η]]), Matrix([[1, η / 2]])).status == "sampled"


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"shape \(1, 2\)"):
        decide(Matrix([[1, 2]]), Matrix([[1], [2]]))
    with pytest.raises(ValueError, match="two matrices"):
        decide(Matrix([[1]]), 1)


TRUE = {
    "square of a sum": ((A + B) ** 2, A**2 + A * B + B * A + B**2),
    "transpose": (sp.Transpose(A * B + C), B.T * A.T + C.T),
    "inverse": (sp.Inverse(A * B), B.I * A.I),
    "inverse cancels": (A * (A.I + B), Identity(n) + A * B),
    "rectangular": (R * (R.T * A + R.T), R * R.T * A + R * R.T),
    "trace is cyclic": (Trace(A * B * C), Trace(C * A * B)),
    "trace is linear": (Trace(2 * A + B * C), 2 * Trace(A) + Trace(C * B)),
    "trace of a transpose": (Trace(A.T * B), Trace(B.T * A)),
    "trace of a transposed inverse": (Trace(A.T.I * B.T * C), Trace(C.T * B * A.I)),
    "determinant of a product": (Determinant(A * B), Determinant(B) * Determinant(A)),
    "blocks": (
        BlockMatrix([[Identity(n), A], [ZeroMatrix(n, n), B]]) * BlockMatrix([[C, A], [B, B]]),
        BlockMatrix([[C + A * B, A + A * B], [B**2, B**2]]),
    ),
}

FALSE = {
    "square of a sum": ((A + B) ** 2, A**2 + 2 * A * B + B**2),
    "difference of squares": ((A + B) * (A - B), A**2 - B**2),
    "transpose": (sp.Transpose(A * B), A.T * B.T),
    "inverse": (sp.Inverse(A * B), A.I * B.I),
    "inverse of a sum": (sp.Inverse(A + B), A.I + B.I),
    "trace of a product": (Trace(A * B), Trace(A) * Trace(B)),
    "trace of one transpose": (Trace(A.T * B), Trace(A * B)),
    "trace of a transpose, not reversed": (Trace(A * B * C), Trace(A.T * B.T * C.T)),
    "trace is not symmetric": (Trace(A * B * C), Trace(B * A * C)),
    "determinant of a sum": (Determinant(A + B), Determinant(A) + Determinant(B)),
    "determinant of a multiple": (Determinant(2 * A), 2 * Determinant(A)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_identity_of_any_size_is_proved(name):
    verdict = decide(*TRUE[name])
    assert verdict.status == "proved", f"{verdict}"


@pytest.mark.parametrize("name", FALSE)
def test_false_identity_of_any_size_is_refuted(name):
    verdict = decide(*FALSE[name])
    assert verdict.status == "refuted", f"{verdict}"
    assert verdict.counterexample[n] in (1, 2, 3)


def test_scalars_of_matrices_of_known_size():
    formula = S[0, 0] * S[1, 1] - S[0, 1] * S[1, 0]
    assert decide(Determinant(S), formula).status == "proved"
    assert decide(Determinant(S), formula + S[0, 1]).status == "refuted"
    assert decide((v.T * S * v)[0, 0], Trace(S * v * v.T)).status == "proved"


def test_determinant_of_block_triangular_is_never_refuted_and_its_flaw_is():
    block = BlockMatrix([[A, C], [ZeroMatrix(n, n), B]])
    assert decide(Determinant(block), Determinant(A) * Determinant(B)).status in ("proved", "sampled")
    assert decide(Determinant(block), Determinant(A) * Determinant(C)).status == "refuted"


def test_log_det_gradient_is_not_zero():
    # SymPy's own matrix calculus has returned a zero matrix here, in silence.
    gradient = sp.Derivative(sp.log(Determinant(S)), S)
    assert decide(gradient, S.I.T).status == "proved"
    assert decide(gradient, ZeroMatrix(2, 2)).status == "refuted"
    assert decide(gradient, S.I).status == "refuted"
    assert decide(sp.diff(sp.log(Determinant(S)), S), S.I.T).status == "refuted"


def test_gradient_of_the_log_of_a_quadratic_form_is_not_zero():
    form = (v.T * S * v)[0, 0]
    gradient = sp.Derivative(sp.log(form), v)
    assert decide(gradient, ZeroMatrix(2, 1)).status == "refuted"
    assert decide(gradient, (S + S.T) * v / form).status == "proved"


def test_gradient_of_symbolic_size_is_not_called_proved():
    gradient = sp.Derivative(sp.log(Determinant(A)), A)
    assert decide(gradient, ZeroMatrix(n, n)).status in ("refuted", "undecided")


def test_matrices_are_complex_where_a_side_conjugates_and_real_elsewhere():
    assert decide(sp.Adjoint(A), A.T).status == "refuted"
    assert decide(sp.Adjoint(S), S.T).status == "refuted"
    assert decide(sp.Adjoint(A * B), sp.Adjoint(B) * sp.Adjoint(A)).status == "proved"
    assert decide(Determinant(A.T * A), sp.Abs(Determinant(A)) ** 2).status == "sampled"


def test_entries_at_symbolic_indices_are_taken_inside_the_matrix():
    i, j = sp.symbols("i j", integer=True)
    verdict = decide(A[i, j], A[j, i])
    assert verdict.status == "refuted"
    assert all(0 <= verdict.counterexample[index] < verdict.counterexample[n] for index in (i, j))
    assert decide((A + A)[i, j] + A[i, j], 3 * A[i, j]).status == "proved"


def test_identical_matrices_need_entries_that_exist():
    assert decide(Matrix([[sp.oo]]), Matrix([[sp.oo]])).status == "undecided"
    assert decide(A.I, A.I).status == "proved"


def test_the_derivative_of_a_trace_beside_another_matrix_symbol():
    S, T = sp.MatrixSymbol("S", 2, 2), sp.MatrixSymbol("T", 2, 2)
    slope = sp.Derivative(sp.Trace(S * T), S)
    assert decide(slope, T.T).status == "proved"
    assert decide(slope, T).status == "refuted"


def test_what_is_not_resolved_is_not_equal():
    """At 200 bits this number may be anything below 1e40; more bits say that it is about 1e20."""
    off = 10**100 * (sp.pi - sp.Rational(str(sp.N(sp.pi, 80))))
    one, none = sp.ImmutableMatrix([[1, off]]), sp.ImmutableMatrix([[1, 0]])
    assert not compare(off, sp.S.Zero, "==", {})[0]
    assert not compare(one, none, "==", {})[0]
