"""The ledger of the built book: complete, decided, searchable, each row leading to its line and back."""

import json
import re
from collections import Counter

import pytest

LEDGER = "book/appendix/ledger.html"
ROWS = "book/appendix/ledger/"
NAME = "book/games/training_methods"
CHAPTER = f"{NAME}.html"
CHAPTER_ROWS = f"{ROWS}book-games-training_methods.html"


@pytest.fixture(scope="module")
def ledger(site) -> dict:
    return json.loads((site / "ledger.json").read_text(encoding="utf-8"))


@pytest.fixture
def page(chromium, site_url):
    """The first page, in which nothing goes wrong; `asked` are the addresses that it asks for."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    view = context.new_page()
    view.wrong, view.asked = [], []
    view.on("console", lambda told: view.wrong.append(told.text) if told.type == "error" else None)
    view.on("pageerror", lambda error: view.wrong.append(str(error)))
    view.on("request", lambda request: view.asked.append(request.url))
    view.goto(site_url + LEDGER)
    yield view
    context.close()
    assert view.wrong == []


@pytest.fixture(scope="module")
def rows(site, ledger) -> dict[str, list[str]]:
    """The identifiers of the rows on each chapter's page."""
    pages = dict.fromkeys(claim["page"] for claim in ledger["claims"])
    return {
        page: re.findall(
            r'<tr id="([^"]*)">', (site / f"{ROWS}{page.replace('/', '-')}.html").read_text("utf-8")
        )
        for page in pages
    }


def found(page, number: int) -> list[str]:
    """The rows to which the results lead, once the search says that there are so many."""
    wanted = "No claim matches" if number == 0 else f"{number} of "
    page.locator("output", has_text=re.compile(f"^{wanted}")).wait_for()
    links = page.locator("table.ledger tr:visible .ledger-chapter a")
    return links.evaluate_all("links => links.map(({ hash }) => hash.slice(1))")


def test_every_claim_of_the_book_is_decided(ledger):
    accepted = {"proved", "sampled", "cited", "refuted"}
    assert {claim["mark"] for claim in ledger["claims"]} <= accepted
    assert all(claim["kind"] == "mistake" for claim in ledger["claims"] if claim["mark"] == "refuted")
    assert ledger["totals"]["claims"] == len(ledger["claims"]) > 100


def test_every_line_of_every_derivation_of_a_chapter_is_in_the_ledger(site, ledger):
    """Counted in the page itself: a line that is shown and was not entered would be missing."""
    html = (site / CHAPTER).read_text(encoding="utf-8")
    lines = re.findall(r'<li class="derivation-line[^"]*" id="step-([^"]*)"', html)
    entered = {claim["place"] for claim in ledger["claims"] if claim["page"] == NAME}
    assert len(lines) > 40
    assert set(lines) <= entered
    assert html.count('class="derivation-ledger"') == len(lines)
    assert len(set(lines)) == len(lines)


@pytest.mark.usefixtures("maxima")
def test_every_proved_equality_has_a_second_witness(ledger):
    asked = [claim for claim in ledger["claims"] if claim["mark"] == "proved" and claim["relation"] == "=="]
    assert len(asked) > 50
    assert {claim["witness"] for claim in asked} <= {"proves", "agrees", "silent"}
    assert sum(claim["witness"] == "proves" for claim in asked) > len(asked) / 2


def test_each_chapter_has_a_page_with_a_row_a_claim(site, ledger, rows):
    assert [row for page in rows.values() for row in page] == [claim["row"] for claim in ledger["claims"]]
    for page in rows:
        assert "katex-error" not in (site / f"{ROWS}{page.replace('/', '-')}.html").read_text("utf-8")


def test_the_pages_of_the_chapters_are_linked_to_each_other_in_the_books_order(page, rows):
    way = ".ledger-chapters tbody a"
    for name in rows:
        # With a key: rows that are laid out as they come near may move a link from under the pointer.
        page.locator(way).first.press("Enter")
        page.wait_for_url(f"**/{ROWS}{name.replace('/', '-')}.html")
        way = "a.right-next"
    assert page.locator("a.right-next").count() == 0


def test_the_table_of_chapters_counts_what_they_claim(page, ledger):
    heads = page.locator(".ledger-chapters thead th").all_inner_texts()
    lines = page.locator(".ledger-chapters tr").evaluate_all(
        "lines => lines.slice(1).map((line) => [...line.cells].map(({ innerText }) => innerText))"
    )
    counts = [dict(zip(heads, line, strict=True)) for line in lines]
    pages = list(dict.fromkeys(claim["page"] for claim in ledger["claims"]))
    assert len(counts) == len(pages) + 1
    for page_name, told in [*zip(pages, counts, strict=False), (None, counts[-1])]:
        claims = [claim for claim in ledger["claims"] if page_name in (None, claim["page"])]
        marks = Counter(claim["mark"] for claim in claims)
        assert told["Claims"] == str(len(claims))
        assert {mark: told[mark.capitalize()] for mark in marks} == {
            mark: str(n) for mark, n in marks.items()
        }
        assert told["Proved by both"] == str(sum(claim["witness"] == "proves" for claim in claims))


def test_the_search_loads_nothing_until_it_is_used(page):
    def loaded() -> list[str]:
        return [address for address in page.asked if re.search(r"ledger-claims|katex\.min\.js", address)]

    assert page.locator(".ledger-chapters").is_visible() and loaded() == []
    page.get_by_label("Words").focus()
    assert loaded() == []
    page.get_by_label("Verdict").select_option("cited")
    page.wait_for_selector("table.ledger .katex")
    assert len(loaded()) == 2


def test_finds_by_chapter_verdict_witness_and_words(page, ledger):
    def rows_of(condition) -> list[str]:
        return [claim["row"] for claim in ledger["claims"] if condition(claim)]

    cited = rows_of(lambda claim: claim["mark"] == "cited")
    page.get_by_label("Verdict").select_option("cited")
    assert found(page, len(cited)) == cited != []
    assert not page.locator(".ledger-chapters").is_visible()
    page.get_by_label("Verdict").select_option("")
    page.locator(".ledger-chapters").wait_for()
    page.get_by_label("Words").fill("Extragradient CONVERGES")
    wanted = rows_of(lambda claim: claim["title"] == "Extragradient: when it converges")
    assert found(page, len(wanted)) == wanted != []
    page.get_by_label("Words").fill("no such claim")
    assert found(page, 0) == []
    page.get_by_role("button", name="Clear").click()
    page.locator(".ledger-chapters").wait_for()
    assert page.evaluate("document.activeElement.name") == "words"
    page.get_by_label("Chapter").select_option("book-networks-convolution")
    page.get_by_label("Maxima").select_option("silent")
    silent = rows_of(
        lambda claim: claim["page"] == "book/networks/convolution" and claim["witness"] == "silent"
    )
    assert found(page, len(silent)) == silent[:25] != []


def test_results_are_typeset_and_more_come_when_asked_for(page, ledger):
    refuted = [claim["row"] for claim in ledger["claims"] if claim["mark"] == "refuted"]
    page.get_by_role("link", name="Which claims were refuted?").click()
    assert found(page, len(refuted)) == refuted[:25]
    assert page.get_by_label("Verdict").input_value() == "refuted"
    page.get_by_role("button", name="Show 25 more").press("Enter")
    assert found(page, len(refuted)) == refuted[:50]
    row = page.locator("table.ledger tbody tr").nth(25)
    assert row.evaluate("row => row.contains(document.activeElement)")
    formulas = page.locator("table.ledger .tex")
    assert formulas.count() == formulas.locator("> .katex > .katex-mathml").count() > 25
    assert page.locator("table.ledger .katex-error").count() == 0
    family = page.locator("table.ledger .katex").first.evaluate("it => getComputedStyle(it).fontFamily")
    assert "KaTeX_Main" in family


@pytest.mark.parametrize("source", ["http", "file"])
def test_a_search_has_an_address(page, site, site_url, ledger, source):
    base = site_url if source == "http" else f"{site.as_uri()}/"
    page.goto(f"{base}{LEDGER}?chapter=book-games-training_methods&mark=nonsense&words=%3Cb%3E")
    page.get_by_label("Words").fill("extragradient")
    page.wait_for_url("**/ledger.html?chapter=book-games-training_methods&words=extragradient#find")
    page.locator("output", has_text=" of ").wait_for()
    number = int(page.locator("output").inner_text().split()[0])
    here = found(page, number)
    assert here and all(row.startswith("book-games-training_methods--") for row in here)
    page.reload()
    assert found(page, number) == here
    page.locator("table.ledger .ledger-chapter a").first.click()
    page.wait_for_url(f"{base}{CHAPTER_ROWS}#{here[0]}")
    page.go_back()
    assert found(page, number) == here


def test_what_cannot_be_loaded_is_said_and_asked_for_again(page, ledger):
    page.route("**/ledger-claims.js*", lambda route: route.abort())
    page.get_by_label("Verdict").select_option("cited")
    page.locator("output", has_text="could not be loaded").wait_for()
    page.unroute("**/ledger-claims.js*")
    assert all("Failed to load" in told for told in page.wrong)
    page.wrong.clear()
    page.get_by_label("Verdict").select_option("refuted")
    page.wait_for_selector("table.ledger tbody tr")


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
    page.wait_for_url(f"**/{CHAPTER_ROWS}#*")
    row = page.locator("table.ledger tr:target")
    assert row.count() == 1 and row.is_visible()
    row.locator(".ledger-title > a").click()
    page.wait_for_url(f"**/{CHAPTER}#*")
    assert page.evaluate("document.querySelector(':target').id") == identifier


@pytest.mark.parametrize("source", ["http", "file"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_to_a_row_leads_there_also_from_when_all_stood_on_one_page(
    page, site, site_url, ledger, width, source
):
    """The rows around it are laid out when they come near the window, and must not push it away."""
    base = site_url if source == "http" else f"{site.as_uri()}/"
    page.set_viewport_size({"width": width, "height": 740})
    claims = [
        claim["row"] for claim in ledger["claims"] if claim["page"] == "book/inference/amortised_inference"
    ]
    row = claims[len(claims) // 2]
    page.goto(f"{base}{LEDGER}#{row}")
    page.wait_for_url(f"{base}{ROWS}book-inference-amortised_inference.html#{row}")
    page.wait_for_function(
        """() => {
            const row = document.querySelector("tr:target.is-arrived");
            return row && row.getBoundingClientRect().top >= 0 && row.getBoundingClientRect().bottom <= innerHeight;
        }"""
    )


def test_each_row_has_its_link_to_copy(page, site_url, rows):
    page.goto(site_url + CHAPTER_ROWS)
    links = page.locator("table.ledger tbody tr .copy-link")
    page.wait_for_selector("table.ledger tbody tr .copy-link", state="attached")
    assert links.evaluate_all("all => all.map(({ dataset }) => dataset.copyLink)") == rows[NAME]


def test_a_formula_that_scrolls_takes_the_focus_when_its_row_comes_near(page, site_url):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site_url}{ROWS}book-inference-importance_weighting.html")
    page.locator("table.ledger tbody tr").last.scroll_into_view_if_needed()
    page.wait_for_function(
        """() => [...document.querySelectorAll(".ledger-formula")]
            .filter((box) => box.checkVisibility({ contentVisibilityAuto: true }))
            .every((box) => (box.scrollWidth > box.clientWidth + 1) === (box.tabIndex === 0))"""
    )


def test_without_scripts_the_chapters_lead_to_all_rows(chromium, site_url, rows):
    context = chromium.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(site_url + LEDGER)
    assert not view.locator(".ledger-find").is_visible()
    view.locator(f'.ledger-chapters tbody a[href$="{CHAPTER_ROWS.rpartition("/")[2]}"]').click()
    view.wait_for_url(f"**/{CHAPTER_ROWS}")
    assert view.locator("table.ledger tbody tr:visible").count() == len(rows[NAME]) > 50
    context.close()


def test_paper_has_the_chapters_and_no_search(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".ledger-chapters").is_visible()
    assert page.locator(".ledger-find :visible").count() == 0


def test_a_formula_too_long_to_read_is_in_the_data_alone(site, ledger):
    long = [claim["row"] for claim in ledger["claims"] if len(claim["latex"]) > 400]
    told = []
    for name in dict.fromkeys(row.partition("--")[0] for row in long):
        rows = (site / f"{ROWS}{name}.html").read_text(encoding="utf-8").split("<tr id=")[1:]
        told += [row.split('"')[1] for row in rows if "too long for this table; the data hold it" in row]
    assert told == long != []
