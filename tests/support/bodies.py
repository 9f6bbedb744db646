"""Hypothesis strategies for the bodies of events about locaties: type, subject and data. Those of the law have a file.

There are few subjects and few moments, so that the events of one set often meet. `tests.support.strategies` makes the
sets themselves, with ids, times and sources.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from math import prod
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from schemas.fields import parse_moment

MOMENTS = (
    "2024-12-31",
    "2025-06-30T21:59:59.999999Z",
    "2025-07-01",
    "2025-07-01T00:00:00+02:00",  # the same moment in another offset, which makes a tie
    "2026-05-20T08:00:00Z",
    "2026-05-21T12:00:00+02:00",  # exactly the freshness limit later
    "2026-05-23T16:00:00+02:00",  # three times as long after it: still recent
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

TELREGELS = ("ministerie", "krant")

SOURCES = tuple(f"urn:nld:oin:0000000000000000000{n}:systeem:{name}" for n, name in ((1, "coa"), (2, "provincie")))

IDS = tuple(str(uuid5(NAMESPACE_URL, f"gebeurtenis {n}")) for n in range(80))
"""Their order does not follow the order of the events that have them."""

Body = tuple[str, str, dict[str, Any]]
"""(type without `nl.` and `.v1`, subject, data) of an event."""

_SCATTER = 2_654_435_761  # a prime, so every number below `size` has its own place


def choose(*options: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
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


def body(kind: str, make: Callable[..., dict[str, Any]], *options: Sequence[Any]) -> st.SearchStrategy[list[Body]]:
    """Draws one event of a kind. The first options are its subjects, and the others are the arguments of `make`."""
    return choose(*options).map(lambda picked: [(kind, picked[0], make(*picked[1:]))])


EARLY = tuple(MOMENTS[n] for n in (0, 0, 1, 2, 4, 5)) + MOMENTS  # mostly early, so that most of a set is in force

_MONTHS_END = ("2026-11-30", "2027-02-28", "2028-02-29T23:00:00Z")
"""Days that the same day some months before has no counterpart for, and an hour that is another day in UTC."""

PLACES = (0, 1, 2, 3, 5, 8, 40, 100)

SUBSETS = tuple([soort for bit, soort in enumerate(SOORTEN) if chosen >> bit & 1] for chosen in range(1, 8))


def periods(field: str = "geldigTot", more: Sequence[str] = ()) -> Iterable[dict[str, str]]:
    for start in EARLY:
        ends = [moment for moment in MOMENTS if parse_moment(moment) > parse_moment(start)]
        yield from ({"geldigVanaf": start}, {"geldigVanaf": start})
        later = [end for end in more if parse_moment(end) > parse_moment(start)]
        yield from ({"geldigVanaf": start, field: end} for end in (*ends[:3], *later))


PERIODS = tuple(periods())
"""geldigVanaf, mostly with a geldigTot that other events name as well."""

_LASTING = tuple(periods(more=_MONTHS_END))
"""The same for places, which may also end around the end of a month."""


def _places(soorten: list[str], counts: tuple[int, ...], usable: str, since: str) -> list[dict[str, Any]]:
    """Makes rows of places. `usable` decides whether `inzetbaar` is absent, everything, less or nothing.

    `since` is when they are there since; empty for when they are valid.
    """
    shares = {"": {}, "all": {"inzetbaar": 1.0}, "less": {"inzetbaar": 0.5}, "none": {"inzetbaar": 0}}[usable]
    return [
        {"soort": soort, "aantal": aantal}
        | {name: int(aantal * share) for name, share in shares.items()}
        | ({"beschikbaarVanaf": since} if since else {})
        for soort, aantal in zip(soorten, counts, strict=False)
    ]


registrations = body(
    "opvanglocaties.locatie-geregistreerd",
    lambda vanaf, gemeente, soort, zichtbaarheid: {
        "naam": f"Locatie in {gemeente}",
        "gemeente": gemeente,
        "soort": soort,
        "zichtbaarheid": zichtbaarheid,
        "geldigVanaf": vanaf,
    },
    LOCATIES,
    EARLY,
    GEMEENTEN,
    ("azc", "aanmeldcentrum", "noodopvang"),
    ("openbaar", "openbaar", "afgeschermd"),
)

closings = body("opvanglocaties.locatie-gesloten", lambda vanaf: {"geldigVanaf": vanaf}, LOCATIES, EARLY)

capacities = body(
    "opvanglocaties.capaciteit-gewijzigd",
    lambda period, soorten, counts, usable, since: period | {"plaatsen": _places(soorten, counts, usable, since)},
    LOCATIES,
    _LASTING,
    SUBSETS,
    tuple(permutations(PLACES, 3)),
    ("", "", "all", "less", "none"),
    ("", "2024-08-31", "2022-06-30T22:30:00Z"),
)

readings = body(
    "opvanglocaties.bezetting-gemeld",
    lambda moment, present: {"peilmoment": moment, "aanwezig": present},
    LOCATIES,
    EARLY,
    PLACES,
)

regimes = body(
    "opvanglocaties.toegang-gewijzigd",
    lambda vanaf, regime: {"geldigVanaf": vanaf, "regime": regime},
    LOCATIES,
    EARLY,
    ("open", "gecontroleerd", "beperkt", "gesloten"),
)

maxima = body(
    "opvanglocaties.maximum-vastgesteld",
    lambda period, limit, penalty: period | {"maximum": limit, "grondslag": "uitspraak"} | penalty,
    LOCATIES,
    PERIODS,
    PLACES,
    ({}, {"dwangsomPerDag": 9}, {"dwangsomPlafond": 15}, {"dwangsomPerDag": 9, "dwangsomPlafond": 15}),
)

publications = body(
    "opvangcijfers.cijfers-gepubliceerd",
    lambda peildatum, bron, waarde: {
        "peildatum": peildatum,
        "bron": bron,
        "cijfers": [{"grootheid": "bezetting", "waarde": waarde}],
    },
    ("NL", "PV27", "GM0402", "LOC-1", "LOC-9"),
    EARLY,
    ("https://www.coa.nl/cijfers", "Kamerbrief"),
    (0, 70_000, 1.02),
)

retractions = body(
    "gebeurtenissen.ingetrokken",
    lambda target: {"gebeurtenisId": target, "reden": "vergissing"},
    (LOCATIES[0], GEMEENTEN[0], CYCLI[0]),
    IDS[:30],
)


def registered_in(gemeente: str) -> dict[str, Any]:
    """Returns the data of a registration that everybody may see, from the first moment on."""
    about = {"naam": f"Locatie in {gemeente}", "gemeente": gemeente, "soort": "azc", "zichtbaarheid": "openbaar"}
    return about | {"geldigVanaf": MOMENTS[0]}


def _in_use(locatie: str, gemeente: str, soort: str, aantal: int, peilmoment: str) -> list[Body]:
    """Makes a locatie with a reading and mostly with places. Without these, most sets would have nothing to count."""
    room = {"geldigVanaf": MOMENTS[0], "plaatsen": [{"soort": soort, "aantal": aantal}]}
    return [
        ("opvanglocaties.locatie-geregistreerd", locatie, registered_in(gemeente)),
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


def _left(locatie: str, gemeente: str, present: int, closes: str) -> list[Body]:
    """Makes a locatie that closes while there are people."""
    return [
        *_in_use(locatie, gemeente, "nood", present, MOMENTS[4]),
        ("opvanglocaties.locatie-gesloten", locatie, {"geldigVanaf": closes}),
    ]


nights = choose(LOCATIES, PLACES, PLACES).map(lambda picked: _around_midnight(*picked))

used = choose(LOCATIES, GEMEENTEN, (*SOORTEN, *SOORTEN, ""), PLACES, MOMENTS[4:6]).map(lambda picked: _in_use(*picked))

abandoned = choose(LOCATIES, GEMEENTEN, PLACES, MOMENTS[4:8]).map(lambda picked: _left(*picked))
