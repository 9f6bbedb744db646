"""Others write to the topic directly. Good messages are stored, bad ones are set aside with a reason."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, TopicPartition

from services.eventlog.topics import EVENTS, UNPROCESSABLE
from tests.conftest import with_topics
from tests.support.facts import SOURCE, event, reading, registered
from tests.support.rondes import only_whole
from tests.support.server import Server, opvangpeil, tansu_with_topics


@pytest.fixture(scope="module", params=["tansu", "kafka"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("topic")
    with ExitStack() as held:
        if request.param == "tansu":
            kafka = held.enter_context(tansu_with_topics(folder))
        else:
            kafka = with_topics(request.getfixturevalue("kafka"))
        yield held.enter_context(Server(folder / "data", kafka=kafka))


Headers = Sequence[tuple[str, bytes]]


class Writer:
    """Stands for another system with access to the topic."""

    def __init__(self, server: Server) -> None:
        assert server.kafka is not None
        self.address = server.kafka.address

    def write(
        self, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = (), compression: str | None = None
    ) -> int:
        """Appends a message and returns its offset."""
        return asyncio.run(self._write(value, headers, compression))

    async def _write(self, value: bytes | None, headers: list[tuple[str, bytes]], compression: str | None) -> int:
        async with AIOKafkaProducer(
            bootstrap_servers=self.address, acks="all", compression_type=compression
        ) as producer:
            return (await producer.send_and_wait(EVENTS, value, key=b"iets", headers=list(headers))).offset

    def set_aside(self, offset: int) -> list[tuple[str, bytes | None]]:
        """Returns (reason, original) of each entry about this message on the topic of unprocessable messages."""
        consumer = KafkaConsumer(bootstrap_servers=self.address)
        partition = TopicPartition(UNPROCESSABLE, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        found = []
        # The end offset of tansu may lag one batch behind, so read until no more messages come.
        while records := consumer.poll(timeout_ms=2000).get(partition):
            for record in records:
                headers = dict(record.headers)
                if headers["herkomst"].decode().startswith(f"{EVENTS}/0/{offset}/"):
                    found.append((headers["reden"].decode(), record.value))
        consumer.close()
        return found


@pytest.fixture(scope="module")
def writer(server: Server) -> Writer:
    return Writer(server)


def stored(server: Server, events: list[dict[str, Any]]) -> None:
    """Waits until each of these events is in the log, and checks that it is there once."""
    for one in events:
        answer = server.until("/v1/gebeurtenissen", lambda a: len(a["items"]) > 0, onderwerp=one["subject"])
        assert [item["id"] for item in answer["items"]].count(one["id"]) == 1


def test_one_event_and_a_batch(server: Server, writer: Writer) -> None:
    one, batch = registered("LOC-T1"), [registered("LOC-T2"), registered("LOC-T3")]
    writer.write(orjson.dumps(one))
    writer.write(orjson.dumps(batch))
    stored(server, [one, *batch])


@pytest.mark.parametrize("compression", [only_whole("gzip"), "lz4", only_whole("snappy"), only_whole("zstd")])
def test_any_compression(server: Server, writer: Writer, compression: str) -> None:
    one = registered(f"LOC-{compression.upper()}")
    writer.write(orjson.dumps(one), compression=compression)
    stored(server, [one])


def test_binary_mode(server: Server, writer: Writer) -> None:
    one = registered("LOC-BINAIR")
    attributes = {name: one[name] for name in ("specversion", "id", "source", "type", "subject", "time")}
    headers = [("content-type", b"application/json"), *((f"ce_{n}", str(v).encode()) for n, v in attributes.items())]
    writer.write(orjson.dumps(one["data"]), tuple(headers))
    stored(server, [one])


def test_what_was_refused_in_binary_mode_can_be_offered_again(server: Server, writer: Writer) -> None:
    """In binary mode the attributes of the event are in the headers, so these must be kept too."""
    one = reading("LOC-T1", -1)
    attributes = {name: one[name] for name in ("specversion", "id", "source", "type", "subject", "time")}
    headers = [("content-type", b"application/json"), *((f"ce_{n}", str(v).encode()) for n, v in attributes.items())]
    offset = writer.write(orjson.dumps(one["data"]), tuple(headers))
    after = registered("LOC-NA-BINAIR")
    writer.write(orjson.dumps(after))
    stored(server, [after])
    ((reason, kept),) = writer.set_aside(offset)
    assert "data.aanwezig" in reason
    assert orjson.loads(kept or b"") == one
    mended = {**orjson.loads(kept or b""), "data": one["data"] | {"aanwezig": 1}}
    assert server.post([mended]).status_code in (201, 202)


BAD = {
    "niets": (None, "leeg bericht"),
    "geen JSON": (b"{", "geen geldige JSON"),
    "geen UTF-8": (b'{"id":"\xff\xfe"}', "UTF-8"),
    "NaN": (orjson.dumps(reading("LOC-T1", 7)).replace(b":7}", b":NaN}"), "geen geldige JSON"),
    "dubbele sleutel": (b'{"id":"a","id":"b"}', "meer dan eens"),
    "onbekend type": (orjson.dumps(event("opvanglocaties.iets-anders", "LOC-T1", {})), "geen bekend type"),
    "negatief": (orjson.dumps(reading("LOC-T1", -1)), "data.aanwezig"),
    "onbekende gemeente": (orjson.dumps(registered("LOC-T1", gemeente="GM9999")), "gemeente"),
    "1900": (orjson.dumps(reading("LOC-T1", 1, "1900-01-01T00:00:00Z")), "2010"),
    "2999": (orjson.dumps(reading("LOC-T1", 1, time="2999-01-01T00:00:00Z")), "2050"),
    "te groot": (orjson.dumps(reading("LOC-T1", 1) | {"data": {"x": "y" * 70_000}}), "bytes"),
    "vals alarm": (
        orjson.dumps(event("opvangalarmen.alarm-geactiveerd", "NL", {"regel": "toegang"}, source=SOURCE)),
        "alleen Opvangpeil",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_set_aside_and_stops_nothing(server: Server, writer: Writer, name: str) -> None:
    value, reason = BAD[name]
    offset = writer.write(value)
    after = registered(f"LOC-NA-{offset}")
    writer.write(orjson.dumps(after))
    stored(server, [after])
    ((said, original),) = writer.set_aside(offset)
    assert reason in said
    assert original == (value or b"")


def test_the_good_events_of_a_batch_are_stored_and_the_bad_set_aside(server: Server, writer: Writer) -> None:
    good = [reading("LOC-MIX", n) for n in range(3)]
    bad = reading("LOC-MIX", -5)
    offset = writer.write(orjson.dumps([good[0], bad, good[1], good[2]]))
    answer = server.until("/v1/gebeurtenissen", lambda a: len(a["items"]) == 3, onderwerp="LOC-MIX")
    assert {item["id"] for item in answer["items"]} == {one["id"] for one in good}
    ((said, _),) = writer.set_aside(offset)
    assert "data.aanwezig" in said


def test_an_id_that_is_used_again_with_other_content_is_set_aside(server: Server, writer: Writer) -> None:
    first = reading("LOC-ID", 10)
    writer.write(orjson.dumps(first))
    stored(server, [first])
    repeat = writer.write(orjson.dumps(first))
    reused = reading("LOC-ID", 11, id=first["id"])
    reuse = writer.write(b"[ " + orjson.dumps(reading("LOC-ID-2", 1)) + b" , " + orjson.dumps(reused) + b"]")
    last = registered("LOC-ID-LAATST")
    writer.write(orjson.dumps(last))
    stored(server, [last, first])
    assert writer.set_aside(repeat) == []
    ((said, original),) = writer.set_aside(reuse)
    assert first["id"] in said
    assert original == orjson.dumps(reused)
    assert server.get("/v1/locaties/LOC-ID")["aanwezig"] == 10


def test_what_was_set_aside_is_in_the_table_too(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with tansu_with_topics(tmp_path) as tansu, Server(folder, kafka=tansu) as server:
        Writer(server).write(b"zomaar iets")
        server.until("/v1/bezetting", lambda _: server.metric("opvangpeil_onverwerkbaar") == 1)
    shown = opvangpeil("onverwerkbaar", "--data", str(folder))
    assert shown.returncode == 0, shown.stderr
    assert "geen geldige JSON" in " ".join(shown.stdout.split())
    whole = opvangpeil("onverwerkbaar", "toon", "1", "--data", str(folder))
    assert whole.returncode == 0, whole.stderr
    assert "zomaar iets" in whole.stdout
