"""The importer against real HTTP servers: one follows the contract of `POST /v1/gebeurtenissen`, others do not."""

import os
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from schemas.parsing import BATCH_MAX
from services.importer import ImporterError, ImportStoppedError, run
from tests.support.importer_server import SOURCE, Server, Watcher, busy, counts, event, file_of, problem, refused


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "geweigerd.jsonl"


# When all is well -----------------------------------------------------------------------------------------------------


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


def test_a_live_pipe_is_listened_to_in_a_process_with_very_many_open_files(server, rejects):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1100):
            stack.enter_context(Path(os.devnull).open("rb"))
        test_lines_of_a_live_pipe_are_stored_while_it_stays_open(server, rejects)


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


# Refused events -------------------------------------------------------------------------------------------------------


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
        tmp_path,
        head,
        start + b"LOC-1,2026-05-26,2026-05-26,5,8,9",
        start + b"loc-1,2026-05-26,2026-05-26,5,,",
        start + b"LOC-1,2026-05-26,2026-05-26,,,",
        start + b"LOC-1,2026-05-26,2026-05-26,5,8,",
        name="in.csv",
    )
    assert counts(run(source, url=server.url, rejects=rejects)) == (4, 1, 0, 3)
    reasons = refused(rejects)
    assert reasons[2].startswith("kolom plaatsen.amv.inzetbaar: ")
    assert reasons[3].startswith("kolom onderwerp: ")
    assert reasons[4].startswith("kolommen plaatsen.…: ontbreekt")


def test_a_fault_told_of_the_whole_body_costs_no_neighbour(server, rejects, tmp_path):
    # This nests deeper than the server can read. It then blames the first event of the body.
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
    assert list(refused(rejects)) == [201]  # the order of the file is kept, so the first of the two wins
    assert len(server.events) == 200
    assert sum(size <= 10_000 for size in server.bodies) < 20  # batches are halved, and not sent one by one


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
    assert list(refused(rejects)) == [1, 2]  # that import did not begin, so the file is unchanged
    run(good, url=server.url, rejects=rejects)
    assert not rejects.exists()


# When the server is away ----------------------------------------------------------------------------------------------


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
    assert 0.3 < seconds <= 0.5  # as long as the server asks, up to our maximum


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


# Imports that can't begin ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x", "http://", "http://x:y/"])
def test_an_address_that_is_none(rejects, tmp_path, url):
    with pytest.raises(ImporterError, match="is geen adres"):
        run(file_of(tmp_path, event(1)), url=url, rejects=rejects)


def test_files_that_will_not_do(server, rejects, tmp_path):
    source = file_of(tmp_path, event(1))
    with pytest.raises(ImporterError, match=r"weg\.jsonl is niet te openen: bestaat niet"):
        run(tmp_path / "weg.jsonl", url=server.url, rejects=rejects)
    with pytest.raises(ImporterError, match="is niet te openen: is een map"):
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
