r"""The formulas of the linear-Gaussian model at explicit sizes, with $b = 0$."""

from __future__ import annotations

from typing import Any

import sympy as sp

from helpers.arguments import checked, matrix, positive, real, vector

__all__ = ["evidence_covariance", "log_evidence", "log_joint", "posterior", "scalar_bound"]


@checked(weight=matrix, noise=positive)
def evidence_covariance(weight: Any, noise: Any) -> sp.Matrix:
    r"""The covariance $WW^\top + \tau^2 I$ of an observation, `(D, D)`, for `weight` W `(D, d)` and `noise` τ.

    A single number is a `(1, 1)` matrix. Raises ValueError where `weight` is no matrix. Cost O(D²d).

    >>> evidence_covariance(sp.Matrix([1, 2]), 1)
    Matrix([
    [2, 2],
    [2, 5]])
    """
    matrix = _matrix(weight)
    return matrix * matrix.T + noise**2 * sp.eye(matrix.rows)


@checked(x=vector, weight=matrix, noise=positive)
def log_evidence(x: Any, weight: Any, noise: Any) -> sp.Expr:
    r"""$\log p(x) = -\tfrac12\bigl(D\log 2\pi + \log\det C + x^\top C^{-1}x\bigr)$ with $C = WW^\top + \tau^2I$.

    `x` is a vector of D entries; for the rest see `evidence_covariance`. Raises ValueError for sizes that do not
    fit. Cost O(D³). Source: Tipping and Bishop, "Probabilistic principal component analysis" (1999).
    """
    covariance = evidence_covariance(weight, noise)
    point = _vector("x", x, covariance.rows)
    size = sp.Integer(covariance.rows)
    quadratic = (point.T * covariance.inv() * point)[0]
    return -(size * sp.log(2 * sp.pi) + sp.log(covariance.det()) + quadratic) / 2


@checked(x=vector, z=vector, weight=matrix, noise=positive)
def log_joint(x: Any, z: Any, weight: Any, noise: Any) -> sp.Expr:
    r"""$\log p(x, z)$, the logarithm of $\mathcal N(x;\, Wz, \tau^2I)\,\mathcal N(z;\, 0, I)$.

    `x` has D entries, `z` has d. Raises ValueError for sizes that do not fit. Cost O(Dd).
    """
    matrix = _matrix(weight)
    point, latent = _vector("x", x, matrix.rows), _vector("z", z, matrix.cols)
    error = point - matrix * latent
    tau = noise
    likelihood = -(error.T * error)[0] / (2 * tau**2) - matrix.rows * sp.log(2 * sp.pi * tau**2) / 2
    return likelihood - (latent.T * latent)[0] / 2 - matrix.cols * sp.log(2 * sp.pi) / 2


@checked(x=vector, weight=matrix, noise=positive)
def posterior(x: Any, weight: Any, noise: Any) -> tuple[sp.Matrix, sp.Matrix]:
    r"""Mean $M^{-1}W^\top x$ and covariance $\tau^2M^{-1}$ of the latent given x, with $M = W^\top W + \tau^2 I$.

    Sizes and errors as in `log_evidence`. Cost O(d³ + Dd²).
    """
    matrix = _matrix(weight)
    point, tau = _vector("x", x, matrix.rows), noise
    inverse = (matrix.T * matrix + tau**2 * sp.eye(matrix.cols)).inv()
    return inverse * matrix.T * point, tau**2 * inverse


@checked(x=real, weight=real, noise=positive, mean=real, scale=positive)
def scalar_bound(x: Any, weight: Any, noise: Any, mean: Any, scale: Any) -> sp.Expr:
    r"""The evidence lower bound of one number x under $q = \mathcal N(\mu, \sigma^2)$, for one latent number.

    The mean of $\log p(x\mid z)$ minus the divergence from the prior; `noise` τ and `scale` σ are no variances.

    >>> scalar_bound(0, 0, 1, 0, 1)
    -log(2*pi)/2
    """
    error = (x - weight * mean) ** 2 + weight**2 * scale**2
    reconstruction = -error / (2 * noise**2) - sp.log(2 * sp.pi * noise**2) / 2
    return reconstruction - ((mean**2 + scale**2 - 1) / 2 - sp.log(scale))


def _matrix(weight: Any) -> sp.Matrix:
    try:
        matrix = sp.Matrix(weight if isinstance(weight, (list, tuple, sp.MatrixBase)) else [weight])
    except (TypeError, ValueError) as error:
        raise ValueError(f"weight: got {weight!r}, expected a matrix (D, d)") from error
    if 0 in matrix.shape:
        raise ValueError(f"weight: got shape {matrix.shape}, expected (D, d) with at least one of each")
    return matrix


def _vector(name: str, value: Any, size: int) -> sp.Matrix:
    entries = list(value) if isinstance(value, (list, tuple, sp.MatrixBase)) else [value]
    if len(entries) != size:
        raise ValueError(f"{name}: got {len(entries)} entries, expected {size}, as weight asks for")
    return sp.Matrix(entries)
