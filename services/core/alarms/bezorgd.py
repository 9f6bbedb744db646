"""What was delivered to receivers, what failed or was given up, and which receivers are switched off.

All of it is said on the alarms topic, so it can be kept in whatever order and however often it is heard.
"""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.events import AlarmGemeld, Event, OntvangerGewijzigd
from schemas.ontvangers import Ontvanger
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
    wijzigingen: dict[str, dict[str, OntvangerGewijzigd]] = field(default_factory=dict)
    """All that was said of each receiver itself, by the id of the event."""
    given_up_at: dict[BezorgKey, int] = field(default_factory=dict)
    """After how many attempts a delivery was given up."""

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
            said = self.wijzigingen.setdefault(naam, {})
            if (heard := said.get(event.id)) is None or event.time < heard.time:
                said[event.id] = event
            switch = self.switched.get(naam)
            if event.data.krijgt is None and (switch is None or _when(event) > _when(switch)):
                self.switched[naam] = event

    def of(self, ontvanger: str, overgang: str) -> AlarmGemeld | None:
        """Returns what was said last of a delivery.

        None when nothing was, and when it was given up and the receiver was switched on again since.
        """
        said = self.last.get((ontvanger, overgang))
        switch = self.switched.get(ontvanger)
        if said is not None and said.data.uitkomst == "opgegeven" and switch is not None:
            return None if switch.data.actief and switch.time > said.time else said
        return said

    def of_receiver(self, ontvanger: str) -> list[AlarmGemeld]:
        """Returns what was said last of each delivery to a receiver."""
        return [said for (naam, _), said in self.last.items() if naam == ontvanger]

    def attempts(self, ontvanger: str, overgang: str) -> int:
        """Returns how often a delivery was tried in all."""
        said = self.last.get((ontvanger, overgang))
        return 0 if said is None else said.data.poging

    def given_up(self, ontvanger: str) -> list[AlarmGemeld]:
        """Returns what was given up and is not to be tried again."""
        said = [self.of(*key) for key in self.given_up_at if key[0] == ontvanger]
        return [one for one in said if one is not None and one.data.uitkomst == "opgegeven"]

    def gewijzigd(self, ontvanger: str) -> list[OntvangerGewijzigd]:
        """Returns all that was said of a receiver itself, in order of time."""
        return sorted(self.wijzigingen.get(ontvanger, {}).values(), key=_when)

    def krijgt(self, ontvanger: str) -> str | None:
        """Returns what was said last of what a receiver gets; None when that was never said."""
        return self._krijgt_sinds(ontvanger)[0]

    def since(self, ontvanger: Ontvanger) -> datetime | None:
        """Returns since when a receiver gets what it gets now; None when that was not said yet."""
        krijgt, since = self._krijgt_sinds(ontvanger.naam)
        return since if krijgt in (None, ontvanger.krijgt) else None

    def _krijgt_sinds(self, ontvanger: str) -> tuple[str | None, datetime | None]:
        krijgt, since = None, None
        for event in self.gewijzigd(ontvanger):
            gets = event.data.krijgt
            # An earlier version did not say it. Then it is what was said first.
            if since is None or (gets is not None and krijgt not in (None, gets)):
                since = event.time
            krijgt = gets or krijgt
        return krijgt, since

    def about(self, alarm: Alarm) -> list[AlarmGemeld]:
        """Returns what was said last of each delivery about an alarm."""
        return list(self.by_alarm.get(alarm.id, {}).values())

    def off(self, ontvanger: str) -> OntvangerGewijzigd | None:
        """Returns the event that switched a receiver off; None when it is on."""
        switch = self.switched.get(ontvanger)
        return None if switch is None or switch.data.actief else switch


def _when(event: OntvangerGewijzigd) -> tuple[datetime, str]:
    return event.time, event.id


def _rank(event: AlarmGemeld) -> tuple[int, datetime, str]:
    return event.data.poging, event.time, event.id
