r"""The radial flow $y = x + \frac{\beta}{\alpha + r}(x - c)$, $r = \lVert x - c\rVert$, as SymPy expressions.

It moves every point along the ray from the centre $c$, so that one number, the distance, tells all of it. Rezende
and Mohamed, "Variational Inference with Normalizing Flows" (2015).
"""

import sympy as sp

from helpers.arguments import checked, real, size

__all__ = [
    "radial_determinant",
    "radial_distance",
    "radial_preimage",
    "radial_slope",
    "radial_stretch",
]


@checked(r=real, alpha=real, beta=real)
def radial_stretch(r: sp.Expr, alpha: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """What $x - c$ is multiplied by, $1 + \\frac{\\beta}{\\alpha + r}$.

    One fraction, which keeps its digits near zero. It is the stretch in every direction across the ray. Cost O(1).

    >>> radial_stretch(*sp.symbols("r alpha beta"))
    (alpha + beta + r)/(alpha + r)
    """
    return (r + (alpha + beta)) / (alpha + r)


@checked(r=real, alpha=real, beta=real)
def radial_distance(r: sp.Expr, alpha: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """The signed distance $\\rho(r) = r + \\frac{\\beta r}{\\alpha + r}$ of the image from the centre.

    Below zero the image lies on the other side of the centre; its distance is $\\lvert\\rho(r)\\rvert$. Cost O(1).
    """
    return r * radial_stretch(r, alpha, beta)


@checked(r=real, alpha=real, beta=real)
def radial_slope(r: sp.Expr, alpha: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """$\\rho'(r) = 1 + \\frac{\\alpha\\beta}{(\\alpha + r)^2}$; along the ray. Cost O(1)."""
    return (r**2 + 2 * alpha * r + alpha * (alpha + beta)) / (alpha + r) ** 2


@checked(rho=real, alpha=real, beta=real)
def radial_preimage(rho: sp.Expr, alpha: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """The radius $r \\ge 0$ with $\\rho(r)$ = `rho`, for $\\beta \\ge -\\alpha$ and `rho` at least 0. Cost O(1).

    >>> radial_preimage(sp.Rational(3, 2), 1, 1)
    1
    """
    difference = rho - alpha - beta
    return (difference + sp.sqrt(difference**2 + 4 * alpha * rho)) / 2


@checked(r=real, alpha=real, beta=real, dimension=size(1))
def radial_determinant(r: sp.Expr, alpha: sp.Expr, beta: sp.Expr, dimension: sp.Expr) -> sp.Expr:
    """$\\det J$ in `dimension` dimensions: a factor along the ray, one for each direction across. Cost O(1).

    >>> radial_determinant(sp.Integer(1), 1, 1, 3)
    45/16
    """
    along, across = radial_slope(r, alpha, beta), radial_stretch(r, alpha, beta)
    return across ** (dimension - 1) * along
