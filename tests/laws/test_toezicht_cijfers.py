"""The figures of the toezicht: as the sentences say, through time, from what counts alone, and for a lezer.

A term passes without an event, so the instants at which figures are held to each other include the ends of terms.
"""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import ToezichtstapGezet
from schemas.fields import format_moment, parse_moment
from schemas.moments import micros
from services.core.fold import fold
from services.core.gemeenten import overgangen
from services.core.grootheden import alle, genoemd, in_reeks
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.toezicht import NAMEN
from services.core.history.toezicht_verloop import toezicht_trap
from services.core.history.verloop import toestanden
from services.core.locaties import locaties
from services.core.naleving import toezeggingen
from services.core.reasons.verklaring import regels
from services.core.reasons.wet import Case, in_toezicht
from services.core.registers import Register
from services.core.stap import Stap, einde_van_termijn
from services.core.telregel import Gevraagd
from services.core.toezicht import KLEINSTE, STAPPEN, Groep, Toezichtstand, Zaak
from services.reads.cijfers import Cijfers
from services.reads.question import Audience
from services.reads.toezicht import redenen
from services.store.model import View
from services.store.position import Herkomst
from tests.laws import oracle, toezicht_oracle
from tests.support.bodies import CYCLI, TELREGELS
from tests.support.figures import verloop_of
from tests.support.logged import logged_of, only
from tests.support.strategies import LAW, asked, few_gemeenten, points

INSTANT = timedelta(microseconds=1)
WANTED = st.sampled_from([(None, None), (None, None), *((cyclus, None) for cyclus in CYCLI), (None, TELREGELS[0])])


def cijfers_at(events, valid_at, known_at, wanted=(None, None), audience=Audience.EVERYTHING):
    view = View(Herkomst(valid_at, known_at, "", False), fold(events, valid_at, known_at))
    return Cijfers(view, Gevraagd(*wanted), table=few_gemeenten(), audience=audience)


def told(stand):
    """Returns every figure as the toezicht itself is told it."""
    return alle(FigureOf.TOEZICHT, stand, klein=True)


@LAW
@given(asked("spreidingswet"), WANTED)
def test_the_figures_are_as_the_sentences_say(case, wanted):
    events, valid_at, known_at = case
    found = cijfers_at(events, valid_at, known_at, wanted)
    world = oracle.world(events, valid_at, known_at)
    table = {gemeente.code: gemeente for gemeente in few_gemeenten()}
    want = toezicht_oracle.figures(world, [row.gemeente.code for row in found.naleving], table, wanted)
    for naam, value in told(found.toezicht).items():
        expected = want.get(naam)
        if naam.endswith(".oudste") and expected is not None:
            expected = format_moment(expected)
        assert value == expected, naam


@LAW
@given(st.data())
def test_the_toezicht_through_time_is_what_its_audience_is_told_at_every_instant(data):
    audience = data.draw(st.sampled_from([Audience.TOEZICHT, Audience.LEZER]))
    events, van, known_at = data.draw(asked("spreidingswet"))
    wanted = data.draw(WANTED)
    tot = van + timedelta(days=data.draw(st.sampled_from([3, 40, 400])))
    verloop = verloop_of(events, van, tot, known_at)
    table = few_gemeenten()
    found = toestanden(verloop, overgangen(table, van, tot))
    ends = {
        einde_van_termijn(one.data.termijn) for one in events if isinstance(one, ToezichtstapGezet) and one.data.termijn
    }
    near = sorted({moment + by for moment in ends for by in (-INSTANT, timedelta())} | set(points(events)))
    moments = [van, *[moment for moment in near if van < moment < tot]]
    each = [cijfers_at(events, moment, known_at, wanted, audience) for moment in moments]
    names = [naam for naam in in_reeks(FigureOf.TOEZICHT) if each[0].vertelt(naam)]
    klein = audience.sees_toezicht
    waarden = [genoemd(naam, FigureOf.TOEZICHT).van(FigureOf.TOEZICHT, klein=klein).waarde for naam in names]
    stairs = toezicht_trap(verloop, found, table, waarden, Gevraagd(*wanted))
    at = np.searchsorted(stairs.moment, [micros(moment) for moment in moments], "right") - 1
    for naam, (value, known) in zip(names, stairs.lijnen, strict=True):
        assert [value[n] if known[n] else None for n in at] == [one.van_toezicht[naam] for one in each], naam


@LAW
@given(asked("spreidingswet"))
def test_what_counts_gives_the_toezicht_by_itself(case):
    events, valid_at, known_at = case
    found = cijfers_at(events, valid_at, known_at)
    registers, now, by = found.registers, found.indeling, found.maatstaf
    codes = [row.gemeente.code for row in found.naleving]
    promised = toezeggingen(registers, now, valid_at, by, found.naleving)
    telt = in_toezicht(Case(registers, locaties(registers, valid_at), now, by, codes, valid_at, promised))
    alone = only(registers, regels(logged_of(events), valid_at, known_at, telt))
    again = Cijfers(View(found.herkomst, alone), table=few_gemeenten())
    assert told(again.toezicht) == told(found.toezicht)


@LAW
@given(asked("spreidingswet"), WANTED)
def test_what_can_not_be_said_has_a_reason_and_only_that(case, wanted):
    events, valid_at, known_at = case
    found = cijfers_at(events, valid_at, known_at, wanted)
    silent = [naam for naam, value in told(found.toezicht).items() if value is None and not naam.endswith(".oudste")]
    assert bool(silent) == bool(redenen(found, [])), (silent, redenen(found, []))


COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 9, 223])


@LAW
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=len(STAPPEN), max_size=len(STAPPEN)), COUNTS, COUNTS)
def test_who_may_only_read_learns_of_no_few_gemeenten(counts, buiten, binnen):
    """What is told is the same for another world with the same told numbers, in which the few are elsewhere."""
    aantallen = {Groep("met stap"): 1}
    for stap, pair in zip(STAPPEN, counts, strict=True):
        for houder, many in zip(("minister", "PV26"), pair, strict=True):
            aantallen[Groep("in stap", stap, houder)] = many
    aantallen |= {Groep("niet in toezicht"): buiten, Groep("niet nagekomen"): buiten + binnen}
    raming = {stap: {"urenPerGemeente": 10 + n} for n, stap in enumerate(STAPPEN)}
    stand = Toezichtstand(aantallen, raming, {"minister": {"fte": 4, "urenPerFte": 1_400}})
    said = alle(FigureOf.TOEZICHT, stand)
    each = [sum(pair) for pair in counts]
    for stap, many in zip(STAPPEN, each, strict=True):
        assert said[f"{NAMEN[stap]}.gemeenten"] in (None, many)
        if 0 < many < KLEINSTE:
            assert said[f"{NAMEN[stap]}.gemeenten"] is None
        assert said[f"{NAMEN[stap]}.verlopen"] is said[f"{NAMEN[stap]}.oudste"] is None
    few = any(0 < many < KLEINSTE for many in each)
    if few:
        sums = [naam for naam in said if naam.startswith(("uren", "fte", "niet")) or ".uren" in naam]
        public = ("allen.", "fteBeschikbaar")
        assert [naam for naam in sums if said[naam] is not None and not naam.startswith(public)] == []
        hidden = [naam for naam, value in said.items() if naam.endswith(".gemeenten") and value is None]
        assert len(hidden) > 1 or said["onderToezicht"] is None, "the total and the others would give it away"
    if any(0 < many < KLEINSTE for pair in counts for many in pair):
        assert said["fteNodig"] is None, "what the minister needs would tell how many are another's"
    if 0 < buiten < KLEINSTE or 0 < binnen < KLEINSTE or 0 < sum(each) - binnen < KLEINSTE:
        assert said["nietInToezicht"] is None, "everybody knows which gemeenten comply"


@LAW
@given(asked("spreidingswet"))
def test_a_lezer_is_told_what_follows_from_the_same_steps(case):
    """His figures are made from all steps, and are either withheld or the same; other figures show no step."""
    events, valid_at, known_at = case
    whole, his = (cijfers_at(events, valid_at, known_at, audience=one) for one in (Audience.TOEZICHT, Audience.LEZER))
    told_all, told_him = whole.van_toezicht, his.van_toezicht
    assert all(value in (None, told_all[naam]) for naam, value in told_him.items())
    assert not any(Register.of(key) is Register.TOEZICHT for key in his.wet)
    assert all(row.stap is None for row in his.naleving)


@pytest.mark.parametrize(
    ("termijn", "ends"),
    [
        ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),  # The clock goes forward on the 29th, which has 23 hours.
        ("2026-10-25T12:00:00Z", "2026-10-25T23:00:00Z"),
        ("2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"),
    ],
)
def test_a_term_passes_at_the_end_of_its_dutch_day(termijn, ends):
    gemeente = few_gemeenten()[0]
    stap = Stap("brief", parse_moment("2026-01-01T00:00:00Z"), "minister", parse_moment(termijn))
    at = parse_moment(ends)
    assert [Zaak(gemeente, "voldoet niet", stap, moment).verlopen for moment in (at - INSTANT, at)] == [False, True]
    assert [Zaak(gemeente, "onbekend", stap, moment).verlopen for moment in (at - INSTANT, at)] == [None, None]
    assert [Zaak(gemeente, "voldoet", stap, moment).verlopen for moment in (at - INSTANT, at)] == [False, False]
