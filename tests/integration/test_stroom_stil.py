"""What a listener may not see moves nothing in its stream: no message, and no figures that come sooner."""

from uuid import NAMESPACE_URL, uuid5

import pytest

from schemas.fields import parse_moment
from services.api import stroom
from services.api.stroom import MISSED_MAX, Stroom
from services.reads.question import Audience
from services.reads.reader import Reader
from services.store.model import Place
from services.store.store import Store
from tests.support.alarm_help import look, shipped, view
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics
from tests.support.web_events import EVENTS, event, reading, registered

NOW = parse_moment("2026-05-26T08:00:00Z")
BOTH = (Audience.LEZER, Audience.EVERYTHING)


def clock():
    return NOW


def secret(time: str) -> dict:
    about = {"naam": "Stil", "gemeente": "GM0344", "soort": "azc", "zichtbaarheid": "afgeschermd"}
    return event("opvanglocaties.locatie-geregistreerd", "LOC-STIL", time, geldigVanaf="2026-01-01", **about)


def regime(locatie: str) -> dict:
    return event("opvanglocaties.toegang-gewijzigd", locatie, "2026-05-01", geldigVanaf="2026-05-01", regime="beperkt")


@pytest.fixture
def listening(store: Store, fill, monkeypatch) -> Stroom:
    """A stream whose listeners heard the figures just now. Only a change makes it tell them again."""
    fill(store, read([*EVENTS, secret("2026-01-01")]), ontvangen_op=NOW)
    monkeypatch.setattr(stroom, "FIGURES_SECONDS", -1.0)
    monkeypatch.setattr(stroom, "FIGURES_SECONDS_MAX", 1e9)
    made = Stroom(Reader(store, clock), fresh_metrics())
    made._look(BOTH)
    return made


def told(stroom: Stroom) -> list[Audience | None]:
    return [said.audience for said, _ in stroom._look(BOTH)]


def test_figures_come_sooner_only_for_what_a_listener_may_see(listening: Stroom, store: Store, fill) -> None:
    assert told(listening) == []
    for hidden in (
        reading("LOC-STIL", 70, "2026-05-26T07:00:00Z"),
        secret("2026-05-26"),
        event("opvanglocaties.locatie-gesloten", "LOC-STIL", "2026-05-26", geldigVanaf="2027-01-01"),
    ):
        fill(store, read([hidden]), ontvangen_op=NOW)
        assert told(listening) == [Audience.EVERYTHING]
    fill(store, read([reading("LOC-UTRECHT", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    assert sorted(map(str, told(listening))) == sorted(map(str, BOTH))
    announced = event("opvanglocaties.locatie-gesloten", "LOC-UTRECHT", "2026-05-26", geldigVanaf="2027-01-01")
    fill(store, read([announced]), ontvangen_op=NOW)
    assert len(told(listening)) == 2, "what is announced is news too"


def test_that_time_goes_by_is_no_news_and_what_a_listener_may_see_is(
    listening: Stroom, store: Store, fill, monkeypatch
) -> None:
    monkeypatch.setattr(stroom, "FIGURES_SECONDS_MAX", -1.0)
    assert {said.news for said, _ in listening._look(BOTH)} == {False}
    fill(store, read([reading("LOC-STIL", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    assert {said.audience for said, _ in listening._look(BOTH) if said.news} == {Audience.EVERYTHING}
    fill(store, read([reading("LOC-UTRECHT", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    assert {said.audience for said, _ in listening._look(BOTH) if said.news} == set(BOTH)


def test_how_much_was_missed_counts_what_a_listener_may_see(listening: Stroom, store: Store) -> None:
    events = [registered("LOC-OPEN", "Open", "GM0344"), secret("2026-01-01"), regime("LOC-OPEN"), regime("LOC-STIL")]
    made = look([shipped("toegang")], view(read(events), NOW), [])
    hidden, shown = (next(one for one in made if one.subject == locatie) for locatie in ("LOC-STIL", "LOC-OPEN"))
    store.alarms.insert([(Place(1, 0, n), hidden) for n in range(1, 3)])
    many = [
        (Place(1, 0, 10 + n), hidden.model_copy(update={"id": str(uuid5(NAMESPACE_URL, str(n)))}))
        for n in range(MISSED_MAX + 5)
    ]
    store.alarms.insert([*many, (Place(1, 0, 5000), shown)])
    since = store.sealed.place((1, 0))
    assert [one.event.subject for one in listening._missed(Audience.LEZER, since)] == ["LOC-OPEN"]
    assert listening._missed(Audience.EVERYTHING, since) is None, "too many"
    assert [one.event.subject for one in listening._missed(Audience.EVERYTHING, "1.4000")] == ["LOC-OPEN"]
    assert listening._missed(Audience.LEZER, "1.4000") is None, "a place that is not sealed is not asked of a lezer"
