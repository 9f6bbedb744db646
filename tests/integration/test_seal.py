"""Any program on this machine can connect to the built-in broker. Without its key it reads and writes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition

from services.eventlog.producer import Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import ALARMS, EVENTS, MESSAGE_BYTES_MAX, create_topics
from services.seal import Seal, SealError
from services.store.model import NOT_SEALED
from services.store.store import Store
from tests.support.facts import reading
from tests.support.workers import run, running, until


@pytest.fixture
def tansu(tmp_path: Path) -> Iterator[Tansu]:
    made = Tansu(tmp_path / "broker.log")
    create_topics(made.brokers, partitions=1, replication=1)
    yield made
    made.stop()


def on_the_wire(tansu: Tansu, topic: str, many: int) -> list[bytes]:
    """Returns all that a program without the key can read of these messages: keys, values and headers."""
    consumer = KafkaConsumer(**tansu.brokers.client_settings())
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    consumer.seek_to_beginning(place)
    found: list[bytes] = []
    while len(found) < many:
        found += [
            b"|".join([message.key or b"", message.value, *(said for _, said in message.headers)])
            for message in consumer.poll(1000).get(place, [])
        ]
    consumer.close()
    return found


def test_who_lacks_the_key_reads_nothing_and_writes_nothing(tansu: Tansu, store: Store, tmp_path: Path) -> None:
    sealed = replace(tansu.brokers, seal=Seal())
    ours = Producer(sealed, message_bytes_max=MESSAGE_BYTES_MAX)
    strange = Producer(tansu.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    other = Producer(replace(tansu.brokers, seal=Seal()), message_bytes_max=MESSAGE_BYTES_MAX)
    true, false, of_another_key = (reading("LOC-GEHEIM", n) for n in (1, 2, 3))

    async def scenario() -> None:
        async with running(sealed, store, ours, tmp_path):
            header = [("content-type", b"application/cloudevents+json")]
            strange.append(EVENTS, false["subject"], orjson.dumps(false))
            strange.append(ALARMS, None, b'{"type":"nl.opvangalarmen.alarm-geactiveerd.v1"}')
            other.append(EVENTS, of_another_key["subject"], orjson.dumps(of_another_key), header)
            ours.append(EVENTS, true["subject"], orjson.dumps(true), header)
            await until(lambda: store.stored_count() == 1)
            await until(lambda: store.unprocessable.count() == 3)

    run(scenario())
    assert [event.id for event in store.events()] == [true["id"]]
    assert {one.item.reason for one in store.unprocessable.page()} == {NOT_SEALED}
    assert [*store.unprocessable.valid_now()] == [], "nobody is offered to send them again"
    *_, last = on_the_wire(tansu, EVENTS, 3)
    assert b"LOC-GEHEIM" not in last
    assert b"cloudevents" not in last
    for producer in (ours, strange, other):
        producer.close()


def test_a_seal_opens_what_it_closed_for_that_topic_and_nothing_else() -> None:
    seal = Seal()
    closed = seal.close(EVENTS, b"iets")
    assert seal.open(EVENTS, closed) == b"iets"
    assert closed != seal.close(EVENTS, b"iets"), "equal messages do not look equal"
    changed = bytes([closed[0] ^ 1]) + closed[1:]
    for topic, value in ((ALARMS, closed), (EVENTS, changed), (EVENTS, closed[:-1]), (EVENTS, b"")):
        with pytest.raises(SealError):
            seal.open(topic, value)
    with pytest.raises(SealError):
        Seal().open(EVENTS, closed)
    assert seal.name("LOC-A") == seal.name("LOC-A") != seal.name("LOC-B")
