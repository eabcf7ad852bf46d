"""Change of variables as formulas: the density of a moved point, and normal densities of explicit size."""

from collections.abc import Sequence
from typing import Any

import sympy as sp

from helpers.arguments import checked, matrix, real, vector

__all__ = [
    "affine_inverse",
    "affine_map",
    "density_at_image",
    "density_at_point",
    "normal_density",
    "normal_density_with_scale",
    "standard_normal_density",
]


@checked(point=vector)
def standard_normal_density(point: Any) -> sp.Expr:
    r"""The density of $\mathcal N(0, I)$: $(2\pi)^{-K/2} e^{-\lVert z \rVert^2/2}$ at a number or K numbers.

    >>> z = sp.Symbol("z", real=True)
    >>> standard_normal_density(z)
    sqrt(2)*exp(-z**2/2)/(2*sqrt(pi))
    """
    return sp.exp(-sum(entry**2 for entry in point) / 2) / sp.sqrt(2 * sp.pi) ** len(point)


@checked(point=vector, mean=vector, scale=vector)
def normal_density(point: Any, mean: Any, scale: Any) -> sp.Expr:
    """The density of independent normal variables, at a number or K numbers.

    `scale` are the standard deviations (never variances), of the length of `mean` and `point`. A scale may be
    negative where its symbol allows it: what counts is its absolute value. Raises ValueError for lengths that
    differ and a scale that is zero.

    >>> x, mu = sp.symbols("x mu", real=True)
    >>> normal_density(x, mu, 2)
    sqrt(2)*exp(-(-mu + x)**2/8)/(4*sqrt(pi))
    """
    _same_length(point=point, mean=mean, scale=_nonzero(scale))
    factors = (
        sp.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sp.sqrt(2 * sp.pi) * sp.Abs(sigma))
        for x, mu, sigma in zip(point, mean, scale, strict=True)
    )
    return sp.Mul(*factors)


@checked(point=vector, mean=vector, matrix=matrix)
def normal_density_with_scale(point: Any, mean: Any, matrix: Any) -> sp.Expr:
    r"""The density of $\mathcal N(\mu, \Sigma)$ with $\Sigma = SS^\top$, written with the covariance $\Sigma$ alone.

    $(2\pi)^{-K/2} (\det\Sigma)^{-1/2} \exp(-\tfrac12 (x-\mu)^\top \Sigma^{-1} (x-\mu))$ for an explicit `matrix`
    S of shape (K, K). Raises ValueError for other shapes and a determinant that is zero. Cost: an inverse of K x K
    symbols.

    >>> x, y = sp.symbols("x y", real=True)
    >>> normal_density_with_scale([x, y], [0, 0], [[0, 1], [1, 0]])
    exp(-x**2/2 - y**2/2)/(2*pi)
    """
    scale = _invertible(matrix)
    _same_length(point=point, mean=mean, matrix=list(range(scale.rows)))
    deviation = sp.Matrix(point) - sp.Matrix(mean)
    covariance = scale * scale.T
    quadratic = (deviation.T * covariance.inv() * deviation)[0, 0]
    normaliser = sp.sqrt((2 * sp.pi) ** scale.rows * covariance.det(method="berkowitz"))
    return sp.exp(-quadratic / 2) / normaliser


@checked(point=vector, shift=vector, matrix=matrix)
def affine_map(point: Any, shift: Any, matrix: Any) -> sp.ImmutableDenseMatrix:
    """$g(z) = \\mu + Sz$ as a column of K expressions; ValueError for a matrix that is not K x K or singular."""
    scale, points, shifts = _affine(point, shift, matrix)
    return sp.ImmutableDenseMatrix(shifts + scale * points)


@checked(point=vector, shift=vector, matrix=matrix)
def affine_inverse(point: Any, shift: Any, matrix: Any) -> sp.ImmutableDenseMatrix:
    """$\\varphi(x) = S^{-1}(x - \\mu)$ as a column of K expressions; ValueError as for `affine_map`."""
    scale, points, shifts = _affine(point, shift, matrix)
    return sp.ImmutableDenseMatrix(scale.inv() * (points - shifts))


@checked(density=real, variables=vector, image=vector)
def density_at_image(density: Any, variables: Any, image: Any) -> sp.Expr:
    r"""$p_X(g(z)) = p_Z(z)\, \lvert\det J_g(z)\rvert^{-1}$, forwards: a formula in z.

    Args:
        density: $p_Z$, in the variables.
        variables: the symbol or the K symbols of z.
        image: $g(z)$, as many expressions in them. That g is a bijection is the caller's to know.

    Raises ValueError for lengths that differ and a Jacobian whose determinant vanishes everywhere.

    >>> z = sp.Symbol("z", real=True)
    >>> density_at_image(standard_normal_density(z), z, 2 * z)
    sqrt(2)*exp(-z**2/2)/(4*sqrt(pi))
    """
    return density / sp.Abs(_determinant("image", image, variables))


@checked(density=real, variables=vector, inverse=vector, point=vector)
def density_at_point(density: Any, variables: Any, inverse: Any, point: Any) -> sp.Expr:
    r"""$p_X(x) = p_Z(\varphi(x))\, \lvert\det J_\varphi(x)\rvert$, backwards: a formula in x.

    Args:
        density: $p_Z$, in `variables`, the symbol or the K symbols of z.
        inverse: $\varphi(x)$, as many expressions in `point`, the symbol or symbols of x.

    Raises ValueError for lengths that differ and a Jacobian whose determinant vanishes everywhere.

    >>> x, z = sp.symbols("x z", real=True)
    >>> density_at_point(standard_normal_density(z), z, x / 2, x)
    sqrt(2)*exp(-x**2/8)/(4*sqrt(pi))
    """
    _same_length(variables=variables, inverse=inverse)
    moved = density.subs(dict(zip(variables, inverse, strict=True)), simultaneous=True)
    return moved * sp.Abs(_determinant("inverse", inverse, point))


def _determinant(name: str, image: list[sp.Expr], variables: list[sp.Expr]) -> sp.Expr:
    _same_length(**{name: image, "variables": variables})
    if not all(isinstance(symbol, sp.Symbol) for symbol in variables):
        raise ValueError(f"variables, point: got {variables}, expected symbols")
    determinant = sp.Matrix(image).jacobian(variables).det(method="berkowitz")
    if determinant.is_zero or sp.expand(determinant) == 0:
        raise ValueError(
            f"{name}: the determinant of its Jacobian is zero everywhere, expected an invertible map"
        )
    return determinant


def _affine(
    point: list[sp.Expr], shift: list[sp.Expr], matrix: sp.ImmutableMatrix
) -> tuple[sp.Matrix, sp.Matrix, sp.Matrix]:
    scale = _invertible(matrix)
    _same_length(point=point, shift=shift, matrix=list(range(scale.rows)))
    return scale, sp.Matrix(point), sp.Matrix(shift)


def _same_length(**vectors: Sequence[Any]) -> None:
    lengths = {name: len(vector) for name, vector in vectors.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"{', '.join(lengths)}: expected equally many entries, but {said}")


def _nonzero(scales: list[sp.Expr]) -> list[sp.Expr]:
    for scale in scales:
        if scale.is_zero:
            raise ValueError(f"scale: got {scales}, expected no zero")
    return scales


def _invertible(matrix: Any) -> sp.Matrix:
    scale = sp.Matrix(matrix)
    if scale.rows != scale.cols or scale.rows == 0:
        raise ValueError(f"matrix: got shape {scale.shape}, expected (K, K)")
    if sp.expand(scale.det(method="berkowitz")) == 0:
        raise ValueError(f"matrix: {scale.tolist()} is singular, expected an invertible matrix")
    return scale
