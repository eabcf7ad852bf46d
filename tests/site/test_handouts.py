"""Slides and exercises on paper (`make slides`, `make exercises`), and the page for teachers."""

import json
import re
from html import unescape
from itertools import pairwise

import handouts
import pytest
import sympy as sp
from bs4 import BeautifulSoup

from helpers.proof import Derivation
from helpers.proof.derivation_html import to_html
from helpers.symbols import CHAPTERS
from helpers.widgets.exercises.hidden import rotated

from .answers import chapters

pytestmark = pytest.mark.xdist_group("handouts")  # they share what is written once

x = sp.Symbol("x", real=True)
ANSWERS = chapters()
PAGE = "book/teaching.html"


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def chain(steps: int) -> Derivation:
    """x + 1 + … + 1, which grows a term a line."""
    made = Derivation("Growing", lambda: sp.Add(x, x, evaluate=False))
    for number in range(1, steps + 1):
        made = made.equals(sp.Add(2 * x, number, -number, evaluate=False), f"reason {number}")
    return made


# Slides


def test_a_derivation_of_a_page_becomes_its_compact_form():
    made = chain(3)
    page = soup(to_html(made)).select_one("figure")
    compact = soup(to_html(made.compact())).select_one("figure")
    for line in compact.select(".derivation-line"):
        del line["id"]
    assert str(handouts.compacted(page)) == str(compact)


@pytest.mark.parametrize(("steps", "sizes"), [(1, [1]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])])
def test_a_long_derivation_goes_on_where_the_slide_before_it_ended(steps, sizes):
    figure = handouts.compacted(soup(to_html(chain(steps))).select_one("figure"))
    formulas = [str(formula) for formula in figure.select(".derivation-formula")]
    groups = handouts.groups(figure)
    assert [len(group.select(".derivation-mark")) for group in groups] == sizes
    shown = [[str(formula) for formula in group.select(".derivation-formula")] for group in groups]
    assert all(after[0] == before[-1] for before, after in pairwise(shown))
    assert shown[0] + [line for group in shown[1:] for line in group[1:]] == formulas
    for group in groups:
        assert len(group.select(".derivation-start")) == 1
        assert group.select_one(".derivation-start .derivation-relation") is None


@pytest.fixture(scope="module")
def deck(site, tmp_path_factory):
    return handouts.write_slides("games/index", site=site, out=tmp_path_factory.mktemp("slides"))


@pytest.fixture(scope="module")
def slides(chromium, deck):
    """The open slides; whatever they ask for besides their own file, and errors, fail the last test."""
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.goto(deck.as_uri())
    yield page
    asked = [url for url in asked if not url.startswith(("data:", "file:"))] + [
        url for url in asked if url.startswith("file:") and url.partition("#")[0] != deck.as_uri()
    ]
    page.close()
    assert (asked, wrong) == ([], [])


def now(page) -> int:
    visible = page.locator(".slide.now")
    assert visible.count() == 1 and visible.is_visible()
    return int(visible.get_attribute("id"))


def test_keys_turn_the_slides(slides):
    total = slides.locator(".slide").count()
    assert now(slides) == 1 and total > 20
    for key, place in [
        ("ArrowRight", 2),
        ("PageDown", 3),
        (" ", 4),
        ("ArrowLeft", 3),
        ("PageUp", 2),
        ("End", total),
        ("ArrowRight", total),
        ("Home", 1),
        ("ArrowLeft", 1),
    ]:
        slides.keyboard.press(key)
        assert now(slides) == place, key
    assert slides.url.endswith("#1")
    slides.get_by_role("button", name="Next slide").click()
    assert now(slides) == 2 and slides.locator("output", has_text=f"2 of {total}").is_visible()
    slides.evaluate("document.activeElement.blur()")


def test_figures_are_alive_and_keep_the_keys_of_their_controls(slides):
    slides.evaluate("location.hash = '#2'")
    slides.wait_for_function("document.querySelector('.slide.now [data-widget]')?.dataset.state")
    figure = slides.locator(".slide.now [data-widget]")
    rate = json.loads(figure.get_attribute("data-state"))["learning_rate"]
    slider = figure.locator("[data-trait=learning_rate]")
    slider.focus()
    slides.keyboard.press("ArrowRight")
    slides.wait_for_function(
        """(before) => {
            const { state } = document.querySelector(".slide.now [data-widget]").dataset;
            return JSON.parse(state).learning_rate > before;
        }""",
        arg=rate,
    )
    assert now(slides) == 2
    slides.keyboard.press("PageDown")  # a presenter's remote
    assert now(slides) == 3
    slides.evaluate("document.activeElement.blur()")


def test_a_figure_fits_its_slide(slides):
    slides.evaluate("location.hash = '#2'")
    slides.wait_for_function(
        """() => {
            const slide = document.querySelector('.slide.now');
            const fits = slide.scrollHeight <= slide.clientHeight + 1;
            return slide.id === '2' && slide.querySelector('[data-state]') && fits;
        }"""
    )


def test_notes_are_shown_when_asked_for(slides):
    slides.evaluate("location.hash = '#4'")
    slides.wait_for_function("document.querySelector('.slide.now').id === '4'")
    notes = slides.locator(".slide.now .notes")
    assert not notes.is_visible()
    slides.keyboard.press("n")
    assert notes.is_visible() and len(notes.inner_text()) > 100
    slides.keyboard.press("n")
    assert not notes.is_visible()


def test_slides_hold_every_derivation_of_the_text_and_no_exercise(site, deck):
    html = deck.read_text("utf-8")
    made = soup(html)
    article = soup((site / "book/games/index.html").read_text("utf-8")).select_one("article")
    titles = [
        title.get_text()
        for title in article.select("figure.derivation > .derivation-title")
        if not title.find_parents(id="exercises")
    ]
    told = [title.get_text() for title in made.select("figure.derivation > .derivation-title")]
    assert len(titles) > 10 and list(dict.fromkeys(told)) == titles
    assert made.select("figure.derivation:not(.derivation-compact):has(ol)") == []
    assert made.select(".derivation-reason, [data-topic=exercises], a[href]:not([href^=http])") == []
    ids = [element["id"] for element in made.select(".slide [id]") if not element.find_parent("svg")]
    assert [name for name in ids if name.startswith(("claim-", "step-"))] == []
    headings = [heading.get_text() for heading in made.select(".slide > :first-child")]
    assert headings[0] == article.select_one("h1").get_text().rstrip("#")
    assert "Exercises" not in headings and "Further reading" not in headings


def test_other_chapters_have_slides(site, tmp_path):
    for chapter in ("inference/gradients", "invertible_maps/learned_density"):
        made = soup(handouts.write_slides(chapter, site=site, out=tmp_path).read_text("utf-8"))
        assert len(made.select(".slide")) > 10, chapter
        assert all(slide.select_one(":scope > h1, :scope > h2") for slide in made.select(".slide")), chapter


# Exercises


@pytest.fixture(scope="module")
def sheets(site, tmp_path_factory):
    """The text of the exercises' sheet, and for both sheets what stands below each chapter's title."""
    paths = handouts.write_exercises(site=site, out=tmp_path_factory.mktemp("exercises"))
    texts = [path.read_text("utf-8") for path in paths]
    return texts[0], *map(parts, texts)


def parts(sheet: str) -> dict[str, str]:
    """Chapter's title → what stands below it."""
    main = soup(sheet).select_one("main")
    found: dict[str, str] = {}
    for part in main.find_all(["h2", "section"], recursive=False):
        if part.name == "h2":
            found[title := part.get_text()] = ""
        else:
            found[title] += str(part)
    return found


def hidden_of(html: str) -> tuple[list[dict], list[str]]:
    """What a page's exercises hold, and all that is hidden in them, as it is shown."""
    contents, hidden = [], []
    for initial in re.findall(r'data-widget="(?:exercise|find-the-flaw)"[^>]*data-initial="([^"]*)"', html):
        held = json.loads(unescape(initial))
        content = held["content"]
        contents.append(content)
        rotations = [
            *content.get("hints", []),
            content.get("solution"),
            content.get("hidden"),
            held.get("checks"),
        ]
        hidden += [rotated(text) for text in rotations if text]
    return contents, hidden


@pytest.mark.parametrize("name", ANSWERS)
def test_the_sheet_has_each_exercise_and_gives_nothing_away(site, sheets, name):
    chapter = ANSWERS[name]
    sheet, tasks, solutions = sheets
    html = (site / chapter.page).read_text("utf-8")
    title = re.search(r"<h1>(.*?)<a class=\"headerlink\"", html)[1]
    title = soup(title).get_text()
    told = tasks[title]
    contents, hidden = hidden_of(html)
    assert told.count("<h3>") == solutions[title].count("<h3>") == len(contents) == len(chapter.names)
    # Nothing of the page's script, hidden or not.
    assert "data-" not in told and "<noscript" not in told and "<script" not in sheet
    words = soup(told).get_text()
    for text in hidden:
        assert rotated(text) not in sheet
        sentences = re.findall(r"[A-Z][^.<>\\{}\"]{30,}\.", text)
        assert [sentence for sentence in sentences if sentence in words] == []
    for form in chapter.giveaways:
        assert not re.search(rf"(?<![\w.]){re.escape(form)}(?![\w.])", told), form


def test_the_solutions_are_typeset_whole(chromium, site, tmp_path):
    """Each exercise has its own, and the formulas in them are formulas."""
    tasks, solutions = handouts.write_exercises("games/index", site=site, out=tmp_path)
    assert tasks.name == "games-index-exercises.html" and solutions.name == "games-index-solutions.html"
    page = chromium.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(solutions.as_uri())
    assert "Step 3. This step is false" in page.locator("main").inner_text()
    assert page.locator(".tex").count() == page.locator(".tex .katex").count() > 20
    assert page.locator(".katex-error").count() == 0 and wrong == []
    assert page.locator("main > section").count() == len(ANSWERS["games"].names)
    page.close()


@pytest.mark.parametrize("what", [handouts.write_slides, handouts.write_exercises])
def test_a_chapter_that_is_none_is_refused(site, tmp_path, what):
    with pytest.raises(
        handouts.HandoutError, match=r"CHAPTER: expected one of invertible_maps/tools, .*, got 'game'"
    ):
        what("game", site=site, out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


# The page for teachers


def test_the_plan_has_every_chapter_once_with_what_its_page_tells(site):
    rows = soup((site / PAGE).read_text("utf-8")).select("table.course-plan tbody tr")
    planned = {}
    weeks = []
    for row in rows:
        week, chapter = row.select("td")
        weeks.append(week.get_text().strip())
        planned[chapter.a["href"].removesuffix(".html")] = chapter.select_one(".reading-time").get_text()
    assert len(rows) == len(planned) == len(CHAPTERS)
    numbers = [int(week) for week in weeks if week]
    assert numbers == list(range(1, len(numbers) + 1)) and weeks[0] == "1"
    for chapter in CHAPTERS.values():
        html = (site / f"book/{chapter.page}.html").read_text("utf-8")
        assert planned[chapter.page] == re.search(r'<p class="reading-time">(.*?)</p>', html)[1], chapter.page


def test_the_plan_keeps_the_order_in_which_chapters_need_each_other(site):
    """A week's chapter asks for nothing that comes later: its “You need” links backwards."""
    plan = [
        link["href"] for link in soup((site / PAGE).read_text("utf-8")).select("table.course-plan tbody a")
    ]
    for place, name in enumerate(plan):
        html = (site / "book" / name).read_text("utf-8")
        tip = html[html.index('<div class="tip admonition">') :].partition("</div>")[0]
        for link in re.findall(r'href="([^"]*)"', tip):
            target = (site / "book" / name).parent.joinpath(link.partition("#")[0]).resolve()
            later = [each for each in plan[place + 1 :] if (site / "book" / each).resolve() == target]
            assert later == [], name


def test_the_page_offers_the_wheel_that_the_site_serves(site):
    article = soup((site / PAGE).read_text("utf-8")).select_one("article")
    (wheel,) = {link["href"] for link in article.select("a[href$='.whl']")}
    assert ((site / PAGE).parent / wheel).resolve().is_file()
    assert f'pip install "./{wheel.rpartition("/")[2]}' in article.get_text()


def test_without_a_repository_the_page_has_no_dead_link(site):
    article = soup((site / PAGE).read_text("utf-8")).select_one("article")
    assert "git-pull" not in str(article) and "repository: url" in article.get_text()
