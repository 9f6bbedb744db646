"""The table of what could not be accepted, by number: 1 is the oldest, so a number stays as more come in."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.moments import micros
from schemas.parsing import ids_if_valid
from services.store.connect import Connection
from services.store.model import NOT_SEALED, Place, Unprocessable
from services.store.queries import Query
from services.store.rows import UNPROCESSABLE_COLUMNS, columns_of

PAGE = Query("unprocessable/page")
COUNT = Query("unprocessable/count")
_ALL_BYTES = 2**32 - 1
_NO_NUMBER = 2**63
_PAGE = 200
"""How many are read whole at a time. One may take 12 MB, nearly all take less than 1 kB."""


class Numbered(NamedTuple):
    """What could not be accepted, with its number. `item.raw` is the beginning of its bytes when `length` is more."""

    number: int
    item: Unprocessable
    length: int


class UnprocessableTable:
    """Reads and writes the table. Every method blocks, and raises StoreUnavailableError when the store is away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, *, below: int | None = None, reason: str = "", count: int = 50, bytes_max: int = _ALL_BYTES
    ) -> list[Numbered]:
        """Returns what could not be accepted, the newest first.

        Args:
            below: only what has a lower number; None for all.
            reason: only what has this text in its reason.
            count: how many at most.
            bytes_max: how many bytes of each at most.
        """
        parameters = {"below": below or _NO_NUMBER, "reason": reason, "count": count, "bytes": bytes_max}
        rows = self._connection.rows(PAGE.sql(), parameters, formats={"beginning": "bytes"})
        return [
            Numbered(number, Unprocessable(topic, Place(epoch, partition, offset), index, why, received, raw), length)
            for number, topic, epoch, partition, offset, index, why, received, length, raw in rows
        ]

    def valid_now(self) -> Iterator[tuple[int, list[str]]]:
        """What could not be accepted once and is valid now: the number of each, and the ids of its events.

        A newer version knows more types and fields. What was offered again since is among them.
        """
        below = None
        while found := self.page(below=below, count=_PAGE):
            for one in found:
                ids = None if one.item.reason == NOT_SEALED else ids_if_valid(one.item.raw)
                if ids is not None:
                    yield one.number, ids
            below = found[-1].number

    def one(self, number: int) -> Numbered | None:
        """Returns the one with this number, with all its bytes; None when there is none."""
        found = self.page(below=number + 1, count=1)
        return found[0] if found and found[0].number == number else None

    def count(self) -> int:
        """Returns how many messages and events could not be accepted."""
        return int(self._connection.rows(COUNT.sql())[0][0])

    def insert(self, items: Sequence[Unprocessable]) -> None:
        """Keeps what could not be accepted, with its reason."""
        rows = [(i.topic, *i.place, i.index, i.reason, micros(i.ontvangen_op), i.raw) for i in items]
        if rows:
            columns = columns_of(rows, len(UNPROCESSABLE_COLUMNS))
            self._connection.insert("onverwerkbaar", UNPROCESSABLE_COLUMNS, columns)
