"""Hypothesis strategies: small sets of valid events that are rich in what goes wrong, and moments to ask about them.

Few subjects, few moments, few ids: so events of one set really meet. They are made as JSON and read as every event is
read. What a set may hold: repeats, ties in effective_at and recorded_at (also written in another offset), late and
future events, retractions before their target, of unknown ids, of another source and of retractions, what expires,
closed and reopened locaties, transfers in both directions, rewritten cycli, and a gemeente that merges.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from schemas.events import Event, Ingetrokken
from schemas.fields import parse_moment
from schemas.reading import Rejected, read_facts
from schemas.reference import Gemeente, read_gemeenten

LAW = settings(
    max_examples=int(os.environ.get("VOORBEELDEN", "200")),
    derandomize="VOORBEELDEN" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Every run tries the same 200 sets; `VOORBEELDEN=5000 pytest tests/laws` searches on with new ones."""

MOMENTS = (
    "2024-12-31",
    "2025-06-30T21:59:59.999999Z",
    "2025-07-01",
    "2025-07-01T00:00:00+02:00",  # the same moment in other words: a tie
    "2026-05-20T08:00:00Z",
    "2026-05-21T10:00:00+02:00",  # exactly the freshness limit later
    "2026-10-25T03:30:00+01:00",  # after the clock went back, on a day of 25 hours
    "2028-12-31",
    "2031-01-01",
)
"""The moments that events name, for the world and for knowledge alike, earliest first."""
LOCATIES = ("LOC-1", "LOC-2", "LOC-3", "LOC-TER-APEL")
GEMEENTEN = ("GM0402", "GM1696", "GM1950", "GM0599")
PROVINCIES = ("PV27", "PV20")
CYCLI = ("2024", "2026")
SOORTEN = ("regulier", "nood", "amv")
SOURCES = tuple(f"urn:nld:oin:0000000000000000000{n}:systeem:{name}" for n, name in ((1, "coa"), (2, "provincie")))
IDS = tuple(str(uuid5(NAMESPACE_URL, f"gebeurtenis {n}")) for n in range(80))
"""Their order says nothing about the order of the events that carry them."""
INSTANT = timedelta(microseconds=1)
FRESH = timedelta(hours=24)

Pair = tuple[datetime, datetime]
"""(V, K)."""


@cache
def merging_gemeenten() -> tuple[Gemeente, ...]:
    """The reference table, with Wijdemeren merged into Hilversum on 2027-01-01 (intended, not adopted)."""
    text = files("schemas.reference").joinpath("gemeenten.csv").read_text(encoding="utf-8")
    return read_gemeenten(_merge(text, "GM1696", "2027-01-01", "GM0402"))


def _merge(text: str, code: str, ends: str, successor: str) -> str:
    lines = [
        line.removesuffix(",,") + f",{ends},{successor}" if line.startswith(code) else line
        for line in text.splitlines()
    ]
    return "\n".join(lines)


_index = st.sampled_from((0, 0, 1, 2, 4, 5, *range(len(MOMENTS))))  # rather early: most of a set is in force
_moment = _index.map(MOMENTS.__getitem__)
_gemeente = st.sampled_from(GEMEENTEN)
_cyclus = st.sampled_from(CYCLI)
_aantal = st.sampled_from((0, 1, 2, 3, 5, 8, 40, 100))


def _end(start: int, later: int) -> dict[str, str]:
    """geldigTot of something that begins at MOMENTS[start]: `later` moments on; 0 = without an end."""
    ends = [moment for moment in MOMENTS if parse_moment(moment) > parse_moment(MOMENTS[start])]
    return {"geldigTot": ends[min(later, len(ends)) - 1]} if later and ends else {}


_ENDS = [[_end(start, later) for later in range(4)] for start in range(len(MOMENTS))]
_later = st.sampled_from((0, 0, 1, 2, 3))
_subsets = [[soort for bit, soort in enumerate(SOORTEN) if chosen >> bit & 1] for chosen in range(1, 8)]

Body = tuple[str, str, dict[str, Any]]
"""(type, subject, data) of an event to be."""


def _body(kind: str, subject: st.SearchStrategy[str], make: Callable[..., dict[str, Any]], *parts: Any) -> Any:
    return st.tuples(subject, *parts).map(lambda drawn: (f"nl.{kind}.v1", drawn[0], make(*drawn[1:])))


def _places(soorten: list[str], counts: tuple[int, int, int], held: tuple[int, int, int]) -> list[dict[str, Any]]:
    """`held` of 0: inzetbaar is not named, 1: all, more: less."""
    return [
        {"soort": soort, "aantal": aantal} | ({"inzetbaar": aantal // less} if less else {})
        for soort, aantal, less in zip(soorten, counts, held, strict=False)
    ]


_held = st.sampled_from((0, 1, 2, 1000))
_locatie = st.sampled_from(LOCATIES)
_registered = _body(
    "opvanglocaties.locatie-geregistreerd", _locatie,
    lambda vanaf, gemeente, soort, zichtbaarheid: {
        "naam": f"Locatie in {gemeente}", "gemeente": gemeente, "soort": soort,
        "zichtbaarheid": zichtbaarheid, "geldigVanaf": vanaf,
    },
    _moment, _gemeente, st.sampled_from(("azc", "aanmeldcentrum", "noodopvang")),
    st.sampled_from(("openbaar", "openbaar", "afgeschermd")),
)  # fmt: skip
_closed = _body("opvanglocaties.locatie-gesloten", _locatie, lambda vanaf: {"geldigVanaf": vanaf}, _moment)
_capacity = _body(
    "opvanglocaties.capaciteit-gewijzigd", _locatie,
    lambda start, later, soorten, counts, held: {
        "geldigVanaf": MOMENTS[start], "plaatsen": _places(soorten, counts, held), **_ENDS[start][later],
    },
    _index, _later, st.sampled_from(_subsets), st.tuples(_aantal, _aantal, _aantal), st.tuples(_held, _held, _held),
)  # fmt: skip
_reading = _body(
    "opvanglocaties.bezetting-gemeld", _locatie,
    lambda moment, present: {"peilmoment": moment, "aanwezig": present}, _moment, _aantal,
)  # fmt: skip
_access = _body(
    "opvanglocaties.toegang-gewijzigd", _locatie,
    lambda vanaf, regime: {"geldigVanaf": vanaf, "regime": regime},
    _moment, st.sampled_from(("open", "gecontroleerd", "beperkt", "gesloten")),
)  # fmt: skip
_maximum = _body(
    "opvanglocaties.maximum-vastgesteld", _locatie,
    lambda start, later, limit, penalty: {
        "geldigVanaf": MOMENTS[start], "maximum": limit, "grondslag": "uitspraak", **penalty, **_ENDS[start][later],
    },
    _index, _later, _aantal, st.sampled_from(({}, {"dwangsomPerDag": 15_000, "dwangsomPlafond": 20_000})),
)  # fmt: skip
_cycle = _body(
    "spreidingswet.cyclus-vastgesteld", _cyclus,
    lambda vanaf, until, soorten, volledig: {
        "geldigVanaf": vanaf, "raming": 96_000, "beschikbaarTotMinstens": until, "meetellendeSoorten": soorten,
        **volledig,
    },
    _moment, _moment, st.sampled_from(_subsets), st.sampled_from(({}, {}, {"volledig": False})),
)  # fmt: skip
_task = _body(
    "spreidingswet.opgave-vastgesteld", st.sampled_from((*GEMEENTEN, *PROVINCIES)),
    lambda vanaf, cyclus, status, opgave, amv: {
        "geldigVanaf": vanaf, "cyclus": cyclus, "status": status, "opgave": opgave,
        **({"waarvanAmv": opgave // amv} if amv else {}),
    },
    _moment, _cyclus, st.sampled_from(("indicatief", "provinciaal", "verdeelbesluit")), _aantal, st.integers(0, 2),
)  # fmt: skip
_transfer = st.tuples(st.permutations(GEMEENTEN), _index, _later, _cyclus, _aantal).map(
    lambda drawn: (
        "nl.spreidingswet.overdracht-afgesproken.v1", drawn[0][0],
        {
            "geldigVanaf": MOMENTS[drawn[1]], "cyclus": drawn[3], "naar": drawn[0][1], "aantal": drawn[4],
            **_ENDS[drawn[1]][drawn[2]],
        },
    )
)  # fmt: skip
_step = _body(
    "spreidingswet.toezichtstap-gezet", _gemeente, lambda op, stap: {"gezetOp": op, "stap": stap},
    _moment, st.sampled_from(("brief", "ambtelijk gesprek", "besluit", "beëindigd")),
)  # fmt: skip
_published = _body(
    "opvangcijfers.cijfers-gepubliceerd", st.sampled_from(("NL", "PV27", "GM0402", "LOC-1", "LOC-9")),
    lambda peildatum, bron, waarde: {
        "peildatum": peildatum, "bron": bron, "cijfers": [{"grootheid": "bezetting", "waarde": waarde}],
    },
    _moment, st.sampled_from(("https://www.coa.nl/cijfers", "Kamerbrief")), st.sampled_from((0, 70_000, 1.02)),
)  # fmt: skip
_retraction = _body(
    "gebeurtenissen.ingetrokken", st.sampled_from((LOCATIES[0], GEMEENTEN[0], CYCLI[0])),
    lambda target: {"gebeurtenisId": IDS[target], "reden": "vergissing"}, st.integers(0, 24),
)  # fmt: skip

_single: st.SearchStrategy[list[Body]] = st.one_of(
    _registered, _capacity, _reading, _reading, _closed, _access, _maximum, _maximum,
    _cycle, _task, _task, _transfer, _step, _published, _retraction, _retraction,
).map(lambda body: [body])  # fmt: skip


def _in_use(locatie: str, gemeente: str, soort: str, aantal: int, peilmoment: str) -> list[Body]:
    """A locatie with places and a reading: without these most sets would have nothing to count."""
    registration = {"naam": f"Locatie in {gemeente}", "gemeente": gemeente, "soort": "azc", "zichtbaarheid": "openbaar"}
    return [
        ("nl.opvanglocaties.locatie-geregistreerd.v1", locatie, registration | {"geldigVanaf": MOMENTS[0]}),
        (
            "nl.opvanglocaties.capaciteit-gewijzigd.v1", locatie,
            {"geldigVanaf": MOMENTS[0], "plaatsen": [{"soort": soort, "aantal": aantal}]},
        ),
        ("nl.opvanglocaties.bezetting-gemeld.v1", locatie, {"peilmoment": peilmoment, "aanwezig": aantal + 1}),
    ]  # fmt: skip


def _bound(cyclus: str, soorten: list[str], until: str, opgaven: tuple[int, ...]) -> list[Body]:
    """A cyclus with opgaven."""
    rule = {"raming": 96_000, "beschikbaarTotMinstens": until, "meetellendeSoorten": soorten}
    return [
        ("nl.spreidingswet.cyclus-vastgesteld.v1", cyclus, rule | {"geldigVanaf": MOMENTS[0]}),
        *(
            (
                "nl.spreidingswet.opgave-vastgesteld.v1", gemeente,
                {"cyclus": cyclus, "status": "provinciaal", "opgave": opgave, "geldigVanaf": MOMENTS[0]},
            )
            for gemeente, opgave in zip(GEMEENTEN, opgaven, strict=False)
        ),
    ]  # fmt: skip


_used = st.builds(_in_use, _locatie, _gemeente, st.sampled_from(SOORTEN), _aantal, st.sampled_from(MOMENTS[4:6]))
_cycle_with_tasks = st.builds(
    _bound, _cyclus, st.sampled_from((list(SOORTEN), *_subsets)), _moment, st.tuples(_aantal, _aantal, _aantal)
)
_scene = st.one_of(_used, _used, _cycle_with_tasks)
_entry = st.tuples(st.one_of(_single, _scene, _scene), _moment, st.sampled_from((*SOURCES, *SOURCES[:1] * 3)))


@st.composite
def event_lists(draw: st.DrawFn, max_size: int = 15) -> list[Event]:
    """Accepted events in the order of their arrival, all different; at most 4 × max_size of them."""
    least = draw(st.integers(0, max_size))  # lists() alone are mostly short
    drawn = draw(st.lists(_entry, min_size=least, max_size=max_size))
    bodies = [(body, time, source) for entry, time, source in drawn for body in entry]
    return read([_event(IDS[n], *parts) for n, parts in enumerate(bodies)])


@st.composite
def asked(draw: st.DrawFn, max_size: int = 15) -> tuple[list[Event], datetime, datetime]:
    """An event set with a (V, K) that is interesting to it."""
    events = draw(event_lists(max_size=max_size))
    return events, *draw(pairs(events))


def pairs(events: Sequence[Event]) -> st.SearchStrategy[Pair]:
    """(V, K) of the moments that the events name, ± 1 microsecond.

    Mostly late ones, when much is in force and known, or (V) around the end of a reading's freshness.
    """
    around = points(events)[::-1]
    late = around[: len(around) // 3] or around
    ends = {peilmoment + FRESH for event in events if (peilmoment := getattr(event.data, "peilmoment", None))}
    stale = [moment for moment in around if any(abs(moment - end) <= INSTANT for end in ends)] or late
    anywhere = st.sampled_from(around)
    return st.tuples(
        st.one_of(st.sampled_from(late), st.sampled_from(stale), anywhere),
        st.one_of(st.sampled_from(late), st.sampled_from(late), anywhere),
    )


def points(events: Iterable[Event]) -> list[datetime]:
    """Where an answer may change, with the microsecond before and after, earliest first."""
    return sorted({moment + by for moment in named_moments(events) for by in (-INSTANT, timedelta(), INSTANT)})


def named_moments(events: Iterable[Event]) -> set[datetime]:
    """Every moment in time, data, and where a reading stops being fresh; the first of MOMENTS when there is none."""
    moments = {parse_moment(MOMENTS[0])}
    for event in events:
        moments.add(event.time)
        values = event.data.__dict__.values()
        moments.update(value for value in values if isinstance(value, datetime))
        if (peilmoment := getattr(event.data, "peilmoment", None)) is not None:
            moments.add(peilmoment + FRESH)
    return moments


def delivered(events: Sequence[Event]) -> st.SearchStrategy[list[Event]]:
    """The same set as it may arrive: in any order, some events more than once."""
    repeats = st.lists(st.sampled_from(events), max_size=4) if events else st.just([])
    return repeats.flatmap(lambda again: st.permutations([*events, *again]))


def read(raw: list[dict[str, Any]]) -> list[Event]:
    """Read events as ingest and processor do; a strategy that makes an invalid one is wrong."""
    if not raw:
        return []
    events = read_facts(orjson.dumps(raw))
    refused = [event.reason for event in events if isinstance(event, Rejected)]
    assert not refused, f"the strategy made events that are not valid: {refused}"
    return [event for event in events if isinstance(event, Event)]


def retractions(events: Iterable[Event]) -> list[Ingetrokken]:
    """The retractions of a set."""
    return [event for event in events if isinstance(event, Ingetrokken)]


def _event(own_id: str, body: Body, time: str, source: str) -> dict[str, Any]:
    kind, subject, data = body
    return {
        "specversion": "1.0", "id": own_id.upper() if own_id[0] in "abcd" else own_id, "source": source,
        "type": kind, "subject": subject, "time": time, "data": data,
    }  # fmt: skip
