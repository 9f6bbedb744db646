"""Ids that were lately looked for in vain, remembered for a moment: ingest asks just before the processor does."""

import math
import threading
import time
from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

REMEMBERED_SECONDS = 10.0
"""How long 'not in the log' is believed. Another processor may store the id meanwhile; a fresh look-up has the same
race, since nothing is locked between looking and storing."""
REMEMBERED_MAX = 100_000


class Recent:
    """When each id was last found not to be in the log."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, seconds: float = REMEMBERED_SECONDS) -> None:
        """`seconds`: 0 where other processes store events too, so that what they stored is seen at once."""
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._unknown: dict[str, float] = {}
        self._stored: dict[str, None] = {}

    def unsure(self, ids: Collection[str]) -> list[str]:
        """Those that must be looked up."""
        since = self._clock() - self._seconds
        with self._lock:
            return [own_id for own_id in ids if self._unknown.get(own_id, -math.inf) < since]

    def not_found(self, ids: Collection[str]) -> None:
        """These were looked for in vain, unless one was stored while it was looked for."""
        with self._lock:
            now = self._clock()
            self._unknown.update((own_id, now) for own_id in ids if own_id not in self._stored)
            _forget_oldest(self._unknown)

    def stored(self, ids: Collection[str]) -> None:
        """These are in the log from now on."""
        with self._lock:
            for own_id in ids:
                self._unknown.pop(own_id, None)
            self._stored.update(dict.fromkeys(ids))
            _forget_oldest(self._stored)


def _forget_oldest(remembered: dict[str, Any]) -> None:
    for own_id in list(islice(remembered, max(0, len(remembered) - REMEMBERED_MAX))):
        del remembered[own_id]
