"""The last days of a locatie say at each midnight what the locatie itself said then, and since when it is overfull."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import format_moment
from services.core.delen import STANDAARD
from services.core.fold import fold
from services.core.history.loop import lopen
from services.core.history.reeks import laatste_dagen
from services.core.locaties import locatie
from tests.support.figures import verloop_of
from tests.support.make import LOC, closed, moment, places, reading, registered
from tests.support.strategies import LAW, RECENT, points

INSTANT = timedelta(microseconds=1)
NOW = moment("2026-10-28T14:30:00Z")
"""Three days after the clock went back."""


def before(hours):
    return format_moment(NOW - timedelta(hours=hours))


hours = st.integers(-30, 24 * 20)
"""How long before now."""
people = st.tuples(st.sampled_from([10, 49, 50, 51, 90]), hours).map(lambda one: reading(one[0], before(one[1])))
counted = st.lists(people, min_size=2, max_size=12)
capacities = st.builds(
    lambda many, since, lasts: places(many, vanaf=before(since), tot=None if lasts is None else before(since - lasts)),
    st.sampled_from([0, 40, 50, 60]),
    hours,
    st.none() | st.integers(1, 200),
)
others = hours.map(lambda since: closed(vanaf=before(since))) | hours.map(lambda since: registered(vanaf=before(since)))
worlds = st.builds(
    lambda *parts: [registered(), places(50), *(event for part in parts for event in part)],
    counted,
    st.lists(capacities, max_size=2),
    st.lists(others, max_size=2),
)


def state(events, when):
    """Returns the locatie at a moment; None where its reading says nothing of that moment."""
    found = locatie(fold(events, when, NOW + RECENT), LOC, when)
    return found if found.counts and STANDAARD.is_recent(found.peilmoment, when) else None


def is_full(events, when):
    found = state(events, when)
    return found is not None and found.boven_capaciteit


def told(events, days=14):
    """Returns the borders of the days, and what is told of them; the course holds the readings that may matter."""
    borders = laatste_dagen(NOW, days)
    verloop = verloop_of(events, borders[0] - RECENT - INSTANT, NOW + INSTANT, NOW + RECENT)
    (loop, unknown) = lopen(verloop, [LOC, "LOC-9"], borders)
    assert unknown == ([None] * days, None, False)
    return borders, loop


@LAW
@given(worlds)
def test_each_day_has_what_the_locatie_said_at_its_last_instant(events):
    borders, loop = told(events)
    ends = [state(events, border - INSTANT) for border in borders[1:]]
    assert loop.dagen == [None if one is None else one.bezettingsgraad for one in ends]


@LAW
@given(worlds, st.sampled_from([1, 3, 14]))
def test_it_is_overfull_from_then_until_now_and_was_not_just_before(events, days):
    borders, loop = told(events, days)
    assert (loop.vol_sinds is not None) == is_full(events, NOW)
    if loop.vol_sinds is None:
        assert not loop.langer
        return
    named = [*points(events), *(one + RECENT + INSTANT for one in points(events))]
    for when in (loop.vol_sinds, *(one for one in named if loop.vol_sinds <= one <= NOW)):
        assert is_full(events, when)
    assert loop.vol_sinds == borders[0] if loop.langer else not is_full(events, loop.vol_sinds - INSTANT)


def test_a_full_locatie_is_so_since_its_first_such_reading_and_a_gap_begins_anew():
    full = [registered(), places(50)]
    _, loop = told([*full, reading(40, before(60)), reading(60, before(40)), reading(70, before(5))])
    assert (loop.vol_sinds, loop.langer) == (NOW - timedelta(hours=40), False)
    _, loop = told([*full, reading(60, before(200)), reading(70, before(5))])
    assert (loop.vol_sinds, loop.langer) == (NOW - timedelta(hours=5), False)
    borders, loop = told([*full, *(reading(60, before(day)) for day in range(0, 500, 24))])
    assert (loop.vol_sinds, loop.langer) == (borders[0], True)


def test_the_days_are_the_last_dutch_days_that_are_over_also_where_the_clock_changes():
    for now, odd in (("2026-03-30T10:00:00Z", 23), ("2026-10-26T10:00:00Z", 25), ("2026-06-01T22:00:00Z", 24)):
        borders = laatste_dagen(moment(now), 14)
        long = {
            (second - first) // timedelta(hours=1) for first, second in pairwise(one.astimezone() for one in borders)
        }
        assert len(borders) == 15
        assert borders[-1] <= moment(now) < borders[-1] + timedelta(days=1)
        assert long == {24, odd}
