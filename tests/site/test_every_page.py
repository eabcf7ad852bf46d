"""Every page of the built book in the files: nothing from another host, nothing broken; its frame in a browser."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts
)

LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}

# What a browser fetches by itself; a link in the text (<a href>) is the reader's choice.
LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
}


class References(HTMLParser):
    """Addresses that a page loads, addresses that it links to, and its identifiers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded, self.linked, self.identifiers = [], [], set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag == "link" and LOADED_LINKS & set((dict(attributes).get("rel") or "").split()):
            self.loaded.append(dict(attributes)["href"])
        for name, value in attributes:
            if (tag, name) in LOADS:
                self.loaded.append(value)
            elif (tag, name) == ("a", "href"):
                self.linked.append(value)
            elif name == "id":
                self.identifiers.add(value)


@cache
def read(path: Path) -> References:
    return References(path.read_text(encoding="utf-8"))


def test_there_are_pages(site):
    assert {"index.html", "book/index.html", "book/games/index.html", "search.html"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_all_it_loads_comes_with_the_site(site, page):
    for address in read(site / page).loaded:
        parts = urlsplit(address)
        assert not parts.netloc and parts.scheme in ("", "data"), f"{page} loads {address}"
        if not parts.scheme:
            assert (site / page).parent.joinpath(unquote(parts.path)).is_file(), f"{page} lacks {address}"


@pytest.mark.parametrize("page", PAGES)
def test_links_inside_the_site_lead_somewhere(site, page):
    for address in read(site / page).linked:
        parts = urlsplit(address or "")
        if parts.scheme or parts.netloc:
            continue
        target = (site / page).parent.joinpath(unquote(parts.path)).resolve() if parts.path else site / page
        assert target.is_file(), f"{page} links to {address}, which is not there"
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment) in read(target).identifiers, f"{page}: no place {address}"


def test_styles_load_nothing_from_another_host(site):
    for sheet in site.rglob("*.css"):
        for address in re.findall(
            r"""(?:url\(|@import )\s*["']?([^"')\s]+)""", sheet.read_text(encoding="utf-8")
        ):
            assert not re.match(r"(https?:)?//", address), f"{sheet.relative_to(site)} loads {address}"


@pytest.fixture
def visit(chromium):
    """Open an address on a phone of 360 px or a given width."""
    contexts = []

    def open_page(address: str, *, width: int = 360):
        context = chromium.new_context(viewport={"width": width, "height": 760}, color_scheme="light")
        contexts.append(context)
        page = context.new_page()
        page.goto(address, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("source", ["http", "file"])
def test_the_first_page_leads_to_the_book(visit, site, site_url, source):
    base = site_url if source == "http" else f"{site.as_uri()}/"
    view = visit(f"{base}index.html")
    view.wait_for_url("**/book/index.html")
    assert view.locator("article h1").count() == 1


# What is seen of the page, of a static plot, of a live figure, of code: the colours that have been computed for it.
COLOURS = """() => {
    const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
    return {
        page: of("body", "backgroundColor"),
        ink: of("body", "color"),
        formula: of("article .katex", "color"),
        code: of("pre .k", "color"),
        plot: of("figure.plot svg path", "fill"),
        figure: of(".dtr-figure", "backgroundColor"),
        picture: of(".dtr-figure svg", "backgroundColor"),
        mark: of(".dtr-curve", "stroke"),
        words: of(".dtr-axis text", "fill"),
    };
}"""


def test_theme_switch_reaches_all_at_once_and_is_remembered(visit, site_url):
    view = visit(f"{site_url}book/games/index.html", width=1280)
    view.wait_for_selector(".dtr-figure svg")
    view.add_style_tag(content="* { transition: none !important; }")
    switch = view.locator("button.theme-switch-button:visible")
    seen = {}
    for _ in range(3):
        switch.click()
        theme = view.evaluate("document.documentElement.dataset.theme")
        seen[theme] = view.evaluate(COLOURS)
    assert seen["light"]["page"] == "rgb(255, 255, 255)"
    assert seen["dark"]["page"] == "rgb(20, 24, 30)"
    assert seen["light"]["ink"] == "rgb(31, 35, 40)"
    assert seen["dark"]["ink"] == "rgb(230, 232, 235)"
    assert [name for name, colour in seen["light"].items() if seen["dark"][name] == colour] == []
    assert view.locator(".dtr-figure canvas").count() == 0  # which would keep its colours
    while view.evaluate("document.documentElement.dataset.mode") != "dark":
        switch.click()
    view.reload()
    assert view.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 30)"


def test_no_sheet_of_the_book_inverts(root):
    for sheet in [*root.glob("book/_static/*.css"), *root.glob("src/helpers/**/*.css")]:
        assert not re.search(r"filter:[^;}]*invert", sheet.read_text(encoding="utf-8")), sheet.name


@pytest.mark.parametrize("width", [360, 1280])
def test_one_way_to_search_is_shown(visit, site_url, width):
    view = visit(f"{site_url}book/index.html", width=width)
    assert view.locator(".search-button:visible, .search-button-field:visible").count() == 1
