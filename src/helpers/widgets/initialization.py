"""The figures of the chapter on signals at initialisation: moments layer by layer, and order and chaos."""

from __future__ import annotations

import math
import numbers
from typing import Any

import traitlets

from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["OrderAndChaos", "SignalByDepth"]

BINS, DEPTH, LOG_WIDTHS = 12, 10, (2, 6)


class Measured(traitlets.TraitType[dict, dict]):
    """What was measured: `"activation scheme width"` → `{"networks": count, "layers": rows}`.

    One row for each of the ten layers: mean square, half-width of its interval, median, then the shares of the
    histogram. Kept with four significant digits, which is finer than a picture shows. Anything else is a
    `ValueError` that names the trait.
    """

    def __init__(self, **keywords: Any) -> None:
        super().__init__(default_value={}, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> dict:
        if not isinstance(value, dict) or not all(map(_is_measurement, value.items())):
            raise ValueError(
                f"{self.name}: got {str(value)[:60]!r}, expected a dictionary of measurements: networks and layers, "
                f"{DEPTH} rows of {3 + BINS} numbers of at least 0"
            )
        return {
            name: {
                "networks": int(found["networks"]),
                "layers": [[float(f"{x:.4g}") for x in row] for row in found["layers"]],
            }
            for name, found in value.items()
        }


def _is_measurement(item: tuple[Any, Any]) -> bool:
    name, found = item
    return (
        isinstance(name, str)
        and isinstance(found, dict)
        and set(found) == {"networks", "layers"}
        and _is_amount(found["networks"])
        and isinstance(found["layers"], list | tuple)
        and len(found["layers"]) == DEPTH
        and all(
            isinstance(row, list | tuple) and len(row) == 3 + BINS and all(map(_is_amount, row))
            for row in found["layers"]
        )
    )


def _is_amount(value: Any) -> bool:
    return (
        isinstance(value, numbers.Real)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )


class SignalByDepth(Figure):
    """The second moment of each layer, by the recursion and as measured on random networks; the law of one layer.

    Traits: `depth` (1 to 10 layers), `log_width` (2 to 6: all layers have 2 to this power units), `activation`
    (`identity`, `relu` or `tanh`), `scheme` (`torch`, `kaiming` or `xavier`), `measured` (dots, bars and
    histograms; see `helpers.models.initialization.layer_moments`).
    """

    topic = "initialization"
    widget = "signal-by-depth"
    alt = (
        "Left, the second moment of each layer on a logarithmic scale: a line from the recursion, dots with bars "
        "measured on random networks, diamonds for the middle network, and a dashed line for what the input "
        "contributes. Right, a histogram of the last layer with the bell curve of the same variance."
    )
    caption = (
        "Without activation and with ReLU the dots follow the recursion at every width. A single narrow network "
        "is another matter: its law is no bell curve, flat where biases rule, peaked where many weights multiply, "
        "and most networks lie below the mean."
    )
    printed = (
        ("PyTorch's scheme", {"scheme": "torch", "activation": "relu", "depth": 10}),
        ("Kaiming's", {"scheme": "kaiming", "activation": "relu", "depth": 10}),
        ("Xavier's", {"scheme": "xavier", "activation": "relu", "depth": 10}),
    )

    depth = Integer(6, 1, DEPTH)
    log_width = Integer(3, *LOG_WIDTHS)
    activation = Choice("relu", ("identity", "relu", "tanh"))
    scheme = Choice("torch", ("torch", "kaiming", "xavier"))
    measured = Measured()


class OrderAndChaos(Figure):
    """Very wide layers: the plane of weight and bias scales with its critical line, and a correlation map.

    Traits: `weight_scale` (0.1 to 3) and `bias_scale` (0 to 1.5), standard deviations, the former times the
    root of the fan-in; `activation` (`tanh` or `relu`); `start` (-1 to 1, the correlation of two inputs).
    """

    topic = "initialization"
    widget = "order-and-chaos"
    alt = (
        "Left, the plane of weight scale and bias scale, the line between order and chaos, and a point that can be "
        "dragged. Right, the correlation after a layer against the correlation before it, the diagonal, and the path "
        "of two inputs through twelve layers."
    )
    caption = (
        "On the ordered side any two inputs end up alike, on the chaotic side even neighbours part. Only near the "
        "line does a deep network keep what it was shown."
    )
    printed = (
        ("order", {"weight_scale": 0.7, "bias_scale": 0.1}),
        ("near the line", {"weight_scale": 1.1, "bias_scale": 0.1}),
        ("chaos", {"weight_scale": 2.5, "bias_scale": 0.1}),
    )

    weight_scale = Real(1.5, 0.1, 3.0)
    bias_scale = Real(0.5, 0.0, 1.5)
    activation = Choice("tanh", ("tanh", "relu"))
    start = Real(0.3, -1.0, 1.0)
