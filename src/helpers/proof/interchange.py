"""When a derivative may pass an integral sign or the sign of an infinite sum, and what to do where it may not."""

__all__ = ["integrate_first"]

from typing import Any

import sympy as sp

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.enclosure import Unsupported
from helpers.proof.sampling import sample
from helpers.proof.smoothness import moves_with

CLOSED_FORM_SECONDS = 10.0
POINTS = 2


def integrate_first(side: Any, domain: Domain) -> Any:
    """Replace ∂/∂θ ∫ f by ∂/∂θ of the integral's closed form, unless f is smooth over a bounded range.

    SymPy always takes the derivative under the integral sign, where it does not belong if θ moves a jump or a
    kink, ∂/∂θ ∫₀¹ [t < θ] dt = 1, or if mass escapes to infinity: ∂/∂θ ∫₀^∞ θ³ exp(-θ²t) dt is 1 at θ = 0, the
    integral of the derivative 0. A closed form is believed only if quadrature agrees with it.

    Raises:
        Unsupported: the integral has no closed form, or quadrature does not agree.
    """
    if not isinstance(side, sp.Basic) or not (side.has(sp.Derivative) and side.has(sp.Integral)):
        return side
    return side.replace(
        lambda node: isinstance(node, sp.Derivative), lambda node: _with_integrals_done(node, domain)
    )


def _with_integrals_done(node: sp.Derivative, domain: Domain) -> Any:
    done = {
        integral: _closed_form(integral, domain)
        for integral in node.expr.atoms(sp.Integral)
        if any(not _may_pass(parameter, integral, domain) for parameter in node.variables)
    }
    return sp.Derivative(node.expr.xreplace(done), *node.variable_count).doit() if done else node


def _may_pass(parameter: Any, integral: sp.Integral, domain: Domain) -> bool:
    """Whether the integrand is smooth, by construction, in the parameter and the variables over a bounded range."""
    if parameter not in integral.function.free_symbols - set(integral.variables):
        return True  # it stands in the limits, if anywhere
    if not all(len(limit) == 3 and limit[1].is_finite and limit[2].is_finite for limit in integral.limits):
        return False
    signs = {**domain.sharpened(integral), **{limit[0]: _within(limit) for limit in integral.limits}}
    bound = {signs[variable] for variable in integral.variables}
    return not moves_with(integral.function.xreplace(signs), signs.get(parameter, parameter), bound)


def _within(limit: Any) -> sp.Dummy:
    """A stand-in for the variable that knows the sign which its range gives it."""
    variable, low, high = limit
    for sign in ("positive", "nonnegative", "negative", "nonpositive"):
        if getattr(low, f"is_{sign}") and getattr(high, f"is_{sign}"):
            return sp.Dummy(variable.name, **{sign: True})
    if low.is_zero and high.is_nonnegative:
        return sp.Dummy(variable.name, nonnegative=True)
    return sp.Dummy(variable.name, real=True)


def _closed_form(integral: sp.Integral, domain: Domain) -> Any:
    signs = domain.sharpened(integral)
    back = {stand_in: symbol for symbol, stand_in in signs.items()}
    try:
        value = within(CLOSED_FORM_SECONDS, integral.xreplace(signs).doit).xreplace(back)
    except OutOfTime:
        value = integral
    except Exception:  # an integration that stumbles has found nothing
        value = integral
    if not value.has(sp.Integral):
        seen = sample(integral, value, "==", domain, POINTS)
        if seen.held and seen.counterexample is None:
            return value
    raise Unsupported("a derivative of an integral that may not be taken under the integral sign")
