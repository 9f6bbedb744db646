"""The steps of an alarm, their events, and the alarms that these events make."""

from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from schemas.events import AlarmGeactiveerd, AlarmHersteld, AlarmHerstellend, AlarmWachtend, type_name
from services.core.alarms.alarmen import SOURCE, STATUS, Ketens
from services.core.alarms.overgang import said_of, transition, transition_id
from tests.support import make
from tests.support.alarm_help import NOW, confirmed, live, look, one, rule, shipped, shown, stored
from tests.support.make import LOC, access, closed, places, registered, retracted

MINUTE = timedelta(minutes=1)
KEY = ("proef", LOC)


def reading(aanwezig, op="2026-07-10T08:00:00Z", **more):
    """People present, by default counted two hours before NOW."""
    return make.reading(aanwezig, op, **more)


def steps(regel, *views):
    log = []
    for beeld in views:
        look([regel], beeld, log)
    return [(STATUS[type(one)], one.time, one.data.waarde) for one in log]


def at(minutes, aanwezig):
    return live(registered(), places(100), reading(aanwezig), now=NOW + minutes * MINUTE)


def test_all_four_states():
    regel = rule(wisdrempel=0.97, voor="2m", blijfActief="3m")
    assert steps(regel, at(0, 101), at(1, 102), at(2, 103), at(3, 96), at(4, 95), at(5, 99), at(6, 98)) == [
        ("wachtend", NOW, 1.01),
        ("actief", NOW + 2 * MINUTE, 1.03),
        ("herstellend", NOW + 3 * MINUTE, 0.96),
        ("hersteld", NOW + 6 * MINUTE, 0.98),
    ]


def test_between_the_thresholds_an_alarm_stays_and_none_begins():
    """At the threshold that clears it, the alarm stays: 97 % is not below 97 %."""
    assert steps(rule(wisdrempel=0.97), at(0, 99), at(1, 101), at(2, 99), at(3, 97), at(4, 96), at(5, 100)) == [
        ("actief", NOW + MINUTE, 1.01),
        ("hersteld", NOW + 4 * MINUTE, 0.96),
    ]


def test_what_passes_before_it_held_so_long_is_no_alarm():
    regel = rule(voor="2m")
    assert steps(regel, at(0, 101), at(1, 100), at(2, 101), at(3.9, 101), at(4, 101)) == [
        ("wachtend", NOW, 1.01),
        ("hersteld", NOW + MINUTE, 1),
        ("wachtend", NOW + 2 * MINUTE, 1.01),
        ("actief", NOW + 4 * MINUTE, 1.01),
    ]


def test_time_in_which_the_value_is_not_known_does_not_count():
    """It was above the threshold for one minute and then for two, with nine minutes in between that nobody knows of."""
    regel, log = rule(voor="3m", versBinnen="60s"), []

    def seen(minutes, aanwezig, read_at):
        moment = (NOW + read_at * MINUTE).isoformat()
        now = NOW + minutes * MINUTE
        return live(registered(), places(100), reading(aanwezig, moment), now=now)

    looks = [(0, 101, 0), (1, 101, 0), (2, 101, 0), (9, 101, 0), (11, 102, 11), (12, 102, 12), (13, 103, 13)]
    for look_ in looks:
        look([regel], seen(*look_), log)
    assert [(STATUS[type(one)], one.time - NOW, one.data.onbekendSinds, one.data.waarde) for one in log] == [
        ("wachtend", 0 * MINUTE, None, 1.01),
        ("wachtend", 2 * MINUTE, NOW + 2 * MINUTE, None),
        ("wachtend", 11 * MINUTE, None, 1.02),
        ("actief", 12 * MINUTE, None, 1.02),
    ]
    (alarm,) = shown(log, NOW + 99 * MINUTE)
    assert (alarm.sinds, alarm.actief_sinds, alarm.waarde) == (NOW, NOW + 12 * MINUTE, 1.02)
    assert stored(log) == log


def test_a_lack_of_data_is_an_alarm_of_its_own_for_each_rule_and_onderwerp():
    regels = [rule(naam=naam, geenGegevens="alarm") for naam in ("een", "twee")]
    blind, seen = live(registered(), places(100)), at(1, 90)
    log = []
    look(regels, blind, log)
    assert [(one.data.regel, one.data.voorRegel, one.subject) for one in log] == [
        ("te-weinig-gegevens", "een", LOC),
        ("te-weinig-gegevens", "twee", LOC),
    ]
    assert len({one.id for one in log}) == 2
    assert look(regels, blind, log) == []
    ends = look(regels, seen, log)
    assert [(type(one), one.data.voorRegel) for one in ends] == [(AlarmHersteld, "een"), (AlarmHersteld, "twee")]
    assert (
        ends[0].data.toelichting
        == "LOC-1 (LOC-1) is voor 90,0 % bezet (drempel 100 %): 90 aanwezigen op 100 inzetbare plaatsen."
    )
    assert {(one.voor_regel, one.status) for one in shown(log, NOW + MINUTE)} == {
        ("een", "hersteld"),
        ("twee", "hersteld"),
    }


def test_when_a_rule_no_longer_tells_of_a_lack_of_data_that_alarm_ends():
    log = []
    look([rule(geenGegevens="alarm")], live(registered()), log)
    (end,) = look([rule(geenGegevens="houd")], live(registered()), log)
    assert (type(end), end.data.regel, end.data.voorRegel) == (AlarmHersteld, "te-weinig-gegevens", "proef")


def test_what_comes_back_while_it_recovers_is_the_same_alarm():
    log = []
    for beeld in (at(0, 101), at(1, 90), at(2, 101), at(3, 90), at(9, 90)):
        look([rule(blijfActief="5m")], beeld, log)
    assert [STATUS[type(one)] for one in log] == ["actief", "herstellend", "actief", "herstellend", "hersteld"]
    assert {one.data.alarmId for one in log} == {log[0].id}


@pytest.mark.parametrize("aanwezig", [101, 90], ids=["active", "recovering"])
def test_what_is_gone_ends_at_once(aanwezig):
    """This holds for any `blijfActief`, since a locatie that closed will report nothing more."""
    regel, log = rule(blijfActief="9d"), []
    look([regel], at(0, 101), log)
    look([regel], at(1, aanwezig), log)
    (end,) = look([regel], live(registered(), closed(vanaf="2025-01-01"), now=NOW + 2 * MINUTE), log)
    assert (type(end), end.data.waarde) == (AlarmHersteld, None)
    assert end.data.toelichting == "LOC-1 (LOC-1) telt hiervoor niet meer mee."


def test_a_retracted_cause_ends_its_alarm():
    report, log = access("gesloten"), []
    look([shipped("toegang")], live(registered(), report), log)
    assert look([shipped("toegang")], live(registered(), report, retracted(report)), log) == [], "unknown is no end"
    (end,) = look([shipped("toegang")], live(registered(), report, retracted(report), access("open")), log)
    assert (type(end), end.data.waarde) == (AlarmHersteld, "open")


def test_only_about_the_onderwerpen_that_are_named():
    beeld = live(
        registered(),
        places(1),
        reading(2),
        registered("LOC-2"),
        access("gesloten", locatie="LOC-2"),
        places(1, locatie="LOC-2"),
        reading(2, locatie="LOC-2"),
    )
    log = []
    assert [one.subject for one in look([rule()], beeld, log)] == ["LOC-1", "LOC-2"]
    (end,) = look([rule(onderwerpen=["LOC-2"])], beeld, log)
    assert (type(end), end.subject) == (AlarmHersteld, "LOC-1")


def test_a_rule_that_is_no_more_ends_its_alarms():
    """This also holds if another rule has a transition at that moment."""
    log = []
    look([rule(naam="oud", labels={"team": "regio"}, blijfActief="9d")], at(0, 101), log)
    new, end = look([rule()], at(1, 101), log)
    assert (type(new), new.data.regel) == (AlarmGeactiveerd, "proef")
    assert (type(end), end.data.regel, end.data.waarde, end.data.drempel) == (AlarmHersteld, "oud", None, 1)
    assert (end.data.labels, end.data.ernst, end.data.runbook) == ({"team": "regio"}, "hoog", "deploy/runbook.md#proef")
    assert end.data.toelichting == "De regel bestaat niet meer."


def test_of_one_alarm_the_ernst_stays_the_same():
    """This also holds if the rule changes meanwhile. The next alarm has the new ernst."""
    log = []
    look([rule(ernst="info", blijfActief="1m")], at(0, 101), log)
    for minutes, aanwezig in ((1, 90), (3, 90), (4, 101)):
        look([rule(ernst="kritiek", blijfActief="1m")], at(minutes, aanwezig), log)
    assert [(type(one), one.data.ernst) for one in log] == [
        (AlarmGeactiveerd, "info"),
        (AlarmHerstellend, "info"),
        (AlarmHersteld, "info"),
        (AlarmGeactiveerd, "kritiek"),
    ]


def test_a_rule_that_no_longer_waits_makes_an_alarm_of_what_waited():
    log = []
    look([rule(voor="9d")], at(0, 101), log)
    (made,) = look([rule()], at(1, 101), log)
    assert (type(made), made.data.alarmId) == (AlarmGeactiveerd, log[0].id)


def test_what_inhibits_others_begins_before_them_and_ends_after_them():
    """Who reads them in order and stops halfway then never tells of what is held back."""
    regels = [rule(naam="een", onderdruktDoor=["twee"]), rule(naam="twee")]
    log = []
    assert [one.data.regel for one in look(regels, at(0, 101), log)] == ["twee", "een"]
    ended = look(regels, at(1, 1), log)
    assert [(type(one), one.data.regel) for one in ended] == [(AlarmHersteld, "een"), (AlarmHersteld, "twee")]


# The events -----------------------------------------------------------------------------------------------------------


def test_an_activation_is_an_event_of_our_own_about_the_subject_of_its_cause():
    made = one(rule(), at(0, 101))
    assert (made.type, made.source, made.subject, made.time) == (type_name(AlarmGeactiveerd), SOURCE, LOC, NOW)
    data = made.data
    assert (data.regel, data.ernst, data.waarde, data.drempel, data.sinds) == ("proef", "hoog", 1.01, 1.0, NOW)
    assert (data.alarmId, data.vorige, data.grootheid) == (made.id, None, "locatie-bezettingsgraad")


def test_each_names_the_one_before_it_and_the_alarm_that_it_is_of():
    log = []
    for minutes, aanwezig in enumerate((101, 99, 101)):
        look([rule()], at(minutes, aanwezig), log)
    first, recovery, second = log
    assert (recovery.data.alarmId, recovery.data.vorige) == (first.id, first.id)
    assert (recovery.time, recovery.data.sinds) == (NOW + MINUTE, NOW)
    assert (recovery.data.waarde, recovery.data.drempel) == (0.99, 1.0)
    assert (second.data.alarmId, second.data.vorige) == (second.id, recovery.id)
    assert len({one.id for one in log}) == 3


def test_the_id_is_a_uuid5_of_rule_subject_previous_transition_and_what_it_becomes():
    made = one(rule(), at(0, 101))
    assert made.id == transition_id(KEY, None, "actief")
    assert UUID(made.id).version == 5
    others = [
        transition_id(("toegang", LOC), None, "actief"),
        transition_id(KEY, made.id, "actief"),
        transition_id(("proef", "LOC-2"), None, "actief"),
        transition_id(KEY, None, "wachtend"),
    ]
    assert len({made.id, *others}) == 5


def test_two_instances_make_the_same_transition_and_the_earliest_stands():
    first, later = one(rule(), at(0, 101)), one(rule(), at(1, 102))
    assert first.id == later.id
    for log in ([first, later], [later, first]):
        assert [(alarm.id, alarm.sinds) for alarm in shown(log, NOW + MINUTE)] == [(first.id, NOW)]


def test_of_two_that_say_different_things_of_one_moment_the_earliest_stands_with_what_follows_from_it():
    """One instance saw the locatie close. The other had not heard of that, and saw a recovery and a new alarm."""
    regel, one_log = rule(blijfActief="9m"), []
    look([regel], at(0, 101), one_log)
    other_log = list(one_log)
    look([regel], live(registered(), closed(vanaf="2025-01-01"), now=NOW + MINUTE), one_log)
    look([regel], at(2, 90), other_log)
    look([regel], at(3, 101), other_log)
    assert [STATUS[type(one)] for one in other_log] == ["actief", "herstellend", "actief"]
    for log in ([*one_log, *other_log], [*other_log, *one_log]):
        assert Ketens(log).of(KEY) == one_log
        (alarm,) = shown(log, NOW + 9 * MINUTE)
        assert (alarm.status, alarm.hersteld_op) == ("hersteld", NOW + MINUTE)
        (again,) = look([regel], at(4, 101), log)
        assert [alarm.id for alarm in shown(log, NOW + 9 * MINUTE)] == [again.id, alarm.id]


def test_a_transition_reads_back_as_it_was_made():
    log = []
    regels = [rule(voor="1m", blijfActief="1m", labels={"team": "regio"}, onderdruktDoor=["ander"]), shipped("toegang")]
    for minutes, aanwezig in enumerate((101, 101, 90, 90)):
        beeld = live(registered(), places(100), reading(aanwezig), access("beperkt"), now=NOW + minutes * MINUTE)
        look(regels, beeld, log)
    assert {type(one) for one in log} == {AlarmWachtend, AlarmGeactiveerd, AlarmHerstellend, AlarmHersteld}
    assert stored(log) == log


def test_a_transition_keeps_to_the_schema():
    with pytest.raises(ValidationError):
        transition("actief", KEY, None, NOW, said_of(rule(), "hoog", float("nan"), None))


# The alarms that the events make --------------------------------------------------------------------------------------


def test_alarms_are_shown_by_the_transitions_up_to_k():
    log = []
    for minutes, aanwezig in enumerate((101, 102, 99, 98)):
        look([rule(voor="1m", blijfActief="1m")], at(minutes, aanwezig), log)
    assert shown(log, NOW - MINUTE) == []
    alarms = [shown(log, NOW + minutes * MINUTE)[0] for minutes in range(4)]
    assert [(a.status, a.waarde, a.actief_sinds, a.hersteld_op, a.open) for a in alarms] == [
        ("wachtend", 1.01, None, None, False),
        ("actief", 1.02, NOW + MINUTE, None, True),
        ("herstellend", 1.02, NOW + MINUTE, None, True),
        ("hersteld", 0.98, NOW + MINUTE, NOW + 3 * MINUTE, False),
    ]
    assert {(a.id, a.sinds, a.ernst, a.onderwerp, a.runbook) for a in alarms} == {
        (log[0].id, NOW, "hoog", LOC, "deploy/runbook.md#proef")
    }
    assert [a.duur_seconden(NOW + 9 * MINUTE) for a in alarms] == [None, 480, 480, 120]
    assert alarms[3].toelichting == log[3].data.toelichting


def test_what_only_waited_is_no_alarm():
    log = []
    for minutes, aanwezig in enumerate((101, 99)):
        look([rule(voor="5m")], at(minutes, aanwezig), log)
    assert [alarm.status for alarm in shown(log, NOW)] == ["wachtend"]
    assert shown(log, NOW + MINUTE) == []


def test_each_activation_is_an_alarm_of_its_own_and_the_newest_comes_first():
    log = []
    for minutes, aanwezig in enumerate((101, 99, 101)):
        look([rule()], at(minutes, aanwezig), log)
    alarms = shown(log, NOW + 9 * MINUTE)
    assert [(alarm.status, alarm.sinds) for alarm in alarms] == [("actief", NOW + 2 * MINUTE), ("hersteld", NOW)]


def test_a_confirmation_shows_who_took_an_alarm_up_and_changes_nothing_else():
    log = []
    (made,) = look([rule()], at(0, 101), log)
    early = confirmed(made, "2026-07-10T10:10:00Z", "medewerker-7")
    late = confirmed(made, "2026-07-10T10:20:00Z", "medewerker-8", "Overgenomen")
    (before,) = shown([*log, early, late], NOW + MINUTE)
    assert before.bevestiging is None
    for events in ([*log, early, late], [late, early, *log]):
        (then,), (after,) = shown(events, early.time), shown(events, late.time)
        assert (then.bevestiging.door, then.bevestiging.op, then.bevestiging.notitie) == (
            "medewerker-7",
            early.time,
            None,
        )
        assert (after.bevestiging.door, after.bevestiging.notitie) == ("medewerker-8", "Overgenomen")
        assert (after.status, after.sinds, after.waarde) == (before.status, before.sinds, before.waarde)
        assert look([rule()], at(90, 101), list(events)) == []
