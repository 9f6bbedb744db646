"""Work that many ask for at the same time, done once for all of them."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Whoever asks gets what was begun after that: of those who ask while a turn is taken, one takes the next."""

    def __init__(self, work: Callable[[datetime], T]) -> None:
        """`work` is given the latest of the moments of those who ask."""
        self._work = work
        self._changed = threading.Condition()
        self._asked: list[datetime] = []
        self._begun = self._done = 0
        self._busy = False
        self._found: T

    def after(self, now: datetime) -> T:
        """What the work gives; raises what it raises, to whose turn it was."""
        with self._changed:
            mine = self._begun + 1
            self._asked.append(now)
            self._changed.wait_for(lambda: self._done >= mine or not self._busy)
            if self._done >= mine:
                return self._found
            self._busy, self._begun = True, self._begun + 1
            turn, latest, self._asked = self._begun, max([*self._asked, now]), []
        try:
            found = self._work(latest)
            with self._changed:
                self._found, self._done = found, turn
            return found
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
