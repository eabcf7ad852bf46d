"""What is public in `helpers`: functions, classes and their methods, by the packages' `__all__`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import helpers
import helpers.models

__all__ = ["functions", "key"]

PAGES = Path(__file__).resolve().parents[2] / "book" / "appendix" / "helpers"

NOT_CALLED = {
    "models.convolution.Convolution2d": "the autograd function behind `conv2d`, whose arguments that has read",
    "models.games.Method": "a row of the table METHODS",
    "models.invertible.InvertibleMap": "a base class without directions of its own",
    "proof.DerivationError": "is raised, not called",
    "proof.Step": "a row of a derivation",
    "proof.Flaw": "what `find_flaw` returns",
    "proof.Mistake": "what `mistake` returns",
    "proof.Verdict": "what `decide` returns",
    "symbols.Entry": "a row of the table ENTRIES",
    "plotting.Plot": "what `render` returns",
    "models.convolution.ForwardPass": "what `forward` returns",
    "checks.Estimate": "what `monte_carlo` returns; its method has a call",
}
"""Public names that users do not call, each with the reason; a named tuple is what a function returns."""


def modules() -> Iterator[str]:
    """The parts of the package, the topics of `helpers.models`, and what the pages list besides; not `arguments`,
    which reads for all of them."""
    found = {f"helpers.{info.name}" for info in pkgutil.iter_modules(helpers.__path__)}
    found -= {"helpers.models", "helpers.arguments"}
    found |= {f"helpers.models.{info.name}" for info in pkgutil.iter_modules(helpers.models.__path__)}
    for page in PAGES.rglob("*.md"):
        found |= set(re.findall(r"currentmodule:: (\S+)", page.read_text(encoding="utf-8")))
    return iter(sorted(found))


def functions() -> dict[Callable, str]:
    """Each public function, constructor and method, with its name."""
    found: dict[Callable, str] = {}
    for module in modules():
        for name in getattr(importlib.import_module(module), "__all__", ()):
            value = getattr(importlib.import_module(module), name)
            full = f"{module.removeprefix('helpers.')}.{name}"
            if not callable(value) or not getattr(value, "__module__", "").startswith("helpers"):
                continue
            if not inspect.isclass(value):
                found.setdefault(value, full)
                continue
            if full in NOT_CALLED or hasattr(value, "_fields"):
                continue
            found.setdefault(value, full)
            if module != "helpers.widgets":  # a figure's methods make its page
                for attribute, method in vars(value).items():
                    is_method = inspect.isfunction(method) or isinstance(method, classmethod)
                    if is_method and not attribute.startswith("_"):
                        found.setdefault(key(getattr(value, attribute)), f"{full}.{attribute}")
    return found


def key(function: Callable) -> Callable:
    """The function itself, of a bound method, too."""
    return getattr(function, "__func__", function)
