"""A locatie in Utrecht in June 2026, with some readings, a late correction, and announced places."""

from datetime import UTC, datetime
from typing import Any

from tests.support import web_events
from tests.support.web_events import event, places, registered

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def reading(aanwezig: int, moment: str, *, locatie: str = "LOC-UTRECHT", time: str = "2026-06-01") -> dict[str, Any]:
    """People present, by default known since the beginning of the month."""
    return web_events.reading(locatie, aanwezig, moment, time)


LATE = reading(99, "2026-06-02T10:00:00Z", time="2026-06-20")
"""A correction for an earlier day, known on 20 June."""


EVENTS = [
    registered("LOC-UTRECHT", "Utrecht", "GM0344"),
    places("LOC-UTRECHT", 100, 80),
    reading(40, "2026-06-01T22:00:00Z"),
    reading(60, "2026-06-02T16:00:00Z"),
    reading(90, "2026-06-05T10:00:00Z", time="2026-06-05T10:01:00Z"),
    LATE,
    event(
        "opvanglocaties.capaciteit-gewijzigd",
        "LOC-UTRECHT",
        "2026-06-10",
        geldigVanaf="2026-09-01",
        geldigTot="2026-11-01",
        plaatsen=[{"soort": "regulier", "aantal": 30}],
    ),
    event(
        "spreidingswet.cyclus-vastgesteld",
        "2024",
        "2026-01-01",
        raming=96000,
        geldigVanaf="2026-01-01",
        beschikbaarTotMinstens="2026-10-01",
        meetellendeSoorten=["regulier"],
    ),
    event(
        "spreidingswet.opgave-vastgesteld",
        "GM0344",
        "2026-01-01",
        cyclus="2024",
        status="verdeelbesluit",
        opgave=60,
        geldigVanaf="2026-01-01",
    ),
]


DAYS = {"van": "2026-06-02", "tot": "2026-06-07"}
