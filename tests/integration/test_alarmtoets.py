"""Testing rules on recorded events: over HTTP with the rights of each caller, and with the command on real figures."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import orjson
import pytest

from schemas.fields import AMSTERDAM
from services.access import Role
from services.api.app import api_router
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date
from services.store.tokens import TokenTable
from services.web import make_app
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.alarm_help import RULES_FILE
from tests.support.one_june import EVENTS
from tests.support.server import Server, opvangpeil
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import event, places, reading, registered

pytestmark = pytest.mark.http_later

NOW = datetime(2026, 6, 15, tzinfo=UTC)
SHIPPED = RULES_FILE.read_text(encoding="utf-8")
PROEF = """
[[regel]]
naam = "te-vol"
omschrijving = "Meer mensen dan plaatsen"
grootheid = "locatie-bezettingsgraad"
drempel = 1.0
wisdrempel = 0.9
voor = "2d"
ernst = "hoog"
runbook = "deploy/runbook.md#te-vol"
"""
HIDDEN = {**registered("LOC-GEHEIM", "Onderkomen", "GM0344"), "id": "7e6f5a4b-0000-4000-8000-000000000001"}
HIDDEN["data"] = HIDDEN["data"] | {"zichtbaarheid": "afgeschermd"}
FULL = [
    *(one for own_id in ("LOC-GEHEIM", "LOC-VOL") for one in (places(own_id, 100, 100),)),
    *(
        reading(own_id, people, moment)
        for own_id in ("LOC-GEHEIM", "LOC-VOL")
        for moment, people in (
            ("2026-04-01T08:00:00Z", 110),
            ("2026-04-02T08:00:00Z", 95),
            ("2026-05-01T08:00:00Z", 120),
            ("2026-05-10T08:00:00Z", 95),
            ("2026-05-12T08:00:00Z", 80),
        )
    ),
    registered("LOC-VOL", "Vol & <b>druk</b>", "GM0344"),
    HIDDEN,
]


def clock() -> datetime:
    return NOW


@pytest.fixture
def client(store, fill):
    fill(store, read(FULL), NOW)
    with client_of(make_app("Proef", [api_router(Reader(store, clock))], metrics=fresh_metrics(), checks={})) as found:
        yield found


def ask(client: httpx.Client, regels: str = PROEF, **asked: Any) -> httpx.Response:
    return client.post("/v1/alarmtoetsen", json={"regels": regels, **asked})


def answer(client: httpx.Client, regels: str = PROEF, **asked: Any) -> dict[str, Any]:
    said = ask(client, regels, **asked)
    assert said.status_code == 200, said.text
    found: dict[str, Any] = said.json()
    return found


def test_when_it_would_have_gone_off_and_when_it_was_over(client):
    """A condition that ends within the waiting time is no alarm. An alarm goes on while the value is in the band."""
    found = answer(client)
    assert (found["van"], found["tot"], found["bekendOp"]) == (
        "2026-03-17T00:00:00Z",
        "2026-06-15T00:00:00Z",
        "2026-06-15T00:00:00Z",
    )
    (regel,) = found["regels"]
    assert (regel["aantal"], regel["duurSeconden"], regel["alleenGewacht"]) == (2, 2 * 9 * 86_400, 2)
    own = [one for one in found["alarmen"] if one["onderwerp"] == "LOC-VOL"]
    assert own == [
        {
            "regel": "te-vol",
            "voorRegel": None,
            "onderwerp": "LOC-VOL",
            "onderwerpNaam": "Vol & <b>druk</b>",
            "ernst": "hoog",
            "wachtendSinds": "2026-05-01T08:00:00Z",
            "actiefSinds": "2026-05-03T08:00:00Z",
            "hersteldOp": "2026-05-12T08:00:00Z",
            "duurSeconden": 9 * 86_400,
            "waarde": 1.2,
            "uiterste": 1.2,
            "verloop": [
                {"status": "wachtend", "sinds": "2026-05-01T08:00:00Z"},
                {"status": "actief", "sinds": "2026-05-03T08:00:00Z"},
                {"status": "hersteld", "sinds": "2026-05-12T08:00:00Z"},
            ],
        }
    ]


def test_with_what_was_known_then_it_is_as_it_was_then(client, store, fill):
    before = answer(client, bekendOp="2026-05-08", van="2026-03-17")
    assert [(one["onderwerp"], one["hersteldOp"]) for one in before["alarmen"]] == [
        ("LOC-GEHEIM", None),
        ("LOC-VOL", None),
    ]
    assert before["tot"] == "2026-05-07T22:00:00Z"
    late = reading("LOC-VOL", 70, "2026-05-02T08:00:00Z", time="2026-06-01T08:00:00Z")
    fill(store, read([late]), NOW)
    again = answer(client, bekendOp="2026-05-08", van="2026-03-17")
    assert again["alarmen"] == before["alarmen"]
    assert {one["onderwerp"] for one in answer(client)["alarmen"]} == {"LOC-GEHEIM"}, "now known: it was back in time"
    assert answer(client, positie=before["positie"])["regels"][0]["aantal"] == 2


def test_over_a_long_time_it_is_read_in_parts_and_says_the_same(store, fill, monkeypatch):
    fill(store, read([*EVENTS, *FULL]), NOW)
    bring_up_to_date(store)  # the derived tables tell the number of readings
    with client_of(make_app("Proef", [api_router(Reader(store, clock))], metrics=fresh_metrics(), checks={})) as client:
        whole = answer(client, SHIPPED, van="2026-01-01")
        monkeypatch.setattr("services.reads.alarmtoets.READINGS_PART", 1)
        assert answer(client, SHIPPED, van="2026-01-01") == whole
        assert {one["regel"] for one in whole["alarmen"]} >= {"locatie-bezetting", "locatie-zonder-gegevens"}
        monkeypatch.setattr("services.reads.alarmtoets.READINGS_MAX", 5)
        (fout,) = problem_of(ask(client, SHIPPED, van="2026-01-01"), 400)["fouten"]
        assert fout["veld"] == "van"
        since = fout["melding"].partition("vanaf ")[2].partition(",")[0]
        assert ask(client, SHIPPED, van=since).status_code == 200, fout


def test_a_rule_that_goes_off_all_the_time_hides_no_other(store, fill, monkeypatch):
    fill(store, read([*EVENTS, *FULL]), NOW)
    monkeypatch.setattr("services.reads.alarmtoets.ALARMEN_MAX", 4)
    with client_of(make_app("Proef", [api_router(Reader(store, clock))], metrics=fresh_metrics(), checks={})) as client:
        found = answer(client, SHIPPED, van="2026-01-01")
    shown = [one["regel"] for one in found["alarmen"]]
    assert set(shown) == {one["regel"] for one in found["regels"] if one["aantal"]}
    assert len(shown) <= 4
    assert found["meer"] == sum(one["aantal"] + one["wacht"] for one in found["regels"]) - len(shown)


def test_all_that_is_wrong_is_said_at_once(client):
    wrong = PROEF.replace("drempel = 1.0", 'drempel = "veel"').replace('ernst = "hoog"', 'ernst = "erg"')
    problem = problem_of(ask(client, wrong, bekendOp="2031-01-01", van="2026-06-01", tot="2026-05-01"), 400)
    told = [(fout["veld"], fout["melding"]) for fout in problem["fouten"]]
    assert told == [
        ("bekendOp", "ligt in de toekomst; wat dan bekend zal zijn weet nog niemand"),
        ("van", "moet vóór het einde liggen: 1 mei 2026 00:00"),
        ("regels", "regel 6: [[regel]] 'te-vol', drempel: moet een getal zijn, zonder aanhalingstekens"),
        ("regels", told[3][1]),
    ]
    assert told[3][1].startswith("regel 9: [[regel]] 'te-vol', ernst: moet zijn: 'info'")


@pytest.mark.parametrize(
    ("asked", "veld"),
    [
        ({"regels": ""}, "regels"),
        ({"regels": "[[regel"}, "regels"),
        ({"alleen": ["nergens"]}, "alleen.0"),
        ({"positie": "onzin"}, "positie"),
        ({"drempel": 1}, "drempel"),
        ({"van": "gisteren"}, "van"),
    ],
)
def test_what_can_not_be_asked_names_its_field(client, asked, veld):
    problem = problem_of(client.post("/v1/alarmtoetsen", json={"regels": PROEF} | asked), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == [veld]


def test_it_is_asked_and_answered_in_json_only(client):
    body = orjson.dumps({"regels": PROEF})
    problem_of(client.post("/v1/alarmtoetsen", content=body, headers={"content-type": "text/plain"}), 415)
    problem_of(client.post("/v1/alarmtoetsen", json={"regels": PROEF}, headers={"accept": "text/csv"}), 406)
    problem_of(client.post("/v1/alarmtoetsen?van=2026-01-01", json={"regels": PROEF}), 400)
    problem_of(client.get("/v1/alarmtoetsen"), 405)


def test_what_is_afgeschermd_is_for_a_beheerder_only(store, fill):
    """A shielded locatie is left out of rows and counts, since a rule may be about that locatie alone."""
    fill(store, read(FULL), NOW)
    table = TokenTable(store.connection)
    alone = PROEF + 'onderwerpen = ["LOC-GEHEIM"]\n'
    nobody, lezer, beheerder = {}, *(bearer(token(table, clock, role)) for role in (Role.LEZER, Role.BEHEERDER))
    with serving(store, access_of(table, clock), clock) as client:

        def told(regels: str, headers: dict[str, str]) -> tuple[set[str], int]:
            said = client.post("/v1/alarmtoetsen", json={"regels": regels}, headers=headers)
            assert said.status_code == 200, said.text
            assert headers is beheerder or "GEHEIM" not in said.text + str(said.headers)
            found = said.json()
            return {one["onderwerp"] for one in found["alarmen"]}, found["regels"][0]["aantal"]

        assert told(PROEF, beheerder) == ({"LOC-GEHEIM", "LOC-VOL"}, 2)
        assert told(PROEF, lezer) == ({"LOC-VOL"}, 1)
        assert told(alone, beheerder) == ({"LOC-GEHEIM"}, 1)
        assert told(alone, lezer) == (set(), 0)
        problem_of(client.post("/v1/alarmtoetsen", json={"regels": PROEF}, headers=nobody), 401)


# The command on real figures -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("toets") / "data", "--voorbeeld", "publiek") as server:
        yield server


def run(server: Server, *arguments: str, file: Path = RULES_FILE) -> tuple[int, str, str]:
    done = opvangpeil("alarm", "toets", str(file), *arguments, "--url", server.url)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def rows(server: Server, *arguments: str, file: Path = RULES_FILE) -> list[dict[str, str]]:
    code, out, err = run(server, *arguments, "--formaat", "csv", file=file)
    assert code == 0, err
    return list(csv.DictReader(io.StringIO(out)))


def days(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Returns for each alarm the Dutch days on which it went off and ended."""
    return [(_day(one["actiefSinds"]), _day(one["hersteldOp"])) for one in found]


def _day(moment: str) -> str:
    return moment and datetime.fromisoformat(moment).astimezone(AMSTERDAM).date().isoformat()


def variant(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "regels.toml"
    assert old in SHIPPED
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return path


def test_ter_apel_was_above_its_maximum_on_the_days_that_the_news_tells(server: Server, tmp_path: Path) -> None:
    asked = ("--van", "2024-01-01", "--tot", "2024-10-01", "--regel", "boven-maximum")
    assert days(rows(server, *asked)) == [("2024-03-09", "")], "an old reading ends nothing"
    fresh = variant(
        tmp_path,
        'versBinnen = "78h"\nernst = "kritiek"\ngeenGegevens = "houd"',
        'versBinnen = "24h"\nernst = "kritiek"\ngeenGegevens = "alarm"',
    )
    found, *lacking = rows(server, *asked, file=fresh)
    assert (days([found]), found["uiterste"]) == ([("2024-03-09", "")], "463"), "what is not known ends nothing"
    assert {(one["regel"], one["voorRegel"]) for one in lacking} == {("te-weinig-gegevens", "boven-maximum")}
    ends = [began for began, _ in days(lacking)]
    known = [*zip((ended for _, ended in days(lacking)), ends[1:], strict=False)]
    assert known == [
        ("2024-03-09", "2024-03-12"),
        ("2024-03-15", "2024-03-17"),
        ("2024-03-29", "2024-03-31"),
        ("2024-04-20", "2024-04-22"),
        ("2024-05-09", "2024-05-10"),
        ("2024-06-11", "2024-06-12"),
        ("2024-09-10", "2024-09-12"),
    ]
    assert {one["onderwerpNaam"] for one in [found, *lacking]} == {"Aanmeldcentrum Ter Apel"}


def test_a_moment_in_the_past_knows_what_was_known_then(server: Server) -> None:
    asked = ("--van", "2024-01-01", "--tot", "2024-06-01", "--regel", "boven-maximum", "--bekend-op", "2024-03-15")
    (found,) = rows(server, *asked)
    assert (found["waarde"], found["uiterste"]) == ("2", "42"), "the 166 of 15 March was in the papers of the 16th"


def test_the_threshold_that_clears_keeps_it_from_flapping(server: Server, tmp_path: Path) -> None:
    asked = ("--van", "2024-01-01", "--tot", "2025-12-01", "--regel", "locatie-bezetting")
    assert days(rows(server, *asked)) == [("2024-03-09", "")]
    plain = variant(tmp_path, "drempel = 1.0\nwisdrempel = 0.98\n", "drempel = 1.0\n")
    assert days(rows(server, *asked, file=plain)) == [("2024-03-09", "2025-08-18"), ("2025-09-09", "")]


def test_of_a_country_of_which_one_locatie_reports_no_alarm_goes_off(server: Server) -> None:
    code, out, _ = run(server, "--van", "2024-01-01", "--regel", "landelijke-bezetting", "--formaat", "json")
    found = orjson.loads(out)
    (lacking,) = found["alarmen"]
    assert (code, found["regels"][0]["aantal"]) == (0, 0)
    assert (lacking["regel"], lacking["voorRegel"]) == ("te-weinig-gegevens", "landelijke-bezetting")
    assert (lacking["actiefSinds"], lacking["hersteldOp"], lacking["waarde"]) == (found["van"], None, None)


def test_people_see_tables_and_a_time_line_in_eighty_columns(server: Server, tmp_path: Path) -> None:
    svg = tmp_path / "toets.svg"
    code, out, err = run(server, "--van", "2024-01-01", "--tot", "2025-12-01", "--svg", str(svg))
    assert code == 0, err
    drawn, _, told = out.partition("Elk teken is")
    assert max(map(len, drawn.splitlines()[2:])) <= 80
    assert "  Aanmeldcentrum Ter Ap… ····" in drawn
    assert "  2 keer afgegaan, samen 610 dagen, de langste 527 dagen" in told.splitlines()
    rows = [re.split(" {2,}", line) for line in told.splitlines()]
    assert ["9 mrt 2024 00:00", "18 aug 2025 00:00", "527 dagen", "2", "463"] in rows
    assert "Niet getoetst: stroom stil, want die gaat over wanneer berichten binnenkwamen" in told
    root = ET.parse(svg).getroot()
    assert "boven maximum: 2 keer afgegaan" in "".join(root.itertext())


def test_what_is_found_can_go_on_as_json(server: Server) -> None:
    asked = ("--van", "2023-01-01", "--tot", "2023-02-01")
    code, out, _ = run(server, *asked, "--formaat", "json")
    found = orjson.loads(out)
    assert (code, [one["voorRegel"] for one in found["alarmen"]], found["meer"]) == (0, ["landelijke-bezetting"], 0)
    assert {one["regel"] for one in found["nietTeToetsen"]} == {
        "stroom-stil",
        "tekort-in-zicht",
        "onder-opgave-binnen-halfjaar",
        "onder-opgave-binnen-jaar",
        "publicatie-achterhaald",
        "afwijking-van-publicatie",
        "onverwerkbaar",
        "achterstand",
    }
    _, out, _ = run(server, *asked, "--regel", "boven-maximum")
    assert "In deze tijd zou geen enkel alarm zijn afgegaan." in out


def test_what_is_wrong_is_said_before_anybody_is_asked(server: Server, tmp_path: Path) -> None:
    wrong = variant(
        tmp_path, 'grootheid = "stilte-van-locatie"\ndrempel = "', 'grootheid = "stilte-van-locatie"\ndrempel = "x'
    )
    code, _, err = run(server, file=wrong)
    line = SHIPPED.splitlines().index('grootheid = "stilte-van-locatie"') + 2
    where = f"Fout: {wrong}, regel {line}: [[regel]] 'locatie-zonder-gegevens', drempel: is geen duur; verwacht "
    assert (code, err.startswith(where)) == (2, True), err
    code, _, err = run(server, "--regel", "te-vol")
    assert (code, "staat geen regel te-vol; wel: landelijke-bezetting," in err) == (2, True)
    code, _, err = run(server, "--bekend-op", "2040-01-01")
    assert (code, "bekendOp: ligt in de toekomst" in err) == (2, True)
    (tmp_path / "regels.toml").write_bytes(b"\xff")
    assert run(server, file=tmp_path / "regels.toml")[0] == 2
    assert run(server, file=tmp_path / "nergens.toml")[0] == 2


def test_events_that_are_posted_count_at_once(server: Server) -> None:
    """Comes after the other tests of this server, because it adds a locatie."""
    more = [
        registered("LOC-NIEUW", "Nieuw", "GM0344"),
        places("LOC-NIEUW", 10, 10),
        reading("LOC-NIEUW", 12, "2026-02-01"),
    ]
    more.append(
        event("gebeurtenissen.ingetrokken", "LOC-NIEUW", "2026-03-01", gebeurtenisId=more[2]["id"], reden="fout")
    )
    assert server.post(more).status_code == 201
    asked = ("--van", "2026-01-01", "--tot", "2026-02-15", "--regel", "locatie-bezetting")
    assert {one["onderwerp"] for one in rows(server, *asked)} == {"LOC-TER-APEL"}
    then = rows(server, *asked, "--bekend-op", "2026-02-20")
    assert {one["onderwerp"]: one["waarde"] for one in then}["LOC-NIEUW"] == "1.2"
