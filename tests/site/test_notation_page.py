"""The appendix on notation in the built book: every symbol of the registry, with its name and its chapters."""

import re
from html import unescape

import pytest

from helpers.symbols import CHAPTERS, ENTRIES

PAGE = "book/appendix/notation.html"


@pytest.fixture(scope="module")
def rows(site) -> list[list[str]]:
    html = (site / PAGE).read_text(encoding="utf-8")
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", html, flags=re.DOTALL)
    return [
        re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL)
        for row in re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    ]


def text(cell: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", cell)).strip()


def test_every_symbol_has_its_row(rows):
    assert len(rows) == len(ENTRIES)
    shown = set()
    for symbol, meaning, code, chapters in rows:
        (tex,) = re.findall(r'<annotation encoding="application/x-tex">(.*?)</annotation>', symbol)
        shown.add((unescape(tex), text(code), text(chapters), "<small>" in meaning))
    for entry in ENTRIES:
        chapters = ", ".join(CHAPTERS[chapter].title for chapter in entry.chapters)
        latex = entry.latex.replace(r"\|", r"\Vert ")
        assert (latex, entry.code or "–", chapters, bool(entry.assumptions)) in shown


def test_each_row_leads_to_its_chapters(rows):
    for entry_chapters in (row[3] for row in rows):
        links = re.findall(r'href="\.\./([\w/]+)\.html"', entry_chapters)
        assert links and set(links) <= {chapter.page for chapter in CHAPTERS.values()}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_a_row_is_out_of_sight(chromium, site_url, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    view = context.new_page()
    view.goto(site_url + PAGE)
    table = view.locator(".tag_notation-table table")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") <= 0
    edges = table.locator("td").evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().right)")
    assert len(edges) == 4 * len(ENTRIES) and max(edges) <= width
    context.close()


@pytest.mark.parametrize("width", [768, 1280])
def test_the_columns_do_not_wait_for_the_last_row(chromium, site_url, width):
    """A page is painted while it is read: columns that follow the rows move what stands there already."""
    context = chromium.new_context(viewport={"width": width, "height": 800})
    view = context.new_page()
    view.goto(site_url + PAGE)
    edges = """table => [...table.querySelectorAll("th")].map(head => head.getBoundingClientRect().left)"""
    table = view.locator(".tag_notation-table table")
    whole = table.evaluate(edges)
    table.evaluate("table => [...table.tBodies[0].rows].slice(1).forEach(row => row.remove())")
    assert table.evaluate(edges) == whole
    # Nothing is wider than its column.
    view.reload()
    cells = table.locator("th, td").evaluate_all(
        "cells => cells.map(cell => cell.scrollWidth - cell.clientWidth)"
    )
    assert len(cells) == 4 + 4 * len(ENTRIES) and max(cells) <= 1
    context.close()
