"""The forecast over HTTP: announced places, compared with the opgave and with the number of people now."""

import httpx
import pytest

from services.api.app import api_router
from services.reads.reader import Reader
from services.web import make_app
from tests.support.one_june import EVENTS, NOW
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import event

pytestmark = pytest.mark.http_later

OPENS = event(
    "opvanglocaties.locatie-geregistreerd",
    "LOC-NIEUW",
    "2026-06-20",
    naam="Nieuw",
    gemeente="GM0344",
    soort="azc",
    zichtbaarheid="openbaar",
    geldigVanaf="2026-12-15",
)
PLACES = event(
    "opvanglocaties.capaciteit-gewijzigd",
    "LOC-NIEUW",
    "2026-06-20",
    geldigVanaf="2026-12-15",
    plaatsen=[{"soort": "regulier", "aantal": 200}],
)


@pytest.fixture
def client(store, fill):
    fill(store, read([*EVENTS, OPENS, PLACES]), NOW)
    with client_of(
        make_app("Proef", [api_router(Reader(store, lambda: NOW))], metrics=fresh_metrics(), checks={})
    ) as found:
        yield found


def ahead(client: httpx.Client, path: str, **asked: str) -> dict:
    answer = client.get(f"/v1/{path}/vooruitblik", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["bezetting", "provincies/PV26", "gemeenten/GM0344"])
def test_places_that_end_and_sites_that_open_are_seen_coming(client, path):
    said = ahead(client, path, maanden="8")
    assert [month["begin"][:10] for month in said["maanden"]] == [
        "2026-07-01",
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
        "2027-02-28",
    ]
    assert [month["inzetbaar"] for month in said["maanden"]] == [80, 80, 30, 30, 0, 200, 200, 200, 200]
    assert [month["meetellend"] for month in said["maanden"]] == [100, 100, 30, 30, 0, 200, 200, 200, 200]
    assert [month["tekort"] for month in said["maanden"]] == [0, 0, 30, 30, 60, 0, 0, 0, 0]
    assert {month["opgave"] for month in said["maanden"]} == {None if path == "provincies/PV26" else 60}
    assert len(ahead(client, path)["maanden"]) == 1 + 24
    assert len(ahead(client, path, geldigOp="2026-08-01")["maanden"]) == 1 + 24, "the first instant of a month too"


def test_the_opgave_of_a_provincie_is_its_own_wherever_it_is_asked(store, fill, client):
    said = {"cyclus": "2024", "status": "provinciaal", "opgave": 75, "geldigVanaf": "2026-08-10"}
    fill(store, read([event("spreidingswet.opgave-vastgesteld", "PV26", "2026-06-21", **said)]), NOW)
    ahead_of_it = ahead(client, "provincies/PV26", maanden="4")["maanden"]
    assert [month["opgave"] for month in ahead_of_it] == [None, 75, 75, 75, 75]
    for day, opgave in (("2026-08-10", None), ("2026-08-11", 75)):
        asked = {"tot": day, "van": "2026-08-01", "grootheid": "opgave"}
        (*_, last) = client.get("/v1/provincies/PV26/reeks", params=asked).json()["punten"]
        at = client.get("/v1/provincies/PV26", params={"geldigOp": last["begin"]}).json()
        assert (last["laatste"], at["opgave"]) == (opgave, opgave)
    assert {month["opgave"] for month in ahead(client, "gemeenten/GM0344", maanden="4")["maanden"]} == {60}


def test_how_much_the_people_rest_on_is_told(client):
    assert (
        ahead(client, "bezetting", geldigOp="2026-06-03")["dekking"]
        == client.get("/v1/bezetting", params={"geldigOp": "2026-06-03"}).json()["dekking"]
    )


def test_the_first_moment_at_which_there_are_fewer_places_than_people(client):
    assert ahead(client, "bezetting", geldigOp="2026-06-03")["tekortVanaf"] == "2026-08-31T22:00:00Z"  # 60 people
    full = ahead(client, "bezetting", geldigOp="2026-06-05T12:00:00Z")
    assert (full["aanwezig"], full["tekortVanaf"]) == (90, "2026-06-05T12:00:00Z")  # already: 90 people on 80 places
    now = ahead(client, "bezetting")
    assert (now["aanwezig"], now["tekortVanaf"]) == (None, None)  # nobody counted for weeks
    assert [one["code"] for one in now["voorbehoud"]] == ["dekking"]
    known_before = ahead(client, "bezetting", geldigOp="2026-06-03", bekendOp="2026-06-05")
    assert (known_before["aanwezig"], known_before["tekortVanaf"]) == (60, None)
    assert ahead(client, "gemeenten/GM0363")["tekortVanaf"] is None  # there are no readings there


def test_the_first_instant_of_a_month_is_in_that_month(client):
    at = {"first": "2026-08-01", "a second later": "2026-08-01T00:00:01+02:00"}
    begins = {
        when: [month["begin"][:7] for month in ahead(client, "bezetting", geldigOp=moment, maanden="1")["maanden"]]
        for when, moment in at.items()
    }
    assert begins == {"first": ["2026-07", "2026-08"], "a second later": ["2026-07", "2026-08"]}


def test_people_that_were_counted_too_long_ago_are_not_held_against_the_places(client):
    """78 hours after the last count it still says something; a moment later it does not."""
    still, later = (
        ahead(client, "bezetting", geldigOp=moment) for moment in ("2026-06-08T16:00:00Z", "2026-06-08T16:00:01Z")
    )
    assert (still["aanwezig"], still["voorbehoud"]) == (90, [])
    assert (later["aanwezig"], later["tekortVanaf"]) == (None, None)
    assert [one["code"] for one in later["voorbehoud"]] == ["dekking"]


def test_from_when_on_there_are_too_few_places_is_not_said_while_a_locatie_has_unknown_places(client, store, fill):
    """A locatie that opens on 1 August may have any number of places; it closes again in December."""
    about = {"naam": "Zonder", "gemeente": "GM0344", "soort": "azc", "zichtbaarheid": "openbaar"}
    opens = event("opvanglocaties.locatie-geregistreerd", "LOC-Z", "2026-06-02", **about, geldigVanaf="2026-08-01")
    closes = event("opvanglocaties.locatie-gesloten", "LOC-Z", "2026-06-02", geldigVanaf="2026-12-01")
    before = ahead(client, "bezetting", geldigOp="2026-06-03")
    assert (before["tekortVanaf"], before["tekortUiterlijkVanaf"]) == ("2026-08-31T22:00:00Z", None)
    fill(store, read([opens, closes]), NOW)
    now = ahead(client, "bezetting", geldigOp="2026-06-03")
    assert (now["aanwezig"], now["tekortVanaf"]) == (60, None)
    assert now["tekortUiterlijkVanaf"] == "2026-11-30T23:00:00Z"
    assert now["voorbehoud"] == [
        {
            "code": "niet alle plaatsen",
            "tekst": "van 1 locatie zijn op 1 sep 2026 geen plaatsen bekend, dus is niet te zeggen of er dan te "
            "weinig zijn",
        }
    ]


def test_what_is_not_known_of_a_gemeente_leaves_its_tekort_open(client, store, fill):
    """In a cyclus that is not complete, 30 of 60 places says no more than that at most 30 are missing."""
    incomplete = event(
        "spreidingswet.cyclus-vastgesteld",
        "2024",
        "2026-06-30",
        raming=96000,
        geldigVanaf="2026-06-30",
        beschikbaarTotMinstens="2026-10-01",
        meetellendeSoorten=["regulier"],
        volledig=False,
    )
    fill(store, read([incomplete]), NOW)
    months = ahead(client, "gemeenten/GM0344", maanden="2")["maanden"]
    names = ("meetellend", "tekort", "tekortMinstens", "tekortHoogstens")
    assert [tuple(month[name] for name in names) for month in months[1:]] == [(100, 0, 0, 0), (30, None, 0, 30)]
    assert [[one["code"] for one in month["voorbehoud"]] for month in months[1:]] == [[], ["onbekend"]]
    land = ahead(client, "bezetting", maanden="1")["maanden"]
    assert {(month["opgave"], month["opgaveMinstens"]) for month in land} == {(None, 60)}, "341 gemeenten are not known"


def test_what_can_not_be_seen_is_told(client):
    problem = problem_of(client.get("/v1/bezetting/vooruitblik", params={"maanden": 1000}), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == ["maanden"]
    problem_of(client.get("/v1/gemeenten/GM9999/vooruitblik"), 404)
    problem_of(client.get("/v1/provincies/PV99/vooruitblik"), 404)
