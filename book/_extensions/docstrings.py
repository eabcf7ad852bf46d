r"""Sphinx extension: the package's docstrings, which are written like Markdown, as reStructuredText.

In a docstring `x` is code and $x$ a formula; reStructuredText has ``default_role`` for the one, and gets
``:math:`x``` for the other here. A constant that a package takes from one of its modules gets the docstring that it
has there.
"""

from __future__ import annotations

import pkgutil
import re
import sys

from sphinx.application import Sphinx
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer

__all__ = ["setup", "to_restructuredtext"]

# Code, a formula, or what lies between.
PIECES = re.compile(r"(``.*?``|`[^`]*`|(?<!\\)\$[^$]+\$)", re.DOTALL)

ANY = r"(?:~?\w+\.)?Any\b"


def to_restructuredtext(lines: list[str]) -> list[str]:
    """The lines with their formulas as roles, and with what reStructuredText would read as its own escaped.

    Examples (from `>>>` to the next empty line) stay as they are.
    """
    blocks: list[tuple[bool, list[str]]] = []
    is_example = False
    for line in lines:
        is_example = line.lstrip().startswith(">>>") or (is_example and bool(line.strip()))
        if not blocks or blocks[-1][0] != is_example:
            blocks.append((is_example, []))
        blocks[-1][1].append(line)
    return [line for kept, block in blocks for line in (block if kept else _prose("\n".join(block)))]


def _prose(text: str) -> list[str]:
    pieces = PIECES.split(text)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            piece = re.sub(r'("[^"\w\s]+")', r"``\1``", piece)  # operators, which are typed with these quotes
            pieces[i] = re.sub(r"([|_](?=\W|$)|(?<!\w)\|)", r"\\\1", piece)
        elif piece.startswith("$"):
            # one line: the continuation of a role keeps no indentation
            pieces[i] = f":math:`{' '.join(piece[1:-1].split())}`"
    return "".join(pieces).split("\n")


def process(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    if what == "data":
        lines[:] = _of_constant(*name.rpartition(".")[::2])
    lines[:] = to_restructuredtext(lines)
    if what in ("data", "property", "attribute"):
        lines.insert(0, "")  # or napoleon would take what stands before a colon for a type


def shorten(
    app: Sphinx,
    what: str,
    name: str,
    obj: object,
    options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """The signature without the types that say nothing."""
    signature = re.sub(rf": {ANY}(?! \|)( = )?", lambda match: "=" if match[1] else "", signature or "")
    return signature or None, None if re.fullmatch(f"None|{ANY}", returns or "") else returns


def _of_constant(package: str, constant: str) -> list[str]:
    """The docstring below the constant's assignment, in the module or in one of the package's modules."""
    folders = getattr(sys.modules[package], "__path__", [])
    for module in [package, *(found.name for found in pkgutil.walk_packages(folders, package + "."))]:
        try:
            documented = ModuleAnalyzer.for_module(module).find_attr_docs()
        except PycodeError:  # no source
            continue
        if lines := documented.get(("", constant)):
            return list(lines)
    return []


def setup(app: Sphinx) -> dict:
    app.setup_extension("sphinx.ext.autodoc")
    # Before napoleon, which reads "Args:" and the like.
    app.connect("autodoc-process-docstring", process, priority=400)
    app.connect("autodoc-process-signature", shorten)
    app.setup_extension("sphinx.ext.napoleon")
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
