"""A retraction hides its target for every K from its own `time` on, provided that both have the same source."""

from datetime import datetime
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Event
from tests.support.bodies import IDS, SOURCES
from tests.support.figures import figures
from tests.support.strategies import INSTANT, LAW, asked, points, read, retractions

NEW, UNKNOWN = "00000000-0000-7000-8000-000000000001", "ffffffff-ffff-7fff-bfff-ffffffffffff"


class Case(NamedTuple):
    """A set of events with a (V, K), one of these events, and a moment at which it may be retracted."""

    events: list[Event]
    valid_at: datetime
    known_at: datetime
    target: Event
    moment: datetime


@st.composite
def cases(draw):
    events, valid_at, known_at = draw(asked().filter(lambda case: case[0]))
    return Case(events, valid_at, known_at, draw(st.sampled_from(events)), draw(st.sampled_from(points(events)[1:])))


def retraction(target: str, source: str, moment: datetime) -> list[Event]:
    return read(
        [
            {
                "specversion": "1.0",
                "id": NEW,
                "source": source,
                "type": "nl.gebeurtenissen.ingetrokken.v1",
                "subject": "LOC-1",
                "time": moment.isoformat(),
                "data": {"gebeurtenisId": target, "reden": "vergissing"},
            }
        ]
    )


@LAW
@given(cases())
def test_a_retraction_hides_its_target_from_its_own_time_on(case):
    """This also holds if its time is before that of its target. The order of arrival does not matter."""
    both = [*retraction(case.target.id, case.target.source, case.moment), *case.events]
    hides = case.known_at >= case.moment and case.target not in retractions(case.events)
    left = [event for event in case.events if event is not case.target] if hides else case.events
    assert figures(both, case.valid_at, case.known_at) == figures(left, case.valid_at, case.known_at)


@LAW
@given(cases())
def test_it_hides_from_exactly_that_moment(case):
    both = [*case.events, *retraction(case.target.id, case.target.source, case.moment)]
    just_before = case.moment - INSTANT
    assert figures(both, case.valid_at, just_before) == figures(case.events, case.valid_at, just_before)


@LAW
@given(cases())
def test_a_retraction_under_another_source_has_no_effect(case):
    other = next(source for source in SOURCES if source != case.target.source)
    both = [*case.events, *retraction(case.target.id, other, case.moment)]
    assert figures(both, case.valid_at, case.known_at) == figures(case.events, case.valid_at, case.known_at)


@LAW
@given(cases())
def test_a_retraction_of_an_unknown_id_has_no_effect_until_that_arrives(case):
    both = [*case.events, *retraction(UNKNOWN, case.target.source, case.moment)]
    assert figures(both, case.valid_at, case.known_at) == figures(case.events, case.valid_at, case.known_at)


@LAW
@given(cases(), st.sampled_from(IDS[:10]), st.sampled_from(SOURCES))
def test_a_retraction_of_a_retraction_has_no_effect(case, target, source):
    first = retraction(target, source, case.moment)
    second = [event.model_copy(update={"id": UNKNOWN}) for event in retraction(NEW, source, case.moment)]
    once, twice = [*case.events, *first], [*case.events, *first, *second]
    assert figures(twice, case.valid_at, case.known_at) == figures(once, case.valid_at, case.known_at)
