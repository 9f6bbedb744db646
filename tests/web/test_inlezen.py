"""Bringing a file in on a page: it shows what the file would do, and sends exactly that."""

import tempfile
from typing import Any

import httpx
import orjson
import pytest

from services.dashboard.inlezen.proef import GEBEURTENISSEN_MAX, RIJEN_MAX
from services.importer.plan import maak_plannen
from services.importer.profiel import Omzetting, lees_namen, lees_profiel
from services.importer.vergelijk import VanServer
from services.web.addresses import FILE_BYTES_MAX
from tests.support.html_checker import html_errors
from tests.support.html_page import Page
from tests.support.inlees_help import FILE, TELLING, drop, events_of, profielen, send, telling, telling_xlsx, words
from tests.support.meld_help import WORLD, World
from tests.support.taal import odd_on_page
from tests.support.web_client import client_of

MIXED = telling(
    "LOC-UTRECHT;2026-05-25T23:00;280",
    "Aanmeldcentrum Ter Apel;2026-05-25T10:00;1900",
    "azc utrecht script;2026-05-20T10:00;311",
    "Het oude klooster;2026-05-25T23:00;12",
    "LOC-LEEG;2026-05-25T23:00;veel",
    "Totaal;;2503",
)


@pytest.fixture
def client(kept, folder):
    with client_of(World(kept, profielen=folder).app) as client:
        yield client


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files; it must be empty afterwards."""
    (tmp_path / "tijdelijk").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tijdelijk"))
    yield tmp_path / "tijdelijk"
    assert list((tmp_path / "tijdelijk").iterdir()) == []


def rows_of(answer: httpx.Response) -> dict[str, list[str]]:
    """Returns the cells after the place of each row of a file."""
    return {row[0]: row[1:] for row in Page(answer.text).rows if row and row[0].startswith(("rij ", "blad "))}


def test_every_row_says_what_it_would_do(client, folder, temporary):
    answer = drop(client, MIXED)
    assert answer.status_code == 200
    rows = rows_of(answer)
    assert set(rows) == {"rij 2", "rij 4", "rij 5", "rij 6"}, "what changes nothing is only counted"
    assert rows["rij 2"][0] == "Azc Utrecht <script> LOC-UTRECHT"
    assert "280 mensen aanwezig" in rows["rij 2"][1]
    assert "311 mensen aanwezig" in rows["rij 4"][1]
    assert "310 mensen aanwezig" in rows["rij 4"][2]
    assert "'Het oude klooster' is geen locatie die bekend is" in rows["rij 5"][0]
    assert "kolom C 'aanwezig': 'veel' is geen getal" in rows["rij 6"][0]
    said = words(answer)
    for part in ("2 geweigerd", "1 nieuw", "1 anders dan wat er staat", "1 staat er al zo", "1 naam wacht"):
        assert part in said
    assert "1 overgeslagen volgens het profiel" in said
    assert "2 geweigerde rijen gaan niet mee." in said
    assert "Verstuur 2 gebeurtenissen" in said
    assert {one["subject"] for one in events_of(answer)} == {"LOC-UTRECHT"}
    assert "locatie;Het oude klooster;\n" in (folder / "namen.csv").read_text(), "as the command keeps it"


def test_what_is_sent_is_what_was_shown_and_pressing_twice_is_harmless(writable, folder, temporary):
    with client_of(World(writable, profielen=folder).app) as client:
        tried = drop(client, MIXED)
        first, second = send(client, tried), send(client, tried)
        assert [one.status_code for one in (first, second)] == [303, 303]
        assert first.headers["location"] == "/inlezen?gedaan=ingelezen.2.0#gedaan"
        assert second.headers["location"] == "/inlezen?gedaan=ingelezen.0.2#gedaan"
        assert "2 gebeurtenissen opgeslagen." in words(client.get(first.headers["location"]))
        assert "0 gebeurtenissen opgeslagen; 2 waren al bekend." in words(client.get(second.headers["location"]))
        for sent in events_of(tried):
            stored = client.get(f"/v1/gebeurtenissen/{sent['id']}").json()
            assert {name: stored[name] for name in ("source", "subject", "time", "data")} == {
                name: sent[name] for name in ("source", "subject", "time", "data")
            }
        again = drop(client, MIXED)
        assert events_of(again) == [], "the same file twice sends nothing"
        assert "3 staan er al zo" in words(again)


class ByClient:
    """Asks a server as the command does, through the client of a test."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def post(self, path: str, body: bytes, content_type: str) -> httpx.Response:
        return self._client.post(path, content=body, headers={"content-type": content_type})

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self._client.get(path, params=parameters)


FILES = {
    FILE: MIXED,
    "nachttelling 1.xlsx": telling_xlsx("LOC-UTRECHT;2026-05-25T23:00;280", "LOC-LEEG;2026-05-25T23:00;0"),
    "nachttelling alleen fout.csv": telling("Niemand kent dit;2026-05-25T23:00;1"),
    "nachttelling leeg.csv": telling(),
    "plaatsen.csv": b"locatie;vanaf;plaatsen\nLOC-UTRECHT;2024-01-01;310\nLOC-LEEG;2026-01-01;40\n",
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_gives_the_same_events_by_the_page_and_over_http(client, folder, tmp_path, name):
    """Ids and all: the clock of this server stands still, so also where `time` is now."""
    (tmp_path / name).write_bytes(FILES[name])
    genoemd = lees_profiel(folder / ("plaatsen.toml" if name == "plaatsen.csv" else "nachttelling.toml"))
    server = VanServer(ByClient(client))  # type: ignore[arg-type]
    bron = Omzetting(genoemd, lees_namen(folder / "namen.csv", server.locaties()))
    (plan,) = maak_plannen(tmp_path / name, bron, server, cijfers=True)
    shown = drop(client, FILES[name], name)
    assert events_of(shown) == orjson.loads(orjson.dumps(plan.te_zenden))
    assert {row.plaats for row in plan.rijen if row.uitkomst != "gelijk"} == set(rows_of(shown))


def test_what_is_no_longer_in_a_whole_list_leads_to_its_retraction(client):
    answer = drop(client, FILES["plaatsen.csv"], "plaatsen.csv")
    links = [link for link in Page(answer.text).links() if "soort=intrekking" in link]
    assert {link.partition("over=")[2].partition("&")[0] for link in links} >= {"LOC-TER-APEL", "LOC-DICHT"}
    form = client.get(links[0])
    assert form.status_code == 200
    assert "Vanzelf wordt er niets ingetrokken" in words(answer)
    chosen = [one for one in Page(form.text).all("input") if one.get("type") == "radio" and "checked" in one]
    assert [one["value"] for one in chosen] == [links[0].rpartition("=")[2]]


def test_a_table_of_figures_is_refused_and_says_so(client):
    table = client.get("/v1/gemeenten", params={"formaat": "csv"})
    answer = drop(client, table.content, "gemeenten.csv")
    assert answer.status_code == 400
    assert "bevat cijfers die Opvangpeil uit gebeurtenissen afleidde" in words(answer)


WRONG: dict[str, tuple[bytes, str, str, str]] = {
    "een bestand dat niet past": (MIXED, "iets.csv", "", "Bij de naam iets.csv past geen profiel."),
    "een profiel dat er niet is": (MIXED, FILE, "anders", "Er is geen profiel 'anders'."),
    "een pad als profiel": (MIXED, FILE, "../profielen/nachttelling.toml", "Er is geen profiel"),
    "de naam van een ander profiel": (MIXED, FILE, "plaatsen", "is geen bestand van profiel plaatsen"),
    "een leeg bestand": (b"", FILE, "", f"{FILE} is leeg."),
    "een kapotte werkmap": (b"PK\x03\x04kapot", "nachttelling.xlsx", "", "nachttelling.xlsx is beschadigd"),
    "een pad als naam": (b"", "C:\\mijn map\\..\\nachttelling.csv", "", "Er is niets gedaan nachttelling.csv is leeg."),
    "een ander pad als naam": (b"", "../../etc/nachttelling.csv", "", "Er is niets gedaan nachttelling.csv is leeg."),
    "een kop die mist": (b"a;b\n1;2\n", FILE, "", f"{FILE} heeft nergens de kopregel van profiel nachttelling"),
    "te veel rijen": (
        telling(*["LOC-LEEG;2026-05-25T23:00;1"] * (RIJEN_MAX + 1)),
        FILE,
        "",
        f"{FILE} heeft meer dan 20.000 rijen. Lees het in met `opvangpeil importeer`",
    ),
    "te veel bytes": (b"x" * (FILE_BYTES_MAX + 1), FILE, "", f"{FILE} is groter dan 20 MB"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_file_stands_on_the_same_page(client, temporary, name):
    content, filename, profiel, said = WRONG[name]
    answer = drop(client, content, filename, profiel)
    assert answer.status_code == 400
    assert said in words(answer)
    assert "inlezen-" not in words(answer), "no name of our own"
    page = Page(answer.text)
    assert [one["name"] for one in page.all("input") if one.get("type") == "file"] == ["bestand"]
    assert [one for one in page.all("div") if one.get("id") == "fouten" and one.get("role") == "alert"]


def test_more_than_fits_is_refused_before_it_is_read(client, temporary):
    answer = drop(client, b"x" * (FILE_BYTES_MAX + FILE_BYTES_MAX // 10))
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert "Dit is groter dan hier past: een bestand is hoogstens 20 MB." in words(answer)
    sent = client.post("/inlezen/versturen", files={"gebeurtenissen": (None, b"x" * (9 * 1024 * 1024))})
    assert sent.status_code == 413


ODD: dict[str, dict[str, Any]] = {
    "niets": {},
    "een ander formulier": {"data": {"profiel": ""}},
    "geen grens": {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
    "twee bestanden": {"files": [("bestand", ("a.csv", b"1")), ("bestand", ("b.csv", b"2"))]},
    "een bestand zonder naam": {"files": {"bestand": ("", b"1")}},
    "een veld in plaats van een bestand": {"files": {"bestand": (None, b"1")}},
}


@pytest.mark.parametrize("path", ["/inlezen", "/inlezen/versturen"])
@pytest.mark.parametrize("name", ODD)
def test_a_form_that_is_none_is_refused_on_the_page(client, temporary, path, name):
    answer = client.post(path, **ODD[name])
    assert answer.status_code in (400, 415)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Er is niets gedaan" in words(answer)


def test_too_many_events_for_a_page_get_the_way_out(client):
    rows = [f"LOC-LEEG;2026-05-2{day}T{hour:02}:{minute:02}:{second:02};1" for day in (4,) for hour in range(1, 3)
            for minute in range(60) for second in range(0, 60, 3)]  # fmt: skip
    answer = drop(client, telling(*rows[: GEBEURTENISSEN_MAX + 1]))
    assert events_of(answer) == []
    assert "Dit zijn 2.001 gebeurtenissen. Een bladzijde verstuurt er hoogstens 2.000." in words(answer)
    assert "opvangpeil importeer" in words(answer)
    assert "De eerste 500 van 2.001 rijen." in words(answer)


def test_a_log_of_opvangpeil_itself_needs_no_profile(client):
    log = client.get("/v1/gebeurtenissen", params={"aantal": 1000, "formaat": "csv"})
    answer = drop(client, log.content, "export.csv")
    assert answer.status_code == 200, words(answer)
    assert events_of(answer) == []
    assert "Gelezen als logboek van Opvangpeil zelf." in words(answer)
    assert "Er is niets te versturen: alles staat er al zo." in words(answer)


def test_what_can_not_be_sent_now_can_be_sent_again(writable, folder):
    world = World(writable, profielen=folder)
    with client_of(world.app) as client:
        tried = drop(client, MIXED)
        world.log.away = True
        failed = send(client, tried)
        assert failed.status_code == 503
        assert "Retry-After" in failed.headers
        assert events_of(failed) == events_of(tried)
        assert "Wat u wilde versturen staat nog klaar." in words(failed)
        world.log.away = False
        assert send(client, failed).headers["location"] == "/inlezen?gedaan=ingelezen.2.0#gedaan"


def test_what_is_refused_when_it_is_sent_says_why_and_stores_nothing(writable, folder):
    world = World(writable, profielen=folder)
    with client_of(world.app) as client:
        events = events_of(drop(client, MIXED))
        used = next(one["id"] for one in WORLD)
        for body, status, said in (
            (orjson.dumps([events[0], events[1] | {"id": used}]), 409, "Gebeurtenis 2: id "),
            (orjson.dumps([events[0] | {"subject": "x"}, events[1]]), 400, "Gebeurtenis 1: subject"),
            (b"[", 400, "Er is niets gedaan"),
        ):
            answer = client.post("/inlezen/versturen", files={"gebeurtenissen": (None, body)})
            assert (answer.status_code, said in words(answer)) == (status, True), words(answer)
        assert world.log.messages == []


def test_a_profile_that_can_not_be_read_is_told_and_the_others_work(kept, folder):
    profielen(folder, stuk="versie = 'een'", nachttelling=TELLING, tweede=TELLING)
    with client_of(World(kept, profielen=folder).app) as client:
        said = words(client.get("/inlezen"))
        assert "stuk.toml, regel 1" in said
        answer = drop(client, MIXED)
        assert answer.status_code == 400
        assert "passen 2 profielen: nachttelling, tweede. Kies er een." in words(answer)
        assert drop(client, MIXED, profiel="tweede").status_code == 200


@pytest.mark.parametrize("lacks", ["sends", "profielen"])
def test_a_process_that_can_not_bring_files_in_says_so(kept, folder, lacks):
    with client_of(
        World(kept, sends=lacks != "sends", profielen=None if lacks == "profielen" else folder).app
    ) as client:
        assert "Inlezen kan hier niet" in words(client.get("/inlezen"))
        for answer in (drop(client, MIXED), client.post("/inlezen/versturen", files={"gebeurtenissen": (None, b"[]")})):
            assert answer.status_code == 503
            assert "Inlezen kan hier niet" in words(answer)


def test_without_profiles_it_says_how_to_make_one(kept, tmp_path):
    with client_of(World(kept, profielen=tmp_path).app) as client:
        assert "opvangpeil profiel maak BESTAND" in words(client.get("/inlezen"))


def test_every_page_speaks_dutch_in_one_way_and_is_good_html(client, folder):
    (folder / "namen.csv").write_text("soort;naam;id\nlocatie;Wacht;\nlocatie;De Straat;LOC-UTRECHT\n")
    shown = {
        "leeg": client.get("/inlezen"),
        "proef": drop(client, MIXED),
        "lijst": drop(client, FILES["plaatsen.csv"], "plaatsen.csv"),
        "kapot": drop(client, b"PK\x03\x04kapot", "nachttelling.xlsx"),
        "namen": client.get("/namen"),
        "gedaan": client.get("/namen?gedaan=bevestigd.1&zoek=niets"),
    }
    odd = {name: list(dict.fromkeys(odd_on_page(answer.text))) for name, answer in shown.items()}
    assert odd == {name: [] for name in shown}
    assert html_errors({name: answer.text for name, answer in shown.items()}) == []


def test_the_country_stands_first_among_the_figures_that_change(client):
    rows = Page(drop(client, FILES["plaatsen.csv"], "plaatsen.csv").text).rows
    figures = rows[rows.index(["Over", "Cijfer", "Nu", "Straks"]) + 1 :]
    assert figures[0][0] == "Nederland"
    assert ["Azc Utrecht <script>", "Plaatsen", "300", "310"] in figures
