"""Empty stores in this process that are used again after emptying. To make one takes a core a fifth of a second.

Use these only to read and write events. A test that changes the schema or breaks a connection makes its own store.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store

_numbers = itertools.count()
_spare: list[Connection] = []


@contextmanager
def empty_store(folder: Path) -> Iterator[Store]:
    """Gives a store without events, and without any memory of earlier ones."""
    connection = _spare.pop() if _spare else _made(folder)
    yield Store(connection)
    _empty(connection)
    _spare.append(connection)


def release() -> None:
    """Closes the spare stores. As long as one is open, this process can open no other folder of chDB."""
    while _spare:
        connection = _spare.pop()
        connection.client().command(f"DROP DATABASE `{connection.database}` SYNC")
        connection.close()


def _made(folder: Path) -> Connection:
    connection = Connection(f"chdb://{folder}?database=leeg{next(_numbers)}")
    migrate(connection)
    return connection


def _empty(connection: Connection) -> None:
    client = connection.client()
    filled = client.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0 "
        "AND name NOT IN ('migratie', 'zegel')"  # what a migration fills
    )
    for (table,) in filled.result_rows:
        client.command(f"TRUNCATE TABLE `{table}`")
