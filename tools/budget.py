"""Measure the book against its budgets: bytes and requests of pages, builds, Lighthouse, moves of the figures.

python tools/budget.py [PART ...]        (after `make book`; `make budget` runs all parts)
"""

import argparse
import importlib
import sys
import time

# What does not depend on the machine's speed (`pages`) is a test, too: tests/site/test_budget.py.
PARTS = ("pages", "builds", "lighthouse", "moves")


def main(parts: list[str]) -> int:
    """Print each line of these parts; return how many bounds do not hold."""
    over = []
    for part in parts:
        started = time.monotonic()
        print(f"\n{part}", flush=True)
        for line in importlib.import_module(f"budgets.{part}").measure():
            print(f"  {line}", flush=True)
            over += [] if line.holds else [line]
        print(f"  in {time.monotonic() - started:.0f} s")
    print(f"\n{len(over)} over budget" if over else "\nall within budget")
    for line in over:
        print(f"  {line}")
    return len(over)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    arguments = parser.parse_args()
    sys.exit(1 if main(arguments.parts or list(PARTS)) else 0)
