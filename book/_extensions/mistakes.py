"""Sphinx extension: the list of known mistakes, gathered from the chapters by way of the ledger.

A chapter enters a mistake with ``helpers.proof.mistake``, which leaves a box in the page, and refutes what it
claims with ``refute`` or ``find_flaw`` under the same name. The directive ``{mistakes}`` lists them by chapter, each
with its kind; what is claimed and what is right stands on a page for each chapter below it (``chapter_pages``). The
section of the box gets an identifier ``mistake-<name>``, as have the item of the list and the entry on the page: the
box and the item lead to the entry, and the entry to both. Warnings, which fail the build: a refuted claim whose
mistake the book does not enter, and a mistake that is entered twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from chapter_pages import ChapterPage, by_chapter, collect, name_of, page_of, title_of
from docutils import nodes
from plain_text import has_words
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from helpers.proof import FAULTS
from helpers.proof.derivation_html import words
from helpers.proof.mistakes import numbers_to_html

__all__ = ["setup"]

logger = logging.getLogger(__name__)

PLACE = re.compile(r'<span data-mistake="([^"]*)"></span>')
# How many there are of a kind: one, or several.
COUNTED = {
    "error": ("error", "errors"),
    "missing": ("missing condition or step", "missing conditions or steps"),
    "notation": ("matter of notation", "matters of notation"),
    "misprint": ("misprint", "misprints"),
}


class mistakes_node(nodes.General, nodes.Element):
    """Where the list goes."""


class Mistakes(SphinxDirective):
    """``{mistakes}``: how many there are of each kind, and the list by chapter."""

    def run(self) -> list[nodes.Node]:
        self.env.mistakes_page = self.env.docname
        return [mistakes_node()]


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what another process found in these pages."""
    if getattr(other, "mistakes_page", None) in docnames:
        env.mistakes_page = other.mistakes_page


def known(env: BuildEnvironment) -> list[dict]:
    """The mistakes of the book in its order, each with the claims that were refuted for it."""
    refuted = [entry for entry in env.ledger if entry.get("erratum") and not entry["quantity"]]
    return [
        {**entry, "claims": [claim for claim in refuted if claim["erratum"] == entry["erratum"]]}
        for entry in env.ledger
        if entry.get("erratum") and entry["quantity"]
    ]


def examine(app: Sphinx, env: BuildEnvironment) -> None:
    counts = Counter(entry["erratum"] for entry in known(env))
    for entry in env.ledger:
        erratum = entry.get("erratum")
        if erratum and counts[erratum] != 1:
            problem = f"entered {counts[erratum]} times" if counts[erratum] else "not entered by `mistake`"
            message = f"the mistake {erratum} of {entry['title']!r} is {problem}"
            logger.warning("%s", message, location=entry["page"], type="mistakes")


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list into its page; give every box's section its identifier, and the box its link to the entry."""
    if app.builder.format != "html":
        for place in list(doctree.findall(mistakes_node)):
            place.parent.remove(place)
        return
    page = page_of(app.env, getattr(app.env, "mistakes_page", None), docname)

    def link(match: re.Match[str]) -> str:
        if page is None:
            return ""
        address = f"{app.builder.get_relative_uri(docname, page)}#mistake-{match[1]}"
        return f'<a href="{escape(address)}">In the list of mistakes</a>'

    for box in list(_boxes(doctree)):
        section = box.parent
        while not isinstance(section, nodes.section | nodes.document):
            section = section.parent
        identifiers = [f"mistake-{anchor}" for anchor in PLACE.findall(box.astext())]
        alone = isinstance(section, nodes.section) and len(list(_boxes(section))) == len(identifiers) == 1
        places = "" if alone else "".join(f'<span id="{escape(name)}"></span>' for name in identifiers)
        if alone:
            section["ids"].extend(identifiers)
        # still a box for the next one of this section
        box.replace_self(nodes.raw("", places + box.astext(), format="html"))
    for box in list(_boxes(doctree)):
        box.replace_self(nodes.raw("", PLACE.sub(link, box.astext()), format="html"))
    for place in list(doctree.findall(mistakes_node)):
        place.replace_self(nodes.raw("", _list(app, docname), format="html"))


def _boxes(node: nodes.Node) -> list[nodes.raw]:
    return [raw for raw in node.findall(nodes.raw) if PLACE.search(raw.astext())]


def _list(app: Sphinx, docname: str) -> str:
    env, uri = app.env, app.builder.get_relative_uri
    entries = known(env)
    kinds = "".join(
        f'<li><strong>{number}</strong> <span class="mistake-kind mistake-{fault}">{name}</span></li>'
        for fault, number, name in _kinds(entries)
    )
    sections = []
    for chapter, its in by_chapter(entries).items():
        page = page_of(env, docname, chapter)
        address = escape(uri(docname, page))
        items = "\n".join(_item(entry, address) for entry in its)
        sections.append(
            f'<section id="mistakes-{name_of(chapter)}">\n'
            f'<h2><a href="{escape(uri(docname, chapter))}">{escape(title_of(env, chapter))}</a></h2>\n'
            f'<div class="mistakes" data-on-paper="{address}">\n'
            f'<p><a href="{address}">{_number(its)} in full</a></p>\n<ul>\n{items}\n</ul></div></section>'
        )
    return "\n".join([f'<ul class="cards counts">{kinds}</ul>', *sections])


def _item(entry: dict, address: str) -> str:
    anchor, fault = _anchor(entry), escape(entry["fault"])
    return (
        f'<li id="{anchor}"><span class="mistake-kind mistake-{fault}">{fault}</span>'
        f' <a href="{address}#{anchor}">{_title(entry)}</a></li>'
    )


def _kinds(entries: list[dict]) -> Iterator[tuple[str, int, str]]:
    """Of each kind that there is how many, and its name for so many."""
    counts = Counter(entry["fault"] for entry in entries)
    for fault in FAULTS:
        if counts[fault]:
            yield fault, counts[fault], COUNTED[fault][counts[fault] > 1]


def _number(entries: list[dict]) -> str:
    return f"{len(entries)} mistake{'s' if len(entries) > 1 else ''}"


def _anchor(entry: dict) -> str:
    return f"mistake-{escape(entry['place'])}"


def _title(entry: dict) -> str:
    return words(entry["title"] if has_words(entry["title"]) else f"The claim {entry['title']}")


# A chapter's page.


def write_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """A page with the entries of each chapter."""
    overview = page_of(app.env, getattr(app.env, "mistakes_page", None))
    if app.builder.format == "html" and overview:
        yield from collect(app, overview, list(_pages(app, overview)))


def _pages(app: Sphinx, overview: str) -> Iterator[ChapterPage]:
    env = app.env
    for chapter, entries in by_chapter(known(env)).items():
        title, page = title_of(env, chapter), page_of(env, overview, chapter)
        to_chapter, to_overview = (app.builder.get_relative_uri(page, to) for to in (chapter, overview))
        told = ", ".join(f"{number} {name}" for _, number, name in _kinds(entries))
        articles = "\n".join(_article(entry, to_chapter, to_overview) for entry in entries)
        yield ChapterPage(
            chapter,
            title=f"Where solutions go wrong: {title}",
            description=f"{_number(entries)} in solutions of exercises of the chapter “{title}”: {told}.",
            body=f"""<p>{_number(entries)} in solutions of exercises of
<a href="{escape(to_chapter)}">the chapter</a>: {told}.
<a href="{escape(to_overview)}">The list of all mistakes</a> says what these words mean.</p>
{articles}""",
        )


def _article(entry: dict, to_chapter: str, to_overview: str) -> str:
    anchor = _anchor(entry)
    claims = "".join(
        f'<div class="mistake-claim">{words(claim["title"])}</div>'
        f'<div class="mistake-formula"><span class="tex">\\({escape(claim["latex"])}\\)</span></div>'
        for claim in entry["claims"]
    )
    refuted = f"<dt>Refuted</dt><dd>{claims}</dd>" if claims else ""
    fault = escape(entry["fault"])
    return (
        f'<article class="mistake-entry" id="{anchor}" data-erratum="{escape(entry["erratum"])}">\n'
        f"<h2>{_title(entry)}</h2>\n"
        f'<p class="mistake-links"><span class="mistake-kind mistake-{fault}">{escape(FAULTS[entry["fault"]])}</span>'
        f' <a href="{escape(to_chapter)}#{anchor}">In the chapter</a>'
        f' <a class="mistake-all" href="{escape(to_overview)}#{anchor}">All mistakes</a></p>\n'
        f"<dl>{refuted}<dt>Right</dt><dd>{words(entry['why'])}</dd>"
        f"<dt>Number</dt><dd>{numbers_to_html(entry['quantity'], entry['printed'], entry['right'])}</dd>"
        "</dl></article>"
    )


def add_style(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if 'class="mistake' in context.get("body", ""):
        app.add_css_file("mistakes.css")


def setup(app: Sphinx) -> dict:
    app.setup_extension("ledger")
    app.add_node(mistakes_node)
    app.add_directive("mistakes", Mistakes)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", examine)
    # Before `prerendered_tex`, which typesets what stands in the list.
    app.connect("doctree-resolved", fill, priority=400)
    app.connect("html-collect-pages", write_pages)
    app.connect("html-page-context", add_style)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
