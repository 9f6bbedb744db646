"""The table of the alarms topic: transitions, confirmations, silences, deliveries.

It is small beside the log of facts, and read whole: the state of an alarm follows from its transitions
(services/core/alarms).
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from schemas.events import Event
from schemas.moments import micros
from schemas.parsing import parse_alarms
from services.core.alarms.boek import Alarmboek
from services.store.connect import Connection
from services.store.model import Place
from services.store.newer import Newer
from services.store.queries import Query
from services.store.rows import ALARM_COLUMNS, columns_of

KNOWN = Query("alarms/known")
SINCE = Query("alarms/since")
MISSED = Query("alarms/missed")
IDS_FROM = Query("alarms/ids_from")
LAST_PLACE = Query("alarms/last_place")
BEFORE_FIRST = (-1, 0)
"""A place before all others: (life, offset)."""


class Heard(NamedTuple):
    """An event of the alarms topic, and where it stood: (life, offset). The topic has one partition."""

    event: Event
    at: tuple[int, int]


class AlarmLog:
    """Reads and writes the table. Every method blocks, and raises StoreUnavailableError when the store is away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._one_at_a_time = threading.Lock()
        self._boek, self._heard = Alarmboek(), BEFORE_FIRST
        self._newer = Newer[tuple[int, int]](connection, "alarm")

    @contextmanager
    def boek(self, bekend_op: datetime | None) -> Iterator[Alarmboek]:
        """Lends all that was said by K (None: by now).

        What was said by now is kept and added to, so one at a time may hold it.
        """
        if bekend_op is not None:
            yield Alarmboek(self.known(bekend_op))
            return
        with self._one_at_a_time:
            for event, at in self.since(self._heard):
                self._boek.add(event)
                self._heard = at
            yield self._boek

    def known(self, bekend_op: datetime) -> list[Event]:
        """Returns every event with `time` ≤ K, oldest first."""
        return [heard.event for heard in self._read(KNOWN, {"k": bekend_op})]

    def ids_from(self, moment: datetime) -> set[str]:
        """Returns the ids of the events with this `time` or later."""
        return {str(own_id) for (own_id,) in self._connection.rows(IDS_FROM.sql(), {"k": moment})}

    def since(self, at: tuple[int, int], count: int = 10**9) -> Sequence[Heard]:
        """Returns the events after a place (see BEFORE_FIRST), in the order of the topic. Repeats may be among them."""
        asked = {"epoch": at[0], "offset": at[1], "count": count}
        return self._newer.after(at, lambda: self._read(SINCE, asked))

    def missed(
        self, at: tuple[int, int], count: int, hidden: Collection[str], quiet: Collection[str], unseen: Collection[str]
    ) -> list[Heard]:
        """Returns what `since` does, without events about some onderwerpen and of some types.

        `unseen`: what the rules watch whose alarms and silences are left out too.
        """
        left_out = {"hidden": sorted(hidden), "quiet": sorted(quiet), "unseen": sorted(unseen)}
        return self._read(MISSED, {"epoch": at[0], "offset": at[1], "count": count} | left_out)

    def last_place(self) -> tuple[int, int]:
        """Returns how far the topic is stored: (life, offset)."""
        ((epoch, offset),) = self._connection.rows(LAST_PLACE.sql())
        return epoch, offset

    def insert(self, heard: Iterable[tuple[Place, Event]]) -> None:
        """Keeps events. When two have the same id, the one that was said first stays."""
        rows = [
            (one.id, micros(one.time), one.model_dump_json(exclude_none=True), -micros(one.time), at.epoch, at.offset)
            for at, one in heard
        ]
        if rows:
            self._connection.insert("alarm", ALARM_COLUMNS, columns_of(rows, len(ALARM_COLUMNS)))

    def _read(self, query: Query, parameters: dict[str, Any]) -> list[Heard]:
        return [
            Heard(one, (epoch, offset))
            for text, epoch, offset in self._connection.rows(query.sql(), parameters)
            for one in parse_alarms(text.encode())
            if isinstance(one, Event)
        ]
