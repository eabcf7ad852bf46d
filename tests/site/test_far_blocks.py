"""What is far from the window is laid out late, in places of its height, and nothing is lost by it."""

import pytest
from in_page import LAY_OUT_ALL, TWO_FRAMES

from .live_figures import SEEN_ALIVE

CHAPTERS = ["book/inference/gradients.html", "book/networks/convolution.html", "book/games/index.html"]
CHAPTER = CHAPTERS[0]
MISTAKES = "book/appendix/mistakes/book-inference-importance_weighting.html"
LEDGER = "book/appendix/ledger/book-invertible_maps-tools.html"
LONG = dict.fromkeys(CHAPTERS, 50) | {MISTAKES: 5}  # with fewer places than each has
EDGE = 2  # pixels by which a place may be off: what is laid out lies between pixels

# Reads that make a browser lay out what they ask for; those of what the page has left out are written down.
RECORD = """(() => {
    globalThis.forced = [];
    const isLeftOut = (element) => element.isConnected && element.checkVisibility()
        && !element.checkVisibility({ contentVisibilityAuto: true });
    const watch = (prototype, name) => {
        const { get, value, ...rest } = Object.getOwnPropertyDescriptor(prototype, name);
        const wrap = (read) => function (...given) {
            if (isLeftOut(this)) forced.push(`${name}: ${this.outerHTML.slice(0, 80)}`);
            return read.apply(this, given);
        };
        Object.defineProperty(prototype, name, { ...rest, ...(get ? { get: wrap(get) } : { value: wrap(value) }) });
    };
    for (const name of ["getBoundingClientRect", "getClientRects"]) watch(Element.prototype, name);
    for (const side of ["Width", "Height"]) {
        for (const of of ["scroll", "client"]) watch(Element.prototype, of + side);
        watch(HTMLElement.prototype, `offset${side}`);
    }
})()"""
LEFT_OUT = """() => [...document.querySelectorAll("[data-late]")]
    .filter(({ firstElementChild: child }) => child?.checkVisibility()
        && !child.checkVisibility({ contentVisibilityAuto: true })).length"""
HEIGHT = "document.documentElement.scrollHeight"
# How far the top of the target is from where its links lead, under the bar at the top of the page.
OFF = """(id) => {
    const target = document.getElementById(id);
    const { paddingTop } = getComputedStyle(document.documentElement).scrollPaddingTop === "auto"
        ? { paddingTop: "0" } : { paddingTop: getComputedStyle(document.documentElement).scrollPaddingTop };
    const lead = parseFloat(paddingTop) + parseFloat(getComputedStyle(target).scrollMarginTop);
    return Math.abs(target.getBoundingClientRect().top - lead);
}"""
# Targets of each kind, far down.
KINDS = {
    CHAPTER: [
        "figure.derivation[id]",
        ".derivation-line[id]",
        "div.math[id]",
        "section[id]",
        "[data-widget][id]",
    ],
    MISTAKES: [".mistake-entry"],
}
TARGETS = """(kinds) => kinds
    .map((kind) => [...document.querySelectorAll("article " + kind)].filter((each) => !each.closest("details")))
    .map((all) => all[Math.floor(0.6 * all.length)]?.id).filter(Boolean)"""


@pytest.fixture
def visit(pages, site_url):
    opened = []

    def go(address: str, *, width: int = 1280, before: str = ""):
        page = pages.browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        opened.append(page)
        page.on("pageerror", lambda error: pages.note(True, str(error)))
        if before:
            page.add_init_script(before)
        page.goto(site_url + address, wait_until="load")
        page.wait_for_function(SEEN_ALIVE)
        page.evaluate(TWO_FRAMES)
        return page

    yield go
    for page in opened:
        page.close()


@pytest.mark.parametrize("address", [*LONG, LEDGER, "book/appendix/helpers/proof.html"])
def test_no_script_asks_for_what_is_left_out(visit, address):
    page = visit(address, before=RECORD)
    assert page.evaluate("forced") == []
    # The record sees what it is made for.
    if page.evaluate(LEFT_OUT):
        page.evaluate("[...document.querySelectorAll('[data-late] *')].at(-1).getBoundingClientRect()")
        assert len(page.evaluate("forced")) == 1


@pytest.mark.parametrize("address", LONG)
@pytest.mark.parametrize("width", [360, 560, 1280])
def test_a_page_is_as_long_as_it_will_be(visit, address, width):
    page = visit(address, width=width)
    assert page.evaluate(LEFT_OUT) > LONG[address]
    before = page.evaluate(HEIGHT)
    page.add_style_tag(content=LAY_OUT_ALL)
    assert before == pytest.approx(page.evaluate(HEIGHT), rel=0.1)


@pytest.mark.parametrize("address", KINDS)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_leads_where_its_target_is(visit, address, width):
    page = visit(address, width=width)
    targets = page.evaluate(TARGETS, KINDS[address])
    assert len(targets) == len(KINDS[address])
    for target in targets:
        # From outside, and from the page's own head.
        fresh = visit(f"{address}#{target}", width=width)
        fresh.wait_for_function(f"(id) => ({OFF})(id) < {EDGE}", arg=target)
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(TWO_FRAMES)
        page.evaluate("(id) => { location.hash = id; }", target)
        page.wait_for_function(f"(id) => ({OFF})(id) < {EDGE}", arg=target)
        fresh.close()


def test_a_reader_who_moves_is_left_where_they_are(visit):
    page = visit(CHAPTER)
    *_, target = page.evaluate(TARGETS, KINDS[CHAPTER])
    page.evaluate("(id) => { location.hash = id; }", target)
    page.wait_for_function(f"(id) => ({OFF})(id) < {EDGE}", arg=target)
    page.mouse.move(640, 400)
    page.mouse.wheel(0, 2500)
    page.wait_for_function(f"(id) => ({OFF})(id) > 1000", arg=target)
    page.evaluate(TWO_FRAMES)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(f"(id) => ({OFF})(id)", target) > 1000


@pytest.mark.parametrize(("address", "more_than"), [(CHAPTER, 5), (MISTAKES, 1), (LEDGER, 3)])
def test_every_box_that_scrolls_takes_the_focus_once_the_tab_key_is_pressed(visit, address, more_than):
    page = visit(address, width=360)
    boxes = ".derivation-formula, .mistake-formula, .ledger-formula, div.math, pre"
    far = f"""() => [...document.querySelectorAll("{boxes}")]
        .filter((box) => box.checkVisibility() && !box.checkVisibility({{ contentVisibilityAuto: true }}))"""
    # Until then each counts as one that does: whoever asks by rule, or reads by ear, finds no box out of reach.
    assert page.evaluate(f"({far})().filter((box) => box.tabIndex !== 0).length") == 0
    page.evaluate(f"() => {{ globalThis.far = ({far})(); }}")
    page.keyboard.press("Tab")
    scrolls = (
        "(box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible'"
    )
    assert page.evaluate(f"far.filter({scrolls}).length") > more_than
    wrong = f"far.filter((box) => ({scrolls})(box) !== (box.tabIndex === 0)).length"
    assert page.evaluate(wrong) == 0
    page.mouse.click(5, 300)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(wrong) == 0


@pytest.mark.parametrize("address", [CHAPTER, MISTAKES])
def test_paper_has_no_empty_places(visit, address):
    page = visit(address)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(LEFT_OUT) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
