"""A few of the random moves of `make stress`, and that it notices what it looks for."""

import pytest
from budgets.moves import pages_with_figures
from stress import IN_VIEW, TWENTY, Workbench, twenty_figures

MOVES = 30  # of each figure
GROWTH = 0.1  # of memory: after so few moves a page is not yet what it will be; `make stress` allows less
LIGHT_PAGE = "book/index.html"

# Run in a page before its own scripts: what breaks the figure when a control is moved, and what is said of it.
ON_INPUT = "globalThis.kept = []; addEventListener('input', () => {{ {} }});"
FIGURE = "document.querySelector('[data-widget]')"
BREAKS = {
    "a leak of numbers": ("kept.push(new Float64Array(20000));", "memory of the script grew by"),
    "a leak of elements": (
        "kept.push(...Array.from('0123456789', () => document.createElement('p')));",
        "nodes more than before",
    ),
    "a leak of listeners": ("addEventListener('scroll', () => {});", "listeners more than before"),
    "a word": (f"{FIGURE}.querySelector('.dtr-legend li').textContent = 0 / 0;", "no number"),
    "a place": (
        f"{FIGURE}.querySelector('.dtr-legend').setAttribute('style', `--x: ${{0 / 0}}px`);",
        "no number",
    ),
    "a blank picture": (f"{FIGURE}.querySelector('svg.dtr-plot').replaceChildren();", "a blank picture"),
    "no picture": (f"{FIGURE}.querySelector('svg.dtr-plot').remove();", "no picture is left"),
    "an error": ("throw new Error('broken on purpose');", "an error: broken on purpose"),
    "a complaint": ("console.error('broken on purpose');", "in the console: broken on purpose"),
    "a trace of the way": (
        f"{FIGURE}.querySelector('.dtr-legend').title = 'moved';",
        "from the link to its state",
    ),
}


@pytest.fixture
def workbench(chromium, site_url):
    opened = []

    def at(page: str, **options) -> Workbench:
        opened.append(Workbench(chromium, site_url + page, **options))
        return opened[-1]

    yield at
    for bench in opened:
        bench.close()


@pytest.mark.parametrize("page", pages_with_figures())
def test_random_moves_leave_the_figures_whole(workbench, page):
    bench = workbench(page)
    figures = bench.figures()
    assert bench.stress(figures, moves=MOVES * len(figures), growth=GROWTH).faults == []


def test_twenty_figures_share_a_page(workbench, site):
    bench = workbench(TWENTY, body=twenty_figures(site))
    figures = bench.figures()
    assert len(set(figures)) == 20
    assert bench.stress(figures, moves=100, growth=GROWTH).faults == []


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_broken_is_noticed(workbench, broken):
    does, said = BREAKS[broken]
    bench = workbench(LIGHT_PAGE, before=ON_INPUT.format(does))
    faults = bench.stress(bench.figures(), moves=MOVES, growth=GROWTH).faults
    assert any(said in fault for fault in faults), faults


def test_the_same_seed_gives_the_same_moves(workbench):
    def state(seed: int) -> str:
        # A figure that is played goes as far as the clock takes it, and stops soon or late where it is out of view:
        # here the clock takes it nowhere, and it is in view.
        bench = workbench(LIGHT_PAGE, before="globalThis.setInterval = () => 1;")
        (figure,) = bench.figures()
        bench.page.evaluate(f"(id) => {IN_VIEW}", figure)
        bench.page.evaluate("(seed) => stress.seedWith(seed)", seed)
        bench.page.evaluate("(id) => stress.move([id], 40, 5)", figure)
        bench.page.evaluate("(id) => stress.rest([id])", figure)
        return bench.page.evaluate("(id) => stress.link(id)", figure)

    assert state(1) == state(1)
    assert state(1) != state(2)
