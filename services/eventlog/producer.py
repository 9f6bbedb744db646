"""Appends to the log. This is the only producer: it is idempotent, and waits until all in-sync replicas acknowledge."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import structlog
from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.events import Event
from schemas.ids import uuid7
from schemas.parsing import STRUCTURED
from services.eventlog.brokers import Brokers, BrokerUnavailableError
from services.eventlog.topics import ALARMS

DELIVERY_SECONDS_MAX = 4
"""After so long without an acknowledgement the caller hears that the broker is away, so within 5 s in all."""
AWAY_SECONDS = 1.0
"""For so long after a failed connection, nobody tries to connect again."""
_AT_ONCE_BYTES = 64 * 1024
"""A larger message goes through a thread, since compressing it would hold up the event loop."""
_HEADERS = [("content-type", STRUCTURED.encode())]

Headers = Sequence[tuple[str, bytes]]
"""The headers of a Kafka message."""
One = TypeVar("One", bound=Event)
log = structlog.get_logger("eventlog")


class Appended(NamedTuple):
    """Where a message stands in the log."""

    partition: int
    offset: int


class Producer:
    """The connection to the log, shared by all threads of a process. It connects at the first append.

    When an append is not confirmed, the connection is replaced by a new one: kafka-python 3.0.12 does not recover after
    a batch has expired (measured: every later append expires too). Messages still in the old connection may or may not
    arrive. Their senders were told so, and sending again is harmless.
    """

    def __init__(self, brokers: Brokers, *, message_bytes_max: int) -> None:
        self._brokers = brokers
        self._message_bytes_max = message_bytes_max
        self._lock = threading.Lock()
        self._connection: KafkaProducer | None = None
        self._away_until = 0.0

    def append(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """Appends one message, and returns when the broker has it. Raises BrokerUnavailableError."""
        deadline = time.monotonic() + DELIVERY_SECONDS_MAX
        connection = self._connected()
        try:
            future = connection.send(topic, **self._sealed(topic, key, value, headers))
            record = future.get(max(0.1, deadline - time.monotonic()))
        except (KafkaError, OSError) as error:
            self._discard(connection)
            raise BrokerUnavailableError(f"de broker bevestigt niet: {error!r}") from error
        return Appended(record.partition, record.offset)

    async def append_async(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """Does what `append` does, without holding up the event loop."""
        connection = self._connection
        if connection is None or len(value) > _AT_ONCE_BYTES:
            return await asyncio.to_thread(self.append, topic, key, value, headers)
        loop = asyncio.get_running_loop()
        confirmed: asyncio.Future[Any] = loop.create_future()

        def settle(record: Any) -> None:
            loop.call_soon_threadsafe(_settle, confirmed, record)

        try:
            future = connection.send(topic, **self._sealed(topic, key, value, headers))
            future.add_both(settle)
            record = await asyncio.wait_for(confirmed, DELIVERY_SECONDS_MAX)
        except (KafkaError, OSError, TimeoutError) as error:
            self._discard(connection)
            raise BrokerUnavailableError(f"de broker bevestigt niet: {error!r}") from error
        return Appended(record.partition, record.offset)

    def close(self) -> None:
        """Closes the connection. Call it when nobody waits for an append any more."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            _close(connection)

    def _sealed(self, topic: str, key: str | None, value: bytes, headers: Headers) -> dict[str, Any]:
        """Returns the parts of a message as they go to the broker."""
        seal = self._brokers.seal
        if seal is None:
            return {"value": value, "key": None if key is None else key.encode(), "headers": [*headers]}
        return {
            "value": seal.close(topic, value),
            "key": None if key is None else seal.name(key),
            "headers": [(name, seal.close(topic, said)) for name, said in headers],
        }

    def _connected(self) -> KafkaProducer:
        if not self._lock.acquire(timeout=DELIVERY_SECONDS_MAX / 2):  # Another thread is connecting.
            raise BrokerUnavailableError(f"Kafka op {self._brokers} is niet bereikbaar")
        try:
            if self._connection is None:
                if time.monotonic() < self._away_until:  # The thread that held the lock has just failed to connect.
                    raise BrokerUnavailableError(f"Kafka op {self._brokers} is niet bereikbaar")
                try:
                    self._connection = self._connect()
                except BrokerUnavailableError:
                    self._away_until = time.monotonic() + AWAY_SECONDS
                    raise
            return self._connection
        finally:
            self._lock.release()

    def _discard(self, connection: KafkaProducer) -> None:
        # This does not take the lock: a connecting thread holds it for seconds, and the event loop calls this too.
        if self._connection is not connection:
            return  # Another sender discarded it already.
        self._connection = None
        threading.Thread(target=_close, args=[connection], daemon=True).start()

    def _connect(self) -> KafkaProducer:
        try:
            return KafkaProducer(
                **self._brokers.client_settings(),
                bootstrap_timeout_ms=DELIVERY_SECONDS_MAX * 500,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=0,
                max_request_size=self._message_bytes_max,
                max_block_ms=DELIVERY_SECONDS_MAX * 1000,
                request_timeout_ms=DELIVERY_SECONDS_MAX * 500,
                delivery_timeout_ms=DELIVERY_SECONDS_MAX * 1000,
            )
        except (KafkaError, OSError) as error:
            raise BrokerUnavailableError(f"Kafka op {self._brokers} is niet bereikbaar: {error!r}") from error


async def say(producer: Producer, events: Sequence[One], confirmed: Callable[[One], object] = lambda _: None) -> None:
    """Appends events to the alarms topic, in this order: transitions, confirmations, silences, deliveries.

    Only Opvangpeil itself writes there. Calls `confirmed` with each event that the broker has. Raises
    BrokerUnavailableError when one or more were not acknowledged.
    """
    outcomes = await asyncio.gather(
        *(
            producer.append_async(ALARMS, one.subject, one.model_dump_json(exclude_none=True).encode(), _HEADERS)
            for one in events
        ),
        return_exceptions=True,
    )
    for one, outcome in zip(events, outcomes, strict=True):
        if not isinstance(outcome, BaseException):
            confirmed(one)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def new_id(now: datetime) -> str:
    """Returns a new id, in order of time, for an event whose id does not follow from its content."""
    return uuid7(int(now.timestamp() * 1000), secrets.randbits(74))


def _settle(confirmed: "asyncio.Future[Any]", outcome: Any) -> None:
    if confirmed.done():
        return  # The caller stopped waiting.
    if isinstance(outcome, BaseException):
        confirmed.set_exception(outcome)
    else:
        confirmed.set_result(outcome)


def _close(connection: KafkaProducer) -> None:
    try:
        connection.close(timeout=1)
    except KafkaError as error:
        log.warning("verbinding met de broker niet netjes gesloten", reden=repr(error))
