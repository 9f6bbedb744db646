"""The parts of a difference add up to the whole, and the named events are enough to cause it."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.core.bezetting import overschrijding
from services.core.fold import fold, writes
from services.core.reasons.oorzaken import Oorzaken, intrekkingen
from services.core.reasons.verschil import verschillen
from services.core.registers import Register
from services.reads.verschil import figures, point_of, rows_of
from tests.support import make
from tests.support.figures import readings
from tests.support.strategies import LAW, event_lists, pairs
from tests.support.vergeleken import cijfers_of, compared, drawn


def boven(events, cijfers):
    """Returns the days of each locatie above its maximum."""
    at = cijfers.herkomst.geldig_op, cijfers.herkomst.bekend_op
    return {
        locatie.id: overschrijding(locatie.maximum, readings(events, locatie.id, *at))
        for locatie in cijfers.locaties
        if locatie.maximum is not None
    }


def with_causes(events, cijfers):
    """Returns each difference with the ids of the events that made it."""
    punten = [point_of(one) for one in cijfers]
    gone = intrekkingen(events, punten[0].known_at, punten[-1].known_at)
    above = [boven(events, one) for one in cijfers]
    return rows_of(cijfers, Oorzaken(punten, gone), boven=above, about=lambda _: events)


def known_at_first(events, cijfers):
    """Returns the events that were known at the first K, and in effect at the first V or known as a rule."""
    at = cijfers[0].herkomst
    lens = [event for event in events for write in writes(event) if Register.of_name(write.register).declared.lens]
    known = [event for event in events if event.time <= at.bekend_op]
    announced = [event for event in known if any(write.effective_at > at.geldig_op for write in writes(event))]
    return [event for event in known if event in lens or event not in announced]


@LAW
@given(st.data())
def test_the_parts_add_up_to_the_whole_and_nothing_is_left_out(data):
    _, cijfers = drawn(data)
    points = [figures(one) for one in cijfers]
    rows = {(row.onderwerp, row.grootheid): row for row in verschillen(*points)}
    for cel in {cel for point in points for cel in point}:
        said = tuple(point.get(cel) for point in points)
        if cel not in rows:
            assert len(set(said)) == 1
            continue
        row = rows[cel]
        assert row.waarden == said
        parts = (row.inzicht, row.wereld, row.regel)
        for part, ends in zip(parts, pairwise(said), strict=True):
            if any(isinstance(end, bool | str | None) for end in ends):
                assert part is None
            else:
                assert part == ends[1] - ends[0]
        if None not in parts:
            assert math.isclose(sum(parts), row.naar - row.van, abs_tol=1e-14)


@LAW
@given(st.data())
def test_the_events_that_are_named_are_enough_to_make_the_difference(data):
    """They are folded on top of what was known at the first point, with all that each of them says."""
    events, cijfers = drawn(data)
    at, gevraagd = cijfers[-1].herkomst, cijfers[-1].gevraagd
    before = known_at_first(events, cijfers)
    rules = {key: held for key, held in cijfers[-1].registers.items() if Register.of(key) is Register.TELREGEL}
    told = {}
    for row, named in with_causes(events, cijfers):
        if (found := told.get(tuple(named))) is None:
            held = {event.id for event in before} | set(named)
            enough = [event for event in events if event.id in held]
            registers = fold(enough, at.geldig_op, at.bekend_op)
            if gevraagd.telregel is not None:  # A rule that is asked for is the one known at the last K.
                registers |= {key: one for key, one in rules.items() if key[1] == f"telregel.{gevraagd.telregel}"}
            alone = cijfers_of(registers, at.geldig_op, at.bekend_op, gevraagd)
            found = told[tuple(named)] = figures(alone, boven(enough, alone))
        assert found.get((row.onderwerp, row.grootheid)) == row.naar, (row, named)


@LAW
@given(st.data())
def test_what_is_named_was_known_at_one_point_and_not_in_force_at_another(data):
    events, cijfers = drawn(data)
    times = {event.id: event.time for event in events}
    last = max(one.herkomst.bekend_op for one in cijfers)
    for _, named in with_causes(events, cijfers):
        assert all(times[own_id] <= last for own_id in named)


@LAW
@given(st.data())
def test_from_a_point_to_itself_nothing_differs(data):
    events = data.draw(event_lists())
    valid_at, known_at = data.draw(pairs(events))
    one = figures(cijfers_of(fold(events, valid_at, known_at), valid_at, known_at))
    assert verschillen(one, one, one, one) == []


def at(text):
    return make.moment(text)


def causes_of(events, van, naar, onderwerp, grootheid, regels=(None, None)):
    """Returns the row of one figure, and the events that are named for it."""
    found = with_causes(events, compared(events, van, naar, regels))
    return next((row, set(named)) for row, named in found if (row.onderwerp, row.grootheid) == (onderwerp, grootheid))


def test_a_new_cyclus_names_the_tasks_that_keep_gemeenten_in_their_class():
    old = [make.cycle("2024"), make.task(100, "GM0402"), make.task(50, "GM0599")]
    new = make.cycle("2026", "2026-06-01T00:00:00Z")
    goes_on = make.task(100, "GM0402", cyclus="2026", vanaf="2026-04-01T00:00:00Z")
    van, naar = at("2026-03-01"), at("2026-07-01")
    row, named = causes_of([*old, new, goes_on], (van, van), (naar, naar), "NL", "voldoetNiet")
    assert (row.van, row.naar) == (2, 1)
    assert named == {new.id, goes_on.id}


def test_going_back_in_the_world_names_the_step_that_was_learned_of_it():
    old, later = make.step("brief", op="2026-02-01"), make.step("besluit", op="2026-03-01", time="2026-06-01T00:00:00Z")
    learned = make.step("ambtelijk gesprek", op="2026-01-01", time="2026-06-01T00:00:00Z")
    van, naar = (at("2026-04-01"), at("2026-04-01")), (at("2026-01-15"), at("2026-07-01"))
    row, named = causes_of([old, later, learned], van, naar, "GM0402", "toezicht")
    assert (row.van, row.tussen, row.naar) == ("brief", "besluit", "ambtelijk gesprek")
    assert learned.id in named


def test_a_late_reading_adds_a_day_above_the_maximum():
    begin = [make.registered(), make.places(100), make.limit(50, per_dag=100)]
    late = make.reading(60, "2026-01-10T08:00:00Z", time="2026-03-01T00:00:00Z")
    van, naar = (at("2026-02-01"), at("2026-02-01")), (at("2026-02-01"), at("2026-04-01"))
    for grootheid, inzicht in (("overschrijding.dagen", 1), ("overschrijding.dwangsom", 100)):
        row, named = causes_of([*begin, late], van, naar, make.LOC, grootheid)
        assert (row.van, row.inzicht, row.wereld, named) == (0, inzicht, 0, {late.id})


def test_the_part_of_an_opgave_for_amv_is_compared():
    once, again = make.task(100, amv=10), make.task(100, amv=12, time="2026-03-01T00:00:00Z")
    van, naar = (at("2026-02-01"), at("2026-02-01")), (at("2026-02-01"), at("2026-04-01"))
    row, named = causes_of([make.cycle(), once, again], van, naar, "GM0402", "amvOpgave")
    assert (row.van, row.inzicht, named) == (10, 2, {again.id})


def test_a_part_is_null_only_where_one_of_its_own_ends_is():
    """First there is no verdeelbesluit, so no tekort; then it is known, and places come."""
    begin = [make.cycle(volledig=False), make.registered(), make.places(200)]
    learned = make.task(100, time="2026-03-01T00:00:00Z")
    more = make.places(150, vanaf="2026-05-01T00:00:00Z", time="2026-05-01T00:00:00Z")
    van, naar = (at("2026-02-01"), at("2026-02-01")), (at("2026-06-01"), at("2026-06-01"))
    row, _ = causes_of([*begin, learned, more], van, naar, "GM0402", "tekort")
    assert (row.van, row.tussen, row.naar) == (None, 0, 0)
    assert (row.inzicht, row.wereld, row.regel) == (None, 0, 0)


def test_what_a_rule_counts_otherwise_is_told_apart_and_names_the_rule():
    """By the rule of the cyclus both kinds count; by the other only regular places, and then there are too few."""
    begin = [make.cycle(soorten=("regulier", "nood")), make.task(100), make.registered()]
    here = [make.places(60), make.places(60, soort="nood")]
    rule = make.rule("streng", soorten=("regulier",), time="2026-03-01T00:00:00Z")
    more = make.places(70, vanaf="2026-05-01T00:00:00Z", time="2026-05-01T00:00:00Z")
    van, naar = (at("2026-02-01"), at("2026-02-01")), (at("2026-06-01"), at("2026-06-01"))
    row, named = causes_of([*begin, *here, rule, more], van, naar, "GM0402", "meetellend", (None, "streng"))
    assert row.waarden == (120, 120, 130, 70)
    assert (row.inzicht, row.wereld, row.regel) == (0, 10, -60)
    assert named == {rule.id, more.id}
    klasse, named = causes_of([*begin, *here, rule, more], van, naar, "GM0402", "naleving", (None, "streng"))
    assert klasse.waarden == ("voldoet", "voldoet", "voldoet", "gedeeltelijk")
    assert rule.id in named
    back, _ = causes_of([*begin, *here, rule, more], van, naar, "GM0402", "meetellend", ("streng", None))
    assert (back.waarden, back.regel) == ((60, 60, 70, 130), 60)  # the rule is the one known at the last moment


def test_a_rule_that_was_set_after_the_first_moment_is_named_where_the_cyclus_names_it_itself():
    """The first side asks for it by name, and so it is read as it was known last; the other side leaves it out."""
    begin = [make.cycle(telregel="streng"), make.task(40), make.registered(), make.places(60)]
    rule = make.rule("streng", soorten=("amv",), time="2026-03-01T00:00:00Z")
    less = make.places(50, soort="amv", vanaf="2026-04-01T00:00:00Z", time="2026-04-01T00:00:00Z")
    van, naar = (at("2026-02-01"), at("2026-02-01")), (at("2026-06-01"), at("2026-06-01"))
    row, named = causes_of([*begin, rule, less], van, naar, "GM0402", "meetellend", ("streng", None))
    assert (row.waarden, named) == ((0, 0, 50, 50), {rule.id, less.id})
