"""A build that fails, or is killed, leaves the site as it was; a fault of the machine is told in one line."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import build_book
import pytest
from plain_faults import fault

ROOT = Path(__file__).resolve().parents[1]


def fill(folder: Path, text: str) -> None:
    for name in build_book.FOLDERS:
        (folder / name / "games").mkdir(parents=True)
        (folder / name / "games" / "page").write_text(text)


def texts(folder: Path) -> list[str]:
    return [(folder / name / "games" / "page").read_text() for name in build_book.FOLDERS]


@pytest.fixture
def build(tmp_path) -> Path:
    """A folder with the last site."""
    fill(tmp_path, "last")
    return tmp_path


@pytest.fixture
def steps(build, monkeypatch):
    """Set what the steps of a build do: `execute(chapters)` and `write(site)`, which return what went wrong."""

    def take(execute=lambda chapters: 0, write=lambda site: 0, warnings=""):
        def run(command, **options):
            return subprocess.CompletedProcess(command, execute(command[-1:]))

        monkeypatch.setattr(build_book.subprocess, "run", run)
        monkeypatch.setattr(build_book, "write", lambda site, cache: (write(site), warnings))

    return take


def write_site(site: Path) -> int:
    (site.parent / "html" / "games").mkdir()
    (site.parent / "notebooks" / "games").mkdir(parents=True)
    for name in build_book.FOLDERS:
        (site.parent / name / "games" / "page").write_text("new")
    return 0


def test_a_site_is_put_in_place_with_a_stamp_of_the_time_when_its_build_began(build, steps):
    saved = build / "chapter.md"

    def write(site: Path) -> int:
        # A moment later by the clock that the stamp is read by: no two files need have different times.
        stamp = site / build_book.STAMP
        saved.touch()
        os.utime(saved, ns=(stamp.stat().st_mtime_ns + 1,) * 2)
        return write_site(site)

    steps(write=write)
    build_book.build_book(["chapter"], build)
    assert texts(build) == ["new", "new"]
    assert (build / "html" / build_book.STAMP).stat().st_mtime_ns < saved.stat().st_mtime_ns
    assert not (build / "partial").exists()


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        ({"execute": lambda chapters: 1}, "1"),
        ({"write": lambda site: write_site(site) or 1}, "1"),
        ({"write": lambda site: write_site(site) or ValueError("a page is wrong")}, "1"),
        ({"write": lambda site: write_site(site) or OSError(28, "No space left on device")}, "disk is full"),
        (
            {"write": lambda site: 1, "warnings": "error writing file x: [Errno 28] No space left on device"},
            "full",
        ),
        ({"write": lambda site: KeyboardInterrupt()}, "1"),
    ],
)
def test_a_build_that_fails_leaves_the_last_site(build, steps, failing, told):
    steps(**failing)
    with pytest.raises(SystemExit, match=told) as ended:
        build_book.build_book(["chapter"], build)
    assert ended.value.code not in (0, None)
    assert texts(build) == ["last", "last"]
    assert not (build / "partial").exists()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("survived", range(5))
def test_killed_while_it_is_put_in_place_a_site_is_whole(build, monkeypatch, survived, first):
    """As if killed after each number of renamings; the next build clears up what is left."""
    partial = build / "partial"
    fill(partial, "new")
    if first:
        for name in build_book.FOLDERS:
            (build / name / "games" / "page").unlink()
            (build / name / "games").rmdir()
            (build / name).rmdir()
    rename, done = Path.rename, []

    class Killed(BaseException):
        pass

    def counted(path, target):
        if len(done) == survived:
            raise Killed
        done.append(target)
        return rename(path, target)

    with monkeypatch.context() as killing:
        killing.setattr(Path, "rename", counted)
        with suppress(Killed):
            build_book.put_in_place(partial, build)
    build_book.clear(partial, build)
    assert not partial.exists()
    for name in build_book.FOLDERS:
        page = build / name / "games" / "page"
        if first:
            assert not (build / name).exists() or page.read_text() == "new"
        else:
            assert page.read_text() in ("last", "new")
    # The stamp is the site's: never is the site newer than what is put in place before it.
    if (build / "html").exists() and (build / "html" / "games" / "page").read_text() == "new":
        assert texts(build) == ["new", "new"]


def test_a_second_build_waits_even_for_what_a_killed_one_has_started(tmp_path):
    # The first is killed; what it has started, which holds the descriptor, lives until its input ends.
    first = f"""
import subprocess, sys, os
from pathlib import Path
from build_book import alone
with alone(Path({str(tmp_path)!r})) as lock:
    subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], pass_fds=[lock])
    print("at work", flush=True)
    os.kill(os.getpid(), 9)
"""
    second = f"""
from pathlib import Path
from build_book import alone
with alone(Path({str(tmp_path)!r})):
    print("my turn", flush=True)
"""
    options = {"cwd": ROOT / "tools", "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", first], stdin=subprocess.PIPE, **options) as killed:
        assert killed.stdout.readline() == "at work\n"
        with subprocess.Popen([sys.executable, "-c", second], **options) as waiting:
            assert "waiting for its end" in waiting.stdout.readline()
            killed.stdin.close()
            assert waiting.stdout.readline() == "my turn\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("sqlite3.OperationalError: database or disk is full", "the disk is full"),
        ("Error: ENOSPC: no space left on device, write", "the disk is full"),
        ("OSError: [Errno 27] File too large", "the disk is full"),
        ("OSError: [Errno 30] Read-only file system: '/a/_build/.lock'", "/a/_build cannot be written to"),
        (
            "PermissionError: [Errno 13] Permission denied: '/a/_build/html'",
            "/a/_build cannot be written to",
        ),
        ("OperationalError: attempt to write a readonly database", "_build cannot be written to"),
        (
            "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'svgo' imported from x",
            "node_modules is broken",
        ),
        ("Error: Cannot find module '/a/node_modules/katex/dist/katex.js'", "node_modules is broken"),
        (
            "SyntaxError: Named export 'build' not found. The requested module 'esbuild' is a CommonJS module",
            "node_modules is broken (esbuild)",
        ),
        ("ENOENT: no such file, open '/a/node_modules/katex/package.json'", "node_modules is broken"),
        (
            "file:///a/node_modules/svgo/lib/svgo.js:3\n{ a\n\nSyntaxError: Unexpected end of input",
            "node_modules is broken (svgo)",
        ),
    ],
)
def test_a_fault_of_the_machine_is_told_with_what_to_do(said, told):
    line = fault(f"Traceback (most recent call last):\n  ...\n{said}\n")
    assert told in line and "`make book`" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "said",
    [
        "ValueError: steps: expected 1 or more, got 0",
        "WARNING: a picture needs a text alternative",
        '✘ [ERROR] Could not resolve "./plane.js"\n    src/helpers/widgets/js/games/index.js:3:20',
        "Error: scripts/pydata-sphinx-theme.js has changed: nothing in it is like /x/",
        "book/_extensions/page_weight.mjs:3\nSyntaxError: Unexpected token",
    ],
)
def test_a_fault_of_the_book_is_told_in_its_own_words(said):
    assert fault(said) is None


def test_a_command_that_meets_a_full_disk_is_told_in_one_line():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full: not Linux")
    tell = [sys.executable, str(ROOT / "tools" / "plain_faults.py"), sys.executable, "-c"]
    write = f"open({str(full)!r}, 'w').write('x' * 10**5)"
    done = subprocess.run([*tell, write], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert done.stderr.startswith("make: the disk is full")
    done = subprocess.run([*tell, "print('as it is'); raise SystemExit(3)"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "as it is\n")
