"""Build the book: execute what is new, write the site beside the last one, and put it in place once it is whole.

python tools/build_book.py book/games/index.md ...       (the chapters with code, from the root; `make book` does it)

Until the last moment everything is written into `_build/partial`: a build that fails or is killed leaves the site as
it was, and of itself only what a later build takes or removes. The stamp `.complete` in the site bears the time when
the build began: what is saved during a build is newer.
"""

import argparse
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TextIO
from unittest.mock import patch

from plain_faults import fault, told_error, told_plainly

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
STAMP = ".complete"
# What is put in place, the site last: where it is, with its stamp, all is.
FOLDERS = ("notebooks", "html")


class Heard:
    """A stream whose words are kept, too."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.words = stream, []

    def write(self, text: str) -> int:
        self.words.append(text)
        return self.stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


@contextmanager
def alone(build: Path) -> Iterator[int]:
    """Wait until no other build works in the folder; any process that has the descriptor open keeps others out."""
    with (build / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build of the book is at work: waiting for its end", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def put_in_place(partial: Path, build: Path) -> None:
    """Replace the folders of `build` by those of `partial`."""
    for name in FOLDERS:
        if (build / name).exists():
            (build / name).rename(partial / f"last-{name}")
        (partial / name).rename(build / name)


def clear(partial: Path, build: Path) -> None:
    """Remove what a build has left, but for what it was about to replace when it ended: that goes back."""
    for name in FOLDERS:
        last = partial / f"last-{name}"
        if last.exists() and not (build / name).exists():
            last.rename(build / name)
    if partial.exists():
        shutil.rmtree(partial)


def write(site: Path, cache: Path) -> tuple[int | BaseException, str]:
    """Write the site as `jupyter-book build --all -W -n --keep-going` does.

    Returns 0 or what went wrong, and the warnings. What `fault` knows is for the caller to tell.
    """
    import jupyter_book.sphinx  # a second, of which those who wait need nothing

    settings = {
        "external_toc_path": str(ROOT / "_toc.yml"),
        "latex_individualpages": False,
        "nitpicky": True,
        "nb_execution_cache_path": str(cache),
    }

    def say(app: object, options: object, error: BaseException, stream: TextIO) -> None:
        if told_error(error) is None:
            in_sphinx_words(app, options, error, stream)

    in_sphinx_words = jupyter_book.sphinx.handle_exception
    heard = Heard(sys.stderr)
    with redirect_stderr(heard), patch("jupyter_book.sphinx.handle_exception", say):
        result = jupyter_book.sphinx.build_sphinx(
            ROOT,
            site,
            noconfig=True,
            path_config=ROOT / "_config.yml",
            confoverrides=settings,
            warningiserror=True,
            keep_going=True,
            freshenv=True,
        )
    return result, "".join(heard.words)


def build_book(chapters: list[str], build: Path = BUILD) -> None:
    """Execute and build. Raises SystemExit when the book is not built, OSError where a folder cannot be written."""
    partial, cache = build / "partial", build / ".jupyter_cache"
    build.mkdir(parents=True, exist_ok=True)
    with alone(build) as lock:
        clear(partial, build)
        try:
            site = partial / "html"
            site.mkdir(parents=True)
            (site / STAMP).touch()
            execute = [sys.executable, ROOT / "tools" / "execute_chapters.py", "--cache", cache, *chapters]
            if subprocess.run(execute, cwd=ROOT, pass_fds=[lock]).returncode:
                sys.exit(1)
            result, warnings = write(site, cache)
            if result:
                told = told_error(result) if isinstance(result, BaseException) else fault(warnings)
                sys.exit(f"make book: {told}" if told else 1)
            put_in_place(partial, build)
        finally:
            clear(partial, build)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="+", help="the pages with code")
    parser.add_argument("--build", type=Path, default=BUILD, help="where the site and the cache go")
    arguments = parser.parse_args()
    with told_plainly("make book"):
        build_book(arguments.chapters, arguments.build)
