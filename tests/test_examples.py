"""The examples in the README and in docstrings do what they say."""

import doctest
import importlib
import pkgutil

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


def test_some_docstring_has_an_example():
    finder = doctest.DocTestFinder()
    examples = [t for n in MODULES for t in finder.find(importlib.import_module(n)) if t.examples]
    assert len(examples) >= 5
