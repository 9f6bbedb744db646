"""The importer against a real HTTP server that keeps the contract of `POST /v1/gebeurtenissen`, and against bad ones.

The server validates as ingest does and keeps the events in memory. What it does wrong is scripted.
"""

import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from schemas.reading import read_facts
from services.importer import ImporterError, ImportStoppedError, Report, run
from services.ingest.accept import BATCH_MAX, RefusedError, judge

SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Step = Callable[[bytes], Response | None]
"""What to answer to a body instead of the truth; None: the truth after all."""


class Server:
    """`POST /v1/gebeurtenissen` by the contract. `script`: what to do first, a step a request."""

    def __init__(self) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.script: deque[Step] = deque()
        self.rule: Step = lambda _body: None
        self.bodies: list[int] = []
        self.busiest = 0
        self._active = 0
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))  # from here on it takes connections
        self.port = listener.getsockname()[1]
        app = Starlette(routes=[Route("/v1/gebeurtenissen", self._post, methods=["POST"])])
        self._uvicorn = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def stop(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join()

    async def _post(self, request: Request) -> Response:
        self._active += 1
        self.busiest = max(self.busiest, self._active)
        try:
            assert request.headers["content-type"] == "application/cloudevents-batch+json"
            body = await request.body()
            self.bodies.append(len(body))
            step = self.script.popleft() if self.script else self.rule
            return step(body) or self.accept(body)
        finally:
            self._active -= 1

    def accept(self, body: bytes) -> Response:
        try:
            events = judge(read_facts(body), NOW)
        except RefusedError as error:
            return problem(400, [(fout.index, fout.veld, fout.melding) for fout in error.fouten])
        incoming: dict[str, dict[str, Any]] = {}
        conflicts = []
        for index, event in enumerate(events):
            said = (event.type, event.source, event.subject, event.time, event.content)
            if self.events.get(event.id, incoming.setdefault(event.id, said)) != said:
                conflicts.append((index, "id", "hoort al bij een gebeurtenis met andere inhoud"))
        if conflicts:
            return problem(409, conflicts)
        nieuw = len(incoming.keys() - self.events.keys())
        self.events |= incoming
        return JSONResponse({"nieuw": nieuw, "herhaald": len(incoming) - nieuw}, 201 if nieuw else 200)


def problem(status: int, fouten: list[tuple[int, str, str]], headers: dict[str, str] | None = None) -> Response:
    listed = [{"index": i, "veld": f"{i}.{veld}".rstrip("."), "melding": melding} for i, veld, melding in fouten]
    body = {"type": "about:blank", "title": "Fout", "status": status, "detail": "Er ging iets mis.", "fouten": listed}
    return JSONResponse(body, status, headers, "application/problem+json")


def busy(_body: bytes) -> Response:
    return problem(503, [], {"Retry-After": "0"})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "geweigerd.jsonl"


class Watcher:
    """A progress that remembers, and can do something at the first wait or update."""

    def __init__(self) -> None:
        self.total: int | None = -1
        self.updates: list[tuple[int, Report]] = []
        self.waits: list[tuple[str, float]] = []
        self.on_wait: Callable[[], None] | None = None
        self.on_update: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def begin(self, total_bytes: int | None) -> None:
        self.total = total_bytes

    def update(self, bytes_done: int, report: Report) -> None:
        self.updates.append((bytes_done, report))
        act, self.on_update = self.on_update, None
        if act:
            act()

    def waiting(self, reason: str, seconds: float) -> None:
        with self._lock:
            self.waits.append((reason, seconds))
            act, self.on_wait = self.on_wait, None
            if act:
                act()


def event(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": str(uuid5(NAMESPACE_URL, str(n))), "source": SOURCE,
        "type": "nl.opvanglocaties.bezetting-gemeld.v1", "subject": f"LOC-{n % 7}", "time": "2026-05-26T06:10:00Z",
        "data": {"peilmoment": "2026-05-26T06:00:00Z", "aanwezig": n},
    } | changes  # fmt: skip


def file_of(folder: Path, *lines: dict[str, Any] | bytes, name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines) + b"\n")
    return path


def refused(path: Path) -> dict[int, str]:
    return {line["regel"]: line["reden"] for line in map(orjson.loads, path.read_bytes().splitlines())}


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.aangeboden, report.opgeslagen, report.herhaald, report.geweigerd


# When all is well ----------------------------------------------------------------------------------------------------


def test_a_file_is_stored_and_again_it_is_a_repeat(server, rejects, tmp_path):
    source = file_of(tmp_path, *(event(n) for n in range(2500)), b"", event(3))
    watcher = Watcher()
    report = run(source, url=server.url + "/", rejects=rejects, batch_size=300, progress=watcher)
    assert counts(report) == (2501, 2500, 1, 0)
    assert set(server.events) == {event(n)["id"] for n in range(2500)}
    assert not rejects.exists()
    assert report.rejects is None
    assert len(server.bodies) == 9
    assert server.busiest <= 2
    size = source.stat().st_size
    assert watcher.total == size
    assert watcher.updates[-1] == (size, report)
    assert counts(run(source, url=server.url, rejects=rejects)) == (2501, 0, 2501, 0)


def test_a_csv_is_stored_and_again_it_is_a_repeat(server, rejects, tmp_path):
    rows = [f"LOC-{n};2026-05-26T06:10:00Z;2026-05-26;{n}".encode() for n in range(50)]
    source = file_of(tmp_path, b"\xef\xbb\xbfonderwerp;time;peilmoment;aanwezig\r", *rows, name="in.csv")
    constants = {"type": "bezetting-gemeld", "source": SOURCE}
    assert counts(run(source, url=server.url, rejects=rejects, constants=constants)) == (50, 50, 0, 0)
    assert counts(run(source, url=server.url, rejects=rejects, constants=constants)) == (50, 0, 50, 0)
    assert len(server.events) == 50


def test_lines_of_a_live_pipe_are_stored_while_it_stays_open(server, rejects):
    stored = threading.Event()
    server.rule = lambda body: stored.set() or server.accept(body)  # type: ignore[func-returns-value]
    output, into = os.pipe()
    arrived: list[bool] = []

    def talk() -> None:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(orjson.dumps(event(1)) + b"\n" + orjson.dumps(event(2))[:50])
            pipe.flush()
            arrived.append(stored.wait(20))
            pipe.write(orjson.dumps(event(2))[50:])

    talker = threading.Thread(target=talk)
    talker.start()
    watcher = Watcher()
    with os.fdopen(output, "rb") as pipe:
        report = run(pipe, url=server.url, rejects=rejects, progress=watcher)
    talker.join()
    assert arrived == [True]
    assert counts(report) == (2, 2, 0, 0)
    assert watcher.total is None


# What is refused -----------------------------------------------------------------------------------------------------


def test_refused_lines_are_set_apart_with_the_reason_and_the_rest_is_stored(server, rejects, tmp_path):
    lines: list[Any] = [event(n) for n in range(100)]
    lines[0] = event(0, data={"peilmoment": "2026-05-26", "aanwezig": -1})
    lines[17] = b'{"specversion":"1.0"'
    lines[18] = event(18, type="nl.onbekend.v1", time="morgen")
    lines[40] = orjson.dumps(event(40)).replace(b'"aanwezig":40', b'"aanwezig":40,"aanwezig":41')
    lines[63] = event(63, time="2027-01-01")
    lines[99] = event(1, subject="LOC-ANDERS")
    source = file_of(tmp_path, *lines)
    report = run(source, url=server.url, rejects=rejects, batch_size=50, parallel=1)
    assert counts(report) == (100, 94, 0, 6)
    assert set(server.events) == {event(n)["id"] for n in set(range(100)) - {0, 17, 18, 40, 63, 99}}
    reasons = refused(rejects)
    assert list(reasons) == [1, 18, 19, 41, 64, 100]
    assert reasons[1] == "data.aanwezig: moet minstens 0 zijn"
    assert "geen geldige JSON" in reasons[18]
    assert "type: is geen bekend type" in reasons[19]
    assert "; time: is geen " in reasons[19]
    assert "aanwezig: staat meer dan eens" in reasons[41]
    assert "time: ligt meer dan 5 minuten in de toekomst" in reasons[64]
    assert "id: hoort al bij een gebeurtenis met andere inhoud" in reasons[100]
    written = [orjson.loads(line)["inhoud"] for line in rejects.read_bytes().splitlines()]
    assert written == [source.read_text().splitlines()[number - 1] for number in reasons]


def test_refused_rows_of_a_csv_name_their_column(server, rejects, tmp_path):
    head = b"type,source,onderwerp,time,geldigVanaf,plaatsen.nood.aantal,plaatsen.amv.aantal,plaatsen.amv.inzetbaar"
    start = f"capaciteit-gewijzigd,{SOURCE},".encode()
    source = file_of(
        tmp_path, head, start + b"LOC-1,2026-05-26,2026-05-26,5,8,9", start + b"loc-1,2026-05-26,2026-05-26,5,,",
        start + b"LOC-1,2026-05-26,2026-05-26,,,", start + b"LOC-1,2026-05-26,2026-05-26,5,8,", name="in.csv",
    )  # fmt: skip
    assert counts(run(source, url=server.url, rejects=rejects)) == (4, 1, 0, 3)
    reasons = refused(rejects)
    assert reasons[2].startswith("kolom plaatsen.amv.inzetbaar: ")
    assert reasons[3].startswith("kolom onderwerp: ")
    assert reasons[4].startswith("kolommen plaatsen.…: ontbreekt")


def test_a_fault_told_of_the_whole_body_costs_no_neighbour(server, rejects, tmp_path):
    # Nested deeper than the server reads: it may blame the first event of the body for it.
    deep = orjson.dumps(event(7))[:-1] + b',"x":' + b"[" * 600 + b"]" * 600 + b"}"
    server.rule = lambda body: problem(400, [(0, "", "is te diep genest")]) if b"[[" in body else None
    source = file_of(tmp_path, *(event(n) for n in range(20)), deep, *(event(n) for n in range(20, 40)))
    assert counts(run(source, url=server.url, rejects=rejects)) == (41, 40, 0, 1)
    assert refused(rejects) == {21: "is te diep genest"}


@pytest.mark.parametrize("status", [400, 413])
def test_a_refusal_that_names_no_event_is_narrowed_down(server, rejects, tmp_path, status):
    wrong = event(123)["id"].encode()
    server.rule = lambda body: JSONResponse({"detail": "Bevalt me niet."}, status) if wrong in body else None
    source = file_of(tmp_path, *(event(n) for n in range(300)))
    assert counts(run(source, url=server.url, rejects=rejects)) == (300, 299, 0, 1)
    assert refused(rejects) == {124: "Bevalt me niet."}


def test_a_batch_that_is_too_large_is_split(server, rejects, tmp_path):
    server.rule = lambda body: problem(413, []) if len(body) > 10_000 else None
    source = file_of(tmp_path, *(event(n) for n in range(200)), event(0, subject="LOC-LATER"))
    assert counts(run(source, url=server.url, rejects=rejects)) == (201, 200, 0, 1)
    assert list(refused(rejects)) == [201]  # the order stays that of the file, so the first of two wins
    assert len(server.events) == 200
    assert sum(size <= 10_000 for size in server.bodies) < 20  # halves, not one by one


def test_answers_that_make_no_sense_do_not_lose_a_line(server, rejects, tmp_path):
    mad = [{"fouten": 3}, {"fouten": ["x", {"index": "0"}, {"index": True}, {"index": -1}, {"index": 99}]}, [], "nee"]
    server.script.extend(lambda _body, answer=answer: JSONResponse(answer, 400) for answer in mad)
    source = file_of(tmp_path, *(event(n) for n in range(50)))
    assert counts(run(source, url=server.url, rejects=rejects, parallel=1)) == (50, 50, 0, 0)


def test_the_rejects_file_holds_this_import_only(server, rejects, tmp_path):
    good, bad = file_of(tmp_path, event(1)), file_of(tmp_path, b"x", b"\xff{", name="bad.jsonl")
    for _ in range(2):
        run(bad, url=server.url, rejects=rejects)
        assert list(refused(rejects)) == [1, 2]
        assert orjson.loads(rejects.read_bytes().splitlines()[1])["inhoud"] == "\\xff{"
    with pytest.raises(ImporterError, match="kopregel"):
        run(bad, url=server.url, rejects=rejects, format="csv")
    assert list(refused(rejects)) == [1, 2]  # that import never began
    run(good, url=server.url, rejects=rejects)
    assert not rejects.exists()


# When the server is away ---------------------------------------------------------------------------------------------


def test_a_busy_server_is_waited_for(server, rejects, tmp_path):
    server.script.extend([busy, busy, lambda _body: Response(status_code=502), busy])
    source = file_of(tmp_path, *(event(n) for n in range(300)))
    watcher = Watcher()
    report = run(source, url=server.url, rejects=rejects, batch_size=100, progress=watcher)
    assert counts(report) == (300, 300, 0, 0)
    assert len(watcher.waits) == 4
    assert all("de server antwoordt 50" in reason for reason, _ in watcher.waits)
    assert len(server.events) == 300


def test_the_server_says_how_long_to_wait(server, rejects, tmp_path):
    server.script.append(lambda _body: problem(503, [], {"Retry-After": "3600"}))
    watcher = Watcher()
    report = run(file_of(tmp_path, event(1)), url=server.url, rejects=rejects, progress=watcher, wait_max_seconds=0.5)
    assert counts(report) == (1, 1, 0, 0)
    ((_, seconds),) = watcher.waits
    assert 0.3 < seconds <= 0.5  # as long as asked, but no longer than we are willing to


def test_a_server_that_goes_away_and_comes_back_gets_everything_once(server, rejects, tmp_path):
    source = file_of(tmp_path, *(event(n) for n in range(1000)))
    watcher = Watcher()
    watcher.on_update, watcher.on_wait = server.stop, server.start
    report = run(source, url=server.url, rejects=rejects, batch_size=50, progress=watcher)
    assert watcher.waits
    assert "geen antwoord van http://127.0.0.1" in watcher.waits[0][0]
    assert counts(report) == (1000, 1000, 0, 0)
    assert len(server.events) == 1000


def test_events_stored_without_an_answer_are_repeats_the_next_time(server, rejects, tmp_path):
    server.script.append(lambda body: Response(status_code=500) if server.accept(body) else None)
    source = file_of(tmp_path, *(event(n) for n in range(10)))
    assert counts(run(source, url=server.url, rejects=rejects)) == (10, 0, 10, 0)


def test_in_the_end_it_gives_up_and_says_that_repeating_is_harmless(server, rejects, tmp_path):
    source = file_of(tmp_path, b"kapot", *(event(n) for n in range(1000)))
    server.script.append(lambda _body: None)
    server.rule = busy
    watcher = Watcher()
    with pytest.raises(ImportStoppedError) as caught:
        run(source, url=server.url, rejects=rejects, batch_size=50, wait_max_seconds=0.5, parallel=1, progress=watcher)
    assert all(0 < seconds <= 0.5 for _, seconds in watcher.waits)
    text = str(caught.value)
    assert "na 0.5 seconden wachten nog niet bereikbaar" in text
    assert "Er zijn minstens 49 gebeurtenissen opgeslagen. Dezelfde opdracht nog eens uitvoeren is onschadelijk" in text
    assert counts(caught.value.report) == (50, 49, 0, 1)
    assert list(refused(rejects)) == [1]
    server.rule = lambda _body: None
    assert counts(run(source, url=server.url, rejects=rejects)) == (1001, 951, 49, 1)


def test_what_other_batches_reached_is_in_the_report_of_one_that_gives_up(server, rejects, tmp_path):
    stuck = event(0)["id"].encode()
    server.rule = lambda body: busy(body) if stuck in body else None
    source = file_of(tmp_path, *(event(n) for n in range(120)), b"kapot")
    with pytest.raises(ImportStoppedError) as caught:
        run(source, url=server.url, rejects=rejects, batch_size=50, wait_max_seconds=0.5)
    assert counts(caught.value.report) == (71, 70, 0, 1)
    assert list(refused(rejects)) == [121]


def test_nobody_there(rejects, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ImportStoppedError, match="Connection refused"):
        run(file_of(tmp_path, event(1)), url=f"http://127.0.0.1:{port}", rejects=rejects, wait_max_seconds=0.3)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (JSONResponse({"detail": "Rol importeur ontbreekt."}, 403), r"geen toegang \(403\): Rol importeur ontbreekt\."),
        (HTMLResponse("<h1>Welkom</h1>"), "Is dit het adres van een Opvangpeil-server?"),
        (Response(status_code=404), "antwoordt 404: Not Found"),
        (RedirectResponse("https://elders.example/"), "verwijst door naar https://elders.example/"),
    ],
)
def test_a_server_that_will_never_take_it_stops_the_import(server, rejects, tmp_path, answer, text):
    server.rule = lambda _body: answer
    with pytest.raises(ImportStoppedError, match=text):
        run(file_of(tmp_path, event(1)), url=server.url, rejects=rejects)
    assert not rejects.exists()


# What can't begin ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x", "http://", "http://x:y/"])
def test_an_address_that_is_none(rejects, tmp_path, url):
    with pytest.raises(ImporterError, match="is geen adres"):
        run(file_of(tmp_path, event(1)), url=url, rejects=rejects)


def test_files_that_will_not_do(server, rejects, tmp_path):
    source = file_of(tmp_path, event(1))
    with pytest.raises(ImporterError, match=r"weg\.jsonl is niet te openen: No such file"):
        run(tmp_path / "weg.jsonl", url=server.url, rejects=rejects)
    with pytest.raises(ImporterError, match="is niet te openen: Is a directory"):
        run(tmp_path, url=server.url, rejects=rejects)
    with pytest.raises(ImporterError, match="moet een ander zijn"):
        run(source, url=server.url, rejects=source)
    with pytest.raises(ImporterError, match=r"geweigerde regels\) is niet te schrijven"):
        run(source, url=server.url, rejects=tmp_path / "weg" / "geweigerd.jsonl")
    with pytest.raises(ImporterError, match="Een batch telt 1 tot en met 10000"):
        run(source, url=server.url, rejects=rejects, batch_size=BATCH_MAX + 1)
    with pytest.raises(ImporterError, match="Vaste waarden"):
        run(source, url=server.url, rejects=rejects, constants={"type": "bezetting-gemeld"})
    assert source.read_bytes() == orjson.dumps(event(1)) + b"\n"
    assert not server.events


# The law: whatever the bytes, every line is stored or refused, and only that line -------------------------------------

GOOD = st.integers(0, 30).map(lambda n: orjson.dumps(event(n)))
SPACED = st.integers(0, 30).map(
    lambda n: b" " + orjson.dumps(event(n), option=orjson.OPT_INDENT_2).replace(b"\n", b" ")
)
OTHER = st.integers(0, 30).map(lambda n: orjson.dumps(event(n, subject="LOC-ANDERS")))
WRONG = st.integers(0, 30).map(lambda n: orjson.dumps(event(n, subject="loc")))
BROKEN = st.tuples(GOOD, st.integers(1, 200)).map(lambda drawn: drawn[0][: drawn[1]])
TWO = st.tuples(GOOD, GOOD).map(b",".join)
DEEP = st.integers(1, 1100).map(lambda n: orjson.dumps(event(5))[:-2] + b',"x":' + b"[" * n + b"]" * n + b"}}")
TWICE = GOOD.map(lambda line: line.replace(b'"subject"', b'"subject":"LOC-1","subject"'))
LINE = st.one_of(GOOD, GOOD, GOOD, SPACED, OTHER, WRONG, BROKEN, TWO, DEEP, TWICE, st.binary(max_size=20), st.just(b""))


def takes(server: Server, line: bytes) -> bool:
    try:
        return len(orjson.loads(b"[" + line + b"]")) == 1 and server.accept(b"[" + line + b"]").status_code < 400
    except orjson.JSONDecodeError:
        return False


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@settings(max_examples=100, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(st.lists(LINE, max_size=25), st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.integers(1, 12))
def test_every_line_is_stored_or_refused_and_only_that_line(shared, tmp_path, lines, end, last, most):
    shared.events.clear()
    text = end.join(lines) + end * last
    source, rejects = tmp_path / "in", tmp_path / "uit"
    source.write_bytes(text)
    try:
        report = run(source, url=shared.url, rejects=rejects, format="jsonl", batch_size=most, parallel=1)
    except ImporterError:
        assert text.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK\x03\x04", b"PAR1"))  # no text at all
        return
    physical = dict(enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1))
    offered = {number for number, line in physical.items() if line.strip()}
    bad = [orjson.loads(line) for line in rejects.read_bytes().splitlines()] if rejects.exists() else []
    numbers = [line["regel"] for line in bad]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= offered
    assert [line["inhoud"] for line in bad] == [
        physical[n].decode(errors="backslashreplace").rstrip("\r") for n in numbers
    ]
    assert counts(report)[::3] == (len(offered), len(bad))
    assert report.opgeslagen + report.herhaald + report.geweigerd == report.aangeboden
    # Exactly the lines that a server takes, offered one by one in this order, are in.
    alone = Server.__new__(Server)
    alone.events = {}
    taken = {n for n in sorted(offered) if takes(alone, physical[n].strip())}
    assert offered - set(numbers) == taken
    assert shared.events == alone.events


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)), st.booleans())
def test_no_bytes_under_a_good_header_crash_a_csv(shared, tmp_path, data, last):
    header = b"type,source,subject,time,peilmoment,aanwezig\n"
    (tmp_path / "in.csv").write_bytes(header + data + b"\n" * last)
    report = run(tmp_path / "in.csv", url=shared.url, rejects=tmp_path / "uit")
    rows = [line for line in data.split(b"\n") if line.decode(errors="replace").strip(" ,\r\t")]
    assert report.aangeboden <= len(data.split(b"\n"))
    assert report.geweigerd == report.aangeboden
    assert report.aangeboden >= len([row for row in rows if row.isalnum()])
