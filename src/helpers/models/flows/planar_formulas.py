r"""The planar flow $y = x + u\,h(w^\top x + b)$ as SymPy expressions.

Rezende and Mohamed, "Variational Inference with Normalizing Flows" (2015).
"""

import sympy as sp

from helpers.arguments import checked, matrix, real, scalar

__all__ = ["inner_product_repaired", "planar_determinant", "repaired_direction"]


@checked(slope=real, inner_product=real)
def planar_determinant(slope: sp.Expr, inner_product: sp.Expr) -> sp.Expr:
    """$\\det J = 1 + h'\\,w^\\top u$; `slope` is $h'$ at $w^\\top x + b$, `inner_product` is $w^\\top u$. O(1)."""
    return 1 + slope * inner_product


@checked(inner_product=scalar)
def inner_product_repaired(inner_product: sp.Expr) -> sp.Expr:
    """$m(t) = -1 + \\log(1 + e^t)$, which takes every number to one above $-1$. Cost O(1)."""
    return -1 + sp.log(1 + sp.exp(inner_product))


@checked(u=matrix, w=matrix)
def repaired_direction(u: sp.Matrix, w: sp.Matrix) -> sp.Matrix:
    """$\\hat u = u + (m(w^\\top u) - w^\\top u)\\,w / \\lVert w\\rVert^2$.

    Of all changes of $u$ along $w$ it is the one that makes $w^\\top\\hat u = m(w^\\top u)$.
    Columns of one length, `w` not zero. Cost O(D).
    """
    if 1 not in w.shape or w.shape != u.shape or w.is_zero_matrix:
        raise ValueError(
            f"u, w: got {u.tolist()} and {w.tolist()}, expected columns of one length, w not zero"
        )
    inner = w.dot(u)
    return u + (inner_product_repaired(inner) - inner) * w / w.dot(w)
