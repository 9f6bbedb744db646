"""Commands for an operator of a running system: show its state, list refused events, and offer those again."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest

from schemas.fields import format_moment
from services.eventlog.producer import Producer
from services.eventlog.topics import EVENTS, MESSAGE_BYTES_MAX
from services.store.migrate import migrations
from services.store.model import Place, Unprocessable
from services.wiring import embedded_store
from tests.support.facts import capacity, reading, registered
from tests.support.server import Server, opvangpeil, tansu_with_topics

GOOD = reading("LOC-HERSTELD", 120)
"""This event was refused because of a mistake that has been repaired."""
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WRONG = [b'{"geen": "gebeurtenis"}', b"\xff\xfe", orjson.dumps(reading("LOC-A", -1))]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with _server(tmp_path_factory.mktemp("bediening") / "data") as server:
        yield server


@contextmanager
def _server(folder: Path) -> Iterator[Server]:
    """Runs a server with some stored events, one event that was refused long ago, and bad messages on the topic."""
    with embedded_store(folder) as store:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        store.unprocessable.insert([Unprocessable(EVENTS, Place(0, 0, 7), 0, "storing", long_ago, orjson.dumps(GOOD))])
    with tansu_with_topics(folder.parent) as tansu, Server(folder, kafka=tansu) as server:
        assert server.post([registered("LOC-A"), capacity("LOC-A", 100), reading("LOC-A", 150)]).status_code == 202
        producer = Producer(tansu.brokers, message_bytes_max=MESSAGE_BYTES_MAX)
        trace = [("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode())]
        for body in WRONG:
            producer.append(EVENTS, None, body, trace)
        producer.close()
        server.until("/v1/onverwerkbaar", lambda answer: len(answer["items"]) == len(WRONG) + 1)
        yield server


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """A server that answers every request with an HTML page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>Welkom</p>")

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ask(server: Server, *arguments: str) -> tuple[int, str]:
    done = opvangpeil(*arguments, "--url", server.url)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [["status"], ["onverwerkbaar", "lijst"], ["onverwerkbaar", "toon", "1"], ["toegang", "lijst"]]
)
def test_another_server_is_no_opvangpeil(website: str, command: list[str]) -> None:
    done = opvangpeil(*command, "--url", website)
    assert done.returncode == 2
    assert "is dit een Opvangpeil?" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_before_the_command_is_not_overlooked(tmp_path: Path) -> None:
    done = opvangpeil("onverwerkbaar", "--data", str(tmp_path), "lijst")
    assert done.returncode == 2
    assert "zet opties achter de opdracht: onverwerkbaar lijst --data" in " ".join(done.stderr.split())


def test_a_figure_is_explained_down_to_its_events(server: Server) -> None:
    code, text = ask(server, "verklaar", "locatie", "LOC-A")
    assert code == 0, text
    plain = " ".join(text.split())
    for part in (
        "bezettingsgraad",
        "aanwezig 150 / inzetbaar 100 = 150,0 %",
        "4 regels: telt mee 4",
        "Telt mee (4)",
        ": 150 mensen aanwezig (geteld op ",
        "100 plaatsen regulier (geldt vanaf ",
        ", gemeld door ",
    ):
        assert part in plain, (part, text)
    assert not re.search(r"urn:|plaatsen\.|aanwezig: |  LOC-A", text.split("Telt mee (4)")[1]), text
    code, text = ask(server, "verklaar", "landelijk", "--formaat", "json")
    told = orjson.loads(text)
    assert code == 0
    assert {row["rol"] for row in told["gebeurtenissen"] if row["subject"] == "LOC-A"} == {"telt"}
    assert {f["grootheid"]: f["waarde"] for f in told["figuren"]}["bezettingsgraad"] == 1.5


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["locatie"], "opvangpeil verklaar locatie LOC-TER-APEL"),
        (["landelijk", "GM1950"], "opvangpeil verklaar landelijk"),
        (["gemeente", "GM9999"], "Geen gemeente 'GM9999'"),
        (["locatie", "LOC-A", "--bekend-op", "2090-01-01"], "bekendOp"),
        (["locatie", "LOC-A", "--geldig-op", "gisteren"], "geldigOp: is geen bestaand moment; verwacht 2026-"),
    ],
)
def test_what_can_not_be_explained_is_told(server: Server, asked: list[str], said: str) -> None:
    code, text = ask(server, "verklaar", *asked)
    assert code == 2
    assert said in text


def test_what_differs_is_told_per_subject(server: Server) -> None:
    code, text = ask(server, "verschil", "--van", "2011-01-01", "--onderwerp", "LOC-A")
    assert code == 0, text
    plain = " ".join(text.split())
    for part in (
        "stand van 1 jan 2011 00:00",
        "LOC-A",
        "inzetbaar – – – – 100",
        "aanwezig – – – – 150",
        "bezettingsgraad – – – – 150,0 %",
    ):
        assert part in plain, (part, text)
    code, text = ask(server, "verschil", "--van", "2011-01-01/2011-01-01", "--formaat", "json")
    rows = {(row["onderwerp"], row["grootheid"]): row for row in orjson.loads(text)["verschillen"]}
    assert code == 0
    assert (rows["NL", "locaties"]["wereld"], len(rows["NL", "locaties"]["gebeurtenissen"])) == (1, 1)
    assert ask(server, "verschil", "--van", "2011-01-01", "--naar", "2011-01-01")[1].rstrip().endswith("geen verschil.")


@pytest.mark.parametrize(
    ("van", "said"),
    [
        ("a/b/c", "--van a/b/c is geen GELDIG/BEKEND, zoals 2026-05-21/2026-05-26"),
        ("/2049-01-01", "vanBekendOp: ligt in de toekomst"),
        ("gisteren", "vanGeldigOp: is geen bestaand moment"),
    ],
)
def test_what_can_not_be_compared_is_told(server: Server, van: str, said: str) -> None:
    code, text = ask(server, "verschil", "--van", van)
    assert (code, said in text) == (2, True), text


def test_status_is_one_screen(server: Server) -> None:
    server.until("/v1/alarmen", lambda answer: bool(answer["items"]), status="actief", regel="landelijke-bezetting")
    code, text = ask(server, "status")
    assert code == 0, text
    for part in (
        "gereed",
        "clickhouse, broker, verwerker",
        f"programma 0.1.0, schema {migrations()[-1][0]}, API 1.",
        "positie",
        "1-",
        " geleden",
        "onverwerkbaar",
        " niet opgepakt",
        "De landelijke bezettingsgraad",
        "150,0 %",
    ):
        assert part in text, f"{part!r} is not in:\n{text}"
    assert re.search(r"achterstand  +\d+ \(partitie 0: \d+\)", text)
    assert len(text.splitlines()) < 40


def test_status_counts_the_alarms_of_which_nobody_is_told_apart(server: Server) -> None:
    """Norm is held back by the alarm of the country; a silence covers another, about the locatie."""
    held_back = server.until("/v1/alarmen", lambda answer: answer["aantallen"]["onderdrukt"] == 1)
    assert held_back["aantallen"]["stil"] == 0
    server.until("/v1/alarmen", lambda answer: bool(answer["items"]), status="actief", regel="locatie-bezetting")
    until = format_moment(datetime.now(UTC) + timedelta(days=30))
    silence = {"regel": "locatie-bezetting", "tot": until, "reden": "verbouwing"}
    made = server.client.post(f"{server.url}/v1/stiltes", json=silence)
    assert made.status_code in (201, 202), made.text
    counts = server.until("/v1/alarmen", lambda answer: answer["aantallen"]["stil"] == 1)["aantallen"]
    code, text = ask(server, "status")
    assert code == 0, text
    assert f"{counts['actief']} niet opgepakt, 1 onderdrukt, 1 stilgelegd" in text
    listed = re.findall(r"(?:kritiek|hoog|waarschuwing|info): (.*)", text)
    assert len(listed) == counts["actief"]
    assert sum("De landelijke bezettingsgraad" in one for one in listed) == 1, "that of the norm is held back"
    assert not any("LOC-A" in one for one in listed)


def test_status_of_what_is_not_there(tmp_path: Path) -> None:
    done = opvangpeil("status", "--url", "http://127.0.0.1:9")
    assert (done.returncode, "de server antwoordt niet" in done.stderr) == (2, True)


def test_a_service_whose_store_is_away_says_so_and_stops_when_told(tmp_path: Path) -> None:
    """The service runs by itself, as in a container. All its output is JSON, without the password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = os.environ | {
        "OPVANGPEIL_PORT": str(port),
        "OPVANGPEIL_CLICKHOUSE": "clickhouse://lezer:w8woord@127.0.0.1:9/opvang",
    }
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen([sys.executable, "-m", "services.api"], env=settings, stderr=log, stdout=log) as service,
    ):
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while (done := opvangpeil("status", "--url", url)).returncode == 2 and time.monotonic() < deadline:
            pass
        if done.returncode != 1:
            service.kill()
        assert (done.returncode, "nee: Nog niet gereed: clickhouse" in done.stdout) == (1, True), done.stdout
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert (service.wait(30), time.monotonic() - began < 10) == (0, True)
    text = (tmp_path / "log").read_text()
    assert {"wacht"} <= {orjson.loads(line)["message"] for line in text.splitlines()}
    assert "w8woord" not in text


def test_what_was_refused_is_listed_newest_first(server: Server) -> None:
    for command in (("onverwerkbaar", "lijst"), ("onverwerkbaar",)):
        code, text = ask(server, *command)
        assert code == 0, text
        assert [line.split()[0] for line in text.splitlines() if "partitie 0" in line] == ["4", "3", "2", "1"]
    code, text = ask(server, "onverwerkbaar", "lijst", "--reden", "aanwezig")
    assert (text.count("partitie"), "offset 3" in text) == (1, True)
    assert "niets" in ask(server, "onverwerkbaar", "lijst", "--reden", "onzin")[1]


def test_one_is_shown_whole(server: Server) -> None:
    code, text = ask(server, "onverwerkbaar", "toon", "4")
    assert (code, WRONG[2].decode() in text) == (0, True), text
    assert "aanwezig" in text
    code, text = ask(server, "onverwerkbaar", "toon", "3")
    assert r"\xff\xfe" in text
    code, text = ask(server, "onverwerkbaar", "toon", "99")
    assert (code, "nummer 99" in text) == (2, True)


def test_pages_of_the_api(server: Server) -> None:
    first = server.get("/v1/onverwerkbaar", aantal=3)
    rest = server.get("/v1/onverwerkbaar", aantal=3, na=first["volgende"])
    assert [item["nummer"] for item in (*first["items"], *rest["items"])] == [4, 3, 2, 1]
    assert rest["volgende"] is None
    assert server.client.get(f"{server.url}/v1/onverwerkbaar/99").status_code == 404
    assert server.client.get(f"{server.url}/v1/onverwerkbaar?anders=1").status_code == 400


def test_each_is_offered_as_anybody_offers_and_nothing_is_erased(server: Server) -> None:
    code, text = ask(server, "onverwerkbaar", "opnieuw", "--nu-bekend")
    assert (code, "1: aangenomen" in text, "1 aangeboden, 0 opnieuw" in text) == (0, True, True), text
    server.until("/v1/gebeurtenissen", lambda answer: len(answer["items"]) == 1, onderwerp=GOOD["subject"])
    code, text = ask(server, "onverwerkbaar", "opnieuw", "--alle")
    first, *rest = [line for line in text.splitlines() if line[:2] in {"1:", "2:", "3:", "4:"}]
    assert (code, first) == (1, "1: stond er al"), text
    assert [line[:21] for line in rest] == [f"{n}: opnieuw geweigerd:" for n in (2, 3, 4)]
    assert "data.aanwezig" in rest[2]
    assert GOOD["id"] in {event["id"] for event in server.log()}
    assert len(server.get("/v1/onverwerkbaar")["items"]) == 4
    code, text = ask(server, "onverwerkbaar", "opnieuw", "--reden", "STORING")
    assert (code, "1: stond er al" in text, "1 aangeboden, 0 opnieuw" in text) == (0, True, True)
    code, text = ask(server, "onverwerkbaar", "opnieuw")
    assert (code, "--alle" in text) == (2, True)


def test_it_works_on_a_data_folder_too_and_the_log_tells_the_trace(tmp_path: Path) -> None:
    with _server(tmp_path / "data") as server:
        pass
    lines = [orjson.loads(line) for line in server.output.read_text().splitlines()]
    aside = [line for line in lines if line["message"] == "onverwerkbaar"]
    assert [line["trace_id"] for line in aside] == [TRACE] * len(WRONG)
    listed = opvangpeil("onverwerkbaar", "--data", str(server.folder))
    assert listed.stdout.count("partitie") == 4
    shown = opvangpeil("onverwerkbaar", "toon", "4", "--bytes", "--data", str(server.folder))
    assert shown.stdout.encode() == WRONG[2]
