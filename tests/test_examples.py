"""The examples in the README and in docstrings do what they say."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(helpers.__path__, "helpers.")
    if not module.name.endswith(".compile")
)


def test_readme(root):
    result = doctest.testfile(str(root / "README.md"), module_relative=False)
    assert result.attempted >= 5 and result.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def prompts_in(source: str) -> int:
    """The examples in all docstrings of a module, also those below assignments, which `doctest` does not see."""
    texts = [node.value.value for node in ast.walk(ast.parse(source)) if is_bare_text(node)]
    return sum(len(re.findall(r"^\s*>>> ", text, flags=re.MULTILINE)) for text in texts)


def is_bare_text(node) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def test_no_example_of_a_docstring_is_missed():
    """Every prompt in the package's sources is one that `test_docstrings` runs."""
    finder = doctest.DocTestFinder()
    total = 0
    for path in sorted(Path(helpers.__file__).parent.rglob("*.py")):
        parts = path.relative_to(Path(helpers.__file__).parents[1]).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        written = prompts_in(path.read_text(encoding="utf-8"))
        if name not in MODULES:
            assert written == 0, name
            continue
        collected = finder.find(importlib.import_module(name))
        assert sum(len(test.examples) for test in collected) == written, name
        total += written
    assert total >= 30
    assert prompts_in("x = 1\n'''One.\n\n>>> x\n1\n'''") == 1


def needs_torch(name: str) -> bool:
    """Whether a module imports PyTorch when it is imported itself, or in an example."""
    source = Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    at_once = r"^(?:import torch|from torch|from helpers\.models\.invertible import)|^\s*>>> import torch"
    return re.search(at_once, source, flags=re.MULTILINE) is not None


def test_examples_need_no_pytorch_where_the_module_needs_none():
    """Those of `helpers.proof`, `symbols` and the like, and of symbolic builders, with PyTorch absent."""
    names = [name for name in MODULES if not name.startswith("helpers.widgets") and not needs_torch(name)]
    lines = [
        "import sys; sys.modules['torch'] = None",
        "import doctest, importlib",
        f"results = [doctest.testmod(importlib.import_module(name)) for name in {names}]",
        "print(sum(result.attempted for result in results), sum(result.failed for result in results))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    attempted, failed = map(int, result.stdout.split()[-2:])
    assert attempted >= 30 and failed == 0, result.stdout
