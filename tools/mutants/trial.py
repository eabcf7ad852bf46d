"""Run tests on a mutant, in a copy of the package and its tests: the checkout is only read.

Each trial is a process of its own, forked from one that has loaded PyTorch and SymPy.
"""

import compileall
import contextlib
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mutants import ROOT, Mutant

COPIED = "src", "tests", "tools", "benchmarks", "book/appendix"  # whose pages tell what is public
MEMORY = 6 * 2**30  # bytes a trial may take
LIMIT = 30.0, 4.0  # seconds that a test may take in any case, and times its own time on right code
PRELOADED = ["hypothesis", "numpy", "pytest", "sympy", "torch", "z3"]

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(PRELOADED)


@dataclass(frozen=True)
class Result:
    """What a test said of a mutant: `by` is the case that failed first, or in a word what else happened."""

    mutant: Mutant
    is_killed: bool
    by: str
    seconds: float


class Scratch:
    """A copy of the tree below `folder`, with one mutant at a time in it."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        for name in COPIED:
            if (root / name).is_dir():
                shutil.copytree(root / name, folder / name, ignore=ignored)
        for path in root.iterdir():
            if path.is_file():
                shutil.copy2(path, folder)
        if (root / "node_modules").is_dir():
            (folder / "node_modules").symlink_to(root / "node_modules")
        compileall.compile_dir(folder / "src" / "helpers", quiet=1)

    def time(self, test: str) -> float:
        """Seconds that a test takes on right code; RuntimeError where it does not pass."""
        code, said, seconds = self._run(test, None, writes_bytecode=True)
        if code != 0:
            raise RuntimeError(f"tests/{test} fails without any mutant (exit status {code}):\n{said[-2000:]}")
        return seconds

    def trial(self, mutant: Mutant, times: dict[str, float]) -> Result:
        """Run the mutant's tests one after another, until one fails.

        `times` are the seconds that tests take on right code: those not there yet are measured and entered.
        """
        for test in mutant.tests:
            if test not in times:
                times[test] = self.time(test)
            result = self._try(mutant, test, LIMIT[0] + LIMIT[1] * times[test])
            if result.is_killed:
                break
        return result

    def _try(self, mutant: Mutant, test: str, limit: float) -> Result:
        path = self.folder / "src" / "helpers" / mutant.file
        text, stamp = path.read_text("utf-8"), path.stat()
        path.write_text(mutant.text, "utf-8")
        try:
            code, said, seconds = self._run(test, limit, writes_bytecode=False)
        finally:
            path.write_text(text, "utf-8")
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # what was compiled before holds again
        failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        by = "no end" if code is None else failed[0] if failed else f"exit status {code}"
        return Result(mutant, code != 0, by, seconds)

    def _run(self, test: str, limit: float | None, *, writes_bytecode: bool) -> tuple[int | None, str, float]:
        """Exit status of pytest, or None where it did not end in time; what it said; seconds."""
        log = self.folder / "log"
        started = time.monotonic()
        process = _processes.Process(target=_pytest, args=(self.folder, test, log, writes_bytecode))
        process.start()
        process.join(limit)
        code = process.exitcode
        with contextlib.suppress(ProcessLookupError):  # what the tests have started goes with them
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return code, log.read_text("utf-8", "replace") if log.exists() else "", time.monotonic() - started


def _pytest(folder: Path, test: str, log: Path, writes_bytecode: bool) -> None:
    import pytest

    os.setsid()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    with log.open("w") as stream:
        for descriptor in (1, 2):
            os.dup2(stream.fileno(), descriptor)
    os.chdir(folder)
    sys.dont_write_bytecode = not writes_bytecode
    if not writes_bytecode:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ["PYTHONPATH"] = str(folder / "src")
    sys.path[:] = [str(folder / "src"), *(p for p in sys.path if not Path(p).is_relative_to(ROOT / "tools"))]
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", f"--rootdir={folder}"]
    file, *chosen = test.split()
    sys.exit(int(pytest.main([*options, f"tests/{file}", *chosen])))
