"""Measure how high each figure of the built book is, so that its place is as high before it is drawn.

python tools/heights.py            (after `make book`; needs Chromium)

Writes src/helpers/widgets/js/heights.css: for the narrow and the wide layout of each figure a length that is
linear in the width of its box, `cqi` being a hundredth of that, through the heights at two widths of the
window each. An exercise has a line of its own; the figures of one kind share theirs, as high as the highest.
`make book` then takes it into the page.
"""

import sys
from pathlib import Path

from budgets.moves import pages_with_figures
from chromium import FLAGS, NoChromiumError, find_chromium
from in_page import ALIVE, TWO_FRAMES
from local_site import serve
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
OUT = ROOT / "src/helpers/widgets/js/heights.css"
WINDOWS = {"narrow": (360, 430), "wide": (660, 1280)}  # pixels
HEAD = "/* Written by tools/heights.py: how high a figure will be. */\n"

# Of each figure: what its line in the sheet selects, the width that `cqi` refers to, and its height inside.
MEASURE = """() => [...document.querySelectorAll("[data-widget]")].map((figure) => {
    const own = figure.dataset.topic === "exercises" && figure.dataset.widget !== "exercise-progress";
    const selects = own ? `#${figure.id}` : `[data-widget="${figure.dataset.widget}"]`;
    const padding = 1.5 * parseFloat(getComputedStyle(document.documentElement).fontSize); // of a figure that waits
    return [selects, figure.clientWidth - padding, figure.clientHeight - padding];
})"""


def measure() -> dict[str, dict[int, tuple[float, float]]]:
    """Of each selector, for each width of the window: width and height inside the figure."""
    found: dict[str, dict[int, tuple[float, float]]] = {}
    with serve(SITE) as address, sync_playwright() as playwright:
        command = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=command, args=FLAGS)
        for name in pages_with_figures():
            page = browser.new_page()
            page.goto(address + name, wait_until="load")
            page.wait_for_function(ALIVE)
            for window in (window for pair in WINDOWS.values() for window in pair):
                page.set_viewport_size({"width": window, "height": 800})
                page.evaluate(TWO_FRAMES)
                page.evaluate(TWO_FRAMES)  # another width may change what stands beside a plot
                for selects, width, height in page.evaluate(MEASURE):
                    heights = found.setdefault(selects, {})
                    heights[window] = max(heights.get(window, (0, 0)), (width, height))
            page.close()
        browser.close()
    return found


def line(selects: str, heights: dict[int, tuple[float, float]]) -> str:
    """The figure's line of the sheet."""
    lengths = []
    for layout, windows in WINDOWS.items():
        (low, at_low), (high, at_high) = (heights[window] for window in windows)
        slope = (at_high - at_low) / (high - low)
        lengths.append(f"--{layout}: calc({at_low - slope * low:.1f}px + {100 * slope:.2f}cqi);")
    return f"{selects} {{ {' '.join(lengths)} }}\n"


def main() -> None:
    found = measure()
    OUT.write_text(HEAD + "".join(line(*entry) for entry in sorted(found.items())), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {len(found)} lines")


if __name__ == "__main__":
    try:
        main()
    except NoChromiumError as error:
        sys.exit(f"heights: {error}")
