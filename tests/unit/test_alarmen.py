"""What the alarm rules say of a live view, and what their transitions look like."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from schemas.events import AlarmBevestigd, AlarmGeactiveerd, AlarmHersteld, type_name
from schemas.reading import read_alarms
from services.core.alarmen import SOURCE, Desired, alarmen_at, desired, latest_of, reconcile, transition_id
from services.core.bezetting import bezetting
from services.core.locaties import locaties
from services.core.registers import fold
from services.core.standen import standen
from tests.make import LOC, access, closed, moment, places, reading, registered, retracted

NOW = moment("2026-07-10T10:00:00.123456Z")
MINUTE = timedelta(minutes=1)
NL, AT_LOC = ("landelijke-bezetting", "NL"), ("toegang", LOC)
FULL = [registered(), places(100), reading(101)]


def said(*events):
    """What the rules say of the live view."""
    found = locaties(fold(events, NOW, NOW), NOW)
    return desired(found, bezetting(standen(found), NOW))


def tick(events, log, now=NOW):
    """One look at the live view; the log grows by what it made."""
    made = reconcile(said(*events), latest_of(log, now), now)
    log += made
    return made


# The rules


@pytest.mark.parametrize(("aanwezig", "actief"), [(101, True), (100, False), (0, False)])
def test_landelijke_bezetting_above_100_percent_is_kritiek(aanwezig, actief):
    view = said(registered(), places(100), reading(aanwezig))
    assert view[NL] == Desired(actief=actief, ernst="kritiek", waarde=aanwezig / 100, drempel=1.0)


def test_an_unknown_rate_neither_raises_nor_clears():
    assert said()[NL].actief is None
    log = []
    assert tick([], log) == []
    assert [type(one) for one in tick(FULL, log)] == [AlarmGeactiveerd]
    assert tick([], log) == []
    assert [type(one) for one in tick([*FULL, reading(99, "2025-01-01")], log)] == [AlarmHersteld]


@pytest.mark.parametrize("regime", ["gecontroleerd", "beperkt", "gesloten"])
def test_an_open_locatie_whose_reported_toegang_is_other_than_open_raises_an_alarm(regime):
    assert said(registered(), access(regime))[AT_LOC] == Desired(
        actief=True, ernst="waarschuwing", waarde=regime, drempel="open"
    )


def test_an_aanmeldcentrum_has_the_higher_ernst():
    assert said(registered(soort="aanmeldcentrum"), access("gecontroleerd"))[AT_LOC].ernst == "hoog"


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
    assert not any(one.actief for one in said(*events).values())


def test_a_closed_or_withdrawn_cause_ends_its_alarm():
    report = access("gesloten")
    for end in (closed(vanaf="2025-01-01"), retracted(report)):
        log = []
        tick([registered(), report], log)
        recovered = tick([registered(), report, end], log)
        assert [(type(one), one.data.waarde) for one in recovered] == [(AlarmHersteld, None)]


# The transitions


def test_an_activation_is_an_event_of_our_own_about_the_subject_of_its_cause():
    (made,) = tick(FULL, [])
    assert (made.type, made.source, made.subject, made.time) == (type_name(AlarmGeactiveerd), SOURCE, "NL", NOW)
    data = made.data
    assert (data.regel, data.ernst, data.waarde, data.drempel, data.sinds) == (NL[0], "kritiek", 1.01, 1.0, NOW)
    assert (data.alarmId, data.vorige) == (made.id, None)


def test_a_recovery_names_its_activation_and_the_next_activation_names_that():
    log = []
    for n, aanwezig in enumerate((101, 99, 101)):
        tick([registered(), places(100), reading(aanwezig)], log, NOW + n * MINUTE)
    first, recovery, second = log
    assert (recovery.data.alarmId, recovery.data.vorige) == (first.id, first.id)
    assert (recovery.time, recovery.data.sinds) == (NOW + MINUTE, NOW)
    assert (recovery.data.waarde, recovery.data.drempel) == (0.99, 1.0)
    assert (second.data.alarmId, second.data.vorige) == (second.id, recovery.id)
    assert len({one.id for one in log}) == 3


def test_the_id_is_a_uuid5_of_rule_subject_and_previous_transition():
    (made,) = tick(FULL, [])
    assert made.id == transition_id(NL, None)
    assert UUID(made.id).version == 5
    others = [transition_id(AT_LOC, None), transition_id(NL, made.id), transition_id((NL[0], "PV27"), None)]
    assert len({made.id, *others}) == 4


def test_two_instances_make_the_same_transition_and_the_earliest_stands():
    (one,), (other,) = tick(FULL, [], NOW), tick(FULL, [], NOW + MINUTE)
    assert one.id == other.id
    for log in ([one, other], [other, one]):
        assert [(alarm.id, alarm.sinds) for alarm in alarmen_at(log, NOW + MINUTE)] == [(one.id, NOW)]


def test_a_transition_reads_back_as_it_was_made():
    log = []
    tick([*FULL, access("beperkt")], log)
    tick([registered()], log)
    assert [read_alarms(one.model_dump_json(exclude_none=True).encode())[0] for one in log] == log


def test_a_transition_keeps_to_the_schema():
    view = {NL: replace(said(*FULL)[NL], waarde=float("nan"))}
    with pytest.raises(ValidationError):
        reconcile(view, {}, NOW)


# The alarms as they are shown


def test_alarms_are_shown_by_the_transitions_up_to_k():
    log = []
    tick(FULL, log)
    tick([*FULL, reading(99, "2025-01-01")], log, NOW + MINUTE)
    before = alarmen_at(log, NOW - MINUTE)
    (then,), (after,) = alarmen_at(log, NOW), alarmen_at(log, NOW + MINUTE)
    assert before == []
    assert (then.status, then.waarde, then.hersteld_op) == ("actief", 1.01, None)
    assert (after.status, after.waarde, after.hersteld_op) == ("hersteld", 0.99, NOW + MINUTE)
    assert (then.id, then.sinds, then.ernst, then.onderwerp) == (after.id, after.sinds, after.ernst, after.onderwerp)
    assert then.runbook is not None


def test_each_activation_is_an_alarm_of_its_own_and_the_newest_comes_first():
    log = []
    for n, aanwezig in enumerate((101, 99, 101)):
        tick([registered(), places(100), reading(aanwezig)], log, NOW + n * MINUTE)
    shown = alarmen_at(log, NOW + 9 * MINUTE)
    assert [(alarm.status, alarm.sinds) for alarm in shown] == [("actief", NOW + 2 * MINUTE), ("hersteld", NOW)]


def test_a_confirmation_shows_who_took_an_alarm_up_and_changes_nothing_else():
    log = []
    (made,) = tick(FULL, log)
    raw = made.model_dump(mode="json", exclude_none=True) | {
        "type": type_name(AlarmBevestigd), "id": "00000000-0000-7000-8000-000000000001", "time": "2026-07-10T11:00:00Z",
    }  # fmt: skip
    raw["data"]["bevestigdDoor"] = "medewerker-7"
    confirmed = AlarmBevestigd.model_validate(raw)
    (before,), (after,) = alarmen_at([*log, confirmed], NOW + MINUTE), alarmen_at([*log, confirmed], confirmed.time)
    assert (before.bevestigd_door, after.bevestigd_door) == (None, "medewerker-7")
    assert replace(after, bevestigd_door=None) == before
    assert tick(FULL, [*log, confirmed], NOW + 90 * MINUTE) == []
