"""How far a consumer group has read, made undone: for whoever puts an older store behind the same log."""

import time

from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError, NonEmptyGroupError

from services.eventlog.admin import admin_of
from services.eventlog.brokers import Brokers
from services.eventlog.producer import BrokerUnavailableError

PATIENCE_SECONDS_MAX = 20
"""A new Kafka makes the topic of the groups when one is first asked for: until it is there it says 'not available'."""
_DONE = {"OK", GroupIdNotFoundError.__name__}


class GroupInUseError(Exception):
    """Somebody is reading as this group."""


def read_again(brokers: Brokers, group: str) -> None:
    """Let the group begin at the beginning of its topics. Raises GroupInUseError, BrokerUnavailableError."""
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
