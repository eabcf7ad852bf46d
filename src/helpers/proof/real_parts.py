"""Complex expressions in terms of real and imaginary parts."""

__all__ = ["COMPLEX_PARTS", "in_real_parts"]

from typing import Any

import sympy as sp

COMPLEX_PARTS = (sp.re, sp.im, sp.Abs, sp.conjugate)


def in_real_parts(expression: Any, parts: dict[Any, tuple[Any, Any]]) -> Any:
    """Write each symbol that may be complex as u + iv, and |w|, re w, im w, conj w by the parts of w.

    Args:
        expression: any scalar expression.
        parts: symbol → (u, v), real dummies; filled in as symbols are met, so that calls can share them.

    Returns:
        An equal expression in which |w| is √(re² w + im² w).
    """
    for symbol in sorted(expression.free_symbols, key=sp.default_sort_key):
        if symbol.is_Symbol and not symbol.is_extended_real and symbol not in parts:
            parts[symbol] = (sp.Dummy(f"re_{symbol}", real=True), sp.Dummy(f"im_{symbol}", real=True))
    split = expression.xreplace({symbol: u + sp.I * v for symbol, (u, v) in parts.items()})
    return sp.expand(split.replace(lambda node: isinstance(node, COMPLEX_PARTS), _by_parts))


def _by_parts(node: Any) -> Any:
    real, imaginary = sp.expand(node.args[0]).as_real_imag()
    if isinstance(node, sp.re):
        return real
    if isinstance(node, sp.im):
        return imaginary
    if isinstance(node, sp.conjugate):
        return real - sp.I * imaginary
    return sp.sqrt(sp.expand(real**2 + imaginary**2)) if imaginary != 0 else sp.Abs(real)
