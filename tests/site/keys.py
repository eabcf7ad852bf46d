"""A reader with nothing but a keyboard: presses keys, and knows of a page what has the focus and how it shows."""

__all__ = ["Reader"]

# What has the focus: whether a ring shows it, with which contrast to what lies behind, and whether it can be seen.
FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = (colour) => {
        const [r, g, b] = channels(colour).slice(0, 3)
            .map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const isOpaque = (colour) => colour.startsWith("rgb(") || channels(colour)[3] === 1;
    const behind = (node) => {
        const colour = node ? getComputedStyle(node).backgroundColor : "rgb(255, 255, 255)";
        return isOpaque(colour) ? colour : behind(node.parentElement);
    };
    // A handle's ring is its circle; the arrow of the side bar stands for its summary, which has no height.
    const shows = element.querySelector(":scope > .dtr-handle-ring, :scope > .toctree-toggle") ?? element;
    const style = getComputedStyle(shows);
    const isCircle = shows.matches(".dtr-handle-ring");
    const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    const width = isCircle ? parseFloat(style.strokeWidth) - 2.5 : outline;
    const colour = isCircle ? style.stroke : style.outlineColor;
    const box = shows.getBoundingClientRect();
    const inside = (at, size) => Math.min(size - 2, Math.max(1, at));
    const hit = document.elementFromPoint(
        inside(box.left + box.width / 2, innerWidth), inside(box.top + box.height / 2, innerHeight));
    window.met ??= new Set();
    const isMet = met.has(element);
    met.add(element);
    // A box that scrolls must not cut the ring off, unless what has the focus is itself wider than the box.
    const reach = isCircle ? 0 : parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    const cuts = (node) => {
        if (!node || node === document.body) return false;
        if (getComputedStyle(node).overflowX === "visible") return cuts(node.parentElement);
        const { left, right, width: room } = node.getBoundingClientRect();
        if (box.width > room) return false;
        return box.left - reach < left - 1 || box.right + reach > right + 1 || cuts(node.parentElement);
    };
    const isOnScreen = box.bottom > 0 && box.top < innerHeight;
    return {
        what: element.outerHTML.slice(0, 160),
        ring: width,
        contrast: contrast(colour, behind(shows.parentElement)),
        isSeen: isOnScreen && Boolean(hit) && (shows.contains(hit) || hit.contains(shows)),
        isCut: !isCircle && cuts(shows.parentElement),
        isMet,
    };
}"""

# Whether no tooltip is there but that of what has the focus: whoever stays at a button for half a second gets one. It
# goes a tenth of a second after the focus has left, and may lie over the next button until then.
NO_TOOLTIP_LEFT = """() => [...document.querySelectorAll(".tooltip")]
    .every(({ id }) => id === document.activeElement.getAttribute("aria-describedby"))"""

# Whether the focus has only ever gone down the document.
ORDER = """() => {
    const all = [...met];
    return all.slice(1)
        .filter((element, i) => !(all[i].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING))
        .map((element) => element.outerHTML.slice(0, 160));
}"""


class Reader:
    """The keyboard of an open page."""

    def __init__(self, page) -> None:
        self.page = page

    @property
    def focus(self) -> dict | None:
        """What has the focus, or None at the page's end."""
        return self.page.evaluate(FOCUS)

    def press(self, *keys: str) -> dict | None:
        """Press keys one after the other, and check that what has the focus then shows it."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.check()

    def check(self) -> dict | None:
        now = self.focus
        if now is not None and not now["isSeen"]:
            self.page.wait_for_function(NO_TOOLTIP_LEFT)
            now = self.focus | {"isMet": now["isMet"]}
        if now is not None:
            assert now["ring"] >= 2 and now["contrast"] >= 3, now
            assert now["isSeen"] and not now["isCut"], now
        return now

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def has(self, selector: str) -> bool:
        """Whether what has the focus matches."""
        return self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector)

    def tab_to(self, selector: str, *, key: str = "Tab", most: int = 300) -> None:
        """Press Tab until what has the focus matches."""
        for _ in range(most):
            if self.press(key) is None:
                break
            if self.has(selector):
                return
        raise AssertionError(f"{selector} is not reached with the {key} key")

    def opened_by(self, button: str, box: str):
        """Press a button; what it opens, which is to be seen then and has the focus in it."""
        self.tab_to(button)
        self.press("Enter")
        opened = self.page.locator(box)
        assert opened.is_visible() and opened.evaluate("(box) => box.contains(document.activeElement)")
        return opened

    def walk(self) -> list[dict]:
        """Press Tab from here to the end of the page, where the browser's own controls have the focus."""
        stops = []
        while (now := self.press("Tab")) is not None:
            assert not now["isMet"], f"the Tab key goes in a circle: {now}"
            stops.append(now)
        return stops

    def out_of_order(self) -> list[str]:
        """Where the focus has gone up the document, all the way walked so far."""
        return self.page.evaluate(ORDER)
