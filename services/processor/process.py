"""Makes stored events of messages, in numbered steps that may each be cut off, and tells the waiting senders."""

import asyncio
import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import NamedTuple, TypeVar

import structlog

from schemas.errors import Fout
from schemas.events import Event
from schemas.parsing import Invalid, Parsed, parse_alarms
from services.clock import Clock
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Headers, Producer
from services.eventlog.topics import MESSAGE_BYTES_MAX, UNPROCESSABLE
from services.logs import HEADER, trace_of
from services.metrics import Metrics
from services.processor.batch import (
    Message,
    ParsedMessage,
    Plan,
    among,
    apart,
    count,
    ids,
    parse,
    plan,
    unprocessable,
    whole_messages,
    without,
)
from services.store.model import Accepted, Outcome, Place, StoreRefusedError, StoreUnavailableError, Unprocessable
from services.store.store import Store

ROWS_MAX = 25_000
"""The most events in one insert, unless a single message holds more. A larger insert would hold up the next."""
PATIENCE_SECONDS_MAX = 10
REMEMBERED_MAX = 4096
"""Outcomes that are kept for a late waiter: the processor may finish before the producer hears of its append."""
_RAW_BYTES_MAX = MESSAGE_BYTES_MAX - 64 * 1024
T = TypeVar("T")
Result = TypeVar("Result")
log = structlog.get_logger("processor")


class Outcomes:
    """Tells a waiting sender what became of its message, where ingest and processor share a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, int], Future[Outcome]] = {}
        self._done: OrderedDict[tuple[int, int], Outcome] = OrderedDict()

    def outcome(self, partition: int, offset: int) -> "Future[Outcome]":
        """Returns a future of what becomes of a message."""
        key = (partition, offset)
        with self._lock:
            if key in self._done:
                ready: Future[Outcome] = Future()
                ready.set_result(self._done[key])
                return ready
            return self._waiting.setdefault(key, Future())

    def report(self, places: list[Place], repeated: Mapping[Place, int], failures: list[Unprocessable]) -> None:
        """Tells the waiters that these messages are handled."""
        for place in places:
            key = (place.partition, place.offset)
            failed = tuple(item for item in failures if item.place == place)
            outcome = Outcome(repeated.get(place, 0), failed)
            with self._lock:
                self._done[key] = outcome
                if len(self._done) > REMEMBERED_MAX:
                    self._done.popitem(last=False)
                waiter = self._waiting.pop(key, None)
            if waiter is not None:
                with contextlib.suppress(InvalidStateError):  # The waiter gave up.
                    waiter.set_result(outcome)


class Decision(NamedTuple):
    """What is to become of a number of messages."""

    headers: Mapping[Place, Headers]
    """The headers of each message, in the order of the messages."""
    plan: Plan


class Processor:
    """Handles each message at least once. Handling one again changes nothing."""

    def __init__(
        self,
        store: Store,
        append_unprocessable: Callable[[Sequence[Unprocessable]], None],
        outcomes: Outcomes,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._stored = store
        self._append_unprocessable = append_unprocessable
        self._outcomes = outcomes
        self._clock = clock
        self._metrics = metrics
        self._last = Decision({}, Plan())

    # While the store or the broker is away, each step waits. Consuming then stops, and nothing is lost.

    async def parse(self, messages: Sequence[Message]) -> list[ParsedMessage]:
        """Step 1: parses and validates messages of the events topic."""
        return await asyncio.to_thread(lambda: [parse(message) for message in messages])

    async def decide(self, messages: Sequence[ParsedMessage]) -> "Decision":
        """Step 2: looks up which ids are known, since only that tells a repeat from a reuse.

        It decides once. When a later step has to wait and is done again, its own events must not look like repeats. The
        previous decision may still be on its way to the store.
        """
        return await self._patiently(self._decide, messages)

    async def store(self, decision: "Decision") -> None:
        """Carries out a decision, and returns when all of its messages may be acknowledged."""
        # Step 3: store, whole messages at a time. When this is cut off the messages come again, and what was stored by
        # then is known.
        failed = decision.plan.unprocessable
        for part in whole_messages(decision.plan.accepted, ROWS_MAX):
            culprits = await self._patiently(self._insert, part)
            for own_id in among(part, culprits):  # Sent again, such an event fails again: it is not a repeat.
                del decision.plan.seen[own_id]
            failed = failed + culprits
        # Step 4: keep what could not be stored on its topic and in its table, under the place where it stood.
        if failed:
            await self._patiently(self._keep_unprocessable, failed)
            _log_unprocessable(decision.headers, failed)
        # Step 5: tell the waiting senders. Nothing is acknowledged before this, not to them and not (by the caller) to
        # the broker.
        self._outcomes.report([*decision.headers], decision.plan.repeated, failed)

    async def as_it_is(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Steps 1 and 2 for the alarms topic, which decides nothing beforehand: of two equal ids the first counts."""
        return messages

    async def store_alarms(self, messages: Sequence[Message]) -> None:
        """Stores transitions of alarms, and keeps the messages that are not one as unprocessable."""
        failed = await self._patiently(self._alarms, messages)
        if failed:
            await self._patiently(self._keep_unprocessable, failed)
            _log_unprocessable({message.place: message.headers for message in messages}, failed)

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

    def _decide(self, messages: Sequence[ParsedMessage]) -> "Decision":
        decided = plan(messages, self._stored.known(ids(messages)), self._clock(), before=self._last.plan.seen)
        self._last = Decision({parsed.message.place: parsed.message.headers for parsed in messages}, decided)
        return self._last

    def _keep_unprocessable(self, items: Sequence[Unprocessable]) -> None:
        self._append_unprocessable(items)
        self._stored.unprocessable.insert(items)
        self._metrics.verwerkt.labels("onverwerkbaar").inc(len(items))

    def _insert(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Stores events, and returns those that the store will never take."""
        culprits: list[Unprocessable] = []
        try:
            with self._metrics.insert_duur.time():
                self._stored.insert(accepted)
        except StoreRefusedError as error:
            self._metrics.insert_fouten.labels("geweigerd").inc()
            culprits = self._culprits(apart(accepted))
            if not culprits:
                raise StoreUnavailableError(f"ClickHouse weigert, maar geen gebeurtenis apart: {error}") from error
            accepted = without(accepted, culprits)
            self._stored.insert(accepted)
        self._metrics.verwerkt.labels("opgeslagen").inc(count(accepted))
        return culprits

    def _culprits(self, accepted: list[Accepted]) -> list[Unprocessable]:
        """Finds the events that the store refuses, by trying halves until each culprit is alone."""
        try:
            self._stored.try_out(accepted)
        except StoreRefusedError as error:
            if len(accepted) > 1:
                half = len(accepted) // 2
                return self._culprits(accepted[:half]) + self._culprits(accepted[half:])
            ((number, _),) = accepted[0].entries.items()
            reason = f"ClickHouse weigert de gebeurtenis: {error}"
            return [unprocessable(accepted[0].origin, number, reason, self._clock())]
        return []

    def _alarms(self, messages: Sequence[Message]) -> list[Unprocessable]:
        now = self._clock()
        items = [(message, item) for message in messages for item in _said_of_alarms(message)]
        self._stored.alarms.insert([(message.place, item) for message, item in items if isinstance(item, Event)])
        return [
            Unprocessable(message.topic, message.place, item.index, item.reason, now, item.raw)
            for message, item in items
            if isinstance(item, Invalid)
        ]


def _said_of_alarms(message: Message) -> Parsed:
    if message.refused:
        return (Invalid(0, (Fout(0, "", message.refused),), message.value or b""),)
    return parse_alarms(message.value or b"")


def append_unprocessable(producer: Producer, items: Sequence[Unprocessable]) -> None:
    """Appends what could not be accepted to its own topic, each item with its reason and its place.

    Repeating it does no harm. Raises BrokerUnavailableError.
    """
    for item in items:
        place = item.place
        producer.append(
            UNPROCESSABLE,
            None,
            item.raw[:_RAW_BYTES_MAX],  # A message holds no more than this. The table keeps all of the bytes.
            [
                ("reden", item.reason.encode()),
                ("herkomst", f"{item.topic}/{place.partition}/{place.offset}/{item.index}".encode()),
            ],
        )


def _log_unprocessable(headers: Mapping[Place, Headers], failed: Sequence[Unprocessable]) -> None:
    """Logs one line for each message with unprocessable events, with the trace in which it was sent."""
    by_place: dict[Place, list[Unprocessable]] = {}
    for item in failed:
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
