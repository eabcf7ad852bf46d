"""Pages of an extension's own below its overview, one for each chapter: what the ledger and the known mistakes share.

The overview is a document; these pages are none. The sidebar, the search and the notebooks know the overview alone,
and each page leads on to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from plain_text import of_node
from prerendered_tex import KaTeXError, typeset
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

__all__ = ["ChapterPage", "by_chapter", "collect", "name_of", "page_of", "title_of"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChapterPage:
    """What a chapter's page says: its title and description as text, below the title HTML with formulas as TeX."""

    chapter: str
    title: str
    description: str
    body: str


def name_of(docname: str) -> str:
    """A chapter's name in addresses of its pages."""
    return docname.replace("/", "-")


def page_of(env: BuildEnvironment, overview: str | None, chapter: str | None = None) -> str | None:
    """The page of the overview, or the one of a chapter below it; None in a book without this overview."""
    if overview not in env.found_docs:
        return None
    return f"{overview}/{name_of(chapter)}" if chapter else overview


def title_of(env: BuildEnvironment, docname: str) -> str:
    """A document's title as text."""
    return of_node(env.titles[docname])


def by_chapter(entries: Sequence[dict]) -> dict[str, list[dict]]:
    """Chapter → its entries of the ledger, both in the order in which they come."""
    found: dict[str, list[dict]] = {}
    for entry in entries:
        found.setdefault(entry["page"], []).append(entry)
    return found


def collect(
    app: Sphinx, overview: str, pages: Sequence[ChapterPage]
) -> Iterator[tuple[str, dict[str, object], str]]:
    """What `html-collect-pages` asks for, in this order. A formula that is no TeX is a warning."""
    env = app.env
    way = [overview, *(page_of(env, overview, page.chapter) for page in pages)]
    titles = [title_of(env, overview), *(page.title for page in pages)]

    def neighbour(page: str, number: int) -> dict | None:
        if number >= len(way):
            return None
        return {
            "link": app.builder.get_relative_uri(page, way[number]),
            "title": escape(titles[number], quote=False),
        }

    for number, page in enumerate(pages, start=1):
        address = way[number]
        body = f"<section>\n<h1>{escape(page.title)}</h1>\n{page.body}\n</section>"
        try:
            body = typeset(body)
        except KaTeXError as error:
            logger.warning("%s", error, location=page.chapter, type="katex")
        context = {
            "title": escape(page.title, quote=False),
            "body": body,
            "description": page.description,
            "parents": [neighbour(address, 0)],
            "prev": neighbour(address, number - 1),
            "next": neighbour(address, number + 1),
        }
        yield address, context, "page.html"
