"""Look-ups of ids, remembered for a moment: ingest asks just before the processor does."""

import math
import threading
import time
from collections.abc import Callable, Collection, Mapping
from itertools import islice

from schemas.events import Said

REMEMBERED_SECONDS = 10.0
"""How long 'not in the log' is believed. Another processor may store the id meanwhile; a fresh look-up has the same
race, since nothing is locked between looking and storing."""
REMEMBERED_MAX = 100_000
REMEMBERED_BYTES_MAX = 1024
"""What a larger event says is not kept: it is looked up again."""


class Recent:
    """What was lately found of ids: their place in the log, or that they are not in it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Said] = {}
        self._unknown: dict[str, float] = {}
        """When an id was last looked for in vain."""

    def split(self, ids: Collection[str]) -> tuple[dict[str, Said], list[str]]:
        """Those that are known to be in the log, and those that must be looked up."""
        since = self._clock() - REMEMBERED_SECONDS
        with self._lock:
            known = {own_id: self._known[own_id] for own_id in ids if own_id in self._known}
            unsure = [own_id for own_id in ids if own_id not in known and self._unknown.get(own_id, -math.inf) < since]
        return known, unsure

    def remember(self, found: Mapping[str, Said | None]) -> None:
        """Keep what was found; the oldest are forgotten."""
        now = self._clock()
        with self._lock:
            for own_id, known in found.items():
                if known is None:
                    self._unknown[own_id] = now
                elif len(known[-1]) <= REMEMBERED_BYTES_MAX:
                    self._known[own_id] = known
                else:
                    self._unknown.pop(own_id, None)
            for kept in (self._known, self._unknown):
                for own_id in list(islice(kept, max(0, len(kept) - REMEMBERED_MAX))):
                    del kept[own_id]
