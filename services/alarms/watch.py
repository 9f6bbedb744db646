"""Looks at the live view, and says what changed: level-triggered, so a restart neither repeats nor loses an alarm.

Safe to run twice: the id of a transition follows from the one before it, and of two with one id the first said stands.
"""

import asyncio
import math
import time
from datetime import datetime, timedelta

import structlog

from services.clock import Clock
from services.core.alarmen import Transition, desired, latest_of, reconcile
from services.core.bezetting import bezetting
from services.core.locaties import locaties
from services.core.standen import standen
from services.eventlog.producer import BrokerUnavailableError, Producer
from services.eventlog.topics import ALARMS
from services.store.model import StoreUnavailableError
from services.store.store import Store

LOOK_SECONDS = 1.0
REST_SECONDS_MAX = 5.0
"""Look at least this often when nothing was stored: what was announced takes effect without an event."""
IMPORT_REST = timedelta(seconds=3)
"""While history comes in, the present is half told. The watch waits until this long after the last of it …"""
IMPORT_WAIT_MAX = timedelta(minutes=5)
"""… but not for ever: late readings may trickle in all day."""
log = structlog.get_logger("alarms")


class Watch:
    """Reconciles the alarms that are open with those that the live view calls for."""

    def __init__(self, store: Store, producer: Producer, clock: Clock) -> None:
        self._store = store
        self._producer = producer
        self._clock = clock
        self._said: dict[str, Transition] = {}
        self._waits_since = clock()
        self._looked, self._looked_at = -math.inf, ""

    async def run(self) -> None:
        """Look whenever something was stored, until cancelled. A store or broker that is away is waited for."""
        while True:
            try:
                await asyncio.to_thread(self._look_if_due)
            except (StoreUnavailableError, BrokerUnavailableError) as error:
                log.warning("wacht", reden=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    def _look_if_due(self) -> None:
        now, position = self._clock(), self._store.position()
        due = str(position) != self._looked_at or time.monotonic() - self._looked > REST_SECONDS_MAX
        if due and self._settled(now, importing=now - position.imported_at < IMPORT_REST):
            self._look(now)
            self._looked, self._looked_at = time.monotonic(), str(position)

    def _look(self, now: datetime) -> None:
        """Publish the transitions that are called for now."""
        view = self._store.view(now, now, now=now)
        known = locaties(view.registers, now)
        stored = {event.id: event for event in self._store.alarm_transitions(now)}
        self._said = {own_id: event for own_id, event in self._said.items() if own_id not in stored}
        latest = latest_of([*stored.values(), *self._said.values()], now)
        transitions = reconcile(desired(known, bezetting(standen(known), now)), latest, now)
        for transition in transitions:
            body = transition.model_dump_json(exclude_none=True).encode()
            headers = [("content-type", b"application/cloudevents+json")]
            self._producer.append(ALARMS, transition.subject, body, headers)
            self._said[transition.id] = transition
            log.info("alarm", type=transition.type, regel=transition.data.regel, onderwerp=transition.subject)

    def _settled(self, now: datetime, *, importing: bool) -> bool:
        if not importing:
            self._waits_since = now
        return not importing or now - self._waits_since > IMPORT_WAIT_MAX
