"""Examples of every invertible map of `helpers.models`, a module a topic: each has a list `CASES`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import torch

__all__ = ["Case", "all_cases"]


@dataclass(frozen=True)
class Case:
    """One map to take through all checks.

    Attributes:
        name: of the case, for the test's identifier.
        make: builds the map, with parameters that are neither zero nor symmetric.
        points: (count, generator) → float64 points `(count, *shape of a point)`; None for standard normal ones.
        tolerance: relative and absolute, in float64, of an inverse and its log-determinant.
        sizes: the lengths of a point where the map's `event_shape` is None, in their order.
    """

    name: str
    make: Callable[[], torch.nn.Module]
    points: Callable[[int, torch.Generator], torch.Tensor] | None = None
    tolerance: float = 1e-9
    sizes: tuple[int, ...] = ()


def all_cases() -> list[Case]:
    """The cases of all topics."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return [case for module in modules for case in module.CASES]
