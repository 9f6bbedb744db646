"""All that was said on the alarms topic, kept so that it can be asked: alarms, silences, and who was told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from schemas.events import AlarmBevestigd, Event, StilteBeeindigd, StilteIngesteld
from services.core.alarms.alarmen import Alarm, AlarmKey, Bevestiging, Ketens, Transition, alarmen_of
from services.core.alarms.bezorging import Gemeld
from services.core.alarms.stiltes import Stilte, stiltes_of


class Alarmboek:
    """In whatever order events are heard, and however often, it says the same."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.ketens = Ketens()
        self.gemeld = Gemeld()
        self._taken_up: dict[str, AlarmBevestigd] = {}
        self._silenced: dict[str, StilteIngesteld | StilteBeeindigd] = {}
        self._alarmen: Sequence[Alarm] | None = None
        """As asked last, while nothing was heard of any since."""
        for event in events:
            self.add(event)

    def add(self, event: Event) -> AlarmKey | None:
        """Hear of an event. Returns of which alarm it speaks, as (regel, onderwerp)."""
        self.ketens.add(event)
        self.gemeld.add(event)
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
        return event.data.regel, event.subject

    def of(self, key: AlarmKey) -> list[Alarm]:
        """The alarms of a key, the oldest first, those that only waited too."""
        return [self._with_who(alarm) for alarm in alarmen_of(key, self.ketens.of(key))]

    def alarmen(self) -> Sequence[Alarm]:
        """Every alarm there was, the newest first; of those of one moment in order of regel and onderwerp.

        What waited and never became an alarm is none, once it stopped waiting.
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
    def stiltes(self) -> list[Stilte]:
        """Every silence, over ones too; the one that ends last first."""
        return stiltes_of(self._silenced.values())

    def _with_who(self, alarm: Alarm) -> Alarm:
        said = self._taken_up.get(alarm.id)
        if said is None:
            return alarm
        return replace(alarm, bevestiging=Bevestiging(said.data.bevestigdDoor, said.time, said.data.notitie, said))
