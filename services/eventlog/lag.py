"""How far a consumer group is behind, asked of the broker: right also while nothing is being consumed."""

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from services.eventlog.brokers import Brokers
from services.eventlog.producer import BrokerUnavailableError


class LagReader:
    """Asks the broker, over a connection that is made when first needed. Not thread-safe."""

    def __init__(self, brokers: Brokers, group: str, topic: str) -> None:
        self._brokers = brokers
        self._group = group
        self._topic = topic
        self._consumer: KafkaConsumer | None = None

    def read(self) -> dict[int, int]:
        """Messages not yet handled, per partition. Raises BrokerUnavailableError."""
        try:
            consumer = self._connected()
            partitions = [TopicPartition(self._topic, p) for p in consumer.partitions_for_topic(self._topic) or ()]
            ends = consumer.end_offsets(partitions)
            return {p.partition: max(0, ends[p] - (consumer.committed(p) or 0)) for p in partitions}
        except (KafkaError, OSError) as error:
            raise BrokerUnavailableError(f"de achterstand is niet te lezen: {error!r}") from error

    def close(self) -> None:
        """Disconnect."""
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
