"""The formulas of the figures on convolutions as matrices."""

from __future__ import annotations

import json

import sympy as sp

from helpers.codegen import to_javascript, to_latex
from helpers.models import convolution

__all__ = ["INPUT", "TAPS", "padded", "source"]

INPUT = tuple(map(sp.Rational, ("1", "2", "-1", "1/2", "3/2", "-2", "1")))
"""The inputs that the figure shows: no slider moves them."""

TAPS = 3
_OUTPUTS = len(INPUT) - TAPS + 1

y = sp.symbols(f"y_1:{len(INPUT) + 1}", real=True)
w = sp.symbols(f"w_1:{TAPS + 1}", real=True)
g = sp.symbols(f"g_1:{_OUTPUTS + 1}", real=True)
k, s, r = sp.symbols("k s r", integer=True)


def padded(signal: sp.Matrix, taps: int) -> sp.Matrix:
    """The matrix that some solutions have for the Hankel one: rows with zeros, as if the input were the kernel."""
    rows = signal.rows - taps + 1
    return sp.Matrix(rows, taps, lambda i, t: signal[t] if t >= i else 0)


def source() -> str:
    """The matrices, outputs and gradients of the layer, and the counts of the second figure."""
    signal = sp.Matrix(y)
    numbers = dict(zip(y, INPUT, strict=True))
    run = convolution.forward(y, [w], biases=[0], activation=sp.tanh)
    gradients = convolution.backpropagate(run, g)
    shown = {
        "hankel": convolution.hankel(signal, TAPS),
        "padded": sp.ImmutableMatrix(padded(signal, TAPS)),
    }
    parts = [
        to_javascript(list(INPUT), [], "inputs"),
        to_javascript(list(run.output.subs(numbers)), list(w), "outputs"),
        to_javascript(convolution.toeplitz(w, len(y)), list(w), "toeplitz"),
        to_javascript(list(gradients.input), [*g, *w], "inputGradient"),
        to_javascript(gradients.biases[0], list(g), "biasGradient"),
    ]
    for name, matrix in shown.items():
        parts.append(to_javascript(matrix.subs(numbers), [], name))
        # What the reader gets back from it: the outputs, or not.
        product = (matrix * sp.Matrix(w)).subs(numbers)
        parts.append(to_javascript(list(product), list(w), f"{name}TimesKernel"))
        parts.append(to_javascript(list((matrix.T * sp.Matrix(g)).subs(numbers)), list(g), f"{name}Gradient"))
    parts.append(to_javascript(sp.Max(0, sp.ceiling((k - r) / s)), [k, s, r], "interiorCount"))
    latex = {"count": to_latex(sp.ceiling((k - r) / s))}
    parts.append(f"const latex = {json.dumps(latex)};\n")
    return "\n".join("export " + part for part in parts)
