"""What became of an alarm: its transitions, each time that somebody took it up, and the silences that held it back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from services.core.alarms.alarmen import STATUS, Alarm, Bevestiging, Status
from services.core.alarms.stiltes import Stilte
from services.dashboard.tekst import moment as geschreven

_GEWORDEN: Mapping[Status, str] = {
    "wachtend": "gaat misschien af",
    "actief": "gaat af",
    "herstellend": "herstelt",
    "hersteld": "voorbij",
}
"""What happened when an alarm came to stand so."""


class Stap(NamedTuple):
    """Something that became of an alarm."""

    op: datetime
    wat: str
    overgang: bool = False
    """Whether the alarm itself did it. Only then it has a value."""
    waarde: float | str | None = None
    door: str | None = None
    """Who did it; None: nobody."""
    zegt: str | None = None
    """What they said with it."""


def verloop(
    alarm: Alarm, bevestigingen: Iterable[Bevestiging], stiltes: Iterable[Stilte], moment: datetime
) -> list[Stap]:
    """Returns what became of an alarm until a moment, in order of time."""
    steps = [Stap(one.time, _GEWORDEN[STATUS[type(one)]], True, one.data.waarde) for one in alarm.overgangen]
    steps += [Stap(one.op, "opgepakt", door=one.door, zegt=one.notitie) for one in bevestigingen]
    steps += [step for one in stiltes if one.about(alarm) for step in _stil(one, alarm, moment)]
    return sorted(steps, key=lambda step: step.op)


def _stil(stilte: Stilte, alarm: Alarm, moment: datetime) -> Iterator[Stap]:
    """The begin and the end of a silence, as far as they lie in the life of the alarm."""
    begin = max(stilte.vanaf, stilte.ingesteld_op, alarm.sinds)
    over = alarm.hersteld_op or moment
    if not begin < min(stilte.tot, over):
        return
    word = "stilgelegd" if begin > alarm.sinds else "was al stilgelegd"
    until = "" if stilte.tot <= over else f" tot {geschreven(stilte.tot)}"
    yield Stap(begin, f"{word}{_breedte(stilte)}{until}", door=stilte.door, zegt=stilte.reden)
    if stilte.tot <= over:
        ended = stilte.beeindigd_door
        yield Stap(stilte.tot, "stilte voorbij" if ended is None else "stilte beëindigd", door=ended)


def _breedte(stilte: Stilte) -> str:
    """Says what else a silence holds back."""
    if stilte.regel is not None and stilte.onderwerp is not None:
        return ""
    return " met de hele regel" if stilte.regel else " met alles over dit onderwerp" if stilte.onderwerp else ""
