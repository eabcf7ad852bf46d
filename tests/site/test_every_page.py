"""Every page of the built book, in the files and in a browser: nothing from another host, nothing broken."""

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
    """Open an address on a phone of 360 px or a given width; collect what goes wrong while it loads."""
    contexts = []

    def open_page(address: str, *, theme: str = "light", width: int = 360):
        context = chromium.new_context(viewport={"width": width, "height": 760}, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        wrong = []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "response", lambda answer: None if answer.ok else wrong.append(f"{answer.status} {answer.url}")
        )
        page.on("request", lambda request: requested.append(request.url))
        requested = []
        page.goto(address, wait_until="load")
        return page, wrong, requested

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("source", ["http", "file"])
def test_opens_on_a_phone_without_error_or_outside_request(visit, site, site_url, source, page):
    base = site_url if source == "http" else f"{site.as_uri()}/"
    view, wrong, requested = visit(base + page)
    view.wait_for_load_state("networkidle")
    assert wrong == []
    assert [url for url in requested if not url.startswith((base, "data:", "blob:"))] == []
    wider = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"wider than the phone by {wider} px"


@pytest.mark.parametrize("source", ["http", "file"])
def test_the_first_page_leads_to_the_book(visit, site, site_url, source):
    base = site_url if source == "http" else f"{site.as_uri()}/"
    view, _, _ = visit(f"{base}index.html")
    view.wait_for_url("**/book/index.html")
    assert view.locator("article h1").count() == 1


def test_theme_switch_changes_the_books_colours_and_is_remembered(visit, site_url):
    view, _, _ = visit(f"{site_url}book/index.html", width=1280)
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    switch = view.locator("button.theme-switch-button:visible")
    seen = {}
    for _ in range(3):
        switch.click()
        theme = view.evaluate("document.documentElement.dataset.theme")
        seen[theme] = view.evaluate(colours)
        if view.evaluate("document.documentElement.dataset.mode") == "dark":
            view.reload()
            assert view.evaluate(colours) == seen["dark"]
    assert seen == {
        "light": ["rgb(255, 255, 255)", "rgb(31, 35, 40)"],
        "dark": ["rgb(20, 24, 30)", "rgb(230, 232, 235)"],
    }


@pytest.mark.parametrize("width", [360, 1280])
def test_one_way_to_search_is_shown(visit, site_url, width):
    view, _, _ = visit(f"{site_url}book/index.html", width=width)
    assert view.locator(".search-button:visible, .search-button-field:visible").count() == 1
