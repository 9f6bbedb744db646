"""The form for reporting by hand: its fields, its errors, and its warnings about likely mistakes."""

import re
from contextlib import ExitStack

import pytest

from services.dashboard.meldformulier import STANDAARD_SOURCE
from services.store.connect import Connection
from services.store.store import Store
from tests.support.html_checker import html_errors
from tests.support.meld_help import ACCESS, CAPACITY, LATER, READING, WORLD, Form, World, fresh, look
from tests.support.web_client import client_of
from tests.support.web_events import EVENTS, SOURCE, registered


@pytest.fixture(scope="module")
def kept(chdb_folder, fill):
    """A store that no test in this file writes to."""
    with fresh(chdb_folder, WORLD, fill) as store:
        yield store


@pytest.fixture
def client(kept):
    with client_of(World(kept).app) as client:
        yield client


@pytest.fixture
def filled(chdb_folder, fill):
    """A store with the same events, for a test that writes to it."""
    with fresh(chdb_folder, WORLD, fill) as store:
        yield store


@pytest.fixture
def of_these(chdb_folder, fill):
    """Makes a store of these events."""
    with ExitStack() as held:
        yield lambda events: held.enter_context(fresh(chdb_folder, events, fill))


WRONG = {
    "niets ingevuld": ({"soort": "bezetting"}, {"locatie", "peilmoment", "aanwezig"}),
    "geen getal": (READING | {"aanwezig": "1.234"}, {"aanwezig"}),
    "te groot": (READING | {"aanwezig": "9" * 90}, {"aanwezig"}),
    "negatief": (READING | {"aanwezig": "-1"}, {"aanwezig"}),
    "geen moment": (READING | {"peilmoment": "2026-02-30T10:00"}, {"peilmoment"}),
    "te vroeg": (READING | {"peilmoment": "1999-01-01T10:00"}, {"peilmoment"}),
    "locatie niet gevonden": (READING | {"locatie": "nergens"}, {"locatie"}),
    "meer dan een locatie": (READING | {"locatie": "azc"}, {"locatie"}),
    "geen source": (READING | {"source": "coa"}, {"source"}),
    "onzichtbare tekens": (READING | {"bron": "a\u202eb"}, {"bron"}),
    "geen plaatsen": ({k: v for k, v in CAPACITY.items() if k != "regulier"}, {"regulier"}),
    "meer inzetbaar dan er zijn": (CAPACITY | {"nood": "5", "noodInzetbaar": "6"}, {"noodInzetbaar"}),
    "alleen inzetbaar": (CAPACITY | {"amvInzetbaar": "6"}, {"amv"}),
    "einde voor begin": (CAPACITY | {"geldigTot": "2026-05-01T00:00"}, {"geldigTot"}),
    "geen regime": (ACCESS | {"regime": "halfopen"}, {"regime"}),
    "te lange reden": (ACCESS | {"reden": "x" * 301}, {"reden"}),
    "geen reden, geen id": ({"soort": "intrekking", "locatie": "LOC-UTRECHT"}, {"andere", "reden"}),
    "alles tegelijk": (
        CAPACITY | {"locatie": "x", "geldigVanaf": "ooit", "regulier": "veel", "bron": " \n", "source": "?"},
        {"locatie", "geldigVanaf", "regulier", "source"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_is_told_beside_its_field(client, name):
    fields, wrong = WRONG[name]
    page = look(client, fields)
    assert page.faults == wrong
    assert page.hidden is None
    ids = {found.get("id") for _, found in page.elements}
    by_id = {found["id"]: found for _, found in page.elements if "aria-invalid" in found}
    assert by_id.keys() == wrong
    for veld, found in by_id.items():
        assert f"{veld}-fout" in found["aria-describedby"].split()
        assert set(found["aria-describedby"].split()) <= ids
    (summary,) = (found for _, found in page.elements if found.get("id") == "fouten")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert "autofocus" in summary


SLIPS = {
    "in de toekomst": (READING | {"peilmoment": LATER}, "ligt in de toekomst (1 jun 2026 10:00)"),
    "lang geleden": (READING | {"peilmoment": "2026-05-25T09:59"}, "meer dan 24 uur geleden"),
    "veel te veel": (READING | {"aanwezig": "436"}, "436 is meer dan anderhalf keer de 290 inzetbare plaatsen"),
    "veel plaatsen": (CAPACITY | {"regulier": "451"}, "451 plaatsen is meer dan anderhalf keer de 300 van nu"),
    "gesloten": (READING | {"locatie": "LOC-DICHT"}, "Deze locatie is gesloten"),
    "niet geregistreerd": (READING | {"locatie": "LOC-NIEUW"}, "Deze locatie is niet geregistreerd"),
    "onbekend": (READING | {"locatie": "LOC-WEG"}, "Van LOC-WEG is niets bekend, of u mag het niet zien"),
    "twee keer die nacht": (READING | {"peilmoment": "2025-10-26T02:30"}, "02:30 is er die nacht twee keer"),
    "niet die nacht": (READING | {"peilmoment": "2026-03-29T02:30"}, "02:30 bestaat die nacht niet"),
    "geen gebeurtenis": (
        {
            "soort": "intrekking",
            "locatie": "LOC-UTRECHT",
            "andere": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
            "reden": "x",
        },
        "Er is geen gebeurtenis met dit id te zien",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_what_looks_like_a_slip_is_told_and_may_be_sent(client, name):
    fields, told = SLIPS[name]
    page = look(client, fields)
    assert told in page.text
    assert page.hidden is not None
    clean = look(client, READING)
    assert "Kijk dit na" not in clean.text


def test_a_reading_begins_at_the_present_moment(client):
    page = Form(client.get("/melden").text)
    assert page.forms[-1]["peilmoment"] == "2026-05-26T10:00:00"
    assert client.get("/melden", params={"geldigOp": "2025-01-01", "soort": "toegang"}).headers["location"] == (
        "/melden?soort=toegang"
    )


def test_part_of_a_name_finds_a_locatie(client):
    assert look(client, READING | {"locatie": "ter apel"}).hidden["locatie"] == "LOC-TER-APEL"
    assert look(client, READING | {"locatie": "loc-utrecht"}).hidden["locatie"] == "LOC-UTRECHT"
    several = look(client, READING | {"locatie": "azc"})
    links = [found["href"] for tag, found in several.elements if tag == "a" and "aanwezig=280" in found["href"]]
    assert [re.search("LOC-[A-Z]+", link)[0] for link in links] == ["LOC-LEEG", "LOC-UTRECHT"]


def test_of_very_many_locaties_none_is_listed(of_these):
    store = of_these([registered(f"LOC-{n}", f"Azc {n}", "GM0344") for n in range(501)])
    with client_of(World(store).app) as client:
        answer = client.get("/melden")
        assert "<datalist" not in answer.text
        assert len(answer.content) < 12_000
        assert len(look(client, READING | {"locatie": "azc"}).text) < 3_000
        assert look(client, READING | {"locatie": "azc 500"}).hidden["locatie"] == "LOC-500"


def test_events_to_retract_are_offered_with_what_they_said(filled):
    with client_of(World(filled).app) as client:
        page = Form(client.get("/melden", params={"soort": "intrekking", "locatie": "LOC-TER-APEL"}).text)
        for said in (
            "1.900 aanwezig op 25 mei 2026 10:00",
            "toegang gecontroleerd vanaf 1 mei 2026",
            "maximum 2.000 vanaf 22 feb 2024",
            "plaatsen vanaf 1 jan 2024: 2.000 regulier",
            "geregistreerd als aanmeldcentrum in GM1950 vanaf 1 jan 2024: Aanmeldcentrum Ter Apel",
        ):
            assert said in page.text
        target = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 1900)
        fields = {"soort": "intrekking", "locatie": "LOC-TER-APEL", "reden": "dubbel geteld", "gebeurtenis": target}
        checked = look(client, fields)
        assert checked.hidden["source"] == SOURCE
        client.post("/melden", data=checked.hidden)
        again = look(client, fields)
        assert not [found for _, found in again.elements if found.get("value") == target and found["type"] == "radio"]
        assert "Die zei: 1.900 aanwezig" in again.text
        assert "Hierdoor verandert geen enkel cijfer" in again.text
        elsewhere = look(client, fields | {"locatie": "LOC-UTRECHT"})
        assert elsewhere.faults == {"andere"}
        assert "gaat over LOC-TER-APEL, niet over LOC-UTRECHT" in elsewhere.text
        own = look(client, fields | {"andere": checked.hidden["id"]})
        assert "Dit is zelf een intrekking" in own.text


def test_without_a_way_in_the_page_says_where_there_is_one(kept):
    with client_of(World(kept, sends=False).app) as client:
        page = Form(client.get("/melden").text)
        assert "Zet OPVANGPEIL_KAFKA voor deze dienst" in page.text
        assert page.hidden is None
        assert "locatie" not in {found.get("name") for _, found in page.elements}
        answer = client.post("/melden", data=READING)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_without_a_store_it_says_so():
    away = Store(Connection("clickhouse://127.0.0.1:9/opvang"))
    with client_of(World(away).app) as client:
        assert client.get("/melden").status_code == 503


def test_what_others_wrote_is_text(of_these):
    name = "\"><script>alert('x')</script> مأوى"
    store = of_these([registered("LOC-A", name, "GM0344")])
    with client_of(World(store).app) as client:
        evil = {"bron": name, "reden": name}
        page = look(client, ACCESS | {"locatie": "LOC-A"} | evil)
        assert page.rows[name, "Toegang"] == ["onbekend", "beperkt", "ja"]
        assert page.hidden["reden"] == name
        pages = [page, look(client, ACCESS | {"locatie": name}), look(client, ACCESS | {"regime": name})]
        assert [found for one in pages for tag, found in one.elements if tag == "script" and "src" not in found] == []
        client.post("/melden", data=page.hidden)
        (logged,) = client.get("/v1/gebeurtenissen", params={"bron": STANDAARD_SOURCE}).json()["items"]
        assert logged["data"]["reden"] == name


def test_it_is_html(client):
    asked = [WRONG[name][0] for name in ("alles tegelijk", "alleen inzetbaar", "geen regime", "geen reden, geen id")]
    asked += [SLIPS[name][0] for name in ("veel te veel", "onbekend", "geen gebeurtenis")] + [CAPACITY, ACCESS]
    pages = {str(fields): client.get("/melden", params=fields | {"controleer": "ja"}).text for fields in asked}
    pages["klaar"] = client.get(f"/melden/klaar?id={EVENTS[0]['id']}&locatie=LOC-A&status=202").text
    assert html_errors(pages) == []
    for name, text in pages.items():
        page = Form(text)
        labels = {found["for"] for tag, found in page.elements if tag == "label"}
        fields = {found["id"] for tag, found in page.elements if tag in ("input", "select") and "id" in found}
        assert labels == fields, name
        ids = [found["id"] for _, found in page.elements if "id" in found]
        assert len(ids) == len(set(ids)), name
