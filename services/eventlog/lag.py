"""How far a consumer group is behind, asked of the broker: right also while nothing is being consumed."""

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from services.eventlog.producer import BrokerUnavailableError


class LagReader:
    """Asks the broker. Not thread-safe."""

    def __init__(self, brokers: str, group: str, topic: str) -> None:
        self._topic = topic
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=brokers.split(","), group_id=group, enable_auto_commit=False, request_timeout_ms=5_000
            )
        except KafkaError as error:
            raise BrokerUnavailableError(f"Kafka op {brokers} is niet bereikbaar: {error!r}") from error

    def read(self) -> dict[int, int]:
        """Messages not yet handled, per partition. Raises BrokerUnavailableError."""
        try:
            partitions = [
                TopicPartition(self._topic, p) for p in self._consumer.partitions_for_topic(self._topic) or ()
            ]
            ends = self._consumer.end_offsets(partitions)
            return {p.partition: max(0, ends[p] - (self._consumer.committed(p) or 0)) for p in partitions}
        except (KafkaError, OSError) as error:
            raise BrokerUnavailableError(f"de achterstand is niet te lezen: {error!r}") from error

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()
