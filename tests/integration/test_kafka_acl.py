"""The commands of the runbook say who may write to the topics: tried on a Kafka that asks this of everybody."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import AuthorizationError

from services.alarms.deliver.courier import DELIVERY_GROUP
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer
from services.eventlog.topics import ALARMS, EVENTS, MESSAGE_BYTES_MAX, UNPROCESSABLE, create_topics, examine_topics
from services.processor.worker import GROUP
from tests.support.deploy_files import DEPLOY
from tests.support.facts import reading
from tests.support.kafka_node import JAVA
from tests.support.secure_kafka import SecureKafka

pytestmark = pytest.mark.volledig
READ_SECONDS_MAX = 30
TOOLS = {"kafka-acls.sh": "AclCommand", "kafka-configs.sh": "ConfigCommand"}
OURS, THEIRS = "opvangpeil:van-ons", "bron:van-hen"
OPERATOR = """
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="beheer" password="geheim";
ssl.truststore.type=PEM
ssl.truststore.location={ca}
"""
SECTION = re.search(
    r"### Wie op Kafka mag schrijven\n.*?```sh\n(.*?)```",
    (DEPLOY / "runbook.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    """A Kafka after the commands of the runbook, word for word, with the topics that a user of ours made."""
    kafka = SecureKafka(tmp_path_factory.mktemp("acl"), authorizer=True)
    run(kafka.folder, kafka.address)
    create_topics(kafka.brokers(OURS), partitions=1, replication=1)
    yield kafka
    kafka.node.kill()


def run(folder: Path, address: str) -> None:
    """Runs the commands. The programs that they name come without their shell scripts, so these are made here."""
    (folder / "beheer.properties").write_text(OPERATOR.format(ca=folder / "ca.pem"), encoding="utf-8")
    for name, java in TOOLS.items():
        program = " ".join(f"'{part}'" for part in [*JAVA, f"org.apache.kafka.tools.{java}"])
        (folder / name).write_text(f'#!/bin/sh\nexec {program} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    secrets = {"WACHTWOORD_DIENSTEN": OURS.partition(":")[2], "WACHTWOORD_BRON": THEIRS.partition(":")[2]}
    done = subprocess.run(
        ["sh", "-euc", SECTION[1]],
        cwd=folder,
        env=os.environ | secrets | {"PATH": f"{folder}:{os.environ['PATH']}", "KAFKA": address},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "principal=User:bron" in done.stdout


def append(kafka: SecureKafka, user: str, topic: str) -> None:
    producer = Producer(kafka.brokers(user), message_bytes_max=MESSAGE_BYTES_MAX)
    try:
        producer.append(topic, "LOC-1", orjson.dumps(reading("LOC-1", 1)))
    finally:
        producer.close()


def test_whoever_has_the_right_writes_and_whoever_has_not_is_refused(kafka: SecureKafka) -> None:
    append(kafka, OURS, EVENTS)
    append(kafka, THEIRS, EVENTS)
    for topic in (ALARMS, UNPROCESSABLE):
        append(kafka, OURS, topic)
        with pytest.raises(BrokerUnavailableError, match="AuthorizationFailed"):
            append(kafka, THEIRS, topic)


def test_only_our_services_read_what_is_there(kafka: SecureKafka) -> None:
    append(kafka, THEIRS, EVENTS)
    assert read(kafka, OURS, GROUP)
    assert read(kafka, OURS, DELIVERY_GROUP)
    assert examine_topics(kafka.brokers(OURS), partitions_min=1)
    with pytest.raises(AuthorizationError):
        read(kafka, THEIRS, GROUP)
    with pytest.raises(AuthorizationError):
        read(kafka, THEIRS, None)


def read(kafka: SecureKafka, user: str, group: str | None) -> bool:
    """Whether anything of the events comes, to this user as a member of this group."""
    settings = kafka.brokers(user).client_settings()
    consumer = KafkaConsumer(group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, **settings)
    try:
        if group is None:
            consumer.assign([TopicPartition(EVENTS, 0)])
        else:
            consumer.subscribe([EVENTS])
        deadline = time.monotonic() + READ_SECONDS_MAX
        while time.monotonic() < deadline:
            if consumer.poll(timeout_ms=500):
                return True
        return False
    finally:
        consumer.close()
