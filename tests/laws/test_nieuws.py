"""Recent changes and announcements agree with the registers, and free places with the locaties."""

from datetime import timedelta

from hypothesis import given

from schemas.events import Ingetrokken
from services.core.bezetting import ruimte
from services.core.delen import STANDAARD
from services.core.fold import fold, history, writes
from services.core.locaties import locaties
from services.core.reasons.nieuws import aankondigingen, wijzigingen
from services.core.registers import LENSES, Register, Winner, end_of_write
from services.core.standen import standen
from tests.support import make
from tests.support.strategies import LAW, asked

DAY, AHEAD = timedelta(days=1), timedelta(days=400)
NEWS = {register.declared.name for register in Register if not register.declared.no_news}


@LAW
@given(asked())
def test_what_changed_is_what_differs_from_the_registers_of_a_day_ago(case):
    """If another event holds a register than a day ago, that event is named, unless only a retraction caused it."""
    events, valid_at, known_at = case
    now, before = fold(events, valid_at, known_at), fold(events, valid_at - DAY, known_at - DAY)
    since = (valid_at - DAY, known_at - DAY)
    named = {(one.onderwerp, one.event_id) for one in wijzigingen(now, since)}
    lately = {
        key: winner
        for key, winner in now.items()
        if (winner.effective_at > since[0] and not Register.of(key).declared.lens) or winner.recorded_at > since[1]
    }
    for key, winner in lately.items():
        other = key not in before or before[key].event_id != winner.event_id
        if key[1].partition(".")[0] in NEWS and other:
            assert (key[0], winner.event_id) in named, key
    assert named <= {(key[0], winner.event_id) for key, winner in lately.items()}
    moments = [one.moment for one in wijzigingen(now, since)]
    assert all(moment <= max(valid_at, known_at) for moment in moments)


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
    news = NEWS - {register.declared.name for register in LENSES}
    begins = {(key[0], winner.effective_at) for key, winner in ahead if key[1].partition(".")[0] in news}
    ends = {(key[0], end_of_write(key, winner)) for key, winner in now.items()}
    told = {(one.onderwerp, one.moment) for one in found}
    assert begins <= told <= begins | ends
    for key, winner in now.items():
        end = end_of_write(key, winner)
        overtaken = any(other == key and one.effective_at <= end for other, one in ahead) if end else True
        if not overtaken and valid_at < end <= until and Register.of(key).said_at_end(key[1], winner.value):
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
        if one.counts and STANDAARD.is_recent(one.peilmoment, valid_at) and one.inzetbaar is not None
    ]
    found = ruimte(standen(every), valid_at)
    if not left:
        assert found is None
        return
    assert (found.vrij, found.tekort) == (sum(max(0, one) for one in left), sum(max(0, -one) for one in left))
    assert (found.met_tekort, found.geteld) == (sum(one < 0 for one in left), len(left))


def test_a_rule_is_news_when_it_is_known_whatever_moment_it_names():
    """It names a moment far ahead, and is told as a change of the moment at which it became known."""
    known = make.moment("2025-03-01T12:00:00Z")
    rule = make.rule("streng", vanaf="2027-01-01T00:00:00Z", time="2025-03-01T12:00:00Z")
    now = fold([rule], known + DAY, known + DAY)
    assert [
        (one.onderwerp, one.moment, one.zin, one.event_id) for one in wijzigingen(now, (known - DAY, known - DAY))
    ] == [("2024", known, "telregel streng: de telregel streng", rule.id)]
    assert wijzigingen(now, (known + DAY, known + DAY)) == []
    ahead = [(key, winner) for key, winner in now.items()]
    assert aankondigingen(now, ahead, known, known + 1000 * DAY) == []


def test_what_became_of_a_verdeelbesluit_is_news_and_so_is_its_end():
    stopped = make.stand("geschorst", vanaf="2025-03-01T00:00:00Z", tot="2025-06-01", zaak="ECLI:NL:1")
    valid_at = make.moment("2025-03-02")
    now = fold([stopped], valid_at, valid_at)
    said = [one.zin for one in wijzigingen(now, (valid_at - 3 * DAY, valid_at - 3 * DAY))]
    assert said == ["verdeelbesluit van cyclus 2024: geschorst (ECLI:NL:1), tot 1 jun 2025"]
    ends = aankondigingen(now, [], valid_at, valid_at + 200 * DAY)
    assert [(one.moment, one.zin) for one in ends] == [
        (make.moment("2025-06-01"), "verdeelbesluit van cyclus 2024: niet meer geschorst")
    ]
    valid = fold([make.stand("geldend", tot="2025-06-01T00:00:00Z")], valid_at, valid_at)
    assert aankondigingen(valid, [], valid_at, valid_at + 200 * DAY) == []
