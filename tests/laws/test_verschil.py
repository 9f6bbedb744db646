"""The parts of a difference add up to the whole, and the named events are enough to cause it."""

import math
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Ingetrokken
from services.core.fold import fold
from services.core.grootheden import KLASSENAMEN
from services.core.reasons.verschil import Oorzaken, verschillen
from services.reads.cijfers import Cijfers
from services.reads.verschil import figures, point_of, rows_of
from services.store.model import View
from services.store.position import Herkomst
from tests.support.strategies import LAW, event_lists, few_gemeenten, pairs

NOW = datetime(2050, 1, 1, tzinfo=UTC)


def cijfers_of(registers, valid_at, known_at=NOW):
    return Cijfers(View(Herkomst(valid_at, known_at, "", False), registers), table=few_gemeenten())


def three(data):
    """Returns random events, and the figures at (V1, K1), (V1, K2) and (V2, K2)."""
    events = data.draw(event_lists())
    (v1, k1), (v2, k2) = data.draw(pairs(events)), data.draw(pairs(events))
    points = [(v1, k1), (v1, k2), (v2, k2)]
    return events, [cijfers_of(fold(events, v, k), v, k) for v, k in points]


def retracted_by(events, known_at):
    """Returns event → the first effective retraction of it."""
    sources = {event.id: event.source for event in events}
    return {
        event.data.gebeurtenisId: event.id
        for event in sorted(events, key=lambda one: (one.time, one.id), reverse=True)
        if isinstance(event, Ingetrokken)
        and event.time <= known_at
        and sources.get(event.data.gebeurtenisId) == event.source
    }


def _of(row, gemeente):
    """Whether this gemeente enters or leaves the class that a row counts."""
    klasse = next(klasse for klasse, key in KLASSENAMEN.items() if key == row.grootheid)
    return len({said == klasse for said in (gemeente.van, gemeente.tussen, gemeente.naar)}) > 1


@LAW
@given(st.data())
def test_the_parts_add_up_to_the_whole_and_nothing_is_left_out(data):
    _, cijfers = three(data)
    van, tussen, naar = (figures(one) for one in cijfers)
    rows = {(row.onderwerp, row.grootheid): row for row in verschillen(van, tussen, naar)}
    for cel in van.keys() | tussen.keys() | naar.keys():
        said = (van.get(cel), tussen.get(cel), naar.get(cel))
        if cel not in rows:
            assert said[0] == said[1] == said[2]
            continue
        row = rows[cel]
        assert (row.van, row.tussen, row.naar) == said
        if any(isinstance(value, bool | str | None) for value in said):
            assert row.inzicht is row.wereld is None
        elif all(isinstance(value, int) for value in said):
            assert row.inzicht + row.wereld == row.naar - row.van
        else:
            assert math.isclose(row.inzicht + row.wereld, row.naar - row.van, abs_tol=1e-15)


@LAW
@given(st.data())
def test_the_events_that_are_named_are_enough_to_make_the_difference(data):
    events, cijfers = three(data)
    van, _, naar = cijfers
    oorzaken = Oorzaken([point_of(one) for one in cijfers], retracted_by(events, naar.herkomst.bekend_op))
    by_key = oorzaken.by_register()
    found = rows_of(cijfers, oorzaken)
    for row, named in found:
        if row.grootheid in KLASSENAMEN.values():  # the events of the gemeenten that entered or left the class
            gone = [ids for other, ids in found if other.grootheid == "naleving" and _of(row, other)]
            assert named == sorted({own_id for ids in gone for own_id in ids})
            continue
        registers = dict(van.registers)
        for key, ids in by_key.items():
            if ids & set(named):
                registers.pop(key, None)
                if key in naar.registers:
                    registers[key] = naar.registers[key]
        alone = figures(cijfers_of(registers, naar.herkomst.geldig_op))
        assert alone.get((row.onderwerp, row.grootheid)) == row.naar, (row, named)


@LAW
@given(st.data())
def test_what_is_named_was_known_at_one_point_and_not_in_force_at_another(data):
    events, cijfers = three(data)
    oorzaken = Oorzaken([point_of(one) for one in cijfers], retracted_by(events, cijfers[2].herkomst.bekend_op))
    times = {event.id: event.time for event in events}
    last = max(one.herkomst.bekend_op for one in cijfers)
    for _, named in rows_of(cijfers, oorzaken):
        assert all(times[own_id] <= last for own_id in named)


@LAW
@given(st.data())
def test_from_a_point_to_itself_nothing_differs(data):
    events = data.draw(event_lists())
    valid_at, known_at = data.draw(pairs(events))
    one = figures(cijfers_of(fold(events, valid_at, known_at), valid_at, known_at))
    assert verschillen(one, one, one) == []
