"""What holds an alarm back from receivers: a silence, or another alarm that already covers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.events import StilteBeeindigd, StilteIngesteld
from services.core.alarms.alarmen import Alarm, AlarmKey
from services.core.registers import LANDELIJK


@dataclass(frozen=True, slots=True)
class Stilte:
    """A time in which some alarms are not delivered, and why."""

    id: str
    regel: str | None
    """Only alarms of this rule; None: of any rule."""
    onderwerp: str | None
    """Only alarms about this; None: about anything."""
    vanaf: datetime
    tot: datetime
    reden: str
    door: str
    """A pseudonym."""
    ingesteld_op: datetime
    beeindigd_door: str | None = None
    grootheid: str | None = None
    """What its rule watched when it was set."""

    def about(self, alarm: Alarm) -> bool:
        """Whether it holds this alarm back while it lasts."""
        return self.regel in (None, *alarm.regels) and self.onderwerp in (None, alarm.onderwerp)

    def covers(self, alarm: Alarm, moment: datetime) -> bool:
        """Whether it holds this alarm back at this moment."""
        return self.about(alarm) and self.vanaf <= moment < self.tot


def stiltes_of(events: Iterable[StilteIngesteld | StilteBeeindigd]) -> list[Stilte]:
    """Returns every silence that these events make, also those that are over. The one that ends last comes first."""
    found: dict[str, Stilte] = {}
    ended = []
    for event in sorted(events, key=lambda event: (event.time, event.id)):
        said = event.data
        if isinstance(event, StilteBeeindigd):
            ended.append(said)
        else:
            times = said.vanaf, said.tot, said.reden, said.doorWie, event.time
            stilte = Stilte(said.stilteId, said.regel, said.onderwerp, *times, grootheid=said.grootheid)
            found.setdefault(stilte.id, stilte)
    for said in ended:
        if (stilte_then := found.get(said.stilteId)) is not None:
            found[said.stilteId] = replace(stilte_then, tot=min(stilte_then.tot, said.tot), beeindigd_door=said.doorWie)
    return sorted(found.values(), key=lambda stilte: (stilte.tot, stilte.id), reverse=True)


def stilte_over(alarm: Alarm, stiltes: Iterable[Stilte], moment: datetime) -> Stilte | None:
    """Returns the silence that holds this alarm back at this moment."""
    return next((stilte for stilte in stiltes if stilte.covers(alarm, moment)), None)


def onderdrukker(alarm: Alarm, open_ones: Mapping[AlarmKey, Alarm]) -> Alarm | None:
    """Returns the open alarm, about the same onderwerp or the whole country, that says it already."""
    keys = ((regel, about) for regel in alarm.onderdrukt_door for about in (alarm.onderwerp, LANDELIJK))
    return next((open_ones[key] for key in keys if key in open_ones), None)


def by_key(alarmen: Iterable[Alarm]) -> dict[AlarmKey, Alarm]:
    """Returns the open alarms by key. At most one alarm of a key is open."""
    return {alarm.sleutel: alarm for alarm in alarmen if alarm.open}
