"""Fixtures for whoever needs the real store: chDB holds one folder per process, so every test has its own database."""

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.events import Event
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.model import Place
from services.store.store import Store
from tests.facts import accepted

_numbers = itertools.count()
_offsets = itertools.count()


@pytest.fixture(scope="session")
def chdb_folder() -> Iterator[Path]:
    """The one folder of this process; in memory where that is possible, since most tests are not about the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def store(chdb_folder: Path) -> Iterator[Store]:
    """An empty store with the whole schema, in a database of its own."""
    connection = Connection(f"chdb://{chdb_folder}?database=proef{next(_numbers)}")
    migrate(connection)
    store = Store(connection)
    yield store
    store.command(f"DROP DATABASE `{connection.database}` SYNC")
    connection.close()


Fill = Callable[..., None]


@pytest.fixture(scope="session")
def fill() -> Fill:
    """Insert events as the processor would: `fill(store, events, ontvangen_op=now)`."""

    def insert(store: Store, events: Iterable[Event], ontvangen_op: datetime | None = None) -> None:
        received = ontvangen_op or datetime.now(UTC)
        store.insert([accepted(event, received, Place(1, 0, next(_offsets))) for event in events])

    return insert
