"""Attempts under way: of each receiver so many at once, and the rest wait for their turn."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import structlog

from services.core.alarms.bezorging import Melding, Place

AT_ONCE = 8
"""At one receiver: it is not to be overrun, and who hangs must not hold up more than itself."""
Attempt = Callable[[Melding], "asyncio.Future[None]"]
log = structlog.get_logger("delivery")


class Attempts:
    """Those of one courier; for its event loop only."""

    def __init__(self, done: Callable[[], None]) -> None:
        """`done`: is told of each that ended."""
        self._done = done
        self._running: dict[Place, asyncio.Future[None]] = {}
        self._waiting: dict[str, dict[Place, tuple[Melding, Attempt]]] = {}

    def queue(self, naam: str, due: Iterable[Melding], attempt: Attempt, *, anew: bool) -> None:
        """Try these too, as soon as there is room. `anew`: these only, for of all that waited it was asked again."""
        waiting = {} if anew else self._waiting.get(naam, {})
        waiting |= {one.place: (one, attempt) for one in due if one.place not in self._running}
        self._waiting[naam] = waiting
        self._next(naam)

    def start(self, place: Place, attempt: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Try at once, unless it is being tried already."""
        if place not in self._running:
            self._watch(place, asyncio.ensure_future(attempt()))

    def forget(self, naam: str) -> None:
        """Do not try what waits for this receiver."""
        self._waiting.pop(naam, None)

    def drop(self) -> None:
        """Break all of it off: whoever goes on knows what was told."""
        for task in self._running.values():
            task.cancel()
        self._running, self._waiting = {}, {}

    def _next(self, naam: str) -> None:
        waiting = self._waiting.get(naam, {})
        busy = sum(1 for other, _ in self._running if other == naam)
        for place in [*waiting][: max(0, AT_ONCE - busy)]:
            melding, attempt = waiting.pop(place)
            self._watch(place, attempt(melding))

    def _watch(self, place: Place, task: "asyncio.Future[None]") -> None:
        self._running[place] = task

        def ended(_: object) -> None:
            if self._running.get(place) is task:
                del self._running[place]
                self._next(place[0])
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("fout bij het bezorgen", ontvanger=place[0], overgang=place[1], exc_info=error)
            self._done()

        task.add_done_callback(ended)
