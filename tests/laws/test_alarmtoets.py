"""A test of rules on the past gives what live alarms would have given, had they looked at every instant.

The live side looks at the folded events at every moment at which something can change, and whenever a waiting time of
a rule ends. The test gets the same period at once, or in parts.
"""

import heapq
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.alarmregels import REGIMES, TE_BEWAKEN, AlarmRegel, van_toezicht
from schemas.events import ToezichtstapGezet
from schemas.fields import AMSTERDAM
from schemas.moments import day_of, start_of_day
from services.core.alarms.alarmen import STATUS, Ketens, alarmen_of
from services.core.alarms.beeld import Uitgezocht
from services.core.alarms.bewaakt import BEWAAKT, getoond, waarden
from services.core.alarms.bewaakt.declaratie import GeenVerleden
from services.core.alarms.bewaakt.vergelijking import Nalevingen
from services.core.alarms.overgang import oordelen, wachttijd
from services.core.alarms.toets import Toets
from services.core.fold import fold
from services.core.gemeenten import overgangen
from services.core.locaties import locaties
from services.core.naleving import naleving
from services.core.registers import LANDELIJK
from services.core.standen import standen
from services.core.telregel import Gevraagd, Maatstaf, cyclus_in_force, maatstaf
from tests.support.alarm_help import look, rule, view_of
from tests.support.bodies import GEMEENTEN, LOCATIES, PROVINCIES
from tests.support.figures import verloop_of
from tests.support.strategies import INSTANT, LAW, event_lists, few_gemeenten, named_moments, points

_NUMBERS = (-2, -1, 0, 0.5, 0.9, 1, 1.02, 1.5, 2, 3, 8)
_GAPS = ("24h", "4367h", "1635h", "730d")
"""Differences between moments that events name, so that waits end where something else changes."""
_LENGTHS = ("0s", "1s", "24h", "30d", "4367h", "400d")
_BY_UNIT = {
    "aandeel": _NUMBERS,
    "personen": _NUMBERS,
    "regime": REGIMES,
    "seconden": _LENGTHS,
    "aantal": (-1, 0, 1, 2),
    "dagen": (0, 1, 2, 40),
}
_THRESHOLDS = {
    naam: _BY_UNIT[TE_BEWAKEN[naam].eenheid]
    for naam, bewaakt in BEWAAKT.items()
    if not isinstance(bewaakt.verleden, GeenVerleden)
}
"""Every grootheid whose past is in the log, so a new one is tested as well."""
_ABOUT = dict.fromkeys((*filter(van_toezicht, TE_BEWAKEN), "naleving-verslechterd"), "spreidingswet")
_ABOUT["personen-boven-maximum"] = "maximum"
_WHOM = {"GM": GEMEENTEN, "LOC-": LOCATIES, "": (LANDELIJK, *PROVINCIES)}
_waits = st.sampled_from(("0s", "0s", "0s", "0s", "1s", "30d", "200d", *_GAPS))
LONGEST = timedelta(days=900)


@st.composite
def rules(draw, grootheid) -> AlarmRegel:
    """Draws any rule about this grootheid."""
    thresholds = _THRESHOLDS[grootheid]
    richting = draw(st.sampled_from(("boven", "boven", "onder")))
    raised, cleared = sorted(draw(st.tuples(*[st.integers(0, len(thresholds) - 1)] * 2)), reverse=richting == "boven")
    fields = {"wisdrempel": thresholds[cleared]} if draw(st.booleans()) else {}
    about = TE_BEWAKEN[grootheid]
    if "versBinnen" in about.neemt and draw(st.booleans()):
        fields["versBinnen"] = draw(st.sampled_from(("0s", "100d", *_GAPS)))
    if "terugblik" in about.neemt:
        fields["terugblik"] = draw(st.sampled_from(("0s", "7d", "200d", "600d", *_GAPS)))
    elif "ernstPerSoort" in about.neemt and draw(st.booleans()):
        fields["ernstPerSoort"] = {"aanmeldcentrum": "kritiek"}
    if draw(st.integers(0, 3)) == 0 and about.over != "NL":
        fields["onderwerpen"] = draw(st.lists(st.sampled_from(_WHOM[about.over]), unique=True, max_size=2))
    return rule(
        grootheid=grootheid,
        richting=richting,
        drempel=thresholds[raised],
        voor=draw(_waits),
        blijfActief=draw(_waits),
        geenGegevens=draw(st.sampled_from(("alarm", "houd", "niets"))),
        **fields,
    )


@st.composite
def cases(draw):
    """Draws events, rules about one grootheid, a period, and K. At most values of K all events are known."""
    grootheid = draw(st.sampled_from(sorted(_THRESHOLDS)))
    found = draw(st.lists(rules(grootheid), min_size=3, max_size=5))
    regels = [regel.model_copy(update={"naam": f"regel-{'abcde'[n]}"}) for n, regel in enumerate(found)]
    events = draw(event_lists(_ABOUT.get(grootheid, "everything")))
    around = points(events)
    first, last = around[0] - timedelta(days=1), around[-1] + timedelta(days=draw(st.integers(1, LONGEST.days)))
    van = draw(st.one_of(st.just(first), st.just(first), st.sampled_from(around)))
    tot = draw(st.sampled_from((last, last, *(moment for moment in around if moment > van))))
    return events, regels, van, tot, draw(st.one_of(st.just(last), st.just(last), st.sampled_from(around)))


# The live side -------------------------------------------------------------------------------------------------------


def classes(events, then, now, known_at):
    """Finds the earlier classes as services/reads/uitzoeken.py does for the live view, without a store."""
    current = cyclus_in_force(fold(events, now, known_at))
    before = fold(events, then, known_at)
    by = maatstaf(before, Gevraagd(current.id, None)) if current else Maatstaf(None, None)
    rows = naleving(before, standen(locaties(before, then)), few_gemeenten(), then, by)
    return {row.gemeente.code: row.naleving for row in rows}


def seen_at(events, regels, known_at, now):
    """Returns the live view, with the earlier classes that the rules look back on."""
    backs = {regel.terugblik for regel in regels if regel.grootheid == "naleving-verslechterd"}
    then = {back.total_seconds(): classes(events, now - back, now, known_at) for back in backs}
    backs = {regel.terugblik for regel in regels if regel.grootheid == "teruggevallen-na-voldoet"}
    complied = looked_back(events, now - max(backs), now, known_at) if backs else {}
    found = Uitgezocht(nalevingen_toen=then, terugblik=complied)
    return view_of(fold(events, now, known_at), now, few_gemeenten(), uitgezocht=found)


def looked_back(events, van, now, known_at):
    """Finds when gemeenten complied last, as services/reads/uitzoeken.py does for the live view, without a store."""
    found = Nalevingen(verloop_of(events, van, now + INSTANT, known_at), few_gemeenten())
    return {code: found.terugblik(code, now) for code in found.codes}


def moments(events, regels, van, tot):
    """Returns the moments at which something can change, and the instants just before and after each."""
    turns = overgangen(few_gemeenten(), van - LONGEST, tot)
    named = {moment.astimezone(UTC) for moment in (*named_moments(events), *turns)}
    ages = {regel.terugblik for regel in regels}
    ages |= {regel.versBinnen for regel in regels if regel.versBinnen is not None}
    for regel in regels:
        if regel.grootheid == "stilte-van-locatie":
            ages |= {timedelta(seconds=regel.gaat_af), timedelta(seconds=regel.wist)}
    named |= {moment + age for moment in named for age in ages} | {tot}
    if any(regel.grootheid == "dagen-over-termijn" for regel in regels):
        terms = [event.data.termijn for event in events if isinstance(event, ToezichtstapGezet) and event.data.termijn]
        days = (timedelta(days=day) for day in (1, 2, 3, 40, 41, 42))
        named |= {start_of_day(day_of(term) + day).astimezone(UTC) for day in days for term in terms}
    around = {moment + by for moment in named for by in (-INSTANT, timedelta(), INSTANT)}
    return sorted({van} | {moment for moment in around if van < moment < tot})


def live(events, regels, known_at, van, tot):
    """Runs the live alarms at all these moments and whenever a wait ends. Returns what they said and what they saw.

    It looks at moments in UTC, as the service does: in Dutch time, a day later need not be 24 hours later.
    """
    van, tot = van.astimezone(UTC), tot.astimezone(UTC)
    log, saw, agenda, looked = [], [], moments(events, regels, van, tot), None
    by_name = {regel.naam: regel for regel in regels}
    while agenda:
        now = heapq.heappop(agenda)
        if now == looked:
            continue
        looked, beeld = now, seen_at(events, regels, known_at, now)
        for one in look(regels, beeld, log):
            regel = by_name[one.data.voorRegel or one.data.regel]
            due = (one.data.teltVanaf or now) + wachttijd(regel, STATUS[type(one)])
            if now < due < tot:
                heapq.heappush(agenda, due)
        for regel in regels:
            seen = waarden(regel, beeld)
            beyond, _, _ = oordelen(regel, seen.waarden)
            values = dict(zip(seen.onderwerpen, np.where(beyond, seen.waarden, np.nan).tolist(), strict=True))
            saw.append((now, (regel.naam, None), values))
    return log, saw


def told(log, saw, regels):
    """Turns the live alarms into episodes. Alarms that only waited and never went off are counted apart."""
    found, waited, ketens = {}, Counter(), Ketens(log)
    for alarm in (alarm for key in ketens.last for alarm in alarmen_of(ketens.of(key))):
        naam = alarm.regel, alarm.voor_regel
        if alarm.actief_sinds is None and alarm.status == "hersteld":
            waited[naam] += 1
            continue
        active = next((one for one in alarm.overgangen if STATUS[type(one)] == "actief"), alarm.overgangen[0])
        steps = tuple(entered(alarm.overgangen))
        beyond = [
            values[alarm.onderwerp]
            for now, about, values in saw
            if about == naam
            and alarm.onderwerp in values
            and alarm.sinds <= now
            and (alarm.hersteld_op is None or now < alarm.hersteld_op)
        ]
        key = *naam, alarm.onderwerp, alarm.ernst, steps, active.data.waarde
        found[key] = worst(next(regel for regel in regels if regel.naam in naam), beyond)
    return found, waited


def entered(overgangen):
    """Returns when an alarm came into each status, without where a wait stopped or went on."""
    steps = [(STATUS[type(one)], one.time) for one in overgangen]
    return [step for n, step in enumerate(steps) if not n or steps[n - 1][0] != step[0]]


def worst(regel, values):
    known = [value for value in values if not np.isnan(value)] or [np.nan]
    return getoond(regel, max(known) if regel.richting == "boven" else min(known))


# The test ------------------------------------------------------------------------------------------------------------


def shown_to(events, regels, known_at, borders, hidden=frozenset(), **shown):
    """Returns the outcomes of a test that gets the period in these parts."""
    toets = Toets(regels, few_gemeenten(), borders[0], borders[-1], hidden, **shown)
    for begin, end in pairwise(borders):
        toets.see(verloop_of(events, begin, end, known_at))
    if toets.terugblik is not None:
        toets.see_naleving(verloop_of(events, borders[0] - toets.terugblik, borders[-1], known_at))
    return toets.outcome()


def episodes_of(outcomes):
    found = {
        (one.regel, one.voor_regel, one.onderwerp, one.ernst, tuple(one.overgangen), one.waarde): one.uiterste
        for outcome in outcomes
        for one in outcome.episodes
    }
    waited = {(one.regel.alarmnaam, one.regel.voor_regel): one.alleen_gewacht for one in outcomes}
    return found, Counter({names: many for names, many in waited.items() if many})


OVER_THE_CLOCK = (
    [],
    [rule(grootheid="naleving-verslechterd", drempel=0, voor="4367h", geenGegevens="alarm")],
    datetime(2024, 1, 1, tzinfo=AMSTERDAM),
    datetime(2024, 12, 1, tzinfo=AMSTERDAM),
    datetime(2024, 12, 1, tzinfo=AMSTERDAM),
)
"""Nothing is known, and the wait for that alarm goes on while the Dutch clock changes."""


@LAW
@example(case=OVER_THE_CLOCK, cuts=[0.5])
@given(cases(), st.lists(st.floats(0, 1, exclude_min=True, exclude_max=True), min_size=1, max_size=3))
def test_it_says_what_the_live_alarms_would_have_said(case, cuts):
    events, regels, van, tot, known_at = case
    wanted, waited = told(*live(events, regels, known_at, van, tot), regels)
    got, waited_too = episodes_of(shown_to(events, regels, known_at, [van, tot]))
    assert (got.keys(), waited_too) == (wanted.keys(), waited)
    grows = {one.naam for one in regels if (one.grootheid, one.richting) == ("stilte-van-locatie", "boven")}
    for episode, most in got.items():
        if episode[0] in grows and most is not None:
            assert 0 <= most - wanted[episode] <= 1  # a live look is just before the end, an episode at it
        else:
            assert most == wanted[episode]
    parts = sorted({van, tot, *(van + (tot - van) * cut for cut in cuts)})
    assert episodes_of(shown_to(events, regels, known_at, parts)) == (got, waited)


@LAW
@given(cases())
def test_what_is_counted_is_what_is_listed(case):
    events, regels, van, tot, known_at = case
    for outcome in shown_to(events, regels, known_at, [van, tot]):
        took = [(one.hersteld_op or tot) - one.actief_sinds for one in outcome.episodes if one.actief_sinds]
        assert (outcome.aantal, outcome.wacht) == (len(took), len(outcome.episodes) - len(took))
        assert (outcome.duur, outcome.langste) == (sum(took, timedelta()), max(took, default=timedelta()))


@LAW
@given(cases(), st.sets(st.sampled_from(LOCATIES)))
def test_of_what_is_hidden_nothing_is_said_and_of_the_rest_the_same(case, hidden):
    """The country is that of everybody: as if there were no such locaties, also for who may meet them."""
    events, regels, van, tot, known_at = case
    everything, _ = episodes_of(shown_to(events, regels, known_at, [van, tot]))
    visible = [one for one in events if one.subject not in hidden]
    without, _ = episodes_of(shown_to(visible, regels, known_at, [van, tot]))
    country = {key: most for key, most in without.items() if key[2] == LANDELIJK}
    alone = {key: most for key, most in everything.items() if key[2] != LANDELIJK}
    got, _ = episodes_of(shown_to(events, regels, known_at, [van, tot], frozenset(hidden)))
    assert got == country | {key: most for key, most in alone.items() if key[2] not in hidden}
    of_all, _ = episodes_of(shown_to(events, regels, known_at, [van, tot], frozenset(hidden), shows_all=True))
    assert of_all == country | alone
