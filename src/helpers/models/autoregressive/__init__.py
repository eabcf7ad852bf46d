r"""Images drawn pixel by pixel: exact laws of small binary images, and networks that give each pixel its probability.

The laws are exact fractions and need no PyTorch; what computes with tensors loads it when it is first asked for.
An image of $n$ pixels has the number whose binary digits are its pixels in raster order, the first pixel the
highest: so all $2^n$ images stand in one order, everywhere in this package.
"""

import importlib

from helpers.models.autoregressive.laws import (
    chain_rule,
    log_probability_of_pixel,
    neighbour_law,
    pixels_of_image,
    probability_of_pixel,
    reading_law,
)

_TORCH = {
    "PixelModel": "pixel_model",
    "all_images": "enumeration",
    "canvas_conditionals": "pixel_model",
    "chernoff_exponent": "enumeration",
    "conditional_entropies": "enumeration",
    "entropy": "enumeration",
    "gated_network": "pixel_model",
    "image_numbers": "enumeration",
    "kl_divergence": "enumeration",
    "law_of_conditionals": "enumeration",
    "masked_network": "pixel_model",
}

__all__ = [
    "PixelModel",
    "all_images",
    "canvas_conditionals",
    "chain_rule",
    "chernoff_exponent",
    "conditional_entropies",
    "entropy",
    "gated_network",
    "image_numbers",
    "kl_divergence",
    "law_of_conditionals",
    "log_probability_of_pixel",
    "masked_network",
    "neighbour_law",
    "pixels_of_image",
    "probability_of_pixel",
    "reading_law",
]


def __getattr__(name: str):
    if name in _TORCH:
        return getattr(importlib.import_module(f"{__name__}.{_TORCH[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
