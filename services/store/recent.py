"""Look-ups of ids, remembered for a moment: ingest asks just before the processor does."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable

from services.store.model import Known

REMEMBERED_SECONDS = 10.0
"""How long 'not in the log' is believed. Another processor may store the id meanwhile; a fresh look-up has the same
race, since nothing is locked between looking and storing."""
REMEMBERED_MAX = 100_000


class Recent:
    """What was lately found of ids: their place in the log, or that they are not in it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[float, Known | None]] = OrderedDict()

    def split(self, ids: Collection[str]) -> tuple[dict[str, Known], list[str]]:
        """Those that are known to be in the log, and those that must be looked up."""
        since = self._clock() - REMEMBERED_SECONDS
        known: dict[str, Known] = {}
        unsure: list[str] = []
        with self._lock:
            for own_id in ids:
                found = self._found.get(own_id)
                if found is None or (found[1] is None and found[0] < since):
                    unsure.append(own_id)
                elif found[1] is not None:
                    known[own_id] = found[1]
        return known, unsure

    def remember(self, found: Iterable[tuple[str, Known | None]]) -> None:
        """Keep what was found, the newest REMEMBERED_MAX."""
        now = self._clock()
        with self._lock:
            for own_id, known in found:
                self._found[own_id] = (now, known)
                self._found.move_to_end(own_id)
            while len(self._found) > REMEMBERED_MAX:
                self._found.popitem(last=False)
