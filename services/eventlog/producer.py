"""Appends to the log. The only producer: idempotent, and acknowledged by all in-sync replicas before it returns."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog
from kafka import KafkaProducer
from kafka.errors import KafkaError

from services.eventlog.brokers import Brokers

DELIVERY_SECONDS_MAX = 4
"""After this long without an acknowledgement the caller hears that the broker is away; within 5 s, in all."""
AWAY_SECONDS = 1.0
"""How long a broker that could not be reached is believed to be away."""
_AT_ONCE_BYTES = 64 * 1024
Headers = Sequence[tuple[str, bytes]]
log = structlog.get_logger("eventlog")


class BrokerUnavailableError(Exception):
    """The broker did not acknowledge in time. What was sent may still arrive: a repeat is harmless."""


class Appended(NamedTuple):
    """Where a message stands in the log."""

    partition: int
    offset: int


class Producer:
    """The connection to the log, for all threads of a process; made when first needed.

    A connection on which an append was not confirmed is thrown away and made anew: kafka-python 3.0.12 does not get
    going again after a batch expired (measured: every later append expires too). What it still had may arrive or not;
    its sender was told so, and a repeat is harmless.
    """

    def __init__(self, brokers: Brokers, *, message_bytes_max: int) -> None:
        self._brokers = brokers
        self._message_bytes_max = message_bytes_max
        self._lock = threading.Lock()
        self._connection: KafkaProducer | None = None
        self._away_until = 0.0

    def append(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """Append one message; returns when the broker has it. Raises BrokerUnavailableError."""
        deadline = time.monotonic() + DELIVERY_SECONDS_MAX
        connection = self._connected()
        try:
            future = connection.send(topic, value, key=None if key is None else key.encode(), headers=list(headers))
            record = future.get(max(0.1, deadline - time.monotonic()))
        except (KafkaError, OSError) as error:
            self._discard(connection)
            raise BrokerUnavailableError(f"de broker bevestigt niet: {error!r}") from error
        return Appended(record.partition, record.offset)

    async def append_async(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """`append`, without holding up the event loop."""
        connection = self._connection
        if connection is None or len(value) > _AT_ONCE_BYTES:  # connecting and compressing take time
            return await asyncio.to_thread(self.append, topic, key, value, headers)
        loop = asyncio.get_running_loop()
        confirmed: asyncio.Future[Any] = loop.create_future()

        def settle(record: Any) -> None:
            loop.call_soon_threadsafe(_settle, confirmed, record)

        try:
            future = connection.send(topic, value, key=None if key is None else key.encode(), headers=list(headers))
            future.add_both(settle)
            record = await asyncio.wait_for(confirmed, DELIVERY_SECONDS_MAX)
        except (KafkaError, OSError, TimeoutError) as error:
            self._discard(connection)
            raise BrokerUnavailableError(f"de broker bevestigt niet: {error!r}") from error
        return Appended(record.partition, record.offset)

    def close(self) -> None:
        """Disconnect. Nothing is under way that somebody still waits for."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            _close(connection)

    def _connected(self) -> KafkaProducer:
        if not self._lock.acquire(timeout=DELIVERY_SECONDS_MAX / 2):  # another thread is connecting
            raise BrokerUnavailableError(f"Kafka op {self._brokers} is niet bereikbaar")
        try:
            if self._connection is None:
                if time.monotonic() < self._away_until:  # who waited for the lock need not find out for themselves
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
        # Without the lock: whoever connects holds it for seconds, and this is called on the event loop too.
        if self._connection is not connection:
            return  # another sender was first
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


def _settle(confirmed: "asyncio.Future[Any]", outcome: Any) -> None:
    if confirmed.done():
        return  # given up on
    if isinstance(outcome, BaseException):
        confirmed.set_exception(outcome)
    else:
        confirmed.set_result(outcome)


def _close(connection: KafkaProducer) -> None:
    try:
        connection.close(timeout=1)
    except KafkaError as error:
        log.warning("verbinding met de broker niet netjes gesloten", reden=repr(error))
