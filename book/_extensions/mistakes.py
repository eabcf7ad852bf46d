"""Sphinx extension: the list of known mistakes, gathered from the chapters by way of the ledger.

A chapter enters a mistake with ``helpers.proof.mistake``, which leaves a box in the page, and refutes what it
claims with ``refute`` or ``find_flaw`` under the same name. The directive ``{mistakes}`` lists them by chapter; each
leads to the section of its box, which gets an identifier ``mistake-<name>``, and the box leads back. Warnings, which
fail the build: a refuted claim whose mistake the book does not enter, and a mistake that is entered twice.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape

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


class mistakes_node(nodes.General, nodes.Element):
    """Where the list goes."""


class Mistakes(SphinxDirective):
    """``{mistakes}``: all known mistakes, by chapter."""

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
    """Put the list into its page; give every box's section its identifier, and the box its link."""
    if app.builder.format != "html":
        for place in list(doctree.findall(mistakes_node)):
            place.parent.remove(place)
        return
    page = getattr(app.env, "mistakes_page", None)
    to_list = app.builder.get_relative_uri(docname, page) if page in app.env.found_docs else None

    def link(match: re.Match[str]) -> str:
        address = f"{to_list}#mistake-{match[1]}"
        return "" if to_list is None else f'<a href="{escape(address)}">In the list of mistakes</a>'

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
    chapters: dict[str, list[dict]] = {}
    for entry in known(app.env):
        chapters.setdefault(entry["page"], []).append(entry)
    sections = []
    for page, entries in chapters.items():
        uri = app.builder.get_relative_uri(docname, page)
        title = escape(app.env.titles[page].astext())
        articles = "\n".join(_article(entry, uri) for entry in entries)
        sections.append(f'<h2><a href="{escape(uri)}">{title}</a></h2>\n{articles}')
    return "\n".join(sections)


def _article(entry: dict, uri: str) -> str:
    anchor = f"mistake-{escape(entry['place'])}"
    title = entry["title"] if has_words(entry["title"]) else f"The claim {entry['title']}"
    claims = "".join(
        f'<div class="mistake-claim">{words(claim["title"])}</div>'
        f'<div class="mistake-formula"><span class="tex">\\({escape(claim["latex"])}\\)</span></div>'
        for claim in entry["claims"]
    )
    refuted = f"<dt>Refuted</dt><dd>{claims}</dd>" if claims else ""
    return (
        f'<article class="mistake-entry" id="{anchor}" data-erratum="{escape(entry["erratum"])}"'
        f' data-fault="{escape(entry["fault"])}">\n'
        f'<h3><a href="{escape(uri)}#{anchor}">{words(title)}</a></h3>\n'
        f'<p class="mistake-fault">{escape(FAULTS[entry["fault"]])}</p>\n'
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
    app.connect("html-page-context", add_style)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
