"""When enough is known to state a figure of an area, and what becomes of people at a locatie that closes."""

from datetime import timedelta

import pytest

from services.core import bezetting as core
from services.core.delen import STANDAARD, Grenzen, bezettingsgraad_gemeten, nu
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.core.voorbehoud import voorbehoud
from tests.support.make import BEGIN, closed, moment, places, reading, registered

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")


def landelijk(*events, at=V, grenzen=STANDAARD):
    return core.bezetting(standen(locaties(fold(events, at, V), at)), at, grenzen)


def gemeten(sums):
    """Returns the bezettingsgraad over what was measured, however little that is."""
    return nu(bezettingsgraad_gemeten, sums.delen)


def ago(**back):
    return (V - timedelta(**back)).isoformat()


def in_use(number, aanwezig=None, aantal=None, op=BEGIN, **places_more):
    """An open locatie with places and a reading, if these are given."""
    own_id = f"LOC-{number}"
    found = [registered(own_id)]
    found += [] if aantal is None else [places(aantal, locatie=own_id, **places_more)]
    return found + ([] if aanwezig is None else [reading(aanwezig, op, locatie=own_id)])


# What is known enough to state


def reported(many, of, **more):
    """Returns `many` locaties that reported just now, of `of` that are open."""
    fresh = [event for number in range(many) for event in in_use(number, 1, 1, ago(hours=1))]
    return landelijk(*fresh, *(event for number in range(many, of) for event in in_use(number, aantal=1)), **more)


@pytest.mark.parametrize(("many", "of", "stated"), [(0, 0, False), (1, 14, False), (3, 4, False), (4, 5, True)])
def test_four_in_five_locaties_must_have_reported(many, of, stated):
    total = reported(many, of)
    assert total.vast_te_stellen is stated
    assert total.bezettingsgraad == (1.0 if stated else None)
    assert ("dekking" in [one.code for one in voorbehoud(total)]) is not stated


def test_the_least_share_can_be_set():
    strict, loose = Grenzen(minimale_dekking=0.81), Grenzen(minimale_dekking=0.07)
    assert not reported(4, 5, grenzen=strict).vast_te_stellen
    assert reported(1, 14, grenzen=loose).vast_te_stellen


def test_four_in_five_usable_places_must_have_reported_too():
    """Many small locaties that report don't make up for a large one that does not."""
    small = [event for number in range(4) for event in in_use(number, 10, 10, ago(hours=1))]
    assert landelijk(*small, *in_use(9, aantal=10)).vast_te_stellen
    assert not landelijk(*small, *in_use(9, aantal=11)).vast_te_stellen
    assert landelijk(*small, *in_use(9, aantal=11, inzetbaar=10)).vast_te_stellen


def test_without_known_usable_places_the_number_of_locaties_decides():
    four = [event for number in range(4) for event in in_use(number, 10, op=ago(hours=1))]
    assert landelijk(*four, *in_use(9)).vast_te_stellen
    assert not landelijk(*four, *in_use(8), *in_use(9)).vast_te_stellen


def test_a_reading_is_recent_up_to_three_times_the_freshness_limit():
    """One late count makes the dekking fall and states the figure still."""
    exactly, too_old = V - 3 * STANDAARD.vers, V - 3 * STANDAARD.vers - INSTANT
    late = landelijk(*in_use(1, aanwezig=8, aantal=10, op=exactly.isoformat()))
    assert (late.bezettingsgraad, late.dekking) == (0.8, 0.0)
    assert landelijk(*in_use(1, aanwezig=8, aantal=10, op=too_old.isoformat())).bezettingsgraad is None


def test_an_old_count_of_one_locatie_says_nothing_about_the_country():
    """One of fourteen locaties, counted 290 days ago, above its places."""
    others = [event for number in range(2, 15) for event in in_use(number, aantal=200)]
    total = landelijk(*in_use(1, 254, 250, ago(days=290)), *others)
    assert (total.bezettingsgraad, total.aanwezig, gemeten(total)) == (None, None, 1.016)
    (why,) = voorbehoud(total)
    assert why.code == "dekking"
    assert "geen van de 14 open locaties" in why.tekst


# Nobody vanishes


def left(reading_ago, closed_ago, aanwezig=506):
    own_id = "LOC-1"
    return landelijk(*in_use(1, aanwezig, 500, ago(hours=reading_ago)), closed(own_id, ago(hours=closed_ago))).delen


@pytest.mark.parametrize(
    ("reading_ago", "closed_ago", "people", "not_counted"),
    [
        (30, 10, 506, 0),
        (36, 10, 506, 0),  # exactly the freshness limit before it closed
        (36.01, 10, 0, 1),
        (2, 10, 506, 0),  # counted after it closed
        (24 * 290, 24 * 288.9, 0, 1),
    ],
)
def test_people_at_a_closed_locatie_are_counted_apart(reading_ago, closed_ago, people, not_counted):
    found = left(reading_ago, closed_ago)
    assert (found.aanwezig_gesloten, found.gesloten_zonder_telling) == (people, not_counted)
    assert (found.locaties, found.aanwezig) == (0, 0)


def test_nobody_is_left_where_nobody_was():
    assert left(1, 2, aanwezig=0)[-2:] == left(1000, 2, aanwezig=0)[-2:] == (0, 0)
    never = landelijk(*in_use(1, aantal=5), closed("LOC-1", ago(hours=1))).delen
    assert (never.aanwezig_gesloten, never.gesloten_zonder_telling) == (0, 0)


def test_whoever_is_reported_gone_or_is_open_again_is_not_left_behind():
    shut = [*in_use(1, 506, 500, ago(hours=30)), closed("LOC-1", ago(hours=10))]
    assert landelijk(*shut).delen.aanwezig_gesloten == 506
    assert landelijk(*shut, reading(0, ago(hours=1), locatie="LOC-1")).delen.aanwezig_gesloten == 0
    assert landelijk(*shut, registered("LOC-1", vanaf=ago(hours=1))).delen.aanwezig_gesloten == 0
