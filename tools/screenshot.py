"""Take the README's screenshot: the chapter on games as a reader meets it, from the built site.

python tools/screenshot.py            (after `make book`; needs Chromium and the tests' requirements)
"""

import functools
import http.server
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
PICTURE = ROOT / "tools" / "screenshot.png"
FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments) -> None:
        pass


def main() -> None:
    if not (SITE / "book/games/index.html").exists():
        sys.exit("the book is not built: run `make book` first")
    handler = functools.partial(Quiet, directory=SITE)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
        page.goto(f"http://127.0.0.1:{server.server_port}/book/games/index.html")
        figure = page.locator("[data-widget=phase-plane][data-state]")
        figure.scroll_into_view_if_needed()
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.screenshot(path=PICTURE)
        browser.close()
        server.shutdown()
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
