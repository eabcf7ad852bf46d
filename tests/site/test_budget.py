"""The budgets that do not depend on the machine's speed: what each page loads, and what moves meanwhile."""

import pytest
from budgets.pages import addresses, of_page

PAGES = addresses()

# Over their budget, as `make budget` says: what they may weigh until they are within it, so that they do not grow.
# Of the 152 kB of markup of the chapter on games formulas are 67 and code is 23; its figures' script is 31 more.
OVER = {("next chapter", "book/games/index.html"): 190}  # kB


def test_each_page_leads_to_one(site):
    assert {"book/index.html", "book/games/index.html", "search.html"} <= set(PAGES)
    assert set(PAGES.values()) <= set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_within_its_budgets(chromium, site_url, address):
    lines = of_page(chromium, site_url, address, PAGES[address])
    over = [line for line in lines if not line.holds]
    assert [str(line) for line in over if line.measured > OVER.get((line.what, PAGES[address]), 0)] == []
