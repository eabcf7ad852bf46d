"""The formulas of the figures on change of variables."""

from __future__ import annotations

import json
import math
from statistics import NormalDist

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models.densities import (
    affine_inverse,
    affine_map,
    density_at_image,
    density_at_point,
    standard_normal_density,
)

__all__ = ["base_plane", "base_samples", "source"]

z, x, mu = sp.symbols("z x mu", real=True)
sigma = sp.Symbol("sigma", real=True, nonzero=True)
z1, z2, x1, x2 = sp.symbols("z1 z2 x1 x2", real=True)
ENTRIES = sp.symbols("s11 s12 s21 s22", real=True)
MATRIX = sp.Matrix(2, 2, ENTRIES)

ON_THE_LINE, IN_THE_PLANE = 40, 260


def base_samples() -> list[float]:
    """Fixed samples of the standard normal law: its quantiles, of equal probability each."""
    quantile = NormalDist().inv_cdf
    return [round(quantile((i + 0.5) / ON_THE_LINE), 4) for i in range(ON_THE_LINE)]


def base_plane() -> list[list[float]]:
    """Fixed samples of the standard normal law of the plane.

    An evenly spread sequence of the unit square (multiples of 1/p and 1/p², with p³ = p + 1), made normal as Box and
    Muller do: one coordinate becomes the angle, the other the squared length.
    """
    plastic = 1.324717957244746
    points = []
    for i in range(IN_THE_PLANE):
        u, v = (math.fmod(0.5 + (i + 1) / plastic**power, 1) for power in (1, 2))
        radius, angle = math.sqrt(-2 * math.log1p(-u)), 2 * math.pi * v
        points.append([round(radius * math.cos(angle), 3), round(radius * math.sin(angle), 3)])
    return points


def source() -> str:
    """Densities, maps and masses on the line and in the plane, and the samples that are moved."""
    base = standard_normal_density(z)
    plane = standard_normal_density([z1, z2])
    zero = [0, 0]
    image = list(affine_map([z1, z2], zero, MATRIX))
    inverse = list(affine_inverse([x1, x2], zero, MATRIX).applyfunc(sp.cancel))
    determinant = MATRIX.det()
    # The integral of exp(-|φ(x)|²/2), and the normaliser that some solutions divide it by.
    integral = 2 * sp.pi * sp.Abs(determinant)
    printed = sp.sqrt((2 * sp.pi) ** 2 * sp.Abs(determinant))
    parts = [
        to_javascript(base, [z], "baseDensity"),
        to_javascript(mu + sigma * z, [z, mu, sigma], "moved"),
        to_javascript(sp.Abs(sp.diff(mu + sigma * z, z)), [sigma], "stretch"),
        to_javascript(density_at_point(base, z, (x - mu) / sigma, x), [x, mu, sigma], "movedDensity"),
        to_javascript(plane, [z1, z2], "basePlaneDensity"),
        to_javascript(image, [z1, z2, *ENTRIES], "movedPoint"),
        to_javascript(inverse, [x1, x2, *ENTRIES], "preimage"),
        to_javascript(determinant, list(ENTRIES), "determinant"),
        to_javascript(density_at_image(plane, [z1, z2], image), [z1, z2, *ENTRIES], "densityAtImage"),
        to_javascript(
            density_at_point(plane, [z1, z2], inverse, [x1, x2]), [x1, x2, *ENTRIES], "densityAtPoint"
        ),
        to_javascript(plane * 2 * sp.pi / printed, [z1, z2, *ENTRIES], "printedDensityAtImage"),
        to_javascript(sp.simplify(integral / printed), list(ENTRIES), "printedMass"),
        f"const baseSamples = {json.dumps(base_samples())};\n",
        f"const basePlane = {json.dumps(base_plane())};\n",
    ]
    return "\n".join("export " + part for part in parts)
