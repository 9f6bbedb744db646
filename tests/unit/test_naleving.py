"""Compliance with the Spreidingswet, one rule at a time: what counts, for whom, and the class of a gemeente."""

from datetime import timedelta

import pytest

from services.core import naleving as core
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.opgaven import Opgave, opgave_of
from services.core.standen import standen
from services.core.telregel import Gevraagd, cyclus_in_force, maatstaf
from tests.support.make import (
    BEGIN,
    closed,
    cycle,
    moment,
    places,
    published,
    reading,
    registered,
    stand,
    step,
    task,
    transfer,
)
from tests.support.strategies import merging_gemeenten

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")
MERGER = moment("2027-01-01")
HILVERSUM, WIJDEMEREN, ROTTERDAM, UTRECHT = "GM0402", "GM1696", "GM0599", "GM0344"


def rows(*events, at=V, wanted=None, telregel=None, table=None):
    registers = fold(events, at, moment("2040-01-01"))
    by = maatstaf(registers, Gevraagd(wanted, telregel))
    return core.naleving(registers, standen(locaties(registers, at)), table or merging_gemeenten(), at, by)


def row(*events, code=HILVERSUM, **asked):
    return next(found for found in rows(*events, **asked) if found.gemeente.code == code)


def counted(*events, **asked):
    return row(cycle(), task(100), registered(), *events, **asked).meetellend


# The cyclus in force


def test_the_cyclus_in_force_is_the_one_with_the_greatest_id_of_those_that_began():
    both = [cycle("2024", BEGIN), task(1), cycle("2026", "2026-07-01"), task(2, cyclus="2026")]
    assert row(*both, at=moment("2026-07-01") - INSTANT).opgave.opgave == 1
    assert row(*both, at=moment("2026-07-01")).opgave.opgave == 2


def test_another_cyclus_can_be_asked_for_once_it_is_in_force():
    both = [cycle("2024", BEGIN), task(1), cycle("2026", "2025-07-01"), task(2, cyclus="2026")]
    assert row(*both, wanted="2024").opgave.opgave == 1
    assert cyclus_in_force(fold(both, moment("2025-01-01"), V), "2026") is None


def test_a_cyclus_that_is_written_again_does_not_come_back():
    """The id decides, and not when a cyclus was written last."""
    both = [cycle("2024", BEGIN), cycle("2026", "2025-01-01"), cycle("2024", "2026-01-01")]
    assert {cyclus_in_force(fold(order, V, V)).id for order in (both, both[::-1])} == {"2026"}


def test_a_new_write_of_a_cyclus_replaces_its_rule():
    changed = [cycle(soorten=("nood",)), cycle(soorten=("regulier", "nood"), vanaf="2025-01-01")]
    assert row(*changed, registered(), places(120)).meetellend == 120


def test_without_a_cyclus_nothing_is_known_of_any_gemeente():
    for events in ([], [task(100), registered(), places(120)]):
        found = row(*events)
        assert (found.opgave, found.tekort, found.tekort_hoogstens) == (None, None, None)
        assert (found.naleving, found.reden) == ("onbekend", "geen cyclus van kracht")
        assert core.totalen(rows(*events))["onbekend"] == 342


# The opgave


def test_the_strongest_status_known_is_the_opgave():
    weak = [task(1, status="indicatief"), task(2, status="provinciaal", vanaf="2024-06-01")]
    assert row(cycle(), *weak).opgave == Opgave(2, "provinciaal", None)
    strong = task(3, status="verdeelbesluit", amv=1)
    assert row(cycle(), *weak, strong, task(9, status="indicatief", vanaf="2025-01-01")).opgave == Opgave(
        3, "verdeelbesluit", 1
    )


def test_an_opgave_of_a_provincie_is_of_no_gemeente():
    events = [cycle(), task(500, "PV27")]
    assert {found.opgave for found in rows(*events)} == {None}
    assert opgave_of(fold(events, V, V), "PV27", "2024") == Opgave(500, "verdeelbesluit", None)


@pytest.mark.parametrize("status", ["indicatief", "provinciaal"])
@pytest.mark.parametrize(("volledig", "klasse", "tekort"), [(True, "geen opgave", 0), (False, "onbekend", None)])
def test_only_a_verdeelbesluit_is_judged(status, volledig, klasse, tekort):
    """A weaker opgave is shown with its status, and bounds nothing."""
    found = row(cycle(volledig=volledig), task(100, status=status), registered(), places(130))
    assert found.opgave == Opgave(100, status, None)
    assert (found.besluit, found.naleving, found.tekort, found.tekort_hoogstens) == (None, klasse, tekort, None)


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
    assert row(cycle(), registered(), places(30), *both, code=ROTTERDAM).ontvangen == 0


# What was promised and is not there


def test_what_is_not_covered_counts_nowhere():
    events = [cycle(), task(100), registered(), places(30), transfer(50, HILVERSUM, ROTTERDAM)]
    found, other = row(*events), row(*events, code=ROTTERDAM)
    assert (found.eigen, found.gegeven, found.ongedekt, found.meetellend, found.tekort) == (30, 30, 20, 0, 100)
    assert (other.ontvangen, other.meetellend) == (30, 30)


def test_a_gemeente_without_places_gives_nothing():
    events = [cycle(), task(74, ROTTERDAM), transfer(74, HILVERSUM, ROTTERDAM)]
    assert (row(*events).ongedekt, row(*events).meetellend) == (74, 0)
    assert row(*events, code=ROTTERDAM).naleving == "voldoet niet"
    assert sum(found.meetellend for found in rows(*events)) == 0


def test_promises_are_covered_in_the_order_in_which_they_were_made():
    first = transfer(20, HILVERSUM, UTRECHT, vanaf="2025-01-01")
    second = transfer(20, HILVERSUM, ROTTERDAM, vanaf="2025-02-01")
    here = [cycle(), registered(), places(30)]

    def received(*events):
        return [row(*here, *events, code=code).ontvangen for code in (UTRECHT, ROTTERDAM)]

    assert received(second, first) == received(first, second) == [20, 10]
    assert received(transfer(20, HILVERSUM, UTRECHT, vanaf="2025-03-01"), first, second) == [10, 20]
    early, late = ({"vanaf": "2025-01-01", "time": time} for time in ("2025-01-01", "2025-01-02"))
    assert received(transfer(20, HILVERSUM, UTRECHT, **late), transfer(20, HILVERSUM, ROTTERDAM, **early)) == [10, 20]


def test_places_for_amv_are_not_given_away():
    events = [cycle(soorten=("regulier", "amv")), registered(), places(10), places(40, soort="amv")]
    found = row(*events, transfer(30, HILVERSUM, ROTTERDAM))
    assert (found.eigen, found.amv, found.gegeven, found.ongedekt, found.meetellend) == (50, 40, 10, 20, 40)


def test_what_was_received_can_not_be_given_on_also_not_in_a_circle():
    circle = [
        transfer(30, HILVERSUM, ROTTERDAM),
        transfer(30, ROTTERDAM, UTRECHT),
        transfer(30, UTRECHT, HILVERSUM),
    ]
    events = [cycle(), registered(), places(30), *circle]
    assert [row(*events, code=code).meetellend for code in (HILVERSUM, ROTTERDAM, UTRECHT)] == [0, 30, 0]
    assert [row(*events, code=code).ongedekt for code in (HILVERSUM, ROTTERDAM, UTRECHT)] == [0, 30, 30]
    everywhere = [
        part
        for code, own_id in ((ROTTERDAM, "LOC-R"), (UTRECHT, "LOC-U"))
        for part in (registered(own_id, code), places(30, locatie=own_id))
    ]
    assert {row(*events, *everywhere, code=code).meetellend for code in (HILVERSUM, ROTTERDAM, UTRECHT)} == {30}


def test_a_promise_to_itself_after_a_merger_uses_no_places():
    events = [
        cycle(),
        registered(),
        places(30),
        transfer(30, HILVERSUM, WIJDEMEREN),
        transfer(30, HILVERSUM, ROTTERDAM),
    ]
    before, after = row(*events, at=MERGER - INSTANT), row(*events, at=MERGER)
    assert (before.gegeven, before.ongedekt) == (30, 30)
    assert (after.gegeven, after.ongedekt) == (30, 0)
    assert row(*events, at=MERGER, code=ROTTERDAM).ontvangen == 30


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
    known = [] if opgave is None else [task(opgave)]
    assert row(cycle(volledig=volledig), registered(), places(meetellend), *known).naleving == klasse


def test_volledig_is_true_by_default():
    assert row(cycle(), task(100)).naleving == "voldoet niet"
    assert row(cycle(volledig=False), task(100)).naleving == "onbekend"


def test_the_classes_add_up_to_all_342_gemeenten():
    none = dict.fromkeys(core.KLASSEN, 0)
    events = [cycle(), task(100), task(0, ROTTERDAM), registered(), places(30)]
    assert core.totalen(rows(*events)) == none | {"gedeeltelijk": 1, "geen opgave": 341}
    incomplete = [cycle(volledig=False), task(100), task(0, ROTTERDAM), registered(), places(130)]
    assert core.totalen(rows(*incomplete)) == none | {"voldoet": 1, "geen opgave": 1, "onbekend": 340}


def test_published_figures_and_readings_count_nowhere():
    events = [cycle(), task(100), registered(), places(30)]
    assert rows(*events, published(99, HILVERSUM), reading(99)) == rows(*events)


# Supervision


def test_under_supervision_is_a_latest_step_in_force_that_is_not_beeindigd():
    steps = [step("brief", op="2026-01-01"), step("besluit", op="2026-06-01"), step("beëindigd", op="2026-07-01")]
    days = ["2025-12-31", "2026-01-01", "2026-06-01", "2026-07-01"]
    assert [row(*steps, at=moment(day)).toezicht for day in days] == [None, "brief", "besluit", None]


# Mergers


def merging(volledig=None, **hilversum):
    """Returns Wijdemeren and Hilversum, each with an opgave and a locatie, and a transfer between them."""
    return [
        cycle(volledig=volledig),
        task(70, WIJDEMEREN, amv=7),
        task(300, HILVERSUM, amv=30, **hilversum),
        registered("LOC-W", WIJDEMEREN),
        places(40, locatie="LOC-W"),
        registered("LOC-H", HILVERSUM),
        places(300, locatie="LOC-H"),
        transfer(20, HILVERSUM, WIJDEMEREN),
        transfer(10, WIJDEMEREN, ROTTERDAM),
    ]


def test_from_the_date_of_a_merger_locaties_and_opgave_added_go_to_the_successor():
    """A transfer between the two has no effect any more."""
    before, after = row(*merging(), at=MERGER - INSTANT), row(*merging(), at=MERGER)
    assert (before.opgave.opgave, before.meetellend) == (300, 280)
    assert after.opgave == Opgave(370, "verdeelbesluit", 37)
    assert (after.eigen, after.ontvangen, after.gegeven, after.meetellend) == (340, 0, 10, 330)
    assert (after.naleving, after.tekort) == ("gedeeltelijk", 40)


def test_after_a_merger_only_verdeelbesluiten_are_added():
    """Hilversum has a weaker opgave, which in a complete cyclus is no task."""
    found = row(*merging(status="provinciaal"), at=MERGER)
    assert found.opgave == Opgave(70, "verdeelbesluit", 7)
    assert row(*merging(volledig=False, status="provinciaal"), at=MERGER).naleving == "onbekend"


def test_a_verdeelbesluit_of_the_successor_from_the_merger_on_replaces_those_of_the_parts():
    assert row(*merging(), task(200, vanaf="2026-12-31"), at=MERGER).opgave.opgave == 270
    assert row(*merging(), task(200, vanaf="2027-01-01"), at=MERGER).opgave.opgave == 200
    late = task(50, WIJDEMEREN, vanaf="2027-02-01")
    assert row(*merging(), late, at=moment("2027-03-01")).opgave.opgave == 350


def test_after_a_merger_a_suspended_part_is_left_out_and_only_such_parts_are_opgeschort():
    one = row(*merging(), stand(gemeente=WIJDEMEREN), at=MERGER)
    assert (one.besluit.opgave, one.naleving) == (300, "voldoet")
    both = row(*merging(), stand(gemeente=WIJDEMEREN), stand("vernietigd"), at=MERGER)
    assert (both.besluit.opgave, both.naleving, both.tekort, both.tekort_hoogstens) == (370, "opgeschort", None, 40)


def test_after_a_merger_the_term_is_the_last_of_the_parts_and_none_if_a_part_has_none():
    def term(*voor):
        parts = [task(70, code, voor=one) for code, one in zip((WIJDEMEREN, HILVERSUM), voor, strict=True)]
        return row(cycle(), *parts, at=MERGER).besluit.realiseren_voor

    assert term("2027-02-01", "2027-03-01") == term("2027-03-01", "2027-02-01") == moment("2027-03-01")
    assert term("2027-02-01", None) is None


def test_a_gemeente_that_ended_has_no_row_and_its_successor_has_the_latest_step_of_both():
    events = [*merging(), step("besluit", WIJDEMEREN, op="2026-02-01"), step("brief", HILVERSUM, op="2026-01-01")]
    assert len(rows(*events, at=MERGER - INSTANT)) == 342
    assert len(rows(*events, at=MERGER)) == 341
    assert WIJDEMEREN not in [found.gemeente.code for found in rows(*events, at=MERGER)]
    assert [row(*events, at=at).toezicht for at in (MERGER - INSTANT, MERGER)] == ["brief", "besluit"]
    ended = step("beëindigd", WIJDEMEREN, op="2026-03-01")
    assert row(*events, ended, at=MERGER).toezicht is None


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
    assert (merged.opgave, merged.tekort, merged.tekort_hoogstens, merged.naleving) == (None, None, None, "onbekend")
    assert row(*known, task(10), at=MERGER).naleving == "voldoet"


def test_in_a_complete_cyclus_a_gemeente_without_an_opgave_adds_nothing():
    known = [cycle(), task(70, WIJDEMEREN, amv=7)]
    assert row(*known, at=MERGER).opgave == Opgave(70, "verdeelbesluit", 7)


def test_amv_of_a_sum_is_known_only_when_every_part_of_it_is():
    assert row(cycle(), task(70, WIJDEMEREN, amv=7), task(30), at=MERGER).opgave.waarvan_amv is None


def test_a_gemeente_that_had_ended_before_the_cyclus_is_no_part_of_it():
    later = [cycle("2028", "2028-07-01", until="2033-01-01", volledig=False), task(300, cyclus="2028")]
    assert row(*later, at=moment("2029-01-01")).opgave.opgave == 300
