"""Ids that were lately looked for in vain, remembered for a moment: ingest asks just before the processor does."""

import math
import threading
import time
from collections.abc import Callable, Collection
from itertools import islice

REMEMBERED_SECONDS = 10.0
"""How long 'not in the log' is believed. Another processor may store the id meanwhile; a fresh look-up has the same
race, since nothing is locked between looking and storing."""
REMEMBERED_MAX = 100_000


class Recent:
    """When each id was last found not to be in the log."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._unknown: dict[str, float] = {}

    def unsure(self, ids: Collection[str]) -> list[str]:
        """Those that must be looked up."""
        since = self._clock() - REMEMBERED_SECONDS
        with self._lock:
            return [own_id for own_id in ids if self._unknown.get(own_id, -math.inf) < since]

    def not_found(self, ids: Collection[str]) -> None:
        """These were looked for in vain; the oldest are forgotten."""
        with self._lock:
            self._unknown.update(dict.fromkeys(ids, self._clock()))
            for own_id in list(islice(self._unknown, max(0, len(self._unknown) - REMEMBERED_MAX))):
                del self._unknown[own_id]

    def stored(self, ids: Collection[str]) -> None:
        """These are in the log from now on."""
        with self._lock:
            for own_id in ids:
                self._unknown.pop(own_id, None)
