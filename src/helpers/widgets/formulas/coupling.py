"""The formulas of the figures on coupling layers: halves of length one in the plane, and of length four."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models import coupling

__all__ = ["BUMP", "NETWORKS", "jacobians", "plane_block", "source", "wide_block"]

# Halves of length one: both networks are a bump of their own height, and no bump has an inverse.
LEVEL, LOG_SCALE_BUMP, SHIFT_BUMP = sp.symbols("g_0 g_1 f", real=True)
_b = coupling.variables(1).b[0]
BUMP = sp.exp(-2 * _b**2)
NETWORKS = {"F": SHIFT_BUMP * BUMP, "G": LEVEL + LOG_SCALE_BUMP * BUMP}

# Halves of length four: tanh of sums in which each entry sees the other ones m times as strongly as m says.
MIXING, SIZE_A, SIZE_B = sp.symbols("m t_a t_b", real=True)
_tenths = sp.Rational(1, 10)
SLOPES_F = sp.Matrix([[12, -8, 5, 9], [7, -11, 6, -5], [-9, 6, 10, 8], [5, 9, -7, 13]]) * _tenths
SLOPES_G = sp.Matrix([[-9, 7, 10, -6], [8, 12, -5, 9], [6, -10, 11, 7], [-7, 5, 9, -12]]) * _tenths
DIRECTION_A = sp.Matrix([10, -7, 8, -9]) * _tenths
DIRECTION_B = sp.Matrix([6, -4, 3, -8]) * _tenths
LOG_SCALES = sp.Matrix([4, -3, 2, -5]) * _tenths


def plane_block() -> dict[str, sp.Expr | sp.Matrix]:
    """The block of the plane: forwards, backwards, wrongly backwards, and the log-determinant, with the bumps."""
    names = coupling.variables(1)
    a, u, v, s = (column[0] for column in (names.a, names.u, names.v, names.s))
    values = {names.F[0]: NETWORKS["F"], names.G[0]: NETWORKS["G"]}
    F, G = (NETWORKS[name].subs(_b, v * sp.exp(-s)) for name in "FG")
    inverse = coupling.inverse(1)
    for name, value in zip("FG", (names.F[0], names.G[0]), strict=True):
        inverse = inverse.replace(value.func, sp.Lambda(_b, NETWORKS[name]))
    return {
        "forward": coupling.forward(1).subs(values),
        "inverse": inverse,
        # The bracket closes after the exponential: only the shift is rescaled.
        "closedTooEarly": sp.Matrix([u - F * sp.exp(-G), inverse[1]]),
        "logDeterminant": coupling.log_determinant(1).subs(values),
        "arguments": sp.Matrix([a, _b]),
        "outputs": sp.Matrix([u, v]),
    }


def _networks(b: sp.Matrix) -> tuple[sp.Matrix, sp.Matrix]:
    def mixed(slopes: sp.Matrix) -> sp.Matrix:
        weights = sp.Matrix(4, 4, lambda i, j: slopes[i, j] * (1 if i == j else MIXING))
        return (weights * b).applyfunc(sp.tanh)

    return mixed(SLOPES_F), mixed(SLOPES_G) / 2


def wide_block() -> tuple[sp.Matrix, sp.Matrix, sp.Expr]:
    """(input, output, log-determinant) of the block with eight coordinates, in a, b and the mixing m."""
    names = coupling.variables(4)
    F, G = _networks(names.b)
    values = {
        **dict(zip(names.F, F, strict=True)),
        **dict(zip(names.G, G, strict=True)),
        **dict(zip(names.s, LOG_SCALES, strict=True)),
    }
    return (
        names.a.col_join(names.b),
        coupling.forward(4).subs(values),
        coupling.log_determinant(4).subs(values),
    )


def jacobians() -> dict[str, sp.Matrix]:
    """The Jacobian by the chapter's formula, and by two mistaken ones: factors exchanged, entry by entry."""
    names = coupling.variables(4)
    F, G = _networks(names.b)
    known = {
        **{
            function.func: sp.Lambda(tuple(names.b), value)
            for function, value in zip(names.F, F, strict=True)
        },
        **{
            function.func: sp.Lambda(tuple(names.b), value)
            for function, value in zip(names.G, G, strict=True)
        },
    }
    right = coupling.block_jacobian(4)
    for function, meaning in known.items():
        right = right.replace(function, meaning)
    right = right.doit().subs(dict(zip(names.s, LOG_SCALES, strict=True)))
    weights = sp.diag(*(sp.exp(G[i]) * names.a[i] for i in range(4)))

    def with_corner(corner: sp.Matrix) -> sp.Matrix:
        return right[:4, :4].row_join(corner).col_join(right[4:, :])

    return {
        "right": right,
        "exchanged": with_corner(G.jacobian(names.b) * weights + F.jacobian(names.b)),
        "entrywise": with_corner(sp.diag(*(right[i, 4 + i] for i in range(4)))),
    }


def source() -> str:
    """Both blocks, their Jacobians and determinants."""
    block = plane_block()
    parameters = [LEVEL, LOG_SCALE_BUMP, SHIFT_BUMP, coupling.variables(1).s[0]]
    inputs, outputs = [*block["arguments"], *parameters], [*block["outputs"], *parameters]
    # The log-determinant is a combination of 1 and of the bump, which is not constant: it vanishes with these two.
    bump = sp.Symbol("phi")
    coefficients = sp.Poly(block["logDeterminant"].subs(BUMP, bump), bump).all_coeffs()
    parts = [
        to_javascript(list(block["forward"]), inputs, "forward"),
        to_javascript(list(block["inverse"]), outputs, "inverse"),
        to_javascript(list(block["closedTooEarly"]), outputs, "closedTooEarly"),
        to_javascript(block["logDeterminant"], [_b, *parameters], "logDeterminant"),
        to_javascript([NETWORKS["F"], NETWORKS["G"]], [_b, *parameters], "networks"),
        to_javascript(coefficients, parameters, "coefficients"),
    ]
    point, image, log_determinant = wide_block()
    wide = [*point, MIXING]
    parts += [
        to_javascript(list(image), wide, "wideForward"),
        to_javascript(log_determinant, wide, "wideLogDeterminant"),
        to_javascript(list(jacobians().values()), wide, "wideJacobians"),
        to_javascript([*(SIZE_A * DIRECTION_A), *(SIZE_B * DIRECTION_B)], [SIZE_A, SIZE_B], "widePoint"),
    ]
    names = ", ".join(f'"{name}"' for name in jacobians())
    texts = [
        f"export const jacobianNames = [{names}];",
        f"export const bumpTex = String.raw`{to_latex(BUMP)}`;",
    ]
    return "\n\n".join([*(f"export {part}" for part in parts), *texts]) + "\n"
