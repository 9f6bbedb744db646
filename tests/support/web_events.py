"""A small world to ask about: one locatie with a maximum, one above capacity, one closed, one empty, one unknown."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.fields import parse_moment

NOW = parse_moment("2026-05-26T08:00:00Z")
SOURCE = "urn:nld:oin:00000000000000000001:systeem:proef"


def event(kind: str, subject: str, time: str, source: str = SOURCE, **data: Any) -> dict[str, Any]:
    own_id = str(uuid5(NAMESPACE_URL, f"{kind} {subject} {time} {data}"))
    return {
        "specversion": "1.0",
        "id": own_id,
        "source": source,
        "type": f"nl.{kind}.v1",
        "subject": subject,
        "time": time,
        "data": data,
    }


def registered(subject: str, naam: str, gemeente: str, soort: str = "azc", time: str = "2024-01-01") -> dict[str, Any]:
    about = {"naam": naam, "gemeente": gemeente, "soort": soort, "zichtbaarheid": "openbaar"}
    return event("opvanglocaties.locatie-geregistreerd", subject, time, **about, geldigVanaf="2024-01-01")


def places(subject: str, aantal: int, inzetbaar: int) -> dict[str, Any]:
    regel = {"soort": "regulier", "aantal": aantal, "inzetbaar": inzetbaar}
    return event(
        "opvanglocaties.capaciteit-gewijzigd", subject, "2024-01-01", geldigVanaf="2024-01-01", plaatsen=[regel]
    )


def reading(subject: str, moment: str, aanwezig: int, time: str | None = None, **more: Any) -> dict[str, Any]:
    return event(
        "opvanglocaties.bezetting-gemeld", subject, time or moment, peilmoment=moment, aanwezig=aanwezig, **more
    )


def opgave(gemeente: str, aantal: int) -> dict[str, Any]:
    return event(
        "spreidingswet.opgave-vastgesteld",
        gemeente,
        "2024-12-20",
        cyclus="2024",
        status="verdeelbesluit",
        opgave=aantal,
        geldigVanaf="2025-07-01",
    )


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
    reading("LOC-TER-APEL", "2024-05-08T22:00:00Z", 2463),
    reading("LOC-TER-APEL", "2024-05-09T21:59:59Z", 2001),  # the same Dutch day
    reading("LOC-TER-APEL", "2024-05-10T10:00:00Z", 2100, time="2024-05-12T10:00:00Z"),  # known two days later
    reading("LOC-TER-APEL", "2026-05-25T08:00:00Z", 1900),
    event(
        "opvanglocaties.toegang-gewijzigd",
        "LOC-TER-APEL",
        "2026-05-01",
        geldigVanaf="2026-05-01",
        regime="gecontroleerd",
    ),
    registered("LOC-UTRECHT", "Azc Utrecht <script>", "GM0344"),
    places("LOC-UTRECHT", 300, 290),
    reading("LOC-UTRECHT", "2026-05-20T08:00:00Z", 310),
    registered("LOC-DICHT", "Azc dicht", "GM0344"),
    places("LOC-DICHT", 50, 50),
    event("opvanglocaties.locatie-gesloten", "LOC-DICHT", "2025-01-01", geldigVanaf="2025-01-01"),
    registered("LOC-LEEG", "Azc zonder cijfers", "GM0014"),
    reading("LOC-NIEUW", "2026-05-26T07:00:00Z", 12),
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
