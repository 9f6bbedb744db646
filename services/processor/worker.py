"""Faust, in the one shape in which it loses nothing.

Raw bytes, `noack_take`, no tables, acknowledge after the insert, and leave the process rather than raise: a restarted
agent would acknowledge past the message that failed.
"""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import faust
import structlog
from mode.utils.queues import ThrowableQueue

from services.eventlog.brokers import Brokers
from services.processor import safe_faust
from services.processor.batch import Message
from services.store.model import Place

GROUP = "opvangpeil-processor"
"""The consumer group of the processor. Never change it: a new name reads the whole log again."""
MESSAGES_MAX = 200
"""Messages that Faust hands over at once: at its fastest it delivers fewer in GATHER_SECONDS."""
BYTES_MAX = 8 * 1024 * 1024
"""Messages handled at once, unless one is larger: memory stays the same however much there is to catch up with."""
MESSAGE_BYTES = 500
"""What a message weighs besides what it says."""
MUCH_BYTES = 1024 * 1024
BUFFER_MAX = 512
"""Messages that Faust keeps ready, if they are small."""
METADATA_MS = 5_000
"""A broker that has just started may not know its topics yet. Who divides the partitions at that instant gives nobody
any, until it looks again: by default after minutes, in which all wait."""
GATHER_SECONDS = 0.01
SOFTWARE_FAULT = 70  # EX_SOFTWARE of sysexits.h
_NEVER = 86_400
log = structlog.get_logger("processor")

Read = TypeVar("Read")
Decided = TypeVar("Decided")


class Handler(NamedTuple, Generic[Read, Decided]):
    """What is done with messages. While some are being stored, the next are decided about, and those after are read."""

    read: Callable[[Sequence[Message]], Awaitable[Read]]
    decide: Callable[[Read], Awaitable[Decided]]
    """Called when those before were decided about, and all before these are stored."""
    store: Callable[[Decided], Awaitable[None]]
    """When it returns, the messages may be acknowledged."""


class Worker:
    """A Faust app that hands the messages of topics to their handlers, in the order of each partition."""

    def __init__(
        self,
        brokers: Brokers,
        *,
        group: str,
        epoch: int,
        handlers: Mapping[str, Handler[Any, Any]],
        session_seconds: int,
        fetch_wait_ms: int | None,
        folder: Path,
    ) -> None:
        """`handlers`: of each topic that it reads, what is done with its messages."""
        safe_faust.install(fetch_wait_ms=fetch_wait_ms)
        folder.mkdir(parents=True, exist_ok=True)
        self._epoch = epoch
        self.app = App(
            group,
            broker=[f"kafka://{host}" for host in brokers.hosts],
            broker_credentials=_credentials(brokers),
            broker_session_timeout=session_seconds,
            broker_heartbeat_interval=1,
            broker_request_timeout=90,
            broker_rebalance_timeout=60,
            broker_max_poll_interval=_NEVER,  # a store that is away for long must not cost the membership
            broker_commit_interval=1.0,
            consumer_max_fetch_size=4 * 1024 * 1024,
            consumer_metadata_max_age_ms=METADATA_MS,
            stream_buffer_maxsize=BUFFER_MAX,
            stream_wait_empty=False,
            stream_recovery_delay=0,
            stream_processing_timeout=_NEVER,
            table_standby_replicas=0,
            topic_allow_declare=False,
            topic_disable_leader=True,
            web_enabled=False,
            store="memory://",
            datadir=str(folder),
            autodiscover=False,
            processing_guarantee="at_least_once",
        )
        self._assigned = self._holds = False
        self.app.on_partitions_assigned.connect(self._on_assigned)
        self.app.on_partitions_revoked.connect(self._on_revoked)
        for topic, handler in handlers.items():
            self._agent(topic, handler, group)

    async def start(self) -> None:
        """Join the group; returns when partitions are assigned."""
        self.app.finalize()
        await self.app.start()
        self.app.sensors.remove(self.app.monitor)  # it measures every message, and nobody looks

    async def stop(self) -> None:
        """Leave the group. What was not acknowledged comes again."""
        await self.app.stop()

    def ready(self) -> bool:
        """True while it is a member of its group. It may have no partition: when there are more members than those."""
        return self.app.started and not self.app.should_stop and not self.app.crashed and self._assigned

    def crashed(self) -> bool:
        """True when Faust gave up: the process must end, so that whoever watches it starts it anew."""
        return bool(self.app.crashed)

    def holds_any(self) -> bool:
        """True while it has a partition to read."""
        return self.ready() and self._holds

    async def _on_assigned(self, _app: Any, assigned: Collection[Any], **__: Any) -> None:
        self._assigned, self._holds = True, bool(assigned)

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        self._assigned = self._holds = False

    def _agent(self, topic: str, handler: Handler[Any, Any], group: str) -> None:
        channel = self.app.topic(
            topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", internal=False
        )

        async def consume(stream: Any) -> None:
            waiting = Waiting()
            working = asyncio.create_task(self._work(handler, waiting, topic))
            try:
                async for events in stream.noack_take(MESSAGES_MAX, within=GATHER_SECONDS):
                    await waiting.put(events)
            finally:
                working.cancel()  # we are stopping: what was not acknowledged comes again

        self.app.agent(channel, name=f"{group}.{topic}")(consume)

    async def _work(self, handler: Handler[Any, Any], waiting: "Waiting", topic: str) -> None:
        """Deal with what waits: all of it at once, so that the more there is to catch up with, the less each costs."""
        deciding: asyncio.Task[Any] = asyncio.create_task(_nothing())
        storing = deciding
        try:
            with _leaving_on_failure(topic):
                while True:
                    if not waiting.much():
                        await storing  # when it is quiet, better one insert than two
                    events = await waiting.take()
                    read = await handler.read([self._message(event.message) for event in events])
                    await deciding
                    deciding = asyncio.create_task(self._decide(handler, read, storing, topic))
                    storing = asyncio.create_task(self._store(handler, deciding, events, topic))
        finally:
            deciding.cancel()
            storing.cancel()

    @staticmethod
    async def _decide(handler: Handler[Read, Decided], read: Read, storing: asyncio.Task[None], topic: str) -> Decided:
        with _leaving_on_failure(topic):
            decided = await handler.decide(read)
            await storing  # of a partition, what came first is stored first
            return decided

    @staticmethod
    async def _store(
        handler: Handler[Any, Decided], deciding: asyncio.Task[Decided], events: Sequence[Any], topic: str
    ) -> None:
        with _leaving_on_failure(topic):
            await handler.store(await deciding)
        for event in events:
            event.ack()

    def _message(self, message: Any) -> Message:
        headers = message.headers or ()
        pairs = headers.items() if isinstance(headers, dict) else headers
        place = Place(self._epoch, message.partition, message.offset)
        return Message(message.topic, place, message.value, [(name, value or b"") for name, value in pairs])


class RoomyQueue(ThrowableQueue):  # type: ignore[misc]  # untyped
    """What Faust keeps ready: full too when it is much, however few messages that are."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._bytes = 0

    def _put(self, item: Any) -> None:  # these three run for every message: no calls that they can do without
        self._queue.append(item)
        self._bytes += len(item.message.value or b"") + MESSAGE_BYTES

    def _get(self) -> Any:
        item = self._queue.popleft()
        self._bytes -= len(item.message.value or b"") + MESSAGE_BYTES
        return item

    def clear(self) -> None:
        """Forget all of it: after a rebalance it comes again."""
        super().clear()
        self._bytes = 0

    def full(self) -> bool:
        """Whether who puts has to wait."""
        return self._bytes > BYTES_MAX or 0 < self._maxsize <= len(self._queue)


class App(faust.App):  # type: ignore[misc]  # untyped
    """Faust, with such a queue before each agent."""

    def FlowControlQueue(self, maxsize: int | None = None, *, clear_on_resume: bool = False) -> RoomyQueue:  # noqa: N802
        """See RoomyQueue; the rest is Faust's own."""
        return RoomyQueue(maxsize=maxsize, flow_control=self.flow_control, clear_on_resume=clear_on_resume)


class Waiting:
    """What Faust handed over and nobody looked at yet. Who puts more than fits waits, and Faust with them."""

    def __init__(self) -> None:
        self._events: deque[Any] = deque()
        self._bytes = 0
        self._some, self._room = asyncio.Event(), asyncio.Event()

    async def put(self, events: Sequence[Any]) -> None:
        """Add; returns when there is room for more."""
        self._events.extend(events)
        self._bytes += sum(_size(event) for event in events)
        self._some.set()
        if self._bytes > BYTES_MAX:
            self._room.clear()
            await self._room.wait()

    def much(self) -> bool:
        """Whether it pays to begin with the next before the last is stored."""
        return self._bytes > MUCH_BYTES

    async def take(self) -> list[Any]:
        """At least one, and of the rest what fits in BYTES_MAX."""
        await self._some.wait()
        taken = [self._events.popleft()]
        size = _size(taken[0])
        while self._events and size + _size(self._events[0]) <= BYTES_MAX:
            taken.append(self._events.popleft())
            size += _size(taken[-1])
        self._bytes -= size
        if not self._events:
            self._some.clear()
        if self._bytes <= BYTES_MAX:
            self._room.set()
        return taken


def _size(event: Any) -> int:
    return len(event.message.value or b"") + MESSAGE_BYTES


async def _nothing() -> None:
    """Nothing is being stored yet."""


@contextmanager
def _leaving_on_failure(topic: str) -> Iterator[None]:
    """A failure ends the process, at once: Faust would go on after the message that failed, and acknowledge past it."""
    try:
        yield
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("fout in de verwerking: het proces stopt zonder te bevestigen", topic=topic)
        os._exit(SOFTWARE_FAULT)


def _credentials(brokers: Brokers) -> Any:
    """The same as Faust wants it; None: the brokers ask for nothing."""
    if brokers.user:
        return faust.SASLCredentials(
            username=brokers.user,
            password=brokers.password,
            mechanism=brokers.mechanism,
            ssl_context=brokers.ssl_context(),
        )
    return faust.SSLCredentials(context=brokers.ssl_context()) if brokers.tls else None
