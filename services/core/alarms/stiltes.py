"""Silences, and what else makes an alarm not worth telling while it goes on: another that says it already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.events import StilteBeeindigd, StilteIngesteld
from services.core.alarms.alarmen import Alarm, AlarmKey
from services.core.alarms.beeld import LANDELIJK


@dataclass(frozen=True, slots=True)
class Stilte:
    """Of what nothing is told for a while, and why."""

    id: str
    regel: str | None
    """Only of this rule; None: of any."""
    onderwerp: str | None
    """Only about this; None: about anything."""
    vanaf: datetime
    tot: datetime
    reden: str
    door: str
    """A pseudonym."""
    ingesteld_op: datetime
    beeindigd_door: str | None = None

    def covers(self, alarm: Alarm, moment: datetime) -> bool:
        """Whether this alarm is not told at this moment."""
        about = self.regel in (None, alarm.regel) and self.onderwerp in (None, alarm.onderwerp)
        return about and self.vanaf <= moment < self.tot


def stiltes_of(events: Iterable[StilteIngesteld | StilteBeeindigd]) -> list[Stilte]:
    """Every silence that these make, over ones too; the one that ends last first."""
    found: dict[str, Stilte] = {}
    ended = []
    for event in sorted(events, key=lambda event: (event.time, event.id)):
        said = event.data
        if isinstance(event, StilteBeeindigd):
            ended.append(said)
        else:
            stilte = Stilte(
                said.stilteId, said.regel, said.onderwerp, said.vanaf, said.tot, said.reden, said.doorWie, event.time
            )
            found.setdefault(stilte.id, stilte)
    for said in ended:
        if (stilte_then := found.get(said.stilteId)) is not None:
            found[said.stilteId] = replace(stilte_then, tot=min(stilte_then.tot, said.tot), beeindigd_door=said.doorWie)
    return sorted(found.values(), key=lambda stilte: (stilte.tot, stilte.id), reverse=True)


def stilte_over(alarm: Alarm, stiltes: Iterable[Stilte], moment: datetime) -> Stilte | None:
    """The silence because of which this alarm is not told at this moment."""
    return next((stilte for stilte in stiltes if stilte.covers(alarm, moment)), None)


def onderdrukker(alarm: Alarm, open_ones: Mapping[AlarmKey, Alarm]) -> Alarm | None:
    """The open alarm, about the same or about the whole country, that says it already."""
    keys = ((regel, about) for regel in alarm.onderdrukt_door for about in (alarm.onderwerp, LANDELIJK))
    return next((open_ones[key] for key in keys if key in open_ones), None)


def by_key(alarmen: Iterable[Alarm]) -> dict[AlarmKey, Alarm]:
    """Those that are open: of each key there is one at most."""
    return {(alarm.regel, alarm.onderwerp): alarm for alarm in alarmen if alarm.open}
