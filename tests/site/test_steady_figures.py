"""What stands below a figure stays where it is while the figure is moved."""

import pytest
from in_page import FRAME, TWO_FRAMES

from .live_figures import Figure

PAGE = "book/networks/convolution.html"
WIDGET = "overlap-counts"  # its picture is a strip or nearly a square
TALL, LOW = {"kernel_size": 1, "stride": 1}, {"kernel_size": 6, "stride": 4}

# How high the figure is, and how far below its head the text goes on.
MEASURES = """(figure) => {
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    const isBelow = (part) => figure.compareDocumentPosition(part) & after && !figure.contains(part);
    const next = [...document.querySelectorAll("main :is(p, h2, h3)")].find(isBelow);
    const { top, height } = figure.getBoundingClientRect();
    return [height, next.getBoundingClientRect().top - top];
}"""
TO_THE_END = "scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })"
# Where the last heading stands in the window, from frame to frame.
WATCH = f"""async () => {{
    const heading = [...document.querySelectorAll("main h2")].at(-1);
    const places = new Set();
    for (let i = 0; i < 6; i += 1) {{
        await ({FRAME})();
        places.add(Math.round(heading.getBoundingClientRect().top));
    }}
    return [...places];
}}"""


@pytest.fixture
def counts(pages, site_url):
    figure = Figure(pages.open(site_url + PAGE), WIDGET)
    figure.root.scroll_into_view_if_needed()
    return figure


def measures(figure) -> list[float]:
    figure.drawn()
    return figure.root.evaluate(MEASURES)


def test_a_figure_keeps_the_height_of_its_tallest_state(counts):
    counts.set(**LOW)
    low = measures(counts)
    counts.set(**TALL)
    tall = measures(counts)
    assert tall[0] > low[0] + 100 and tall[1] > low[1] + 100
    counts.set(**LOW)
    assert measures(counts) == tall


def test_a_figure_that_nobody_has_moved_keeps_nothing(counts):
    assert counts.root.get_attribute("style") in (None, "")


def test_out_of_the_window_it_shrinks_and_the_reader_stays_in_place(counts):
    counts.set(**TALL)
    tall = measures(counts)
    counts.set(**LOW)
    counts.page.evaluate(TO_THE_END)
    places = counts.page.evaluate(WATCH)
    assert measures(counts)[0] < tall[0] - 100
    assert max(places) - min(places) <= 1


def test_in_another_width_it_is_as_high_as_it_needs(counts):
    counts.set(**TALL)
    counts.set(**LOW)
    wide = measures(counts)
    counts.page.set_viewport_size({"width": 1100, "height": 900})
    counts.page.evaluate(TWO_FRAMES)
    assert measures(counts)[0] < wide[0] - 100


def test_on_paper_it_is_as_high_as_it_needs(counts):
    counts.set(**TALL)
    counts.set(**LOW)
    counts.page.emulate_media(media="print")
    assert counts.root.evaluate("(figure) => getComputedStyle(figure).minHeight") == "0px"
