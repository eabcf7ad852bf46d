"""The formula of the figure that draws pixel by pixel."""

from __future__ import annotations

import sympy as sp

from helpers.codegen import to_javascript
from helpers.models import autoregressive

__all__ = ["source"]

x = sp.Symbol("x", real=True)
q = sp.Symbol("q", positive=True)


def source() -> str:
    """The probability of one pixel, and its logarithm."""
    parts = [
        to_javascript(autoregressive.probability_of_pixel(x, q), [x, q], "probabilityOfPixel"),
        to_javascript(autoregressive.log_probability_of_pixel(x, q), [x, q], "logProbabilityOfPixel"),
    ]
    return "\n".join("export " + part for part in parts)
