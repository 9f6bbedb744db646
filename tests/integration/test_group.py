"""Resetting the offsets of a group on a real Kafka works, but not while a member of the group reads."""

import time

import pytest
from kafka import KafkaConsumer

from services.eventlog.groups import GroupInUseError, LagReader, read_again
from services.eventlog.producer import Producer
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX, create_topics
from tests.support.kafka_node import KafkaNode

GROUP = "proef-opnieuw-lezen"
SENT = 5


def test_a_group_begins_at_the_beginning_again(kafka: KafkaNode) -> None:
    kafka.empty()  # messages of other tests may have a compression that a plain consumer can't read
    create_topics(kafka.brokers, partitions=1, replication=1)
    lag = LagReader(kafka.brokers, GROUP, EVENTS)
    read_again(kafka.brokers, GROUP)  # of a group that does not exist yet
    before = sum(lag.read().values())
    producer = Producer(kafka.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    for number in range(SENT):
        producer.append(EVENTS, None, b"%d" % number)
    producer.close()
    consumer = KafkaConsumer(
        EVENTS,
        **kafka.brokers.client_settings(),
        group_id=GROUP,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=6000,
    )
    read = 0
    while read < before + SENT:
        read += sum(len(messages) for messages in consumer.poll(1000).values())
    consumer.commit()
    assert sum(lag.read().values()) == 0
    with pytest.raises(GroupInUseError, match="er loopt nog een verwerker"):
        read_again(kafka.brokers, GROUP)
    consumer.close()
    deadline = time.monotonic() + 30
    while True:
        try:
            read_again(kafka.brokers, GROUP)
            break
        except GroupInUseError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
    lag.close()
    lag = LagReader(kafka.brokers, GROUP, EVENTS)
    assert sum(lag.read().values()) == before + SENT
    lag.close()
