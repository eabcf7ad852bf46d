"""Ask whether the tests notice mistakes in `src/helpers`: the listed ones, and a sample of what Cosmic Ray makes.

    python tools/mutate.py [WORD ...]      (`make mutants` runs all, MUTANTS="coupling gaussians" some)

With words only mutants whose file, mistake or kind ("mathematical", "general") holds one of them run. Prints a line
for each mutant that no test notices, and a summary; writes all results to `_build/mutants.json`. Exits with 1 if a
mathematical mutant survives, or more than a tenth of the sample do.
"""

import argparse
import json
import os
import queue
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

# One thread a trial, before anything loads PyTorch.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from mutants import ROOT, Mutant, general, mathematical
from mutants.trial import Result, Scratch

LEAST_SHARE = 0.9  # of the sample that must be killed


def main(words: list[str], workers: int, is_verbose: bool) -> int:
    """Run the mutants that the words choose; return the exit status."""
    wanted = [
        mutant
        for mutant in [*mathematical.mutants(), *general.mutants()]
        if not words or any(word in f"{mutant.kind} {mutant}" for word in words)
    ]
    if not wanted:
        print(f"no mutant has one of the words {' '.join(words)}")
        return 1
    results = run(wanted, workers, is_verbose)
    (ROOT / "_build").mkdir(exist_ok=True)
    (ROOT / "_build" / "mutants.json").write_text(
        json.dumps([{**vars(r), "mutant": {**vars(r.mutant), "text": None}} for r in results], indent=1),
        "utf-8",
    )
    listed, drawn = ([r for r in results if r.mutant.kind == kind] for kind in ("mathematical", "general"))
    survivors = sum(not result.is_killed for result in listed)
    if listed:
        print(f"mathematical: {len(listed) - survivors} of {len(listed)} killed")
    if drawn:
        killed = sum(result.is_killed for result in drawn)
        least = general.least_share(killed, len(drawn))
        print(
            f"general: {killed} of {len(drawn)} drawn killed, so of all {least:.1%} at least, with 95 % confidence"
        )
        if not words:
            for reason in general.unused_reasons([r.mutant for r in drawn if not r.is_killed]):
                print(f"  not needed any more in {general.SURVIVORS.name}: {reason}")
        if killed < LEAST_SHARE * len(drawn):
            return 1
    return 1 if survivors else 0


def run(mutants: list[Mutant], workers: int, is_verbose: bool) -> list[Result]:
    """Try all mutants, `workers` at a time, each worker in a copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(workers) as pool:
        free: queue.Queue[Scratch] = queue.Queue()
        for number in range(workers):
            (place := Path(folder) / str(number)).mkdir()
            free.put(Scratch(place))

        times: dict[str, float] = {}

        def try_one(mutant: Mutant) -> Result:
            scratch = free.get()
            try:
                return scratch.trial(mutant, times)
            finally:
                free.put(scratch)

        results = []
        for done in as_completed([pool.submit(try_one, mutant) for mutant in mutants]):
            if done.exception():
                pool.shutdown(wait=False, cancel_futures=True)
            results.append(result := done.result())
            reason = general.reason(result.mutant) if result.mutant.kind == "general" else None
            if not result.is_killed:
                told = f"survived, {reason}" if reason else "SURVIVED"
                print(f"{told}: {result.mutant} ({', '.join(result.mutant.tests)})", flush=True)
            elif is_verbose:
                print(f"killed in {result.seconds:.1f} s by {result.by}: {result.mutant}", flush=True)
        return results


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="run only mutants that hold one of the words"
    )
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1), help="trials at a time")
    parser.add_argument("--verbose", action="store_true", help="a line for killed mutants, too")
    arguments = parser.parse_args()
    sys.exit(main(arguments.words, arguments.workers, arguments.verbose))
