"""The book on paper: the states that each figure has chosen, a chapter that is printed, and the PDF of `make pdf`."""

import io
import json
import re
import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import pytest
from in_page import TWO_FRAMES
from PIL import Image

from helpers import widgets
from helpers.widgets.base import Figure

EXERCISES = {"Exercise", "FindTheFlaw", "Progress"}
CLASSES = [getattr(widgets, name) for name in sorted(set(widgets._TOPICS) - EXERCISES)]

WIDTH = 643  # pixels of the paper's text: 170 mm
PAGES = [
    ("book/games/training_methods.html", "light"),  # linked figures, and the longest derivations
    ("book/invertible_maps/invertible_convolution.html", "dark"),  # wide matrices
    ("book/networks/autoregressive_model.html", "light"),  # a picture that is no plot
]

# --- the chosen states --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", CLASSES, ids=lambda figure: figure.__name__)
def test_each_figure_says_which_states_stand_for_it(figure):
    states = figure.printed_states()
    assert 2 <= len(states) <= 4
    assert len({label for label, _ in states}) == len({str(changes) for _, changes in states}) == len(states)
    for label, changes in states:
        assert re.search(r"\w", label)
        told = {float(number) for number in re.findall(r"(?<![\w_])-?\d+(?:\.\d+)?", label)}
        values = [v for value in changes.values() for v in (value if isinstance(value, tuple) else (value,))]
        assert told <= {value for value in values if isinstance(value, int | float)}, label


def test_the_page_gets_the_chosen_states():
    assert "data-printed=" in widgets.PhasePlane().to_html()
    assert "data-printed=" not in widgets.Progress().to_html()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rate": 1.0}, "got rate, expected among"),
        ({"learning_rate": 9.0}, "learning_rate: got 9.0, expected"),
    ],
)
def test_a_state_that_cannot_be_is_refused(changes, told):
    class Wrong(widgets.PhasePlane):
        printed = (("a label", changes),)

    with pytest.raises(ValueError, match=told):
        Wrong().to_html()


def test_an_exercise_has_no_states():
    assert Figure.printed == ()


# --- a chapter as it is printed -----------------------------------------------------------------------------------

BEGIN = "dispatchEvent(new Event('beforeprint'))"
END = "dispatchEvent(new Event('afterprint'))"
# The chapter, and what is set on the root; around it the theme's own scripts come and go. What scrolls takes
# the focus (book.js), hence not on paper, and again a frame later.
# But for the theme's marks on boxes that scroll, which follow the width a while later.
DOCUMENT = """[
    document.documentElement.className,
    document.documentElement.dataset.theme,
    document.querySelector("article").outerHTML.replaceAll(/ tabindex="(0|-1)"/g, ""),
]"""

VISIBLE_CONTROLS = """[...document.querySelectorAll("input, select, textarea, button")]
    .filter((control) => control.getClientRects().length > 0)
    .filter((control) => !control.matches(".mark, .dtr-step, .dtr-pixel"))
    .map((control) => control.outerHTML.slice(0, 120))"""

# Boxes that hide a part of what they hold, but for those that are there to hide it.
CUT = """[...document.querySelectorAll("article *")]
    .filter((box) => box.clientWidth > 1 && box.scrollWidth > box.clientWidth + 1)
    .filter((box) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(box).overflowX))
    .filter((box) => !box.closest(".katex, svg, span.math"))
    .map((box) => box.outerHTML.slice(0, 120))"""

# A formula is one row of boxes, each of which must end inside its column.
OUTSIDE = """[...document.querySelectorAll("article .base")]
    .filter((part) => part.getBoundingClientRect().width > 0)
    .filter((part) => {
        const column = part.closest(".dtr-printed-state, td, .derivation-formula, article").getBoundingClientRect();
        const { left, right } = part.getBoundingClientRect();
        return left < column.left - 2 || right > column.right + 2;
    })
    .map((part) => part.textContent)"""

# What is drawn, but for what is another's in each picture: its identifiers.
DRAWN = """(pictures) => pictures.map(({ innerHTML }) =>
    innerHTML.replaceAll(/(id|for|clip-path|aria-[a-z]+)="[^"]*"/g, ""))"""

PICTURES = (
    "[...document.querySelectorAll('.dtr-printed')].map((row) => row.querySelectorAll('.dtr-figure').length)"
)


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page[0])
def paper(request, chromium, pages, site_url):
    """A chapter while it is printed, as wide as its paper; and its document before and afterwards."""
    address, theme = request.param
    page = pages.open(site_url + address, width=WIDTH, color_scheme=theme)
    page.wait_for_load_state("load")
    page.wait_for_function("document.fonts.status === 'loaded'")
    page.evaluate(TWO_FRAMES)
    before = page.evaluate(DOCUMENT)
    page.evaluate(BEGIN)
    page.emulate_media(media="print")
    yield SimpleNamespace(page=page, before=before)
    page.close()


def test_afterwards_all_is_as_before_and_alive(paper):
    page = paper.page
    page.emulate_media(media="screen")
    page.evaluate(END)
    try:
        page.evaluate(TWO_FRAMES)
        assert page.evaluate(DOCUMENT) == paper.before
        figure = page.locator("[data-widget][data-printed]").first
        before = figure.get_attribute("data-state")
        choice = figure.locator("select:visible").first
        choice.select_option(index=0 if choice.evaluate("it => it.selectedIndex") else 1)
        page.evaluate(TWO_FRAMES)
        assert figure.get_attribute("data-state") != before
    finally:
        page.evaluate(BEGIN)
        page.emulate_media(media="print")


def test_each_figure_is_a_row_of_its_states(paper):
    wanted = paper.page.evaluate(
        "[...document.querySelectorAll('[data-printed]')].map(({ dataset }) => JSON.parse(dataset.printed).length)"
    )
    assert len(wanted) > 0
    assert paper.page.evaluate(PICTURES) == wanted
    assert paper.page.locator("[data-widget][data-printed]:visible").count() == 0
    for row in paper.page.locator(".dtr-printed").all():
        states = row.locator(".dtr-figure").evaluate_all("(all) => all.map(({ dataset }) => dataset.state)")
        assert len(set(states)) == len(states)
        assert len(set(row.locator(".dtr-printed-label").all_inner_texts())) == len(states)


def test_no_picture_is_blank_and_no_two_are_the_same(paper):
    for row in paper.page.locator(".dtr-printed").all():
        for state in row.locator(".dtr-printed-state .dtr-figure").all():
            picture = Image.open(io.BytesIO(state.screenshot())).convert("L")
            ink = sum(picture.histogram()[:200]) / (picture.width * picture.height)
            assert ink > 0.005, row.get_attribute("data-figure")
            plot = state.locator("svg.dtr-plot").first
            assert plot.evaluate(
                """(plot) => [...plot.querySelectorAll("path, rect, circle, line")].some((shape) => {
                    const { width, height } = shape.getBoundingClientRect();
                    return width + height > 0 && !shape.closest(".dtr-axis, clipPath");
                })"""
            )
        drawn = row.locator(".dtr-printed-state .dtr-figure").evaluate_all(DRAWN)
        assert len(set(drawn)) == len(drawn)


def test_nothing_is_cut_at_the_edge(paper):
    assert paper.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert paper.page.evaluate(CUT) == []
    assert paper.page.evaluate(OUTSIDE) == []


def test_what_works_on_a_screen_only_is_not_printed(paper):
    assert paper.page.evaluate(VISIBLE_CONTROLS) == []
    for name in (
        "header",
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        ".prev-next-footer",
        ".headerlink",
    ):
        assert paper.page.locator(f"{name}:visible").count() == 0, name
    assert paper.page.locator("article h1:visible").count() == 1


def test_paper_is_light(paper):
    assert (
        paper.page.evaluate("getComputedStyle(document.querySelector('article p:not([class])')).color")
        == "rgb(31, 35, 40)"
    )
    assert (
        paper.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_a_step_says_how_it_was_checked(paper):
    told = paper.page.locator(".derivation-how-printed:visible").all_inner_texts()
    assert len(told) == 0 if paper.page.locator(".derivation-mark").count() == 0 else len(told) > 5
    assert all(0 < len(words) <= 90 for words in told)


# --- the whole book in one file -----------------------------------------------------------------------------------

SMALL = ["book/networks/autoregressive_model", "book/appendix/references"]


def make_pdf(root, *arguments, **options):
    command = [sys.executable, str(root / "tools" / "pdf.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def pdf(root, site, chromium, tmp_path_factory):
    """A book of two chapters: the reader of its file, and the text of each page."""
    from pypdf import PdfReader

    out = tmp_path_factory.mktemp("pdf") / "book.pdf"
    done = make_pdf(root, "--out", out, "--only", *SMALL)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["book.pdf"]
    reader = PdfReader(out)
    # Ligatures are taken apart, as in a search.
    texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages]
    return SimpleNamespace(reader=reader, texts=[re.sub(r"\s+", " ", text) for text in texts], lines=texts)


def bookmarks(reader, items=None, depth=0):
    """(depth, title, index of its page)."""
    for item in reader.outline if items is None else items:
        if isinstance(item, list):
            yield from bookmarks(reader, item, depth + 1)
        else:
            yield depth, item.title, reader.get_destination_page_number(item)


def test_the_pdf_leads_to_its_chapters(pdf):
    found = list(bookmarks(pdf.reader))
    chapters = [(title, page) for depth, title, page in found if depth == 1]
    assert [title for depth, title, _ in found if depth == 0] == ["Networks", "Appendices"]
    assert [title for title, _ in chapters] == ["A model that draws pixel by pixel", "References"]
    assert len([title for depth, title, _ in found if depth == 2]) > 5
    for depth, title, page in found:
        assert depth == 0 or title.split("$")[0].split()[0] in pdf.texts[page]
    for title, page in chapters:
        label = pdf.reader.page_labels[page]
        assert pdf.texts[page].count(title) == 2, "the title, and the running title"
        assert re.search(rf"{title} ?{label}\b", pdf.texts[2]), "its line in the contents"


def test_the_pages_of_the_pdf_are_numbered(pdf):
    first = next(page for depth, _, page in bookmarks(pdf.reader) if depth == 1)
    labels = pdf.reader.page_labels
    assert labels == ["i", "ii", "iii"][:first] + [str(n + 1) for n in range(len(labels) - first)]
    for index in range(1, len(labels)):
        assert labels[index] in {line.strip() for line in pdf.lines[index].splitlines()}
        assert float(pdf.reader.pages[index].mediabox.width) == pytest.approx(595, abs=1)


def test_links_in_the_pdf_lead_into_it(pdf):
    places, inside, outside = set(pdf.reader.named_destinations), 0, set()
    for page in pdf.reader.pages:
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            target = link.get("/Dest") or link["/A"].get("/D")
            if target is None:
                outside.add(str(link["/A"]["/URI"]))
            else:
                assert str(target) in places
                inside += 1
    assert inside > 10
    assert outside and all(address.startswith("https://") for address in outside)
    assert not [address for address in outside if "inside.invalid" in address]


def test_the_pdf_says_what_it_is(pdf):
    assert pdf.reader.metadata.title == "Derivations That Run"
    assert "Derivations That Run" in pdf.texts[0]
    assert re.search(r"Edition \d+\.\d+\.\d+", pdf.texts[0])


def test_the_figure_is_in_the_pdf_with_all_its_labels(pdf):
    text = " ".join(pdf.texts)
    for label, _ in widgets.PixelSampler.printed_states():
        assert label in text


def test_the_pdf_has_the_entries_of_known_mistakes_in_place_of_their_list(root, site, tmp_path):
    from pypdf import PdfReader

    chapter, appendix = "book/networks/initialization", "book/appendix/mistakes"
    done = make_pdf(root, "--out", tmp_path / "book.pdf", "--only", chapter, appendix)
    assert done.returncode == 0, done.stderr
    reader = PdfReader(tmp_path / "book.pdf")
    claims = json.loads((site / "ledger.json").read_text(encoding="utf-8"))["claims"]
    mistakes = [claim for claim in claims if claim["quantity"]]
    places = reader.named_destinations
    assert {f"/chapter-1--mistake-{entry['place']}" for entry in mistakes} <= set(places)
    begins = next(page for depth, title, page in bookmarks(reader) if title == "Where solutions go wrong")
    told = "".join(page.extract_text() for page in reader.pages[begins:])
    assert "mistakes in full" not in told and "All mistakes" not in told
    assert len(re.findall(r"by\s+the\s+claim", told)) == len(mistakes) > 50
    # The contents tell the pages of the chapters apart.
    depths = [page for depth, _, page in bookmarks(reader) if depth == 2 and page >= begins]
    assert len(depths) == len({entry["page"] for entry in mistakes}) and len(set(depths)) > 10
    links = {
        str(target)
        for page in reader.pages
        for annotation in page.get("/Annots") or []
        if (target := annotation.get_object().get("/A", {}).get("/D"))
    }
    for entry in mistakes:
        if entry["page"] == chapter:
            assert {f"/chapter-{number}--mistake-{entry['place']}" for number in (0, 1)} <= links


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--only", "book/nowhere"], {}, "got the page book/nowhere, expected among those of _toc.yml"),
        (["--only", *SMALL], {"PATH": "", "HOME": "/nonexistent"}, "Chromium is needed and was not found"),
    ],
    ids=["no such page", "no browser"],
)
def test_what_cannot_be_printed_leaves_no_file(root, site, tmp_path, arguments, environment, told):
    done = make_pdf(root, "--out", tmp_path / "book.pdf", *arguments, env=environment or None)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("document.querySelectorAll('.dtr-printed svg').forEach((plot) => plot.replaceChildren())", "blank"),
        ("document.querySelector('.dtr-printed .dtr-figure').remove()", "got 2 pictures, expected 3"),
        ("document.querySelector('article p:not([class])').style.width = '190mm'", "beyond the edge"),
    ],
    ids=["emptied", "missing", "wide"],
)
def test_the_pdf_is_refused_when_a_page_is_damaged(root, pages, site_url, damage, told):
    page = pages.open(f"{site_url}{SMALL[0]}.html", width=WIDTH)
    page.evaluate(BEGIN)
    page.evaluate(damage)
    script = (root / "tools" / "paper" / "chapter.js").read_text(encoding="utf-8")
    found = page.evaluate(script, {"prefix": "c", "pages": {}, "site": site_url, "inside": ""})
    assert any(told in wrong for wrong in found["wrong"])
    page.close()
