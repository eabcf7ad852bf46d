"""Our invertible maps against zuko, nflows, normflows and FrEIA, on the same weights: agreement first, then time.

    python benchmarks/invertible_maps.py [--rounds 15] [--largest 512]

All run in one process, one after the other in each round, in float64 on one thread. A peer that differs by more than
1e-10 in a value or a log-determinant ends the run. Writes results/invertible_maps.md and .json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from flow_peers import Coupling, Map, affine_couplings, convolutions, planar_flows, radial_flows

from helpers.models.coupling import AffineCoupling
from helpers.models.flows import PlanarFlow, RadialFlow
from helpers.models.invertible_convolution import PLUConvolution

RESULTS = Path(__file__).resolve().parent / "results"
LIBRARIES = ("zuko", "nflows", "normflows", "FrEIA")
MOST = 1e-10
POINTS, IMAGES, SIDE = 256, 8, 8


def cases(largest: int) -> Iterator[tuple[str, int, torch.nn.Module, list[Map], torch.Tensor]]:
    """Name, size, our module, the peers, and points."""
    generator = torch.Generator().manual_seed(0)

    def randn(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    sizes = [size for size in (4, 12, 48, 192, 512) if size <= largest]
    for d in sizes:
        h = d // 2
        first, second = randn(h, h) / h**0.5, randn(h, h) / h**0.5

        def translation(b, first=first):
            return torch.tanh(b @ first)

        def log_scale(b, second=second):
            return -torch.sigmoid(b @ second)

        ours = AffineCoupling(translation, log_scale, torch.zeros(h, dtype=torch.float64))
        yield (
            "affine coupling",
            d,
            ours,
            affine_couplings(Coupling(translation, log_scale, h)),
            randn(POINTS, d),
        )
    for channels in sizes:
        # Factors of an orthogonal matrix would have s of both signs; nflows has positive ones only.
        lower = (randn(channels, channels) / (2 * channels**0.5)).tril(-1) + torch.eye(channels).double()
        upper = (randn(channels, channels) / (2 * channels**0.5)).triu(1)
        s = 0.5 + torch.rand(channels, generator=generator, dtype=torch.float64)
        ours = PLUConvolution(channels).double()
        with torch.no_grad():
            ours.entries.copy_(lower.tril(-1) + upper + s.log().diag())
        images = randn(IMAGES, channels, SIDE, SIDE)
        yield "1×1 convolution", channels, ours, convolutions(lower, upper, s), images
    for d in sizes:
        center, w = randn(d), randn(d) / d**0.5
        u = randn(d) / d**0.5
        u = u + (1 - w @ u) * w / (w @ w)  # wᵀu = 1
        yield (
            "radial flow",
            d,
            RadialFlow(center, 0.7, -0.4),
            radial_flows(center, 0.7, -0.4),
            randn(POINTS, d),
        )
        yield "planar flow", d, PlanarFlow(w, u, 0.3), planar_flows(w, u, 0.3), randn(POINTS, d)


def difference(ours: tuple[torch.Tensor, torch.Tensor], theirs: tuple[torch.Tensor, torch.Tensor]) -> float:
    """The largest of value and log-determinant, relative where the numbers are large."""
    return max(((a - b).abs() / a.abs().clamp(min=1)).max().item() for a, b in zip(ours, theirs, strict=True))


def seconds(run: Callable[[], Any], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - started) / repeats


def measure(largest: int, rounds: int) -> list[dict[str, Any]]:
    rows = []
    with torch.no_grad():
        for name, size, ours, peers, points in cases(largest):
            image, _ = ours(points)
            for direction, start in (("forward", points), ("inverse", image)):
                ours_now = ours if direction == "forward" else ours.inverse
                runs: dict[str, Callable[[], Any]] = {"ours": lambda f=ours_now, x=start: f(x)}
                apart, missing = {}, {}
                for peer in peers:
                    function = getattr(peer, direction)
                    try:
                        if function is None:
                            raise NotImplementedError("has none")
                        theirs = function(start)
                    except (NotImplementedError, RuntimeError) as error:
                        missing[peer.library] = str(error).splitlines()[0][:80]
                        continue
                    apart[peer.library] = difference(ours_now(start), theirs)
                    if apart[peer.library] > MOST:
                        raise SystemExit(
                            f"{name} ({size}), {direction}: {peer.library} differs by {apart[peer.library]:.1e}"
                        )
                    runs[peer.library] = lambda f=function, x=start: f(x)
                times: dict[str, list[float]] = {library: [] for library in runs}
                repeats = max(1, int(0.01 / max(seconds(runs["ours"], 3), 1e-5)))
                for _ in range(rounds):
                    for library, run in runs.items():
                        times[library].append(seconds(run, repeats))
                rows.append(
                    {
                        "map": name,
                        "size": size,
                        "direction": direction,
                        "apart": apart,
                        "missing": missing,
                        "seconds": {
                            library: {"median": statistics.median(t), "least": min(t), "most": max(t)}
                            for library, t in times.items()
                        },
                    }
                )
                print(f"{name} {size} {direction}: apart {max(apart.values(), default=0):.1e}")
    return rows


def report(machine: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    lines = ["# Invertible maps against zuko, nflows, normflows and FrEIA", ""]
    lines += ["Written by `python benchmarks/invertible_maps.py`; see `benchmarks/README.md`.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines += [
        f"- points: {POINTS} vectors, or {IMAGES} images of {SIDE} × {SIDE} pixels",
        "- apart: the largest difference of a value or a log-determinant, relative where it is above 1",
        "- times: median in microseconds, and the ratio to ours",
        "",
    ]
    for name in dict.fromkeys(row["map"] for row in rows):
        own = [row for row in rows if row["map"] == name]
        libraries = [x for x in LIBRARIES if any(x in row["seconds"] for row in own)]
        lines += [f"## {name}", ""]
        lines += [f"| size | direction | apart | ours | {' | '.join(libraries)} |"]
        lines += ["|---:|---|---:|---:|" + "---:|" * len(libraries)]
        for row in own:
            ours = row["seconds"]["ours"]["median"]
            theirs = [row["seconds"].get(library, {}).get("median") for library in libraries]
            said = [f"{t * 1e6:.0f} ({t / ours:.1f}×)" if t else "–" for t in theirs]
            apart = f"{max(row['apart'].values()):.1e}" if row["apart"] else "–"
            lines.append(
                f"| {row['size']} | {row['direction']} | {apart} | {ours * 1e6:.0f} | {' | '.join(said)} |"
            )
        lines.append("")
        for library, why in sorted({pair for row in own for pair in row["missing"].items()}):
            lines += [f"No time for {library}: {why}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each side is timed")
    parser.add_argument("--largest", type=int, default=512, help="the largest number of entries or channels")
    options = parser.parse_args()
    torch.set_num_threads(1)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "device": f"CPU, {processors} processors",
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "Python": platform.python_version(),
        "torch": torch.__version__,
        **{library: version(library) for library in LIBRARIES},
        "rounds": options.rounds,
    }
    rows = measure(options.largest, options.rounds)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "invertible_maps.md").write_text(report(machine, rows))
    (RESULTS / "invertible_maps.json").write_text(json.dumps({"machine": machine, "rows": rows}) + "\n")
    print(report(machine, rows))


if __name__ == "__main__":
    main()
