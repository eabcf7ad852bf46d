"""Sphinx extension: the ledger of all claims of the book, and what of it fails the build.

The chapters' cells leave their claims beside their other outputs (``helpers.proof.ledger``). Gathered, they become
the table of the page that holds the directive ``{ledger}``, and ``ledger.json`` in the site; each line of a
derivation links to its row, and back. Warnings, which fail the build: a claim that is not proved, sampled, cited or,
as a mistake, refuted; one that the second witness contradicts; one in a place that another claims; and a numbered
equation that no claim covers. An equation is covered by the claim whose ``claim_id`` is its label; one whose label
begins with ``definition-`` asserts nothing.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from helpers.proof.derivation_html import words

__all__ = ["setup"]

logger = logging.getLogger(__name__)

FILE = "ledger.json"
# In characters of TeX. The few longer ones, matrices of matrices, would be most of the page and nothing to read.
LONGEST_FORMULA = 400
ACCEPTED = {
    "step": ("proved", "sampled", "cited"),
    "claim": ("proved", "sampled"),
    "lemma": ("cited",),
    "mistake": ("refuted",),
}
MARKS = {"proved": "✓", "sampled": "≈", "cited": "❞", "refuted": "✗", "undecided": "?"}
WITNESSES = {
    "proves": "two, both proved it",
    "agrees": "two, the second evaluated it",
    "silent": "one, the second is silent",
    "disagrees": "they disagree",
}
EQUALITIES = ("==", "==+c", "==E")
DEFINITION = "definition-"
PLACE = re.compile(r'<span data-ledger="([^"]*)"></span>')
IDENTIFIER = re.compile(r'(?:\bid="(?:step|lemma)-|data-mistake=")([^"]*)"')


class ledger_node(nodes.General, nodes.Element):
    """Where the table goes."""


class Ledger(SphinxDirective):
    """``{ledger}``: the table of all claims."""

    def run(self) -> list[nodes.Node]:
        self.env.ledger_page = self.env.docname
        return [ledger_node()]


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
                row = f"{docname.replace('/', '-')}--{place}"
                env.ledger.append({**entry, "page": docname, "place": place, "row": row})


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
    """Put the table into its page, and into every derivation's marks the links to their rows."""
    env = app.env
    if app.builder.format != "html":
        for place in list(doctree.findall(ledger_node)):
            place.replace_self(nodes.paragraph(text=f"See {FILE}."))
        return
    rows = {entry["place"]: entry["row"] for entry in env.ledger if entry["page"] == docname}
    to_ledger = app.builder.get_relative_uri(docname, page) if (page := _page_of(env)) else None

    def link(match: re.Match[str]) -> str:
        row = rows.get(match[1])
        if row is None or to_ledger is None:
            return ""
        return f' <a class="derivation-ledger" href="{escape(to_ledger)}#{escape(row)}">In the ledger</a>'

    for node in list(doctree.findall(nodes.raw)):
        if "html" in node.get("format", "").split() and "data-ledger=" in node.astext():
            node.replace_self(nodes.raw("", PLACE.sub(link, node.astext()), format="html"))
    for place in list(doctree.findall(ledger_node)):
        place.replace_self(nodes.raw("", _table(app, docname), format="html"))


def _page_of(env: BuildEnvironment) -> str | None:
    page = getattr(env, "ledger_page", None)
    return page if page in env.found_docs else None


def _shown_on(env: BuildEnvironment, docname: str) -> set[str]:
    """The places of a page that a link can lead to."""
    raw = "".join(
        node.astext()
        for node in env.get_doctree(docname).findall(nodes.raw)
        if "id=" in node.astext() or "data-mistake=" in node.astext()
    )
    return set(IDENTIFIER.findall(raw))


def totals(entries: list[dict]) -> dict:
    marks = Counter(entry["mark"] for entry in entries)
    equalities = [entry for entry in entries if entry["mark"] == "proved" and entry["relation"] in EQUALITIES]
    return {
        "claims": len(entries),
        **{mark: marks.get(mark, 0) for mark in MARKS},
        "proved_equalities": len(equalities),
        "both_prove": sum(entry["witness"] == "proves" for entry in equalities),
        "second_agrees_in_numbers": sum(entry["witness"] == "agrees" for entry in equalities),
        "second_silent": sum(entry["witness"] == "silent" for entry in equalities),
        "seconds": round(sum(entry["seconds"] for entry in entries), 3),
        "slowest_seconds": round(max((entry["seconds"] for entry in entries), default=0.0), 3),
        "largest_residual": max((entry["largest_residual"] or 0.0 for entry in entries), default=0.0),
    }


def _table(app: Sphinx, docname: str) -> str:
    env = app.env
    counts = totals(env.ledger)
    owners = {entry["claim_id"] for entry in env.ledger}
    covered = sum(label in owners for label in env.ledger_equations)
    chapters = list(dict.fromkeys(entry["page"] for entry in env.ledger))
    names = {page: env.titles[page].astext() for page in chapters}
    shown = {page: _shown_on(env, page) for page in chapters}
    figures = [
        (counts["claims"], "claims"),
        (counts["proved"], "proved"),
        (counts["sampled"], "sampled"),
        (counts["cited"], "cited"),
        (counts["refuted"], "mistakes refuted"),
        (
            f"{counts['both_prove']} of {counts['proved_equalities']}",
            "equalities proved by both witnesses",
        ),
        (f"{covered} of {len(env.ledger_equations)}", "numbered equations covered"),
        (f"{counts['seconds']:.1f} s", f"to decide all; the slowest {counts['slowest_seconds']:.2f} s"),
    ]
    cards = "".join(f"<li><strong>{value}</strong> {escape(name)}</li>" for value, name in figures)
    lines = []
    place = None
    for entry in env.ledger:
        # A claim that its chapter does not show: lead to the last one before it that is shown.
        page, here = entry["page"], entry["place"]
        place = here if here in shown[page] else place if place in shown[page] else None
        uri = app.builder.get_relative_uri(docname, page) + (
            f"#{_identifier(env, page, place)}" if place else ""
        )
        lines.append(_row(entry, names[page], uri))
    options = "".join(f'<option value="{escape(page)}">{escape(names[page])}</option>' for page in chapters)
    marks = "".join(f'<option value="{mark}">{mark}</option>' for mark in MARKS if counts[mark])
    json_uri = posixpath.relpath(FILE, posixpath.dirname(app.builder.get_target_uri(docname)) or ".")
    return f"""<ul class="cards ledger-totals">{cards}</ul>
<form class="ledger-filter" hidden>
<label>Chapter <select name="chapter"><option value="">all</option>{options}</select></label>
<label>Mark <select name="mark"><option value="">all</option>{marks}</select></label>
<label>Words <input type="search" name="words" placeholder="in the statement, reason, method"></label>
<output aria-live="polite"></output>
</form>
<div class="ledger-scroll"><table class="ledger">
<thead><tr><th scope="col">Claim</th><th scope="col">Verdict</th><th scope="col">How it was checked</th></tr></thead>
<tbody>
{chr(10).join(lines)}
</tbody></table></div>
<p>The same as data: <a href="{json_uri}">{FILE}</a>.</p>"""


def _identifier(env: BuildEnvironment, page: str, place: str) -> str:
    """The identifier of a shown place."""
    kinds = {entry["place"]: entry["kind"] for entry in env.ledger if entry["page"] == page}
    return {"lemma": "lemma-", "mistake": "mistake-"}.get(kinds[place], "step-") + place


def _row(entry: dict, chapter: str, uri: str) -> str:
    step = f", step {entry['number']}" if entry["number"] else ""
    if len(entry["latex"]) > LONGEST_FORMULA:
        statement = '<span class="ledger-why">a formula too long for this table; the data hold it</span>'
    elif entry["latex"]:
        statement = rf'<span class="tex">\({escape(entry["latex"])}\)</span>'
    else:
        statement = words(entry["statement"])
    setting = f'<div class="ledger-setting">{words(entry["setting"])}</div>' if entry["setting"] else ""
    why = f'<div class="ledger-why">{words(entry["why"])}</div>' if entry["why"] else ""
    residual = entry["largest_residual"]
    facts = [f"{1000 * entry['seconds']:.0f} ms"]
    if residual is not None and entry["points"]:
        facts.append(f"difference {'0' if residual == 0 else f'{residual:.0e}'}")
    if entry["witness"]:
        facts.append(f"witnesses: {WITNESSES[entry['witness']]}")
    second = f'<div class="ledger-why">{escape(entry["witness_method"])}</div>' if entry["witness"] else ""
    searched = " ".join(
        [entry["title"], entry["statement"], entry["why"], entry["method"], entry["witness_method"], chapter]
    )
    return (
        f'<tr id="{escape(entry["row"])}" data-chapter="{escape(entry["page"])}" data-mark="{entry["mark"]}"'
        f' data-words="{escape(searched.lower())}">'
        f'<td class="ledger-claim"><a href="{escape(uri)}">{words(entry["title"])}{step}</a>'
        f'<div class="ledger-chapter">{escape(chapter)}</div>'
        f'<div class="ledger-formula">{statement}</div>{setting}{why}</td>'
        f'<td><span class="ledger-mark ledger-{entry["mark"]}">'
        f'<span aria-hidden="true">{MARKS[entry["mark"]]}</span> {entry["mark"]}</span>'
        f'<div class="ledger-why">{escape("; ".join(facts))}</div></td>'
        f"<td>{words(entry['method'])}{second}</td></tr>"
    )


def write_json(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html" and hasattr(app.env, "ledger"):
        data = {"totals": totals(app.env.ledger), "claims": app.env.ledger}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if 'class="ledger"' in context.get("body", ""):
        app.add_css_file("ledger.css")
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.add_node(ledger_node)
    app.add_directive("ledger", Ledger)
    app.connect("env-updated", gather)
    app.connect("env-check-consistency", examine)
    # Before `prerendered_tex`, which typesets what stands in the table.
    app.connect("doctree-resolved", fill, priority=400)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", write_json)
    return {"version": "0.1.0", "parallel_read_safe": False, "parallel_write_safe": False}
