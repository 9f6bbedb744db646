"""Delivers alarms to receivers: looks what is left, makes the attempts, and says on the alarms topic how they went.

It is level-triggered, like the alarms: what is left follows from what is stored. So a restart at any instant loses
nothing, and nothing is delivered that is not stored. The topic has one partition, so of several couriers only the one
that reads it does the work.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import structlog

from schemas.events import Event, OntvangerGewijzigd
from schemas.fields import TEXT_MAX
from schemas.ontvangers import NIETS, Ontvanger
from schemas.parsing import parse_alarms
from services.alarms.deliver.attempts import Attempts
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.outstanding import Outstanding
from services.alarms.deliver.receiver import Receiver
from services.core.alarms.alarmen import Alarm
from services.core.alarms.bezorging import Bezorging, kept, mag_horen, nieuws, outcome, switch, te_bezorgen, wait_after
from services.core.alarms.bundels import Zending, zendingen
from services.core.alarms.stiltes import by_key
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer, new_id, say
from services.metrics import Metrics
from services.processor.batch import Message
from services.processor.worker import Handler
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError

DELIVERY_GROUP = "opvangpeil-bezorging"
"""The consumer group. It does not matter where it has read: what is left follows from what is stored."""
TICK_SECONDS = 1.0
"""Everything is looked at this often, because retries fall due and silences end without an event."""
STEP_SECONDS_MIN = 0.02
GONE = 410
_OUTCOMES = ("bezorgd", "mislukt", "opgegeven")
log = structlog.get_logger("delivery")


class Courier:
    """What one process does to deliver to receivers."""

    def __init__(
        self,
        reader: Reader,
        producer: Producer,
        lijst: Lijst,
        metrics: Metrics,
        mine: Callable[[], bool],
        alive: Callable[[], bool],
    ) -> None:
        """`mine`: whether it is this courier's turn. `alive`: whether anybody watches for alarms at all."""
        self._store, self._clock = reader.store, reader.clock
        self._producer = producer
        self._lijst = lijst
        self._looked_at_file = -math.inf
        self._metrics = metrics
        self._mine, self._alive = mine, alive
        self._counted: set[str] = set()
        """The names of the receivers that have metrics."""
        self._woken = asyncio.Event()
        self._attempts = Attempts(self._woken.set)
        self._begin()
        self._adopt()

    def _begin(self) -> None:
        """Forgets everything: a courier whose turn it is starts from what is stored."""
        self._outstanding = Outstanding(self._store, self._lijst.ontvangers)
        self._who_is_said = False
        self._looked_at_all = -math.inf
        self._hidden: frozenset[str] = frozenset()
        self._to_say: list[Event] = []
        """The events that the broker has not confirmed yet."""
        self._attempts.drop()

    def hear(self, events: Iterable[Event]) -> None:
        """Hears that something was said on the topic."""
        self._outstanding.hear(events)
        self._woken.set()

    async def run(self) -> None:
        """Delivers, until cancelled. A store or broker that is away is waited for."""
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
            await self._lijst.close()

    async def _nap(self) -> None:
        """Waits until something happens, or for a tick."""
        if self._outstanding.expects_more():
            return
        try:
            await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
        except TimeoutError:
            return
        finally:
            self._woken.clear()

    async def _step(self) -> None:
        await self._reread()
        if not self._mine():
            self._begin()
            self._count([], self._clock())  # Whoever has the turn counts.
            return
        try:
            await self._catch_up()
            self._hidden = await asyncio.to_thread(self._store.shielded, self._clock())
        except StoreUnavailableError:
            # An Alertmanager takes silence for the end of an alarm, so the open ones are still sent.
            self._resend()
            raise
        self._look()
        await self._flush()

    async def _catch_up(self) -> None:
        """Learns what was said since, and says which receivers are new, get something else, or are gone."""
        await self._outstanding.catch_up()
        if not self._who_is_said:
            now, ontvangers, boek = self._clock(), self._lijst.ontvangers, self._outstanding.boek
            known, before = self._outstanding.alarmen.values(), self._outstanding.ontvangers
            self._said(kept(known, boek.bezorgd, before, ontvangers, boek.stiltes, self._hidden, now))
            self._outstanding.ontvangers = ontvangers
            listed = nieuws(ontvangers, boek.bezorgd)
            self._said(
                switch(naam, actief=gets != NIETS, reden=why, door=None, own_id=new_id(now), now=now, krijgt=gets)
                for naam, gets, why in listed
            )
            self._who_is_said = True

    # Who receives ----------------------------------------------------------------------------------------------------

    async def _reread(self) -> None:
        """Looks at the file of receivers once a tick. From a change on, others are told, or of other alarms."""
        if time.monotonic() - self._looked_at_file < TICK_SECONDS:
            return
        self._looked_at_file = time.monotonic()
        if await asyncio.to_thread(self._lijst.look):
            self._adopt()
        self._metrics.ontvangers_geldig.set(self._lijst.fout is None)
        await self._lijst.close_left()

    def _adopt(self) -> None:
        names = {one.naam for one in self._lijst.ontvangers}
        for naam in names - self._counted:
            for uitkomst in _OUTCOMES:  # From the start, or the first of each goes unseen.
                self._metrics.bezorging_pogingen.labels(naam, uitkomst)
        for naam in self._counted - names:
            self._attempts.forget(naam)
            metrics = self._metrics
            for one in (metrics.bezorging_pogingen, metrics.bezorging_wachtend, metrics.bezorging_succes):
                one.remove_by_labels({"ontvanger": naam})
        self._counted = names
        self._who_is_said = False
        self._looked_at_all = -math.inf

    # What is left ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Begins to deliver what is left: of all alarms once a tick, and in between of the alarms with news."""
        now, whole = self._clock(), time.monotonic() - self._looked_at_all >= TICK_SECONDS
        fresh, known = self._outstanding.take_fresh(), self._outstanding.alarmen
        if whole:
            self._looked_at_all = time.monotonic()
        boek = self._outstanding.boek
        left, onderdrukt = te_bezorgen(
            list(known.values()) if whole else fresh,
            boek.bezorgd,
            self._lijst.ontvangers,
            boek.stiltes,
            self._hidden,
            now,
            by_key(known.values()),
        )
        self._said(outcome(one, "onderdrukt", now, fout=one.reden) for one in onderdrukt)
        on = [one for one in left if boek.bezorgd.off(one.ontvanger.naam) is None]
        for receiver in self._lijst.receivers:
            own = [one for one in on if one.ontvanger is receiver.ontvanger]
            if receiver.ontvanger.soort == "alertmanager":
                self._deliver_together(receiver, own)
            else:
                self._attempts.queue(
                    receiver.ontvanger.naam, _due(own, now, whole=whole), self._attempt(receiver), anew=whole
                )
        if whole:
            self._count(left, now)

    def _count(self, left: Sequence[Bezorging], now: datetime) -> None:
        saved = Counter(_saved(left, now))
        for ontvanger in self._lijst.ontvangers:
            waits = sum(1 for one in left if one.ontvanger is ontvanger) - saved[ontvanger.naam]
            failed = len(self._outstanding.boek.bezorgd.given_up(ontvanger.naam))
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "wacht").set(waits)
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "bundel").set(saved[ontvanger.naam])
            self._metrics.bezorging_wachtend.labels(ontvanger.naam, "mislukt").set(failed)

    # The attempts ----------------------------------------------------------------------------------------------------

    def _resend(self) -> None:
        for receiver in self._lijst.receivers:
            if receiver.ontvanger.soort == "alertmanager":
                self._deliver_together(receiver, [])

    def _deliver_together(self, receiver: Receiver, new: Sequence[Bezorging]) -> None:
        """Sends an Alertmanager what is new, and once in a while also all that it knows to be open."""
        everything = receiver.due(time.monotonic())
        if not everything and (not new or receiver.failing):
            return
        ontvanger = receiver.ontvanger
        known = [alarm for alarm in self._outstanding.alarmen.values() if alarm.open and self._knows(ontvanger, alarm)]
        again = known if everything else []
        ids = {alarm.id for alarm in again}
        sent = [*again, *(one.alarm for one in new if one.alarm.id not in ids)]

        async def attempt() -> None:
            tried = await receiver.deliver_together(sent, self._clock(), everything=everything, watchdog=self._alive())
            now = self._clock()
            self._metrics.bezorging_pogingen.labels(ontvanger.naam, "bezorgd" if tried.taken else "mislukt").inc()
            if tried.taken:
                self._metrics.bezorging_succes.labels(ontvanger.naam).set(now.timestamp())
                self._said(outcome(one, "bezorgd", now) for one in new)
            else:
                log.warning("niet bezorgd", ontvanger=ontvanger.naam, reden=tried.why)

        self._attempts.start((ontvanger.naam, ""), attempt)

    def _knows(self, ontvanger: Ontvanger, alarm: Alarm) -> bool:
        """Whether a receiver knows that this alarm is open, so that it has to hear that it still is."""
        said = [self._outstanding.boek.bezorgd.of(ontvanger.naam, one.id) for one in alarm.overgangen]
        told = any(one is not None and one.data.uitkomst == "bezorgd" for one in said)
        return told and mag_horen(ontvanger, alarm, self._hidden)

    def _attempt(self, receiver: Receiver) -> Callable[[Zending], "asyncio.Future[None]"]:
        return lambda zending: asyncio.ensure_future(self._try(receiver, zending))

    async def _try(self, receiver: Receiver, zending: Zending) -> None:
        """Makes one attempt at a webhook, and says of all that the message tells how it went."""
        tried = await receiver.deliver(zending, self._clock())
        now, ontvanger = self._clock(), receiver.ontvanger
        if tried.taken:
            self._metrics.bezorging_pogingen.labels(ontvanger.naam, "bezorgd").inc()
            self._metrics.bezorging_succes.labels(ontvanger.naam).set(now.timestamp())
            self._said(outcome(one, "bezorgd", now) for one in zending.leden)
            return
        why = tried.why[:TEXT_MAX]
        wait = None if tried.status == GONE else wait_after(zending.ronde + 1, random.random(), tried.asked)  # noqa: S311
        told = "uitgesteld" if wait else "opgegeven"
        said: list[Event] = [outcome(one, told, now, fout=why, wacht=wait) for one in zending.leden]
        if tried.status == GONE:
            said.append(_switched_off(ontvanger, now + timedelta(microseconds=1)))
            self._attempts.forget(ontvanger.naam)
        self._metrics.bezorging_pogingen.labels(ontvanger.naam, "mislukt" if wait else "opgegeven").inc()
        log.warning("niet bezorgd", ontvanger=ontvanger.naam, bericht=zending.id, reden=why)
        self._said(said)

    # What is said of them --------------------------------------------------------------------------------------------

    def _said(self, events: Iterable[Event]) -> None:
        """Takes note of events at once. The topic hears of them as soon as the broker is there."""
        listed = list(events)
        if listed:
            self._outstanding.add(listed)
            self._to_say += listed
            self._woken.set()

    async def _flush(self) -> None:
        said, self._to_say = self._to_say, []
        unsaid = {event.id: event for event in said}
        try:
            await say(self._producer, said, lambda event: unsaid.pop(event.id, None))
        finally:
            self._to_say = [*unsaid.values(), *self._to_say]


def _due(own: Sequence[Bezorging], now: datetime, *, whole: bool) -> list[Zending]:
    """Returns the messages that are due. Those that wait for more are made only of all that is left (`whole`)."""
    some = own if whole else [one for one in own if not one.ontvanger.wacht_op(one.alarm.ernst)]
    return [one for one in zendingen(some) if one.vanaf <= now]


def _saved(left: Sequence[Bezorging], now: datetime) -> Iterator[str]:
    """Yields the receiver of each delivery that is not due only because it waits for more to tell with it."""
    for one in zendingen(left):
        if one.vanaf > now and one.ontvanger.wacht_op(one.leden[0].alarm.ernst) and not one.ronde:
            yield from [one.ontvanger.naam] * len(one.leden)


def _switched_off(ontvanger: Ontvanger, now: datetime) -> OntvangerGewijzigd:
    text = "antwoordde 410 Gone: wil niets meer ontvangen"
    return switch(ontvanger.naam, actief=False, reden=text, door=None, own_id=new_id(now), now=now)


def hearing(courier: Courier) -> Handler[Sequence[Event], Sequence[Event]]:
    """Returns what Faust does with the messages of the alarms topic: it lets the courier hear them.

    They are acknowledged at once, since the courier finds them in the store.
    """

    async def read(messages: Sequence[Message]) -> Sequence[Event]:
        said = [item for message in messages for item in parse_alarms(message.value or b"")]
        return [item for item in said if isinstance(item, Event)]  # The processor takes care of the unprocessable ones.

    async def decide(events: Sequence[Event]) -> Sequence[Event]:
        return events

    async def store(events: Sequence[Event]) -> None:
        courier.hear(events)

    return Handler(read, decide, store)
