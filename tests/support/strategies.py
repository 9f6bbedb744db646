"""Hypothesis strategies: small sets of valid events with many hard cases, and moments to ask about them.

The events are made as JSON and read as every event is read. A set may hold repeats, ties in effective_at and
recorded_at (also in another offset), late and future events, retractions before their target, of unknown ids, of
another source and of retractions, writes that expire, closed and reopened locaties, transfers in circles, rewritten
cycli, rules that are set later, a stand before its decision, terms, places that end around the end of a month, and a
gemeente that merges.
"""

import os
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from schemas.events import CapaciteitGewijzigd, Event, Ingetrokken, TelregelVastgesteld
from schemas.fields import AMSTERDAM, parse_moment
from schemas.parsing import Invalid, parse_facts
from schemas.reference import Gemeente, read_gemeenten
from tests.support import bodies, law_bodies, wire
from tests.support.bodies import GEMEENTEN, IDS, MOMENTS, SOURCES, Body, choose
from tests.support.rondes import examples

LAW = settings(
    max_examples=int(os.environ.get("VOORBEELDEN") or examples(200)),
    derandomize="VOORBEELDEN" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Every run tries the same sets, 200 in `volledig`. `VOORBEELDEN=5000 pytest tests/laws` tries new ones."""

INSTANT = timedelta(microseconds=1)
FRESH, RECENT = timedelta(hours=26), timedelta(hours=78)
"""How old a reading may be to be fresh, and to be recent enough for the gate of an area."""

Pair = tuple[datetime, datetime]
"""(V, K)."""
About = Literal["everything", "spreidingswet", "maximum"]
"""What a set of events is about."""
_WEIGHTS = {
    "everything": (
        (1, bodies.registrations),
        (2, bodies.capacities),
        (2, bodies.readings),
        (2, bodies.closings),
        (1, bodies.regimes),
        (3, bodies.maxima),
        (1, law_bodies.cycles),
        (1, law_bodies.rules),
        (2, law_bodies.tasks),
        (1, law_bodies.stands),
        (3, law_bodies.transfers),
        (1, law_bodies.circles),
        (2, law_bodies.gifts),
        (1, law_bodies.steps),
        (1, law_bodies.estimates),
        (1, law_bodies.capacities_of_supervision),
        (1, bodies.publications),
        (5, bodies.retractions),
        (11, bodies.used),
        (2, bodies.abandoned),
        (5, law_bodies.cycles_with_tasks),
        (3, law_bodies.judged_by_rule),
        (1, law_bodies.suspensions),
    ),
    "spreidingswet": (
        (1, bodies.registrations),
        (5, bodies.capacities),
        (1, bodies.closings),
        (1, law_bodies.cycles),
        (3, law_bodies.rules),
        (3, law_bodies.tasks),
        (2, law_bodies.stands),
        (4, law_bodies.transfers),
        (1, law_bodies.circles),
        (4, law_bodies.gifts),
        (3, law_bodies.steps),
        (1, law_bodies.estimates),
        (1, law_bodies.capacities_of_supervision),
        (4, bodies.used),
        (4, law_bodies.cycles_with_tasks),
        (3, law_bodies.judged_by_rule),
        (2, law_bodies.suspensions),
    ),
    "maximum": (
        (8, bodies.maxima),
        (8, bodies.readings),
        (5, bodies.nights),
        (1, bodies.closings),
        (1, bodies.retractions),
        (2, bodies.used),
    ),
}

BEGIN = {
    "everything": (),
    "spreidingswet": (st.one_of(law_bodies.cycles_with_tasks, law_bodies.judged_by_rule), bodies.used, bodies.used),
    "maximum": (bodies.maxima, bodies.used),
}
"""The events with which a set about one thing always begins."""


@cache
def entries(about: About) -> st.SearchStrategy[tuple[list[Body], list[str]]]:
    """Draws bodies, and the time and source they share. Events about one thing are mostly known early."""
    # one_of counts equal branches once; each .map(list) makes a new branch, so this gives weights.
    drawn = st.one_of(*(strategy.map(list) for weight, strategy in _WEIGHTS[about] for _ in range(weight)))
    times = MOMENTS if about == "everything" else (*MOMENTS[:1] * 8, *MOMENTS)
    return st.tuples(drawn, choose(times, (*SOURCES, *SOURCES[:1] * 3)))


@cache
def merging_gemeenten() -> tuple[Gemeente, ...]:
    """Returns the reference table, with Wijdemeren merged into Hilversum on 2027-01-01 (intended, not adopted)."""
    text = files("schemas.reference").joinpath("gemeenten.csv").read_text(encoding="utf-8")
    return read_gemeenten(_merge(text, "GM1696", "2027-01-01", "GM0402"))


@cache
def few_gemeenten() -> tuple[Gemeente, ...]:
    """Returns the gemeenten that events name. Most laws need no others, and this is faster."""
    return tuple(gemeente for gemeente in merging_gemeenten() if gemeente.code in GEMEENTEN)


def _merge(text: str, code: str, ends: str, successor: str) -> str:
    lines = [
        line.removesuffix(",,") + f",{ends},{successor}" if line.startswith(code) else line
        for line in text.splitlines()
    ]
    return "\n".join(lines)


@st.composite
def event_lists(draw: st.DrawFn, about: About | None = None, max_size: int = 10) -> list[Event]:
    """Draws accepted events in their order of arrival, all different, at most 5 × (3 + max_size).

    Without `about`, half of the sets are about everything, so that all kinds meet. The others are about one thing.
    """
    about = about or draw(st.sampled_from(("everything", "spreidingswet", "maximum", "everything")))
    begin = [(draw(first), (MOMENTS[0], SOURCES[0])) for first in BEGIN[about]]
    least = draw(st.integers(0, max_size))  # lists() alone draws mostly short lists
    drawn = begin + draw(st.lists(entries(about), min_size=least, max_size=max_size))
    said = [(body, time, source) for entry, (time, source) in drawn for body in entry]
    return read([_event(IDS[n], *parts) for n, parts in enumerate(said)])


@st.composite
def asked(draw: st.DrawFn, about: About | None = None, max_size: int = 10) -> tuple[list[Event], datetime, datetime]:
    """Draws a set of events with a (V, K) that is interesting for it."""
    events = draw(event_lists(about, max_size))
    return events, *draw(pairs(events))


def pairs(events: Sequence[Event]) -> st.SearchStrategy[Pair]:
    """Draws (V, K) from the moments that the events name, ± 1 microsecond.

    They are mostly late, when much is in force and known, or (for V) around the end of a reading's freshness.
    """
    around = points(events)[::-1]
    late = around[: len(around) // 3] or around
    ends = {
        peilmoment + age
        for event in events
        if (peilmoment := getattr(event.data, "peilmoment", None))
        for age in (FRESH, RECENT)
    }
    stale = [moment for moment in around if any(abs(moment - end) <= INSTANT for end in ends)] or around
    anywhere = st.sampled_from(around)
    return st.tuples(
        st.one_of(st.sampled_from(late), st.sampled_from(stale), anywhere),
        st.one_of(st.sampled_from(late), st.sampled_from(late), anywhere),
    )


def points(events: Iterable[Event]) -> list[datetime]:
    """Returns the moments at which an answer may change, and the microsecond before and after each, earliest first."""
    return sorted({moment + by for moment in named_moments(events) for by in (-INSTANT, timedelta(), INSTANT)})


def named_moments(events: Iterable[Event]) -> set[datetime]:
    """Returns every moment in `time` and data, and those at which a reading or a place no longer lasts long enough.

    It is never empty.
    """
    events = list(events)
    moments = {parse_moment(MOMENTS[0])} | _outlasted(events)
    for event in events:
        moments.add(event.time)
        values = event.data.__dict__.values()
        moments.update(value for value in values if isinstance(value, datetime))
        if (peilmoment := getattr(event.data, "peilmoment", None)) is not None:
            moments |= {peilmoment + FRESH, peilmoment + RECENT}
    return moments


def _outlasted(events: Sequence[Event]) -> set[datetime]:
    """Returns when places end too soon after that, for each rule that asks how long they must still be there."""
    ends = {event.data.geldigTot for event in events if isinstance(event, CapaciteitGewijzigd)} - {None}
    asked = {event.data.nogMinstensMaanden for event in events if isinstance(event, TelregelVastgesteld)} - {None}
    return {_too_late(end, months) for end in ends for months in asked}


@cache
def _too_late(end: datetime, months: int) -> datetime:
    """Returns the first midnight from which a day, that many months on, begins after `end`."""
    day = end.astimezone(AMSTERDAM).date() - timedelta(days=31 * months + 4)
    while _midnight(_months_on(day, months)) <= end:
        day += timedelta(days=1)
    return _midnight(day)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def delivered(events: Sequence[Event]) -> st.SearchStrategy[list[Event]]:
    """Draws the same set as it may arrive: in any order, some events more than once."""
    repeats = st.lists(st.sampled_from(events), max_size=4) if events else st.just([])
    return repeats.flatmap(lambda again: st.permutations([*events, *again]))


def read(raw: list[dict[str, Any]]) -> list[Event]:
    """Reads events as ingest and processor do. An invalid event is an error in the strategy."""
    if not raw:
        return []
    events = parse_facts(orjson.dumps(raw))
    refused = [event.reason for event in events if isinstance(event, Invalid)]
    assert not refused, f"the strategy made events that are not valid: {refused}"
    return [event for event in events if isinstance(event, Event)]


def effective_at(event: Event) -> datetime:
    """Returns the moment in the world of an event that is not a retraction."""
    names = ("geldigVanaf", "peilmoment", "gezetOp", "peildatum")  # a cyclus has the first and the last
    return next(getattr(event.data, name) for name in names if hasattr(event.data, name))


def retractions(events: Iterable[Event]) -> list[Ingetrokken]:
    """Returns the retractions of a set."""
    return [event for event in events if isinstance(event, Ingetrokken)]


def _event(own_id: str, body: Body, time: str, source: str) -> dict[str, Any]:
    kind, subject, data = body
    spelled = own_id.upper() if own_id[0] in "abcd" else own_id
    return wire.event(subject, (kind, data), time=time, source=source, own_id=spelled)
