"""Conditions on coefficients against computed roots."""

import random

import numpy as np
import pytest
import sympy as sp

from helpers.models import stability
from helpers.models.stability import hurwitz_conditions, hurwitz_disagreements, schur_cohn_conditions


def test_schur_cohn_against_roots_of_random_complex_quadratics():
    """2000 quadratics, seed fixed, roots of modulus up to 2: both answers occur hundreds of times."""
    generator = random.Random(5)
    a_real, a_imaginary, b_real, b_imaginary = sp.symbols("a_r a_i b_r b_i", real=True)
    conditions = sp.And(*schur_cohn_conditions(a_real + sp.I * a_imaginary, b_real + sp.I * b_imaginary))
    compiled = sp.lambdify([a_real, a_imaginary, b_real, b_imaginary], conditions)
    answers = []
    for _ in range(2000):
        roots = [generator.uniform(0, 1.4) * np.exp(1j * generator.uniform(0, 2 * np.pi)) for _ in range(2)]
        if min(abs(abs(root) - 1) for root in roots) < 1e-9:
            continue
        a, b = -sum(roots), roots[0] * roots[1]
        answer = bool(compiled(a.real, a.imag, b.real, b.imag))
        assert answer == all(abs(root) < 1 for root in roots), roots
        answers.append(answer)
    assert 400 < sum(answers) < 1600


def test_schur_cohn_of_real_coefficients_is_jurys_test():
    a, b = sp.symbols("a b", real=True)
    inside, defect = schur_cohn_conditions(a, b)
    assert inside == (1 - b**2 > 0)
    assert sp.factor(defect.lhs - defect.rhs) == sp.factor((1 - b) ** 2 * ((1 + b) ** 2 - a**2))


@pytest.mark.parametrize("other", [sp.Rational(1, 2), sp.I / 3, sp.Integer(-1), sp.Integer(2)])
def test_a_root_on_the_circle_is_not_inside(other):
    on_it = sp.Rational(3, 5) + sp.Rational(4, 5) * sp.I
    assert not all(schur_cohn_conditions(sp.expand(-on_it - other), sp.expand(on_it * other)))


@pytest.mark.parametrize(
    "polynomial, stable",
    [
        ("(w+1)*(w+2)", True),
        ("(w+1)*(w-2)", False),
        ("(w+1)*(w**2+w+1)", True),
        ("(w+3)*(w**2-w/10+1)", False),
        ("(w+3)*(w**2+1)", False),
    ],
)
def test_hurwitz_on_polynomials_with_known_roots(polynomial, stable):
    assert bool(hurwitz_conditions(sp.sympify(polynomial), sp.Symbol("w"))) is stable


def test_hurwitz_agrees_with_computed_roots():
    assert hurwitz_disagreements(3000, seed=1) == 0


def test_hurwitz_needs_its_variable():
    with pytest.raises(ValueError, match="polynomial: got 3"):
        hurwitz_conditions(sp.Integer(3), sp.Symbol("w"))


@pytest.mark.parametrize("answer", [sp.true, sp.false])
def test_a_wrong_criterion_disagrees_with_computed_roots(answer, monkeypatch):
    monkeypatch.setattr(stability, "hurwitz_conditions", lambda *_: answer)
    assert hurwitz_disagreements(200) > 10
