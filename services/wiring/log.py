"""The Kafka of a process that has one: it appends to the log, hears how far processors are, and watches the topic."""

import asyncio
import math
import time
from dataclasses import dataclass

import structlog

from services.eventlog.brokers import Brokers, BrokerUnavailableError
from services.eventlog.groups import LagReader
from services.eventlog.producer import Producer
from services.eventlog.topics import EVENTS, examine_topics
from services.metrics import Metrics
from services.processor.worker import GROUP
from services.web.health import NotReadyError

LAG_SECONDS = 2.0
TOPIC_SECONDS = 10.0
BROKER_SILENT_SECONDS_MAX = 10.0
log = structlog.get_logger("start")


@dataclass(frozen=True, slots=True)
class Broker:
    """A Kafka, and how to be a member of a consumer group there."""

    brokers: Brokers
    partitions_min: int
    session_seconds: int
    fetch_wait_ms: int | None = None
    """How long a fetch may wait for messages. None: as long as Faust has it."""


class Log:
    """The log, for a process that appends to it: a producer, and how far the processors are behind."""

    def __init__(self, brokers: Brokers, producer: Producer, metrics: Metrics) -> None:
        self._brokers = brokers
        self._metrics = metrics
        self.producer = producer
        self.lag: int | None = None
        """The messages that the processors have yet to store, by the last answer. None: the last question failed."""
        self._seen = -math.inf
        """When the broker last answered, on the monotonic clock."""

    def near(self) -> bool:
        """Returns whether the broker answered lately. It is asked for the lag all the time."""
        return time.monotonic() - self._seen <= BROKER_SILENT_SECONDS_MAX

    def check(self) -> None:
        """Raises NotReadyError when the broker has not answered lately."""
        if not self.near():
            raise NotReadyError("de broker antwoordt niet")

    async def measure_lag(self) -> None:
        """Asks the broker, for ever, how far the processors are behind. This also shows that the broker is there."""
        reader = LagReader(self._brokers, GROUP, EVENTS)
        try:
            while True:
                try:
                    found = await asyncio.to_thread(reader.read)
                    for partition, behind in found.items():
                        self._metrics.achterstand.labels(str(partition)).set(behind)
                    self.lag = sum(found.values())
                    self._seen = time.monotonic()
                except BrokerUnavailableError as error:
                    self.lag = None
                    log.warning("achterstand onbekend", reden=str(error))
                await asyncio.sleep(LAG_SECONDS)
        finally:
            reader.close()


class Topic:
    """The events topic, as the process found it at the start."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.id = ""
        """The id that Kafka gave it. A topic that is made anew has another id, and its offsets begin anew."""

    def examine(self) -> None:
        """Checks all topics and learns the id of the events topic. Raises TopicError, BrokerUnavailableError."""
        self.id = examine_topics(self._broker.brokers, partitions_min=self._broker.partitions_min)

    async def lasts(self) -> None:
        """Returns when the events topic is no longer the one of the start.

        The offsets of a new topic begin anew, so the same places would name other events. Only a process that starts
        again gives the new topic a number of its own. What was read of it before this was noticed is stored under the
        old number.
        """
        at_start = self.id
        while self.id == at_start:
            await asyncio.sleep(TOPIC_SECONDS)
            try:
                await asyncio.to_thread(self.examine)
            except BrokerUnavailableError as error:
                log.warning("topic niet te bekijken", reden=str(error))
        log.error("het topic van de gebeurtenissen is opnieuw gemaakt", was=at_start, **{"is": self.id})
