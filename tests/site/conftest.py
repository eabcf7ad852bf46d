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


@pytest.fixture(scope="module")
def address(request, site_url):
    """The address of the page that the module's `PAGE` names."""
    return site_url + request.module.PAGE


@pytest.fixture(scope="module")
def page(pages, address):
    """The module's page, which its tests share: a chapter takes seconds to lay out."""
    return pages.open(address)


@pytest.fixture(scope="module")
def phone_page(pages, address):
    """The same on a phone."""
    return pages.open(address, width=360, has_touch=True, is_mobile=True)
