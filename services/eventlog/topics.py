"""Names the topics, makes them and checks them. A broker never makes one by itself, with settings of its own."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import InvalidReplicationFactorError, TopicAlreadyExistsError

from schemas.told import ToldError
from services.eventlog.admin import admin_of
from services.eventlog.brokers import Brokers, BrokerUnavailableError

EVENTS = "opvang.gebeurtenissen.v1"
ALARMS = "opvang.alarmen.v1"
UNPROCESSABLE = "opvang.onverwerkbaar.v1"

MESSAGE_BYTES_MAX = 12 * 1024 * 1024
"""Room for the largest body that ingest takes: a batch is one message, so that it is appended whole or not at all."""
LISTED_SECONDS_MAX = 30
"""How long a broker gets to list a topic that it has made."""
_FOREVER = "-1"
_SETTINGS = {
    EVENTS: {"retention.ms": _FOREVER, "max.message.bytes": str(MESSAGE_BYTES_MAX)},
    ALARMS: {"retention.ms": _FOREVER},
    UNPROCESSABLE: {"retention.ms": _FOREVER, "max.message.bytes": str(MESSAGE_BYTES_MAX)},
}


def key_of(subjects: Sequence[str], first_id: str) -> str:
    """Returns the key of a message on the events topic: its subject, so that events on one subject stay in order.

    For a batch on several subjects the key is its first id. The same batch, sent again, then reaches the processor that
    has seen it before.
    """
    return subjects[0] if len(set(subjects)) == 1 else first_id


class TopicError(ToldError):
    """A topic does not have the settings it must have. The message says which, and what to do."""


def examine_topics(brokers: Brokers, *, partitions_min: int) -> str:
    """Checks all topics and returns the id of the events topic.

    Raises TopicError for wrong settings, BrokerUnavailableError when the broker or a topic is not there (yet).
    """
    with admin_of(brokers) as admin:
        missing = _SETTINGS.keys() - set(admin.list_topics())
        if missing:
            raise BrokerUnavailableError(f"topic {min(missing)} is er nog niet; voer `opvangpeil migreer` uit")
        topics = {topic["name"]: topic for topic in admin.describe_topics(list(_SETTINGS))}
        if unread := [name for name in _SETTINGS if name not in topics or topics[name]["error_code"]]:
            raise BrokerUnavailableError(f"topic {unread[0]} is nu niet te bekijken")
        settings = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in _SETTINGS])
    for name in _SETTINGS:
        _check(name, len(topics[name]["partitions"]), settings["topic"].get(name, {}), partitions_min)
    return str(topics[EVENTS]["topic_id"])


def _check(topic: str, partitions: int, settings: Mapping[str, Any], partitions_min: int) -> None:
    """Raises TopicError for a wrong setting. A setting that the broker does not tell is not judged."""
    if topic == ALARMS and partitions != 1:
        raise TopicError(
            f"topic {topic} heeft {partitions} partities, en moet er één hebben: de volgorde van alarmen is die van "
            "het topic, en wie het leest meldt ze; maak het opnieuw met één partitie"
        )
    if topic == EVENTS and partitions < partitions_min:
        raise TopicError(
            f"topic {topic} heeft {partitions} partitie(s), minder dan OPVANGPEIL_PARTITIES={partitions_min}; "
            f"geef het er meer (kafka-topics.sh --alter --topic {topic} --partitions {partitions_min}) "
            "of verlaag de instelling"
        )
    for name in ("retention.ms", "retention.bytes"):
        if (limit := _value(settings, name)) not in ("", _FOREVER):
            raise TopicError(f"topic {topic} gooit weg wat oud is ({name}={limit}); zet {name}={_FOREVER}")
    if "compact" in _value(settings, "cleanup.policy"):
        raise TopicError(
            f"topic {topic} staat op compaction, en dan verdwijnen gebeurtenissen; zet cleanup.policy=delete"
        )
    largest, wanted = _value(settings, "max.message.bytes"), _SETTINGS[topic].get("max.message.bytes", "0")
    if largest and int(largest) < int(wanted):
        raise TopicError(
            f"topic {topic} neemt berichten tot {largest} bytes, en een batch is er hoogstens {wanted}; "
            f"zet max.message.bytes={wanted}"
        )


def _value(settings: Mapping[str, Any], name: str) -> str:
    setting = settings.get(name, "")
    return str(setting.get("value", "") if isinstance(setting, dict) else setting)


def create_topics(brokers: Brokers, *, partitions: int, replication: int) -> list[str]:
    """Makes the topics that are missing, waits until the broker lists them, and returns their names.

    Raises TopicError when there are fewer brokers than copies. Raises BrokerUnavailableError, also when the broker does
    not list them in time.
    """
    with admin_of(brokers) as admin:
        missing = [topic for topic in _SETTINGS if topic not in set(admin.list_topics())]
        wanted = [
            NewTopic(topic, 1 if topic == ALARMS else partitions, replication, topic_configs=_SETTINGS[topic])
            for topic in missing
        ]
        try:
            if wanted:
                admin.create_topics(wanted)
        except TopicAlreadyExistsError:
            missing = []  # Another service made them at the same moment.
        except InvalidReplicationFactorError as error:
            there = len(admin.describe_cluster()["brokers"])
            raise TopicError(
                f"deze Kafka heeft {there} broker(s), te weinig voor {replication} kopieën van een topic; "
                f"voer uit: opvangpeil migreer --kopieen {there}"
            ) from error
        _wait_until_listed(admin)
        return missing


def _wait_until_listed(admin: KafkaAdminClient) -> None:
    """Returns once the broker lists every topic. It answers that a topic is made before it lists it."""
    deadline = time.monotonic() + LISTED_SECONDS_MAX
    while unlisted := _SETTINGS.keys() - set(admin.list_topics()):
        if time.monotonic() > deadline:
            raise BrokerUnavailableError(
                f"topic {min(unlisted)} is gemaakt, en de broker noemt het na {LISTED_SECONDS_MAX} s nog niet; "
                "kijk of alle brokers gezond zijn en probeer het nog eens"
            )
        time.sleep(0.1)
