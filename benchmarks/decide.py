"""Time `decide` against `sympy.simplify(lhs - rhs) == 0`, side by side, and write results/decide.md and .json.

    python benchmarks/decide.py [--rounds 3] [--seconds 20] [--spoilt 2] [--corpus-rounds 1]

Each claim is put to the one and then to the other, in each round; SymPy's cache is emptied before every call, so
that none profits from the one before. Seconds are those of the processor, which other work on the machine hardly
changes; only the limit of a call is on the clock. The peer has no domain, no inequalities and no matrices of matrix
symbols but what `simplify` makes of them; "not shown" is all that its False says, for true claims as for false ones.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sympy as sp
from claims import Claim, book_claims, corpus_claims, spoilt
from sympy.core.cache import clear_cache

from helpers.progress import track
from helpers.proof import decide
from helpers.proof.deadline import OutOfTime, within

RESULTS = Path(__file__).resolve().parent / "results"
SEED = 1729
ANSWERS = {
    "decide": ("proved", "sampled", "refuted", "undecided", "error", "out of time"),
    "simplify": ("equal", "not shown", "error", "out of time"),
}


def by_decide(claim: Claim) -> str:
    return decide(claim.lhs, claim.rhs, claim.relation, domain=claim.domain).status


def by_simplify(claim: Claim) -> str:
    difference = sp.simplify(claim.lhs - claim.rhs)
    is_zero = difference == 0 or getattr(difference, "is_zero_matrix", None) is True
    return "equal" if is_zero or isinstance(difference, sp.ZeroMatrix) else "not shown"


def timed(answer: Callable[[Claim], str], claim: Claim, limit: float) -> tuple[str, float]:
    clear_cache()
    started = time.process_time()
    try:
        said = within(limit, answer, claim)
    except OutOfTime:
        said = "out of time"
    except Exception as error:  # a peer that stumbles over a claim has not decided it
        said = "error" if not isinstance(error, RecursionError) else "out of time"
    return said, time.process_time() - started


def measure(claims: list[Claim], rounds: int, limit: float) -> list[dict[str, Any]]:
    """One row a claim: what each said, and its seconds in each round. The order alternates between rounds."""
    rows = [
        {"claim": c.origin, "relation": c.relation, "true": c.is_true, "seconds": {}, "said": {}}
        for c in claims
    ]
    for number in range(rounds):
        pairs = zip(claims, rows, strict=True)
        for claim, row in track(pairs, f"Round {number + 1} of {rounds}", total=len(claims), unit="claim"):
            runners = [("decide", by_decide)]
            if claim.relation == "==":
                runners.append(("simplify", by_simplify))
            for name, answer in runners if number % 2 == 0 else reversed(runners):
                said, seconds = timed(answer, claim, limit)
                row["seconds"].setdefault(name, []).append(round(seconds, 5))
                row["said"].setdefault(name, []).append(said)
    return rows


def counted(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    """Answer → number of claims; of rounds that disagree (a time limit is reached in one), the last."""
    said = [row["said"][name][-1] for row in rows if name in row["said"]]
    return {answer: said.count(answer) for answer in ANSWERS[name] if answer in said}


def seconds_of(rows: list[dict[str, Any]], name: str) -> dict[str, float]:
    per_claim = [statistics.median(row["seconds"][name]) for row in rows if name in row["seconds"]]
    totals = [
        sum(round_)
        for round_ in zip(*(r["seconds"][name] for r in rows if name in r["seconds"]), strict=True)
    ]
    return {
        "mean": statistics.mean(per_claim),
        "median": statistics.median(per_claim),
        "worst": max(per_claim),
        "total, least round": min(totals),
        "total, greatest round": max(totals),
    }


def wrong(rows: list[dict[str, Any]], name: str) -> list[str]:
    """Claims of which it was said, in any round, what is not so."""
    lies = {True: {"refuted"}, False: {"proved", "equal"}}
    return [r["claim"] for r in rows if name in r["said"] and lies[r["true"]].intersection(r["said"][name])]


def table(title: str, rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        f"### {title}",
        "",
        "| | claims | said | wrong | mean s | median s | worst s | total s, by round |",
    ]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for name in ANSWERS:
        asked = [row for row in rows if name in row["said"]]
        if not asked:
            continue
        said = ", ".join(f"{count} {answer}" for answer, count in counted(asked, name).items())
        s = seconds_of(asked, name)
        total = f"{s['total, least round']:.1f} to {s['total, greatest round']:.1f}"
        lines.append(
            f"| `{name}` | {len(asked)} | {said} | {len(wrong(asked, name))} | {s['mean']:.3f} | "
            f"{s['median']:.3f} | {s['worst']:.2f} | {total} |"
        )
    return [*lines, ""]


def report(machine: dict[str, Any], groups: dict[str, list[dict[str, Any]]]) -> str:
    lines = ["# `decide` against `simplify(lhs - rhs) == 0`", ""]
    lines += ["Written by `python benchmarks/decide.py`; see `benchmarks/README.md`.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()] + [""]
    for title, rows in groups.items():
        rounds = len(rows[0]["said"]["decide"])
        lines += [f"## {title}", "", f"{rounds} round{'s' * (rounds > 1)}.", ""]
        for truth, word in ((True, "True"), (False, "False")):
            for equality, kind in ((True, "equalities"), (False, "inequalities and equivalences")):
                part = [r for r in rows if r["true"] == truth and (r["relation"] == "==") == equality]
                lines += table(f"{word} {kind}", part) if part else []
        for name in ANSWERS:
            lines += [f"Wrong, by `{name}`: {claim}" for claim in wrong(rows, name)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each of the book's claims is put")
    parser.add_argument(
        "--corpus-rounds", type=int, default=1, help="and each of the corpus; 0 leaves it out"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of one call, for both")
    parser.add_argument("--spoilt", type=int, default=2, help="false versions of each of the book's claims")
    options = parser.parse_args()
    book = book_claims()
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "Python": platform.python_version(),
        **{name: version(name) for name in ("sympy", "python-flint", "z3-solver")},
        "limit of a call": f"{options.seconds:g} s",
        "seconds": "processor time; a claim's is the median of its rounds",
    }
    kinds: list[tuple[str, Callable[[], list[Claim]], int]] = [
        ("The book's claims", lambda: book, options.rounds),
        (
            "The book's claims with one mistake each",
            lambda: list(spoilt(book, options.spoilt, SEED)),
            options.rounds,
        ),
    ]
    if options.corpus_rounds:
        kinds.append(("The corpus of the tests", corpus_claims, options.corpus_rounds))
    RESULTS.mkdir(exist_ok=True)
    groups: dict[str, list[dict[str, Any]]] = {}
    for (
        title,
        claims,
        rounds,
    ) in kinds:  # written after each, so that a run that is broken off leaves something
        groups[title] = measure(claims(), rounds, options.seconds)
        text = report(machine, groups)
        (RESULTS / "decide.md").write_text(text)
        (RESULTS / "decide.json").write_text(json.dumps({"machine": machine, "groups": groups}) + "\n")
    print(text)


if __name__ == "__main__":
    main()
