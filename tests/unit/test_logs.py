"""The log lines of a process: JSON, each with its trace, and none with a secret."""

import io
import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import structlog

from services import logs
from services.clock import system_clock
from services.config import secrets
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.processor import process
from services.store.model import Place, Unprocessable
from services.web import make_app
from tests.support.facts import moment, reading
from tests.support.web_client import client_of, fresh_metrics

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, until the test has ended."""
    stream = io.StringIO()
    root, hook = logging.getLogger(), threading.excepthook
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    root.handlers[:] = []
    yield stream
    root.handlers[:], root.level = before
    threading.excepthook = hook
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    """Collects all later log lines, parsed as JSON."""
    logs.log_to_stderr(["Zeer Geheim", 'met"aanhaling'])
    return lambda: [orjson.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def sentences(written: io.StringIO) -> Callable[[], list[str]]:
    """Collects all later log lines as a person reads them, without their time."""
    logs.log_to_stderr(["Zeer Geheim"], for_people=True)
    return lambda: [re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in written.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def _no_trace() -> None:
    """Removes the trace, as in a process that is not serving a request."""
    logs._current.set(None)


def test_ours_and_those_of_libraries_are_of_one_form(lines: Lines) -> None:
    structlog.get_logger("start").warning("wacht", onderdeel="broker")
    for name in ("uvicorn.error", "faust", "mode", "kafka.conn", "aiokafka.consumer"):
        logging.getLogger(name).warning("Heartbeat %s", "failed")
        logging.getLogger(name).info("too much to keep")
    written = lines()
    assert [line["logger"] for line in written] == [
        "opvangpeil.start",
        "uvicorn.error",
        "faust",
        "mode",
        "kafka.conn",
        "aiokafka.consumer",
    ]
    for line in written:
        assert list(line)[:4] == ["timestamp", "level", "logger", "message"]
        assert line["level"] == "warning"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["timestamp"])
        assert line["message"] in {"wacht", "Heartbeat failed"}


def test_an_exception_is_one_line(lines: Lines) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    (line,) = lines()
    assert line["level"] == "error"
    assert "ZeroDivisionError" in line["exception"]


def test_a_person_reads_sentences_and_only_what_asks_for_attention(sentences: Callable[[], list[str]]) -> None:
    log = structlog.get_logger("start")
    log.info("alarm", regel="locatie-vol")
    logging.getLogger("kafka").warning("Task ran for 0.2 s")
    log.warning("wacht op Zeer Geheim", onderdeel="broker")
    logging.getLogger("kafka").error("weg")
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert sentences() == [
        "let op: wacht op ***, onderdeel broker",
        "fout: weg",
        "fout: onvoorziene fout: ZeroDivisionError: division by zero (alles: met --logboek)",
    ]


def test_a_secret_is_illegible_whatever_field_it_gets_into(lines: Lines) -> None:
    log = structlog.get_logger("start")
    log.info("verbonden met clickhouse://lezer:w8woord@host:8123/opvang", adres="kafkas://a:b2c3d4@h1,a:b2c3d4@h2:9092")
    log.info("kop", headers={"authorization": "Bearer eyJhbGciOi.abc-def"}, waarde="x Zeer Geheim y", q='met"aanhaling')
    logging.getLogger("kafka").error("SASL failed for Zeer Geheim")
    text = str(lines())
    for secret in ("w8woord", "b2c3d4", "eyJ", "Zeer Geheim", "aanhaling"):
        assert secret not in text
    assert "lezer" in text


def test_what_is_secret_in_the_environment_is_known() -> None:
    found = secrets(
        {
            "OPVANGPEIL_TOKEN": "toegang-1",
            "OPVANGPEIL_OIDC_GEHEIM": "",
            "OPVANGPEIL_SESSIESLEUTEL": "sleutel",
            "OPVANGPEIL_KAFKA": "kafka://a:een@h1:9092,h2",
            "OPVANGPEIL_CLICKHOUSE": "clickhouse://u:p%40ss@h:8123/opvang",
        }
    )
    assert found == {"toegang-1", "sleutel", "een", "p%40ss", "p@ss"}
    assert secrets({}) == frozenset()


@pytest.mark.parametrize("header", [TRACEPARENT, f"01-{TRACE}-{SPAN}-01-later"])
def test_a_trace_is_gone_on_with(header: str) -> None:
    trace = logs.begin_trace(header)
    assert (trace.trace_id, trace.parent_id) == (TRACE, SPAN)
    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01", trace.header)
    assert trace.span_id != SPAN


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        TRACEPARENT.upper(),
        TRACEPARENT + "-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}",
        f"{TRACEPARENT}\n",
    ],
)
def test_a_trace_that_can_not_be_read_is_begun_anew(header: str | None) -> None:
    trace = logs.begin_trace(header)
    assert re.fullmatch(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00", trace.header)
    assert trace.trace_id != TRACE


class Kept:
    """A producer that keeps its messages."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, bytes]] = []

    async def append_async(self, *message: Any) -> Any:
        self.headers = list(message[-1])
        raise AssertionError("wachtwoord=geheim")


class Empty:
    """An empty store."""

    def known(self, _: Any) -> dict[str, Any]:
        return {}


def test_a_request_hands_its_trace_to_the_log_and_to_the_message(lines: Lines) -> None:
    producer, metrics = Kept(), fresh_metrics()
    ingest = Ingest(producer, Empty(), system_clock, metrics, None)  # type: ignore[arg-type]
    app = make_app("Proef", [ingest_router(ingest)], metrics=metrics, checks={})
    with client_of(app) as client:
        answer = client.post("/v1/gebeurtenissen", json=reading("LOC-A", 1), headers={"traceparent": TRACEPARENT})
    assert answer.status_code == 500
    handed_on = dict(producer.headers)["traceparent"].decode()
    fault, request = (line for line in lines() if line["logger"].startswith("opvangpeil"))
    assert (fault["level"], request["status"]) == ("error", 500)
    for line in (fault, request):
        assert handed_on == f"00-{line['trace_id']}-{line['span_id']}-01"
        assert (line["trace_id"], line["parent_id"]) == (TRACE, SPAN)


def test_what_is_set_aside_is_noted_with_the_trace_it_was_sent_in(lines: Lines) -> None:
    sent = [[("traceparent", TRACEPARENT.encode())], [], [("traceparent", b"\xff")]]
    headers = {Place(1, 2, n): each for n, each in enumerate(sent)}
    aside = [Unprocessable("t", place, i, "fout", moment(), b"x") for place in headers for i in range(2)]  # type: ignore[arg-type]
    process._log_unprocessable(headers, aside)
    first, *rest = lines()
    assert (first["trace_id"], first["span_id"]) == (TRACE, SPAN)
    assert (first["partitie"], first["offset"], first["aantal"], first["reden"]) == (2, 0, 2, "fout")
    assert all("trace_id" not in line for line in rest)
    assert len(rest) == 2
