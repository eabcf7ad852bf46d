"""A chapter as a notebook in plain Markdown: its cells, with the numbers, citations and links of the built page."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from myst_nb.core.variables import format_plain_text
from myst_parser.mdit_to_docutils.base import default_slugify
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from plain_markdown import NoPlainForm, PlainMarkdown, create_parser
from pybtex.backends import markdown
from sphinx.application import Sphinx

__all__ = ["Book", "ChapterNotebook"]

FIRST_CELL = Path(__file__).with_name("first_cell.py")
BEFORE = """\
*This notebook is the page [{title}]({page}) of the book “{book}”. Run all cells: the figures come to life, and
every derivation is checked again. The folded cell below installs the book's package `helpers` and what that needs,
where they are missing. Numbers in the text are those of the book's own run; where a cell prints `name = value`, it
is yours.*"""

# Cells whose code the page folds away or leaves out; they run all the same.
FOLDED = {"hide-cell", "hide-input", "remove-cell", "remove-input"}
FOLDED_AWAY = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # for JupyterLab, for Colab
GLUE_IMPORT = re.compile(r"^from myst_nb import glue$", re.MULTILINE)


@dataclass
class Book:
    """What all notebooks in one folder share."""

    app: Sphinx
    notebooks: dict[str, str]  # path inside the folder, by page
    folder: Path
    wheel: str
    address: str

    def __post_init__(self) -> None:
        self.env = self.app.env
        self.parser = create_parser(self.env.myst_config)

    @cached_property
    def targets(self) -> dict[str, set[str]]:
        """Names of places that some page links to, by page."""
        found: dict[str, set[str]] = {}
        for docname in self.notebooks:
            for target, name in re.findall(r"\]\(([^()\s#]*)#([^()\s]+)\)", self.text(docname)):
                page = self.page_at(docname, target) if target else docname
                found.setdefault(page, set()).add(name)
        return found

    def text(self, docname: str) -> str:
        return Path(self.env.doc2path(docname)).read_text(encoding="utf-8")

    def page_at(self, docname: str, target: str) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(docname), target))
        page = self.env.project.path2doc(path)
        if page not in self.env.found_docs:
            raise ValueError(f"the link to {target!r} leads to no page of the book")
        return page

    def address_of_page(self, docname: str, origin: str) -> str:
        """The page in the site: with its host where that is known, else as seen from the notebook `origin`."""
        page = self.app.builder.get_target_uri(docname)
        if base := self.app.config.html_baseurl:
            return f"{base.rstrip('/')}/{page}"
        here = posixpath.dirname(posixpath.join(self.folder.as_posix(), origin))
        return posixpath.relpath(posixpath.join(Path(self.app.outdir).as_posix(), page), here)


@dataclass
class ChapterNotebook:
    """Makes the notebook of one page; also what `PlainMarkdown` asks about the page."""

    book: Book
    docname: str
    cited: set[str] = field(default_factory=set)

    def make(self) -> nbformat.NotebookNode:
        """The notebook, without outputs. Raises `NoPlainForm`."""
        env, self.path = self.book.env, self.book.notebooks[self.docname]
        self.waiting = set(self.book.targets.get(self.docname, ()))
        text = self.book.text(self.docname)
        source = read_myst_markdown_notebook(text, env.myst_config, add_source_map=True, path=self.docname)
        self.plain = PlainMarkdown(self.book.parser, self)
        cells = [*self.first_cells()]
        lines = text.split("\n")
        for cell, start in zip(source.cells, source.metadata["source_map"], strict=True):
            while not lines[start].strip():
                start += 1
            make = self.markdown_cell if cell.cell_type == "markdown" else self.code_cell
            cells.append(make(cell, start + 1))
        if self.waiting:
            raise NoPlainForm(f"links lead to {', '.join(sorted(self.waiting))}, which is not here", 1)
        if self.cited:
            cells.append(new_markdown_cell(self.references()))
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = new_notebook(
            cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
        )
        nbformat.validate(notebook)
        return notebook

    def first_cells(self) -> list[nbformat.NotebookNode]:
        before = BEFORE.format(
            title=self.book.env.titles[self.docname].astext(),
            page=self.book.address_of_page(self.docname, self.path),
            book=self.book.app.config.html_title,
        )
        code = FIRST_CELL.read_text(encoding="utf-8").rstrip()
        for name, value in (("WHEEL", self.book.wheel), ("ADDRESS", self.book.address)):
            code, count = re.subn(
                rf'^{name} = ""$', f"{name} = {json.dumps(value)}", code, flags=re.MULTILINE
            )
            if count != 1:
                raise ValueError(f'{FIRST_CELL.name}: expected one line {name} = "", found {count}')
        return [new_markdown_cell(before), new_code_cell(code, metadata=FOLDED_AWAY)]

    def markdown_cell(self, cell: nbformat.NotebookNode, line: int) -> nbformat.NotebookNode:
        return new_markdown_cell(self.plain.lower(cell.source, line))

    def code_cell(self, cell: nbformat.NotebookNode, line: int) -> nbformat.NotebookNode:
        code = GLUE_IMPORT.sub("from helpers.notebook import glue", cell.source)
        if "myst_nb" in code:
            raise NoPlainForm("a notebook has no myst_nb, but for `from myst_nb import glue`", line)
        metadata = dict(cell.metadata)
        if FOLDED & set(metadata.get("tags", ())):
            metadata |= FOLDED_AWAY
        return new_code_cell(code, metadata=metadata)

    # What `PlainMarkdown` asks

    def role(self, name: str, content: str) -> str:
        if name == "eq":
            return f"({self.equation(content)})"
        if name == "glue:text":
            return self.glued(content)
        if name.startswith("cite:"):
            return self.citation(name.removeprefix("cite:"), content)
        raise ValueError(f"the role {{{name}}} has no plain form")

    def link(self, target: str) -> str:
        if re.match(r"(https?|mailto):", target):
            return target
        path, _, name = target.partition("#")
        if not path:
            return target
        page = self.book.page_at(self.docname, path)
        if page in self.book.notebooks:
            address = posixpath.relpath(self.book.notebooks[page], posixpath.dirname(self.path) or ".")
        else:
            address = self.book.address_of_page(page, self.path)
        return address + ("#" + name if name else "")

    def equation(self, label: str) -> str:
        return self.resolved("math", "eq", label).astext().strip("()")

    def names_place(self, name: str) -> None:
        self.waiting.discard(name)

    def is_target(self, heading: str) -> str | None:
        """The name under which links lead to a heading, if any do."""
        name = default_slugify(heading)
        if name not in self.waiting:
            return None
        self.waiting.discard(name)
        return name

    # The built page's values

    @cached_property
    def glue(self) -> dict[str, Any]:
        file = Path(self.book.app.outdir).parent / "jupyter_execute" / f"{self.docname}.glue.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def glued(self, content: str) -> str:
        key, _, form = content.partition(":")
        if key not in self.glue:
            raise ValueError(f"no cell glues {key!r}")
        return format_plain_text(self.glue[key]["data"]["text/plain"], form)

    def resolved(self, domain: str, role: str, target: str) -> nodes.Element:
        """What Sphinx puts in the place of the role, as in the page."""
        env, app = self.book.env, self.book.app
        place = nodes.inline(target, target)
        found = env.get_domain(domain).resolve_xref(
            env, self.docname, app.builder, role, target, place, nodes.literal(target, target)
        )
        if found is None:
            raise ValueError(f"{role}: {target!r} is unknown")
        return found

    def citation(self, role: str, content: str) -> str:
        """As in the page, with the work's own address instead of the book's list of references."""
        works = {work.citation_id: work for work in self.book.env.get_domain("cite").citations}

        def words(node: nodes.Node) -> str:
            if isinstance(node, nodes.Text):
                return node.astext().translate(str.maketrans("[]", "()"))
            inside = "".join(words(child) for child in node.children)
            if isinstance(node, nodes.emphasis):
                return f"*{inside}*"
            if isinstance(node, nodes.reference):
                name = node.get("refid") or node["refuri"].partition("#")[2]
                work = works[name]
                self.cited.add(work.key)
                address = _address_of_work(work.entry.fields)
                return f"[{inside}]({address})" if address else inside
            return inside

        return words(self.resolved("cite", role, content))

    def references(self) -> str:
        backend = _Backend()
        works = [work for work in self.book.env.get_domain("cite").citations if work.key in self.cited]
        entries = [" ".join(work.formatted_entry.text.render(backend).split()) for work in works]
        return "## References\n\n" + "\n".join(f"- {entry}" for entry in entries)


class _Backend(markdown.Backend):
    """Escapes only what would be markup inside a sentence."""

    symbols = markdown.Backend.symbols | {"ndash": "–"}

    def format_str(self, text: str) -> str:
        return re.sub(r"([\\`*_\[\]<$])", r"\\\1", text)


def _address_of_work(fields: Any) -> str | None:
    if "doi" in fields:
        return f"https://doi.org/{quote(fields['doi'])}"
    if fields.get("archiveprefix", "").lower() == "arxiv" and "eprint" in fields:
        return f"https://arxiv.org/abs/{fields['eprint']}"
    if found := re.search(r"arXiv:(\S+)", fields.get("note", "")):
        return f"https://arxiv.org/abs/{found[1]}"
    return fields.get("url")
