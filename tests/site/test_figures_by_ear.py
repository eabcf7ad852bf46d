"""Every live figure without eyes, without a pointer and without motion: what the keys reach, and what is said."""

import pytest
from in_page import FRAME, TWO_FRAMES

from .live_figures import Figure
from .test_every_figure import PAGES

# Before the page's own scripts: who listens to a pointer, and what runs on by itself.
WATCH = """(() => {
    const add = EventTarget.prototype.addEventListener;
    window.listening = [];
    EventTarget.prototype.addEventListener = function (kind, ...rest) {
        if (this instanceof Element) listening.push([this, kind]);
        return add.call(this, kind, ...rest);
    };
    window.ticking = new Set();
    const { setInterval: start, clearInterval: end, requestAnimationFrame: frame } = window;
    window.setInterval = (...given) => {
        const id = start(...given);
        ticking.add(id);
        return id;
    };
    window.clearInterval = (id) => {
        ticking.delete(id);
        end(id);
    };
    window.frames_asked = 0;
    window.frame_unseen = frame.bind(window);
    window.requestAnimationFrame = (callback) => {
        frames_asked += 1;
        return frame_unseen(callback);
    };
})()"""

# What listens to a pointer and takes no focus, and the controls of the same figure that do the same by keys.
COVERED = {
    ".dtr-figure": "*",  # sets a symbol apart while the pointer is on it, as its control does by taking the focus
    "svg.dtr-map, svg.dtr-map .dtr-grip": "[data-trait=learning_rate]",
    "svg.dtr-pick": "[data-trait=row], [data-trait=column]",
    '[data-widget="convolution-matrices"] svg.dtr-heat-map': "[data-trait=position]",
    ".dtr-strip-output > g": "[data-trait=position]",
    "svg.dtr-pixels": ".dtr-handle",
}
OUT_OF_REACH = """(covered) => {
    const pointer = /^(click|dblclick|mouse|pointer|touch|drag|wheel)/;
    const listens = (element, kind) => listening.some(([other, what]) => other === element && kind.test(what));
    const isOperable = (element) =>
        element.matches("a[href], button, input, select, textarea, summary") ||
        (element.tabIndex >= 0 && listens(element, /^key/));
    const isCovered = (element) => Object.entries(covered).some(([what, controls]) =>
        element.matches(what) && element.closest("[data-widget]").querySelector(controls));
    return [...new Set(listening.filter(([, kind]) => pointer.test(kind)).map(([element]) => element))]
        .filter((element) => element.closest("[data-widget]") && !isOperable(element) && !isCovered(element))
        .map((element) => element.outerHTML.slice(0, 200));
}"""

# A slider in whole steps counts something, and says what: "3 steps".
UNITLESS = (
    "[data-trait=seed], [data-trait=degree], [data-trait=row], [data-trait=column], [data-trait=position]"
)
BARE_COUNTS = """(unitless) => [...document.querySelectorAll("[data-widget] input[type=range]")]
    .filter((slider) => Number(slider.step) % 1 === 0 && !slider.matches(unitless))
    .filter((slider) => {
        const shown = slider.closest(".dtr-control").querySelector("output").textContent;
        return !/\\d [a-z]+/.test(slider.getAttribute("aria-valuetext")) || shown !== slider.ariaValueText;
    })
    .map((slider) => slider.outerHTML)"""

# Every picture, by the words that a screen reader has of it: its name, and the figure's sentence.
PICTURES = """(figure) => [...figure.querySelectorAll("svg.dtr-plot")]
    .filter((picture) => picture.getBoundingClientRect().width > 0)
    .map((picture) => {
        const ids = (picture.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
        const described = ids.map((id) => document.getElementById(id).textContent).join(" ");
        return [picture.getAttribute("aria-label"), described];
    })"""

# Each slider of a figure to its other end and back: those after which the words are as before.
UNHEARD = """async (figure) => {
    const drawn = () => new Promise((done) => frame_unseen(() => frame_unseen(done)));
    const heard = () => [...figure.querySelectorAll("svg.dtr-plot, .dtr-pixel, .dtr-status, .dtr-told, .dtr-readout")]
        .map((element) => element.getAttribute("aria-label") + (element.matches("svg") ? "" : element.textContent))
        .join();
    const move = async (slider, value) => {
        slider.value = value;
        slider.dispatchEvent(new Event("input"));
        await drawn();
    };
    const unheard = [];
    for (const slider of figure.querySelectorAll("input[type=range]")) {
        if (slider.getBoundingClientRect().width === 0) continue;
        const [words, first] = [heard(), slider.value];
        await move(slider, slider.value === slider.max ? slider.min : slider.max);
        if (heard() === words) unheard.push(slider.dataset.trait);
        await move(slider, first);
    }
    return unheard;
}"""

# What moves; after each button of each figure nothing may go on.
MOVING = """async () => {
    const frames = async (count) => {
        for (let i = 0; i < count; i += 1) await new Promise(frame_unseen);
    };
    const before = frames_asked;
    await frames(3);
    const moving = document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 200));
    return [...moving, ...(frames_asked > before ? ["animation frames"] : []), ...(ticking.size ? ["a timer"] : [])];
}"""


@pytest.fixture(scope="module", params=PAGES)
def calm_page(request, pages, site_url):
    """Each page with figures in turn, for a reader who wants no motion."""
    page = pages.open(site_url + request.param, before=WATCH, reduced_motion="reduce")
    page.evaluate(TWO_FRAMES)
    yield page
    page.close()


def figures(page):
    return page.locator("[data-widget]:not(.dtr-exercise, .dtr-progress)").all()


def test_what_the_pointer_does_the_keys_do(calm_page):
    assert calm_page.evaluate("listening.length") > 0
    assert calm_page.evaluate(OUT_OF_REACH, COVERED) == []


def test_a_count_is_announced_with_what_it_counts(calm_page):
    assert calm_page.evaluate(BARE_COUNTS, UNITLESS) == []


def test_every_picture_has_its_figures_sentence(calm_page):
    for figure in figures(calm_page):
        for name, described in figure.evaluate(PICTURES):
            assert len(name.split()) > 4, name
            assert len(described.split()) > 3, (name, described)


def test_every_slider_changes_the_words(calm_page):
    for figure in figures(calm_page):
        widget = figure.get_attribute("data-widget")
        assert (widget, figure.evaluate(UNHEARD)) == (widget, [])


def test_nothing_goes_on_by_itself_where_motion_is_unwelcome(calm_page):
    assert calm_page.evaluate(MOVING) == []
    buttons = calm_page.locator("[data-widget]:not(.dtr-exercise, .dtr-progress) button:visible").all()
    for button in buttons:
        button.evaluate("(button) => button.click()")
        calm_page.evaluate(TWO_FRAMES)
        assert calm_page.evaluate(MOVING) == []


# What is said aloud, in the chapter with linked figures.

SAID = """() => [...document.querySelectorAll(".dtr-said")]
    .map((said) => [said.closest("[data-widget]").dataset.widget, said.textContent])
    .filter(([, text]) => text)"""
COUNT = """(figure) => {
    window.sayings = [];
    const note = (changes) => sayings.push(changes[0].target.textContent);
    new MutationObserver(note).observe(figure.querySelector(".dtr-said"), { childList: true });
}"""
DRAG = f"""async (slider) => {{
    for (let step = 1; step <= 40; step += 1) {{
        slider.value = step;
        slider.dispatchEvent(new Event("input"));
        await ({FRAME})();
    }}
}}"""


@pytest.fixture
def game(pages, site_url):
    page = pages.open(site_url + "book/games/index.html")
    yield Figure(page, "phase-plane")
    page.close()
    pages.assert_nothing_wrong()


def test_a_slider_that_moves_is_told_of_once_at_rest_and_by_its_own_figure(game):
    game.root.evaluate(COUNT)
    slider = game.control("step")
    slider.focus()
    slider.evaluate(DRAG)
    game.page.wait_for_function("sayings.length > 0")
    assert game.page.evaluate("sayings") == [game.status]
    assert "After 40 steps" in game.status
    # The spectrum shows the same step, and is linked; it keeps silent.
    assert game.page.evaluate(SAID) == [["phase-plane", game.status]]
    slider.press("Tab")
    assert game.page.evaluate(SAID) == []


def test_what_plays_is_told_of_at_its_end(game):
    game.root.evaluate(COUNT)
    game.set(step=195, learning_rate=0.05)
    game.button("Play").press("Enter")
    game.until(step=200, playing=False)
    game.page.wait_for_function("sayings.length > 0")
    assert game.page.evaluate("sayings") == [game.status]
    assert "After 200 steps" in game.status


def test_a_count_of_one_is_singular(game):
    said = []
    for value in (0, 1, 2):
        game.set(step=value)
        said.append(game.control("step").get_attribute("aria-valuetext"))
    assert said == ["0 steps", "1 step", "2 steps"]
