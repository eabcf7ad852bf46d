"""The budgets that do not depend on the machine's speed: what each page loads, and what moves meanwhile."""

import pytest
from budgets.pages import EXEMPT, addresses, of_page

PAGES = addresses()


def test_there_are_pages_and_the_exempt_exist(site):
    assert {"book/index.html", "book/games/index.html", "search.html"} <= set(PAGES)
    assert set(PAGES.values()) <= set(PAGES)
    assert all((site / address).is_file() for address in EXEMPT)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_within_its_budgets(chromium, site_url, address):
    lines = list(of_page(chromium, site_url, address, PAGES[address]))
    assert [str(line) for line in lines if not line.holds] == []
