"""Time our kernels against their peers by turns, and write results/<machine>.json.

    python benchmarks/run.py [FAMILY ...]      (`make bench` runs all)

With names of families only these run, and nothing is written. Seconds are those of the processor, on one thread:
what else the machine does changes them little. Exits with 1 where a peer's numbers are not ours.
"""

import argparse
import os
import sys
import time

os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
)  # before NumPy

import torch
from kernels import convolution, coupling, divergences, flows, games, receptive_fields
from side_by_side import Family, machine, measure, save, slug

FAMILIES: list[Family] = [
    family
    for topic in (receptive_fields, coupling, convolution, flows, divergences, games)
    for family in topic.FAMILIES
]


def main(wanted: list[str]) -> int:
    """Run these families, or all; return in how many cases a peer's numbers were not ours."""
    torch.set_num_threads(1)
    started, told = time.monotonic(), machine()
    print(", ".join(f"{name}: {value}" for name, value in told.items()), flush=True)
    chosen = [family for family in FAMILIES if not wanted or family.name in wanted]
    measured = [measure(family) for family in chosen]
    wrong = [row["error"] for family in measured for row in family["rows"] if "error" in row]
    minutes = (time.monotonic() - started) / 60
    if not wanted:
        contents = {"machine": told, "minutes": minutes, "kernels": measured}
        print(f"written to {save(slug(told['processor'], told['cores'], 'cores'), contents).name}")
    print(f"in {minutes:.1f} minutes; {len(wrong)} cases with different numbers")
    return len(wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(f.name for f in FAMILIES))
    arguments = parser.parse_args()
    if unknown := set(arguments.families) - {family.name for family in FAMILIES}:
        parser.error(
            f"FAMILY: got {', '.join(sorted(unknown))}, expected {', '.join(f.name for f in FAMILIES)}"
        )
    sys.exit(1 if main(arguments.families) else 0)
