"""Execute the chapters whose text is not in the cache, several at a time; the book's build finds the outputs there.

python tools/execute_chapters.py book/games/index.md ...       (from the root; `make book` does it)
"""

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_cache.readers import get_reader
from jupyter_client.kernelspec import KernelSpecManager

from helpers import building
from helpers.progress import bar

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "_build" / ".jupyter_cache"  # where Jupyter Book looks
ESTIMATE = "{desc}: {percentage:3.0f}% {bar} {elapsed}, about {remaining} more"
MOST = 8  # kernels at a time: each takes up to a gigabyte of memory


def main(chapters: list[Path], cache_path: Path) -> int:
    """Execute what is new of `chapters`; return how many failed."""
    os.environ[building.VARIABLE] = "1"  # figures give their static page, derivations their claims
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["execute"]["timeout"]
    cache, read = get_cache(cache_path), get_reader({"type": "plugin", "name": "myst_nb_md"})
    new = {}
    # The longest first: they take longest, and the last to end should be a short one.
    for path in sorted(chapters, key=lambda path: -path.stat().st_size):
        notebook = read(str(path))
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            new[path] = notebook
    if not new:
        return 0
    workers = min(os.cpu_count() or 1, MOST, len(new))
    # What starts a kernel is imported here: two threads that import the same module at once can fail.
    KernelSpecManager().get_kernel_spec("python3")
    print(f"Executing {len(new)} chapter{'s' * (len(new) > 1)}, {workers} at a time", flush=True)
    started, failed = time.monotonic(), 0
    pool = ThreadPoolExecutor(workers)  # threads that wait: the kernels are processes of their own
    jobs = {
        pool.submit(single_nb_execution, notebook, str(path.parent), timeout, False): path
        for path, notebook in new.items()
    }
    # The estimate takes it that a chapter's time is in proportion to its length.
    length = sum(path.stat().st_size for path in new)
    try:
        with bar("Executing", total=length, bar_format=ESTIMATE) as shown:
            for done, job in enumerate(as_completed(jobs), 1):
                path, result = jobs[job], job.result()
                shown.write(f"  {done:3} of {len(new)}  {path}  {result.time:.0f} s", file=sys.stdout)
                sys.stdout.flush()
                if result.err is None:
                    bundle = CacheBundleIn(
                        result.nb, str(path.resolve()), data={"execution_seconds": result.time}
                    )
                    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                else:
                    failed += 1
                    shown.write(f"\n{path} failed:\n{result.err}", file=sys.stderr)
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
    arguments = parser.parse_args()
    sys.exit(1 if main(arguments.chapters, arguments.cache) else 0)
