"""From messages to stored events, in numbered steps, each with what it means when it is cut off."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from schemas.events import Event
from schemas.reading import Rejected, read_alarms
from services.clock import Clock
from services.eventlog.producer import BrokerUnavailableError
from services.logs import HEADER, trace_of
from services.metrics import Metrics
from services.processor.batch import Message, Plan, apart, count, ids, plan, read, refused, whole_messages, without
from services.processor.progress import Progress
from services.store.model import Accepted, Place, StoreRefusedError, StoreUnavailableError, Unprocessable
from services.store.store import Store

ROWS_MAX = 25_000
"""Events in one insert, unless one message holds more: larger ones than this hold up the next."""
PATIENCE_SECONDS_MAX = 10
T = TypeVar("T")
Result = TypeVar("Result")
log = structlog.get_logger("processor")


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
        self._store = store
        self._set_aside = set_aside
        self._progress = progress
        self._clock = clock
        self._metrics = metrics

    async def handle(self, messages: Sequence[Message]) -> None:
        """Deal with messages from the events topic. Returns when all of them may be acknowledged.

        Waits for as long as the store or the broker is away: consuming stops meanwhile, and nothing is lost.
        """
        # 1. Read and judge; look up which ids are known, since only then a repeat can be told from a reuse. Decided
        #    once: what is stored below must not look like a repeat when a later step has to wait and is done again.
        decided = await self._patiently(self._decide, messages)
        # 2. Store, whole messages at a time. Cut off in between, the messages come again: what is stored is known then.
        aside = decided.unprocessable
        for part in whole_messages(decided.accepted, ROWS_MAX):
            aside = aside + await self._patiently(self._insert, part)
        # 3. Set aside what could not be stored: on its topic and in its table, under the place where it stood.
        if aside:
            await self._patiently(self._put_aside, aside)
            _note(messages, aside)
        # 4. Tell who waits. Only now is anything acknowledged, to them and (by the caller) to the broker.
        self._progress.report([message.place for message in messages], decided.repeated, aside)

    async def handle_alarms(self, messages: Sequence[Message]) -> None:
        """The same for the alarms topic."""
        aside = await self._patiently(self._alarms, messages)
        if aside:
            await self._patiently(self._put_aside, aside)
            _note(messages, aside)

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

    def _decide(self, messages: Sequence[Message]) -> Plan:
        readings = [read(message) for message in messages]
        now = self._clock()
        return plan(readings, self._store.known(ids(readings)), now)

    def _put_aside(self, aside: Sequence[Unprocessable]) -> None:
        self._set_aside(aside)
        self._store.insert_unprocessable(aside)
        self._metrics.verwerkt.labels("onverwerkbaar").inc(len(aside))

    def _insert(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Store, without those that the store will never take; returns these."""
        refusals: list[Unprocessable] = []
        try:
            with self._metrics.insert_duur.time():
                self._store.insert(accepted)
        except StoreRefusedError as error:
            self._metrics.insert_fouten.labels("geweigerd").inc()
            refusals = self._culprits(apart(accepted))
            if not refusals:
                raise StoreUnavailableError(f"ClickHouse weigert, maar geen gebeurtenis apart: {error}") from error
            accepted = without(accepted, refusals)
            self._store.insert(accepted)
        self._metrics.verwerkt.labels("opgeslagen").inc(count(accepted))
        return refusals

    def _culprits(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Which events the store refuses: by halves, until each is alone."""
        try:
            self._store.try_out(accepted)
        except StoreRefusedError as error:
            if len(accepted) > 1:
                half = len(accepted) // 2
                return self._culprits(accepted[:half]) + self._culprits(accepted[half:])
            ((number, _),) = accepted[0].entries.items()
            return [refused(accepted[0].origin, number, f"ClickHouse weigert de gebeurtenis: {error}", self._clock())]
        return []

    def _alarms(self, messages: Sequence[Message]) -> list[Unprocessable]:
        now = self._clock()
        items = [(message, item) for message in messages for item in read_alarms(message.value or b"")]
        self._store.insert_alarms([item for _, item in items if isinstance(item, Event)])
        return [
            Unprocessable(message.topic, message.place, item.index, item.reason, now, item.raw)
            for message, item in items
            if isinstance(item, Rejected)
        ]


def _note(messages: Sequence[Message], aside: Sequence[Unprocessable]) -> None:
    """Say of each message that something of it was set aside, with the trace in which it was sent."""
    by_place: dict[Place, list[Unprocessable]] = {}
    for item in aside:
        by_place.setdefault(item.place, []).append(item)
    for message in messages:
        if items := by_place.get(message.place):
            sent_in = dict(message.headers).get(HEADER, b"").decode("ascii", "replace")
            log.warning(
                "onverwerkbaar", topic=message.topic, partitie=message.place.partition, offset=message.place.offset,
                aantal=len(items), reden=items[0].reason, **trace_of(sent_in),
            )  # fmt: skip
