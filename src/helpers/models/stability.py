r"""When do all roots of a polynomial lie in the unit disc, or in the left half-plane? Conditions on coefficients.

The quadratic case is short enough that the chapter on training methods proves it. The general half-plane criterion is
Routh and Hurwitz's: see F. R. Gantmacher, *The Theory of Matrices*.
"""

from __future__ import annotations

import random

import numpy as np
import sympy as sp
from sympy.logic.boolalg import Boolean

from helpers.arguments import checked, scalar, symbol, whole

__all__ = ["hurwitz_conditions", "hurwitz_disagreements", "schur_cohn_conditions"]


@checked(linear=scalar, constant=scalar)
def schur_cohn_conditions(linear: sp.Expr, constant: sp.Expr) -> tuple[Boolean, Boolean]:
    r"""Conditions for both roots of $\lambda^2 + a\lambda + b$ to lie strictly inside the unit circle.

    $|b|^2 < 1$ and $|a - \bar a b|^2 < (1 - |b|^2)^2$, for complex `linear` $a$ and `constant` $b$, written out in
    the real and imaginary parts of both. With real coefficients they say $|b| < 1$ and $|a| < 1 + b$ (Jury).
    """

    def squared_modulus(z: sp.Expr) -> sp.Expr:
        real, imaginary = sp.expand(z, complex=True).as_real_imag()
        return sp.expand(real**2 + imaginary**2)

    inside = 1 - squared_modulus(constant)
    defect = squared_modulus(linear - sp.conjugate(linear) * constant)
    return inside > 0, sp.expand(inside**2 - defect) > 0


@checked(polynomial=scalar, variable=symbol)
def hurwitz_conditions(polynomial: sp.Expr, variable: sp.Symbol) -> Boolean:
    """Condition for every root of a real polynomial to have a negative real part.

    For a positive leading coefficient: every leading principal minor of the Hurwitz matrix is positive.
    Raises `ValueError` where `polynomial` is constant in `variable`. Cost O(n^5) for degree n, symbolically.
    """
    coefficients = sp.Poly(polynomial, variable).all_coeffs()
    degree = len(coefficients) - 1
    if degree < 1:
        raise ValueError(f"polynomial: got {polynomial}, expected one that depends on {variable}")

    def entry(i: int, j: int) -> sp.Expr:
        index = 2 * (j + 1) - (i + 1)
        return coefficients[index] if 0 <= index <= degree else sp.S.Zero

    matrix = sp.Matrix(degree, degree, entry)
    minors = [sp.factor(matrix[:size, :size].det()) for size in range(1, degree + 1)]
    return sp.And(coefficients[0] > 0, *(minor > 0 for minor in minors))


@checked(count=whole(0), seed=whole())
def hurwitz_disagreements(count: int, seed: int = 0) -> int:
    """How often the criterion and computed roots disagree over `count` random real quartics: a check of it.

    The leading coefficient is a whole number from 1 to 20; the others are positive too in one half of the
    quartics, and from -20 to 20 in the other. Quartics with a root within 1e-6 of the imaginary axis, which
    rounding cannot place, are left out.
    """
    w = sp.Symbol("w")
    symbols = sp.symbols("c0:5")
    criterion = sp.lambdify(
        symbols, hurwitz_conditions(sum(c * w ** (4 - i) for i, c in enumerate(symbols)), w)
    )
    generator = random.Random(seed)
    wrong = 0
    for _ in range(count):
        low = generator.choice((1, -20))
        coefficients = [generator.randint(1, 20), *(generator.randint(low, 20) for _ in symbols[1:])]
        rightmost = np.roots(coefficients).real.max()
        wrong += bool(abs(rightmost) > 1e-6 and bool(criterion(*coefficients)) != (rightmost < 0))
    return wrong
