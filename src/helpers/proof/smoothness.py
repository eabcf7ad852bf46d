"""Which expressions are smooth by construction, so that a derivative may be trusted wherever they are defined."""

__all__ = ["TRANSCENDENTAL", "is_smooth", "is_smooth_operation", "moves_with"]

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

_ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)
_SMOOTH_ON_THE_LINE = (sp.tanh, sp.atan, sp.asinh, sp.erf, sp.erfc)
_INSIDE_ONE = (sp.asin, sp.acos, sp.atanh)  # smooth where their argument lies strictly between -1 and 1
TRANSCENDENTAL = (*_ENTIRE, *_SMOOTH_ON_THE_LINE, *_INSIDE_ONE, sp.log)


def _never(base: Any) -> bool:
    return False


def is_smooth(node: Any, proves_positive: Callable[[Any], bool] = _never) -> bool:
    """Whether the expression is, by construction, smooth and real wherever the symbols' assumptions hold.

    Args:
        node: a scalar expression.
        proves_positive: a further test of a base or a logarithm's argument, beyond the symbols' assumptions.
    """
    if node.is_Symbol or node.is_number:
        return bool(node.is_real)
    return is_smooth_operation(node, proves_positive) and all(
        is_smooth(argument, proves_positive) for argument in node.args
    )


def is_smooth_operation(node: Any, proves_positive: Callable[[Any], bool] = _never) -> bool:
    """Whether the node is smooth where its arguments are: a pole, a branch or a kink must be ruled out by a sign."""
    if node.is_Add or node.is_Mul or isinstance(node, _ENTIRE):
        return True
    if isinstance(node, _SMOOTH_ON_THE_LINE):
        return bool(node.args[0].is_real)
    if node.is_Pow and node.exp.is_Integer and node.exp.is_nonnegative:
        return True
    if isinstance(node, _INSIDE_ONE):
        return proves_positive(1 - node.args[0] ** 2)
    if node.is_Pow or isinstance(node, sp.log):
        return bool(node.args[0].is_positive) or proves_positive(node.args[0])
    return False


def moves_with(node: Any, parameter: Any, bound: set, allowed: tuple = ()) -> bool:
    """Whether the parameter may move a jump, a pole or a kink over the bound variables' range.

    It may if some operation on both is not smooth by construction. Undefined functions are smooth, by the book's
    convention. `allowed` are further kinds of node that do no harm.
    """
    if parameter not in node.free_symbols or not node.free_symbols & bound:
        return False
    if node.is_Symbol:
        return False
    if isinstance(node, sp.Derivative | sp.Subs):
        inner = node.expr
        if not isinstance(inner, AppliedUndef | sp.Derivative):
            return True
        parts = node.point if isinstance(node, sp.Subs) else (inner,)
        return any(moves_with(part, parameter, bound, allowed) for part in parts)
    smooth = isinstance(node, AppliedUndef) and not node.is_integer
    if not (smooth or isinstance(node, allowed) or is_smooth_operation(node)):
        return True
    return any(moves_with(argument, parameter, bound, allowed) for argument in node.args)
