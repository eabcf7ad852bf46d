"""All receptive fields of a masked stack: one exact call against gradients, equal results first, then time.

    python benchmarks/receptive_fields.py [--rounds 7] [--side 28] [--depth 12]

The peers take the gradient of each output pixel of a network with positive weights, which shows the connections
without a miss: one forward pass and one backward pass a pixel, as tutorials do it, and the same backward passes in
batches by `torch.func.vmap`. All run in one process on one thread, one after the other in each round. A field that
differs ends the run before anything is timed. Writes results/receptive_fields.md and .json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from helpers.models.masked_convolution import (
    GatedLayer,
    GatedStack,
    Layer,
    MaskedConv2d,
    receptive_fields,
)

RESULTS = Path(__file__).resolve().parent / "results"
DTYPE = (
    torch.float64
)  # on a processor and with one channel the batched peer is several times faster than in float32
BATCH = 112  # backward passes at a time in the batched peer; from 14 to 784 none was clearly faster
PEERS = ("gradients one by one", "gradients in batches")


def network_of(layers: list[Layer] | list[GatedLayer]) -> torch.nn.Module:
    """One channel; positive weights that keep a field of ones near one, so that no gradient vanishes or overflows."""
    if isinstance(layers[0], GatedLayer):
        network = GatedStack(layers, [1] * (len(layers) + 1)).to(DTYPE)
    else:
        network = torch.nn.Sequential(*(MaskedConv2d(layer, 1, 1) for layer in layers)).to(DTYPE)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, MaskedConv2d):
                weight = 0.5 + torch.rand(module.weight.shape, generator=generator, dtype=DTYPE)
                module.weight.copy_(weight / module.mask.sum().clamp(min=1))
                module.bias.fill_(0.1)
    return network


def one_by_one(network: torch.nn.Module, side: int) -> torch.Tensor:
    """One forward pass, and a backward pass through it for each output pixel."""
    image = torch.full((1, side, side), 0.5, dtype=DTYPE, requires_grad=True)
    output = network(image)[0]
    rows = [
        torch.autograd.grad(output[r, c], image, retain_graph=True)[0] > 0
        for r in range(side)
        for c in range(side)
    ]
    return torch.stack(rows).reshape(side, side, side, side)


def in_batches(network: torch.nn.Module, side: int) -> torch.Tensor:
    """One forward pass, and backward passes through it, `BATCH` at a time."""
    image = torch.full((1, side, side), 0.5, dtype=DTYPE)
    _, backwards = torch.func.vjp(lambda x: network(x).flatten(), image)
    pixels = torch.eye(side * side, dtype=DTYPE)
    rows = [torch.func.vmap(lambda one: backwards(one)[0])(batch) > 0 for batch in pixels.split(BATCH)]
    return torch.cat(rows).reshape(side, side, side, side)


def seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def measure(side: int, depth: int, rounds: int) -> list[dict[str, Any]]:
    rows = []
    for name, layers in (
        ("masked, 3 × 3: A, then B", [Layer(3, "A"), *[Layer(3, "B")] * (depth - 1)]),
        ("masked, 7 × 7 A, then 3 × 3 B", [Layer(7, "A"), *[Layer(3, "B")] * (depth - 1)]),
        ("gated, 3 × 3: A, then B", [GatedLayer(3, "A"), *[GatedLayer(3, "B")] * (depth - 1)]),
    ):
        network = network_of(layers)
        runs = {
            "ours": lambda layers=layers: receptive_fields(layers, (side, side)),
            PEERS[0]: lambda network=network: one_by_one(network, side),
            PEERS[1]: lambda network=network: in_batches(network, side),
        }
        found = {which: run() for which, run in runs.items()}
        for peer in PEERS:
            different = int((found["ours"] != found[peer]).sum())
            if different:
                raise SystemExit(f"{name}: {peer} differ in {different} of {found['ours'].numel()} pixels")
        times: dict[str, list[float]] = {which: [] for which in runs}
        for _ in range(rounds):
            for which, run in runs.items():
                times[which].append(seconds(run))
        rows.append(
            {
                "stack": name,
                "fields": side * side,
                "pixels seen": int(found["ours"].sum()),
                "seconds": {
                    which: {"median": statistics.median(t), "least": min(t), "most": max(t)}
                    for which, t in times.items()
                },
            }
        )
        print(f"{name}: equal in {found['ours'].numel()} pixels")
    return rows


def report(machine: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    lines = ["# Receptive fields: one exact call against gradients", ""]
    lines += ["Written by `python benchmarks/receptive_fields.py`; see `benchmarks/README.md`.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines += [
        "- equal: each pixel of each field, compared before anything is timed",
        "- times: median in milliseconds, from the least to the most, and the ratio of the medians to ours",
        "",
        f"| stack | fields | pixels seen | ours | {' | '.join(PEERS)} |",
        "|---|---:|---:|---:|" + "---:|" * len(PEERS),
    ]
    for row in rows:
        ours = row["seconds"]["ours"]["median"]
        said = []
        for which in ("ours", *PEERS):
            t = {key: 1e3 * value for key, value in row["seconds"][which].items()}
            ratio = f"; {t['median'] / ours / 1e3:.0f}×" if which != "ours" else ""
            said.append(f"{t['median']:.3g} ({t['least']:.3g} to {t['most']:.3g}{ratio})")
        lines.append(f"| {row['stack']} | {row['fields']} | {row['pixels seen']} | {' | '.join(said)} |")
    return "\n".join(lines) + "\n"


def processor() -> str:
    """The processor's name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    names = (
        [line for line in path.read_text().splitlines() if line.startswith("model name")]
        if path.exists()
        else []
    )
    return names[0].split(":", 1)[1].strip() if names else platform.processor() or platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each side is timed")
    parser.add_argument("--side", type=int, default=28, help="rows and columns of the image")
    parser.add_argument("--depth", type=int, default=12, help="layers of a stack")
    options = parser.parse_args()
    torch.set_num_threads(1)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "device": f"CPU, {processor()}, {processors} processors, one thread used",
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "image": f"{options.side} × {options.side}",
        "layers": options.depth,
        "rounds": options.rounds,
    }
    rows = measure(options.side, options.depth, options.rounds)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "receptive_fields.md").write_text(report(machine, rows))
    (RESULTS / "receptive_fields.json").write_text(json.dumps({"machine": machine, "rows": rows}) + "\n")
    print(report(machine, rows))


if __name__ == "__main__":
    main()
