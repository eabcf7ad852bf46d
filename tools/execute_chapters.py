"""Execute the chapters whose text is not in the cache, several at a time; the book's build finds the outputs there.

python tools/execute_chapters.py book/games/index.md ...       (from the root; `make book` does it)

A chapter that computes for longer than `execution_budget` of `_config.yml` fails, and so does the build. Seconds of
the processor count, not of the clock: a busy machine must not fail the build.
"""

import argparse
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from forked_kernels import kernel_manager, processor_seconds
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.readers import get_reader
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError
from nbformat import NotebookNode
from plain_faults import told_plainly
from sqlalchemy.exc import DatabaseError

from helpers import building
from helpers.progress import bar

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "_build" / ".jupyter_cache"  # where Jupyter Book looks
ESTIMATE = "{desc}: {percentage:3.0f}% {bar} {elapsed}, about {remaining} more"
MOST = 8  # kernels at a time: each takes up to a gigabyte of memory
SLOWEST = 3  # cells named where a chapter takes too long


@dataclass
class Execution:
    """An executed chapter: its notebook with outputs, and what it cost.

    Attributes:
        seconds: of the processor, of the kernel and of what it started.
        cells: seconds of the processor and source, of each cell that was executed.
        error: what failed, in words, or "".
    """

    notebook: NotebookNode
    seconds: float = 0.0
    cells: list[tuple[float, str]] = field(default_factory=list)
    error: str = ""


def execute(notebook: NotebookNode, folder: Path, timeout: float, budget: float) -> Execution:
    """Execute a chapter in a kernel of its own, whose working directory is `folder`."""
    done = Execution(notebook)
    with TemporaryDirectory(prefix="kernel-") as sockets:
        manager = kernel_manager(Path(sockets))

        def count(cell: NotebookNode, **_) -> None:
            before, done.seconds = done.seconds, processor_seconds(manager.provisioner.pid)
            done.cells.append((done.seconds - before, cell.source))

        client = NotebookClient(
            notebook,
            km=manager,
            timeout=timeout,
            coalesce_streams=True,  # in how many pieces a cell's text arrives is chance, and so would be the page
            record_timing=False,  # it would change the cells, which are the cache's key
            resources={"metadata": {"path": str(folder)}},
            on_cell_executed=count,
        )
        try:
            client.execute()
        except (CellExecutionError, CellControlSignal) as error:
            done.error = str(error)
        finally:
            client.kc.stop_channels()
            manager.shutdown_kernel(now=True)  # nothing is left for it to do
    if not done.error and done.seconds > budget:
        done.error = over_budget(done, budget)
    return done


def over_budget(done: Execution, budget: float) -> str:
    """What is said of a chapter that takes too long."""
    lines = [f"It took {done.seconds:.1f} s of the processor; {budget:g} s are allowed. Its slowest cells:"]
    for seconds, source in sorted(done.cells, key=lambda cell: -cell[0])[:SLOWEST]:
        lines.append(f"  {seconds:5.1f} s  {source.strip().splitlines()[0]}")
    return "\n".join(lines)


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_cache(path: Path) -> JupyterCacheAbstract:
    """The cache in the folder `path`; made anew, with a word of it, where its list of chapters cannot be read."""
    cache = get_cache(path)
    try:
        cache.list_cache_records()
    except (RuntimeError, DatabaseError) as error:
        reason = error.__cause__ or error
        if "locked" in str(reason):
            raise
        print(f"The executed chapters in {path} cannot be read: all are executed again", flush=True)
        shutil.rmtree(path)
        cache = get_cache(path)
    return cache


def is_kept(cache: JupyterCacheAbstract, notebook: NotebookNode, path: Path) -> bool:
    """Whether the cache has the chapter's outputs, whole as far as can be seen; tells where they are not whole."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    try:
        kept = cache.get_cache_bundle(record.pk).nb
        if cache.create_hashed_notebook(kept)[1] == record.hashkey:
            return True
    except (LookupError, ValueError, AttributeError, TypeError):  # not there, cut off, or no notebook
        pass
    print(f"The outputs of {path} in the cache are not whole: it is executed again", flush=True)
    return False


def keep(cache: JupyterCacheAbstract, done: Execution, path: Path) -> None:
    """Put an executed chapter into the cache."""
    # The folder of one that was cut off may be there, which the cache does not expect.
    key = cache.create_hashed_notebook(done.notebook)[1]
    shutil.rmtree(cache.path / "executed" / key, ignore_errors=True)
    # The page on what a build executes shows the seconds.
    bundle = CacheBundleIn(done.notebook, str(path.resolve()), data={"execution_seconds": done.seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def main(chapters: list[Path], cache_path: Path, budget: float | None = None) -> int:
    """Execute what is new of `chapters`; return how many failed. `budget`: instead of the configuration's."""
    os.environ[building.VARIABLE] = "1"  # figures give their static page, derivations their claims
    # What `ipykernel` sets in a kernel, set before Matplotlib is imported: the kernels are forked after that.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    # Sets come in the same order in each build: a claim's address may depend on it.
    os.environ["PYTHONHASHSEED"] = "0"
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    timeout = settings["execute"]["timeout"]
    budget = budget or settings["sphinx"]["config"]["execution_budget"]
    cache, read = open_cache(cache_path), get_reader({"type": "plugin", "name": "myst_nb_md"})
    new = {}
    # The longest first: they take longest, and the last to end should be a short one.
    for path in sorted(chapters, key=lambda path: -path.stat().st_size):
        notebook = read(str(path))
        if not is_kept(cache, notebook, path):
            new[path] = notebook
    if not new:
        return 0
    workers = min(processors(), MOST, len(new))
    # What starts a kernel is imported here: two threads that import the same module at once can fail.
    KernelSpecManager().get_kernel_spec("python3")
    print(f"Executing {len(new)} chapter{'s' * (len(new) > 1)}, {workers} at a time", flush=True)
    started, failed = time.monotonic(), 0
    pool = ThreadPoolExecutor(workers)  # threads that wait: the kernels are processes of their own
    jobs = {
        pool.submit(execute, notebook, path.resolve().parent, timeout, budget): path
        for path, notebook in new.items()
    }
    # The estimate takes it that a chapter's time is in proportion to its length.
    length = sum(path.stat().st_size for path in new)
    try:
        with bar("Executing", total=length, bar_format=ESTIMATE) as shown:
            for done, job in enumerate(as_completed(jobs), 1):
                path, result = jobs[job], job.result()
                shown.write(f"  {done:3} of {len(new)}  {path}  {result.seconds:.1f} s", file=sys.stdout)
                sys.stdout.flush()
                if result.error:
                    failed += 1
                    shown.write(f"\n{path} failed:\n{result.error}", file=sys.stderr)
                else:
                    keep(cache, result, path)
                shown.update(path.stat().st_size)
    except KeyboardInterrupt:
        print("interrupted; what had been executed is kept", file=sys.stderr, flush=True)
        os._exit(130)  # kernels end by themselves when their parent is gone
    print(f"Executed in {time.monotonic() - started:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the outputs go")
    parser.add_argument("--budget", type=float, help="seconds of the processor that a chapter may take")
    arguments = parser.parse_args()
    with told_plainly("make book"):
        sys.exit(1 if main(arguments.chapters, arguments.cache, arguments.budget) else 0)
