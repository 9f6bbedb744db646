"""`meld` and `trek-in` on a running server: every form by options, asked at a terminal, and what can go wrong.

Commands run in this process where that shows as much, since starting one takes longer than what it does.
"""

import os
import pty
import re
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from schemas.events import FACT_TYPES
from services.cli import app, melden
from services.cli.asking import ServerRefusedError, asking
from services.cli.meldopties import opties
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from tests.support.access_help import bearer
from tests.support.examples import cases
from tests.support.meld_getypt import as_program, filled_in
from tests.support.rondes import only_whole
from tests.support.server import Server, made
from tests.support.web_events import EVENTS, SOURCE

EXAMPLES = {
    VAN_TYPE[path.parts[-3]]: orjson.loads(path.read_bytes())
    for path in reversed(cases("valid"))
    if path.parts[-3] in FACT_TYPES
}
"""One event for each form."""
AT_ONCE = ("capaciteit", "cijfers", "intrekking")
"""The forms with rows, and that without a register. `web/test_melden_types.py` holds each form to the page."""
SECONDS_MAX = 60
LOST_MAX = 2


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Who may do what, and the folder that knows it."""
    folder = str(tmp_path_factory.mktemp("melden") / "data")
    who = {
        "beheer": ("--rol", "beheerder"),
        "lezer": ("--rol", "lezer"),
        "eigen": ("--rol", "lezer", "--rol", "invoer", "--source", "urn:nld:oin:00000000000000000009:systeem:ander"),
    }
    return {"folder": folder} | {name: made("--naam", name, *said, "--data", folder) for name, said in who.items()}


@pytest.fixture(scope="module")
def server(tokens: dict[str, str]) -> Iterator[Server]:
    with Server(Path(tokens["folder"])) as server:
        server.client.headers.update(bearer(tokens["beheer"]))
        assert server.post(EVENTS).status_code == 201
        yield server


@pytest.fixture(autouse=True)
def own_token(tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPVANGPEIL_TOKEN", tokens["beheer"])


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Runs a command in this process. Returns its code and all that it said."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        app(arguments)
    return int(ended.value.code or 0), "".join(capsys.readouterr())


def by_options(event: dict[str, Any]) -> list[str]:
    """Returns the options that say what an event says, with an empty one for each field that it leaves out."""
    soort = VAN_TYPE[event["type"]]
    texts = as_program(event)
    given = [(one.naam, texts[one.veld]) for one in opties(FORMULIEREN[soort]) if one.veld in texts]
    return [part for name, text in given for part in (name, text)]


def said_id(text: str) -> str:
    found = re.search(r"^id ([0-9a-f-]{36})$", text, re.MULTILINE)
    assert found is not None, text
    return found[1]


def without_own(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what each report has of its own."""
    return {name: event[name] for name in ("type", "subject", "source", "data")}


@pytest.mark.parametrize("soort", [soort if soort in AT_ONCE else only_whole(soort) for soort in EXAMPLES])
def test_every_form_is_sent_by_options_as_the_page_sends_it_and_is_retracted(
    server: Server, capsys: pytest.CaptureFixture[str], soort: str
) -> None:
    event = EXAMPLES[soort]
    with httpx.Client(base_url=server.url, headers=server.client.headers) as client:
        page = filled_in(client, event)
        code, text = run(capsys, "meld", soort, *by_options(event), "--ja", "--url", server.url)
        assert code == 0, text
        assert page.hidden is not None
        sent = client.post("/melden", data=page.hidden)
        assert sent.status_code == 303, sent.text
        of_page = re.search(r"id=([0-9a-f-]{36})", sent.headers["location"])
    mine, theirs = (server.get(f"/v1/gebeurtenissen/{one}") for one in (said_id(text), of_page and of_page[1]))
    assert without_own(mine) == without_own(theirs)
    assert (mine["type"], mine["subject"]) == (event["type"], event["subject"])
    assert "De melding is opgeslagen." in text

    code, text = run(capsys, "trek-in", mine["id"], "--reden", "vergissing", "--ja", "--url", server.url)
    assert code == 0, text
    retraction = server.get(f"/v1/gebeurtenissen/{said_id(text)}")
    assert retraction["data"] == {"gebeurtenisId": mine["id"], "reden": "vergissing"}
    assert (retraction["subject"], retraction["source"]) == (mine["subject"], mine["source"])
    assert "ingetrokken: " in text


READING = ("meld", "bezetting", "--over", "LOC-UTRECHT", "--aanwezig", "280")
REFUSED = {
    "onbekende soort": (("meld", "bezeting"), 2, "er is geen opdracht bezeting; bedoelt u bezetting?"),
    "onbekende optie": ((*READING, "--aantal", "3"), 2, "er is geen optie --aantal"),
    "geen dag": ((*READING, "--peilmoment", "31-02-2026"), 2, "--peilmoment (Peilmoment): is geen dag van 2010"),
    "te ver": ((*READING, "--peilmoment", "2051-01-01"), 2, "--peilmoment (Peilmoment): is geen dag van 2010"),
    "geen getal": (("meld", "bezetting", "--over", "LOC-UTRECHT", "--aanwezig", "veel"), 2, "moet een heel getal zijn"),
    "geen locatie": (
        ("meld", "bezetting", "--over", "nergens", "--aanwezig", "3"),
        2,
        "--over (Locatie): komt in geen enkele naam voor; noem een locatie, met een naam of een id",
    ),
    "iets ontbreekt": (
        ("meld", "capaciteit", "--over", "LOC-UTRECHT"),
        2,
        "--regulier-aantal (Regulier, aantal plaatsen): vul van minstens één soort het aantal plaatsen in",
    ),
    "niemand zegt ja": (READING, 2, "hier is niemand om te vragen of het klopt; geef --ja"),
    "geen melding": (
        ("trek-in", "00000000-0000-4000-8000-000000000000", "--reden", "x"),
        1,
        "de server antwoordt 404: Geen gebeurtenis",
    ),
    "geen id": (("trek-in", "x/y", "--reden", "x"), 1, "de server antwoordt 404: "),
    "geen reden": (("trek-in", EVENTS[0]["id"]), 2, "--reden (Reden): ontbreekt; dit veld is verplicht"),
    "niets": (("trek-in",), 2, "ID (Welke melding): ontbreekt; dit veld is verplicht"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    server: Server, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments, code, told = REFUSED[name]
    before = server.get("/v1/bezetting")["positie"]
    ended, text = run(capsys, *arguments, "--url", server.url)
    assert told in text
    assert ended == code
    assert server.get("/v1/bezetting")["positie"] == before


def test_an_id_of_which_nothing_is_known_is_a_warning(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "meld", "bezetting", "--over", "LOC-BESTAAT-NIET", "--aanwezig", "3", "--url", server.url)
    assert code == 2
    assert "Van LOC-BESTAAT-NIET is niets bekend, of u mag het niet zien. Klopt het id?" in text


def test_who_may_not_is_told_so(
    server: Server, tokens: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPVANGPEIL_TOKEN", "")
    code, text = run(capsys, *READING, "--ja", "--url", server.url)
    assert (code, "de server antwoordt 401" in text, "OPVANGPEIL_TOKEN" in text) == (1, True, True)
    monkeypatch.setenv("OPVANGPEIL_TOKEN", tokens["lezer"])
    code, text = run(capsys, *READING, "--ja", "--url", server.url)
    assert (code, "de server antwoordt 403: Gebeurtenissen insturen vraagt de rol" in text) == (1, True)
    monkeypatch.setenv("OPVANGPEIL_TOKEN", tokens["eigen"])
    target = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 310)
    code, text = run(capsys, "trek-in", target, "--reden", "x", "--ja", "--url", server.url)
    assert f"is van {SOURCE}; alleen die bron zelf of een beheerder kan dit intrekken" in text
    assert code == 1


def test_an_id_that_is_in_use_is_told(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, *READING, "--bron", "bezet", "--ja", "--url", server.url)
    assert code == 0, text
    names = ("specversion", "id", "source", "type", "subject", "time", "data")
    stored = server.get(f"/v1/gebeurtenissen/{said_id(text)}") | {"specversion": "1.0"}
    other = {name: stored[name] for name in names} | {"data": stored["data"] | {"aanwezig": 281}}
    with asking(server.url) as client, pytest.raises(ServerRefusedError, match=r"antwoordt 409: .*andere gebeurtenis"):
        melden._verzend(client, "bezetting", other)


def test_a_server_that_is_away_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    away = "http://127.0.0.1:1"
    code, text = run(capsys, *READING, "--ja", "--url", away)
    assert (code, text) == (1, f"Fout: de server antwoordt niet op {away}; is Opvangpeil gestart en klopt --url?\n")


@pytest.fixture
def forgetful(server: Server) -> Iterator[tuple[str, list[bytes]]]:
    """A way to the server that loses the answer to as many events as its list has room for: it holds their bytes.

    The last of these it answers itself, as a proxy does when its time is up.
    """
    lost: list[bytes] = []

    class Passing(BaseHTTPRequestHandler):
        def _pass(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            kept = {name: self.headers[name] for name in ("authorization", "content-type") if name in self.headers}
            answer = httpx.request(method, f"{server.url}{self.path}", content=body, headers=kept)
            if method == "POST" and len(lost) < LOST_MAX:
                lost.append(body)
                self.close_connection = True
                if len(lost) < LOST_MAX:
                    return
                answer = httpx.Response(httpx.codes.GATEWAY_TIMEOUT, html="<p>Time-out</p>")
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_GET(self) -> None:
            self._pass("GET")

        def do_POST(self) -> None:
            self._pass("POST")

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as passing:
        threading.Thread(target=passing.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{passing.server_port}", lost
        passing.shutdown()


def test_an_answer_that_is_lost_makes_no_second_event(
    server: Server,
    forgetful: tuple[str, list[bytes]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    url, lost = forgetful
    monkeypatch.setattr(melden, "WAITS", (0.0,))
    code, text = run(capsys, *READING, "--bron", "kwijt", "--ja", "--url", url)
    assert (len(lost), lost[0] == lost[1]) == (LOST_MAX, True)
    assert (code, "of de melding is aangekomen is niet bekend" in text) == (1, True)
    kept = tmp_path / "bewaard.jsonl"
    kept.write_text(text.splitlines()[-1], encoding="utf-8")
    code, text = run(capsys, "importeer", str(kept), "--url", server.url)
    assert (code, "1 " in text) == (0, True), text
    lost.pop()
    code, text = run(capsys, *READING, "--bron", "kwijt", "--ja", "--url", url)
    assert (code, "Deze melding was al eerder ontvangen" in text) == (0, True), text
    logged = [one["id"] for one in server.log() if one["data"].get("bron") == "kwijt"]
    assert logged == [orjson.loads(lost[0])["id"], said_id(text)]


def test_at_a_terminal_it_asks_shows_and_sends_only_after_a_yes(server: Server) -> None:
    typed = ["azc", "LOC-UTRECHT", "", "veel", "281", "-", "nee"]
    said, code = at_terminal(["meld", "bezetting", "--url", server.url], typed)
    assert code == 1, said
    for told in (
        "past bij 2 namen; kies er één",
        "Laatst geteld: ",
        "moet een heel getal zijn",
        "Er is niets verzonden",
    ):
        assert told in said, said
    said, code = at_terminal([*READING, "--url", server.url], ["ja"])
    assert code == 0, said
    assert "280 mensen aanwezig" in said
    assert server.get(f"/v1/gebeurtenissen/{said_id(said)}")["data"]["aanwezig"] == 280


def at_terminal(arguments: list[str], typed: list[str]) -> tuple[str, int]:
    """Runs a command at a terminal of its own, and types a line at each prompt. Returns what it said, and its code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "services.cli", *arguments]
    env = os.environ | {"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    said, left = "", list(typed)
    try:
        while select.select([ours], [], [], SECONDS_MAX)[0]:
            try:
                read = os.read(ours, 65_536)
            except OSError:  # The other side is closed.
                break
            said += read.decode(errors="replace")
            if said.endswith(": ") and left:
                os.write(ours, f"{left.pop(0)}\n".encode())
        return said.replace("\r\n", "\n"), process.wait(SECONDS_MAX)
    finally:
        process.kill()
        os.close(ours)
