"""Sphinx extension: names and roles that the theme's own pieces of a page lack, so that all of it can be heard.

What the theme and the notebooks' reader write comes from other packages, so it is mended in the finished pages. A
mend that finds nothing to mend in the whole book is a warning, which fails the build: then the theme has changed, and
the mend has to go or to be written anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

__all__ = ["MENDS", "mend", "setup"]

logger = logging.getLogger(__name__)

MENDS = {
    # What can be read on a button or a heading is its name, no other words.
    "the folded cells' heading": (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    "the search button": (r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"', r"\1"),
    "the theme switch's icons": (r'(<i class="theme-switch [^>]*?)\s+title="[^"]*"', r"\1"),
    # Each part of a page lies in a landmark.
    "the side bar": (
        r'<div id="pst-primary-sidebar"',
        '<div id="pst-primary-sidebar" role="region" aria-label="The book"',
    ),
    "the side bar's arrows": (
        r'<summary>(?=<span class="toctree-toggle")',
        '<summary aria-label="The pages below this one">',
    ),
    # A list of references holds links beside its entries, and the role of an entry has been withdrawn.
    "the list of references": (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    "the references": (r' role="doc-biblioentry"', ""),
    "the empty corners of tables": (
        r'<th(?: class="[^"]*"| scope="col")?>\s*(?:<p>\s*</p>\s*)?</th>',
        "<td></td>",
    ),
}


def mend(html: str) -> tuple[str, set[str]]:
    """The page with all that can be mended, and the names of the mends that found something."""
    used = set()
    for name, (pattern, replacement) in MENDS.items():
        html, count = re.subn(pattern, replacement, html)
        if count:
            used.add(name)
    return html, used


def mend_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    used = set()
    for page in Path(app.outdir).rglob("*.html"):
        html, found = mend(page.read_text(encoding="utf-8"))
        page.write_text(html, encoding="utf-8")
        used |= found
    # A book of a page or two need not have all of it.
    if len(app.env.found_docs) > 10:
        for name in MENDS.keys() - used:
            logger.warning("%s: nothing to mend in the whole book", name, type="accessible")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", mend_pages)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
