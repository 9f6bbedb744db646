"""Compliance with the Spreidingswet, one rule at a time: what counts, for whom, and the class of a gemeente."""

from datetime import timedelta

import pytest

from services.core import naleving as core
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.standen import standen
from tests.support.make import (
    BEGIN,
    closed,
    cycle,
    moment,
    places,
    published,
    reading,
    registered,
    step,
    task,
    transfer,
)
from tests.support.strategies import merging_gemeenten

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")
MERGER = moment("2027-01-01")
HILVERSUM, WIJDEMEREN, ROTTERDAM = "GM0402", "GM1696", "GM0599"


def rows(*events, at=V, wanted=None, table=None):
    registers = fold(events, at, moment("2040-01-01"))
    cyclus = core.cyclus_in_force(registers, wanted)
    return core.naleving(registers, standen(locaties(registers, at)), table or merging_gemeenten(), at, cyclus)


def row(*events, code=HILVERSUM, **asked):
    return next(found for found in rows(*events, **asked) if found.gemeente.code == code)


def counted(*events, **asked):
    return row(cycle(), task(100), registered(), *events, **asked).meetellend


# The cyclus in force


def test_the_cyclus_in_force_is_the_one_with_the_latest_geldig_vanaf_up_to_v():
    both = [cycle("2024", BEGIN), task(1), cycle("2026", "2026-07-01"), task(2, cyclus="2026")]
    assert row(*both, at=moment("2026-07-01") - INSTANT).opgave.opgave == 1
    assert row(*both, at=moment("2026-07-01")).opgave.opgave == 2


def test_another_cyclus_can_be_asked_for_once_it_is_in_force():
    both = [cycle("2024", BEGIN), task(1), cycle("2026", "2025-07-01"), task(2, cyclus="2026")]
    assert row(*both, wanted="2024").opgave.opgave == 1
    assert core.cyclus_in_force(fold(both, moment("2025-01-01"), V), "2026") is None


def test_of_two_cycli_of_one_moment_the_later_cyclus_is_in_force():
    both = [cycle("2026", BEGIN), cycle("2024", BEGIN)]
    assert {core.cyclus_in_force(fold(order, V, V)).id for order in (both, both[::-1])} == {"2026"}


def test_a_cyclus_that_begins_again_is_in_force_again():
    """The latest geldigVanaf decides, not the year in the name of a cyclus."""
    registers = fold([cycle("2024", BEGIN), cycle("2026", "2025-01-01"), cycle("2024", "2026-01-01")], V, V)
    assert core.cyclus_in_force(registers).id == "2024"


def test_a_new_write_of_a_cyclus_replaces_its_rule():
    changed = [cycle(soorten=("nood",)), cycle(soorten=("regulier", "nood"), vanaf="2025-01-01")]
    assert row(*changed, registered(), places(120)).meetellend == 120


def test_without_a_cyclus_nobody_has_an_opgave():
    found = row(task(100), registered(), places(120))
    assert (found.opgave, found.meetellend, found.tekort, found.naleving) == (None, 0, None, "geen opgave")


# The opgave


def test_the_strongest_status_known_is_the_opgave():
    weak = [task(1, status="indicatief"), task(2, status="provinciaal", vanaf="2024-06-01")]
    assert row(cycle(), *weak).opgave == core.Opgave(2, "provinciaal", None)
    strong = task(3, status="verdeelbesluit", amv=1)
    assert row(cycle(), *weak, strong, task(9, status="indicatief", vanaf="2025-01-01")).opgave == core.Opgave(
        3, "verdeelbesluit", 1
    )


def test_an_opgave_of_a_provincie_is_of_no_gemeente():
    events = [cycle(), task(500, "PV27")]
    assert {found.opgave for found in rows(*events)} == {None}
    assert core.opgave_of(fold(events, V, V), "PV27", "2024") == core.Opgave(500, "verdeelbesluit", None)


def test_tekort_is_what_is_short_of_the_opgave():
    assert row(cycle(), task(100), registered(), places(30)).tekort == 70
    assert row(cycle(), task(100), registered(), places(130)).tekort == 0


# When a place counts


def test_a_place_counts_by_aantal_when_it_is_in_force_and_its_locatie_is_open():
    assert counted(places(30, 0)) == 30
    assert counted(places(30, vanaf="2026-06-01")) == 0
    assert counted(places(30, tot="2026-05-01")) == 0
    assert counted(places(30), closed(vanaf="2025-01-01")) == 0


def test_places_of_a_locatie_that_is_not_registered_count_nowhere():
    assert sum(found.meetellend for found in rows(cycle(), task(100), places(30))) == 0


def test_a_place_counts_when_its_soort_is_in_meetellende_soorten():
    both = [registered(), places(30), places(40, soort="nood")]
    assert row(cycle(soorten=("nood",)), task(1), *both).meetellend == 40
    assert row(cycle(soorten=("nood", "regulier")), task(1), *both).meetellend == 70


def test_a_place_counts_when_its_geldig_tot_is_absent_or_not_before_beschikbaar_tot_minstens():
    assert counted(places(30, tot="2029-01-01")) == 30
    assert counted(places(30, tot="2028-12-31T22:59:59Z")) == 0
    assert counted(places(30)) == 30


def test_transfers_in_force_count_for_who_receives_and_not_for_who_gives():
    """This also holds for a gemeente with its own opgave. Only transfers within the cyclus count."""
    given = transfer(20, HILVERSUM, ROTTERDAM, tot="2026-05-26T08:00:00Z")
    events = [cycle(), task(100), registered(), places(30), given, transfer(5, HILVERSUM, ROTTERDAM, cyclus="2026")]
    before, after = V - INSTANT, V
    assert [row(*events, at=at).meetellend for at in (before, after)] == [10, 30]
    assert [row(*events, code=ROTTERDAM, at=at).meetellend for at in (before, after)] == [20, 0]


def test_an_expired_overdracht_is_0_and_an_earlier_one_does_not_resurface():
    both = [transfer(20, HILVERSUM, ROTTERDAM), transfer(5, HILVERSUM, ROTTERDAM, vanaf="2025-01-01", tot="2026-01-01")]
    assert row(cycle(), *both, code=ROTTERDAM).ontvangen == 0


def test_meetellend_is_never_below_0():
    found = row(cycle(), task(100), registered(), places(30), transfer(50, HILVERSUM, ROTTERDAM))
    assert (found.eigen, found.gegeven, found.meetellend, found.tekort) == (30, 50, 0, 100)


# The classes


@pytest.mark.parametrize(
    ("opgave", "meetellend", "volledig", "klasse"),
    [
        (100, 100, True, "voldoet"),
        (100, 99, True, "gedeeltelijk"),
        (100, 1, True, "gedeeltelijk"),
        (100, 0, True, "voldoet niet"),
        (0, 0, True, "geen opgave"),
        (0, 50, True, "geen opgave"),
        (None, 0, True, "geen opgave"),
        (None, 50, True, "geen opgave"),
        # If the cyclus has volledig: false, known places are a lower bound. Voldoet stays; geen opgave needs a known 0.
        # Everything else is onbekend.
        (100, 100, False, "voldoet"),
        (100, 99, False, "onbekend"),
        (100, 0, False, "onbekend"),
        (0, 0, False, "geen opgave"),
        (None, 50, False, "onbekend"),
        (None, 0, False, "onbekend"),
    ],
)
def test_the_class_of_a_gemeente(opgave, meetellend, volledig, klasse):
    assert core.classify(opgave, meetellend, volledig) == klasse


def test_volledig_is_true_by_default():
    assert row(cycle(), task(100)).naleving == "voldoet niet"
    assert row(cycle(volledig=False), task(100)).naleving == "onbekend"


def test_the_classes_add_up_to_all_342_gemeenten():
    events = [cycle(), task(100), task(0, ROTTERDAM), registered(), places(30)]
    assert core.totalen(rows(*events)) == {
        "voldoet": 0,
        "gedeeltelijk": 1,
        "voldoet niet": 0,
        "geen opgave": 341,
        "onbekend": 0,
    }
    incomplete = [cycle(volledig=False), task(100), task(0, ROTTERDAM), registered(), places(130)]
    assert core.totalen(rows(*incomplete)) == {
        "voldoet": 1,
        "gedeeltelijk": 0,
        "voldoet niet": 0,
        "geen opgave": 1,
        "onbekend": 340,
    }


def test_published_figures_and_readings_count_nowhere():
    events = [cycle(), task(100), registered(), places(30)]
    assert rows(*events, published(99, HILVERSUM), reading(99)) == rows(*events)


# Supervision


def test_under_supervision_is_a_latest_step_in_force_that_is_not_beeindigd():
    steps = [step("brief", op="2026-01-01"), step("besluit", op="2026-06-01"), step("beëindigd", op="2026-07-01")]
    days = ["2025-12-31", "2026-01-01", "2026-06-01", "2026-07-01"]
    assert [row(*steps, at=moment(day)).toezicht for day in days] == [None, "brief", "besluit", None]


# Mergers


def merging(volledig=None):
    """Returns Wijdemeren and Hilversum, each with an opgave and a locatie, and a transfer between them."""
    return [
        cycle(volledig=volledig),
        task(70, WIJDEMEREN, amv=7),
        task(300, HILVERSUM, status="provinciaal", amv=30),
        registered("LOC-W", WIJDEMEREN),
        places(40, locatie="LOC-W"),
        registered("LOC-H", HILVERSUM),
        places(300, locatie="LOC-H"),
        transfer(20, HILVERSUM, WIJDEMEREN),
        transfer(10, WIJDEMEREN, ROTTERDAM),
    ]


def test_from_the_date_of_a_merger_locaties_and_opgave_added_go_to_the_successor():
    """The sum has the status of its weakest part. Transfers between the two cancel out."""
    before, after = row(*merging(), at=MERGER - INSTANT), row(*merging(), at=MERGER)
    assert (before.opgave.opgave, before.meetellend) == (300, 280)
    assert after.opgave == core.Opgave(370, "provinciaal", 37)
    assert (after.eigen, after.ontvangen, after.gegeven, after.meetellend) == (340, 20, 30, 330)
    assert after.naleving == "gedeeltelijk"


def test_a_gemeente_that_ended_has_no_row_and_its_successor_keeps_its_own_supervision():
    events = [*merging(), step("brief", WIJDEMEREN)]
    assert len(rows(*events, at=MERGER - INSTANT)) == 342
    assert len(rows(*events, at=MERGER)) == 341
    assert WIJDEMEREN not in [found.gemeente.code for found in rows(*events, at=MERGER)]
    assert row(*events, code=WIJDEMEREN, at=MERGER - INSTANT).toezicht == "brief"
    assert row(*events, at=MERGER).toezicht is None


def test_a_merger_takes_effect_on_the_dutch_day():
    assert (indeling(merging_gemeenten(), MERGER - INSTANT).current(WIJDEMEREN), MERGER.hour) == (WIJDEMEREN, 23)
    assert indeling(merging_gemeenten(), MERGER).current(WIJDEMEREN) == HILVERSUM


def test_after_a_merger_an_event_about_the_old_code_still_counts():
    late = [cycle(), task(70, WIJDEMEREN, vanaf="2027-02-01"), registered("LOC-W", WIJDEMEREN, vanaf="2027-02-01")]
    found = row(*late, places(50, locatie="LOC-W"), at=moment("2027-03-01"))
    assert (found.opgave.opgave, found.meetellend) == (70, 50)


def test_in_an_incomplete_cyclus_a_sum_of_which_a_part_is_unknown_settles_nothing():
    """This holds even if the known part is met, since the opgave of the other gemeente may be any number."""
    known = [cycle(volledig=False), task(70, WIJDEMEREN), registered("LOC-W", WIJDEMEREN), places(90, locatie="LOC-W")]
    assert row(*known, code=WIJDEMEREN, at=MERGER - INSTANT).naleving == "voldoet"
    merged = row(*known, at=MERGER)
    assert (merged.opgave, merged.tekort, merged.naleving) == (None, None, "onbekend")
    assert row(*known, task(10), at=MERGER).naleving == "voldoet"


def test_in_a_complete_cyclus_a_gemeente_without_an_opgave_adds_nothing():
    known = [cycle(), task(70, WIJDEMEREN, amv=7)]
    assert row(*known, at=MERGER).opgave == core.Opgave(70, "verdeelbesluit", 7)


def test_amv_of_a_sum_is_known_only_when_every_part_of_it_is():
    assert row(cycle(), task(70, WIJDEMEREN, amv=7), task(30), at=MERGER).opgave.waarvan_amv is None


def test_a_gemeente_that_had_ended_before_the_cyclus_is_no_part_of_it():
    later = [cycle("2028", "2028-07-01", until="2033-01-01", volledig=False), task(300, cyclus="2028")]
    assert row(*later, at=moment("2029-01-01")).opgave.opgave == 300
