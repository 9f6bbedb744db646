"""Accepts events: a batch as a whole or not at all. It answers only when the events are safe."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import orjson

from schemas.errors import Fout
from schemas.moments import micros
from schemas.parsing import BATCH, STRUCTURED, Invalid
from services.access import Caller
from services.access.roles import EVERYBODY
from services.clock import Clock
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Appended, Producer
from services.eventlog.topics import EVENTS, key_of
from services.ingest import woorden
from services.ingest.permit import ForbiddenError, Targets, free, looked_up, permit, sent_or_seen
from services.logs import HEADER, current_trace
from services.metrics import Metrics
from services.store.entries import (
    NO_REFERENCE,
    Entries,
    Entry,
    Said,
    judged_as_new,
    only_a_repeat,
    read_entries,
)
from services.store.model import IN_USE, Outcome, StoreUnavailableError
from services.store.queries import RETRACTION_TYPE
from services.store.store import Store

CLOCK_SKEW_MAX = timedelta(minutes=5)
"""The clock of a source may be ahead by this much."""
STORED_SECONDS_MAX = 15
"""When an answer waits for the store longer than this, the sender is told to try again."""
RETRY_AFTER_SECONDS = 5
_BULK_BYTES = 64 * 1024
"""A larger body is judged in a thread, since judging it would hold up the event loop."""
_AHEAD = (
    "ligt meer dan 5 minuten in de toekomst; time is het moment van vastleggen "
    "(geldigVanaf en peilmoment mogen wel vooruit liggen)"
)

_AWAY = "de opslag is niet bereikbaar; opnieuw sturen kan geen kwaad"
ById = Mapping[str, Entry]
"""The first event of each id."""
OutcomeOf = Callable[[int, int], "Future[Outcome]"]
"""(partition, offset) → a future of what becomes of the message there."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a POST. 201: the events are stored; 202: they are in the log; 200: all were known already."""

    status: Literal[200, 201, 202]
    ids: tuple[str, ...]
    nieuw: int
    herhaald: int


Neem = Callable[[bytes, Caller], Awaitable[Receipt]]
"""The type of `Ingest.accept`, for a caller that only sends events."""


class RefusedError(Exception):
    """The events are not valid. `fouten` holds every error of every event."""

    def __init__(self, fouten: Sequence[Fout]) -> None:
        super().__init__("1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten")
        self.fouten = tuple(fouten)


class ConflictError(RefusedError):
    """An id is already in use for an event with other content."""


class UnderWay:
    """The events that are being accepted at this moment, so that two requests can't use one id for two events."""

    def __init__(self) -> None:
        self._requests: dict[int, ById] = {}

    @contextmanager
    def hold(self, events: Sequence[Entry], by_id: ById, caller: Caller) -> Iterator[None]:
        """Holds the ids; call it on the event loop.

        Raises ConflictError when one is held for other content, of the caller itself unless that may see everything.
        Of what others send at this moment it hears later, if it may see that.
        """
        held_too = {
            own_id: held[own_id].said
            for held in self._requests.values()
            for own_id in by_id.keys() & held.keys()
            if caller.sees_everything or held[own_id].source == caller.source
        }
        _refuse_reuse(events, held_too)
        request = id(by_id)
        self._requests[request] = by_id
        try:
            yield
        finally:
            del self._requests[request]

    def hold_until(self, known: "asyncio.Future[Outcome]", by_id: ById) -> None:
        """Holds ids whose request has ended, until it is known what became of them."""
        self._requests[id(known)] = by_id
        known.add_done_callback(lambda _: self._requests.pop(id(known)))


class UnavailableError(Exception):
    """The broker, or the store that the answer waits for, is away. Sending again is harmless."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.retry_after_seconds = RETRY_AFTER_SECONDS


class Ingest:
    """Validates events, appends them to the log, acknowledges them, and counts what became of them."""

    def __init__(
        self, producer: Producer, store: Store, clock: Clock, metrics: Metrics, outcome_of: OutcomeOf | None
    ) -> None:
        """With `outcome_of`, an answer waits until the events are stored; with None, until the broker has them."""
        self._producer = producer
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._outcome_of = outcome_of
        self._under_way = UnderWay()
        # One thread: more would not judge large batches faster, and would hold up the processor and each other.
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk")

    async def accept(self, body: bytes, caller: Caller = EVERYBODY) -> Receipt:
        """Accepts one event or a batch, as structured JSON.

        Raises RefusedError, ConflictError, ForbiddenError, UnavailableError.
        """
        try:
            receipt = await self._accept(body, caller)
        except (RefusedError, ForbiddenError) as error:
            self._metrics.ingest.labels("geweigerd").inc(len({fout.index for fout in error.fouten}))
            raise
        self._metrics.ingest.labels("nieuw").inc(receipt.nieuw)
        self._metrics.ingest.labels("herhaald").inc(receipt.herhaald)
        return receipt

    async def _accept(self, body: bytes, caller: Caller) -> Receipt:
        loop = asyncio.get_running_loop()
        executor = self._bulk if len(body) > _BULK_BYTES else None
        judged = partial(self._judge, body, caller)
        # Judging a few events takes less time than handing them to another thread.
        events = await loop.run_in_executor(executor, judged) if executor else judged()
        decides, speaks = looked_up(events, caller), woorden.looked_up(events)
        if decides or speaks:
            stored = await loop.run_in_executor(None, self._stored_already, decides, speaks, caller)
            permit(events, caller, self._clock(), stored)
            if wrong := woorden.faults(events, stored):
                raise RefusedError(wrong)
        all_ids = [event.event_id for event in events]
        by_id = dict(zip(reversed(all_ids), reversed(events), strict=True))
        ids = tuple(dict.fromkeys(all_ids))
        with self._under_way.hold(events, by_id, caller):
            # For one event the processor tells whether it was known. A batch is accepted whole or not at all, so its
            # ids are looked up first.
            if len(events) > 1 or self._outcome_of is None or any(map(only_a_repeat, events)):
                known = await loop.run_in_executor(None, self._repeats, events, by_id, caller)
                if len(known) == len(ids):
                    return Receipt(200, ids, 0, len(ids))
            else:
                known = set()
            record = await self._append(events, body)
            if self._outcome_of is None:
                return Receipt(202, ids, len(ids) - len(known), len(known))
            outcome = await self._stored(self._outcome_of(record.partition, record.offset), by_id, caller)
        repeated = len(known)
        if len(events) == 1 and outcome.repeated:
            said = {event.event_id: event.said for event in events}
            repeated = len(await self._seen(said, caller))
        return Receipt(200 if repeated == len(ids) else 201, ids, len(ids) - repeated, repeated)

    def _judge(self, body: bytes, caller: Caller) -> list[Entry]:
        now = self._clock()
        try:
            events = judge(read_entries(body), now)
        except RefusedError:
            judge(judged_as_new(body), now)  # This raises too, with every fault at once.
            raise
        if not free(caller) and not looked_up(events, caller):
            permit(events, caller, now)
        return events

    def _stored_already(self, decides: Collection[str], speaks: Collection[str], caller: Caller) -> Targets:
        """Returns what these events say, of those that the caller sent or may see.

        Raises UnavailableError where these decide whether it may send. Of what they only say more of, nothing is known
        then: the reden of a step that is retracted so is told nowhere.
        """
        try:
            return self._shown(self._store.known({*decides, *speaks}), caller)
        except StoreUnavailableError as error:
            if decides:
                raise UnavailableError(_AWAY) from error
            return {}

    async def _append(self, events: Sequence[Entry], body: bytes) -> Appended:
        key = key_of([event.subject for event in events], events[0].event_id)
        kind = BATCH if body.lstrip()[:1] == b"[" else STRUCTURED
        headers = [("content-type", kind.encode())]
        if trace := current_trace():
            headers.append((HEADER, trace.header.encode()))
        try:
            return await self._producer.append_async(EVENTS, key, body, headers)
        except BrokerUnavailableError as error:
            raise UnavailableError(str(error)) from error

    def _repeats(self, events: Sequence[Entry], by_id: ById, caller: Caller) -> set[str]:
        """Returns the ids that are known with the same content.

        Raises ConflictError for one with other content, and RefusedError for what is taken as a repeat only and is new.
        """
        try:
            known = self._shown(self._store.known(by_id.keys()), caller)
        except StoreUnavailableError as error:
            if self._outcome_of is not None or any(map(only_a_repeat, events)):
                raise UnavailableError(_AWAY) from error
            known = {}  # The processor decides again; an event that conflicts becomes unprocessable there.
        twice = len(by_id) < len(events)
        first = (
            {event.event_id: by_id[event.event_id].said for event in events if by_id[event.event_id] is not event}
            if twice
            else {}
        )
        _refuse_reuse(events, first | known)
        _refuse_new(events, known)
        return set(known)

    def _shown(self, known: dict[str, Said], caller: Caller) -> dict[str, Said]:
        """Returns those of these events that the caller sent itself or may see. To it, the others are not there.

        So an id that belongs to such an event is answered as new, and the event that reuses it is unprocessable.
        """
        if not known or caller.sees_everything:
            return known
        hidden = caller.audience.unseen_types
        if not caller.audience.sees_shielded:
            hidden |= self._store.shielded(self._clock())
        return sent_or_seen(known, caller, lambda said: self._hides(said, hidden))

    async def _seen(self, known: dict[str, Said], caller: Caller) -> dict[str, Said]:
        """Does what `_shown` does, on the event loop. Raises UnavailableError."""
        try:
            return await asyncio.to_thread(self._shown, known, caller)
        except StoreUnavailableError as error:
            raise UnavailableError(_AWAY) from error

    def _hides(self, said: Said, hidden: Collection[str]) -> bool:
        """Whether an event, or the event that it retracts, is about a hidden locatie or of a hidden type."""
        _, type_, subject, _, data = said
        if subject in hidden or type_ in hidden:
            return True
        if type_ != RETRACTION_TYPE:
            return False
        target = str(orjson.loads(data)["gebeurtenisId"])
        return any(first[1] in hidden or first[2] in hidden for first in self._store.known([target]).values())

    async def _stored(self, promised: "Future[Outcome]", by_id: ById, caller: Caller) -> Outcome:
        """Waits for the outcome of a message. Raises ConflictError or RefusedError when an event was not stored."""
        future = asyncio.wrap_future(promised)
        try:
            outcome = await asyncio.wait_for(asyncio.shield(future), STORED_SECONDS_MAX)
        except TimeoutError as error:
            self._under_way.hold_until(future, by_id)
            raise UnavailableError("de opslag bevestigt niet op tijd; opnieuw sturen kan geen kwaad") from error
        reused = {str(failure.index): failure.first for failure in outcome.failures if failure.first is not None}
        if reused and (shown := await self._seen(reused, caller)):
            raise ConflictError([Fout(int(index), "id", IN_USE) for index in shown])
        refused = [failure for failure in outcome.failures if failure.first is None]
        if refused:
            raise RefusedError([Fout(failure.index, "", failure.reason) for failure in refused])
        return outcome


def _refuse_reuse(events: Sequence[Entry], said: Mapping[str, Said]) -> None:
    """Raises ConflictError with every event whose id already has other content."""
    conflicts = [
        Fout(index, "id", IN_USE)
        for index, event in enumerate(events if said else ())
        if event.event_id in said and said[event.event_id] != event.said
    ]
    if conflicts:
        raise ConflictError(conflicts)


def _refuse_new(events: Sequence[Entry], known: Collection[str]) -> None:
    """Raises RefusedError with every event that would only be taken if it were known."""
    new = [
        Fout(index, *NO_REFERENCE)
        for index, event in enumerate(events)
        if only_a_repeat(event) and event.event_id not in known
    ]
    if new:
        raise RefusedError(new)


def judge(items: Entries, now: datetime) -> list[Entry]:
    """Returns all events. Raises RefusedError with every error of every event. Pure."""
    events = [item for item in items if not isinstance(item, Invalid)]
    if len(events) == len(items) and max(event.recorded_at for event in events) <= micros(now + CLOCK_SKEW_MAX):
        return events
    raise RefusedError(faults_of([item if isinstance(item, Invalid) else item.recorded_at for item in items], now))


def faults_of(items: Sequence[Invalid | int], now: datetime) -> list[Fout]:
    """Returns every error of every event. Of one that can be read, its item is when it was recorded. Pure."""
    latest = micros(now + CLOCK_SKEW_MAX)
    fouten: list[Fout] = []
    for index, item in enumerate(items):
        if isinstance(item, Invalid):
            fouten += item.fouten
        elif item > latest:
            fouten.append(Fout(index, "time", _AHEAD))
    return fouten
