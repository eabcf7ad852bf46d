"""The recursion: one handler a kind of node, and the readings that handlers share."""

__all__ = [
    "BY_CLASS",
    "HANDLERS",
    "Handler",
    "Undefined",
    "Unresolved",
    "Unsupported",
    "as_ball",
    "as_real",
    "as_whole",
    "decline_if_analytic",
    "evaluate",
    "sign_of",
]

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq


class Undefined(ArithmeticError):
    """The expression has no finite value at the point (a pole, log 0, a singular matrix)."""


class Unresolved(ArithmeticError):
    """The balls are too wide to say: which piece of a `Piecewise`, which side of a jump."""


class Unsupported(ArithmeticError):
    """The expression holds something that has no enclosure here."""


# A handler takes the node and the values of the symbols; found by the node's exact type, else by its class.
Handler = Callable[[Any, dict], Any]
HANDLERS: dict[Any, Handler] = {}
BY_CLASS: dict[Any, Handler] = {}


def evaluate(expression: Any, values: dict) -> Any:
    """The value of a node: `fmpq`, `acb`, `bool` or `acb_mat`. `values` holds symbol → value, and under
    "analytic" whether a quadrature asks for an analytic continuation."""
    handler = HANDLERS.get(type(expression))
    if handler is not None:
        return handler(expression, values)
    for kind, handler in BY_CLASS.items():
        if isinstance(expression, kind):
            return handler(expression, values)
    raise Unsupported(f"{type(expression).__name__} has no enclosure")


def as_ball(value: Any) -> acb:
    if isinstance(value, acb):
        return value
    if isinstance(value, fmpq):
        return acb(arb(value))
    raise Unsupported(f"a scalar is needed, got {type(value).__name__}")


def as_real(value: Any) -> fmpq | arb:
    """The value as a real number; raises if it is not known to be one."""
    if isinstance(value, fmpq):
        return value
    if value.imag == 0:
        return value.real
    if not value.imag.contains(0):
        raise Undefined("an order or a jump needs a real number")
    raise Unresolved("cannot tell whether a value is real")


def sign_of(value: Any) -> int:
    real = as_real(value)
    if real > 0:
        return 1
    if real < 0:
        return -1
    if real == 0:
        return 0
    raise Unresolved("cannot tell the sign of a value")


def as_whole(value: Any) -> int:
    if isinstance(value, fmpq) and value.q == 1:
        return int(value.p)
    raise Unsupported("an index that is not a whole number")


def decline_if_analytic(values: dict) -> None:
    # A quadrature asks for analytic continuation: a function that has none must decline.
    if values.get("analytic", False):
        raise Undefined("not analytic")
