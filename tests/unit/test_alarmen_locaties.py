"""What the shipped rules say about one locatie: who may come in, how full it is, its maximum, and who stayed behind."""

from datetime import timedelta

import pytest

from schemas.events import AlarmHersteld
from services.core.alarms.bewaakt.locaties import boven_maximum
from tests.support import make
from tests.support.alarm_help import NOW, live, look, one, rule, shipped
from tests.support.make import LOC, access, closed, limit, places, registered

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
FRESH = "2026-07-10T08:00:00Z"
LAST_DAY = NOW - DAY
LATEST = NOW - timedelta(hours=26)
SHUT = closed(vanaf="2026-07-10T09:00:00Z")


def reading(aanwezig, op=FRESH, **more):
    """People present, by default counted two hours before NOW."""
    return make.reading(aanwezig, op, **more)


@pytest.mark.parametrize("regime", ["gecontroleerd", "beperkt", "gesloten"])
def test_an_open_locatie_whose_reported_toegang_is_other_than_open_raises_an_alarm(regime):
    said = one(shipped("toegang"), live(registered(), access(regime)))
    assert (said.data.waarde, said.data.drempel, said.data.ernst) == (regime, "open", "waarschuwing")


def test_an_aanmeldcentrum_has_the_higher_ernst():
    said = one(shipped("toegang"), live(registered(soort="aanmeldcentrum"), access("gecontroleerd")))
    assert said.data.ernst == "hoog"


@pytest.mark.parametrize(
    "events",
    [
        [registered(), access("open")],
        [registered()],
        [access("gesloten")],
        [registered(), access("gesloten"), closed(vanaf="2025-01-01")],
        [registered(), access("gesloten", vanaf="2026-08-01")],
    ],
    ids=["open", "never reported", "not registered", "closed", "not yet in force"],
)
def test_no_alarm_about_toegang(events):
    assert one(shipped("toegang"), live(*events)) is None


@pytest.mark.parametrize(
    ("events", "waarde", "text"),
    [
        ([places(0), reading(5)], "geen plaatsen", "LOC-1 (LOC-1) heeft 5 aanwezigen en geen inzetbare plaatsen."),
        ([places(9, 0), reading(1)], "geen plaatsen", "LOC-1 (LOC-1) heeft 1 aanwezige en geen inzetbare plaatsen."),
        (
            [places(9, tot="2026-07-01"), reading(5)],
            "geen plaatsen",
            "LOC-1 (LOC-1) heeft 5 aanwezigen en geen inzetbare plaatsen.",
        ),
        (
            [places(1), reading(2)],
            2,
            "LOC-1 (LOC-1) is voor 200,0 % bezet (drempel 100 %): 2 aanwezigen op 1 inzetbare plaats.",
        ),
        (
            [places(3, 2), places(1, soort="nood"), reading(4)],
            4 / 3,
            "LOC-1 (LOC-1) is voor 133,3 % bezet (drempel 100 %): 4 aanwezigen op 3 inzetbare plaatsen.",
        ),
        ([places(0), reading(0)], None, None),
        ([places(9, tot="2026-07-01"), reading(0)], None, None),
        ([reading(5)], None, None),
        ([places(5)], None, None),
        ([places(1), reading(2), closed(vanaf="2025-01-01")], None, None),
    ],
    ids=[
        "0 places",
        "none usable",
        "expired",
        "one place",
        "all soorten",
        "empty",
        "expired and empty",
        "places unknown",
        "never read",
        "closed",
    ],
)
def test_a_locatie_is_too_full_when_it_is_above_capacity(events, waarde, text):
    said = one(shipped("locatie-bezetting"), live(registered(), *events))
    assert (said and said.data.waarde, said and said.data.toelichting) == (waarde, text)


@pytest.mark.parametrize(
    ("events", "waarde"),
    [
        ([reading(506, FRESH)], 506),
        ([reading(506, "2026-07-09T06:59:59Z")], None),
        ([reading(506, "2026-07-09T07:00:00Z")], 506),
        ([reading(506, "2026-07-10T09:30:00Z")], 506),
        ([reading(506, FRESH), reading(0, "2026-07-10T09:30:00Z")], None),
        ([], None),
        ([reading(506, FRESH), registered(vanaf="2026-07-10T09:30:00Z")], None),
    ],
    ids=["just before", "too old at closing", "26 hours old", "after it", "left since", "never read", "open again"],
)
def test_people_in_a_closed_locatie_are_told_as_they_are_counted(events, waarde):
    beeld = live(registered(), places(1000), SHUT, *events)
    said = one(shipped("gesloten-met-mensen"), beeld)
    assert (said and said.data.waarde) == waarde
    assert beeld.landelijk.delen.aanwezig_gesloten == (waarde or 0)


@pytest.mark.parametrize(
    ("naam", "text"),
    [
        ("locatie-bezetting", "is{} voor 120,0 % bezet (drempel 100 %): 120 aanwezigen op 100 inzetbare plaatsen."),
        ("boven-maximum", "heeft{} 120 aanwezigen, 20 boven het maximum van 100."),
    ],
)
def test_of_an_old_reading_the_sentence_says_of_when_it_is(naam, text):
    facts = [registered(), places(100), limit(100)]
    fresh = one(shipped(naam), live(*facts, reading(120, LATEST.isoformat())))
    old = one(shipped(naam), live(*facts, reading(120, (LATEST - INSTANT).isoformat())))
    assert fresh.data.toelichting == f"LOC-1 (LOC-1) {text.format('')}"
    assert old.data.toelichting == f"LOC-1 (LOC-1) {text.format(' volgens de laatste meting, van 9 jul 2026 10:00,')}"


def test_an_alarm_about_a_locatie_ends_when_all_have_left_it_and_its_places_ended():
    log, full = [], [registered(), places(10, tot="2026-07-11"), reading(11)]
    look([shipped("locatie-bezetting")], live(*full), log)
    (end,) = look([shipped("locatie-bezetting")], live(*full, reading(0, "2026-07-12"), now=NOW + 2 * DAY), log)
    assert (type(end), end.data.waarde) == (AlarmHersteld, 0)
    assert end.data.toelichting == "LOC-1 (LOC-1) heeft geen aanwezigen en geen inzetbare plaatsen."


@pytest.mark.parametrize(
    ("events", "waarde", "text"),
    [
        ([limit(2000), reading(2101)], 101, "LOC-1 (LOC-1) heeft 2.101 aanwezigen, 101 boven het maximum van 2.000."),
        ([limit(0), reading(1)], 1, "LOC-1 (LOC-1) heeft 1 aanwezige, 1 boven het maximum van 0."),
        ([limit(5, tot="2026-07-01"), reading(9)], None, None),
        ([limit(5), limit(9, vanaf="2026-07-01"), reading(9)], None, None),
        ([limit(5)], None, None),
        ([reading(9)], None, None),
        ([limit(5), reading(9), closed(vanaf="2025-01-01")], None, None),
    ],
    ids=["above", "of nobody", "expired", "raised", "never read", "no maximum", "closed"],
)
def test_above_a_maximum_is_above_the_one_in_force(events, waarde, text):
    beeld = live(registered(), *events)
    said = one(shipped("boven-maximum"), beeld)
    assert (said and said.data.waarde, said and said.data.toelichting) == (waarde, text)
    assert boven_maximum(beeld) == ([] if said is None else [LOC])


@pytest.mark.parametrize("grootheid", ["locatie-bezettingsgraad", "personen-boven-maximum"])
def test_an_older_reading_than_the_rule_takes_is_not_known(grootheid):
    regel = rule(grootheid=grootheid, drempel=0, versBinnen="1d", geenGegevens="houd")
    full = [registered(), places(10), limit(10), reading(11, LAST_DAY.isoformat())]
    assert one(regel, live(*full)) is not None
    assert one(regel, live(*full, now=NOW + INSTANT)) is None
    assert one(rule(grootheid=grootheid, drempel=0), live(*full, now=NOW + 99 * DAY)) is not None
