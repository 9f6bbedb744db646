"""An older backup replaces a lost store behind the same Kafka. Events after the backup are read again."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson

from services.eventlog.brokers import Brokers
from services.eventlog.groups import GroupInUseError, read_again
from services.eventlog.producer import Producer
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX, create_topics
from services.processor.worker import GROUP
from services.store.backup import back_up, read_manifest, restore
from services.store.store import Store
from tests.support.facts import reading
from tests.support.kafka_node import KafkaNode
from tests.support.workers import run, running, until

EARLIER, LATER = 20, 15


def rewound(brokers: Brokers) -> None:
    """Resets the offsets of the group, as soon as the processor has left it."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return read_again(brokers, GROUP)
        except GroupInUseError:
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_nothing_acknowledged_is_lost_with_the_store(
    kafka: KafkaNode, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    kafka.empty()
    brokers = kafka.brokers
    create_topics(brokers, partitions=2, replication=1)
    lost, restored = new_store(), new_store()
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    sent = [reading(f"LOC-{n % 7}", n) for n in range(EARLIER + LATER)]
    now = datetime.now(UTC)

    async def until_it_is_lost() -> None:
        async with running(brokers, lost, producer, tmp_path):
            for one in sent[:EARLIER]:
                producer.append(EVENTS, one["subject"], orjson.dumps(one))
            await until(lambda: lost.stored_count() == EARLIER)
            back_up(lost, tmp_path / "bewaard.zip", now)
            for one in sent[EARLIER:]:
                producer.append(EVENTS, one["subject"], orjson.dumps(one))
            await until(lambda: lost.stored_count() == len(sent))

    async def behind_the_same_log() -> None:
        async with running(brokers, restored, producer, tmp_path):
            await until(lambda: restored.stored_count() == len(sent))

    run(until_it_is_lost())
    manifest = back_up(lost, tmp_path / "later.zip", now)  # only to know the positie of the lost store
    rewound(brokers)
    restore(restored, tmp_path / "bewaard.zip", read_manifest(tmp_path / "bewaard.zip"))
    assert restored.stored_count() == EARLIER
    run(behind_the_same_log())
    assert {event.id for event in restored.events()} == {one["id"] for one in sent}
    assert str(restored.position()) == manifest.positie, (
        "the same topic has the same life, so a positie keeps its meaning"
    )
    producer.close()
