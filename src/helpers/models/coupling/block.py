r"""The affine coupling block in symbols: forwards, backwards, Jacobian and log-determinant at an explicit size.

The halves a and b of the input have h entries each, u and v are those of the output. F and G are undefined
functions: each of their entries depends on all of b, or, where they are said to be elementwise, on its own entry.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

__all__ = [
    "Variables",
    "block_jacobian",
    "forward",
    "inverse",
    "inverse_block_jacobian",
    "log_determinant",
    "variables",
]


class Variables(NamedTuple):
    """What a block is made of: column matrices with h rows.

    Attributes:
        a, b: the halves of the input; u, v: those of the output.
        s: the logarithms of the scales of the second half, numbers.
        F, G: the networks' values at b, each entry an undefined function.
    """

    a: sp.Matrix
    b: sp.Matrix
    u: sp.Matrix
    v: sp.Matrix
    s: sp.Matrix
    F: sp.Matrix
    G: sp.Matrix


def variables(h: int, *, elementwise: bool = False) -> Variables:
    """The variables of a block with halves of length h, all real: `a_1`, ..., or `a` alone for h = 1.

    Raises ValueError for an h that is no positive integer.

    >>> variables(2).F[0], variables(2, elementwise=True).F[0]
    (F_1(b_1, b_2), F_1(b_1))
    """
    if isinstance(h, bool) or not isinstance(h, int) or h < 1:
        raise ValueError(f"h: got {h!r}, expected a positive integer")
    tails = [""] if h == 1 else [f"_{i}" for i in range(1, h + 1)]
    a, b, u, v, s = (
        sp.Matrix([sp.Symbol(f"{letter}{tail}", real=True) for tail in tails]) for letter in "abuvs"
    )
    F, G = (
        sp.Matrix(
            [
                sp.Function(f"{letter}{tail}", real=True)(*([b[i]] if elementwise else b))
                for i, tail in enumerate(tails)
            ]
        )
        for letter in "FG"
    )
    return Variables(a, b, u, v, s, F, G)


def forward(h: int, *, elementwise: bool = False) -> sp.Matrix:
    """The output, u over v, as a column of 2h entries in a, b and s.

    >>> forward(1).T
    Matrix([[a*exp(G(b)) + F(b), b*exp(s)]])
    """
    a, b, _, _, s, F, G = variables(h, elementwise=elementwise)
    return _stacked(_scaled(G, a) + F, _scaled(s, b))


def inverse(h: int, *, elementwise: bool = False) -> sp.Matrix:
    """The input, a over b, as a column of 2h entries in u, v and s; F and G are read at what b is then.

    >>> inverse(1).T
    Matrix([[(u - F(v*exp(-s)))*exp(-G(v*exp(-s))), v*exp(-s)]])
    """
    _, b, u, v, s, F, G = variables(h, elementwise=elementwise)
    second = _scaled(-s, v)
    known = dict(zip(b, second, strict=True))
    F, G = (values.xreplace(known) for values in (F, G))
    return _stacked(_scaled(-G, u - F), second)


def block_jacobian(h: int, *, elementwise: bool = False) -> sp.Matrix:
    r"""The Jacobian of `forward`, assembled from its blocks: a matrix of 2h rows and 2h columns.

    Above, $\operatorname{diag}(e^G)$ and $\operatorname{diag}(e^G \circ a)\, J_G + J_F$, with all functions at b;
    below, 0 and $\operatorname{diag}(e^s)$. The diagonal matrix stands on the left of $J_G$: it multiplies rows.
    Raises ValueError as `variables` does.

    >>> block_jacobian(1)[0, 1]
    a*exp(G(b))*Derivative(G(b), b) + Derivative(F(b), b)
    """
    a, b, _, _, s, F, G = variables(h, elementwise=elementwise)
    corner = sp.diag(*_scaled(G, a)) * G.jacobian(b) + F.jacobian(b)
    return _triangular(sp.diag(*G.applyfunc(sp.exp)), corner, sp.diag(*s.applyfunc(sp.exp)))


def inverse_block_jacobian(h: int, *, elementwise: bool = False) -> sp.Matrix:
    r"""The Jacobian of `inverse` at the output of (a, b), written in a, b and s.

    With the blocks D, B, E of `block_jacobian` it is
    $\bigl(\begin{smallmatrix} D^{-1} & -D^{-1} B E^{-1} \\ 0 & E^{-1} \end{smallmatrix}\bigr)$.
    """
    *_, s, _, G = variables(h, elementwise=elementwise)
    first, second = (sp.diag(*values.applyfunc(lambda x: sp.exp(-x))) for values in (G, s))
    corner = block_jacobian(h, elementwise=elementwise)[:h, h:]
    return _triangular(first, -first * corner * second, second)


def log_determinant(h: int, *, elementwise: bool = False) -> sp.Expr:
    r"""$\log\det$ of the Jacobian, $\sum_i (G_i(b) + s_i)$: the determinant is positive.

    >>> log_determinant(2)
    s_1 + s_2 + G_1(b_1, b_2) + G_2(b_1, b_2)
    """
    *_, s, _, G = variables(h, elementwise=elementwise)
    return sp.Add(*G, *s)


def _scaled(exponents: sp.Matrix, values: sp.Matrix) -> sp.Matrix:
    """Entry by entry, the exponential of the one times the other."""
    return exponents.applyfunc(sp.exp).multiply_elementwise(values)


def _stacked(first: sp.Matrix, second: sp.Matrix) -> sp.Matrix:
    return first.col_join(second)


def _triangular(first: sp.Matrix, corner: sp.Matrix, second: sp.Matrix) -> sp.Matrix:
    return first.row_join(corner).col_join(sp.zeros(*first.shape).row_join(second))
