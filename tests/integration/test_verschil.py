"""Differences from the store and the API equal those of the core's fold, and name the right events."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st

from schemas.events import Event
from services.api.app import api_router
from services.core.bezetting import overschrijding
from services.core.fold import fold
from services.core.reasons.oorzaken import Oorzaken, intrekkingen
from services.core.telregel import NIETS_GEVRAAGD
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.reads.verschil import counted_by, point_of, points_of, rows_of, told
from services.store.model import View
from services.store.position import Herkomst
from services.store.store import Store
from services.web import make_app
from tests.support.arrivals import Arrival, arrived_by, deliver, deliveries, emptied, law
from tests.support.figures import readings
from tests.support.strategies import Pair, pairs, read
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import event

pytestmark = pytest.mark.http_later

NOW = datetime(2032, 1, 1, tzinfo=UTC)
Rows = list[tuple[Any, ...]]


def clock() -> datetime:
    return NOW


def by_the_fold(events: list[Event], van: Pair, naar: Pair) -> Rows:
    """Returns the rows as the core computes them, without the store."""
    points = [van, (van[0], naar[1]), naar]
    three = [Cijfers(View(Herkomst(v, k, "", False), fold(events, v, k))) for v, k in points]
    cijfers = counted_by(three, NIETS_GEVRAAGD, NIETS_GEVRAAGD)
    oorzaken = Oorzaken([point_of(one) for one in cijfers], intrekkingen(events, van[1], naar[1]))
    boven = [
        {
            locatie.id: overschrijding(locatie.maximum, readings(events, locatie.id, *one.herkomst[:2]))
            for locatie in one.locaties
            if locatie.maximum is not None
        }
        for one in cijfers
    ]
    found = rows_of(cijfers, oorzaken, boven=boven, about=lambda _: events)
    return [(*row, row.inzicht, row.wereld, row.regel, named) for row, named in found]


def by_the_store(store: Store, van: Pair, naar: Pair, positie: str | None) -> Rows:
    reader = Reader(store, clock)
    asked = [Question(*point, clock(), Audience.EVERYTHING, positie) for point in (van, naar)]
    said = told(reader, asked[1], points_of(reader, *asked), lambda _: True)
    points = ("van", "tussen", "tussenRegel", "naar")
    names = ("onderwerp", "grootheid", *points, "inzicht", "wereld", "regel", "gebeurtenissen")
    for row in said["verschillen"]:
        assert bool(row["zin"]) == (row["grootheid"] == "naleving" and row["van"] != row["naar"])
    return [tuple(row[name] for name in names) for row in said["verschillen"]]


@law(st.data(), examples=10)
def test_the_store_says_what_the_fold_says_at_any_positie(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    posities = deliver(store, batches)
    points = data.draw(pairs(events)), data.draw(pairs(events))
    assert by_the_store(store, *points, None) == by_the_fold(events, *points)
    number = data.draw(st.integers(0, len(posities) - 1))
    assert by_the_store(store, *points, posities[number]) == by_the_fold(arrived_by(batches, number), *points)


CYCLUS = event(
    "spreidingswet.cyclus-vastgesteld",
    "2024",
    "2024-12-20",
    raming=96000,
    geldigVanaf="2025-07-01",
    beschikbaarTotMinstens="2027-01-01",
    meetellendeSoorten=["regulier"],
)
OPGAVE = event(
    "spreidingswet.opgave-vastgesteld",
    "GM0166",
    "2024-12-20",
    cyclus="2024",
    status="verdeelbesluit",
    opgave=296,
    geldigVanaf="2024-12-20",
)
LOCATIE = event(
    "opvanglocaties.locatie-geregistreerd",
    "LOC-KAMPEN",
    "2025-01-02",
    naam="Kampen",
    gemeente="GM0166",
    soort="azc",
    zichtbaarheid="openbaar",
    geldigVanaf="2025-01-01",
)


DRONTEN = event(
    "opvanglocaties.locatie-geregistreerd",
    "LOC-DRONTEN",
    "2025-01-02",
    naam="Dronten",
    gemeente="GM0303",
    soort="azc",
    zichtbaarheid="openbaar",
    geldigVanaf="2025-01-01",
)
"""The gemeente that gives places has them itself."""


def plaatsen(aantal: int, geldig_vanaf: str, time: str, locatie: str = "LOC-KAMPEN") -> dict[str, Any]:
    return event(
        "opvanglocaties.capaciteit-gewijzigd",
        locatie,
        time,
        geldigVanaf=geldig_vanaf,
        plaatsen=[{"soort": "regulier", "aantal": aantal}],
    )


FIRST = plaatsen(96, "2025-01-01", "2025-01-02")
IN_DRONTEN = plaatsen(1000, "2025-01-01", "2025-01-02", "LOC-DRONTEN")
MORE = plaatsen(100, "2026-05-01", "2026-05-22T10:00:00Z")
"""Logged after the first moment, but valid from before it."""
TRANSFER = event(
    "spreidingswet.overdracht-afgesproken",
    "GM0303",
    "2026-05-24T08:00:00Z",
    cyclus="2024",
    naar="GM0166",
    aantal=200,
    geldigVanaf="2026-05-25",
)
ASKED = {"vanBekendOp": "2026-05-21", "naarBekendOp": "2026-05-26"}


@pytest.fixture
def client(store, fill):
    fill(store, read([CYCLUS, OPGAVE, LOCATIE, DRONTEN, IN_DRONTEN, FIRST, MORE, TRANSFER]), NOW)
    with client_of(make_app("Proef", [api_router(Reader(store, clock))], metrics=fresh_metrics(), checks={})) as found:
        yield found


def rows(client: httpx.Client, **asked: str) -> dict[tuple[str, str], dict[str, Any]]:
    answer = client.get("/v1/verschillen", params=asked)
    assert answer.status_code == 200, answer.text
    return {(row["onderwerp"], row["grootheid"]): row for row in answer.json()["verschillen"]}


def test_what_was_learned_and_what_changed_are_told_apart(client):
    found = rows(client, **ASKED)
    counted = found["GM0166", "meetellend"]
    assert (counted["van"], counted["tussen"], counted["naar"]) == (96, 100, 300)
    assert (counted["inzicht"], counted["wereld"]) == (4, 200)
    assert set(counted["gebeurtenissen"]) == {MORE["id"], TRANSFER["id"]}
    assert found["LOC-KAMPEN", "inzetbaar"]["gebeurtenissen"] == [MORE["id"]]
    klasse = found["GM0166", "naleving"]
    assert (klasse["van"], klasse["tussen"], klasse["naar"]) == ("gedeeltelijk", "gedeeltelijk", "voldoet")
    assert (klasse["inzicht"], klasse["wereld"], klasse["onderwerpNaam"]) == (None, None, "Kampen")
    assert klasse["zin"] == (
        "Op 21 mei 2026, met wat toen bekend was, voldeed Kampen gedeeltelijk aan de opgave (96 van 296 plaatsen). "
        "Op 26 mei 2026, met wat toen bekend was, voldeed Kampen aan de opgave (300 van 296 plaatsen). "
        "Dat komt door wat er in de wereld veranderde."
    )
    assert found["NL", "voldoet"]["wereld"] == 1
    assert found["NL", "gedeeltelijk"]["wereld"] == -1
    assert set(found["NL", "voldoet"]["gebeurtenissen"]) == set(klasse["gebeurtenissen"])


def test_a_retraction_is_what_did_it(client, store, fill):
    gone = event("gebeurtenissen.ingetrokken", "GM0303", "2026-05-27", gebeurtenisId=TRANSFER["id"], reden="herroepen")
    later = plaatsen(296, "2026-05-20", "2026-05-27T09:00:00Z")
    fill(store, read([gone]), NOW)
    points = {"vanBekendOp": "2026-05-26", "naarGeldigOp": "2026-05-26"}
    klasse = rows(client, **points, naarBekendOp="2026-05-27")["GM0166", "naleving"]
    assert (klasse["van"], klasse["naar"], klasse["gebeurtenissen"]) == ("voldoet", "gedeeltelijk", [gone["id"]])
    assert klasse["zin"].endswith("Dat komt door wat later over het eerste moment bekend werd.")
    assert "Op 26 mei 2026, met wat op 27 mei 2026 bekend was, voldeed Kampen gedeeltelijk" in klasse["zin"]
    back = rows(client, vanBekendOp="2026-05-27", naarGeldigOp="2026-05-26", naarBekendOp="2026-05-26")
    assert back["GM0166", "naleving"]["zin"].endswith("Dat komt door wat toen nog niet bekend was.")
    fill(store, read([later]), NOW)
    klasse = rows(client, vanBekendOp="2026-05-21")["GM0166", "naleving"]
    assert set(klasse["gebeurtenissen"]) == {later["id"]}


def test_only_what_is_about_one_subject(client):
    found = rows(client, **ASKED, onderwerp="GM0166")
    assert {onderwerp for onderwerp, _ in found} == {"GM0166"}
    assert rows(client, **ASKED, onderwerp="GM0363") == {}


@pytest.mark.parametrize("onderwerp", ["GM9999", "LOC-NERGENS", "iets"])
def test_what_nobody_knows_is_404(client, onderwerp):
    problem_of(client.get("/v1/verschillen", params=ASKED | {"onderwerp": onderwerp}), 404)


def test_the_parts_say_what_the_answers_themselves_say(client):
    def asked(geldig: str, bekend: str) -> dict[str, Any]:
        found: dict[str, Any] = client.get("/v1/bezetting", params={"geldigOp": geldig, "bekendOp": bekend}).json()
        return found

    old, new = "2026-05-21", "2026-05-26"
    van, tussen, naar = asked(old, old), asked(old, new), asked(new, new)
    for (onderwerp, grootheid), row in rows(client, **ASKED).items():
        if onderwerp == "NL" and grootheid in van:
            assert (row["van"], row["tussen"], row["naar"]) == (van[grootheid], tussen[grootheid], naar[grootheid])


def test_at_its_positie_it_is_the_same_whatever_came_later(client, store, fill):
    first = client.get("/v1/verschillen", params=ASKED)
    fill(store, read([plaatsen(500, "2026-05-02", "2026-05-20")]), NOW)
    assert client.get("/v1/verschillen", params=ASKED).json() != first.json()
    again = client.get("/v1/verschillen", params=ASKED | {"positie": first.json()["positie"]})
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    same = {"if-none-match": again.headers["etag"]}
    asked = ASKED | {"positie": first.json()["positie"]}
    assert client.get("/v1/verschillen", params=asked, headers=same).status_code == 304
    assert client.get("/v1/verschillen", params=ASKED, headers=same).status_code == 200


def test_before_the_first_event_there_is_nothing_and_it_says_so(client):
    assert rows(client, vanBekendOp="2011-01-01", naarBekendOp="2012-01-01") == {}


@pytest.mark.parametrize(
    ("asked", "veld", "melding"),
    [
        ({}, "vanGeldigOp", "geef vanGeldigOp of vanBekendOp"),
        ({"vanBekendOp": "2040-01-01"}, "vanBekendOp", "ligt in de toekomst"),
        ({"vanGeldigOp": "2026-01-01", "naarBekendOp": "2040-01-01"}, "naarBekendOp", "ligt in de toekomst"),
        ({"vanGeldigOp": "gisteren"}, "vanGeldigOp", "is geen bestaand moment"),
        ({"vanGeldigOp": "2026-01-01", "bekendOp": "2026-01-01"}, "bekendOp", ""),
        ({"vanGeldigOp": "2026-01-01", "positie": "9-9"}, "positie", ""),
    ],
)
def test_what_can_not_be_compared_is_told(client, asked, veld, melding):
    answer = client.get("/v1/verschillen", params=asked)
    assert answer.status_code == 400
    assert [fout["veld"] for fout in answer.json()["fouten"]] == [veld]
    assert melding in answer.json()["fouten"][0]["melding"]


def test_each_side_may_be_counted_by_a_rule_of_its_own(client, store, fill):
    rule = event(
        "spreidingswet.telregel-vastgesteld",
        "2024",
        "2026-05-25",
        naam="alleen-amv",
        omschrijving="alleen plaatsen voor amv",
        meetellendeSoorten=["amv"],
        geldigVanaf="2030-01-01",
    )
    unknown = client.get("/v1/verschillen", params=ASKED | {"naarTelregel": "alleen-amv"})
    assert "cyclus" in problem_of(unknown, 404)["detail"]  # what could be asked instead
    fill(store, read([rule]), NOW)
    found = rows(client, **ASKED, naarTelregel="alleen-amv")["GM0166", "meetellend"]
    assert [found[name] for name in ("van", "tussen", "tussenRegel", "naar")] == [96, 100, 300, 0]
    assert [found[name] for name in ("inzicht", "wereld", "regel")] == [4, 200, -300]
    assert rule["id"] in found["gebeurtenissen"]
    same = rows(client, **ASKED, vanTelregel="alleen-amv", naarTelregel="alleen-amv")
    assert ("GM0166", "meetellend") not in same  # it is read as known last, so nothing counted at either moment
    assert {row["regel"] for row in rows(client, **ASKED).values()} <= {0, None}


def test_a_difference_with_now_is_that_with_the_same_moment_at_its_positie(store: Store) -> None:
    """The last point is at hand for now; for a positie it is read from the store like the others."""
    early, late = read([CYCLUS, OPGAVE, LOCATIE, FIRST]), read([DRONTEN, IN_DRONTEN, MORE, TRANSFER])
    store = emptied(store)
    deliver(store, [Arrival(early, derived=True), Arrival(late, derived=False)])
    reader = Reader(store, clock)
    now = Question(NOW, NOW, NOW, Audience.EVERYTHING)
    van = now.at_point(datetime(2026, 5, 21, tzinfo=UTC), datetime(2026, 5, 21, tzinfo=UTC))
    live = points_of(reader, van, now)
    positie = live[-1].herkomst.positie
    again = points_of(reader, van.counted_at(positie), now.counted_at(positie))
    assert live[-1].nu is not None
    assert again[-1].nu is None
    for one, other in zip(live, again, strict=True):
        assert (one.herkomst, one.registers) == (other.herkomst, other.registers)
