"""Stores in this process. The API and the pages do the same with a ClickHouse server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from tests.support.html_page import Page
from tests.support.inlees_help import profielen
from tests.support.meld_help import WORLD, fresh
from tests.support.reads import serving, serving_pages
from tests.support.spare import empty_store, release
from tests.support.stores import stores
from tests.support.strategies import read
from tests.support.web_events import EVENTS, NOW


@pytest.fixture(scope="module", autouse=True)
def spare_stores() -> Iterator[None]:
    """Spare stores live as long as a file of tests."""
    yield
    release()


@pytest.fixture
def new_store(request: pytest.FixtureRequest, chdb_folder: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty stores in this process, or over HTTP for a test that is marked `on_both_stores`."""
    if getattr(request, "param", "chdb") == "http":
        with stores(request.getfixturevalue("front").url) as make:
            yield make
    else:
        with ExitStack() as held:
            yield lambda: held.enter_context(empty_store(chdb_folder))


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    connection = Connection(f"chdb://{chdb_folder}?database=alleen_lezen")
    migrate(connection)
    store = Store(connection)
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving(store) as client:
        yield client
    store.command(f"DROP DATABASE `{connection.database}` SYNC")
    connection.close()


@pytest.fixture
def filled(store, fill):
    """A store with the same events, for a test that adds to it."""
    fill(store, read(EVENTS), ontvangen_op=NOW)
    return store


@pytest.fixture(scope="module")
def kept(chdb_folder, fill):
    """A store that forms are about, to which no test writes."""
    with fresh(chdb_folder, WORLD, fill) as store:
        yield store


@pytest.fixture
def writable(chdb_folder, fill):
    """A store with the same events as `kept`, for a test that writes to it."""
    with fresh(chdb_folder, WORLD, fill) as store:
        yield store


@pytest.fixture
def folder(tmp_path):
    """A folder of profiles of its own, since names that wait are written there."""
    (tmp_path / "profielen").mkdir()
    return profielen(tmp_path / "profielen")


@pytest.fixture
def away():
    """A store at an address where nothing listens."""
    return Store(Connection("clickhouse://127.0.0.1:9/opvang"))


@pytest.fixture
def shown(store, fill):
    """Returns the page of a path, from a store with these events."""

    def show(events, path, now=NOW, status=200):
        fill(store, read(events), ontvangen_op=NOW)
        with serving_pages(store, now) as client:
            answer = client.get(path)
        assert answer.status_code == status, answer.text
        return Page(answer.text)

    return show
