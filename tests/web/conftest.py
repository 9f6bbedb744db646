"""A store in this process: what the API and the pages say of it does not depend on how ClickHouse is reached."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from tests.support.reads import serving
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_events import EVENTS, NOW


@pytest.fixture
def new_store(chdb_folder: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty stores, all of them in this process."""
    with ExitStack() as held:
        yield lambda: held.enter_context(empty_store(chdb_folder))


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """Of a store that no test writes to."""
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
    """The same store, for a test that adds to it."""
    fill(store, read(EVENTS), ontvangen_op=NOW)
    return store


@pytest.fixture
def away():
    """A store at an address where nothing listens."""
    return Store(Connection("clickhouse://127.0.0.1:9/opvang"))
