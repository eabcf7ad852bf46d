r"""What every invertible map of the book shares: value and log-determinant together, in both directions.

An `InvertibleMap` is a `torch.nn.Module`. `forward(x)` returns $y = g(x)$ and
$\log\lvert\det J_g(x)\rvert$, `inverse(y)` returns $x = g^{-1}(y)$ and
$\log\lvert\det J_{g^{-1}}(y)\rvert$, its negative. This module imports PyTorch; the topics' own packages do so
only when one of their maps is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch.distributions import Transform, constraints

from helpers.arguments import checked, several, whole

__all__ = [
    "Composition",
    "InvertibleMap",
    "Permutation",
    "all_finite",
    "check_finite",
    "check_form",
    "check_points",
    "holds",
    "looks",
    "unchecked",
]

_looks = ContextVar("looks", default=True)  # whether values are looked at


class InvertibleMap(torch.nn.Module):
    """A bijection with its log-determinant: the base class of the book's maps.

    A subclass sets `event_shape`, the shape of one point, and defines `forward` and `inverse`. A length that the map
    leaves free, such as an image's height, is None in it. Both methods take tensors `(..., *event_shape)` and
    return a tensor of that shape and the log-determinants, `(...)`. They keep dtype and device, are differentiable in
    the points and in the parameters, and work inside `torch.func.vmap`, where values cannot be looked at and so are
    not checked.
    """

    event_shape: tuple[int | None, ...]

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$g(x)$ and $\\log\\lvert\\det J_g(x)\\rvert$."""
        raise NotImplementedError

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """$g^{-1}(y)$ and $\\log\\lvert\\det J_{g^{-1}}(y)\\rvert$."""
        raise NotImplementedError

    def as_transform(self) -> Transform:
        """The same map for `torch.distributions.TransformedDistribution`; it shares this module's parameters.

        >>> import torch
        >>> swap = Permutation([1, 0]).as_transform()
        >>> swap(torch.tensor([1.0, 2.0]))
        tensor([2., 1.])
        """
        return _MapTransform(self)


class _MapTransform(Transform):
    bijective = True

    def __init__(self, module: InvertibleMap, cache_size: int = 0) -> None:
        super().__init__(cache_size=cache_size)
        self.module = module

    @property
    def domain(self):
        return constraints.independent(constraints.real, len(self.module.event_shape))

    codomain = domain

    def with_cache(self, cache_size: int = 1) -> Transform:
        return self if cache_size == self._cache_size else _MapTransform(self.module, cache_size)

    def _call(self, x: torch.Tensor) -> torch.Tensor:
        return self.module(x)[0]

    def _inverse(self, y: torch.Tensor) -> torch.Tensor:
        return self.module.inverse(y)[0]

    def log_abs_det_jacobian(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.module(x)[1]


class Composition(InvertibleMap):
    """Maps one after the other, the first one first: log-determinants add, by the chain rule.

    `Composition(f, g)` is $x \\mapsto g(f(x))$. Raises ValueError without a map, and where two shapes differ.
    Cost: the sum of the maps'.
    """

    def __init__(self, *maps: InvertibleMap) -> None:
        super().__init__()
        if not maps:
            raise ValueError("maps: got none, expected at least one InvertibleMap")
        for index, module in enumerate(maps):
            if not isinstance(module, InvertibleMap):
                raise ValueError(
                    f"maps: number {index} is {type(module).__name__}, expected an InvertibleMap"
                )
            if module.event_shape != maps[0].event_shape:
                raise ValueError(
                    f"maps: number {index} takes points of shape {module.event_shape}, "
                    f"the first one {maps[0].event_shape}; expected one shape"
                )
        self.maps = torch.nn.ModuleList(maps)
        self.event_shape = maps[0].event_shape

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self._through(x, self.maps, "forward")

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self._through(y, reversed(self.maps), "inverse")

    @staticmethod
    def _through(point, maps, direction):
        total = None
        for module in maps:
            point, log_abs_det = getattr(module, direction)(point)
            total = log_abs_det if total is None else total + log_abs_det
        return point, total


class Permutation(InvertibleMap):
    """The entries of a vector in another order: output $i$ is input `order[i]`. Its $\\lvert\\det\\rvert$ is 1.

    Points are `(..., d)` for `order` of length d. Raises ValueError where `order` is no permutation of 0, ..., d - 1.
    Cost O(d).
    """

    order: torch.Tensor

    @checked(order=several(whole()))
    def __init__(self, order: Sequence[int]) -> None:
        super().__init__()
        indices = [int(index) for index in order]
        if not indices or sorted(indices) != list(range(len(indices))):
            raise ValueError(
                f"order: got {list(order)}, expected each of 0, ..., {max(len(indices) - 1, 0)} once"
            )
        self.event_shape = (len(indices),)
        self.register_buffer("order", torch.tensor(indices))
        self.register_buffer("order_back", torch.argsort(self.order))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("x", x, self.event_shape)
        return x[..., self.order], x.new_zeros(x.shape[:-1])

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("y", y, self.event_shape)
        return y[..., self.order_back], y.new_zeros(y.shape[:-1])


def check_points(
    name: str,
    points: object,
    event_shape: Sequence[int | None],
    *,
    like: torch.Tensor | None = None,
    of: str = "the parameters",
) -> None:
    """Refuse what is no batch of finite points: ValueError naming the argument, what came and what is expected.

    None in `event_shape` stands for any length of at least one. The points are of the dtype and on the device of
    `like`, if it is given; `of` says what that is. Cost: one pass over the points.
    """
    check_form(name, points, event_shape, like=like, of=of)
    check_finite(name, points)


def check_form(
    name: str,
    points: object,
    event_shape: Sequence[int | None],
    *,
    like: torch.Tensor | None = None,
    of: str = "the parameters",
) -> None:
    """What `check_points` asks of kind, shape, dtype and device, and nothing of the numbers; O(1)."""
    if not isinstance(points, torch.Tensor) or not points.is_floating_point() or points.is_sparse:
        kind = points.dtype if isinstance(points, torch.Tensor) else type(points).__name__
        kind = f"a sparse tensor of {kind}" if getattr(points, "is_sparse", False) else kind
        raise ValueError(f"{name}: got {kind}, expected a floating-point tensor")
    if like is not None and (points.dtype != like.dtype or points.device != like.device):
        raise ValueError(
            f"{name}: got {points.dtype} on {points.device}, expected {like.dtype} on {like.device}, as {of}"
        )
    shape = points.shape
    tail = shape[len(shape) - len(event_shape) :]
    fits = tail == event_shape or (
        len(shape) >= len(event_shape)
        and all(
            size == wanted or (wanted is None and size > 0)
            for size, wanted in zip(tail, event_shape, strict=True)
        )
    )
    if not fits:
        expected = ", ".join(["...", *("d" if size is None else str(size) for size in event_shape)])
        raise ValueError(f"{name}: got shape {tuple(shape)}, expected ({expected})")


def check_finite(name: str, values: torch.Tensor, *, verb: str = "got") -> None:
    """Raise ValueError for a NaN or an infinity in `values`, as `all_finite` finds it."""
    if not all_finite(values):
        raise ValueError(f"{name}: {verb} NaN or infinity, expected finite numbers")


def all_finite(values: torch.Tensor) -> bool:
    """Whether there is no NaN and no infinity; True inside `torch.func.vmap` and `unchecked`, and on PyTorch's meta
    device, where there are no values. One pass, most often.

    >>> all_finite(torch.tensor([3e38, 3e38])), all_finite(torch.tensor([1.0, torch.inf, -torch.inf]))
    (True, False)
    """
    if not isinstance(values, torch.Tensor) or values.is_complex():
        kind = values.dtype if isinstance(values, torch.Tensor) else type(values).__name__
        raise ValueError(f"values: got {kind}, expected a tensor of real numbers")
    if not looks() or values.is_meta:
        return True
    # A sum is finite only if all its terms are. Where large numbers overflow it is not: only then look at each.
    try:
        return math.isfinite(values.sum().item()) or bool(torch.isfinite(values).all())
    except RuntimeError as error:
        if "vmap" not in str(error):
            raise
        return True


@contextmanager
def unchecked() -> Iterator[None]:
    """Within it, values are not looked at: nothing is refused by them, as inside `torch.func.vmap`.

    Each look makes the program wait for the device, which costs a GPU more than a small kernel does. So a loop
    checks what goes into it and what comes out, and runs unchecked; and only so can a call be recorded as a CUDA
    graph. Shapes, dtypes and devices are still checked.

    >>> with unchecked():
    ...     check_points("x", torch.tensor([torch.nan]), (1,))
    """
    before = _looks.set(False)
    try:
        yield
    finally:
        _looks.reset(before)


def looks() -> bool:
    """Whether values are looked at here: not inside `unchecked`."""
    return _looks.get()


def holds(condition: torch.Tensor) -> bool:
    """Whether a condition on values holds; True inside `torch.func.vmap` and `unchecked`, where none is looked at,
    and on PyTorch's meta device, where there is none."""
    if not isinstance(condition, torch.Tensor) or condition.ndim:
        raise ValueError(f"condition: got {type(condition).__name__}, expected a tensor () of one Boolean")
    if not looks() or condition.is_meta:
        return True
    try:
        return bool(condition)
    except RuntimeError as error:
        if "vmap" not in str(error):
            raise
        return True
