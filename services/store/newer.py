"""What a table got since one looked."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from services.store.connect import Connection

At = TypeVar("At")
T = TypeVar("T")


class Newer(Generic[At]):
    """Reads what a table has after a place. It asks nothing when nothing was written since there was nothing."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection, self._table = connection, table
        self._nothing_after: tuple[int, At] | None = None

    def after(self, at: At, read: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Returns what `read` gives: the rows after `at`."""
        writes = self._connection.writes(self._table)
        if writes is not None and self._nothing_after == (writes, at):
            return ()
        found = read()
        if writes is not None and not found:
            self._nothing_after = writes, at
        return found
