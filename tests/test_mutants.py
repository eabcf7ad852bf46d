"""The lists behind `make mutants` still fit the code, and a trial tells what tests notice from what they do not."""

import tomllib

import pytest
from mutants import PACKAGE, ROOT, Mutant, general, mathematical, trial

ENTRIES = list(mathematical.entries())


@pytest.mark.parametrize("path", mathematical.LISTS, ids=lambda path: path.stem)
def test_every_listed_mistake_still_fits_the_code(path):
    for entry in tomllib.loads(path.read_text("utf-8"))["mutant"]:
        mutant = mathematical.mutant(entry)
        if mutant.file.endswith(".py"):
            compile(mutant.text, mutant.file, "exec")


def test_no_mistake_is_listed_twice():
    names = [(entry["file"], entry["wrong"], entry["before"]) for entry in ENTRIES]
    assert len(set(names)) == len(names)
    changed = [(entry["file"], mathematical.mutant(entry).text) for entry in ENTRIES]
    assert len(set(changed)) == len(changed)


def test_every_module_with_formulas_has_one():
    modules = {
        str(path.relative_to(PACKAGE))
        for folder in ("models", "codegen", "proof/enclosure")
        for path in (PACKAGE / folder).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert modules - {entry["file"] for entry in ENTRIES} == set()


GOOD = {
    "file": "thing.py",
    "before": "x + 1",
    "after": "x - 1",
    "wrong": "the sign",
    "tests": ["test_thing.py"],
}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"before": "x + 2"}, "thing.py: the sign: `before` stands 0 times in the file, expected once"),
        ({"before": "x"}, "`before` stands 2 times"),
        ({"after": "x + 1"}, "`after` is `before`"),
        ({"file": "other.py"}, "other.py: the sign: there is no such file"),
        ({"tests": ["test_other.py"]}, "there is no test test_other.py"),
        ({"tests": []}, "a test at least"),
        ({"why": "no reason"}, "got the keys"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(tree, change, message):
    folders = tree / "src" / "helpers", tree / "tests"
    assert mathematical.mutant(GOOD, *folders).text == "def after(x):\n    return x - 1\n"
    with pytest.raises(ValueError, match=message):
        mathematical.mutant({**GOOD, **change}, *folders)


@pytest.fixture
def tree(tmp_path):
    """A package with one function and one test."""
    root = tmp_path / "checkout"
    for name, text in {
        "src/helpers/__init__.py": "",
        "src/helpers/thing.py": "def after(x):\n    return x + 1\n",
        "tests/test_thing.py": "from helpers.thing import after\n\n\ndef test_after():\n    assert after(2) == 3\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def thing(expression):
    text = f"def after(x):\n    return {expression}\n"
    return Mutant("mathematical", "thing.py", text, expression, ("test_thing.py",))


def test_a_trial_runs_in_a_copy_and_leaves_it_as_it_was(tree, tmp_path, monkeypatch):
    (place := tmp_path / "copy").mkdir()
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    scratch = trial.Scratch(place, tree)
    times = {}
    killed = scratch.trial(thing("x - 1"), times)
    assert killed.is_killed and killed.by == "tests/test_thing.py::test_after"
    assert times.keys() == {"test_thing.py"} and times["test_thing.py"] > 0
    # As long as the one before, and written in the same second: what Python compiled must not be kept.
    assert not scratch.trial(thing("1 + x"), times).is_killed
    monkeypatch.setattr(trial, "LIMIT", (1.0, 0.0))
    endless = scratch.trial(thing("[0 for _ in iter(int, 1)]"), times)
    assert endless.is_killed and endless.by == "no end"
    assert (place / "src/helpers/thing.py").read_text() == "def after(x):\n    return x + 1\n"
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_tests_that_fail_without_any_mutant_say_nothing(tree, tmp_path):
    (tree / "src/helpers/thing.py").write_text("def after(x):\n    return x + 2\n")
    (place := tmp_path / "copy").mkdir()
    with pytest.raises(RuntimeError, match=r"tests/test_thing.py fails without any mutant"):
        trial.Scratch(place, tree).time("test_thing.py")


def test_wrong_arguments_are_tried_where_the_other_tests_passed(tmp_path):
    """Of the checkout itself: what `tests/inputs` reads must be in the copy, and all its cases must pass there."""
    tests = general.with_inputs("devices.py", general.DRAWN_FROM["devices.py"])
    right = (PACKAGE / "devices.py").read_text("utf-8")
    scratch, times = trial.Scratch(tmp_path), {}
    for before, by in {
        "if not isinstance(device, torch.device):": "tests/inputs/test_inputs.py::test_a_wrong_argument",
        'if "cuda:0" in choices:': "tests/test_devices.py::",
    }.items():
        assert right.count(before) == 1
        mutant = Mutant("general", "devices.py", right.replace(before, "if False:"), before, tests)
        killed = scratch.trial(mutant, times)
        assert killed.is_killed and killed.by.startswith(by)
    assert [*times] == [*tests]


def test_the_share_that_a_sample_promises():
    assert general.least_share(0, 20) == pytest.approx(0)
    assert general.least_share(20, 20) == pytest.approx(0.05 ** (1 / 20))
    # At the bound's own share, 9 or 10 of 10 come up with one chance in twenty.
    p = general.least_share(9, 10)
    assert 10 * p**9 * (1 - p) + p**10 == pytest.approx(0.05)


def test_every_survivor_is_in_the_code_and_has_a_reason():
    for entry in tomllib.loads(general.SURVIVORS.read_text("utf-8"))["survivor"]:
        line, _, _ = entry["wrong"].partition(" → ")
        assert line in (PACKAGE / entry["file"]).read_text("utf-8"), f"{entry['file']} has no line {line}"
        assert len(entry["reason"].split()) > 2


def test_the_sample_is_drawn_from_files_that_exist_and_have_tests():
    for where, tests in general.DRAWN_FROM.items():
        assert (PACKAGE / where).exists()
        assert all((ROOT / "tests" / test.split()[0]).is_file() for test in general.with_inputs(where, tests))
