"""The PyTorch devices of this machine, and which one to prefer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["available", "preferred", "supports_float64"]

_VARIABLE = "DERIVATIONS_DEVICE"


def available() -> list[torch.device]:
    """The devices that can compute now: the CPU first, then every CUDA device, then Apple's MPS."""
    import torch

    cuda = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [torch.device(name) for name in ("cpu", *(f"cuda:{index}" for index in cuda), *mps)]


def preferred() -> torch.device:
    """The device to compute on: the first CUDA device, else MPS, else the CPU.

    The environment variable `DERIVATIONS_DEVICE` (`cpu`, `cuda`, `cuda:1`, `mps`) comes before that. Raises
    ValueError where it names no device of this machine.
    """
    present = available()
    wanted = os.environ.get(_VARIABLE)
    if not wanted:
        return present[1] if len(present) > 1 else present[0]
    choices = {str(device): device for device in present}
    if "cuda:0" in choices:
        choices["cuda"] = choices["cuda:0"]
    if wanted not in choices:
        raise ValueError(f"{_VARIABLE}: expected one of {', '.join(choices)}, got {wanted!r}")
    return choices[wanted]


def supports_float64(device: torch.device) -> bool:
    """Whether tensors on `device` can be float64; MPS has float32 at most. Raises ValueError for no device."""
    import torch

    if not isinstance(device, torch.device):
        raise ValueError(f"device: got {device!r}, expected a torch.device")
    return device.type != "mps"


def device(name: str, value: object) -> torch.device | None:
    """A kind of argument (`helpers.arguments`): a device that can be used, or its name; None for PyTorch's choice.

    PyTorch's meta device, which has no numbers, is one.
    """
    import torch

    try:
        found = value if value is None or isinstance(value, torch.device) else torch.device(value)
        torch.empty(0, device=found)
    except (RuntimeError, TypeError, AssertionError):
        known = ", ".join(map(str, available()))
        raise ValueError(f"{name}: got {value!r}, expected one of {known}") from None
    return found
