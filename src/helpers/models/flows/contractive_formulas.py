r"""The log-determinant of $x \mapsto x + f(x)$ as a power series, and how far its beginning can be from it.

Behrmann, Grathwohl, Chen, Duvenaud and Jacobsen, "Invertible Residual Networks" (2019).
"""

import sympy as sp

from helpers.arguments import checked, number, number_or_tensor, real, size

__all__ = ["log_determinant_term", "truncation_bound"]


@checked(trace=number_or_tensor, k=number)
def log_determinant_term(trace: sp.Expr, k: sp.Expr) -> sp.Expr:
    """Term k of the series, $\\frac{(-1)^{k+1}}{k}\\operatorname{tr}J_f^k$; `trace` is the power's. Cost O(1)."""
    if not isinstance(k, int | sp.Expr):
        raise ValueError(f"k: got {k!r}, expected a whole number or an expression")
    return (-1) ** (k + 1) * trace / k


@checked(dimension=size(1), lipschitz=real)
def truncation_bound(dimension: sp.Expr, lipschitz: sp.Expr, terms: int) -> sp.Expr:
    """$D\\bigl(-\\log(1 - L) - \\sum_{k \\le n} L^k/k\\bigr)$, which the error of the first n terms does not exceed.

    `dimension` D, `lipschitz` L from 0 to below 1, `terms` n >= 0. Cost O(n).

    >>> truncation_bound(2, sp.Rational(1, 2), 1)
    -1 + 2*log(2)
    """
    if isinstance(terms, bool) or not isinstance(terms, int) or terms < 0:
        raise ValueError(f"terms: got {terms!r}, expected a whole number of at least 0")
    known = sum((lipschitz**k / k for k in range(1, terms + 1)), sp.S.Zero)
    return sp.expand(dimension * (-sp.log(1 - lipschitz) - known))
