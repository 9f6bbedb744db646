"""The alarms that may have something left to deliver, as far as the alarms topic is stored."""

import asyncio
import time
from collections.abc import Iterable, Sequence

from schemas.events import AlarmGemeld, BewakingBegonnen, Event, OntvangerGewijzigd
from schemas.ontvangers import Ontvanger
from services.core.alarms.alarmen import Alarm, AlarmKey
from services.core.alarms.bezorging import settled
from services.core.alarms.boek import Alarmboek
from services.store.alarm_log import BEFORE_FIRST
from services.store.store import Store

HEARD_SECONDS_MAX = 5.0
"""An event that was heard on the topic is expected to be stored within this time."""


class Outstanding:
    """Knows what was said, and which alarms to look at. For one event loop only."""

    def __init__(self, store: Store, ontvangers: Sequence[Ontvanger]) -> None:
        """Knows nothing until `catch_up`."""
        self._store = store
        self.ontvangers = ontvangers
        """The receivers. When one of them gets other alarms, an event says so."""
        self.boek = Alarmboek()
        """All that was said."""
        self.alarmen: dict[str, Alarm] = {}
        """By id: the open alarms, and the alarms that some receiver has not heard everything about."""
        self._fresh: set[str] = set()
        """The ids of those about which anything was said since the last look."""
        self._read_up_to = BEFORE_FIRST
        """How far the alarms topic was read from the store."""
        self._stored: set[str] = set()
        self._expected: set[str] = set()
        """The ids of events that were heard on the topic and are not stored yet."""
        self._expected_until = 0.0

    def hear(self, events: Iterable[Event]) -> None:
        """Hears that something was said on the topic. It counts once it is stored."""
        self._expected |= {event.id for event in events} - self._stored
        self._expected_until = time.monotonic() + HEARD_SECONDS_MAX

    def expects_more(self) -> bool:
        """Whether something that was heard will be stored at any moment.

        An event that was not stored in time was unprocessable, or comes with a later `catch_up`.
        """
        if time.monotonic() >= self._expected_until:
            self._expected.clear()
        return bool(self._expected)

    async def catch_up(self) -> None:
        """Reads what was stored since the last time. Raises StoreUnavailableError."""
        stored = await asyncio.to_thread(self._store.alarms.since, self._read_up_to)
        self.add(event for event, _ in stored)
        self._stored |= {event.id for event, _ in stored}
        self._expected -= self._stored
        self._read_up_to = stored[-1].at if stored else self._read_up_to

    def add(self, events: Iterable[Event]) -> None:
        """Takes note of events, and marks the alarms that they are about."""
        touched: set[AlarmKey] = set()
        for event in events:
            key = self.boek.add(event)
            if key is not None:
                touched.add(key)
            elif isinstance(event, AlarmGemeld) and (alarm := self.alarmen.get(event.data.alarmId)) is not None:
                touched.add(alarm.sleutel)
            elif isinstance(
                event, OntvangerGewijzigd
            ):  # What was given up, or not asked for, may have to be told after all.
                touched |= set(self.boek.ketens.last)
            elif not isinstance(event, BewakingBegonnen):  # A silence may be about anything that is open.
                self._fresh |= set(self.alarmen)
        for key in touched:
            for alarm in self.boek.of(key):
                self._fresh.add(alarm.id)
                self.alarmen[alarm.id] = alarm
                if settled(alarm, self.boek.bezorgd, self.ontvangers):
                    del self.alarmen[alarm.id]

    def take_fresh(self) -> list[Alarm]:
        """Returns the alarms about which anything was said since this was last asked."""
        fresh, self._fresh = self._fresh, set()
        return [self.alarmen[own_id] for own_id in fresh if own_id in self.alarmen]
