"""Pages as a screen reader has them: derivations line by line, and whatever is opened under the rules of axe-core."""

import unicodedata

import pytest
from chromium import FLAGS, find_chromium
from in_page import TWO_FRAMES

from .live_figures import Pages

CHAPTER = "book/games/index.html"
SHORT = "book/invertible_maps/learned_density.html"


@pytest.fixture(scope="module")
def listened(chromium, site_url):
    """Pages in a Chromium that serves assistive technology from the start, as it does once a screen reader asks."""
    arguments = [*FLAGS, "--force-renderer-accessibility"]
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=arguments)
    pages = Pages(browser, site_url)
    yield pages
    browser.close()
    pages.assert_nothing_wrong()


def spoken_lines(page, title: str) -> list[str]:
    """What Chromium tells assistive technology of a derivation: an item of its list each, a button in brackets."""
    session = page.context.new_cdp_session(page)
    place = page.evaluate(
        """(title) => {
            const all = [...document.querySelectorAll("figure.derivation")];
            const place = all.findIndex((figure) => figure.querySelector("figcaption").textContent === title);
            all[place]?.scrollIntoView(); // what is read is brought near
            return place;
        }""",
        title,
    )
    assert place >= 0, f"no derivation {title!r}"
    page.evaluate(TWO_FRAMES)
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": document, "selector": "figure.derivation"})
    tree = session.send("Accessibility.queryAXTree", {"nodeId": found["nodeIds"][place]})["nodes"]
    nodes = {node["nodeId"]: node for node in tree}

    def words(node: dict) -> list[str]:
        role = node["role"]["value"]
        if not node["ignored"] and role == "button":
            return [f"[{node['name']['value']}: {node['description']['value']}]"]
        if not node["ignored"] and role == "StaticText":
            return [node["name"]["value"]]
        return [word for child in node.get("childIds", []) if child in nodes for word in words(nodes[child])]

    items = [node for node in tree if node["role"]["value"] == "listitem" and not node["ignored"]]
    lists = {item["parentId"] for item in items}
    assert {nodes[name]["role"]["value"] for name in lists} == {"list"}
    # Letters come in mathematical italics, and an applied function with a sign that nobody sees.
    lines = [unicodedata.normalize("NFKC", " ".join(words(item))).replace("\u2061", "") for item in items]
    return [" ".join(line.split()) for line in lines]


def test_what_is_far_from_the_window_is_told_too(listened, site_url):
    page = listened.open(site_url + CHAPTER)
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    told = {role: 0 for role in ("paragraph", "heading", "figure")}
    for node in tree:
        role = node["role"]["value"]
        if role in told and not node["ignored"]:
            told[role] += 1
    # Asked for last: it lays out what it counts.
    count = "(kind) => [...document.querySelectorAll(kind)].filter((each) => each.checkVisibility()).length"
    assert told["paragraph"] >= page.evaluate(count, "article section > p") > 30
    assert told["heading"] >= page.evaluate(count, "article :is(h1, h2, h3)") > 10
    assert told["figure"] >= page.evaluate(count, "article figure.derivation") > 10
    page.close()


def test_a_derivation_is_read_line_by_line_with_its_marks(listened, site_url):
    page = listened.open(site_url + CHAPTER)
    same = "Proved: both sides evaluate to the same expression. In the ledger Copy link"
    assert spoken_lines(page, "Is there a fixed point besides the centre?") == [
        "det ( A − I )",
        f"= det ( η J ) because A = I + η J [proved, step 1: {same}]",
        f"= η 2 because the determinant of J is one [proved, step 2: {same}]",
    ]
    page.close()


OPEN = """() => {
    for (const folded of document.querySelectorAll("article details")) folded.open = true;
    for (const folded of document.querySelectorAll("article .toggle-button-hidden")) folded.click();
}"""
AXE = """async (scope) => (await axe.run(scope ?? document, { resultTypes: ["violations"] })).violations.map(
    ({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 150))],
)"""


@pytest.fixture
def opened(root, pages, site_url, theme):
    """The short chapter in a theme, with axe-core."""
    views = []

    def open_page(width: int):
        page = pages.open(site_url + SHORT, width=width, color_scheme=theme, reduced_motion="reduce")
        page.evaluate((root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        views.append(page)
        return page

    yield open_page
    for page in views:
        page.close()
    pages.assert_nothing_wrong()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_opened(opened, theme):
    page = opened(1280)
    page.evaluate(OPEN)
    exercise = page.locator(".dtr-exercise", has=page.locator("input")).first
    exercise.locator("input").first.fill("1 +")
    exercise.locator("input").last.press("Enter")
    exercise.locator(".dtr-verdict p").first.wait_for()
    while (more := exercise.locator("> button:visible")).count():
        more.click()
    chain = page.locator('[data-widget="find-the-flaw"]')
    chain.locator("button.dtr-step").last.click()
    chain.get_by_role("button", name="Show the false step").click()
    mark = page.locator("article > section button.mark").first
    mark.focus()
    assert mark.locator("+ .derivation-how").is_visible()
    assert page.evaluate(AXE) == []
    page.keyboard.press("Control+k")
    assert page.locator("dialog#pst-search-dialog").is_visible()
    assert page.evaluate(AXE, "dialog[open]") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_drawers_of_a_phone(opened, theme):
    page = opened(360)
    for side, button in (("primary", "button.primary-toggle"), ("secondary", "button.secondary-toggle")):
        page.locator(button).click()
        assert page.locator(f"#pst-{side}-sidebar-modal").is_visible()
        assert page.evaluate(AXE, "dialog[open]") == []
        page.keyboard.press("Escape")
