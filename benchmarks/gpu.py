"""The package's kernels on a GPU, or on the CPU, against what the device can do at all.

    PYTHONPATH=src python benchmarks/gpu.py [--device cuda] [--small]

First the device's own limits are measured: bytes a second by a large copy, operations a second by a large matrix
product, and how long an empty call takes. Then each kernel is checked against the CPU in float64, and timed. Its
bound is what the device would need if it did nothing but move the bytes that must be moved, or nothing but the
arithmetic that must be done: no program is faster. Writes results/devices/<device>.json, which the book's page
on GPUs reads.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gpu_kernels import KERNELS, NUMBER, Kernel, Numbers
from side_by_side import RESULTS, difference, machine, quartiles, save, slug

from helpers import building, devices
from helpers.models.invertible import unchecked

DEVICES = RESULTS / "devices"
ROUNDS, LEAST, SECONDS = 30, 5, 3.0  # of a kernel: at most, at least, and the time that all may take
FLAG = 0.5  # a fraction of the bound below which a reason is given
MOST = {torch.float64: 1e-9, torch.float32: 2e-3}  # difference from the CPU in float64, relative above 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--device", help="as PyTorch names it: cuda, cuda:1, cpu; by default the preferred one"
    )
    parser.add_argument("--small", action="store_true", help="tiny sizes: whether it runs, no measurement")
    parser.add_argument("--folder", type=Path, default=DEVICES, help="where the results go")
    parser.add_argument("--only", help="kernels whose name holds this; nothing is written")
    options = parser.parse_args()
    os.environ[building.VARIABLE] = "1"  # no bars, as while the book is built: they take time, and a library
    device = torch.device(options.device) if options.device else devices.preferred()
    here = [str(found) for found in devices.available() if found.type in ("cpu", "cuda")]
    if str(device) not in (*here, "cuda" if "cuda:0" in here else "cpu"):
        parser.error(f"--device: got {device}, expected one of {', '.join(here)}")
    chosen = [kernel for kernel in KERNELS if (options.only or "") in kernel.name]
    contents = measure(device, chosen, small=options.small)
    if not options.only:
        print(save(slug(contents["device"]["name"]), contents, options.folder))


@torch.no_grad()
def measure(device: torch.device, kernels: list[Kernel], *, small: bool = False) -> dict[str, Any]:
    """Everything that is written: the device, its limits, and a row a kernel."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # of the CPU, where that is the device: for its limits and for the kernels alike
    try:
        return _measured(device, kernels, small)
    finally:
        torch.set_num_threads(threads)


def _measured(device: torch.device, kernels: list[Kernel], small: bool) -> dict[str, Any]:
    told = machine()
    found = limits(device, small=small)
    print(f"{describe(device)['name']}: " + ", ".join(f"{key} {value:.3g}" for key, value in found.items()))
    rows: list[dict[str, Any]] = []
    for kernel in kernels:
        rows.append(row(kernel, device, found, small=small))
        print(sentence(rows[-1]), flush=True)
    return {"machine": told, "device": describe(device), "small": small, "limits": found, "rows": rows}


def describe(device: torch.device) -> dict[str, Any]:
    """The device's name and kind, and what it has."""
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        return {
            "name": card.name,
            "kind": "cuda",
            "memory": card.total_memory,
            "processors": card.multi_processor_count,
            "CUDA": torch.version.cuda,
        }
    return {"name": machine()["processor"], "kind": device.type, "threads": torch.get_num_threads()}


def limits(device: torch.device, *, small: bool = False) -> dict[str, float]:
    """What the device can do: bytes and operations a second, and the seconds of an empty call and of a wait."""
    count = 2**18 if small else min(2**30, free(device) // 16) // NUMBER
    source = torch.ones(count, device=device)
    target = torch.empty_like(source)
    least = min(seconds(partial(target.copy_, source), device, small))
    found = {"bytes a second": 2 * NUMBER * count / least}
    del source, target
    size = 64 if small else 8192 if device.type == "cuda" else 2048
    for dtype, name in ((torch.float32, "float32"), (torch.float64, "float64")):
        if dtype == torch.float64 and not devices.supports_float64(device):
            continue
        a = torch.randn(size, size, device=device, dtype=dtype)
        product = torch.empty_like(a)
        least = min(seconds(lambda a=a, product=product: torch.mm(a, a, out=product), device, small))
        found[f"{name} operations a second"] = 2 * size**3 / least
    one = torch.zeros((), device=device)

    def many_calls() -> None:
        for _ in range(100):
            one.add_(1)

    found["seconds of a call"] = statistics.median(seconds(many_calls, device, small)) / 100
    found["seconds of a look"] = statistics.median(seconds(one.item, device, small))
    return found


def row(kernel: Kernel, device: torch.device, found: dict[str, float], *, small: bool) -> dict[str, Any]:
    """Check, count and time one kernel."""
    apart = check(kernel, device)
    n = kernel.small if small else min(kernel.largest, fitting(kernel, device))
    run = kernel.make(Numbers(device, torch.float32, drawn_there=True), n)
    run()
    with Traffic() as traffic:
        run()
    times = quartiles(list(seconds(run, device, small)))
    with unchecked():
        without = statistics.median(seconds(run, device, small))
    moved, done = kernel.moved(n), kernel.done(n)
    by_bytes, by_operations = moved / found["bytes a second"], done / found["float32 operations a second"]
    bound = max(by_bytes, by_operations)
    made = {
        "name": kernel.name,
        "title": kernel.title,
        "counted": kernel.counted,
        "n": n,
        "least": kernel.least,
        "bytes": moved,
        "operations": done,
        "bound by": "bytes" if by_bytes >= by_operations else "operations",
        "bound": bound,
        "apart": apart,
        "seconds": times,
        "seconds unchecked": without,
        "fraction": bound / times["median"],
        "fraction unchecked": bound / without,
        "calls": traffic.calls,
        "looks": traffic.looks,
        "traffic": traffic.bytes,
    }
    made["reason"] = reason(made, found) if made["fraction"] < FLAG else None
    return made


def check(kernel: Kernel, device: torch.device) -> dict[str, float]:
    """The differences from the CPU in float64, at a small size; SystemExit where one is too large."""

    def result(where: torch.device, dtype: torch.dtype) -> list:
        drawn = Numbers(where, dtype, drawn_there=False)
        return [
            leaf for leaf in tree_leaves(kernel.make(drawn, kernel.small)()) if isinstance(leaf, torch.Tensor)
        ]

    expected, apart = result(torch.device("cpu"), torch.float64), {}
    for dtype, most in MOST.items():
        if dtype == torch.float64 and not devices.supports_float64(device):
            continue
        name = str(dtype).removeprefix("torch.")
        apart[name] = difference(expected, result(device, dtype))
        if not apart[name] <= most:
            raise SystemExit(f"{kernel.name}: {name} on {device} differs by {apart[name]:.1e} from the CPU")
    return apart


def reason(made: dict[str, Any], found: dict[str, float]) -> str:
    """What most of the time goes to, from what was counted: calls, passes over memory, or the calls' own work."""
    median = made["seconds"]["median"]
    calls = made["calls"] * found["seconds of a call"] + made["looks"] * found["seconds of a look"]
    passes = made["traffic"] / found["bytes a second"]
    if calls >= max(passes, median / 2):
        return "calls"
    return "passes" if passes >= median / 2 else "work"


def sentence(made: dict[str, Any]) -> str:
    """A row in a line, for the terminal."""
    return (
        f"{made['title']}, {made['n']:,} {made['counted']}: {1e3 * made['seconds']['median']:.4g} ms, "
        f"{made['fraction']:.0%} of the bound by {made['bound by']} ({made['fraction unchecked']:.0%} unchecked); "
        f"{made['calls']} calls, {made['looks']} looks, {made['traffic'] / made['bytes']:.1f} times the bytes"
        + (f"; below one half: {made['reason']}" if made["reason"] else "")
    )


class Traffic(TorchDispatchMode):
    """Counts what PyTorch is asked to do: calls that compute, looks at a value, bytes that calls read and write."""

    def __enter__(self):
        self.calls = self.looks = self.bytes = 0
        return super().__enter__()

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        result = function(*arguments, **(options or {}))
        if "_local_scalar_dense" in str(function):
            self.looks += 1
        elif not function.is_view:
            self.calls += 1
            read = [leaf for leaf in tree_leaves((arguments, options)) if isinstance(leaf, torch.Tensor)]
            written = [leaf for leaf in tree_leaves(result) if isinstance(leaf, torch.Tensor)]
            self.bytes += sum(map(_size, (*read, *written)))
        return result


def _size(tensor: torch.Tensor) -> int:
    """The bytes of its different numbers: an expanded dimension is there once."""
    lengths = [length for length, step in zip(tensor.shape, tensor.stride(), strict=True) if step]
    return math.prod(lengths) * tensor.element_size() if tensor.numel() else 0


def free(device: torch.device) -> int:
    """Bytes of memory that can be taken now."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    info = Path("/proc/meminfo")
    lines = (
        [line for line in info.read_text().splitlines() if "MemAvailable" in line] if info.exists() else []
    )
    return int(lines[0].split()[1]) * 1024 if lines else 4 * 2**30


def fitting(kernel: Kernel, device: torch.device) -> int:
    """The largest size, divided by tens, whose memory fits; a CPU gets a fiftieth of the whole."""
    most = kernel.largest if device.type == "cuda" or not kernel.room else kernel.largest // 50
    while kernel.room * most > free(device) / 2 and most > kernel.small:
        most //= 10
    return most


def seconds(run: Callable[[], Any], device: torch.device, small: bool) -> Iterator[float]:
    """Seconds of a call, several times after a warm-up: on a GPU between two events, else the processor's own."""
    most = 0.0 if small else SECONDS
    on_card = device.type == "cuda"
    with torch.cuda.device(device) if on_card else nullcontext():
        for _ in range(2):
            run()
        spent = 0.0
        for number in range(ROUNDS):
            if number >= LEAST and spent > most:
                return
            if on_card:
                begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
                torch.cuda.synchronize(device)
                begin.record()
                run()
                end.record()
                torch.cuda.synchronize(device)
                took = begin.elapsed_time(end) / 1e3
            else:
                started = time.process_time()  # of one thread: what others do on the machine counts less
                run()
                took = time.process_time() - started
            spent += took
            yield took


if __name__ == "__main__":
    main()
