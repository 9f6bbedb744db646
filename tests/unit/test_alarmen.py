"""What each shipped rule says about a live view, and what it does with missing data."""

from datetime import timedelta

import pytest

from schemas.events import AlarmGeactiveerd, AlarmWachtend
from services.core.alarms.beeld import Achterhaald, Afwijkend, Terugblik, Uitgezocht
from services.core.alarms.bewaakt import BEWAAKT, waarden
from services.core.history.vooruit import Vooruit
from tests.support import make
from tests.support.alarm_help import NOW, SHIPPED, live, look, one, rule, shipped
from tests.support.make import LOC, access, closed, cycle, limit, moment, places, registered, stand, step, task

MINUTE, DAY, INSTANT = timedelta(minutes=1), timedelta(days=1), timedelta(microseconds=1)


def reading(aanwezig, op="2026-07-10T08:00:00Z", **more):
    """People present, by default counted two hours before NOW."""
    return make.reading(aanwezig, op, **more)


FRESH = "2026-07-10T08:00:00Z"
OPEN = [registered(), places(1000)]


def people(aanwezig, of=1000):
    return live(registered(), places(of), reading(aanwezig, FRESH))


def found(**what):
    return live(*OPEN, reading(900, FRESH), uitgezocht=Uitgezocht(**what))


LAST_DAY = NOW - DAY
LATEST = NOW - timedelta(hours=26)
SHORT = NOW + timedelta(days=30)
LAW = [cycle(), task(1000, amv=None), registered()]
BEFORE = {"nalevingen_toen": {7 * 86_400.0: {"GM0402": "voldoet"}}}


def ahead(at):
    """Returns a view of a gemeente that complies until a moment."""
    then = next(row for row in live(*LAW, places(600)).naleving if row.gemeente.code == "GM0402")
    return live(*LAW, places(1000), uitgezocht=Uitgezocht(vooruit={"GM0402": Vooruit(at, then)}))


def due(termijn, *more):
    """Returns a view of a gemeente that is short, in a step with this term."""
    return live(*LAW, places(600), step("vooraankondiging", op="2026-06-01", termijn=termijn), *more)


def fell(tot, *more):
    """Returns a view of a gemeente that is short, and complied until a moment."""
    return live(*LAW, places(600), *more, uitgezocht=Uitgezocht(terugblik={"GM0402": Terugblik(tot)}))


def desk(fte, **bounds):
    """Returns a view of two gemeenten in a step of 1.500 hours a year, with so many fte of 1.500 hours."""
    steps = [step("besluit", code, "2026-06-01") for code in ("GM0402", "GM0344")]
    return live(*LAW, *steps, make.hours("besluit", 1_500, **bounds), make.staff(fte, 1_500))


SHUT = closed(vanaf="2026-07-10T09:00:00Z")
PUBLISHED = Afwijkend("aanwezig", "https://example.org/", "2026-05-01", 1_000, 1_050, "exact")
WORSE = Achterhaald("aanwezig", "2026-05-01", 74_300, 74_310)
CASES = [
    (
        "landelijke-bezetting",
        people(1000),
        people(1001),
        "NL",
        1.001,
        "De landelijke bezettingsgraad is 100,1 % (drempel 100 %): 1.001 aanwezigen op 1.000 inzetbare plaatsen. "
        "1 van 1 locatie meldde in de laatste 78 uur.",
    ),
    (
        "landelijke-bezetting-norm",
        people(960),
        people(961),
        "NL",
        0.961,
        "De landelijke bezettingsgraad is 96,1 % (drempel 96 %): 961 aanwezigen op 1.000 inzetbare plaatsen. "
        "1 van 1 locatie meldde in de laatste 78 uur.",
    ),
    (
        "locatie-bezetting",
        people(100, 100),
        people(101, 100),
        LOC,
        1.01,
        "LOC-1 (LOC-1) is voor 101,0 % bezet (drempel 100 %): 101 aanwezigen op 100 inzetbare plaatsen.",
    ),
    (
        "toegang",
        live(*OPEN, access("open")),
        live(*OPEN, access("gecontroleerd", vanaf="2026-07-01")),
        LOC,
        "gecontroleerd",
        "De toegang tot LOC-1 (LOC-1) is gecontroleerd, sinds 1 jul 2026 00:00.",
    ),
    (
        "gesloten-met-mensen",
        live(*OPEN, reading(0, FRESH), SHUT),
        live(*OPEN, reading(1, FRESH), SHUT),
        LOC,
        1,
        "LOC-1 (LOC-1) is gesloten sinds 10 jul 2026 11:00; in de laatste meting van 10 jul 2026 10:00 was er "
        "1 aanwezige.",
    ),
    (
        "boven-maximum",
        live(*OPEN, limit(900), reading(900)),
        live(*OPEN, limit(900), reading(901)),
        LOC,
        1,
        "LOC-1 (LOC-1) heeft 901 aanwezigen, 1 boven het maximum van 900.",
    ),
    (
        "locatie-zonder-gegevens",
        live(*OPEN, reading(9, LATEST.isoformat())),
        live(*OPEN, reading(9, (LATEST - 2 * MINUTE).isoformat())),
        LOC,
        93_720,
        "De laatste meting van LOC-1 (LOC-1) is van 9 jul 2026 09:58, 26 uur geleden (drempel 26 uur).",
    ),
    (
        "stroom-stil",
        found(laatste_ontvangst=NOW - timedelta(hours=26)),
        found(laatste_ontvangst=NOW - timedelta(hours=26, minutes=1)),
        "NL",
        93_660,
        "De laatste gebeurtenis kwam binnen op 9 jul 2026 09:59, 26 uur geleden (drempel 26 uur).",
    ),
    (
        "tekort-in-zicht",
        found(tekort_bekend=True, tekort_vanaf=SHORT),
        found(tekort_bekend=True, tekort_vanaf=SHORT - DAY / 2),
        "NL",
        29.5,
        "Vanaf 9 aug 2026 00:00, over 29 dagen, zijn er minder bekende inzetbare plaatsen dan de 900 aanwezigen van nu "
        "(drempel 30 dagen).",
    ),
    (
        "naleving-verslechterd",
        live(*LAW, places(1000), uitgezocht=Uitgezocht(**BEFORE)),
        live(*LAW, places(999), uitgezocht=Uitgezocht(**BEFORE)),
        "GM0402",
        1,
        "De naleving van Hilversum (GM0402) is 'gedeeltelijk' (999 van 1.000 plaatsen); 7 dagen geleden was dat "
        "'voldoet'.",
    ),
    (
        "toezichttermijn-verstreken",
        due("2026-07-10"),
        due("2026-07-08"),
        "GM0402",
        2,
        "De termijn van de stap 'vooraankondiging' tegen Hilversum (GM0402) liep tot en met 8 jul 2026, 2 dagen "
        "geleden; de naleving is 'gedeeltelijk' (600 van 1.000 plaatsen).",
    ),
    (
        "teruggevallen-na-voldoet",
        fell(moment("2026-05-01"), step("beëindigd", op="2026-05-01")),
        fell(moment("2026-05-02"), step("beëindigd", op="2026-05-01")),
        "GM0402",
        1,
        "De naleving van Hilversum (GM0402) is 'gedeeltelijk' (600 van 1.000 plaatsen) en was tot 2 mei 2026 "
        "'voldoet'. De laatste stap van het toezicht is 'beëindigd', van 1 mei 2026.",
    ),
    (
        "onder-opgave-binnen-halfjaar",
        ahead(NOW + 182 * DAY),
        ahead(NOW + 181.5 * DAY),
        "GM0402",
        181.5,
        "Hilversum (GM0402) heeft vanaf 7 jan 2027 23:00, over 181 dagen, met wat nu bekend is 600 plaatsen voor een "
        "opgave van 1.000 (drempel 182 dagen).",
    ),
    (
        "onder-opgave-binnen-jaar",
        ahead(NOW + 364 * DAY),
        ahead(NOW + 363 * DAY),
        "GM0402",
        363,
        "Hilversum (GM0402) heeft vanaf 8 jul 2027 12:00, over 363 dagen, met wat nu bekend is 600 plaatsen voor een "
        "opgave van 1.000 (drempel 364 dagen).",
    ),
    (
        "te-weinig-fte",
        desk(2),
        desk(1.5, minstens=900, hoogstens=2_625),
        "NL",
        0.5,
        "De stappen van de minister (NL) tegen 2 gemeenten vragen naar raming 2,0 fte (tussen 1,2 en 3,5); beschikbaar "
        "is 1,5 fte. Zeker is het niet: bij de laagste raming is er genoeg.",
    ),
    (
        "publicatie-achterhaald",
        found(achterhaald={"NL": []}),
        found(achterhaald={"NL": [WORSE]}),
        "NL",
        1,
        "Van Nederland is 'aanwezig' op 1 mei 2026 vastgelegd als 74.300; met wat nu bekend is, is dat 74.310.",
    ),
    (
        "afwijking-van-publicatie",
        found(afwijkend={"NL": [PUBLISHED]}),
        found(afwijkend={"NL": [PUBLISHED, PUBLISHED._replace(grootheid="inRegulier", onze=1_060)]}),
        "NL",
        0.06,
        "Van Nederland is 'mensen in reguliere opvang' op 1 mei 2026 volgens https://example.org/ 1.000 en volgens "
        "ons 1.060, een "
        "verschil van 6,0 % (drempel 5 %).",
    ),
    (
        "onverwerkbaar",
        found(aandeel_onverwerkbaar=0.05),
        found(aandeel_onverwerkbaar=0.052),
        "NL",
        0.052,
        "Van wat het laatste uur binnenkwam was 5,2 % niet te verwerken (drempel 5 %).",
    ),
    (
        "achterstand",
        live(achterstand=1000),
        live(achterstand=1001),
        "NL",
        1001,
        "1.001 berichten zijn nog niet verwerkt (drempel 1.000).",
    ),
]


def test_every_shipped_rule_has_its_case():
    assert [case[0] for case in CASES] == [regel.naam for regel in SHIPPED]


@pytest.mark.parametrize(("naam", "at", "beyond", "onderwerp", "waarde", "text"), CASES, ids=[one[0] for one in CASES])
def test_it_is_silent_at_the_threshold_and_speaks_just_beyond(naam, at, beyond, onderwerp, waarde, text):
    regel = shipped(naam)
    assert one(regel, at) is None
    said = one(regel, beyond)
    assert type(said) is (AlarmWachtend if regel.voor else AlarmGeactiveerd)
    assert (said.subject, said.data.regel, said.data.waarde) == (onderwerp, naam, waarde)
    assert said.data.toelichting == text
    assert (said.data.grootheid, said.data.runbook) == (regel.grootheid, f"deploy/runbook.md#{naam}")
    assert (said.data.ernst, said.data.onderdruktDoor) == (regel.ernst, regel.onderdruktDoor or None)


@pytest.mark.parametrize(
    ("naam", "drempel"),
    [("landelijke-bezetting", 1), ("toegang", "open"), ("locatie-zonder-gegevens", 93_600), ("onverwerkbaar", 0.05)],
)
def test_the_threshold_is_said_in_the_unit_of_the_value(naam, drempel):
    (beyond,) = [case[2] for case in CASES if case[0] == naam]
    assert one(shipped(naam), beyond).data.drempel == drempel


# What missing data means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grootheid", "more", "beeld", "text"),
    [
        (
            "landelijke-bezettingsgraad",
            {},
            live(registered()),
            "De landelijke bezettingsgraad is niet vast te stellen: de enige locatie meldde niets in de laatste 78 "
            "uur; nodig is 80 % van de locaties.",
        ),
        ("locatie-bezettingsgraad", {}, live(registered()), "De bezettingsgraad van LOC-1 (LOC-1) is niet bekend."),
        ("toegang", {"drempel": "open"}, live(registered()), "De toegang tot LOC-1 (LOC-1) is niet bekend."),
        (
            "personen-boven-maximum",
            {},
            live(registered(), limit(5)),
            "Of LOC-1 (LOC-1) boven het maximum is, is niet bekend.",
        ),
        (
            "stilte-van-locatie",
            {"drempel": "1h"},
            live(registered()),
            "Van LOC-1 (LOC-1) is geen meting bekend.",
        ),
        (
            "stilte-van-stroom",
            {"drempel": "1h"},
            live(uitgezocht=Uitgezocht()),
            "Er is geen gebeurtenis bekend.",
        ),
        (
            "dagen-tot-tekort",
            {"richting": "onder"},
            live(uitgezocht=Uitgezocht()),
            "Of er een tekort aan plaatsen komt is niet vast te stellen: er is geen open locatie bekend.",
        ),
        (
            "naleving-verslechterd",
            {"onderwerpen": ["GM0402"]},
            live(*LAW, uitgezocht=Uitgezocht(nalevingen_toen={7 * 86_400.0: {"GM0402": "onbekend"}})),
            "Of de naleving van Hilversum (GM0402) slechter is geworden, is niet te zeggen.",
        ),
        ("aandeel-onverwerkbaar", {}, live(uitgezocht=Uitgezocht()), "Het laatste uur kwam er niets binnen."),
        ("achterstand", {}, live(), "De achterstand is niet bekend: de broker antwoordt niet."),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_missing_data_are_an_alarm_of_their_own_and_only_where_the_rule_says_so(grootheid, more, beeld, text):
    regel = {"grootheid": grootheid, "drempel": 1} | more
    said = one(rule(geenGegevens="alarm", **regel), beeld)
    assert (type(said), said.data.regel, said.data.voorRegel) == (AlarmGeactiveerd, "te-weinig-gegevens", "proef")
    assert (said.data.waarde, said.data.drempel, said.data.grootheid) == (None, None, grootheid)
    assert said.data.toelichting == f"{text} De regel 'proef' kan daardoor niet oordelen."
    assert (said.data.ernst, said.data.runbook) == ("hoog", "deploy/runbook.md#te-weinig-gegevens")
    assert one(rule(geenGegevens="houd", **regel), beeld) is None
    assert one(rule(geenGegevens="niets", **regel), beeld) is None


@pytest.mark.parametrize(
    ("fte", "bounds", "said"),
    [
        (1.5, {"minstens": 1_200}, "2,0 fte (minstens 1,6); beschikbaar is 1,5 fte. Zeker is het wel: ook bij de"),
        (1.5, {}, "2,0 fte; beschikbaar is 1,5 fte. Of dat zeker is, is niet te zeggen: de laagste raming is niet"),
        (
            2.4,
            {"hoogstens": 1_725},
            "2,0 fte (hoogstens 2,3); beschikbaar is 2,4 fte. Zeker is het wel: ook bij de",
        ),
        (2.4, {"hoogstens": 3_000}, "fte. Zeker is het niet: bij de hoogste raming is er te weinig."),
        (1.96, {}, "2,00 fte; beschikbaar is 1,96 fte."),
    ],
)
def test_of_people_it_says_how_sure_it_is_and_no_two_numbers_look_the_same(fte, bounds, said):
    regel, view = shipped("te-weinig-fte"), desk(fte, **bounds)
    assert said in BEWAAKT[regel.grootheid].zin(regel, "NL", 0.0, view)


@pytest.mark.parametrize("policy", ["alarm", "houd", "niets"])
@pytest.mark.parametrize(
    "naam",
    [
        "stroom-stil",
        "tekort-in-zicht",
        "naleving-verslechterd",
        "teruggevallen-na-voldoet",
        "onder-opgave-binnen-jaar",
        "publicatie-achterhaald",
        "onverwerkbaar",
    ],
)
def test_what_was_not_found_out_yet_after_a_start_says_nothing(naam, policy):
    """Otherwise every restart would end or raise such an alarm."""
    (beyond,) = [case[2] for case in CASES if case[0] == naam]
    log, regel = [], shipped(naam).model_copy(update={"geenGegevens": policy})
    assert look([regel], live(*OPEN), log) == []
    assert look([regel], beyond, log)
    assert look([regel], live(*OPEN, now=NOW + DAY), log) == []


@pytest.mark.parametrize(
    ("then", "now", "worse"),
    [
        ("voldoet", "gedeeltelijk", 1),
        ("voldoet", "voldoet niet", 2),
        ("gedeeltelijk", "voldoet niet", 1),
        ("voldoet", "voldoet", 0),
        ("gedeeltelijk", "voldoet", 0),
        ("voldoet niet", "voldoet niet", 0),
        ("geen opgave", "voldoet niet", 0),
        ("termijn loopt", "voldoet niet", 0),
        ("opgeschort", "voldoet niet", 0),
        ("onbekend", "gedeeltelijk", None),
        ("voldoet", "termijn loopt", 0),
        ("voldoet", "opgeschort", 0),
        ("voldoet", "geen opgave", 0),
        ("voldoet", "onbekend", None),
        (None, "voldoet niet", None),
    ],
)
def test_naleving_is_worse_when_its_class_went_down(then, now, worse):
    counted = {"voldoet": 1000, "gedeeltelijk": 1}.get(now, 0)
    before = {7 * 86_400.0: {} if then is None else {"GM0402": then}}
    law = {
        "termijn loopt": [cycle(), task(1000, voor="2027-01-01")],
        "opgeschort": [cycle(), task(1000), stand("geschorst")],
        "geen opgave": [cycle(), task(0)],
        "onbekend": [cycle(volledig=False), task(1000)],
    }.get(now, LAW)
    beeld = live(registered(), *law, places(counted), uitgezocht=Uitgezocht(nalevingen_toen=before))
    seen = waarden(shipped("naleving-verslechterd"), beeld)
    (row,) = [row for row in beeld.naleving if row.gemeente.code == "GM0402"]
    assert row.naleving == now
    value = dict(zip(seen.onderwerpen, seen.waarden.tolist(), strict=True))["GM0402"]
    assert (None if value != value else value) == worse  # noqa: PLR0124  NaN is not itself
