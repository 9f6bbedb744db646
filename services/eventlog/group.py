"""How far a consumer group has read, made undone: for whoever puts an older store behind the same log."""

from kafka.admin import KafkaAdminClient
from kafka.errors import GroupIdNotFoundError, KafkaError, NonEmptyGroupError

from services.eventlog.producer import BrokerUnavailableError

_DONE = {"OK", GroupIdNotFoundError.__name__}


class GroupInUseError(Exception):
    """Somebody is reading as this group."""


def read_again(brokers: str, group: str) -> None:
    """Let the group begin at the beginning of its topics. Raises GroupInUseError, BrokerUnavailableError."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=brokers.split(","), request_timeout_ms=10_000)
        try:
            outcome = admin.delete_groups([group])[group]
        finally:
            admin.close()
    except (KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"Kafka op {brokers} is niet bereikbaar: {error!r}") from error
    if outcome == NonEmptyGroupError.__name__:
        raise GroupInUseError(
            f"er loopt nog een verwerker (groep {group} is in gebruik); stop ze allemaal en wacht een halve minuut"
        )
    if outcome not in _DONE:
        raise BrokerUnavailableError(f"Kafka zet de leespositie van {group} niet terug: {outcome}")
