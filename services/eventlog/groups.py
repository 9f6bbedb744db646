"""How far a consumer group has read: asks the broker for it, and can undo it."""

import time

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError, KafkaError, NonEmptyGroupError

from schemas.told import ToldError
from services.eventlog.admin import admin_of
from services.eventlog.brokers import Brokers, BrokerUnavailableError

PATIENCE_SECONDS_MAX = 20
"""A new Kafka makes its topic of groups at the first request, and answers 'not available' until that topic exists."""
_DONE = {"OK", GroupIdNotFoundError.__name__}


class LagReader:
    """Asks the broker how far a group is behind, so the answer is right even while nobody consumes.

    It connects at the first question. It is not thread-safe.
    """

    def __init__(self, brokers: Brokers, group: str, topic: str) -> None:
        self._brokers = brokers
        self._group = group
        self._topic = topic
        self._consumer: KafkaConsumer | None = None

    def read(self) -> dict[int, int]:
        """Returns the number of messages not yet handled, per partition. Raises BrokerUnavailableError."""
        try:
            consumer = self._connected()
            partitions = [TopicPartition(self._topic, p) for p in consumer.partitions_for_topic(self._topic) or ()]
            ends = consumer.end_offsets(partitions)
            return {p.partition: max(0, ends[p] - (consumer.committed(p) or 0)) for p in partitions}
        except (KafkaError, OSError) as error:
            raise BrokerUnavailableError(f"de achterstand is niet te lezen: {error!r}") from error

    def close(self) -> None:
        """Closes the connection, if there is one."""
        if self._consumer is not None:
            self._consumer.close()

    def _connected(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                **self._brokers.client_settings(),
                group_id=self._group,
                enable_auto_commit=False,
                bootstrap_timeout_ms=2_000,
                request_timeout_ms=5_000,
            )
        return self._consumer


class GroupInUseError(ToldError):
    """A processor is still reading as this group."""


def read_again(brokers: Brokers, group: str) -> None:
    """Makes the group begin again at the start of its topics, for a store that was restored behind the same log.

    Raises GroupInUseError, BrokerUnavailableError.
    """
    with admin_of(brokers) as admin:
        outcome = _deleted(admin, group)
    if outcome == NonEmptyGroupError.__name__:
        raise GroupInUseError(
            f"er loopt nog een verwerker (groep {group} is in gebruik); stop ze allemaal en wacht een halve minuut"
        )
    if outcome not in _DONE:
        raise BrokerUnavailableError(f"Kafka zet de leespositie van {group} niet terug: {outcome}")


def _deleted(admin: KafkaAdminClient, group: str) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS_MAX
    while True:
        try:
            return str(admin.delete_groups([group])[group])
        except CoordinatorNotAvailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
