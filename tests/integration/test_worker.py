"""The processor on a real broker, while its store or the processor itself fails: it loses no events.

The store fails for real: the table is detached, so the engine refuses inserts.
"""

from pathlib import Path

import orjson
import pytest
from prometheus_client import CollectorRegistry

from services.eventlog.brokers import Brokers
from services.eventlog.groups import LagReader
from services.eventlog.producer import Producer
from services.eventlog.tansu import Tansu
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX, create_topics
from services.processor.worker import GROUP
from services.store.store import Store
from tests.support.facts import reading
from tests.support.forms import FORMS
from tests.support.front import ClickHouseFront
from tests.support.kafka_node import KafkaNode
from tests.support.workers import run, running, until


@pytest.fixture
def brokers(broker: Tansu | KafkaNode) -> Brokers:
    """A broker that has our topics."""
    create_topics(broker.brokers, partitions=2, replication=1)
    return broker.brokers


@FORMS
def test_a_store_that_refuses_is_waited_for(brokers: Brokers, store: Store, tmp_path: Path) -> None:
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    lag = LagReader(brokers, GROUP, EVENTS)
    sent = [reading(f"LOC-{n % 7}", n) for n in range(60)]

    async def scenario() -> None:
        async with running(brokers, store, producer, tmp_path) as registry:
            for one in sent[:20]:
                producer.append(EVENTS, one["subject"], orjson.dumps(one))
            await until(lambda: store.stored_count() == 20)
            await until(lambda: sum(lag.read().values()) == 0)
            store.command("DETACH TABLE gebeurtenis")
            for one in sent[20:]:
                producer.append(EVENTS, one["subject"], orjson.dumps(one))
            await until(lambda: (failures(registry) or 0) >= 3)
            assert sum(lag.read().values()) == 40, "nothing may be acknowledged while the store refuses"
            store.command("ATTACH TABLE gebeurtenis")
            await until(lambda: store.stored_count() == 60)
            await until(lambda: sum(lag.read().values()) == 0)

    run(scenario())
    assert {event.id for event in store.events()} == {one["id"] for one in sent}
    lag.close()
    producer.close()


@FORMS
def test_what_was_not_acknowledged_when_it_stopped_comes_again(brokers: Brokers, store: Store, tmp_path: Path) -> None:
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    sent = [reading(f"LOC-{n % 7}", n) for n in range(50)]

    async def cut_off() -> None:
        async with running(brokers, store, producer, tmp_path) as registry:
            store.command("DETACH TABLE gebeurtenis")
            for one in sent:
                producer.append(EVENTS, one["subject"], orjson.dumps(one))
            await until(lambda: (failures(registry) or 0) >= 2)

    async def again() -> None:
        store.command("ATTACH TABLE gebeurtenis")
        async with running(brokers, store, producer, tmp_path):
            await until(lambda: store.stored_count() == len(sent))

    run(cut_off())
    run(again())
    assert {event.id for event in store.events()} == {one["id"] for one in sent}
    producer.close()


@pytest.mark.parametrize(("broker", "new_store"), [("kafka", "http")], indirect=True)
def test_what_is_on_its_way_to_the_store_is_known(
    brokers: Brokers, store: Store, front: ClickHouseFront, tmp_path: Path
) -> None:
    """The processor judges the next messages while it stores the first. It still sees repeats and reused ids."""
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    one = reading("LOC-1", 1)
    other = one | {"data": one["data"] | {"aanwezig": 2}}

    async def scenario() -> None:
        async with running(brokers, store, producer, tmp_path) as registry:
            front.full(True)
            producer.append(EVENTS, "LOC-1", orjson.dumps(one))
            await until(lambda: (failures(registry) or 0) >= 1)
            for again in (one, other, one):
                producer.append(EVENTS, "LOC-1", orjson.dumps(again))
            await until(lambda: (failures(registry) or 0) >= 3)
            front.full(False)
            await until(lambda: store.unprocessable.count() == 1)
            await until(lambda: store.stored_count() == 1)

    run(scenario())
    (kept,) = store.events()
    assert kept.id == one["id"]
    assert kept.data.aanwezig == 1  # type: ignore[attr-defined]
    (refused,) = store.unprocessable.page()
    assert "andere inhoud" in refused.item.reason
    producer.close()


def failures(registry: CollectorRegistry) -> float | None:
    """Returns how often an insert failed because the store was unreachable."""
    return registry.get_sample_value("opvangpeil_insert_fouten_total", {"oorzaak": "onbereikbaar"})
