"""How often somebody may ask: a token bucket for each."""

import time
from collections import OrderedDict
from collections.abc import Callable

REMEMBERED_MAX = 10_000
"""Whoever was not seen for longest is forgotten, and so begins with a full bucket."""


class Buckets:
    """A bucket per key: `burst` at once, `rate` a second after that. On the event loop only."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """How many seconds until there is something left; 0 when there is."""
        return max(0.0, (1 - self._now(key)[0]) / self._rate)

    def take(self, key: str) -> float:
        """Take one, and return 0; or the seconds to wait when there is none left."""
        left, now = self._now(key)
        if left < 1:
            return (1 - left) / self._rate
        self._left[key] = left - 1, now
        self._left.move_to_end(key)
        if len(self._left) > REMEMBERED_MAX:
            self._left.popitem(last=False)
        return 0.0

    def _now(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, since = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - since) * self._rate), now
