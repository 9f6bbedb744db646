"""Hypothesis strategies for the bodies of events: type, subject and data.

There are few subjects and few moments, so that the events of one set often meet. `tests.support.strategies` makes the
sets themselves, with ids, times and sources.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import permutations
from math import prod
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from schemas.fields import parse_moment

MOMENTS = (
    "2024-12-31",
    "2025-06-30T21:59:59.999999Z",
    "2025-07-01",
    "2025-07-01T00:00:00+02:00",  # the same moment in another offset, which makes a tie
    "2026-05-20T08:00:00Z",
    "2026-05-21T10:00:00+02:00",  # exactly the freshness limit later
    "2026-10-25T03:30:00+01:00",  # after the clock went back, on a day of 25 hours
    "2027-01-01",  # the moment of the merger
    "2028-12-31",
    "2031-01-01",
)
"""The moments that events name, both in `time` and in their data, earliest first."""
LOCATIES = ("LOC-1", "LOC-2", "LOC-3", "LOC-TER-APEL")
GEMEENTEN = ("GM0402", "GM1696", "GM1950", "GM0599")
PROVINCIES = ("PV20", "PV27", "PV28")
CYCLI = ("2024", "2026")
SOORTEN = ("regulier", "nood", "amv")
SOURCES = tuple(f"urn:nld:oin:0000000000000000000{n}:systeem:{name}" for n, name in ((1, "coa"), (2, "provincie")))


IDS = tuple(str(uuid5(NAMESPACE_URL, f"gebeurtenis {n}")) for n in range(80))
"""Their order does not follow the order of the events that have them."""

Body = tuple[str, str, dict[str, Any]]
"""(type without `nl.` and `.v1`, subject, data) of an event."""
About = Literal["everything", "spreidingswet", "maximum"]
"""What a set of events is about."""

_SCATTER = 2_654_435_761  # a prime, so every number below `size` has its own place


def _choose(*options: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
    """Draws one option from each list with a single number. A draw for every field takes three times as long.

    Hypothesis mostly draws small numbers. They are scattered, since the last options would hardly vary otherwise.
    0 stays 0, so it picks the first option of each list.
    """
    size = prod(len(option) for option in options)

    def pick(number: int) -> list[Any]:
        number = number * _SCATTER % size
        picked = []
        for option in options:
            number, place = divmod(number, len(option))
            picked.append(option[place])
        return picked

    return st.integers(0, size - 1).map(pick)


def _body(kind: str, make: Callable[..., dict[str, Any]], *options: Sequence[Any]) -> st.SearchStrategy[list[Body]]:
    """Draws one event of a kind. The first options are its subjects, and the others are the arguments of `make`."""
    return _choose(*options).map(lambda picked: [(kind, picked[0], make(*picked[1:]))])


_EARLY = tuple(MOMENTS[n] for n in (0, 0, 1, 2, 4, 5)) + MOMENTS  # mostly early, so that most of a set is in force
_PLACES = (0, 1, 2, 3, 5, 8, 40, 100)
_SUBSETS = tuple([soort for bit, soort in enumerate(SOORTEN) if chosen >> bit & 1] for chosen in range(1, 8))


def _periods() -> Iterable[dict[str, str]]:
    for start in _EARLY:
        ends = [moment for moment in MOMENTS if parse_moment(moment) > parse_moment(start)]
        yield from ({"geldigVanaf": start}, {"geldigVanaf": start})
        yield from ({"geldigVanaf": start, "geldigTot": end} for end in ends[:3])


_PERIODS = tuple(_periods())
"""geldigVanaf, mostly with a geldigTot that other events name as well."""


def _places(soorten: list[str], counts: tuple[int, ...], usable: str) -> list[dict[str, Any]]:
    """Makes rows of places. `usable` decides whether `inzetbaar` is absent, everything, less or nothing."""
    shares = {"": {}, "all": {"inzetbaar": 1.0}, "less": {"inzetbaar": 0.5}, "none": {"inzetbaar": 0}}[usable]
    return [
        {"soort": soort, "aantal": aantal} | {name: int(aantal * share) for name, share in shares.items()}
        for soort, aantal in zip(soorten, counts, strict=False)
    ]


_registered = _body(
    "opvanglocaties.locatie-geregistreerd",
    lambda vanaf, gemeente, soort, zichtbaarheid: {
        "naam": f"Locatie in {gemeente}",
        "gemeente": gemeente,
        "soort": soort,
        "zichtbaarheid": zichtbaarheid,
        "geldigVanaf": vanaf,
    },
    LOCATIES,
    _EARLY,
    GEMEENTEN,
    ("azc", "aanmeldcentrum", "noodopvang"),
    ("openbaar", "openbaar", "afgeschermd"),
)
_closed = _body("opvanglocaties.locatie-gesloten", lambda vanaf: {"geldigVanaf": vanaf}, LOCATIES, _EARLY)
_capacity = _body(
    "opvanglocaties.capaciteit-gewijzigd",
    lambda period, soorten, counts, usable: period | {"plaatsen": _places(soorten, counts, usable)},
    LOCATIES,
    _PERIODS,
    _SUBSETS,
    tuple(permutations(_PLACES, 3)),
    ("", "", "all", "less", "none"),
)
_reading = _body(
    "opvanglocaties.bezetting-gemeld",
    lambda moment, present: {"peilmoment": moment, "aanwezig": present},
    LOCATIES,
    _EARLY,
    _PLACES,
)
_access = _body(
    "opvanglocaties.toegang-gewijzigd",
    lambda vanaf, regime: {"geldigVanaf": vanaf, "regime": regime},
    LOCATIES,
    _EARLY,
    ("open", "gecontroleerd", "beperkt", "gesloten"),
)
_maximum = _body(
    "opvanglocaties.maximum-vastgesteld",
    lambda period, limit, penalty: period | {"maximum": limit, "grondslag": "uitspraak"} | penalty,
    LOCATIES,
    _PERIODS,
    _PLACES,
    ({}, {"dwangsomPerDag": 9}, {"dwangsomPlafond": 15}, {"dwangsomPerDag": 9, "dwangsomPlafond": 15}),
)
_cycle = _body(
    "spreidingswet.cyclus-vastgesteld",
    lambda vanaf, until, soorten, whole: {
        "geldigVanaf": vanaf,
        "raming": 96_000,
        "beschikbaarTotMinstens": until,
        "meetellendeSoorten": soorten,
        **whole,
    },
    CYCLI,
    _EARLY,
    MOMENTS,
    _SUBSETS,
    ({}, {}, {"volledig": False}),
)
_task = _body(
    "spreidingswet.opgave-vastgesteld",
    lambda vanaf, cyclus, status, opgave, amv: {
        "geldigVanaf": vanaf,
        "cyclus": cyclus,
        "status": status,
        "opgave": opgave,
        **({"waarvanAmv": opgave // amv} if amv else {}),
    },
    (*GEMEENTEN, *PROVINCIES),
    _EARLY,
    CYCLI,
    ("indicatief", "provinciaal", "verdeelbesluit"),
    _PLACES,
    range(3),
)
_transfer = _choose(tuple(permutations(GEMEENTEN, 2)), _PERIODS, CYCLI, _PLACES).map(
    lambda picked: [
        (
            "spreidingswet.overdracht-afgesproken",
            picked[0][0],
            picked[1] | {"cyclus": picked[2], "naar": picked[0][1], "aantal": picked[3]},
        )
    ]
)
_step = _body(
    "spreidingswet.toezichtstap-gezet",
    lambda op, stap: {"gezetOp": op, "stap": stap},
    GEMEENTEN,
    _EARLY,
    ("brief", "ambtelijk gesprek", "besluit", "beëindigd"),
)
_published = _body(
    "opvangcijfers.cijfers-gepubliceerd",
    lambda peildatum, bron, waarde: {
        "peildatum": peildatum,
        "bron": bron,
        "cijfers": [{"grootheid": "bezetting", "waarde": waarde}],
    },
    ("NL", "PV27", "GM0402", "LOC-1", "LOC-9"),
    _EARLY,
    ("https://www.coa.nl/cijfers", "Kamerbrief"),
    (0, 70_000, 1.02),
)
_retraction = _body(
    "gebeurtenissen.ingetrokken",
    lambda target: {"gebeurtenisId": target, "reden": "vergissing"},
    (LOCATIES[0], GEMEENTEN[0], CYCLI[0]),
    IDS[:30],
)


def _in_use(locatie: str, gemeente: str, soort: str, aantal: int, peilmoment: str) -> list[Body]:
    """Makes a locatie with a reading and mostly with places. Without these, most sets would have nothing to count."""
    registration = {"naam": f"Locatie in {gemeente}", "gemeente": gemeente, "soort": "azc", "zichtbaarheid": "openbaar"}
    room = {"geldigVanaf": MOMENTS[0], "plaatsen": [{"soort": soort, "aantal": aantal}]}
    return [
        ("opvanglocaties.locatie-geregistreerd", locatie, registration | {"geldigVanaf": MOMENTS[0]}),
        *([("opvanglocaties.capaciteit-gewijzigd", locatie, room)] if soort else []),
        ("opvanglocaties.bezetting-gemeld", locatie, {"peilmoment": peilmoment, "aanwezig": aantal + 1}),
    ]


def _around_midnight(locatie: str, before: int, after: int) -> list[Body]:
    """Makes readings at the end of one Dutch day and the begin of the next. In UTC these are one day."""
    kind = "opvanglocaties.bezetting-gemeld"
    return [
        (kind, locatie, {"peilmoment": MOMENTS[1], "aanwezig": before}),
        (kind, locatie, {"peilmoment": MOMENTS[2], "aanwezig": after}),
    ]


def _bound(
    cyclus: str, soorten: list[str], until: str, gemeenten: tuple[str, ...], opgaven: tuple[int, ...], *, volledig: bool
) -> list[Body]:
    """Makes a cyclus with opgaven."""
    rule = {"raming": 96_000, "beschikbaarTotMinstens": until, "meetellendeSoorten": soorten, "volledig": volledig}
    task = {"cyclus": cyclus, "status": "provinciaal", "geldigVanaf": MOMENTS[0]}
    return [
        ("spreidingswet.cyclus-vastgesteld", cyclus, rule | {"geldigVanaf": MOMENTS[0]}),
        *(
            ("spreidingswet.opgave-vastgesteld", gemeente, task | {"opgave": opgave})
            for gemeente, opgave in zip(gemeenten, opgaven, strict=True)
        ),
    ]


_nights = _choose(LOCATIES, _PLACES, _PLACES).map(lambda picked: _around_midnight(*picked))
_used = _choose(LOCATIES, GEMEENTEN, (*SOORTEN, *SOORTEN, ""), _PLACES, MOMENTS[4:6]).map(
    lambda picked: _in_use(*picked)
)
_cycle_with_tasks = _choose(
    CYCLI,
    (list(SOORTEN), list(SOORTEN), *_SUBSETS),
    _EARLY,
    tuple(permutations(GEMEENTEN, 2)),
    tuple(permutations(_PLACES, 2)),
    (True, True, False),
).map(lambda picked: _bound(*picked[:-1], volledig=picked[-1]))
_WEIGHTS = {
    "everything": (
        (1, _registered),
        (2, _capacity),
        (2, _reading),
        (2, _closed),
        (1, _access),
        (3, _maximum),
        (1, _cycle),
        (2, _task),
        (3, _transfer),
        (1, _step),
        (1, _published),
        (5, _retraction),
        (11, _used),
        (7, _cycle_with_tasks),
    ),
    "spreidingswet": (
        (1, _registered),
        (5, _capacity),
        (1, _closed),
        (1, _cycle),
        (3, _task),
        (5, _transfer),
        (4, _step),
        (4, _used),
        (5, _cycle_with_tasks),
    ),
    "maximum": ((8, _maximum), (8, _reading), (5, _nights), (1, _closed), (1, _retraction), (2, _used)),
}
BEGIN = {"everything": (), "spreidingswet": (_cycle_with_tasks, _used, _used), "maximum": (_maximum, _used)}
"""The events with which a set about one thing always begins."""


@cache
def entries(about: About) -> st.SearchStrategy[tuple[list[Body], list[str]]]:
    """Draws bodies, and the time and source they share. Events about one thing are mostly known early."""
    # one_of counts equal branches once; each .map(list) makes a new branch, so this gives weights.
    bodies = st.one_of(*(strategy.map(list) for weight, strategy in _WEIGHTS[about] for _ in range(weight)))
    times = MOMENTS if about == "everything" else (*MOMENTS[:1] * 8, *MOMENTS)
    return st.tuples(bodies, _choose(times, (*SOURCES, *SOURCES[:1] * 3)))
