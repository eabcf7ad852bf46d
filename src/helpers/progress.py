"""Progress of long work: a bar with an estimate of what remains, in Jupyter and in the terminal."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from helpers.building import is_building

__all__ = ["bar", "track"]

QUICK = 1.0
"""Seconds within which work ends without a bar."""


def track(items: Iterable[Any], label: str, *, total: int | None = None, unit: str = "step") -> Iterator[Any]:
    """Pass `items` on, one by one, with a bar while they last.

    The bar appears after a second, says how many have passed, how fast and how long the rest will take, and
    goes at the end. It shows where somebody can see it: in Jupyter and in a terminal, not in a log nor while the
    book is built. `total` is for items without a length. A loop that is interrupted keeps what it has done, and
    leaves no half-written line. Raises ValueError for an empty `label`, for items that are not iterable and for
    a negative `total`, at once. Cost O(1) an item.

    >>> sum(track(range(5), "Adding"))
    10
    """
    if not isinstance(items, Iterable):
        raise ValueError(f"items: got {type(items).__name__}, expected something to iterate over")
    if total is None:
        total = len(items) if hasattr(items, "__len__") else None
    _check(label, total)
    return _tracked(items, label, total, unit)


def _tracked(items: Iterable[Any], label: str, total: int | None, unit: str) -> Iterator[Any]:
    if is_building():
        yield from items
        return
    with bar(label, total=total, unit=unit) as shown:
        shown.iterable = items
        yield from shown


def bar(label: str, *, total: float | None = None, unit: str = "step", **options):
    """The bar itself, a `tqdm`, for work that does not come as items: `with bar(...) as shown: shown.update(n)`.

    `options` go to `tqdm`. Raises ValueError as `track`.
    """
    _check(label, total)
    from tqdm.auto import tqdm
    from tqdm.notebook import tqdm_notebook

    is_watched = issubclass(tqdm, tqdm_notebook) or sys.stderr.isatty()
    return tqdm(
        desc=label,
        total=total,
        unit=f" {unit}",
        delay=QUICK,
        leave=False,
        disable=not is_watched,
        dynamic_ncols=True,
        **options,
    )


def _check(label: object, total: object) -> None:
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"label: got {label!r}, expected words that say what is done")
    if total is not None and (not isinstance(total, numbers.Real) or not total >= 0):
        raise ValueError(f"total: got {total!r}, expected a number of at least 0")
