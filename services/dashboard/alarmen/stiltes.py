"""The page of silences: what is not told, since when, until when, why, and which alarms it holds back now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.core.alarms.alarmen import Alarm
from services.core.alarms.stiltes import Stilte
from services.dashboard.page_request import Blad, Daadvraag
from services.dashboard.tekst import regelnaam
from services.reads import alarm_answers
from services.reads.cijfers import Cijfers

GEDEKT_MAX = 20
"""So many of the alarms that it holds back are named."""
SETS_MAX = 200
"""Of what is over, only the last so many."""


class Set(NamedTuple):
    """Silences that were set by one act."""

    status: str
    """`geldt`, `komt` or `voorbij`."""
    over: Sequence[str]
    """What it is about, in words."""
    vanaf: datetime
    tot: datetime
    reden: str
    door: str
    beeindigd_door: str | None
    ids: Sequence[str]
    """Of those that are not over."""
    gedekt: Sequence[tuple[str, str]]
    """(id, words) of the alarms that it holds back now."""
    gedekt_aantal: int

    @property
    def doel(self) -> str:
        """Names its form on the page."""
        return f"s-{self.ids[0]}" if self.ids else ""


def stiltes(blad: Blad[Daadvraag]) -> dict[str, Any]:
    """Returns what the page shows."""
    moment = blad.question.bekend_op
    with blad.reader.alarmboek(blad.question) as boek:
        audience = blad.question.audience
        alarmen, found = blad.reader.shown(boek.alarmen(), audience), blad.reader.shown(boek.stiltes, audience)
    cijfers = blad.cijfers()
    known = [one for one in alarmen if one.status != "hersteld"]
    sets = [_set(some, known, cijfers, moment) for some in _together(found, moment)]
    return {
        "herkomst": cijfers.herkomst,
        "sets": {
            status: [one for one in sets if one.status == status][:SETS_MAX] for status in ("geldt", "komt", "voorbij")
        },
    }


def _together(stiltes: Iterable[Stilte], moment: datetime) -> list[list[Stilte]]:
    """Returns the silences by the act that set them, and by how they stand."""
    found: dict[tuple[Any, ...], list[Stilte]] = {}
    for one in stiltes:
        key = _status(one, moment), one.ingesteld_op, one.door, one.reden, one.vanaf, one.tot
        found.setdefault(key, []).append(one)
    return [*found.values()]


def _status(stilte: Stilte, moment: datetime) -> str:
    return str(alarm_answers.stilte(stilte, moment)["status"])


def _set(some: Sequence[Stilte], alarmen: Sequence[Alarm], cijfers: Cijfers, moment: datetime) -> Set:
    first, status = some[0], _status(some[0], moment)
    held = [one for one in alarmen if any(stilte.covers(one, moment) for stilte in some)]
    named = [(one.id, f"{regelnaam(one.regel)}: {cijfers.naam_van(one.onderwerp)}") for one in held[:GEDEKT_MAX]]
    return Set(
        status,
        sorted(_over(one, cijfers) for one in some),
        first.vanaf,
        first.tot,
        first.reden,
        first.door,
        first.beeindigd_door,
        [] if status == "voorbij" else [one.id for one in some],
        named,
        len(held),
    )


def _over(stilte: Stilte, cijfers: Cijfers) -> str:
    rule = "alle regels" if stilte.regel is None else regelnaam(stilte.regel)
    return rule if stilte.onderwerp is None else f"{rule}: {cijfers.naam_van(stilte.onderwerp)}"
