"""What the parts of a process share: the store, the broker, the counters, and how far each of them is."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from services.access import Access
from services.clock import Clock
from services.eventlog.admin import BrokerDeniedError
from services.eventlog.brokers import Brokers
from services.eventlog.lag import LagReader
from services.eventlog.producer import BrokerUnavailableError, Producer
from services.eventlog.topics import EVENTS, examine_topics
from services.metrics import Metrics
from services.processor.worker import GROUP
from services.store.migrate import check_schema
from services.store.model import StoreDeniedError, StoreUnavailableError
from services.store.store import Store
from services.web.health import NotReadyError

LAG_SECONDS = 2.0
TOPIC_SECONDS = 10.0
BROKER_SILENT_SECONDS_MAX = 10.0
PATIENCE_SECONDS_MAX = 5.0
log = structlog.get_logger("start")


@dataclass(frozen=True, slots=True)
class Broker:
    """A Kafka that is reached by its address, and how to be a member of a group there."""

    brokers: Brokers
    partitions_min: int
    session_seconds: int
    fetch_wait_ms: int | None = None
    """None: as Faust has it."""


@dataclass(slots=True)
class Resources:
    """What the parts of a process share. Nothing is connected to until it is used."""

    store: Store
    broker: Broker | None
    """None: this process needs none."""
    lag_of: Brokers | None
    """Where it looks how far the processors are behind; None: nowhere."""
    producer: Producer | None
    metrics: Metrics
    clock: Clock
    access: Access
    proxies: str = "127.0.0.1"
    """Whose X-Forwarded headers are believed."""
    topic_id: str = ""
    """The events topic: made anew it is another, with offsets that begin anew."""
    pending: dict[str, str] = field(default_factory=dict)
    """Parts that are not ready yet, and why."""
    lag: int | None = None
    """Messages that the processors have yet to store, as was heard last; None: not heard."""
    broker_seen: float = -math.inf
    """When the broker last answered, on the monotonic clock."""

    async def prepare(self) -> None:
        """Wait until the store and the broker are there, and as they must be.

        Raises MigrationError, StoreDeniedError, BrokerDeniedError or TopicError when waiting will not help.
        """
        await asyncio.gather(
            self._patiently("clickhouse", lambda: check_schema(self.store.connection)),
            self._patiently("broker", self._examine) if self.broker else asyncio.sleep(0),
        )

    def check_store(self) -> None:
        """Raises while the store is not there, or its schema is not."""
        self.check("clickhouse")
        self.store.ping()

    def broker_near(self) -> bool:
        """Whether the broker answered lately: it is asked for the lag all the time."""
        return time.monotonic() - self.broker_seen <= BROKER_SILENT_SECONDS_MAX

    def check_broker(self) -> None:
        """Raises when the broker has not answered lately."""
        self.check("broker")
        if not self.broker_near():
            raise NotReadyError("de broker antwoordt niet")

    def check(self, part: str) -> None:
        """Raises while a part is not ready."""
        if part in self.pending:
            raise NotReadyError(self.pending[part])

    async def measure_lag(self) -> None:
        """Ask the broker how far the processors are behind, for ever: that shows that it is there, too."""
        assert self.lag_of is not None  # noqa: S101
        lag = LagReader(self.lag_of, GROUP, EVENTS)
        try:
            while True:
                try:
                    found = await asyncio.to_thread(lag.read)
                    for partition, behind in found.items():
                        self.metrics.achterstand.labels(str(partition)).set(behind)
                    self.lag = sum(found.values())
                    self.broker_seen = time.monotonic()
                except BrokerUnavailableError as error:
                    self.lag = None
                    log.warning("achterstand onbekend", reden=str(error))
                await asyncio.sleep(LAG_SECONDS)
        finally:
            lag.close()

    async def topic_lasts(self) -> None:
        """Returns when the events topic is no longer the one of the start, but was made anew.

        Its offsets begin anew then, and the same places would name other events: only a process that begins anew
        gives it a new number. What was read of it before this was noticed is stored, under the old one.
        """
        at_start = self.topic_id
        while self.topic_id == at_start:
            await asyncio.sleep(TOPIC_SECONDS)
            try:
                await asyncio.to_thread(self._examine)
            except BrokerUnavailableError as error:
                log.warning("topic niet te bekijken", reden=str(error))
        log.error("het topic van de gebeurtenissen is opnieuw gemaakt", was=at_start, **{"is": self.topic_id})

    def _examine(self) -> None:
        assert self.broker is not None  # noqa: S101
        self.topic_id = examine_topics(self.broker.brokers, partitions_min=self.broker.partitions_min)

    async def _patiently(self, part: str, step: Callable[[], Any]) -> None:
        patience = 0.1
        while True:
            try:
                await asyncio.to_thread(step)
            except (StoreDeniedError, BrokerDeniedError):
                raise
            except (StoreUnavailableError, BrokerUnavailableError) as error:
                self.pending[part] = str(error)
                log.warning("wacht", onderdeel=part, reden=str(error))
                await asyncio.sleep(patience)
                patience = min(patience * 2, PATIENCE_SECONDS_MAX)
            else:
                self.pending.pop(part, None)
                return
