"""Tells who waits for a message what became of it. Used where ingest and processor share a process."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError

from services.store.model import Outcome, Place, Unprocessable

REMEMBERED_MAX = 4096
"""Outcomes kept for a waiter that comes late: the processor may be done before the producer hears of the append."""


class Progress:
    """What became of each message."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, int], Future[Outcome]] = {}
        self._done: OrderedDict[tuple[int, int], Outcome] = OrderedDict()

    def outcome(self, partition: int, offset: int) -> "Future[Outcome]":
        """A future of what becomes of a message."""
        key = (partition, offset)
        with self._lock:
            if key in self._done:
                ready: Future[Outcome] = Future()
                ready.set_result(self._done[key])
                return ready
            return self._waiting.setdefault(key, Future())

    def report(self, places: list[Place], repeated: Mapping[Place, int], failures: list[Unprocessable]) -> None:
        """These messages are dealt with."""
        for place in places:
            key = (place.partition, place.offset)
            failed = tuple(item for item in failures if item.place == place)
            outcome = Outcome(repeated.get(place, 0), failed)
            with self._lock:
                self._done[key] = outcome
                if len(self._done) > REMEMBERED_MAX:
                    self._done.popitem(last=False)
                waiter = self._waiting.pop(key, None)
            if waiter is not None:
                with contextlib.suppress(InvalidStateError):  # it was given up on
                    waiter.set_result(outcome)
