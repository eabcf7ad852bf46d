"""What came of a call: a right answer, an error of ours, or a fault."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
import torch

import helpers
from helpers.proof import DerivationError

__all__ = ["NEARLY_THE_LARGEST", "fault_of_error", "has_nan", "is_finite"]

NEARLY_THE_LARGEST = 1e150  # the square of a larger number leaves the range of double precision
PACKAGE = str(Path(helpers.__file__).parent)


def fault_of_error(error: Exception, names: set[str]) -> str | None:
    """None for an error of ours that names an argument and says what is expected; else what is wrong with it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    if isinstance(error, DerivationError):  # says which step is false
        return None
    if not isinstance(error, ValueError | TypeError):
        return f"{type(error).__name__} at {where}: {error}"
    if not frame.filename.startswith(PACKAGE):
        return f"{type(error).__name__} from outside, at {where}: {error}"
    message = str(error)
    named = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message) for name in names)
    if not named or "expected" not in message:
        return (
            f"{type(error).__name__} at {where} names no argument or does not say what is expected: {message}"
        )
    return None


def leaves(result: Any) -> Iterator[Any]:
    """All numbers, arrays and expressions in a result."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        for part in result:
            yield from leaves(part)
    else:
        yield result


def has_nan(result: Any) -> bool:
    """Whether there is a NaN in a result."""
    return any(_is_nan(leaf) for leaf in leaves(result))


def _is_nan(leaf: Any) -> bool:
    if isinstance(leaf, torch.Tensor):
        return not leaf.is_meta and not leaf.is_sparse and bool(leaf.isnan().any())
    if isinstance(leaf, (sp.Basic, sp.MatrixBase)):
        return leaf.has(sp.nan)
    return isinstance(leaf, (float, complex)) and leaf != leaf


def is_finite(argument: Any) -> bool:
    """Whether no number in an argument is NaN, infinite, or so large that NaN may come of its square."""
    return all(_is_finite(leaf) for leaf in leaves(argument))


def _is_finite(leaf: Any) -> bool:
    if isinstance(leaf, torch.Tensor):
        if leaf.is_meta or leaf.is_sparse:
            return False
        return not leaf.is_floating_point() or bool((leaf.abs() < NEARLY_THE_LARGEST).all())
    if isinstance(leaf, (sp.Basic, sp.MatrixBase)):
        return not leaf.has(sp.nan, sp.oo, -sp.oo, sp.zoo)
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind not in "fc" or bool(np.isfinite(leaf).all())
    return not isinstance(leaf, (float, complex)) or bool(np.isfinite(leaf))
