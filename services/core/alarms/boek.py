"""All that was said on the alarms topic, kept so that it can be asked: alarms, silences and deliveries."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from schemas.events import AlarmBevestigd, Event, StilteBeeindigd, StilteIngesteld
from services.core.alarms.alarmen import (
    Alarm,
    AlarmKey,
    Bevestiging,
    Ketens,
    Transition,
    alarmen_of,
    sleutel_van,
)
from services.core.alarms.bewaking import Bewaking
from services.core.alarms.bezorgd import Bezorgd
from services.core.alarms.stiltes import Stilte, stiltes_of


class Alarmboek:
    """Its answers do not depend on the order in which events are heard, or on how often."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.bewaking = Bewaking()
        self.ketens = Ketens()
        self.bezorgd = Bezorgd()
        self._taken_up: dict[str, AlarmBevestigd] = {}
        self._silenced: dict[str, StilteIngesteld | StilteBeeindigd] = {}
        self._alarmen: Sequence[Alarm] | None = None
        """The last answer of `alarmen`, until anything is heard of an alarm."""
        for event in events:
            self.add(event)

    def add(self, event: Event) -> AlarmKey | None:
        """Takes note of an event. Returns which alarm it is about; None when it is about none."""
        self.bewaking.add(event)
        self.ketens.add(event)
        self.bezorgd.add(event)
        match event:
            case AlarmBevestigd():
                held = self._taken_up.get(event.data.alarmId)
                if held is None or (event.time, event.id) > (held.time, held.id):
                    self._taken_up[event.data.alarmId] = event
            case StilteIngesteld() | StilteBeeindigd():
                self._silenced[event.id] = event
        if not isinstance(event, Transition | AlarmBevestigd):
            return None
        self._alarmen = None
        return sleutel_van(event)

    def of(self, key: AlarmKey) -> list[Alarm]:
        """Returns the alarms of a key, the oldest first, with those that only waited."""
        return [self._with_who(alarm) for alarm in alarmen_of(self.ketens.of(key))]

    def alarmen(self) -> Sequence[Alarm]:
        """Returns every alarm there was, the newest first, and within one moment in order of regel and onderwerp.

        What stopped waiting before it went off was never an alarm.
        """
        if self._alarmen is None:
            found = [
                alarm
                for key in sorted(self.ketens.last)
                for alarm in self.of(key)
                if alarm.actief_sinds is not None or alarm.status == "wachtend"
            ]
            self._alarmen = sorted(found, key=lambda alarm: alarm.sinds, reverse=True)
        return self._alarmen

    @property
    def sinds(self) -> datetime | None:
        """Since when somebody watches. None: nobody did yet."""
        return self.bewaking.sinds

    @property
    def stiltes(self) -> list[Stilte]:
        """Every silence, also those that are over. The one that ends last comes first."""
        return stiltes_of(self._silenced.values())

    def _with_who(self, alarm: Alarm) -> Alarm:
        said = self._taken_up.get(alarm.id)
        if said is None:
            return alarm
        return replace(alarm, bevestiging=Bevestiging(said.data.bevestigdDoor, said.time, said.data.notitie, said))
