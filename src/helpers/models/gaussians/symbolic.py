"""Divergences between Gaussian laws as formulas: on the line, and for explicit matrices."""

from typing import Any

import sympy as sp

from helpers.arguments import checked, matrix, one_of, real, scalar, several, symbol, vector

__all__ = [
    "DIRECTIONS",
    "diagonal_variances",
    "divergence",
    "divergence_terms",
    "divergence_to_standard_normal",
    "fisher_metric",
    "mean_of_quadratic",
    "scalar_divergence",
]

DIRECTIONS = ("forward", "reverse")


@checked(mean=real, scale=real)
def divergence_to_standard_normal(mean: Any, scale: Any) -> sp.Expr:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu, \sigma^2) \,\|\, \mathcal N(0, 1))$, in nats; `scale` is a deviation.

    A standard deviation, never a variance. Raises ValueError for one that is known not to be positive.

    >>> divergence_to_standard_normal(1, 2)
    2 - log(2)
    """
    mu, sigma = mean, _positive("scale", scale)
    return (mu**2 + sigma**2 - 1) / 2 - sp.log(sigma)


@checked(mean_q=real, scale_q=real, mean_p=real, scale_p=real)
def scalar_divergence(mean_q: Any, scale_q: Any, mean_p: Any, scale_p: Any) -> sp.Expr:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu_q, \sigma_q^2) \,\|\, \mathcal N(\mu_p, \sigma_p^2))$, in nats.

    Scales are standard deviations. Raises ValueError for one that is known not to be positive.

    >>> scalar_divergence(0, 1, 0, 2)
    -3/8 + log(2)
    """
    mu_q, mu_p = mean_q, mean_p
    sigma_q, sigma_p = _positive("scale_q", scale_q), _positive("scale_p", scale_p)
    return (
        sp.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2 * sigma_p**2) - sp.Rational(1, 2)
    )


@checked(mean_q=vector, covariance_q=matrix, mean_p=vector, covariance_p=matrix)
def divergence_terms(
    mean_q: Any, covariance_q: Any, mean_p: Any, covariance_p: Any
) -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]:
    r"""The four terms whose sum is the divergence between two Gaussian laws of explicit size d.

    $\tfrac12\operatorname{tr}(\Sigma_p^{-1}\Sigma_q)$, $\tfrac12 m^\top\Sigma_p^{-1}m$ with $m = \mu_q - \mu_p$,
    $-\tfrac d2$ and $\tfrac12\log(\det\Sigma_p/\det\Sigma_q)$. Means have d entries, covariances the shape (d, d);
    that they are positive definite is the caller's to know. Raises ValueError for shapes that do not fit, a
    covariance that is not symmetric, and a determinant that is known not to be positive. Cost: a solve with d × d
    symbols.

    >>> divergence_terms([1, 0], [[1, 0], [0, 4]], [0, 0], [[1, 0], [0, 1]])
    (5/2, 1/2, -1, -log(4)/2)
    """
    second_q, second_p = _covariance("covariance_q", covariance_q), _covariance("covariance_p", covariance_p)
    size = second_q.rows
    first_q, first_p = _column("mean_q", mean_q, size), _column("mean_p", mean_p, size)
    if second_p.rows != size:
        raise ValueError(f"covariance_p: got shape {second_p.shape}, expected {(size, size)}")
    precision = second_p.inv()
    deviation = first_q - first_p
    determinant_q, determinant_p = (
        second.det(method="berkowitz") if size > 1 else second[0, 0] for second in (second_q, second_p)
    )
    return (
        (precision * second_q).trace() / 2,
        (deviation.T * precision * deviation)[0, 0] / 2,
        -sp.Rational(size, 2),
        sp.log(determinant_p / determinant_q) / 2,
    )


def divergence(mean_q: Any, covariance_q: Any, mean_p: Any, covariance_p: Any) -> sp.Expr:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu_q, \Sigma_q) \,\|\, \mathcal N(\mu_p, \Sigma_p))$, in nats.

    The sum of `divergence_terms`, which says what is raised.

    >>> divergence([0, 0], [[1, 0], [0, 1]], [0, 0], [[4, 0], [0, 1]])
    -3/8 + log(4)/2
    """
    return sp.Add(*divergence_terms(mean_q, covariance_q, mean_p, covariance_p))


@checked(scale=real)
def fisher_metric(scale: Any) -> sp.ImmutableDenseMatrix:
    r"""The Fisher information of $\mathcal N(\mu, \sigma^2)$ in the coordinates $(\mu, \sigma)$.

    It is the matrix of the second derivatives of $D_{\mathrm{KL}}(\mathcal N(\mu, \sigma^2)\,\|\,\cdot)$ at the law
    itself, and depends on the standard deviation alone. Raises ValueError for a scale that is known not to be
    positive.

    >>> fisher_metric(2)
    Matrix([
    [1/4,   0],
    [  0, 1/2]])
    """
    sigma = _positive("scale", scale)
    return sp.ImmutableDenseMatrix(sp.diag(1 / sigma**2, 2 / sigma**2))


@checked(polynomial=scalar, variables=several(symbol), mean=vector, covariance=matrix)
def mean_of_quadratic(polynomial: Any, variables: Any, mean: Any, covariance: Any) -> sp.Expr:
    r"""The expectation of a polynomial of degree 2 at most, for *any* law with that mean and covariance.

    Each product $x_ix_j$ becomes $S_{ij} + m_im_j$ and each $x_i$ becomes $m_i$; nothing else about the law is used.
    `variables` are d symbols, `mean` d entries, `covariance` is (d, d). Raises ValueError for another degree, for
    what is no polynomial, shapes that do not fit and a covariance that is not symmetric.

    >>> x = sp.Symbol("x")
    >>> mean_of_quadratic(3 * x**2 + 1, [x], [2], [[5]])
    28
    """
    symbols = list(variables)
    second = _covariance("covariance", covariance)
    first = _column("mean", mean, second.rows)
    if len(symbols) != second.rows:
        raise ValueError(f"variables: got {len(symbols)}, expected {second.rows}")
    try:
        terms = sp.Poly(polynomial, *symbols).terms()
    except sp.PolynomialError as error:
        raise ValueError(f"polynomial: got {polynomial}, expected a polynomial in {symbols}") from error
    total = sp.S.Zero
    for powers, coefficient in terms:
        places = [i for i, power in enumerate(powers) for _ in range(power)]
        if len(places) > 2:
            raise ValueError(f"polynomial: got a term of degree {len(places)}, expected 2 at most")
        if len(places) == 2:
            i, j = places
            coefficient *= second[i, j] + first[i] * first[j]
        elif places:
            coefficient *= first[places[0]]
        total += coefficient
    return total


@checked(covariance=matrix, direction=one_of(DIRECTIONS))
def diagonal_variances(covariance: Any, direction: str) -> tuple[sp.Expr, ...]:
    r"""Variances of the independent Gaussian law nearest to $p = \mathcal N(\mu, \Sigma)$, for an explicit $\Sigma$.

    `"forward"` minimises $D_{\mathrm{KL}}(p\,\|\,q)$ over diagonal $q$: the marginal variances $\Sigma_{ii}$.
    `"reverse"` minimises $D_{\mathrm{KL}}(q\,\|\,p)$: $1/\Lambda_{ii}$ with $\Lambda = \Sigma^{-1}$. Raises
    ValueError for another direction and a covariance that is not square and symmetric.

    >>> diagonal_variances([[1, sp.Rational(3, 5)], [sp.Rational(3, 5), 1]], "reverse")
    (16/25, 16/25)
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"direction: got {direction!r}, expected one of {', '.join(DIRECTIONS)}")
    second = _covariance("covariance", covariance)
    if direction == "forward":
        return tuple(second.diagonal())
    determinant = second.det(method="berkowitz")
    minors = (
        second.minor(i, i, method="berkowitz") if second.rows > 1 else sp.S.One for i in range(second.rows)
    )
    return tuple(determinant / minor for minor in minors)


def _positive(name: str, value: Any) -> sp.Expr:
    scale = value
    if scale.is_positive is False:
        raise ValueError(f"{name}: got {scale}, expected a positive standard deviation")
    return scale


def _column(name: str, value: Any, size: int) -> sp.Matrix:
    column = sp.Matrix(value)
    if column.shape != (size, 1):
        raise ValueError(f"{name}: got {list(column)}, expected {size} entries")
    return column


def _covariance(name: str, value: Any) -> sp.Matrix:
    matrix = sp.Matrix(value)
    if matrix.rows != matrix.cols or matrix.rows == 0:
        raise ValueError(f"{name}: got shape {matrix.shape}, expected (d, d)")
    if any(sp.expand(entry) != 0 for entry in matrix - matrix.T):
        raise ValueError(f"{name}: got {matrix.tolist()}, expected a symmetric matrix")
    if matrix.det(method="berkowitz").is_positive is False:
        raise ValueError(f"{name}: got {matrix.tolist()}, expected a positive definite matrix")
    return matrix
