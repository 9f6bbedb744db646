"""Tells receivers what is to be told: looks what is left, tries, and says on the alarms topic how that went.

Level-triggered, as the alarms: what is left follows from what was said (services/core/melden.py), so a restart at any
instant loses nothing. The topic has one partition, so of several couriers the one that reads it does the work.
"""

import asyncio
import math
import random
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import structlog

from schemas.events import AlarmGemeld, Event
from schemas.fields import TEXT_MAX
from schemas.ontvangers import Ontvanger
from services.api.read import Reader
from services.core.alarmboek import Alarmboek
from services.core.alarmen import Alarm, Key
from services.core.melden import Melding, Place, outcome, settled, switch, te_melden, wait_after
from services.core.stiltes import by_key
from services.delivery.receiver import Receiver
from services.eventlog.alarm_topic import new_id, say
from services.eventlog.producer import BrokerUnavailableError, Producer
from services.metrics import Metrics
from services.store.alarm_log import BEGIN
from services.store.model import StoreUnavailableError

TICK_SECONDS = 1.0
"""Look at least this often: retries fall due, silences end."""
STEP_SECONDS_MIN = 0.02
CATCH_UP_SECONDS = 5.0
"""What was stored and never heard on the topic is found so soon: it was said before this courier had its turn."""
IN_FLIGHT_MAX = 8
"""Attempts at one receiver at once: it is not to be overrun, and who hangs must not hold up more than itself."""
GONE = 410
log = structlog.get_logger("delivery")


class Courier:
    """What one process does to tell receivers."""

    def __init__(
        self, reader: Reader, producer: Producer, receivers: Sequence[Receiver], metrics: Metrics,
        mine: Callable[[], bool], alive: Callable[[], bool],
    ) -> None:  # fmt: skip
        """`mine`: whether it is this courier's turn. `alive`: whether alarms are being looked for at all."""
        self._reader, self._store, self._clock = reader, reader.store, reader.clock
        self._producer = producer
        self._receivers = {receiver.ontvanger.naam: receiver for receiver in receivers}
        self._ontvangers = [receiver.ontvanger for receiver in receivers]
        self._metrics = metrics
        self._mine, self._alive = mine, alive
        for naam in self._receivers:
            for uitkomst in (
                "bezorgd",
                "mislukt",
                "opgegeven",
            ):  # there from the start: what appears first rose by nothing
                metrics.bezorging_pogingen.labels(naam, uitkomst)
        self._woken = asyncio.Event()
        self._counted = -math.inf
        self._begin()

    def _begin(self) -> None:
        self._boek = Alarmboek()
        self._left: dict[str, Alarm] = {}
        """The alarms of which anything may be left to tell: those that are open, and those not yet told of."""
        self._fresh: set[str] = set()
        """Of those, the ones of which anything was heard since the last look."""
        self._looked_at_all = -math.inf
        self._heard: tuple[int, int] | None = None
        self._caught_up = 0.0
        self._to_say: list[Event] = []
        """What the broker has not confirmed yet."""
        self._in_flight: dict[Place, asyncio.Task[None]] = {}
        self._queues: dict[str, dict[Place, Melding]] = {}
        """Of each receiver what is due and has to wait for its turn."""

    def hear(self, events: Iterable[Event]) -> None:
        """Hear what was said on the topic."""
        if self._heard is not None:
            self._add(events)
        self._woken.set()

    async def run(self) -> None:
        """Tell, until cancelled. A store or broker that is away is waited for."""
        try:
            while True:
                began = time.monotonic()
                try:
                    await self._step()
                except (StoreUnavailableError, BrokerUnavailableError) as error:
                    log.warning("wacht", reden=str(error))
                await asyncio.sleep(max(STEP_SECONDS_MIN, 2 * (time.monotonic() - began)))
                await self._nap()
        finally:
            self._drop_tasks()
            for receiver in self._receivers.values():
                await receiver.close()

    async def _nap(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
        except TimeoutError:
            return
        finally:
            self._woken.clear()

    async def _step(self) -> None:
        if not self._mine():
            self._drop_tasks()
            self._begin()
            return
        await self._catch_up()
        now = self._clock()
        hidden = await asyncio.to_thread(self._store.shielded, now)
        meldingen, onderdrukt = te_melden(
            self._to_look_at(), self._boek.gemeld, self._ontvangers, self._boek.stiltes, hidden, now,
            by_key(self._left.values()),
        )  # fmt: skip
        self._said(outcome(one, "onderdrukt", now, fout=one.reden) for one in onderdrukt)
        on = [one for one in meldingen if self._boek.gemeld.off(one.ontvanger.naam) is None]
        for receiver in self._receivers.values():
            own = [one for one in on if one.ontvanger is receiver.ontvanger]
            if receiver.ontvanger.soort == "alertmanager":
                self._tell_all(receiver, own, hidden)
            else:
                self._tell_each(receiver, [one for one in own if one.vanaf <= now])
        if self._counted != self._looked_at_all:
            self._counted = self._looked_at_all
            self._count(meldingen)
        await self._flush()

    def _to_look_at(self) -> list[Alarm]:
        """All, once in a while; in between those of which anything was heard."""
        fresh, self._fresh = self._fresh, set()
        if time.monotonic() - self._looked_at_all < TICK_SECONDS:
            return [self._left[own_id] for own_id in fresh if own_id in self._left]
        self._looked_at_all = time.monotonic()
        return list(self._left.values())

    def _tell_each(self, receiver: Receiver, due: Sequence[Melding]) -> None:
        queue = self._queues.setdefault(receiver.ontvanger.naam, {})
        queue |= {one.place: one for one in due if one.place not in self._in_flight}
        self._next(receiver)

    def _next(self, receiver: Receiver) -> None:
        """Begin with as many of those that are due as may be tried at once."""
        queue = self._queues.get(receiver.ontvanger.naam, {})
        busy = sum(1 for naam, _ in self._in_flight if naam == receiver.ontvanger.naam)
        for place in [*queue][: IN_FLIGHT_MAX - busy]:
            self._start(place, self._attempt(receiver, queue.pop(place)), then=lambda: self._next(receiver))

    def _tell_all(self, receiver: Receiver, new: Sequence[Melding], hidden: frozenset[str]) -> None:
        place = receiver.ontvanger.naam, ""
        if place not in self._in_flight and receiver.due(news=bool(new), monotonic=time.monotonic()):
            self._start(place, self._resend(receiver, new, hidden))

    async def _attempt(self, receiver: Receiver, melding: Melding) -> None:
        tried = await receiver.tell(melding, self._clock())
        now, ontvanger = self._clock(), receiver.ontvanger
        if tried.taken:
            self._metrics.bezorging_pogingen.labels(ontvanger.naam, "bezorgd").inc()
            self._metrics.bezorging_succes.labels(ontvanger.naam).set(now.timestamp())
            self._said([outcome(melding, "bezorgd", now)])
            return
        why = tried.why[:TEXT_MAX]
        wait = None if tried.status == GONE else wait_after(melding.ronde + 1, random.random(), tried.asked)  # noqa: S311
        said: list[Event] = [outcome(melding, "uitgesteld" if wait else "opgegeven", now, fout=why, wacht=wait)]
        if tried.status == GONE:
            text = "antwoordde 410 Gone: wil niets meer ontvangen"
            said.append(switch(ontvanger.naam, actief=False, reden=text, door=None, own_id=new_id(now), now=now))
        self._metrics.bezorging_pogingen.labels(ontvanger.naam, "mislukt" if wait else "opgegeven").inc()
        log.warning("niet bezorgd", ontvanger=ontvanger.naam, overgang=melding.overgang.id, reden=why)
        self._said(said)

    async def _resend(self, receiver: Receiver, new: Sequence[Melding], hidden: frozenset[str]) -> None:
        now, ontvanger = self._clock(), receiver.ontvanger
        told = [alarm for alarm in self._boek_open() if self._told(ontvanger, alarm, hidden)]
        ids = {alarm.id for alarm in told}
        tried = await receiver.tell_all(
            [*told, *(one.alarm for one in new if one.alarm.id not in ids)], now, watchdog=self._alive()
        )
        self._metrics.bezorging_pogingen.labels(ontvanger.naam, "bezorgd" if tried.taken else "mislukt").inc()
        if tried.taken:
            self._metrics.bezorging_succes.labels(ontvanger.naam).set(now.timestamp())
            self._said(outcome(one, "bezorgd", now) for one in new)
        else:
            log.warning("niet bezorgd", ontvanger=ontvanger.naam, reden=tried.why)

    def _told(self, ontvanger: Ontvanger, alarm: Alarm, hidden: frozenset[str]) -> bool:
        """Whether it knows that this alarm is open, so that it has to hear that it still is."""
        said = [self._boek.gemeld.of(ontvanger.naam, one.id) for one in alarm.overgangen]
        return any(one is not None and one.data.uitkomst == "bezorgd" for one in said) and (
            ontvanger.zietAfgeschermd or alarm.onderwerp not in hidden
        )

    def _boek_open(self) -> list[Alarm]:
        return [alarm for alarm in self._left.values() if alarm.open]

    def _start(
        self, place: Place, attempt: Coroutine[Any, Any, None], then: Callable[[], None] = lambda: None
    ) -> None:  # fmt: skip
        task = self._in_flight[place] = asyncio.create_task(attempt)

        def done(_: object) -> None:
            if self._in_flight.get(place) is task:
                del self._in_flight[place]
                then()
            self._woken.set()

        task.add_done_callback(done)

    def _drop_tasks(self) -> None:
        for task in self._in_flight.values():
            task.cancel()
        self._in_flight = {}

    def _said(self, events: Iterable[Event]) -> None:
        """It is so, and the topic will hear of it as soon as the broker is there."""
        listed = list(events)
        if not listed:
            return
        self._add(listed)
        self._to_say += listed
        self._woken.set()

    async def _flush(self) -> None:
        said, self._to_say = self._to_say, []
        unsaid = {event.id: event for event in said}
        try:
            await say(self._producer, said, lambda event: unsaid.pop(event.id, None))
        finally:
            self._to_say = [*unsaid.values(), *self._to_say]

    async def _catch_up(self) -> None:
        if self._heard is not None and time.monotonic() - self._caught_up < CATCH_UP_SECONDS:
            return
        first = self._heard is None
        stored = await asyncio.to_thread(self._read_stored)
        self._heard = self._heard or BEGIN
        self._caught_up = time.monotonic()
        self._add(event for event, _ in stored)
        self._heard = max([self._heard, *(at for _, at in stored)])
        if first:
            now = self._clock()
            new = [one.naam for one in self._ontvangers if one.naam not in self._boek.gemeld.since]
            text = "staat nieuw in het bestand van de ontvangers"
            self._said(switch(naam, actief=True, reden=text, door=None, own_id=new_id(now), now=now) for naam in new)

    def _read_stored(self) -> list[tuple[Event, tuple[int, int]]]:
        return [*self._store.alarms.since(self._heard or BEGIN)]

    def _add(self, events: Iterable[Event]) -> None:
        """Take note, and look again at the alarms that they speak of."""
        touched: set[Key] = set()
        again = False
        for event in events:
            key = self._boek.add(event)
            if key is not None:
                touched.add(key)
            elif isinstance(event, AlarmGemeld):
                alarm = self._left.get(event.data.alarmId)
                touched |= {(alarm.regel, alarm.onderwerp)} if alarm else set()
            else:
                again = True
        for key in self._boek.ketens.last if again else touched:
            for alarm in self._boek.of(key):
                self._fresh.add(alarm.id)
                self._left[alarm.id] = alarm
                if settled(alarm, self._boek.gemeld, self._ontvangers):
                    del self._left[alarm.id]

    def _count(self, meldingen: Sequence[Melding]) -> None:
        for ontvanger in self._ontvangers:
            waits = sum(1 for one in meldingen if one.ontvanger is ontvanger)
            failed = sum(
                1
                for (naam, overgang), _ in self._boek.gemeld.last.items()
                if naam == ontvanger.naam
                and (said := self._boek.gemeld.of(naam, overgang)) is not None
                and said.data.uitkomst == "opgegeven"
            )
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "wacht").set(waits)
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "mislukt").set(failed)
