"""Appends to the log. The only producer: idempotent, and acknowledged by all in-sync replicas before it returns."""

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

DELIVERY_SECONDS_MAX = 4
"""After this long without an acknowledgement the caller hears that the broker is away; within 5 s, in all."""
Headers = Sequence[tuple[str, bytes]]


class BrokerUnavailableError(Exception):
    """The broker did not acknowledge in time. What was sent may still arrive: a repeat is harmless."""


class Appended(NamedTuple):
    """Where a message stands in the log."""

    partition: int
    offset: int


class Producer:
    """One connection to the log, for all threads of a process."""

    def __init__(self, brokers: str, *, message_bytes_max: int) -> None:
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=brokers.split(","),
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=0,
                max_request_size=message_bytes_max,
                max_block_ms=DELIVERY_SECONDS_MAX * 1000,
                request_timeout_ms=DELIVERY_SECONDS_MAX * 500,
                delivery_timeout_ms=DELIVERY_SECONDS_MAX * 1000,
            )
        except KafkaError as error:
            raise BrokerUnavailableError(f"Kafka op {brokers} is niet bereikbaar: {error!r}") from error

    def append(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """Append one message; returns when the broker has it. Raises BrokerUnavailableError."""
        deadline = time.monotonic() + DELIVERY_SECONDS_MAX
        try:
            future = self._producer.send(topic, value, key=None if key is None else key.encode(), headers=list(headers))
            record = future.get(max(0.1, deadline - time.monotonic()))
        except (KafkaError, OSError) as error:
            raise BrokerUnavailableError(f"de broker bevestigt niet: {error!r}") from error
        return Appended(record.partition, record.offset)

    async def append_async(self, topic: str, key: str | None, value: bytes, headers: Headers = ()) -> Appended:
        """`append`, without holding up the event loop."""
        return await asyncio.to_thread(self.append, topic, key, value, headers)

    def close(self) -> None:
        """Flush what is under way and disconnect."""
        self._producer.close(timeout=DELIVERY_SECONDS_MAX)
