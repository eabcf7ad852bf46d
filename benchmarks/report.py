"""What the book says of the results, from their files: tables in Markdown, and plots of cost against size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from side_by_side import RESULTS

__all__ = ["exponents", "latest", "machine_line", "overview", "plot", "shortfalls", "spread", "table"]

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
SLACK = 0.25  # by which a fitted exponent may exceed the claimed one: caches end, and times spread


def latest(folder: Path = RESULTS) -> dict[str, Any]:
    """The results of `make bench` with the latest date. Raises ValueError where there are none."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    found = [result for result in read if "kernels" in result]
    if not found:
        raise ValueError(f"folder: got no results with kernels among {len(read)} files, run `make bench`")
    return max(found, key=lambda result: result["machine"]["date"])


def machine_line(result: Mapping) -> str:
    """The machine, the day and the versions, in a sentence each."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"Measured on {machine['date']} on a processor {machine['processor']} with {machine['cores']} cores, "
        f"{machine['system']}, one thread used, in {result['minutes']:.0f} minutes. The load of the machine "
        f"before was {machine['load before']}. Versions: {versions}."
    )


def overview(result: Mapping) -> str:
    """A row a kernel: the least and the greatest ratio to the fastest of the peers it is measured against."""
    lines = ["| Kernel | Sizes | Least ratio | Greatest ratio | Aim | Reached |", "|:--|--:|--:|--:|--:|--:|"]
    for family in result["kernels"]:
        best = [min(_compared(family, row).values()) for row in _timed(family) if _compared(family, row)]
        if best:
            rows = [row for row in _timed(family) if _compared(family, row)]
            reached = sum(ratio >= _aim(family, row) for ratio, row in zip(best, rows, strict=True))
            lines.append(
                f"| {family['title']} | {len(best)} | {_times(min(best))} | {_times(max(best))} | "
                f"{_said_aim(family)} | {reached} of {len(best)} |"
            )
    return "\n".join(lines)


def table(family: Mapping) -> str:
    """A row a size: median and quartiles of ours; of each peer the median and its ratio to ours."""
    rows = _timed(family)
    peers = list(dict.fromkeys(name for row in family["rows"] for name in (*row["apart"], *row["missing"])))
    lines = [f"| {family['size']} | ours | {' | '.join(peers)} |", "|--:|--:|" + "--:|" * len(peers)]
    for row in rows:
        seconds = row["seconds"]
        theirs = [
            f"{spread(seconds[name])} **{_times(row['ratio'][name])}**" if name in seconds else "–"
            for name in peers
        ]
        lines.append(f"| {row['size']} | {spread(seconds['ours'])} | {' | '.join(theirs)} |")
    return "\n".join([*lines, "", *_remarks(family)])


def spread(side: Mapping[str, float]) -> str:
    """The median with its unit, and the quartiles in the same unit; no line breaks inside either.

    >>> spread({"median": 0.002, "first quartile": 0.0015, "third quartile": 0.0123})
    '2.00\xa0ms (1.50–12.3)'
    """
    middle = side["median"]
    size, unit = next((size, unit) for size, unit in _UNITS if middle >= size or unit == "µs")
    low, high = (_digits(side[which] / size) for which in ("first quartile", "third quartile"))
    return f"{_digits(middle / size)}\N{NO-BREAK SPACE}{unit} ({low}–{high})"


def _remarks(family: Mapping) -> Iterator[str]:
    yield f"{family['work'].capitalize()}; numbers of type {family['dtype']}."
    for name, reason in sorted({pair for row in family["rows"] for pair in row["missing"].items()}):
        yield f"No time for {name}: {reason}."
    for name in sorted({name for row in family["rows"] for name in row.get("part", {})}):
        yield f"The time of {name} was taken on a part of the work at the larger sizes, and multiplied."
    for row in family["rows"]:
        if "error" in row:
            yield f"At size {row['size']} there is no time, for the numbers differ: {row['error']}."


def exponents(result: Mapping) -> str:
    """A row a kernel: the claim of its docstring, and the exponent that the largest sizes show."""
    lines = [
        "| Kernel | Claimed | Exponent claimed | Fitted | At sizes from | Within |",
        "|:--|:--|--:|--:|--:|:--|",
    ]
    for family in result["kernels"]:
        claim, found = family["claim"], family["exponent"]
        if found:
            within = "yes" if found["fitted"] <= claim["exponent"] + SLACK else "no"
            lines.append(
                f"| {family['title']} | {claim['words'].rstrip('.')} | {claim['exponent']:g} | "
                f"{found['fitted']:.2f} | {found['from']} | {within} |"
            )
    return "\n".join(lines)


def shortfalls(result: Mapping) -> str:
    """A row for each kernel that misses its aim: the sizes and ratios of each peer, and the reason."""
    lines = ["| Kernel | Ratios below the aim, by size | Why |", "|:--|:--|:--|"]
    for family in result["kernels"]:
        below: dict[str, list[str]] = {}
        for row in _timed(family):
            for name, ratio in _compared(family, row).items():
                if ratio < _aim(family, row):
                    below.setdefault(name, []).append(f"{row['size']} {_times(ratio)}")
        if below:
            said = "; ".join(f"{name}: {', '.join(places)}" for name, places in below.items())
            lines.append(f"| {family['title']} | {said} | {family['reason']} |")
    return "\n".join(lines) if len(lines) > 2 else "Nowhere: every ratio reaches its aim."


def plot(family: Mapping) -> None:
    """Draw cost against size, both in logarithms: ours and each peer, and the slope that the docstring claims."""
    from helpers.plotting import color, figure

    rows = _timed(family)
    names = list(dict.fromkeys(name for row in rows for name in row["seconds"]))
    first, last = rows[0], rows[-1]
    said = "; ".join(
        f"{name} from {_time(own[0])} to {_time(own[-1])}"
        for name in names
        if (own := [row["seconds"][name]["median"] for row in rows if name in row["seconds"]])
    )
    alt = (
        f"{family['title']}: median time of a call against {family['size']}, from {first['size']} to {last['size']}, "
        f"both in logarithms. {said}. A dashed line has the slope {family['claim']['exponent']:g}."
    )
    with figure(alt=alt, width=4.6, height=4.2) as (drawn, ax):
        styles = zip(names, ("accent", "warm", "good", "violet", "warn"), "os^Dv", strict=False)
        for name, role, marker in styles:
            points = [(row["size"], row["seconds"][name]["median"]) for row in rows if name in row["seconds"]]
            ax.loglog(*zip(*points, strict=True), marker=marker, markersize=5, color=color(role), label=name)
        sizes = [row["size"] for row in rows]
        top = last["seconds"]["ours"]["median"]
        slope = [top * (size / sizes[-1]) ** family["claim"]["exponent"] for size in sizes]
        ax.loglog(sizes, slope, linestyle="--", linewidth=1, color=color("muted"), label="claimed slope")
        ax.set_ylim(min(row["seconds"][n]["median"] for row in rows for n in row["seconds"]) / 3)
        ax.minorticks_off()
        ax.set_xlabel(family["size"])
        ax.set_ylabel("seconds")
        drawn.legend(loc="outside upper left", ncols=2)


def _aim(family: Mapping, row: Mapping) -> float:
    return family["aim"] if row["size"] >= family["aim_from"] else 1.0


def _said_aim(family: Mapping) -> str:
    return f"{family['aim']:g}×" + (f" from {family['aim_from']}" if family["aim_from"] else "")


def _timed(family: Mapping) -> list[dict]:
    return [row for row in family["rows"] if "seconds" in row]


def _compared(family: Mapping, row: Mapping) -> dict[str, float]:
    return {name: r for name, r in row["ratio"].items() if not family["against"] or name in family["against"]}


def _time(seconds: float) -> str:
    """Three digits and a unit.

    >>> _time(0.0123), _time(4.5e-5)
    ('12.3 ms', '45.0 µs')
    """
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size or unit == "µs")
    return f"{_digits(seconds / size)} {unit}"


def _times(ratio: float) -> str:
    return f"{_digits(ratio)}×"


def _digits(value: float) -> str:
    """Two digits after the point below 10, fewer above."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
