"""Tells receivers what is to be told: looks what is left, tries, and says on the alarms topic how that went.

Level-triggered, as the alarms: what is left follows from what is kept (services/core/alarms/bezorging.py), so a
restart at any instant loses nothing, and nothing is told that is not kept. The topic has one partition, so of several
couriers the one that reads it does the work.
"""

import asyncio
import math
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from schemas.events import AlarmGemeld, Event, OntvangerGewijzigd
from schemas.fields import TEXT_MAX
from schemas.ontvangers import Ontvanger
from services.alarms.deliver.attempts import Attempts
from services.alarms.deliver.receiver import Receiver
from services.core.alarms.alarmen import Alarm, AlarmKey
from services.core.alarms.bezorging import Melding, outcome, settled, switch, te_melden, wait_after
from services.core.alarms.boek import Alarmboek
from services.core.alarms.stiltes import by_key
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer, new_id, say
from services.metrics import Metrics
from services.reads.reader import Reader
from services.store.alarm_log import BEGIN
from services.store.model import StoreUnavailableError

TICK_SECONDS = 1.0
"""Look at all of it at least this often: retries fall due, silences end."""
STEP_SECONDS_MIN = 0.02
HEARD_SECONDS_MAX = 5.0
"""What was heard on the topic is looked for in the store for so long, again and again; after that once a tick."""
GONE = 410
log = structlog.get_logger("delivery")


class Courier:
    """What one process does to tell receivers."""

    def __init__(
        self,
        reader: Reader,
        producer: Producer,
        receivers: Sequence[Receiver],
        metrics: Metrics,
        mine: Callable[[], bool],
        alive: Callable[[], bool],
    ) -> None:
        """`mine`: whether it is this courier's turn. `alive`: whether alarms are being looked for at all."""
        self._store, self._clock = reader.store, reader.clock
        self._producer = producer
        self._receivers = list(receivers)
        self._ontvangers = [receiver.ontvanger for receiver in receivers]
        self._metrics = metrics
        self._mine, self._alive = mine, alive
        for naam in (one.naam for one in self._ontvangers):
            for uitkomst in ("bezorgd", "mislukt", "opgegeven"):  # from the start, or the first of each goes unseen
                metrics.bezorging_pogingen.labels(naam, uitkomst)
        self._woken = asyncio.Event()
        self._attempts = Attempts(self._woken.set)
        self._begin()

    def _begin(self) -> None:
        self._boek = Alarmboek()
        self._left: dict[str, Alarm] = {}
        """The alarms of which anything may be left to tell: those that are open, and those not yet told of."""
        self._fresh: set[str] = set()
        """Of those, the ones of which anything was heard since the last look."""
        self._looked_at_all = -math.inf
        self._heard = BEGIN
        """How far the alarms topic was heard, as it is stored."""
        self._stored: set[str] = set()
        self._expects: set[str] = set()
        """What was heard on the topic, and is not stored yet …"""
        self._expects_until = -math.inf
        """… but will be, soon."""
        self._hidden: frozenset[str] = frozenset()
        self._to_say: list[Event] = []
        """What the broker has not confirmed yet."""
        self._attempts.drop()

    def hear(self, events: Iterable[Event]) -> None:
        """Hear that something was said on the topic. It counts once it is stored: what is told is kept."""
        self._expects |= {event.id for event in events} - self._stored
        self._expects_until = time.monotonic() + HEARD_SECONDS_MAX
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
            self._attempts.drop()
            for receiver in self._receivers:
                await receiver.close()

    async def _nap(self) -> None:
        if self._expects and time.monotonic() < self._expects_until:
            return
        self._expects.clear()  # what did not come by now was set aside, or comes with the next tick
        try:
            await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
        except TimeoutError:
            return
        finally:
            self._woken.clear()

    async def _step(self) -> None:
        if not self._mine():
            self._begin()
            self._count([])  # whoever has the turn now counts
            return
        try:
            await self._catch_up()
            self._hidden = await asyncio.to_thread(self._store.shielded, self._clock())
        except StoreUnavailableError:
            # What is known to be open is still to be said to be: an Alertmanager takes silence for its end.
            self._resend()
            raise
        self._look()
        await self._flush()

    def _look(self) -> None:
        """Begin to tell what is to be told."""
        now, whole = self._clock(), time.monotonic() - self._looked_at_all >= TICK_SECONDS
        meldingen, onderdrukt = te_melden(
            self._to_look_at(whole=whole),
            self._boek.gemeld,
            self._ontvangers,
            self._boek.stiltes,
            self._hidden,
            now,
            by_key(self._left.values()),
        )
        self._said(outcome(one, "onderdrukt", now, fout=one.reden) for one in onderdrukt)
        on = [one for one in meldingen if self._boek.gemeld.off(one.ontvanger.naam) is None]
        for receiver in self._receivers:
            own = [one for one in on if one.ontvanger is receiver.ontvanger]
            if receiver.ontvanger.soort == "alertmanager":
                self._tell_together(receiver, own)
            else:
                due = [one for one in own if one.vanaf <= now]
                self._attempts.queue(receiver.ontvanger.naam, due, self._attempt(receiver), anew=whole)
        if whole:
            self._count(meldingen)

    def _to_look_at(self, *, whole: bool) -> list[Alarm]:
        fresh, self._fresh = self._fresh, set()
        if not whole:
            return [self._left[own_id] for own_id in fresh if own_id in self._left]
        self._looked_at_all = time.monotonic()
        return list(self._left.values())

    def _resend(self) -> None:
        for receiver in self._receivers:
            if receiver.ontvanger.soort == "alertmanager":
                self._tell_together(receiver, [])

    def _tell_together(self, receiver: Receiver, new: Sequence[Melding]) -> None:
        """All that it knows to be open, once in a while; in between what is new."""
        everything = receiver.due(time.monotonic())
        if not everything and (not new or receiver.failing):
            return
        ontvanger = receiver.ontvanger
        known = [alarm for alarm in self._left.values() if alarm.open and self._told(ontvanger, alarm)]
        again = known if everything else []
        ids = {alarm.id for alarm in again}
        told = [*again, *(one.alarm for one in new if one.alarm.id not in ids)]

        async def attempt() -> None:
            tried = await receiver.tell_together(told, self._clock(), everything=everything, watchdog=self._alive())
            now = self._clock()
            self._metrics.bezorging_pogingen.labels(ontvanger.naam, "bezorgd" if tried.taken else "mislukt").inc()
            if tried.taken:
                self._metrics.bezorging_succes.labels(ontvanger.naam).set(now.timestamp())
                self._said(outcome(one, "bezorgd", now) for one in new)
            else:
                log.warning("niet bezorgd", ontvanger=ontvanger.naam, reden=tried.why)

        self._attempts.start((ontvanger.naam, ""), attempt)

    def _told(self, ontvanger: Ontvanger, alarm: Alarm) -> bool:
        """Whether it knows that this alarm is open, so that it has to hear that it still is."""
        said = [self._boek.gemeld.of(ontvanger.naam, one.id) for one in alarm.overgangen]
        return any(one is not None and one.data.uitkomst == "bezorgd" for one in said) and (
            ontvanger.zietAfgeschermd or alarm.onderwerp not in self._hidden
        )

    def _attempt(self, receiver: Receiver) -> Callable[[Melding], "asyncio.Future[None]"]:
        return lambda melding: asyncio.ensure_future(self._try(receiver, melding))

    async def _try(self, receiver: Receiver, melding: Melding) -> None:
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
            said.append(self._off(ontvanger, now + timedelta(microseconds=1)))
            self._attempts.forget(ontvanger.naam)
        self._metrics.bezorging_pogingen.labels(ontvanger.naam, "mislukt" if wait else "opgegeven").inc()
        log.warning("niet bezorgd", ontvanger=ontvanger.naam, overgang=melding.overgang.id, reden=why)
        self._said(said)

    @staticmethod
    def _off(ontvanger: Ontvanger, now: datetime) -> OntvangerGewijzigd:
        text = "antwoordde 410 Gone: wil niets meer ontvangen"
        return switch(ontvanger.naam, actief=False, reden=text, door=None, own_id=new_id(now), now=now)

    def _said(self, events: Iterable[Event]) -> None:
        """It is so, and the topic will hear of it as soon as the broker is there."""
        listed = list(events)
        if listed:
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
        first = self._heard == BEGIN
        stored = await asyncio.to_thread(self._store.alarms.since, self._heard)
        self._add(event for event, _ in stored)
        self._stored |= {event.id for event, _ in stored}
        self._expects -= self._stored
        self._heard = stored[-1].at if stored else self._heard
        if first:
            now = self._clock()
            new = [one.naam for one in self._ontvangers if one.naam not in self._boek.gemeld.since]
            text = "staat nieuw in het bestand van de ontvangers"
            self._said(switch(naam, actief=True, reden=text, door=None, own_id=new_id(now), now=now) for naam in new)

    def _add(self, events: Iterable[Event]) -> None:
        """Take note, and look again at the alarms that they speak of."""
        touched: set[AlarmKey] = set()
        for event in events:
            key = self._boek.add(event)
            if key is not None:
                touched.add(key)
            elif isinstance(event, AlarmGemeld) and (alarm := self._left.get(event.data.alarmId)) is not None:
                touched.add((alarm.regel, alarm.onderwerp))
            elif isinstance(event, OntvangerGewijzigd):  # what was given up may have to be told after all
                touched |= set(self._boek.ketens.last)
            else:  # a silence: of what is open anything may be
                self._fresh |= set(self._left)
        for key in touched:
            for alarm in self._boek.of(key):
                self._fresh.add(alarm.id)
                self._left[alarm.id] = alarm
                if settled(alarm, self._boek.gemeld, self._ontvangers):
                    del self._left[alarm.id]

    def _count(self, meldingen: Sequence[Melding]) -> None:
        for ontvanger in self._ontvangers:
            waits = sum(1 for one in meldingen if one.ontvanger is ontvanger)
            failed = len(self._boek.gemeld.given_up(ontvanger.naam))
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "wacht").set(waits)
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "mislukt").set(failed)
