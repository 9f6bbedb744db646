"""Every event is one Dutch sentence, in the names that its reader may know."""

import pytest

from schemas.events import FACTS, Ingetrokken, type_name
from services.core.reasons.zin import FIGURES_MAX, bron_in_woorden, zin_van
from tests.support.examples import EXAMPLES, cases, read, read_bytes

NAMES = {
    "LOC-TER-APEL": "Ter Apel",
    "LOC-VOORBEELD-1": "De Weide",
    "GM1950": "Westerwolde",
    "GM0166": "Kampen",
    "GM0303": "Dronten",
    "PV20": "Groningen",
    "NL": "Nederland",
}
VALID = [(path, read_bytes(path.parts[-3], path.read_bytes())) for path in cases("valid")]
FACT_EXAMPLES = [(path, event) for path, event in VALID if isinstance(event, FACTS)]


def naam(subject: str) -> str:
    return NAMES.get(subject, f"«{subject}»")


def event_of(kind: str, subject: str, time: str = "2026-11-27T07:12:00Z", system: str = "voorbeeld-coa", **data):
    event = {
        "specversion": "1.0",
        "id": "0190f1f5-6f5a-7c39-9d5c-2f9d8f4b5a10",
        "source": f"urn:nld:oin:00000000000000000000:systeem:{system}",
        "type": next(type_name(model) for model in FACTS if f".{kind}." in type_name(model)),
        "subject": subject,
        "time": time,
        "data": data,
    }
    return read(event)


@pytest.mark.parametrize("model", FACTS, ids=type_name)
def test_no_type_of_event_is_forgotten(model):
    """A new type has a sentence as soon as its registers have one; this names a type that has none."""
    told = [event for path, event in FACT_EXAMPLES if isinstance(event, model)]
    assert told, f"{type_name(model)} has no example in {EXAMPLES}"
    for event in told:
        zin = zin_van(event, naam)
        assert zin.over == naam(event.subject)
        assert zin.wat
        assert zin.geldt or isinstance(event, Ingetrokken)
        assert zin.wie
        assert zin.verteld == event.time


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            event_of("bezetting-gemeld", "LOC-TER-APEL", peilmoment="2026-11-27T07:00:00Z", aanwezig=2104),
            "Ter Apel: 2.104 mensen aanwezig (geteld op 27 nov 2026 08:00), "
            "gemeld door voorbeeld coa op 27 nov 2026 08:12",
        ),
        (
            event_of(
                "locatie-geregistreerd",
                "LOC-TER-APEL",
                naam="Ter Apel",
                gemeente="GM1950",
                soort="azc",
                zichtbaarheid="openbaar",
                geldigVanaf="2026-11-01",
            ),
            "Ter Apel: geregistreerd als azc in Westerwolde met de naam Ter Apel (geldt vanaf 1 nov 2026), "
            "gemeld door voorbeeld coa op 27 nov 2026 08:12",
        ),
        (
            event_of(
                "capaciteit-gewijzigd",
                "LOC-TER-APEL",
                system="melden",
                geldigVanaf="2026-12-01",
                geldigTot="2028-12-31",
                plaatsen=[{"soort": "regulier", "aantal": 300}, {"soort": "amv", "aantal": 1}],
            ),
            "Ter Apel: 300 plaatsen regulier, tot 31 dec 2028; 1 plaats amv, tot 31 dec 2028 "
            "(geldt vanaf 1 dec 2026), gemeld door het meldformulier op 27 nov 2026 08:12",
        ),
        (
            event_of(
                "overdracht-afgesproken", "GM0303", cyclus="2024", naar="GM0166", aantal=200, geldigVanaf="2025-01-01"
            ),
            "Dronten: overdracht van 200 plaatsen aan Kampen (geldt vanaf 1 jan 2025), "
            "gemeld door voorbeeld coa op 27 nov 2026 08:12",
        ),
        (
            event_of(
                "cijfers-gepubliceerd",
                "NL",
                peildatum="2026-05-26",
                bron="Kamerbrief",
                cijfers=[
                    {"grootheid": "bezettingsgraad", "waarde": 1.0125, "nauwkeurigheid": "ongeveer"},
                    {"grootheid": "kosten", "waarde": 1000000},
                ],
            ),
            "Nederland: bezettingsgraad 101,2 % (ongeveer) volgens Kamerbrief; kosten 1.000.000 volgens Kamerbrief "
            "(peildatum 26 mei 2026), gemeld door voorbeeld coa op 27 nov 2026 08:12",
        ),
    ],
)
def test_the_sentence_of_an_event(event, sentence):
    assert zin_van(event, naam).tekst == sentence


def test_a_retraction_says_what_it_retracts_where_its_reader_may_know_that():
    reading = event_of("bezetting-gemeld", "LOC-TER-APEL", peilmoment="2026-11-27T07:00:00Z", aanwezig=2104)
    gone = event_of("ingetrokken", "LOC-TER-APEL", gebeurtenisId=reading.id, reden="tikfout")
    assert zin_van(gone, naam, reading).wat == (
        "ingetrokken: 2.104 mensen aanwezig (geteld op 27 nov 2026 08:00); reden: tikfout"
    )
    assert zin_van(gone, naam).wat == "ingetrokken: een gebeurtenis die hier niet bekend is; reden: tikfout"


def test_one_register_of_an_event_can_be_told_alone_and_a_long_list_is_cut_short():
    both = event_of(
        "capaciteit-gewijzigd",
        "LOC-TER-APEL",
        geldigVanaf="2026-12-01",
        plaatsen=[{"soort": "regulier", "aantal": 300}, {"soort": "amv", "aantal": 1}],
    )
    assert zin_van(both, naam, register="plaatsen.amv").wat == "1 plaats amv"
    many = [{"grootheid": f"cijfer{n}", "waarde": n} for n in range(FIGURES_MAX + 3)]
    said = zin_van(event_of("cijfers-gepubliceerd", "NL", peildatum="2026-05-26", bron="b", cijfers=many), naam)
    assert said.wat.endswith("; en nog 3 cijfers")


def test_a_source_is_told_by_the_name_of_its_system():
    mine = "urn:nld:oin:00000000000000000000:systeem:"
    assert bron_in_woorden(f"{mine}publieke-bronnen") == "openbare bronnen"
    assert bron_in_woorden(f"{mine}coa-ibis") == "coa ibis"
    assert bron_in_woorden("urn:nld:oin:00000001003214345000:systeem:melden") == "melden", "not our own form"
