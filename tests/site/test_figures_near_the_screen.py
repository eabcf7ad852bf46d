"""Figures are started when they come near the screen, whatever way the reader comes; at rest none of them works."""

import re

import pytest
from in_page import ALIVE, TWO_FRAMES, WANT_ALL

from helpers.widgets import PhasePlane, PixelSampler, Progress, Spectrum

from .live_figures import SEEN_ALIVE, Figure
from .test_every_figure import PAGES
from .test_figures_by_ear import MOVING, WATCH
from .test_games_figures import page_of

CHAPTER = "book/inference/gradients.html"  # its figures are far from each other
FAR = "book/games/index.html"
HEIGHTS = """[...document.querySelectorAll("[data-widget]")].map((figure) => figure.getBoundingClientRect().height)"""
# Before the page's own scripts have drawn any of them.
PLACES = f"addEventListener('DOMContentLoaded', () => {{ window.places = {HEIGHTS}; }})"


@pytest.fixture
def visit(pages):
    """Open an address without asking for its figures; the names of the figures' scripts that it has asked for."""
    opened = []

    def go(address: str, *, before: str = "", width: int = 1280, until: str = SEEN_ALIVE):
        page = pages.browser.new_page(viewport={"width": width, "height": 800})
        opened.append(page)
        page.on("pageerror", lambda error: pages.note(True, str(error)))
        if before:
            page.add_init_script(before)
        asked = []
        page.on("request", lambda request: asked.extend(re.findall(r"(\w+)\.page\.js", request.url)))
        page.goto(address, wait_until="load")
        page.wait_for_function(until)
        return page, asked

    yield go
    for page in opened:
        page.close()


def alive(page, widget: str) -> bool:
    return page.locator(f"[data-widget={widget}]").first.get_attribute("data-state") is not None


def test_a_figure_out_of_sight_waits_and_so_does_its_script(visit, site_url):
    page, asked = visit(site_url + CHAPTER)
    assert alive(page, "gradient-cloud") and not alive(page, "variance-race")
    assert asked == ["estimators"]  # and not that of the exercises
    page.locator("[data-widget=variance-race]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-widget=variance-race][data-state]")
    page.locator("[data-widget=find-the-flaw]").first.scroll_into_view_if_needed()
    page.wait_for_selector("[data-widget=find-the-flaw][data-state]")
    assert asked == ["estimators", "exercises"]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_place_of_a_figure_is_as_high_as_the_figure(visit, site_url, width):
    page, _ = visit(site_url + CHAPTER, before=PLACES, width=width)
    page.wait_for_function(ALIVE)
    page.evaluate(TWO_FRAMES)
    before, after = page.evaluate("places"), page.evaluate(HEIGHTS)
    assert len(after) > 5
    # Two lines of text: a figure's words differ a little from machine to machine.
    assert [pair for pair in zip(before, after, strict=True) if abs(pair[0] - pair[1]) > 48] == []


def test_paper_has_all_figures_at_once(visit, site_url):
    page, _ = visit(site_url + CHAPTER)
    rows = page.evaluate(
        """() => {
            dispatchEvent(new Event("beforeprint"));
            return [".dtr-printed", "[data-printed]", "[data-widget]:not([data-state])"]
                .map((which) => document.querySelectorAll(which).length);
        }"""
    )
    assert rows[0] == rows[1] >= 2 and rows[2] == 0


def test_the_progress_line_counts_exercises_that_wait(visit, site_url):
    page, _ = visit(site_url + CHAPTER)
    page.locator("[data-widget=exercise-progress]").evaluate("(line) => line.focus()")
    page.wait_for_selector("[data-widget=exercise-progress][data-state]")
    total = page.locator("[data-widget=exercise], [data-widget=find-the-flaw]").count()
    assert Figure(page, "exercise-progress").now["total"] == total > 3


@pytest.mark.parametrize(("key", "place"), [("Tab", "first"), ("Shift+Tab", "last")])
def test_the_focus_that_leaps_to_a_waiting_figure_reaches_its_controls(visit, tmp_path, key, place):
    address = page_of(tmp_path, PixelSampler())
    page_file = tmp_path / "index.html"
    text, stop = '<div style="height: 5000px"></div>', "<button>stop</button>"
    html = page_file.read_text(encoding="utf-8")
    page_file.write_text(
        html.replace("<body>", f"<body>{stop}{text}").replace("</body>", f"{text}{stop}</body>"), "utf-8"
    )
    page, _ = visit(address)
    assert not alive(page, "pixel-sampler")
    stops = page.get_by_role("button", name="stop")
    (stops.first if key == "Tab" else stops.last).focus()
    page.keyboard.press(key)
    page.wait_for_selector("[data-widget][data-state]")
    page.wait_for_function("document.activeElement.matches('[data-widget] *')")
    focused = """(figure) => {
        const controls = [...figure.querySelectorAll("button, input, select, [tabindex='0']")];
        return controls.filter((each) => each.getClientRects().length).indexOf(document.activeElement) === 0;
    }"""
    assert page.locator("[data-widget]").evaluate(focused) == (place == "first")
    assert page.locator("[data-widget]").get_attribute("tabindex") is None


@pytest.mark.parametrize("first", ["phase-plane", "spectrum"])
def test_linked_figures_are_one_in_either_order(visit, site_url, first):
    page, _ = visit(site_url + FAR)
    second = {"phase-plane": "spectrum", "spectrum": "phase-plane"}[first]
    page.locator(f"[data-widget={first}]").scroll_into_view_if_needed()
    page.wait_for_selector(f"[data-widget={first}][data-state]")
    figure = Figure(page, first)
    figure.set(learning_rate=0.65)
    page.locator(f"[data-widget={second}]").scroll_into_view_if_needed()
    page.wait_for_selector(f"[data-widget={second}][data-state]")
    other = Figure(page, second)
    assert other.state["learning_rate"] == 0.65
    other.set(learning_rate=0.85)
    assert figure.state["learning_rate"] == 0.85


def test_a_failing_figure_takes_no_other_with_it(visit, tmp_path):
    address = page_of(tmp_path, PixelSampler(), PhasePlane())
    (tmp_path / "figures" / "autoregressive.page.js").unlink()
    page, _ = visit(address, until="document.body.textContent.includes('could not be drawn')")
    page.wait_for_selector("[data-widget=phase-plane][data-state]")


def test_from_the_disk_figures_are_ready_for_paper(visit, tmp_path):
    page, asked = visit(page_of(tmp_path, PhasePlane(), Spectrum(), Progress()))
    page.wait_for_function("window.derivations_games && window.derivations_exercises")
    page.evaluate(WANT_ALL)
    assert page.locator("[data-widget]:not([data-state])").count() == 0
    assert sorted(asked) == ["exercises", "games"]


@pytest.mark.parametrize("address", PAGES)
def test_at_rest_no_frame_is_asked_for(visit, site_url, address):
    page, _ = visit(site_url + address, before=WATCH)
    page.wait_for_function(ALIVE)
    page.wait_for_function("document.fonts.status === 'loaded'")
    page.evaluate(TWO_FRAMES)
    page.wait_for_function(f"async () => (await ({MOVING})()).length === 0")


def test_a_figure_that_is_moved_draws_once_a_frame(visit, site_url):
    page, _ = visit(site_url + FAR)
    drawn = page.locator("[data-widget=phase-plane]").evaluate(
        f"""async (figure) => {{
            let drawn = 0;
            const count = new MutationObserver((changes) => (drawn += changes.length));
            count.observe(figure, {{ attributeFilter: ["data-state"] }});
            const slider = figure.querySelector("[data-trait=learning_rate]");
            for (const value of [0.3, 0.4, 0.5]) {{
                slider.value = value;
                slider.dispatchEvent(new Event("input"));
            }}
            await ({TWO_FRAMES})();
            return drawn;
        }}"""
    )
    assert drawn == 1


@pytest.mark.parametrize("way", ["scrolled past", "another tab"])
def test_what_plays_stops_when_it_is_out_of_sight(visit, site_url, way):
    page, _ = visit(site_url + FAR)
    figure = Figure(page, "phase-plane")
    figure.set(step=0)
    figure.button("Play").click()
    assert figure.button("Pause").count() == 1
    if way == "scrolled past":
        page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    else:
        page.evaluate(
            """() => {
                Object.defineProperty(document, "hidden", { value: true });
                document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
    figure.button("Play").wait_for(state="attached")


def test_nothing_went_wrong(pages):
    pages.assert_nothing_wrong()
