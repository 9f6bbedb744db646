"""A small world for questions: a locatie with a maximum, one above capacity, one closed, one empty, one unknown."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.fields import parse_moment
from tests.support import wire

NOW = parse_moment("2026-05-26T08:00:00Z")
SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"


def event(kind: str, subject: str, time: str, source: str = SOURCE, **data: Any) -> dict[str, Any]:
    """Makes an event whose id follows from its content."""
    own_id = str(uuid5(NAMESPACE_URL, f"{kind} {subject} {time} {data}"))
    return wire.event(subject, (kind, data), time=time, source=source, own_id=own_id)


def registered(subject: str, naam: str, gemeente: str, soort: str = "azc", time: str = "2024-01-01") -> dict[str, Any]:
    """A locatie that is open since 2024."""
    return sent(subject, wire.registration(naam, gemeente, soort, "2024-01-01"), time)


def places(subject: str, aantal: int, inzetbaar: int) -> dict[str, Any]:
    """Places since 2024."""
    return sent(subject, wire.capacity("regulier", aantal, inzetbaar, "2024-01-01"), "2024-01-01")


def reading(subject: str, aanwezig: int, moment: str, time: str | None = None, **more: Any) -> dict[str, Any]:
    """People present, logged at the peilmoment or at `time`."""
    kind, data = wire.reading(aanwezig, moment)
    return event(kind, subject, time or moment, **data, **more)


def opgave(gemeente: str, aantal: int) -> dict[str, Any]:
    """A verdeelbesluit of the first cyclus."""
    return sent(gemeente, wire.task("2024", "verdeelbesluit", aantal, "2025-07-01"), "2024-12-20")


def sent(subject: str, body: wire.Body, time: str = "2024-02-01") -> dict[str, Any]:
    """An event of a body that `wire` makes."""
    kind, data = body
    return event(kind, subject, time, **data)


EVENTS = [
    registered("LOC-TER-APEL", "Aanmeldcentrum Ter Apel", "GM1950", "aanmeldcentrum"),
    places("LOC-TER-APEL", 2000, 2000),
    event(
        "opvanglocaties.maximum-vastgesteld",
        "LOC-TER-APEL",
        "2024-02-01",
        geldigVanaf="2024-02-22",
        maximum=2000,
        grondslag="uitspraak",
        dwangsomPerDag=15_000,
        dwangsomPlafond=20_000,
    ),
    reading("LOC-TER-APEL", 2463, "2024-05-08T22:00:00Z"),
    reading("LOC-TER-APEL", 2001, "2024-05-09T21:59:59Z"),  # on the same Dutch day
    reading("LOC-TER-APEL", 2100, "2024-05-10T10:00:00Z", time="2024-05-12T10:00:00Z"),  # logged two days later
    reading("LOC-TER-APEL", 1900, "2026-05-25T08:00:00Z"),
    event(
        "opvanglocaties.toegang-gewijzigd",
        "LOC-TER-APEL",
        "2026-05-01",
        geldigVanaf="2026-05-01",
        regime="gecontroleerd",
    ),
    registered("LOC-UTRECHT", "Azc Utrecht <script>", "GM0344"),
    places("LOC-UTRECHT", 300, 290),
    reading("LOC-UTRECHT", 310, "2026-05-20T08:00:00Z"),
    registered("LOC-DICHT", "9999-99-99T99:99:99Z", "GM0344"),
    places("LOC-DICHT", 50, 50),
    event("opvanglocaties.locatie-gesloten", "LOC-DICHT", "2025-01-01", geldigVanaf="2025-01-01"),
    registered("LOC-LEEG", "Azc zonder cijfers", "GM0014"),
    reading("LOC-NIEUW", 12, "2026-05-26T07:00:00Z"),
    event(
        "spreidingswet.cyclus-vastgesteld",
        "2024",
        "2024-02-01",
        raming=96_000,
        geldigVanaf="2025-07-01",
        beschikbaarTotMinstens="2026-07-01",
        meetellendeSoorten=["regulier", "amv"],
    ),
    opgave("GM1950", 131),
    opgave("GM0344", 1805),
    opgave("GM0014", 969),
    opgave("GM0034", 0),
    event(
        "opvangcijfers.cijfers-gepubliceerd",
        "NL",
        "2026-01-10",
        peildatum="2026-01-01",
        bron="Kamerbrief",
        cijfers=[{"grootheid": "aanwezig", "waarde": 70_000, "nauwkeurigheid": "ongeveer"}],
    ),
]

CURRENT = [
    *EVENTS,
    places("LOC-LEEG", 100, 100),
    *(reading(own, many, "2026-05-26T06:00:00Z") for own, many in (("LOC-TER-APEL", 1_900), ("LOC-UTRECHT", 310))),
    reading("LOC-LEEG", 40, "2026-05-26T06:00:00Z"),
]
"""The same world with a count of this morning at each open locatie."""
