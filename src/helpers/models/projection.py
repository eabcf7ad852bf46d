r"""The nearest point of a segment or a box, and gradient descent that may not leave it.

`clip` is the formula as a SymPy expression; the other functions are batched PyTorch, imported where it is used.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp

from helpers.arguments import bound, checked, function, real

if TYPE_CHECKING:
    import torch

__all__ = [
    "clip",
    "project_onto_box",
    "project_onto_masked_box",
    "project_onto_segment",
    "projected_gradient_descent",
]


@checked(value=real)
def clip(value: Any, lower: Any = 0, upper: Any = 1) -> sp.Expr:
    r"""$\min\{\max\{y, l\}, u\}$ as a SymPy expression: the point of $[l, u]$ that is nearest to $y$, for $l \le u$.

    Raises ValueError for two numbers of which the lower one is greater.

    >>> clip(sp.Rational(3, 2)), clip(-1), clip(5, 2, 7)
    (1, 0, 5)
    """
    low, high = (bound(name, value) for name, value in (("lower", lower), ("upper", upper)))
    if low.is_number and high.is_number and low > high:
        raise ValueError(f"lower: got {low}, expected at most upper = {high}")
    return sp.Min(sp.Max(value, low), high)


def project_onto_segment(y: torch.Tensor, a: Any) -> torch.Tensor:
    r"""The nearest point to `y` of the segment $\{x_1 = a,\ 0 \le x_2 \le 1\}$: $(a, \min\{\max\{y_2, 0\}, 1\})$.

    `y` is `(..., 2)`, floating and finite; `a` is a number or a tensor that broadcasts with `(...)`. Returns
    `(..., 2)` with the dtype and device of `y`. Its Jacobian in `y` is diag(0, 1) where $0 < y_2 < 1$ and zero
    outside; on the two kinks it is what `torch.clamp` takes. Raises ValueError for anything else. Cost O(1) a point.

    >>> import torch
    >>> project_onto_segment(torch.tensor([[3.0, 0.25], [-1.0, 7.0]]), 0.5)
    tensor([[0.5000, 0.2500],
            [0.5000, 1.0000]])
    """
    import torch

    from helpers.models.invertible import check_points

    check_points("y", y, (2,))
    place = _bound("a", a, y[..., 0], finite=True).expand_as(y[..., 0])
    return torch.stack([place, y[..., 1].clamp(0, 1)], dim=-1)


def project_onto_box(y: torch.Tensor, lower: Any, upper: Any) -> torch.Tensor:
    r"""The nearest point to `y` of the box $l \le x \le u$: each coordinate clipped on its own.

    `y` is `(..., d)`, floating and finite; `lower` and `upper` are numbers or tensors that broadcast with it, and may
    be infinite. Returns `(..., d)` with the dtype and device of `y`. Raises ValueError for anything else, for NaN and
    where `lower` > `upper`: that box is empty. Cost O(d) a point.

    >>> import torch
    >>> project_onto_box(torch.tensor([3.0, 0.25, -2.0]), 0, torch.tensor([1.0, 1.0, torch.inf]))
    tensor([1.0000, 0.2500, 0.0000])
    """
    from helpers.models.invertible import check_points

    check_points("y", y, (None,))
    low, high = _bounds(lower, upper, y)
    return y.clamp(low, high)


def project_onto_masked_box(
    y: torch.Tensor, mask: torch.Tensor, fixed: torch.Tensor, lower: Any = 0.0, upper: Any = 1.0
) -> torch.Tensor:
    r"""The nearest point to `y` where the coordinates of the `mask` are `fixed` and the others lie in a box.

    $M \odot x_0 + (1 - M) \odot \mathrm{clip}(y, l, u)$. `y` is `(..., d)`; `mask` is boolean and `fixed`
    floating and finite, both of a shape that broadcasts with it; the bounds as for `project_onto_box`, and of no
    concern to the fixed coordinates. Returns `(..., d)` with the dtype and device of `y`. Raises ValueError for
    anything else. Cost O(d) a point.

    >>> import torch
    >>> keep = torch.tensor([True, False, False])
    >>> project_onto_masked_box(torch.tensor([3.0, 3.0, 0.5]), keep, torch.tensor([7.0, 7.0, 7.0]))
    tensor([7.0000, 1.0000, 0.5000])
    """
    import torch

    clipped = project_onto_box(y, lower, upper)
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        kind = mask.dtype if isinstance(mask, torch.Tensor) else type(mask).__name__
        raise ValueError(f"mask: got {kind}, expected a boolean tensor")
    _broadcasts("mask", mask, y)
    kept = _bound("fixed", fixed, y, finite=True)
    return torch.where(mask.to(y.device), kept, clipped)


@checked(gradient=function, project=function)
def projected_gradient_descent(
    gradient: Callable[[torch.Tensor], torch.Tensor],
    start: torch.Tensor,
    learning_rate: float,
    steps: int,
    project: Callable[[torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    r"""The path $x_{k+1} = \Pi(x_k - \eta\,\nabla f(x_k))$ from the projection of `start`, every point kept.

    `gradient` and `project` map `(..., d)` to `(..., d)`; `start` is `(..., d)`, floating and finite;
    `learning_rate` is a finite number of at least 0, `steps` a whole number of at least 0. Returns
    `(steps + 1, ..., d)` with the dtype and device of `start`. Raises ValueError for anything else, for a gradient of
    another shape, and for a path that leaves the finite numbers. Cost O(steps) gradients and projections. See
    N. Parikh and S. Boyd, *Proximal Algorithms* (2014).
    """
    import torch

    from helpers.models.invertible import check_form, check_points, holds, unchecked

    check_points("start", start, (None,))
    is_number = isinstance(learning_rate, numbers.Real) and not isinstance(learning_rate, bool)
    if not is_number or not 0 <= learning_rate < float("inf"):
        raise ValueError(f"learning_rate: got {learning_rate!r}, expected a finite number, 0 or greater")
    if isinstance(steps, bool) or not isinstance(steps, numbers.Integral) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, 0 or greater")
    path = [project(start)]
    check_form("project", path[0], start.shape, like=start, of="start")
    with unchecked():
        for _ in range(int(steps)):
            slope = gradient(path[-1])
            check_form("gradient", slope, start.shape, like=start, of="start")
            path.append(project(path[-1] - float(learning_rate) * slope))
            check_form("project", path[-1], start.shape, like=start, of="start")
    points = torch.stack(path)
    if not holds(torch.isfinite(points).all()):
        raise ValueError("gradient: got NaN or infinity on the path, expected finite numbers")
    return points


def _bounds(lower: Any, upper: Any, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    from helpers.models.invertible import holds

    low, high = _bound("lower", lower, y), _bound("upper", upper, y)
    if not holds((low <= high).all()):
        raise ValueError("lower: got a bound above upper, expected lower <= upper in every coordinate")
    return low, high


def _bound(name: str, value: Any, like: torch.Tensor, *, finite: bool = False) -> torch.Tensor:
    """`value` as a tensor like `like` that broadcasts with it; ValueError for NaN and for what is no number."""
    import torch

    from helpers.models.invertible import holds

    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, torch.Tensor) and value.is_floating_point()):
        kind = value.dtype if isinstance(value, torch.Tensor) else type(value).__name__
        raise ValueError(f"{name}: got {kind}, expected a number or a floating-point tensor")
    if isinstance(value, torch.Tensor):
        if value.is_sparse or (value.is_meta and not like.is_meta):
            raise ValueError(f"{name}: got a tensor without values of its own, expected numbers in full")
        tensor = value.to(dtype=like.dtype, device=like.device)
    else:
        # filled in there: a copy would wait for the device
        tensor = torch.full((), float(value), dtype=like.dtype, device=like.device)
    _broadcasts(name, tensor, like)
    good = torch.isfinite(tensor) if finite else ~torch.isnan(tensor)
    if not holds(good.all()):
        wrong, right = ("NaN or infinity", "finite numbers") if finite else ("NaN", "numbers or infinity")
        raise ValueError(f"{name}: got {wrong}, expected {right}")
    return tensor


def _broadcasts(name: str, tensor: torch.Tensor, like: torch.Tensor) -> None:
    import torch

    try:
        fits = torch.broadcast_shapes(tensor.shape, like.shape) == like.shape
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(
            f"{name}: got shape {tuple(tensor.shape)}, expected one that broadcasts to {tuple(like.shape)}"
        )
