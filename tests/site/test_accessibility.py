"""Every page under axe-core, in both themes: what rules can see of reading by ear and by keyboard."""

import pytest

from .test_every_page import PAGES

# Each violated rule with the first places where it is.
FINDINGS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(
    ({ id, nodes }) => [id, nodes.length, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 150))],
)"""
# The table of all claims: each kind of its rows is in other pages' tests, and all rows take minutes.
LARGE = "book/appendix/ledger.html"


@pytest.fixture(scope="module")
def axe(root) -> str:
    return (root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", [address for address in PAGES if address != "index.html"])  # it leads on
def test_axe_finds_nothing(chromium, site_url, axe, address, theme):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto(site_url + address, wait_until="load")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-widget]')].every((figure) => figure.dataset.state !== undefined)"
    )
    page.wait_for_function("document.fonts.status === 'loaded'")
    if address == LARGE:
        page.evaluate(
            "for (const row of [...document.querySelectorAll('table.ledger tbody tr')].slice(50)) row.remove()"
        )
    page.evaluate(axe)
    assert page.evaluate(FINDINGS) == []
    context.close()
