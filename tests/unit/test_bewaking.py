"""Since when somebody watches: from the first look or the first transition, and from nothing else."""

from datetime import timedelta
from itertools import permutations

import pytest

from schemas.events import AlarmGemeld, StilteIngesteld, type_name
from schemas.parsing import Invalid, parse_alarms, parse_facts
from services.core.alarms.alarmen import Ketens, envelope
from services.core.alarms.bewaking import BEGIN_ID, bewaking_begonnen
from services.core.alarms.boek import Alarmboek
from tests.support.alarm_help import NOW, confirmed, live, look, rule, stored
from tests.support.make import places, reading, registered

DAY = timedelta(days=1)
BEGUN, LATER = bewaking_begonnen(NOW), bewaking_begonnen(NOW + DAY)


def alarm(now):
    (made,) = look([rule()], live(registered(), places(100), reading(120, "2026-07-01"), now=now), [])
    return made


def silence(now):
    own_id = "0198f0a0-0000-7000-8000-000000000001"
    said = {"stilteId": own_id, "vanaf": "2026-07-01", "tot": "2026-07-02", "reden": "proef", "doorWie": "iemand"}
    return StilteIngesteld.model_validate(envelope(StilteIngesteld, own_id, "NL", now) | {"data": said})


def delivered(of, now):
    said = {"alarmId": of.id, "overgang": of.id, "ontvanger": "kamer", "uitkomst": "bezorgd", "poging": 1}
    own_id = "0198f0a0-0000-7000-8000-000000000002"
    return AlarmGemeld.model_validate(envelope(AlarmGemeld, own_id, "NL", now) | {"data": said})


def since(*events):
    found = {Alarmboek([*order, *order]).sinds for order in permutations(events)}
    assert len(found) == 1, "the order and repeats change nothing"
    return found.pop()


def test_the_earliest_of_what_was_said_counts():
    assert since() is None
    assert since(BEGUN) == NOW
    assert since(LATER, BEGUN) == NOW
    assert since(BEGUN, alarm(NOW + DAY)) == NOW


def test_of_a_log_in_which_nobody_said_it_the_first_transition_tells():
    assert since(alarm(NOW), alarm(NOW + DAY)) == NOW
    assert since(alarm(NOW), LATER) == NOW


def test_what_people_and_receivers_do_makes_nobody_watch():
    first = alarm(NOW)
    acts = silence(NOW - DAY), confirmed(first, "2026-07-01T00:00:00Z", "iemand"), delivered(first, NOW - DAY)
    assert since(*acts) is None
    assert since(*acts, first) == NOW
    assert since(*acts, LATER) == NOW + DAY


def test_it_has_one_id_and_is_no_alarm():
    assert {BEGUN.id, LATER.id} == {BEGIN_ID}
    boek = Alarmboek([BEGUN])
    assert boek.add(LATER) is None
    assert (list(boek.alarmen()), boek.stiltes, Ketens([BEGUN]).last) == ([], [], {})
    assert stored([BEGUN]) == [BEGUN]


@pytest.mark.parametrize("event", [BEGUN])
def test_nobody_may_send_it_as_a_fact(event):
    body = event.model_dump_json(exclude_none=True).encode()
    (refused,) = parse_facts(body)
    assert isinstance(refused, Invalid)
    assert type_name(type(event)) in event.type
    assert parse_alarms(body) == (event,)
