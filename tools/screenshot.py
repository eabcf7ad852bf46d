"""Take the pictures of the book from the built site: the README's screenshot, the chapter on games as a reader meets
it, and the preview that is shown where a link to the book is posted, the figure that opens the book.

python tools/screenshot.py            (after `make book`; needs Chromium and the tests' requirements)
"""

import sys
from pathlib import Path

from chromium import FLAGS, NoChromiumError, find_chromium
from local_site import serve
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
PICTURE = ROOT / "tools" / "screenshot.png"
PREVIEW = ROOT / "book" / "_static" / "social-preview.png"
PREVIEW_SIZE = {"width": 1200, "height": 630}  # what the networks ask for
# The book's name and its first figure, as large as fits.
AS_PREVIEW = """() => {
    const figure = document.querySelector("[data-widget=phase-plane]");
    for (const part of figure.querySelectorAll(".dtr-links, .dtr-conclusion")) part.remove();
    const title = document.createElement("h1");
    title.textContent = document.querySelector("h1").firstChild.textContent;
    title.style.cssText = "margin: 0 0 1rem; font-size: 2.6rem;";
    const stage = document.createElement("article");
    stage.className = "bd-article";
    stage.style.cssText =
        "position: absolute; top: 0; left: 0; box-sizing: border-box; width: 900px; padding: 1.2rem 2rem;";
    stage.append(title, figure);
    document.body.replaceChildren(stage);
    const { width, height } = stage.getBoundingClientRect();
    const scale = Math.min(innerWidth / width, innerHeight / height);
    const [x, y] = [(innerWidth - scale * width) / 2, (innerHeight - scale * height) / 2];
    stage.style.transformOrigin = "0 0";
    stage.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
}"""


def main() -> None:
    if not (SITE / "book/games/index.html").exists():
        sys.exit("the book is not built: run `make book` first")
    with serve(SITE) as address, sync_playwright() as playwright:
        command = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=command, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
        page.goto(f"{address}book/games/index.html")
        page.locator("[data-widget=phase-plane]").scroll_into_view_if_needed()
        page.wait_for_selector("[data-widget=phase-plane][data-state]")
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.screenshot(path=PICTURE)
        page.set_viewport_size(PREVIEW_SIZE)
        page.goto(f"{address}book/index.html")
        page.wait_for_selector("[data-widget=phase-plane][data-state]")
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.evaluate(AS_PREVIEW)
        page.screenshot(path=PREVIEW)
        browser.close()
    for picture in (PICTURE, PREVIEW):
        print(picture.relative_to(ROOT))


if __name__ == "__main__":
    try:
        main()
    except NoChromiumError as error:
        sys.exit(f"make screenshot: {error}")
