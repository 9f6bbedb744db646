"""From messages to stored events, in numbered steps, each with what it means when it is cut off."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import structlog

from schemas.events import Event
from schemas.parsing import Invalid, parse_alarms
from services.clock import Clock
from services.eventlog.producer import BrokerUnavailableError
from services.logs import HEADER, trace_of
from services.metrics import Metrics
from services.processor.batch import (
    Message,
    Plan,
    Reading,
    among,
    apart,
    count,
    ids,
    plan,
    read,
    refused,
    whole_messages,
    without,
)
from services.processor.progress import Progress
from services.store.model import Accepted, Place, StoreRefusedError, StoreUnavailableError, Unprocessable
from services.store.store import Store

ROWS_MAX = 25_000
"""Events in one insert, unless one message holds more: larger ones than this hold up the next."""
PATIENCE_SECONDS_MAX = 10
T = TypeVar("T")
Result = TypeVar("Result")
Headers = Sequence[tuple[str, bytes]]
log = structlog.get_logger("processor")


class Decision(NamedTuple):
    """Messages, and what is to become of them."""

    headers: Mapping[Place, Headers]
    """Of each message, in their order."""
    plan: Plan


class Processor:
    """Handles messages, at least once; handling one again changes nothing."""

    def __init__(
        self,
        store: Store,
        set_aside: Callable[[Sequence[Unprocessable]], None],
        progress: Progress,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._stored = store
        self._set_aside = set_aside
        self._progress = progress
        self._clock = clock
        self._metrics = metrics
        self._last = Decision({}, Plan())

    # Each step waits for as long as the store or the broker is away: consuming stops meanwhile, and nothing is lost.

    async def read(self, messages: Sequence[Message]) -> list[Reading]:
        """1. Read and judge messages of the events topic."""
        return await asyncio.to_thread(lambda: [read(message) for message in messages])

    async def decide(self, readings: Sequence[Reading]) -> "Decision":
        """2. Look up which ids are known: only then a repeat can be told from a reuse.

        Decided once: what is stored next must not look like a repeat when a later step has to wait and is done again.
        The decision before this one may still be on its way to the store.
        """
        return await self._patiently(self._decide, readings)

    async def store(self, decision: "Decision") -> None:
        """Carry out a decision. Returns when all of its messages may be acknowledged."""
        # 3. Store, whole messages at a time. Cut off in between, the messages come again: what is stored is known then.
        aside = decision.plan.unprocessable
        for part in whole_messages(decision.plan.accepted, ROWS_MAX):
            refusals = await self._patiently(self._insert, part)
            for own_id in among(part, refusals):  # sent again, it is refused again: it is no repeat of what is stored
                del decision.plan.seen[own_id]
            aside = aside + refusals
        # 4. Set aside what could not be stored: on its topic and in its table, under the place where it stood.
        if aside:
            await self._patiently(self._put_aside, aside)
            _note(decision.headers, aside)
        # 5. Tell who waits. Only now is anything acknowledged, to them and (by the caller) to the broker.
        self._progress.report([*decision.headers], decision.plan.repeated, aside)

    async def as_it_is(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Of the alarms topic there is nothing to decide beforehand: of two with one id the first said stands."""
        return messages

    async def store_alarms(self, messages: Sequence[Message]) -> None:
        """Store transitions of alarms, and set aside what is none."""
        aside = await self._patiently(self._alarms, messages)
        if aside:
            await self._patiently(self._put_aside, aside)
            _note({message.place: message.headers for message in messages}, aside)

    async def _patiently(self, step: Callable[[T], Result], subject: T) -> Result:
        patience = 0.1
        while True:
            try:
                return await asyncio.to_thread(step, subject)
            except (StoreUnavailableError, BrokerUnavailableError) as error:
                self._metrics.insert_fouten.labels("onbereikbaar").inc()
                log.warning("wacht", reden=str(error), stap=step.__name__, seconden=patience)
                await asyncio.sleep(patience)
                patience = min(patience * 2, PATIENCE_SECONDS_MAX)

    def _decide(self, readings: Sequence[Reading]) -> "Decision":
        decided = plan(readings, self._stored.known(ids(readings)), self._clock(), before=self._last.plan.seen)
        self._last = Decision({reading.message.place: reading.message.headers for reading in readings}, decided)
        return self._last

    def _put_aside(self, aside: Sequence[Unprocessable]) -> None:
        self._set_aside(aside)
        self._stored.insert_unprocessable(aside)
        self._metrics.verwerkt.labels("onverwerkbaar").inc(len(aside))

    def _insert(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Store, without those that the store will never take; returns these."""
        refusals: list[Unprocessable] = []
        try:
            with self._metrics.insert_duur.time():
                self._stored.insert(accepted)
        except StoreRefusedError as error:
            self._metrics.insert_fouten.labels("geweigerd").inc()
            refusals = self._culprits(apart(accepted))
            if not refusals:
                raise StoreUnavailableError(f"ClickHouse weigert, maar geen gebeurtenis apart: {error}") from error
            accepted = without(accepted, refusals)
            self._stored.insert(accepted)
        self._metrics.verwerkt.labels("opgeslagen").inc(count(accepted))
        return refusals

    def _culprits(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Which events the store refuses: by halves, until each is alone."""
        try:
            self._stored.try_out(accepted)
        except StoreRefusedError as error:
            if len(accepted) > 1:
                half = len(accepted) // 2
                return self._culprits(accepted[:half]) + self._culprits(accepted[half:])
            ((number, _),) = accepted[0].entries.items()
            return [refused(accepted[0].origin, number, f"ClickHouse weigert de gebeurtenis: {error}", self._clock())]
        return []

    def _alarms(self, messages: Sequence[Message]) -> list[Unprocessable]:
        now = self._clock()
        items = [(message, item) for message in messages for item in parse_alarms(message.value or b"")]
        self._stored.alarms.insert([(message.place, item) for message, item in items if isinstance(item, Event)])
        return [
            Unprocessable(message.topic, message.place, item.index, item.reason, now, item.raw)
            for message, item in items
            if isinstance(item, Invalid)
        ]


def _note(headers: Mapping[Place, Headers], aside: Sequence[Unprocessable]) -> None:
    """Say of each message that something of it was set aside, with the trace in which it was sent."""
    by_place: dict[Place, list[Unprocessable]] = {}
    for item in aside:
        by_place.setdefault(item.place, []).append(item)
    for place, items in by_place.items():
        sent_in = dict(headers.get(place, ())).get(HEADER, b"").decode("ascii", "replace")
        log.warning(
            "onverwerkbaar",
            topic=items[0].topic,
            partitie=place.partition,
            offset=place.offset,
            aantal=len(items),
            reden=items[0].reason,
            **trace_of(sent_in),
        )
