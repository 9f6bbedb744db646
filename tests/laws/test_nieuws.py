"""Recent changes and announcements agree with the registers, and free places with the locaties."""

from datetime import timedelta

from hypothesis import given

from schemas.events import Ingetrokken
from services.core.bezetting import ruimte
from services.core.fold import fold, history, writes
from services.core.locaties import locaties
from services.core.reasons.nieuws import aankondigingen, wijzigingen
from services.core.registers import Winner, end_of_write
from services.core.standen import standen
from tests.support.strategies import LAW, asked

DAY, AHEAD = timedelta(days=1), timedelta(days=400)
NEWS = ("registratie", "open", "plaatsen", "toegang", "maximum", "cyclus", "opgave", "overdracht", "toezicht")


@LAW
@given(asked())
def test_what_changed_is_what_differs_from_the_registers_of_a_day_ago(case):
    """If another event holds a register than a day ago, that event is named, unless only a retraction caused it."""
    events, valid_at, known_at = case
    now, before = fold(events, valid_at, known_at), fold(events, valid_at - DAY, known_at - DAY)
    since = min(valid_at, known_at) - DAY
    named = {(one.onderwerp, one.event_id) for one in wijzigingen(now, since)}
    for key, winner in now.items():
        other = key not in before or before[key].event_id != winner.event_id
        lately = max(winner.effective_at, winner.recorded_at) > since
        if key[1].partition(".")[0] in NEWS and other and lately:
            assert (key[0], winner.event_id) in named, key
    assert named <= {(key[0], winner.event_id) for key, winner in now.items()}
    moments = [one.moment for one in wijzigingen(now, since)]
    assert all(moment <= valid_at for moment in moments)


@LAW
@given(asked())
def test_what_is_announced_comes_true(case):
    """The registers change at every announced moment."""
    events, valid_at, known_at = case
    until = valid_at + AHEAD
    now = fold(events, valid_at, known_at)
    steps = history(events, until, known_at)
    ahead = [
        ((subject, register), winner) for (subject, register, moment), winner in steps.items() if moment > valid_at
    ]
    found = aankondigingen(now, ahead, valid_at, until)
    assert [one.moment for one in found] == sorted(one.moment for one in found)
    assert all(valid_at < one.moment <= until for one in found)
    begins = {(key[0], winner.effective_at) for key, winner in ahead if key[1].partition(".")[0] in NEWS}
    ends = {(key[0], end_of_write(key, winner)) for key, winner in now.items()}
    told = {(one.onderwerp, one.moment) for one in found}
    assert begins <= told <= begins | ends
    for key, winner in now.items():
        end = end_of_write(key, winner)
        overtaken = any(other == key and one.effective_at <= end for other, one in ahead) if end else True
        if not overtaken and valid_at < end <= until and winner.value.get("aantal", 1):
            assert (key[0], end) in told


@LAW
@given(asked())
def test_announcements_are_the_same_however_they_are_read(case):
    """The result is the same for all future writes and for only the winning one of each moment."""
    events, valid_at, known_at = case
    until = valid_at + AHEAD
    now = fold(events, valid_at, known_at)
    every = [
        ((event.subject, write.register), Winner(write.value, write.effective_at, event.time, event.id))
        for event in unretracted(events, known_at)
        for write in writes(event)
        if write.effective_at > valid_at
    ]
    steps = history(events, until, known_at).items()
    winning = [((subject, register), winner) for (subject, register, at), winner in steps if at > valid_at]
    assert aankondigingen(now, every, valid_at, until) == aankondigingen(now, winning, valid_at, until)


def unretracted(events, known_at):
    known = [event for event in events if event.time <= known_at]
    gone = {(event.data.gebeurtenisId, event.source) for event in known if isinstance(event, Ingetrokken)}
    return [event for event in known if (event.id, event.source) not in gone]


@LAW
@given(asked())
def test_free_places_and_people_without_one_are_those_of_each_locatie(case):
    events, valid_at, known_at = case
    every = locaties(fold(events, valid_at, known_at), valid_at)
    left = [
        one.inzetbaar - one.aanwezig
        for one in every
        if one.counts and one.aanwezig is not None and one.inzetbaar is not None
    ]
    found = ruimte(standen(every), valid_at)
    if not left:
        assert found is None
        return
    assert (found.vrij, found.tekort) == (sum(max(0, one) for one in left), sum(max(0, -one) for one in left))
    assert (found.met_tekort, found.geteld) == (sum(one < 0 for one in left), len(left))
