"""Gaussian means of polynomials with one kink or jump, such as those of |z| and max(z, 0)."""

__all__ = ["kinked_mean"]

from typing import Any

import sympy as sp

KINKED = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min)


def kinked_mean(body: Any, law: Any) -> Any:
    """E[body] where absolute values, signs and extremes of linear functions of the variable all turn at one point
    and the body is a polynomial on either side of it; else None.

    With M_k = E[ε^k; ε > c] for a standard normal ε: M_0 = erfc(c/√2)/2, M_1 = φ(c) and
    M_k = c^(k-1) φ(c) + (k - 1) M_(k-2), by parts.
    """
    z, mu, sigma = law.args
    if not (mu.is_extended_real and sigma.is_extended_positive):
        return None
    e = sp.Dummy("epsilon", real=True)
    body = body.subs(z, mu + sigma * e)
    kinks = [node for node in body.atoms(*KINKED) if e in node.free_symbols]
    below: dict[Any, Any] = {}
    above: dict[Any, Any] = {}
    turns = set()
    for node in kinks:
        if isinstance(node, sp.Max | sp.Min) and len(node.args) != 2:
            return None
        turning = sp.expand(
            node.args[0] - node.args[1] if isinstance(node, sp.Max | sp.Min) else node.args[0]
        )
        slope = turning.coeff(e, 1)
        if sp.expand(turning - slope * e).has(e) or not (slope.is_positive or slope.is_negative):
            return None
        turns.add(sp.factor((slope * e - turning) / slope))
        upward = 1 if slope.is_positive else -1
        above[node], below[node] = (_on_side(node, side * upward) for side in (1, -1))
    if len(turns) != 1:
        return None
    (c,) = turns
    density = sp.exp(-(c**2) / 2) / sp.sqrt(2 * sp.pi)
    pieces = [sp.expand(body.xreplace(side)) for side in (below, above)]
    if not c.is_extended_real or not all(piece.is_polynomial(e) for piece in pieces):
        return None
    moments = [sp.erfc(c / sp.sqrt(2)) / 2, density]
    for k in range(2, 1 + max(int(sp.degree(piece, e)) if piece.has(e) else 0 for piece in pieces)):
        moments.append(c ** (k - 1) * density + (k - 1) * moments[k - 2])
    low, high = pieces
    return sp.Add(
        *(
            high.coeff(e, k) * moment
            + low.coeff(e, k) * ((sp.factorial2(k - 1) if k % 2 == 0 else 0) - moment)
            for k, moment in enumerate(moments)
        )
    )


def _on_side(node: Any, side: int) -> Any:
    """What the node is where its argument, or the first argument less the second, has this sign."""
    if isinstance(node, sp.Max | sp.Min):
        return node.args[0] if (side > 0) == isinstance(node, sp.Max) else node.args[1]
    if isinstance(node, sp.Abs):
        return side * node.args[0]
    return sp.Integer(side) if isinstance(node, sp.sign) else sp.Integer((1 + side) // 2)
