r"""Gradient estimators and their variances as formulas, for a Gaussian $q = \mathcal N(\mu, \sigma^2)$.

Two objectives: the divergence $D_{\mathrm{KL}}(q \,\|\, \mathcal N(0, 1))$, where all three estimators apply, and the
mean of a wave, $\mathbb E_q \sin(\omega z)$, smooth or wiggly as $\omega$ says. Every builder takes SymPy expressions
or numbers: $\sigma$ is a standard deviation (ValueError where it is known not to be positive), and $\epsilon$ the
noise for which $z = \mu + \sigma\epsilon$. Gradients are columns, $\mu$ first.
"""

from typing import Any

import sympy as sp

from helpers.arguments import checked, one_of, real

__all__ = [
    "ESTIMATORS",
    "divergence_gradient",
    "estimator",
    "log_ratio",
    "optimal_baseline",
    "score",
    "variance",
    "wave_estimator",
    "wave_gradient",
    "wave_optimal_baseline",
    "wave_variance",
]

ESTIMATORS = ("score", "baseline", "total", "path")
"""The estimators' names: score function; the same with the best constant baseline for each coordinate;
reparameterised, with the total derivative; reparameterised along the path alone ("sticking the landing")."""


@checked(epsilon=real, sigma=real)
def score(epsilon: Any, sigma: Any) -> sp.ImmutableDenseMatrix:
    r"""The score $\nabla_{(\mu, \sigma)} \log q(z)$ at $z = \mu + \sigma\epsilon$.

    >>> score(*sp.symbols("e s"))
    Matrix([
    [         e/s],
    [(e**2 - 1)/s]])
    """
    _, sigma = _read(0, sigma)
    return sp.ImmutableDenseMatrix([epsilon / sigma, (epsilon**2 - 1) / sigma])


@checked(epsilon=real, mu=real, sigma=real)
def log_ratio(epsilon: Any, mu: Any, sigma: Any) -> sp.Expr:
    r"""$\log q(z) - \log p(z)$ at $z = \mu + \sigma\epsilon$, for $p = \mathcal N(0, 1)$."""
    mu, sigma = _read(mu, sigma)
    return ((mu + sigma * epsilon) ** 2 - epsilon**2) / 2 - sp.log(sigma)


@checked(mu=real, sigma=real)
def divergence_gradient(mu: Any, sigma: Any) -> sp.ImmutableDenseMatrix:
    r"""Its gradient $(\mu,\ \sigma - 1/\sigma)$: what every estimator of it has for a mean."""
    mu, sigma = _read(mu, sigma)
    return sp.ImmutableDenseMatrix([mu, sigma - 1 / sigma])


@checked(mu=real, sigma=real)
def optimal_baseline(mu: Any, sigma: Any) -> sp.ImmutableDenseMatrix:
    r"""The constants $\mathbb E[s^2 f] / \mathbb E[s^2]$ to subtract from $f = \log q - \log p$, one a coordinate.

    With $f = a\epsilon^2 + b\epsilon + c$ they are $c + 3a$ and $c + 5a$.
    """
    a, _, c = _coefficients(*_read(mu, sigma))
    return sp.ImmutableDenseMatrix([c + 3 * a, c + 5 * a])


@checked(name=one_of(ESTIMATORS), epsilon=real, mu=real, sigma=real)
def estimator(name: str, epsilon: Any, mu: Any, sigma: Any) -> sp.ImmutableDenseMatrix:
    r"""One draw's estimate of the divergence's gradient, `name` one of `ESTIMATORS`.

    Raises ValueError for another name and a scale that is known not to be positive.

    >>> mu, sigma = sp.Symbol("mu", real=True), sp.Symbol("sigma", positive=True)
    >>> estimator("total", 1, mu, sigma)
    Matrix([
    [          mu + sigma],
    [mu + sigma - 1/sigma]])
    """
    mu, sigma = _read(mu, sigma)
    z = mu + sigma * epsilon
    if name == "total":
        return sp.ImmutableDenseMatrix([z, z * epsilon - 1 / sigma])
    if name == "path":
        return sp.ImmutableDenseMatrix([z - epsilon / sigma, epsilon * (z - epsilon / sigma)])
    subtracted = optimal_baseline(mu, sigma) if name == "baseline" else sp.zeros(2, 1)
    value = log_ratio(epsilon, mu, sigma)
    slopes = score(epsilon, sigma)
    return sp.ImmutableDenseMatrix([slopes[i] * (value - subtracted[i]) for i in range(2)])


@checked(name=one_of(ESTIMATORS), mu=real, sigma=real)
def variance(name: str, mu: Any, sigma: Any) -> sp.ImmutableDenseMatrix:
    r"""The variances of `estimator(name, ...)` for standard normal noise, one a coordinate.

    Raises ValueError as `estimator`. Source: the chapter on gradients of expectations, which proves them.

    >>> variance("path", 0, 1)
    Matrix([
    [0],
    [0]])
    """
    mu, sigma = _read(mu, sigma)
    if name == "total":
        return sp.ImmutableDenseMatrix([sigma**2, mu**2 + 2 * sigma**2])
    if name == "path":
        slack = (sigma - 1 / sigma) ** 2
        return sp.ImmutableDenseMatrix([slack, mu**2 + 2 * slack])
    if name == "baseline":
        slack = (sigma - 1 / sigma) ** 2
        return sp.ImmutableDenseMatrix([2 * mu**2 + sp.Rational(3, 2) * slack, 10 * mu**2 + 6 * slack])
    a, b, c = _coefficients(mu, sigma)
    squares = (c**2 + 3 * b**2 + 15 * a**2 + 6 * a * c, 2 * c**2 + 10 * b**2 + 78 * a**2 + 20 * a * c)
    means = divergence_gradient(mu, sigma)
    return sp.ImmutableDenseMatrix([squares[i] / sigma**2 - means[i] ** 2 for i in range(2)])


@checked(mu=real, sigma=real, omega=real)
def wave_gradient(mu: Any, sigma: Any, omega: Any) -> sp.ImmutableDenseMatrix:
    r"""The gradient of $\mathbb E_q \sin(\omega z) = e^{-\omega^2\sigma^2/2} \sin(\omega\mu)$."""
    mu, sigma = _read(mu, sigma)
    fade = sp.exp(-(omega**2) * sigma**2 / 2)
    return sp.ImmutableDenseMatrix(
        [omega * fade * sp.cos(omega * mu), -(omega**2) * sigma * fade * sp.sin(omega * mu)]
    )


@checked(mu=real, sigma=real, omega=real)
def wave_optimal_baseline(mu: Any, sigma: Any, omega: Any) -> sp.ImmutableDenseMatrix:
    r"""The constants $\mathbb E[s^2 f] / \mathbb E[s^2]$ for $f(z) = \sin(\omega z)$, one a coordinate."""
    mu, sigma = _read(mu, sigma)
    t = omega * sigma
    mean = sp.exp(-(t**2) / 2) * sp.sin(omega * mu)
    return sp.ImmutableDenseMatrix([(1 - t**2) * mean, (t**4 - 4 * t**2 + 2) / 2 * mean])


@checked(name=one_of(ESTIMATORS[:3]), epsilon=real, mu=real, sigma=real, omega=real)
def wave_estimator(name: str, epsilon: Any, mu: Any, sigma: Any, omega: Any) -> sp.ImmutableDenseMatrix:
    r"""One draw's estimate of `wave_gradient`: `score`, `baseline` or `total`.

    $\sin(\omega z)$ does not depend on the parameters but through z, so that the path estimator is the total one.
    Raises ValueError as `estimator`.
    """
    mu, sigma = _read(mu, sigma)
    z = mu + sigma * epsilon
    if name == "total":
        slope = omega * sp.cos(omega * z)
        return sp.ImmutableDenseMatrix([slope, epsilon * slope])
    subtracted = wave_optimal_baseline(mu, sigma, omega) if name == "baseline" else sp.zeros(2, 1)
    slopes = score(epsilon, sigma)
    return sp.ImmutableDenseMatrix([slopes[i] * (sp.sin(omega * z) - subtracted[i]) for i in range(2)])


@checked(name=one_of(ESTIMATORS[:3]), mu=real, sigma=real, omega=real)
def wave_variance(name: str, mu: Any, sigma: Any, omega: Any) -> sp.ImmutableDenseMatrix:
    r"""The variances of `wave_estimator(name, ...)`, one a coordinate. Raises ValueError as there."""
    mu, sigma = _read(mu, sigma)
    t = omega * sigma
    # The mean of cos(2 ω z), by which sin² and cos² of ω z differ from one half.
    double = sp.exp(-2 * t**2) * sp.cos(2 * omega * mu)
    means = wave_gradient(mu, sigma, omega)
    if name == "total":
        squares = (
            omega**2 * (1 + double) / 2,
            omega**2 * (1 + (1 - 4 * t**2) * double) / 2,
        )
    else:
        squares = (
            (1 - (1 - 4 * t**2) * double) / (2 * sigma**2),
            (2 - (16 * t**4 - 16 * t**2 + 2) * double) / (2 * sigma**2),
        )
    if name == "baseline":
        constants = wave_optimal_baseline(mu, sigma, omega)
        information = (1 / sigma**2, 2 / sigma**2)
        squares = tuple(squares[i] - constants[i] ** 2 * information[i] for i in range(2))
    return sp.ImmutableDenseMatrix([squares[i] - means[i] ** 2 for i in range(2)])


def _coefficients(mu: Any, sigma: Any) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """a, b and c of log q - log p = a ε² + b ε + c."""
    return (sigma**2 - 1) / 2, mu * sigma, mu**2 / 2 - sp.log(sigma)


def _read(mu: Any, sigma: Any) -> tuple[sp.Expr, sp.Expr]:
    if sigma.is_extended_nonpositive or sigma.is_extended_real is False:
        raise ValueError(f"sigma: got {sigma}, expected a positive standard deviation")
    return mu, sigma
