"""Runs Faust in the one way in which it loses nothing.

It reads raw bytes with `noack_take`, uses no tables, and acknowledges after the insert. On a failure it ends the
process instead of raising: an agent that Faust restarts would acknowledge past the message that failed.
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
from services.seal import Seal, SealError
from services.store.model import NOT_SEALED, Place

GROUP = "opvangpeil-processor"
"""The consumer group of the processor. Never change it: a new name reads the whole log again."""
MESSAGES_MAX = 200
"""The most messages that Faust hands over at once. At its fastest it delivers fewer in GATHER_SECONDS."""
BYTES_MAX = 8 * 1024 * 1024
"""The most bytes handled at once, unless one message is larger. So the backlog does not decide the use of memory."""
MESSAGE_BYTES = 500
"""What a message weighs in memory besides its value."""
MUCH_BYTES = 1024 * 1024
BUFFER_MAX = 512
"""The most small messages that Faust keeps ready."""
METADATA_MS = 5_000
"""How often Faust looks at the topics again. A broker that has just started may not know its topics yet. A member that
divides the partitions at that instant gives nobody any until it looks again, by default after minutes."""
GATHER_SECONDS = 0.01
SOFTWARE_FAULT = 70  # EX_SOFTWARE of sysexits.h
_NEVER = 86_400
log = structlog.get_logger("processor")

ParsedBatch = TypeVar("ParsedBatch")
Decided = TypeVar("Decided")


class Handler(NamedTuple, Generic[ParsedBatch, Decided]):
    """What is done with messages, in three steps.

    The steps overlap: while some messages are being stored, the next are decided about, and those after that are
    parsed.
    """

    parse: Callable[[Sequence[Message]], Awaitable[ParsedBatch]]
    decide: Callable[[ParsedBatch], Awaitable[Decided]]
    """Called after the previous decision, when all messages before that decision are stored."""
    store: Callable[[Decided], Awaitable[None]]
    """When it returns, the messages may be acknowledged."""


class Worker:
    """A Faust app that gives the messages of each topic to its handler, in the order of each partition."""

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
        """`handlers` says, for each topic to consume, what is done with its messages."""
        safe_faust.install(fetch_wait_ms=fetch_wait_ms)
        folder.mkdir(parents=True, exist_ok=True)
        self._epoch, self._seal = epoch, brokers.seal
        self.app = App(
            group,
            broker=[f"kafka://{host}" for host in brokers.hosts],
            broker_credentials=_credentials(brokers),
            broker_session_timeout=session_seconds,
            broker_heartbeat_interval=1,
            broker_request_timeout=90,
            broker_rebalance_timeout=60,
            broker_max_poll_interval=_NEVER,  # A store that is away for long must not end our membership.
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
        """Joins the group, and returns when partitions are assigned."""
        self.app.finalize()
        await self.app.start()
        self.app.sensors.remove(self.app.monitor)  # It measures every message, and nobody reads its figures.

    async def stop(self) -> None:
        """Leaves the group. Messages that were not acknowledged come again."""
        await self.app.stop()

    def ready(self) -> bool:
        """Returns whether it is a member of its group. With more members than partitions, a member may have none."""
        return self.app.started and not self.app.should_stop and not self.app.crashed and self._assigned

    def crashed(self) -> bool:
        """Returns whether Faust gave up. The process must then end, so that its supervisor starts it again."""
        return bool(self.app.crashed)

    def holds_any(self) -> bool:
        """Returns whether it has a partition to consume."""
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
                working.cancel()  # The worker is stopping. What was not acknowledged comes again.

        self.app.agent(channel, name=f"{group}.{topic}")(consume)

    async def _work(self, handler: Handler[Any, Any], waiting: "Waiting", topic: str) -> None:
        """Handles everything that waits at once, so that a longer backlog costs less per message."""
        deciding: asyncio.Task[Any] = asyncio.create_task(_nothing())
        storing = deciding
        try:
            with _leaving_on_failure(topic):
                while True:
                    if not waiting.much():
                        await storing  # When it is quiet, one insert is better than two.
                    events = await waiting.take()
                    parsed = await handler.parse([self._message(event.message) for event in events])
                    await deciding
                    deciding = asyncio.create_task(self._decide(handler, parsed, storing, topic))
                    storing = asyncio.create_task(self._store(handler, deciding, events, topic))
        finally:
            deciding.cancel()
            storing.cancel()

    @staticmethod
    async def _decide(
        handler: Handler[ParsedBatch, Decided], parsed: ParsedBatch, storing: asyncio.Task[None], topic: str
    ) -> Decided:
        with _leaving_on_failure(topic):
            decided = await handler.decide(parsed)
            await storing  # Within a partition, the messages are stored in their order.
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
        found = Message(message.topic, place, message.value, [(name, value or b"") for name, value in pairs])
        return found if self._seal is None else _opened(self._seal, found)


class RoomyQueue(ThrowableQueue):  # type: ignore[misc]  # Faust has no types.
    """The messages that Faust keeps ready. It is full at a number of messages, and also at a number of bytes."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._bytes = 0

    def _put(self, item: Any) -> None:  # This and the next two run for every message, so they call nothing needless.
        self._queue.append(item)
        self._bytes += len(item.message.value or b"") + MESSAGE_BYTES

    def _get(self) -> Any:
        item = self._queue.popleft()
        self._bytes -= len(item.message.value or b"") + MESSAGE_BYTES
        return item

    def clear(self) -> None:
        """Forgets everything. After a rebalance it comes again."""
        super().clear()
        self._bytes = 0

    def full(self) -> bool:
        """Returns whether the caller of `put` has to wait."""
        return self._bytes > BYTES_MAX or 0 < self._maxsize <= len(self._queue)


class App(faust.App):  # type: ignore[misc]  # Faust has no types.
    """Faust, with a RoomyQueue before each agent."""

    # The name of this method is Faust's own, hence the N802.
    def FlowControlQueue(self, maxsize: int | None = None, *, clear_on_resume: bool = False) -> RoomyQueue:  # noqa: N802
        """Makes the queue before an agent."""
        return RoomyQueue(maxsize=maxsize, flow_control=self.flow_control, clear_on_resume=clear_on_resume)


class Waiting:
    """The messages that Faust handed over and nobody handled yet. When they are too many, Faust has to wait."""

    def __init__(self) -> None:
        self._events: deque[Any] = deque()
        self._bytes = 0
        self._some, self._room = asyncio.Event(), asyncio.Event()

    async def put(self, events: Sequence[Any]) -> None:
        """Adds events, and returns when there is room for more."""
        self._events.extend(events)
        self._bytes += sum(_size(event) for event in events)
        self._some.set()
        if self._bytes > BYTES_MAX:
            self._room.clear()
            await self._room.wait()

    def much(self) -> bool:
        """Returns whether so much waits that it pays to begin before the previous messages are stored."""
        return self._bytes > MUCH_BYTES

    async def take(self) -> list[Any]:
        """Takes at least one event, and as many more as fit in BYTES_MAX."""
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


def _opened(seal: Seal, message: Message) -> Message:
    try:
        value = seal.open(message.topic, message.value or b"")
        headers = [(name, seal.open(message.topic, said)) for name, said in message.headers]
    except SealError:
        return message._replace(headers=(), refused=NOT_SEALED)
    return message._replace(value=value, headers=headers)


def _size(event: Any) -> int:
    return len(event.message.value or b"") + MESSAGE_BYTES


async def _nothing() -> None:
    """Stands for the previous insert when there is none yet."""


@contextmanager
def _leaving_on_failure(topic: str) -> Iterator[None]:
    """Ends the process at once on a failure: Faust would go on and acknowledge past the message that failed."""
    try:
        yield
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("fout in de verwerking: het proces stopt zonder te bevestigen", topic=topic)
        os._exit(SOFTWARE_FAULT)


def _credentials(brokers: Brokers) -> Any:
    """Returns the credentials in Faust's own form, or None when the brokers ask for none."""
    if brokers.user:
        return faust.SASLCredentials(
            username=brokers.user,
            password=brokers.password,
            mechanism=brokers.mechanism,
            ssl_context=brokers.ssl_context(),
        )
    return faust.SSLCredentials(context=brokers.ssl_context()) if brokers.tls else None
