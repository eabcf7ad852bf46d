"""Builds under faults: killed, on a full disk, in a read-only folder, from broken caches, without Node.js; and twice.

python tools/try_faults.py [--kills 6] [--seed 0] [kills, faults, twice ...]            (`make faults` does it)

What takes many builds is done on a small book, whose one chapter is `book/_template.md`, in a folder of its own below
the system's for temporary files; the packages are those of this `.venv`. `twice` builds the whole book twice from
nothing. After each fault the site must be, byte by byte, that of before or none, and after
`make book` that of an undisturbed build. Only seconds that a build measures may differ (`MEASURED`).

Linux: the full disk is a small tmpfs and the read-only folder a bind mount, in a mount namespace of this program
(`unshare`), which needs root or user namespaces and goes with it.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
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

# Seconds that a build measures, wherever it tells them: in the ledger, in its data, and on the page on execution.
# What a page shows of the file of claims is a checksum over them.
MEASURED = {
    "ledger.json": [r'"(?:slowest_)?seconds": [\d.e-]+'],
    "_static/ledger-claims.js": [r"\d+ ms"],
    "book/appendix/ledger.html": [
        r"<strong>[\d.]+ s</strong> to decide all; the slowest [\d.]+ s",
        r"ledger-claims\.js\?v=\w+",
    ],
    "book/appendix/ledger/": [r"\d+ ms"],
    "book/appendix/execution.html": [r"<tr[\s\S]*</tr>"],  # the slowest first
}
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
        return subprocess.Popen(
            ["make", *targets], cwd=self.folder, env={**os.environ, **environment}, stdout=subprocess.PIPE,
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
    for place, patterns in MEASURED.items():
        if name == place or (place.endswith("/") and name.startswith(place)):
            for pattern in patterns:
                content = re.sub(pattern.encode(), b"measured", content)
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
            process.wait(moment)
        except subprocess.TimeoutExpired:
            if manner == "make alone killed":
                process.kill()
            else:
                end = signal.SIGINT if "Ctrl-C" in manner else signal.SIGKILL
                os.killpg(process.pid, end)
        if manner != "make alone killed":  # else its last step goes on, beside the next build
            process.communicate()
        left = files_of(book.site)
        seconds = book.build()
        process.communicate()
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


def refused(book: Book, what: str, expected: str, whole: dict[str, bytes], **environment: str) -> bool:
    """Whether the build fails with the line, and leaves the site."""
    (book.folder / "_config.yml").touch()
    code, output = book.make("book", **environment)
    told = last_line(output)
    kept = files_of(book.site) == whole and not (book.folder / "_build" / "partial").exists()
    passed = code != 0 and re.search(expected, told) is not None and kept
    return report(passed, what, f"{told!r}; the site is {'as it was' if kept else 'NOT as it was'}")


def healed(book: Book, what: str, expected: str, whole: dict[str, bytes]) -> bool:
    """Whether the build says the line, goes on, and gives the site."""
    (book.folder / "_config.yml").touch()
    code, output = book.make("book")
    told = next((line for line in output.splitlines() if re.search(expected, line)), last_line(output))
    wrong = compared(whole, files_of(book.site))[1]
    passed = code == 0 and re.search(expected, told) is not None and not wrong
    return report(
        passed, what, f"{told!r}; exit {code}, {len(wrong)} files differ in more than measured seconds"
    )


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def faults(book: Book) -> Iterator[bool]:
    """What is wrong with the machine is told in one line; a broken cache is told of and made again."""
    book.build()
    whole, build = files_of(book.site), book.folder / "_build"

    # A tmpfs over the folder, with a copy of what is in it; what is left free does not hold another site.
    size = sum(path.stat().st_size for path in build.rglob("*") if path.is_file())
    for free in (0.02, 0.5):
        aside = book.folder / "aside"
        shutil.copytree(build, aside, symlinks=True)
        mount("-t", "tmpfs", "-o", f"size={round((1 + free) * size) + 2**20}", "tmpfs", build)
        shutil.copytree(aside, build, symlinks=True, dirs_exist_ok=True)
        spare = shutil.disk_usage(build).free
        filler = round(spare - free * sum(map(len, whole.values())))
        (build / "filler").write_bytes(bytes(max(filler, 0)))
        told = f"a disk with {shutil.disk_usage(build).free / 1e6:.1f} MB free (tmpfs)"
        yield refused(book, told, r"disk is full .*free some", whole)
        (build / "filler").unlink()
        subprocess.run(["umount", build], check=True)
        shutil.rmtree(aside)
    yield refused_below_limit(book, whole)

    mount("--bind", build, build)
    mount("-o", "remount,bind,ro", build)
    yield refused(book, "a read-only folder (bind mount)", r"cannot be written .*make it writable", whole)
    subprocess.run(["umount", build], check=True)

    cache = build / ".jupyter_cache"
    anew = r"executed again"
    (cache / "global.db").write_bytes(b"no database" * 100)
    yield healed(book, "garbage for the cache's database", anew, whole)
    (cache / "global.db").write_bytes(b"")
    yield healed(book, "an empty database of the cache", anew, whole)
    notebook = next(cache.glob("executed/*/base.ipynb"))
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text[: len(text) // 2], encoding="utf-8")
    yield healed(book, "a half-written notebook in the cache", anew, whole)
    next(cache.glob("executed/*/base.ipynb")).unlink()
    yield healed(book, "a notebook missing from the cache", anew, whole)
    doctrees = build / "partial" / ".doctrees"
    doctrees.mkdir(parents=True)
    (doctrees / "environment.pickle").write_bytes(b"no pickle")
    yield healed(book, "garbage for Sphinx's environment, left by a killed build", "The book:", whole)
    (build / "partial").mkdir()
    build.joinpath("html").rename(build / "partial" / "last-html")
    yield healed(book, "killed between the two renamings", "The book:", whole)

    static = book.folder / "src" / "helpers" / "widgets" / "static"
    (static / ".inputs").write_text("")
    (book.folder / ".venv" / ".helpers").unlink()
    yield healed(book, "an empty stamp of the bundles", "The book:", whole)
    shutil.rmtree(static)
    yield healed(book, "the bundles gone", "The book:", whole)
    for wheel in (build / "wheel").glob("*.whl"):
        wheel.unlink()
    yield healed(book, "the wheel gone", "The book:", whole)
    package = book.folder / "node_modules" / "svgo" / "package.json"
    content = package.read_text(encoding="utf-8")
    package.unlink()
    yield refused(
        book, "a package of node_modules gone", r"node_modules is broken .*remove that folder", whole
    )
    package.write_text(content, encoding="utf-8")
    program = book.folder / "node_modules" / "esbuild" / "lib" / "main.js"
    content = program.read_text(encoding="utf-8")
    program.write_text(content[: len(content) // 2], encoding="utf-8")
    yield refused(
        book, "a package of node_modules cut off", r"node_modules is broken .*remove that folder", whole
    )
    program.write_text(content, encoding="utf-8")

    found = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "node").exists()]
    with tempfile.TemporaryDirectory() as tools:
        for folder in set(os.environ["PATH"].split(os.pathsep)) - set(found):
            for path in Path(folder).iterdir() if Path(folder).is_dir() else ():
                if path.name not in ("node", "npm", "npx", "nodejs") and not Path(tools, path.name).exists():
                    Path(tools, path.name).symlink_to(path)
        without = os.pathsep.join([*found, tools])
        yield refused(book, "no Node.js, and nothing to install it from", r"Node\.js 18 or later is needed", whole,
                      PATH=without, PIP_NO_INDEX="1")  # fmt: skip
    yield healed(book, "after all of that", "The book:", whole)


def refused_below_limit(book: Book, whole: dict[str, bytes]) -> bool:
    """The same where no file may be longer than 64 KiB, as if each disk were full in the midst of a file."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, hard))
    try:
        return refused(book, "no file above 64 KiB (RLIMIT_FSIZE)", r"disk is full.*free some", whole)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


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
    results = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        if {"kills", "faults"} & set(parts):
            book = Book(Path(folder).resolve() / "small", small=True)
        if "kills" in parts:
            results += kills(book, count, seed)
        if "faults" in parts:
            results += faults(book)
        if "twice" in parts:
            results += twice(Path(folder).resolve() / "whole")
    print(f"{sum(results)} of {len(results)} passed", flush=True)
    return 0 if all(results) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=["kills", "faults", "twice"], help="kills, faults, twice")
    parser.add_argument("--kills", type=int, default=6, help="how many builds are killed")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the moments")
    arguments = parser.parse_args()
    in_own_namespace()
    sys.exit(main(arguments.parts, arguments.kills, arguments.seed))
