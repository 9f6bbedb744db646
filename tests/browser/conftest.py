"""A browser and a server to read from. A test that writes starts its own server: `opened(browser, mine.url)`."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import NewPage, chromium, opened
from tests.support.server import Server

RECEIVER = """
[[ontvanger]]
naam = "meldkamer"
soort = "alertmanager"
url = "http://127.0.0.1:9"
privaat = true
ernst = ["hoog", "kritiek"]
provincies = ["PV20", "PV24"]
"""
"""A receiver at an address where nothing listens."""


IN_TEST = {"test_alarmen", "test_first_page", "test_inlezen", "test_keyboard", "test_live", "test_melden"}
"""The files of which `make test` runs the shortest tests. Each file starts a server and a browser of its own."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leaves the other files to `make volledig`."""
    if item.path.stem not in IN_TEST:
        item.add_marker(pytest.mark.volledig)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests, not for the session; `tests.support.chromium` says why."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The system with the public sample, only to read from. It lasts one file: at rest it takes a tenth of a core."""
    folder = tmp_path_factory.mktemp("scherm")
    file = folder / "ontvangers.toml"
    file.write_text(RECEIVER)
    setting = {"OPVANGPEIL_ONTVANGERS": str(file)}
    with Server(folder / "data", "--voorbeeld", "publiek", environment=setting) as server:
        yield server


@pytest.fixture
def new_page(browser: Browser, server: Server) -> NewPage:
    """Makes pages of new visitors to `server`, with the options of `tests.support.chromium.opened`."""
    return partial(opened, browser, server.url)


@pytest.fixture
def page(new_page: NewPage) -> Iterator[Page]:
    """An empty page with the light theme and the size of a desktop."""
    with new_page() as page:
        yield page
