"""What a listener may not see moves nothing in its stream: no message, and no figures that come sooner.

What changes by the clock alone does: a reading that grows too old, places that end, a silence that is over.
"""

import asyncio
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from schemas.events import StilteIngesteld
from schemas.fields import format_moment, parse_moment
from services.api import stroom
from services.api.sight import Listeners
from services.api.stroom import MISSED_MAX, Stroom
from services.core.alarms.alarmen import envelope
from services.reads.cijfers import Totaalcijfers
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.store.model import Place, StoreUnavailableError
from services.store.store import Store
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics
from tests.support.web_events import EVENTS, event, reading, registered

NOW = parse_moment("2026-05-26T08:00:00Z")
BOTH = (Audience.LEZER, Audience.EVERYTHING)
FIGURES, SIGNALS = ([Listeners(audience, signals) for audience in BOTH] for signals in (False, True))
INSTANT = timedelta(microseconds=1)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Counting(Reader):
    """A reader that knows how often it was asked for sums."""

    asked = 0

    def totalen(self, question: Question) -> Totaalcijfers:
        self.asked += 1
        return super().totalen(question)


def secret(time: str) -> dict:
    about = {"naam": "Stil", "gemeente": "GM0344", "soort": "azc", "zichtbaarheid": "afgeschermd"}
    return event("opvanglocaties.locatie-geregistreerd", "LOC-STIL", time, geldigVanaf="2026-01-01", **about)


def regime(locatie: str) -> dict:
    return event("opvanglocaties.toegang-gewijzigd", locatie, "2026-05-01", geldigVanaf="2026-05-01", regime="beperkt")


def silence(vanaf: datetime, tot: datetime) -> StilteIngesteld:
    own_id = str(uuid5(NAMESPACE_URL, "stilte"))
    said = {"stilteId": own_id, "regel": "toegang", "vanaf": format_moment(vanaf), "tot": format_moment(tot)}
    said |= {"reden": "Proef", "doorWie": "p-" + "0" * 16}
    return StilteIngesteld.model_validate(envelope(StilteIngesteld, own_id, "NL", vanaf) | {"data": said})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(store: Store, clock: Clock) -> Counting:
    return Counting(store, clock)


@pytest.fixture
def listening(reader: Counting, fill, monkeypatch) -> Stroom:
    """A stream whose listeners heard the figures just now. Only a change makes it tell them again."""
    fill(reader.store, read([*EVENTS, secret("2026-01-01")]), ontvangen_op=NOW)
    monkeypatch.setattr(stroom, "FIGURES_SECONDS", -1.0)
    monkeypatch.setattr(stroom, "FIGURES_SECONDS_MAX", 1e9)
    made = Stroom(reader, fresh_metrics())
    made._look(FIGURES)
    return made


def told(stroom: Stroom, listeners: list[Listeners] = FIGURES) -> list[Audience]:
    said = [message.listeners for message, _ in stroom._look(listeners) if message.listeners is not None]
    assert set(said) <= set(listeners)
    return [one.audience for one in said]


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
    assert (told(listening, SIGNALS), len(told(listening))) == ([], 2)
    fill(store, read([reading("LOC-STIL", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    assert told(listening, SIGNALS) == [Audience.EVERYTHING]
    fill(store, read([reading("LOC-UTRECHT", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    assert sorted(map(str, told(listening, SIGNALS))) == sorted(map(str, BOTH))


def test_for_who_hears_signals_alone_no_sum_is_computed(listening: Stroom, reader: Counting, fill, monkeypatch) -> None:
    asked = reader.asked
    for people, seconds in ((61, 1e9), (62, -1.0)):
        monkeypatch.setattr(stroom, "FIGURES_SECONDS_MAX", seconds)
        fill(reader.store, read([reading("LOC-UTRECHT", people, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
        assert len(told(listening, SIGNALS)) == 2
    client = listening.join(Listeners(Audience.LEZER, signals=True))
    assert asyncio.run(listening.begin(client, None)).said == []
    assert reader.asked == asked
    assert len(told(listening, [*FIGURES, *SIGNALS])) == 2, "the figures, since it is a while, and no news"
    assert reader.asked == asked + 2


@pytest.mark.parametrize("hours", [26, 78])
def test_a_reading_that_grows_too_old_is_news_at_that_moment(
    listening: Stroom, store: Store, fill, clock: Clock, hours: int
) -> None:
    for locatie, minute in (("LOC-UTRECHT", 10), ("LOC-STIL", 20)):
        fill(store, read([reading(locatie, 70, f"2026-05-26T07:{minute}:00Z")]), ontvangen_op=NOW)
    assert len(told(listening)) == 2
    too_old = parse_moment("2026-05-26T07:10:00Z") + timedelta(hours=hours) + INSTANT
    clock.now = too_old - INSTANT
    told(listening)  # a day began
    assert told(listening) == []
    clock.now = too_old
    assert len(told(listening)) == 2
    clock.now = too_old + timedelta(minutes=10) - INSTANT
    assert told(listening) == []
    clock.now += INSTANT
    assert told(listening) == [Audience.EVERYTHING], "who may not meet a locatie does not hear that it is silent"


def test_what_ends_is_news_when_it_does(listening: Stroom, store: Store, fill, clock: Clock) -> None:
    places = {"plaatsen": [{"soort": "regulier", "aantal": 40}], "geldigTot": "2026-05-26T09:30:00Z"}
    lasting = event(
        "opvanglocaties.capaciteit-gewijzigd", "LOC-UTRECHT", "2026-05-26T07:00:00Z", geldigVanaf="2026-05-26", **places
    )
    fill(store, read([lasting]), ontvangen_op=NOW)
    store.alarms.insert([(Place(1, 0, 1), silence(NOW, NOW + timedelta(hours=1)))])
    assert len(told(listening)) == 2
    for moment in ("2026-05-26T09:00:00Z", "2026-05-26T09:30:00Z"):
        clock.now = parse_moment(moment) - INSTANT
        assert told(listening) == []
        clock.now += INSTANT
        assert len(told(listening)) == 2
        assert told(listening) == []


def test_what_a_store_that_failed_halfway_kept_back_is_told_after_it(listening, store, fill, monkeypatch) -> None:
    listening.join(Listeners(Audience.EVERYTHING))
    listening._look(FIGURES)
    fill(store, read([reading("LOC-UTRECHT", 70, "2026-05-26T07:00:00Z")]), ontvangen_op=NOW)
    keep(
        store,
        look([shipped("toegang")], view(read([registered("LOC-OPEN", "Open", "GM0344"), regime("LOC-OPEN")]), NOW), []),
    )

    def away(*_asked: object) -> frozenset[str]:
        raise StoreUnavailableError("weg")

    with monkeypatch.context() as failing:
        failing.setattr(Store, "shielded", away)
        with pytest.raises(StoreUnavailableError):
            listening._look(FIGURES)
    said = [message for message, _ in listening._look(FIGURES)]
    assert [one.onderwerp for one in said if one.at is not None] == ["LOC-OPEN"]
    assert {one.listeners for one in said if one.at is None} == set(FIGURES)
    assert listening._look(FIGURES) == []


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


def test_a_step_of_toezicht_is_news_where_its_listener_is_told_something_of_it(listening, store, fill) -> None:
    lezer, groningen = Listeners(Audience.LEZER, signals=True), Listeners(Audience.LEZER, True, frozenset({"GM0014"}))
    desk = Listeners(Audience.EVERYTHING, signals=True)

    def news(code: str, stap: str, time: str) -> set[Listeners | None]:
        fill(store, read([event("spreidingswet.toezichtstap-gezet", code, time, stap=stap, gezetOp=time)]), NOW)
        return {message.listeners for message, _ in listening._look([lezer, groningen, desk])}

    listening._look([lezer, groningen, desk])
    assert news("GM0014", "brief", "2026-05-20") == {lezer, groningen, desk}, "that steps are known at all is told"
    assert news("GM0344", "brief", "2026-05-20") == {desk}, "how many are in a step is told from three on"
    assert news("GM0363", "brief", "2026-05-20") == {lezer, groningen, desk}, "now there are three, and that is told"
    assert news("GM0363", "brief", "2026-05-25") == {desk}, "the same step once more changes no number"
    assert news("GM0014", "brief", "2026-05-25") == {groningen, desk}
