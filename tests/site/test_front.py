"""The first page, the way from page to page, reading times, and the page for addresses that are not there."""

import functools
import http.server
import re
import sys
import threading
from html import unescape
from pathlib import Path

import pytest

from helpers.symbols import CHAPTERS

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_extensions"
FIRST = "book/index.html"


@pytest.fixture
def extension(monkeypatch):
    """A module of the book's extensions."""
    monkeypatch.syspath_prepend(EXTENSIONS)
    yield __import__
    for name in (
        "plain_text",
        "finding",
        "reading_time",
        "social",
        "not_found",
        "ledger",
        "ledger_pages",
        "chapter_pages",
    ):
        sys.modules.pop(name, None)


@pytest.fixture
def book(tmp_path, monkeypatch, extension):
    """Build pages, given as name = text, with settings; return the output's folder."""
    apps = []

    def build(settings: dict, **pages: str) -> Path:
        from sphinx.testing.util import SphinxTestApp

        source = tmp_path / "source"
        source.mkdir()
        (source / "conf.py").touch()
        for name, text in pages.items():
            (source / f"{name}.md").write_text(text, encoding="utf-8")
        given = {
            "extensions": ["myst_parser", "reading_time", "social", "not_found"],
            "root_doc": "index",
            # Said, because Sphinx keeps what other extensions have added to its own in this process.
            "source_suffix": {".md": "markdown"},
            "html_title": "A Book",
            "myst_enable_extensions": ["dollarmath"],
        }
        app = SphinxTestApp("html", source, confoverrides=given | settings)
        apps.append(app)
        app.build(force_all=True)
        return Path(app.outdir)

    yield build
    for app in apps:
        app.cleanup()


# Plain text


@pytest.mark.parametrize(
    "words, plain",
    [
        (r"the rate $\eta$", "the rate η"),
        (r"$\det\Sigma = (\det S)^2$, so", "det Σ = (det S)^2, so"),
        (r"$\tfrac12$ of 100 %", "1/2 of 100 %"),
        (r"costs \$5, not $x_1$", "costs $5, not x_1"),
        (r"$D_{\mathrm{KL}}(q\,\|\,p)$", "D_KL(q ‖ p)"),
    ],
)
def test_formulas_become_plain_text(extension, words, plain):
    assert extension("plain_text").of_words(words) == plain


def test_html_becomes_plain_text(extension):
    of_html = extension("plain_text").of_html
    html = r'<style>.a {}</style><p>so <span class="tex">\(a &lt; \eta\)</span> holds</p>'
    assert of_html(html) == "so a < η holds"
    assert of_html(html, formulas=False) == "so holds"


# Reading time


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_says_how_long_it_takes(site, chapter):
    html = (site / f"book/{CHAPTERS[chapter].page}.html").read_text("utf-8")
    (line,) = re.findall(r'<p class="reading-time">(.*?)</p>', html)
    minutes, figures, exercises = map(
        int, re.fullmatch(r"About (\d+) minutes, (\d+) figures?, (\d+) exercises?", line).groups()
    )
    kinds = re.findall(r'<div class="dtr-figure"[^>]* data-widget="([^"]*)"', html)
    assert exercises == sum(kind in ("exercise", "find-the-flaw") for kind in kinds)
    assert figures == len(kinds) - exercises - kinds.count("exercise-progress")
    assert 5 <= minutes <= 60, "a chapter takes from 5 to 60 minutes to read"
    # Under the title, before anything else.
    assert re.search(r"</h1>\s*<p class=\"reading-time\">", html)


def test_time_grows_with_words_and_formulas(extension, book):
    exercise = '<div class="dtr-figure" id="a" data-widget="exercise" data-alt="" data-initial="{}"></div>'
    text = "word " * 476
    output = book(
        {"myst_enable_extensions": ["dollarmath"]},
        index=f"# A\n\n{text}\n\n{exercise}\n",
        formulas=f"---\norphan: true\n---\n# B\n\n{text} {'$x$ ' * 60}\n\n{exercise}\n",
        code=f"---\norphan: true\n---\n# C\n\n{text}\n\n```\n{text}\n```\n\n{exercise}\n",
        none=f"---\norphan: true\n---\n# D\n\n{text}\n",
    )
    times = {
        name: re.findall(r"About ([^<]*)", (output / f"{name}.html").read_text("utf-8"))
        for name in ("index", "formulas", "code", "none")
    }
    # The title is a word, too.
    assert times == {
        "index": ["3 minutes, 1 exercise"],
        "formulas": ["4 minutes, 1 exercise"],
        "code": ["3 minutes, 1 exercise"],
        "none": [],
    }


# Where a link is posted

TAG = re.compile(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"')
PAGES = {"index": '# Hello $\\eta$\n\nThe *first* paragraph, with $\\frac{a}{b}$ & "more".\n\nThe second.\n'}


def tags(output: Path, page: str = "index") -> dict[str, str]:
    html = (output / f"{page}.html").read_text("utf-8")
    return {name: unescape(content) for name, content in TAG.findall(html)}


def test_a_page_says_what_it_is_without_an_address(book):
    output = book({}, **PAGES)
    found = tags(output)
    said = "The first paragraph, with a/b & “more”."
    assert (found["description"], found["og:description"], found["og:title"]) == (said, said, "Hello η")
    assert found["og:site_name"] == "A Book"
    assert not {"og:url", "og:image", "twitter:card"} & set(found)
    assert 'rel="canonical"' not in (output / "index.html").read_text("utf-8")


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_page_says_where_it_is_once_the_address_is_known(book, slash):
    output = book({"html_baseurl": f"https://example.org/book{slash}"}, **PAGES)
    found = tags(output)
    assert found["og:url"] == "https://example.org/book/index.html"
    assert found["og:image"] == "https://example.org/book/_static/social-preview.png"
    assert found["twitter:card"] == "summary_large_image" and len(found["og:image:alt"]) > 50
    html = (output / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/book/index.html"' in html


def test_the_preview_has_the_size_that_it_says(site):
    png = (site / "_static/social-preview.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1200, 630)


def test_every_page_of_the_book_has_its_description(site):
    found = {}
    for path in (site / "book").rglob("*.html"):
        said = TAG.findall(path.read_text("utf-8"))
        description = [content for name, content in said if name == "description"]
        assert len(description) == 1 and 20 < len(description[0]) <= 260, path
        assert "\\" not in description[0] and not description[0].startswith("About "), description
        found[path] = description[0]
    assert len(set(found.values())) == len(found)


# From page to page


@pytest.mark.parametrize("width", [360, 1280])
def test_the_next_and_the_previous_chapter_are_named_at_the_end(pages, site_url, width):
    page = pages.open(f"{site_url}book/networks/autoregressive_model.html", width=width)
    titles = []
    for kind, goal in (("prev", "masked_convolution"), ("next", "initialization")):
        link = page.locator(f"a[rel={kind}], a.{'left-prev' if kind == 'prev' else 'right-next'}").last
        assert link.get_attribute("href").endswith(f"{goal}.html")
        link.focus()
        box = link.bounding_box()
        assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width
        titles.append(link.inner_text())
    assert "Masked convolutions" in titles[0] and "Signals at initialisation" in titles[1]
    page.keyboard.press("Enter")
    page.wait_for_url("**/initialization.html")
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_page_begins_with_questions(pages, site_url, width):
    page = pages.open(site_url + FIRST, width=width)
    cards = page.locator(".questions > li")
    assert cards.count() >= 10
    for card in cards.all():
        assert card.locator("a").inner_text().endswith("?")
        assert card.inner_text().count("\n") >= 1, "no answer"
    # A press anywhere on the card leads on.
    card = page.locator(".questions > li", has_text="checkerboards")
    box = card.bounding_box()
    card.click(position={"x": box["width"] - 8, "y": box["height"] - 8})
    page.wait_for_url("**/convolution.html#checkerboards")
    page.close()


def test_the_first_page_names_every_chapter(site):
    html = (site / FIRST).read_text("utf-8")
    article = html[html.index('id="the-chapters"') :]
    for chapter in CHAPTERS.values():
        assert f'href="{chapter.page}.html"' in article


# Addresses that are not there


@pytest.fixture(scope="module")
def host(site):
    """A host that shows 404.html for what is not there, as GitHub Pages does; at its root and below /a/repo/."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/a/repo"))

        def send_head(self):
            below = self.path.startswith("/a/repo/")
            inside = Path(self.translate_path(self.path)).exists()
            if inside and (below or self.server.at_root):
                return super().send_head()
            body = (site / "404.html").read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)
            return None

        def log_message(self, *arguments) -> None:
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=site)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("base", ["/", "/a/repo/"])
@pytest.mark.parametrize(
    "wrong", ["book/networks/masked_convolutions.html", "masked-convolution", "x/y/z/masked_convolution/"]
)
def test_a_wrong_address_leads_back_into_the_book(chromium, host, base, wrong):
    host.at_root = base == "/"
    root = f"http://127.0.0.1:{host.server_port}{base}"
    page = chromium.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    assert page.goto(root + wrong).status == 404
    page.wait_for_function("root => document.querySelector('form').action === `${root}search.html`", arg=root)
    words = page.evaluate("document.querySelector('input[name=q]').value")
    assert re.fullmatch("masked convolutions?", words)
    closest = page.locator("#closest a")
    assert closest.inner_text().startswith("Masked convolutions")
    assert closest.evaluate("link => link.href") == f"{root}book/networks/masked_convolution.html"
    assert page.locator("main h1").inner_text() == "There is no such page"
    links = page.locator("li a").evaluate_all("links => links.map((link) => link.href)")
    assert {f"{root}book/{chapter.page}.html" for chapter in CHAPTERS.values()} <= set(links)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 30)"
    assert all(address.startswith(f"http://127.0.0.1:{host.server_port}/") for address in requested)
    page.get_by_role("button", name="Search").click()
    page.wait_for_selector("ul.search > li")
    assert page.url.startswith(f"{root}search.html?q=")
    page.close()


def test_an_address_like_no_other_gets_no_guess(chromium, host):
    host.at_root = True
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{host.server_port}/%3Cb%3Eqqq%E0%A4%A")
    assert page.locator("#closest").is_hidden()
    assert page.locator("#address b").count() == 0 and "qqq" in page.locator("#address").inner_text()
    page.close()


def test_with_a_known_address_the_links_are_whole_without_a_script(book):
    output = book({"html_baseurl": "https://example.org/a/repo"}, **PAGES)
    html = (output / "404.html").read_text("utf-8")
    assert 'data-root="/a/repo/"' in html and 'href="/a/repo/index.html"' in html
    assert 'action="/a/repo/search.html"' in html
