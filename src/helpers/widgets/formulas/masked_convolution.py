"""The data and formulas of the figures on masked convolutions: offsets, weights, the size of the cone."""

from __future__ import annotations

import json
import random

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models.masked_convolution import (
    MASKS,
    ORIENTATIONS,
    GatedLayer,
    Layer,
    blind_count,
    blind_fraction,
    causal_count,
    field_count,
    gated_offsets,
    layer_offsets,
    reach,
)

__all__ = ["KERNEL_SIZES", "MOST_LAYERS", "MOST_PIXELS", "image", "mask_name", "source", "weights"]

KERNEL_SIZES = (3, 5, 7)
MOST_LAYERS = 5
MOST_PIXELS = 11
"""Rows and columns of the largest image in the figure."""


def mask_name(mask: str | None) -> str:
    """What the figure calls a mask: `plain` for none."""
    return mask or "plain"


def image() -> list[list[float]]:
    """A fixed image with values between 0 and 1."""
    draw = random.Random(11)
    return [[round(draw.random(), 3) for _ in range(MOST_PIXELS)] for _ in range(MOST_PIXELS)]


def weights() -> list[list[list[float]]]:
    """Fixed weights between -1 and 1, a square for each layer; a smaller kernel takes the upper left part."""
    draw = random.Random(23)
    side = range(max(KERNEL_SIZES))
    return [[[round(draw.uniform(-1, 1), 3) for _ in side] for _ in side] for _ in range(MOST_LAYERS)]


def source() -> str:
    """Offsets of every mask, weights and an image; reach, sizes and the blind part of the field."""
    m, L = sp.symbols("m L", integer=True, positive=True)
    i, n_A = sp.symbols("i n_A", integer=True, nonnegative=True)
    x = sp.Symbol("x", real=True)
    kinds = [(size, mask, way) for size in KERNEL_SIZES for mask in MASKS for way in ORIENTATIONS]
    plain = {
        f"{size} {mask_name(mask)} {way}": layer_offsets(Layer(size, mask, way)) for size, mask, way in kinds
    }
    gated = {
        f"{size} {mask} {way}": gated_offsets(GatedLayer(size, mask, way))
        for size, mask, way in kinds
        if mask
    }
    limit = sp.limit(blind_fraction(m, L), L, sp.oo)
    data = {
        "OFFSETS": plain,
        "GATED_OFFSETS": gated,
        "IMAGE": image(),
        "WEIGHTS": weights(),
        "MOST_LAYERS": MOST_LAYERS,
        "BLIND_FRACTION_LATEX": to_latex(blind_fraction(m, L)),
        "BLIND_LIMIT_LATEX": to_latex(limit),
    }
    functions = [
        to_javascript(sp.tanh(x), [x], "activation"),
        to_javascript(reach(i, m, L, n_A), [i, m, L, n_A], "reach"),
        to_javascript(field_count(m, L, n_A), [m, L, n_A], "fieldCount"),
        to_javascript(causal_count(m, L), [m, L], "causalCount"),
        to_javascript(blind_count(m, L, n_A), [m, L, n_A], "blindCount"),
        to_javascript(blind_fraction(m, L), [m, L], "blindFraction"),
        to_javascript(limit, [m], "blindLimit"),
    ]
    constants = [f"const {name} = {json.dumps(value)};\n" for name, value in data.items()]
    return "\n".join(f"export {part}" for part in [*constants, *functions])
