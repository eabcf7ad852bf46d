"""Chapters executed before the build: what is new, once, with what the page needs; what fails or is slow is told."""

import os
import shutil
import subprocess
import sys
from copy import deepcopy

import pytest
from execute_chapters import Execution, is_kept, keep, open_cache
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_notebook, new_output

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


def test_text_in_pieces_is_kept_as_one(execute, tmp_path):
    assert execute(one="print('a\\n', flush=True)\nprint('b', flush=True)\n").returncode == 0
    cache = get_cache(tmp_path / "cache")
    (record,) = cache.list_cache_records()
    (output,) = cache.get_cache_bundle(record.pk).nb.cells[-1].outputs
    assert output["text"] == "a\n\nb\n"


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


@pytest.fixture
def kept(tmp_path):
    """A cache that holds an executed chapter; its folder, and whether it keeps the chapter, told by a new look."""
    path = tmp_path / "one.md"
    chapter = new_notebook(cells=[new_code_cell("print(6 * 7)")])
    done = deepcopy(chapter)
    done.cells[0].outputs = [new_output("stream", text="42\n")]
    keep(get_cache(tmp_path / "cache"), Execution(done, 1.0), path)

    def look() -> bool:
        return is_kept(open_cache(tmp_path / "cache"), chapter, path)

    def again() -> None:
        keep(open_cache(tmp_path / "cache"), Execution(done, 1.0), path)

    assert look()
    return next(tmp_path.glob("cache/executed/*/base.ipynb")), look, again


@pytest.mark.parametrize(
    "fault", ["cut off", "empty", "another's", "no notebook", "gone", "gone with its folder"]
)
def test_outputs_that_are_not_whole_are_told_and_made_again(kept, capsys, fault):
    notebook, look, again = kept
    text = notebook.read_text(encoding="utf-8")
    if fault == "gone":  # a build was killed before it wrote the file
        notebook.unlink()
    elif fault == "gone with its folder":
        shutil.rmtree(notebook.parent)
    else:
        broken = {
            "cut off": text[: len(text) // 2],
            "empty": "",
            "another's": text.replace("6 * 7", "6 * 8"),
            "no notebook": "[]",
        }
        notebook.write_text(broken[fault], encoding="utf-8")
    capsys.readouterr()
    assert not look()
    assert "one.md in the cache are not whole: it is executed again" in capsys.readouterr().out
    again()
    assert look()


@pytest.mark.parametrize("content", [b"no database" * 100, b""])
def test_a_cache_that_cannot_be_read_is_told_and_made_anew(kept, capsys, content):
    notebook, look, again = kept
    (notebook.parents[2] / "global.db").write_bytes(content)  # empty: a build was killed while it was made
    assert not look()
    assert "cannot be read: all are executed again" in capsys.readouterr().out
    again()
    assert look()
