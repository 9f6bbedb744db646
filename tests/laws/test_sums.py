"""Figures that must add up do so at any (V, K)."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import AMSTERDAM
from services.core.bezetting import bezetting
from services.core.naleving import KLASSEN, totalen
from services.core.standen import standen
from tests.support.bodies import GEMEENTEN, PROVINCIES, SOORTEN
from tests.support.figures import figures, gemeenten_of, provincies_of
from tests.support.make import places, registered
from tests.support.strategies import LAW, asked, merging_gemeenten


@LAW
@given(asked())
def test_the_classes_add_up_to_all_gemeenten_valid_at_v(case):
    events, valid_at, known_at = case
    rows = figures(events, valid_at, known_at, merging_gemeenten()).naleving
    merged = valid_at.astimezone(AMSTERDAM).year >= 2027
    counted = totalen(rows)
    assert tuple(counted) == KLASSEN
    assert sum(counted.values()) == len(rows) == (341 if merged else 342)
    assert [row.gemeente.code for row in rows] == sorted({row.gemeente.code for row in rows})


@LAW
@given(asked())
def test_transfers_make_no_places(case):
    rows = figures(*case).naleving
    assert sum(row.meetellend for row in rows) == sum(row.eigen for row in rows)
    assert sum(row.gegeven for row in rows) == sum(row.ontvangen for row in rows)
    for row in rows:
        assert 0 <= row.gegeven <= row.eigen - row.amv
        assert row.ongedekt == 0 or row.gegeven == row.eigen - row.amv
        assert row.meetellend >= row.amv


@LAW
@given(asked())
def test_provincies_and_gemeenten_add_up_to_the_country(case):
    events, valid_at, known_at = case
    found = figures(events, valid_at, known_at)
    gemeenten = [row.gemeente.code for row in found.naleving]
    for codes, areas_of in ((PROVINCIES, provincies_of), (gemeenten, gemeenten_of)):
        lies_in = areas_of(found.locaties, valid_at)
        parts = [
            bezetting(standen(loc for loc, here in zip(found.locaties, lies_in, strict=True) if here == code), valid_at)
            for code in codes
        ]
        for name in ("locaties", "plaatsen", "inzetbaar"):
            assert sum(getattr(part, name) for part in parts) == getattr(found.landelijk, name)
        for n in range(len(found.landelijk.delen)):
            assert sum(part.delen[n] for part in parts) == found.landelijk.delen[n]
        if all(part.aanwezig is not None for part in parts if part.locaties) and found.landelijk.aanwezig is not None:
            assert sum(part.aanwezig or 0 for part in parts) == found.landelijk.aanwezig
        ages = [part.data_ouderdom_seconden for part in parts if part.data_ouderdom_seconden is not None]
        assert max(ages, default=None) == found.landelijk.data_ouderdom_seconden


@LAW
@given(asked())
def test_places_that_count_are_places_of_open_locaties(case):
    found = figures(*case)
    open_ones = [locatie for locatie in found.locaties if locatie.registered and locatie.open]
    own = sum(row.eigen for row in found.naleving)
    assert own <= sum(locatie.totaal_plaatsen or 0 for locatie in open_ones) == found.landelijk.plaatsen
    for row in found.naleving:
        assert row.meetellend == row.eigen + row.ontvangen - row.gegeven
        assert row.tekort is None or row.tekort_hoogstens is None


@LAW
@given(asked("spreidingswet"), st.sampled_from(GEMEENTEN), st.sampled_from(SOORTEN), st.sampled_from((1, 40)))
def test_more_places_never_worsen_a_class_nor_widen_a_tekort(case, gemeente, soort, aantal):
    """Places that were not known narrow what is said of every gemeente, also of those that they were promised to."""
    events, valid_at, known_at = case
    more = [
        registered("LOC-NIEUW", gemeente, "2010-01-01", time=EARLY),
        places(aantal, locatie="LOC-NIEUW", soort=soort, vanaf="2010-01-01", time=EARLY),
    ]
    ladder = {name: n for n, name in enumerate(("onbekend", "voldoet niet", "gedeeltelijk", "voldoet"))}
    then = figures(events, valid_at, known_at).naleving
    now = figures([*events, *more], valid_at, known_at).naleving
    for one, other in zip(then, now, strict=True):
        assert other.meetellend >= one.meetellend
        if one.naleving in ladder:
            assert ladder[other.naleving] >= ladder[one.naleving] or (one.naleving, other.naleving) in UNSETTLED
        else:
            assert other.naleving in (
                one.naleving,
                *(("voldoet", "onbekend") if one.naleving == "termijn loopt" else ()),
            )
        assert at_most(other) <= at_most(one)


EARLY = "2010-01-01T00:00:00Z"
UNSETTLED = {(name, "onbekend") for name in ("voldoet niet", "gedeeltelijk")}
"""Enough places in all: then it is the amv number that is not known."""


def at_most(row):
    """Returns the most that a gemeente can be short."""
    bound = row.tekort if row.tekort is not None else row.tekort_hoogstens
    return 10**9 if bound is None else bound
