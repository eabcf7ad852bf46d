r"""Update rules for the bilinear game and the matrices that they iterate.

The game is $V(d, g) = d g$: the discriminator $d$ ascends, the generator $g$ descends. A rule is written
once, as what a player would do; its iteration matrix is the Jacobian of that rule, found by SymPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import sympy as sp
from sympy.logic.boolalg import Boolean

from helpers.arguments import checked, symbol
from helpers.symbols import Notation

__all__ = [
    "FIELD",
    "METHODS",
    "PAYOFF",
    "STATE",
    "Method",
    "characteristic_polynomial",
    "converges",
    "iteration_matrix",
]

_d, _g, _d_before, _g_before, _eta = Notation("training_methods")("d g d_before g_before eta")
_parameter = sp.Symbol("p", real=True)

STATE = sp.Matrix([_d, _g])
"""The state $v = (d, g)$ as SymPy symbols, a column."""

PAYOFF = _d * _g
"""The value $V = d g$ that $d$ wants large and $g$ wants small."""

FIELD = sp.Matrix([sp.diff(PAYOFF, _d), -sp.diff(PAYOFF, _g)])
"""The direction $F(v) = (\\partial_d V, -\\partial_g V)$ in which both players want to move, a column."""

Rule = Callable[[sp.Matrix, sp.Matrix, sp.Expr, sp.Expr], sp.Matrix]


def _at(expression: sp.Matrix, v: sp.Matrix) -> sp.Matrix:
    return expression.subs({_d: v[0], _g: v[1]}, simultaneous=True)


def _simultaneous(v, before, eta, parameter):
    return v + eta * _at(FIELD, v)


def _alternating(v, before, eta, parameter):
    d = v[0] + eta * _at(FIELD, v)[0]
    g = v[1] + eta * _at(FIELD, sp.Matrix([d, v[1]]))[1]
    return sp.Matrix([d, g])


def _implicit(v, before, eta, parameter):
    # The new point appears on both sides: w = v + eta F(w).
    w = sp.Matrix(sp.symbols("w_d w_g", real=True))
    solution = sp.solve(list(w - v - eta * _at(FIELD, w)), list(w), dict=True)[0]
    return w.subs(solution)


def _extragradient(v, before, eta, parameter):
    look_ahead = v + eta * _at(FIELD, v)
    return v + eta * _at(FIELD, look_ahead)


def _optimistic(v, before, eta, parameter):
    return v + 2 * eta * _at(FIELD, v) - eta * _at(FIELD, before)


def _consensus(v, before, eta, strength):
    disagreement = (FIELD.T * FIELD)[0] / 2
    slope = sp.Matrix([sp.diff(disagreement, _d), sp.diff(disagreement, _g)])
    return v + eta * _at(FIELD - strength * slope, v)


def _penalty(v, before, eta, strength):
    penalized = PAYOFF - strength * _d**2 / 2
    return v + eta * _at(sp.Matrix([sp.diff(penalized, _d), -sp.diff(PAYOFF, _g)]), v)


def _heavy_ball_simultaneous(v, before, eta, momentum):
    return v + eta * _at(FIELD, v) + momentum * (v - before)


def _heavy_ball_alternating(v, before, eta, momentum):
    d = v[0] + eta * _at(FIELD, v)[0] + momentum * (v[0] - before[0])
    g = v[1] + eta * _at(FIELD, sp.Matrix([d, v[1]]))[1] + momentum * (v[1] - before[1])
    return sp.Matrix([d, g])


@dataclass(frozen=True)
class Method:
    """One way for both players to step.

    `rule(v, before, eta, parameter)` maps the state (and the state before it) to the next state, as SymPy
    columns. `parameter` names what the rule needs besides the learning rate: ``"strength"`` (at least 0),
    ``"momentum"`` (any real number) or None. `memory` says whether the rule looks at `before`: the iteration
    matrix then acts on the lifted state $(d_k, g_k, d_{k-1}, g_{k-1})$. `region(eta, parameter)` is the
    tuple of conditions on a positive learning rate that hold together exactly where every trajectory tends to
    $(0, 0)$; None stands for nowhere.
    """

    name: str
    title: str
    rule: Rule
    region: Callable[[sp.Expr, sp.Expr], tuple[Boolean, ...]] | None
    parameter: str | None = None
    memory: bool = False


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            Method("simultaneous", "Simultaneous", _simultaneous, None),
            Method("alternating", "Alternating", _alternating, None),
            Method("implicit", "Implicit (proximal point)", _implicit, lambda eta, _: ()),
            Method("extragradient", "Extragradient", _extragradient, lambda eta, _: (eta < 1,)),
            Method(
                "optimistic",
                "Optimistic",
                _optimistic,
                lambda eta, _: (3 * eta**2 < 1,),
                memory=True,
            ),
            Method(
                "consensus",
                "Consensus",
                _consensus,
                lambda eta, gamma: (eta * (1 + gamma**2) < 2 * gamma,),
                parameter="strength",
            ),
            Method(
                "penalty",
                "Penalty on the discriminator",
                _penalty,
                lambda eta, gamma: (eta < gamma, 2 * eta * gamma < 4 + eta**2),
                parameter="strength",
            ),
            Method(
                "heavy_ball_simultaneous",
                "Heavy ball, simultaneous",
                _heavy_ball_simultaneous,
                None,
                parameter="momentum",
                memory=True,
            ),
            Method(
                "heavy_ball_alternating",
                "Heavy ball, alternating",
                _heavy_ball_alternating,
                lambda eta, beta: (sp.Lt(-1, beta), beta < 0, eta < 2 * (1 + beta)),
                parameter="momentum",
                memory=True,
            ),
        )
    }
)
"""The nine rules of the book by name."""


@cache
def _derived(name: str) -> sp.ImmutableMatrix:
    """Jacobian of the rule, in the symbols `_eta` and `_parameter`: the rule is linear, so it is the matrix."""
    method = METHODS[name]
    before = sp.Matrix([_d_before, _g_before])
    update = method.rule(STATE, before, _eta, _parameter)
    if not method.memory:
        return sp.ImmutableMatrix(update.jacobian(STATE).applyfunc(sp.cancel))
    lifted = sp.Matrix([*STATE, *before])
    return sp.ImmutableMatrix(sp.Matrix([*update, *STATE]).jacobian(lifted).applyfunc(sp.expand))


def iteration_matrix(method: str, learning_rate, **parameters) -> sp.Matrix:
    r"""The matrix $A$ with $v_{k+1} = A v_k$, derived as the Jacobian of the method's rule.

    Acts on $(d, g)$, shape (2, 2), or on the lifted state $(d_k, g_k, d_{k-1}, g_{k-1})$, shape (4, 4), for
    the methods with memory. `learning_rate` and the method's parameter (`strength` or `momentum`) are numbers
    or SymPy expressions. Raises `ValueError` for an unknown method, a learning rate or a strength that is
    negative or not finite, and a parameter that is missing or that the method does not take.

    Example
    -------
    >>> import sympy as sp
    >>> iteration_matrix("simultaneous", sp.Symbol("eta", positive=True))
    Matrix([
    [   1, eta],
    [-eta,   1]])
    """
    eta, parameter = check_arguments(method, learning_rate, parameters)
    values = {_eta: eta} if parameter is None else {_eta: eta, _parameter: parameter}
    return sp.Matrix(_derived(method).subs(values, simultaneous=True))


@checked(variable=symbol)
def characteristic_polynomial(method: str, learning_rate, variable: sp.Symbol, **parameters) -> sp.Expr:
    r"""$\det(\lambda I - A)$ in `variable`, for the matrix of `iteration_matrix`; same arguments and errors.

    >>> eta, lam = Notation("games")("eta lam")
    >>> characteristic_polynomial("simultaneous", eta, lam)
    eta**2 + lambda**2 - 2*lambda + 1
    """
    matrix = iteration_matrix(method, learning_rate, **parameters)
    return sp.cancel(matrix.charpoly(variable).as_expr(variable))


def converges(method: str, learning_rate, **parameters) -> Boolean:
    r"""The condition under which every trajectory of the method tends to $(0, 0)$, as a SymPy Boolean.

    Exactly the condition that the spectral radius is below 1. With numbers it is true or false; the chapter
    on games derives each condition. Same arguments and errors as `iteration_matrix`.

    >>> converges("extragradient", sp.Symbol("eta", positive=True))
    eta < 1
    >>> converges("penalty", 0.5, strength=1)
    True
    """
    eta, parameter = check_arguments(method, learning_rate, parameters)
    region = METHODS[method].region
    return sp.false if region is None else sp.And(eta > 0, *region(eta, parameter))


def check_arguments(method: str, learning_rate, parameters: Mapping) -> tuple[sp.Expr, sp.Expr | None]:
    """The learning rate and the method's parameter as SymPy expressions, or `ValueError` (`iteration_matrix`)."""
    wanted = check_names(method, parameters)
    eta = check_number("learning_rate", learning_rate, negative=False)
    if wanted is None:
        return eta, None
    return eta, check_number(wanted, parameters[wanted], negative=wanted == "momentum")


def check_names(method: str, parameters: Mapping) -> str | None:
    """The name of the method's parameter; `ValueError` for an unknown method and for other parameters."""
    if not isinstance(method, str) or method not in METHODS:
        raise ValueError(f"method: got {method!r}, expected one of {', '.join(METHODS)}")
    wanted = METHODS[method].parameter
    expected = {wanted} - {None}
    if set(parameters) != expected:
        need = f"the parameter {wanted}" if wanted else "no parameter besides learning_rate"
        came = ", ".join(sorted(parameters)) or "none"
        raise ValueError(f"parameters: got {came}; the method {method!r} takes {need}")
    return wanted


def check_number(argument: str, value, *, negative: bool) -> sp.Expr:
    """`value` as a SymPy expression, or `ValueError` naming `argument` unless it can be a finite real number."""
    expected = "a finite real number" if negative else "a finite number, 0 or greater"
    message = f"{argument}: got {value!r}, expected {expected}"
    if isinstance(value, (bool, str, bytes)) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(message)
    try:
        expression = sp.sympify(value)
    except (sp.SympifyError, TypeError, ValueError) as error:
        raise ValueError(message) from error
    if not isinstance(expression, sp.Expr) or expression.is_finite is False or expression.is_real is False:
        raise ValueError(message)
    if expression is sp.nan or (not negative and expression.is_negative):
        raise ValueError(message)
    return expression
