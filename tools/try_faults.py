"""Builds under faults: killed, on a full disk, in a read-only folder, from broken caches, without Node.js; and twice.

python tools/try_faults.py [--kills 6] [--seed 0] [kills machine caches twice]        (`make faults` does it)

What takes many builds is done on a small book, whose one chapter is `book/_template.md`, in a folder of its own below
the system's for temporary files; the packages are those of this `.venv`. `twice` builds the whole book twice from
nothing. After each fault the site must be, byte by byte, that of before or none, and after the next `make book` that
of an undisturbed build. Only seconds that a build measures may differ (`MEASURED`).

Linux: the full disk is a small tmpfs and the read-only folder a bind mount, in a mount namespace of this program
(`unshare`), which needs root or user namespaces and goes with it.
"""

import argparse
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = next((ROOT / ".venv" / "lib").glob("python3*")) / "site-packages"

TOC = """format: jb-book
root: book/index
chapters:
  - file: book/chapter
  - file: book/appendix/ledger
  - file: book/appendix/mistakes
  - file: book/appendix/execution
  - file: book/appendix/references
"""
INDEX = "# A small book\n\nIt is built to be disturbed.\n"
KEPT = ("chapter.md", "index.md", "references.bib")

# Where seconds stand that a build measures, or numbers made of them: in files of these names, or in these folders.
MEASURED = {
    "ledger.json": r'"(?:slowest_)?seconds": [\d.e-]+',
    "_static/ledger-claims.js": r"\d+ ms",
    "book/appendix/ledger.html": r"[\d.]+ s</strong> to decide all; the slowest [\d.]+ s|claims\.js\?v=\w+",
    "book/appendix/ledger/": r"\d+ ms",
    "book/appendix/execution.html": r"<tr[\s\S]*</tr>",  # the slowest first
    # What chapters time, in the words that they all use.
    "book/": r"page was built, in (?:<[^>]*>)*[\d.]+|<p[^>]*>(?:<em>)?Measured(?:</em>:| when)[\s\S]*?</p>",
    "notebooks/": r"while this page was built, in [\d.]+|(?:\*Measured\*:|Measured when)[\s\S]*?\n {3}\]",
    "searchindex.js": r'"\d+": ?(?:\d+|\[[\d, ]*\]),? ?',  # numbers are words, too
    "search.html": r"searchindex\.js\?v=\w+",
}
ABOVE = {"MAKELEVEL", "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES"}
FULL = "the disk is full.*: free some space"
PARTS = ("kills", "machine", "caches", "twice")
MANNERS = ("all processes killed", "make alone killed", "interrupted by Ctrl-C")


class Book:
    """A copy of this repository that builds with this one's packages."""

    def __init__(self, folder: Path, small: bool) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        if small:
            self._cut_down()
        self._borrow_packages()

    def _cut_down(self) -> None:
        book = self.folder / "book"
        shutil.move(book / "_template.md", book / "chapter.md")
        (book / "index.md").write_text(INDEX, encoding="utf-8")
        (self.folder / "_toc.yml").write_text(TOC, encoding="utf-8")
        kept = {book / name for name in KEPT}
        kept |= {self.folder / f"{name}.md" for name in re.findall(r"book/appendix/\w+", TOC)}
        for path in book.rglob("*.md"):
            if path not in kept:
                path.unlink()

    def _borrow_packages(self) -> None:
        environment = self.folder / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        own = next((environment / "lib").glob("python3*")) / "site-packages"
        (own / "borrowed.pth").write_text(f"{self.folder / 'src'}\n{PACKAGES}\n", encoding="utf-8")
        shutil.copytree(ROOT / "node_modules", self.folder / "node_modules", symlinks=True)
        (self.folder / "node_modules" / ".package-lock.json").touch()
        for stamp in (".created", ".requirements", ".test"):
            (environment / stamp).touch()

    @property
    def site(self) -> Path:
        return self.folder / "_build" / "html"

    def start(self, *targets: str, **environment: str) -> subprocess.Popen:
        """`make`, in a session of its own so that all its processes can be signalled."""
        # As a reader calls it: below another `make` it would tell of the folders that it enters and leaves.
        own = {name: value for name, value in os.environ.items() if name not in ABOVE}
        return subprocess.Popen(
            ["make", *targets], cwd=self.folder, env={**own, **environment}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip

    def make(self, *targets: str, **environment: str) -> tuple[int, str]:
        """Exit code and output of `make`."""
        process = self.start(*targets, **environment)
        output, _ = process.communicate()
        return process.returncode, output

    def build(self) -> float:
        """Build the book; the seconds it took. SystemExit with the output where it fails."""
        started = time.monotonic()
        code, output = self.make("book")
        if code:
            sys.exit(f"FAILED: make book\n{output[-3000:]}")
        return time.monotonic() - started


def files_of(site: Path) -> dict[str, bytes]:
    """The files of a site; empty where there is none."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def masked(name: str, content: bytes) -> bytes:
    """The file without the seconds that the build measured."""
    for place, pattern in MEASURED.items():
        if name == place or (place.endswith("/") and name.startswith(place)):
            content = re.sub(pattern.encode(), b"", content)
    return content


def compared(one: dict[str, bytes], other: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """The files that differ, and among them those that differ in more than what is measured."""
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    wrong = [
        name
        for name in differ
        if name not in one or name not in other or masked(name, one[name]) != masked(name, other[name])
    ]
    return differ, wrong


def kills(book: Book, count: int, seed: int) -> Iterator[bool]:
    """Builds from nothing, and of a site that is there, killed at random moments."""
    draw = random.Random(seed)
    # What a shell has put into the background ignores it, and so does all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    book.make("clean")
    from_nothing = book.build()
    whole = files_of(book.site)
    (book.folder / "_config.yml").touch()
    again = book.build()
    print(
        f"Undisturbed: {from_nothing:.0f} s from nothing, {again:.0f} s of the site again; seed {seed}",
        flush=True,
    )
    for number in range(count):
        manner = MANNERS[number % len(MANNERS)]
        clean = number % 2 == 0
        if clean:
            book.make("clean")
        before = files_of(book.site)
        (book.folder / "_config.yml").touch()
        moment = draw.uniform(0, from_nothing if clean else again)
        process = book.start("book")
        try:
            process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            if manner == "make alone killed":
                process.kill()
            else:
                end = signal.SIGINT if "Ctrl-C" in manner else signal.SIGKILL
                os.killpg(process.pid, end)
        process.wait()  # of `make` alone: its last step goes on, and the next build waits for that
        left = files_of(book.site)
        seconds = book.build()
        differ, wrong = compared(whole, files_of(book.site))
        stale = [] if left in ({}, before) else compared(whole, left)[1]
        where = "from nothing" if clean else "with a site in place"
        yield report(
            not wrong and not stale,
            f"{manner} {moment:.1f} s into a build {where}",
            f"rebuilt in {seconds:.0f} s, {len(differ)} of {len(whole)} files differ, in more than measured seconds "
            f"{wrong or 'none'}; half-written in place of a site: {stale or 'none'}",
        )


def report(passed: bool, what: str, told: str) -> bool:
    print(f"{'passed' if passed else 'FAILED'}  {what}: {told}", flush=True)
    return passed


def last_line(output: str) -> str:
    """The last line that `make` itself does not say."""
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("make: ***")]
    return lines[-1] if lines else ""


def refused(book: Book, what: str, expected: str, **environment: str) -> bool:
    """Whether the build fails with the line, and leaves the site."""
    before = files_of(book.site)
    (book.folder / "_config.yml").touch()
    code, output = book.make("book", **environment)
    told = last_line(output)
    kept = files_of(book.site) == before and not (book.folder / "_build" / "partial").exists()
    passed = code != 0 and re.search(expected, told) is not None and kept
    return report(passed, what, f"{told!r}; the site is {'as it was' if kept else 'NOT as it was'}")


def healed(book: Book, what: str, expected: str, whole: dict[str, bytes]) -> bool:
    """Whether the build says the line, goes on, and gives the site."""
    (book.folder / "_config.yml").touch()
    code, output = book.make("book")
    told = next((line for line in output.splitlines() if re.search(expected, line)), last_line(output))
    wrong = compared(whole, files_of(book.site))[1]
    passed = code == 0 and re.search(expected, told) is not None and not wrong
    if code:
        print(output[-3000:])
    return report(passed, what, f"{told!r}; differ in more than measured seconds: {wrong or 'none'}")


def machine(book: Book) -> Iterator[bool]:
    """What is wrong with the machine is told in one line, and the site is as it was."""
    book.build()
    build = book.folder / "_build"
    yield refused_without_node(book)
    space = size_of(build)
    for free in (0.02, 0.5):  # of a site: its first page does not fit, or its last
        with mounted(build, "-t", "tmpfs", "-o", f"size={round(1.5 * space) + 2**22}", copy=True):
            left = round(free * size_of(book.site))
            (build / "filler").write_bytes(bytes(shutil.disk_usage(build).free - left))
            yield refused(book, f"a disk with {left / 1e6:.1f} MB free (tmpfs)", FULL)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, limits[1]))
    yield refused(
        book, "no file longer than 64 KiB, as if a disk were full in its midst (RLIMIT_FSIZE)", FULL
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    with mounted(build, "--bind"):
        run("mount", "-o", "remount,bind,ro", build)
        yield refused(
            book, "a read-only folder (bind mount)", "_build cannot be written to .*: make it writable"
        )
    for name, change in (("svgo/package.json", Path.unlink), ("esbuild/lib/main.js", cut_off)):
        file = book.folder / "node_modules" / name
        content = file.read_bytes()
        change(file)
        yield refused(book, f"node_modules/{name} broken", "node_modules is broken .*: remove that folder")
        file.write_bytes(content)
    book.build()


def refused_without_node(book: Book) -> bool:
    """With a PATH of all programs that there are, but those of Node.js."""
    with tempfile.TemporaryDirectory() as programs:
        for folder in map(Path, os.environ["PATH"].split(os.pathsep)):
            for path in folder.iterdir() if folder.is_dir() else ():
                link = Path(programs, path.name)
                if path.name not in ("node", "nodejs", "npm", "npx") and not link.is_symlink():
                    link.symlink_to(path)
        what = "no Node.js, and nothing to install it from"
        return refused(
            book, what, r"Node\.js 18 or later is needed: install it", PATH=programs, PIP_NO_INDEX="1"
        )


def caches(book: Book) -> Iterator[bool]:
    """What is broken of what earlier builds have left is made again, and the site is that of an undisturbed build."""
    book.build()
    whole, build = files_of(book.site), book.folder / "_build"
    database = build / ".jupyter_cache" / "global.db"
    for what, content in (("garbage", b"no database" * 100), ("nothing", b"")):
        database.write_bytes(content)
        yield healed(book, f"{what} in the database of executed chapters", "all are executed again", whole)
    for what, change in (("half-written", cut_off), ("gone", Path.unlink)):
        change(next(database.parent.glob("executed/*/base.ipynb")))
        yield healed(book, f"an executed chapter {what}", "not whole: it is executed again", whole)
    # The rest says nothing: what is gone is made, what a killed build has left is removed.
    static = book.folder / "src" / "helpers" / "widgets" / "static"
    cut_off(static / ".inputs")
    (book.folder / ".venv" / ".helpers").unlink()
    (build / "partial" / ".doctrees").mkdir(parents=True)
    (build / "partial" / ".doctrees" / "environment.pickle").write_bytes(b"no pickle")
    yield healed(book, "a stamp of the bundles cut off, and Sphinx's environment garbage", "The book:", whole)
    (static / ".inputs").write_bytes(b"")
    (book.folder / ".venv" / ".helpers").unlink()
    (build / "partial").mkdir()
    book.site.rename(build / "partial" / "last-html")
    yield healed(book, "an empty stamp, and a build killed between two renamings", "The book:", whole)
    shutil.rmtree(static)
    shutil.rmtree(build / "wheel")
    yield healed(book, "bundles and wheel gone", "The book:", whole)


def cut_off(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True)


@contextmanager
def mounted(folder: Path, *options: str, copy: bool = False) -> Iterator[None]:
    """Something mounted over the folder, with a copy of what is in it or, with `--bind`, itself."""
    aside = folder.with_name("aside")
    if copy:
        shutil.copytree(folder, aside, symlinks=True)
    run("mount", *options, folder if "--bind" in options else "tmpfs", folder)
    try:
        if copy:
            shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        yield
    finally:
        run("umount", folder)
        shutil.rmtree(aside, ignore_errors=True)


def twice(folder: Path) -> Iterator[bool]:
    """The whole book, built twice from nothing."""
    book = Book(folder, small=False)
    sites = []
    for _ in range(2):
        book.make("clean")
        print(f"The whole book from nothing: {book.build():.0f} s", flush=True)
        sites.append(files_of(book.site))
    differ, wrong = compared(*sites)
    yield report(
        not wrong,
        "two clean builds of the whole book",
        f"{len(differ)} of {len(sites[0])} files differ, {len(wrong)} in more than measured seconds: {wrong}; "
        f"in measured seconds alone: {[name for name in differ if name not in wrong]}",
    )


def in_own_namespace() -> None:
    """Go on in a mount namespace of this program's own: its mounts are seen by nobody else, and end with it."""
    if os.environ.get("FAULTS_NAMESPACE") == "own":
        return
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *users, "--mount", "--propagation", "private"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], capture_output=True).returncode:
        sys.exit("make faults: mount namespaces are needed (Linux; root, or user namespaces allowed)")
    os.environ["FAULTS_NAMESPACE"] = "own"
    os.execvp("unshare", [*command, sys.executable, *sys.argv])


def main(parts: Iterable[str], count: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name).resolve()
        results = []
        small = Book(folder / "small", small=True) if set(parts) - {"twice"} else None
        for part in parts:
            started = {
                "kills": lambda: kills(small, count, seed),
                "machine": lambda: machine(small),
                "caches": lambda: caches(small),
                "twice": lambda: twice(folder / "whole"),
            }[part]
            results += started()
    print(f"{sum(results)} of {len(results)} passed", flush=True)
    return 0 if all(results) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--kills", type=int, default=6, help="how many builds are killed")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the moments")
    arguments = parser.parse_args()
    in_own_namespace()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"expected {', '.join(PARTS)}, got {', '.join(sorted(unknown))}")
    sys.exit(main(arguments.parts or PARTS, arguments.kills, arguments.seed))
