"""Clear messages about topics with wrong settings and brokers that refuse us, on a real Kafka."""

import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.topics import ALARMS, EVENTS, TopicError, create_topics, examine_topics
from services.store.store import Store
from tests.simulation.world import Service
from tests.support.facts import registered
from tests.support.kafka_node import KafkaNode

SECONDS_MAX = 60


@pytest.fixture
def node(kafka: KafkaNode) -> KafkaNode:
    """A running Kafka without topics."""
    kafka.empty()
    return kafka


@pytest.fixture
def altered(node: KafkaNode) -> Callable[..., None]:
    """Changes settings of a topic, as another user could. A broker takes a while before it tells of a change."""

    def alter(topic: str, **settings: str) -> None:
        admin = KafkaAdminClient(bootstrap_servers=node.address)
        named = {name.replace("_", "."): value for name, value in settings.items()}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=named)])
        until(lambda: named.items() <= told(admin, topic).items())
        admin.close()

    def told(admin: KafkaAdminClient, topic: str) -> dict[str, str]:
        settings = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])["topic"][topic]
        return {name: str(one["value"] if isinstance(one, dict) else one) for name, one in settings.items()}

    return alter


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def test_topics_that_we_made_are_right(node: KafkaNode) -> None:
    create_topics(node.brokers, partitions=3, replication=1)
    topic_id = examine_topics(node.brokers, partitions_min=3)
    assert topic_id == examine_topics(node.brokers, partitions_min=1)


def test_topics_that_are_not_there_yet_are_waited_for(node: KafkaNode) -> None:
    with pytest.raises(BrokerUnavailableError, match="opvangpeil migreer"):
        examine_topics(node.brokers, partitions_min=1)


def test_more_copies_than_brokers(node: KafkaNode) -> None:
    with pytest.raises(TopicError, match=r"1 broker.*te weinig voor 3 kopieën.*opvangpeil migreer --kopieen 1$"):
        create_topics(node.brokers, partitions=1, replication=3)


def test_too_few_partitions(node: KafkaNode) -> None:
    create_topics(node.brokers, partitions=2, replication=1)
    with pytest.raises(TopicError, match=rf"{EVENTS} heeft 2 partitie.*OPVANGPEIL_PARTITIES=8.*--partitions 8"):
        examine_topics(node.brokers, partitions_min=8)


@pytest.mark.parametrize("topic", [EVENTS, ALARMS])
@pytest.mark.parametrize("policy", ["compact", "compact,delete"])
def test_compaction(node: KafkaNode, altered: Callable[..., None], topic: str, policy: str) -> None:
    create_topics(node.brokers, partitions=1, replication=1)
    altered(topic, cleanup_policy=policy)
    with pytest.raises(TopicError, match=rf"{topic} staat op compaction.*cleanup.policy=delete"):
        examine_topics(node.brokers, partitions_min=1)


@pytest.mark.parametrize("setting", ["retention_ms", "retention_bytes"])
def test_a_log_that_is_thrown_away(node: KafkaNode, altered: Callable[..., None], setting: str) -> None:
    create_topics(node.brokers, partitions=1, replication=1)
    altered(EVENTS, **{setting: "604800000"})
    name = setting.replace("_", ".")
    with pytest.raises(TopicError, match=rf"{EVENTS} gooit weg wat oud is \({name}=604800000\); zet {name}=-1"):
        examine_topics(node.brokers, partitions_min=1)


def test_messages_that_would_not_fit(node: KafkaNode, altered: Callable[..., None]) -> None:
    create_topics(node.brokers, partitions=1, replication=1)
    altered(EVENTS, max_message_bytes="1000000")
    with pytest.raises(TopicError, match=rf"{EVENTS} neemt berichten tot 1000000 bytes.*zet max.message.bytes="):
        examine_topics(node.brokers, partitions_min=1)


def test_a_topic_that_is_made_anew_has_another_life(node: KafkaNode, store: Store) -> None:
    create_topics(node.brokers, partitions=1, replication=1)
    first = examine_topics(node.brokers, partitions_min=1)
    node.empty()
    create_topics(node.brokers, partitions=1, replication=1)
    second = examine_topics(node.brokers, partitions_min=1)
    assert [store.epoch_of(first), store.epoch_of(second), store.epoch_of(first)] == [1, 2, 1]


@pytest.mark.parametrize("new_store", ["http"], indirect=True)
def test_a_topic_that_is_made_anew_ends_the_processor_and_gets_a_number_of_its_own(
    node: KafkaNode, store: Store, tmp_path: Path
) -> None:
    create_topics(node.brokers, partitions=1, replication=1)
    outside = {"OPVANGPEIL_KAFKA": f"kafka://{node.address}", "OPVANGPEIL_CLICKHOUSE": store.connection.url}
    processor = Service("processor", tmp_path, outside | {"OPVANGPEIL_PARTITIES": "1"})
    try:
        until(processor.ready)
        admin = KafkaAdminClient(bootstrap_servers=node.address)
        admin.delete_topics([EVENTS])
        until(lambda: EVENTS not in admin.list_topics())
        admin.close()
        create_topics(node.brokers, partitions=1, replication=1)
        until(processor.ended)
        assert "topic van de gebeurtenissen is opnieuw gemaakt" in processor.child.said()
        producer = KafkaProducer(bootstrap_servers=node.address)
        producer.send(EVENTS, orjson.dumps(registered("LOC-NIEUW"))).get(10)
        producer.close()
        processor.start()
        until(lambda: store.stored_count() == 1)
    finally:
        processor.kill()
    assert (store.position().epoch, store.position().offsets) == (2, (0,))
