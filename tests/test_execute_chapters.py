"""Chapters executed before the build: what is new, once, with what the page needs; what fails or is slow is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_cache import get_cache

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---

# A chapter

```{code-cell} ipython3
"""
GOOD = """from helpers.proof import claim
import sympy as sp

x = sp.Symbol("x", real=True)
print(claim("A square", (x + 1) ** 2, x**2 + 2 * x + 1))
"""


@pytest.fixture
def execute(root, tmp_path):
    """Execute chapters by their code; returns the finished process."""

    def run(*options: str, **chapters: str) -> subprocess.CompletedProcess:
        for name, code in chapters.items():
            (tmp_path / f"{name}.md").write_text(f"{HEAD}{code}```\n", encoding="utf-8")
        paths = [str(tmp_path / f"{name}.md") for name in chapters]
        command = [sys.executable, "tools/execute_chapters.py", "--cache", str(tmp_path / "cache"), *options]
        command += paths
        environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
        environment.pop("DERIVATIONS_STATIC_PAGE", None)
        return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)

    return run


def test_new_chapters_are_executed_once_with_their_claims(execute, tmp_path):
    first = execute(one=GOOD, two="print(6 * 7)\n")
    assert first.returncode == 0, first.stderr
    assert "Executing 2 chapters" in first.stdout
    cache = get_cache(tmp_path / "cache")
    executed = {record.uri: cache.get_cache_bundle(record.pk).nb for record in cache.list_cache_records()}
    outputs = {uri.rsplit("/", 1)[-1]: nb.cells[-1].outputs for uri, nb in executed.items()}
    assert outputs["two.md"][0]["text"] == "42\n"
    assert any("ledger" in str(output.get("metadata")) for output in outputs["one.md"])
    assert first.stderr == ""  # no warning of the kernels
    changed = execute(one=GOOD, two="print(6 * 8)\n")
    assert "Executing 1 chapter," in changed.stdout
    assert "two.md" in changed.stdout and "one.md" not in changed.stdout
    unchanged = execute(one=GOOD, two="print(6 * 8)\n")
    assert (unchanged.returncode, unchanged.stdout) == (0, "")


def test_what_one_chapter_does_no_other_sees(execute, tmp_path):
    # More than one a kernel at a time: forks of one process, whose modules they share.
    look = (
        "import helpers, os\nprint(getattr(helpers, 'touched', None), os.getcwd())\nhelpers.touched = True\n"
    )
    assert execute(**{name: look for name in ("one", "two", "three")}).returncode == 0
    cache = get_cache(tmp_path / "cache")
    for record in cache.list_cache_records():
        outputs = cache.get_cache_bundle(record.pk).nb.cells[-1].outputs
        assert "".join(output["text"] for output in outputs) == f"None {tmp_path}\n"


def test_a_chapter_over_its_budget_is_told_with_its_slowest_cell_and_not_kept(execute, tmp_path):
    busy = (
        "import time\nwhile time.process_time() < 0.5:\n    pass\n```\n\n```{code-cell} ipython3\nprint(1)\n"
    )
    result = execute("--budget", "0.4", busy=busy)
    assert result.returncode == 1
    assert "busy.md failed" in result.stderr and "0.4 s are allowed" in result.stderr
    told = result.stderr.split("slowest cells:\n")[1].splitlines()
    assert told[0].endswith("import time") and told[1].endswith("print(1)")
    assert get_cache(tmp_path / "cache").list_cache_records() == []


def test_a_failed_chapter_is_told_and_the_others_are_kept(execute, tmp_path):
    result = execute(bad="1 / 0\n", good=GOOD)
    assert result.returncode == 1
    assert "bad.md failed" in result.stderr and "ZeroDivisionError" in result.stderr
    records = get_cache(tmp_path / "cache").list_cache_records()
    assert [record.uri.rsplit("/", 1)[-1] for record in records] == ["good.md"]


@pytest.mark.parametrize("fault", ["cut off", "of another chapter", "gone", "no database", "empty database"])
def test_outputs_that_are_not_whole_are_told_and_made_again(execute, tmp_path, fault):
    assert execute(one="print(6 * 7)\n", two="print(6 * 8)\n").returncode == 0
    cache = tmp_path / "cache"
    records = {Path(record.uri).stem: record.hashkey for record in get_cache(cache).list_cache_records()}
    one, two = (cache / "executed" / records[name] / "base.ipynb" for name in ("one", "two"))
    if fault == "cut off":
        text = one.read_text(encoding="utf-8")
        one.write_text(text[: len(text) // 2], encoding="utf-8")
    elif fault == "of another chapter":
        one.write_bytes(two.read_bytes())
    elif fault == "gone":
        one.unlink()
    else:
        (cache / "global.db").write_bytes(b"no database" * 100 if fault == "no database" else b"")
    again = execute(one="print(6 * 7)\n", two="print(6 * 8)\n")
    assert again.returncode == 0, again.stderr
    alone = fault.endswith("database")
    assert ("all are executed again" if alone else "one.md in the cache are not whole") in again.stdout
    assert f"Executing {2 if alone else 1} chapter" in again.stdout
    outputs = {
        Path(record.uri).stem: get_cache(cache).get_cache_bundle(record.pk).nb.cells[-1].outputs[0]["text"]
        for record in get_cache(cache).list_cache_records()
    }
    assert outputs == {"one": "42\n", "two": "48\n"}
