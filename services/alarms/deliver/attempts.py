"""The attempts under way: a limited number at once for each receiver, while the rest wait for their turn."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import structlog

from services.core.alarms.bezorgd import BezorgKey
from services.core.alarms.bundels import Zending

AT_ONCE = 8
"""Attempts at one receiver. It is not to be overrun, and one that hangs must hold up nobody else."""
Attempt = Callable[[Zending], "asyncio.Future[None]"]
log = structlog.get_logger("delivery")


class Attempts:
    """The attempts of one courier. For its event loop only."""

    def __init__(self, done: Callable[[], None]) -> None:
        """`done` is called after each attempt."""
        self._done = done
        self._running: dict[BezorgKey, asyncio.Future[None]] = {}
        self._waiting: dict[str, dict[BezorgKey, tuple[Zending, Attempt]]] = {}
        self._told: dict[BezorgKey, frozenset[BezorgKey]] = {}
        """The message of a running attempt → the deliveries in it."""

    def queue(self, naam: str, due: Iterable[Zending], attempt: Attempt, *, anew: bool) -> None:
        """Tries these as soon as there is room. What is being told already is not told in another message too.

        `anew`: forget what waits, because `due` is all that is due. Otherwise these come on top.
        """
        waiting = {} if anew else self._waiting.get(naam, {})
        busy: frozenset[BezorgKey] = frozenset().union(*self._told.values())
        waiting |= {one.key: (one, attempt) for one in due if busy.isdisjoint(lid.key for lid in one.leden)}
        self._waiting[naam] = waiting
        self._next(naam)

    def start(self, key: BezorgKey, attempt: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Tries at once, unless it is being tried already."""
        if key not in self._running:
            self._watch(key, asyncio.ensure_future(attempt()))

    def forget(self, naam: str) -> None:
        """Does not try what still waits for this receiver."""
        self._waiting.pop(naam, None)

    def drop(self) -> None:
        """Breaks everything off. The next courier finds in the store what was delivered."""
        for task in self._running.values():
            task.cancel()
        self._running, self._waiting, self._told = {}, {}, {}

    def _next(self, naam: str) -> None:
        waiting = self._waiting.get(naam, {})
        busy = sum(1 for other, _ in self._running if other == naam)
        for key in [*waiting][: max(0, AT_ONCE - busy)]:
            zending, attempt = waiting.pop(key)
            self._told[key] = frozenset(one.key for one in zending.leden)
            self._watch(key, attempt(zending))

    def _watch(self, key: BezorgKey, task: "asyncio.Future[None]") -> None:
        self._running[key] = task

        def ended(_: object) -> None:
            if self._running.get(key) is task:
                del self._running[key]
                self._told.pop(key, None)
                self._next(key[0])
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("fout bij het bezorgen", ontvanger=key[0], bericht=key[1], exc_info=error)
            self._done()

        task.add_done_callback(ended)
