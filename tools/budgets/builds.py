"""What a build of the book costs: when nothing has changed, when one chapter has, and from nothing, on two cores.

It needs a quiet machine, the book built, and several minutes. The book is built from nothing in a folder of its own,
which goes afterwards: the site of `make book` stays as it is. Seconds are of the clock, but for chapters.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from jupyter_cache import get_cache

from budgets import Line

__all__ = ["measure"]

ROOT = Path(__file__).resolve().parents[2]
CORES = 2
UNCHANGED, COLD = 3.0, 90.0  # seconds
CHANGED = ROOT / "book" / "appendix" / "helpers" / "codegen.md"  # a short one


def measure() -> Iterator[Line]:
    run("make", "book")  # should a file have changed
    seconds, _ = run("make", "book")
    yield Line("make book, nothing changed", "the book", seconds, UNCHANGED, "s")
    chapters = sorted(path for path in (ROOT / "book").rglob("*.md") if is_chapter(path))
    with TemporaryDirectory(prefix="build-") as folder:
        cache = Path(folder, "cache")
        shutil.copytree(ROOT / "_build" / ".jupyter_cache", cache)
        yield Line("executions, nothing changed", "the book", executions(cache, chapters), 0, "")
        changed = Path(folder, CHANGED.name)
        text = CHANGED.read_text(encoding="utf-8")
        cell = "```{code-cell} ipython3\n"
        changed.write_text(text.replace(cell, f"{cell}0\n", 1), encoding="utf-8")
        others = [path for path in chapters if path != CHANGED]
        count = executions(cache, [*others, changed])
        yield Line("executions, one chapter changed", CHANGED.stem, count, 1, "")
    with TemporaryDirectory(prefix="build-") as folder:
        cache = Path(folder, ".jupyter_cache")
        executing, _ = execute(cache, chapters)
        building, _ = run(sys.executable, "tools/build_book.py", "--build", folder, *map(str, chapters))
        where = f"all {len(chapters)} pages with code ({executing:.0f} s), then the site ({building:.0f} s)"
        yield Line("execution and build from nothing", where, executing + building, COLD, "s")
        spent = {
            Path(record.uri).stem: record.data["execution_seconds"]
            for record in get_cache(cache).list_cache_records()
        }
    slowest = max(spent, key=spent.__getitem__)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    budget = settings["sphinx"]["config"]["execution_budget"]
    yield Line("slowest chapter, of the processor", slowest, spent[slowest], budget, "s")


def is_chapter(path: Path) -> bool:
    """As the Makefile finds them."""
    hidden = any(part.startswith(("_", ".")) for part in path.relative_to(ROOT).parts)
    return not hidden and "format_name: myst" in path.read_text(encoding="utf-8")


def executions(cache: Path, chapters: list[Path]) -> int:
    """How many of `chapters` are executed because `cache` does not have them."""
    _, said = execute(cache, chapters)
    found = re.search(r"Executing (\d+) chapter", said)
    return int(found[1]) if found else 0


def execute(cache: Path, chapters: list[Path]) -> tuple[float, str]:
    return run(sys.executable, "tools/execute_chapters.py", "--cache", str(cache), *map(str, chapters))


def run(*command: str) -> tuple[float, str]:
    """Seconds and output of a command on two cores; RuntimeError with its output if it fails."""
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, preexec_fn=stay_on_two_cores, capture_output=True, text=True
    )
    seconds = time.monotonic() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return seconds, done.stdout


def stay_on_two_cores() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
