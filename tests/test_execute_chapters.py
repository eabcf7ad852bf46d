"""Chapters executed before the build: what is new, once, with what the page needs; a failure is told."""

import os
import subprocess
import sys

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

    def run(**chapters: str) -> subprocess.CompletedProcess:
        for name, code in chapters.items():
            (tmp_path / f"{name}.md").write_text(f"{HEAD}{code}```\n", encoding="utf-8")
        paths = [str(tmp_path / f"{name}.md") for name in chapters]
        command = [sys.executable, "tools/execute_chapters.py", "--cache", str(tmp_path / "cache"), *paths]
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
    again = execute(one=GOOD, two="print(6 * 8)\n")
    assert (
        "Executing 1 chapter," in again.stdout and "two.md" in again.stdout and "one.md" not in again.stdout
    )


def test_a_failed_chapter_is_told_and_the_others_are_kept(execute, tmp_path):
    result = execute(bad="1 / 0\n", good=GOOD)
    assert result.returncode == 1
    assert "bad.md failed" in result.stderr and "ZeroDivisionError" in result.stderr
    records = get_cache(tmp_path / "cache").list_cache_records()
    assert [record.uri.rsplit("/", 1)[-1] for record in records] == ["good.md"]
