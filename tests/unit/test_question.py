"""A question is one value. Each of its fields decides which stored answer belongs to it."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from schemas.fields import parse_moment
from services.reads.memory import HELD_MAX, Memory
from services.reads.question import Audience, NotKnownError, Question, question_of_now

NOW = parse_moment("2026-05-26T08:00:00Z")
THEN = parse_moment("2026-05-01T08:00:00Z")
ASKED = Question(THEN, THEN, NOW, Audience.LEZER)
OTHER = {
    "geldig_op": NOW,
    "bekend_op": NOW,
    "audience": Audience.EVERYTHING,
    "positie": "1-2",
    "cyclus": "2024",
    "telregel": "ruim",
}
"""For each field, a value that differs from that of ASKED."""


def test_every_field_has_another_value_here():
    decides = {field.name for field in fields(Question) if field.compare}
    assert decides == {*OTHER, "now"}, "say in OTHER what else the new field may be"


@pytest.mark.parametrize("field", OTHER)
def test_what_is_kept_of_one_question_is_never_given_to_another(field):
    memory, other = Memory(), replace(ASKED, **{field: OTHER[field]})
    memory.keep("name", ASKED, "source", 1)
    assert other.cache_key != ASKED.cache_key
    assert memory.find("name", other, "source") is None
    assert memory.given("name", other, "source", lambda: 2) == 2
    assert memory.find("name", ASKED, "source") == 1


def test_the_same_question_asked_later_is_given_the_same():
    memory = Memory()
    for asked in (ASKED, question_of_now(THEN, Audience.EVERYTHING)):
        memory.keep("name", asked, "source", asked)
        later = asked.moved_to(NOW) if asked.of_now else replace(asked, now=NOW + timedelta(hours=1))
        assert memory.given("name", later, "source", lambda: pytest.fail("made again")) is asked


def test_what_rests_on_something_else_or_on_nothing_that_can_be_told_is_made_anew():
    memory = Memory()
    made = iter(range(10))
    given = [memory.given("name", ASKED, source, lambda: next(made)) for source in ("a", "a", "b", "a", None, None)]
    assert given == [0, 0, 1, 2, 3, 4]


def test_the_oldest_make_room():
    memory = Memory()
    for number in range(HELD_MAX + 1):
        memory.keep(number, ASKED, "source", number)
    assert memory.find(0, ASKED, "source") is None
    assert memory.find(1, ASKED, "source") == 1
    assert memory.find(HELD_MAX, ASKED, "source") == HELD_MAX


def test_present_past_and_what_follows_new_events():
    now = question_of_now(NOW, Audience.EVERYTHING)
    assert (now.of_now, now.follows_new_events, now.known_in_the_past) == (True, True, False)
    at = now.counted_at("1-2")
    assert (at.of_now, at.follows_new_events, at.known_in_the_past) == (True, False, False)
    assert (ASKED.of_now, ASKED.follows_new_events, ASKED.known_in_the_past) == (False, False, True)


def test_what_is_not_known_says_when_and_what_it_became():
    error = NotKnownError("gemeente", "GM0005", ASKED, successor="GM1966")
    assert str(error) == (
        "Geen gemeente 'GM0005' op 1 mei 2026 10:00, met wat bekend was op 1 mei 2026 10:00. "
        "De locaties en de opgave staan bij GM1966."
    )
    assert "staan bij" not in str(NotKnownError("gemeente", "GM0005", ASKED, successor="GM0005"))
