"""Looks at the live view and says what changed. It is level-triggered, so a restart neither repeats nor loses an alarm.

Two of these may run at once: the id of a transition follows from the one before it, and of two with one id the first
stands.
"""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from schemas.alarmregels import AlarmRegel
from schemas.events import BewakingBegonnen, Event
from schemas.reference import gemeenten
from services.core.alarms.alarmen import STATUS, Ketens, Transition
from services.core.alarms.beeld import Beeld, Uitgezocht
from services.core.alarms.bewaakt import telt_dagen, waarschuwt
from services.core.alarms.bewaakt.locaties import boven_maximum
from services.core.alarms.bewaking import Bewaking, bewaking_begonnen
from services.core.alarms.overgang import overgangen
from services.core.bezetting import bezetting, overschrijding
from services.core.locaties import locatie
from services.core.naleving import naleving
from services.core.telregel import maatstaf
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer, say
from services.metrics import Metrics
from services.reads.reader import Reader
from services.reads.uitzoeken import Uitzoeker
from services.store.alarm_log import BEFORE_FIRST
from services.store.model import StoreUnavailableError
from services.store.present import Loaded

LOOK_SECONDS = 0.1
"""How long it rests between two looks. After a look that took longer, it rests twice as long as that took."""
REST_SECONDS_MAX = 1.0
"""It looks this often when nothing is stored, because announced facts take effect and time passes without an event."""
ALIVE_SECONDS_MAX = 60.0
"""A watch that did not see the store for so long does not watch, and the watchdog goes silent."""
FIND_SECONDS_MIN = 10.0
"""How long it rests between two rounds of finding out what takes longer than a look."""
FIND_SHARE = 0.05
"""The share of the time that finding out may take at most."""
IMPORT_REST = timedelta(seconds=3)
"""While history comes in, the present is half told. The watch waits until this long after the last of it."""
IMPORT_WAIT_MAX = timedelta(minutes=5)
"""It waits no longer than this without an import: late readings may trickle in all day."""
IMPORT_RATE = 200
"""Events a second. An import brings more than this, and a trickle of late readings fewer."""
FOUND_SECONDS_MAX = 3_600.0
"""What was found out longer ago than this is no longer known."""
Said = Transition | BewakingBegonnen
"""What a look may say."""
log = structlog.get_logger("alarms")


class Watch:
    """Brings the open alarms in line with the live view."""

    def __init__(
        self,
        reader: Reader,
        producer: Producer,
        regels: Sequence[AlarmRegel],
        lag: Callable[[], int | None],
        metrics: Metrics,
        mine: Callable[[], bool],
        broker_near: Callable[[], bool],
    ) -> None:
        """`mine`: whether it is this watch's turn. Two that do not know the same would contradict each other.

        `lag`: how many messages are not stored yet. `broker_near`: whether what is said would be heard.
        """
        self._reader, self._store, self._clock = reader, reader.store, reader.clock
        self._producer = producer
        self._regels = regels
        self._lag = lag
        self._metrics = metrics
        self._mine, self._broker_near = mine, broker_near
        self._uitzoeker = Uitzoeker(reader, regels)
        self._uitgezocht: Uitgezocht | None = None
        """None when nothing was found out yet, or only too long ago."""
        self._found_at = -math.inf
        self._ketens, self._bewaking = Ketens(), Bewaking()
        self._heard = BEFORE_FIRST
        """How far the alarms topic was read from the store."""
        self._waits_since = self._clock()
        self._counted = self._waits_since, 0
        """(moment, how many events were stored then), to measure how fast they come in."""
        self._seen, self._looked, self._saw = -math.inf, -math.inf, ""

    async def run(self) -> None:
        """Looks whenever something was stored, until cancelled. A store or broker that is away is waited for."""
        await asyncio.gather(self._keep_looking(), self._keep_finding_out())

    def alive(self) -> bool:
        """Whether it saw the store lately, so that it looks or waits on purpose, and would be heard."""
        return time.monotonic() - self._seen < ALIVE_SECONDS_MAX and self._broker_near()

    def warning(self) -> str | None:
        """Returns what `/gereed` warns of: an alarm which says that Opvangpeil itself does not work as it should."""
        said = [
            one.data.toelichting
            for one in list(self._ketens.last.values())
            if waarschuwt(one.data.grootheid) and STATUS[type(one)] in ("actief", "herstellend")
        ]
        return said[0] if said else None

    async def _keep_looking(self) -> None:
        while True:
            began = time.monotonic()
            try:
                await self._publish(await asyncio.to_thread(self._look_if_due))
            except (StoreUnavailableError, BrokerUnavailableError) as error:
                log.warning("wacht", reden=str(error))
            await asyncio.sleep(max(LOOK_SECONDS, 2 * (time.monotonic() - began)))

    async def _keep_finding_out(self) -> None:
        while True:
            began = time.monotonic()
            if self._mine():
                try:
                    self._uitgezocht = await asyncio.to_thread(self._uitzoeker.find, self._clock())
                    self._found_at = time.monotonic()
                except StoreUnavailableError as error:
                    log.warning("niet uitgezocht", reden=str(error))
            if time.monotonic() - self._found_at > FOUND_SECONDS_MAX:
                self._uitgezocht = None
            await asyncio.sleep(max(FIND_SECONDS_MIN, (time.monotonic() - began) / FIND_SHARE))

    def _look_if_due(self) -> list[Said]:
        if not self._mine():
            return []
        now = self._clock()
        state = self._store.heden(now)
        if state is None:  # It was counted a moment after `now`; the next look will do.
            return []
        self._seen = time.monotonic()
        saw = f"{state.position} {state.as_of}"
        due = saw != self._saw or time.monotonic() - self._looked > REST_SECONDS_MAX
        if not due or not self._settled(now, importing=now - state.position.imported_at < IMPORT_REST):
            return []
        with self._metrics.alarm_kijkduur.time():
            made = self._look(now, state)
        self._looked, self._saw = time.monotonic(), saw
        self._metrics.alarm_laatste_blik.set(now.timestamp())
        return made

    def _look(self, now: datetime, state: Loaded) -> list[Said]:
        self._hear()
        begun = [] if self._bewaking.gezegd else [bewaking_begonnen(now)]
        beeld = self._beeld(now, state)
        made = overgangen(self._regels, beeld, self._ketens.last)
        if any(telt_dagen(one.data.grootheid) for one in made):
            # The days above the maximum take a query of their own, so only an alarm that tells them asks for them.
            made = overgangen(self._regels, self._with_days(beeld), self._ketens.last)
        return [*begun, *made]

    def _hear(self) -> None:
        """Takes note of what was said on the topic since, by this instance or another."""
        for event, at in self._store.alarms.since(self._heard):
            self._note(event)
            self._heard = at

    def _note(self, event: Event) -> None:
        self._ketens.add(event)
        self._bewaking.add(event)

    def _beeld(self, now: datetime, state: Loaded) -> Beeld:
        heden = state.heden
        of_everybody = self._store.seen(state, state.shield.locaties).standen
        return Beeld(
            now=now,
            locaties=list(heden.columns),
            standen=heden.standen,
            registers=heden.registers,
            landelijk=bezetting(of_everybody, now, self._reader.grenzen),
            geregistreerd=of_everybody.geregistreerd,
            naleving=naleving(heden.wet, heden.standen, gemeenten(), now, maatstaf(heden.wet)),
            uitgezocht=self._uitgezocht
            and replace(self._uitgezocht, laatste_ontvangst=self._uitzoeker.last_received()),
            achterstand=self._lag(),
            grenzen=self._reader.grenzen,
        )

    def _with_days(self, beeld: Beeld) -> Beeld:
        limits = {own_id: locatie(beeld.registers, own_id, beeld.now).maximum for own_id in boven_maximum(beeld)}
        readings = self._store.readings(limits, beeld.now, beeld.now)
        days = {own_id: overschrijding(most, readings[own_id]) for own_id, most in limits.items() if most is not None}
        return replace(beeld, overschrijdingen=days)

    async def _publish(self, made: Sequence[Said]) -> None:
        """Says them in this order. What the broker confirmed is known here before it is stored."""
        await say(self._producer, made, self._said)

    def _said(self, made: Said) -> None:
        self._note(made)
        if isinstance(made, Transition):
            log.info("alarm", type=made.type, onderwerp=made.subject, regel=made.data.regel)

    def _settled(self, now: datetime, *, importing: bool) -> bool:
        if not importing:
            self._waits_since = now
            return True
        return now - self._waits_since > IMPORT_WAIT_MAX and not self._much_comes_in(now)

    def _much_comes_in(self, now: datetime) -> bool:
        """Whether events come in so fast that they are an import, and no trickle of late readings."""
        stored, (counted_at, before) = self._store.stored_count(), self._counted
        if now - counted_at < IMPORT_REST:
            return True
        self._counted = now, stored
        return (stored - before) / (now - counted_at).total_seconds() > IMPORT_RATE
