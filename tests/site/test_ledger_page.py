"""The ledger of the built book: complete, decided, filterable, each row leading to its line and back."""

import json
import re

import pytest

LEDGER = "book/appendix/ledger.html"
CHAPTER = "book/games/index.html"


@pytest.fixture(scope="module")
def ledger(site) -> dict:
    return json.loads((site / "ledger.json").read_text(encoding="utf-8"))


@pytest.fixture
def page(chromium, site_url):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    view = context.new_page()
    view.goto(site_url + LEDGER)
    yield view
    context.close()


def visible(page) -> list[str]:
    return page.locator("table.ledger tbody tr:visible").evaluate_all("rows => rows.map(({ id }) => id)")


def test_every_claim_of_the_book_is_decided(ledger):
    accepted = {"proved", "sampled", "cited", "refuted"}
    assert {claim["mark"] for claim in ledger["claims"]} <= accepted
    assert all(claim["kind"] == "mistake" for claim in ledger["claims"] if claim["mark"] == "refuted")
    assert ledger["totals"]["claims"] == len(ledger["claims"]) > 100


def test_every_line_of_every_derivation_of_a_chapter_is_in_the_ledger(site, ledger):
    """Counted in the page itself: a line that is shown and was not entered would be missing."""
    html = (site / CHAPTER).read_text(encoding="utf-8")
    lines = re.findall(r'<li class="derivation-line[^"]*" id="step-([^"]*)"', html)
    entered = {claim["place"] for claim in ledger["claims"] if claim["page"] == "book/games/index"}
    assert len(lines) > 50
    assert set(lines) <= entered
    assert html.count('class="derivation-ledger"') == len(lines)
    assert len(set(lines)) == len(lines)


@pytest.mark.usefixtures("maxima")
def test_every_proved_equality_has_a_second_witness(ledger):
    asked = [claim for claim in ledger["claims"] if claim["mark"] == "proved" and claim["relation"] == "=="]
    assert len(asked) > 50
    assert {claim["witness"] for claim in asked} <= {"proves", "agrees", "silent"}
    assert sum(claim["witness"] == "proves" for claim in asked) > len(asked) / 2


def test_the_table_shows_every_claim(page, ledger):
    assert visible(page) == [claim["row"] for claim in ledger["claims"]]
    assert page.locator("output").inner_text() == f"{len(ledger['claims'])} of {len(ledger['claims'])} claims"
    assert page.locator("table.ledger .katex-error").count() == 0
    links = page.locator("table.ledger tbody tr .copy-link")
    assert links.evaluate_all("all => all.map(({ dataset }) => dataset.copyLink)") == visible(page)


def test_filters_by_mark_and_by_words(page, ledger):
    form = page.locator(".ledger-filter")
    form.get_by_label("Mark").select_option("cited")
    cited = [claim["row"] for claim in ledger["claims"] if claim["mark"] == "cited"]
    assert visible(page) == cited != []
    form.get_by_label("Mark").select_option("")
    form.get_by_label("Words").fill("Extragradient CONVERGES")
    found = visible(page)
    titles = {claim["row"]: claim["title"] for claim in ledger["claims"]}
    assert {titles[row] for row in found} == {"Extragradient: when it converges"}
    assert page.locator("output").inner_text().startswith(f"{len(found)} of ")
    form.get_by_label("Words").fill("no such claim")
    assert visible(page) == []
    form.get_by_label("Words").fill("")
    form.get_by_label("Chapter").select_option("book/games/index")
    assert len(visible(page)) == sum(claim["page"] == "book/games/index" for claim in ledger["claims"])


def test_from_a_line_to_its_row_and_back(page, site_url):
    page.goto(site_url + CHAPTER)
    line = page.locator('.derivation-line[id^="step-"]').nth(3)
    identifier = line.get_attribute("id")
    line.locator("button.mark").focus()
    page.keyboard.press("Tab")
    link = line.locator("a.derivation-ledger")
    assert link.evaluate("element => element === document.activeElement")
    assert link.is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{LEDGER}#*")
    row = page.locator("table.ledger tr:target")
    assert row.count() == 1 and row.is_visible()
    row.locator(".ledger-claim > a").click()
    page.wait_for_url(f"**/{CHAPTER}#*")
    assert page.evaluate("document.querySelector(':target').id") == identifier


def test_a_link_to_a_row_finds_it_when_it_is_filtered_away(page, ledger):
    page.locator(".ledger-filter").get_by_label("Words").fill("no such claim")
    row = ledger["claims"][-1]["row"]
    page.evaluate("row => { location.hash = row; }", row)
    page.wait_for_function("row => !document.getElementById(row).hidden", arg=row)
    assert row in visible(page)


def test_without_scripts_the_whole_table_stands_there(chromium, site_url, ledger):
    context = chromium.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(site_url + LEDGER)
    assert view.locator("table.ledger tbody tr").count() == len(ledger["claims"])
    assert not view.locator(".ledger-filter").is_visible()
    context.close()


def test_a_formula_too_long_to_read_is_in_the_data_alone(page, ledger):
    long = [claim["row"] for claim in ledger["claims"] if len(claim["latex"]) > 400]
    told = page.locator("table.ledger tr", has_text="a formula too long for this table; the data hold it")
    assert long
    assert told.evaluate_all("rows => rows.map(({ id }) => id)") == long
