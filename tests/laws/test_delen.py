"""A figure does not depend on how its parts were gathered, and always has one value and one type."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.moments import NEVER, micros
from services.core import delen
from services.core.alarms.bewaakt import BEWAAKT, waarden
from services.core.alarms.bewaakt.declaratie import Periode
from services.core.bezetting import LEEG, bezetting, bezettingen
from services.core.delen import STANDAARD, Bekend, Delen, Druk
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.grootheden import van
from services.core.grootheden.declaratie import FigureOf
from services.core.history.reeks import at_moments, lijn
from services.core.history.sommen import gebied, sommen, stappen
from services.core.locaties import SOORTEN, locaties
from services.core.standen import UNKNOWN, nummer, standen, van_kolommen
from tests.support.alarm_help import rule, view_of
from tests.support.bodies import GEMEENTEN
from tests.support.figures import verloop_of
from tests.support.strategies import LAW, asked, few_gemeenten

INSTANT = timedelta(microseconds=1)
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
CLOSED = [(one.naam, how.sluit) for one, how in van(FigureOf.GEBIED) if how.sluit is not None]
"""The figures of an area that follow from parts."""


def by_hand(area, valid_at):
    """Adds up the parts of these locaties, one by one."""
    found = [
        delen.per_locatie(
            Bekend(
                telt=locatie.counts,
                gesloten=locatie.registered and locatie.gesloten_op is not None,
                gemeten=locatie.aanwezig is not None,
                geplaatst=bool(locatie.plaatsen),
                leeftijd=age(locatie.peilmoment, valid_at),
                leeftijd_bij_sluiting=age(locatie.peilmoment, locatie.gesloten_op),
                aanwezig=locatie.aanwezig or 0,
                plaatsen=sum(places.aantal for places in locatie.plaatsen.values()),
                inzetbaar=sum(places.inzetbaar for places in locatie.plaatsen.values()),
            )
        )
        for locatie in area
    ]
    return Delen(*(sum(parts) for parts in zip(LEEG.delen, *found, strict=True)))


def age(since, until):
    """Returns how long that is in microseconds; NEVER when either is not known."""
    return NEVER if since is None or until is None else (until - since) // INSTANT


def same(one, other):
    """Whether two values are equal to the last bit and have one type."""
    return one == other and type(one) is type(other)


@LAW
@given(asked())
def test_every_way_to_gather_gives_the_same_figures(case):
    events, valid_at, known_at = case
    registers = fold(events, valid_at, known_at)
    found = locaties(registers, valid_at)
    current = indeling(few_gemeenten(), valid_at).current
    codes = [None if locatie.gemeente is None else current(locatie.gemeente) for locatie in found]
    numbers = np.array([UNKNOWN if code is None else nummer(code) for code in codes], dtype=np.int64)
    together = bezettingen(standen(found), numbers, valid_at)
    verloop = verloop_of(events, valid_at, valid_at + INSTANT, known_at)
    for code in (None, *GEMEENTEN):
        own = [locatie for locatie, here in zip(found, codes, strict=True) if code in (None, here)]
        apart, parts = bezetting(standen(own), valid_at), by_hand(own, valid_at)
        assert apart.delen == parts
        if code is not None:
            assert together.get(nummer(code), LEEG) == apart
        stair = sommen(verloop, gebied(few_gemeenten(), verloop, lambda one, code=code: code in (None, one.code)))
        for naam, sluit in CLOSED:
            (at,) = at_moments(stair.moment, lijn(sluit, stair), [valid_at])
            assert same(delen.nu(sluit, parts), at), naam


@LAW
@given(asked())
def test_an_alarm_sees_the_figure_itself(case):
    events, _, now = case
    registers = fold(events, now, now)
    found = locaties(registers, now)
    beeld = view_of(registers, now, few_gemeenten())
    country = waarden(rule(grootheid="landelijke-bezettingsgraad"), beeld)
    there = any(locatie.registered for locatie in found)
    assert none_of(country.waarden) == ([bezetting(standen(found), now).bezettingsgraad] if there else [])
    each = waarden(rule(grootheid="locatie-bezettingsgraad"), beeld)
    seen = dict(zip(each.onderwerpen, none_of(each.waarden), strict=True))
    assert set(seen) == {locatie.id for locatie in found if locatie.counts}
    for locatie in found:
        if locatie.counts and (locatie.inzetbaar or locatie.vrij is None):
            assert seen[locatie.id] == locatie.bezettingsgraad
    verloop = verloop_of(events, now, now + INSTANT, now)
    for naam, one in (("landelijke-bezettingsgraad", country), ("locatie-bezettingsgraad", each)):
        series = BEWAAKT[naam].verleden.reeks(
            rule(grootheid=naam), stappen(verloop), Periode(micros(now), micros(now + INSTANT), STANDAARD)
        )
        there = [n for n in range(len(series.moment)) if series.er[n] and series.moment[n] == micros(now)]
        past = {series.onderwerpen[series.nummer[n]]: series.waarde[n] for n in there}
        for onderwerp, value in zip(one.onderwerpen, one.waarden, strict=True):
            assert none_of([past.get(onderwerp, np.nan)]) == none_of([value]), (naam, onderwerp)


@st.composite
def columns(draw):
    """Draws any kind of locatie, as a column of the table."""
    many = st.just(UNKNOWN) | st.integers(0, 500)
    present, old = draw(many), draw(st.integers(0, 4 * STANDAARD.recent // INSTANT // 3))
    places = [draw(many) for _ in SOORTEN]
    ends = [draw(st.sampled_from((NEVER, micros(AT), micros(AT) + 1))) for _ in SOORTEN]
    counts, closed = draw(st.sampled_from(((1, UNKNOWN), (0, UNKNOWN), (0, micros(AT) - STANDAARD.vers // INSTANT))))
    return [
        draw(st.sampled_from((UNKNOWN, 344))) if counts == 0 else 344,
        counts,
        present,
        0 if present == UNKNOWN else micros(AT) - old,
        closed,
        *places,
        *places,
        *ends,
        *(UNKNOWN if many == UNKNOWN else micros(AT) for many in places),
    ]


@LAW
@given(st.lists(st.tuples(columns(), st.sampled_from((UNKNOWN, 1, 1, 2))), max_size=12))
def test_the_areas_at_once_are_the_areas_one_by_one(rows):
    table = van_kolommen([column for column, _ in rows])
    areas = np.array([area for _, area in rows], dtype=np.int64)
    together = bezettingen(table, areas, AT)
    for area in (1, 2):
        assert together.get(area, LEEG) == bezetting(table.where(areas == area), AT)
    assert set(together) <= {1, 2}


def none_of(values):
    """Returns the values, with None for the unknown ones."""
    return [None if np.isnan(value) else float(value) for value in values]


@LAW
@given(
    st.lists(
        st.tuples(*(st.integers(-3_000 if name.startswith("marge") else 0, 3_000) for name in Delen._fields)),
        min_size=1,
        max_size=5,
    )
)
def test_a_figure_closes_over_arrays_as_over_numbers(rows):
    arrays = Delen(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
    for naam, sluit in CLOSED:
        waarde, bekend = sluit(arrays)
        each = [value.item() if known else None for value, known in zip(waarde, bekend, strict=True)]
        for got, row in zip(each, rows, strict=True):
            assert same(got, delen.nu(sluit, Delen(*row))), naam


@pytest.mark.parametrize(
    ("people", "places", "known", "want"),
    [(5, 10, True, 0.5), (5, 0, True, np.inf), (0, 0, True, 0.0), (5, 10, False, np.nan)],
)
def test_how_full_a_locatie_is_to_an_alarm(people, places, known, want):
    parts = Druk(np.array([people]), np.array([places]))
    assert np.array_equal(delen.druk(parts, np.array([known])), [want], equal_nan=True)
