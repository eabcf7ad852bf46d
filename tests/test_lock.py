"""The lock files name what the requirements do, with a hash for every file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("requirements", "requirements-test", "requirements-node")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (re.fullmatch(r"([A-Za-z0-9._-]+)==(\S+)", line) for line in lines)
    return {canonical(pin[1]): pin[2] for pin in found if pin}


def locked(name: str) -> dict[str, list[tuple[str, int]]]:
    """Of each package its versions (two, where Python's version decides) and how many hashes each has."""
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[tuple[str, int]]] = {}
    for line in text.splitlines():
        if entry := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line))
            found.setdefault(canonical(entry[1]), []).append((entry[2], hashes))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_has_what_is_required_in_that_version_with_hashes(name):
    wanted, entries = pins(ROOT / f"{name}.txt"), locked(name)
    assert wanted
    wanted.pop("torch", None)
    for package, version in wanted.items():
        assert [found for found, _ in entries[package]] == [version], f"{package}: run `make lock`"
    assert all(count > 0 for versions in entries.values() for _, count in versions)


def test_pytorch_and_what_only_cuda_needs_are_in_no_lock():
    assert "torch" in pins(ROOT / "requirements.txt")
    for name in NAMES:
        assert not [package for package in locked(name) if re.match(r"torch$|nvidia|cuda|triton", package)]


def test_the_tests_bring_no_second_version_of_what_the_book_needs():
    book, tests = locked("requirements"), locked("requirements-test")
    common = book.keys() & tests.keys()
    assert common
    for package in common:
        assert {version for version, _ in tests[package]} <= {version for version, _ in book[package]}
