"""The form for reporting by hand: its fields, its errors, and its warnings about likely mistakes."""

import re
from contextlib import ExitStack

import pytest

from services.dashboard.melden.vraag import STANDAARD_SOURCE
from services.store.connect import Connection
from services.store.store import Store
from tests.support.html_checker import html_errors
from tests.support.meld_help import ACCESS, CAPACITY, LATER, MAXIMUM, READING, TASK, Form, World, fresh, look
from tests.support.web_client import client_of
from tests.support.web_events import EVENTS, SOURCE, registered


@pytest.fixture
def client(kept):
    with client_of(World(kept).app) as client:
        yield client


@pytest.fixture
def of_these(chdb_folder, fill):
    """Makes a store of these events."""
    with ExitStack() as held:
        yield lambda events: held.enter_context(fresh(chdb_folder, events, fill))


WRONG = {
    "niets ingevuld": ({"soort": "bezetting"}, {"over", "data.peilmoment", "data.aanwezig"}),
    "geen getal": (READING | {"data.aanwezig": "1.23"}, {"data.aanwezig"}),
    "te groot": (READING | {"data.aanwezig": "9" * 90}, {"data.aanwezig"}),
    "negatief": (READING | {"data.aanwezig": "-1"}, {"data.aanwezig"}),
    "geen moment": (READING | {"data.peilmoment": "2026-02-30", "data.peilmoment.tijd": "10:00"}, {"data.peilmoment"}),
    "geen tijd": (READING | {"data.peilmoment": "2026-02-20", "data.peilmoment.tijd": "laat"}, {"data.peilmoment"}),
    "geen dag": (READING | {"data.peilmoment": "", "data.peilmoment.tijd": "10:00"}, {"data.peilmoment"}),
    "te vroeg": (READING | {"data.peilmoment": "1999-01-01"}, {"data.peilmoment"}),
    "locatie niet gevonden": (READING | {"over": "nergens"}, {"over"}),
    "meer dan een locatie": (READING | {"over": "azc"}, {"over"}),
    "een gemeente": (READING | {"over": "GM0344"}, {"over"}),
    "geen source": (READING | {"source": "coa"}, {"source"}),
    "onzichtbare tekens": (READING | {"data.bron": "a\u202eb"}, {"data.bron"}),
    "geen plaatsen": (
        {k: v for k, v in CAPACITY.items() if not k.startswith("data.plaatsen")},
        {"data.plaatsen.regulier.aantal"},
    ),
    "meer inzetbaar dan er zijn": (
        CAPACITY | {"data.plaatsen.nood.aantal": "5", "data.plaatsen.nood.inzetbaar": "6"},
        {"data.plaatsen.nood.inzetbaar"},
    ),
    "alleen inzetbaar": (CAPACITY | {"data.plaatsen.amv.inzetbaar": "6"}, {"data.plaatsen.amv.aantal"}),
    "er pas later": (
        CAPACITY | {"data.plaatsen.nood.aantal": "6", "data.plaatsen.nood.beschikbaarVanaf": "2026-06-01"},
        {"data.plaatsen.nood.beschikbaarVanaf"},
    ),
    "einde voor begin": (CAPACITY | {"data.geldigTot": "2026-05-01"}, {"data.geldigTot"}),
    "geen regime": (ACCESS | {"data.regime": "halfopen"}, {"data.regime"}),
    "te lange reden": (ACCESS | {"data.reden": "x" * 301}, {"data.reden"}),
    "geen reden, geen id": ({"soort": "intrekking", "over": "LOC-UTRECHT"}, {"data.gebeurtenisId", "data.reden"}),
    "geen gemeente": (
        TASK | {"soort": "overdracht", "data.naar": "bergen", "data.aantal": "5"},
        {"data.naar"},
    ),
    "geen cyclus": (TASK | {"data.cyclus": "de tweede"}, {"data.cyclus"}),
    "meer amv dan alles": (TASK | {"data.waarvanAmv": "91"}, {"data.waarvanAmv"}),
    "geen soort die meetelt": (
        {
            "soort": "cyclus",
            "over": "2026",
            "data.geldigVanaf": "2026-07-01",
            "data.raming": "90.000",
            "data.beschikbaarTotMinstens": "2027-01-01",
        },
        {"data.meetellendeSoorten"},
    ),
    "twee keer hetzelfde cijfer": (
        {
            "soort": "cijfers",
            "over": "Nederland",
            "data.bron": "x",
            "data.peildatum": "2026-01-01",
            "data.cijfers.0.grootheid": "aanwezig",
            "data.cijfers.0.waarde": "1",
            "data.cijfers.2.grootheid": "Aanwezig",
            "data.cijfers.2.waarde": "2,5",
        },
        {"data.cijfers.2.grootheid"},
    ),
    "alles tegelijk": (
        CAPACITY
        | {
            "over": "x",
            "data.geldigVanaf": "ooit",
            "data.plaatsen.regulier.aantal": "veel",
            "data.bron": " \n",
            "source": "?",
        },
        {"over", "data.geldigVanaf", "data.plaatsen.regulier.aantal", "source"},
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
    assert not re.search(r"\b(geldigTot|geldigVanaf|beschikbaarVanaf|waarvanAmv|nogMinstensMaanden)\b", page.text)
    assert by_id.keys() == wrong
    for veld, found in by_id.items():
        assert f"{veld}-fout" in found["aria-describedby"].split()
        assert set(found["aria-describedby"].split()) <= ids
    (summary,) = (found for _, found in page.elements if found.get("id") == "fouten")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert "autofocus" in summary


SLIPS = {
    "in de toekomst": (READING | {"data.peilmoment": LATER}, "ligt in de toekomst (1 jun 2026 10:00)"),
    "lang geleden": (READING | {"data.peilmoment": "2026-05-25T09:59"}, "meer dan 24 uur geleden"),
    "veel te veel": (READING | {"data.aanwezig": "436"}, "436 is meer dan anderhalf keer de 290 inzetbare plaatsen"),
    "veel plaatsen": (
        CAPACITY | {"data.plaatsen.regulier.aantal": "451"},
        "451 plaatsen is meer dan anderhalf keer de 300 van nu",
    ),
    "gesloten": (READING | {"over": "LOC-DICHT"}, "Deze locatie is gesloten"),
    "niet geregistreerd": (READING | {"over": "LOC-NIEUW"}, "Deze locatie is niet geregistreerd"),
    "onbekend": (READING | {"over": "LOC-WEG"}, "Van LOC-WEG is niets bekend, of u mag het niet zien"),
    "twee keer die nacht": (
        READING | {"data.peilmoment": "2025-10-26", "data.peilmoment.tijd": "02:30"},
        "02:30 is er die nacht twee keer",
    ),
    "niet die nacht": (READING | {"data.peilmoment": "2026-03-29T02:30"}, "02:30 bestaat die nacht niet"),
    "boven het maximum": (
        {
            "soort": "maximum",
            "over": "LOC-TER-APEL",
            "data.geldigVanaf": "2026-05-26",
            "data.maximum": "1.800",
            "data.grondslag": "uitspraak",
        },
        "Volgens de laatste telling zijn er 1.900 mensen: meer dan dit maximum",
    ),
    "mensen in wat sluit": (
        {"soort": "sluiting", "over": "LOC-UTRECHT", "data.geldigVanaf": "2026-05-26"},
        "Volgens de laatste telling zijn er 310 mensen. Na de sluiting tellen zij apart",
    ),
    "veel grotere opgave": (TASK | {"data.opgave": "9.690"}, "9.690 plaatsen is meer dan anderhalf keer de 969 van nu"),
    "plaatsen die er niet zijn": (
        {
            "soort": "overdracht",
            "over": "Groningen",
            "data.cyclus": "2024",
            "data.naar": "Almere",
            "data.aantal": "20",
            "data.geldigVanaf": "2026-01-01",
        },
        "20 plaatsen zijn zo toegezegd zonder dat ze er zijn",
    ),
    "termijn voorbij": (
        {
            "soort": "toezichtstap",
            "over": "GM0344",
            "data.stap": "brief",
            "data.gezetOp": "2026-01-01",
            "data.termijn": "2026-02-01",
            "data.toezichthouder": "minister",
        },
        "De termijn is al voorbij",
    ),
    "een andere provincie": (
        {
            "soort": "toezichtstap",
            "over": "GM0344",
            "data.stap": "brief",
            "data.gezetOp": "2026-01-01",
            "data.toezichthouder": "PV20",
        },
        "De gemeente ligt niet in de provincie Groningen. Klopt de toezichthouder?",
    ),
    "termijn bij het einde": (
        {
            "soort": "toezichtstap",
            "over": "GM0344",
            "data.stap": "beëindigd",
            "data.gezetOp": "2026-01-01",
            "data.termijn": "2026-08-01",
        },
        "Bij het einde van het toezicht hoort geen termijn.",
    ),
    "geen termijn": (
        {"soort": "toezichtstap", "over": "GM0344", "data.stap": "brief", "data.gezetOp": "2026-02-26 16:30"},
        "Er staat geen termijn bij. Gewoonlijk is die 42 dagen: tot en met 9 apr 2026.",
    ),
    "buiten de volgorde": (
        {"soort": "toezichtstap", "over": "GM0344", "data.stap": "uitvoering", "data.gezetOp": "2026-01-01"},
        "Buiten de volgorde: het toezicht begint met een brief, niet met de uitvoering.",
    ),
    "geen gebeurtenis": (
        {
            "soort": "intrekking",
            "over": "LOC-UTRECHT",
            "data.gebeurtenisId.ander": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
            "data.reden": "x",
        },
        "Er is geen melding met dit id te zien",
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


def test_the_form_of_a_step_tells_the_usual_terms_and_what_more_changes(client):
    begin = client.get("/melden", params={"soort": "toezichtstap", "over": "GM0344"}).text
    assert "Gewoonlijk na zoveel dagen: brief 42, ambtelijk gesprek 28," in begin
    shown = look(client, SLIPS["geen termijn"][0]).text
    assert "Toezicht in Nederland Onder toezicht" in shown
    assert "alleen de cijfers van de gemeente" not in shown


def test_a_reading_begins_at_the_present_moment(client):
    page = Form(client.get("/melden", params={"soort": "bezetting", "over": "LOC-UTRECHT"}).text)
    assert (page.asks["data.peilmoment"], page.asks["data.peilmoment.tijd"]) == ("2026-05-26", "10:00")
    assert client.get("/melden", params={"geldigOp": "2025-01-01", "soort": "toegang"}).headers["location"] == (
        "/melden?soort=toegang"
    )


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        ("2026-05-26", "09:30", "2026-05-26T07:30:00Z"),
        ("26-05-2026", "9:30", "2026-05-26T07:30:00Z"),
        ("26/5/2026", "09.30", "2026-05-26T07:30:00Z"),
        ("26-05-2026", "", "2026-05-25T22:00:00Z"),
        ("2026-05-26T09:30", "", "2026-05-26T07:30:00Z"),
        ("2026-05-26T07:30:00Z", "", "2026-05-26T07:30:00Z"),
    ],
)
def test_a_day_and_a_time_are_read_as_people_write_them(client, day, clock, moment):
    page = look(client, READING | {"data.peilmoment": day, "data.peilmoment.tijd": clock})
    assert page.hidden["data.peilmoment"] == moment


@pytest.mark.parametrize(("typed", "told"), [("2104", "2.104"), ("2.104", "2.104"), ("10", "10")])
def test_a_number_is_read_as_people_write_it(client, typed, told):
    assert look(client, READING | {"data.aanwezig": typed}).rows["Azc Utrecht <script>", "Aanwezig"][1] == told


def test_part_of_a_name_finds_a_locatie(client):
    assert look(client, READING | {"over": "ter apel"}).hidden["over"] == "LOC-TER-APEL"
    assert look(client, READING | {"over": "loc-utrecht"}).hidden["over"] == "LOC-UTRECHT"
    assert look(client, READING | {"over": "Azc Utrecht <script> (LOC-UTRECHT)"}).hidden["over"] == "LOC-UTRECHT"
    several = look(client, READING | {"over": "azc"})
    links = [link for link in several.links() if "aanwezig=280" in link]
    assert [re.search("LOC-[A-Z]+", link)[0] for link in links] == ["LOC-LEEG", "LOC-UTRECHT"]


def test_of_very_many_locaties_none_is_listed(of_these):
    store = of_these([registered(f"LOC-{n}", f"Azc {n}", "GM0344") for n in range(501)])
    with client_of(World(store).app) as client:
        answer = client.get("/melden", params={"soort": "bezetting"})
        assert "LOC-1" not in answer.text
        assert len(answer.content) < 12_000
        assert len(look(client, READING | {"over": "azc"}).text) < 3_000
        assert look(client, READING | {"over": "azc 500"}).hidden["over"] == "LOC-500"


def test_what_is_in_force_stands_beside_each_field_and_is_filled_in_where_it_would_be_lost(client):
    asked = {"soort": "opgave", "over": "groningen", "data.cyclus": "2024", "data.status": "verdeelbesluit"}
    page = Form(client.get("/melden", params={**asked, "gezien": "wie"}).text)
    assert (page.asks["over"], page.asks["data.opgave"]) == ("GM0014", "969")
    assert "Bij elk veld staat wat nu geldt, sinds 1 jul 2025." in page.text
    assert "Nu: 969" in page.text
    fresh_status = Form(client.get("/melden", params={**asked, "data.status": "indicatief", "gezien": "wie"}).text)
    assert fresh_status.asks["data.opgave"] == ""
    assert "Hierover is nog niets bekend." in fresh_status.text
    places = Form(client.get("/melden", params={"soort": "capaciteit", "over": "LOC-UTRECHT"}).text)
    assert places.asks["data.plaatsen.regulier.aantal"] == ""
    assert "Nu: 300" in places.text
    emptied = look(client, {k: v for k, v in MAXIMUM.items() if "dwangsom" not in k})
    assert "Dwangsom per dag niets meer nu: 15.000" in emptied.text
    reading = Form(client.get("/melden", params={"soort": "bezetting", "over": "LOC-UTRECHT"}).text)
    assert "De laatste telling is van 20 mei 2026 10:00." in reading.text
    assert "Laatst geteld: 310" in reading.text
    assert "Nu:" not in reading.text


def test_it_goes_from_what_to_whom_to_the_fields_and_back_and_loses_nothing(client):
    about = Form(client.get("/melden", params={"over": "LOC-UTRECHT"}).text)
    link = next(link for link in about.links() if "soort=toegang" in link)
    fields = Form(client.get(link).text)
    assert fields.asks["over"] == "LOC-UTRECHT"
    writable = fields.asks | {"data.regime": "beperkt", "data.reden": "vol", "data.geldigVanaf": "2026-05-26"}
    checked = Form(client.get("/melden", params=writable | {"controleer": "ja"}).text)
    back = Form(client.get("/melden", params=checked.asks).text)
    assert {name: back.asks[name] for name in writable} == writable
    elsewhere = Form(client.get("/melden", params=writable | {"stap": "wie"}).text)
    assert elsewhere.names == {"over"}
    other = Form(client.get("/melden", params=elsewhere.asks | {"over": "ter apel"}).text)
    assert (other.asks["over"], other.asks["data.reden"]) == ("LOC-TER-APEL", "vol")


def test_an_unclear_subject_is_asked_again(client):
    page = Form(client.get("/melden", params={"soort": "overdracht", "over": "bergen", "gezien": "wie"}).text)
    assert page.faults == {"over", "data.cyclus", "data.naar"}
    assert page.asks["over"] == "bergen"
    assert "past bij 6 namen; kies er één" in page.text
    assert [link for link in page.links() if "over=GM0893" in link]


def test_events_to_retract_are_offered_with_what_they_said(writable):
    with client_of(World(writable).app) as client:
        page = Form(client.get("/melden", params={"soort": "intrekking", "over": "LOC-TER-APEL"}).text)
        for said in (
            "Bezetting : 1.900 mensen aanwezig",
            "Toegang : toegang gecontroleerd",
            "Maximum : maximum 2.000",
            "Plaatsen : 2.000 plaatsen regulier",
            "Locatie registreren : ",
            "vastgelegd 25 mei 2026 10:00",
        ):
            assert said in page.text
        target = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 1900)
        fields = {
            "soort": "intrekking",
            "over": "LOC-TER-APEL",
            "data.reden": "dubbel geteld",
            "data.gebeurtenisId": target,
        }
        checked = look(client, fields)
        assert checked.hidden["source"] == SOURCE
        client.post("/melden", data=checked.hidden)
        again = Form(client.get("/melden", params={"soort": "intrekking", "over": "LOC-TER-APEL"}).text)
        assert not [found for _, found in again.elements if found.get("value") == target and found["type"] == "radio"]
        assert "Geen enkel cijfer hieronder verandert hierdoor" in look(client, fields).text
        elsewhere = look(client, fields | {"over": "LOC-UTRECHT"})
        assert elsewhere.faults == {"data.gebeurtenisId"}
        assert "gaat over LOC-TER-APEL, niet over LOC-UTRECHT" in elsewhere.text
        own = look(client, fields | {"data.gebeurtenisId.ander": checked.hidden["id"]})
        assert "Dit is zelf een intrekking" in own.text


def test_without_a_way_in_the_page_says_where_there_is_one(kept):
    with client_of(World(kept, sends=False).app) as client:
        page = Form(client.get("/melden").text)
        assert "Zet OPVANGPEIL_KAFKA voor deze dienst" in page.text
        assert page.hidden is None
        assert "over" not in {found.get("name") for _, found in page.elements}
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
        evil = {"data.bron": name, "data.reden": name}
        page = look(client, ACCESS | {"over": "LOC-A"} | evil)
        assert page.rows[name, "Toegang"] == ["onbekend", "beperkt", "ja"]
        assert page.hidden["data.reden"] == name
        pages = [page, look(client, ACCESS | {"over": name}), look(client, ACCESS | {"data.regime": name})]
        assert [found for one in pages for tag, found in one.elements if tag == "script" and "src" not in found] == []
        client.post("/melden", data=page.hidden)
        (logged,) = client.get("/v1/gebeurtenissen", params={"bron": STANDAARD_SOURCE}).json()["items"]
        assert logged["data"]["reden"] == name


def test_it_is_html(client):
    asked = [WRONG[name][0] for name in ("alles tegelijk", "alleen inzetbaar", "geen regime", "geen reden, geen id")]
    asked += [SLIPS[name][0] for name in ("veel te veel", "onbekend", "geen gebeurtenis")] + [CAPACITY, ACCESS]
    pages = {str(fields): client.get("/melden", params=fields | {"controleer": "ja"}).text for fields in asked}
    pages["klaar"] = client.get(f"/melden/klaar?id={EVENTS[0]['id']}&over=LOC-A&soort=bezetting&status=202").text
    assert html_errors(pages) == []
    for name, text in pages.items():
        page = Form(text)
        labels = {found["for"] for tag, found in page.elements if tag == "label"}
        fields = {found["id"] for tag, found in page.elements if tag in ("input", "select") and "id" in found}
        assert labels == fields, name
        ids = [found["id"] for _, found in page.elements if "id" in found]
        assert len(ids) == len(set(ids)), name
