"""What rules for the desk of toezicht see is what a plain look at each moment says, one moment at a time.

Through time it is told by the history of naleving. Here each moment is folded anew, which knows of no history.
"""

from datetime import datetime, timedelta
from math import isnan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.events import Event, InzetGeraamd, ToezichtcapaciteitVastgesteld, ToezichtstapGezet
from schemas.fields import AMSTERDAM, parse_moment
from services.core.alarms.beeld import Uitgezocht
from services.core.alarms.bewaakt import waarden
from services.core.alarms.bewaakt.vergelijking import Nalevingen
from services.core.fold import fold
from services.core.gemeenten import overgangen
from services.core.history.vooruit import vooruit
from services.core.locaties import locaties
from services.core.naleving import naleving
from services.core.standen import standen
from services.core.telregel import Gevraagd, cyclus_in_force, maatstaf
from tests.support import make
from tests.support.alarm_help import look, rule, shipped, view
from tests.support.figures import verloop_of
from tests.support.strategies import INSTANT, LAW, asked, few_gemeenten, named_moments

SHORT = {"gedeeltelijk", "voldoet niet", "termijn loopt"}
DAYS = ("2026-01-01", "2026-02-10", "2026-03-29", "2026-05-01", "2026-08-31", "2026-10-25", "2027-01-01", "2027-04-01")
"""Of two of them the Dutch clock changes on that day, and one is that of a merger in the table of the laws."""
WHERE, MERGER = ("GM0402", "GM1696"), parse_moment("2027-01-01")
"""The second merges into the first then."""
STEPS = ("brief", "actief toezicht", "besluit", "beëindigd")
TASKS = ((0, None), (4, None), (7, None), (7, 3), (12, 0))
"""(opgave, how many of them are for amv)."""
_some = st.sampled_from


def _task(of: tuple[int, int | None], code: str, vanaf: str = make.BEGIN) -> Event:
    return make.task(of[0], code, vanaf=vanaf, amv=of[1])


@st.composite
def worlds(draw) -> tuple[list[Event], datetime]:
    """Draws events about two gemeenten that mostly meet their task for a while, and a V at which all is known."""
    voor = draw(_some((None, None, "2026-06-01")))
    events = [make.cycle(until=make.BEGIN, volledig=draw(_some((None, None, None, False))), voor=voor)]
    for number, code in enumerate(WHERE):
        own = f"LOC-{number}"
        events += [make.registered(own, code), make.places(draw(_some((0, 5, 9, 9))), locatie=own)]
        events += [_task(draw(_some(TASKS)), code)]
        for _ in range(draw(st.integers(0, 3))):
            more = {"locatie": own, "soort": draw(_some(("regulier", "regulier", "amv", "nood")))}
            more |= {"vanaf": draw(_some(DAYS[:5])), "tot": draw(_some((None, "2026-09-15", "2027-04-01")))}
            events.append(make.places(draw(_some((0, 3, 5, 9))), **more))
        for day in draw(st.lists(_some(DAYS), max_size=2, unique=True)):
            events.append(_task(draw(_some(TASKS)), code, day))
        for day in draw(st.lists(_some(DAYS), max_size=3, unique=True)):
            term = draw(_some((None, *(one for one in DAYS if one >= day))))
            events.append(
                make.step(draw(_some(STEPS)), code, day, termijn=term, toezichthouder=draw(_some((None, "PV27"))))
            )
        if draw(st.booleans()):
            events.append(make.stand(draw(_some(("geschorst", "geldend"))), code, vanaf=draw(_some(DAYS))))
    events += [make.hours(one, draw(_some((0, 700))), vanaf=DAYS[0]) for one in STEPS[:3] if draw(_some((1, 1, 0)))]
    events += [make.staff(draw(_some((0, 1, 4.5))), 1_400, wie=one) for one in ("NL", "PV27") if draw(st.booleans())]
    moment = parse_moment(draw(_some(DAYS)))
    return events, moment + draw(_some((timedelta(), -INSTANT, timedelta(days=20, hours=5))))


def rows(events, at, known_at, cyclus) -> dict:
    """Returns every gemeente at one moment, under this cyclus."""
    held = fold(events, at, known_at)
    by = maatstaf(held, Gevraagd(cyclus, None))
    return {row.gemeente.code: row for row in naleving(held, standen(locaties(held, at)), few_gemeenten(), at, by)}


def turns(events, van: datetime, tot: datetime) -> list[datetime]:
    """Returns the moments after `van` at which anything can change."""
    found = named_moments(events) | set(overgangen(few_gemeenten(), van, tot))
    return sorted(moment for moment in found if van < moment < tot)


@LAW
@given(st.one_of(worlds().map(lambda world: (*world, world[1])), asked("spreidingswet")), st.integers(1, 900))
def test_a_gemeente_is_short_from_the_first_moment_on_at_which_a_look_finds_it_so(case, days):
    events, now, known_at = case
    cyclus, tot = cyclus_in_force(fold(events, now, known_at)), now + timedelta(days=days)
    assume(cyclus is not None)
    left = {code for code, row in rows(events, now, known_at, cyclus.id).items() if row.naleving == "voldoet"}
    wanted = {}
    for moment in turns(events, now, tot):
        then = rows(events, moment, known_at, cyclus.id)
        for code in sorted(left):
            if code not in then:
                wanted[code] = (None, True)
            elif then[code].naleving in SHORT:
                wanted[code] = (moment, True)
            elif then[code].naleving == "onbekend":
                wanted[code] = (moment, False)
        left -= wanted.keys()
    wanted |= dict.fromkeys(left, (None, True))
    found = vooruit(verloop_of(events, now, tot, known_at), few_gemeenten())
    assert {code: (one.tot, one.bekend) for code, one in found.items()} == wanted
    for one in found.values():
        if one.tot is not None and one.bekend:
            assert one.dan.tekort != 0


def latest(events, code, now) -> ToezichtstapGezet | None:
    """Returns the last step against a gemeente by now, or against the one that merged into it."""
    parts = WHERE if code == WHERE[0] and now >= MERGER else (code,)
    steps = [one for one in events if isinstance(one, ToezichtstapGezet) and one.subject in parts]
    steps = [one for one in steps if one.data.gezetOp <= now]
    return max(steps, key=lambda one: (one.data.gezetOp, one.time, one.id), default=None)


def seen(grootheid, events, now, **found) -> dict[str, float]:
    """Returns what a rule sees."""
    regel = rule(grootheid=grootheid, drempel=0)
    values = waarden(regel, view(events, now, few_gemeenten(), uitgezocht=Uitgezocht(**found)))
    return dict(zip(values.onderwerpen, values.waarden.tolist(), strict=True))


def judged(events, now) -> dict[str, str]:
    return {code: row.naleving for code, row in rows(events, now, now, None).items()}


@LAW
@given(worlds())
def test_a_gemeente_is_too_late_from_the_day_after_that_of_its_term(case):
    events, now = case
    wanted = {}
    for code, klasse in judged(events, now).items():
        said = latest(events, code, now)
        if said is not None and said.data.stap != "beëindigd" and said.data.termijn is not None:
            over = (now.astimezone(AMSTERDAM).date() - said.data.termijn.astimezone(AMSTERDAM).date()).days
            late = over > 0
            wanted[code] = (
                None if late and klasse == "onbekend" else over * (late and klasse in SHORT - {"termijn loopt"})
            )
    found = seen("dagen-over-termijn", events, now)
    assert {code: None if isnan(value) else value for code, value in found.items()} == wanted


@LAW
@given(worlds(), st.integers(0, 400))
def test_a_gemeente_fell_back_when_it_complied_since_the_last_step_and_within_the_look_back(case, days):
    events, now = case
    back, wanted = timedelta(days=days), {}
    cyclus = cyclus_in_force(fold(events, now, now))
    for code, klasse in judged(events, now).items():
        said = latest(events, code, now)
        since = now - back if said is None else max(now - back, said.data.gezetOp)
        then = [rows(events, at, now, cyclus.id).get(code) for at in (since, *turns(events, since, now))]
        classes = {row.naleving for row in then if row is not None}
        if klasse in ("gedeeltelijk", "voldoet niet"):
            unknown = None if "onbekend" in classes else 0
            wanted[code] = (1 if klasse == "gedeeltelijk" else 2) if "voldoet" in classes else unknown
        else:
            wanted[code] = None if klasse == "onbekend" else 0
    van = now - back
    known = Nalevingen(verloop_of(events, van, now + INSTANT, now), few_gemeenten())
    found = {code: known.terugblik(code, now) for code in known.codes}
    regel = rule(grootheid="teruggevallen-na-voldoet", drempel=0, terugblik=f"{days}d")
    values = waarden(regel, view(events, now, few_gemeenten(), uitgezocht=Uitgezocht(terugblik=found)))
    got = dict(zip(values.onderwerpen, values.waarden.tolist(), strict=True))
    assert {code: None if isnan(value) else value for code, value in got.items()} == wanted


@LAW
@given(worlds())
def test_a_toezichthouder_is_short_of_what_his_steps_take_beyond_what_he_has(case):
    events, now = case
    said = [one for code in judged(events, now) if (one := latest(events, code, now)) is not None]
    hours = {one.data.stap: one.data.urenPerGemeente for one in events if isinstance(one, InzetGeraamd)}
    hours = hours if now >= parse_moment(DAYS[0]) else {}
    staff = {one.subject: one.data for one in events if isinstance(one, ToezichtcapaciteitVastgesteld)}
    running = [(one.data.toezichthouder or "minister", one.data.stap) for one in said if one.data.stap != "beëindigd"]
    wanted = {}
    for wie in {"NL" if houder == "minister" else houder for houder, _ in running} | staff.keys():
        own = [stap for houder, stap in running if houder == ("minister" if wie == "NL" else wie)]
        known = bool(said) and wie in staff and all(stap in hours for stap in own)
        needed = sum(hours.get(stap, 0) for stap in own) / 1_400
        wanted[wie] = pytest.approx(max(0, needed - staff[wie].fte), abs=1e-3) if known else None
    found = seen("fte-tekort", events, now)
    assert {wie: None if isnan(value) else value for wie, value in found.items()} == wanted


def test_a_term_passes_at_midnight_without_an_event():
    """In the night in which the Dutch clock goes forward. What was announced ends it, without an event too."""
    events = [make.cycle(until=make.BEGIN), make.registered(), make.places(6), make.task(10)]
    events += [make.step("besluit", op="2026-03-01", termijn="2026-03-28"), make.places(12, vanaf="2026-03-30")]
    regel, log = shipped("toezichttermijn-verstreken"), []
    told = [
        [(type(one).__name__, one.data.waarde) for one in look([regel], view(events, parse_moment(moment)), log)]
        for moment in (
            "2026-03-28T22:59:59.999999Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T21:59:59.999999Z",
            "2026-03-29T22:00:00Z",
        )
    ]
    assert told == [[], [("AlarmGeactiveerd", 1)], [], [("AlarmHersteld", 0)]]
    assert [one.subject for one in log] == ["GM0402"] * 2
