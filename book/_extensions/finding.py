"""Sphinx extension: the search finds symbols, claims, mistakes, figures and exercises by name.

They are the objects of a domain, which Sphinx's search lists with their kind and page. Symbols come from
``helpers.symbols`` and lead to the appendix on notation, claims and mistakes from the ledger, figures and exercises
from the outputs of the chapters' cells. What is indexed besides is words: formulas and the code of cells are left
out, the descriptions of figures are taken in, and headings are given as plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from types import MethodType
from typing import ClassVar

from docutils import nodes
from plain_text import of_html, of_node, of_tex, of_words, shortened
from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment

from helpers.symbols import CHAPTERS, ENTRIES, Entry

__all__ = ["figures_of", "raw_html", "setup"]

LONGEST = 240  # characters of a result's name
LONGEST_STATEMENT = 60
FIGURE = re.compile(r'<div class="dtr-figure"([^>]*)>')
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
IDENTIFIER = re.compile(r'\bid="([^"]*)"')
MISTAKE = re.compile(r'data-mistake="([^"]*)"')
LETTERS_OF_TEX = re.compile(r"\\([A-Za-z]+)")
FORMATS = {"hat", "tilde", "bar", "mathcal", "mathbb", "mathrm", "operatorname", "lvert", "rvert"}


class FindingDomain(Domain):
    """What can be found by name."""

    name = "find"
    label = "The book"
    object_types: ClassVar = {
        kind.replace(" ", "-"): ObjType(kind)
        for kind in ("symbol", "claim", "refuted claim", "lemma", "mistake", "figure", "exercise")
    }

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """The kind alone, without the domain's name before it."""
        return type.lname

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for kind, name, docname, anchor in getattr(self.env, "things_to_find", ()):
            # The second is what is shown and searched; the first only has to differ from all others.
            # The first page shows a chapter's figure: the chapter goes first.
            priority = 2 if docname == self.env.config.root_doc else 1
            yield f"{docname}#{anchor} {name}", shortened(name, LONGEST), kind, docname, anchor, priority

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict) -> None:
        """Nothing is listed before all pages are read."""


def gather(app: Sphinx, env: BuildEnvironment) -> None:
    """List what there is, each with the place that it leads to."""
    html = {docname: raw_html(env.get_doctree(docname)) for docname in sorted(env.found_docs)}
    places = {docname: _places(text) for docname, text in html.items()}
    things = [*_symbols(places), *_claims(env, places)]
    for docname, text in html.items():
        things += [(kind, name, docname, anchor) for kind, name, anchor in _figures(text)]
    env.things_to_find = list(dict.fromkeys(things))


def raw_html(node: nodes.Node) -> str:
    """The HTML of a page that comes from its cells' outputs."""
    return "\n".join(
        raw.astext() for raw in node.findall(nodes.raw) if "html" in raw.get("format", "").split()
    )


def _places(html: str) -> set[str]:
    return set(IDENTIFIER.findall(html)) | {f"mistake-{name}" for name in MISTAKE.findall(html)}


def _symbols(places: dict[str, set[str]]) -> Iterator[tuple]:
    for entry in ENTRIES:
        for docname in places:
            if entry.anchor in places[docname]:
                yield "symbol", _symbol_name(entry), docname, entry.anchor


def _symbol_name(entry: Entry) -> str:
    """The sign, the words that one types for it, its meaning and its chapters."""
    sign = of_tex(entry.latex)
    spelled = [word for word in LETTERS_OF_TEX.findall(entry.latex) if word not in FORMATS]
    typed = [word for word in dict.fromkeys([entry.code, *spelled]) if word and word != sign]
    chapters = ", ".join(CHAPTERS[chapter].title for chapter in entry.chapters)
    names = f" ({', '.join(typed)})" if typed else ""
    return f"{sign}{names}: {of_words(entry.meaning)} – {chapters}"


def _claims(env: BuildEnvironment, places: dict[str, set[str]]) -> Iterator[tuple]:
    ledger_page = getattr(env, "ledger_page", None)
    claims: dict[tuple, list[dict]] = {}
    for entry in getattr(env, "ledger", ()):
        claims.setdefault((entry["page"], entry["title"]), []).append(entry)
    for (page, title), entries in claims.items():
        # A mistake and the claim that is refuted for it may have one title: the box is the better place.
        entries.sort(key=lambda entry: not entry["quantity"])
        first = entries[0]
        candidates = [f"claim-{first['anchor']}", f"lemma-{first['anchor']}", f"mistake-{first['anchor']}"]
        candidates += [f"step-{entry['place']}" for entry in entries]
        shown = next((anchor for anchor in candidates if anchor in places[page]), None)
        if shown is None and ledger_page is None:
            continue
        kind = {"mistake": "mistake" if first["quantity"] else "refuted-claim", "lemma": "lemma"}.get(
            first["kind"], "claim"
        )
        alone = len(entries) == 1 and kind in ("claim", "refuted-claim", "lemma")
        # The solution of an exercise has places for its lines alone, to which it unfolds: it is found by its title.
        is_open = shown in candidates[:3]
        statement = of_words(first["statement"]) if alone and is_open else ""
        name = of_words(title)
        if 0 < len(statement) <= LONGEST_STATEMENT or (statement and kind == "lemma"):
            name = f"{name}: {statement}"
        yield kind, name, *((page, shown) if shown else (ledger_page, first["row"]))


def figures_of(html: str) -> Iterable[dict[str, str]]:
    """The attributes of each figure and exercise in a page's HTML."""
    for match in FIGURE.finditer(html):
        yield {name: unescape(value) for name, value in ATTRIBUTE.findall(match[1])}


def _figures(html: str) -> Iterator[tuple[str, str, str]]:
    for figure in figures_of(html):
        initial = json.loads(figure["data-initial"])
        if "title" in initial.get("content", {}):
            yield "exercise", of_html(initial["content"]["title"]), figure["id"]
        elif figure["data-widget"] != "exercise-progress":
            name = figure["data-widget"].replace("-", " ").capitalize()
            yield "figure", f"{name}: {figure['data-alt']}", figure["id"]


# The words of the pages.


def keep_words(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep what the index gets of a page, before its formulas are typeset."""
    if app.builder.format != "html":
        return
    words = doctree.deepcopy()
    for heading in list(words.findall(nodes.title)):
        heading.children = [nodes.Text(of_node(heading))]
    for node in list(words.findall(nodes.container)):
        if node.get("nb_element") == "cell_code_source":
            node.parent.remove(node)
    for kind in (nodes.math, nodes.math_block):
        for node in list(words.findall(kind)):
            node.parent.replace(node, nodes.Text(" "))
    for node in list(words.findall(nodes.raw)):
        text = of_html(node.astext(), formulas=False)
        # The descriptions of figures; those of exercises hold the question, which stands there already.
        texts = [
            f"{figure['data-alt']} {figure['data-caption']}"
            for figure in figures_of(node.astext())
            if figure.get("data-caption")
        ]
        node.parent.replace(node, nodes.Text(" ".join([text, *texts])))
    app.env.words_to_index[docname] = words


def index_words(app: Sphinx) -> None:
    """Sphinx has no event between typesetting and indexing a page, so the builder's own method is led past it."""
    app.env.words_to_index = {}
    index_page = getattr(app.builder, "index_page", None)
    if index_page is None:
        return

    def index(builder, docname: str, doctree: nodes.document, title: str) -> None:
        index_page(docname, app.env.words_to_index.pop(docname, doctree), title)

    app.builder.index_page = MethodType(index, app.builder)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if pagename == "search":
        app.add_css_file("search.css")
        app.add_js_file("search.js")


def setup(app: Sphinx) -> dict:
    app.setup_extension("ledger")
    app.add_domain(FindingDomain)
    app.connect("builder-inited", index_words)
    # After `ledger` has gathered the claims.
    app.connect("env-updated", gather, priority=600)
    # After the ledger and the mistakes have filled their places, and before `prerendered_tex`.
    app.connect("doctree-resolved", keep_words, priority=450)
    app.connect("html-page-context", add_script)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
