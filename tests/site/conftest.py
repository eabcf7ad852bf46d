"""Shared by the tests of the site: pages of one module, in which nothing may go wrong."""

import pytest

from .live_figures import Pages


@pytest.fixture(scope="module")
def pages(chromium, site_url):
    """Opens pages: `pages.open(address, width=360)`; whatever goes wrong in one fails the module's last test."""
    pages = Pages(chromium, site_url)
    yield pages
    pages.close()
    pages.assert_nothing_wrong()
