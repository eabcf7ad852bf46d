"""One SymPy expression, written once: as LaTeX, as NumPy, as PyTorch and as JavaScript."""

from helpers.codegen.arrays import to_numpy, to_torch
from helpers.codegen.javascript import to_javascript
from helpers.notation import to_latex

__all__ = ["to_javascript", "to_latex", "to_numpy", "to_torch"]
