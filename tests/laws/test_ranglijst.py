"""What stands out rests on fresh readings: a null has no rank, and nobody hears of a locatie that it may not meet."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import format_moment
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.ranglijst import Verschuiving, ranglijst, verschuivingen
from services.core.standen import standen
from tests.support.make import closed, moment, places, reading, registered
from tests.support.strategies import FRESH, LAW, asked

NOW = moment("2026-10-28T14:30:00Z")
DAY = timedelta(days=1)


def before(hours):
    return format_moment(NOW - timedelta(hours=hours))


def found_in(events, now=NOW, known_at=NOW):
    """Returns every locatie, its ids, and the columns of numbers."""
    every = locaties(fold(events, now, known_at), now)
    return every, [one.id for one in every], standen(every)


def is_fresh(one, now):
    return one.counts and one.peilmoment is not None and now - one.peilmoment <= FRESH


names = st.sampled_from(["LOC-1", "LOC-2", "LOC-3", "LOC-4"])
when = st.sampled_from([0, 1, 25, 26, 27, 49, 51, 80])
people = st.sampled_from([0, 10, 50, 51, 90])
one_of_them = st.one_of(
    st.builds(lambda one, many, hours: reading(many, before(hours), locatie=one), names, people, when),
    st.builds(lambda one, many: places(many, locatie=one), names, st.sampled_from([0, 40, 50])),
    st.builds(registered, names),
    st.builds(lambda one, hours: closed(one, before(hours)), names, when),
)
worlds = st.lists(one_of_them, max_size=16)


@LAW
@given(worlds)
def test_only_fresh_readings_and_known_places_have_a_rank(events):
    every, ids, stand = found_in(events)
    found = ranglijst(stand, ids, NOW)
    by_id = {one.id: one for one in every}
    ranked = [one.id for one in every if is_fresh(one, NOW) and one.bezettingsgraad is not None]
    assert sorted(found.volste) == sorted(ranked)
    graden = [by_id[own_id].bezettingsgraad for own_id in found.volste]
    assert graden == sorted(graden, reverse=True)
    assert ranglijst(stand, ids, NOW, most=2).volste == found.volste[:2]


@LAW
@given(worlds)
def test_an_open_locatie_is_in_one_list_or_has_nobody_and_no_places(events):
    every, ids, stand = found_in(events)
    found = ranglijst(stand, ids, NOW)
    for one in every:
        wanted = {
            "volste": is_fresh(one, NOW) and one.bezettingsgraad is not None,
            "zonder_plaatsen": is_fresh(one, NOW) and not one.inzetbaar and one.aanwezig > 0,
            "stil": one.counts and not is_fresh(one, NOW),
        }
        assert {name: one.id in list_ for name, list_ in found._asdict().items()} == wanted
        assert sum(wanted.values()) <= 1


@LAW
@given(asked())
def test_the_lists_do_not_depend_on_the_order_in_which_locaties_stand(drawn):
    events, now, known_at = drawn
    every = locaties(fold(events, now, known_at), now)
    forth, back = (ranglijst(standen(some), [one.id for one in some], now) for some in (every, list(reversed(every))))
    assert forth == back


@LAW
@given(worlds)
def test_people_moved_only_where_both_moments_can_be_said(events):
    every, ids, stand = found_in(events)
    then = NOW - DAY
    at_then = {one.id: one for one in locaties(fold(events, then, NOW), then)}
    toen = {
        own_id: at_then[own_id].aanwezig
        for own_id in at_then
        if at_then[own_id].peilmoment is not None and then - at_then[own_id].peilmoment <= FRESH
    }
    found = verschuivingen(stand, ids, NOW, toen)
    wanted = {
        one.id: (toen[one.id], one.aanwezig)
        for one in every
        if is_fresh(one, NOW) and one.id in toen and one.aanwezig != toen[one.id]
    }
    assert {one.id: (one.toen, one.nu) for one in found} == wanted
    sizes = [abs(one.verschil) for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_the_largest_comes_first_whether_people_came_or_left():
    world = [
        event
        for n, (toen, nu) in enumerate([(100, 104), (300, 200), (50, 50), (10, 100)])
        for event in (
            registered(f"LOC-{n}"),
            reading(toen, before(25), locatie=f"LOC-{n}"),
            reading(nu, before(1), locatie=f"LOC-{n}"),
        )
    ]
    _, ids, stand = found_in(world)
    found = verschuivingen(stand, ids, NOW, {"LOC-0": 100, "LOC-1": 300, "LOC-2": 50, "LOC-3": 10})
    assert [(one.id, one.verschil) for one in found] == [("LOC-1", -100), ("LOC-3", 90), ("LOC-0", 4)]
    assert found[0] == Verschuiving("LOC-1", 300, 200)
