"""Which expressions SymPy's assumptions may be asked about."""

__all__ = ["signs_are_trusted"]

from typing import Any

import sympy as sp


def signs_are_trusted(*expressions: Any) -> bool:
    """Whether no part is among those of which SymPy 1.14 says a wrong sign, or a wrong kind of number.

    It takes binomial(n, 3) for negative whatever the integer n, arctan of a rational number for irrational, hence
    not zero, gamma of a number that is no integer for one whose sign alternates, and (-1)^(n/2) for imaginary.
    """
    return all(_is_trusted(node) for expression in expressions for node in sp.preorder_traversal(expression))


def _is_trusted(node: Any) -> bool:
    if isinstance(node, sp.binomial):
        return bool(node.args[0].is_nonnegative or node.is_number)
    if isinstance(node, sp.atan):
        return bool(node.is_number or not node.args[0].is_rational or node.args[0].is_nonzero)
    if isinstance(node, sp.gamma):
        return bool(node.is_number or node.args[0].is_positive)
    if isinstance(node, sp.Heaviside):
        return bool(node.args[1].is_real)
    if node.is_Pow if isinstance(node, sp.Expr) else False:
        return not (node.base.is_negative and not node.is_number and not node.exp.is_integer)
    return True
