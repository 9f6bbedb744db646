"""Series from the store and the API rest on the same writes as the core's history, at any K and positie."""

import itertools
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st

from schemas.events import Event, Ingetrokken
from schemas.fields import parse_moment
from services.api.app import api_router
from services.core.history.reeks import border_after, perioden
from services.core.history.verloop import Verloop
from services.reads import lijnen
from services.reads.kept import Series
from services.reads.lijnen import Compute, of_area, of_naleving, of_toezicht
from services.reads.reader import Reader
from services.store import touched
from services.store.derive import bring_up_to_date
from services.store.store import Store
from services.web import make_app
from tests.support.arrivals import Busy, arrived_by, deliver, deliveries, emptied, law
from tests.support.bodies import GEMEENTEN
from tests.support.figures import verloop_of
from tests.support.one_june import DAYS, EVENTS, LATE, NOW, reading
from tests.support.strategies import pairs, points, read
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import event

pytestmark = pytest.mark.http_later

INSTANT = timedelta(microseconds=1)
STEPS = (timedelta(0), INSTANT, timedelta(hours=5), timedelta(days=1), timedelta(days=40))


@pytest.fixture(autouse=True)
def _few_readings_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the store read every series in parts. Other tests have series that fit in one part."""
    monkeypatch.setattr(lijnen, "READINGS_MAX", 2)


def plain(verloop: Verloop) -> tuple[Any, ...]:
    """Returns the content of a verloop, independent of the order of its registers."""
    metingen = verloop.metingen
    columns = [column.tolist() for column in (metingen.nummer, metingen.moment, metingen.aanwezig)]
    return verloop.van, verloop.tot, dict(verloop.begin), sorted(verloop.steps), list(metingen.locaties), columns


@law(st.data(), examples=16)
def test_the_store_gives_what_the_history_gives_at_any_positie(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    posities = deliver(store, batches)
    tot, known_at = data.draw(pairs(events))
    van = tot - data.draw(st.sampled_from([timedelta(microseconds=1), timedelta(days=1), timedelta(days=400)]))
    found, at = store.verloop(van, tot, known_at)
    assert plain(found) == plain(verloop_of(events, van, tot, known_at))
    assert str(at) == posities[-1]
    for own_id in ("LOC-1", "LOC-2"):
        own, at = store.verloop(van, tot, known_at, locatie=own_id)
        assert plain(own) == plain(verloop_of([e for e in events if concerns(e, own_id, events)], van, tot, known_at))
    number = data.draw(st.integers(0, len(posities) - 1))
    found, at = store.verloop(van, tot, known_at, positie=posities[number])
    assert plain(found) == plain(verloop_of(arrived_by(batches, number), van, tot, known_at))
    assert str(at) == posities[number]


def concerns(one: Event, own_id: str, events: list[Event]) -> bool:
    """Tells whether an event is about this locatie, or retracts an event that is."""
    targets = {event.id for event in events if event.subject == own_id}
    return one.subject == own_id or (isinstance(one, Ingetrokken) and one.data.gebeurtenisId in targets)


COMPUTED = {
    "bezetting": Compute(partial(of_area, lies_in=lambda _: True)),
    "naleving": Compute(partial(of_naleving, lies_in=lambda here: here.code in GEMEENTEN), readings=False),
    "toezicht": Compute(partial(of_toezicht, grootheden=("onderToezicht", "termijnenVerlopen")), readings=False),
}


@law(st.data(), examples=5)
def test_what_is_kept_is_what_is_computed_anew(store: Store, data: Any) -> None:
    """A kept series stays right whatever events arrive between two requests, and however much time goes by."""
    events, batches = data.draw(deliveries())
    store = emptied(store)
    first, step = data.draw(st.sampled_from(points(events))), data.draw(st.sampled_from(STEPS))
    stap = data.draw(st.sampled_from(["dag", "week", "maand"]))
    van = border_after(first - data.draw(st.sampled_from([timedelta(days=3), timedelta(days=100)])), stap)
    kept = {name: Series(store, compute) for name, compute in COMPUTED.items()}
    looks = itertools.count()

    def look(_: int) -> None:
        now = max(first + next(looks) * step, van + INSTANT)
        borders = perioden(van, now, stap)
        periods = list(pairwise([*borders[:-1], border_after(borders[-2], stap)]))
        anew, at = store.verloop(van, now, now)
        for name, compute in COMPUTED.items():
            lijnen = compute.make(anew)
            for grootheid in lijnen.lijnen:
                found, known = kept[name].points(grootheid, periods, now)
                assert (str(known.at), known.known_at) == (str(at), now)
                assert found == lijnen.points(grootheid, borders)

    deliver(store, batches, look)
    look(0)


@pytest.fixture
def client(store, fill):
    fill(store, read(EVENTS), NOW)
    bring_up_to_date(store)
    with client_of(
        make_app("Proef", [api_router(Reader(store, lambda: NOW))], metrics=fresh_metrics(), checks={})
    ) as found:
        yield found


def series(client: httpx.Client, path: str, **asked: str) -> list[tuple[Any, ...]]:
    answer = client.get(f"/v1/{path}/reeks", params=asked)
    assert answer.status_code == 200, answer.text
    return [tuple(punt.values())[1:] for punt in answer.json()["punten"]]


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # the SQL is the same over HTTP
@pytest.mark.parametrize("asked", [{}, {"bekendOp": "2026-06-30"}], ids=["nu", "toen"])
def test_a_series_that_is_read_in_parts_speaks_of_one_positie(store, fill, client, monkeypatch, asked):
    """Many events arrive meanwhile, and the derived tables are updated for some of them."""
    monkeypatch.setattr(touched, "TOUCHED_MAX", 3)
    steps = itertools.count()

    def happening():
        for step in itertools.islice(steps, 1_000):
            moments = (f"2026-06-0{2 + n}T{step % 24:02}:{step // 24:02}:00Z" for n in range(5))
            fill(store, read([reading(step, moment) for moment in moments]), NOW)
            if step % 9 == 8:
                bring_up_to_date(store)
            yield

    busy = Busy(store.connection, happening())
    with client_of(
        make_app("Druk", [api_router(Reader(busy, lambda: NOW))], metrics=fresh_metrics(), checks={})
    ) as meanwhile:
        said = meanwhile.get("/v1/bezetting/reeks", params=DAYS | asked).json()
    assert 20 < next(steps) < 1_000
    again = client.get("/v1/bezetting/reeks", params=DAYS | asked | {"positie": said["positie"]}).json()
    assert said["punten"] == again["punten"]


def test_a_day_without_a_reading_says_what_the_last_one_said(client):
    before = {"bekendOp": "2026-06-10"}  # the correction was not known yet
    assert series(client, "locaties/LOC-UTRECHT", **DAYS, **before) == [
        (60, 60, pytest.approx((40 * 18 + 60 * 6) / 24), 1.0),
        (60, 60, 60.0, 0.0),
        (60, 60, 60.0, 0.0),
        (90, 90, pytest.approx((60 * 12 + 90 * 12) / 24), 1.0),
        (90, 90, 90.0, 0.0),
    ]
    assert series(client, "bezetting", **DAYS, **before) == series(client, "locaties/LOC-UTRECHT", **DAYS, **before)


def test_a_late_correction_repairs_only_the_day_that_it_touches(client):
    early = series(client, "bezetting", **DAYS, bekendOp="2026-06-10")
    late = series(client, "bezetting", **DAYS)
    assert [one == other for one, other in zip(early, late, strict=True)] == [False, True, True, True, True]
    assert late[0][:3] == (60, 99, pytest.approx((40 * 12 + 99 * 6 + 60 * 6) / 24))


def test_a_series_of_now_is_repaired_where_it_is_touched_and_nowhere_else(store, fill):
    """The causes: a late reading, a retraction, and an event whose `time` was in the future and has passed now."""
    now = [NOW]
    app = make_app("Proef", [api_router(Reader(store, lambda: now[0]))], metrics=fresh_metrics(), checks={})
    fill(store, read(EVENTS), NOW)
    ahead = reading(10, "2026-06-03T10:00:00Z", time="2026-07-01T00:05:00Z")
    wrong = {"gebeurtenisId": LATE["id"], "reden": "vergissing"}
    retraction = event("gebeurtenissen.ingetrokken", "LOC-UTRECHT", "2026-07-01", **wrong)
    with client_of(app) as client:

        def days() -> list[tuple[Any, ...]]:
            return series(client, "bezetting", **DAYS)

        seen = [days()]
        fill(store, read([reading(70, "2026-06-04T10:00:00Z", time="2026-06-30")]), NOW)
        seen.append(days())
        fill(store, read([retraction, ahead, reading(30, "2026-06-03T08:00:00Z", time="2026-06-30")]), NOW)
        seen.append(days())
        now[0] += timedelta(minutes=6)
        seen.append(days())
        assert series(client, "locaties/LOC-UTRECHT")[-1][:2] == (90, 90)
        assert series(client, "bezetting")[-1][:2] == (None, None), "the last count is of weeks ago"
        fill(store, read([reading(120, "2026-07-01T00:01:00Z", time="2026-07-01T00:02:00Z")]), NOW)
        assert series(client, "bezetting")[-1][:2] == (120, 120)
    changed = [[one != other for one, other in zip(*pair, strict=True)] for pair in pairwise(seen)]
    assert changed == [
        [False, False, True, True, False],  # from the late reading until the next one
        [True, True, True, False, False],
        [False, True, True, False, False],
    ]


def test_a_cyclus_that_nobody_knows_is_404(client):
    problem_of(client.get("/v1/naleving/reeks", params=DAYS | {"cyclus": "2030"}), 404)
    assert client.get("/v1/naleving/reeks", params=DAYS | {"cyclus": "2024"}).status_code == 200


def test_before_the_first_reading_nothing_is_known(client):
    assert series(client, "bezetting", van="2026-05-30", tot="2026-06-01")[0] == (None, None, None, 0.0)
    assert series(client, "bezetting", van="2012-05-30", tot="2012-06-01") == [(None, None, None, None)] * 2
    assert series(client, "bezetting", van="2012-05-30", tot="2012-06-01", grootheid="inzetbaar")[0][0] == 0


def test_before_a_locatie_was_known_its_series_is_empty(client):
    """It exists, so that it is not known then is an answer."""
    assert series(client, "locaties/LOC-UTRECHT", van="2012-05-30", tot="2012-06-01") == [(None, None, None, None)] * 2
    asked = {"van": "2012-05-30", "tot": "2012-06-01", "bekendOp": "2013-01-01"}
    problem_of(client.get("/v1/locaties/LOC-UTRECHT/reeks", params=asked), 404)  # then nothing was known of it at all


def test_a_class_changes_through_time_by_the_rule_that_is_asked_for(store, fill, client):
    """By a rule that asks for three more months, the 30 places that end on 1 November do not count in September."""
    rule = event(
        "spreidingswet.telregel-vastgesteld",
        "2024",
        "2026-01-01",
        naam="nog-drie",
        omschrijving="nog drie maanden",
        meetellendeSoorten=["regulier"],
        nogMinstensMaanden=3,
        geldigVanaf="2026-01-01",
    )
    months = {"van": "2026-08-01", "tot": "2026-12-01", "stap": "maand", "grootheid": "meetellend"}
    ruled = months | {"telregel": "nog-drie"}
    problem_of(client.get("/v1/naleving/reeks", params=ruled), 404)
    fill(store, read([rule]), NOW)
    assert [row[0] for row in series(client, "naleving", **months)] == [100, 30, 30, 0]
    for path in ("naleving", "gemeenten/GM0344"):
        assert [row[0] for row in series(client, path, **ruled)] == [100, 0, 0, 0]
    past = {"van": "2026-06-01", "tot": "2026-07-01", "stap": "maand", "grootheid": "voldoet"}
    assert series(client, "naleving", **past, telregel="nog-drie") == series(client, "naleving", **past)


def test_beyond_now_it_is_what_was_announced(client):
    months = {"van": "2026-08-01", "tot": "2026-12-01", "stap": "maand"}
    assert [row[0] for row in series(client, "bezetting", **months, grootheid="inzetbaar")] == [80, 30, 30, 0]
    assert [row[0] for row in series(client, "gemeenten/GM0344", **months, grootheid="meetellend")] == [100, 30, 30, 0]
    assert [row[0] for row in series(client, "gemeenten/GM0344", **months, grootheid="tekort")] == [0, 30, 30, 60]
    assert [row[0] for row in series(client, "provincies/PV26", **months, grootheid="tekort")] == [0, 30, 30, 60]
    assert [row[0] for row in series(client, "naleving", **months)] == [1, 0, 0, 0]
    assert [row[0] for row in series(client, "naleving", **months, grootheid="voldoetNiet")] == [0, 0, 0, 1]


def test_what_is_said_of_a_series(client):
    answer = client.get("/v1/bezetting/reeks", params=DAYS | {"bekendOp": "2026-06-30", "stap": "week"})
    said = answer.json()
    assert {name: said[name] for name in ("grootheid", "stap", "van", "tot", "bekendOp")} == {
        "grootheid": "aanwezig",
        "stap": "week",
        "van": "2026-06-01T22:00:00Z",
        "tot": "2026-06-06T22:00:00Z",
        "bekendOp": "2026-06-29T22:00:00Z",
    }
    assert [punt["begin"] for punt in said["punten"]] == ["2026-06-01T22:00:00Z"]
    assert "etag" in answer.headers
    assert len(series(client, "bezetting")) == 31
    assert len(series(client, "bezetting", stap="uur")) == 48


def test_at_its_positie_a_series_stays_as_it_was(client, store, fill):
    first = client.get("/v1/bezetting/reeks", params=DAYS).json()
    fill(store, read([reading(7, "2026-06-03T10:00:00Z")]), NOW)
    assert client.get("/v1/bezetting/reeks", params=DAYS).json()["punten"] != first["punten"]
    again = client.get("/v1/bezetting/reeks", params=DAYS | {"positie": first["positie"]}).json()
    assert again == first


def test_the_last_is_what_the_figure_itself_says(client):
    tot = parse_moment("2026-06-06T07:00:00Z")
    last = (tot - timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    asked = {"van": "2026-06-06", "tot": tot.isoformat().replace("+00:00", "Z"), "stap": "dag"}
    for grootheid in ("aanwezig", "bezettingsgraad", "inzetbaar", "plaatsen", "locaties"):
        figure = client.get("/v1/bezetting", params={"geldigOp": last}).json()
        ((laatste, _, _, dekking),) = series(client, "bezetting", **asked, grootheid=grootheid)
        assert (laatste, dekking) == (figure[grootheid], figure["dekking"])


@pytest.mark.parametrize(
    ("path", "asked", "veld", "melding"),
    [
        ("bezetting", {"van": "2020-01-01", "tot": "2026-01-01", "stap": "uur"}, "van", "geeft meer dan 20000 punten"),
        ("bezetting", {"van": "2026-02-01", "tot": "2026-01-01"}, "tot", "moet na het begin van de reeks liggen"),
        ("bezetting", {"stap": "kwartaal"}, "stap", ""),
        ("bezetting", {"grootheid": "temperatuur"}, "grootheid", ""),
        ("bezetting", {"bekendOp": "2040-01-01"}, "bekendOp", "ligt in de toekomst"),
        ("naleving", {"grootheid": "aanwezig"}, "grootheid", ""),
        ("gemeenten/GM0344", {"van": "1 juni"}, "van", "is geen bestaand moment"),
    ],
)
def test_what_can_not_be_given_is_told(client, path, asked, veld, melding):
    problem = problem_of(client.get(f"/v1/{path}/reeks", params=asked), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == [veld]
    assert melding in problem["fouten"][0]["melding"]


@pytest.mark.parametrize("path", ["locaties/LOC-ER-NIET", "gemeenten/GM9999", "provincies/PV99"])
def test_what_is_not_there_has_no_series(client, path):
    problem_of(client.get(f"/v1/{path}/reeks"), 404)
