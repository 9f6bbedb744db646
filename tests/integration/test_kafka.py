"""The log on a real Kafka that fails: every acknowledged message is kept, and a hang is reported in time."""

import os
import time
from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer, TopicPartition

from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import DELIVERY_SECONDS_MAX, Appended, Producer
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX, create_topics
from tests.conftest import with_topics
from tests.support.kafka_node import KafkaNode

PARTITION = TopicPartition(EVENTS, 0)


@pytest.fixture
def node(kafka: KafkaNode) -> KafkaNode:
    """A running Kafka with our topics, all of them empty."""
    return with_topics(kafka)


@pytest.fixture
def producer(node: KafkaNode) -> Iterator[Producer]:
    producer = Producer(node.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    yield producer
    producer.close()


def held(node: KafkaNode) -> list[bytes]:
    """Returns every message of the events topic."""
    consumer = KafkaConsumer(bootstrap_servers=node.address)
    consumer.assign([PARTITION])
    consumer.seek_to_beginning(PARTITION)
    end, found = consumer.end_offsets([PARTITION])[PARTITION], []
    while consumer.position(PARTITION) < end:
        found += [record.value for record in consumer.poll(1000).get(PARTITION, ())]
    consumer.close()
    return found


def test_topics_begin_anew_after_they_were_deleted(node: KafkaNode, producer: Producer) -> None:
    assert producer.append(EVENTS, "LOC-1", b"1") == Appended(0, 0)
    node.empty()
    assert len(create_topics(node.brokers, partitions=1, replication=1)) == 3
    assert create_topics(node.brokers, partitions=1, replication=1) == []
    again = Producer(node.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    assert again.append(EVENTS, "LOC-1", b"2") == Appended(0, 0)
    again.close()
    assert held(node) == [b"2"]


def test_the_largest_message_fits(node: KafkaNode, producer: Producer) -> None:
    largest = os.urandom(MESSAGE_BYTES_MAX - 64 * 1024)
    producer.append(EVENTS, "LOC-1", largest)
    assert held(node) == [largest]


def test_what_was_acknowledged_outlives_a_kill(node: KafkaNode, producer: Producer) -> None:
    sent = [str(number).encode() for number in range(50)]
    for value in sent:
        producer.append(EVENTS, "LOC-1", value)
    node.kill()
    with pytest.raises(BrokerUnavailableError):
        producer.append(EVENTS, "LOC-1", b"while it is away")
    node.start()
    for _ in range(20):
        try:
            producer.append(EVENTS, "LOC-1", b"after")
        except BrokerUnavailableError:
            time.sleep(0.5)
        else:
            break
    found = held(node)
    assert found[:50] == sent
    assert found[-1] == b"after"


def test_a_broker_that_hangs_is_said_in_time_and_gone_on_with(node: KafkaNode, producer: Producer) -> None:
    producer.append(EVENTS, "LOC-1", b"before")
    node.pause()
    begin = time.monotonic()
    try:
        with pytest.raises(BrokerUnavailableError):
            producer.append(EVENTS, "LOC-1", b"meanwhile")
    finally:
        node.resume()
    assert time.monotonic() - begin < DELIVERY_SECONDS_MAX + 1
    producer.append(EVENTS, "LOC-1", b"after")
    found = held(node)
    assert (found[0], found[-1]) == (b"before", b"after")
