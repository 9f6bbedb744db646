"""A figure that what is known can't carry is not stated, its bounds hold it, and knowing more only narrows them."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.events import OpgaveVastgesteld
from schemas.fields import format_moment
from services.core import delen
from services.core.naleving import opgeteld, wetstand
from services.core.telregel import Maatstaf
from services.core.voorbehoud import van_gemeente, van_land, van_naleving, voorbehoud
from tests.support.bodies import CYCLI, GEMEENTEN
from tests.support.figures import figures
from tests.support.make import cycle, moment, places, reading, registered, task
from tests.support.strategies import LAW, asked

EARLY = "2010-01-01T00:00:00Z"


@LAW
@given(asked())
def test_what_is_not_stated_has_a_reason_and_what_has_none_is_stated(case):
    found = figures(*case)
    for area in (found.landelijk, *found.provincies.values()):
        codes = {one.code for one in voorbehoud(area)}
        assert (area.bezettingsgraad is None) == bool(codes & {"dekking", "geen plaatsen"})
        assert (area.aanwezig is None) == bool(codes & {"dekking", "niet allen gemeten"})
        assert all(one.tekst for one in voorbehoud(area))
        if area.aanwezig is not None:
            assert area.aanwezig == area.delen.aanwezig
        if area.bezettingsgraad is not None:
            assert area.bezettingsgraad == delen.nu(delen.bezettingsgraad_gemeten, area.delen)


@LAW
@given(asked())
def test_a_country_without_enough_recent_readings_states_nothing(case):
    """Counted by hand: of ten locaties eight must have reported, and so must eight of ten usable places."""
    events, valid_at, known_at = case
    found = figures(events, valid_at, known_at)
    open_ones = [locatie for locatie in found.locaties if locatie.counts]
    recent = [
        locatie
        for locatie in open_ones
        if locatie.peilmoment is not None and valid_at - locatie.peilmoment <= delen.STANDAARD.recent
    ]
    places, reported = (sum(locatie.inzetbaar or 0 for locatie in some) for some in (open_ones, recent))
    enough = bool(open_ones) and 10 * len(recent) >= 8 * len(open_ones) and 10 * reported >= 8 * places
    assert found.landelijk.vast_te_stellen is enough


@LAW
@given(asked(), st.integers(0, 12), st.integers(0, 100))
def test_a_fresh_reading_of_an_unmeasured_locatie_only_narrows_what_is_said(case, others, people):
    """`others` are locaties that reported just now, so that the gate is open in some worlds and shut in others."""
    events, valid_at, known_at = case
    now_text = format_moment(valid_at)
    for own_id in (f"LOC-ANDER-{number}" for number in range(others)):
        events = [
            *events,
            registered(own_id, vanaf=EARLY, time=EARLY),
            places(100, locatie=own_id, vanaf=EARLY, time=EARLY),
            reading(90, now_text, locatie=own_id, time=EARLY),
        ]
    events = [*events, registered("LOC-ONGETELD", vanaf=EARLY, time=EARLY)]
    then = figures(events, valid_at, known_at).landelijk
    fresh = reading(people, now_text, locatie="LOC-ONGETELD", time=EARLY)
    now = figures([*events, fresh], valid_at, known_at).landelijk
    assert now.delen.gemeten == then.delen.gemeten + 1
    assert now.delen.aanwezig == then.delen.aanwezig + people
    assert now.vast_te_stellen or not then.vast_te_stellen, "knowing more shuts no gate"
    assert then.aanwezig is None, "with a locatie that nobody counted the people are not known"
    assert now.aanwezig is None or now.aanwezig >= then.delen.aanwezig
    if then.bezettingsgraad is not None:
        assert now.bezettingsgraad is not None


@LAW
@given(asked("spreidingswet"))
def test_the_bounds_of_a_tekort_hold_it(case):
    rows = figures(*case).naleving
    parts = opgeteld(rows)
    least, whole, most = (
        delen.nu(sum_of, parts) for sum_of in (delen.tekort_minstens, delen.tekort, delen.tekort_hoogstens)
    )
    task, least_task = (delen.nu(sum_of, parts) for sum_of in (delen.opgave, delen.opgave_minstens))
    assert task is None or task == least_task
    assert least is not None
    assert whole is None or whole == least
    assert most is None or most >= least
    codes = {one.code for one in van_naleving(rows[0].maatstaf, rows)}
    judged = [row for row in rows if row.naleving != "opgeschort"]
    if whole is None:
        assert any(row.tekort is None for row in judged)
    if any(row.naleving == "onbekend" for row in rows):
        assert codes & {"onbekend", "geen cyclus", "geen telregel"}
    assert ("amv-opgave onbekend" in codes) == any(without_amv(row) for row in rows)
    for row in rows:
        assert (row.tekort is None) == (row.naleving in ("onbekend", "opgeschort") or without_amv(row))
        assert row.tekort is None or row.tekort >= 0
        assert (row.tekort_hoogstens is not None) == (row.tekort is None and row.besluit is not None)
        assert (row.tekort_minstens is None) == (row.tekort_hoogstens is None)
        assert row.tekort_minstens is None or 0 <= row.tekort_minstens <= row.tekort_hoogstens


@LAW
@given(asked("spreidingswet"))
def test_what_is_not_stated_of_a_gemeente_or_of_the_country_has_a_reason(case):
    found = figures(*case)
    land = wetstand(found.naleving)
    for row in found.naleving:
        why = {one.code: one.tekst for one in van_gemeente(row)}
        assert all(why.values())
        not_stated = (row.tekort, delen.nu(delen.per_1000_inwoners, row.delen), row.meetellend if row.geteld else None)
        assert why or None not in not_stated
        assert ("amv-opgave onbekend" in why) == (row.opgave is not None and row.opgave.waarvan_amv is None)
        assert bool(why.keys() & {"geen cyclus", "geen telregel", "onbekend"}) == (
            row.naleving == "onbekend" and row.reden != "amv-opgave onbekend"
        )
        assert ("opgeschort" in why) == (row.naleving == "opgeschort")
    codes = {one.code for one in van_land(found.naleving[0].maatstaf, land)}
    unsettled = {
        "geen cyclus",
        "geen telregel",
        "cyclus-onvolledig",
        "onbekend",
        "geen meetellende plaatsen",
        "geen opgave",
    }
    assert (delen.nu(delen.spreidingsindex, land.delen) is None) == bool(codes & unsettled)


def without_amv(row):
    """Whether the tekort rests on an amv number that nobody gave."""
    _, regel = row.maatstaf
    judged = row.naleving in ("gedeeltelijk", "voldoet niet", "termijn loopt")
    return judged and regel is not None and regel.amv_apart and row.besluit.waarvan_amv is None


@LAW
@given(asked("spreidingswet"), st.sampled_from(GEMEENTEN), st.integers(0, 100))
def test_an_amv_number_that_becomes_known_stays_within_the_bounds(case, code, amv):
    """The decision is the same, and now says how many of its places are for amv."""
    events, valid_at, known_at = case
    then = {row.gemeente.code: row for row in figures(events, valid_at, known_at).naleving}
    row = then.get(code)
    if row is None or row.besluit is None or row.besluit.waarvan_amv is not None or len(parts_of(events, code)) > 1:
        return
    said = task_in_force(events, valid_at, known_at, code, row.maatstaf)
    if said is None:
        return
    known = said.model_copy(
        update={
            "id": "ffffffff-ffff-4fff-bfff-ffffffffffff",
            "data": said.data.model_copy(update={"waarvanAmv": min(amv, said.data.opgave)}),
        }
    )
    now = next(r for r in figures([*events, known], valid_at, known_at).naleving if r.gemeente.code == code)
    if now.besluit is None or now.besluit.waarvan_amv is None:
        return
    if row.tekort is None and row.tekort_hoogstens is not None:
        assert (now.tekort if now.tekort is not None else now.tekort_hoogstens) <= row.tekort_hoogstens
        assert (now.tekort if now.tekort is not None else now.tekort_minstens) >= row.tekort_minstens
    else:
        assert now.tekort == row.tekort
    if row.naleving != "onbekend":
        assert now.naleving == row.naleving


def parts_of(events, code):
    """Returns the gemeenten with a verdeelbesluit that may be about this one."""
    return {
        event.subject
        for event in events
        if isinstance(event, OpgaveVastgesteld)
        and event.data.status == "verdeelbesluit"
        and event.subject in {code, *(("GM1696",) if code == "GM0402" else ())}
    }


def task_in_force(events, valid_at, known_at, code, maatstaf: Maatstaf):
    """Returns the event that is the verdeelbesluit by which a gemeente is judged."""
    registers = figures(events, valid_at, known_at).registers
    winner = registers.get((code, f"opgave.{maatstaf.cyclus.id}.verdeelbesluit")) if maatstaf.cyclus else None
    return next((event for event in events if winner is not None and event.id == winner.event_id), None)


@LAW
@given(asked("spreidingswet"), st.sampled_from(GEMEENTEN), st.sampled_from((0, 3, 100)))
def test_a_verdeelbesluit_that_becomes_known_never_takes_back_what_was_said_of_others(case, code, opgave):
    events, valid_at, known_at = case
    cyclus = figures(events, valid_at, known_at).naleving[0].maatstaf.cyclus
    if cyclus is None:
        return
    more = task(opgave, code, cyclus=cyclus.id, vanaf=EARLY, time=EARLY)
    then, now = (figures(some, valid_at, known_at).naleving for some in (events, [*events, more]))
    for one, other in zip(then, now, strict=True):
        if other.gemeente.code not in (code, "GM0402"):
            assert (one.oordeel, one.tekort, one.meetellend) == (other.oordeel, other.tekort, other.meetellend)
    least, then_least = (delen.nu(delen.tekort_minstens, opgeteld(rows)) for rows in (now, then))
    if not cyclus.volledig:
        assert least == then_least == 0, "an incomplete cyclus knows of no tekort"


def test_an_empty_store_says_that_nothing_is_known():
    now = moment("2026-05-26T08:00:00Z")
    found = figures([], now, now)
    assert {row.naleving for row in found.naleving} == {"onbekend"}
    assert [one.code for one in van_naleving(found.naleving[0].maatstaf, found.naleving)] == ["geen cyclus"]
    assert [one.code for one in voorbehoud(found.landelijk)] == ["dekking"]
    for code in CYCLI:
        only = figures([cycle(code, volledig=False)], now, now).naleving
        assert {row.naleving for row in only} == {"onbekend"}
