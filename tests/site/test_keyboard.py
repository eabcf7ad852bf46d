"""The book with nothing but a keyboard: a chapter read from end to end, every stop of a page, its dialogs."""

import json

import pytest
from in_page import ALIVE, TWO_FRAMES

from .keys import Reader

CHAPTER = "book/invertible_maps/change_of_variables.html"
NEXT = "book/invertible_maps/flows_on_a_line.html"
EXERCISE = '[data-exercise="change-of-variables-exponential"]'
SHORT = "book/invertible_maps/learned_density.html"


@pytest.fixture
def reader(pages, site_url):
    """A reader of a page who wants no motion, so that nothing is measured on its way."""
    opened = []

    def open_page(address: str, **options) -> Reader:
        opened.append(pages.open(site_url + address, reduced_motion="reduce", **options))
        return Reader(opened[-1])

    yield open_page
    for page in opened:
        page.close()
    pages.assert_nothing_wrong()


def state(page, widget: str) -> dict:
    page.evaluate(TWO_FRAMES)
    return json.loads(page.locator(f'[data-widget="{widget}"]').get_attribute("data-state"))


def test_a_chapter_from_its_first_line_to_the_next_chapter(reader):
    keys = reader(CHAPTER)
    page = keys.page

    # The skip link, straight into the text.
    keys.press("Tab")
    assert keys.has(".skip-link, .pst-skip-link, #pst-skip-link a")
    keys.press("Enter")
    keys.press("Tab")
    assert keys.has("main *"), keys.focus

    # A folded cell.
    keys.tab_to("main details > summary")
    folded = "document.activeElement.parentElement.open"
    assert not page.evaluate(folded)
    keys.press("Enter")
    assert page.evaluate(folded)

    # The figure: its sliders, a handle, and what is said of it.
    figure = '[data-widget="scaled-density"]'
    keys.tab_to(f"{figure} [data-trait=sigma]")
    keys.press("Home", "ArrowRight")
    now = state(page, "scaled-density")
    assert now["sigma"] == pytest.approx(-2.45)
    page.wait_for_function("document.querySelector('.dtr-said').textContent.includes('mirrors the line')")
    keys.press("End")
    keys.tab_to(f"{figure} .dtr-handle")
    keys.press("ArrowLeft", "Shift+ArrowLeft")
    assert state(page, "scaled-density")["point"] == pytest.approx(now["point"] - 6 * 0.05)
    page.wait_for_function("document.querySelector('.dtr-said').textContent.includes('factor 2.50')")

    # A derivation: what its mark shows, folded away by Escape, from the mark and from the link in it.
    keys.tab_to("button.mark")
    shown = page.locator(":focus + .derivation-how")
    assert shown.is_visible() and shown.inner_text().startswith("Proved")
    keys.press("Escape")
    assert keys.has("button.mark") and not shown.is_visible()
    keys.press("Enter")
    assert shown.is_visible()
    keys.press("Tab")
    assert keys.has("a.derivation-ledger")
    keys.press("Escape")
    assert keys.has("button.mark") and not shown.is_visible()
    keys.press("Shift+Tab")
    keys.tab_to("button.mark")
    assert shown.is_visible()

    # Into the ledger and back to the line.
    line = page.evaluate("document.activeElement.closest('.derivation-line').id")
    keys.press("Tab")
    keys.page.keyboard.press("Enter")
    page.wait_for_url("**/ledger/*.html#*", wait_until="load")
    page.evaluate(TWO_FRAMES)  # a key that comes before the first paint goes to nobody
    keys.press("Tab")
    assert keys.has("table.ledger tr:target a"), keys.focus
    keys.page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CHAPTER}#{line}")
    page.wait_for_function(ALIVE)
    keys.press("Tab")
    assert page.evaluate("(id) => document.activeElement.closest(`[id='${id}']`) !== null", line)

    # An exercise: a wrong answer, why, a hint, the right answer, the solution.
    keys.tab_to(f"{EXERCISE} input")
    exercise = page.locator(EXERCISE)
    verdict, log = exercise.locator(".dtr-verdict[role=status]"), exercise.locator("[role=log]")
    keys.type("exp(-ln(y)^2/2)/sqrt(2 pi)")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.closest('form').querySelector('.dtr-verdict').textContent")
    assert "the factor is missing" in verdict.inner_text()
    keys.tab_to(f"{EXERCISE} > button")
    assert page.locator(":focus").inner_text() == "Show hint 1 of 2"
    keys.press("Enter")
    assert log.inner_text().startswith("Hint 1.") and keys.has(f"{EXERCISE} > button")
    keys.tab_to(f"{EXERCISE} input", key="Shift+Tab")
    keys.press("Control+a")
    keys.type("exp(-ln(y)^2/2)/(y sqrt(2 pi))")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.closest('form').querySelector('[data-status=right]')")
    assert verdict.inner_text() == "Right."
    keys.tab_to(f"{EXERCISE} > button")
    keys.press("Enter", "Enter")
    assert page.locator(":focus").inner_text() == "Solution"
    assert log.locator(".derivation .mark").count() > 0

    # On to the next page.
    keys.tab_to("a.right-next")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{NEXT}")
    assert page.locator("article h1").count() == 1


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tab_key_goes_through_a_whole_page_in_its_order(reader, theme, width):
    keys = reader(SHORT, width=width, color_scheme=theme)
    stops = keys.walk()
    assert len(stops) > 20
    assert keys.out_of_order() == []
    # Every link, control and button that can be seen is among them.
    missed = keys.page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
            .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
            .filter((element) => element.getBoundingClientRect().width > 0 && element.tabIndex >= 0)
            .filter((element) => !element.disabled && !met.has(element))
            .map((element) => element.outerHTML.slice(0, 160))"""
    )
    assert missed == []
    # And back: what is reached from below is not hidden by the bar at the top.
    for _ in range(15):
        keys.press("Shift+Tab")


def test_the_search_dialog_gives_the_focus_back(reader):
    keys = reader(SHORT)
    page = keys.page
    button, search = "button.search-button-field, button.search-button", "#pst-search-dialog input"
    dialog = keys.opened_by(button, "dialog#pst-search-dialog")
    assert keys.has(search)
    keys.press("Escape")
    assert not dialog.is_visible() and keys.has(button)
    keys.press("Control+k")
    assert dialog.is_visible() and keys.has(search)
    keys.type("log-determinant")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=log-determinant*")
    page.locator("#search-results a").first.wait_for()
    keys.tab_to("#search-results a")


def test_the_theme_is_switched_by_keyboard(reader):
    keys = reader(SHORT)
    keys.tab_to("button.theme-switch-button")
    themes = []
    for _ in range(3):
        keys.press("Enter")
        themes.append(keys.page.evaluate("document.documentElement.dataset.mode"))
    assert sorted(themes) == ["auto", "dark", "light"]


def test_the_drawer_of_a_phone_opens_leads_on_and_closes(reader):
    keys = reader(SHORT, width=360)
    drawer = keys.opened_by("button.primary-toggle", "#pst-primary-sidebar-modal")
    keys.tab_to("#pst-primary-sidebar-modal nav a")
    keys.press("Escape")
    assert not drawer.is_visible() and keys.has("button.primary-toggle")
