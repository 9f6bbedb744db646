"""The topics, and our own admin step that makes them: a broker never makes one by itself with settings of its own."""

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from services.eventlog.producer import BrokerUnavailableError

EVENTS = "opvang.gebeurtenissen.v1"
ALARMS = "opvang.alarmen.v1"
UNPROCESSABLE = "opvang.onverwerkbaar.v1"

MESSAGE_BYTES_MAX = 12 * 1024 * 1024
"""A batch is one message, so that it is appended whole or not at all: the largest body that ingest takes, and room."""
_FOREVER = "-1"
_SETTINGS = {
    EVENTS: {"retention.ms": _FOREVER, "max.message.bytes": str(MESSAGE_BYTES_MAX)},
    ALARMS: {"retention.ms": _FOREVER},
    UNPROCESSABLE: {"retention.ms": _FOREVER, "max.message.bytes": str(MESSAGE_BYTES_MAX)},
}


def create_topics(brokers: str, *, partitions: int, replication: int) -> list[str]:
    """Make the topics that are not there yet; returns their names. Raises BrokerUnavailableError."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=brokers.split(","), request_timeout_ms=10_000)
        try:
            missing = [topic for topic in _SETTINGS if topic not in set(admin.list_topics())]
            wanted = [
                NewTopic(topic, 1 if topic == ALARMS else partitions, replication, topic_configs=_SETTINGS[topic])
                for topic in missing
            ]
            if wanted:
                admin.create_topics(wanted)
        except TopicAlreadyExistsError:
            return []  # another service was first
        else:
            return missing
        finally:
            admin.close()
    except (KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"de topics konden niet worden gemaakt op {brokers}: {error!r}") from error
