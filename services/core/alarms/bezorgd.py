"""What was delivered to receivers, what failed or was given up, and which receivers are switched off.

All of it is said on the alarms topic, so it can be kept in whatever order and however often it is heard.
"""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.events import AlarmGemeld, Event, OntvangerGewijzigd
from services.core.alarms.alarmen import Alarm

BezorgKey = tuple[str, str]
"""(receiver, id of the transition or confirmation)."""


@dataclass(slots=True)
class Bezorgd:
    """The last that was said of each delivery."""

    last: dict[BezorgKey, AlarmGemeld] = field(default_factory=dict)
    by_alarm: dict[str, dict[BezorgKey, AlarmGemeld]] = field(default_factory=dict)
    """The same, by the id of the alarm."""
    switched: dict[str, OntvangerGewijzigd] = field(default_factory=dict)
    """How each receiver was switched last."""
    given_up_at: dict[BezorgKey, int] = field(default_factory=dict)
    """After how many attempts a delivery was given up."""
    since: dict[str, datetime] = field(default_factory=dict)
    """When each receiver was first there."""

    def add(self, event: Event) -> None:
        """Takes note of an event. Other events are passed over, and repeats change nothing."""
        if isinstance(event, AlarmGemeld):
            key = event.data.ontvanger, event.data.overgang
            held = self.last.get(key)
            if held is None or _rank(event) > _rank(held):
                self.last[key] = self.by_alarm.setdefault(event.data.alarmId, {})[key] = event
            if event.data.uitkomst == "opgegeven":
                self.given_up_at[key] = max(event.data.poging, self.given_up_at.get(key, 0))
        elif isinstance(event, OntvangerGewijzigd):
            naam = event.data.ontvanger
            held_switch = self.switched.get(naam)
            if held_switch is None or (event.time, event.id) > (held_switch.time, held_switch.id):
                self.switched[naam] = event
            self.since[naam] = min(event.time, self.since.get(naam, event.time))

    def of(self, ontvanger: str, overgang: str) -> AlarmGemeld | None:
        """Returns what was said last of a delivery.

        None when nothing was, and when it was given up and the receiver was switched on again since.
        """
        said = self.last.get((ontvanger, overgang))
        switch = self.switched.get(ontvanger)
        if said is not None and said.data.uitkomst == "opgegeven" and switch is not None:
            return None if switch.data.actief and switch.time > said.time else said
        return said

    def attempts(self, ontvanger: str, overgang: str) -> int:
        """Returns how often a delivery was tried in all."""
        said = self.last.get((ontvanger, overgang))
        return 0 if said is None else said.data.poging

    def given_up(self, ontvanger: str) -> list[AlarmGemeld]:
        """Returns what was given up and is not to be tried again."""
        said = [self.of(*key) for key in self.given_up_at if key[0] == ontvanger]
        return [one for one in said if one is not None and one.data.uitkomst == "opgegeven"]

    def about(self, alarm: Alarm) -> list[AlarmGemeld]:
        """Returns what was said last of each delivery about an alarm."""
        return list(self.by_alarm.get(alarm.id, {}).values())

    def off(self, ontvanger: str) -> OntvangerGewijzigd | None:
        """Returns the event that switched a receiver off; None when it is on."""
        switch = self.switched.get(ontvanger)
        return None if switch is None or switch.data.actief else switch


def _rank(event: AlarmGemeld) -> tuple[int, datetime, str]:
    return event.data.poging, event.time, event.id
