"""The mathematical mutants, which stand in `lists`: a wrong sign, a missing term, a lost factor."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from mutants import PACKAGE, ROOT, Mutant

LISTS = sorted((Path(__file__).parent / "lists").glob("*.toml"))
KEYS = {"file", "before", "after", "wrong", "tests"}


def entries() -> Iterator[dict]:
    """Every entry of the lists as it stands there."""
    for path in LISTS:
        yield from tomllib.loads(path.read_text("utf-8")).get("mutant", [])


def mutant(entry: dict, package: Path = PACKAGE, tests: Path = ROOT / "tests") -> Mutant:
    """The mutant of an entry; ValueError where the entry does not fit the code any more."""
    if set(entry) != KEYS or not entry["tests"]:
        raise ValueError(
            f"mutant: got the keys {sorted(entry)}, expected {sorted(KEYS)}, and a test at least: {entry}"
        )
    name = f"{entry['file']}: {entry['wrong']}"
    if not (package / entry["file"]).is_file():
        raise ValueError(f"{name}: there is no such file")
    text = (package / entry["file"]).read_text("utf-8")
    if (times := text.count(entry["before"])) != 1:
        raise ValueError(
            f"{name}: `before` stands {times} times in the file, expected once:\n{entry['before']}"
        )
    if missing := [test for test in entry["tests"] if not (tests / test).is_file()]:
        raise ValueError(f"{name}: there is no test {', '.join(missing)}")
    changed = text.replace(entry["before"], entry["after"])
    if changed == text:
        raise ValueError(f"{name}: `after` is `before`")
    return Mutant("mathematical", entry["file"], changed, entry["wrong"], tuple(entry["tests"]))


def mutants() -> list[Mutant]:
    """All of them; ValueError where one does not fit the code any more."""
    return [mutant(entry) for entry in entries()]
