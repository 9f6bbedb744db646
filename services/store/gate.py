"""Reads and inserts of one process kept apart, so that an answer and its positie speak of the same events."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Any number of reads at a time, or one insert. An insert that waits goes before reads that come later."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._reading = 0
        self._inserting = False
        self._waiting = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """No insert of this process begins or ends meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: not self._inserting and not self._waiting)
            self._reading += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading -= 1
                self._changed.notify_all()

    @contextmanager
    def inserting(self) -> Iterator[None]:
        """Nothing is read by this process meanwhile."""
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._inserting and not self._reading)
            self._waiting -= 1
            self._inserting = True
        try:
            yield
        finally:
            with self._changed:
                self._inserting = False
                self._changed.notify_all()
