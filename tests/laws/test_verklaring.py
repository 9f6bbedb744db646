"""The events that an explanation counts give the figure by themselves, and every known event has its rows."""

from hypothesis import given
from hypothesis import strategies as st

from services.core.bezetting import bezetting, overschrijding
from services.core.fold import fold, writes
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.naleving import naleving, toezeggingen
from services.core.opgaven import opgave_of
from services.core.reasons.verklaring import (
    Gelogd,
    either,
    in_bezetting,
    in_locatie,
    in_overschrijding,
    logregel,
    regels,
)
from services.core.reasons.wet import Case, in_naleving, in_provincie
from services.core.registers import Register
from services.core.standen import standen
from services.core.telregel import Gevraagd, maatstaf
from tests.support.bodies import PROVINCIES
from tests.support.figures import provincies_of, readings
from tests.support.logged import RECEIVED, is_retraction, logged_of, only
from tests.support.strategies import LAW, asked, few_gemeenten


def shown(locatie):
    """Returns the figures of a locatie."""
    return (
        locatie.registered,
        locatie.naam,
        locatie.open,
        locatie.totaal_plaatsen,
        locatie.inzetbaar,
        locatie.aanwezig,
        locatie.peilmoment,
        locatie.toegang,
        locatie.maximum,
        locatie.bezettingsgraad,
        locatie.boven_capaciteit,
    )


@LAW
@given(st.data())
def test_what_counts_gives_the_sums_by_itself(data):
    events, valid_at, known_at = data.draw(asked())
    registers = fold(events, valid_at, known_at)
    logged = logged_of(events)
    found = locaties(registers, valid_at)
    lies_in = provincies_of(found, valid_at)
    areas = [found] + [[loc for loc, here in zip(found, lies_in, strict=True) if here == code] for code in PROVINCIES]
    for area in areas:
        rows = regels(logged, valid_at, known_at, in_bezetting(registers, area, valid_at))
        alone = locaties(only(registers, rows), valid_at)
        assert bezetting(standen(alone), valid_at) == bezetting(standen(area), valid_at)


@LAW
@given(st.data())
def test_what_counts_gives_a_locatie_by_itself(data):
    events, valid_at, known_at = data.draw(asked())
    registers = fold(events, valid_at, known_at)
    for locatie in locaties(registers, valid_at):
        logged = [
            logregel(Gelogd(event, RECEIVED)) for event in events if event.subject == locatie.id or is_retraction(event)
        ]
        rows = regels(logged, valid_at, known_at, in_locatie(registers, valid_at))
        alone = locaties(only(registers, rows), valid_at)
        assert [shown(one) for one in alone] == [shown(locatie)] or (not alone and not any(shown(locatie)))


@LAW
@given(st.data())
def test_what_counts_gives_the_days_above_a_maximum_by_itself(data):
    events, valid_at, known_at = data.draw(asked())
    registers = fold(events, valid_at, known_at)
    for locatie in locaties(registers, valid_at):
        if (maximum := locatie.maximum) is None:
            continue
        logged = [
            logregel(Gelogd(event, RECEIVED)) for event in events if event.subject == locatie.id or is_retraction(event)
        ]
        rows = regels(logged, valid_at, known_at, in_locatie(registers, valid_at), in_overschrijding(maximum))
        said = [row for row in rows if (row.register, row.rol) == ("aanwezig", "telt")]
        assert len({row.geldt for row in said}) == len(said)
        assert overschrijding(maximum, [(row.geldt, row.waarde) for row in said]) == (
            overschrijding(maximum, readings(events, locatie.id, valid_at, known_at))
        )
        assert not said or max(said, key=lambda row: row.geldt).gelogd.id == registers[locatie.id, "aanwezig"].event_id


@LAW
@given(st.data())
def test_what_counts_gives_naleving_by_itself(data):
    events, valid_at, known_at = data.draw(asked())
    registers, table = fold(events, valid_at, known_at), few_gemeenten()
    logged = logged_of(events)
    found, now = locaties(registers, valid_at), indeling(table, valid_at)
    wanted = Gevraagd(None, data.draw(st.sampled_from([None, None, "cyclus", *rules_of(registers)])))
    by = maatstaf(registers, wanted)
    rows = naleving(registers, standen(found), table, valid_at, by)
    codes = [row.gemeente.code for row in rows]
    for asked_for in [codes, *([code] for code in codes)]:
        here = [loc for loc in found if loc.gemeente is not None and now.current(loc.gemeente) in asked_for]
        promised = toezeggingen(registers, now, valid_at, by, rows)
        telt = in_naleving(Case(registers, found, now, by, asked_for, valid_at, promised))
        both = either(naleving=telt, bezetting=in_bezetting(registers, here, valid_at))
        for view in (telt, both):
            alone = only(registers, regels(logged, valid_at, known_at, view))
            there = standen(locaties(alone, valid_at))
            got = naleving(alone, there, table, valid_at, maatstaf(alone, wanted))
            assert [r for r in got if r.gemeente.code in asked_for] == [r for r in rows if r.gemeente.code in asked_for]


def rules_of(registers):
    return sorted({Register.TELREGEL.parts(stored)[0] for (_, stored), _ in Register.TELREGEL.among(registers)})


@LAW
@given(st.data())
def test_what_counts_gives_a_provincie_by_itself(data):
    events, valid_at, known_at = data.draw(asked())
    registers, table = fold(events, valid_at, known_at), few_gemeenten()
    now, found, by = indeling(table, valid_at), locaties(registers, valid_at), maatstaf(registers)
    rows = naleving(registers, standen(found), table, valid_at, by)
    logged = logged_of(events)
    for code in PROVINCIES:
        within = [row.gemeente.code for row in rows if row.gemeente.provincie == code]
        promised = toezeggingen(registers, now, valid_at, by, rows)
        telt = in_provincie(Case(registers, found, now, by, [code, *within], valid_at, promised))
        alone = only(registers, regels(logged, valid_at, known_at, telt))
        assert not list(Register.TOEZICHT.among(alone)), "no figure of a provincie rests on a step"
        assert maatstaf(alone).cyclus == by.cyclus
        assert by.cyclus is None or opgave_of(alone, code, by.cyclus.id) == opgave_of(registers, code, by.cyclus.id)
        got = naleving(alone, standen(locaties(alone, valid_at)), table, valid_at, maatstaf(alone))
        here, want = ([one for one in said if one.gemeente.provincie == code] for said in (got, rows))
        assert [(one.delen, one.reden) for one in here] == [(one.delen, one.reden) for one in want]


@LAW
@given(st.data())
def test_every_known_event_has_a_row_for_each_register(data):
    events, valid_at, known_at = data.draw(asked())
    registers = fold(events, valid_at, known_at)
    rows = regels(logged_of(events), valid_at, known_at, in_locatie(registers, valid_at))
    known = {event.id: event for event in events if event.time <= known_at}
    expected = [(event.id, write.register) for event in known.values() for write in writes(event)]
    expected += [(event.id, None) for event in known.values() if is_retraction(event)]
    assert sorted(map(str, expected)) == sorted(str((row.gelogd.id, row.register)) for row in rows)
    assert all(row.reden for row in rows if row.rol != "telt")
