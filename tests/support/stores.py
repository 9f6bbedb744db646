"""Empty stores, each in a database of its own."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store

_numbers = itertools.count()


@contextmanager
def stores(url_of: Callable[[str], str]) -> Iterator[Callable[[], Store]]:
    """Makes empty stores. `url_of` gives the address of a database from its name."""
    connections = []

    def make() -> Store:
        connection = Connection(url_of(f"proef{next(_numbers)}"))
        connections.append(connection)
        migrate(connection)
        return Store(connection)

    yield make
    for connection in connections:
        connection.client().command(f"DROP DATABASE `{connection.database}` SYNC")
        connection.close()
