"""A browser and something to look at. A test that writes starts a server of its own: `opened(browser, mine.url)`."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import NewPage, chromium, opened
from tests.support.server import Server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; not for a session, see `tests.support.chromium`."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The system with the public sample, only to read from. Not for a session: at rest it takes a tenth of a core."""
    with Server(tmp_path_factory.mktemp("scherm") / "data", "--voorbeeld", "publiek") as server:
        yield server


@pytest.fixture
def new_page(browser: Browser, server: Server) -> NewPage:
    """Makes pages of new visitors to `server`, with the options of `tests.support.chromium.opened`."""
    return partial(opened, browser, server.url)


@pytest.fixture
def page(new_page: NewPage) -> Iterator[Page]:
    """An empty page of a visitor in the light, at a desk."""
    with new_page() as page:
        yield page
