"""The figure of the part's last chapter: a trained autoencoder, taken to pieces for one datum."""

from __future__ import annotations

import math
import numbers
from typing import Any

import traitlets

from helpers.widgets.base import Figure, Integer, Real

__all__ = ["TrainedAutoencoder"]


class Layers(traitlets.TraitType[list, list]):
    """A network from `inputs` to `outputs` numbers: layers `[weight rows, bias]`, as lists of finite numbers.

    Rounded to six decimals. Anything else is a `ValueError` that names the trait.
    """

    def __init__(self, inputs: int, outputs: int, **keywords: Any) -> None:
        self.inputs, self.outputs = inputs, outputs
        super().__init__(default_value=[[[[0.0] * inputs] * outputs, [0.0] * outputs]], **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list:
        layers = [] if not isinstance(value, (list, tuple)) else list(value)
        size, kept = self.inputs, []
        for layer in layers:
            pair = list(layer) if isinstance(layer, (list, tuple)) else []
            rows, bias = [_lists(part) for part in pair] if len(pair) == 2 else ([], [])
            fits = (
                isinstance(rows, list)
                and len(rows) > 0
                and all(isinstance(row, list) and len(row) == size and all(map(_finite, row)) for row in rows)
                and isinstance(bias, list)
                and len(bias) == len(rows)
                and all(map(_finite, bias))
            )
            if not fits:
                break
            kept.append(
                [[[round(float(w), 6) for w in row] for row in rows], [round(float(b), 6) for b in bias]]
            )
            size = len(rows)
        if not kept or len(kept) < len(layers) or size != self.outputs:
            raise ValueError(
                f"{self.name}: got {str(value)[:40]!r}, expected layers [weight rows, bias] of finite numbers "
                f"that lead from {self.inputs} to {self.outputs} numbers"
            )
        return kept


class Points(traitlets.TraitType[list, list]):
    """Points of the plane, `(n, 2)`, kept as lists rounded to three decimals."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(default_value=[], **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> list:
        points = _lists(value)
        if not isinstance(points, list) or not all(
            isinstance(point, list) and len(point) == 2 and all(map(_finite, point)) for point in points
        ):
            raise ValueError(f"{self.name}: got {str(value)[:40]!r}, expected pairs of finite numbers")
        return [[round(float(a), 3) for a in point] for point in points]


def _lists(value: Any) -> Any:
    """Nested lists of an array or of nested sequences."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [_lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def _finite(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


class TrainedAutoencoder(Figure):
    """One datum of a trained autoencoder with one latent number: posterior, proposals, and log p(x) in its parts.

    Traits: `x1`, `x2` (-3 to 3, the datum), `z` (-3.5 to 3.5, the latent that is decoded), `doublings` (0 to 10; the
    importance-weighted bound has K = 2 to this power samples), `encoder` (layers from 2 to 2 numbers: mean and
    log-scale), `decoder` (layers from 1 to 2), `log_noise` (-5 to 3), `data` (points shown).
    """

    topic = "autoencoder"
    widget = "trained-autoencoder"
    alt = (
        "Left, data on a ring with the decoder's curve, a datum x to drag and the decoded point of z. Right, over "
        "the latent axis, the prior, the posterior of x, the encoder's bell curve and the best one. Below, a bar "
        "from the bound to log p(x), divided into the amortisation gap and the approximation gap."
    )
    caption = (
        "On most of the ring the three curves agree and both gaps are small. Where the ring closes the posterior has "
        "two bumps: a single bell curve can cover only one, and the encoder, which is continuous, aims between them."
    )
    printed = (
        ("on the ring: $x = (1.2, 0.9)$", {"x1": 1.2, "x2": 0.9}),
        ("inside the ring: $x = (0, 0)$", {"x1": 0.0, "x2": 0.0}),
    )

    x1 = Real(1.2, -3.0, 3.0)
    x2 = Real(0.9, -3.0, 3.0)
    z = Real(0.6, -3.5, 3.5)
    doublings = Integer(4, 0, 10)
    log_noise = Real(0.0, -5.0, 3.0)
    encoder = Layers(2, 2)
    decoder = Layers(1, 2)
    data = Points()
