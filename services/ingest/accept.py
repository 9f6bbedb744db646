"""Takes events in: a batch whole or not at all, and answers only when it is safe."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from schemas.errors import Fout
from schemas.moments import micros
from schemas.parsing import Invalid
from services.access import Caller
from services.access.roles import EVERYBODY
from services.clock import Clock
from services.eventlog.producer import Appended, BrokerUnavailableError, Producer
from services.eventlog.topics import EVENTS, key_of
from services.ingest.permit import free, permit
from services.logs import HEADER, current_trace
from services.store.entries import Entries, Entry, Said, read_entries
from services.store.model import IN_USE, Outcome, StoreUnavailableError
from services.store.store import Store

CLOCK_SKEW_MAX = timedelta(minutes=5)
"""A source's clock may run ahead this much."""
STORED_SECONDS_MAX = 15
"""Where the answer waits for the store: after this long the sender hears to try again."""
RETRY_AFTER_SECONDS = 5
_BULK_BYTES = 64 * 1024
_AHEAD = (
    "ligt meer dan 5 minuten in de toekomst; time is het moment van vastleggen "
    "(geldigVanaf en peilmoment mogen wel vooruit liggen)"
)

ById = Mapping[str, Entry]
"""The first event of each id."""
OutcomeOf = Callable[[int, int], "Future[Outcome]"]
"""(partition, offset) → what becomes of the message there."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a POST. 201: stored; 202: in the log; 200: all of it was known already."""

    status: Literal[200, 201, 202]
    ids: tuple[str, ...]
    nieuw: int
    herhaald: int


class RefusedError(Exception):
    """The events are not valid; every error of every event."""

    def __init__(self, fouten: Sequence[Fout]) -> None:
        super().__init__(f"{len(fouten)} fout(en)")
        self.fouten = tuple(fouten)


class ConflictError(RefusedError):
    """An id is in use already for an event with other content."""


class UnderWay:
    """The events that are being taken in at this moment, so that two requests can't use one id for two things."""

    def __init__(self) -> None:
        self._requests: dict[int, ById] = {}

    @contextmanager
    def hold(self, events: Sequence[Entry], by_id: ById) -> Iterator[None]:
        """Hold the ids, on the event loop. Raises ConflictError when one is held for other content."""
        held_too = {
            own_id: held[own_id].said for held in self._requests.values() for own_id in by_id.keys() & held.keys()
        }
        _refuse_reuse(events, held_too)
        request = id(by_id)
        self._requests[request] = by_id
        try:
            yield
        finally:
            del self._requests[request]

    def hold_until(self, known: "asyncio.Future[Outcome]", by_id: ById) -> None:
        """Hold ids that nobody waits for any more, until it is known what became of them."""
        self._requests[id(known)] = by_id
        known.add_done_callback(lambda _: self._requests.pop(id(known)))


class UnavailableError(Exception):
    """The broker, or the store that the answer waits for, is away. A repeat is harmless."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.retry_after_seconds = RETRY_AFTER_SECONDS


class Ingest:
    """Validates, appends to the log, and acknowledges."""

    def __init__(self, producer: Producer, store: Store, clock: Clock, outcome: OutcomeOf | None) -> None:
        """`outcome`: answer only when the event is stored; without it, when the broker has it."""
        self._producer = producer
        self._store = store
        self._clock = clock
        self._outcome = outcome
        self._under_way = UnderWay()
        # One at a time: more threads would not judge large batches faster, but hold up the processor and each other.
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk")

    async def accept(self, body: bytes, caller: Caller = EVERYBODY) -> Receipt:
        """Take one event or a batch, structured JSON.

        Raises RefusedError, ConflictError, ForbiddenError, UnavailableError.
        """
        loop = asyncio.get_running_loop()
        executor = self._bulk if len(body) > _BULK_BYTES else None
        judged = partial(self._judge, body, caller)
        # Judging a few events takes less time than handing them to another thread.
        events = await loop.run_in_executor(executor, judged) if executor else judged()
        all_ids = [event.event_id for event in events]
        by_id = dict(zip(reversed(all_ids), reversed(events), strict=True))
        ids = tuple(dict.fromkeys(all_ids))
        with self._under_way.hold(events, by_id):
            # Of one event the processor tells whether it was known. A batch is looked up first: whole or not at all.
            if len(events) > 1 or self._outcome is None:
                known = await loop.run_in_executor(None, self._repeats, events, by_id)
                if len(known) == len(ids):
                    return Receipt(200, ids, 0, len(ids))
            else:
                known = set()
            record = await self._append(events, body)
            if self._outcome is None:
                return Receipt(202, ids, len(ids) - len(known), len(known))
            outcome = await self._stored(record, by_id)
        repeated = outcome.repeated if len(events) == 1 else len(known)
        return Receipt(200 if repeated == len(ids) else 201, ids, len(ids) - repeated, repeated)

    def _judge(self, body: bytes, caller: Caller) -> list[Entry]:
        now = self._clock()
        events = judge(read_entries(body), now)
        if not free(caller):
            permit(events, caller, now)
        return events

    async def _append(self, events: Sequence[Entry], body: bytes) -> Appended:
        key = key_of([event.subject for event in events], events[0].event_id)
        kind = b"application/cloudevents" + (b"-batch+json" if body.lstrip()[:1] == b"[" else b"+json")
        headers = [("content-type", kind)]
        if trace := current_trace():
            headers.append((HEADER, trace.header.encode()))
        try:
            return await self._producer.append_async(EVENTS, key, body, headers)
        except BrokerUnavailableError as error:
            raise UnavailableError(str(error)) from error

    def _repeats(self, events: Sequence[Entry], by_id: ById) -> set[str]:
        """The ids that are known with the same content. Raises ConflictError for one with other content."""
        try:
            known = self._store.known(by_id.keys())
        except StoreUnavailableError as error:
            if self._outcome is not None:
                raise UnavailableError("de opslag is niet bereikbaar; opnieuw sturen kan geen kwaad") from error
            known = {}  # the processor decides again, and sets aside what conflicts
        twice = len(by_id) < len(events)
        first = (
            {event.event_id: by_id[event.event_id].said for event in events if by_id[event.event_id] is not event}
            if twice
            else {}
        )
        _refuse_reuse(events, first | known)
        return set(known)

    async def _stored(self, record: Appended, by_id: ById) -> Outcome:
        """What became of the message. Raises ConflictError or RefusedError for what could not be stored of it."""
        assert self._outcome is not None  # noqa: S101
        future = asyncio.wrap_future(self._outcome(record.partition, record.offset))
        try:
            outcome = await asyncio.wait_for(asyncio.shield(future), STORED_SECONDS_MAX)
        except TimeoutError as error:
            self._under_way.hold_until(future, by_id)
            raise UnavailableError("de opslag bevestigt niet op tijd; opnieuw sturen kan geen kwaad") from error
        if conflicts := [Fout(failure.index, "id", IN_USE) for failure in outcome.failures if failure.in_use]:
            raise ConflictError(conflicts)
        if outcome.failures:
            raise RefusedError([Fout(failure.index, "", failure.reason) for failure in outcome.failures])
        return outcome


def _refuse_reuse(events: Sequence[Entry], said: Mapping[str, Said]) -> None:
    """Raises ConflictError for every event of which the id says something else already."""
    conflicts = [
        Fout(index, "id", IN_USE)
        for index, event in enumerate(events if said else ())
        if event.event_id in said and said[event.event_id] != event.said
    ]
    if conflicts:
        raise ConflictError(conflicts)


def judge(items: Entries, now: datetime) -> list[Entry]:
    """All events, or RefusedError with every error of every one of them. Pure."""
    events = [item for item in items if not isinstance(item, Invalid)]
    latest = micros(now + CLOCK_SKEW_MAX)
    if len(events) == len(items) and max(event.recorded_at for event in events) <= latest:
        return events
    fouten: list[Fout] = []
    for index, item in enumerate(items):
        if isinstance(item, Invalid):
            fouten += item.fouten
        elif item.recorded_at > latest:
            fouten.append(Fout(index, "time", _AHEAD))
    raise RefusedError(fouten)
