"""What is wrong with the machine, not with the book, in one line: a full disk, a read-only folder, broken packages.

python tools/plain_faults.py COMMAND...      runs a command; its output is shown when it has ended

Where a command fails for a reason that is known here, its output, many lines of which are about the program that
met the fault, gives way to the line that names the fault and what to do.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["fault", "told_error", "told_plainly"]

ROOT = Path(__file__).resolve().parent.parent
NEARLY_NOTHING = 2**20  # bytes

# As the system, SQLite and Node.js say it.
FULL = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|database or disk is full|\b(?:ENOSPC|EDQUOT|EFBIG)\b"
)
UNWRITABLE = re.compile(
    r"(Read-only file system|Permission denied|Operation not permitted|EROFS|EACCES|EPERM)\b(?:: '([^']+)')?"
    r"|attempt to write a readonly database"
)
NO_PACKAGE = re.compile(
    r"Cannot find (?:package|module) '([^']+)'|ENOENT[^']*'([^']*\bnode_modules/[^']+)'"
    r"|requested module '([^'./][^']*)' (?:is a CommonJS module|does not provide)"
)
IN_PACKAGE = re.compile(
    r"\bnode_modules/((?:@[^/\s]+/)?[^/\s:']+)\S*:\d+\n[\s\S]*\b(?:Syntax|Type|Reference)Error: "
)


def fault(text: str) -> str | None:
    """The fault of the machine that a program's last words tell of, with what to do; None if they tell of none.

    The words of an error in the book's own code are not mistaken for one: a package of Node.js counts as broken
    where it is not found, or where its own file cannot be read as a program.
    """
    if FULL.search(text):
        folders = [folder for folder in (ROOT / "_build", Path(tempfile.gettempdir())) if is_full(folder)]
        where = f" (that of {folders[0]})" if folders else ""
        return f"the disk is full{where}: free some space, and run `make book` again"
    if match := UNWRITABLE.search(text):
        folder = Path(match[2]).parent if match[2] else ROOT / "_build"
        why = match[1] or "read-only"
        return f"{folder} cannot be written to ({why}): make it writable, and run `make book` again"
    if match := NO_PACKAGE.search(text) or IN_PACKAGE.search(text):
        name = next(filter(None, match.groups())).removeprefix(f"{ROOT}/")
        return f"node_modules is broken ({name}): remove that folder, and run `make book`, which installs it anew"
    return None


def is_full(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free < NEARLY_NOTHING


def told_error(error: BaseException) -> str | None:
    """The `fault` behind an exception, or behind one of another process that it tells of."""
    text = "".join(traceback.format_exception(error)) + str(getattr(error, "traceback", ""))
    return fault(text)


@contextmanager
def told_plainly(name: str) -> Iterator[None]:
    """End the program with one line, where a fault of the machine or an interruption ends the block."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(f"{name}: interrupted")
    except Exception as error:
        if told := told_error(error):
            sys.exit(f"{name}: {told}")
        raise


def main(command: list[str]) -> int:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    told = fault(done.stdout) if done.returncode else None
    print(f"make: {told}\n" if told else done.stdout, end="", file=sys.stderr if told else sys.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
