"""What arguments may be, said once: a public function names the kind of each, and what is of another kind is refused.

A kind is a function `(name, value) -> value`: it gives the value back, as the function wants to have it, or raises
ValueError with the argument's name, what came and what is expected. These are for formulas, sizes and names. Tensors
are read by `helpers.models.invertible.check_points`, and a kernel that is called in a loop checks by itself: reading
the arguments of a call costs some microseconds.
"""

from __future__ import annotations

import functools
import inspect
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import sympy as sp

__all__ = [
    "bound",
    "checked",
    "described",
    "finite",
    "function",
    "instance",
    "matrix",
    "nonnegative",
    "number",
    "number_or_tensor",
    "one_of",
    "optional",
    "positive",
    "real",
    "scalar",
    "several",
    "size",
    "symbol",
    "vector",
    "whole",
    "words",
]

Kind = Callable[[str, Any], Any]
F = TypeVar("F", bound=Callable)


def checked(**kinds: Kind) -> Callable[[F], F]:
    """Decorator: the arguments of these names are read by their kinds before the function runs, defaults, too.

    >>> @checked(x=real)
    ... def square(x):
    ...     return x**2
    >>> square("three")
    Traceback (most recent call last):
    ValueError: x: got 'three', expected a finite real number or an expression
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        if unknown := set(kinds) - set(signature.parameters):
            raise ValueError(f"kinds: got {', '.join(sorted(unknown))}, expected among {signature}")

        @functools.wraps(function)
        def read(*arguments: Any, **named: Any) -> Any:
            given = signature.bind(*arguments, **named)
            given.apply_defaults()
            for name, kind in kinds.items():
                given.arguments[name] = kind(name, given.arguments[name])
            return function(*given.args, **given.kwargs)

        return read

    return decorate


def described(value: Any) -> str:
    """A value as an error shows it: on one line, and not for long."""
    text = " ".join(f"{value!r}".split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _expression(value: Any) -> sp.Expr | None:
    """A SymPy scalar, or None for what is none, for NaN and for what is infinite."""
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    try:
        found = sp.sympify(value, strict=True)
    except (sp.SympifyError, TypeError, ValueError, AttributeError, RuntimeError):
        return None
    if not isinstance(found, sp.Expr) or getattr(found, "is_Matrix", False) or hasattr(found, "rank"):
        return None
    # What has no value hides in a larger expression: all of it is looked through, and nothing is deduced, which may
    # take long. Infinity may be a limit in it.
    return None if found.has(sp.nan, sp.zoo) or found in (sp.oo, -sp.oo) else found


def scalar(name: str, value: Any) -> sp.Expr:
    """A finite number, also a complex one, or a SymPy expression."""
    if (found := _expression(value)) is None:
        raise ValueError(f"{name}: got {described(value)}, expected a finite number or an expression")
    return found


def real(name: str, value: Any) -> sp.Expr:
    """A finite real number or a SymPy expression; of a number or a symbol it is asked whether it is real."""
    found = _expression(value)
    if found is None or ((found.is_number or found.is_Symbol) and found.is_real is False):
        raise ValueError(f"{name}: got {described(value)}, expected a finite real number or an expression")
    return found


def positive(name: str, value: Any) -> sp.Expr:
    """As `real`, and not known to be zero or negative."""
    if (found := _expression(value)) is None or found.is_positive is False:
        raise ValueError(f"{name}: got {described(value)}, expected a positive number or an expression")
    return found


def nonnegative(name: str, value: Any) -> sp.Expr:
    """As `real`, and not known to be negative."""
    if (found := _expression(value)) is None or found.is_nonnegative is False:
        raise ValueError(f"{name}: got {described(value)}, expected a number of at least 0 or an expression")
    return found


def bound(name: str, value: Any) -> sp.Expr:
    """An end of an interval: as `real`, or one of both infinities."""
    if isinstance(value, (sp.Expr, float, int)) and not isinstance(value, bool) and value in (sp.oo, -sp.oo):
        return sp.sympify(value)
    return real(name, value)


def number(name: str, value: Any) -> Any:
    """As `scalar`, but the value as it came: a Python number stays one."""
    scalar(name, value)
    return value


def number_or_tensor(name: str, value: Any) -> Any:
    """As `number`; a tensor passes."""
    return value if hasattr(value, "is_floating_point") else number(name, value)


def size(least: int) -> Kind:
    """A whole number of at least `least`, or a SymPy expression that is not known to be anything else."""

    def kind(name: str, value: Any) -> sp.Expr:
        found = _expression(value)
        fits = found is not None and found.is_integer is not False and (found - least).is_negative is not True
        if not fits or (found.is_number and not found.is_integer):
            raise ValueError(
                f"{name}: got {described(value)}, expected a whole number of at least {least} or an expression"
            )
        return found

    return kind


def whole(least: int | None = None, most: int | None = None) -> Kind:
    """A whole number in these bounds, as a Python integer; True and 2.0 are none."""

    def kind(name: str, value: Any) -> int:
        try:
            found = None if isinstance(value, bool) else operator.index(value)
        except (TypeError, ValueError, RuntimeError):
            found = None
        if found is None or (least is not None and found < least) or (most is not None and found > most):
            bounds = (
                ""
                if least is None
                else f" of at least {least}"
                if most is None
                else f" from {least} to {most}"
            )
            raise ValueError(f"{name}: got {described(value)}, expected a whole number{bounds}")
        return found

    return kind


def finite(*, above: float | None = None) -> Kind:
    """A finite real number, as a float; larger than `above` where that is given."""

    def kind(name: str, value: Any) -> float:
        found = _expression(value)
        found = float(found) if found is not None and found.is_number and found.is_real else math.nan
        if not math.isfinite(found) or (above is not None and found <= above):
            larger = "" if above is None else f" above {above:g}"
            raise ValueError(f"{name}: got {described(value)}, expected a finite number{larger}")
        return found

    return kind


def one_of(choices: Iterable[str]) -> Kind:
    """One of these names."""
    names = tuple(choices)

    def kind(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError(f"{name}: got {described(value)}, expected one of {', '.join(names)}")
        return value

    return kind


def words(name: str, value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name}: got {described(value)}, expected words")
    return value


def symbol(name: str, value: Any) -> sp.Symbol:
    """A SymPy symbol."""
    if not isinstance(value, sp.Symbol):
        raise ValueError(f"{name}: got {described(value)}, expected a SymPy symbol")
    return value


def function(name: str, value: Any) -> Callable:
    """Something that can be called."""
    if not callable(value):
        raise ValueError(f"{name}: got {described(value)}, expected a function")
    return value


def instance(*types: type) -> Kind:
    """An object of one of these types."""

    def kind(name: str, value: Any) -> Any:
        if not isinstance(value, types):
            names = (each.__name__ for each in types)
            expected = " or ".join(f"{'an' if name[0] in 'AEIOU' else 'a'} {name}" for name in names)
            raise ValueError(f"{name}: got {described(value)}, expected {expected}")
        return value

    return kind


def optional(kind: Kind) -> Kind:
    """None, or what the other kind is."""
    return lambda name, value: None if value is None else kind(name, value)


def several(kind: Kind, least: int = 1, most: int | None = None) -> Kind:
    """From `least` to `most` values of one kind, as a list: from a sequence, or a vector of SymPy's or NumPy's."""

    def read(name: str, value: Any) -> list:
        entries = _entries(value)
        if entries is None or len(entries) < least or (most is not None and len(entries) > most):
            count = f"{least}" if most == least else f"at least {least}"
            raise ValueError(f"{name}: got {described(value)}, expected a sequence of {count}")
        return [kind(f"{name}[{index}]", entry) for index, entry in enumerate(entries)]

    return read


def vector(name: str, value: Any) -> list[sp.Expr]:
    """One scalar or a sequence of at least one, as a list."""
    entries = _entries(value)
    if entries is None:
        entries = [value]
    if not entries or any(_expression(entry) is None for entry in entries):
        raise ValueError(
            f"{name}: got {described(value)}, expected finite numbers or expressions, at least one"
        )
    return [_expression(entry) for entry in entries]


def matrix(name: str, value: Any) -> sp.ImmutableMatrix:
    """A matrix of scalars with explicit entries, at least one: SymPy's, or rows of entries; a scalar is one, too."""
    try:
        found = sp.ImmutableMatrix(value if _expression(value) is None else [[value]])
    except (sp.SympifyError, TypeError, ValueError, AttributeError, RuntimeError):
        found = None
    if found is None or not found.rows or not found.cols or any(_expression(x) is None for x in found):
        raise ValueError(
            f"{name}: got {described(value)}, expected a matrix of finite numbers or expressions"
        )
    return found


def _entries(value: Any) -> list | None:
    """The entries of a sequence, or None for what is none; a matrix that is neither a row nor a column is none."""
    if isinstance(value, sp.MatrixBase):
        return list(value) if 1 in value.shape else None
    if isinstance(value, (Sequence, sp.Tuple)) and not isinstance(value, (str, bytes)):
        return list(value)
    return list(value) if getattr(value, "ndim", None) == 1 else None
