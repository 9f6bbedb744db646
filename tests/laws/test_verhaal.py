"""What the parts of a difference add is the whole, told or not, and the events that are named made it so."""

import math

from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import PROVINCIES
from services.core.delen import nu
from services.core.fold import fold, writes
from services.core.grootheden import KLASSENAMEN, sluiting
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.wet import MEETELLEND, NALEVING, ONBEKEND, TEKORT
from services.core.naleving import opgeteld
from services.core.reasons.oorzaken import Oorzaken, intrekkingen
from services.core.reasons.verhaal import (
    KANTEN,
    PER_LOCATIE,
    kanten,
    van_gemeenten,
    van_klassen,
    van_locaties,
    verhaal,
    verhuisd,
)
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.reads.verschil import figures, point_of
from tests.support.strategies import LAW
from tests.support.vergeleken import cijfers_of, drawn

VALUES = st.one_of(st.none(), st.integers(-3_000, 3_000))
POINTS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), VALUES), min_size=4, max_size=4)
OF_CLASS = frozenset(KLASSENAMEN.values())


def areas(cijfers):
    """Returns the country, the provincies and every gemeente at any point."""
    return [LANDELIJK, *PROVINCIES, *sorted({row.gemeente.code for one in cijfers for row in one.naleving})]


def figure_of(area, grootheid, point, rows):
    """Returns the figure at one point, as the answers say it or as its parts close to it."""
    if grootheid in OF_CLASS - {ONBEKEND.naam} and point[area, ONBEKEND.naam]:
        return None
    if (area, grootheid) in point or grootheid not in (MEETELLEND.naam, TEKORT.naam):
        return point.get((area, grootheid))
    return nu(sluiting(grootheid, FigureOf.GEMEENTE), opgeteld(rows))


def adds_up(one):
    """Checks that the parts that are told and the rest are the whole, however many are told."""
    for told in range(len(one.delen) + 1):
        rest = one.rest(told)
        assert rest.delen == len(one.delen) - told
        for name in ("geheel", *KANTEN):
            parts = [getattr(row, name) for row in one.delen[:told]] + [getattr(rest, name)]
            whole = getattr(one.geheel, name)
            # A part that can't be said makes the whole so, unless nothing of it is in this cause.
            assert whole is not None or None in parts
            assert None in parts or sum(parts) == whole
    causes = [getattr(one.geheel, name) for name in KANTEN]
    assert None in causes or sum(causes) == one.geheel.geheel


@LAW
@given(POINTS)
def test_what_is_told_and_the_rest_add_up(points):
    adds_up(verhaal("NL", "aanwezigGemeten", points))


@LAW
@given(POINTS)
def test_the_largest_part_is_told_first_and_nothing_that_moved_is_left_out(points):
    found = verhaal("NL", "aanwezigGemeten", points)
    sizes = [math.inf if row.geheel is None else -abs(row.geheel) for row in found.delen]
    assert sizes == sorted(sizes)
    values = {name: [point.get(name, 0) for point in points] for name in {name for point in points for name in point}}
    assert {row.onderwerp for row in found.delen} == {
        name for name, said in values.items() if None in said or len(set(said)) > 1
    }


@LAW
@given(st.data())
def test_each_story_is_that_of_the_figure_itself(data):
    _, cijfers = drawn(data)
    points, rows = [figures(one) for one in cijfers], [one.naleving for one in cijfers]
    punten = [point_of(one) for one in cijfers]
    for area in areas(cijfers):
        of_area = [
            [row for row in some if area in (LANDELIJK, row.gemeente.code, row.gemeente.provincie)] for some in rows
        ]
        told = van_locaties(area, punten) + van_gemeenten(area, of_area)
        if area == LANDELIJK:
            told += van_klassen(area, of_area).values()
        for one in told:
            adds_up(one)
            for said, point, some in zip(one.geheel.waarden, points, of_area, strict=True):
                figure = figure_of(area, one.geheel.grootheid, point, some)
                # Without any part there is no figure, and then the parts add nothing.
                assert said == figure or (figure is None and said == 0), (area, one.geheel, figure)


@LAW
@given(st.data())
def test_the_events_of_a_part_are_enough_to_make_it(data):
    """They are folded on top of what was known at the first point."""
    events, cijfers = drawn(data)
    punten = [point_of(one) for one in cijfers]
    first, last = punten[0], punten[-1]
    oorzaken = Oorzaken(punten, intrekkingen(events, first.known_at, last.known_at))
    known = {
        event.id
        for event in events
        if event.time <= first.known_at
        and not any(
            write.effective_at > first.valid_at and not Register.of_name(write.register).declared.lens
            for write in writes(event)
        )
    }
    for one in van_locaties(LANDELIJK, punten):
        for part in one.delen:
            named = known | set(oorzaken.of_part(part.onderwerp, part.grootheid))
            registers = fold([event for event in events if event.id in named], last.valid_at, last.known_at)
            alone = cijfers_of(registers, last.valid_at, last.known_at)
            found = next((own for own in alone.locaties if own.id == part.onderwerp and own.counts), None)
            assert (PER_LOCATIE[part.grootheid](found) if found else 0) == part.naar, (part, named)


@LAW
@given(st.data())
def test_a_gemeente_that_changed_class_says_by_what(data):
    _, cijfers = drawn(data)
    points = [figures(one) for one in cijfers]
    codes = {subject for point in points for subject, _ in point if SubjectKind.GEMEENTE.holds(subject)}
    moved = verhuisd([one.naleving for one in cijfers])
    assert [row.onderwerp for row in moved] == sorted(
        code for code in codes if len({point.get((code, NALEVING.naam)) for point in points}) > 1
    )
    for row in moved:
        assert kanten(row)
        if row.van == row.naar:
            assert len(kanten(row)) > 1
