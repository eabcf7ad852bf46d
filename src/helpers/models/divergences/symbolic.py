r"""Divergences as formulas: the tangent of $-\log$, sums over outcomes, and a Gaussian pair with correlations."""

from collections.abc import Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, nonnegative, one_of, real, several

__all__ = [
    "GENERATORS",
    "cross_term",
    "finite_divergence",
    "generator",
    "pair_divergence",
    "tangent",
    "tangent_gap",
    "total_correlation_of_pair",
]

_HALF = sp.Rational(1, 2)

_FUNCTIONS = {
    "kl": lambda t: t * sp.log(t),
    "reverse_kl": lambda t: -sp.log(t),
    "chi_squared": lambda t: (t - 1) ** 2,
    "total_variation": lambda t: sp.Abs(t - 1) / 2,
    "squared_hellinger": lambda t: (sp.sqrt(t) - 1) ** 2,
}

_AT_ZERO = {"kl": sp.S.Zero, "reverse_kl": sp.oo}  # the limits, where 0 log 0 has no value

GENERATORS: tuple[str, ...] = tuple(_FUNCTIONS)
"""Names of the convex functions that `generator` knows."""


@checked(ratio=real, touch=real)
def tangent(ratio: Any, touch: Any = 1) -> sp.Expr:
    r"""The tangent of $-\log$ that touches it at `touch`, taken at `ratio`: $-\log m - (t - m)/m$.

    Raises ValueError for a point of contact that is known not to be positive.

    >>> t = sp.Symbol("t", positive=True)
    >>> tangent(t)
    1 - t
    """
    if touch.is_extended_nonpositive:
        raise ValueError(f"touch: got {touch}, expected a positive number")
    return -sp.log(touch) - (ratio - touch) / touch


@checked(ratio=real, touch=real)
def tangent_gap(ratio: Any, touch: Any = 1) -> sp.Expr:
    r"""How far $-\log t$ lies above that tangent; for the one at 1 it is $t - 1 - \log t$. Errors as for `tangent`.

    >>> t = sp.Symbol("t", positive=True)
    >>> tangent_gap(t)
    t - log(t) - 1
    """
    return -sp.log(ratio) - tangent(ratio, touch)


@checked(q=several(real), p=several(real))
def finite_divergence(q: Sequence[Any], p: Sequence[Any]) -> sp.Expr:
    r"""$\sum_i q_i \log(q_i/p_i)$ in nats, for equally many positive expressions; nothing asks for a sum of one.

    A term with $q_i = 0$ is 0; one with $p_i = 0 \ne q_i$ makes the sum $\infty$. Raises ValueError for lengths
    that differ, no entry, and one that is known to be negative.

    >>> finite_divergence([1, 0], [sp.Rational(1, 2), sp.Rational(1, 2)])
    log(2)
    """
    first, second = q, p
    if len(first) != len(second) or not first:
        raise ValueError(
            f"q, p: got {len(first)} and {len(second)} entries, expected equally many, at least one"
        )
    for name, law in (("q", first), ("p", second)):
        if negative := [entry for entry in law if entry.is_extended_negative]:
            raise ValueError(f"{name}: got {negative[0]}, expected no negative entry")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if not a.is_zero]
    if any(b.is_zero for _, b in pairs):
        return sp.oo
    return sp.Add(*(a * sp.log(a / b) for a, b in pairs))


@checked(name=one_of(GENERATORS), ratio=nonnegative)
def generator(name: str, ratio: Any) -> sp.Expr:
    r"""The convex function f, $f(1) = 0$, of an f-divergence $\sum p f(q/p)$, at `ratio` $= q/p$.

    Names: `kl` $t\log t$, `reverse_kl` $-\log t$, `chi_squared` $(t-1)^2$, `total_variation`
    $\tfrac12\lvert t-1\rvert$, `squared_hellinger` $(\sqrt t-1)^2$. Raises ValueError for another one. Source:
    Liese and Vajda, "On divergences and informations in statistics and information theory" (2006).

    >>> generator("chi_squared", sp.Integer(3))
    4
    """
    if ratio == 0 and name in _AT_ZERO:
        return _AT_ZERO[name]
    return _FUNCTIONS[name](ratio)


@checked(rho=real)
def total_correlation_of_pair(rho: Any) -> sp.Expr:
    r"""$-\tfrac12\log(1 - \rho^2)$: how far a Gaussian pair with correlation $\rho$ is from independent.

    It is the pair's divergence from the product of its marginals. Raises ValueError for a correlation that is known
    to be at least 1 in size.

    >>> total_correlation_of_pair(0)
    0
    """
    return -_HALF * sp.log(1 - _correlation("rho", rho) ** 2)


@checked(mean=real, rho_q=real, rho_p=real)
def cross_term(mean: Any, rho_q: Any, rho_p: Any) -> sp.Expr:
    r"""$\mathbb E_q\left[\log\frac{p(z)}{p_1(z_1)\,p_2(z_2)}\right]$, the laws q and p as for `pair_divergence`.

    It is 0 where p's coordinates are independent, and of either sign otherwise.

    >>> cross_term(0, 0, 0)
    0
    """
    first, second = _correlation("rho_q", rho_q), _correlation("rho_p", rho_p)
    square, product = 1 + mean**2, first + mean**2  # of a coordinate, of the two
    quadratic = square - (square - second * product) / (1 - second**2)
    return total_correlation_of_pair(second) + quadratic


@checked(mean=real, rho_q=real, rho_p=real)
def pair_divergence(mean: Any, rho_q: Any, rho_p: Any) -> sp.Expr:
    r"""$D_{\mathrm{KL}}(q \,\|\, p)$ in nats between two Gaussian pairs, all four standard deviations 1.

    q has the mean (`mean`, `mean`) and the correlation `rho_q`, p the mean 0 and the correlation `rho_p`. The sum of
    the coordinates' divergences is the square of `mean`. Raises ValueError for a correlation known to be at least 1
    in size.

    >>> pair_divergence(1, 0, 0)
    1
    """
    first, second = _correlation("rho_q", rho_q), _correlation("rho_p", rho_p)
    trace = (1 - first * second) / (1 - second**2)
    determinants = sp.log(1 - second**2) - sp.log(1 - first**2)
    return trace - 1 + mean**2 / (1 + second) + _HALF * determinants


def _correlation(name: str, value: Any) -> sp.Expr:
    if (1 - value**2).is_extended_nonpositive:
        raise ValueError(f"{name}: got {value}, expected a correlation between -1 and 1")
    return value
