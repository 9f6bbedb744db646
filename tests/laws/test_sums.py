"""Figures that must add up do so at any (V, K)."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import AMSTERDAM
from services.core.bezetting import bezetting
from services.core.naleving import KLASSEN, classify, totalen
from services.core.standen import standen
from tests.support.bodies import PROVINCIES
from tests.support.figures import figures, gemeenten_of, provincies_of
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
def test_given_and_received_transfers_are_equal(case):
    rows = figures(*case).naleving
    assert sum(row.gegeven for row in rows) == sum(row.ontvangen for row in rows)


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
        present = [part.aanwezig for part in parts if part.aanwezig is not None]
        assert (sum(present) if present else None) == found.landelijk.aanwezig
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
        assert row.meetellend == max(0, row.eigen + row.ontvangen - row.gegeven)
        assert row.tekort == (max(0, row.opgave.opgave - row.meetellend) if row.opgave else None)


@LAW
@given(st.none() | st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_more_places_never_worsen_a_class(opgave, meetellend, volledig):
    ladder = Counter({"onbekend": 0, "voldoet niet": 0, "gedeeltelijk": 1, "voldoet": 2, "geen opgave": 3})
    now, more = (classify(opgave, places, volledig) for places in (meetellend, meetellend + 1))
    assert ladder[more] >= ladder[now]
    assert now in KLASSEN
