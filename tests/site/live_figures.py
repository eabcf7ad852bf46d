"""Figures of the built site in a browser: open pages, and in them the controls and the state of each figure."""

import json

import pytest
from in_page import ALIVE, TWO_FRAMES

__all__ = ["SEEN_ALIVE", "Figure", "Pages"]

# Those on the screen: what a reader meets who asks for nothing.
SEEN_ALIVE = """() => [...document.querySelectorAll("[data-widget]")].every((figure) => {
    const { top, bottom } = figure.getBoundingClientRect();
    return figure.dataset.state !== undefined || bottom < 0 || top > innerHeight;
})"""
SET = """([widget, values]) => {
    document.activeElement.blur();
    for (const [trait, value] of Object.entries(values)) {
        const control = document.querySelector(`[data-widget="${widget}"] [data-trait="${trait}"]`);
        control.value = value;
        control.dispatchEvent(new Event("input"));
        control.dispatchEvent(new Event("change"));
    }
}"""

# A heat map draws all its cells of one look as squares of one path.
CELLS = """(map) => [...map.querySelectorAll(".dtr-heat-cells path")].flatMap((path) =>
    [...path.getAttribute("d").matchAll(/M([\\d.]+),([\\d.]+)h([\\d.]+)/g)].map(([, ...numbers]) => {
        const [left, top, side] = numbers.map(Number);
        const matrix = path.getScreenCTM();
        const { x, y } = new DOMPoint(left + side / 2, top + side / 2).matrixTransform(matrix);
        const marked = path.classList.contains("dtr-heat-marked");
        return { sign: path.dataset.sign, marked, x, y, side: side * matrix.a };
    })
).sort((one, other) => (Math.abs(one.y - other.y) > 1 ? one.y - other.y : one.x - other.x))"""


class Figure:
    """One figure of an open page: what it exposes, and its controls."""

    def __init__(self, page, widget: str) -> None:
        self.page, self.widget = page, widget
        self.root = page.locator(f'[data-widget="{widget}"]')

    def drawn(self) -> None:
        """Wait until all that was asked for has been drawn: figures draw once a frame."""
        self.page.evaluate(TWO_FRAMES)

    @property
    def now(self) -> dict:
        """What it exposes, without waiting for a frame: of a figure that moves, or where the clock stands still."""
        return json.loads(self.root.get_attribute("data-state"))

    @property
    def state(self) -> dict:
        """What it exposes after all that was asked for has been drawn."""
        self.drawn()
        return self.now

    @property
    def initial(self) -> dict:
        """The public traits as the page was built with them."""
        return json.loads(self.root.get_attribute("data-initial"))

    @property
    def status(self) -> str:
        """The sentence that a screen reader hears."""
        self.drawn()
        return self.root.locator(".dtr-status").inner_text()

    def readout(self) -> list[str]:
        """The cells of the table of numbers."""
        return self.root.locator(".dtr-readout td").all_inner_texts()

    def control(self, trait: str):
        """The native input of a trait."""
        return self.root.locator(f'[data-trait="{trait}"]')

    def button(self, name: str):
        """A button by its accessible name."""
        return self.root.get_by_role("button", name=name)

    def handle(self, name: str | None = None):
        """What can be dragged; by its accessible name where there are several."""
        if name is None:
            return self.root.locator(".dtr-handle")
        return self.root.get_by_role("slider", name=name)

    def on_screen(self, selector: str) -> tuple[float, float]:
        """Centre of an element, in pixels of the window."""
        box = self.root.locator(selector).first.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def cells(self, index: int = 0) -> list[dict]:
        """Of a heat map, row by row: each cell's sign, whether it is marked, and in pixels its centre and side."""
        return self.root.locator(".dtr-heat-map").nth(index).evaluate(CELLS)

    def discs(self, cloud: str) -> int:
        """How many discs the path of a cloud of points has."""
        return (self.root.locator(cloud).get_attribute("d") or "").count("M")

    def set(self, **values) -> dict:
        """Set controls, in the order given; return the state."""
        self.put(**values)
        return self.state

    def put(self, **values) -> None:
        """Set controls without waiting for the drawing."""
        self.page.evaluate(SET, [self.widget, values])

    def until(self, **expected) -> dict:
        """Wait until the exposed state has these values, and return it."""
        try:
            self.page.wait_for_function(
                """([widget, expected]) => {
                    const { state } = document.querySelector(`[data-widget="${widget}"]`).dataset;
                    const now = JSON.parse(state ?? "{}");
                    return Object.entries(expected).every(([k, v]) => JSON.stringify(now[k]) === JSON.stringify(v));
                }""",
                arg=[self.widget, expected],
                timeout=5000,
            )
        except Exception as error:
            now = {name: self.now.get(name) for name in expected}
            raise AssertionError(f"{self.widget}: got {now}, expected {expected}") from error
        return self.now

    def by_keys(self, trait: str, low: float, high: float, step: float) -> list[dict]:
        """Move a slider by the keyboard to both ends, one step beyond and one step back; return the states."""
        states = []
        self.drawn()  # a control that a choice brings takes keys when it is there
        for key, value in (
            ("Home", low),
            ("ArrowLeft", low),
            ("ArrowRight", low + step),
            ("End", high),
            ("ArrowUp", high),
            ("ArrowDown", high - step),
        ):
            self.control(trait).press(key)
            states.append(self.state)
            assert states[-1][trait] == pytest.approx(value, abs=1e-9), (trait, key)
        return states

    def drag(self, pixels: tuple[float, float], name: str | None = None) -> dict:
        """Drag the handle by so many pixels of the window; return the state."""
        self.root.scroll_into_view_if_needed()
        box = self.handle(name).locator(".dtr-handle-ring").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + pixels[0], y + pixels[1], steps=4)
        self.page.mouse.up()
        return self.state


class Pages:
    """Open pages, and what went wrong in any of them: errors in the console, requests to another host."""

    def __init__(self, browser, own_address: str) -> None:
        self.browser, self.own_addresses = browser, (own_address, "file://", "data:", "blob:")
        self.opened, self.wrong = [], []

    def open(
        self, address: str, *, width: int = 1280, stopped_clock: bool = False, before: str = "", **options
    ):
        """A page whose figures are all alive; the script `before` runs before its own."""
        page = self.browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.opened.append(page)
        page.on("console", lambda message: self.note(message.type == "error", message.text))
        page.on("pageerror", lambda error: self.note(True, str(error)))
        page.on(
            "request", lambda request: self.note(not request.url.startswith(self.own_addresses), request.url)
        )
        if before:
            page.add_init_script(before)
        if stopped_clock:
            page.clock.install(time=0)
        page.goto(address, wait_until="domcontentloaded")
        page.wait_for_function(ALIVE)
        page.evaluate(TWO_FRAMES)
        if stopped_clock:
            page.clock.pause_at(3_600_000)
        return page

    def note(self, is_wrong: bool, what: str) -> None:
        if is_wrong:
            self.wrong.append(what)

    def close(self) -> None:
        """Close them all."""
        for page in self.opened:
            page.close()

    def assert_nothing_wrong(self) -> None:
        found, self.wrong = self.wrong, []
        assert found == []
