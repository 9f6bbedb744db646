"""A Kafka with TLS and authentication: all our clients get in, and a refused client reports why."""

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import orjson
import pytest
from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion
from prometheus_client import CollectorRegistry

from services.clock import system_clock
from services.eventlog.admin import BrokerDeniedError
from services.eventlog.brokers import Brokers, BrokerUnavailableError
from services.eventlog.groups import LagReader
from services.eventlog.producer import Producer
from services.eventlog.topics import ALARMS, EVENTS, MESSAGE_BYTES_MAX, create_topics, examine_topics
from services.metrics import make_metrics
from services.processor.process import Outcomes, Processor, append_unprocessable
from services.processor.worker import GROUP, Handler, Worker
from services.store.store import Store
from tests.support.facts import reading
from tests.support.secure_kafka import SecureKafka

STORED_SECONDS_MAX = 30
Reach = Callable[..., Brokers]


@pytest.fixture(scope="module")
def reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    """`reach("user:password", …)` gives the brokers with the settings of this user."""
    kafka = SecureKafka(tmp_path_factory.mktemp("veilig"))
    admin = KafkaAdminClient(bootstrap_servers=kafka.node.address)
    admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion("opvangpeil", ScramMechanism.SCRAM_SHA_512, "geheim")]
    )
    admin.close()
    yield kafka.brokers
    kafka.node.kill()


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
def test_all_our_clients_get_in(reach: Reach, store: Store, tmp_path: Path, mechanism: str) -> None:
    brokers = reach("opvangpeil:geheim", mechanism=mechanism)
    create_topics(brokers, partitions=1, replication=1)
    assert examine_topics(brokers, partitions_min=1)
    producer = Producer(brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    sent = reading("LOC-1", 1)
    producer.append(EVENTS, "LOC-1", orjson.dumps(sent))
    lag = LagReader(brokers, GROUP, EVENTS)
    assert sum(lag.read().values()) >= 1
    metrics = make_metrics(CollectorRegistry())
    processor = Processor(store, partial(append_unprocessable, producer), Outcomes(), system_clock, metrics)

    async def scenario() -> None:
        worker = Worker(
            brokers,
            group=GROUP,
            epoch=1,
            handlers={
                EVENTS: Handler(processor.parse, processor.decide, processor.store),
                ALARMS: Handler(processor.as_it_is, processor.as_it_is, processor.store_alarms),
            },
            session_seconds=6,
            fetch_wait_ms=None,
            folder=tmp_path,
        )
        await worker.start()
        deadline = time.monotonic() + STORED_SECONDS_MAX
        while sent["id"] not in {event.id for event in await asyncio.to_thread(lambda: list(store.events()))}:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        await worker.stop()

    asyncio.run(scenario())
    lag.close()
    producer.close()


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
@pytest.mark.parametrize("secret", ["opvangpeil:fout", "vreemde:geheim"])
def test_a_wrong_password_is_told(reach: Reach, mechanism: str, secret: str) -> None:
    """Kafka may close the connection before it gives the reason. Then the message names all possible causes."""
    brokers = reach(secret, mechanism=mechanism)
    with pytest.raises(BrokerUnavailableError, match=r"laat gebruiker '.*' niet toe|gebruiker en wachtwoord") as told:
        examine_topics(brokers, partitions_min=1)
    assert secret.partition(":")[2] not in str(told.value)


def test_brokers_that_are_not_who_they_should_be(reach: Reach) -> None:
    with pytest.raises(BrokerDeniedError, match=r"niet te vertrouwen.*OPVANGPEIL_KAFKA_CA"):
        examine_topics(reach("opvangpeil:geheim", ca="ander.pem"), partitions_min=1)


@pytest.mark.parametrize(("scheme", "secret"), [("kafka", "opvangpeil:geheim"), ("kafkas", ""), ("kafka", "")])
def test_a_wrong_protocol_or_user_is_named_in_the_error(reach: Reach, scheme: str, secret: str) -> None:
    with pytest.raises(BrokerUnavailableError, match=r"wel of geen TLS .*, gebruiker"):
        examine_topics(reach(secret, scheme=scheme), partitions_min=1)
