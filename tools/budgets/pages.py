"""What a reader's browser loads for a page, what it shows before any script has run, and what moves meanwhile.

Nothing here depends on the machine's speed. A page is read through to its end, so that all its figures are there; it
comes from `local_site`, which compresses and lets the browser keep files as the hosts of static sites do.
"""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chromium import FLAGS, find_chromium
from in_page import FRAME
from local_site import serve

from . import Line

__all__ = ["FIRST_VISIT", "NEXT_CHAPTER", "addresses", "measure", "of_page"]

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
FIRST = "book/index.html"

FIRST_VISIT = 500  # kB: markup, styles, scripts, fonts and figures, as they come over the wire
NEXT_CHAPTER = 120  # kB: the same, when the browser has kept what it got for another page
REQUESTS = 30
SHIFT = (
    0.02  # the sum of all shifts, which bounds the cumulative layout shift: that is the largest burst of them
)
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}

RECORD_SHIFTS = """globalThis.shifts = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });"""
# Screen by screen, each when the figures on it and on the next have been drawn: as one reads, not as one leafs.
READ_THROUGH = """async () => {
    const frame = FRAME;
    const isWaiting = (figure) => {
        const { top, bottom } = figure.getBoundingClientRect();
        return bottom >= 0 && top <= 2 * innerHeight && !figure.dataset.state;
    };
    const figures = [...document.querySelectorAll("[data-widget][data-initial]")];
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo({ top: y, behavior: "instant" });
        do await frame(); while (figures.some(isWaiting));
        await frame(); // what is drawn and scrolled in one frame is taken for a shift as far as the page was scrolled
    }
    await document.fonts.ready;
}""".replace("FRAME", FRAME)
ALIVE = """() => [...document.querySelectorAll("[data-widget][data-initial]")].every((figure) => figure.dataset.state)
    && document.fonts.status === "loaded\""""
# Formulas of the text that take no room, or whose TeX is still to be typeset.
MISSING_FORMULAS = """() => [...document.querySelectorAll("main .math, main .tex")].filter((place) => {
    const formula = place.querySelector(".katex-html");
    return !formula || (!formula.getClientRects().length && place.checkVisibility());
}).length"""


def addresses(site: Path = SITE) -> dict[str, str]:
    """The pages of the built book, and of each the one that its reader opens next: the book's next.

    Addresses are below the site's root. After the last page, and from the search, the reader goes to the first.
    """
    pages = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    following = {}
    for address, path in pages.items():
        # The root only leads on, and the page for wrong addresses holds its style itself.
        if address.startswith("_static/") or address in ("index.html", "404.html"):
            continue
        link = re.search(r'<link rel="next"[^>]* href="([^"]*)"', path.read_text(encoding="utf-8"))
        following[address] = (
            posixpath.normpath(posixpath.join(posixpath.dirname(address), link[1])) if link else FIRST
        )
    return following


@dataclass
class Visit:
    """One page as it was loaded and read through."""

    kilobytes: float = 0
    requests: int = 0
    foreign: int = 0
    shift: float = 0


def of_page(browser, base: str, address: str, following: str) -> Iterator[Line]:
    """The budgets of one page; `following` is the one that its reader opens next. Four loads, one without scripts."""
    with _context(browser, PHONE) as phone:
        first = _visit(phone, base, address)
        after = _visit(phone, base, following)
    with _context(browser, DESK) as desk:
        wide = _visit(desk, base, address)
    with _context(browser, DESK, java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(base + address)
        missing = page.evaluate(MISSING_FORMULAS)
    yield Line("first visit", address, max(first.kilobytes, wide.kilobytes), FIRST_VISIT, "kB")
    if _is_chapter(address) and _is_chapter(following):
        yield Line("next chapter", f"{address} → {following}", after.kilobytes, NEXT_CHAPTER, "kB")
    yield Line("requests", address, max(first.requests, wide.requests), REQUESTS, "")
    yield Line("foreign requests", address, first.foreign + wide.foreign + after.foreign, 0, "")
    yield Line("layout shift at 360 px", address, first.shift, SHIFT, "")
    yield Line("layout shift at 1280 px", address, wide.shift, SHIFT, "")
    yield Line("formulas that are not there without scripts", address, missing, 0, "")


def _is_chapter(address: str) -> bool:
    return address not in (FIRST, "search.html") and not address.startswith("book/appendix/")


def _visit(context, base: str, address: str) -> Visit:
    """Open a page in a browser that keeps what it gets, and read it through."""
    visit, page = Visit(), context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    asked = {}

    def ask(event: dict) -> None:
        url = event["request"]["url"]
        if not url.startswith(("data:", "blob:")):
            asked[event["requestId"]] = url

    def finish(event: dict) -> None:
        # What the browser had kept counts nothing.
        if event["requestId"] in asked and event["encodedDataLength"]:
            visit.kilobytes += event["encodedDataLength"] / 1000
            visit.requests += 1

    network.on("Network.requestWillBeSent", ask)
    network.on("Network.loadingFinished", finish)
    page.add_init_script(RECORD_SHIFTS)
    page.goto(base + address, wait_until="load")
    page.evaluate(READ_THROUGH)
    page.wait_for_function(ALIVE)
    page.wait_for_load_state("networkidle")
    visit.shift = sum(page.evaluate("shifts"))
    visit.foreign = sum(not url.startswith(base) for url in asked.values())
    page.close()
    return visit


@contextmanager
def _context(browser, size: dict, **options):
    context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
    try:
        yield context
    finally:
        context.close()


def measure() -> Iterator[Line]:
    """Each page's budgets."""
    from playwright.sync_api import sync_playwright

    with serve(SITE) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for address, following in addresses().items():
            yield from of_page(browser, base, address, following)
        browser.close()
