"""Ours and its peers on the same numbers, by turns, in one process: agreement first, then time.

A `Family` is one kernel at several sizes, a `Case` one size: what to call on our side and on each peer's. `measure`
calls all of them once, ends the case where a peer's numbers are not ours, and else times them by turns. `machine` and
`save` are for everything that records a time.
"""

from __future__ import annotations

import gc
import json
import math
import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

__all__ = [
    "Case",
    "Claim",
    "Difference",
    "Family",
    "Missing",
    "Peer",
    "exponent",
    "machine",
    "measure",
    "save",
    "slug",
    "summary",
]

RESULTS = Path(__file__).resolve().parent / "results"
ROUNDS = 15  # of each side at a size, fewer where `SECONDS` are used up, never fewer than `LEAST`
LEAST = 3
SECONDS = 3.0  # of one side at one size, the rounds together
SAMPLE = 2e-3  # seconds: what is shorter is called several times in a round


class Difference(Exception):
    """A peer's numbers are not ours: there is nothing to time."""


class Missing(Exception):
    """A peer that cannot be called, with the reason: its library is not installed, or has no such map."""


@dataclass(frozen=True)
class Peer:
    """One peer's call. `as_ours` lays its result out as ours is; it is no part of the time.

    `part` says that the call does only a share of the work, from the start, and which; its time is divided by it.
    """

    call: Callable[[], Any]
    as_ours: Callable[[Any], Any] = lambda result: result
    part: float = 1.0


@dataclass(frozen=True)
class Case:
    """One size. What makes a peer's `Peer` may raise `Missing`, or ImportError where its library is not installed.

    `first` cuts our result down to the part that a peer computes, for the two to be compared.
    """

    size: int
    ours: Callable[[], Any]
    peers: Mapping[str, Callable[[], Peer]]
    first: Callable[[Any, float], Any] = lambda result, part: result


@dataclass(frozen=True)
class Claim:
    """What a docstring says of the cost: `words` stand in the docstring of `of`, and say size to this `exponent`."""

    of: str
    words: str
    exponent: float


@dataclass(frozen=True)
class Family:
    """One kernel, in one direction. `most` is the largest difference of a number, relative where that is above 1.

    `cases` yields the sizes one after the other, so that only one is in memory. From the size `aim_from` on the ratio
    is meant to be at least `aim`, below it at least 1, to each of the peers in `against`, or to all where none is
    named; where it is not, `reason` says why.
    """

    name: str
    title: str
    size: str
    dtype: str
    work: str
    claim: Claim
    most: float
    cases: Callable[[], Iterable[Case]]
    reason: str
    aim: float = 1.0
    aim_from: int = 0
    against: Sequence[str] = field(default_factory=tuple)


def measure(
    family: Family, *, clock: Callable[[], float] = time.process_time, told: Callable = print
) -> dict:
    """Check and time a family; what `save` writes of it. A case that differs is kept, with its error and no times."""
    rows = []
    for case in family.cases():
        row: dict[str, Any] = {"size": case.size, "apart": {}, "missing": {}}
        rows.append(row)
        try:
            sides = _agreeing(family, case, row)
        except Difference as error:
            row["error"] = str(error)
            told(f"{family.title}, {case.size}: {error}")
            continue
        row["seconds"] = _timed({"ours": Peer(case.ours), **sides}, clock)
        row["ratio"] = ratios(row["seconds"])
        told(f"{family.title}, {case.size}: {summary(row)}")
    return {
        **{
            key: getattr(family, key)
            for key in ("name", "title", "size", "dtype", "work", "most", "reason", "aim", "aim_from")
        },
        "against": list(family.against),
        "claim": vars(family.claim),
        "exponent": fitted(rows),
        "rows": rows,
    }


def _agreeing(family: Family, case: Case, row: dict) -> dict[str, Peer]:
    """The peers that are there, all of which have our numbers; `Difference` names the first that has not."""
    expected, sides = case.ours(), {}
    for name, make in case.peers.items():
        try:
            peer = make()
            theirs = peer.as_ours(peer.call())
        except Missing as reason:
            row["missing"][name] = str(reason)
            continue
        except ImportError as error:
            row["missing"][name] = f"{error.name or 'a library'} is not installed"
            continue
        apart = difference(case.first(expected, peer.part), theirs)
        if not apart <= family.most:  # a NaN is a difference, too
            raise Difference(f"{name} differs by {apart:.1e}, more than {family.most:.0e}")
        row["apart"][name] = apart
        if peer.part < 1:
            row.setdefault("part", {})[name] = peer.part
        sides[name] = peer
    return sides


def difference(ours: Any, theirs: Any) -> float:
    """The largest difference of two numbers in the same place, relative to ours where that is above 1 in size.

    Tensors, arrays and tuples of them. Infinite where shapes or lengths differ, NaN where one side has a NaN.
    """
    if isinstance(ours, tuple | list):
        if not isinstance(theirs, tuple | list) or len(ours) != len(theirs):
            return math.inf
        return max(difference(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(theirs, tuple | list):
        return math.inf
    a, b = _numbers(ours), _numbers(theirs)
    if a.shape != b.shape:
        return math.inf
    if a.size == 0:
        return 0.0
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), 1.0)))


def _numbers(values: Any) -> np.ndarray:
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    return np.asarray(values, dtype=np.float64)


def _timed(sides: Mapping[str, Peer], clock: Callable[[], float]) -> dict[str, dict]:
    """Seconds of a call of each side, by turns: each round calls every side that has time left, in turning order."""

    def sample(name: str) -> float:
        call, count = sides[name].call, repeats[name]
        started = clock()
        for _ in range(count):
            call()
        return (clock() - started) / count / sides[name].part

    repeats = dict.fromkeys(sides, 1)
    # What is called for the first time in its life is slow; the second time says how often to call it in a round.
    first = {name: max(sample(name), 1e-7) * sides[name].part for name in sides}
    repeats = {name: max(1, math.ceil(SAMPLE / seconds)) for name, seconds in first.items()}
    times: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    gc.collect()
    gc.disable()
    try:
        for number in range(ROUNDS):
            for name in order if number % 2 == 0 else reversed(order):
                spent = sum(times[name]) * repeats[name] * sides[name].part
                if len(times[name]) < LEAST or spent < SECONDS:
                    times[name].append(sample(name))
    finally:
        gc.enable()
    return {name: quartiles(values) for name, values in times.items()}


def quartiles(values: Sequence[float]) -> dict[str, float]:
    """Median, first and third quartile, and how many values they are of."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "first quartile": low, "third quartile": high, "rounds": len(values)}


def ratios(seconds: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Each peer's median over ours: above 1 where ours is faster."""
    ours = seconds["ours"]["median"]
    return {name: side["median"] / ours for name, side in seconds.items() if name != "ours"}


def fitted(rows: Sequence[Mapping]) -> dict[str, Any] | None:
    """Exponents of our cost in the size: fitted to the upper half of the sizes, and from each size to the next.

    At small sizes a call's fixed cost hides the growth, so the fit leaves them out; at least three sizes are used.
    None where fewer were timed.
    """
    points = [(row["size"], row["seconds"]["ours"]["median"]) for row in rows if "seconds" in row]
    if len(points) < 3:
        return None
    upper = points[min(len(points) // 2, len(points) - 3) :]
    steps = [math.log(t / s) / math.log(m / n) for (n, s), (m, t) in pairwise(points)]
    return {"fitted": exponent(*zip(*upper, strict=True)), "from": upper[0][0], "steps": steps}


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The p of the power law c·sizeᵖ that is nearest to the times, by least squares in the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def summary(row: Mapping) -> str:
    """A row in a line, for the terminal."""
    ours = row["seconds"]["ours"]["median"]
    told = [f"ours {1e6 * ours:.3g} µs", *(f"{name} {ratio:.2f}×" for name, ratio in row["ratio"].items())]
    return ", ".join(told + [f"no {name}: {reason}" for name, reason in row["missing"].items()])


def machine() -> dict[str, Any]:
    """The machine and the day, as a result names them: nothing of who ran it, or where."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": _processor(),
        "cores": cores,
        "system": platform.system(),
        "date": datetime.now(UTC).date().isoformat(),
        "load before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "versions": dict(_versions()),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.exists() else None
    name = named[1] if named else platform.processor() or platform.machine()
    return re.sub(r"\((R|TM)\)", "", name).strip()


def _versions() -> Iterator[tuple[str, str]]:
    yield "Python", platform.python_version()
    for library in ("torch", "numpy", "scipy", "zuko", "nflows", "normflows", "FrEIA"):
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue


def slug(*words: object) -> str:
    """Words as a file's name: lower case, joined by hyphens.

    >>> slug("AMD EPYC", 2, "cores")
    'amd-epyc-2-cores'
    """
    return re.sub(r"[^a-z0-9]+", "-", " ".join(map(str, words)).lower()).strip("-")


def save(name: str, contents: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write results as `<name>.json`, and return where; numbers keep four digits, more than they are good for.

    `contents` has the key "machine"; infinity and NaN, which JSON has not, raise ValueError.
    """
    if "machine" not in contents:
        raise ValueError(f"contents: got the keys {', '.join(contents)}, expected machine among them")
    path = folder / f"{name}.json"
    folder.mkdir(exist_ok=True)
    text = json.dumps(_rounded(contents), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) and math.isfinite(value) else value
