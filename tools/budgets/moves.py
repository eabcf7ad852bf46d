"""How fast the figures answer, and what they cost at rest.

`measure()` opens each page with figures in Chromium (1280 by 800 pixels), starts all of them, and moves each
one's controls `MOVES` times: sliders over their whole ranges and back, lists through all their choices, a few
moves of one control and then of the next, so that sliders are moved under many choices. Each move sets
another value and is told by the control's own event, a frame after the one before.

**What is measured.** The time from the event to the end of that frame's work on the page's main thread: the
figure's listeners, its drawing (it draws in the frame's animation callback), style, layout, painting into a
display list, and handing that to the compositor. The clock is read before the event is dispatched, and in a
message that was posted in the frame's animation callback: it arrives when the frame's work is done.

**What is left out.** The wait of a real event for its frame (up to 16.7 ms at 60 frames a second, whatever
the page does), and what happens after the page has handed its frame over: turning the display list into
pixels and showing them. Without a graphics card Chromium does that on other threads, in software; a reader's
browser mostly has a card. A frame that takes at most 16 ms here is drawn in the frame of its event: a figure
keeps up with the finger.

A browser sends the moves of a pointer at the beginning of a frame, before its animation callbacks. So does
this: the event is dispatched while a `scroll` event is handled, which comes at the same place.

**At rest.** With all figures of the page started and none in use, the time that the page's main thread works,
from the browser's own count of it in processor time, as a part of one core.

Times depend on the machine and on what else it does: measure while it is quiet.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from chromium import FLAGS, find_chromium
from in_page import ALIVE, FRAME
from local_site import serve
from playwright.sync_api import Page, sync_playwright

from budgets import Line

__all__ = ["MOVES", "measure"]

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
MOVES = 200
A_FRAME = 16.0  # ms
AT_REST = 0.5  # percent of a core
WATCHED = 4.0  # seconds at rest

# Exercises have no sliders.
FIGURES = "[data-widget]:not([data-exercise], [data-widget=exercise-progress])"

# Milliseconds of each move of the figure.
MOVE = """async (figure, moves) => {
    const frame = FRAME;
    const BLOCK = 5;
    const scroller = document.createElement("div");
    const place = { position: "fixed", top: 0, left: 0, width: "9px", height: "9px", overflow: "scroll", opacity: 0 };
    Object.assign(scroller.style, place);
    scroller.append(document.createElement("div"));
    scroller.firstChild.style.height = "1000px";
    document.body.append(scroller);
    figure.scrollIntoView({ block: "center", behavior: "instant" });
    for (let i = 0; i < 5; i += 1) await frame();

    // The values of a control, to and fro, in as many different ones as it has, or as are asked for.
    const all = [...figure.querySelectorAll("input[type=range][data-trait], select[data-trait]")];
    const share = Math.ceil(moves / all.length);
    const walk = (values) => [...values.slice(1), ...values.slice(0, -1).reverse()];
    const plans = new Map(all.map((control) => {
        if (control.matches("select")) return [control, walk([...control.options].map(({ value }) => value))];
        const [low, high, step] = [control.min, control.max, control.step].map(Number);
        const count = Math.round((high - low) / step);
        const parts = Math.min(count, Math.max(2, Math.ceil(share / 2)));
        const value = (i) => String(low + step * Math.round((i / parts) * count));
        return [control, walk(Array.from({ length: parts + 1 }, (_, i) => value(i)))];
    }));
    const done = new Map(all.map((control) => [control, 0]));
    const next = (control) => {
        const plan = plans.get(control);
        for (let tried = 0; tried < plan.length; tried += 1) {
            const value = plan[done.get(control) % plan.length];
            done.set(control, done.get(control) + 1);
            const before = control.value;
            control.value = value;
            if (control.value !== before) return true;
        }
        return false;
    };
    const move = (control) => new Promise((resolve) => {
        scroller.addEventListener("scroll", () => {
            if (!next(control)) return resolve(null);
            const { port1, port2 } = new MessageChannel();
            const began = performance.now();
            control.dispatchEvent(new Event(control.matches("select") ? "change" : "input", { bubbles: true }));
            requestAnimationFrame(() => {
                port1.onmessage = () => resolve(performance.now() - began);
                port2.postMessage(null);
            });
        }, { once: true });
        scroller.scrollTop = scroller.scrollTop === 0 ? 100 : 0;
    });
    const times = [];
    const isShown = (control) => control.getBoundingClientRect().width > 0 && !control.disabled;
    for (let idle = 0; times.length < moves && idle < all.length; ) {
        for (const control of all) {
            const before = times.length;
            // The choice that opened the way to other controls stays for a round.
            const block = control.matches("select") ? 1 : BLOCK;
            for (let i = 0; i < block && isShown(control) && times.length < moves; i += 1) {
                const time = await move(control);
                if (time !== null) times.push(time);
            }
            idle = times.length > before ? 0 : idle + 1;
        }
    }
    scroller.remove();
    return times;
}""".replace("FRAME", FRAME)


def percentile(times: list[float], part: float) -> float:
    """The smallest of these times that at least this part of them do not exceed."""
    return sorted(times)[max(0, -int(-part * len(times) // 1) - 1)]


def pages_with_figures() -> list[str]:
    """Addresses of the built pages with figures, below the site's root."""
    pages = (page for page in sorted(SITE.rglob("*.html")) if "_static" not in page.parts)
    return [
        page.relative_to(SITE).as_posix()
        for page in pages
        if re.search(r"<[^>]* data-widget=", page.read_text(encoding="utf-8"))
    ]


def busy(page: Page) -> float:
    """Percent of a core that the main thread of a page at rest works."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    before = worked()
    page.wait_for_timeout(1000 * WATCHED)
    share = 100 * (worked() - before) / WATCHED
    session.detach()
    return share


def measure() -> Iterator[Line]:
    """Each figure's 95th percentile from a control's event to the paint, and each page's work at rest."""
    with serve(SITE) as address, sync_playwright() as playwright:
        command = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=command, args=FLAGS)
        for name in pages_with_figures():
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(address + name, wait_until="load")
            page.wait_for_function(ALIVE)
            for figure in page.locator(FIGURES).all():
                times = figure.evaluate(MOVE, MOVES)
                where = f"{name}, {figure.get_attribute('id')}"
                if times:
                    yield Line(
                        f"control to paint, 95 % of {len(times)}",
                        where,
                        percentile(times, 0.95),
                        A_FRAME,
                        "ms",
                    )
            page.wait_for_timeout(1500)  # the last sentence has been said
            yield Line("work at rest", name, busy(page), AT_REST, "%")
            page.close()
        browser.close()
