"""Move the controls of every figure at random, thousands of times, and see whether it is still whole.

python tools/stress.py [--moves N] [--seed S] [--workers W] [PAGE ...]    (after `make book`; `make stress` runs all)

**A move** is one of: a slider to a random place, often to an end; a choice; a number typed, sensible or not; a
press of a button (playing, undoing); an arrow key; a drag of a handle; a click on a picture. A move is the events
that the page's scripts get from a reader's; the browser's own part in making them is left out: the other tests of
figures have it. Up to `PER_FRAME` moves come before each frame, as when a finger is faster than the screen.

**Between moves** the window gets another width, the theme is switched, the tab is hidden and shown, and the page is
scrolled so far that the figure is out of sight, and back. Chromium without a screen never hides a tab: what the
page gets in place of it is the event `visibilitychange` with `document.hidden` set, and its timers go on as before.
Some moves come meanwhile.

**Looked for** are errors of the page or in its console; after each frame a NaN, an Infinity or `undefined` anywhere
in the figure; at rest, after every few moves, a picture without a mark, a formula that cannot be typeset, a slider
that does not tell its value. At the end another page, which has only been led to the figure's state by its link,
must show the same, element for element. A figure that also shows the way it came (`TRAILS`) is compared when the
link has led to the state in both pages.

Then all is undone, and memory after garbage collection is compared with that after a warm-up, in the same state:
the heap of JavaScript with its buffers, the browser's own for the page (both from `Runtime.getHeapUsage`), and the
counts of nodes and listeners. What a figure keeps, it keeps once: the warm-up goes through all choices and both
ends of all sliders, then moves at random. And the page lays out a part of itself when it first comes near the window,
megabytes of it: before the warm-up it is scrolled through.

Last comes a page with twenty figures from all over the book, moved together.
"""

import argparse
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from budgets.moves import FIGURES, pages_with_figures
from chromium import FLAGS, find_chromium
from in_page import ALIVE, FRAME, TWO_FRAMES
from local_site import serve
from playwright.sync_api import sync_playwright

__all__ = ["IN_VIEW", "MOVES", "TWENTY", "Outcome", "Workbench", "twenty_figures"]

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
SCRIPT = (ROOT / "tools" / "stress.js").read_text(encoding="utf-8")
MOVES = 5000  # of each figure
PER_FRAME = 5
ROUND = 15  # moves between two disturbances, at least
ROUNDS = 60  # at most, of one figure
WARM_UP = 2000  # moves, at most: by then the browser has translated what it runs often
GROWTH = 0.05  # of the memory, that is allowed
MORE_NODES = 0.01  # of them: an undone figure may hold other unseen ones than before
TRAILS = {"figure-expectation-maximization-1"}  # the steps that led to the state are no part of it
HIDDEN = 5  # moves while the tab is hidden
SIZE = {"width": 1280, "height": 800}
WIDTHS = (360, 480, 768, 1024, 1280)
FRONT = "book/index.html"
TWENTY = "book/twenty-figures.html"  # served, in no folder
LIGHT = "light"


@dataclass(frozen=True)
class Memory:
    """After garbage collection: bytes of the scripts' heap and of the browser's for the page, and what it counts."""

    script: int
    page: int
    nodes: int
    listeners: int


@dataclass
class Outcome:
    """What came of one figure, or of several that were moved together."""

    where: str
    moves: int
    seconds: float
    before: Memory
    after: Memory
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = "FAULT" if self.faults else "ok   "
        heaps = ", ".join(
            f"{name} {old / 1e6:.2f} → {new / 1e6:.2f} MB ({100 * (new / old - 1):+.1f} %)"
            for name, old, new in (
                ("scripts", self.before.script, self.after.script),
                ("page", self.before.page, self.after.page),
            )
        )
        counts = f"nodes {self.before.nodes} → {self.after.nodes}"
        counts += f", listeners {self.before.listeners} → {self.after.listeners}"
        line = f"{verdict} {self.moves:6d} moves, {self.seconds:4.0f} s, {heaps}, {counts}: {self.where}"
        return "\n".join([line, *(f"      {fault}" for fault in self.faults)])


class Workbench:
    """A page on which figures are moved, and one beside it that shows the same state from its link alone."""

    def __init__(self, browser, address: str, *, body: str | None = None, before: str = "") -> None:
        """Open `address` twice. `body` is served there in place of what the site has; `before` runs before the
        page's own scripts."""
        self.browser, self.address, self.errors = browser, address, []
        self.contexts = [browser.new_context(viewport=SIZE, color_scheme=LIGHT) for _ in range(2)]
        self.page, self.fresh = (self._open(context, body, before) for context in self.contexts)
        self.devtools = self.contexts[0].new_cdp_session(self.page)
        self.devtools.send("Performance.enable")

    def _open(self, context, body: str | None, before: str):
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"an error: {error}"))
        page.on("console", lambda message: self._hear(message))
        if body is not None:
            page.route(
                self.address, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
            )
        if before:
            page.add_init_script(before)
        page.goto(self.address, wait_until="load")
        page.wait_for_function(ALIVE)
        page.evaluate(f"() => {{ globalThis.stress = ({SCRIPT})({FRAME}); }}")
        page.evaluate("(theme) => stress.wear(theme)", LIGHT)
        page.evaluate(TWO_FRAMES)
        return page

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"in the console: {message.text[:300]}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def figures(self) -> list[str]:
        """Identifiers of the page's figures; exercises have no pictures."""
        return self.page.eval_on_selector_all(FIGURES, "(figures) => figures.map(({ id }) => id)")

    def stress(
        self, figures: list[str], *, moves: int = MOVES, seed: int = 1, growth: float = GROWTH
    ) -> Outcome:
        """`moves` moves altogether of these figures of the page, after a warm-up that is not counted."""
        page, started = self.page, time.monotonic()
        page.evaluate("(seed) => stress.seedWith(seed)", seed)
        page.evaluate(READ_THROUGH)
        page.evaluate(f"(id) => {IN_VIEW}", figures[0])
        page.evaluate("(ids) => stress.walk(ids)", figures)
        faults = self._moved(figures, min(WARM_UP, moves))
        before = self._memory(figures)
        faults += self._moved(figures, moves)
        faults += self._compared(figures)
        after = self._memory(figures)
        faults += page.evaluate("(ids) => stress.wrong(ids)", figures)
        faults += [*self.errors, *_grown(before, after, growth)]
        self.errors.clear()
        seconds = time.monotonic() - started
        return Outcome(self._where(figures), moves, seconds, before, after, list(dict.fromkeys(faults)))

    def _where(self, figures: list[str]) -> str:
        page = re.sub(r".*?//[^/]*/", "", self.address)
        return f"{page}, {figures[0] if len(figures) == 1 else f'{len(figures)} figures'}"

    def _moved(self, figures: list[str], moves: int) -> list[str]:
        """Move, with all disturbances in between; what was wrong meanwhile."""
        faults = []
        rounds = max(len(DISTURBANCES), min(ROUNDS, moves // ROUND))
        shares = [moves * (i + 1) // rounds - moves * i // rounds for i in range(rounds)]
        for number, share in enumerate(shares):
            faults += self.page.evaluate(
                "([ids, ...how]) => stress.move(ids, ...how)", [figures, share, PER_FRAME]
            )
            DISTURBANCES[number % len(DISTURBANCES)](self.page, figures, number)
            faults += self._wrong(figures)
        self._as_first(figures)
        return faults

    def _wrong(self, figures: list[str]) -> list[str]:
        """What is wrong with the figures as they are, with the links to their states."""
        self.page.evaluate(TWO_FRAMES)
        wrong = self.page.evaluate("(ids) => stress.wrong(ids)", figures)
        if not wrong:
            return []
        links = self.page.evaluate("(ids) => ids.map((id) => stress.link(id))", figures)
        return [f"{what} at {' '.join(f'#{link}' for link in links)}" for what in wrong]

    def _as_first(self, figures: list[str]) -> None:
        """The window and the theme as on arrival, the figures at rest."""
        self.page.set_viewport_size(SIZE)
        self.page.evaluate(f"(id) => {IN_VIEW}", figures[0])
        self.page.evaluate("(theme) => stress.wear(theme)", LIGHT)
        self.page.evaluate("(ids) => stress.rest(ids)", figures)

    def _compared(self, figures: list[str]) -> list[str]:
        """Where a page that has only been led to a figure's state shows something else."""
        faults = []
        for figure in figures:
            link = self.page.evaluate("(id) => stress.link(id)", figure)
            for page in (self.page, self.fresh) if figure in TRAILS else (self.fresh,):
                page.goto(f"{self.address}#{figure}")
                page.evaluate(TWO_FRAMES)
                page.goto(f"{self.address}#{link}")
                page.evaluate("(id) => stress.rest([id])", figure)
            ours, theirs = (
                page.evaluate("(id) => stress.picture(id)", figure) for page in (self.page, self.fresh)
            )
            self.fresh.goto(f"{self.address}#{figure}")  # the first state, for a figure that shares it
            differences = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
            if differences or len(ours) != len(theirs):
                a, b = differences[0] if differences else (f"{len(ours)} lines", f"{len(theirs)} lines")
                faults.append(f"{figure}: got {a[:200]!r}, from the link to its state {b[:200]!r} at #{link}")
        return faults

    def _memory(self, figures: list[str]) -> Memory:
        """After all is undone and garbage collected."""
        self.page.evaluate("(ids) => stress.reset(ids)", figures)
        self.page.wait_for_timeout(600)  # sentences that wait to be said hold what they tell of
        found = []
        for _ in range(3):  # what is in use just then is not collected: the least counts
            self.page.evaluate(TWO_FRAMES)
            self.devtools.send("HeapProfiler.collectGarbage")
            heaps = self.devtools.send("Runtime.getHeapUsage")
            counts = self.devtools.send("Performance.getMetrics")["metrics"]
            counted = {each["name"]: each["value"] for each in counts}
            found.append(
                (
                    heaps["usedSize"] + heaps["backingStorageSize"],
                    heaps["embedderHeapUsedSize"],
                    counted["Nodes"],
                    counted["JSEventListeners"],
                )
            )
        return Memory(*(int(min(each)) for each in zip(*found, strict=True)))


def _grown(before: Memory, after: Memory, allowed: float) -> list[str]:
    """What has grown more than it may."""
    faults = []
    for whose in ("script", "page"):
        growth = getattr(after, whose) / getattr(before, whose) - 1
        if growth > allowed:
            faults.append(f"memory of the {whose} grew by {100 * growth:.1f} %")
    if after.nodes > (1 + MORE_NODES) * before.nodes:
        faults.append(f"{after.nodes - before.nodes} nodes more than before")
    if after.listeners > before.listeners:
        faults.append(f"{after.listeners - before.listeners} listeners more than before")
    return faults


# --- what happens between moves -------------------------------------------------------------------------------------

READ_THROUGH = f"""async () => {{
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {{
    scrollTo({{ top, behavior: "instant" }});
    await ({TWO_FRAMES})();
  }}
}}"""
IN_VIEW = "document.getElementById(id).scrollIntoView({ block: 'center', behavior: 'instant' })"


def _resize(page, figures: list[str], number: int) -> None:
    page.set_viewport_size({"width": WIDTHS[(number // len(DISTURBANCES)) % len(WIDTHS)], "height": 800})
    page.evaluate(f"(id) => {IN_VIEW}", figures[0])


def _switch_theme(page, figures: list[str], number: int) -> None:
    page.evaluate("(theme) => stress.wear(theme)", ("dark", LIGHT)[number // len(DISTURBANCES) % 2])


def _hide_and_show(page, figures: list[str], number: int) -> None:
    page.evaluate("() => stress.show(false)")
    page.evaluate("([ids, count]) => stress.moveUnseen(ids, count)", [figures, HIDDEN])
    page.evaluate("() => stress.show(true)")


def _scroll_away(page, figures: list[str], number: int) -> None:
    # To the page's farther end.
    page.evaluate(
        "() => scrollTo({ top: scrollY > document.documentElement.scrollHeight / 2 ? 0 : 1e7, behavior: 'instant' })"
    )
    page.evaluate(TWO_FRAMES)
    page.evaluate("([ids, ...how]) => stress.move(ids, ...how)", [figures, HIDDEN, PER_FRAME])
    page.evaluate(f"(id) => {IN_VIEW}", figures[number // len(DISTURBANCES) % len(figures)])


DISTURBANCES = (_resize, _switch_theme, _hide_and_show, _scroll_away)


# --- the pages ---------------------------------------------------------------------------------------------------


def twenty_figures(site: Path = SITE, count: int = 20) -> str:
    """Markup of the front page with more figures at its end, from all of the book: `count`, no identifier twice."""

    def figures(page: str) -> dict[str, str]:
        markup = (site / page).read_text(encoding="utf-8")
        found = re.findall(r'<div class="dtr-figure"[^>]*>.*?</div>', markup, re.DOTALL)
        return {
            re.search(r'id="([^"]*)"', figure)[1]: figure
            for figure in found
            if 'data-topic="exercises"' not in figure
        }

    own = figures(FRONT)
    others = {name: figure for page in pages_with_figures() for name, figure in figures(page).items()}
    others = [figure for name, figure in others.items() if name not in own]
    more = count - len(own)
    chosen = "\n".join(others[i * len(others) // more] for i in range(more))
    return (site / FRONT).read_text(encoding="utf-8").replace("</article>", f"{chosen}</article>", 1)


@contextmanager
def _browser():
    with sync_playwright() as playwright:
        command = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=command, args=FLAGS)
        yield browser
        browser.close()


def stress(base: str, page: str, moves: int, seed: int) -> Iterator[Outcome]:
    """Each figure of a page, one after the other; those of `TWENTY` together. In a browser of its own."""
    with _browser() as browser:
        bench = Workbench(browser, base + page, body=twenty_figures() if page == TWENTY else None)
        figures = bench.figures()
        for together in [figures] if page == TWENTY else [[figure] for figure in figures]:
            yield bench.stress(together, moves=moves, seed=seed)
        bench.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="part of a page's address; by default all")
    parser.add_argument("--moves", type=int, default=MOVES, help="moves of each figure (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moves (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="browsers side by side (%(default)s)")
    arguments = parser.parse_args()
    every = [*pages_with_figures(), TWENTY]
    pages = [page for page in every if not arguments.pages or any(part in page for part in arguments.pages)]
    started, outcomes = time.monotonic(), []

    def work(page: str) -> None:
        for outcome in stress(base, page, arguments.moves, arguments.seed):
            outcomes.append(outcome)
            print(outcome, flush=True)

    with serve(SITE) as base, ThreadPoolExecutor(arguments.workers) as pool:
        list(pool.map(work, pages))
    faulty = [outcome for outcome in outcomes if outcome.faults]
    print(
        f"\n{len(outcomes)} figures or pages, {len(faulty)} with faults, in {time.monotonic() - started:.0f} s"
    )
    return 1 if faulty or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
