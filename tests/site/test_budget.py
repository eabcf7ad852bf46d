"""The budgets that do not depend on the machine's speed: what each page loads, and what moves meanwhile."""

import pytest
from budgets.pages import addresses, of_page

PAGES = addresses()


def test_each_page_leads_to_one(site):
    assert {"book/index.html", "book/games/index.html", "search.html"} <= set(PAGES)
    assert set(PAGES.values()) <= set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_within_its_budgets(chromium, site_url, address):
    lines = of_page(chromium, site_url, address, PAGES[address])
    assert [str(line) for line in lines if not line.holds] == []
