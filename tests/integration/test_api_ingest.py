"""`POST /v1/gebeurtenissen` of a running Opvangpeil, and of a separate ingest service with a broker."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from services.clock import system_clock
from services.eventlog.producer import Producer
from services.eventlog.topics import MESSAGE_BYTES_MAX, create_topics
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.web import make_app
from tests.support import wire
from tests.support.forms import FORMS
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import SOURCE, reading

URL = "/v1/gebeurtenissen"
START_SECONDS_MAX = 60
STRUCTURED, BATCH, JSON = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"


def event(**changed: Any) -> dict[str, Any]:
    return reading("LOC-PROEF", 412, "2026-05-26T08:00:00Z") | {"id": str(uuid4())} | changed


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[httpx.Client]:
    """A client of the whole of Opvangpeil, as a user starts it."""
    command = [str(Path(sys.executable).with_name("opvangpeil")), "start", "--port", "0"]
    data = tmp_path_factory.mktemp("data")
    with subprocess.Popen(
        [*command, "--data", str(data)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        watchdog = threading.Timer(START_SECONDS_MAX, process.kill)
        watchdog.start()
        try:
            said = ""
            while "http://127.0.0.1" not in said:
                line = process.stdout.readline()
                assert line, f"Opvangpeil did not start: {said}"
                said += line
            watchdog.cancel()
            address = "http://127.0.0.1" + said.partition("http://127.0.0.1")[2].split()[0].rstrip("/")
            with httpx.Client(base_url=address, timeout=30) as client:
                yield client
        finally:
            watchdog.cancel()
            process.terminate()
            process.wait(30)


def post(client: httpx.Client, content: Any, content_type: str | None = STRUCTURED, **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    named = {} if content_type is None else {"Content-Type": content_type}
    return client.post(URL, content=body, headers=named | headers)


def test_one_event_is_stored_when_the_answer_comes(client):
    sent = event(subject="LOC-EEN")
    answer = post(client, sent)
    assert (answer.status_code, answer.json()) == (201, {"ids": [sent["id"]], "nieuw": 1, "herhaald": 0})
    assert client.get("/v1/locaties/LOC-EEN").json()["aanwezig"] == 412
    (stored,) = client.get(URL, params={"onderwerp": "LOC-EEN"}).json()["items"]
    assert {key: stored[key] for key in ("id", "source", "type", "subject", "time", "data")} == {
        key: sent[key] for key in ("id", "source", "type", "subject", "time", "data")
    }


def test_the_location_of_one_new_event_is_where_it_can_be_read(client):
    sent = event(subject="LOC-WAAR")
    answer = post(client, sent)
    assert client.get(answer.headers["location"]).json()["id"] == sent["id"]
    problem_of(client.get(f"{answer.headers['location']}?bekendOp=2026-01-01"), 404)
    problem_of(client.get(f"{URL}/{uuid4()}"), 404)
    problem_of(client.get(f"{URL}/geen-uuid"), 404)


def test_an_exact_repeat_is_harmless_and_another_content_is_a_conflict(client):
    sent = event(subject="LOC-NOGMAALS")
    assert post(client, sent).status_code == 201
    again = post(client, sent | {"time": "2026-05-26T10:00:00+02:00"})  # the same moment, written differently
    assert (again.status_code, again.json()) == (200, {"ids": [sent["id"]], "nieuw": 0, "herhaald": 1})
    other = sent | {"data": sent["data"] | {"aanwezig": 413}}
    (fout,) = problem_of(post(client, other), 409)["fouten"]
    assert fout["veld"] == "id"
    (fout,) = problem_of(post(client, [event(), other], BATCH), 409)["fouten"]
    assert (fout["veld"], fout["index"]) == ("1.id", 1)


def test_a_batch_is_taken_whole_or_not_at_all_with_every_error_of_every_event(client):
    good = [event(subject="LOC-BATCH", id=str(uuid4()), time=f"2026-05-26T08:00:0{n}Z") for n in range(3)]
    wrong = event(subject="LOC-BATCH", data={"peilmoment": "2026-05-26", "aanwezig": -3, "naam": "Jan"})
    problem = problem_of(post(client, [good[0], wrong, event(type="nl.onbekend.v1")], BATCH), 400)
    assert [(fout["veld"], fout["index"]) for fout in problem["fouten"]] == [
        ("1.data.aanwezig", 1),
        ("1.data.naam", 1),
        ("2.type", 2),
    ]
    assert client.get(URL, params={"onderwerp": "LOC-BATCH"}).json()["items"] == []
    answer = post(client, good, BATCH)
    assert (answer.status_code, answer.json()["nieuw"]) == (201, 3)
    assert "location" not in answer.headers
    assert len(client.get(URL, params={"onderwerp": "LOC-BATCH"}).json()["items"]) == 3


def binary(sent: dict[str, Any]) -> dict[str, str]:
    return {f"ce-{name}": value for name, value in sent.items() if name != "data"}


def test_binary_mode_says_the_same_as_structured_mode(client):
    sent = event(subject="LOC-BINAIR")
    headers = binary(sent) | {"ce-subject": "LOC%2DBINAIR", "CE-Time": "2026-05-26T08%3A00%3A00Z"}
    headers.pop("ce-time")
    assert post(client, sent["data"], JSON, **headers).status_code == 201
    assert post(client, sent).json() == {"ids": [sent["id"]], "nieuw": 0, "herhaald": 1}
    assert post(client, sent, JSON).json()["herhaald"] == 1
    assert post(client, [sent], JSON).json()["herhaald"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "veld"),
    [
        (b'{"peilmoment": "2026-05-26", "aanwezig": 1}, "dataschema": "x"', {}, "data"),
        (b"", {}, "data"),
        (b'{"peilmoment": "2026-05-26", "aanwezig": 1}', {"ce-kleur": "rood"}, "kleur"),
        (b'{"peilmoment": "2026-05-26", "aanwezig": 1}', {"ce-subject": "%ff"}, ""),
        (b'{"peilmoment": "2026-05-26", "aanwezig": 1}', {"ce-id": "1"}, "id"),
    ],
)
def test_binary_mode_refuses_what_structured_mode_would(client, body, headers, veld):
    sent = binary(event()) | headers
    assert veld in [fout["veld"] for fout in problem_of(post(client, body, JSON, **sent), 400)["fouten"]]


@pytest.mark.parametrize(
    ("content_type", "headers"),
    [
        (None, {}),
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/json; charset=iso-8859-1", {}),
        (STRUCTURED, {"Content-Encoding": "gzip"}),
    ],
)
def test_other_formats_are_not_taken(client, content_type, headers):
    assert STRUCTURED in problem_of(post(client, event(), content_type, **headers), 415)["detail"] or headers


def _changed(**data: Any) -> bytes:
    sent = event()
    return orjson.dumps(sent | {"data": sent["data"] | data})


@pytest.mark.parametrize(
    ("body", "content_type", "velden"),
    [
        (b"", STRUCTURED, [""]),
        (b"{", STRUCTURED, [""]),
        (b"\xff\xfe", STRUCTURED, [""]),
        (b"5", STRUCTURED, [""]),
        (b"[]", BATCH, None),
        (orjson.dumps([event()]), STRUCTURED, [""]),
        (orjson.dumps(event()), BATCH, [""]),
        (_changed().replace(b":412", b":NaN"), STRUCTURED, [""]),
        (_changed().replace(b'"aanwezig":412', b'"aanwezig":412,"aanwezig":9'), STRUCTURED, None),
        (_changed(aanwezig="veel"), STRUCTURED, ["data.aanwezig"]),
        (_changed(aanwezig=-1), STRUCTURED, ["data.aanwezig"]),
        (_changed(peilmoment="1900-01-01"), STRUCTURED, ["data.peilmoment"]),
        (_changed(peilmoment="2999-01-01"), STRUCTURED, ["data.peilmoment"]),
        (orjson.dumps(event(time="2050-01-01")), STRUCTURED, ["time"]),
        (orjson.dumps(event(type="nl.opvangalarmen.alarm-geactiveerd.v1")), STRUCTURED, ["type"]),
        (b"[" * 50_000, BATCH, None),
        (_changed(bron="x" * 70_000), STRUCTURED, None),
    ],
    ids=[
        "nothing",
        "not closed",
        "no utf-8",
        "a number",
        "an empty batch",
        "a batch as one",
        "one as a batch",
        "not a number",
        "a key twice",
        "a word for a number",
        "less than nobody",
        "too long ago",
        "too far ahead",
        "logged in the future",
        "an alarm",
        "too deep",
        "too long",
    ],
)
def test_what_is_wrong_is_refused_with_where_and_why(client, body, content_type, velden):
    fouten = problem_of(post(client, body, content_type), 400)["fouten"]
    assert all(fout["melding"] for fout in fouten)
    assert fouten
    assert velden in (None, [fout["veld"] for fout in fouten])


def test_a_batch_of_10_001_is_refused(client):
    body = b"[" + b",".join([orjson.dumps(event())] * 10_001) + b"]"
    assert "10000" in problem_of(post(client, body, BATCH), 400)["fouten"][0]["melding"].replace(".", "")


@pytest.mark.parametrize("in_parts", [False, True])
def test_ten_megabytes_are_too_much(client, in_parts):
    body = b" " * (10 * 1024 * 1024)
    content: Any = iter([body[i : i + 65_536] for i in range(0, len(body), 65_536)]) if in_parts else body
    try:
        answer = client.post(URL, content=content, headers={"Content-Type": BATCH})
    except httpx.WriteError:
        return  # the server refused and closed the connection before the whole body was sent
    problem_of(answer, 413)


def test_parameters_and_other_answers_than_json_are_refused(client):
    problem_of(client.post(f"{URL}?dryRun=true", content=b"{}", headers={"Content-Type": STRUCTURED}), 400)
    problem_of(post(client, event(), Accept="text/html"), 406)


def test_log_and_ingest_are_described_at_one_address(client):
    assert set(client.get("/v1/openapi.json").json()["paths"]["/gebeurtenissen"]) == {"get", "post"}


@pytest.fixture
def ingest_alone(broker, store):
    """An ingest service that does not store events itself, as in a large deployment. Yields its broker and its app."""
    create_topics(broker.brokers, partitions=1, replication=1)
    producer = Producer(broker.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
    metrics = fresh_metrics()
    routers = [ingest_router(Ingest(producer, store, system_clock, metrics, None))]
    with client_of(make_app("Proef", routers, metrics=metrics, checks={})) as client:
        yield broker, client, metrics
    producer.close()


@FORMS
def test_on_its_own_ingest_answers_when_the_broker_has_it(ingest_alone):
    _, client, metrics = ingest_alone
    assert post(client, event()).status_code == 202
    problem_of(post(client, [event(), event(type="x"), event(type="y")], BATCH), 400)
    counted = [
        metrics.registry.get_sample_value("opvangpeil_ingest_gebeurtenissen_total", {"uitkomst": uitkomst})
        for uitkomst in ("nieuw", "herhaald", "geweigerd")
    ]
    assert counted == [1, 0, 2]


@FORMS
def test_without_its_broker_ingest_says_within_five_seconds_to_try_again(ingest_alone):
    broker, client, _ = ingest_alone
    broker.stop()
    begin = time.monotonic()
    answer = post(client, event())
    assert time.monotonic() - begin < 5
    problem_of(answer, 503)
    assert int(answer.headers["retry-after"]) > 0


def law(subject: str, body: wire.Body) -> dict[str, Any]:
    return wire.event(subject, body, time="2026-05-22T12:00:00Z", source=SOURCE, own_id=str(uuid4()))


def test_what_the_law_says_may_contradict_itself_and_come_in_any_order(client):
    """A stand of a decision that is not there, transfers in a circle, and a rule of a cyclus that names another."""
    circle = ("GM0303", "GM0166", "GM0034")
    said = [
        law("GM0303", wire.stand("2024", "geschorst", "2025-07-01")),
        *(
            law(giver, wire.transfer("2024", receiver, 500, "2025-07-01"))
            for giver, receiver in zip(circle, (*circle[1:], circle[0]), strict=True)
        ),
        law("2024", wire.rule("krant", ["regulier"], "2025-07-01", nogMinstensMaanden=6, duurMinstensMaanden=6)),
        law("2024", wire.cycle("2025-07-01", "2026-02-01", ["regulier", "amv"])),
        law("LOC-DRONTEN", wire.registration("Dronten", "GM0303", "azc", "2025-01-01")),
        law("LOC-DRONTEN", wire.capacity("regulier", 40, None, "2025-01-01")),
    ]
    assert client.post(URL, json=said).status_code == 201
    found = client.get("/v1/naleving").json()
    rows = {row["code"]: row for row in found["gemeenten"]}
    assert rows["GM0303"]["naleving"] == "geen opgave"
    assert [(rows[code]["meetellend"], rows[code]["ongedekt"]) for code in circle] == [(0, 460), (40, 500), (0, 500)]
    assert sum(row["meetellend"] for row in rows.values()) == sum(row["eigen"] for row in rows.values())


def test_what_contradicts_itself_in_one_event_is_refused_with_every_error(client):
    said = [
        law("2024", wire.rule("cyclus", ["regulier"], "2025-07-01")),
        law("2024", wire.rule("krant", ["regulier"], "2025-07-01", nogMinstensMaanden=24, duurMinstensMaanden=6)),
        law("GM0344", wire.task("2024", "verdeelbesluit", 100, "2025-07-01", amv=101, voor="2025-06-30")),
        law("GM0344", wire.step("brief", "2025-07-01", "GM0344", "2025-06-01")),
        law("LOC-A", wire.capacity("regulier", 40, None, "2025-01-01", sinds="2025-01-02")),
    ]
    problem = problem_of(client.post(URL, json=said), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == [
        "0.data.naam",
        "1.data.duurMinstensMaanden",
        "2.data.waarvanAmv",
        "2.data.realiserenVoor",
        "3.data.toezichthouder",
        "3.data.termijn",
        "4.data.plaatsen",
    ]
