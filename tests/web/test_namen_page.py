"""The page of the names in files: which wait, with proposals, and a person who says which each is."""

import pytest

from services.dashboard.inlezen.proef import NAMEN_MAX
from services.importer.profiel import lees_namen
from tests.support.html_page import Page
from tests.support.inlees_help import drop, events_of, profielen, telling, words
from tests.support.meld_help import World
from tests.support.web_client import client_of


@pytest.fixture
def folder(tmp_path):
    return profielen(tmp_path)


@pytest.fixture
def client(kept, folder):
    with client_of(World(kept, profielen=folder).app) as client:
        yield client


def asked(**fields: str) -> dict[str, str]:
    return {name.replace("_", "."): value for name, value in fields.items()}


def test_a_name_that_waits_is_confirmed_once_and_then_every_file_knows(client, folder):
    file = telling("Asielcentrum Utrecht script;2026-05-26T01:00;280", "Gemeentehuis;2026-05-26T01:00;1")
    tried = drop(client, file)
    assert events_of(tried) == []
    for page in (Page(tried.text), Page(client.get("/namen").text)):
        radios = [one for one in page.all("input") if one.get("type") == "radio"]
        assert "LOC-UTRECHT" in {one["value"] for one in radios if one["name"] == "id.0"}
        assert [one["value"] for one in radios if "checked" in one and one["name"] == "id.0"] == [""], (
            "nothing is guessed"
        )
    answer = client.post(
        "/namen",
        data=asked(
            soort_0="locatie",
            naam_0="Asielcentrum Utrecht script",
            id_0="LOC-UTRECHT",
            anders_0="",
            soort_1="locatie",
            naam_1="Gemeentehuis",
            anders_1="",
        ),
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/namen?gedaan=bevestigd.1#gedaan")
    page = words(client.get(answer.headers["location"]))
    assert "1 naam bevestigd. Lees het bestand nu nog eens in." in page
    assert "Wachten 1" in page
    assert [one["subject"] for one in events_of(drop(client, file))] == ["LOC-UTRECHT"]
    assert lees_namen(folder / "namen.csv").tabel == {
        ("locatie", "Asielcentrum Utrecht script"): "LOC-UTRECHT",
        ("locatie", "Gemeentehuis"): "",
    }


WRONG = {
    "niets gekozen": ({"id_0": "", "anders_0": " "}, 400, "Kies bij minstens één naam wat die is."),
    "geen id": ({"anders_0": "Utrecht"}, 400, "'UTRECHT' is geen id van een locatie; zo'n id is bijvoorbeeld LOC-12."),
    "een gemeente die er niet is": (
        {"soort_0": "gemeente", "anders_0": "gm9999"},
        400,
        "'GM9999' is geen bekende gemeente.",
    ),
    "geen soort": ({"soort_0": "dorp", "anders_0": "LOC-1"}, 400, "Het formulier zegt niet om welke naam het gaat."),
    "intussen iets anders": (
        {"naam_0": "Bekend", "anders_0": "LOC-LEEG"},
        409,
        "'Bekend' is intussen al bevestigd als LOC-UTRECHT.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, folder, name):
    fields, status, said = WRONG[name]
    table = "soort;naam;id\nlocatie;Bekend;LOC-UTRECHT\n"
    (folder / "namen.csv").write_text(table)
    both = {"soort_0": "locatie", "naam_0": "Huis", "soort_1": "gemeente", "naam_1": "Drop", "id_1": "GM0344"}
    answer = client.post(
        "/namen",
        data=asked(**({} if name == "niets gekozen" else both) | {"soort_0": "locatie", "naam_0": "Huis"} | fields),
    )
    assert answer.status_code == status
    assert said in words(answer)
    assert (folder / "namen.csv").read_text() == table
    if status == 400 and name in ("geen id", "een gemeente die er niet is"):
        filled = {one["name"]: one.get("value") for one in Page(answer.text).all("input") if one.get("type") == "text"}
        assert filled["anders.0"] == fields["anders_0"].upper(), "what was filled in is still there"


def test_a_table_that_can_not_be_written_is_told_without_the_folder(client, folder):
    (folder / ".namen.csv.nieuw").mkdir()
    tried = drop(client, telling("Gemeentehuis;2026-05-26T01:00;1"))
    assert tried.status_code == 200
    answer = client.post("/namen", data=asked(soort_0="locatie", naam_0="Gemeentehuis", anders_0="LOC-LEEG"))
    assert answer.status_code == 400
    for one in (tried, answer):
        assert "namen.csv is niet te schrijven: is een map." in words(one)
        assert str(folder) not in one.text


def test_a_table_that_can_not_be_read_is_told_on_both_pages(client, folder):
    (folder / "namen.csv").write_text("soort;naam;id\ndorp;x;y\n")
    for answer in (client.get("/namen"), drop(client, telling("LOC-LEEG;2026-05-26T01:00;1"))):
        assert "namen.csv, regel 2: verwacht soort;naam;id" in words(answer)


def test_confirmed_names_can_be_searched_and_many_names_come_in_turn(client, folder):
    rows = ["gemeente;Mokum;GM0363", "locatie;De Straat;LOC-UTRECHT", "locatie;Later;LOC-LATER"]
    rows += [f"locatie;Onbekend {n};" for n in range(NAMEN_MAX + 7)]
    (folder / "namen.csv").write_text("\n".join(["soort;naam;id", *rows, ""]))
    page = client.get("/namen")
    assert f"Wachten {NAMEN_MAX + 7}" in words(page)
    assert "En nog 7 namen" in words(page)
    assert [row[0] for row in Page(page.text).rows[1:]] == ["Mokum", "De Straat", "Later"]
    assert "nog niet geregistreerd" in words(page)
    for sought, found in (
        ("amsterdam", ["Mokum"]),
        ("loc-utr", ["De Straat"]),
        ("straat", ["De Straat"]),
        ("niets", []),
    ):
        shown = Page(client.get("/namen", params={"zoek": sought}).text)
        assert [row[0] for row in shown.rows[1:]] == found


def test_a_process_that_reads_no_files_says_so(kept):
    with client_of(World(kept).app) as client:
        assert "Namen bevestigen kan hier niet" in words(client.get("/namen"))
        answer = client.post("/namen", data=asked(soort_0="locatie", naam_0="x", anders_0="LOC-LEEG"))
        assert answer.status_code == 503
