r"""Formulas of the gaps of a mean field.

The posterior is $\mathcal N(m, \Lambda^{-1})$, the proposal $\mathcal N(\mu, \operatorname{diag}\sigma^2)$.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from helpers.arguments import checked, positive, real, vector
from helpers.arguments import matrix as read_matrix

__all__ = [
    "amortization_gap",
    "contraction",
    "mean_field_divergence",
    "mean_field_gap",
    "steps_to_tolerance",
]


@checked(mean=vector, scale=vector, posterior_mean=vector)
def mean_field_divergence(mean: Any, scale: Any, posterior_mean: Any, precision: Any) -> sp.Expr:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu, \operatorname{diag}\sigma^2) \,\|\, \mathcal N(m, \Lambda^{-1}))$, in nats.

    $\tfrac12\bigl(\sum_i (\Lambda_{ii}\sigma_i^2 - 1 - \log\sigma_i^2) + (\mu-m)^\top\Lambda(\mu-m)
    - \log\det\Lambda\bigr)$.

    `mean`, `scale` (standard deviations) and `posterior_mean` are numbers or lists of d, `precision` a number or a
    d × d matrix. Raises ValueError for sizes that differ, a precision that is not symmetric, and a scale or a
    precision that is known not to be positive (definite). Cost: a determinant of d × d symbols.

    >>> mu = sp.Symbol("mu", real=True)
    >>> mean_field_divergence(mu, sp.sqrt(2) / 2, 0, 2)
    mu**2
    """
    error, scales, matrix = _read(mean, scale, posterior_mean, precision)
    entries = sum(matrix[i, i] * sigma**2 - 1 - sp.log(sigma**2) for i, sigma in enumerate(scales))
    return (entries + (error.T * matrix * error)[0] - sp.log(matrix.det(method="berkowitz"))) / 2


def mean_field_gap(precision: Any) -> sp.Expr:
    r"""The smallest divergence of a normal law with independent coordinates, in nats.

    It is $\frac12\log\frac{\prod_i\Lambda_{ii}}{\det\Lambda}$, reached at $\mu = m$ and
    $\sigma_i^2 = 1/\Lambda_{ii}$. `precision` and errors as for `mean_field_divergence`.

    >>> mean_field_gap([[2, 1], [1, 2]])
    log(4/3)/2
    """
    matrix = _precision(precision)
    diagonal = sp.Mul(*(matrix[i, i] for i in range(matrix.rows)))
    return sp.log(diagonal / matrix.det(method="berkowitz")) / 2


@checked(mean=vector, scale=vector, posterior_mean=vector)
def amortization_gap(mean: Any, scale: Any, posterior_mean: Any, precision: Any) -> sp.Expr:
    r"""What $\mathcal N(\mu, \operatorname{diag}\sigma^2)$ loses beyond `mean_field_gap`, as a sum of terms ≥ 0.

    $\tfrac12(\mu-m)^\top\Lambda(\mu-m) + \tfrac12\sum_i (t_i - 1 - \log t_i)$ with $t_i = \Lambda_{ii}\sigma_i^2$.
    Arguments and errors as for `mean_field_divergence`.

    >>> mu = sp.Symbol("mu", real=True)
    >>> amortization_gap([mu, 0], [1, 1], [0, 0], [[1, 0], [0, 1]])
    mu**2/2
    """
    error, scales, matrix = _read(mean, scale, posterior_mean, precision)
    ratios = [matrix[i, i] * sigma**2 for i, sigma in enumerate(scales)]
    return (error.T * matrix * error)[0] / 2 + sum(t - 1 - sp.log(t) for t in ratios) / 2


@checked(learning_rate=positive)
def contraction(learning_rate: Any, precision: Any) -> Any:
    r"""What one step of gradient ascent on the bound does to the error $\mu - m$: $1 - \eta\Lambda$.

    A number for a number, a matrix for a matrix. Errors as for `mean_field_divergence`, and for a learning rate that
    is known not to be positive.

    >>> contraction(sp.Rational(1, 10), 2)
    4/5
    """
    eta = learning_rate
    matrix = _precision(precision)
    found = sp.eye(matrix.rows) - eta * matrix
    return found if isinstance(precision, sp.MatrixBase | list | tuple) else found[0]


@checked(error=positive, factor=real, tolerance=positive)
def steps_to_tolerance(error: Any, factor: Any, tolerance: Any) -> sp.Expr:
    r"""The fewest steps after which an error that shrinks by `factor` is at most `tolerance`, never below 0.

    $\max(0, \lceil \log(\text{tolerance}/\text{error}) / \log(\text{factor}) \rceil)$. All may be symbols. Raises
    ValueError for an error or tolerance known not to be positive, and a factor known not to lie in (0, 1).

    >>> steps_to_tolerance(sp.Rational(3, 2), sp.Rational(4, 5), sp.Rational(1, 10**6))
    64
    """
    if factor.is_positive is False or (1 - factor).is_positive is False:
        raise ValueError(f"factor: got {factor}, expected a number between 0 and 1")
    return sp.Max(0, sp.ceiling(sp.log(tolerance / error) / sp.log(factor)))


def _read(mean: Any, scale: Any, posterior_mean: Any, precision: Any) -> tuple[sp.Matrix, list, sp.Matrix]:
    matrix = _precision(precision)
    vectors = {"mean": mean, "scale": scale, "posterior_mean": posterior_mean}
    for name, entries in vectors.items():
        if len(entries) != matrix.rows:
            raise ValueError(
                f"{name}: got {len(entries)} entries, expected {matrix.rows}, one a row of precision"
            )
    for sigma in vectors["scale"]:
        if sigma.is_positive is False:
            raise ValueError(f"scale: got {sigma}, expected positive standard deviations")
    return sp.Matrix(vectors["mean"]) - sp.Matrix(vectors["posterior_mean"]), vectors["scale"], matrix


def _precision(given: Any) -> sp.Matrix:
    matrix = read_matrix("precision", given)
    if matrix.rows != matrix.cols:
        raise ValueError(f"precision: got shape {matrix.shape}, expected (d, d)")
    if any(sp.simplify(entry) != 0 for entry in matrix - matrix.T):
        raise ValueError(f"precision: got {matrix.tolist()}, expected a symmetric matrix")
    for size in range(1, matrix.rows + 1):  # Sylvester: the leading minors
        minor = matrix[:size, :size].det(method="berkowitz")
        if minor.is_positive is False:
            raise ValueError(
                f"precision: got {matrix.tolist()}, whose leading minor of size {size} is {minor}, "
                "expected a positive definite matrix"
            )
    return matrix
