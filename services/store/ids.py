"""Events by their ids: how a query names those it looks for, and which were looked for in vain just now."""

import math
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from services.store.queries import When

FEW = 100
PART_MAX = 4_000
"""ClickHouse takes 128 KiB of a parameter over HTTP, and an id is 32 letters."""
PARTS = 8
"""As many as `log/_wanted.sql` has parameters."""
IDS_MAX = PARTS * PART_MAX
"""The most ids in one query."""
REMEMBERED_SECONDS = 10.0
"""How long 'not in the log' is believed. Another processor may store the id meanwhile. A fresh look-up has the same
race, since nothing is locked between looking and storing."""
REMEMBERED_MAX = 100_000


def wanted(ids: Sequence[str]) -> tuple[set[When], dict[str, Any]]:
    """How a query that includes `log/_wanted.sql` looks for at most IDS_MAX ids.

    Returns:
        What holds of the query, and its parameters.
    """
    if len(ids) <= FEW:
        return set(), {"ids": [number(own_id) for own_id in ids]}
    parts = (ids[start : start + PART_MAX] for start in range(0, IDS_MAX, PART_MAX))
    return {When.MANY_IDS}, {f"ids{n}": _Verbatim("".join(part).replace("-", "")) for n, part in enumerate(parts)}


def in_parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Returns the ids in parts that each fit in one query."""
    return (ids[start : start + IDS_MAX] for start in range(0, len(ids), IDS_MAX))


def number(event_id: str) -> int:
    """Returns an id as a number, in the order of its text."""
    return int(event_id.replace("-", ""), 16)


class _Verbatim:
    """A text that goes to ClickHouse as it is. The driver escapes other texts letter by letter, which takes long."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


class Recent:
    """Remembers for a moment which ids are not in the log: ingest asks for them just before the processor does.

    To look one id up took 7 ms at least, in a store of 5,000 events in this process. To find it here takes 0.005.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, seconds: float = REMEMBERED_SECONDS) -> None:
        """Remembers nothing yet.

        Args:
            clock: gives the seconds that have passed since some moment.
            seconds: how long an id is remembered; 0 where other processes store events too and must be seen at once.
        """
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._unknown: dict[str, float] = {}
        self._stored: dict[str, None] = {}

    def unsure(self, ids: Collection[str]) -> list[str]:
        """Returns the ids that must be looked up."""
        since = self._clock() - self._seconds
        with self._lock:
            return [own_id for own_id in ids if self._unknown.get(own_id, -math.inf) < since]

    def not_found(self, ids: Collection[str]) -> None:
        """Remembers that these ids were looked for in vain, unless one was stored while it was looked for."""
        with self._lock:
            now = self._clock()
            self._unknown.update((own_id, now) for own_id in ids if own_id not in self._stored)
            _forget_oldest(self._unknown)

    def stored(self, ids: Collection[str]) -> None:
        """Forgets these ids: they are in the log from now on."""
        with self._lock:
            for own_id in ids:
                self._unknown.pop(own_id, None)
            self._stored.update(dict.fromkeys(ids))
            _forget_oldest(self._stored)


def _forget_oldest(remembered: dict[str, Any]) -> None:
    for own_id in list(islice(remembered, max(0, len(remembered) - REMEMBERED_MAX))):
        del remembered[own_id]
