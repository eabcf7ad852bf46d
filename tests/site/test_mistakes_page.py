"""Known mistakes in the built book: each in its chapter, in the appendix's list, and with numbers on a page below."""

import ast
import gzip
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import jupytext
import pytest

APPENDIX = "book/appendix/mistakes.html"
ENTRIES = "book/appendix/mistakes/"
NAME = re.compile(r"E(?!999)\d{3}-\d+")  # E999 stands in examples of the package's pages, and for no sheet


@pytest.fixture(scope="module")
def mistakes(site) -> list[dict]:
    claims = json.loads((site / "ledger.json").read_text(encoding="utf-8"))["claims"]
    return [claim for claim in claims if claim["quantity"]]


class Text(HTMLParser):
    """What a reader of the page can see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen, self.hidden = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.seen.append(data)


@pytest.fixture
def page(chromium, site_url):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    view = context.new_page()
    view.goto(site_url + APPENDIX)
    yield view
    context.close()


def page_of(entry: dict) -> str:
    """The page with the entries of a mistake's chapter."""
    return f"{ENTRIES}{entry['page'].replace('/', '-')}.html"


def test_the_list_and_the_pages_have_every_mistake_once(site, mistakes):
    wanted = [entry["place"] for entry in mistakes]
    assert len(set(wanted)) == len(wanted) > 50
    html = (site / APPENDIX).read_text(encoding="utf-8")
    assert re.findall(r'<li id="mistake-([^"]*)"', html) == wanted
    pages = list(dict.fromkeys(map(page_of, mistakes)))
    entries = [
        name
        for page in pages
        for name in re.findall(
            r'<article[^>]* class="mistake-entry" id="mistake-([^"]*)"', (site / page).read_text("utf-8")
        )
    ]
    assert entries == wanted
    assert {f"{ENTRIES}{path.name}" for path in (site / ENTRIES).iterdir()} == set(pages)


def test_the_list_tells_kinds_and_their_numbers(page, mistakes):
    named = page.locator(".mistakes li .mistake-kind").all_inner_texts()
    assert named == [entry["fault"] for entry in mistakes]
    counts = Counter(named)
    cards = page.locator(".counts li")
    assert [int(text) for text in cards.locator("strong").all_inner_texts()] == [
        counts[fault] for fault in ("error", "missing", "notation", "misprint")
    ]
    of_chapters = Counter(entry["page"] for entry in mistakes)
    told = page.locator(".mistakes > p").all_inner_texts()
    assert told == [f"{number} mistakes in full" for number in of_chapters.values()]


@pytest.mark.parametrize("width", [360, 1280])
def test_an_old_address_of_an_entry_leads_to_its_item(page, site_url, mistakes, width):
    """Once all entries stood on this page."""
    page.set_viewport_size({"width": width, "height": 740})
    identifier = f"mistake-{mistakes[len(mistakes) // 2]['place']}"
    page.goto("about:blank")
    page.goto(f"{site_url}{APPENDIX}#{identifier}")
    page.wait_for_function(
        """(id) => {
            const item = document.querySelector("li:target.is-arrived");
            const { top, bottom } = item?.getBoundingClientRect() ?? {};
            return item?.id === id && top >= 0 && bottom <= innerHeight;
        }""",
        arg=identifier,
    )


def test_each_shows_what_is_claimed_what_is_right_and_both_numbers(page, site_url, mistakes):
    refuted = 0
    for address in dict.fromkeys(map(page_of, mistakes)):
        page.goto(site_url + address)
        for entry in mistakes:
            if page_of(entry) != address:
                continue
            article = page.locator(f"#mistake-{entry['place']}")
            numbers = article.locator("dd").last
            # what is far from the window has no inner text
            right, printed = (
                numbers.locator(f".mistake-{name}").text_content() for name in ("right", "printed")
            )
            assert (right, printed) == (
                entry["right"].replace("-", "−"),
                entry["printed"].replace("-", "−"),
            )
            assert article.locator("h2").text_content().strip()
            assert article.locator("dt").all_text_contents()[-2:] == ["Right", "Number"]
            assert article.locator(".katex-error").count() == 0
        refuted += page.locator(".mistake-formula .katex").count()
    assert refuted > 50


def test_every_item_and_every_box_leads_to_its_entry_and_the_entry_back(site, mistakes):
    texts = {
        name: (site / name).read_text(encoding="utf-8")
        for entry in mistakes
        for name in (APPENDIX, page_of(entry), f"{entry['page']}.html")
    }
    for entry in mistakes:
        identifier = f"mistake-{entry['place']}"
        chapter, page = entry["page"].removeprefix("book/"), page_of(entry).removeprefix("book/appendix/")
        assert f'href="{page}#{identifier}"' in texts[APPENDIX]
        assert f'href="../appendix/{page}#{identifier}"' in texts[f"{entry['page']}.html"]
        article = texts[page_of(entry)].partition(f'id="{identifier}"')[2].partition("</article>")[0]
        assert f'href="../../{chapter}.html#{identifier}"' in article
        assert f'href="../mistakes.html#{identifier}"' in article


def test_from_the_list_to_the_entry_the_chapter_and_back(page, mistakes, site_url):
    """By the mouse, for the last mistake of each chapter."""
    for entry in {entry["page"]: entry for entry in mistakes}.values():
        page.goto(site_url + APPENDIX)
        identifier = f"mistake-{entry['place']}"
        page.locator(f"#{identifier} a").click()
        page.wait_for_url(f"**/{page_of(entry)}#{identifier}")
        page.locator(f"#{identifier}").get_by_role("link", name="In the chapter").click()
        page.wait_for_url(f"**/{entry['page']}.html#{identifier}")
        # the section's heading is in sight, not only the box at its end
        heading = page.locator(f"section:has(> #{identifier}) > :is(h2, h3)")
        assert 0 <= heading.bounding_box()["y"] < 450
        page.locator(f'[data-erratum="{entry["erratum"]}"] .mistake-link a').click()
        page.wait_for_url(f"**/{page_of(entry)}#{identifier}")
        assert page.evaluate("document.querySelector(':target').dataset.erratum") == entry["erratum"]
        page.locator(f"#{identifier}").get_by_role("link", name="All mistakes").click()
        page.wait_for_url(f"**/{APPENDIX}#{identifier}")
        assert page.locator("li:target").get_attribute("id") == identifier


def test_the_pages_are_linked_to_each_other_in_the_books_order(page, mistakes):
    way = ".mistakes > p > a"
    for address in dict.fromkeys(map(page_of, mistakes)):
        # With a key: what is laid out as it comes near may move a link from under the pointer.
        page.locator(way).first.press("Enter")
        page.wait_for_url(f"**/{address}")
        way = "a.right-next"
    assert page.locator("a.right-next").count() == 0
    page.locator(".bd-article > section > p").get_by_role("link", name="The list of all mistakes").click()
    page.wait_for_url(f"**/{APPENDIX}")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_finger_hits_each_link_of_the_list(page, width):
    """Asked of the page as it opens: in a list that is left out while it is far, they would lie upon each other."""
    page.set_viewport_size({"width": width, "height": 740})
    places = page.locator(".mistakes li > a").evaluate_all(
        "links => links.map((link) => link.getBoundingClientRect().toJSON())"
    )
    assert len(places) > 50 and all(min(place["width"], place["height"]) >= 24 for place in places)
    apart = [after["top"] - before["bottom"] for before, after in pairwise(places)]
    assert min(apart) >= 0


def test_the_pages_are_light(site, mistakes):
    for name in (APPENDIX, *dict.fromkeys(map(page_of, mistakes))):
        content = (site / name).read_bytes()
        assert len(content) <= 900_000, name
        assert len(gzip.compress(content)) <= 60_000, name


def test_the_row_in_the_ledger_leads_to_the_mistake(site, mistakes):
    for entry in mistakes:
        page = entry["page"]
        ledger = site / "book/appendix/ledger" / f"{page.replace('/', '-')}.html"
        address = f"../../{page.removeprefix('book/')}.html#mistake-{entry['place']}"
        assert f'href="{address}"' in ledger.read_text(encoding="utf-8")


def test_names_of_mistakes_are_nothing_to_read(site):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    assert len(pages) >= 4
    for path in pages:
        text = "".join(Text(path.read_text(encoding="utf-8")).seen)
        assert NAME.search(text) is None, path
    assert NAME.search("".join(Text('<p id="E000-1">E000-1</p>').seen))


def typed(source: str) -> list[str]:
    """The numbers in calls of `mistake` that somebody typed."""
    return [
        ast.unparse(keyword)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "mistake"
        for keyword in call.keywords
        if keyword.arg in ("printed", "right")
        and not any(isinstance(node, ast.Name) for node in ast.walk(keyword.value))
    ]


def test_no_number_is_typed(root):
    for path in (root / "book").rglob("*.md"):
        for cell in jupytext.read(path).cells:
            if cell.cell_type == "code":
                assert typed(cell.source) == [], path
    assert typed("mistake('E000-1', printed=-1, right=x + 1)") == ["printed=-1"]
