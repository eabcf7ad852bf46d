"""Every page as it is seen: in three widths, light and dark, in one load; and that each opens from the disk.

With the environment variable ``SCREENSHOTS`` naming a folder (`make screenshots`), each view is written there too,
and an ``index.html`` to look through them.
"""

import os
import re
from pathlib import Path

import pytest
from in_page import ALIVE, LAY_OUT_ALL, TWO_FRAMES

from .test_every_page import PAGES

CHECKS = Path(__file__).parent / "page_checks"
SIZES = {1280: 800, 768: 1024, 360: 640}
THEMES = ["light", "dark"]
SEEN = [address for address in PAGES if address != "index.html"]  # which only leads on
SMALLEST = 10  # pixels of a picture's words
TALLEST = 6000  # pixels of a screenshot

THEME = "(theme) => document.documentElement.dataset.theme === theme"
# Titles of the pages before and after of which a part is cut off: their boxes hide what is too wide.
CUT = """() => [...document.querySelectorAll(".prev-next-area a")]
    .filter((link) => link.scrollWidth > link.clientWidth + 1)
    .map((link) => `cut off: ${link.innerText}`)"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Wait for what a resize sets going: the plots' observers, then their drawing.
SETTLED = f"async () => {{ await ({TWO_FRAMES})(); await ({TWO_FRAMES})(); }}"

# The rules of axe that depend on the view are asked in each; all others on a desk by day and on a phone by night.
OF_THE_VIEW = ["color-contrast", "scrollable-region-focusable", "target-size"]
ALL_RULES_AT = {(1280, "light"), (360, "dark")}
AXE = """async (rules) => (await axe.run(rules ? { include: representatives() } : document, {
    resultTypes: ["violations"],
    ...(rules ? { runOnly: rules } : { rules: { "color-contrast": { enabled: false } } }),
})).violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`)"""

# Names are asked for of the whole page once, before rows are dropped: a fifth of a second.
NAMES = """async () => (await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["link-name", "button-name", "summary-name", "aria-command-name", "label", "select-name"],
})).violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`)"""

# Marks that may be fainter than 3 to 1, and why.
FAINT = {
    "grid lines and axes to measure by": r"dtr-zero|dtr-cone-lines|matplotlib\.axis|line2d",
    "cells of a colour scale: their numbers stand in them or in the table beside": (
        r"dtr-heat-(cells|marked)|dtr-mini-none|dtr-pixel-(none|seen)|dtr-radial-(density|log-det)|patch|dtr-warp"
    ),
    "areas whose border is drawn": r"dtr-level-(con|di)verges|dtr-chaos|dtr-importance-spread",
    "a cloud of arrows, each with its tip": r"dtr-cloud ",
    "reaches beyond what it lies on": r"dtr-importance$|dtr-origin",
}


@pytest.fixture(scope="module")
def checks(root) -> str:
    """axe-core, and what is asked of a page beside it."""
    axe = (root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    return axe + (CHECKS / "alike.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pictures() -> dict[str, str]:
    """Each check of a page's pictures: a function to evaluate."""
    return {path.stem: path.read_text(encoding="utf-8") for path in CHECKS.glob("svg_*.js")}


@pytest.fixture(scope="module")
def shots():
    """The folder for pictures of all views, or None."""
    folder = os.environ.get("SCREENSHOTS") and Path(os.environ["SCREENSHOTS"])
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    yield folder
    if folder:
        rows = {}
        for picture in sorted(folder.glob("*.jpeg")):
            rows.setdefault(picture.stem.split(".")[0], []).append(picture.name)
        links = [
            f"<h2>{page}</h2>" + " ".join(f'<a href="{name}">{name.removeprefix(page)}</a>' for name in names)
            for page, names in rows.items()
        ]
        (folder / "index.html").write_text("<!doctype html><title>Views</title>" + "\n".join(links), "utf-8")


def shoot(page, folder: Path, address: str, width: int, theme: str) -> None:
    """The whole page in pieces: a browser draws no picture of any height."""
    name = address.removesuffix(".html").replace("/", "-")
    height = page.evaluate("document.documentElement.scrollHeight")
    for number, top in enumerate(range(0, height, TALLEST), start=1):
        page.screenshot(
            path=folder / f"{name}.{width}-{theme}-{number:02}.jpeg",
            type="jpeg",
            full_page=True,
            clip={"x": 0, "y": top, "width": width, "height": min(TALLEST, height - top)},
        )


class Visit:
    """One open page, and all that is wrong with it."""

    def __init__(self, browser, base: str, address: str, width: int) -> None:
        self.wrong = []
        self.page = browser.new_page(viewport={"width": width, "height": SIZES[width]}, color_scheme="light")
        self.page.on("console", lambda told: self.note(told.type == "error", f"console: {told.text}"))
        self.page.on("pageerror", lambda error: self.note(True, f"error: {error}"))
        self.page.on(
            "response", lambda answer: self.note(not answer.ok, f"{answer.status} from {answer.url}")
        )
        own = (base, "data:", "blob:")
        self.page.on("request", lambda asked: self.note(not asked.url.startswith(own), f"asks {asked.url}"))
        self.page.goto(base + address, wait_until="load")
        self.page.wait_for_function(ALIVE)
        # A colour that is fading from one theme to the other is neither's.
        self.page.add_style_tag(content="*, ::before, ::after { transition: none !important; }" + LAY_OUT_ALL)

    def note(self, is_wrong: bool, what: str) -> None:
        if is_wrong:
            self.wrong.append(what)


def views(page):
    """The page in each width, light and dark, and what to call it."""
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(THEME, arg=theme)
            page.evaluate(SETTLED)
            yield width, theme, f"{width} px, {theme}: "


@pytest.mark.parametrize("address", SEEN)
def test_every_view_of_a_page(chromium, site_url, checks, pictures, shots, address):
    visit = Visit(chromium, site_url, address, width=360)
    page = visit.page
    page.evaluate(checks)
    visit.wrong += page.evaluate(pictures["svg_names"])
    too_wide = page.evaluate(TOO_WIDE)
    visit.note(too_wide > 0, f"with all rows of all tables the page is {too_wide} px too wide")
    visit.wrong += page.evaluate(NAMES)
    visit.wrong += page.evaluate("smallTitles()")
    page.evaluate("shorten()")
    for width, theme, view in views(page):
        too_wide = page.evaluate(TOO_WIDE)
        visit.note(too_wide > 0, f"{view}the page is {too_wide} px too wide")
        if theme == "light":
            visit.wrong += [view + each for each in page.evaluate(CUT)]
            visit.wrong += [view + each for each in page.evaluate(pictures["svg_words"], SMALLEST)]
        if width == 1280:
            faint = [each for each in page.evaluate(pictures["svg_contrast"]) if is_faint(each)]
            visit.wrong += [f"{view}{each}" for each in faint]
        if shots:
            shoot(page, shots, address, width, theme)
    page.evaluate("alike()")
    for width, theme, view in views(page):
        for rules in [OF_THE_VIEW, None] if (width, theme) in ALL_RULES_AT else [OF_THE_VIEW]:
            visit.wrong += [view + each for each in page.evaluate(AXE, rules)]
    page.close()
    assert visit.wrong == []


def is_faint(found: dict) -> bool:
    """Below WCAG AA: 4.5 to 1 for words, 3 to 1 for what has a meaning."""
    if found["kind"] == "text":
        return found["contrast"] < 4.5
    return found["contrast"] < 3 and not any(
        re.search(names, found["name"] or "") for names in FAINT.values()
    )


@pytest.mark.parametrize("address", SEEN)
def test_every_page_opens_from_disk(chromium, site, address):
    visit = Visit(chromium, f"{site.as_uri()}/", address, width=360)
    visit.page.close()
    assert visit.wrong == []
