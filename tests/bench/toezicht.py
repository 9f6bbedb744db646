"""A log with very many steps of toezicht, for the measurement of its page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from schemas.reference import gemeenten
from services.core.toezicht import STAPPEN
from tests.support import wire
from tests.support.web_events import registered, sent

STEPS = 10_000
_CYCLUS = {
    "raming": 96_000,
    "geldigVanaf": "2024-02-01",
    "beschikbaarTotMinstens": "2026-07-01",
    "meetellendeSoorten": ["regulier"],
    "realiserenVoor": "2025-07-01",
}


def events(now: datetime) -> Iterator[dict[str, Any]]:
    """Gives STEPS steps of all gemeenten in the two years before `now`, and all that the page rests on."""
    chance, codes = Random(21), [one.code for one in gemeenten() if one.geldig_tot is None]
    yield sent("2024", ("spreidingswet.cyclus-vastgesteld", _CYCLUS))
    for number, code in enumerate(codes):
        yield registered(f"LOC-{number}", f"Azc {number}", code)
        yield sent(f"LOC-{number}", wire.capacity("regulier", chance.choice((0, 50, 100)), None, "2024-01-01"))
        yield sent(code, wire.task("2024", "verdeelbesluit", 100, "2024-03-01"))
    for stap in STAPPEN:
        yield sent("NL", wire.hours(stap, 40, "2024-01-01", urenMinstens=20, urenHoogstens=80))
    yield sent("NL", wire.staff(4.5, 1_400, "2024-01-01"))
    for code in islice(cycle(codes), STEPS):
        day = (now - timedelta(days=chance.randrange(1, 700))).date()
        term = day + timedelta(days=chance.randrange(10, 120))
        step = wire.step(chance.choice(STAPPEN), day.isoformat(), None, term.isoformat())
        yield sent(code, step, day.isoformat())
