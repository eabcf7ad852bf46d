"""Every live figure of the book, in every choice of its lists: names for a screen reader, room for a finger."""

import re
from pathlib import Path

import pytest
from in_page import FRAME, TWO_FRAMES

SMALLEST = 10  # pixels of a picture's words
SMALL_OR_COVERED_WORDS = (Path(__file__).parent / "page_checks" / "svg_words.js").read_text(encoding="utf-8")

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts and re.search(r"<[^>]* data-widget=", path.read_text(encoding="utf-8"))
)

# What lacks a name, or words that tell what it does, among what can be seen of a figure.
NAMELESS = """(figure) => {
    const found = (selector) =>
        [...figure.querySelectorAll(selector)].filter((each) => each.getBoundingClientRect().width > 0);
    const told = (element) => element.labels?.[0]?.textContent || element.ariaLabel || element.textContent;
    return [
        ...found("input, select, button, .dtr-handle").filter((control) => !/\\w/.test(told(control) ?? "")),
        ...found("input[type=range], .dtr-handle").filter((slider) => !slider.getAttribute("aria-valuetext")),
        ...found(".dtr-handle").filter((handle) => !handle.ariaLabel.includes("arrow keys")),
        ...(figure.querySelector("[aria-live], [role=status]") ? [] : [figure]),
        ...found("svg.dtr-plot").filter((plot) => !["img", "group"].includes(plot.getAttribute("role"))),
        ...found("svg.dtr-plot").filter((plot) => !((plot.ariaLabel ?? "").split(" ").length > 4)),
    ].map((element) => element.outerHTML.slice(0, 200));
}"""

# A handle may reach over the edge of its picture, and a step with too long a formula scrolls in its line.
SMALL_OR_OUTSIDE = """(figure) => [figure, ...figure.querySelectorAll("input, select, button, .dtr-handle-reach")]
    .filter((element) => element.getBoundingClientRect().width > 0)
    .filter((element) => {
        const { left, right, height } = element.getBoundingClientRect();
        const formula = element.querySelector(":scope > .dtr-step-formula > *");
        const mayReachOut =
            element.matches(".dtr-handle-reach") || formula?.getBoundingClientRect().right > innerWidth - 50;
        const isOutside = !mayReachOut && (left < 0 || right > innerWidth);
        return height < 44 || isOutside || (element === figure && figure.scrollWidth > figure.clientWidth);
    })
    .map((element) => element.outerHTML.slice(0, 200))"""


def choices(page):
    """Each figure of the page, drawn: first as it is, then in every choice of each of its lists."""
    page.evaluate(TWO_FRAMES)
    for figure in page.locator("[data-widget]").all():
        yield figure
        for chosen in figure.locator("select[data-trait]").all():
            first = chosen.input_value()
            for value in chosen.evaluate("(list) => [...list.options].map((option) => option.value)"):
                if value != first and chosen.is_visible():
                    chosen.select_option(value)
                    page.evaluate(TWO_FRAMES)
                    yield figure
            if chosen.is_visible():
                chosen.select_option(first)
                page.evaluate(TWO_FRAMES)


# Points of a figure's picture, in pixels of the window: each handle's with a way towards the middle, and the corner
# that is farthest from them all.
PLACES = """(svg) => {
    svg.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, right, bottom } = svg.getBoundingClientRect();
    const shown = [...svg.querySelectorAll(".dtr-handle, .dtr-grip")].filter((each) => each.getClientRects().length);
    const handles = shown.map((handle) => {
        const box = handle.querySelector(".dtr-handle-ring, .dtr-now").getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const onePart = ["x", "y"].map((axis) => Number(!handle.matches(`.dtr-handle-${axis === "x" ? "y" : "x"}`)));
        const way = [x < (left + right) / 2 ? 40 : -40, y < (top + bottom) / 2 ? 40 : -40];
        return { at: [x, y], by: [way[0] * onePart[0], way[1] * onePart[1]] };
    });
    const corners = [[left + 4, top + 4], [right - 4, top + 4], [left + 4, bottom - 4], [right - 4, bottom - 4]];
    const distance = ([x, y]) => Math.min(...handles.map(({ at: [a, b] }) => Math.hypot(a - x, b - y)));
    return { handles, beside: corners.sort((one, other) => distance(other) - distance(one))[0] };
}"""


# The browser takes a finger's way away from the page when it scrolls by it.
COUNT_TAKEN = (
    "() => { window.taken = 0; addEventListener('pointercancel', () => (window.taken += 1), true); }"
)
STILL = f"""async () => {{
    for (let last = null, same = 0; same < 4; last = scrollY) {{
        await ({FRAME})();
        same = scrollY === last ? same + 1 : 0;
    }}
}}"""
CHANGED = "([figure, before]) => figure.dataset.state !== before"


def swipe(touch, start: list[float], by: list[float]) -> None:
    """One finger over the screen."""
    for step in range(7):
        at = {"x": start[0] + by[0] * min(step, 5) / 5, "y": start[1] + by[1] * min(step, 5) / 5}
        kind = "touchStart" if step == 0 else "touchEnd" if step == 6 else "touchMove"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if step == 6 else [at]})


def assert_fingers_move_what_they_touch(page) -> None:
    """A handle is dragged and the page stays; beside the handles a swipe scrolls the page."""
    page.evaluate(COUNT_TAKEN)
    touch = page.context.new_cdp_session(page)
    for figure in page.locator("[data-widget]").all():
        for picture in figure.locator("svg:visible:has(.dtr-handle, .dtr-grip)").all():
            for number in range(len(picture.evaluate(PLACES)["handles"])):
                handle = picture.evaluate(PLACES)["handles"][number]
                before = figure.get_attribute("data-state")
                swipe(touch, handle["at"], handle["by"])
                page.wait_for_function(CHANGED, arg=[figure.element_handle(), before], timeout=5000)
                assert page.evaluate("taken") == 0, (figure.get_attribute("id"), number)
            scrolled = page.evaluate("scrollY")
            swipe(touch, picture.evaluate(PLACES)["beside"], [0, -120])
            page.wait_for_function(
                "(before) => taken === 1 && scrollY > before + 60", arg=scrolled, timeout=5000
            )
            page.evaluate(STILL)  # a page that was thrown rolls on
            page.evaluate("taken = 0")


def test_the_book_has_figures():
    assert len(PAGES) >= 16


@pytest.mark.parametrize("address", PAGES)
def test_every_control_and_picture_has_a_name(pages, site_url, address):
    page = pages.open(site_url + address)
    for figure in choices(page):
        assert figure.evaluate(NAMELESS) == []
    identifiers = page.evaluate("() => [...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert sorted(identifiers) == sorted(set(identifiers))
    page.close()


@pytest.mark.parametrize("address", PAGES)
def test_on_a_phone_nothing_is_too_small_or_outside(pages, site_url, address):
    page = pages.open(site_url + address, width=360, has_touch=True, is_mobile=True)
    for figure in choices(page):
        assert figure.evaluate(SMALL_OR_OUTSIDE) == []
        assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [360, 360]
        assert page.evaluate(SMALL_OR_COVERED_WORDS, SMALLEST) == []
    assert_fingers_move_what_they_touch(page)
    page.close()
