"""Known mistakes in the built book: each in its chapter and in the appendix, with numbers, no name to read."""

import ast
import json
import re
from html.parser import HTMLParser

import jupytext
import pytest

APPENDIX = "book/appendix/mistakes.html"
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


def test_the_list_has_every_mistake_once(site, mistakes):
    html = (site / APPENDIX).read_text(encoding="utf-8")
    listed = re.findall(r'<article[^>]* class="mistake-entry" id="mistake-([^"]*)"', html)
    assert listed == [entry["place"] for entry in mistakes]
    assert len(set(listed)) == len(listed) >= 5


def test_each_shows_what_is_claimed_what_is_right_and_both_numbers(page, mistakes):
    for entry in mistakes:
        article = page.locator(f"#mistake-{entry['place']}")
        numbers = article.locator("dd").last
        # what is far from the window has no inner text
        right, printed = (numbers.locator(f".mistake-{name}").text_content() for name in ("right", "printed"))
        assert (right, printed) == (entry["right"].replace("-", "−"), entry["printed"].replace("-", "−"))
        assert article.locator("h3").text_content().strip()
        assert article.locator("dt").all_text_contents()[-2:] == ["Right", "Number"]
        assert article.locator(".katex-error").count() == 0
    refuted = page.locator(".mistake-formula .katex")
    assert refuted.count() >= 4


def test_every_entry_leads_to_its_chapter_and_back(site, mistakes):
    listed = (site / APPENDIX).read_text(encoding="utf-8")
    chapters = {
        page: (site / f"{page}.html").read_text(encoding="utf-8") for page in {m["page"] for m in mistakes}
    }
    for entry in mistakes:
        identifier = f"mistake-{entry['place']}"
        assert f'href="../{entry["page"].removeprefix("book/")}.html#{identifier}"' in listed
        assert f'href="../appendix/mistakes.html#{identifier}"' in chapters[entry["page"]]


def test_from_the_list_to_the_chapter_and_back(page, mistakes, site_url):
    """By the mouse, for the last mistake of each chapter."""
    for entry in {entry["page"]: entry for entry in mistakes}.values():
        page.goto(site_url + APPENDIX)
        identifier = f"mistake-{entry['place']}"
        page.locator(f"#{identifier} h3 a").click()
        page.wait_for_url(f"**/{entry['page']}.html#{identifier}")
        # the section's heading is in sight, not only the box at its end
        heading = page.locator(f"section:has(> #{identifier}) > :is(h2, h3)")
        assert 0 <= heading.bounding_box()["y"] < 450
        page.locator(f'[data-erratum="{entry["erratum"]}"] .mistake-link a').click()
        page.wait_for_url(f"**/{APPENDIX}#{identifier}")
        assert page.evaluate("document.querySelector(':target').dataset.erratum") == entry["erratum"]


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
