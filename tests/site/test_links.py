"""Links to claims and to states of figures: they are copied, and lead to where they were taken."""

import pytest
from in_page import ALIVE, FRAME, TWO_FRAMES

from .live_figures import SEEN_ALIVE, Figure

PAGE = "book/games/index.html"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
AT_REST = f"() => document.fonts.ready.then({FRAME})"
# Nothing else stands where the element begins.
IN_SIGHT = """(element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + Math.min(height, innerHeight - top) / 2);
    return top >= 0 && top < innerHeight && (element === there || element.contains(there));
}"""


@pytest.fixture(scope="module")
def page(pages, address):
    """The module's page, allowed to use the clipboard."""
    return pages.open(address, **CLIPBOARD)


@pytest.fixture
def copied(page):
    """Press a button; what the clipboard holds then."""

    def press(button) -> str:
        page.evaluate("navigator.clipboard.writeText('')")
        button.scroll_into_view_if_needed()
        button.click()
        page.wait_for_selector(".link-notice:has-text('Link copied')")
        return page.evaluate("navigator.clipboard.readText()")

    return press


def goto(page, address: str) -> None:
    """As a link from outside: a load of its own."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(SEEN_ALIVE)
    page.evaluate(AT_REST)


def test_the_state_of_a_figure_is_copied_and_restored(page, address, copied):
    figure = Figure(page, "phase-plane")
    before = page.evaluate("[location.href, history.length]")
    figure.set(learning_rate=0.37, method="alternating")
    link = copied(figure.button("Copy link to this state"))
    assert link == f"{address}#{figure.root.get_attribute('id')}?learning_rate=0.37&method=alternating"
    # Moving and copying leave the address and the history alone.
    assert page.evaluate("[location.href, history.length]") == before
    goto(page, link)
    assert (figure.state["learning_rate"], figure.state["method"]) == (0.37, "alternating")
    assert figure.control("learning_rate").input_value() == "0.37"
    assert figure.root.evaluate(IN_SIGHT)
    assert "is-arrived" in figure.root.get_attribute("class")
    # The figure that is linked to it has one state with it, though it is drawn later.
    assert Figure(page, "spectrum").root.get_attribute("data-state") is None
    page.wait_for_function(ALIVE)
    assert Figure(page, "spectrum").state["method"] == "alternating"


def test_a_followed_link_on_the_page_starts_from_the_first_state(page):
    figure = Figure(page, "phase-plane")
    first = figure.initial
    figure.set(learning_rate=1.1)
    page.evaluate("(id) => { location.hash = `${id}?strength=1.5&step=7`; }", figure.root.get_attribute("id"))
    now = figure.until(step=7)
    assert now["learning_rate"] == first["learning_rate"] and now["method"] == first["method"]


def test_undo_brings_the_first_state_back(page):
    figure = Figure(page, "phase-plane")
    figure.set(learning_rate=0.9, method="optimistic")
    figure.button("Undo all changes").click()
    state = figure.state
    assert {name: state[name] for name in ("learning_rate", "method")} == {
        name: figure.initial[name] for name in ("learning_rate", "method")
    }


@pytest.mark.parametrize(
    "query",
    [
        "learning_rate=99",
        "learning_rate=NaN&method=<img src=x onerror=alert(1)>",
        "step=1.5&start=1&_widget=spectrum",
        "%",
    ],
)
def test_a_foreign_state_is_left_out(page, query):
    figure = Figure(page, "phase-plane")
    page.evaluate(
        "([id, query]) => { location.hash = `${id}?${query}`; }", [figure.root.get_attribute("id"), query]
    )
    page.evaluate(TWO_FRAMES)
    state, first = figure.state, figure.initial
    for name in ("learning_rate", "method", "step"):
        assert state[name] == first[name]
    assert page.locator("img[onerror]").count() == 0


def test_an_exercise_is_linked_without_its_answer(page, copied):
    exercise = page.locator("[data-widget=exercise]").first
    link = copied(exercise.get_by_role("button", name="Copy link"))
    assert link.endswith(f"#{exercise.get_attribute('id')}") and "?" not in link


def test_a_claim_is_copied_and_arrived_at(page, address, copied):
    goto(page, address)
    line = page.locator(".derivation-line[id]:has(.derivation-ledger)").nth(3)
    line.locator("button.mark").focus()
    link = copied(line.locator(".copy-link"))
    assert link == f"{address}#{line.get_attribute('id')}"
    goto(page, link)
    assert line.evaluate(IN_SIGHT) and "is-arrived" in line.get_attribute("class")
    whole = page.locator("figure.derivation[id]").nth(5)
    whole.hover()
    button = whole.locator(".derivation-title .copy-link")
    assert button.get_attribute("aria-label").startswith("Copy link: ")
    assert copied(button) == f"{address}#{whole.get_attribute('id')}"


def test_whoever_reloads_stays_where_they_were(page, address):
    goto(page, f"{address}#one-step-is-a-matrix")
    heading = page.locator("#one-step-is-a-matrix > h2")
    assert heading.evaluate(IN_SIGHT)
    began = page.evaluate("scrollY")
    # As a reader does: from where a script scrolls to, the page may take it back at first.
    page.mouse.wheel(0, 5000)
    page.wait_for_function("began => scrollY === began + 5000", arg=began)
    page.reload()
    page.wait_for_function(SEEN_ALIVE)
    page.evaluate(AT_REST)
    assert not heading.evaluate(IN_SIGHT)
    assert abs(page.evaluate("scrollY") - began - 5000) < page.viewport_size["height"] / 2


def test_a_mistakes_box_has_its_link(page, address, copied):
    box = page.locator("aside.mistake").first
    link = copied(box.get_by_role("button", name="Copy link"))
    assert link.startswith(f"{address}#mistake-")
    page.goto(link)
    heading = box.locator("xpath=ancestor::section[1]").locator("h3").first
    assert heading.evaluate(IN_SIGHT)


def test_what_is_folded_unfolds_for_its_link(page):
    page.evaluate(
        """() => {
            const fold = document.createElement("details");
            fold.innerHTML = "<details><p id='folded'>text</p></details>";
            document.querySelector("article").append(fold);
            location.hash = "folded";
        }"""
    )
    page.wait_for_function(
        "document.querySelectorAll('details[open]:has(#folded)').length === 2", timeout=5000
    )
    assert page.locator("#folded").evaluate(IN_SIGHT)


def test_without_a_clipboard_the_link_stands_in_a_field(page, address):
    goto(page, address)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    figure = Figure(page, "phase-plane")
    button = figure.button("Copy link to this state")
    button.focus()
    button.press("Enter")
    field = page.locator(".link-notice input")
    field.wait_for()
    selected = page.evaluate(
        "document.activeElement.value.slice(...[0, document.activeElement.selectionEnd])"
    )
    assert selected == f"{address}#{figure.root.get_attribute('id')}"
    field.press("Escape")
    assert page.locator(".link-notice input").count() == 0
    assert button.evaluate("button => button === document.activeElement")


def test_buttons_are_quiet_with_a_pointer_and_there_for_a_finger(page, phone_page):
    def opacity(view):
        button = view.locator(".derivation-title .copy-link").nth(2)
        return button.evaluate("button => getComputedStyle(button).opacity")

    page.mouse.move(0, 0)
    assert (opacity(page), opacity(phone_page)) == ("0", "1")
    button = page.locator(".derivation-title .copy-link").nth(2)
    button.focus()
    assert opacity(page) == "1"
    for button in phone_page.locator(".derivation-title .copy-link").all()[:3]:
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_paper_shows_no_buttons(page):
    page.emulate_media(media="print")
    assert page.locator(".copy-link:visible, .dtr-links:visible").count() == 0
    page.emulate_media(media="screen")


def test_jupyter_shows_no_buttons():
    from helpers.widgets import STATIC

    assert "Copy link" in (STATIC / "page.js").read_text("utf-8")
    for bundle in STATIC.glob("*.mjs"):
        assert "Copy link" not in bundle.read_text("utf-8")


def test_the_entries_of_mistakes_have_links(chromium, site_url):
    view = chromium.new_page()
    view.goto(
        f"{site_url}book/appendix/mistakes/book-invertible_maps-coupling.html", wait_until="domcontentloaded"
    )
    view.wait_for_selector(".mistake-links .copy-link", state="attached")
    entries = view.locator("article.mistake-entry")
    ids = entries.evaluate_all("all => all.map(({ id }) => id)")
    links = entries.locator(".copy-link").evaluate_all("all => all.map(({ dataset }) => dataset.copyLink)")
    assert len(ids) > 5 and links == ids
    view.close()


def test_nothing_went_wrong(pages):
    pages.assert_nothing_wrong()
