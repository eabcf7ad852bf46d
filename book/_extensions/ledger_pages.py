"""What the ledger shows: an overview with the totals and a search, and for each chapter a page with a row a claim.

On one page all rows together would take a phone half a minute to lay out. The search has them, too: in a script,
because a page that is opened from a disk may not fetch data. It is loaded when the search is first used, and holds
formulas as TeX, which KaTeX typesets in the page for the few rows that are shown.
"""

from __future__ import annotations

import json
import posixpath
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

from chapter_pages import ChapterPage, by_chapter, name_of, title_of
from chapter_pages import page_of as page_below
from docutils import nodes
from plain_text import has_words
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from helpers.proof.derivation_html import words

__all__ = ["DATA", "chapters", "overview", "page_of", "places_of", "totals"]

DATA = "ledger.json"
CLAIMS = "_static/ledger-claims.js"
KATEX = "_static/figures/katex/katex.min.js"

# In characters of TeX. The few longer ones, matrices of matrices, would be most of the page and nothing to read.
LONGEST_FORMULA = 400
MARKS = {"proved": "✓", "sampled": "≈", "cited": "❞", "refuted": "✗", "undecided": "?"}
WITNESSES = {
    "proves": "two, both proved it",
    "agrees": "two, the second evaluated it",
    "silent": "one, the second is silent",
    "disagrees": "they disagree",
}
UNASKED = "unasked"
ANSWERS = {
    "proves": "proved it, too",
    "agrees": "evaluated it",
    "silent": "was silent",
    UNASKED: "was not asked",
}
QUESTIONS = {
    "mark=cited": "What was only cited?",
    "mark=refuted": "Which claims were refuted?",
    "witness=silent": "Where was Maxima silent?",
}
EQUALITIES = ("==", "==+c", "==E")
IDENTIFIER = re.compile(r'(?:\bid="(?:step|lemma)-|data-mistake=")([^"]*)"')

TABLE = """<div class="ledger-scroll"{attributes}><table class="ledger">
<thead><tr><th scope="col">Claim</th><th scope="col">Verdict</th><th scope="col">How it was checked</th></tr></thead>
<tbody>
{rows}
</tbody></table></div>"""


# Names and places.


def page_of(env: BuildEnvironment, docname: str | None = None) -> str | None:
    """The page of the overview, or of a chapter's rows; None in a book without a ledger."""
    return page_below(env, getattr(env, "ledger_page", None), docname)


def places_of(env: BuildEnvironment) -> dict[str, str]:
    """Row → identifier in the chapter to which it leads; "" is the chapter's beginning."""
    shown = {page: _shown_on(env, page) for page in by_chapter(env.ledger)}
    prefixes = {"lemma": "lemma-", "mistake": "mistake-"}
    places = {}
    for page, entries in by_chapter(env.ledger).items():
        # A claim that its chapter does not show: lead to the last one before it that is shown.
        last = ""
        for entry in entries:
            if entry["place"] in shown[page]:
                last = prefixes.get(entry["kind"], "step-") + entry["place"]
            places[entry["row"]] = last
    return places


def _shown_on(env: BuildEnvironment, docname: str) -> set[str]:
    """The places of a page that a link can lead to."""
    raw = "".join(
        node.astext()
        for node in env.get_doctree(docname).findall(nodes.raw)
        if "id=" in node.astext() or "data-mistake=" in node.astext()
    )
    return set(IDENTIFIER.findall(raw))


# Totals.


def totals(entries: list[dict]) -> dict:
    """How many claims have which verdict, what the second witness said, and what deciding them took."""
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


# The overview.


def overview(app: Sphinx) -> str:
    """The HTML of the overview. Writes the claims that its search loads."""
    env = app.env
    counts = totals(env.ledger)
    owners = {entry["claim_id"] for entry in env.ledger}
    covered = sum(label in owners for label in env.ledger_equations)
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
    return f"""<ul class="cards counts">{cards}</ul>
{_search(app, counts)}
{_chapter_table(app, counts)}
<p>The same as data: <a href="{_address(app, env.ledger_page, DATA)}">{DATA}</a>.</p>"""


def _search(app: Sphinx, counts: dict) -> str:
    env = app.env
    page = env.ledger_page
    claims = Path(app.outdir) / CLAIMS
    claims.parent.mkdir(parents=True, exist_ok=True)
    claims.write_text(_claims(app), encoding="utf-8")
    choices = {
        "Chapter": (
            "chapter",
            {name_of(chapter): title_of(env, chapter) for chapter in by_chapter(env.ledger)},
        ),
        "Verdict": ("mark", {mark: mark for mark in MARKS if counts[mark]}),
        "Maxima": ("witness", ANSWERS),
    }
    selects = "\n".join(
        f'<label>{label} <select name="{name}"><option value="">all</option>'
        + "".join(
            f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options.items()
        )
        + "</select></label>"
        for label, (name, options) in choices.items()
    )
    questions = "".join(
        f'<li><a href="?{query}#find">{escape(question)}</a></li>' for query, question in QUESTIONS.items()
    )
    return f"""<div class="ledger-find">
<h2 id="find">Search all claims</h2>
<ul class="ledger-questions">{questions}</ul>
<form class="ledger-filter" role="search" aria-label="All claims" autocomplete="off"
 data-rows="{posixpath.basename(page)}/" data-claims="{_address(app, page, CLAIMS)}"
 data-katex="{_address(app, page, KATEX)}">
{selects}
<label>Words <input type="search" name="words" placeholder="in the statement, reason, method"></label>
<button type="reset">Clear</button>
<output aria-live="polite"></output>
</form>
{TABLE.format(rows="", attributes=" hidden")}
<button type="button" class="ledger-more" hidden></button>
</div>"""


def _chapter_table(app: Sphinx, counts: dict) -> str:
    env = app.env
    columns = ["claims", *(mark for mark in MARKS if counts[mark]), "both_prove"]
    names = [name.capitalize() for name in columns[:-1]] + ["Proved by both"]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)

    def line(head: str, numbers: dict) -> str:
        cells = "".join(f"<td>{numbers[name]}</td>" for name in columns)
        return f'<tr><th scope="row">{head}</th>{cells}</tr>'

    rows = []
    for chapter, entries in by_chapter(env.ledger).items():
        uri = app.builder.get_relative_uri(env.ledger_page, page_of(env, chapter))
        rows.append(line(f'<a href="{escape(uri)}">{escape(title_of(env, chapter))}</a>', totals(entries)))
    return f"""<div class="ledger-chapters">
<h2>Chapter by chapter</h2>
<table>
<thead><tr><th scope="col">Chapter</th>{heads}</tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody>
<tfoot>{line("All", counts)}</tfoot>
</table>
</div>"""


def _claims(app: Sphinx) -> str:
    """The script for the search: of each claim the chapter, both verdicts, the statement as text, the row's cells."""
    env = app.env
    claims = [
        [
            name_of(entry["page"]),
            entry["mark"],
            entry["witness"] or UNASKED,
            entry["statement"],
            _cells(app, entry, env.ledger_page),
        ]
        for entry in env.ledger
    ]
    return f"window.ledgerClaims = {json.dumps(claims, ensure_ascii=False, separators=(',', ':'))};\n"


def _address(app: Sphinx, page: str, file: str) -> str:
    """Of a file of the site, with a checksum if it is there already, which is how Sphinx addresses scripts."""
    path = Path(app.outdir) / file
    address = posixpath.relpath(file, posixpath.dirname(app.builder.get_target_uri(page)) or ".")
    return f"{address}?v={zlib.crc32(path.read_bytes()):08x}" if path.is_file() else address


# A chapter's page.


def chapters(app: Sphinx) -> Iterator[ChapterPage]:
    """The page of each chapter."""
    env = app.env
    overview = env.ledger_page
    for chapter, entries in by_chapter(env.ledger).items():
        page = page_of(env, chapter)
        counts = totals(entries)
        told = ", ".join(f"{counts[mark]} {mark}" for mark in MARKS if counts[mark])
        chapter_uri, overview_uri = (app.builder.get_relative_uri(page, to) for to in (chapter, overview))
        rows = "\n".join(
            f'<tr id="{escape(entry["row"])}">{_cells(app, entry, page)}</tr>' for entry in entries
        )
        yield ChapterPage(
            chapter,
            title=_title_of_rows(env, chapter),
            description=f"{len(entries)} claims of the chapter “{title_of(env, chapter)}”: {told}.",
            body=f"""<p>{len(entries)} claims of <a href="{escape(chapter_uri)}">the chapter</a>: {told}.
<a href="{escape(overview_uri)}">The ledger’s first page</a> says what these words mean, and
<a href="{escape(overview_uri)}?chapter={name_of(chapter)}#find">searches them</a>.</p>
{TABLE.format(rows=rows, attributes="")}""",
        )


def _title_of_rows(env: BuildEnvironment, chapter: str) -> str:
    return f"Ledger of “{title_of(env, chapter)}”"


def _cells(app: Sphinx, entry: dict, page: str) -> str:
    """The cells of a claim's row on a page; a row of the search leads to the one in the ledger, too."""
    env = app.env
    chapter = entry["page"]
    place = env.ledger_places[entry["row"]]
    uri = app.builder.get_relative_uri(page, chapter) + (f"#{place}" if place else "")
    title = entry["title"] if has_words(entry["title"]) else f"Claimed: {entry['title']}"
    step = f", step {entry['number']}" if entry["number"] else ""
    if len(entry["latex"]) > LONGEST_FORMULA:
        statement = '<span class="ledger-why">a formula too long for this table; the data hold it</span>'
    elif entry["latex"]:
        statement = rf'<span class="tex">\({escape(entry["latex"])}\)</span>'
    else:
        statement = words(entry["statement"])
    in_ledger = ""
    if page == env.ledger_page:
        row = f"{app.builder.get_relative_uri(page, page_of(env, chapter))}#{entry['row']}"
        name = escape(_title_of_rows(env, chapter))
        in_ledger = f'<div class="ledger-chapter"><a href="{escape(row)}">{name}</a></div>'
    setting = f'<div class="ledger-setting">{words(entry["setting"])}</div>' if entry["setting"] else ""
    why = f'<div class="ledger-why">{words(entry["why"])}</div>' if entry["why"] else ""
    residual = entry["largest_residual"]
    facts = [f"{1000 * entry['seconds']:.0f} ms"]
    if residual is not None and entry["points"]:
        facts.append(f"difference {'0' if residual == 0 else f'{residual:.0e}'}")
    if entry["witness"]:
        facts.append(f"witnesses: {WITNESSES[entry['witness']]}")
    second = f'<div class="ledger-why">{escape(entry["witness_method"])}</div>' if entry["witness"] else ""
    return (
        '<td class="ledger-claim">'
        f'<div class="ledger-title"><a href="{escape(uri)}">{words(title)}{step}</a></div>'
        f'{in_ledger}<div class="ledger-formula">{statement}</div>{setting}{why}</td>'
        f'<td><span class="ledger-mark ledger-{entry["mark"]}">'
        f'<span aria-hidden="true">{MARKS[entry["mark"]]}</span> {entry["mark"]}</span>'
        f'<div class="ledger-why">{escape("; ".join(facts))}</div></td>'
        f"<td>{words(entry['method'])}{second}</td>"
    )
