"""A series agrees with the figure itself at every instant: the last value, the maximum and the mean of each period."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Ingetrokken
from schemas.fields import AMSTERDAM
from services.core.delen import aanwezig, dekking, nu, of_nan, per_1000_inwoners
from services.core.fold import fold
from services.core.gemeenten import overgangen
from services.core.grootheden import genoemd, in_reeks, sluiting, waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.wet import PLAATSEN_PER_1000
from services.core.grootheden.zinnen import gezien
from services.core.history.naleving_verloop import naleving_trap
from services.core.history.reeks import at_moments, first_below, lijn, perioden, punten
from services.core.history.sommen import gebied, sommen
from services.core.history.verloop import Verloop, toestanden
from services.core.naleving import opgeteld, wetstand
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd
from services.reads.cijfers import Cijfers
from services.store.model import View
from services.store.position import Herkomst
from services.store.rows import metingen_of
from tests.support.bodies import CYCLI, GEMEENTEN, PROVINCIES, TELREGELS
from tests.support.figures import verloop_of
from tests.support.strategies import FRESH, LAW, RECENT, asked, few_gemeenten, points

INSTANT = timedelta(microseconds=1)


def cijfers_at(events, moment, known_at, gevraagd=NIETS_GEVRAAGD):
    view = View(Herkomst(moment, known_at, "", False), fold(events, moment, known_at))
    return Cijfers(view, gevraagd, table=few_gemeenten())


def instants(events, van, tot, borders):
    """Returns every moment at which a figure may change, from `van` on and before `tot`."""
    around = [moment for moment in points(events) if van < moment < tot]
    old = [moment + hours + INSTANT for moment in around for hours in (FRESH, RECENT)]
    turns = overgangen(few_gemeenten(), van, tot)
    return sorted({van, *around, *(moment for moment in old if van < moment < tot), *turns, *borders[:-1]})


def by_hand(values, moments, borders):
    """Returns (last, maximum, mean) for each period. A value holds from its moment until the next."""
    ends = [*moments[1:], borders[-1]]
    for begin, end in pairwise(borders):
        here = [
            (value, Fraction((stop - start) // INSTANT))
            for value, start, stop in zip(values, moments, ends, strict=True)
            if begin <= start < end
        ]
        known = [(value, took) for value, took in here if value is not None]
        total = sum(took for _, took in known)
        mean = float(sum(Fraction(value) * took for value, took in known) / total) if known else None
        yield here[-1][0], max((value for value, _ in known), default=None), mean


def drawn(data, *about):
    """Draws events and a period around them, in steps. `about`: what the events may be about; by itself anything."""
    events, tot, known_at = data.draw(asked(data.draw(st.sampled_from(about or (None,)))))
    stap = data.draw(st.sampled_from(["uur", "dag", "dag", "week", "maand"]))
    longest = {"uur": 3, "dag": 40, "week": 200, "maand": 900}[stap]
    van = tot - data.draw(st.sampled_from([timedelta(days=1), timedelta(hours=5), timedelta(days=longest)]))
    return events, van, tot, known_at, perioden(van, tot, stap)


def close(got, want):
    assert len(got) == len(want)
    for one, other in zip(got, want, strict=True):
        assert (one is None) == (other is None), (got, want)
        assert one is None or abs(one - other) <= 1e-9 * max(1, abs(other)), (got, want)


def punten_van(naam, soort, sums, borders):
    """Returns the points of a figure of locaties, as a series gives them."""
    return punten(sums.moment, lijn(sluiting(naam, soort), sums), of_nan(dekking, sums.delen), borders)


@LAW
@given(st.data())
def test_a_sum_through_time_is_the_sum_at_every_instant(data):
    events, van, tot, known_at, borders = drawn(data)
    table, verloop = few_gemeenten(), verloop_of(events, van, tot, known_at)
    moments = instants(events, van, tot, borders)
    cijfers = [cijfers_at(events, moment, known_at) for moment in moments]
    for code in (None, *GEMEENTEN[:3]):
        sums = sommen(verloop, gebied(table, verloop, lambda gemeente, code=code: code in (None, gemeente.code)))
        wanted = [one.landelijk if code is None else one.in_gemeente(code) for one in cijfers]
        for naam in in_reeks(FigureOf.GEBIED):
            got = punten_van(naam, FigureOf.GEBIED, sums, borders)
            values = [waarde_van(genoemd(naam, FigureOf.GEBIED), FigureOf.GEBIED, one) for one in wanted]
            want = list(by_hand(values, moments, borders))
            for punt, (last, most, mean) in zip(got, want, strict=True):
                close([punt.laatste, punt.maximum, punt.gemiddelde], [last, most, mean])
        covered = [punt.dekking for punt in punten_van("locaties", FigureOf.GEBIED, sums, borders)]
        close(covered, [last for last, _, _ in by_hand([one.dekking for one in wanted], moments, borders)])


@LAW
@given(st.data())
def test_a_locatie_through_time_is_the_locatie_at_every_instant(data):
    events, van, tot, known_at, borders = drawn(data)
    moments = instants(events, van, tot, borders)
    cijfers = [{loc.id: loc for loc in cijfers_at(events, moment, known_at).locaties} for moment in moments]
    for own_id in sorted({own_id for one in cijfers for own_id in one}):
        own = [event for event in events if event.subject == own_id or isinstance(event, Ingetrokken)]
        sums = sommen(verloop_of(own, van, tot, known_at))
        for naam in in_reeks(FigureOf.LOCATIE):
            one = genoemd(naam, FigureOf.LOCATIE)
            values = [
                waarde_van(one, FigureOf.LOCATIE, gezien(found[own_id], moment)) if own_id in found else None
                for found, moment in zip(cijfers, moments, strict=True)
            ]
            got = punten_van(naam, FigureOf.LOCATIE, sums, borders)
            for punt, (last, most, mean) in zip(got, by_hand(values, moments, borders), strict=True):
                close([punt.laatste, punt.maximum, punt.gemiddelde], [last, most, mean])


@LAW
@given(st.data())
def test_naleving_through_time_is_naleving_at_every_instant(data):
    events, van, tot, known_at, borders = drawn(data, "spreidingswet", "spreidingswet", None)
    table, verloop = few_gemeenten(), verloop_of(events, van, tot, known_at)
    found = toestanden(verloop, overgangen(table, van, tot))
    moments = instants(events, van, tot, borders)
    wanted = Gevraagd(
        data.draw(st.sampled_from((None, None, None, *CYCLI))), data.draw(st.sampled_from((None, None, *TELREGELS)))
    )
    rows = [cijfers_at(events, moment, known_at, wanted).naleving for moment in moments]
    stairs = naleving_trap(verloop, found, table, lambda _: True, wanted)
    for naam in in_reeks(FigureOf.TOTALEN):
        klasse = genoemd(naam, FigureOf.TOTALEN)
        values = [waarde_van(klasse, FigureOf.TOTALEN, opgeteld(one)) if one else None for one in rows]
        agrees(stairs, sluiting(naam, FigureOf.TOTALEN), values, moments, borders)
    for naam in in_reeks(FigureOf.LAND):
        values = [
            waarde_van(genoemd(naam, FigureOf.LAND), FigureOf.LAND, wetstand(one)) if one else None for one in rows
        ]
        agrees(stairs, sluiting(naam, FigureOf.LAND), values, moments, borders)
    for code in PROVINCIES:
        own = [[row for row in one if row.gemeente.provincie == code] for one in rows]
        values = [nu(per_1000_inwoners, opgeteld(one)) for one in own]
        here = naleving_trap(verloop, found, table, lambda gemeente, code=code: gemeente.provincie == code, wanted)
        agrees(here, sluiting(PLAATSEN_PER_1000.naam, FigureOf.PROVINCIE), values, moments, borders)
    for code in GEMEENTEN[:4]:
        stairs = naleving_trap(verloop, found, table, lambda gemeente, code=code: gemeente.code == code, wanted)
        own = [next((row for row in one if row.gemeente.code == code), None) for one in rows]
        for naam in in_reeks(FigureOf.GEMEENTE):
            one = genoemd(naam, FigureOf.GEMEENTE)
            values = [None if row is None else waarde_van(one, FigureOf.GEMEENTE, row) for row in own]
            agrees(stairs, sluiting(naam, FigureOf.GEMEENTE), values, moments, borders)


def agrees(stairs, sluit, values, moments, borders):
    """Holds a series to the figure at every moment: exactly, and by the last, the most and the mean of each period."""
    line = lijn(sluit, stairs)
    assert at_moments(stairs.moment, line, moments) == values
    got = punten(stairs.moment, line, np.full(len(stairs.moment), np.nan), borders)
    for punt, (last, most, mean) in zip(got, by_hand(values, moments, borders), strict=True):
        close([punt.laatste, punt.maximum, punt.gemiddelde], [last, most, mean])


@LAW
@given(st.data())
def test_the_first_moment_below_is_the_first_instant_at_which_the_figure_is(data):
    events, van, tot, known_at, borders = drawn(data)
    verloop = verloop_of(events, van, tot, known_at)
    sums = sommen(verloop, gebied(few_gemeenten(), verloop, lambda _: True))
    moments = instants(events, van, tot, borders)
    figures = [cijfers_at(events, moment, known_at).landelijk for moment in moments]
    assert at_moments(sums.moment, lijn(aanwezig, sums), moments) == [one.aanwezig for one in figures]
    limit = data.draw(st.sampled_from([0, 1, 50, 100, 101, 150, 10_000]))
    below = [moment for moment, one in zip(moments, figures, strict=True) if one.inzetbaar < limit]
    assert first_below(sums.moment, sums.delen.inzetbaar, limit, van) == (below[0] if below else None)


def test_dutch_days_also_when_the_clock_changes():
    van, tot = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 30, 22, tzinfo=UTC)
    lengths = [end - begin for begin, end in pairwise(perioden(van, tot, "dag"))]
    assert lengths == [timedelta(hours=23), timedelta(hours=24)]
    assert len(perioden(van, tot, "uur")) == 48
    back = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert perioden(back, back + timedelta(hours=26), "dag")[1] - back == timedelta(hours=25)
    borders = perioden(datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC), "maand")
    assert [border.astimezone(AMSTERDAM).strftime("%d-%m %H:%M") for border in borders[1:-1]] == [
        "01-02 00:00",
        "01-03 00:00",
        "01-04 00:00",
    ]
    weeks = perioden(datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC), "week")
    assert {border.astimezone(AMSTERDAM).strftime("%a %H") for border in weeks[1:-1]} == {"Mon 00"}


def test_a_series_without_writes_knows_no_value():
    van, tot = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    sums = sommen(Verloop(van, tot, {}, [], metingen_of([])))
    (punt,) = punten(sums.moment, lijn(aanwezig, sums), of_nan(dekking, sums.delen), [van, tot])
    assert punt == (van, None, None, None, None)
