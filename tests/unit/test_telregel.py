"""What a telregel asks, one demand at a time: how long places last, amv on its own, the term, and which rule it is."""

from datetime import timedelta

import pytest

from services.core import delen
from services.core import naleving as core
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.core.telregel import Gevraagd, maanden_later, maatstaf, telregels
from services.core.voorbehoud import van_gemeente, van_naleving
from tests.support.make import BEGIN, cycle, moment, places, registered, retracted, rule, stand, task
from tests.support.strategies import merging_gemeenten

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")
LATE = "2039-01-01T00:00:00Z"
DEN_HAAG = "GM0518"
CYCLE = cycle(until=BEGIN, soorten=("regulier", "nood", "amv"), telregel="ministerie")


def rows(*events, at=V, known_at=V, telregel=None):
    registers = fold(events, at, known_at)
    by = maatstaf(registers, Gevraagd(None, telregel))
    return core.naleving(registers, standen(locaties(registers, at)), merging_gemeenten(), at, by)


def row(*events, code="GM0402", **asked):
    return next(found for found in rows(*events, **asked) if found.gemeente.code == code)


def counted(asked, *events, at=V):
    return row(CYCLE, asked, task(100), registered(), *events, at=at).eigen


# How long a place lasts


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-01", 12, "2027-01-01"),
        ("2026-05-26T21:59:59Z", 6, "2026-11-26"),  # 23:59:59 in the Netherlands
        ("2026-05-26T22:00:00Z", 6, "2026-11-27"),  # the next Dutch day
        ("2025-12-31T23:30:00Z", 1, "2026-02-01"),
        ("2024-02-29", 600, "2074-02-28"),
    ],
)
def test_a_moment_some_months_on_is_midnight_of_that_dutch_day(day, months, later):
    year, month, last = map(int, later.split("-"))
    found = maanden_later(moment(day), months)
    assert (found.year, found.month, found.day, found.hour, found.minute) == (year, month, last, 0, 0)
    assert found.tzinfo is not None
    assert found.tzinfo.key == "Europe/Amsterdam"


def test_places_must_last_until_some_months_after_v():
    asked = rule(nog=6)
    end = "2026-11-26"
    assert counted(asked, places(30, tot=end)) == 30
    assert counted(asked, places(30, tot="2026-11-25T22:59:59Z")) == 0
    # Without an event, from the first day of which that day lies beyond the end.
    assert counted(asked, places(30, tot=end), at=moment("2026-05-27") - INSTANT) == 30
    assert counted(asked, places(30, tot=end), at=moment("2026-05-27")) == 0


def test_a_place_that_ends_tomorrow_does_not_count_where_it_must_last():
    tomorrow = places(100, soort="nood", tot="2026-05-27")
    known = [CYCLE, task(100), registered(), tomorrow]
    assert row(*known, rule(soorten=("nood",))).naleving == "voldoet"
    assert row(*known, rule(soorten=("nood",), nog=6)).naleving == "voldoet niet"


def test_places_must_last_some_months_in_all_from_when_they_are_there():
    asked = rule(duur=24)
    assert counted(asked, places(30, vanaf="2025-01-01", tot="2027-01-01")) == 30
    assert counted(asked, places(30, vanaf="2025-01-02", tot="2027-01-01")) == 0
    extended = places(30, vanaf="2026-01-01", tot="2027-01-01", sinds="2025-01-01")
    assert counted(asked, extended) == 30
    assert counted(asked, places(30, vanaf="2026-01-01", tot="2027-01-01")) == 0, "without it the count starts anew"


def test_places_must_last_until_a_date():
    asked = rule(until="2027-07-01")
    assert counted(asked, places(30, tot="2027-07-01")) == 30
    assert counted(asked, places(30, tot="2027-06-30T21:59:59Z")) == 0


def test_every_demand_must_be_met():
    asked = rule(until="2026-07-01", nog=6, duur=24)
    assert counted(asked, places(30, tot="2026-11-26")) == 30
    assert counted(asked, places(30, vanaf="2025-01-01", tot="2026-11-26")) == 0
    assert counted(rule(until="2028-01-01", nog=6, duur=24), places(30, tot="2026-11-26")) == 0


@pytest.mark.parametrize(("open_end", "many"), [(None, 30), ("telt", 30), ("telt niet", 0)])
def test_places_without_an_end_count_or_not(open_end, many):
    assert counted(rule(open_end=open_end, nog=6, duur=24, until="2028-01-01"), places(30)) == many


def test_only_the_soorten_of_the_rule_count_and_by_aantal():
    here = [places(30, 2), places(40, soort="nood"), places(5, soort="amv")]
    assert counted(rule(soorten=("regulier",)), *here) == 30
    assert counted(rule(soorten=("nood", "amv")), *here) == 45


# Amv on its own


def test_the_amv_part_of_an_opgave_must_be_met_on_its_own():
    """2 of the 100 are for amv, and there are none."""
    known = [CYCLE, task(100, amv=2), registered(), places(130)]
    assert row(*known, rule()).naleving == "voldoet"
    found = row(*known, rule(amv_apart=True))
    assert (found.naleving, found.tekort) == ("gedeeltelijk", 2)
    assert row(*known, rule(amv_apart=True), places(2, soort="amv")).naleving == "voldoet"


def test_the_tekort_is_the_greater_of_the_two():
    known = [CYCLE, rule(amv_apart=True), registered(), places(90), places(5, soort="amv")]
    assert row(*known, task(100, amv=20)).tekort == 15
    assert row(*known, task(100, amv=8)).tekort == 5


def test_without_an_amv_number_enough_places_settle_nothing():
    known = [CYCLE, rule(amv_apart=True), task(100), registered(), places(130)]
    found = row(*known)
    assert (found.naleving, found.reden, found.tekort) == ("onbekend", "amv-opgave onbekend", None)
    assert found.tekort_hoogstens == 100, "all of them may have to be for amv"
    assert row(*known, places(40, soort="amv")).tekort_hoogstens == 60
    assert row(*known, rule(amv_apart=False, vanaf="2025-01-01")).naleving == "voldoet"


def test_without_an_amv_number_too_few_places_are_too_few_and_how_many_is_not_known():
    found = row(CYCLE, rule(amv_apart=True), task(100), registered(), places(30))
    assert (found.naleving, found.tekort, found.tekort_hoogstens) == ("gedeeltelijk", None, 100)
    assert found.tekort_minstens == 70, "the places of all soorten are known to fall short by so many"
    assert delen.nu(delen.tekort_minstens, found.delen) == 70
    assert [one.code for one in van_gemeente(found)] == ["amv-opgave onbekend"]
    area = rows(CYCLE, rule(amv_apart=True), task(100), registered(), places(30))
    assert "amv-opgave onbekend" in [one.code for one in van_naleving(found.maatstaf, area)]


# The term


def test_before_its_term_a_gemeente_is_not_said_to_fall_short():
    """On 1 March 2025 nobody fell short: the law gave until 1 July."""
    known = [cycle(voor="2025-07-01", until=BEGIN), task(100), registered(), places(30)]
    found = row(*known, at=moment("2025-03-01"))
    assert (found.naleving, found.reden) == ("termijn loopt", "te realiseren vóór 1 jul 2025")
    assert (found.tekort, found.tekort_hoogstens) == (70, None)
    assert row(*known, at=moment("2025-07-01") - INSTANT).naleving == "termijn loopt"
    assert row(*known, at=moment("2025-07-01")).naleving == "gedeeltelijk"


def test_whoever_has_enough_voldoet_before_the_term_too():
    known = [cycle(voor="2025-07-01", until=BEGIN), task(100), registered(), places(100)]
    assert row(*known, at=moment("2025-03-01")).naleving == "voldoet"


def test_the_term_of_the_verdeelbesluit_goes_before_that_of_the_cyclus():
    known = [cycle(voor="2025-07-01"), task(100, voor="2026-01-01")]
    assert row(*known, at=moment("2025-12-31")).naleving == "termijn loopt"
    assert row(*known, at=moment("2026-01-01")).naleving == "voldoet niet"


def test_without_a_term_a_verdeelbesluit_is_due_at_once():
    """A term is never computed."""
    assert row(cycle(), task(100), at=moment("2024-01-02")).naleving == "voldoet niet"


def test_a_rule_may_leave_the_term_out():
    known = [cycle(voor="2027-07-01"), task(100)]
    assert row(*known).naleving == "termijn loopt"
    assert row(*known, rule(termijn=False), telregel="ministerie").naleving == "voldoet niet"


def test_in_an_incomplete_cyclus_a_term_settles_nothing():
    assert row(cycle(voor="2027-07-01", volledig=False), task(100)).naleving == "onbekend"


# What a court did


def decided(*more, **asked):
    known = [cycle(voor="2025-07-01", until=BEGIN, soorten=("regulier", "amv")), task(2189, DEN_HAAG, amv=348)]
    return row(*known, *more, code=DEN_HAAG, **asked)


@pytest.mark.parametrize(
    ("what", "klasse"),
    [
        ("geldend", "voldoet niet"),
        ("bezwaar", "voldoet niet"),
        ("beroep", "voldoet niet"),
        ("geschorst", "opgeschort"),
        ("vernietigd", "opgeschort"),
    ],
)
def test_only_what_a_court_suspended_or_annulled_does_not_bind(what, klasse):
    found = decided(stand(what, DEN_HAAG, vanaf="2025-07-24"))
    assert (found.naleving, found.besluit.stand) == (klasse, what)


def test_a_suspension_rewrites_no_past_and_lets_no_weaker_opgave_speak():
    more = [
        task(2000, DEN_HAAG, status="indicatief"),
        stand(gemeente=DEN_HAAG, vanaf="2025-07-24", zaak="ECLI:NL:RBDHA:2025:13423"),
    ]
    assert decided(*more, at=moment("2025-07-24") - INSTANT).naleving == "voldoet niet"
    found = decided(*more, at=moment("2025-07-24"))
    assert (found.opgave.opgave, found.opgave.status) == (2189, "verdeelbesluit")
    assert (found.naleving, found.reden) == ("opgeschort", "geschorst (ECLI:NL:RBDHA:2025:13423)")
    assert (found.tekort, found.tekort_hoogstens) == (None, 2189)


def test_a_suspension_that_ended_is_no_suspension():
    more = [stand(gemeente=DEN_HAAG, vanaf="2025-07-24", tot="2026-05-26T08:00:00Z")]
    assert [decided(*more, at=at).naleving for at in (V - INSTANT, V)] == ["opgeschort", "voldoet niet"]
    assert decided(*more, stand("geldend", DEN_HAAG, vanaf="2026-01-01")).naleving == "voldoet niet"


def test_a_stand_acts_on_a_verdeelbesluit_of_before_it_only():
    early = stand(gemeente=DEN_HAAG, vanaf="2023-12-31")
    assert decided(early).naleving == "voldoet niet"
    assert decided(stand(gemeente=DEN_HAAG, vanaf=BEGIN)).naleving == "opgeschort"
    again = task(1500, DEN_HAAG, vanaf="2026-01-01")
    assert decided(stand(gemeente=DEN_HAAG, vanaf="2025-07-24"), again).naleving == "voldoet niet"


def test_a_stand_of_no_decision_has_no_effect():
    assert row(cycle(), stand()).naleving == "geen opgave"
    assert row(cycle(), stand(), task(100, status="provinciaal")).naleving == "geen opgave"
    assert row(cycle(), task(100), stand(cyclus="2026")).naleving == "voldoet niet"


def test_a_sum_of_opgaven_counts_verdeelbesluiten_alone_and_is_known_when_all_of_them_are():
    def together(*events):
        parts = core.opgeteld(rows(*events))
        return delen.nu(delen.opgave, parts), delen.nu(delen.opgave_minstens, parts)

    weaker = task(30, DEN_HAAG, status="indicatief")
    assert together(cycle(), task(100), weaker) == (100, 100), "of a complete cyclus nothing else binds"
    assert together(cycle(volledig=False), task(100), weaker) == (None, 100)
    assert together(task(100)) == (None, 0), "without a cyclus nothing is known"
    alone = row(cycle(volledig=False), weaker, code=DEN_HAAG).delen
    assert (delen.nu(delen.opgave, alone), delen.nu(delen.opgave_minstens, alone)) == (30, 0), "beside its status"


def test_an_opgave_of_0_is_no_opgave_whatever_a_court_says():
    assert row(cycle(), task(0), stand()).naleving == "geen opgave"


def test_a_suspended_tekort_is_left_out_of_the_sum_and_stays_in_the_bound():
    events = [cycle(), task(100), task(50, DEN_HAAG), stand(gemeente=DEN_HAAG)]
    parts = core.opgeteld(rows(*events))
    assert [delen.nu(sum_of, parts) for sum_of in (delen.tekort, delen.tekort_minstens, delen.tekort_hoogstens)] == [
        100,
        100,
        150,
    ]
    (incomplete, suspended) = van_naleving(maatstaf(fold(events, V, V)), rows(*events))
    assert (incomplete.code, suspended.code) == ("telregel-onvolledig", "opgeschort")


# Which rule


def test_a_rule_is_a_way_of_looking_whatever_its_moment():
    """It counts from when it is known, at every V, and the greatest write of its name wins."""
    known = [CYCLE, task(100), registered(), places(130)]
    ahead = rule(soorten=("nood",), vanaf="2030-01-01", time="2026-01-01")
    assert row(*known, ahead, at=moment("2025-01-01")).naleving == "voldoet niet"
    assert row(*known, rule(soorten=("regulier",)), ahead, at=moment("2025-01-01")).naleving == "voldoet niet"
    then = moment("2026-01-01") - INSTANT
    assert row(*known, rule(soorten=("regulier",)), ahead, known_at=then).naleving == "voldoet"
    assert row(*known, ahead, known_at=then).naleving == "onbekend"


def test_when_nobody_set_the_rule_that_the_cyclus_names_every_gemeente_is_onbekend():
    events = [CYCLE, task(0), task(100, DEN_HAAG), registered(), places(130)]
    found = rows(*events)
    assert {one.naleving for one in found} == {"onbekend"}
    assert found[0].reden == "telregel ministerie is niet vastgesteld"
    assert [one.code for one in van_naleving(maatstaf(fold(events, V, V)), found)] == ["geen telregel"]
    gone = rule()
    assert {one.naleving for one in rows(*events, gone, retracted(gone))} == {"onbekend"}


def test_the_rule_of_the_cyclus_itself_can_be_asked_for():
    known = [CYCLE, rule(soorten=("nood",)), task(100), registered(), places(130)]
    assert row(*known).naleving == "voldoet niet"
    assert row(*known, telregel="cyclus").naleving == "voldoet"


def test_a_rule_belongs_to_one_cyclus():
    other = rule(cyclus="2026")
    assert maatstaf(fold([CYCLE, other], V, V)).regel is None
    assert list(telregels(fold([CYCLE, other, rule("krant"), rule()], V, V), maatstaf(fold([CYCLE], V, V)).cyclus)) == [
        "cyclus",
        "krant",
        "ministerie",
    ]


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        (rule(amv_apart=True, nog=6), True),
        (rule(amv_apart=True, duur=24), False),
        (rule(nog=6), False),
        (rule(), False),
    ],
)
def test_a_rule_without_the_demands_of_the_law_says_so(asked, complete):
    events = [CYCLE, asked, task(100, amv=0)]
    codes = [one.code for one in van_naleving(maatstaf(fold(events, V, V)), rows(*events))]
    assert codes == ([] if complete else ["telregel-onvolledig"])
