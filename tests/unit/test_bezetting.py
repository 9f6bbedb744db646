"""The figures of locaties and their sums, one rule at a time."""

from datetime import timedelta

import pytest

from services.core import bezetting as core
from services.core.delen import STANDAARD, Grenzen, bezettingsgraad_gemeten, nu
from services.core.fold import fold, history
from services.core.locaties import Maximum, Plaatsen, locaties
from services.core.standen import standen
from services.core.voorbehoud import voorbehoud
from tests.support.make import (
    BEGIN,
    LOC,
    access,
    closed,
    limit,
    moment,
    places,
    published,
    reading,
    registered,
    retracted,
)

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")
END = "2026-05-26T08:00:00Z"


def locatie(*events, at=V, own_id=LOC):
    return next(found for found in locaties(fold(events, at, V), at) if found.id == own_id)


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


# Places


def test_expired_places_are_0_and_an_earlier_write_does_not_resurface():
    """GeldigTot is the first moment at which the places are no longer valid."""
    both = [places(300, vanaf="2024-01-01"), places(100, 80, vanaf="2025-01-01", tot=END)]
    since = moment("2025-01-01")
    assert locatie(*both, at=V - INSTANT).plaatsen["regulier"] == Plaatsen(100, 80, V, since)
    assert locatie(*both, at=V).plaatsen["regulier"] == Plaatsen(0, 0, V, since)
    assert (locatie(*both).totaal_plaatsen, locatie(*both).inzetbaar) == (0, 0)


def test_inzetbaar_defaults_to_aantal():
    found = locatie(places(300), places(40, 0, soort="amv"))
    assert (found.plaatsen["regulier"].inzetbaar, found.plaatsen["amv"].inzetbaar) == (300, 0)
    assert (found.totaal_plaatsen, found.inzetbaar) == (340, 300)


def test_a_soort_never_written_is_absent():
    assert set(locatie(places(0, soort="nood")).plaatsen) == {"nood"}


def test_without_any_soort_totaal_plaatsen_and_inzetbaar_are_unknown_and_not_0():
    found = locatie(registered(), reading(5))
    assert (dict(found.plaatsen), found.totaal_plaatsen, found.inzetbaar, found.bezettingsgraad) == (
        {},
        None,
        None,
        None,
    )


def test_places_that_are_0_are_known():
    found = locatie(registered(), places(0))
    assert (found.totaal_plaatsen, found.inzetbaar) == (0, 0)


# People


def test_aanwezig_is_the_last_reading_in_force_and_null_when_there_is_none():
    readings = [reading(7, "2026-05-01"), reading(8, "2026-06-01"), reading(6, "2026-04-01", time="2026-05-20")]
    found = locatie(registered(), *readings)
    assert (found.aanwezig, found.peilmoment) == (7, moment("2026-05-01"))
    assert (locatie(registered()).aanwezig, locatie(registered()).peilmoment) == (None, None)


def test_a_reading_of_0_is_a_reading():
    found = locatie(registered(), places(10), reading(0))
    assert (found.aanwezig, found.bezettingsgraad, found.boven_capaciteit) == (0, 0.0, False)


def test_a_closed_locatie_keeps_its_own_places_and_readings():
    found = locatie(registered(), places(10), reading(4), closed(vanaf="2025-01-01"))
    assert (found.open, found.totaal_plaatsen, found.aanwezig, found.bezettingsgraad) == (False, 10, 4, 0.4)


def test_bezettingsgraad_may_exceed_1_and_is_unrounded():
    assert locatie(registered(), places(3), reading(4)).bezettingsgraad == 4 / 3


@pytest.mark.parametrize(
    ("inzetbaar", "aanwezig", "boven", "graad"),
    [(10, 10, False, 1.0), (10, 11, True, 1.1), (0, 1, True, None), (0, 0, False, None)],
)
def test_boven_capaciteit_is_more_people_than_usable_places_also_when_there_are_0(inzetbaar, aanwezig, boven, graad):
    found = locatie(registered(), places(20, inzetbaar), reading(aanwezig))
    assert (found.boven_capaciteit, found.bezettingsgraad) == (boven, graad)


def test_what_is_unknown_is_not_boven_capaciteit():
    assert not locatie(registered(), reading(50)).boven_capaciteit
    assert not locatie(registered(), places(0)).boven_capaciteit


# Registration, opening and access


def test_locatie_geregistreerd_opens_from_geldig_vanaf_and_again_after_closing():
    events = [registered(vanaf="2024-02-01"), closed(vanaf="2024-03-01"), registered(vanaf="2024-04-01")]
    days = ["2024-02-01", "2024-03-01", "2024-04-01"]
    assert [locatie(*events, at=moment(day)).open for day in days] == [True, False, True]
    assert [locatie(*events, at=moment(day) - INSTANT).open for day in days[1:]] == [True, False]


def test_before_its_geldig_vanaf_a_locatie_is_not_there():
    assert landelijk(registered(vanaf="2026-06-01")).locaties == 0


def test_a_locatie_whose_registration_is_unknown_is_listed_and_counts_nowhere():
    events = [places(10), reading(4), access("gesloten"), limit(3)]
    found = locatie(*events)
    assert (found.registered, found.open, found.naam, found.gemeente, found.soort) == (False, False, None, None, None)
    assert (found.totaal_plaatsen, found.aanwezig) == (10, 4)
    assert landelijk(*events) == landelijk()


def test_a_locatie_of_which_only_others_published_is_listed_too():
    found = locatie(published(120, LOC))
    assert (found.registered, found.aanwezig, found.totaal_plaatsen) == (False, None, None)


def test_a_retracted_registration_is_no_registration():
    first = registered()
    assert not locatie(first, retracted(first), reading(4)).registered


def test_toegang_is_null_when_never_reported():
    assert locatie(registered()).toegang is None
    assert locatie(registered(), access("open"), access("beperkt", vanaf="2025-01-01")).toegang == "beperkt"


def test_a_new_registration_replaces_all_of_the_old_one():
    found = locatie(registered(), registered(gemeente="GM0599", soort="pol", vanaf="2025-01-01"))
    assert (found.gemeente, found.soort) == ("GM0599", "pol")


# Sums


def test_sums_are_over_open_locaties_and_0_over_nothing():
    shut = [*in_use(3, aanwezig=9, aantal=90), closed("LOC-3", "2025-01-01")]
    total = landelijk(*in_use(1, aanwezig=8, aantal=10, op=ago(hours=1)), *in_use(2, aantal=5), *shut)
    assert (total.locaties, total.plaatsen, total.inzetbaar, total.delen.aanwezig) == (2, 15, 15, 8)
    nothing = landelijk()
    assert (nothing.locaties, nothing.plaatsen, nothing.inzetbaar) == (0, 0, 0)


def test_aanwezig_is_only_stated_when_every_open_locatie_has_a_reading():
    """What was measured is shown beside it, as a lower bound."""
    shut = [*in_use(1, aanwezig=9, aantal=90), closed("LOC-1", "2025-01-01")]
    none = landelijk(*shut, *in_use(2, aantal=5))
    assert (none.aanwezig, none.delen.aanwezig, none.delen.gemeten) == (None, 0, 0)
    assert landelijk(*in_use(1, aanwezig=0, op=ago(hours=1))).aanwezig == 0
    nine = [event for number in range(9) for event in in_use(number, aanwezig=2, aantal=2, op=ago(hours=1))]
    one_short = landelijk(*nine, *in_use(9, aantal=2))
    assert (one_short.bezettingsgraad, one_short.aanwezig, one_short.delen.aanwezig) == (1.0, None, 18)
    assert [one.code for one in voorbehoud(one_short)] == ["niet allen gemeten"]
    all_of_them = landelijk(*nine, *in_use(9, aanwezig=3, aantal=2, op=ago(days=300)))
    assert (all_of_them.aanwezig, voorbehoud(all_of_them)) == (21, [])


def test_places_are_the_sum_of_what_is_known():
    total = landelijk(*in_use(1, aantal=5, inzetbaar=4), *in_use(2, aanwezig=3))
    assert (total.locaties, total.plaatsen, total.inzetbaar) == (2, 5, 4)


def test_bezettingsgraad_is_only_over_those_with_a_reading_and_known_places():
    only_people, only_places = in_use(2, aanwezig=1000), in_use(3, aantal=1000)
    total = landelijk(*in_use(1, aanwezig=9, aantal=8), *only_people, *only_places)
    assert (gemeten(total), total.delen.aanwezig, total.inzetbaar) == (9 / 8, 1009, 1008)


def test_expired_places_are_known_places():
    """If the places of a locatie with people have expired, these people are present without a place."""
    over = in_use(2, aanwezig=5, aantal=50, tot="2025-01-01")
    assert gemeten(landelijk(*in_use(1, aanwezig=10, aantal=10), *over)) == 1.5


def test_bezettingsgraad_is_null_when_that_sum_is_0():
    ended = landelijk(*in_use(1, aanwezig=5, aantal=50, tot="2025-01-01", op=ago(hours=1)))
    unknown = landelijk(*in_use(1, aanwezig=5, op=ago(hours=1)))
    for total in (ended, unknown):
        assert (total.bezettingsgraad, gemeten(total), total.aanwezig) == (None, None, 5)
        assert [one.code for one in voorbehoud(total)] == ["geen plaatsen"]


# How much of it is fresh, and how old it is


def test_dekking_is_the_share_of_usable_places_with_a_reading_not_older_than_the_limit():
    exactly, too_old = V - STANDAARD.vers, V - STANDAARD.vers - INSTANT
    fresh = in_use(1, aanwezig=0, aantal=30, op=exactly.isoformat())
    stale = in_use(2, aanwezig=0, aantal=50, op=too_old.isoformat())
    never = in_use(3, aantal=20)
    assert landelijk(*fresh, *stale, *never).dekking == 0.3
    assert landelijk(*fresh, *stale, *never, grenzen=Grenzen(vers=timedelta(days=2))).dekking == 0.8


def test_dekking_is_null_when_there_are_no_usable_places():
    assert landelijk(*in_use(1, aanwezig=5)).dekking is None
    assert landelijk().dekking is None


def test_ages_are_from_v_back_to_the_oldest_and_to_the_median_counted_peilmoment():
    def age(number, seconds):
        return in_use(number, aanwezig=1, op=(V - timedelta(seconds=seconds)).isoformat())

    three = landelijk(*age(1, 10), *age(2, 20), *age(3, 60))
    assert (three.data_ouderdom_seconden, three.data_ouderdom_mediaan_seconden) == (60, 20)
    two = landelijk(*age(1, 10), *age(2, 21), *in_use(3, aantal=4))
    assert (two.data_ouderdom_seconden, two.data_ouderdom_mediaan_seconden) == (21, 15)
    assert landelijk(*age(1, 10.9)).data_ouderdom_seconden == 10


def test_an_age_that_is_not_counted_is_no_age():
    shut = [*in_use(1, aanwezig=9), closed("LOC-1", "2025-01-01")]
    total = landelijk(*shut, *in_use(2, aantal=5))
    assert (total.data_ouderdom_seconden, total.data_ouderdom_mediaan_seconden) == (None, None)


# Maximum


def test_boven_maximum_is_more_people_than_the_maximum_in_force():
    assert locatie(registered(), limit(2000), reading(2001)).boven_maximum
    assert not locatie(registered(), limit(2000), reading(2000)).boven_maximum
    assert not locatie(registered(), limit(2000)).boven_maximum
    assert not locatie(registered(), reading(2001)).boven_maximum


def test_an_expired_maximum_is_null_and_an_earlier_one_does_not_resurface():
    both = [limit(2000), limit(1000, vanaf="2025-01-01", tot=END)]
    assert locatie(*both, at=V - INSTANT).maximum.maximum == 1000
    assert locatie(*both, at=V).maximum is None


def breaches(maximum, *readings):
    """Returns the breach of the maximum in force at V, from the readings that are not retracted."""
    events = [registered(), maximum, *readings]
    steps = history(events, V, V).items()
    counted = [(at, winner.value) for (_, register, at), winner in steps if register == "aanwezig"]
    return core.overschrijding(locatie(*events).maximum, counted)


def test_breach_days_are_amsterdam_days_with_at_least_one_reading_above_the_maximum():
    """22:30 UTC in summer is 00:30 of the next day."""
    found = breaches(
        limit(100, vanaf="2024-05-01"),
        reading(101, "2024-05-10T21:30:00Z"),
        reading(102, "2024-05-10T22:30:00Z"),
        reading(99, "2024-05-11T08:00:00Z"),
        reading(100, "2024-05-12T08:00:00Z"),
    )
    assert (found.dagen, found.dagen_met_meting) == (2, 3)


def test_a_day_without_a_reading_is_in_neither_count():
    found = breaches(limit(100, vanaf="2024-05-01"))
    assert (found.dagen, found.dagen_met_meting, found.dwangsom, found.plafond) == (0, 0, None, None)


def test_only_readings_while_the_maximum_was_in_force_are_judged_by_it():
    outside = [(moment("2024-04-30T12:00:00Z"), 900), (moment("2024-06-01"), 900)]
    inside = [(moment("2024-05-01"), 900), (moment("2024-06-01") - INSTANT, 900)]
    maximum = Maximum(100, "uitspraak", moment("2024-05-01"), moment("2024-06-01"), None, None)
    assert core.overschrijding(maximum, [*outside, *inside]).dagen == 2


def test_breach_days_are_counted_per_maximum():
    readings = [reading(150, "2024-05-02"), reading(150, "2025-05-02"), reading(150, "2025-05-03")]
    second = limit(100, vanaf="2025-01-01")
    both = [registered(), limit(100, vanaf="2024-01-01"), second]
    assert locatie(*both).maximum.geldig_vanaf == second.data.geldigVanaf
    assert breaches(second, *readings).dagen == 2


def test_a_corrected_reading_counts_as_corrected():
    wrong, right = reading(150, "2024-05-02", time=BEGIN), reading(50, "2024-05-02", time="2024-06-01")
    assert breaches(limit(100), wrong, right).dagen == 0


def test_the_penalty_is_days_times_dwangsom_up_to_the_plafond():
    days = [reading(150, f"2024-05-0{day}") for day in (1, 2, 3)]
    assert breaches(limit(100, per_dag=15_000), *days).dwangsom == 45_000
    capped = breaches(limit(100, per_dag=15_000, plafond=40_000), *days)
    assert (capped.dwangsom, capped.plafond) == (40_000, 40_000)
    assert breaches(limit(100, plafond=40_000), *days).dwangsom is None


# Published


def test_published_figures_count_nowhere_and_are_shown_newest_first():
    registers = fold(
        [
            published(70_000, peildatum="2026-05-01"),
            published(71_000, peildatum="2026-05-02", bron="Kamerbrief"),
            published(1, "PV27"),
            published(69_000, peildatum="2025-05-01"),
        ],
        V,
        V,
    )
    shown = core.gepubliceerd(registers, "NL")
    assert [(cijfer["waarde"], cijfer["peildatum"], cijfer["bron"]) for cijfer in shown] == [
        (71_000, "2026-05-02", "Kamerbrief"),
        (70_000, "2026-05-01", "COA"),
    ]
    assert locaties(registers, V) == []
