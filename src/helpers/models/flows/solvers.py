r"""Two ways to solve an equation that has no formula for its solution: bisection, and a fixed point.

Both are batched, compute without gradients and take a fixed number of steps inside `torch.func.vmap`, which has no
values to look at. What they return is a constant for autograd: a map that needs the derivatives of its inverse takes
one differentiable Newton step from there (`newton_step` where the equation is scalar).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from helpers.arguments import checked, function
from helpers.models.invertible import check_form, holds

__all__ = ["bisection", "fixed_point", "fixed_point_path", "newton_step"]

Function = Callable[[torch.Tensor], torch.Tensor]

_LOOK = 4  # steps from one look at the residual to the next: each look waits for the device


@torch.no_grad()
@checked(function=function)
def bisection(
    function: Function,
    target: torch.Tensor,
    low: torch.Tensor,
    high: torch.Tensor,
    *,
    steps: int | None = None,
) -> torch.Tensor:
    r"""Where an increasing function, applied entry by entry, takes the values `target`.

    The bracket is halved `steps` times and its middle returned, so that the error is at most
    $2^{-\mathrm{steps}-1}(\mathrm{high} - \mathrm{low})$, as far as the function's own rounding lets its values be
    compared.

    Args:
        function: takes and returns tensors of the shape of `target`.
        target: `(...)`.
        low, high: tensors that broadcast to that shape, with `function(low) <= target <= function(high)`.
        steps: at least 1; None for eleven more than the dtype's numbers have binary digits, 64 for float64.

    Raises ValueError where an end of the bracket lies on the wrong side of the target, by how much included; inside
    `torch.func.vmap` nothing is checked. Cost: `steps` + 2 evaluations.

    >>> import torch
    >>> bisection(torch.exp, torch.tensor([2.0, 3.0]), torch.tensor(0.0), torch.tensor(2.0))
    tensor([0.6931, 1.0986])
    """
    check_form("target", target, ())
    steps = _default_steps(target) if steps is None else _checked_steps(steps)
    low, high = (_expanded(name, end, target) for name, end in (("low", low), ("high", high)))
    if not holds((low <= high).all()):
        raise ValueError("low, high: got an upper end below the lower one, expected low <= high")
    for name, end, side in (("low", low, -1), ("high", high, 1)):
        value = function(end)
        check_form(f"function at {name}", value, target.shape)
        gap = side * (value - target)
        # A comparison with NaN is false, so that NaN is refused as well.
        if not holds((gap >= 0).all()):
            relation = "at most" if side < 0 else "at least"
            raise ValueError(
                f"{name}: got an end whose value misses the target by {_worst(-gap)}, "
                f"expected the function there to be {relation} the target"
            )
    for _ in range(steps):
        middle = low + (high - low) / 2
        is_below = function(middle) < target
        low, high = torch.where(is_below, middle, low), torch.where(is_below, high, middle)
    return low + (high - low) / 2


@torch.no_grad()
@checked(function=function)
def fixed_point(
    function: Function,
    start: torch.Tensor,
    *,
    steps: int = 1000,
    tolerance: float | None = None,
    event_dims: int = 0,
) -> torch.Tensor:
    r"""The point with `function(x) = x` of a contraction, by iterating it from `start`.

    If the function has the Lipschitz constant $c < 1$, each step multiplies the distance from the fixed point by at
    most $c$, and a residual $\lVert f(x) - x\rVert$ leaves a distance of at most that over $1 - c$ (Banach).

    Args:
        function: takes and returns tensors of the shape of `start`.
        start: `(..., *event)`.
        steps: the most steps to take, at least 1. The iteration ends sooner where every residual is small enough,
            which is looked at in every fourth step, but not inside `torch.func.vmap`.
        tolerance: the largest residual that counts as solved, relative to 1 + ‖x‖; None for 16 times the dtype's
            rounding unit.
        event_dims: how many of the last dimensions belong to one point; ‖·‖ is the largest size of its entries.

    Raises ValueError, with the residual, where `steps` steps are not enough: the function contracts too slowly, or
    not at all. Inside `torch.func.vmap` nothing is checked. Cost: at most `steps` + 1 evaluations.

    >>> import torch
    >>> fixed_point(lambda x: torch.cos(x) / 2, torch.zeros(2, dtype=torch.float64))
    tensor([0.4502, 0.4502], dtype=torch.float64)
    """
    steps = _checked_steps(steps)
    check_form("start", start, ())
    if isinstance(event_dims, bool) or not isinstance(event_dims, int) or not 0 <= event_dims <= start.ndim:
        raise ValueError(f"event_dims: got {event_dims!r}, expected a whole number from 0 to {start.ndim}")
    if tolerance is not None and not (isinstance(tolerance, int | float) and 0 <= tolerance < math.inf):
        raise ValueError(f"tolerance: got {tolerance!r}, expected a finite number of at least 0")
    allowed = 16 * torch.finfo(start.dtype).eps if tolerance is None else tolerance
    x = start
    for step in range(steps):
        image = function(x)
        if step == 0:
            check_form("function", image, start.shape, like=start, of="start")
        if step % _LOOK == 0:
            is_open = _size(image - x, event_dims) > allowed * (1 + _size(x, event_dims))
            # Inside vmap this holds whatever the values, so that all steps are taken.
            if not holds(is_open.any() | ~torch.isfinite(image).all()):
                x = image
                break
        x = image
    residual = _size(function(x) - x, event_dims)
    if not holds((residual <= 2 * allowed * (1 + _size(x, event_dims))).all()):
        raise ValueError(
            f"steps: got {steps}, after which the residual |f(x) - x| is {_worst(residual)}; expected at most "
            f"{allowed:.1g} of 1 + |x|: more steps, or a function with a Lipschitz constant below 1"
        )
    return x


@torch.no_grad()
@checked(function=function)
def fixed_point_path(function: Function, start: torch.Tensor, steps: int) -> torch.Tensor:
    """The start and the points after 1, ..., `steps` steps of `x <- function(x)`: `(steps + 1, *start.shape)`.

    Raises ValueError for fewer than one step. Cost: `steps` evaluations.

    >>> import torch
    >>> fixed_point_path(lambda x: x / 2, torch.tensor(1.0), 3)
    tensor([1.0000, 0.5000, 0.2500, 0.1250])
    """
    check_form("start", start, ())
    path = [start]
    for _ in range(_checked_steps(steps)):
        path.append(function(path[-1]))
        check_form("function", path[-1], start.shape, like=start, of="start")
    return torch.stack(path)


@checked(value_and_slope=function)
def newton_step(
    value_and_slope: Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
    solution: torch.Tensor,
    target: torch.Tensor,
) -> torch.Tensor:
    r"""One step $x - (g(x) - y)/g'(x)$ from a solution of $g(x) = y$, entry by entry: it carries the derivatives.

    Differentiated with respect to $y$ it gives $1/g'(x)$, with respect to a parameter of $g$ the derivative of the
    solution (implicit function theorem), and it squares the error that the solution came with.

    Args:
        value_and_slope: takes points to $g$ and $g'$, all of one shape; slopes are positive.
        solution: of $g(x) = y$, from a solver; taken for a constant.
        target: $y$.
    """
    check_form("target", target, ())
    check_form("solution", solution, target.shape, like=target, of="target")
    solution = solution.detach()
    found = value_and_slope(solution)
    if not isinstance(found, tuple) or len(found) != 2:
        raise ValueError(f"value_and_slope: returned {type(found).__name__}, expected two tensors")
    for part in found:
        check_form("value_and_slope", part, target.shape, like=target, of="target")
    value, slope = found
    return solution - (value - target) / slope.detach()


def _default_steps(target: torch.Tensor) -> int:
    return 12 - round(math.log2(torch.finfo(target.dtype).eps))


def _checked_steps(steps: int) -> int:
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, at least 1")
    return steps


def _expanded(name: str, end: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    check_form(name, end, ())
    if end.device != target.device:
        raise ValueError(f"{name}: got a tensor on {end.device}, expected one on {target.device}, as target")
    try:
        return end.expand(target.shape)
    except RuntimeError:
        raise ValueError(
            f"{name}: got shape {tuple(end.shape)}, expected one that broadcasts to {tuple(target.shape)}"
        ) from None


def _size(points: torch.Tensor, event_dims: int) -> torch.Tensor:
    sizes = points.abs()
    return sizes.flatten(points.ndim - event_dims).amax(dim=-1) if event_dims else sizes


def _worst(values: torch.Tensor) -> str:
    """The largest of the values, NaN first."""
    worst = values.nan_to_num(math.inf).max() if not torch.isnan(values).any() else torch.tensor(math.nan)
    return f"{worst.item():.3g}"
