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
        self._taken_up: dict[str, dict[str, AlarmBevestigd]] = {}
        """The id of an alarm → what was said of who took it up, by the id of the event."""
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
                said = self._taken_up.setdefault(event.data.alarmId, {})
                if (held := said.get(event.id)) is None or event.time < held.time:
                    said[event.id] = event
            case StilteIngesteld() | StilteBeeindigd():
                if (heard := self._silenced.get(event.id)) is None or event.time < heard.time:
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

    def bevestigingen(self, alarm_id: str) -> list[Bevestiging]:
        """Returns every time that somebody took this alarm up, in order of time."""
        said = sorted(self._taken_up.get(alarm_id, {}).values(), key=lambda event: (event.time, event.id))
        return [Bevestiging(event.data.bevestigdDoor, event.time, event.data.notitie, event) for event in said]

    def _with_who(self, alarm: Alarm) -> Alarm:
        taken_up = self.bevestigingen(alarm.id)
        return replace(alarm, bevestiging=taken_up[-1]) if taken_up else alarm
