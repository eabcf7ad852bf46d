"""Sphinx extension: the ledger of all claims of the book, and what of it fails the build.

The chapters' cells leave their claims beside their other outputs (``helpers.proof.ledger``). Gathered, they become
a page for each chapter with a row for each claim (``ledger_pages``), below the page that holds the directive
``{ledger}``, and ``ledger.json`` in the site; each line of a derivation links to its row, and back. Warnings,
which fail the build: a claim that is not proved, sampled, cited or, as a mistake, refuted; one that the second
witness contradicts; one in a place that another claims; and a numbered equation that no claim covers. An equation is
covered by the claim whose ``claim_id`` is its label; one whose label begins with ``definition-`` asserts nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

import chapter_pages
import ledger_pages
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

__all__ = ["setup"]

logger = logging.getLogger(__name__)

ACCEPTED = {
    "step": ("proved", "sampled", "cited"),
    "claim": ("proved", "sampled"),
    "lemma": ("cited",),
    "mistake": ("refuted",),
}
DEFINITION = "definition-"
PLACE = re.compile(r'<span data-ledger="([^"]*)"></span>')


class ledger_node(nodes.General, nodes.Element):
    """Where the overview goes."""


class Ledger(SphinxDirective):
    """``{ledger}``: the totals, the search, and the chapters, each with a link to its page of rows."""

    def run(self) -> list[nodes.Node]:
        self.env.ledger_page = self.env.docname
        return [ledger_node()]


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what another process found in these pages."""
    if getattr(other, "ledger_page", None) in docnames:
        env.ledger_page = other.ledger_page


def gather(app: Sphinx, env: BuildEnvironment) -> None:
    """Read what the chapters' cells left, in the order of the book."""
    folder = Path(app.outdir).parent / "jupyter_execute"
    env.ledger = []
    for docname in _in_reading_order(env):
        names = env.nb_metadata.get(docname, {}).get("glue", []) if hasattr(env, "nb_metadata") else []
        pieces = [name for name in names if name.startswith("ledger-")]
        if not pieces:
            continue
        glued = json.loads((folder / f"{docname}.glue.json").read_text(encoding="utf-8"))
        for name in sorted(pieces, key=lambda name: int(name.rpartition("-")[2])):
            for entry in json.loads(glued[name]["data"]["text/plain"]):
                place = f"{entry['anchor']}-{entry['number']}" if entry["number"] else entry["anchor"]
                row = f"{chapter_pages.name_of(docname)}--{place}"
                env.ledger.append({**entry, "page": docname, "place": place, "row": row})
    env.ledger_places = ledger_pages.places_of(env)


def _in_reading_order(env: BuildEnvironment) -> list[str]:
    ordered, waiting = [], [env.config.root_doc]
    while waiting:
        docname = waiting.pop(0)
        if docname not in ordered:
            ordered.append(docname)
            waiting = list(env.toctree_includes.get(docname, [])) + waiting
    return ordered + sorted(env.found_docs - set(ordered))


def examine(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of everything that a book of checked derivations must not hold."""
    for entry in env.ledger:
        where = f"{entry['title']}" + (f", step {entry['number']}" if entry["number"] else "")
        if entry["mark"] not in ACCEPTED[entry["kind"]]:
            _warn(f"{where} is {entry['mark']}: {entry['statement']}", entry["page"])
        if entry["witness"] == "disagrees":
            _warn(
                f"{where}: the second witness disagrees ({entry['witness_method']}): {entry['statement']}",
                entry["page"],
            )
    for row, count in Counter(entry["row"] for entry in env.ledger).items():
        if count > 1:
            page = next(entry["page"] for entry in env.ledger if entry["row"] == row)
            _warn(f"{count} claims share the name {row.partition('--')[2]!r}: give one a claim_id", page)
    claimed = Counter((entry["claim_id"], entry["anchor"], entry["page"]) for entry in env.ledger)
    owners = Counter(claim_id for claim_id, _, _ in claimed if claim_id)
    for claim_id, count in owners.items():
        if count > 1:
            _warn(f"the claim_id {claim_id!r} is used {count} times in the book", env.config.root_doc)
    env.ledger_equations = []
    for docname in sorted(env.found_docs):
        for equation in env.get_doctree(docname).findall(nodes.math_block):
            label = equation.get("label")
            if not (label or equation.get("number")) or (label or "").startswith(DEFINITION):
                continue
            env.ledger_equations.append(label)
            if label not in owners:
                logger.warning(
                    "no claim covers the numbered equation %r: give a claim the claim_id %r, "
                    "or, if it asserts nothing, a label that begins with %r",
                    label,
                    label,
                    DEFINITION,
                    location=equation,
                    type="ledger",
                )


def _warn(message: str, docname: str) -> None:
    logger.warning("%s", message, location=docname, type="ledger")


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the overview into its page, and into every derivation's marks the links to their rows."""
    env = app.env
    if app.builder.format != "html":
        for place in list(doctree.findall(ledger_node)):
            place.replace_self(nodes.paragraph(text=f"See {ledger_pages.DATA}."))
        return
    rows = {entry["place"]: entry["row"] for entry in env.ledger if entry["page"] == docname}
    page = ledger_pages.page_of(env, docname)
    to_ledger = app.builder.get_relative_uri(docname, page) if page else None

    def link(match: re.Match[str]) -> str:
        row = rows.get(match[1])
        if row is None or to_ledger is None:
            return ""
        return f' <a class="derivation-ledger" href="{escape(to_ledger)}#{escape(row)}">In the ledger</a>'

    for node in list(doctree.findall(nodes.raw)):
        if "html" in node.get("format", "").split() and "data-ledger=" in node.astext():
            node.replace_self(nodes.raw("", PLACE.sub(link, node.astext()), format="html"))
    for place in list(doctree.findall(ledger_node)):
        place.replace_self(nodes.raw("", ledger_pages.overview(app), format="html"))


def write_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """A page of rows for each chapter."""
    if app.builder.format != "html" or ledger_pages.page_of(app.env) is None:
        return
    yield from chapter_pages.collect(app, app.env.ledger_page, list(ledger_pages.chapters(app)))


def write_json(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html" and hasattr(app.env, "ledger"):
        data = {"totals": ledger_pages.totals(app.env.ledger), "claims": app.env.ledger}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (Path(app.outdir) / ledger_pages.DATA).write_text(text, encoding="utf-8")


def add_assets(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    body = context.get("body", "")
    if 'class="ledger"' in body:
        app.add_css_file("ledger.css")
    if 'class="ledger-find"' in body:
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.add_node(ledger_node)
    app.add_directive("ledger", Ledger)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", gather)
    app.connect("env-check-consistency", examine)
    app.connect("doctree-resolved", fill, priority=400)
    app.connect("html-collect-pages", write_pages)
    app.connect("html-page-context", add_assets)
    app.connect("build-finished", write_json)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
